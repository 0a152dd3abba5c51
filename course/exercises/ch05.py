"""Chapter 5, The backward pass: what needs no code."""

from __future__ import annotations

import itertools
import math

import numpy as np

from course.exercises import ch05_code, ch05_repair
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
    none_shown,
    nothing,
)
from course.properties import Array


def _signed(x: float, digits: int) -> str:
    return f"{x:.{digits}f}".replace("-", "−")


def _row(numbers: list[float], digits: int) -> str:
    return ", ".join(_signed(x, digits) for x in numbers)


def _drawn(rng: Generator, size: int, low: float, high: float) -> list[float]:
    """Numbers of two digits, of either sign, and none of them small."""
    signs = rng.choice([-1, 1], size)
    return [round(float(x), 2) for x in signs * rng.uniform(low, high, size)]


# -- One entry of dW -----------------------------------------------------------


def _draw_entry(rng: Generator) -> Values:
    X = [[round(float(x), 2) for x in rng.uniform(0.1, 0.95, 2)] for _ in range(4)]
    return {"X": X, "dZ": [_drawn(rng, 2, 0.02, 0.3) for _ in range(4)]}


def _entry(v: Values, i: int, j: int) -> Array:
    """The four products of entry (i, j)."""
    return np.asarray(np.array(v["X"])[:, i] * np.array(v["dZ"])[:, j])


ENTRY = Number(
    id="ch05.entry",
    title="One entry of dW",
    points=2,
    minutes=5,
    draw=_draw_entry,
    shown=lambda v: {
        f"image {n}": f"row of X: {_row(x, 2)}; row of dZ: {_row(dz, 2)}"
        for n, (x, dz) in enumerate(zip(v["X"], v["dZ"], strict=True))
    },
    fields=("dW[0, 1]",),
    answer=lambda v: (float(_entry(v, 0, 1).sum()),),
    hints=(
        "The weight W[0, 1] carries input 0 into neuron 1. Which column of X does "
        "that concern, and which column of dZ?",
        "One product for each image; then add.",
    ),
    mistakes=(
        Mistake(
            "indices-swapped",
            "That is dW[1, 0]. The first index of a weight is the input that it "
            "comes from, the second the neuron that it goes to.",
            lambda v: (float(_entry(v, 1, 0).sum()),),
        ),
        Mistake(
            "averaged-again",
            "You have divided by the number of images. Averaging stands in the loss "
            "alone: the blames in dZ are already averaged.",
            lambda v: (float(_entry(v, 0, 1).mean()),),
        ),
        Mistake(
            "last-image",
            "That is the share of the last image. The weight was used for all four.",
            lambda v: (float(_entry(v, 0, 1)[-1]),),
        ),
        Mistake(
            "product-of-sums",
            "You have added the inputs, added the blames, and multiplied the sums. "
            "Each path has an input and a blame of its own: which comes first, "
            "product or sum?",
            lambda v: (float(np.sum(v["X"], axis=0)[0] * np.sum(v["dZ"], axis=0)[1]),),
        ),
        Mistake(
            "no-input",
            "You have added the blames: that is the gradient of the neuron's bias. "
            "What came in through the weight?",
            lambda v: (float(np.sum(v["dZ"], axis=0)[1]),),
        ),
    ),
)

# -- Blame that cancels --------------------------------------------------------

WEIGHT = Slider("w", "weight to neuron 2", low=-4.0, high=4.0, step=0.05, start=0.0)


def _draw_cancel(rng: Generator) -> Values:
    while True:
        v = {"dz": _drawn(rng, 3, 0.1, 0.6), "w": _drawn(rng, 2, 0.3, 2.0)}
        places = [_root(v), *_other_roots(v)]
        apart = [abs(a - b) for a, b in itertools.combinations(places, 2)]
        # A slip of the slider must not look like a mistake of the mind.
        if max(map(abs, places)) < 3.8 and min(apart) > 4 * WEIGHT.step:
            return v


def _root(v: Values) -> float:
    """The weight at which the three paths add up to no blame."""
    return -float(np.dot(v["dz"][:2], v["w"])) / float(v["dz"][2])


def _other_roots(v: Values) -> tuple[float, float, float]:
    (p, q, r), (s, t) = v["dz"], v["w"]
    return -_root(v), -(s + t), -(q * s + p * t) / r


def _paths(v: Values, w: float) -> list[float]:
    weights = [*v["w"], w]
    return [float(dz * x) for dz, x in zip(v["dz"], weights, strict=True)]


