"""Chapter 4, The chain rule on a graph: numbers that mix in earlier chapters."""

from __future__ import annotations

import math

from course.model import Generator, Mistake, Number, Values


def sigmoid(z: float) -> float:
    """σ(z)."""
    return 1 / (1 + math.exp(-z))


def tenths(rng: Generator, low: float, high: float) -> float:
    """Return a number with one decimal, of either sign."""
    return float(rng.choice([-1, 1])) * round(float(rng.uniform(low, high)), 1)


def _shown(v: Values, places: dict[str, int]) -> dict[str, str]:
    return {
        name: f"{v[name]:.{digits}f}".replace("-", "−")
        for name, digits in places.items()
    }


# -- Paths and arrows ------------------------------------------------------------


def _paths(v: Values) -> int:
    return int(v["second"] * v["third"])


def _arrows(v: Values) -> int:
    first, second, third = v["first"], v["second"], v["third"]
    return int(first * second + second * third + third)


PATHS = Number(
    id="ch04.paths",
    title="Paths and arrows",
    points=2,
    minutes=5,
    draw=lambda rng: {
        name: int(n)
        for name, n in zip(
            ("first", "second", "third"), rng.integers(3, 20, 3), strict=True
        )
    },
    shown=lambda v: {f"{name} hidden layer": str(n) for name, n in v.items()},
    fields=("paths", "arrows"),
    answer=lambda v: (_paths(v), _arrows(v)),
    rtol=0,
    hints=(
        "A weight of the first layer feeds one neuron. From there, count choices.",
        "Arrows from layer to layer: each neuron of one to each neuron of the next.",
    ),
    mistakes=(
        Mistake(
            "first-layer-chosen",
            "The arrows are right, the paths are too many. Is there a choice in the "
            "first hidden layer? The weight goes to one neuron of it.",
            lambda v: (v["first"] * _paths(v), _arrows(v)),
        ),
        Mistake(
            "choices-added",
            "The arrows are right. For the paths: for each neuron of the second layer "
            "all the third ones can follow. Do choices add or multiply?",
            lambda v: (v["second"] + v["third"], _arrows(v)),
        ),
        Mistake(
            "no-output",
            "The paths are right. The arrows into the output neuron are missing.",
            lambda v: (_paths(v), _arrows(v) - v["third"]),
        ),
        Mistake(
            "of-one-neuron",
            "The paths are right. You have counted the arrows above one neuron of the "
            "first layer. One walk serves all of them.",
            lambda v: (_paths(v), v["second"] + _paths(v) + v["third"]),
        ),
        Mistake(
            "as-many",
            "The paths are right. But a backward pass does not walk every path: how "
            "often does it take an arrow that many paths share?",
            lambda v: (_paths(v), _paths(v)),
        ),
    ),
)


# -- A weight of the first layer --------------------------------------------------


def _draw_weight(rng: Generator) -> Values:
    u, l = (round(float(x), 2) for x in rng.uniform(0.3, 0.95, 2))
    names = ("w_u", "w_l", "b", "v", "r")
    numbers = {name: tenths(rng, 0.4, 1.6) for name in names}
    return {"u": u, "l": l, **numbers, "t": int(rng.integers(2))}


def _forward(v: Values) -> tuple[float, float]:
    """Activation of the hidden neuron, and the answer."""
    h = math.tanh(v["u"] * v["w_u"] + v["l"] * v["w_l"] + v["b"])
    return h, sigmoid(float(h * v["v"] + v["r"]))


def _dw(v: Values, which: str = "u") -> float:
    h, a = _forward(v)
    return float((a - v["t"]) * v["v"] * (1 - h**2) * v[which])


def _other_slope(v: Values, slope: float) -> tuple[float]:
    h, _ = _forward(v)
    return (_dw(v) / (1 - h**2) * slope,)


