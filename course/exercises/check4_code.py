"""The check after chapter 4: what is written in code."""

from __future__ import annotations

import numpy as np

from course.exercises.sources import spoil
from course.model import Call, Code, Generator, Mistake, Property
from course.properties import Array, close, parts, slopes

# -- The neuron, as a layer ----------------------------------------------------------


def _entropy(Z: Array, T: Array) -> float:
    """Mean binary cross-entropy, from logits."""
    return float(np.mean(np.logaddexp(0, Z) - T * Z))


def _draw_layer(rng: Generator, N: int, D: int) -> tuple[Array, Array, Array, Array]:
    # Both targets occur, so that their mean is nobody's target.
    T = rng.permutation((np.arange(N) + rng.integers(2)) % 2).astype(float)
    return rng.normal(size=(N, D)), T, rng.normal(size=(D, 1)), rng.normal(size=1)


def _check_layer(call: Call, rng: Generator, which: int, N: int, D: int) -> None:
    X, T, W, b = _draw_layer(rng, N, D)
    got = parts("the result", call(X, T, W, b), 2)[which]
    if which == 0:
        want = slopes(lambda v: _entropy((X @ v + b)[:, 0], T), W)
    else:
        want = slopes(lambda v: _entropy((X @ W + v)[:, 0], T), b)
    close(("dW", "db")[which], got, want, rtol=1e-6)


NEURON_SOLUTION = '''def neuron_gradient(X, T, W, b):
    """dW (D, 1) and db (1,) of the mean binary cross-entropy."""
    Z = X @ W + b  # (N, 1), a logit for each example
    A = 1 / (1 + np.exp(-Z))
    dZ = (A - T[:, None]) / len(X)
    dW = X.T @ dZ
    db = dZ.sum(axis=0)
    return dW, db
'''

NEURON_GRADIENT = Code(
    id="check-4.layer",
    title="One neuron, many examples",
    points=4,
    minutes=10,
    function="neuron_gradient",
    stub='''def neuron_gradient(X, T, W, b):
    """dW (D, 1) and db (1,) of the mean binary cross-entropy."""
    Z = X @ W + b  # (N, 1), a logit for each example
    # your lines
    return np.zeros(W.shape), np.zeros(b.shape)
''',
    solution=NEURON_SOLUTION,
    properties=(
        Property("dW, one example", 1, lambda c, rng: _check_layer(c, rng, 0, 1, 3)),
        Property("dW, several", 2, lambda c, rng: _check_layer(c, rng, 0, 5, 3)),
        Property("db", 1, lambda c, rng: _check_layer(c, rng, 1, 4, 2)),
    ),
    case=lambda rng: (_draw_layer(rng, 4, 3), _draw_layer(rng, 5, 2)),
    hints=(
        "Z is (N, 1), and T is (N,). What is the shape of their difference?",
        "Blame first: one number for each example. Then blame times input, summed.",
    ),
    mistakes=(
        Mistake(
            "all-pairs",
            "Each answer has been compared with every target: (N, 1) minus (N,) is "
            "(N, N).",
            spoil(
                NEURON_SOLUTION,
                ("T[:, None]", "T"),
                ("X.T @ dZ", "(X.T @ dZ).sum(axis=1, keepdims=True)"),
                ("dZ.sum(axis=0)", "np.array([dZ.sum()])"),
            ),
        ),
        Mistake(
            "all-pairs-mean",
            "Each answer has been compared with every target, and then a mean was "
            "taken: (N, 1) minus (N,) is (N, N).",
            spoil(
                NEURON_SOLUTION,
                ("T[:, None]", "T"),
                ("X.T @ dZ", "(X.T @ dZ).mean(axis=1, keepdims=True)"),
                ("dZ.sum(axis=0)", "np.array([dZ.sum(axis=0).mean()])"),
            ),
        ),
        Mistake(
            "no-average",
            "Too large by the number of examples: the loss is a mean.",
            spoil(NEURON_SOLUTION, (" / len(X)", "")),
        ),
        Mistake(
            "slope-left-in",
            "The slope of the sigmoid is in it. With cross-entropy it is gone from dZ.",
            spoil(
                NEURON_SOLUTION, ("(A - T[:, None])", "(A - T[:, None]) * A * (1 - A)")
            ),
        ),
        Mistake(
            "squared-error",
            "That is the gradient of the mean squared error, the loss of chapter 1.",
            spoil(
                NEURON_SOLUTION,
                ("(A - T[:, None])", "2 * (A - T[:, None]) * A * (1 - A)"),
            ),
        ),
        Mistake(
            "logit-for-answer",
            "You have compared the logit with the target. Which number lies between 0 "
            "and 1?",
            spoil(NEURON_SOLUTION, ("(A - T", "(Z - T")),
        ),
        Mistake(
            "db-mean",
            "dW is right, db is too small. dZ has the 1/N in it already.",
            spoil(NEURON_SOLUTION, ("dZ.sum(axis=0)", "dZ.mean(axis=0)")),
        ),
        Mistake(
            "upside-down",
            "Sizes right, signs wrong: said minus should have said.",
            spoil(NEURON_SOLUTION, ("A - T[:, None]", "T[:, None] - A")),
        ),
    ),
)

