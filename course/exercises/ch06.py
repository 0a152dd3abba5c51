"""Chapter 6, The weight update: what needs no code.

A bowl is L = ½ Σ c_i w_i², and one plain step on it makes (1 − ηc_i) w_i of w_i.
"""

from __future__ import annotations

import math

from course.exercises import ch06_code
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


def _signed(x: float, digits: int) -> str:
    return f"{x:.{digits}f}".replace("-", "−")


# -- A promise, corrected ---------------------------------------------------------


def _draw_line(rng: Generator) -> Values:
    c = round(float(rng.uniform(0.3, 0.9)), 2)
    return {
        "L": round(float(rng.uniform(0.6, 0.9)), 3),
        "square": round(float(rng.uniform(0.1, 0.3)), 3),
        "c": c,
        "eta": round(float(rng.uniform(1.2, 1.8)) / c, 1),
    }


def _after(v: Values, promise: float, correction: float) -> tuple[float]:
    """L − promise·η‖g‖² + correction·½η²c‖g‖²."""
    eta, square = v["eta"], v["square"]
    bend = eta**2 * v["c"] * square / 2
    return (float(v["L"] - promise * eta * square + correction * bend),)


LINE = Number(
    id="ch06.line",
    title="A promise, corrected",
    points=2,
    minutes=5,
    draw=_draw_line,
    shown=lambda v: {
        "L": f"{v['L']:.3f}",
        "‖g‖²": f"{v['square']:.3f}",
        "c": f"{v['c']:.2f}",
        "η": f"{v['eta']:.1f}",
    },
    fields=("loss after the step",),
    answer=lambda v: _after(v, 1, 1),
    # Answers lie within a few per cent of the loss: so a narrower tolerance.
    rtol=2e-4,
    hints=(
        "Two terms: the promise, which falls along with η, and a correction, which "
        "grows with its square.",
        "The correction is half of what η, η, c and ‖g‖² make when multiplied.",
    ),
    mistakes=(
        Mistake(
            "promise-alone",
            "That is the promise, as if the slope stayed what it is. What does the "
            "curvature add to the loss?",
            lambda v: _after(v, 1, 0),
        ),
        Mistake(
            "no-half",
            "Your correction is twice too large. In Taylor's formula, what stands "
            "before the square?",
            lambda v: _after(v, 1, 2),
        ),
        Mistake(
            "bends-down",
            "You have subtracted the correction. With a curvature above zero the "
            "slope becomes flatter as one walks down: do you lose more or less?",
            lambda v: _after(v, 1, -1),
        ),
        Mistake(
            "no-square-of-eta",
            "Your correction grows with η. From 0.1 to 1 the gap of the chapter grew "
            "a hundredfold: how does it grow?",
            lambda v: _after(v, 1, 1 / v["eta"]),
        ),
        Mistake(
            "no-gradient",
            "Your correction has η² and c in it. How far is one unit of η, though, "
            "if the gradient is long?",
            lambda v: _after(v, 1, 1 / v["square"]),
        ),
    ),
)


# -- Many steps on one axis ---------------------------------------------------------


def _draw_axis(rng: Generator) -> Values:
    c = round(float(rng.uniform(1.5, 6)), 1)
    return {
        "w": round(float(rng.uniform(2, 9)), 1),
        "c": c,
        # A factor from −0.8 to −0.4: the walk jumps across.
        "eta": round(float(rng.uniform(1.4, 1.8)) / c, 3),
        "s": int(rng.choice([3, 5])),
    }


def _axis(v: Values, factor: float) -> tuple[float]:
    return (float(v["w"] * factor ** v["s"]),)


