"""Chapter 7, The training loop: what is written in code."""

from __future__ import annotations

from typing import Any

import numpy as np

from course.exercises.sources import spoil
from course.model import Call, Code, Failed, Generator, Mistake, Property
from course.properties import Array, close, parts, slopes

# -- Hand the blame back through a layer ---------------------------------------


def _draw_layer(
    rng: Generator, N: int, D_in: int, D_out: int
) -> tuple[Array, Array, Array]:
    """dZ of a layer, its W, and Z of the layer below; no Z near the kink."""
    Z = rng.choice([-1.0, 1.0], (N, D_in)) * rng.uniform(0.1, 2, (N, D_in))
    return rng.normal(size=(N, D_out)), rng.normal(size=(D_in, D_out)), Z


def _reached(dZ: Array, W: Array, b: Array, Z: Array) -> float:
    """A loss whose blame at the layer's Z is dZ."""
    return float(np.sum(dZ * (np.maximum(Z, 0) @ W + b)))


def _check_layer(
    call: Call, rng: Generator, which: int, N: int, sizes: tuple[int, int]
) -> None:
    dZ, W, Z = _draw_layer(rng, N, *sizes)
    b = np.zeros(sizes[1])
    want = (
        lambda: slopes(lambda v: _reached(dZ, v, b, Z), W),
        lambda: slopes(lambda v: _reached(dZ, W, v, Z), b),
        lambda: slopes(lambda v: _reached(dZ, W, b, v), Z),
    )[which]()
    got = parts("the result", call(dZ, W, Z), 3)[which]
    close(("dW", "db", "dZ_below")[which], got, want, rtol=1e-6)


BACKWARD_SOLUTION = '''def layer_backward(dZ, W, Z_below):
    """dW, db and the blame of the layer below, from this layer's dZ."""
    A = np.maximum(Z_below, 0)  # this layer's input
    dW = A.T @ dZ
    db = dZ.sum(axis=0)
    dZ_below = (dZ @ W.T) * (Z_below > 0)
    return dW, db, dZ_below
'''

