"""Chapter 3, Measuring error: what is written in code."""

from __future__ import annotations

from typing import Any

import numpy as np

from course.exercises.sources import spoil
from course.model import Call, Code, Failed, Generator, Mistake, Property
from course.properties import Array, close, number, parts, slopes


def _loss(Z: Array, t: Array) -> float:
    """Mean cross-entropy, row by row with each row's own largest logit."""
    total = 0.0
    for z, right in zip(Z, t, strict=True):
        m = float(z.max())
        total += m + float(np.log(np.exp(z - m).sum())) - float(z[right])
    return total / len(Z)


def _draw_logits(rng: Generator, N: int, K: int) -> tuple[Array, Any]:
    return rng.normal(0, 1.5, (N, K)), rng.integers(0, K, N)


def _draw_large(rng: Generator) -> tuple[Array, Any]:
    """Return rows with logits near ±1000; the right class is ahead or far behind."""
    Z = rng.normal(0, 1, (4, 3)) + np.array([1000.0, 0.0, -1000.0])
    return Z, np.array([0, 1, 2, 0])


def _draw_far(rng: Generator) -> tuple[Array, Any]:
    """Return rows of small differences, 2,000 apart from each other."""
    Z = rng.normal(0, 1, (3, 4)) + np.array([[1000.0], [-1000.0], [0.0]])
    return Z, rng.integers(0, 4, 3)


# -- A cross-entropy that bears a thousand -------------------------------------


def _binary_loss(Z: Array, T: Array) -> float:
    """Mean binary cross-entropy, each loss from the size of its logit."""
    ahead = np.log1p(np.exp(-abs(Z)))  # ln(e^0 + e^z) − max(0, z)
    return float(np.mean(np.maximum(Z, 0) + ahead - T * Z))


# Sizes of logits, each drawn with both signs: a formula that holds on one side of
# some logit alone is found out. Beyond 10, a loss on the right side has few digits.
SIZES = ((0.3, 1.0), (1.0, 3.0), (3.0, 6.0), (6.0, 10.0), (12.0, 16.0))


def _draw_binary(rng: Generator, N: int, high: float) -> tuple[Array, Array]:
    """Return logits around `high` with targets of both kinds."""
    T = np.arange(N)[:, None] % 2.0
    return rng.normal(0, 1.5, (N, 1)) + high, rng.permutation(T)


def _draw_sizes(rng: Generator) -> tuple[Array, Array]:
    """Return logits of all sizes and both signs; one of each sign is on target."""
    sizes = np.array([rng.uniform(low, high) for low, high in SIZES])
    Z = np.array([*sizes, *-sizes])
    T = (Z < 0).astype(float)
    T[rng.integers(4)] = 1.0
    T[5 + rng.integers(4)] = 0.0
    order = rng.permutation(10)
    return Z[order, None], T[order, None]


def _check_one_image(call: Call, rng: Generator) -> None:
    Z, T = _draw_sizes(rng)
    for z, t in zip(Z, T, strict=True):
        _check_binary(call, z[None], t[None])
        if abs(z[0]) < 10:
            _check_binary(call, z[None], 1 - t[None])


def _draw_mixed(rng: Generator) -> tuple[Array, Array]:
    """Return logits near 1000, 0 and −1000, each with both targets."""
    high = np.array([1000.0, 0.0, -1000.0, 1000.0, 0.0, -1000.0])
    return rng.normal(0, 1, (6, 1)) + high[:, None], np.array([[0.0, 1] * 3]).T


def _check_binary(call: Call, Z: Array, T: Array) -> None:
    close("the loss", call(Z, T), _binary_loss(Z, T), rtol=1e-9)


def _check_both_signs(call: Call, rng: Generator) -> None:
    for high in (1000.0, -1000.0):
        _check_binary(call, *_draw_binary(rng, 4, high))


STABLE_SOLUTION = '''def binary_cross_entropy(Z, T):
    """Mean binary cross-entropy; logits Z, targets T, both (N, 1)."""
    m = np.maximum(Z, 0)  # the larger of the two exponents
    log_of_sum = m + np.log(np.exp(0 - m) + np.exp(Z - m))
    return np.mean(log_of_sum - T * Z)
'''
FROM_ANSWERS = """def binary_cross_entropy(Z, T):
    A = 1 / (1 + np.exp(-Z))
    return -np.mean(T * np.log(A) + (1 - T) * np.log(1 - A))
"""
LARGEST = "np.maximum(Z, 0)"