AXIS = Number(
    id="ch06.axis",
    title="Many steps on one axis",
    points=2,
    minutes=5,
    draw=_draw_axis,
    shown=lambda v: {
        "w at the start": f"{v['w']:.1f}",
        "c": f"{v['c']:.1f}",
        "η": f"{v['eta']:.3f}",
        "steps": str(v["s"]),
    },
    fields=("w after the steps",),
    answer=lambda v: _axis(v, 1 - v["eta"] * v["c"]),
    hints=(
        "What does one step make of w? Write it as a factor times w.",
        "The next step multiplies what the first has left. Mind the sign.",
    ),
    mistakes=(
        Mistake(
            "adds-up",
            "You have subtracted the same amount at every step. The gradient c·w is "
            "another one after each of them.",
            lambda v: (float(v["w"] * (1 - v["s"] * v["eta"] * v["c"])),),
        ),
        Mistake(
            "exponential",
            "That is what endlessly many tiny steps would do. These steps are long: "
            "by which factor does one of them multiply w?",
            lambda v: (float(v["w"] * math.exp(-v["eta"] * v["c"] * v["s"])),),
        ),
        Mistake(
            "slope-without-half",
            "Your gradient is 2cw. With L = ½cw², what becomes of the ½?",
            lambda v: _axis(v, 1 - 2 * v["eta"] * v["c"]),
        ),
        Mistake(
            "no-sign",
            "The distance is right. The factor is negative, so w jumps across at "
            "every step: on which side is it after this many?",
            lambda v: _axis(v, v["eta"] * v["c"] - 1),
        ),
        Mistake(
            "uphill",
            "With this factor w grows at every step. With or against the gradient?",
            lambda v: _axis(v, 1 + v["eta"] * v["c"]),
        ),
        Mistake(
            "one-too-few",
            "One step is missing, or one is too many: w₀ is where you stand before "
            "the first step.",
            lambda v: (float(v["w"] * (1 - v["eta"] * v["c"]) ** (v["s"] - 1)),),
        ),
    ),
)


# -- The longest step on three axes -------------------------------------------------

ETA = Slider("eta", "step size η", low=0.04, high=2.0, step=0.04, start=0.04)
SHOWN = 12  # steps
CLIP = 3.0  # the picture ends at minus this
_END = 6.5  # above all curvatures drawn


def _draw_axes(rng: Generator) -> Values:
    low, middle, high = rng.uniform((1.1, 2, 3.2), (1.6, 2.8, 6))
    c = [round(float(x), 2) for x in (low, middle, high)]
    return {"c": [c[int(k)] for k in rng.permutation(3)]}


def _longest(c: list[float]) -> float:
    """Longest step of the slider at which no axis lands further out."""
    places = [ETA.at(k) for k in range(ETA.count)]
    return max(eta for eta in places if eta * max(c) <= 2)


def _axes_background(v: Values) -> tuple[Curve, ...]:
    ends = (0.0, _END)
    return tuple(
        Curve("between these, an axis comes nearer" * (y > 0), ends, (y, y), "data")
        for y in (1.0, -1.0)
    )


def _axes_frame(v: Values, s: Settings) -> Frame:
    """The factor 1 − ηc against c, a dot for each axis."""
    eta = s["eta"]
    end = min(_END, (1 + CLIP) / eta)
    line = Curve("1 − ηc", (0.0, end), (1.0, 1 - eta * end), "gradient")
    factors = [1 - eta * c for c in v["c"]]
    dots = tuple(
        Curve("the three axes" * (i == 0), (c,), (max(-CLIP, factor),), "parameter")
        for i, (c, factor) in enumerate(zip(v["c"], factors, strict=True))
    )
    readings = {
        f"w{'₁₂₃'[i - 1]} after {SHOWN} steps": round(factor**SHOWN, 4)
        for i, factor in enumerate(factors, start=1)
    }
    return Frame(readings, (line, *dots))


