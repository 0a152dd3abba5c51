"""Chapter 3, Measuring error: what needs no code.

Losses are those of the chapter, with the natural logarithm, averaged once.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course.exercises import ch03_code
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

Array = NDArray[np.float64]


def sigmoid(z: float) -> float:
    """σ(z)."""
    return 1 / (1 + math.exp(-z))


def softmax(z: Any) -> Array:
    """Return the probabilities of one row of small logits."""
    e = np.exp(z)
    return np.asarray(e / e.sum())


def signed(x: float, digits: int) -> str:
    """Return a number as it is shown."""
    return f"{x:.{digits}f}".replace("-", "−")


def row(numbers: Any, digits: int) -> str:
    """Return a row of numbers as it is shown."""
    return ", ".join(signed(float(x), digits) for x in numbers)


# -- What a claim costs --------------------------------------------------------


def _draw_coin(rng: Generator) -> Values:
    N = int(rng.integers(8, 40))
    return {
        "N": N,
        "h": int(rng.integers(2, N - 1)),
        "p": round(float(rng.uniform(0.1, 0.9)), 2),
    }


def _claim(v: Values, p: float) -> float:
    return float(-(v["h"] * math.log(p) + (v["N"] - v["h"]) * math.log(1 - p)) / v["N"])


COIN = Number(
    id="ch03.coin",
    title="What a claim costs",
    points=2,
    minutes=5,
    draw=_draw_coin,
    shown=lambda v: {
        "flips N": str(v["N"]),
        "heads h": str(v["h"]),
        "claim p": f"{v['p']:.2f}",
    },
    fields=("loss",),
    answer=lambda v: (_claim(v, v["p"]),),
    hints=(
        "What surprise does one head cost, and what does one tail cost?",
        "So many heads and so many tails have that surprise each; then take the mean.",
    ),
    mistakes=(
        Mistake(
            "tails-forgotten",
            "You have counted the heads. A tail surprises, too: which probability "
            "did the claim give to it?",
            lambda v: (-v["h"] * math.log(v["p"]) / v["N"],),
        ),
        Mistake(
            "sum",
            "That is the surprise of all flips together. The loss is its mean.",
            lambda v: (v["N"] * _claim(v, v["p"]),),
        ),
        Mistake(
            "sign",
            "The logarithm of a probability is negative. A loss is to be small where "
            "things are good, and this one grows there.",
            lambda v: (-_claim(v, v["p"]),),
        ),
        Mistake(
            "log-2",
            "You have taken the logarithm to base 2. The one of this book is ln.",
            lambda v: (_claim(v, v["p"]) / math.log(2),),
        ),
        Mistake(
            "heads-for-tails",
            "The heads are charged with the tails' surprise, and the tails with the "
            "heads'. Which of the two was given the probability p?",
            lambda v: (_claim(v, 1 - v["p"]),),
        ),
        Mistake(
            "best-claim",
            "That is the loss of the best claim, the share that was seen. Here "
            "somebody claims another number.",
            lambda v: (_claim(v, v["h"] / v["N"]),),
        ),
        Mistake(
            "log-of-the-mean",
            "You have averaged the probabilities and then taken the logarithm. "
            "Probabilities multiply; it is their logarithms that add up.",
            lambda v: (
                -math.log(
                    (v["h"] * v["p"] + (v["N"] - v["h"]) * (1 - v["p"])) / v["N"]
                ),
            ),
        ),
    ),
)

# -- The blame at a logit ------------------------------------------------------


def _draw_logit(rng: Generator) -> Values:
    return {
        "z": round(float(rng.choice([-1, 1]) * rng.uniform(0.4, 2.6)), 1),
        "t": int(rng.integers(2)),
        "N": int(rng.integers(3, 13)),
    }


def _miss(v: Values) -> float:
    return sigmoid(v["z"]) - float(v["t"])


def _slope(v: Values) -> float:
    a = sigmoid(v["z"])
    return a * (1 - a)


LOGIT = Number(
    id="ch03.logit",
    title="The blame at a logit",
    points=2,
    minutes=4,
    draw=_draw_logit,
    shown=lambda v: {
        "logit z": signed(v["z"], 1),
        "target t": str(v["t"]),
        "images N": str(v["N"]),
    },
    fields=("dz",),
    answer=lambda v: (_miss(v) / v["N"],),
    hints=(
        "Compute the answer a first.",
        "How far is the answer from its target, and which share has one image of N?",
    ),
    mistakes=(
        Mistake(
            "squares",
            "That is the blame of the squared error. With cross-entropy, what becomes "
            "of the slope of the sigmoid?",
            lambda v: (2 * _miss(v) * _slope(v) / v["N"],),
        ),
        Mistake(
            "slope-left",
            "The slope of the sigmoid is still there. Cross-entropy brings a factor "
            "that cancels it.",
            lambda v: (_miss(v) * _slope(v) / v["N"],),
        ),
        Mistake(
            "da",
            "That is the rate at the answer a. One step further back is the sigmoid.",
            lambda v: (_miss(v) / _slope(v) / v["N"],),
        ),
        Mistake(
            "target-minus-answer",
            "The size is right, the sign is not. If the answer is above its target "
            "and z grows, which way does the loss go?",
            lambda v: (-_miss(v) / v["N"],),
        ),
        Mistake(
            "no-average",
            "That would be its blame if the image were alone. The loss is a mean.",
            lambda v: (_miss(v),),
        ),
        Mistake(
            "averaged-twice",
            "You have divided by the number of images twice. Averaging stands in "
            "the loss, once.",
            lambda v: (_miss(v) / v["N"] ** 2,),
        ),
        Mistake(
            "logit-for-answer",
            "You have taken the logit for the answer. The target is compared with a.",
            lambda v: ((v["z"] - v["t"]) / v["N"],),
        ),
    ),
)

# -- One number's share --------------------------------------------------------


def _draw_squares(rng: Generator) -> Values:
    y, t = (round(float(x), 2) for x in rng.uniform(-3, 3, 2))
    N, K = (int(k) for k in rng.choice(np.arange(3, 10), 2, replace=False))
    return {"y": y, "t": t, "N": N, "K": K}


def _gap(v: Values) -> float:
    return float(v["y"] - v["t"])


SQUARES = Number(
    id="ch03.squares",
    title="One number's share",
    points=2,
    minutes=4,
    draw=_draw_squares,
    shown=lambda v: {
        "y": signed(v["y"], 2),
        "target t": signed(v["t"], 2),
        "images N": str(v["N"]),
        "numbers K an image": str(v["K"]),
    },
    fields=("dy",),
    answer=lambda v: (2 * _gap(v) / (v["N"] * v["K"]),),
    hints=(
        "In how many terms of the sum is this y?",
        "The slope of a square, times what stands in front of the sum.",
    ),
    mistakes=(
        Mistake(
            "no-factor-2",
            "A factor is missing that comes from a square.",
            lambda v: (_gap(v) / (v["N"] * v["K"]),),
        ),
        Mistake(
            "no-average",
            "That is the slope of a sum of squares. How many numbers is the mean "
            "taken over?",
            lambda v: (2 * _gap(v),),
        ),
        Mistake(
            "images-alone",
            "You have averaged over the images. Each of them has several numbers.",
            lambda v: (2 * _gap(v) / v["N"],),
        ),
        Mistake(
            "numbers-alone",
            "You have averaged over the numbers of one image. The batch has more.",
            lambda v: (2 * _gap(v) / v["K"],),
        ),
        Mistake(
            "target-minus-answer",
            "Size right, sign wrong. If y is above its target and grows, does the "
            "loss grow or fall?",
            lambda v: (-2 * _gap(v) / (v["N"] * v["K"]),),
        ),
        Mistake(
            "term-itself",
            "That is what this number adds to the loss. How fast does that change "
            "when y moves?",
            lambda v: (_gap(v) ** 2 / (v["N"] * v["K"]),),
        ),
    ),
)

# -- The loss of one image -----------------------------------------------------


def _draw_entropy(rng: Generator) -> Values:
    z = [round(float(x), 1) for x in rng.uniform(-2.5, 2.5, 3)]
    return {"z": z, "t": int(rng.integers(3))}


def _p_right(v: Values) -> float:
    return float(softmax(v["z"])[v["t"]])


ENTROPY = Number(
    id="ch03.entropy",
    title="The loss of one image",
    points=2,
    minutes=5,
    draw=_draw_entropy,
    shown=lambda v: {
        **{f"z_{j}": signed(z, 1) for j, z in enumerate(v["z"])},
        "right class t": str(v["t"]),
    },
    fields=("cross-entropy",),
    answer=lambda v: (-math.log(_p_right(v)),),
    hints=(
        "Which probability does softmax give to the right class?",
        "Or without softmax: logsumexp of the three, minus one of them.",
    ),
    mistakes=(
        Mistake(
            "logit-alone",
            "You have minus the right logit. But what does it mean that it is large, "
            "if the others are larger?",
            lambda v: (-v["z"][v["t"]],),
        ),
        Mistake(
            "sigmoid",
            "You have sent the right logit through a sigmoid. With several classes "
            "the others have a say, too.",
            lambda v: (-math.log(sigmoid(v["z"][v["t"]])),),
        ),
        Mistake(
            "log-2",
            "You have taken the logarithm to base 2. The one of this book is ln.",
            lambda v: (-math.log2(_p_right(v)),),
        ),
        Mistake(
            "of-the-wrong-ones",
            "That is the surprise at a *wrong* class. What happened is that t was "
            "right.",
            lambda v: (-math.log(1 - _p_right(v)),),
        ),
        Mistake(
            "probability",
            "That is the probability of the right class. How much does it surprise?",
            lambda v: (_p_right(v),),
        ),
        Mistake(
            "sign",
            "A probability is below 1 and its logarithm below 0. What does the loss "
            "do about that?",
            lambda v: (math.log(_p_right(v)),),
        ),
        Mistake(
            "logsumexp-alone",
            "That is logsumexp of the three. What is subtracted from it?",
            lambda v: (v["z"][v["t"]] - math.log(_p_right(v)),),
        ),
        Mistake(
            "counted-from-1",
            "You have taken the right class for the one before it. The first logit "
            "is z_0.",
            lambda v: (-math.log(softmax(v["z"])[v["t"] - 1]),),
        ),
    ),
)

# -- As sure as you like -------------------------------------------------------

TAU = Slider("tau", "temperature τ", low=0.05, high=5.0, step=0.05, start=1.0)


def _draw_temperature(rng: Generator) -> Values:
    while True:
        z0 = round(float(rng.uniform(-2, 1)), 1)
        z1 = round(z0 + float(rng.uniform(0.6, 3.5)), 1)
        v = {"z0": z0, "z1": z1, "p": round(float(rng.uniform(0.6, 0.95)), 2)}
        if 0.4 <= _tau(v) <= 4:  # not too steep there, and on the slider
            return v


def _ahead(v: Values) -> float:
    return float(v["z1"] - v["z0"])


def _odds(v: Values) -> float:
    return float(v["p"] / (1 - v["p"]))


def _p1(v: Values, tau: float) -> float:
    return sigmoid(_ahead(v) / tau)


def _tau(v: Values) -> float:
    return TAU.at(TAU.place(_ahead(v) / math.log(_odds(v))))


def _nearest(v: Values) -> float:
    """Return the place whose probability is nearest: nearly always `_tau`."""
    places = [TAU.at(k) for k in range(TAU.count)]
    return min(places, key=lambda tau: abs(_p1(v, tau) - v["p"]))


def _tau_background(v: Values) -> tuple[Curve, ...]:
    taus = tuple(TAU.at(k) for k in range(1, TAU.count, 3))
    wanted = (float(v["p"]), float(v["p"]))
    return (
        Curve("p_1", taus, tuple(_p1(v, tau) for tau in taus), "activation"),
        Curve("wanted", (TAU.low, TAU.high), wanted, "data"),
    )


def _tau_frame(v: Values, settings: Settings) -> Frame:
    p = _p1(v, settings["tau"])
    here = Curve("τ", (float(settings["tau"]),), (p,), "parameter")
    return Frame({"p_0": 1 - p, "p_1": p, "p_1 − wanted": p - v["p"]}, (here,))


TEMPERATURE = Tune(
    id="ch03.temperature",
    title="As sure as you like",
    points=2,
    minutes=5,
    draw=_draw_temperature,
    shown=lambda v: {
        "z_0": signed(v["z0"], 1),
        "z_1": signed(v["z1"], 1),
        "wanted for class 1": f"{v['p']:.2f}",
    },
    sliders=(TAU,),
    goal="Bring p_1 as near to the wanted probability as the slider allows.",
    background=_tau_background,
    frame=_tau_frame,
    accept=lambda v, s: s["tau"] in (_tau(v), _nearest(v)),
    answer=lambda v: {"tau": _tau(v)},
    xlabel="temperature τ",
    ylabel="probability of class 1",
    hints=(
        "Two classes: p_1 is the sigmoid of a difference of logits.",
        "Which z has the sigmoid p? Solve p = 1/(1 + e^(−z)) for z.",
    ),
    mistakes=(
        Mistake(
            "upside-down",
            "The right two numbers, divided the wrong way round. If the logits are "
            "further apart, must τ be larger or smaller for the same p?",
            lambda v: {"tau": math.log(_odds(v)) / _ahead(v)},
        ),
        Mistake(
            "without-the-other",
            "You have used −ln p. That is the surprise; which z has the sigmoid p?",
            lambda v: {"tau": _ahead(v) / -math.log(v["p"])},
        ),
        Mistake(
            "log-2",
            "Near, but you have taken the logarithm to base 2. e^z wants ln.",
            lambda v: {"tau": _ahead(v) / math.log2(_odds(v))},
        ),
        Mistake(
            "no-logarithm",
            "You have divided by p/(1 − p) itself. The difference of logits is the "
            "logarithm of that.",
            lambda v: {"tau": _ahead(v) / _odds(v)},
        ),
        Mistake(
            "one-logit",
            "You have used z_1 alone. Only differences count.",
            lambda v: {"tau": abs(v["z1"]) / math.log(_odds(v))},
        ),
    ),
)

# -- From logits to blame ------------------------------------------------------

DERIVE = Order(
    id="ch03.derive",
    title="From logits to blame",
    points=3,
    minutes=6,
    lines=(
        Line(
            "L = ln Σ e^z_i − z_t",
            "minus the logarithm of the right class's probability",
        ),
        Line(
            "dz_j = (slope of ln Σ e^z_i) − (slope of z_t)",
            "a difference is differentiated part by part",
        ),
        Line(
            "dz_j = (slope of Σ e^z_i) / Σ e^z_i − (slope of z_t)",
            "the slope of ln is one over what stands in it",
        ),
        Line(
            "dz_j = e^z_j / Σ e^z_i − (slope of z_t)",
            "only one term of the sum moves",
        ),
        Line("dz_j = p_j − (slope of z_t)", "the definition of softmax"),
        Line("dz_j = p_j − T_j", "z_t moves with z_j only if j is the right class"),
    ),
    other_reasons=(
        "independent events multiply",
        "a shift of all logits changes nothing",
    ),
    hints=(
        "Each line is the one before it with one more slope worked out.",
        "Inside ln stands a sum: first the slope of ln, then that of the sum.",
    ),
    mistakes=(
        Mistake(
            "softmax-too-early",
            "You write p_j before there is a quotient that it could stand for. Which "
            "line makes the e^z_j?",
            lambda v: {"order": [0, 1, 2, 4, 3, 5]},
        ),
        Mistake(
            "inner-before-outer",
            "You have worked out the slope of the sum before the slope of ln was "
            "there. A chain is taken from the outside in.",
            lambda v: {"order": [0, 1, 3, 2, 4, 5]},
        ),
        Mistake(
            "slope-before-loss",
            "You begin with a slope. Of what?",
            lambda v: {"order": [1, 0, 2, 3, 4, 5]},
        ),
        Mistake(
            "target-before-softmax",
            "In the line with p_j the slope of z_t is still open, in the one with T_j "
            "it is not. So which comes first?",
            lambda v: {"order": [0, 1, 2, 3, 5, 4]},
        ),
        Mistake(
            "events-multiply",
            "Independent events are what makes the batch a sum of logarithms. What "
            "is the loss of this one image?",
            lambda v: {"reasons": {0: "independent events multiply"}},
        ),
        Mistake(
            "shift-for-target",
            "That shifts do not matter is why the dz_j sum to zero. But what turns "
            "the slope of z_t into a 1 or a 0?",
            lambda v: {"reasons": {5: "a shift of all logits changes nothing"}},
        ),
    ),
)

# -- Read the blame ------------------------------------------------------------

TWICE, LEFT_OUT, TURNED, MISPLACED, NO_ONE_HOT, NUMBER, NOTHING = range(7)


def _faulty(p: Any, t: int, N: int, fault: int) -> Array:
    """Return a row of dZ as a program with this fault computes it."""
    p, one_hot = np.array(p), np.eye(3)[t]
    rows = {
        TWICE: (p - one_hot) / N**2,
        LEFT_OUT: p - one_hot,
        TURNED: (one_hot - p) / N,
        MISPLACED: (p - np.eye(3)[t - 1]) / N,
        NO_ONE_HOT: p / N,
        NUMBER: (p - t) / N,
        NOTHING: (p - one_hot) / N,
    }
    return np.asarray(rows[fault])


def _said(v: Values, fault: int) -> str:
    N = v["N"]
    return {
        TWICE: f"The mean was taken twice: divided by {N**2}.",
        LEFT_OUT: f"The mean was left out: not divided by {N}.",
        TURNED: "All signs are turned: it is target minus answer.",
        MISPLACED: "The 1 of the one-hot row stands in a wrong place.",
        NO_ONE_HOT: f"The one-hot row was forgotten: it is p / {N}.",
        NUMBER: f"The class number was subtracted: (p - t) / {N}.",
        NOTHING: "Nothing is wrong with it.",
    }[fault]


def _draw_read(rng: Generator) -> Values:
    while True:
        fault, t, N = (int(rng.integers(*k)) for k in [(0, 7), (0, 3), (4, 10)])
        p = [round(float(x), 2) for x in softmax(rng.normal(0, 1, 3))[:2]]
        p.append(round(1 - sum(p), 2))
        # To subtract class number 0 is to forget the one-hot row.
        if min(p) >= 0.02 and not (fault in (NO_ONE_HOT, NUMBER) and t == 0):
            break
    dz = [round(float(x), 5) for x in _faulty(p, t, N, fault)]
    return {"p": p, "t": t, "N": N, "dz": dz}


def _fault(v: Values) -> int:
    """Return the fault that explains the row: only one does, as a test holds."""
    away = [
        float(abs(_faulty(v["p"], v["t"], v["N"], k) - v["dz"]).max()) for k in range(7)
    ]
    return int(np.argmin(away))


def _read_options(v: Values) -> tuple[str, ...]:
    """Return what is true, then one option for each mistake's hint."""
    fault = _fault(v)

    def other(*kinds: int) -> int:
        left = [k for k in kinds if k != fault]
        return left[int(v["N"]) % len(left)]

    factor = other(TWICE, LEFT_OUT)
    place = other(TURNED, MISPLACED)
    total = other(NO_ONE_HOT, NUMBER)
    if v["t"] == 0:  # the two would be one
        total = NO_ONE_HOT
    rest = TWICE + LEFT_OUT - factor if fault == NOTHING else NOTHING
    return tuple(_said(v, k) for k in (fault, factor, place, total, rest))


