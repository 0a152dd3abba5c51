"""Chapter 4, The chain rule on a graph: what needs no code.

In the small graphs f stands in the place of the loss: dx is how fast f moves
with x.
"""

from __future__ import annotations

import math

from course.exercises import ch04_code, ch04_engine, ch04_network, ch04_order
from course.model import (
    Choice,
    Curve,
    Exercise,
    Frame,
    Generator,
    Line,
    Mistake,
    Number,
    Order,
    Settings,
    Slider,
    Tune,
    Values,
)


def tenths(rng: Generator, low: float, high: float) -> float:
    """Return a number with one decimal."""
    return round(float(rng.uniform(low, high)), 1)


def shown(v: Values) -> dict[str, str]:
    """Show each value with one decimal."""
    return {name: f"{x:.1f}".replace("-", "−") for name, x in v.items()}


# -- Back through three gates --------------------------------------------------


def _draw_square(rng: Generator) -> Values:
    signs = rng.choice([-1, 1], 3)
    x, y, w = (s * tenths(rng, 1.2, 4) for s in signs)
    return {"x": float(x), "y": float(y), "w": float(w)}


def _q(v: Values) -> float:
    return float(v["x"] * v["y"] + v["w"])


SQUARE = Number(
    id="ch04.square",
    title="Back through three gates",
    points=2,
    minutes=5,
    draw=_draw_square,
    shown=shown,
    fields=("dx",),
    answer=lambda v: (2 * _q(v) * v["y"],),
    hints=(
        "Name what is in between: p = xy, q = p + w, f = q². Go forward first.",
        "Now back from df = 1: dq, then dp, then dx, one gate at a time.",
    ),
    mistakes=(
        Mistake(
            "not-swapped",
            "Almost: at the product you have handed back the factor itself. If x "
            "moves, what does xy move by?",
            lambda v: (2 * _q(v) * v["x"],),
        ),
        Mistake(
            "no-upstream",
            "That is how fast the product moves with x. What has arrived at the "
            "product from above?",
            lambda v: (v["y"],),
        ),
        Mistake(
            "rates-added",
            "Along one path, do rates add or multiply? There is only one path here.",
            lambda v: (2 * _q(v) + v["y"],),
        ),
        Mistake(
            "no-factor-2",
            "You are off by a factor. How fast does a square move?",
            lambda v: (_q(v) * v["y"],),
        ),
        Mistake(
            "slope-at-x",
            "You have taken the square's slope at x. But what is squared is q: a "
            "local derivative is taken at the gate's own input.",
            lambda v: (2 * v["x"] * v["y"],),
        ),
        Mistake(
            "result-for-slope",
            "You have handed down the value q². What is wanted from the square is "
            "how fast it moves with q.",
            lambda v: (_q(v) ** 2 * v["y"],),
        ),
    ),
)


# -- Used twice ------------------------------------------------------------------


def _draw_twice(rng: Generator) -> Values:
    x, y = (float(s) * tenths(rng, 1.2, 5) for s in rng.choice([-1, 1], 2))
    return {"x": x, "y": y}


TWICE = Number(
    id="ch04.twice",
    title="One value, two uses",
    points=2,
    minutes=5,
    draw=_draw_twice,
    shown=shown,
    fields=("dx", "dy"),
    answer=lambda v: (2 * v["x"] + v["y"], v["x"]),
    hints=(
        "Name the sum: q = x + y, so f = qx. Which two nodes use x?",
        "Each use sends a share. What does a product send to each of its inputs?",
    ),
    mistakes=(
        Mistake(
            "through-the-sum-alone",
            "dx lacks a share. x goes into the sum; where else does it go?",
            lambda v: (v["x"], v["x"]),
        ),
        Mistake(
            "as-a-factor-alone",
            "dx lacks a share. x is a factor of the product; where else is it used?",
            lambda v: (v["x"] + v["y"], v["x"]),
        ),
        Mistake(
            "shares-multiplied",
            "Rates along one path multiply. What do the shares of two paths do?",
            lambda v: (v["x"] * (v["x"] + v["y"]), v["x"]),
        ),
        Mistake(
            "shares-averaged",
            "A small change of x goes both ways in full, not half each way.",
            lambda v: ((2 * v["x"] + v["y"]) / 2, v["x"]),
        ),
        Mistake(
            "not-swapped",
            "dx is right. For dy: what does the product hand to the sum, the sum "
            "itself or the other factor?",
            lambda v: (2 * v["x"] + v["y"], v["x"] + v["y"]),
        ),
    ),
)


# -- Gradients to order ----------------------------------------------------------

X = Slider("x", "x", low=-4.0, high=4.0, step=0.5, start=1.0)
Y = Slider("y", "y", low=-4.0, high=4.0, step=0.5, start=1.0)


def _draw_reach(rng: Generator) -> Values:
    while True:
        x, y = (float(rng.integers(-6, 7)) / 2 for _ in range(2))
        places = [tuple(s.values()) for s in _wrong_places({"P": 2 * x + y, "Q": x})]
        far = all(abs(c) <= 4 for place in places for c in place)
        if far and len({(x, y), *places}) == 1 + len(places) and 0 not in (x, y):
            return {"P": 2 * x + y, "Q": x}


