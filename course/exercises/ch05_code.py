"""Chapter 5, The backward pass: what is written in code."""

from __future__ import annotations

from typing import Any

import numpy as np

from course.exercises.sources import spoil
from course.model import Call, Code, Failed, Generator, Given, Mistake, Property
from course.properties import Array, close, number, parts, slopes

# -- Through another bend ------------------------------------------------------


def _softsign(Z: Array) -> Array:
    return np.asarray(Z / (1 + np.abs(Z)))


def _draw_bend(rng: Generator, N: int, D: int, size: float) -> tuple[Array, Array]:
    """Return a blame and a place; of several images, one has Z = 0 somewhere."""
    Z = size * rng.normal(size=(N, D))
    if N > 1:
        Z[rng.integers(N), rng.integers(D)] = 0.0
    return rng.normal(size=(N, D)), Z


def _check_bend(call: Call, rng: Generator, N: int, D: int, size: float) -> None:
    dA, Z = _draw_bend(rng, N, D, size)
    got = call(dA, Z)
    want = slopes(lambda v: float(np.sum(dA * _softsign(v))), Z)
    # At 0 the slope is 1; a wiggle of h measures 1/(1 + h) there.
    close("dZ", got, np.where(Z == 0, dA, want), rtol=1e-6)


BEND_SOLUTION = '''def softsign_backward(dA, Z):
    """The blame at Z, from that at A = Z / (1 + |Z|)."""
    slope = 1 / (1 + np.abs(Z)) ** 2
    return dA * slope
'''

BEND = Code(
    id="ch05.bend",
    title="Through another bend",
    points=3,
    minutes=8,
    function="softsign_backward",
    stub='''def softsign_backward(dA, Z):
    """The blame at Z, from that at A = Z / (1 + |Z|)."""
    slope = np.zeros(Z.shape)  # your line
    return dA * slope
''',
    solution=BEND_SOLUTION,
    properties=(
        Property("one image", 1, lambda call, rng: _check_bend(call, rng, 1, 3, 1.0)),
        Property("several", 1, lambda call, rng: _check_bend(call, rng, 4, 3, 1.0)),
        Property("far out", 1, lambda call, rng: _check_bend(call, rng, 3, 2, 8.0)),
    ),
    case=lambda rng: tuple(_draw_bend(rng, N, 3, 2.0) for N in (1, 4)),
    hints=(
        "For Z > 0 the bend is Z / (1 + Z). Differentiate that: the quotient rule, "
        "or 1 − 1/(1 + Z).",
        "The bend is odd. What does that say about its slope at −Z?",
    ),
    mistakes=(
        Mistake(
            "slope-at-a",
            "Your slope is taken at A. The blame passes the bend where the input "
            "was, at Z.",
            spoil(
                BEND_SOLUTION,
                ("    slope", "    A = Z / (1 + np.abs(Z))\n    slope"),
                ("np.abs(Z)) ** 2", "np.abs(A)) ** 2"),
            ),
        ),
        Mistake(
            "no-square",
            "Your slope falls off too slowly. Differentiating a quotient leaves the "
            "denominator with which power?",
            spoil(BEND_SOLUTION, (" ** 2", "")),
        ),
        Mistake(
            "no-absolute-value",
            "Right where Z is positive. For negative Z the bend is Z / (1 − Z); an "
            "odd function has an even slope.",
            spoil(BEND_SOLUTION, ("np.abs(Z)", "Z")),
        ),
        Mistake(
            "slope-of-tanh",
            "1 − A² is the slope of tanh. This bend has a slope of its own.",
            spoil(
                BEND_SOLUTION,
                ("1 / (1 + np.abs(Z)) ** 2", "1 - (Z / (1 + np.abs(Z))) ** 2"),
            ),
        ),
        Mistake(
            "flat-at-zero",
            "Right but where Z is exactly 0. The bend has a tangent there: how steep "
            "is it?",
            spoil(BEND_SOLUTION, ("slope = 1", "slope = np.abs(np.sign(Z))")),
        ),
        Mistake(
            "no-blame",
            "That is the slope of the bend. What arrives at A, and how much of it "
            "gets through?",
            spoil(BEND_SOLUTION, ("dA * slope", "slope")),
        ),
        Mistake(
            "in-place",
            "You change the blame that you were given. Give dZ an array of its own.",
            spoil(BEND_SOLUTION, ("return dA * slope", "dA *= slope\n    return dA")),
        ),
        Mistake(
            "the-bend-itself",
            "You multiply the blame by A, the value of the bend. How fast does A "
            "move when Z moves?",
            spoil(BEND_SOLUTION, ("1 / (1 + np.abs(Z)) ** 2", "Z / (1 + np.abs(Z))")),
        ),
    ),
)