READ = Choice(
    id="ch03.read",
    title="Read the blame",
    points=1,
    minutes=4,
    draw=_draw_read,
    shown=lambda v: {
        "p": row(v["p"], 2),
        "right class t": str(v["t"]),
        "images N": str(v["N"]),
        "dz in the program": row(v["dz"], 5),
    },
    options=_read_options,
    answer=lambda v: 0,
    hints=(
        "First the two free tests: the sum of the row, and the largest entry.",
        "Then compute one entry of dz yourself, and compare.",
    ),
    mistakes=(
        Mistake(
            "another-factor",
            "A mean that is taken once too often or not at all puts one factor on "
            "every entry. Divide the program's entries by your own: what comes out?",
            lambda v: 1,
        ),
        Mistake(
            "another-place",
            "That would show in the signs. Which of the three entries should be "
            "negative, and which are?",
            lambda v: 2,
        ),
        Mistake(
            "another-sum",
            "What would the row then sum to? Compare that with what it does.",
            lambda v: 3,
        ),
        Mistake(
            "not-computed",
            "The free tests do not see everything. Compute one entry from p, t and "
            "N, and compare it with the program's.",
            lambda v: 4,
        ),
    ),
)

# -- How much louder? ----------------------------------------------------------


def _louder(v: Values) -> float:
    a = float(v["a"])
    return 1 / (2 * a * (1 - a))


