"""Chapter 2, The forward pass: what needs no code.

A layer is Z = XW + b, one example a row of X, one neuron a column of W.
"""

from __future__ import annotations

import math

import numpy as np

from course.exercises import ch02_code
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


def _minus(text: str) -> str:
    """Write a real minus sign."""
    return text.replace("-", "−")


def _row(numbers: list[float]) -> str:
    return _minus("(" + ", ".join(f"{x:.1f}" for x in numbers) + ")")


def _rounded(rng: Generator, low: float, high: float, *shape: int) -> list[float]:
    """Numbers with one decimal, none of them 0."""
    sizes = np.round(rng.uniform(low, high, shape), 1)
    return (sizes * rng.choice([-1, 1], shape)).tolist()  # type: ignore[no-any-return]


# -- One number of a layer -----------------------------------------------------


def _draw_entry(rng: Generator) -> Values:
    n = int(rng.integers(2))
    return {
        "X": np.round(rng.uniform(0.2, 3, (2, 2)), 1).tolist(),
        "W": _rounded(rng, 0.3, 3, 2, 3),
        "b": _rounded(rng, 0.3, 2, 3),
        "n": n,
        "j": 1 - n,
    }


def _show_entry(v: Values) -> dict[str, str]:
    return {
        **{f"X, row {n}": _row(row) for n, row in enumerate(v["X"])},
        **{f"W, row {i}": _row(row) for i, row in enumerate(v["W"])},
        "b": _row(v["b"]),
        "asked for": f"Z[{v['n']}, {v['j']}]",
    }


def _entry(v: Values, n: int, j: int, bias: int) -> tuple[float, ...]:
    return (float(np.dot(v["X"][n], np.array(v["W"])[:, j]) + v["b"][bias]),)


ENTRY = Number(
    id="ch02.entry",
    title="One number of a layer",
    points=2,
    minutes=4,
    draw=_draw_entry,
    shown=_show_entry,
    fields=("entry of Z",),
    answer=lambda v: _entry(v, v["n"], v["j"], v["j"]),
    hints=(
        "Which row of X and which column of W belong to Z[n, j]?",
        "A row of X against a column of W: multiply in pairs and add up. Then one "
        "number is missing.",
    ),
    mistakes=(
        Mistake(
            "row-of-W",
            "You have gone along a row of W. What W holds in a row goes to different "
            "neurons; where do the weights of one neuron stand?",
            lambda v: (float(np.dot(v["X"][v["n"]], v["W"][v["j"]][:2]))
                       + v["b"][v["j"]],),
        ),
        Mistake(
            "no-bias",
            "Inputs and weights are right. What does each neuron add?",
            lambda v: (_entry(v, v["n"], v["j"], v["j"])[0] - v["b"][v["j"]],),
        ),
        Mistake(
            "bias-of-the-image",
            "You have picked the bias by the image. Whose is it, the image's or the "
            "neuron's?",
            lambda v: _entry(v, v["n"], v["j"], 1 - v["j"]),
        ),
        Mistake(
            "indices-swapped",
            "That is the entry with the two indices swapped. Which of them counts "
            "images, which neurons?",
            lambda v: _entry(v, v["j"], v["n"], v["n"]),
        ),
        Mistake(
            "other-image",
            "That is the number of the other image. The first index says which row.",
            lambda v: _entry(v, 1 - v["n"], v["j"], v["j"]),
        ),
        Mistake(
            "all-biases",
            "You have added all three biases. Each of them belongs to one neuron.",
            lambda v: (
                _entry(v, v["n"], v["j"], v["j"])[0]
                + sum(v["b"]) - v["b"][v["j"]],
            ),
        ),
    ),
)  # fmt: skip

# -- One layer from two --------------------------------------------------------


def _draw_merge(rng: Generator) -> Values:
    return {
        "W1": _rounded(rng, 0.3, 2.5, 2, 2),
        "b1": _rounded(rng, 0.3, 2, 2),
        "W2": _rounded(rng, 0.3, 2.5, 2),
        "b2": _rounded(rng, 0.3, 2, 1)[0],
    }