# -- A dense layer, backward ---------------------------------------------------


def _draw_dense(rng: Generator, N: int, D_in: int, D_out: int) -> tuple[Array, ...]:
    shapes = (N, D_out), (N, D_in), (D_out, D_in)
    return tuple(rng.normal(size=shape) for shape in shapes)


def _check_dense(
    call: Call, rng: Generator, which: int, N: int, sizes: tuple[int, int]
) -> None:
    dZ, X, W = _draw_dense(rng, N, *sizes)
    name = ("dX", "dW", "db")[which]
    got = parts("the result", call(dZ, X, W), 3)[which]

    def loss(X: Array, W: Array, b: Array) -> float:  # its blame at Z is dZ
        return float(np.sum(dZ * (X @ W.T + b)))

    given = [X, W, np.zeros(sizes[1])]

    def moved(array: Array) -> float:
        return loss(*[*given[:which], array, *given[which + 1 :]])

    close(name, got, slopes(moved, given[which]), rtol=1e-6)


def _check_square(call: Call, rng: Generator) -> None:
    for which, N in ((0, 3), (1, 3), (1, 4)):
        _check_dense(call, rng, which, N, (3, 3))


DENSE_SOLUTION = '''def dense_backward(dZ, X, W):
    """dX, dW and db of the layer Z = X Wᵀ + b."""
    dX = dZ @ W
    dW = dZ.T @ X
    db = dZ.sum(axis=0)
    return dX, dW, db
'''

DENSE = Code(
    id="ch05.dense",
    title="A dense layer, backward",
    points=5,
    minutes=10,
    function="dense_backward",
    stub='''def dense_backward(dZ, X, W):
    """dX, dW and db of the layer Z = X Wᵀ + b."""
    dX, dW, db = None, None, None  # your lines
    return dX, dW, db
''',
    solution=DENSE_SOLUTION,
    properties=(
        Property("dW", 1, lambda call, rng: _check_dense(call, rng, 1, 5, (3, 2))),
        Property("dX", 1, lambda call, rng: _check_dense(call, rng, 0, 5, (3, 2))),
        Property("db", 1, lambda call, rng: _check_dense(call, rng, 2, 5, (3, 2))),
        Property("dX and dW of a square layer", 1, _check_square),
        Property(
            "dW for one image",
            1,
            lambda call, rng: _check_dense(call, rng, 1, 1, (2, 4)),
        ),
    ),
    # Square first: there the wrong products have a legal shape.
    case=lambda rng: (_draw_dense(rng, 3, 3, 3), _draw_dense(rng, 5, 3, 2)),
    hints=(
        "Write down one entry of each first, with its sum. Which index is summed over?",
        "Each quantity is summed over the index that it lacks.",
    ),
    mistakes=(
        Mistake(
            "dW-wrong-way-round",
            "dX is right. Your dW has the inputs as rows; this W has the neurons as "
            "rows.",
            spoil(DENSE_SOLUTION, ("dZ.T @ X", "X.T @ dZ")),
        ),
        Mistake(
            "dW-turned-to-fit",
            "dX is right, and dW where its shape can tell. For a square layer it "
            "cannot: write down one entry of dW with its sum.",
            spoil(
                DENSE_SOLUTION,
                (
                    "    dW = dZ.T @ X\n",
                    "    dW = X.T @ dZ\n    dW = dW if dW.shape == W.shape else dW.T\n",
                ),
            ),
        ),
        Mistake(
            "W-transposed",
            "dW is right. In dX the sum runs over the neurons: which index of this W "
            "is the neuron?",
            spoil(DENSE_SOLUTION, ("dZ @ W", "dZ @ W.T")),
        ),
        Mistake(
            "db-mean",
            "The two others are right. A bias works on every image, and what the "
            "paths bring adds up. You divide: by what, and has the loss not done so?",
            spoil(DENSE_SOLUTION, ("dZ.sum(axis=0)", "dZ.mean(axis=0)")),
        ),
        Mistake(
            "db-one-number",
            "The two others are right. There is a bias for each neuron: over which "
            "axis do the images run?",
            spoil(DENSE_SOLUTION, ("dZ.sum(axis=0)", "dZ.sum()")),
        ),
        Mistake(
            "db-along-the-neurons",
            "The two others are right. Your db has a number for each image; it should "
            "have one for each neuron.",
            spoil(DENSE_SOLUTION, ("dZ.sum(axis=0)", "dZ.sum(axis=1)")),
        ),
        Mistake(
            "dW-averaged",
            "The two others are right. Averaging stands in the loss alone: your dW "
            "is too small by the number of images.",
            spoil(DENSE_SOLUTION, ("dZ.T @ X", "dZ.T @ X / len(X)")),
        ),
        Mistake(
            "both-wrong-way-round",
            "db is right. The two products are those of the chapter's layer. Here W "
            "is kept the other way round: write down one entry of each.",
            spoil(DENSE_SOLUTION, ("dZ.T @ X", "X.T @ dZ"), ("dZ @ W", "dZ @ W.T")),
        ),
    ),
)