STABLE = Code(
    id="ch03.stable",
    title="A cross-entropy that bears a thousand",
    points=4,
    minutes=10,
    function="binary_cross_entropy",
    stub='''def binary_cross_entropy(Z, T):
    """Mean binary cross-entropy; logits Z, targets T, both (N, 1)."""
    # your lines
    log_of_sum = np.zeros(Z.shape)  # ln(e^0 + e^z)
    return np.mean(log_of_sum)
''',
    solution=STABLE_SOLUTION,
    properties=(
        Property("one image", 1, _check_one_image),
        Property("several", 1, lambda c, rng: _check_binary(c, *_draw_sizes(rng))),
        Property("logits near 1000, or near −1000", 1, _check_both_signs),
        Property(
            "both in one batch", 1, lambda c, rng: _check_binary(c, *_draw_mixed(rng))
        ),
    ),
    case=lambda rng: (
        (rng.uniform(4, 6, (1, 1)), np.zeros((1, 1))),
        (np.array([[4.0], [-0.5], [-1.5], [-4.5]]), np.array([[1.0], [1], [0], [1]])),
        _draw_binary(rng, 4, 1000.0),
        _draw_binary(rng, 4, -1000.0),
        _draw_mixed(rng),
    ),
    hints=(
        "It is logsumexp of two exponents, 0 and z. Which of the two is the larger?",
        "Take the larger one out of the sum, for each image on its own, and add it "
        "back outside of the logarithm.",
    ),
    mistakes=(
        Mistake(
            "nothing-subtracted",
            "Right for small logits. For large ones np.exp overflows: what may you "
            "take out of a sum of exponentials?",
            spoil(STABLE_SOLUTION, (LARGEST, "np.zeros(Z.shape)")),
        ),
        Mistake(
            "logit-taken-out",
            "Right for logits near 1000, not for those near −1000. There, is z the "
            "larger of the two exponents?",
            spoil(STABLE_SOLUTION, (LARGEST, "Z")),
        ),
        Mistake(
            "size-taken-out",
            "Right for logits near 1000, not for those near −1000. The size of z is "
            "not one of the two exponents there; which one is the larger?",
            spoil(STABLE_SOLUTION, (LARGEST, "abs(Z)")),
        ),
        Mistake(
            "largest-of-all-images",
            "You take one number out for the whole batch. What is left of the sum of "
            "an image that lies 1000 below it?",
            spoil(STABLE_SOLUTION, (LARGEST, "np.maximum(Z.max(), 0)")),
        ),
        Mistake(
            "logarithm-of-zero",
            "You go by way of the answers, and one of them is exactly 0 or 1. The "
            "loss can be had from the logits alone.",
            FROM_ANSWERS,
        ),
        Mistake(
            "capped",
            "No infinity any more, but an image that is wrong by 1000 costs 27.6 "
            "instead. The loss can be had from the logits alone.",
            spoil(
                FROM_ANSWERS,
                ("np.log(A)", "np.log(A + 1e-12)"),
                ("np.log(1 - A)", "np.log(1 - A + 1e-12)"),
            ),
        ),
        Mistake(
            "clipped",
            "With clipped answers no image that is wrong costs more than the clip lets "
            "it. The loss can be had from the logits alone.",
            spoil(
                FROM_ANSWERS,
                ("(-Z))\n", "(-Z))\n    A = np.clip(A, 1e-15, 1 - 1e-15)\n"),
            ),
        ),
        Mistake(
            "large-logits-by-themselves",
            "From some logit on you take z itself for ln(1 + e^z). How far are the two "
            "apart there?",
            spoil(
                STABLE_SOLUTION,
                (
                    "    return",
                    "    log_of_sum = np.where(Z > 3, Z, log_of_sum)\n    return",
                ),
            ),
        ),
        Mistake(
            "not-added-back",
            "You have taken the larger exponent out inside the logarithm, and it is "
            "missing outside.",
            spoil(STABLE_SOLUTION, ("m + np.log", "np.log")),
        ),
        Mistake(
            "target-forgotten",
            "That is the loss if all targets are 0.",
            spoil(STABLE_SOLUTION, (" - T * Z", "")),
        ),
        Mistake(
            "sum",
            "Right for one image. For several, you have their sum.",
            spoil(STABLE_SOLUTION, ("np.mean(", "np.sum(")),
        ),
        Mistake(
            "upside-down",
            "Size right, sign wrong. A loss is not negative.",
            spoil(STABLE_SOLUTION, ("log_of_sum - T * Z", "T * Z - log_of_sum")),
        ),
        Mistake(
            "log-2",
            "You have taken the logarithm to base 2, where e has been the base of "
            "the exponentials.",
            spoil(STABLE_SOLUTION, ("np.log(np", "np.log2(np")),
        ),
    ),
)

