"""The check after chapter 7: what is written in code."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from course.exercises.sources import spoil
from course.model import Call, Code, Generator, Mistake, Property
from course.properties import Array, close, parts, slopes


def _with(p: Any, k: int, a: Array) -> list[Array]:
    """Return the parameters with the k-th one replaced."""
    return [*p[:k], a, *p[k + 1 :]]


# -- Train a network -----------------------------------------------------------------


def _binary_loss(
    X: Array, T: Array, W1: Array, b1: Array, W2: Array, b2: Array
) -> float:
    Z = np.tanh(X @ W1 + b1) @ W2 + b2
    return float(np.mean(np.logaddexp(0, Z) - T * Z))


def _binary_loss_of(X: Array, T: Array, p: Any, k: int, a: Array) -> float:
    return _binary_loss(X, T, *_with(p, k, a))


def _trained(
    X: Array, T: Array, p: list[Array], eta: float, batches: Any
) -> list[Array]:
    """Step by measured slopes: no line of it is like the solution's."""
    for rows in batches:
        grads = [
            slopes(partial(_binary_loss_of, X[rows], T[rows], p, k), w)
            for k, w in enumerate(p)
        ]
        p = [a - eta * g for a, g in zip(p, grads, strict=True)]
    return p


def _draw_training(rng: Generator, N: int, sizes: tuple[int, ...]) -> tuple[Any, ...]:
    D, H, steps, B = sizes
    X, T = rng.normal(size=(N, D)), rng.integers(0, 2, (N, 1)).astype(float)
    p = rng.normal(size=(D, H)), rng.normal(size=H), rng.normal(size=(H, 1))
    batches = np.array([rng.choice(N, B, replace=False) for _ in range(steps)])
    return X, T, *p, rng.normal(size=1), float(rng.uniform(0.5, 1)), batches


def _check_training(
    call: Call, rng: Generator, which: tuple[int, ...], N: int, sizes: tuple[int, ...]
) -> None:
    run = _draw_training(rng, N, sizes)
    X, T, *p, eta, batches = run
    want = _trained(X, T, p, eta, batches)
    got = parts("the result", call(*run), 4)
    for k in which:
        close(("W1", "b1", "W2", "b2")[k], got[k], want[k], rtol=1e-6)


def _check_one_step(call: Call, rng: Generator, which: tuple[int, ...]) -> None:
    for N, B in ((1, 1), (5, 3)):
        _check_training(call, rng, which, N, (3, 2, 1, B))


def _show_training(train: Call) -> None:
    """Draw the loss of chapter 2's four images, learned by the student's function."""
    import backprop as bp
    from course import plots

    images, _ = bp.data.digit_images()
    ink = [images[:, 2:5, 2].mean(axis=1), images[:, 5:7, 2:4].mean(axis=(1, 2))]
    X = np.column_stack(ink)[[3, 5, 6, 2]]
    T = np.array([[0.0], [1.0], [0.0], [1.0]])
    W1, b1 = np.array([[1.0, -1, 2], [-1, 1, 1]]), np.array([0.0, 0, -1])
    p: Any = (W1, b1, np.array([[1.0], [1], [-1]]), np.zeros(1))
    losses, all_four = [], np.array([[0, 1, 2, 3]] * 2)
    for _ in range(51):
        losses.append(_binary_loss(X, T, *p))
        p = train(X, T, *p, 1.0, all_four)
    figure = plots.curves(
        2 * np.arange(51), {"": losses}, xlabel="step", ylabel="loss", roles=plots.LOSS
    )
    alt = (
        "Your own function on the four images of chapter 2: the loss falls from "
        f"{losses[0]:.2f} to {losses[-1]:.2f} in a hundred steps."
    )
    plots.show(figure, alt=alt)


TRAIN_SOLUTION = '''def train(X, T, W1, b1, W2, b2, eta, batches):
    """W1, b1, W2, b2 after one step for each row of batches."""
    for rows in batches:
        A1 = np.tanh(X[rows] @ W1 + b1)
        A2 = 1 / (1 + np.exp(-(A1 @ W2 + b2)))
        dZ2 = (A2 - T[rows]) / len(rows)
        dZ1 = (dZ2 @ W2.T) * (1 - A1**2)
        W2 = W2 - eta * A1.T @ dZ2
        b2 = b2 - eta * dZ2.sum(axis=0)
        W1 = W1 - eta * X[rows].T @ dZ1
        b1 = b1 - eta * dZ1.sum(axis=0)
    return W1, b1, W2, b2
'''
BLAME_BACK = "        dZ1 = (dZ2 @ W2.T) * (1 - A1**2)\n"
UPDATE_W2 = "        W2 = W2 - eta * A1.T @ dZ2\n"