# -- A network, from the loss to the first weight ------------------------------


def _draw_network(rng: Generator, N: int, scale: float = 1.0) -> tuple[Any, ...]:
    """X, t, W1, b1, W2, b2 of a network with ReLU, away from kinks."""
    while True:
        X, t = rng.normal(size=(N, 3)), rng.integers(0, 4, N)
        W1, b1 = rng.normal(size=(3, 5)), rng.normal(size=5)
        if np.abs(X @ W1 + b1).min() > 0.01:
            W2, b2 = scale * rng.normal(size=(5, 4)), rng.normal(size=4)
            return X, t, W1, b1, W2, b2


def _network_loss(
    X: Array, t: Any, W1: Array, b1: Array, W2: Array, b2: Array
) -> float:
    Z = np.maximum(X @ W1 + b1, 0) @ W2 + b2
    Z = Z - Z.max(axis=1, keepdims=True)
    return float(np.mean(np.log(np.exp(Z).sum(axis=1)) - Z[np.arange(len(t)), t]))


NAMES = ("dW1", "db1", "dW2", "db2")


def _check_network(call: Call, rng: Generator, names: tuple[str, ...], N: int) -> None:
    args = _draw_network(rng, N)
    got = parts("the result", call(*args), 4)
    for name in names:
        k = NAMES.index(name)

        def moved(array: Array, place: int = k + 2) -> float:
            return _network_loss(*[*args[:place], array, *args[place + 1 :]])

        close(name, got[k], slopes(moved, args[k + 2]), rtol=1e-6)


def _show_network(gradients: Call) -> None:
    """Draw the loss of a network that learns four digits by the student's function."""
    import backprop as bp
    from course import plots

    images, labels = bp.data.digit_images()
    four = np.isin(labels, [2, 3, 5, 6])
    ink = [images[:, 2:5, 2].mean(axis=1), images[:, 5:7, 2:4].mean(axis=(1, 2))]
    X, t = np.column_stack(ink)[four], np.searchsorted([2, 3, 5, 6], labels[four])
    rng = np.random.default_rng(0)
    params = [
        rng.normal(size=(2, 8)),
        np.zeros(8),
        rng.normal(size=(8, 4)),
        np.zeros(4),
    ]
    losses = []
    for _ in range(101):
        losses.append(_network_loss(X, t, *params))
        found = gradients(X, t, *params)
        params = [p - 0.5 * g for p, g in zip(params, found, strict=True)]
    figure = plots.curves(
        np.arange(101), {"": losses}, xlabel="step", ylabel="loss", roles=plots.LOSS
    )
    alt = (
        "By your own gradients a network learns to tell 2, 3, 5 and 6 apart by two "
        f"strokes: the loss falls from {losses[0]:.1f} to {losses[-1]:.1f} in a "
        "hundred steps."
    )
    plots.show(figure, alt=alt)


NETWORK_SOLUTION = '''def network_gradients(X, t, W1, b1, W2, b2):
    """dW1, db1, dW2, db2 of the mean cross-entropy after softmax."""
    Z1 = X @ W1 + b1
    A1 = np.maximum(Z1, 0)
    Z2 = A1 @ W2 + b2
    E = np.exp(Z2 - Z2.max(axis=1, keepdims=True))
    dZ2 = E / E.sum(axis=1, keepdims=True)
    dZ2[np.arange(len(t)), t] -= 1
    dZ2 /= len(t)
    dZ1 = (dZ2 @ W2.T) * (Z1 > 0)
    return X.T @ dZ1, dZ1.sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0)
'''

