"""The check after chapter 4: what needs no code."""

from __future__ import annotations

import math

import numpy as np

from course.exercises import check4_code
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


def sigmoid(z: float) -> float:
    """σ(z)."""
    return 1 / (1 + math.exp(-z))


def _minus(x: float, digits: int) -> str:
    return f"{x:.{digits}f}".replace("-", "−")


# -- A neuron that is not deaf ---------------------------------------------------


def _draw_neuron(rng: Generator) -> Values:
    u, l = (round(float(x), 2) for x in rng.uniform(0.2, 0.95, 2))
    w_u, w_l, b = (round(float(x), 1) for x in rng.uniform(-2, 2, 3))
    return {"u": u, "l": l, "w_u": w_u, "w_l": w_l, "b": b, "t": int(rng.integers(2))}


def _a(v: Values) -> float:
    return sigmoid(float(v["u"] * v["w_u"] + v["l"] * v["w_l"] + v["b"]))


def _blame(v: Values) -> float:
    return _a(v) - float(v["t"])


NEURON = Number(
    id="check-4.neuron",
    title="One neuron, another loss",
    points=2,
    minutes=6,
    draw=_draw_neuron,
    shown=lambda v: (
        {
            name.replace("l", "ℓ"): _minus(v[name], 2 if name in "ul" else 1)
            for name in ("u", "l", "w_u", "w_l", "b")
        }
        | {"t": str(v["t"])}
    ),
    fields=("dw_ℓ",),
    answer=lambda v: (_blame(v) * v["l"],),
    hints=(
        "Begin with dz. With this loss it is a simple difference.",
        "Then, as for every neuron: blame times input.",
    ),
    mistakes=(
        Mistake(
            "squared-error",
            "That is the derivative of the squared error, the loss of chapter 1. This "
            "loss is another one.",
            lambda v: (2 * _blame(v) * _a(v) * (1 - _a(v)) * v["l"],),
        ),
        Mistake(
            "slope-left-in",
            "The slope of the sigmoid is still in it. What becomes of a(1 − a) when "
            "the loss is cross-entropy?",
            lambda v: (_blame(v) * _a(v) * (1 - _a(v)) * v["l"],),
        ),
        Mistake(
            "upside-down",
            "Size right, sign wrong. If the answer is above its target and grows, "
            "which way does the loss go?",
            lambda v: (-_blame(v) * v["l"],),
        ),
        Mistake(
            "by-weight",
            "You have multiplied by the weight. What comes in through it?",
            lambda v: (_blame(v) * v["w_l"],),
        ),
        Mistake(
            "other-input",
            "That is the share of the other weight.",
            lambda v: (_blame(v) * v["u"],),
        ),
        Mistake(
            "blame-alone",
            "That is dz, and so db. What does a weight's share depend on besides it?",
            lambda v: (_blame(v),),
        ),
    ),
)

# -- Three paths through a graph ---------------------------------------------------


def _draw_graph(rng: Generator) -> Values:
    x, y = (int(k) for k in rng.integers(2, 8, 2))
    return {"x": x, "y": y}


def _nodes(v: Values) -> tuple[int, int]:
    p = int(v["x"] * v["y"])
    return p, p + int(v["x"])


GRAPH = Number(
    id="check-4.graph",
    title="Three paths through a graph",
    points=2,
    minutes=5,
    draw=_draw_graph,
    shown=lambda v: {"x": str(v["x"]), "y": str(v["y"])},
    fields=("∂f/∂x",),
    answer=lambda v: (_nodes(v)[1] * v["y"] + _nodes(v)[0] + _nodes(v)[0] * v["y"],),
    rtol=0,
    hints=(
        "Compute p, q and f, and then the derivative of f with respect to q.",
        "p is used twice. So its own gradient is a sum, and only then goes on to x.",
    ),
    mistakes=(
        Mistake(
            "p-used-once",
            "You have let p hand back what comes from the product alone. Who else "
            "uses p?",
            lambda v: (_nodes(v)[1] * v["y"] + _nodes(v)[0],),
        ),
        Mistake(
            "overwritten",
            "x is used in two places, and what comes back from the second has taken "
            "the place of the first.",
            lambda v: (_nodes(v)[0],),
        ),
        Mistake(
            "p-only",
            "x is used in two places. What comes back from the sum is missing.",
            lambda v: (_nodes(v)[1] * v["y"] + _nodes(v)[0] * v["y"],),
        ),
        Mistake(
            "gate-unswapped",
            "At the product f = p·q each side gets the upstream gradient times which "
            "of the two values?",
            lambda v: (_nodes(v)[0] * v["y"] + _nodes(v)[1] + _nodes(v)[1] * v["y"],),
        ),
        Mistake(
            "other-input",
            "That is how fast f moves with y.",
            lambda v: (_nodes(v)[1] * v["x"] + _nodes(v)[0] * v["x"],),
        ),
    ),
)