def _wrong_places(v: Values) -> list[dict[str, float]]:
    P, Q = v["P"], v["Q"]
    return [
        {"x": Q, "y": P - Q},
        {"x": Q, "y": P},
        {"x": Q, "y": P + 2 * Q},
        {"x": -Q, "y": P + 2 * Q},
    ]


def _reach_frame(v: Values, settings: Settings) -> Frame:
    x, y = settings["x"], settings["y"]
    f, dx = (x + y) * x, 2 * x + y
    tangent = Curve("slope dx", (x - 1, x + 1), (f - dx, f + dx), "gradient")
    point = Curve("f", (x,), (f,), "loss")
    return Frame({"f": f, "dx": dx, "dy": x}, (tangent, point))


def _reached(v: Values, settings: Settings) -> bool:
    x, y = X.at(X.place(settings["x"])), Y.at(Y.place(settings["y"]))
    return bool(2 * x + y == v["P"] and x == v["Q"])


REACH = Tune(
    id="ch04.reach",
    title="Gradients to order",
    points=2,
    minutes=5,
    draw=_draw_reach,
    shown=lambda v: {
        f"wanted {name}": f"{x:.1f}".replace("-", "−")
        for name, x in zip(("dx", "dy"), v.values(), strict=True)
    },
    sliders=(X, Y),
    goal="Set x and y where dx and dy are as wanted, both at once.",
    background=lambda v: (),
    frame=_reach_frame,
    accept=_reached,
    answer=lambda v: {"x": v["Q"], "y": v["P"] - 2 * v["Q"]},
    xlabel="x",
    ylabel="f",
    hints=(
        "One of the two gradients depends on one slider only. Which?",
        "Move y by one step and see what happens to dx; then x by one step.",
    ),
    mistakes=(
        Mistake(
            "one-share",
            "dy is as wanted. For dx you have counted one use of x. It has two.",
            lambda v: _wrong_places(v)[0],
        ),
        Mistake(
            "y-for-dx",
            "dy is as wanted. But dx is not y: how does f = (x + y)x move with x?",
            lambda v: _wrong_places(v)[1],
        ),
        Mistake(
            "wrong-side",
            "dy is as wanted. You have moved y the wrong way: does dx grow or fall "
            "with y?",
            lambda v: _wrong_places(v)[2],
        ),
        Mistake(
            "both-turned",
            "Size right, sign wrong: dy is what the product hands to the sum. Is that "
            "x or −x?",
            lambda v: _wrong_places(v)[3],
        ),
    ),
)


# -- Three orders, three answers -------------------------------------------------


def _mn(v: Values) -> tuple[float, float]:
    m = v["x"] ** 2
    return m, m + v["c"]


def _dm_dx(v: Values, dm: float) -> tuple[float, float]:
    return dm, 2 * v["x"] * dm


ORDERS = Number(
    id="ch04.orders",
    title="When all have spoken",
    points=2,
    minutes=6,
    draw=lambda rng: {"x": tenths(rng, 1.1, 3.5), "c": tenths(rng, 0.5, 6)},
    shown=shown,
    fields=("dm", "dx"),
    answer=lambda v: _dm_dx(v, sum(_mn(v))),
    hints=(
        "Who uses m? Collect all of dm before you go on to x.",
        "Check your dx: f = x⁴ + c x², and that you can differentiate at once.",
    ),
    mistakes=(
        Mistake(
            "m-spoke-first",
            "dm is right. But m has passed on its share from the product before n had "
            "spoken. What must dx be computed from?",
            lambda v: (sum(_mn(v)), 2 * v["x"] * _mn(v)[1]),
        ),
        Mistake(
            "product-alone",
            "That is the share of m from the product. m is used once more: what does "
            "n hand to it?",
            lambda v: _dm_dx(v, _mn(v)[1]),
        ),
        Mistake(
            "m-spoke-twice",
            "m has spoken twice, the second time with all of dm. So one share went "
            "down two times.",
            lambda v: (sum(_mn(v)), 2 * v["x"] * (2 * _mn(v)[1] + _mn(v)[0])),
        ),
        Mistake(
            "overwritten",
            "The share that n hands to m has taken the place of the other. What "
            "should two shares do?",
            lambda v: _dm_dx(v, _mn(v)[0]),
        ),
        Mistake(
            "shares-multiplied",
            "You have multiplied the two shares of dm. Along a path rates multiply; "
            "at a node, shares do something else.",
            lambda v: _dm_dx(v, math.prod(_mn(v))),
        ),
        Mistake(
            "no-gate-below",
            "dm is right. One more gate: how fast does m = x² move with x?",
            lambda v: (sum(_mn(v)), sum(_mn(v))),
        ),
    ),
)


# -- The way back, in order --------------------------------------------------------

