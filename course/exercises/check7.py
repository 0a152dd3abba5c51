"""The check after chapter 7: what needs no code."""

from __future__ import annotations

import math

import numpy as np

from course.exercises import check7_code
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


def _minus(x: float, digits: int) -> str:
    return f"{x:.{digits}f}".replace("-", "−")


# -- Blame for a hidden neuron -----------------------------------------------------


def _signed(rng: Generator, low: float, high: float, count: int) -> list[float]:
    sizes = rng.uniform(low, high, count) * rng.choice([-1, 1], count)
    return [round(float(x), 2) for x in sizes]


def _draw_hidden(rng: Generator) -> Values:
    return {
        "dZ": _signed(rng, 0.05, 0.5, 3),
        "W": _signed(rng, 0.3, 2, 3),
        "z": _signed(rng, 0.3, 1.3, 1)[0],
    }


def _back(v: Values) -> float:
    return float(np.dot(v["dZ"], v["W"]))


def _tanh_slope(z: float) -> float:
    return 1 - math.tanh(z) ** 2


HIDDEN = Number(
    id="check-7.hidden",
    title="Blame for a hidden neuron",
    points=2,
    minutes=5,
    draw=_draw_hidden,
    shown=lambda v: (
        {
            f"neuron {j}": f"blame {_minus(d, 2)}, weight {_minus(w, 2)}"
            for j, (d, w) in enumerate(zip(v["dZ"], v["W"], strict=True))
        }
        | {"z": _minus(v["z"], 2)}
    ),
    fields=("dz",),
    answer=lambda v: (_back(v) * _tanh_slope(v["z"]),),
    hints=(
        "First the blame at the hidden neuron's answer a, along three connections.",
        "Then from a to z: how steep is tanh there?",
    ),
    mistakes=(
        Mistake(
            "no-slope",
            "That is da. How fast does a move when z does?",
            lambda v: (_back(v),),
        ),
        Mistake(
            "slope-at-a",
            "You have sent a through tanh once more. The slope at z is made from a "
            "itself.",
            lambda v: (_back(v) * _tanh_slope(math.tanh(v["z"])),),
        ),
        Mistake(
            "sigmoid-slope",
            "a(1 − a) is the slope of another bend.",
            lambda v: (_back(v) * math.tanh(v["z"]) * (1 - math.tanh(v["z"])),),
        ),
        Mistake(
            "mean-of-paths",
            "You have averaged over the three connections. What does a small change "
            "of a do: share itself out, or take all three?",
            lambda v: (_back(v) / 3 * _tanh_slope(v["z"]),),
        ),
        Mistake(
            "no-weights",
            "You have added the three blames as they are. Through what do they come "
            "back?",
            lambda v: (sum(v["dZ"]) * _tanh_slope(v["z"]),),
        ),
        Mistake(
            "value-for-slope",
            "You have multiplied by the value of tanh. What is its slope?",
            lambda v: (_back(v) * math.tanh(v["z"]),),
        ),
    ),
)

# -- Promised and got ---------------------------------------------------------------


def _draw_bowl(rng: Generator) -> Values:
    return {
        "c": round(float(rng.uniform(1, 4)), 1),
        "w": round(float(rng.uniform(0.5, 2)), 1),
        "η": round(float(rng.uniform(0.05, 0.2)), 2),
    }


def _bowl(v: Values) -> tuple[float, float, float]:
    """Return the loss, what a step promises, and what it brings."""
    loss = v["c"] * v["w"] ** 2 / 2
    return (
        loss,
        -v["η"] * (v["c"] * v["w"]) ** 2,
        loss * ((1 - v["η"] * v["c"]) ** 2 - 1),
    )


PROMISED = Number(
    id="check-7.promised",
    title="Promised and got",
    points=2,
    minutes=5,
    draw=_draw_bowl,
    shown=lambda v: {
        "c": f"{v['c']:.1f}",
        "w": f"{v['w']:.1f}",
        "η": f"{v['η']:.2f}",
    },
    fields=("promised", "got"),
    answer=lambda v: _bowl(v)[1:],
    hints=(
        "The gradient promises −η times its own square.",
        "After the step, w is 1 − ηc times what it was. And the loss?",
    ),
    mistakes=(
        Mistake(
            "promise-kept",
            "The first is right. But a curve leaves its tangent: compute the loss "
            "after the step.",
            lambda v: (_bowl(v)[1], _bowl(v)[1]),
        ),
        Mistake(
            "factor-not-squared",
            "The first is right. w shrinks by the factor 1 − ηc; by what does the loss "
            "shrink?",
            lambda v: (_bowl(v)[1], -_bowl(v)[0] * v["η"] * v["c"]),
        ),
        Mistake(
            "uphill",
            "The sizes are right, but a step against the gradient makes the loss "
            "smaller: both changes are below 0.",
            lambda v: (-_bowl(v)[1], -_bowl(v)[2]),
        ),
        Mistake(
            "no-step-size",
            "The second is right. In the first, how far does w move?",
            lambda v: (_bowl(v)[1] / v["η"], _bowl(v)[2]),
        ),
        Mistake(
            "loss-after",
            "The first is right. The second is the loss after the step; by how much "
            "has it changed?",
            lambda v: (_bowl(v)[1], _bowl(v)[0] + _bowl(v)[2]),
        ),
    ),
)