TRAIN = Code(
    id="check-7.train",
    title="Train a network from nothing",
    points=5,
    minutes=15,
    function="train",
    stub='''def train(X, T, W1, b1, W2, b2, eta, batches):
    """W1, b1, W2, b2 after one step for each row of batches."""
    for rows in batches:
        pass  # your lines
    return W1, b1, W2, b2
''',
    solution=TRAIN_SOLUTION,
    properties=(
        Property(
            "W2 and b2, one step", 1, lambda c, rng: _check_one_step(c, rng, (2, 3))
        ),
        Property(
            "W1 and b1, one step", 2, lambda c, rng: _check_one_step(c, rng, (0, 1))
        ),
        Property(
            "all four, several steps",
            2,
            lambda c, rng: _check_training(c, rng, (0, 1, 2, 3), 6, (2, 3, 4, 4)),
        ),
    ),
    case=lambda rng: (
        _draw_training(rng, 5, (2, 3, 1, 3)),
        _draw_training(rng, 6, (3, 2, 2, 4)),
    ),
    after=_show_training,
    hints=(
        "Forward with the rows of this batch; then dZ2, and dZ1 from it.",
        "All gradients are taken before the first parameter moves.",
        "The mean is over the examples of the batch.",
    ),
    mistakes=(
        Mistake(
            "updated-too-soon",
            "W2 and b2 are right after one step, W1 and b1 are not: blame has gone "
            "back through weights that had moved already.",
            spoil(
                TRAIN_SOLUTION, (BLAME_BACK, ""), (UPDATE_W2, UPDATE_W2 + BLAME_BACK)
            ),
        ),
        Mistake(
            "no-slope",
            "W2 and b2 are right after one step. On the way to the first layer the "
            "slope of the bend has been left out.",
            spoil(TRAIN_SOLUTION, (" * (1 - A1**2)", "")),
        ),
        Mistake(
            "slope-at-a",
            "W2 and b2 are right after one step. The slope of tanh at Z1 is made from "
            "A1 itself, not from its tanh.",
            spoil(TRAIN_SOLUTION, ("(1 - A1**2)", "(1 - np.tanh(A1) ** 2)")),
        ),
        Mistake(
            "sigmoid-slope",
            "W2 and b2 are right after one step. A1(1 − A1) is the slope of another "
            "bend.",
            spoil(TRAIN_SOLUTION, ("(1 - A1**2)", "A1 * (1 - A1)")),
        ),
        Mistake(
            "in-place",
            "You change an array that you were given. Give the new parameters arrays "
            "of their own.",
            spoil(
                TRAIN_SOLUTION,
                ("W1 = W1 - eta", "W1 -= eta"),
                ("W2 = W2 - eta", "W2 -= eta"),
            ),
        ),
        Mistake(
            "no-average",
            "The steps are too long by the size of the batch.",
            spoil(TRAIN_SOLUTION, (" / len(rows)", "")),
        ),
        Mistake(
            "average-over-all",
            "The steps are too short: you average over all examples, where only those "
            "of the batch have been looked at.",
            spoil(TRAIN_SOLUTION, ("/ len(rows)", "/ len(X)")),
        ),
        Mistake(
            "squared-error",
            "The slope of the output's sigmoid is in dZ2. With cross-entropy it "
            "is gone.",
            spoil(TRAIN_SOLUTION, ("(A2 - T[rows])", "(A2 - T[rows]) * A2 * (1 - A2)")),
        ),
        Mistake(
            "uphill",
            "Right lengths, wrong way: the loss grows.",
            spoil(TRAIN_SOLUTION, ("(A2 - T[rows])", "(T[rows] - A2)")),
        ),
        Mistake(
            "labels-of-others",
            "The images are those of the batch. And the targets?",
            spoil(TRAIN_SOLUTION, ("A2 - T[rows]", "A2 - T[: len(rows)]")),
        ),
    ),
)

# -- Repair a backward pass ----------------------------------------------------------


def _softmax_loss(
    X: Array, t: Array, W1: Array, b1: Array, W2: Array, b2: Array
) -> float:
    Z = np.tanh(X @ W1 + b1) @ W2 + b2
    top = Z.max(axis=1)
    total = top + np.log(np.exp(Z - top[:, None]).sum(axis=1))
    return float(np.mean(total - Z[np.arange(len(t)), t]))


def _draw_network(rng: Generator, N: int, D: int, H: int, K: int) -> tuple[Any, ...]:
    X, t = rng.normal(size=(N, D)), rng.integers(0, K, N)
    W1, W2 = rng.normal(size=(D, H)), rng.normal(size=(H, K))
    return X, t, W1, rng.normal(size=H), W2, rng.normal(size=K)


def _softmax_loss_of(X: Array, t: Array, p: Any, which: int, a: Array) -> float:
    return _softmax_loss(X, t, *_with(p, which, a))