def _show_merge(v: Values) -> dict[str, str]:
    return {
        **{f"W_1, row {i}": _row(row) for i, row in enumerate(v["W1"])},
        "b_1": _row(v["b1"]),
        "W_2, its column": _row(v["W2"]),
        "b_2": _minus(f"{v['b2']:.1f}"),
    }


def _merged(v: Values) -> tuple[float, ...]:
    w = np.array(v["W1"]) @ v["W2"]
    return float(w[0]), float(w[1]), float(np.dot(v["b1"], v["W2"]) + v["b2"])


def _merged_bias(v: Values, bias: float) -> tuple[float, ...]:
    return (*_merged(v)[:2], float(bias))


def _merged_weights(v: Values, w: object) -> tuple[float, ...]:
    first, second = np.asarray(w, float)
    return float(first), float(second), _merged(v)[2]


MERGE = Number(
    id="ch02.merge",
    title="One layer from two",
    points=3,
    minutes=6,
    draw=_draw_merge,
    shown=_show_merge,
    fields=("first weight", "second weight", "bias"),
    answer=_merged,
    hints=(
        "Write the first neurons' z with u and ℓ, put them into the second layer, and "
        "collect what stands before u, before ℓ, and alone.",
        "The merged weights are W_1 W_2. What happens to b_1 on its way through the "
        "second layer?",
    ),
    mistakes=(
        Mistake(
            "biases-added",
            "The weights are right. You have added the biases as they are; but those "
            "of the first layer go through the second one's weights.",
            lambda v: _merged_bias(v, sum(v["b1"]) + v["b2"]),
        ),
        Mistake(
            "second-bias-alone",
            "The weights are right. But the first layer's biases do not get lost: "
            "what does the second layer do with them?",
            lambda v: _merged_bias(v, v["b2"]),
        ),
        Mistake(
            "first-bias-alone",
            "The weights are right, and b_1 has gone through W_2. The second layer "
            "has a bias, too.",
            lambda v: _merged_bias(v, np.dot(v["b1"], v["W2"])),
        ),
        Mistake(
            "transposed",
            "The bias is right. For the weights you have gone down the columns of "
            "W_1. Which numbers of W_1 is the first input multiplied by?",
            lambda v: _merged_weights(v, np.array(v["W1"]).T @ v["W2"]),
        ),
        Mistake(
            "second-weights-forgotten",
            "The bias is right. For the weights you have added up those of the first "
            "layer. Each of its neurons is weighed again before they are added.",
            lambda v: _merged_weights(v, np.sum(v["W1"], axis=1)),
        ),
        Mistake(
            "weights-added",
            "You have added weights along the way. Along a way they multiply: an "
            "input is weighed, and the result is weighed again.",
            lambda v: (
                *(float(np.sum(row) + np.sum(v["W2"])) for row in v["W1"]),
                float(np.sum(v["b1"]) + np.sum(v["W2"]) + v["b2"]),
            ),
        ),
    ),
)

# -- Where the slope of tanh comes from ----------------------------------------

TANH = Order(
    id="ch02.tanh",
    title="Where the slope of tanh comes from",
    points=2,
    minutes=5,
    lines=(
        Line("a = 2 s − 1, with s = σ(2z)", "tanh, written with a sigmoid"),
        Line(
            "f′(z) = (a by s) · (s by 2z) · (2z by z)",
            "rates along a chain multiply",
        ),
        Line("f′(z) = 2 · (s by 2z) · 2", "a factor in front is a rate"),
        Line("f′(z) = 4 s (1 − s)", "the slope of the sigmoid"),
        Line("f′(z) = (1 + a)(1 − a)", "the first line, solved for s"),
        Line("f′(z) = 1 − a²", "two brackets multiplied out"),
    ),
    other_reasons=(
        "the slope of a square",
        "the slope is taken at a",
    ),
    hints=(
        "Begin with what a is, and end with a and nothing else.",
        "From the second line on, each line fills in or rewrites a part of the one "
        "before.",
    ),
    mistakes=(
        Mistake(
            "chain-before-tanh",
            "You speak of the rates of a, s and 2z before it is said what they have "
            "to do with each other. Which line brings in s?",
            lambda v: {"order": [1, 0, 2, 3, 4, 5]},
        ),
        Mistake(
            "sigmoid-before-twos",
            "The line with 4 s (1 − s) has no open rate left, and the two 2s have "
            "become a 4. So what was filled in before it?",
            lambda v: {"order": [0, 1, 3, 2, 4, 5]},
        ),
        Mistake(
            "backwards-at-the-end",
            "From 1 − a² to two brackets one can go, too, but how would you get from "
            "4 s (1 − s) to 1 − a² in one step with a single reason?",
            lambda v: {"order": [0, 1, 2, 3, 5, 4]},
        ),
        Mistake(
            "square",
            "There is a square in the last line, but nobody has differentiated it. "
            "What was done with the two brackets?",
            lambda v: {"reasons": {5: "the slope of a square"}},
        ),
        Mistake(
            "slope-at-a",
            "This is the slope at z. How did a get into it: from where did you get "
            "s, written with a?",
            lambda v: {"reasons": {4: "the slope is taken at a"}},
        ),
    ),
)