# -- Wrong and certain, with two losses ----------------------------------------------

DEAF = Choice(
    id="check-4.deaf",
    title="Wrong and certain, with two losses",
    points=1,
    minutes=3,
    draw=lambda rng: {"z": -int(rng.integers(9, 16))},
    shown=lambda v: {"z": f"−{-v['z']}", "t": "1"},
    options=lambda v: (
        "With the squared error nearly 0, with cross-entropy nearly −1.",
        "With the squared error nearly −2, with cross-entropy nearly −1.",
        "With both nearly 0: the sigmoid is flat there.",
        f"With the squared error nearly 0, with cross-entropy nearly −{-v['z']}.",
    ),
    answer=lambda v: 0,
    hints=("Write dz down for each of the two. Which of them contains a(1 − a)?",),
    mistakes=(
        Mistake(
            "error-for-gradient",
            "The error itself is nearly −1 in both. But with the squared error it is "
            "multiplied by a slope on its way to z.",
            lambda v: 1,
        ),
        Mistake(
            "both-deaf",
            "The sigmoid is flat there for both. But one of the two losses is steep "
            "exactly where the sigmoid is flat.",
            lambda v: 2,
        ),
        Mistake(
            "loss-for-gradient",
            "That is about the size of the cross-entropy itself. How fast does it move "
            "with z?",
            lambda v: 3,
        ),
    ),
)

# -- Forward and back, line by line ----------------------------------------------------

LINES = Order(
    id="check-4.lines",
    title="Forward and back, line by line",
    points=2,
    minutes=5,
    lines=(
        Line("`h = w * x`"),
        Line("`g = h + w`"),
        Line("`L = h * g`"),
        Line("`dL = 1.0`"),
        Line("`dg = dL * h`"),
        Line("`dh = dL * g + dg`"),
        Line("`dw = dh * x + dg`"),
        Line("`dx = dh * w`"),
    ),
    # Whatever stands on a line's right-hand side comes first, and nothing else.
    before=((0, 1), (1, 2), (0, 4), (3, 4), (1, 5), (4, 5), (5, 6), (5, 7)),
    hints=(
        "A line can stand only where everything on its right-hand side is known.",
        "The gradient of a number is complete when all who use it have reported.",
    ),
    mistakes=(
        Mistake(
            "g-before-h",
            "Going forward, g needs something that is not there yet.",
            lambda v: {"order": [1, 0, 2, 3, 4, 5, 6, 7]},
        ),
        Mistake(
            "L-before-g",
            "L is a product. Are both of its factors known where you have put it?",
            lambda v: {"order": [0, 2, 1, 3, 4, 5, 6, 7]},
        ),
        Mistake(
            "dg-before-h",
            "dg is made from a value of the way forward. Is it known where you have "
            "put it?",
            lambda v: {"order": [3, 4, 0, 1, 2, 5, 6, 7]},
        ),
        Mistake(
            "dh-before-g",
            "In dh, what arrives is multiplied by a value of the way forward. Is it "
            "known where you have put it?",
            lambda v: {"order": [0, 3, 4, 5, 1, 2, 6, 7]},
        ),
        Mistake(
            "dg-before-dL",
            "What is dg made from? Every gradient is local derivative times upstream.",
            lambda v: {"order": [0, 1, 2, 4, 3, 5, 6, 7]},
        ),
        Mistake(
            "dh-too-soon",
            "h is used twice, by g and by L. One of the two has not reported yet.",
            lambda v: {"order": [0, 1, 2, 3, 5, 4, 6, 7]},
        ),
        Mistake(
            "dw-too-soon",
            "w is used twice, by h and by g. One of the two has not reported yet.",
            lambda v: {"order": [0, 1, 2, 3, 4, 6, 5, 7]},
        ),
        Mistake(
            "dx-too-soon",
            "x gets its gradient from h. Is that of h complete?",
            lambda v: {"order": [0, 1, 2, 3, 4, 7, 5, 6]},
        ),
    ),
)

