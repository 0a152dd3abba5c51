"""Chapter 7, The training loop: a run with three faults that only results show."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from course.exercises.ch07_code import OUTPUT_BLAME
from course.exercises.sources import spoil
from course.model import Call, Code, Failed, Generator, Mistake, Property
from course.properties import Array, close, parts

MEAN_LOSS = '''

def mean_loss(X, t, W, b):
    """Mean cross-entropy of the layer's answers to X."""
    Z = X @ W + b
    Z = Z - Z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(Z).sum(axis=1)) - Z[np.arange(len(t)), t])
'''
EPOCHS = 6


class Epoch(NamedTuple):
    """A layer after an epoch, and its two losses."""

    W: Array
    b: Array
    training: float
    validation: float


def _loss(X: Array, t: Array, W: Array, b: Array) -> float:
    P = np.exp(X @ W + b)
    return float(
        -np.log((P / P.sum(axis=1, keepdims=True))[np.arange(len(t)), t]).mean()
    )


def _epochs(run: tuple[Any, ...], mixed_up: bool = False) -> list[Epoch]:
    """Return each epoch of a run; with labels that stay in place if mixed up."""
    X, t, X_val, t_val, W, b, eta, B, orders = run
    found = []
    for order in orders:
        labels = t[np.argsort(order)] if mixed_up else t
        for rows in np.split(order, range(B, len(X), B)):
            P = np.exp(X[rows] @ W + b)
            P /= P.sum(axis=1, keepdims=True)
            dZ = (P - np.eye(len(b))[labels[rows]]) / len(rows)
            W, b = W - eta * X[rows].T @ dZ, b - eta * dZ.sum(axis=0)
        found.append(Epoch(W, b, _loss(X, t, W, b), _loss(X_val, t_val, W, b)))
    return found


def _best(losses: list[float]) -> int:
    return int(np.argmin(losses))


def _tells(run: tuple[Any, ...]) -> bool:
    """Whether each of the faults, alone or not, changes what is returned."""
    for mixed_up in (False, True):
        epochs = _epochs(run, mixed_up)
        low = [
            _best([e.validation for e in epochs]),
            _best([e.training for e in epochs]),
        ]
        if len({0, *low, EPOCHS - 1}) < 4:
            return False
    return True


def _draw_run(rng: Generator, N: int, B: int, epochs: int) -> tuple[Any, ...]:
    X, t = rng.normal(size=(N, 4)), rng.integers(0, 3, N)
    X_val, t_val = rng.normal(size=(5, 4)), rng.integers(0, 3, 5)
    orders = np.array([rng.permutation(N) for _ in range(epochs)])
    start = rng.normal(size=(4, 3)), rng.normal(size=3)
    return X, t, X_val, t_val, *start, float(rng.uniform(1, 2)), B, orders


def _draw_telling(rng: Generator) -> tuple[Any, ...]:
    while True:
        run = _draw_run(rng, 7, 3, EPOCHS)
        if _tells(run):
            return run


def _draw_tie(rng: Generator) -> tuple[Any, ...]:
    """Return a run in which W changes and the validation loss does not.

    Only input 0 is there in training, and it is missing from the validation data. The
    two images are opposites, so b gets shares that cancel, but for rounding; and b is
    so large that this cannot move it.
    """
    X, X_val = np.zeros((2, 4)), rng.normal(size=(5, 4))
    X[:, 0] = np.array([1.0, -1.0]) * rng.uniform(0.5, 1.5)
    X_val[:, 0] = 0.0
    W = rng.normal(size=(4, 2))
    W[0] = np.array([1.0, -1.0]) * rng.normal()
    orders = np.array([rng.permutation(2) for _ in range(EPOCHS)])
    labels = np.array([0, 1]), rng.integers(0, 2, 5)
    return X, labels[0], X_val, labels[1], W, np.full(2, 8.0), 0.5, 2, orders


def _check_one_epoch(call: Call, rng: Generator) -> None:
    for N, B in ((5, 5), (7, 3)):
        run = _draw_run(rng, N, B, 1)
        W, b, _ = parts("the result", call(*run), 3)
        (want,) = _epochs(run)
        close("W", W, want.W)
        close("b", b, want.b)


def _check_loss(call: Call, rng: Generator) -> None:
    for _ in range(3):
        run = _draw_telling(rng)
        got = parts("the result", call(*run), 3)[2]
        close("the loss", got, min(e.validation for e in _epochs(run)))


def _check_kept(call: Call, rng: Generator) -> None:
    for _ in range(3):
        run = _draw_telling(rng)
        epochs = _epochs(run)
        best = _best([e.validation for e in epochs])
        W, b, _ = parts("the result", call(*run), 3)
        try:
            close("W", W, epochs[best].W)
            close("b", b, epochs[best].b)
        except Failed as failure:
            raise Failed(
                f"{failure}, the value after epoch {best}, counted from 0"
            ) from None
    _check_tie(call, rng)


def _check_tie(call: Call, rng: Generator) -> None:
    run = _draw_tie(rng)
    first = _epochs(run)[0]
    W, b, _ = parts("the result", call(*run), 3)
    try:
        close("W", W, first.W)
        close("b", b, first.b)
    except Failed as failure:
        raise Failed(
            f"{failure}: all epochs have the same validation loss here, and that is "
            "the value after the first of them"
        ) from None


SOLUTION = '''def train_layer(X, t, X_val, t_val, W, b, eta, B, orders):
    """W and b of the lowest validation loss, and that loss."""
    W, b, lowest = W.copy(), b.copy(), np.inf
    for order in orders:
        for i in range(0, len(X), B):
            rows = order[i : i + B]
            dZ = output_blame(X[rows] @ W + b, t[rows])
            W -= eta * X[rows].T @ dZ
            b -= eta * dZ.sum(axis=0)
        L = mean_loss(X_val, t_val, W, b)
        if L < lowest:
            lowest, best = L, (W.copy(), b.copy())
    return *best, lowest