# -- The slope where it belongs ------------------------------------------------


def _draw_slope(rng: Generator) -> Values:
    u, l = (round(float(x), 2) for x in rng.uniform(0.3, 0.95, 2))
    w_u, w_l = (round(float(x), 1) for x in rng.uniform(-2, 2, 2))
    return {"u": u, "l": l, "w_u": w_u, "w_l": w_l, "b": round(float(rng.normal()), 1)}


def _z(v: Values) -> float:
    return float(v["u"] * v["w_u"] + v["l"] * v["w_l"] + v["b"])


def _show_slope(v: Values) -> dict[str, str]:
    places = {"u": 2, "l": 2, "w_u": 1, "w_l": 1, "b": 1}
    return {
        name.replace("l", "ℓ"): _minus(f"{v[name]:.{digits}f}")
        for name, digits in places.items()
    }


SLOPE = Number(
    id="ch02.slope",
    title="The slope where it belongs",
    points=2,
    minutes=4,
    draw=_draw_slope,
    shown=_show_slope,
    fields=("a", "slope"),
    answer=lambda v: (math.tanh(_z(v)), 1 - math.tanh(_z(v)) ** 2),
    hints=(
        "Compute z first, and keep all its digits.",
        "The slope of tanh at z can be written with a alone.",
    ),
    mistakes=(
        Mistake(
            "slope-at-a",
            "a is right. You have sent it through tanh once more for the slope. But "
            "a is tanh's answer already.",
            lambda v: (math.tanh(_z(v)), 1 - math.tanh(math.tanh(_z(v))) ** 2),
        ),
        Mistake(
            "z-for-a",
            "a is right. The slope has the square of something in it: of z, or of "
            "what tanh makes of it?",
            lambda v: (math.tanh(_z(v)), 1 - _z(v) ** 2),
        ),
        Mistake(
            "sigmoids-slope",
            "a is right. Your formula for the slope belongs to the sigmoid. What is "
            "that of tanh?",
            lambda v: (math.tanh(_z(v)), math.tanh(_z(v)) * (1 - math.tanh(_z(v)))),
        ),
        Mistake(
            "no-square",
            "a is right. 1 − a is one of two factors of the slope.",
            lambda v: (math.tanh(_z(v)), 1 - math.tanh(_z(v))),
        ),
        Mistake(
            "sigmoid",
            "This neuron bends with tanh; you have bent with the sigmoid.",
            lambda v: (_sigmoid(_z(v)), _sigmoid(_z(v)) * (1 - _sigmoid(_z(v)))),
        ),
        Mistake(
            "no-bias",
            "Weights and inputs are right. What else is in z?",
            lambda v: (
                math.tanh(_z(v) - v["b"]),
                1 - math.tanh(_z(v) - v["b"]) ** 2,
            ),
        ),
    ),
)


def _sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


# -- Awake from here on --------------------------------------------------------

BIAS = Slider("b", "bias b", low=-4.0, high=4.0, step=0.1, start=0.0)