BACKWARD = Code(
    id="ch07.backward",
    title="Hand the blame back through a layer",
    points=5,
    minutes=12,
    function="layer_backward",
    stub='''def layer_backward(dZ, W, Z_below):
    """dW, db and the blame of the layer below, from this layer's dZ."""
    A = np.maximum(Z_below, 0)  # this layer's input
    # your lines
    return dW, db, dZ_below
''',
    solution=BACKWARD_SOLUTION,
    properties=(
        Property(
            "dW, one example",
            1,
            lambda call, rng: _check_layer(call, rng, 0, 1, (3, 2)),
        ),
        Property(
            "dW, several examples",
            1,
            lambda call, rng: _check_layer(call, rng, 0, 5, (3, 4)),
        ),
        Property("db", 1, lambda call, rng: _check_layer(call, rng, 1, 5, (3, 4))),
        Property(
            "dZ_below", 2, lambda call, rng: _check_layer(call, rng, 2, 5, (4, 3))
        ),
    ),
    # Square and with as many examples, so that a transpose in the wrong place runs.
    case=lambda rng: (_draw_layer(rng, 3, 3, 3), _draw_layer(rng, 3, 3, 3)),
    hints=(
        "A gradient has the shape of what it belongs to: dW that of W, dZ_below that "
        "of Z_below. But shapes that match prove nothing.",
        "Blame times input, summed over the examples; and blame goes back through "
        "the same weights, where the bend lets it.",
    ),
    mistakes=(
        Mistake(
            "dW-transposed",
            "dW stands on its side: entry (i, j) belongs to the weight from input i "
            "to neuron j.",
            spoil(BACKWARD_SOLUTION, ("A.T @ dZ", "dZ.T @ A")),
        ),
        Mistake(
            "input-before-bend",
            "You multiply blame by Z of the layer below. What is it that comes in "
            "through the weights?",
            spoil(BACKWARD_SOLUTION, ("A.T @ dZ", "Z_below.T @ dZ")),
        ),
        Mistake(
            "db-mean",
            "db is too small. The mean is in the loss already, and so in dZ.",
            spoil(BACKWARD_SOLUTION, ("dZ.sum(axis=0)", "dZ.mean(axis=0)")),
        ),
        Mistake(
            "dW-mean",
            "dW is too small, by the number of examples. Has anybody divided by it "
            "before dZ came to you?",
            spoil(BACKWARD_SOLUTION, ("A.T @ dZ", "A.T @ dZ / len(dZ)")),
        ),
        Mistake(
            "both-means",
            "dW and db are too small, by the number of examples. dZ has the 1/N of "
            "the loss in it already.",
            spoil(
                BACKWARD_SOLUTION,
                ("A.T @ dZ", "A.T @ dZ / len(dZ)"),
                ("dZ.sum(axis=0)", "dZ.mean(axis=0)"),
            ),
        ),
        Mistake(
            "no-gate",
            "Your blame passes the bend everywhere. Where a neuron is silent, does "
            "the loss feel its Z?",
            spoil(BACKWARD_SOLUTION, (" * (Z_below > 0)", "")),
        ),
        Mistake(
            "value-for-slope",
            "At the bend you multiply by its value, max(Z, 0). What is its slope?",
            spoil(BACKWARD_SOLUTION, ("(Z_below > 0)", "A")),
        ),
        Mistake(
            "W-not-transposed",
            "Which axis of W belongs to the neurons above? Blame has to come in along "
            "that one.",
            spoil(BACKWARD_SOLUTION, ("dZ @ W.T", "dZ @ W")),
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

# -- Repair a backward pass ----------------------------------------------------


def _draw_network(rng: Generator, N: int) -> tuple[Any, ...]:
    """X, t, W1, b1, W2, b2 of a network with a hidden layer, away from kinks."""
    while True:
        X, t = rng.normal(size=(N, 4)), rng.integers(0, 3, N)
        W1, b1 = rng.normal(size=(4, 5)), rng.normal(size=5)
        if np.abs(X @ W1 + b1).min() > 0.01:
            return X, t, W1, b1, rng.normal(size=(5, 3)), rng.normal(size=3)


def _network_loss(
    X: Array, t: Array, W1: Array, b1: Array, W2: Array, b2: Array
) -> Any:
    Z = np.maximum(X @ W1 + b1, 0) @ W2 + b2
    Z = Z - Z.max(axis=1, keepdims=True)
    return float(np.mean(np.log(np.exp(Z).sum(axis=1)) - Z[np.arange(len(t)), t]))


def _check_gradient(call: Call, rng: Generator, which: int) -> None:
    args = _draw_network(rng, 6)
    got = parts("the result", call(*args), 4)
    told = [_told(k, got[k], args) for k in range(4)]
    if told[which]:
        right = [name for k, name in BACKWARD_ORDER if not told[k]]
        wrong = [name for k, name in BACKWARD_ORDER if told[k]]
        raise Failed(
            f"{told[which]} (right: {', '.join(right) or 'none'}; "
            f"not yet: {', '.join(wrong)})"
        )


def _told(which: int, got: Any, args: tuple[Any, ...]) -> str:
    """What is wrong with a gradient; nothing if it is what a wiggle measures."""

    def loss(moved: Array) -> float:
        return float(
            _network_loss(*args[: 2 + which], moved, *args[3 + which :])  # type: ignore[call-arg]
        )

    try:
        close(PARAMS[which], got, slopes(loss, args[2 + which]), rtol=1e-6)
    except Failed as failure:
        return str(failure)
    return ""


PARAMS = ("dW1", "db1", "dW2", "db2")
# From the output backward: a fault shows first where blame meets it first.
BACKWARD_ORDER = tuple(
    (PARAMS.index(name), name) for name in ("db2", "dW2", "db1", "dW1")
)
REPAIR_SOLUTION = '''def two_layer_gradients(X, t, W1, b1, W2, b2):
    """dW1, db1, dW2, db2 of the mean cross-entropy."""
    Z1 = X @ W1 + b1
    A1 = np.maximum(Z1, 0)
    dZ2 = output_blame(A1 @ W2 + b2, t)
    dW2 = A1.T @ dZ2
    db2 = dZ2.sum(axis=0)
    dZ1 = (dZ2 @ W2.T) * (Z1 > 0)
    dW1 = X.T @ dZ1
    db1 = dZ1.sum(axis=0)
    return dW1, db1, dW2, db2
'''
AVERAGED_AGAIN = (("W2 + b2, t)", "W2 + b2, t) / len(t)"),)
NO_GATE = ((" * (Z1 > 0)", ""),)
INPUT_BEFORE_BEND = (("dW2 = A1.T", "dW2 = Z1.T"),)

REPAIR = Code(
    id="ch07.repair",
    title="Repair a backward pass",
    points=4,
    minutes=12,
    function="two_layer_gradients",
    given=OUTPUT_BLAME,
    stub=spoil(REPAIR_SOLUTION, *AVERAGED_AGAIN, *NO_GATE, *INPUT_BEFORE_BEND),
    solution=REPAIR_SOLUTION,
    properties=tuple(
        Property(name, 1, lambda call, rng, k=k: _check_gradient(call, rng, k))  # type: ignore[misc]
        for k, name in BACKWARD_ORDER
    ),
    case=lambda rng: (_draw_network(rng, 3), _draw_network(rng, 6)),
    hints=(
        "There are three faults. Check again after each repair: the message says "
        "which of the four gradients are right.",
        "db2 has the blame of layer 2 in it and nothing else; dW2 has what comes in "
        "through W2, too; db1 and dW1 have what has come back through W2 and the bend.",
    ),
    mistakes=(
        Mistake(
            "averaged-again",
            "All four gradients are too small by the same factor, and it is the "
            "number of examples. Where has the mean been taken already?",
            spoil(REPAIR_SOLUTION, *AVERAGED_AGAIN),
        ),
        Mistake(
            "no-gate",
            "Layer 2 is right, layer 1 is not: blame comes through where the neurons "
            "are silent.",
            spoil(REPAIR_SOLUTION, *NO_GATE),
        ),
        Mistake(
            "input-before-bend",
            "All are right but dW2. What comes in through W2: what the neurons have "
            "before the bend or after it?",
            spoil(REPAIR_SOLUTION, *INPUT_BEFORE_BEND),
        ),
        Mistake(
            "three-left",
            "Nothing is right yet. Begin at the output: is db2 right? Go by its "
            "number before you look at the others.",
            spoil(REPAIR_SOLUTION, *AVERAGED_AGAIN, *NO_GATE, *INPUT_BEFORE_BEND),
        ),
        Mistake(
            "average-and-gate-left",
            "Two faults are left. Begin at the output: is db2 right? When it is, "
            "you will see which layer has the other one.",
            spoil(REPAIR_SOLUTION, *AVERAGED_AGAIN, *NO_GATE),
        ),
        Mistake(
            "average-and-input-left",
            "Two faults are left, and one of them is in all four gradients. Begin at "
            "the output: is db2 right?",
            spoil(REPAIR_SOLUTION, *AVERAGED_AGAIN, *INPUT_BEFORE_BEND),
        ),
        Mistake(
            "gate-and-input-left",
            "Two faults are left. Begin at the output: db2 is right, and so is the "
            "blame it is made of. What else goes into dW2?",
            spoil(REPAIR_SOLUTION, *NO_GATE, *INPUT_BEFORE_BEND),
        ),
        Mistake(
            "mean-for-sum",
            "The dW are right, the db too small: a mean stands where a sum belongs.",
            spoil(
                REPAIR_SOLUTION,
                ("dZ2.sum(axis=0)", "dZ2.mean(axis=0)"),
                ("dZ1.sum(axis=0)", "dZ1.mean(axis=0)"),
            ),
        ),
    ),
)