# -- Softmax and its blame -----------------------------------------------------


def _check_both(call: Call, Z: Array, t: Any, part: int) -> None:
    got = parts("the result", call(Z, t), 2)
    if part == 0:
        close("L", got[0], _loss(Z, t), rtol=1e-9)
    else:
        close("dZ", got[1], slopes(lambda z: _loss(z, t), Z), rtol=1e-6)


def _check_both_large(call: Call, rng: Generator) -> None:
    for Z, t in (_draw_large(rng), _draw_far(rng)):
        L, dZ = parts("the result", call(Z, t), 2)
        close("L", L, _loss(Z, t), rtol=1e-9)
        # Differences of losses near 1000 keep fewer digits.
        close("dZ", dZ, slopes(lambda z, t=t: _loss(z, t), Z), rtol=1e-4)  # type: ignore[misc]


SOFTMAX_SOLUTION = '''def softmax_cross_entropy(Z, t):
    """Mean loss L and its blame dZ; Z (N, K), right classes t (N,)."""
    Z = Z - Z.max(axis=1, keepdims=True)
    E = np.exp(Z)
    S = E.sum(axis=1, keepdims=True)
    L = np.mean(np.log(S[:, 0]) - Z[np.arange(len(Z)), t])
    P = E / S
    T = np.eye(Z.shape[1])[t]
    dZ = (P - T) / len(Z)
    return L, dZ
'''
LOSS = "np.mean(np.log(S[:, 0]) - Z[np.arange(len(Z)), t])"
BY_SOFTMAX = "-np.mean(np.log((E / S)[np.arange(len(Z)), t]))"