# -- Repair a small graph ------------------------------------------------------------


def _graph_loss(x: float, t: float, w: float, v: float, c: float) -> float:
    h = np.tanh(w * x)
    z = v * h + c * h * x
    return float(np.logaddexp(0, z) - t * z)


def _draw_graph(rng: Generator) -> tuple[float, ...]:
    x, w = rng.choice([-1, 1], 2) * rng.uniform(0.5, 1.5, 2)
    v, c = rng.choice([-1, 1], 2) * rng.uniform(0.5, 2, 2)
    return float(x), float(rng.integers(2)), float(w), float(v), float(c)


NAMES = ("dv", "dc", "dw")
PLACES = (3, 4, 2)  # of v, c and w among the arguments


def _check_graph(call: Call, rng: Generator, which: int) -> None:
    for _ in range(4):
        given = _draw_graph(rng)
        got = parts("the result", call(*given), 3)[which]
        want = slopes(lambda k: _graph_loss(*k), np.array(given))[PLACES[which]]
        close(NAMES[which], got, want, rtol=1e-6)


REPAIR_SOLUTION = '''def graph_gradients(x, t, w, v, c):
    """dv, dc, dw of the binary cross-entropy at the logit z."""
    h = np.tanh(w * x)
    z = v * h + c * h * x
    a = 1 / (1 + np.exp(-z))
    dz = a - t
    dv = dz * h
    dc = dz * h * x
    dh = dz * v
    dh = dh + dz * c * x
    dw = dh * (1 - h**2) * x
    return dv, dc, dw
'''
SLOPE_TWICE = (("dz = a - t", "dz = (a - t) * a * (1 - a)"),)
OVERWRITTEN = (("dh = dh + dz * c * x", "dh = dz * c * x"),)
SLOPE_AT_H = (("(1 - h**2)", "(1 - np.tanh(h) ** 2)"),)

REPAIR = Code(
    id="check-4.repair",
    title="Repair a way back",
    points=4,
    minutes=10,
    function="graph_gradients",
    stub=spoil(REPAIR_SOLUTION, *SLOPE_TWICE, *OVERWRITTEN, *SLOPE_AT_H),
    solution=REPAIR_SOLUTION,
    properties=(
        Property("dv", 1, lambda call, rng: _check_graph(call, rng, 0)),
        Property("dc", 1, lambda call, rng: _check_graph(call, rng, 1)),
        Property("dw", 2, lambda call, rng: _check_graph(call, rng, 2)),
    ),
    case=lambda rng: tuple(_draw_graph(rng) for _ in range(4)),
    hints=(
        "Measure all three slopes, and compare. Which are wrong, and from where on?",
        "Draw the graph. Which number is used twice?",
    ),
    mistakes=(
        Mistake(
            "slope-twice",
            "All three are wrong by the same factor. What do they share?",
            spoil(REPAIR_SOLUTION, *SLOPE_TWICE),
        ),
        Mistake(
            "overwritten",
            "dv and dc are right, dw is not: something is lost between z and h.",
            spoil(REPAIR_SOLUTION, *OVERWRITTEN),
        ),
        Mistake(
            "slope-at-h",
            "dv and dc are right, dw is too large. Look at the bend: the slope of tanh "
            "is taken from what, and what is h already?",
            spoil(REPAIR_SOLUTION, *SLOPE_AT_H),
        ),
        Mistake(
            "two-left-below",
            "dv and dc are right, so the blame at z is. Two faults are left on the way "
            "from there to w.",
            spoil(REPAIR_SOLUTION, *OVERWRITTEN, *SLOPE_AT_H),
        ),
        Mistake(
            "slope-twice-and-at-h",
            "Two faults are left. Begin at the output: dv needs nothing but dz and h.",
            spoil(REPAIR_SOLUTION, *SLOPE_TWICE, *SLOPE_AT_H),
        ),
        Mistake(
            "slope-twice-and-overwritten",
            "Two faults are left: one where the way back begins, one where two paths "
            "meet.",
            spoil(REPAIR_SOLUTION, *SLOPE_TWICE, *OVERWRITTEN),
        ),
    ),
)