def _cancel_frame(v: Values, settings: Settings) -> Frame:
    paths = _paths(v, settings["w"])
    readings = {f"path through neuron {j}": path for j, path in enumerate(paths)}
    point = Curve("here", (settings["w"],), (sum(paths),), "parameter")
    return Frame({**readings, "blame dA": sum(paths)}, (point,))


def _cancel_background(v: Values) -> tuple[Curve, ...]:
    ends = (WEIGHT.low, WEIGHT.high)
    line = Curve("blame dA", ends, tuple(sum(_paths(v, w)) for w in ends), "gradient")
    return line, Curve("no blame", ends, (0.0, 0.0), "data")


CANCEL = Tune(
    id="ch05.cancel",
    title="Blame that cancels",
    points=2,
    minutes=5,
    draw=_draw_cancel,
    shown=lambda v: {
        "dz of neurons 0, 1, 2": _row(v["dz"], 2),
        "weights to neurons 0, 1": _row(v["w"], 2),
    },
    sliders=(WEIGHT,),
    goal="Set the third weight where the neuron below gets no blame, as near as the "
    "slider can.",
    background=_cancel_background,
    frame=_cancel_frame,
    accept=lambda v, s: WEIGHT.place(s["w"]) == WEIGHT.place(_root(v)),
    answer=lambda v: {"w": _root(v)},
    xlabel="weight to neuron 2",
    ylabel="blame dA",
    hints=(
        "The blame is the sum of three products, one for each neuron above: its dz "
        "times the weight on the way to it.",
        "Two of the products are fixed. What must the third one be?",
    ),
    mistakes=(
        Mistake(
            "one-step-low",
            "Very near. Try the places beside it: which blame is smallest in size?",
            lambda v: {"w": WEIGHT.at(WEIGHT.place(_root(v)) - 1)},
        ),
        Mistake(
            "one-step-high",
            "Very near: one of the places beside this one has a smaller blame.",
            lambda v: {"w": WEIGHT.at(WEIGHT.place(_root(v)) + 1)},
        ),
        Mistake(
            "same-sign",
            "Here the third path brings as much as the other two together, with the "
            "same sign. To cancel them it must pull the other way.",
            lambda v: {"w": _other_roots(v)[0]},
        ),
        Mistake(
            "weights-cancel",
            "Here the three weights add up to 0. But each path has its own blame, too.",
            lambda v: {"w": _other_roots(v)[1]},
        ),
        Mistake(
            "paths-crossed",
            "You have multiplied the blame of one neuron by the weight to the other. "
            "Which weight lies on which path?",
            lambda v: {"w": _other_roots(v)[2]},
        ),
    ),
)

# -- The blame of an input, step by step ---------------------------------------

PATHS = Order(
    id="ch05.paths",
    title="The blame of an input, step by step",
    points=2,
    minutes=5,
    lines=(
        Line(
            "X_ni stands in Z_nj for every neuron j, and in no other row of Z",
            "Z_nj = Σ_i X_ni W_ij + b_j",
        ),
        Line(
            "Z_nj moves W_ij times as fast as X_ni",
            "all of Z_nj but one product stands still",
        ),
        Line(
            "through neuron j alone, L moves dZ_nj W_ij times as fast as X_ni",
            "rates along a path multiply",
        ),
        Line("dX_ni = Σ_j dZ_nj W_ij", "what the paths bring adds up"),
        Line("dX = dZ Wᵀ", "a matrix product sums over its inner index"),
    ),
    other_reasons=(
        "only this arrangement has a legal shape",
        "averaging stands in the loss alone",
    ),
    # A rate needs only the formula of Z; who uses the input, only the sum needs.
    before=((0, 3), (1, 2), (2, 3), (3, 4)),
    hints=(
        "A sum over j must know who uses the input, and what one path brings.",
        "Matrices come last: they only write down what the indices have said.",
    ),
    mistakes=(
        Mistake(
            "path-before-rate",
            "The line for one path uses a rate that has not been found yet. Which "
            "line says how fast Z_nj moves?",
            lambda v: {"order": [0, 2, 1, 3, 4]},
        ),
        Mistake(
            "sum-before-path",
            "You add up the paths before it is said what one of them brings.",
            lambda v: {"order": [0, 1, 3, 2, 4]},
        ),
        Mistake(
            "matrix-first",
            "The matrices stand for a sum over j. Which line has that sum?",
            lambda v: {"order": [0, 1, 2, 4, 3]},
        ),
        Mistake(
            "sum-before-users",
            "You add over the neurons j. How do you know which of them use X_ni, and "
            "that no other row of Z does?",
            lambda v: {"order": [1, 2, 3, 0, 4]},
        ),
        Mistake(
            "by-shape",
            "A legal shape is no reason: in a square layer several arrangements have "
            "it. What does a matrix product do with its inner index?",
            lambda v: {"reasons": {4: "only this arrangement has a legal shape"}},
        ),
        Mistake(
            "averaged",
            "Nothing is averaged here. Why is there a sum over j at all?",
            lambda v: {"reasons": {3: "averaging stands in the loss alone"}},
        ),
    ),
)