# -- Where the bias comes to rest --------------------------------------------------

BIAS = Slider("b", "bias b", low=-6.0, high=6.0, step=0.05, start=0.0)


def _answers(v: Values, b: float) -> list[float]:
    return [sigmoid(s + b) for s in v["s"]]


def _db(v: Values, b: float) -> float:
    pairs = zip(_answers(v, b), v["t"], strict=True)
    return float(sum(a - t for a, t in pairs) / len(v["s"]))


def _db_squared(v: Values, b: float) -> float:
    pairs = zip(_answers(v, b), v["t"], strict=True)
    return float(sum(2 * (a - t) * a * (1 - a) for a, t in pairs) / len(v["s"]))


def _loss(v: Values, b: float) -> float:
    pairs = zip(_answers(v, b), v["t"], strict=True)
    return -sum(math.log(a if t else 1 - a) for a, t in pairs) / len(v["s"])


def _rest(v: Values) -> float:
    """Return the slider's place at which |db| is smallest."""
    places = [BIAS.at(k) for k in range(BIAS.count)]
    return min(places, key=lambda b: abs(_db(v, b)))


def _rest_squared(v: Values) -> float:
    """Return the same for the squared error, between its flat ends."""
    places = [BIAS.at(k) for k in range(BIAS.count) if abs(BIAS.at(k)) < 4]
    return min(places, key=lambda b: abs(_db_squared(v, b)))


def _base_rate(v: Values) -> float:
    ones = sum(v["t"])
    return math.log(ones / (len(v["t"]) - ones))


def _mean(v: Values) -> float:
    return float(sum(v["s"]) / len(v["s"]))


def _draw_bias(rng: Generator) -> Values:
    while True:
        v = {
            "s": [round(float(x), 1) for x in rng.uniform(-3, 4, 4)],
            "t": [int(k) for k in rng.permutation([1, 1, 1, 0])],
        }
        apart = abs(_rest(v) - _rest_squared(v)) > 0.3
        if abs(_mean(v)) > 0.5 and 0.4 < abs(_rest(v)) < 5 and apart:
            return v


def _bias_frame(v: Values, settings: Settings) -> Frame:
    b = settings["b"]
    readings = {"loss": _loss(v, b), "db": _db(v, b)}
    return Frame(readings, (Curve("b", (b,), (_db(v, b),), "parameter"),))


def _bias_background(v: Values) -> tuple[Curve, ...]:
    places = tuple(float(x) for x in np.linspace(-6, 6, 49))
    return (
        Curve("db", places, tuple(_db(v, b) for b in places), "gradient"),
        Curve("zero", (-6.0, 6.0), (0.0, 0.0), "data"),
    )


REST = Tune(
    id="check-4.rest",
    title="Where the bias comes to rest",
    points=2,
    minutes=4,
    draw=_draw_bias,
    shown=lambda v: {
        f"image {n}": f"s = {_minus(s, 1)}, t = {t}"
        for n, (s, t) in enumerate(zip(v["s"], v["t"], strict=True))
    },
    sliders=(BIAS,),
    goal="Set b where db is as near to 0 as the slider allows.",
    background=_bias_background,
    frame=_bias_frame,
    accept=lambda v, s: s["b"] == _rest(v),
    answer=lambda v: {"b": _rest(v)},
    xlabel="bias b",
    ylabel="db",
    hints=(
        "db is the sum of the four blames. Which of them push b up, which down?",
        "Look for the place where the curve of db crosses zero.",
    ),
    mistakes=(
        Mistake(
            "mean-sum-zero",
            "Here the sums z are zero on average. What is it that should be, on "
            "average?",
            lambda v: {"b": -_mean(v)},
        ),
        Mistake(
            "base-rate",
            "With this bias alone, without the inputs, the neuron would answer ¾. But "
            "the four sums s differ from zero.",
            lambda v: {"b": _base_rate(v)},
        ),
        Mistake(
            "squared-error",
            "Here the derivative of the squared error would be zero. The loss is "
            "cross-entropy.",
            lambda v: {"b": _rest_squared(v)},
        ),
        Mistake(
            "not-moved",
            "Read db here: is it zero?",
            lambda v: {"b": 0.0},
        ),
    ),
)

EXERCISES: tuple[Exercise, ...] = (
    GRAPH,
    NEURON,
    check4_code.NEURON_GRADIENT,
    LINES,
    DEAF,
    REST,
    check4_code.REPAIR,
)
