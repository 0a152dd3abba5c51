"""Chapter 1, Learning from error: what needs no code.

The neuron is that of the chapter: z = u·w_u + ℓ·w_ℓ + b, a = σ(z), L = (a − t)².
"""

from __future__ import annotations

import math

import numpy as np

from course.exercises import ch01_code
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


# -- One weight's share of the blame -------------------------------------------


def _draw_neuron(rng: Generator) -> Values:
    u, l = (round(float(x), 2) for x in rng.uniform(0.3, 0.95, 2))
    w_u, w_l, b = (round(float(x), 1) for x in rng.uniform(-2, 2, 3))
    return {"u": u, "l": l, "w_u": w_u, "w_l": w_l, "b": b, "t": int(rng.integers(2))}


def _show_neuron(v: Values) -> dict[str, str]:
    places = {"u": 2, "l": 2, "w_u": 1, "w_l": 1, "b": 1, "t": 0}
    return {
        name.replace("l", "ℓ"): f"{v[name]:.{digits}f}".replace("-", "−")
        for name, digits in places.items()
    }


def _a(v: Values) -> float:
    return sigmoid(float(v["u"] * v["w_u"] + v["l"] * v["w_l"] + v["b"]))


def _dz(v: Values) -> float:
    a = _a(v)
    return 2 * (a - float(v["t"])) * a * (1 - a)


def _slope_at_a(v: Values) -> float:
    """dw_u with the sigmoid's slope taken at a, where it belongs at z."""
    a = _a(v)
    return 2 * (a - float(v["t"])) * sigmoid(a) * (1 - sigmoid(a)) * float(v["u"])


SLOPE = Number(
    id="ch01.slope",
    title="One weight's share of the blame",
    points=2,
    minutes=6,
    draw=_draw_neuron,
    shown=_show_neuron,
    fields=("dw_u",),
    answer=lambda v: (_dz(v) * v["u"],),
    hints=(
        "Go along the arrows: w_u moves z, z moves a, a moves L. Each has a rate.",
        "Compute z and a first. Two of the three rates need nothing but a and t.",
    ),
    mistakes=(
        Mistake(
            "no-factor-2",
            "You are off by a factor that comes from a square. What is the slope of "
            "(a − t)² as a moves?",
            lambda v: (_dz(v) * v["u"] / 2,),
        ),
        Mistake(
            "no-sigmoid-slope",
            "One arrow is missing: when z moves by a little, a does not move by as "
            "much. How fast does it move?",
            lambda v: (2 * (_a(v) - v["t"]) * v["u"],),
        ),
        Mistake(
            "slope-at-a",
            "You have sent a through the sigmoid once more. But a is the sigmoid's "
            "answer already.",
            lambda v: (_slope_at_a(v),),
        ),
        Mistake(
            "no-input",
            "This is the blame that arrives at the neuron. What does a weight's "
            "share depend on besides it?",
            lambda v: (_dz(v),),
        ),
        Mistake(
            "by-weight",
            "You have multiplied by the weight itself. What does z contain besides "
            "w_u in that product? How fast does z move?",
            lambda v: (_dz(v) * v["w_u"],),
        ),
        Mistake(
            "other-input",
            "That is the share of the other weight. Which input comes in through w_u?",
            lambda v: (_dz(v) * v["l"],),
        ),
        Mistake(
            "target-minus-answer",
            "The size is right, the sign is not. If a grows, does (a − t)² grow or "
            "fall?",
            lambda v: (-_dz(v) * v["u"],),
        ),
    ),
)


# -- The ratio of two gradients ------------------------------------------------


def _draw_ratio(rng: Generator) -> Values:
    u, l = (round(float(x), 2) for x in rng.uniform(0.1, 0.95, 2))
    w_u, w_l = (round(float(x), 1) for x in rng.uniform(0.2, 3, 2))
    return {"u": u, "l": l, "w_u": w_u, "w_l": w_l}


def _ratios(v: Values) -> tuple[str, ...]:
    u, l, w_u, w_l = v["u"], v["l"], v["w_u"], v["w_l"]
    ratios = u / l, w_u / w_l, u * w_u / (l * w_l), l / u
    return tuple(f"{ratio:.1f} : 1" for ratio in ratios)