SOFTMAX = Code(
    id="ch03.softmax",
    title="Softmax and its blame",
    points=5,
    minutes=15,
    function="softmax_cross_entropy",
    stub='''def softmax_cross_entropy(Z, t):
    """Mean loss L and its blame dZ; Z (N, K), right classes t (N,)."""
    # your lines
    return None, None
''',
    solution=SOFTMAX_SOLUTION,
    properties=(
        Property(
            "L", 1, lambda call, rng: _check_both(call, *_draw_logits(rng, 5, 4), 0)
        ),
        Property(
            "dZ, one row",
            1,
            lambda call, rng: _check_both(call, *_draw_logits(rng, 1, 3), 1),
        ),
        Property(
            "dZ, several rows",
            2,
            lambda call, rng: _check_both(call, *_draw_logits(rng, 6, 4), 1),
        ),
        Property("logits of ±1000", 1, _check_both_large),
    ),
    case=lambda rng: (
        _draw_logits(rng, 3, 5),
        _draw_logits(rng, 5, 3),
        _draw_large(rng),
        _draw_far(rng),
    ),
    hints=(
        "Subtract each row's largest logit first; then everything else may be naive.",
        "What the network said minus what it should have said, and once 1/N.",
    ),
    mistakes=(
        Mistake(
            "in-place",
            "Your function changes the Z that it is given. Make a new array.",
            spoil(SOFTMAX_SOLUTION, ("Z = Z - Z.max", "Z -= Z.max")),
        ),
        Mistake(
            "nothing-subtracted",
            "Right for small logits. For large ones np.exp overflows, and nan comes "
            "out.",
            spoil(SOFTMAX_SOLUTION, ("Z - Z.max(axis=1, keepdims=True)", "Z + 0")),
        ),
        Mistake(
            "largest-of-all-rows",
            "Right unless rows are far apart. Whose largest logit do you subtract?",
            spoil(SOFTMAX_SOLUTION, ("Z.max(axis=1, keepdims=True)", "Z.max()")),
        ),
        Mistake(
            "logarithm-of-zero",
            "Your softmax is stable, your logarithm is not: a probability that is "
            "too small has become 0. The loss can be had without computing p.",
            spoil(SOFTMAX_SOLUTION, (LOSS, BY_SOFTMAX)),
        ),
        Mistake(
            "capped",
            "No infinity any more, but a right class that is 1000 behind costs 27.6 "
            "instead of 1000. The loss can be had without computing p.",
            spoil(SOFTMAX_SOLUTION, (LOSS, BY_SOFTMAX.replace("log(", "log(1e-12 + "))),
        ),
        Mistake(
            "diagonal-alone",
            "The right class has its blame, the others have none. But all of them "
            "stand in the sum.",
            spoil(SOFTMAX_SOLUTION, ("(P - T)", "(P - T) * T")),
        ),
        Mistake(
            "slope-at-p",
            "That is the rate at the probabilities, −1/p at the right one. One step "
            "further back is softmax.",
            spoil(SOFTMAX_SOLUTION, ("(P - T)", "(-T / P)")),
        ),
        Mistake(
            "upside-down",
            "Sizes right, signs wrong. Should the loss grow with the right logit?",
            spoil(SOFTMAX_SOLUTION, ("(P - T)", "(T - P)")),
        ),
        Mistake(
            "target-forgotten",
            "No entry of your dZ is negative, and its rows do not sum to zero.",
            spoil(SOFTMAX_SOLUTION, ("(P - T)", "P")),
        ),
        Mistake(
            "no-average",
            "dZ is right for one row. For N rows it is N times too large: your loss "
            "is a mean.",
            spoil(SOFTMAX_SOLUTION, ("(P - T) / len(Z)", "P - T")),
        ),
        Mistake(
            "averaged-twice",
            "dZ is right for one row. For N rows it is N times too small.",
            spoil(SOFTMAX_SOLUTION, ("/ len(Z)", "/ len(Z) ** 2")),
        ),
        Mistake(
            "over-all-numbers",
            "Your dZ is K times too small. A row has K logits, but is one example: "
            "over what is this mean taken?",
            spoil(SOFTMAX_SOLUTION, ("/ len(Z)", "/ Z.size")),
        ),
        Mistake(
            "loss-is-a-sum",
            "dZ is right. L is the sum of the rows' losses, of which dZ is not the "
            "slope.",
            spoil(SOFTMAX_SOLUTION, ("np.mean(", "np.sum(")),
        ),
    ),
)

# -- Repair what was left of the squares ---------------------------------------


def _draw_neuron(rng: Generator, N: int, D: int) -> tuple[Array, Array, Array, float]:
    T = rng.integers(0, 2, N).astype(float)
    return rng.uniform(-1, 1, (N, D)), T, rng.normal(size=D), float(rng.normal())


def _neuron_loss(X: Array, T: Array, w: Array, b: float) -> float:
    z = X @ w + b
    return float(np.mean(np.maximum(z, 0) - T * z + np.log1p(np.exp(-abs(z)))))


def _check_neuron(call: Call, rng: Generator, N: int, D: int, part: int) -> None:
    X, T, w, b = _draw_neuron(rng, N, D)
    got = parts("the result", call(X, T, w, b), 3)
    if abs(number("L", got[0]) - _neuron_loss(X, T, w, b)) > 1e-9:
        raise Failed("L was right, and is not any more")
    if part == 1:
        want = slopes(lambda v: _neuron_loss(X, T, v, b), w)
        close("dw", got[1], want, rtol=1e-6)
    else:
        want = slopes(lambda v: _neuron_loss(X, T, w, float(v)), np.array(b))
        close("db", got[2], want, rtol=1e-6)