LIMIT = Tune(
    id="ch06.limit",
    title="As long as it may be",
    points=2,
    minutes=4,
    draw=_draw_axes,
    shown=lambda v: {f"c_{i}": f"{c:.2f}" for i, c in enumerate(v["c"], start=1)},
    sliders=(ETA,),
    goal="Set the longest step with which none of the three runs away.",
    background=_axes_background,
    frame=_axes_frame,
    accept=lambda v, s: ETA.place(s["eta"]) == ETA.place(_longest(v["c"])),
    answer=lambda v: {"eta": _longest(v["c"])},
    xlabel="curvature c",
    ylabel="factor of a step",
    hints=(
        "Each axis has its factor 1 − ηc. When does a walk with a constant factor run "
        "away?",
        "One axis decides. A reading above 1 in size, after twelve steps, has grown.",
    ),
    mistakes=(
        Mistake(
            "one-step-long",
            "Very near, and just over it. One of the readings is above 1 in size: it "
            "has grown, and will go on growing.",
            lambda v: {"eta": ETA.at(ETA.place(_longest(v["c"])) + 1)},
        ),
        Mistake(
            "one-step-short",
            "Very near. No axis runs away here; does one at the next place of the "
            "slider?",
            lambda v: {"eta": ETA.at(ETA.place(_longest(v["c"])) - 1)},
        ),
        Mistake(
            "one-over-largest",
            "With this step the steepest axis is at the bottom at once. May it not "
            "jump across, as long as it lands nearer?",
            lambda v: {"eta": 1 / max(v["c"])},
        ),
        Mistake(
            "flattest",
            "The flattest axis is content with this. The others do not survive it.",
            lambda v: {"eta": 2 / min(v["c"])},
        ),
        Mistake(
            "sum",
            "You have added the curvatures. The axes do not know of each other: each "
            "has a limit of its own.",
            lambda v: {"eta": 2 / sum(v["c"])},
        ),
        Mistake(
            "mean",
            "That would be the limit of an axis with the mean curvature. One of "
            "yours is steeper.",
            lambda v: {"eta": 6 / sum(v["c"])},
        ),
        Mistake(
            "best-not-longest",
            "With this step the bowl is walked fastest. The question is for the "
            "longest one that is still no harm.",
            lambda v: {"eta": 2 / (max(v["c"]) + min(v["c"]))},
        ),
    ),
)


# -- Two steps of momentum ----------------------------------------------------------


def _draw_velocity(rng: Generator) -> Values:
    g = [round(float(x), 2) for x in rng.uniform(0.5, 3, 2) * rng.choice([-1, 1], 2)]
    return {
        "w": round(float(rng.uniform(0.5, 3)), 1),
        "eta": round(float(rng.uniform(0.1, 0.4)), 2),
        "beta": round(float(rng.uniform(0.55, 0.9)), 2),
        "g": g,
    }


def _moved(v: Values, first: float, second: float) -> tuple[float]:
    g1, g2 = v["g"]
    return (float(v["w"] - v["eta"] * (first * g1 + second * g2)),)


VELOCITY = Number(
    id="ch06.velocity",
    title="Two steps of momentum",
    points=2,
    minutes=5,
    draw=_draw_velocity,
    shown=lambda v: {
        "w at the start": f"{v['w']:.1f}",
        "η": f"{v['eta']:.2f}",
        "β": f"{v['beta']:.2f}",
        "first gradient": _signed(v["g"][0], 2),
        "second gradient": _signed(v["g"][1], 2),
    },
    fields=("w after two steps",),
    answer=lambda v: _moved(v, 1 + v["beta"], 1),
    hints=(
        "Keep two numbers, v and w, and write both down after each step.",
        "v is 0 before the first step. In the second step part of the first gradient "
        "is still in it.",
    ),
    mistakes=(
        Mistake(
            "no-memory",
            "These are two plain steps. What is still in v when the second gradient "
            "comes?",
            lambda v: _moved(v, 1, 1),
        ),
        Mistake(
            "mean",
            "You have put 1 − β before the gradients. In this chapter's form of "
            "momentum v is a sum.",
            lambda v: _moved(v, (1 + v["beta"]) * (1 - v["beta"]), 1 - v["beta"]),
        ),
        Mistake(
            "newest-fades-too",
            "In your v each new gradient has faded already. Does β stand before v "
            "alone, or before the sum?",
            lambda v: _moved(v, v["beta"] * (1 + v["beta"]), v["beta"]),
        ),
        Mistake(
            "last-velocity-only",
            "That is the second step alone, from where the first one began. Where "
            "was w when it was taken?",
            lambda v: _moved(v, v["beta"], 1),
        ),
        Mistake(
            "nothing-fades",
            "In your second step the first gradient counts in full. By which factor "
            "has it faded?",
            lambda v: _moved(v, 2, 1),
        ),
        Mistake(
            "uphill",
            "The length of the move is right. With or against the velocity?",
            lambda v: _moved(v, -1 - v["beta"], -1),
        ),
    ),
)