LOUDER = Number(
    id="ch03.louder",
    title="How much louder?",
    points=2,
    minutes=5,
    draw=lambda rng: {"a": round(float(rng.uniform(0.005, 0.08)), 3)},
    shown=lambda v: {"a": f"{v['a']:.3f}", "t": "1"},
    fields=("times as large",),
    answer=lambda v: (_louder(v),),
    hints=(
        "Write down dz for each of the two losses, with a and t as letters.",
        "In the ratio of the two the miss cancels. What is left?",
    ),
    mistakes=(
        Mistake(
            "no-factor-2",
            "The slope of the sigmoid is in it, but the squared error has one more "
            "factor.",
            lambda v: (2 * _louder(v),),
        ),
        Mistake(
            "upside-down",
            "That is the ratio of the squared error's blame to the other one's.",
            lambda v: (1 / _louder(v),),
        ),
        Mistake(
            "ratio-of-losses",
            "You have compared the losses. The question is for their slopes.",
            lambda v: (-math.log(v["a"]) / (1 - v["a"]) ** 2,),
        ),
        Mistake(
            "dz-itself",
            "That is the size of dz with cross-entropy. Compare it with the one of "
            "the squared error.",
            lambda v: (1 - v["a"],),
        ),
        Mistake(
            "slope-forgotten",
            "You have left the slope of the sigmoid out of the squared error's "
            "blame: there nothing cancels it.",
            lambda v: (0.5,),
        ),
    ),
)