# -- Down to the first layer ---------------------------------------------------


def _draw_two_layers(rng: Generator) -> Values:
    return {
        "X": [[round(float(x), 2) for x in rng.uniform(0.1, 0.95, 2)] for _ in "ab"],
        "T": [0, 1] if rng.random() < 0.5 else [1, 0],
        "W1": [[round(x, 1) for x in _drawn(rng, 2, 0.4, 2)] for _ in "ab"],
        "W2": [round(x, 1) for x in _drawn(rng, 2, 0.4, 2)],
    }


def _show_two_layers(v: Values) -> dict[str, str]:
    images = {f"image {n}": f"{_row(v['X'][n], 2)}; target {v['T'][n]}" for n in (0, 1)}
    rows = {f"row {i} of W1": _row(v["W1"][i], 1) for i in (0, 1)}
    return {**images, **rows, "column of W2": _row(v["W2"], 1)}


def _dW1(v: Values, slip: str = "") -> Array:
    """(2, 2): the gradient, with one slip if one is named."""
    X, W1, W2 = np.array(v["X"]), np.array(v["W1"]), np.array(v["W2"])[:, None]
    T = np.array(v["T"], float)[:, None]
    Z1 = X @ W1
    A1 = np.tanh(Z1)
    dZ2 = 1 / (1 + np.exp(-A1 @ W2)) - T
    if slip != "sum":
        dZ2 = dZ2 / 2
    if slip == "early":
        W2 = W2 - A1.T @ dZ2
    slope = {"no slope": np.ones((2, 2)), "at A": 1 - np.tanh(A1) ** 2}
    dZ1 = dZ2 @ W2.T * slope.get(slip, 1 - A1**2)
    if slip == "last":
        X, dZ1 = X[1:], dZ1[1:]
    return np.asarray(X.T @ dZ1)


def _two_entries(dW1: Array) -> tuple[float, float]:
    return float(dW1[0, 1]), float(dW1[1, 0])


TWO_LAYERS = Number(
    id="ch05.two-layers",
    title="Down to the first layer",
    points=4,
    minutes=12,
    draw=_draw_two_layers,
    shown=_show_two_layers,
    fields=("dW1[0, 1]", "dW1[1, 0]"),
    answer=lambda v: _two_entries(_dW1(v)),
    hints=(
        "Forward first: Z1, A1, Z2, for both images. Then dZ2 = (σ(Z2) − T)/2.",
        "From dZ2 go back through W2, then through the bend, then to the weights.",
    ),
    mistakes=(
        Mistake(
            "no-slope",
            "The blame has passed tanh unchanged. How much of it gets through where "
            "tanh is flatter?",
            lambda v: _two_entries(_dW1(v, "no slope")),
        ),
        Mistake(
            "slope-at-a",
            "You have put A1 into tanh once more. But A1 is what tanh answered; its "
            "slope at Z1 follows from it without another tanh.",
            lambda v: _two_entries(_dW1(v, "at A")),
        ),
        Mistake(
            "updated-weights",
            "You have moved W2 by its own gradient before the blame went back "
            "through it. Which W2 did the forward pass use?",
            lambda v: _two_entries(_dW1(v, "early")),
        ),
        Mistake(
            "transposed",
            "The right two numbers, each in the other's place. The first index is "
            "the input, the second the neuron.",
            lambda v: _two_entries(_dW1(v).T),
        ),
        Mistake(
            "not-averaged",
            "Both are twice too large. The loss is a mean over two images: where does "
            "that show?",
            lambda v: _two_entries(_dW1(v, "sum")),
        ),
        Mistake(
            "last-image",
            "That is what the second image says. The first one used the weights, too.",
            lambda v: _two_entries(_dW1(v, "last")),
        ),
    ),
)

# -- The blame before softmax --------------------------------------------------


def _draw_softmax(rng: Generator) -> Values:
    z = [round(float(x), 1) for x in rng.uniform(-1, 1.5, 3)]
    return {"z": z, "v": [round(x, 1) for x in _drawn(rng, 3, 0.2, 1.5)]}


def _p(v: Values) -> Array:
    e = np.exp(v["z"])
    return np.asarray(e / e.sum())