'''
LABELS = ("t[rows]", "t[i : i + B]")
TRAINING = ("mean_loss(X_val, t_val, W, b)", "mean_loss(X, t, W, b)")
ALIAS = ("(W.copy(), b.copy())\n", "(W, b)\n")

REPAIR = Code(
    id="ch07.repair-run",
    title="Repair a run",
    points=4,
    minutes=12,
    function="train_layer",
    given=OUTPUT_BLAME + MEAN_LOSS,
    stub=spoil(SOLUTION, LABELS, TRAINING, ALIAS),
    solution=SOLUTION,
    properties=(
        Property("W and b after one epoch", 1, _check_one_epoch),
        Property("the lowest validation loss", 1, _check_loss),
        Property("the W and b that go with it", 2, _check_kept),
    ),
    case=lambda rng: (_draw_telling(rng), _draw_telling(rng), _draw_tie(rng)),
    hints=(
        "There are three faults: one in a step, one in what is measured after an "
        "epoch, one in what is kept. Check again after each repair.",
        "With one epoch there is nothing to choose. Get W and b right there first.",
        "`W -= ...` changes the array itself, under every name that it has.",
    ),
    mistakes=(
        Mistake(
            "labels-not-shuffled",
            "What is measured and what is kept are right. But each image learns "
            "another one's label.",
            spoil(SOLUTION, LABELS),
        ),
        Mistake(
            "training-decides",
            "The steps are right, and what you keep is what you measured. Which data "
            "is there to decide?",
            spoil(SOLUTION, TRAINING),
        ),
        Mistake(
            "kept-by-name",
            "The loss is right, W and b are those of the last epoch. You have kept "
            "the arrays, and the later steps have changed them in place.",
            spoil(SOLUTION, ALIAS),
        ),
        Mistake(
            "training-and-name",
            "The steps are right now. Two faults are left: in what decides, and in "
            "what becomes of the arrays that you keep.",
            spoil(SOLUTION, TRAINING, ALIAS),
        ),
        Mistake(
            "labels-and-name",
            "Two faults are left. Take a run of one epoch: are W and b right after it?",
            spoil(SOLUTION, LABELS, ALIAS),
        ),
        Mistake(
            "labels-and-training",
            "Two faults are left, one of them in a step. Which label goes with which "
            "image?",
            spoil(SOLUTION, LABELS, TRAINING),
        ),
        Mistake(
            "three-left",
            "Nothing is right yet. Begin with one epoch: which rows of X does a step "
            "take, and which of t?",
            spoil(SOLUTION, LABELS, TRAINING, ALIAS),
        ),
        Mistake(
            "last-of-several",
            "Right but where several epochs are equally good. Which of them is asked "
            "for, and which one do you keep?",
            spoil(SOLUTION, ("if L < lowest", "if L <= lowest")),
        ),
        Mistake(
            "given-changed",
            "All results are right, but the W and b that you were given have changed. "
            "What were the copies at the beginning for?",
            spoil(
                SOLUTION,
                ("W, b, lowest = W.copy(), b.copy(), np.inf", "lowest = np.inf"),
            ),
        ),
        Mistake(
            "each-epoch-from-the-start",
            "Right for one epoch. You begin each epoch with the W and b of the "
            "start; what has been learned is lost.",
            spoil(
                SOLUTION,
                (
                    "    W, b, lowest = W.copy(), b.copy(), np.inf\n",
                    "    W0, b0, lowest = W, b, np.inf\n",
                ),
                (
                    "    for order in orders:\n",
                    "    for order in orders:\n        W, b = W0.copy(), b0.copy()\n",
                ),
            ),
        ),
    ),
)