# -- Adam's second step -------------------------------------------------------------


def _draw_second(rng: Generator) -> Values:
    size = float(rng.choice([0.002, 0.03, 0.4, 60]))
    first = size * float(rng.uniform(1, 2) * rng.choice([-1, 1]))
    second = first * float(rng.uniform(1.6, 3) * rng.choice([-1, 1]))
    return {
        "g": [float(f"{g:.2g}") for g in (first, second)],
        "eta": round(float(rng.uniform(0.011, 0.09)), 3),
    }


def _second(v: Values, first: float, second: float, power: float = 0.5) -> tuple[float]:
    """Adam's second step, its two means divided by `first` and by `second`."""
    g1, g2 = v["g"]
    m, square = 0.09 * g1 + 0.1 * g2, 0.000999 * g1**2 + 0.001 * g2**2
    return (float(-v["eta"] * (m / first) / (square / second) ** power),)


def _right_second(v: Values) -> float:
    return _second(v, 0.19, 0.001999)[0]


SECOND = Number(
    id="ch06.second",
    title="The second step of Adam",
    points=3,
    minutes=8,
    draw=_draw_second,
    shown=lambda v: {
        "first gradient": f"{v['g'][0]:g}".replace("-", "−"),
        "second gradient": f"{v['g'][1]:g}".replace("-", "−"),
        "η": f"{v['eta']:.3f}",
    },
    fields=("change in the second step",),
    answer=lambda v: (_right_second(v),),
    hints=(
        "Write down m and v after each of the two gradients, without any correction: "
        "the means go on from these.",
        "Then correct both for the step that you are in. What is 0.9², and 0.999²?",
    ),
    mistakes=(
        Mistake(
            "uncorrected",
            "That is the step without the corrections. How large a share of m, and of "
            "v, is still the zero at the start?",
            lambda v: _second(v, 1, 1),
        ),
        Mistake(
            "clock-stopped",
            "You have corrected as in the first step. What is s by now?",
            lambda v: _second(v, 0.1, 0.001),
        ),
        Mistake(
            "second-uncorrected",
            "You have corrected m and left v as it was, and v, which stands below, is "
            "far too small.",
            lambda v: _second(v, 0.19, 1),
        ),
        Mistake(
            "first-uncorrected",
            "You have corrected v and left m as it was.",
            lambda v: _second(v, 1, 0.001999),
        ),
        Mistake(
            "no-memory",
            "That would be a first step with the second gradient. What do m and v "
            "still hold of the first one?",
            lambda v: (-float(v["eta"]) * math.copysign(1, v["g"][1]),),
        ),
        Mistake(
            "both-steps",
            "That is the change over both steps. The question is for the second one.",
            lambda v: (
                _right_second(v) - float(v["eta"]) * math.copysign(1, v["g"][0]),
            ),
        ),
        Mistake(
            "plain",
            "That is a plain step. What does Adam put in the gradient's place, and "
            "what does it divide by?",
            lambda v: (-float(v["eta"] * v["g"][1]),),
        ),
        Mistake(
            "no-root",
            "You have divided by the mean of the squares and not by its root.",
            lambda v: _second(v, 0.19, 0.001999, power=1),
        ),
        Mistake(
            "uphill",
            "The length is right. With or against the mean of the gradients?",
            lambda v: (-_right_second(v),),
        ),
    ),
)


# -- Another unit for the loss ------------------------------------------------------


def _units(v: Values) -> tuple[str, ...]:
    k = v["k"]
    root = math.isqrt(k)
    return (
        f"plain descent: {k} times as long; Adam: as long as before",
        f"plain descent: {k} times as long; Adam: {k} times as long",
        f"plain descent: as long as before; Adam: {k} times as long",
        f"plain descent: {k} times as long; Adam: {root} times as long",
        "both: as long as before",
    )