def _three(numbers: Array) -> tuple[float, ...]:
    return tuple(float(x) for x in numbers)


SOFTMAX = Number(
    id="ch05.softmax",
    title="The blame before softmax",
    points=3,
    minutes=7,
    draw=_draw_softmax,
    shown=lambda v: {"z": _row(v["z"], 1), "blame v at p": _row(v["v"], 1)},
    fields=("dz_0", "dz_1", "dz_2"),
    answer=lambda v: _three(_p(v) * (v["v"] - np.dot(v["v"], _p(v)))),
    hints=(
        "Compute p first, then the one number v · p.",
        "The three answers add up to 0: a check of your own.",
    ),
    mistakes=(
        Mistake(
            "diagonal-alone",
            "You have used only how p_j moves with its own z_j. What does z_j do to "
            "the other two?",
            lambda v: _three(_p(v) * (1 - _p(v)) * v["v"]),
        ),
        Mistake(
            "no-average",
            "That is p times v. Raise all three z by the same amount: p stays as it "
            "is. So what must your three numbers add up to?",
            lambda v: _three(_p(v) * v["v"]),
        ),
        Mistake(
            "average-added",
            "The average has the wrong sign: a class with an average blame should "
            "get none.",
            lambda v: _three(_p(v) * (v["v"] + np.dot(v["v"], _p(v)))),
        ),
        Mistake(
            "no-share",
            "That is how far each v lies from the average. How strongly does z_j "
            "move its own p_j: as strongly for a tiny p_j as for a large one?",
            lambda v: _three(v["v"] - np.dot(v["v"], _p(v))),
        ),
        Mistake(
            "plain-mean",
            "You have taken the plain mean of v. The average here counts each class "
            "by its share p.",
            lambda v: _three(_p(v) * (v["v"] - np.mean(v["v"]))),
        ),
    ),
)

# -- What the way back costs ---------------------------------------------------


def _draw_sizes(rng: Generator) -> Values:
    return {"sizes": [int(n) for n in rng.integers(4, 30, 4)]}


def _by_layer(v: Values) -> list[int]:
    return [n * m for n, m in itertools.pairwise(v["sizes"])]


def _first_share(v: Values) -> float:
    return _by_layer(v)[0] / sum(_by_layer(v))


COST = Number(
    id="ch05.cost",
    title="What the way back costs",
    points=2,
    minutes=5,
    draw=_draw_sizes,
    shown=lambda v: {
        name: str(n)
        for name, n in zip(
            ("inputs", "first hidden layer", "second hidden layer", "outputs"),
            v["sizes"],
            strict=True,
        )
    },
    fields=("backward / forward",),
    answer=lambda v: (2 - _first_share(v),),
    hints=(
        "For one image, forward multiplies once for each weight. How many weights "
        "has each of the three layers?",
        "Backward multiplies twice for each weight, with one exception.",
    ),
    mistakes=(
        Mistake(
            "nothing-saved",
            "Two for every weight: you have handed blame to the inputs as well. Who "
            "would use it?",
            lambda v: (2.0,),
        ),
        Mistake(
            "gradients-alone",
            "You have counted the dW alone. How does blame get from layer to layer?",
            lambda v: (1.0,),
        ),
        Mistake(
            "blame-alone",
            "You have counted how the blame is handed on. What does each layer do "
            "with the blame, besides?",
            lambda v: (1 - _first_share(v),),
        ),
        Mistake(
            "last-layer-saved",
            "You have saved the dX of the last layer. Its blame is needed below; "
            "which layer has nothing below it?",
            lambda v: (2 - _by_layer(v)[-1] / sum(_by_layer(v)),),
        ),
        Mistake(
            "upside-down",
            "That is forward over backward. Which of the two is more work?",
            lambda v: (1 / (2 - _first_share(v)),),
        ),
        Mistake(
            "both-passes",
            "That is the price of both passes together. The question is for backward "
            "over forward.",
            lambda v: (3 - _first_share(v),),
        ),
    ),
)

# -- A start at zero -----------------------------------------------------------

ZERO = Choice(
    id="ch05.zero",
    title="A start at zero",
    points=1,
    minutes=4,
    draw=nothing,
    shown=none_shown,
    options=lambda v: (
        "db2 alone",
        "dW2 and db2",
        "db1 and db2",
        "none of them",
        "all of them",
    ),
    answer=lambda v: 0,
    hints=(
        "Walk forward with zeros: what is A1, and what do all answers say?",
        "Then walk back. Each gradient is a product: which ones have a factor 0?",
    ),
    mistakes=(
        Mistake(
            "with-last-weights",
            "dW2 is A1 transposed times dZ2. What is tanh(0)?",
            lambda v: 1,
        ),
        Mistake(
            "with-all-biases",
            "db1 is a sum of dZ1, and dZ1 has come back through W2. What is left of a "
            "blame that passes weights of 0?",
            lambda v: 2,
        ),
        Mistake(
            "nothing-at-all",
            "All answers are ½. Are three targets of 1 and one of 0 content with that?",
            lambda v: 3,
        ),
        Mistake(
            "everything",
            "A gradient is not zero because the loss is not. Each one is a product: "
            "begin with A1, then with W2.",
            lambda v: 4,
        ),
    ),
)