def _draw_threshold(rng: Generator) -> Values:
    while True:
        w = round(float(rng.uniform(1.4, 2.6)), 1)
        theta = round(float(rng.uniform(0.4, 1.4) * rng.choice([-1, 1])), 1)
        v = {"w": w, "theta": theta}
        # A slip of the slider must not look like a mistake of the mind,
        wrong = w * theta, -theta, theta, -theta / w
        far = all(abs(b + w * theta) > 3 * BIAS.step for b in wrong)
        # and no two places of it may be equally near.
        if far and abs(10 * w * theta % 1 - 0.5) > 0.15:
            return v


def _relu_curve(w: float, b: float) -> Curve:
    corner = -b / w
    ends = sorted({-2.0, 2.0, min(max(corner, -2.0), 2.0)})
    heights = tuple(max(w * x + b, 0.0) for x in ends)
    return Curve("answer", tuple(ends), heights, "activation")


def _threshold_background(v: Values) -> tuple[Curve, ...]:
    return (Curve("θ", (v["theta"], v["theta"]), (0.0, 4.0), "data"),)


def _threshold_frame(v: Values, settings: Settings) -> Frame:
    w, b = v["w"], settings["b"]
    readings = {
        "answer at θ − 0.1": max(w * (v["theta"] - 0.1) + b, 0.0),
        "answer at θ + 0.1": max(w * (v["theta"] + 0.1) + b, 0.0),
    }
    return Frame(readings, (_relu_curve(w, b),))


THRESHOLD = Tune(
    id="ch02.threshold",
    title="Awake from here on",
    points=2,
    minutes=5,
    draw=_draw_threshold,
    shown=lambda v: {
        "w": f"{v['w']:.1f}",
        "θ": _minus(f"{v['theta']:.1f}"),
    },
    sliders=(BIAS,),
    goal="Set b so that the corner of the ReLU lies as near to θ as the slider allows.",
    background=_threshold_background,
    frame=_threshold_frame,
    accept=lambda v, s: BIAS.place(s["b"]) == BIAS.place(-v["w"] * v["theta"]),
    answer=lambda v: {"b": -v["w"] * v["theta"]},
    xlabel="input x",
    ylabel="answer",
    hints=(
        "What is z at the corner of a ReLU?",
        "Below θ the answer is to be 0, just above it no longer: use both readings.",
    ),
    mistakes=(
        Mistake(
            "one-step-low",
            "Very near. The neuron still sleeps a little beyond θ.",
            lambda v: {"b": BIAS.at(BIAS.place(-v["w"] * v["theta"]) - 1)},
        ),
        Mistake(
            "one-step-high",
            "Very near. The neuron is awake a little below θ already.",
            lambda v: {"b": BIAS.at(BIAS.place(-v["w"] * v["theta"]) + 1)},
        ),
        Mistake(
            "sign",
            "Size right, sign wrong: where is w x + b zero now, at θ or at −θ?",
            lambda v: {"b": v["w"] * v["theta"]},
        ),
        Mistake(
            "no-weight",
            "You have shifted z by θ. But z is w times as wide as x: what is w x at "
            "x = θ?",
            lambda v: {"b": -v["theta"]},
        ),
        Mistake(
            "theta-itself",
            "A bias is added to w x, it is not compared with x. What must it cancel "
            "at x = θ?",
            lambda v: {"b": v["theta"]},
        ),
    ),
)

# -- Behind the mirror ---------------------------------------------------------