def _show_hearing(neuron_gradients: Call) -> None:
    """Draw how a neuron that was deaf in chapter 1 learns by the student's function."""
    import backprop as bp
    from course import plots

    images, labels = bp.data.digit_images()
    chosen = np.isin(labels, [3, 6])
    ink = [images[:, 2:5, 2].mean(axis=1), images[:, 5:7, 2:4].mean(axis=(1, 2))]
    X, T = np.column_stack(ink)[chosen], (labels[chosen] == 6).astype(float)
    w, b, losses = np.array([0.5, -0.5]), -12.0, []
    for _ in range(51):
        L, dw, db = neuron_gradients(X, T, w, b)
        losses.append(float(L))
        w, b = w - dw, b - float(db)
    figure = plots.curves(
        range(51), {"": losses}, xlabel="step", ylabel="mean loss", roles=plots.LOSS
    )
    alt = (
        "Your own gradients at work: the neuron that was deaf at b = −12 learns to "
        f"tell sixes from threes; its loss falls from {losses[0]:.1f} to "
        f"{losses[-1]:.1f} in fifty steps."
    )
    plots.show(figure, alt=alt)


REPAIR_SOLUTION = '''def neuron_gradients(X, T, w, b):
    """Mean binary cross-entropy, dw and db; X (N, D), T (N,)."""
    z = X @ w + b
    L = np.mean(np.logaddexp(0, z) - T * z)
    a = 1 / (1 + np.exp(-z))
    dz = (a - T) / len(X)
    dw = dz @ X
    db = dz.sum()
    return L, dw, db
'''


def _left(*faults: str) -> str:
    """Return the solution with some of the three faults."""
    factor, slope = (
        "2 * " * ("factor" in faults),
        " * a * (1 - a)" * ("slope" in faults),
    )
    changes = [("(a - T)", f"{factor}(a - T){slope}")]
    if "mean" in faults:
        changes.append(("dz.sum()", "dz.mean()"))
    return spoil(REPAIR_SOLUTION, *changes)


REPAIR = Code(
    id="ch03.repair",
    title="Repair what was left of the squares",
    points=4,
    minutes=10,
    function="neuron_gradients",
    stub=_left("factor", "slope", "mean"),
    solution=REPAIR_SOLUTION,
    properties=(
        Property("dw, one image", 1, lambda c, rng: _check_neuron(c, rng, 1, 3, 1)),
        Property("db, one image", 1, lambda c, rng: _check_neuron(c, rng, 1, 2, 2)),
        Property("dw, several", 1, lambda c, rng: _check_neuron(c, rng, 6, 4, 1)),
        Property("db, several", 1, lambda c, rng: _check_neuron(c, rng, 5, 3, 2)),
    ),
    case=lambda rng: (_draw_neuron(rng, 1, 2), _draw_neuron(rng, 5, 3)),
    after=_show_hearing,
    hints=(
        "There are three faults, and L is not one of them. Two are in one line.",
        "For one image dw and db tell whether dz is right; then take several.",
    ),
    mistakes=(
        Mistake(
            "all-left",
            "Begin with one image: there db is dz. Is it answer minus target?",
            _left("factor", "slope", "mean"),
        ),
        Mistake(
            "squares-left",
            "dz is still that of the squared error, with both of its factors.",
            _left("factor", "slope"),
        ),
        Mistake(
            "slope-and-mean-left",
            "Two faults are left. For one image your gradients are too small, and "
            "the surer the neuron, the smaller they are.",
            _left("slope", "mean"),
        ),
        Mistake(
            "factor-and-mean-left",
            "Two faults are left. For one image your gradients are twice too large.",
            _left("factor", "mean"),
        ),
        Mistake(
            "slope-left",
            "All gradients are too small where the neuron is sure: it is deaf still.",
            _left("slope"),
        ),
        Mistake(
            "factor-left",
            "All gradients are twice too large. There is no square any more.",
            _left("factor"),
        ),
        Mistake(
            "mean-left",
            "dw is right, and db for one image. For several, db is too small by "
            "their number.",
            _left("mean"),
        ),
        Mistake(
            "average-lost",
            "Right for one image. For several, the gradients are those of a sum, and "
            "L is a mean.",
            spoil(REPAIR_SOLUTION, ("(a - T) / len(X)", "a - T")),
        ),
    ),
)