RATIO = Choice(
    id="ch01.ratio",
    title="Two weights share the blame",
    points=1,
    minutes=3,
    draw=_draw_ratio,
    shown=lambda v: {
        "u": f"{v['u']:.2f}",
        "ℓ": f"{v['l']:.2f}",
        "w_u": f"{v['w_u']:.1f}",
        "w_ℓ": f"{v['w_l']:.1f}",
    },
    options=_ratios,
    answer=lambda v: 0,
    hints=("Which factors do dw_u and dw_ℓ share, and which one is their own?",),
    mistakes=(
        Mistake(
            "by-weight",
            "The tempting claim: a large weight is more to blame. Does the last "
            "factor of dw_u contain w_u?",
            lambda v: 1,
        ),
        Mistake(
            "by-contribution",
            "That is the ratio of what the two have contributed to z. A gradient "
            "asks what would change if a weight did.",
            lambda v: 2,
        ),
        Mistake(
            "upside-down",
            "The right two numbers, the wrong way round. Which weight moves z more, "
            "that of the larger or of the smaller input?",
            lambda v: 3,
        ),
    ),
)


# -- What a gradient promises --------------------------------------------------


def _draw_promise(rng: Generator) -> Values:
    signs = rng.choice([-1, 1], 6)
    rates = [round(float(x), 2) for x in signs[:3] * rng.uniform(0.1, 0.4, 3)]
    moves = [round(float(x), 2) for x in signs[3:] * rng.uniform(0.02, 0.09, 3)]
    return {"L": round(float(rng.uniform(0.2, 0.6)), 3), "rates": rates, "moves": moves}


def _show_promise(v: Values) -> dict[str, str]:
    names = ["dw_u", "dw_ℓ", "db", "Δ_u", "Δ_ℓ", "Δ_b"]
    numbers = [f"{x:.2f}".replace("-", "−") for x in v["rates"] + v["moves"]]
    return {"L": f"{v['L']:.3f}", **dict(zip(names, numbers, strict=True))}


def _change(v: Values) -> float:
    return float(np.dot(v["rates"], v["moves"]))


PROMISE = Number(
    id="ch01.promise",
    title="What a gradient promises",
    points=2,
    minutes=4,
    draw=_draw_promise,
    shown=_show_promise,
    fields=("loss after the move",),
    answer=lambda v: (v["L"] + _change(v),),
    # Answers lie within a few per cent of the loss: so a narrower tolerance.
    rtol=2e-4,
    hints=(
        "Each parameter contributes its rate times its move.",
        "The question is for the loss, not for its change.",
    ),
    mistakes=(
        Mistake(
            "minus",
            "You have subtracted the change. The minus sign of an update is in its "
            "moves; these moves are given, sign and all.",
            lambda v: (v["L"] - _change(v),),
        ),
        Mistake(
            "change-alone",
            "That is how much the loss changes. Where does it stand after that?",
            lambda v: (_change(v),),
        ),
        Mistake(
            "per-cent",
            "You have read the rates as shares of the loss. They are changes of the "
            "loss for each unit of move, whatever the loss is.",
            lambda v: (v["L"] * (1 + _change(v)),),
        ),
        Mistake(
            "no-rates",
            "You have added the moves themselves. How much loss does a move of one "
            "parameter cost or save?",
            lambda v: (v["L"] + sum(v["moves"]),),
        ),
    ),
)


# -- What measuring costs ------------------------------------------------------


def _weights(v: Values) -> int:
    return int(v["inputs"] * v["hidden"] + v["hidden"] * v["outputs"])


def _parameters(v: Values) -> int:
    return _weights(v) + int(v["hidden"] + v["outputs"])


COST = Number(
    id="ch01.cost",
    title="What measuring costs",
    points=1,
    minutes=4,
    draw=lambda rng: {
        "inputs": int(rng.integers(5, 40)),
        "hidden": int(rng.integers(3, 20)),
        "outputs": int(rng.integers(2, 11)),
    },
    shown=lambda v: {name: str(v[name]) for name in ("inputs", "hidden", "outputs")},
    fields=("loss evaluations",),
    answer=lambda v: (2 * _parameters(v),),
    rtol=0,
    hints=(
        "Count the parameters first: a weight for each connection, a bias for each "
        "neuron.",
    ),
    mistakes=(
        Mistake(
            "once-each",
            "One evaluation for each parameter is not enough for a wiggle that goes "
            "both ways.",
            lambda v: (_parameters(v),),
        ),
        Mistake(
            "one-sided",
            "This is the count for one-sided wiggles, which share the loss in the "
            "middle. Two-sided ones share nothing.",
            lambda v: (_parameters(v) + 1,),
        ),
        Mistake(
            "and-the-middle",
            "One too many: f(w + h) and f(w − h) are needed. Is f(w)?",
            lambda v: (2 * _parameters(v) + 1,),
        ),
        Mistake(
            "no-biases",
            "You have wiggled the weights. What else can be adjusted in a neuron?",
            lambda v: (2 * _weights(v),),
        ),
    ),
)