MIRROR = Choice(
    id="ch02.mirror",
    title="Behind the mirror",
    points=1,
    minutes=3,
    draw=lambda rng: {
        "c": round(float(rng.uniform(0.3, 2)), 1),
        "d": round(float(rng.uniform(-2, -0.3)), 1),
        "k": int(rng.integers(2, 10)),
    },
    shown=lambda v: {
        "W_2, its column": _row([v["c"], v["c"], v["d"]]),
        "b_2": "0",
    },
    options=lambda v: (
        f"multiply W2[0, 0] and W2[1, 0] by {v['k']}",
        f"multiply W2[0, 0] by {v['k']}",
        f"multiply W2[2, 0] by {v['k']}",
        f"multiply W1[0, 0] by {v['k']}",
    ),
    answer=lambda v: 0,
    hints=(
        "Neurons 0 and 1 say a and −a. Write down what the output gets from both, for "
        "each change.",
    ),
    mistakes=(
        Mistake(
            "one-side",
            "Now a has one weight and −a another. Do they still cancel?",
            lambda v: 1,
        ),
        Mistake(
            "the-speaker",
            "Neuron 2 is the one that the output hears. A louder neuron 2 changes "
            "the answers.",
            lambda v: 2,
        ),
        Mistake(
            "one-mirror-weight",
            "Neuron 0 does not look at the inks as neuron 1 does any longer. Are "
            "their answers still opposite for an image with ink above?",
            lambda v: 3,
        ),
    ),
)

# -- Count the numbers ---------------------------------------------------------


def _draw_sizes(rng: Generator) -> Values:
    return {
        "inputs": int(rng.integers(5, 40)),
        "hidden": int(rng.integers(3, 20)),
        "outputs": int(rng.integers(2, 11)),
        "N": int(rng.integers(12, 60)),
    }


def _show_sizes(v: Values) -> dict[str, str]:
    sizes = {name: str(v[name]) for name in ("inputs", "hidden", "outputs")}
    return {**sizes, "images N": str(v["N"])}


def _weights(v: Values) -> int:
    return int(v["inputs"] * v["hidden"] + v["hidden"] * v["outputs"])


def _parameters(v: Values) -> int:
    return _weights(v) + int(v["hidden"] + v["outputs"])


PARAMETERS = Number(
    id="ch02.parameters",
    title="Count the numbers",
    points=1,
    minutes=3,
    draw=_draw_sizes,
    shown=_show_sizes,
    fields=("parameters",),
    answer=lambda v: (_parameters(v),),
    rtol=0,
    hints=("For each layer: how many neurons, and how many numbers has each of them?",),
    mistakes=(
        Mistake(
            "no-biases",
            "These are the weights. Each neuron has one number more.",
            lambda v: (_weights(v),),
        ),
        Mistake(
            "biased-inputs",
            "You have given the inputs a bias, too. They are no neurons: what they "
            "say is decided by the image.",
            lambda v: (_parameters(v) + v["inputs"],),
        ),
        Mistake(
            "bias-an-image",
            "You have counted the biases once for each image. All images share them, "
            "as they share the weights.",
            lambda v: (_weights(v) + v["N"] * (v["hidden"] + v["outputs"]),),
        ),
        Mistake(
            "one-bias-a-layer",
            "You have one bias for each layer. How long is b for a layer with many "
            "neurons?",
            lambda v: (_weights(v) + 2,),
        ),
        Mistake(
            "straight-through",
            "You have connected the inputs with the outputs, too. What does a neuron "
            "of the last layer look at?",
            lambda v: (_parameters(v) + v["inputs"] * v["outputs"],),
        ),
        Mistake(
            "an-image-each",
            "That would be a network for each image. They all use the same one.",
            lambda v: (_parameters(v) * v["N"],),
        ),
    ),
)

# -- From a first weight to the answer -----------------------------------------


def _draw_path(rng: Generator) -> Values:
    return {
        "u": round(float(rng.uniform(0.3, 0.95)), 2),
        "l": round(float(rng.uniform(0.3, 0.95)), 2),
        "w": round(float(rng.uniform(0.4, 2) * rng.choice([-1, 1])), 1),
        "a": round(float(rng.uniform(0.2, 0.9) * rng.choice([-1, 1])), 2),
        "v": round(float(rng.uniform(0.4, 2) * rng.choice([-1, 1])), 1),
        "y": round(float(rng.uniform(0.1, 0.9)), 2),
    }


def _show_path(v: Values) -> dict[str, str]:
    places = {"u": 2, "l": 2, "w": 1, "a": 2, "v": 1, "y": 2}
    return {
        name.replace("l", "ℓ"): _minus(f"{v[name]:.{digits}f}")
        for name, digits in places.items()
    }


