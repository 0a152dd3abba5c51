"""Chapter 7, The training loop: what is written in code."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from course.exercises.sources import spoil
from course.model import Call, Code, Generator, Mistake, Property
from course.properties import Array, close, parts, slopes

# -- Hand the blame back through all layers ------------------------------------


def _draw_layers(
    rng: Generator, N: int, sizes: tuple[int, ...]
) -> tuple[Array, list[Array], list[Array]]:
    """dZ of the last layer, the weights, and the input of each layer."""
    weights = [rng.normal(0, 0.7, pair) for pair in pairwise(sizes)]
    A = [rng.normal(size=(N, sizes[0]))]
    for W in weights[:-1]:
        A.append(np.tanh(A[-1] @ W))
    return rng.normal(size=(N, sizes[-1])), weights, A


def _reached(dZ: Array, X: Array, weights: list[Array], biases: list[Array]) -> float:
    """A loss whose blame at the last Z is dZ."""
    A = X
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        A = np.tanh(A @ W + b)
    return float(np.sum(dZ * (A @ weights[-1] + biases[-1])))


def _with(arrays: list[Array], k: int, other: Array) -> list[Array]:
    return [*arrays[:k], other, *arrays[k + 1 :]]


def _check_pairs(call: Call, rng: Generator, N: int, sizes: tuple[int, ...]) -> None:
    dZ, weights, A = _draw_layers(rng, N, sizes)
    biases = [np.zeros(W.shape[1]) for W in weights]
    pairs = parts("the result", call(dZ, weights, A), 2)[0]
    for k, pair in enumerate(parts("the list of pairs", pairs, len(weights))):
        dW, db = parts(f"pair {k} of the list", pair, 2)

        def moved_W(v: Array, k: int = k) -> float:
            return _reached(dZ, A[0], _with(weights, k, v), biases)

        def moved_b(v: Array, k: int = k) -> float:
            return _reached(dZ, A[0], weights, _with(biases, k, v))

        close(f"dW of pair {k}", dW, slopes(moved_W, weights[k]), rtol=1e-6)
        close(f"db of pair {k}", db, slopes(moved_b, biases[k]), rtol=1e-6)


def _check_inputs(call: Call, rng: Generator) -> None:
    for N, sizes in ((4, (3, 2)), (5, (4, 3, 5, 2))):
        dZ, weights, A = _draw_layers(rng, N, sizes)
        biases = [np.zeros(W.shape[1]) for W in weights]
        want = slopes(partial(_moved_inputs, dZ, weights, biases), A[0])
        dX = parts("the result", call(dZ, weights, A), 2)[1]
        close("dX", dX, want, rtol=1e-6)


def _moved_inputs(
    dZ: Array, weights: list[Array], biases: list[Array], X: Array
) -> float:
    return _reached(dZ, X, weights, biases)


BACKWARD_SOLUTION = '''def network_backward(dZ, weights, A):
    """Pairs dW, db from the first layer to the last; and dX."""
    pairs = []
    for k in reversed(range(len(weights))):
        pairs.append((A[k].T @ dZ, dZ.sum(axis=0)))
        dA = dZ @ weights[k].T
        dZ = dA * (1 - A[k] ** 2)
    return pairs[::-1], dA
'''
SHARES = "        pairs.append((A[k].T @ dZ, dZ.sum(axis=0)))\n"
BEND = "        dZ = dA * (1 - A[k] ** 2)\n"

BACKWARD = Code(
    id="ch07.backward",
    title="Hand the blame back through all layers",
    points=5,
    minutes=12,
    function="network_backward",
    stub='''def network_backward(dZ, weights, A):
    """Pairs dW, db from the first layer to the last; and dX."""
    pairs, dX = [], None
    # your lines
    return pairs, dX
''',
    solution=BACKWARD_SOLUTION,
    properties=(
        Property(
            "dW and db of one layer",
            1,
            lambda call, rng: _check_pairs(call, rng, 1, (3, 2)),
        ),
        Property(
            "dW and db of three layers",
            2,
            lambda call, rng: _check_pairs(call, rng, 5, (3, 4, 5, 2)),
        ),
        Property("dX", 2, _check_inputs),
    ),
    # Square and with as many examples, so that a transpose in the wrong place runs.
    case=lambda rng: (
        _draw_layers(rng, 3, (3, 3, 3, 3)),
        _draw_layers(rng, 3, (3, 3, 3)),
        _draw_layers(rng, 3, (3, 3)),
    ),
    hints=(
        "Go through both lists from their ends. At each layer: leave dW and db behind, "
        "then make the blame for the layer below.",
        "`reversed(range(M))` counts down. What you collect on the way stands in that "
        "order, too.",
        "Below the first layer there is X, and no bend.",
    ),
    mistakes=(
        Mistake(
            "last-layer-first",
            "Every gradient is right, and the list is upside down: the first layer is "
            "to stand first.",
            spoil(BACKWARD_SOLUTION, ("pairs[::-1], dA", "pairs, dA")),
        ),
        Mistake(
            "bent-inputs",
            "The gradients are right, dX is not. Is there a bend between X and the "
            "first layer?",
            spoil(BACKWARD_SOLUTION, ("[::-1], dA", "[::-1], dZ")),
        ),
        Mistake(
            "no-bend",
            "The last layer is right, those below are not: your blame passes tanh as "
            "if it were not there.",
            spoil(BACKWARD_SOLUTION, ("dA * (1 - A[k] ** 2)", "dA")),
        ),
        Mistake(
            "relu-slope",
            "You have taken the slope of ReLU. This network bends with tanh.",
            spoil(BACKWARD_SOLUTION, ("(1 - A[k] ** 2)", "(A[k] > 0)")),
        ),
        Mistake(
            "slope-at-A",
            "The slope of tanh is taken at Z. What you have is A = tanh(Z) already.",
            spoil(BACKWARD_SOLUTION, ("A[k] ** 2", "np.tanh(A[k]) ** 2")),
        ),
        Mistake(
            "bent-twice",
            "You multiply by the slope of the layer's own output. Which bend lies "
            "between this layer and the one below?",
            spoil(
                BACKWARD_SOLUTION,
                ("(1 - A[k] ** 2)", "(1 - np.tanh(A[k] @ weights[k]) ** 2)"),
            ),
        ),
        Mistake(
            "blame-of-the-layer-below",
            "You make the new dZ first and then take dW from it. Whose blame belongs "
            "to this layer's input?",
            spoil(BACKWARD_SOLUTION, (SHARES, ""), (BEND, BEND + SHARES)),
        ),
        Mistake(
            "W-not-transposed",
            "Which axis of W belongs to the neurons above? Blame has to come in along "
            "that one.",
            spoil(BACKWARD_SOLUTION, ("weights[k].T", "weights[k]")),
        ),
        Mistake(
            "dW-transposed",
            "Your dW stand on their side: entry (i, j) belongs to the weight from "
            "input i to neuron j.",
            spoil(BACKWARD_SOLUTION, ("A[k].T @ dZ", "dZ.T @ A[k]")),
        ),
        Mistake(
            "db-mean",
            "Your db are too small. The mean is in the loss already, and so in dZ.",
            spoil(BACKWARD_SOLUTION, ("dZ.sum(axis=0)", "dZ.mean(axis=0)")),
        ),
        Mistake(
            "both-means",
            "dW and db are too small, by the number of examples. dZ has the 1/N of "
            "the loss in it already.",
            spoil(
                BACKWARD_SOLUTION,
                ("A[k].T @ dZ", "A[k].T @ dZ / len(dZ)"),
                ("dZ.sum(axis=0)", "dZ.mean(axis=0)"),
            ),
        ),
    ),
)

# -- Write fit for one layer ---------------------------------------------------

OUTPUT_BLAME = '''
import numpy as np


def output_blame(Z, t):
    """dZ of the mean cross-entropy over the rows of Z."""
    P = np.exp(Z - Z.max(axis=1, keepdims=True))
    P /= P.sum(axis=1, keepdims=True)
    P[np.arange(len(t)), t] -= 1
    return P / len(t)
'''


def _output_blame(Z: Array, t: Array) -> Array:
    P = np.exp(Z - Z.max(axis=1, keepdims=True))
    P /= P.sum(axis=1, keepdims=True)
    return np.asarray((P - np.eye(Z.shape[1])[t]) / len(t))


def _fitted(X: Any, t: Any, W: Any, b: Any, eta: float, B: int, orders: Any) -> Any:
    W, b = W.copy(), b.copy()
    for order in orders:
        for i in range(0, len(X), B):
            rows = order[i : i + B]
            dZ = _output_blame(X[rows] @ W + b, t[rows])
            W, b = W - eta * X[rows].T @ dZ, b - eta * dZ.sum(axis=0)
    return W, b


def _draw_run(rng: Generator, N: int, B: int, epochs: int) -> tuple[Any, ...]:
    X, t = rng.normal(size=(N, 4)), rng.integers(0, 3, N)
    orders = np.array([rng.permutation(N) for _ in range(epochs)])
    return X, t, rng.normal(size=(4, 3)), rng.normal(size=3), 0.5, B, orders


def _check_fit(call: Call, rng: Generator, N: int, B: int, epochs: int) -> None:
    run = _draw_run(rng, N, B, epochs)
    W, b = parts("the result", call(*run), 2)
    want_W, want_b = _fitted(*run)
    close("W", W, want_W, rtol=1e-6)
    close("b", b, want_b, rtol=1e-6)


def _show_fit(fit: Call) -> None:
    """Draw how often the student's own layer reads the digits correctly."""
    import backprop as bp
    from course import plots

    data = bp.data.digits()
    X, t, rng = data.X_train, data.T_train, np.random.default_rng(0)
    W, b, right = np.zeros((64, 10)), np.zeros(10), []
    for _ in range(20):
        W, b = fit(X, t, W, b, 0.5, 32, rng.permutation(len(X))[None])
        read_as = (data.X_val @ W + b).argmax(axis=1)
        right.append(100 * float(np.mean(read_as == data.T_val)))
    figure = plots.loss_curves({"validation": right}, ylabel="right answers in %")
    alt = (
        "Your own function on the digits, one layer without a hidden one: after "
        f"twenty epochs it reads {right[-1]:.0f} of 100 validation images correctly."
    )
    plots.show(figure, alt=alt)