# -- From a network to its blame -----------------------------------------------


def _draw_network(rng: Generator) -> Values:
    def numbers(shape: tuple[int, ...], digits: int, high: float) -> Any:
        return np.round(rng.uniform(-high, high, shape), digits).tolist()

    return {
        "x": np.round(rng.uniform(0.2, 1, 2), 2).tolist(),
        "W1": numbers((2, 2), 1, 2),
        "W2": numbers((2, 3), 1, 2),
        "t": int(rng.integers(3)),
    }


def _logits(v: Values, bend: Any = np.tanh, transposed: bool = False) -> Array:
    W1 = np.array(v["W1"])
    return np.asarray(bend(v["x"] @ (W1.T if transposed else W1)) @ np.array(v["W2"]))


def _one_hot(v: Values) -> Array:
    return np.asarray(np.eye(3)[v["t"]])


def _network_blame(v: Values, P: Array) -> tuple[float, ...]:
    return tuple(float(x) for x in P - _one_hot(v))


NETWORK = Number(
    id="ch03.network",
    title="From a network to its blame",
    points=3,
    minutes=10,
    draw=_draw_network,
    shown=lambda v: {
        "x": row(v["x"], 2),
        **{
            f"{name}, row {k}": row(numbers, 1)
            for name in ("W1", "W2")
            for k, numbers in enumerate(v[name])
        },
        "right class t": str(v["t"]),
    },
    fields=("dz_0", "dz_1", "dz_2"),
    answer=lambda v: _network_blame(v, softmax(_logits(v))),
    hints=(
        "Forward first: two hidden numbers, three logits, three probabilities.",
        "Column j of a weight matrix belongs to neuron j.",
    ),
    mistakes=(
        Mistake(
            "no-bend",
            "The hidden layer has a bend that you have left out.",
            lambda v: _network_blame(v, softmax(_logits(v, bend=np.asarray))),
        ),
        Mistake(
            "transposed",
            "You have given each hidden neuron a row of W1. Its weights are a column.",
            lambda v: _network_blame(v, softmax(_logits(v, transposed=True))),
        ),
        Mistake(
            "bend-at-the-output",
            "The logits go into softmax as they are: the last layer has no bend.",
            lambda v: _network_blame(v, softmax(np.tanh(_logits(v)))),
        ),
        Mistake(
            "sigmoids",
            "You have sent each logit through a sigmoid of its own. Do your three "
            "probabilities sum to 1?",
            lambda v: _network_blame(v, 1 / (1 + np.exp(-_logits(v)))),
        ),
        Mistake(
            "upside-down",
            "Sizes right, signs wrong. Should the loss grow with the right logit?",
            lambda v: tuple(-x for x in _network_blame(v, softmax(_logits(v)))),
        ),
        Mistake(
            "target-forgotten",
            "These are the probabilities. What should the network have said?",
            lambda v: tuple(float(x) for x in softmax(_logits(v))),
        ),
        Mistake(
            "right-class-alone",
            "The right logit has its blame. But the others are in the sum as well, "
            "and they took probability from it.",
            lambda v: tuple(float(x) for x in (softmax(_logits(v)) - 1) * _one_hot(v)),
        ),
        Mistake(
            "outputs-not-probabilities",
            "You have subtracted from the logits themselves. Softmax comes first.",
            lambda v: _network_blame(v, _logits(v)),
        ),
    ),
)

EXERCISES: tuple[Exercise, ...] = (
    COIN,
    LOGIT,
    SQUARES,
    ENTROPY,
    TEMPERATURE,
    DERIVE,
    ch03_code.STABLE,
    ch03_code.SOFTMAX,
    READ,
    LOUDER,
    NETWORK,
    ch03_code.REPAIR,
)