IN_ORDER = Order(
    id="ch04.in-order",
    title="The way back, in order",
    points=3,
    minutes=6,
    lines=(
        Line("df = 1", "f moves as fast as itself"),
        Line("dn = m · df", "in f = m · n, the factor of n is m"),
        Line("dm = n · df", "in f = m · n, the factor of m is n"),
        Line("dm = dm + 1 · dn", "m has another use, in n = m + 1"),
        Line("dx = x · dm", "dm is final; x is one factor of m"),
        Line("dx = dx + x · dm", "x is the other factor of m, too"),
    ),
    before=((0, 1), (0, 2), (1, 3), (2, 3), (3, 4), (3, 5), (4, 5)),
    other_reasons=(
        "the shares of two uses multiply",
        "a gradient that is not 0 may be passed on",
    ),
    hints=(
        "What is on the right of a line must have its final value before.",
        "A line of the form dm = … sets dm, a line dm = dm + … adds to it.",
    ),
    mistakes=(
        Mistake(
            "passed-on-early-twice",
            "Both shares of dx are computed from a dm that is not yet final.",
            lambda v: {"order": [0, 1, 2, 4, 5, 3]},
        ),
        Mistake(
            "passed-on-early",
            "You pass dm on to x while a use of m has not yet spoken. Which one?",
            lambda v: {"order": [0, 1, 2, 4, 3, 5]},
        ),
        Mistake(
            "dn-not-there",
            "n hands its share to m before it has got anything itself. What must be "
            "known first?",
            lambda v: {"order": [0, 2, 3, 1, 4, 5]},
        ),
        Mistake(
            "added-then-set",
            "dm = n · df sets dm anew. What becomes of a share that was added before?",
            lambda v: {"order": [0, 1, 3, 2, 4, 5]},
        ),
        Mistake(
            "shares-multiply",
            "Look at what the line does with the new share. Is it a product of shares?",
            lambda v: {"reasons": {3: "the shares of two uses multiply"}},
        ),
        Mistake(
            "not-zero-will-do",
            "When m had only its first share, dm was not 0 either. What is different "
            "now?",
            lambda v: {"reasons": {4: "a gradient that is not 0 may be passed on"}},
        ),
    ),
)


# -- Which factor gets more? -----------------------------------------------------


def _loud_options(v: Values) -> tuple[str, ...]:
    a, b = v["a"], v["b"]
    return (f"{b / a:.1f} : 1", f"1 : {b / a:.1f}", "1 : 1", f"{(b / a) ** 2:.1f} : 1")


LOUD = Choice(
    id="ch04.loud",
    title="Which factor gets more?",
    points=1,
    minutes=3,
    draw=lambda rng: {"a": tenths(rng, 0.2, 0.9), "b": tenths(rng, 2, 9)},
    shown=shown,
    options=_loud_options,
    answer=lambda v: 0,
    hints=("What does a product hand to a, and what to b?",),
    mistakes=(
        Mistake(
            "by-size",
            "You give the larger share to the larger factor. If a moves by a little, "
            "by how many times that does ab move?",
            lambda v: 1,
        ),
        Mistake(
            "copies",
            "So it would be at a sum. What does a product do?",
            lambda v: 2,
        ),
        Mistake(
            "squared",
            "The right one gets more, but not that much more. Write both shares down "
            "and divide.",
            lambda v: 3,
        ),
    ),
)


# -- Leftovers ---------------------------------------------------------------------

LEFTOVERS = Number(
    id="ch04.leftovers",
    title="Leftovers, further down",
    points=1,
    minutes=5,
    draw=lambda rng: {"k": int(rng.integers(4, 13))},
    shown=lambda v: {"k": str(v["k"])},
    fields=("times its right value",),
    answer=lambda v: (v["k"] + 1,),
    rtol=0,
    hints=(
        "Do it for k = 1, then for k = 2, with all local derivatives 1.",
        "In the second call a node receives all that its only use holds by then, and "
        "adds it to what it had.",
    ),
    mistakes=(
        Mistake(
            "doubled",
            "So it is next to the result. One arrow further down, what is handed on "
            "is doubled already, and comes on top of what was there.",
            lambda v: (2,),
        ),
        Mistake(
            "one-short",
            "Off by one. Try k = 1 with a pencil: what is there after each call?",
            lambda v: (v["k"],),
        ),
        Mistake(
            "powers-of-two",
            "It does not double at every arrow. A node adds what its use holds now to "
            "what it held itself after the first call. What was that?",
            lambda v: (2 ** v["k"],),
        ),
        Mistake(
            "two-each",
            "You add 2 at every arrow. By how much does the factor grow from a node "
            "to the one below it?",
            lambda v: (2 * v["k"],),
        ),
    ),
)


EXERCISES: tuple[Exercise, ...] = (
    SQUARE,
    TWICE,
    REACH,
    ORDERS,
    IN_ORDER,
    ch04_order.SPEAKING,
    ch04_code.BACKWARD,
    LOUD,
    ch04_code.DIVIDE,
    ch04_network.PATHS,
    LEFTOVERS,
    ch04_network.FIRST_WEIGHT,
    ch04_network.TWO_IMAGES,
    ch04_engine.TAPE,
)