# -- What a run would cost by wiggling ----------------------------------------------


def _draw_run(rng: Generator) -> Values:
    return {
        "inputs": int(rng.integers(4, 20)),
        "hidden": int(rng.integers(3, 12)),
        "outputs": int(rng.integers(2, 6)),
        "N": int(rng.integers(100, 900)),
        "B": int(rng.choice([16, 24, 32])),
        "E": int(rng.integers(3, 20)),
    }


def _parameters(v: Values, biases: int = 1) -> int:
    weights = v["inputs"] * v["hidden"] + v["hidden"] * v["outputs"]
    return int(weights + biases * (v["hidden"] + v["outputs"]))


def _updates(v: Values) -> int:
    return int(v["E"] * math.ceil(v["N"] / v["B"]))


WIGGLED = Number(
    id="check-7.wiggled",
    title="A run by wiggling",
    points=2,
    minutes=5,
    draw=_draw_run,
    shown=lambda v: {name: str(x) for name, x in v.items()},
    fields=("loss evaluations",),
    answer=lambda v: (2 * _parameters(v) * _updates(v),),
    rtol=0,
    hints=(
        "How many parameters are there, and what does one gradient cost?",
        "How many gradients does the run need? The last batch of an epoch counts, too.",
    ),
    mistakes=(
        Mistake(
            "no-biases",
            "The biases have to be wiggled as well.",
            lambda v: (2 * _parameters(v, 0) * _updates(v),),
        ),
        Mistake(
            "one-sided",
            "That is one evaluation for each parameter. A wiggle goes both ways.",
            lambda v: (_parameters(v) * _updates(v),),
        ),
        Mistake(
            "last-batch-dropped",
            "The images left over at the end of an epoch are a batch, too.",
            lambda v: (2 * _parameters(v) * v["E"] * (v["N"] // v["B"]),),
        ),
        Mistake(
            "each-image",
            "You count a gradient for each image. How many images share a step?",
            lambda v: (2 * _parameters(v) * v["E"] * v["N"],),
        ),
        Mistake(
            "one-epoch",
            "That is one epoch. The run has more of them.",
            lambda v: (2 * _parameters(v) * math.ceil(v["N"] / v["B"]),),
        ),
        Mistake(
            "one-step",
            "That is the price of one gradient. How many does the run need?",
            lambda v: (2 * _parameters(v),),
        ),
    ),
)

# -- Which line is missing? ------------------------------------------------------------

SYMPTOM = Choice(
    id="check-7.symptom",
    title="Which line is wrong?",
    points=1,
    minutes=3,
    options=lambda v: (
        "In dZ1, the slope of tanh is missing.",
        "In dZ2, the average over the batch is missing.",
        "In db1, a mean stands where a sum belongs.",
        "In dZ1, the weights W2 have been updated already.",
    ),
    answer=lambda v: 0,
    hints=(
        "What is right from the output down to where? So where must the fault be?",
        "With one example, the ratio depends on the neuron, and on the example.",
    ),
    mistakes=(
        Mistake(
            "average",
            "Then all four gradients would be too large, by one and the same factor.",
            lambda v: 1,
        ),
        Mistake(
            "db-mean",
            "Then dW1 would be right. And for a single example, so would db1.",
            lambda v: 2,
        ),
        Mistake(
            "stale",
            "Then the ratio could have any size and sign. Here it is at least 1, "
            "always.",
            lambda v: 3,
        ),
    ),
)

# -- One step, line by line ------------------------------------------------------------

STEP = Order(
    id="check-7.step",
    title="One step, line by line",
    points=2,
    minutes=5,
    lines=(
        Line("`A1 = np.tanh(X @ W1)`"),
        Line("`Z2 = A1 @ W2`"),
        Line("`dZ2 = (sigmoid(Z2) - T) / T.size`"),
        Line("`dW2 = A1.T @ dZ2`"),
        Line("`dZ1 = (dZ2 @ W2.T) * (1 - A1**2)`"),
        Line("`dW1 = X.T @ dZ1`"),
        Line("`W2 = W2 - eta * dW2`"),
        Line("`W1 = W1 - eta * dW1`"),
    ),
    before=((0, 1), (1, 2), (2, 3), (2, 4), (4, 5), (3, 6), (4, 6), (5, 7)),
    hints=(
        "Forward, blame, back, and only then the update.",
        "Two lines use W2 on their right-hand side besides its update.",
    ),
    mistakes=(
        Mistake(
            "updated-too-soon",
            "dZ1 is made with the new W2. At which place is the gradient taken then?",
            lambda v: {"order": [0, 1, 2, 3, 6, 4, 5, 7]},
        ),
        Mistake(
            "dZ1-before-dZ2",
            "Blame comes to the lower layer from the upper one.",
            lambda v: {"order": [0, 1, 4, 2, 3, 5, 6, 7]},
        ),
        Mistake(
            "dW1-before-dZ1",
            "dW1 is input times blame. Which blame?",
            lambda v: {"order": [0, 1, 2, 3, 5, 4, 6, 7]},
        ),
        Mistake(
            "update-before-dW2",
            "An update needs its gradient. Which line makes dW2?",
            lambda v: {"order": [0, 1, 2, 4, 5, 6, 3, 7]},
        ),
        Mistake(
            "update-before-dW1",
            "An update needs its gradient. Which line makes dW1?",
            lambda v: {"order": [0, 1, 2, 3, 4, 7, 5, 6]},
        ),
        Mistake(
            "dZ2-before-Z2",
            "The blame at the output needs the output.",
            lambda v: {"order": [0, 2, 1, 3, 4, 5, 6, 7]},
        ),
        Mistake(
            "Z2-before-A1",
            "The second layer's input is the first one's answer.",
            lambda v: {"order": [1, 0, 2, 3, 4, 5, 6, 7]},
        ),
        Mistake(
            "dW2-before-dZ2",
            "dW2 is input times blame. Which blame?",
            lambda v: {"order": [0, 1, 3, 2, 4, 5, 6, 7]},
        ),
    ),
)

# -- The best step for two axes -------------------------------------------------------

ETA = Slider("eta", "step size η", low=0.01, high=1.5, step=0.01, start=0.01)


def _slowest(v: Values, eta: float) -> float:
    return float(max(abs(1 - eta * v["c0"]), abs(1 - eta * v["c1"])))


def _best(v: Values) -> float:
    places = [ETA.at(k) for k in range(ETA.count)]
    return min(places, key=lambda eta: _slowest(v, eta))


def _draw_axes(rng: Generator) -> Values:
    while True:
        v = {
            "c0": round(float(rng.uniform(0.7, 1.6)), 1),
            "c1": round(float(rng.uniform(2.5, 6)), 1),
        }
        # In the middle between two places of the slider there would be two best.
        ranked = sorted(_slowest(v, ETA.at(k)) for k in range(ETA.count))
        if ranked[1] - ranked[0] > 1e-6 and 2 / v["c1"] < 1.4:
            return v


def _axes_frame(v: Values, settings: Settings) -> Frame:
    eta = settings["eta"]
    readings = {
        "factor of axis 0": 1 - eta * v["c0"],
        "factor of axis 1": 1 - eta * v["c1"],
        "size of the slower one": _slowest(v, eta),
    }
    return Frame(readings, (Curve("η", (eta,), (_slowest(v, eta),), "parameter"),))


def _axes_background(v: Values) -> tuple[Curve, ...]:
    etas = tuple(float(x) for x in np.linspace(0.01, 1.5, 61))
    return tuple(
        Curve(f"axis {k}", etas, tuple(abs(1 - e * v[f"c{k}"]) for e in etas), "loss")
        for k in (0, 1)
    )


BEST = Tune(
    id="check-7.best-step",
    title="The best step for two axes",
    points=2,
    minutes=4,
    draw=_draw_axes,
    shown=lambda v: {"c₀": f"{v['c0']:.1f}", "c₁": f"{v['c1']:.1f}"},
    sliders=(ETA,),
    goal="Set η where the slower of the two axes shrinks by the best factor.",
    background=_axes_background,
    frame=_axes_frame,
    accept=lambda v, s: s["eta"] == _best(v),
    answer=lambda v: {"eta": _best(v)},
    xlabel="step size η",
    ylabel="size of the factor",
    hints=(
        "Which axis is the slower one at a tiny step, and which at a long one?",
        "At the best step the two factors have the same size. Which signs?",
    ),
    mistakes=(
        Mistake(
            "largest-stable",
            "That is where the steep axis stops shrinking altogether.",
            lambda v: {"eta": 2 / v["c1"]},
        ),
        Mistake(
            "steep-axis-at-once",
            "Here the steep axis is done in one step. Look at the other one: could it "
            "be faster, if the steep one gave a little?",
            lambda v: {"eta": 1 / v["c1"]},
        ),
        Mistake(
            "flat-axis-at-once",
            "Here the flat axis is done in one step. Look at the other one.",
            lambda v: {"eta": 1 / v["c0"]},
        ),
        Mistake(
            "half",
            "Here the steep axis is the faster one, and the flat one waits. Go on "
            "until they are equal.",
            lambda v: {"eta": 1 / (v["c0"] + v["c1"])},
        ),
    ),
)

EXERCISES: tuple[Exercise, ...] = (
    HIDDEN,
    PROMISED,
    check7_code.TRAIN,
    SYMPTOM,
    STEP,
    WIGGLED,
    BEST,
    check7_code.REPAIR,
)