# -- Nine digits ---------------------------------------------------------------


def _sigmoid(z: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-z)))


def _mazur(slip: str = "") -> tuple[float, float]:
    """∂L/∂W1[0, 0], and what follows 0.291027 in the loss after one step."""
    x, t = np.array([[0.05, 0.10]]), np.array([[0.01, 0.99]])
    W1, W2 = (
        np.array([[0.15, 0.25], [0.20, 0.30]]),
        np.array([[0.4, 0.5], [0.45, 0.55]]),
    )
    b1, b2 = np.full(2, 0.35), np.full(2, 0.60)
    a = _sigmoid(x @ W1 + b1)
    y = _sigmoid(a @ W2 + b2)
    dZ2 = (y - t) * y * (1 - y)
    W2_after = W2 - 0.5 * a.T @ dZ2
    dA1 = dZ2 @ (W2_after if slip == "early" else W2).T
    if slip == "square":
        dA1 = dZ2 @ W2
    if slip == "one path":
        dA1 = dZ2[:, :1] @ W2[:, :1].T
    dZ1 = dA1 if slip == "no slope" else dA1 * a * (1 - a)
    dW1 = x.T @ dZ1
    if slip != "no step":
        W1, W2 = W1 - 0.5 * dW1, W2_after
    if slip == "biases":
        b1, b2 = b1 - 0.5 * dZ1[0], b2 - 0.5 * dZ2[0]
    y = _sigmoid(_sigmoid(x @ W1 + b1) @ W2 + b2)
    loss = float(np.sum((y - t) ** 2)) / 2
    return float(dW1[0, 0]), float(math.floor(loss * 1e9 + 0.5) - 291_027_000)


MAZUR = Number(
    id="ch05.mazur",
    title="Nine digits of a famous example",
    points=4,
    minutes=15,
    draw=nothing,
    shown=none_shown,
    fields=("dW1[0, 0]", "the three digits after 0.291027, exactly"),
    answer=lambda v: _mazur(),
    hints=(
        "Compute in code, with all digits that there are. Check the start: the loss "
        "before the step is 0.298371109.",
        "The loss is ½ Σ (y − t)², so dZ2 = (y − t) y (1 − y): here the sigmoid's "
        "slope is part of the blame.",
        "Compute all gradients first. Then take the step.",
    ),
    mistakes=(
        Mistake(
            "early",
            "You have updated W2 before the blame went back through it. The error is "
            "small, but there are nine digits to see it.",
            lambda v: _mazur("early"),
        ),
        Mistake(
            "whole-loss",
            "The gradient is right. Of the loss, only the three digits after 0.291027 "
            "are asked for, as a whole number.",
            lambda v: (_mazur()[0], 0.291027 + 1e-9 * _mazur()[1]),
        ),
        Mistake(
            "no-step",
            "That is the loss before the step.",
            lambda v: _mazur("no step"),
        ),
        Mistake(
            "biases-moved",
            "The gradient is right. In this example the biases stay where they are.",
            lambda v: _mazur("biases"),
        ),
        Mistake(
            "no-slope",
            "The blame has passed the hidden sigmoids unchanged. How steep are they?",
            lambda v: _mazur("no slope"),
        ),
        Mistake(
            "not-transposed",
            "W2 is square, so dZ2 @ W2 has the right shape. Is it the right product?",
            lambda v: _mazur("square"),
        ),
        Mistake(
            "one-path",
            "Hidden neuron 0 feeds two output neurons. You have heard one of them.",
            lambda v: _mazur("one path"),
        ),
    ),
)

EXERCISES: tuple[Exercise, ...] = (
    ENTRY,
    PATHS,
    CANCEL,
    ch05_code.BEND,
    TWO_LAYERS,
    ch05_code.DENSE,
    SOFTMAX,
    ch05_code.NETWORK,
    ch05_code.CHECK,
    COST,
    ZERO,
    ch05_repair.TANH,
    ch05_repair.SQUARE,
    ch05_repair.TWICE,
    MAZUR,
)
