"""Chapter 0, Before you start: ten quick questions, each with its section.

Whoever is wrong is told what to look at, and which section of the chapter
explains it.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from course.model import Choice, Exercise, Generator, Mistake, Number, Values

PARTIAL_SECTION = "Partial derivatives"
PATHS_SECTION = "Small changes take every path"
SUMS_SECTION = "Indices and sums"
JACOBIAN_SECTION = "Jacobians"
BROADCASTING_SECTION = "Broadcasting, and its one dangerous case"
LOGARITHMS_SECTION = "Logarithms turn products into sums"
INDEPENDENT_SECTION = "Independent events multiply"
TANGENT_SECTION = "How far off is a tangent?"


def _see(text: str, section: str) -> str:
    return f"{text} Section: {section}."


def _whole(rng: Generator, low: int, high: int, count: int) -> list[int]:
    return [int(x) for x in rng.integers(low, high, count)]


def _texts(v: Values) -> dict[str, str]:
    return {name: str(x).replace("-", "−") for name, x in v.items()}


# -- 1. A partial derivative -----------------------------------------------------

PARTIAL = Number(
    id="ch00.partial",
    title="A partial derivative",
    points=1,
    minutes=2,
    draw=lambda rng: dict(zip("axy", _whole(rng, 2, 8, 3), strict=True)),
    shown=_texts,
    fields=("∂f/∂x",),
    answer=lambda v: (2 * v["x"] * v["y"],),
    rtol=0,
    hints=("Treat a and y as numbers that do not change.",),
    mistakes=(
        Mistake(
            "both-move",
            _see("You let y move as well. Who else may move here?", PARTIAL_SECTION),
            lambda v: (2 * v["x"] * v["y"] + v["x"] ** 2 + v["a"],),
        ),
        Mistake(
            "other-input",
            _see("That is how fast f moves with y.", PARTIAL_SECTION),
            lambda v: (v["x"] ** 2 + v["a"],),
        ),
        Mistake(
            "still-there",
            _see(
                "The term without x is still there. How fast does it move when x does?",
                PARTIAL_SECTION,
            ),
            lambda v: (2 * v["x"] * v["y"] + v["a"] * v["y"],),
        ),
        Mistake(
            "no-power",
            _see("What is the slope of x²? A factor is missing.", PARTIAL_SECTION),
            lambda v: (v["x"] * v["y"],),
        ),
        Mistake(
            "value",
            _see("That is f itself, not how fast it moves.", PARTIAL_SECTION),
            lambda v: (v["x"] ** 2 * v["y"] + v["a"] * v["y"],),
        ),
    ),
)

# -- 2. One path -----------------------------------------------------------------

PATH = Number(
    id="ch00.path",
    title="Rates along one path",
    points=1,
    minutes=2,
    draw=lambda rng: dict(zip("abx", _whole(rng, 2, 8, 3), strict=True)),
    shown=_texts,
    fields=("df/dx",),
    answer=lambda v: (2 * (v["a"] * v["x"] + v["b"]) * v["a"],),
    rtol=0,
    hints=("How fast does the bracket move with x, and f with the bracket?",),
    mistakes=(
        Mistake(
            "inside-forgotten",
            _see(
                "That is how fast f moves with the bracket. How fast does the bracket "
                "move with x?",
                PATHS_SECTION,
            ),
            lambda v: (2 * (v["a"] * v["x"] + v["b"]),),
        ),
        Mistake(
            "added",
            _see("You have added the rates of two arrows in a row.", PATHS_SECTION),
            lambda v: (2 * (v["a"] * v["x"] + v["b"]) + v["a"],),
        ),
        Mistake(
            "outside-at-x",
            _see(
                "The slope of the square is taken at x here. What is it that is "
                "squared?",
                PATHS_SECTION,
            ),
            lambda v: (2 * v["x"] * v["a"],),
        ),
        Mistake(
            "inside-alone",
            _see(
                "That is how fast the bracket moves. What about the square?",
                PATHS_SECTION,
            ),
            lambda v: (v["a"],),
        ),
    ),
)

# -- 3. Two paths ----------------------------------------------------------------


def _draw_two_paths(rng: Generator) -> Values:
    names = ("dx/dt", "dy/dt", "∂f/∂x", "∂f/∂y")
    return dict(zip(names, _whole(rng, 2, 10, 4), strict=True))


def _two_paths(v: Values) -> tuple[int, int]:
    return v["dx/dt"] * v["∂f/∂x"], v["dy/dt"] * v["∂f/∂y"]


TWO_PATHS = Number(
    id="ch00.two-paths",
    title="Two paths",
    points=1,
    minutes=2,
    draw=_draw_two_paths,
    shown=_texts,
    fields=("df/dt",),
    answer=lambda v: (sum(_two_paths(v)),),
    rtol=0,
    hints=("If x alone moved with t, how fast would f move?",),
    mistakes=(
        Mistake(
            "paths-multiplied",
            _see(
                "You have multiplied what arrives on two different paths.",
                PATHS_SECTION,
            ),
            lambda v: (math.prod(_two_paths(v)),),
        ),
        Mistake(
            "one-path",
            _see("That is the path by x. There is another.", PATHS_SECTION),
            lambda v: (_two_paths(v)[0],),
        ),
        Mistake(
            "the-other-path",
            _see("That is the path by y. There is another.", PATHS_SECTION),
            lambda v: (_two_paths(v)[1],),
        ),
        Mistake(
            "all-added",
            _see(
                "You have added all four rates. What happens to two rates along one "
                "path?",
                PATHS_SECTION,
            ),
            lambda v: (sum(v.values()),),
        ),
        Mistake(
            "paths-crossed",
            _see(
                "You have joined the first half of one path to the second half of the "
                "other.",
                PATHS_SECTION,
            ),
            lambda v: (v["dx/dt"] * v["∂f/∂y"] + v["dy/dt"] * v["∂f/∂x"],),
        ),
    ),
)

# -- 4. A sum ----------------------------------------------------------------------


def _draw_sum(rng: Generator) -> Values:
    return {"x": _whole(rng, 2, 10, 3), "w": _whole(rng, 2, 10, 3)}


SUM = Number(
    id="ch00.sum",
    title="The slope of a sum",
    points=1,
    minutes=2,
    draw=_draw_sum,
    shown=lambda v: {
        f"{name}_{i}": str(v[name][i]) for name in ("x", "w") for i in range(3)
    },
    fields=("∂s/∂w_1",),
    answer=lambda v: (v["x"][1],),
    rtol=0,
    hints=("Write the three terms down. In which of them does w_1 stand?",),
    mistakes=(
        Mistake(
            "whole-sum",
            _see("That is s itself, not how fast it moves.", SUMS_SECTION),
            lambda v: (sum(a * b for a, b in zip(v["x"], v["w"], strict=True)),),
        ),
        Mistake(
            "all-terms",
            _see(
                "You let all the weights move. w_1 stands in one term only.",
                SUMS_SECTION,
            ),
            lambda v: (sum(v["x"]),),
        ),
        Mistake(
            "counted-from-1",
            _see("Indices are counted from 0 here, as in code.", SUMS_SECTION),
            lambda v: (v["x"][0],),
        ),
        Mistake(
            "by-itself",
            _see("That is the weight. What is it multiplied by?", SUMS_SECTION),
            lambda v: (v["w"][1],),
        ),
        Mistake(
            "term",
            _see(
                "That is the term. How fast does it move when w_1 does?", SUMS_SECTION
            ),
            lambda v: (v["x"][1] * v["w"][1],),
        ),
    ),
)

# -- 5. An entry of a product --------------------------------------------------------


def _draw_product(rng: Generator) -> Values:
    return {
        "A": [_whole(rng, 1, 10, 2) for _ in range(2)],
        "B": [_whole(rng, 1, 10, 2) for _ in range(2)],
    }


def _row_by_row(M: list[list[int]]) -> str:
    return "  and  ".join(", ".join(map(str, row)) for row in M)


def _product(v: Values, *, turn_a: bool = False, turn_b: bool = False) -> Any:
    A, B = np.array(v["A"]), np.array(v["B"])
    return (A.T if turn_a else A) @ (B.T if turn_b else B)


ENTRY = Number(
    id="ch00.entry",
    title="An entry of a product",
    points=1,
    minutes=2,
    draw=_draw_product,
    shown=lambda v: {f"rows of {name}": _row_by_row(v[name]) for name in "AB"},
    fields=("(AB)_01",),
    answer=lambda v: (int(_product(v)[0, 1]),),
    rtol=0,
    hints=("A row of the first against a column of the second: which row, which?",),
    mistakes=(
        Mistake(
            "entry-by-entry",
            _see(
                "You have multiplied the two entries at this place. That is a product "
                "entry by entry.",
                SUMS_SECTION,
            ),
            lambda v: (v["A"][0][1] * v["B"][0][1],),
        ),
        Mistake(
            "row-by-row",
            _see(
                "You have taken a row of A against a row of B. Which index do the two "
                "share?",
                SUMS_SECTION,
            ),
            lambda v: (int(_product(v, turn_b=True)[0, 1]),),
        ),
        Mistake(
            "column-by-column",
            _see(
                "You have taken a column of A against a column of B. Which index do "
                "the two share?",
                SUMS_SECTION,
            ),
            lambda v: (int(_product(v, turn_a=True)[0, 1]),),
        ),
        Mistake(
            "place-swapped",
            _see("That is the entry in row 1, column 0.", SUMS_SECTION),
            lambda v: (int(_product(v)[1, 0]),),
        ),
        Mistake(
            "order-swapped",
            _see("That is an entry of BA. The order matters.", SUMS_SECTION),
            lambda v: (int((np.array(v["B"]) @ np.array(v["A"]))[0, 1]),),
        ),
    ),
)

# -- 6. A Jacobian -------------------------------------------------------------------

JACOBIAN = Number(
    id="ch00.jacobian",
    title="A table of slopes",
    points=1,
    minutes=2,
    draw=lambda rng: dict(zip(("a", "x_0", "x_1"), _whole(rng, 2, 9, 3), strict=True)),
    shown=_texts,
    fields=("J_10",),
    answer=lambda v: (2 * v["x_0"],),
    rtol=0,
    hints=("The first index names the output, the second the input.",),
    mistakes=(
        Mistake(
            "transposed",
            _see(
                "You have taken the rows for inputs. In a Jacobian each output has a "
                "row.",
                JACOBIAN_SECTION,
            ),
            lambda v: (v["x_0"],),
        ),
        Mistake(
            "row-from-1",
            _see(
                "Rows and columns are counted from 0 here: row 1 is the second one.",
                JACOBIAN_SECTION,
            ),
            lambda v: (v["x_1"],),
        ),
        Mistake(
            "column-from-1",
            _see(
                "That is how fast y_1 moves with x_1. Which input is number 0?",
                JACOBIAN_SECTION,
            ),
            lambda v: (v["a"],),
        ),
        Mistake(
            "value",
            _see("That is y_1 itself. J holds slopes.", JACOBIAN_SECTION),
            lambda v: (v["x_0"] ** 2 + v["a"] * v["x_1"],),
        ),
        Mistake(
            "both-inputs",
            _see(
                "You have moved both inputs. Each of them has a column of its own.",
                JACOBIAN_SECTION,
            ),
            lambda v: (2 * v["x_0"] + v["a"],),
        ),
    ),
)

# -- 7. Broadcasting -----------------------------------------------------------------

BROADCAST = Choice(
    id="ch00.broadcast",
    title="A shape foreseen",
    points=1,
    minutes=2,
    draw=lambda rng: {"N": int(rng.integers(5, 60))},
    shown=lambda v: {
        "a.shape": f"({v['N']}, 1)",
        "t.shape": f"({v['N']},)",
    },
    options=lambda v: (
        f"({v['N']}, {v['N']})",
        f"({v['N']}, 1)",
        f"({v['N']},)",
        "none: NumPy refuses",
    ),
    answer=lambda v: 0,
    hints=("NumPy lines the two shapes up at their right ends.",),
    mistakes=(
        Mistake(
            "column",
            _see(
                "It would be so if t were a column as well. What does NumPy take a "
                "flat array for?",
                BROADCASTING_SECTION,
            ),
            lambda v: 1,
        ),
        Mistake(
            "flat",
            _see(
                "It would be so if a were flat as well. Does NumPy ever drop an axis "
                "of length 1?",
                BROADCASTING_SECTION,
            ),
            lambda v: 2,
        ),
        Mistake(
            "refused",
            _see(
                "If only it did! An axis of length 1, or none, can be stretched.",
                BROADCASTING_SECTION,
            ),
            lambda v: 3,
        ),
    ),
)

# -- 8. Logarithms -------------------------------------------------------------------


def _draw_logs(rng: Generator) -> Values:
    p, q = (round(float(x), 1) for x in rng.uniform(1.1, 3, 2))
    return {"ln a": p, "ln b": q, "n": int(rng.integers(2, 6))}


LOGARITHM = Number(
    id="ch00.logarithm",
    title="A logarithm taken apart",
    points=1,
    minutes=2,
    draw=_draw_logs,
    shown=_texts,
    fields=("ln(aⁿ/b)",),
    answer=lambda v: (v["n"] * v["ln a"] - v["ln b"],),
    hints=("What becomes of a product, of a quotient, of a power?",),
    mistakes=(
        Mistake(
            "quotient-kept",
            _see(
                "You have divided the logarithms. The quotient is inside the ln.",
                LOGARITHMS_SECTION,
            ),
            lambda v: (v["n"] * v["ln a"] / v["ln b"],),
        ),
        Mistake(
            "power-kept",
            _see(
                "You have raised ln a to the power. The power is inside the ln.",
                LOGARITHMS_SECTION,
            ),
            lambda v: (v["ln a"] ** v["n"] - v["ln b"],),
        ),
        Mistake(
            "both-kept",
            _see(
                "Powers and quotients of logarithms: both are inside the ln.",
                LOGARITHMS_SECTION,
            ),
            lambda v: (v["ln a"] ** v["n"] / v["ln b"],),
        ),
        Mistake(
            "sign",
            _see("What does dividing do to an exponent?", LOGARITHMS_SECTION),
            lambda v: (v["n"] * v["ln a"] + v["ln b"],),
        ),
        Mistake(
            "power-of-all",
            _see("The power belongs to a alone.", LOGARITHMS_SECTION),
            lambda v: (v["n"] * (v["ln a"] - v["ln b"]),),
        ),
    ),
)

# -- 9. Independent events -----------------------------------------------------------


def _draw_events(rng: Generator) -> Values:
    chances = rng.choice(np.arange(2, 9), 3, replace=False)
    return {f"P({name})": int(k) / 10 for name, k in zip("ABC", chances, strict=True)}


def _chances(v: Values) -> tuple[float, float, float]:
    return v["P(A)"], v["P(B)"], v["P(C)"]


INDEPENDENT = Number(
    id="ch00.independent",
    title="This, and that, and not the third",
    points=1,
    minutes=2,
    draw=_draw_events,
    shown=_texts,
    fields=("probability",),
    answer=lambda v: (v["P(A)"] * v["P(B)"] * (1 - v["P(C)"]),),
    hints=("How probable is it that C does not happen?",),
    mistakes=(
        Mistake(
            "all-three",
            _see("That is the probability that all three happen.", INDEPENDENT_SECTION),
            lambda v: (math.prod(_chances(v)),),
        ),
        Mistake(
            "third-left-out",
            _see(
                "That is for A and B, whatever C does.",
                INDEPENDENT_SECTION,
            ),
            lambda v: (v["P(A)"] * v["P(B)"],),
        ),
        Mistake(
            "not-all",
            _see(
                "That is the probability that not all three happen.",
                INDEPENDENT_SECTION,
            ),
            lambda v: (1 - math.prod(_chances(v)),),
        ),
        Mistake(
            "added",
            _see(
                "You have added probabilities. Can it become more probable when more "
                "is demanded?",
                INDEPENDENT_SECTION,
            ),
            lambda v: (v["P(A)"] + v["P(B)"] + 1 - v["P(C)"],),
        ),
    ),
)

# -- 10. A tangent -------------------------------------------------------------------


def _draw_tangent(rng: Generator) -> Values:
    first, second = _whole(rng, 2, 9, 2)
    return {"f′": first, "f″": second, "h": int(rng.integers(2, 9)) / 10}


TANGENT = Number(
    id="ch00.tangent",
    title="The gap below a curve",
    points=1,
    minutes=2,
    draw=_draw_tangent,
    shown=_texts,
    fields=("gap",),
    answer=lambda v: (v["f″"] * v["h"] ** 2 / 2,),
    hints=("The tangent has the slope right at the start. By how much at the end?",),
    mistakes=(
        Mistake(
            "no-half",
            _see(
                "That would be so if the slope were that of the end all the way. It "
                "changes on the way.",
                TANGENT_SECTION,
            ),
            lambda v: (v["f″"] * v["h"] ** 2,),
        ),
        Mistake(
            "tangent-itself",
            _see(
                "That is how far the tangent rises. How far is the curve from it?",
                TANGENT_SECTION,
            ),
            lambda v: (v["f′"] * v["h"],),
        ),
        Mistake(
            "slope-gap",
            _see(
                "That is by how much the slope changes. What does it do to the height?",
                TANGENT_SECTION,
            ),
            lambda v: (v["f″"] * v["h"],),
        ),
        Mistake(
            "not-squared",
            _see("How does the gap change when h is halved?", TANGENT_SECTION),
            lambda v: (v["f″"] * v["h"] / 2,),
        ),
        Mistake(
            "first-for-second",
            _see(
                "The first derivative is in the tangent already. Which one bends the "
                "curve away from it?",
                TANGENT_SECTION,
            ),
            lambda v: (v["f′"] * v["h"] ** 2 / 2,),
        ),
    ),
)

EXERCISES: tuple[Exercise, ...] = (
    PARTIAL,
    PATH,
    TWO_PATHS,
    SUM,
    ENTRY,
    JACOBIAN,
    BROADCAST,
    LOGARITHM,
    INDEPENDENT,
    TANGENT,
)