NETWORK = Code(
    id="ch05.network",
    title="A network, from the loss to the first weight",
    points=5,
    minutes=15,
    function="network_gradients",
    stub='''def network_gradients(X, t, W1, b1, W2, b2):
    """dW1, db1, dW2, db2 of the mean cross-entropy after softmax."""
    Z1 = X @ W1 + b1
    A1 = np.maximum(Z1, 0)
    Z2 = A1 @ W2 + b2
    dW1, db1, dW2, db2 = None, None, None, None  # your lines
    return dW1, db1, dW2, db2
''',
    solution=NETWORK_SOLUTION,
    properties=(
        Property(
            "dW2 and db2",
            2,
            lambda call, rng: _check_network(call, rng, ("db2", "dW2"), 5),
        ),
        Property(
            "dW1 and db1",
            2,
            lambda call, rng: _check_network(call, rng, ("db1", "dW1"), 5),
        ),
        Property(
            "all of them, for one image",
            1,
            lambda call, rng: _check_network(call, rng, NAMES, 1),
        ),
    ),
    case=lambda rng: (_draw_network(rng, 3), _draw_network(rng, 6)),
    after=_show_network,
    hints=(
        "Begin with the blame at the output: (P − T)/N.",
        "`P[np.arange(N), t]` is the probability of the right class of each image.",
        "Then four formulas, from the output down. The slope of ReLU is 1 where "
        "Z1 > 0, else 0.",
    ),
    mistakes=(
        Mistake(
            "not-averaged",
            "All four are too large by the number of images. Where does the loss "
            "average?",
            spoil(NETWORK_SOLUTION, ("    dZ2 /= len(t)\n", "")),
        ),
        Mistake(
            "averaged-over-classes-too",
            "All four are too small by the number of classes. This loss is a mean "
            "over the images, one number for each.",
            spoil(NETWORK_SOLUTION, ("/= len(t)", "/= dZ2.size")),
        ),
        Mistake(
            "no-gate",
            "Layer 2 is right. In layer 1 blame gets through where the neurons are "
            "silent.",
            spoil(NETWORK_SOLUTION, (" * (Z1 > 0)", "")),
        ),
        Mistake(
            "gate-of-the-blame",
            "Layer 2 is right. In layer 1 you let through what blame is positive. "
            "Whose sign opens the gate?",
            spoil(
                NETWORK_SOLUTION,
                ("(dZ2 @ W2.T) * (Z1 > 0)", "np.maximum(dZ2 @ W2.T, 0)"),
            ),
        ),
        Mistake(
            "softmax-over-the-batch",
            "Your probabilities add up to 1 over the whole batch. They should do so "
            "for each image.",
            spoil(NETWORK_SOLUTION, ("E.sum(axis=1, keepdims=True)", "E.sum()")),
        ),
        Mistake(
            "input-before-bend",
            "All are right but dW2. What came in through W2: Z1, or what ReLU made "
            "of it?",
            spoil(NETWORK_SOLUTION, ("A1.T @ dZ2", "Z1.T @ dZ2")),
        ),
        Mistake(
            "softmax-over-images",
            "Your probabilities add up to 1 for each class. They should do so for "
            "each image.",
            spoil(NETWORK_SOLUTION, ("E.sum(axis=1,", "E.sum(axis=0,")),
        ),
        Mistake(
            "target-forgotten",
            "Your blame at the output is P alone: every class is pushed down, the "
            "right one as well.",
            spoil(NETWORK_SOLUTION, ("    dZ2[np.arange(len(t)), t] -= 1\n", "")),
        ),
        Mistake(
            "squared-error",
            "You have sent the blame through softmax's slope p(1 − p) as well. With "
            "cross-entropy the two have cancelled already.",
            spoil(
                NETWORK_SOLUTION,
                ("    dZ2[np", "    P = dZ2.copy()\n    dZ2[np"),
                ("    dZ2 /= len(t)", "    dZ2 *= P * (1 - P) / len(t)"),
            ),
        ),
        Mistake(
            "mean-biases",
            "The dW are right, the db too small. What is done with the index that a "
            "bias lacks?",
            spoil(
                NETWORK_SOLUTION,
                ("dZ1.sum(axis=0)", "dZ1.mean(axis=0)"),
                ("dZ2.sum(axis=0)", "dZ2.mean(axis=0)"),
            ),
        ),
    ),
)