def _path(v: Values) -> float:
    slopes = (1 - v["a"] ** 2) * v["y"] * (1 - v["y"])
    return float(v["u"] * v["v"] * slopes)


PATH = Number(
    id="ch02.path",
    title="From a first weight to the answer",
    points=3,
    minutes=8,
    draw=_draw_path,
    shown=_show_path,
    fields=("rate of y",),
    answer=lambda v: (_path(v),),
    hints=(
        "w moves the hidden z, that moves a, a moves the output's z, and that moves "
        "y: four rates.",
        "Two of the rates are slopes of bends, the other two are what something is "
        "multiplied by.",
    ),
    mistakes=(
        Mistake(
            "no-hidden-slope",
            "One arrow is missing: the hidden neuron has a bend, too.",
            lambda v: (_path(v) / (1 - v["a"] ** 2),),
        ),
        Mistake(
            "no-output-slope",
            "That is how fast the output's z moves. How fast does y move with it?",
            lambda v: (_path(v) / (v["y"] * (1 - v["y"])),),
        ),
        Mistake(
            "no-outgoing-weight",
            "You go from the hidden activation to the output as if it were handed on "
            "as it is. What is it multiplied by?",
            lambda v: (_path(v) / v["v"],),
        ),
        Mistake(
            "own-weight",
            "You have multiplied by w itself. If w moves, how fast does w u move?",
            lambda v: (_path(v) / v["u"] * v["w"],),
        ),
        Mistake(
            "other-input",
            "That is the rate for the weight of ℓ. Which input comes in through w?",
            lambda v: (_path(v) / v["u"] * v["l"],),
        ),
        Mistake(
            "slope-at-a",
            "You have taken the hidden slope at a. But a is tanh's answer already.",
            lambda v: (
                _path(v) / (1 - v["a"] ** 2) * (1 - math.tanh(v["a"]) ** 2),
            ),
        ),
        Mistake(
            "sigmoid-everywhere",
            "a (1 − a) is the slope of a sigmoid. Which bend has the hidden neuron?",
            lambda v: (_path(v) / (1 + v["a"]) * v["a"],),
        ),
    ),
)  # fmt: skip

# -- What wiggling a network costs ---------------------------------------------

COST = Number(
    id="ch02.cost",
    title="What wiggling a network costs",
    points=2,
    minutes=5,
    draw=_draw_sizes,
    shown=_show_sizes,
    fields=("multiplications",),
    answer=lambda v: (2 * _parameters(v) * v["N"] * _weights(v),),
    rtol=0,
    hints=(
        "How many multiplications does one forward pass make, for one image?",
        "How many parameters are wiggled, and how often is the loss computed for each?",
    ),
    mistakes=(
        Mistake(
            "one-image",
            "That is the price if there were one image. The batch has more.",
            lambda v: (2 * _parameters(v) * _weights(v),),
        ),
        Mistake(
            "one-sided",
            "One loss for each parameter is not enough for a wiggle that goes both "
            "ways.",
            lambda v: (_parameters(v) * v["N"] * _weights(v),),
        ),
        Mistake(
            "weights-alone",
            "You have wiggled the weights. The biases are part of the gradient, too.",
            lambda v: (2 * _weights(v) * v["N"] * _weights(v),),
        ),
        Mistake(
            "biases-multiply",
            "You have counted a multiplication for each bias. A bias is added, not "
            "multiplied.",
            lambda v: (2 * _parameters(v) * v["N"] * _parameters(v),),
        ),
        Mistake(
            "one-pass",
            "That is one forward pass. How many does the gradient take?",
            lambda v: (v["N"] * _weights(v),),
        ),
        Mistake(
            "passes",
            "That is how many losses are computed. How many multiplications are in "
            "each of them?",
            lambda v: (2 * _parameters(v),),
        ),
    ),
)

EXERCISES: tuple[Exercise, ...] = (
    ENTRY,
    ch02_code.LAYER,
    MERGE,
    TANH,
    SLOPE,
    ch02_code.RELU,
    THRESHOLD,
    MIRROR,
    PARAMETERS,
    ch02_code.FORWARD,
    PATH,
    COST,
    ch02_code.LAST_LAYER,
)