FIRST_WEIGHT = Number(
    id="ch04.first-weight",
    title="A weight of the first layer",
    points=3,
    minutes=8,
    draw=_draw_weight,
    shown=lambda v: {
        name.replace("l", "ℓ"): text
        for name, text in _shown(
            v, {"u": 2, "l": 2, "w_u": 1, "w_l": 1, "b": 1, "v": 1, "r": 1, "t": 0}
        ).items()
    },
    fields=("dw_u",),
    answer=lambda v: (_dw(v),),
    hints=(
        "Forward first: the hidden sum, h, z and a. Keep h and a.",
        "Back from the loss: dz is known from chapter 3. Then dh, then the blame of "
        "the hidden neuron, then its weight.",
    ),
    mistakes=(
        Mistake(
            "no-tanh-slope",
            "The blame has passed the bend without being dampened. How fast does h "
            "move with the hidden sum?",
            lambda v: _other_slope(v, 1.0),
        ),
        Mistake(
            "slope-at-h",
            "You have sent h through tanh once more. The slope is 1 − tanh² of the "
            "sum, and tanh of the sum is h.",
            lambda v: _other_slope(v, 1 - math.tanh(_forward(v)[0]) ** 2),
        ),
        Mistake(
            "sigmoids-slope",
            "This neuron bends with tanh. You have taken the slope of another bend.",
            lambda v: _other_slope(v, _forward(v)[0] * (1 - _forward(v)[0])),
        ),
        Mistake(
            "no-weight-above",
            "The blame has come down through a weight. At a product, what is handed "
            "to h?",
            lambda v: (_dw(v) / v["v"],),
        ),
        Mistake(
            "squared-error",
            "That is dz of chapter 1's squared error. This loss is cross-entropy: "
            "which slope cancels?",
            lambda v: (_dw(v) * 2 * _forward(v)[1] * (1 - _forward(v)[1]),),
        ),
        Mistake(
            "target-minus-answer",
            "Size right, sign wrong. If a is above its target and z grows, which way "
            "does the loss go?",
            lambda v: (-_dw(v),),
        ),
        Mistake(
            "other-input",
            "That is the gradient of the other weight. Which input comes in through "
            "this one?",
            lambda v: (_dw(v, "l"),),
        ),
    ),
)


# -- One weight, two images ------------------------------------------------------


def _draw_images(rng: Generator) -> Values:
    first, second = (round(float(x), 2) for x in rng.uniform(0.2, 1.8, 2))
    w, b = (tenths(rng, 0.3, 2) for _ in range(2))
    return {"x_0": first, "t_0": 1, "x_1": second, "t_1": 0, "w": w, "b": b}


def _misses(v: Values) -> tuple[float, float]:
    return (
        sigmoid(float(v["x_0"] * v["w"] + v["b"])) - v["t_0"],
        sigmoid(float(v["x_1"] * v["w"] + v["b"])) - v["t_1"],
    )


def _shares(v: Values) -> tuple[float, float]:
    """What each image contributes to dw of the mean loss."""
    first, second = _misses(v)
    return float(first * v["x_0"] / 2), float(second * v["x_1"] / 2)


TWO_IMAGES = Number(
    id="ch04.two-images",
    title="One weight, two images",
    points=2,
    minutes=6,
    draw=_draw_images,
    shown=lambda v: _shown(v, {"x_0": 2, "t_0": 0, "x_1": 2, "t_1": 0, "w": 1, "b": 1}),
    fields=("dw",),
    answer=lambda v: (sum(_shares(v)),),
    hints=(
        "Draw the graph: w goes into two products, one for each image.",
        "The mean hands half of df = 1 to each image's loss. Then dz, then the "
        "product, for both.",
    ),
    mistakes=(
        Mistake(
            "sum-not-mean",
            "You have added the two images' losses. The loss is their mean: what does "
            "it hand to each?",
            lambda v: (2 * sum(_shares(v)),),
        ),
        Mistake(
            "last-image",
            "That is the second image's share alone. What happened to the first one's "
            "when it arrived?",
            lambda v: (_shares(v)[1],),
        ),
        Mistake(
            "first-image",
            "That is the first image's share alone. w is used a second time.",
            lambda v: (_shares(v)[0],),
        ),
        Mistake(
            "mean-twice",
            "You have taken the mean twice, in dz and again at the end.",
            lambda v: (sum(_shares(v)) / 2,),
        ),
        Mistake(
            "blame-alone",
            "You have added the blame of the two images, which is db. What does a "
            "product hand to the weight?",
            lambda v: (sum(_misses(v)) / 2,),
        ),
        Mistake(
            "inputs-apart",
            "You have multiplied the mean blame by the mean input. Each image's blame "
            "goes with its own input.",
            lambda v: (sum(_misses(v)) / 2 * (v["x_0"] + v["x_1"]) / 2,),
        ),
    ),
)