# -- A gradient check of your own ----------------------------------------------

CUBIC = '''
import numpy as np


def cubic(A, c, scale):
    """Return a curved function of an array of numbers."""

    def f(params):
        params = np.asarray(params, dtype=float)
        return float(scale * (c @ params**3 + params @ A @ params))

    return f


def slopes_of_cubic(A, c, scale, wrong):
    """Return its gradient, off by the factors 1 + wrong."""

    def gradient(params):
        params = np.asarray(params, dtype=float)
        right = 3 * c * params**2 + (A + A.T) @ params
        return scale * right * (1 + wrong)

    return gradient
'''


def _draw_check(
    rng: Generator, P: int, scale: float, off: float
) -> tuple[Given, Given, Array]:
    """f, gradient and params; the gradient is off in one entry."""
    A, c = rng.normal(size=(P, P)), rng.normal(size=P)
    while True:
        params = rng.normal(size=P)
        right = np.abs(3 * c * params**2 + (A + A.T) @ params)
        if right.min() > 0.3:
            break
    wrong = np.zeros(P)
    wrong[int(np.argsort(right)[P // 2])] = off
    first = (A, c, scale)
    return Given("cubic", first), Given("slopes_of_cubic", (*first, wrong)), params


def _expected(f: Given, gradient: Given, params: Array, h: float = 0.0) -> float:
    """Return the error that a wiggle of h finds: of a cubic, it measures c h² more."""
    A, c, scale = f.params
    right = scale * (3 * c * params**2 + (A + A.T) @ params)
    given, measured = right * (1 + gradient.params[3]), right + scale * c * h**2
    size = max(np.abs(measured).max(), np.abs(given).max(), 1e-8)
    return float(np.abs(given - measured).max() / size)


def _check_right(call: Call, rng: Generator) -> None:
    error = number("the error", call(*_draw_check(rng, 4, 1.0, 0.0)))
    if not 0 <= error < 1e-7:
        raise Failed(f"for a right gradient the error is {error:.2g}; expected < 1e-7")


def _check_wrong(call: Call, rng: Generator, scale: float) -> None:
    for off in (0.5, -0.2):
        args = _draw_check(rng, 5, scale, off)
        close("the error", call(*args), _expected(*args), rtol=1e-4)


def _check_step(call: Call, rng: Generator) -> None:
    _check_wrong(call, rng, 1.0)
    args = _draw_check(rng, 5, 1.0, 0.0)
    for h in (0.5, 0.25):
        name = f"the error of a right gradient, with h = {h:g},"
        close(name, call(*args, h), _expected(*args, h), rtol=1e-4)


def _show_check(error_of: Call) -> None:
    """Draw the V: the student's error of a right gradient, against the step."""
    from course import plots

    args = _draw_check(np.random.default_rng(0), 4, 1.0, 0.0)
    steps = 10.0 ** np.arange(-13, -0.75, 0.25)
    errors = {"a right gradient": [float(error_of(*args, float(h))) for h in steps]}
    alt = (
        "What your own check says of a right gradient, against its step, both axes "
        "logarithmic: a V, below a ten-millionth in the middle and red at both ends."
    )
    plots.show(plots.error_against_step(steps, errors), alt=alt)


CHECK_SOLUTION = '''def error_of(f, gradient, params, h=1e-5):
    """Largest error of the gradient, relative to its largest entry."""
    derived = gradient(params)
    measured = np.zeros(len(params))
    for j in range(len(params)):
        step = np.zeros(len(params))
        step[j] = h
        up, down = f(params + step), f(params - step)
        measured[j] = (up - down) / (2 * h)
    size = max(np.abs(derived).max(), np.abs(measured).max(), 1e-8)
    return np.abs(derived - measured).max() / size
'''

CHECK = Code(
    id="ch05.check",
    title="A gradient check of your own",
    points=4,
    minutes=12,
    function="error_of",
    given=CUBIC,
    stub='''def error_of(f, gradient, params, h=1e-5):
    """Largest error of the gradient, relative to its largest entry."""
    derived = gradient(params)
    measured = np.zeros(len(params))
    # your lines
    return np.inf
''',
    solution=CHECK_SOLUTION,
    properties=(
        Property("a right gradient", 1, _check_right),
        Property("a wrong one, and a wide step", 2, _check_step),
        Property(
            "gradients near 0", 1, lambda call, rng: _check_wrong(call, rng, 1e-10)
        ),
    ),
    case=lambda rng: (
        _draw_check(rng, 4, 1.0, 0.0),
        _draw_check(rng, 4, 1.0, 0.5),
        _draw_check(rng, 4, 1e-10, 0.5),
        (*_draw_check(rng, 4, 1.0, 0.0), 0.5),
    ),
    after=_show_check,
    hints=(
        "Measure first, as in chapter 1: one parameter at a time, up and down.",
        "Then one number: the largest difference, over the largest entry of either "
        "array, or over 1e-8 if both are smaller.",
    ),
    mistakes=(
        Mistake(
            "one-sided",
            "A right gradient gets an error near 1e-5 from you: that is the error of "
            "a wiggle to one side.",
            spoil(
                CHECK_SOLUTION,
                ("f(params - step)", "f(params)"),
                ("(2 * h)", "h"),
            ),
        ),
        Mistake(
            "own-step",
            "A right gradient gets an error near 1e-4 from you. Which step do you "
            "take, and which one are you given?",
            spoil(CHECK_SOLUTION, ("    measured = ", "    h = 1e-2\n    measured = ")),
        ),
        Mistake(
            "always-the-same-step",
            "Right for the book's step. You are given `h`: what do you do with it?",
            spoil(CHECK_SOLUTION, ("    measured = ", "    h = 1e-5\n    measured = ")),
        ),
        Mistake(
            "not-put-back",
            "The first entry is measured well. Where do the wiggles of the later "
            "ones start from?",
            spoil(
                CHECK_SOLUTION,
                (
                    "    for j in range(len(params)):\n"
                    "        step = np.zeros(len(params))\n",
                    "    step = np.zeros(len(params))\n"
                    "    for j in range(len(params)):\n",
                ),
            ),
        ),
        Mistake(
            "not-relative",
            "That is the difference itself. Gradients near 0 would always pass: "
            "compare it with their size.",
            spoil(CHECK_SOLUTION, (".max() / size", ".max()")),
        ),
        Mistake(
            "no-floor",
            "For gradients near 0, rounding looks like a large share. What does the "
            "book divide by at least?",
            spoil(CHECK_SOLUTION, (", 1e-8)", ")")),
        ),
        Mistake(
            "entry-by-entry",
            "You divide each difference by its own entry. One entry near 0 is then "
            "red for rounding's sake: divide by the largest entry of the array.",
            spoil(
                CHECK_SOLUTION,
                (
                    "np.abs(derived - measured).max() / size",
                    "np.max(np.abs(derived - measured) / (np.abs(measured) + 1e-8))",
                ),
            ),
        ),
        Mistake(
            "each-by-its-own-size",
            "You divide each difference by the size of its own two entries, and then "
            "take the largest. By the book, one size serves the whole array.",
            spoil(
                CHECK_SOLUTION,
                (
                    "max(np.abs(derived).max(), np.abs(measured).max(), 1e-8)\n"
                    "    return np.abs(derived - measured).max() / size\n",
                    "np.maximum(np.abs(derived), np.abs(measured))\n"
                    "    size = np.maximum(size, 1e-8)\n"
                    "    return np.max(np.abs(derived - measured) / size)\n",
                ),
            ),
        ),
        Mistake(
            "lengths-not-largest",
            "You compare lengths of the arrays, roots of sums of squares. The book's "
            "error asks for the largest entry of each.",
            spoil(
                CHECK_SOLUTION,
                (
                    "max(np.abs(derived).max(), np.abs(measured).max(), 1e-8)",
                    "max(*map(np.linalg.norm, (derived, measured)), 1e-8)",
                ),
                (
                    "np.abs(derived - measured).max()",
                    "np.linalg.norm(derived - measured)",
                ),
            ),
        ),
        Mistake(
            "mean-not-largest",
            "You take the mean of the differences. One wrong entry among a million "
            "would not show in it.",
            spoil(
                CHECK_SOLUTION, ("measured).max() / size", "measured).mean() / size")
            ),
        ),
    ),
)