FIT_SOLUTION = '''def fit_layer(X, t, W, b, eta, B, orders):
    """W and b after one epoch for each row of orders."""
    for order in orders:
        for i in range(0, len(X), B):
            rows = order[i : i + B]
            dZ = output_blame(X[rows] @ W + b, t[rows])
            dW, db = X[rows].T @ dZ, dZ.sum(axis=0)
            W = W - eta * dW
            b = b - eta * db
    return W, b
'''

FIT = Code(
    id="ch07.fit",
    title="Write fit for one layer",
    points=5,
    minutes=15,
    function="fit_layer",
    given=OUTPUT_BLAME,
    stub='''def fit_layer(X, t, W, b, eta, B, orders):
    """W and b after one epoch for each row of orders."""
    for order in orders:
        pass  # your lines
    return W, b
''',
    solution=FIT_SOLUTION,
    properties=(
        Property(
            "one epoch, one batch", 1, lambda call, rng: _check_fit(call, rng, 5, 5, 1)
        ),
        Property(
            "batches of one size", 1, lambda call, rng: _check_fit(call, rng, 6, 2, 1)
        ),
        Property(
            "a smaller last batch", 1, lambda call, rng: _check_fit(call, rng, 7, 3, 1)
        ),
        Property("several epochs", 2, lambda call, rng: _check_fit(call, rng, 7, 3, 3)),
    ),
    case=lambda rng: (_draw_run(rng, 7, 3, 1), _draw_run(rng, 7, 3, 2)),
    after=_show_fit,
    hints=(
        "Cut order into pieces of B: `order[0:B]`, `order[B:2 * B]`, … A piece that "
        "runs over the end is simply shorter.",
        "For each piece: answer, blame, blame times input, update. Take the same "
        "rows of X and of t.",
        "`output_blame(Z, t)` is there for you; it has the mean over the batch in it.",
    ),
    mistakes=(
        Mistake(
            "last-batch-dropped",
            "The examples at the end of each order never come in: fewer than B of "
            "them are a batch, too.",
            spoil(FIT_SOLUTION, ("len(X), B)", "len(X) - B + 1, B)")),
        ),
        Mistake(
            "labels-not-shuffled",
            "Everything runs, and the gradients are right for the wrong labels: you "
            "take rows of X by order. And of t?",
            spoil(FIT_SOLUTION, ("t[rows])", "t[i : i + B])")),
        ),
        Mistake(
            "not-shuffled",
            "You take the examples as they stand. What is order for?",
            spoil(FIT_SOLUTION, ("order[i : i + B]", "np.arange(len(X))[i : i + B]")),
        ),
        Mistake(
            "accumulated",
            "From the second batch on your steps are too long: they still carry the "
            "gradients of the batches before. An update needs the latest alone.",
            spoil(
                FIT_SOLUTION,
                (
                    "    for order in orders:\n",
                    "    dW, db = np.zeros(W.shape), np.zeros(b.shape)\n"
                    "    for order in orders:\n",
                ),
                (
                    "dW, db = X[rows].T @ dZ, dZ.sum(axis=0)",
                    "dW, db = dW + X[rows].T @ dZ, db + dZ.sum(axis=0)",
                ),
            ),
        ),
        Mistake(
            "mean-twice",
            "Your steps are too short. `output_blame` has divided by the size of the "
            "batch already.",
            spoil(
                FIT_SOLUTION,
                (
                    "X[rows].T @ dZ, dZ.sum(axis=0)",
                    "X[rows].T @ dZ / len(rows), dZ.mean(axis=0)",
                ),
            ),
        ),
        Mistake(
            "mean-twice-by-B",
            "You divide by B. What has `output_blame` divided by already?",
            spoil(
                FIT_SOLUTION,
                (
                    "X[rows].T @ dZ, dZ.sum(axis=0)",
                    "X[rows].T @ dZ / B, dZ.sum(axis=0) / B",
                ),
            ),
        ),
        Mistake(
            "batches-of-nearly-one-size",
            "You cut each order into pieces of nearly the same size. Pieces of B are "
            "asked for, and what is left over at the end.",
            spoil(
                FIT_SOLUTION,
                (
                    "        for i in range(0, len(X), B):\n"
                    "            rows = order[i : i + B]\n",
                    "        for rows in np.array_split(order, -(-len(X) // B)):\n",
                ),
            ),
        ),
        Mistake(
            "mean-over-all",
            "You divide the batch's sum by N, the number of all examples. The loss "
            "of a batch is a mean over the batch.",
            spoil(
                FIT_SOLUTION,
                ("W + b, t[rows])", "W + b, t[rows]) * len(rows) / len(X)"),
            ),
        ),
        Mistake(
            "in-place",
            "`W -= ...` changes the array you were given; `W = W - ...` makes a new "
            "one.",
            spoil(
                FIT_SOLUTION,
                ("W = W - eta * dW", "W -= eta * dW"),
                ("b = b - eta * db", "b -= eta * db"),
            ),
        ),
        Mistake(
            "uphill",
            "Your steps have the right length and make the loss grow. With the "
            "gradient, or against it?",
            spoil(
                FIT_SOLUTION,
                ("W - eta * dW", "W + eta * dW"),
                ("b - eta * db", "b + eta * db"),
            ),
        ),
        Mistake(
            "return-after-a-batch",
            "You return after the first batch. How far must `return` stand to the "
            "left, to come after all loops?",
            spoil(FIT_SOLUTION, ("    return", "            return")),
        ),
        Mistake(
            "return-after-an-epoch",
            "One epoch is right, several are not: you return after the first. Which "
            "loop does your `return` stand in?",
            spoil(FIT_SOLUTION, ("    return", "        return")),
        ),
        Mistake(
            "answers-of-an-epoch",
            "You compute all answers once an epoch. After the first batch W and b "
            "are others: whose answers are the later batches held to?",
            spoil(
                FIT_SOLUTION,
                ("        for i in", "        Z = X @ W + b\n        for i in"),
                ("X[rows] @ W + b", "Z[rows]"),
            ),
        ),
        Mistake(
            "blame-of-an-epoch",
            "You compute all the blame once an epoch, as if it were one batch. After "
            "an update the answers are others; and the mean is over how many?",
            spoil(
                FIT_SOLUTION,
                (
                    "        for i in",
                    "        all_dZ = output_blame(X @ W + b, t)\n        for i in",
                ),
                ("output_blame(X[rows] @ W + b, t[rows])", "all_dZ[rows]"),
            ),
        ),
        Mistake(
            "db-mean",
            "Your dW is right, your db is too small: `output_blame` has the mean in it "
            "already. What is left to do with the rows of dZ?",
            spoil(FIT_SOLUTION, ("dZ.sum(axis=0)", "dZ.mean(axis=0)")),
        ),
    ),
)