UNIT = Choice(
    id="ch06.unit",
    title="Another unit for the loss",
    points=1,
    minutes=3,
    draw=lambda rng: {"k": int(rng.choice([4, 9, 16, 25, 36, 49, 64, 100]))},
    shown=lambda v: {"every loss is multiplied by": str(v["k"])},
    options=_units,
    answer=lambda v: 0,
    hints=("What becomes of the gradient, of m, of v, and of the root of v?",),
    mistakes=(
        Mistake(
            "all-scale",
            "The gradient does become longer, and so does m. But Adam divides: by "
            "what, and what becomes of that?",
            lambda v: 1,
        ),
        Mistake(
            "swapped",
            "The other way round. Which of the two steps has the gradient as a "
            "factor, and nothing below it?",
            lambda v: 2,
        ),
        Mistake(
            "root-forgotten",
            "m grows by a factor, and v by its square. Then comes a root.",
            lambda v: 3,
        ),
        Mistake(
            "nothing-scales",
            "A plain step is η times the gradient. Does a gradient stay the same if "
            "the loss is counted in smaller units?",
            lambda v: 4,
        ),
    ),
)


# -- A training step, line by line ----------------------------------------------------

PROGRAM = Order(
    id="ch06.order",
    title="Moving comes last",
    points=2,
    minutes=5,
    lines=(
        Line("`A1 = np.tanh(X @ W1)`"),
        Line("`dZ2 = output_blame(A1 @ W2, T)`"),
        Line("`dW2 = A1.T @ dZ2`"),
        Line("`dZ1 = (dZ2 @ W2.T) * (1 - A1**2)`"),
        Line("`dW1 = X.T @ dZ1`"),
        Line("`W2 = W2 - eta * dW2`"),
        Line("`W1 = W1 - eta * dW1`"),
    ),
    before=((0, 1), (1, 2), (1, 3), (3, 4), (2, 5), (3, 5), (4, 6)),
    hints=(
        "Each line uses names that other lines make. Which of them must be made first?",
        "`W2` stands in three lines. In two of them it must still be the old one.",
    ),
    mistakes=(
        Mistake(
            "stale",
            "Your program runs, the loss even falls, and dW1 is wrong: the blame goes "
            "back through weights that were not there on the way forward.",
            lambda v: {"order": [0, 1, 2, 5, 3, 4, 6]},
        ),
        Mistake(
            "moves-before-it-knows",
            "You move W2 before its gradient is there. In a notebook an old dW2 from "
            "the step before would be used, and nobody would notice.",
            lambda v: {"order": [0, 1, 3, 5, 2, 4, 6]},
        ),
        Mistake(
            "first-layer-before-its-blame",
            "dW1 is input times blame. Which line makes the blame of layer 1?",
            lambda v: {"order": [0, 1, 2, 4, 3, 5, 6]},
        ),
        Mistake(
            "forward-after-blame",
            "What does the blame at the output need from the forward pass?",
            lambda v: {"order": [1, 0, 2, 3, 4, 5, 6]},
        ),
        Mistake(
            "first-layer-moves-early",
            "You move W1 before its gradient is there.",
            lambda v: {"order": [0, 1, 2, 3, 6, 4, 5]},
        ),
    ),
)


# -- The curvature of one answer -----------------------------------------------------