def _check_network(call: Call, rng: Generator, which: int) -> None:
    for shape in ((1, 3, 2, 4), (5, 3, 4, 2)):
        X, t, *p = given = _draw_network(rng, *shape)
        got = parts("the result", call(*given), 4)[which]
        loss = partial(_softmax_loss_of, X, t, p, which)
        want = slopes(loss, p[which])
        close(("dW1", "db1", "dW2", "db2")[which], got, want, rtol=1e-6)


REPAIR_SOLUTION = '''def network_gradients(X, t, W1, b1, W2, b2):
    """dW1, db1, dW2, db2 of the mean cross-entropy, classes t."""
    Z1 = X @ W1 + b1
    A1 = np.tanh(Z1)
    E = np.exp(A1 @ W2 + b2)
    P = E / E.sum(axis=1, keepdims=True)
    dZ2 = (P - np.eye(len(b2))[t]) / len(t)
    dW2 = A1.T @ dZ2
    db2 = dZ2.sum(axis=0)
    dZ1 = (dZ2 @ W2.T) * (1 - A1**2)
    dW1 = X.T @ dZ1
    db1 = dZ1.sum(axis=0)
    return dW1, db1, dW2, db2
'''
SOFTMAX_DOWN = (("axis=1, keepdims=True", "axis=0"),)
INPUT_BEFORE_BEND = (("A1.T @ dZ2", "Z1.T @ dZ2"),)
SLOPE_AT_A = (("(1 - A1**2)", "(1 - np.tanh(A1) ** 2)"),)
MEAN_FOR_SUM = (("db1 = dZ1.sum(axis=0)", "db1 = dZ1.mean(axis=0)"),)
REPAIR_FAULTS = (*SOFTMAX_DOWN, *INPUT_BEFORE_BEND, *SLOPE_AT_A, *MEAN_FOR_SUM)

REPAIR = Code(
    id="check-7.repair",
    title="Four faults, and every shape fits",
    points=4,
    minutes=12,
    function="network_gradients",
    stub=spoil(REPAIR_SOLUTION, *REPAIR_FAULTS),
    solution=REPAIR_SOLUTION,
    properties=(
        Property("db2", 1, lambda call, rng: _check_network(call, rng, 3)),
        Property("dW2", 1, lambda call, rng: _check_network(call, rng, 2)),
        Property("db1", 1, lambda call, rng: _check_network(call, rng, 1)),
        Property("dW1", 1, lambda call, rng: _check_network(call, rng, 0)),
    ),
    case=lambda rng: (_draw_network(rng, 4, 3, 2, 5), _draw_network(rng, 5, 2, 3, 3)),
    hints=(
        "Measure all four gradients. Begin at the output: db2 is made of dZ2 alone.",
        "Each row of P belongs to one example. What should it add up to?",
        "When db2 is right: which line makes dW2, and what comes in through W2?",
    ),
    mistakes=(
        Mistake(
            "softmax-down",
            "All four are wrong, so the fault is where the way back begins. What does "
            "a row of P add up to?",
            spoil(REPAIR_SOLUTION, *SOFTMAX_DOWN),
        ),
        Mistake(
            "input-before-bend",
            "dW2 alone is wrong. Blame times input: what comes in through W2?",
            spoil(REPAIR_SOLUTION, *INPUT_BEFORE_BEND),
        ),
        Mistake(
            "slope-at-a",
            "The second layer is right, the first is not, and by another factor for "
            "each neuron and each image. What lies between the two?",
            spoil(REPAIR_SOLUTION, *SLOPE_AT_A),
        ),
        Mistake(
            "mean-for-sum",
            "db1 alone is wrong, by the number of images. Where has the mean been "
            "taken already?",
            spoil(REPAIR_SOLUTION, *MEAN_FOR_SUM),
        ),
        Mistake(
            "first-layer-left",
            "The second layer is right. In the first, dW1 and db1 are wrong in two "
            "different ways.",
            spoil(REPAIR_SOLUTION, *SLOPE_AT_A, *MEAN_FOR_SUM),
        ),
        Mistake(
            "input-and-slope-left",
            "db2 is right, and so is dZ2. Two faults are left: in what dW2 takes in, "
            "and in what blame passes on its way down.",
            spoil(REPAIR_SOLUTION, *INPUT_BEFORE_BEND, *SLOPE_AT_A),
        ),
        Mistake(
            "input-and-mean-left",
            "db2 and dW1 are right. Two faults are left, one in each layer.",
            spoil(REPAIR_SOLUTION, *INPUT_BEFORE_BEND, *MEAN_FOR_SUM),
        ),
        Mistake(
            "three-left",
            "db2 is right: the way back begins well. Go on from line to line, and hold "
            "each result to a measured one.",
            spoil(REPAIR_SOLUTION, *INPUT_BEFORE_BEND, *SLOPE_AT_A, *MEAN_FOR_SUM),
        ),
    ),
)