# -- Wrong, certain and deaf ---------------------------------------------------


def _deafness(v: Values) -> float:
    a = float(v["a"])
    return 0.25 / (2 * (1 - a) * a * (1 - a))


DEAF = Number(
    id="ch01.deaf",
    title="Wrong, certain and deaf",
    points=2,
    minutes=5,
    draw=lambda rng: {"a": round(float(rng.uniform(0.005, 0.08)), 3)},
    shown=lambda v: {"a": f"{v['a']:.3f}", "t": "1"},
    fields=("times smaller",),
    answer=lambda v: (_deafness(v),),
    hints=(
        "Write down dz for a = ½ and t = 1. It is a simple fraction.",
        "dz is the error times how much the answer can still be moved. Take both "
        "along for both neurons.",
    ),
    mistakes=(
        Mistake(
            "error-alone",
            "You have compared the errors. A gradient is not the error: how far can "
            "an answer near 0 still be moved?",
            lambda v: (0.5 / (1 - v["a"]),),
        ),
        Mistake(
            "slope-alone",
            "You have compared how much the answers can be moved, the slopes of the "
            "sigmoid. The errors of the two neurons differ, too.",
            lambda v: (0.25 / (v["a"] * (1 - v["a"])),),
        ),
        Mistake(
            "upside-down",
            "That is the certain neuron's blame as a share of the undecided one's. "
            "The question is for how many times smaller it is.",
            lambda v: (1 / _deafness(v),),
        ),
        Mistake(
            "dz-itself",
            "That is the size of the certain neuron's dz. Compare it with dz at a = ½.",
            lambda v: (0.25 / _deafness(v),),
        ),
    ),
)


# -- The derivation, in order --------------------------------------------------

CHAIN = Order(
    id="ch01.chain",
    title="The chain from a weight to the loss",
    points=2,
    minutes=5,
    lines=(
        Line("w_u moves z, z moves a, a moves L", "how the loss depends on w_u"),
        Line(
            "dw_u = (L by a) · (a by z) · (z by w_u)",
            "rates along a chain multiply",
        ),
        Line(
            "dw_u = 2 (a − t) · (a by z) · (z by w_u)",
            "the slope of a square",
        ),
        Line(
            "dw_u = 2 (a − t) · a (1 − a) · (z by w_u)",
            "the slope of the sigmoid",
        ),
        Line(
            "dw_u = 2 (a − t) · a (1 − a) · u",
            "all of z but one product stands still",
        ),
    ),
    other_reasons=(
        "contributions of small moves add up",
        "a large weight has a large share",
    ),
    hints=(
        "Each line is the one before it with one more rate filled in.",
        "The rates are filled in from the loss backward.",
    ),
    mistakes=(
        Mistake(
            "product-before-chain",
            "You begin with a product. What must you know before you can say that "
            "three rates are multiplied?",
            lambda v: {"order": [1, 0, 2, 3, 4]},
        ),
        Mistake(
            "rates-before-chain",
            "You fill in a rate before it is said what is to be multiplied. Which "
            "line brings in the three rates?",
            lambda v: {"order": [0, 2, 1, 3, 4]},
        ),
        Mistake(
            "forward",
            "The line with a (1 − a) and an open rate of z has 2 (a − t) in it "
            "already. So which rate was filled in first?",
            lambda v: {"order": [0, 1, 3, 2, 4]},
        ),
        Mistake(
            "rates-add",
            "Contributions add up when several knobs are turned. Here one is turned, "
            "and its wiggle passes three arrows, one after another.",
            lambda v: {"reasons": {1: "contributions of small moves add up"}},
        ),
        Mistake(
            "large-weight",
            "The size of w_u is not in the last factor. If w_u moves by a little, "
            "what in z moves, and how much?",
            lambda v: {"reasons": {4: "a large weight has a large share"}},
        ),
    ),
)