def _answer_of(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def _curved(c: float) -> tuple[float, float]:
    return (c, 2 / c)


def _flatness(v: Values) -> float:
    a = _answer_of(v["z"])
    return a * (1 - a)


CURVATURE = Number(
    id="ch06.curvature",
    title="The curvature of one answer",
    points=3,
    minutes=8,
    draw=lambda rng: {
        "z": round(float(rng.uniform(0.8, 2.6) * rng.choice([-1, 1])), 2),
        "t": int(rng.integers(2)),
    },
    shown=lambda v: {"z": _signed(v["z"], 2), "t": str(v["t"])},
    fields=("curvature c", "2/c"),
    answer=lambda v: _curved(_flatness(v)),
    hints=(
        "The curvature is the rate at which dz moves when z does. What is dz for "
        "cross-entropy on a logit?",
        "dz is the answer minus the target. Only one of the two moves with z.",
    ),
    mistakes=(
        Mistake(
            "slope-for-curvature",
            "That is dz, the slope of the loss. The question is for the slope of the "
            "slope. (A curvature of this loss is never negative.)",
            lambda v: _curved(_answer_of(v["z"]) - v["t"]),
        ),
        Mistake(
            "answer-itself",
            "That is the answer a. How fast does it move when z moves?",
            lambda v: _curved(_answer_of(v["z"])),
        ),
        Mistake(
            "times-error",
            "You have multiplied by the error. dz is a − t: as z moves, at which rate "
            "does a − t move?",
            lambda v: _curved((_answer_of(v["z"]) - v["t"]) * _flatness(v)),
        ),
        Mistake(
            "squared-error",
            "The 2 belongs to the squared error of chapter 1. This loss is the "
            "cross-entropy, and its dz is a − t.",
            lambda v: _curved(2 * _flatness(v)),
        ),
        Mistake(
            "tanh",
            "1 − a² is the slope of tanh. This a comes from the sigmoid.",
            lambda v: _curved(1 - _answer_of(v["z"]) ** 2),
        ),
        Mistake(
            "best-step",
            "The curvature is right. Your second number is the step that lands at the "
            "bottom of the parabola; the longest that does no harm goes further.",
            lambda v: (_flatness(v), 1 / _flatness(v)),
        ),
    ),
)


# -- A run that goes wrong ------------------------------------------------------------


def _draw_run(rng: Generator) -> Values:
    eta = round(float(rng.uniform(0.05, 0.6)), 2)
    first = round(float(rng.uniform(2, 9)), 2)
    return {
        "eta": eta,
        "first": first,
        "second": round(first * float(rng.uniform(1.15, 1.9)), 2),
    }


def _runaway(v: Values, shift: float) -> tuple[float, float]:
    """Curvature and longest step, if the factor is ηc minus this shift."""
    c = (v["second"] / v["first"] + shift) / v["eta"]
    return (float(c), float(2 / c))


RUNAWAY = Number(
    id="ch06.runaway",
    title="A run that goes wrong",
    points=2,
    minutes=6,
    draw=_draw_run,
    shown=lambda v: {
        "η": f"{v['eta']:.2f}",
        "length of g": f"{v['first']:.2f}",
        "length of g, one step later": f"{v['second']:.2f}",
    },
    fields=("largest curvature", "longest stable step"),
    answer=lambda v: _runaway(v, 1),
    hints=(
        "Late in such a run one axis is all there is. What does a step multiply its w "
        "by, and so its gradient?",
        "The factor is negative, since w jumps across: −1.3 has the size 1.3.",
    ),
    mistakes=(
        Mistake(
            "factor-is-eta-c",
            "You have taken the growth for ηc. The factor is 1 − ηc, and its sign is "
            "negative here.",
            lambda v: _runaway(v, 0),
        ),
        Mistake(
            "no-jump",
            "With 1 − ηc equal to the growth itself, c would be negative, or you have "
            "dropped a sign: does this walk stay on one side?",
            lambda v: _runaway(v, -1),
        ),
        Mistake(
            "best-not-longest",
            "The curvature is right. With your step size the steepest axis would be "
            "at the bottom at once; it may be longer than that.",
            lambda v: (_runaway(v, 1)[0], _runaway(v, 1)[1] / 2),
        ),
        Mistake(
            "upside-down",
            "You have divided the earlier length by the later one. Does the gradient "
            "grow or shrink in this run?",
            lambda v: _curved((v["first"] / v["second"] + 1) / v["eta"]),
        ),
        Mistake(
            "eta-multiplied",
            "ηc is the growth plus 1. What is c alone?",
            lambda v: _curved((v["second"] / v["first"] + 1) * v["eta"]),
        ),
    ),
)

EXERCISES: tuple[Exercise, ...] = (
    LINE,
    CURVATURE,
    ch06_code.HALVE,
    AXIS,
    LIMIT,
    VELOCITY,
    ch06_code.MOMENTUM,
    SECOND,
    ch06_code.ADAM,
    UNIT,
    PROGRAM,
    ch06_code.LOOP,
    RUNAWAY,
)