# -- Down to the flat place ----------------------------------------------------


WEIGHT = Slider("w", "weight w", low=0.0, high=4.0, step=0.05, start=0.0)


def _draw_flat(rng: Generator) -> Values:
    while True:
        x = [round(float(v), 1) for v in rng.uniform(0.3, 2, 3)]
        t = [round(float(v), 1) for v in rng.uniform(0.5, 3.5, 3)]
        v = {"x": x, "t": t}
        # A slip of the slider must not look like a mistake of the mind.
        if all(abs(w - _flat(v)) > 4 * WEIGHT.step for w in _other_weights(v)):
            return v


def _other_weights(v: Values) -> tuple[float, float, float]:
    x, t = v["x"], v["t"]
    return float(np.mean(np.divide(t, x))), sum(t) / sum(x), t[-1] / x[-1]


def _show_flat(v: Values) -> dict[str, str]:
    return {
        f"image {n}": f"input {x:.1f}, target {t:.1f}"
        for n, (x, t) in enumerate(zip(v["x"], v["t"], strict=True), 1)
    }


def _flat(v: Values) -> float:
    """The w at which Σ(wx − t)² is lowest."""
    x, t = np.array(v["x"]), np.array(v["t"])
    return float(x @ t / (x @ x))


def _line_loss(v: Values, w: float) -> tuple[float, float]:
    x, t = np.array(v["x"]), np.array(v["t"])
    gap = w * x - t
    return float(gap @ gap), float(2 * gap @ x)


def _flat_background(v: Values) -> tuple[Curve, ...]:
    ws = [WEIGHT.at(4 * k) for k in range(21)]
    return (Curve("loss", tuple(ws), tuple(_line_loss(v, w)[0] for w in ws), "loss"),)


def _flat_frame(v: Values, settings: Settings) -> Frame:
    w = settings["w"]
    loss, slope = _line_loss(v, w)
    tangent = Curve(
        "slope",
        (w - 0.4, w + 0.4),
        (loss - 0.4 * slope, loss + 0.4 * slope),
        "gradient",
    )
    point = Curve("w", (w,), (loss,), "parameter")
    return Frame({"loss": loss, "dw": slope}, (tangent, point))


FLAT = Tune(
    id="ch01.flat",
    title="Down to the flat place",
    points=2,
    minutes=5,
    draw=_draw_flat,
    shown=_show_flat,
    sliders=(WEIGHT,),
    goal="Set w where the loss is as low as the slider can make it.",
    background=_flat_background,
    frame=_flat_frame,
    accept=lambda v, s: WEIGHT.place(s["w"]) == WEIGHT.place(_flat(v)),
    answer=lambda v: {"w": _flat(v)},
    xlabel="weight w",
    ylabel="loss",
    hints=(
        "The sign of dw says which way the loss falls. At the lowest place it changes.",
        "Look for the place where dw changes its sign, and compare the losses beside "
        "it.",
    ),
    mistakes=(
        Mistake(
            "one-step-low",
            "Very near. dw is below 0 here: which way does the loss still fall?",
            lambda v: {"w": WEIGHT.at(WEIGHT.place(_flat(v)) - 1)},
        ),
        Mistake(
            "one-step-high",
            "Very near. dw is above 0 here: is there a lower place beside it?",
            lambda v: {"w": WEIGHT.at(WEIGHT.place(_flat(v)) + 1)},
        ),
        Mistake(
            "mean-of-ratios",
            "Here w is the mean of what each image alone would want. But an image "
            "with a larger input pulls harder. What does dw say?",
            lambda v: {"w": _other_weights(v)[0]},
        ),
        Mistake(
            "ratio-of-sums",
            "Here the errors add up to 0: too high and too low cancel. The loss "
            "squares each error first. What does dw say?",
            lambda v: {"w": _other_weights(v)[1]},
        ),
        Mistake(
            "last-image",
            "Here the last image is perfect, and the others pay for it. The loss is "
            "the sum over all three.",
            lambda v: {"w": _other_weights(v)[2]},
        ),
    ),
)

EXERCISES: tuple[Exercise, ...] = (
    ch01_code.WIGGLE,
    SLOPE,
    CHAIN,
    RATIO,
    ch01_code.GRADIENT,
    PROMISE,
    FLAT,
    ch01_code.LEARN,
    COST,
    DEAF,
)
