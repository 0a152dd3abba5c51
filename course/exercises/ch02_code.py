"""Chapter 2, The forward pass: what is written in code."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from course.exercises.sources import spoil
from course.model import Call, Code, Failed, Generator, Mistake, Property
from course.properties import Array, array, close, parts, slopes

# -- A layer for a whole batch -------------------------------------------------


def _draw_layer(rng: Generator, N: int, D_in: int, D_out: int) -> tuple[Array, ...]:
    X, W = rng.normal(size=(N, D_in)), rng.normal(size=(D_in, D_out))
    return X, W, rng.normal(size=D_out)


def _layer_by_index(X: Array, W: Array, b: Array) -> Array:
    Z = np.empty((len(X), len(b)))
    for n, j in np.ndindex(Z.shape):
        Z[n, j] = b[j] + sum(X[n, i] * W[i, j] for i in range(len(W)))
    return Z


def _check_layer(call: Call, rng: Generator, N: int, D_in: int, D_out: int) -> None:
    X, W, b = _draw_layer(rng, N, D_in, D_out)
    close("Z", call(X, W, b), _layer_by_index(X, W, b), rtol=1e-9)


def _check_rows(call: Call, rng: Generator) -> None:
    X, W, b = _draw_layer(rng, 4, 3, 2)
    Z = array("Z", call(X, W, b), (4, 2))
    changed = X.copy()
    changed[2] += 1
    moved = np.abs(array("Z", call(changed, W, b), (4, 2)) - Z).max(axis=1) > 1e-9
    if list(np.flatnonzero(moved)) != [2]:
        raise Failed(
            "row 2 of X was changed, and the rows of Z that moved are "
            f"{[int(n) for n in np.flatnonzero(moved)]}; expected [2]"
        )


LAYER_SOLUTION = '''def layer(X, W, b):
    """Z (N, D_out) from X (N, D_in), W (D_in, D_out), b (D_out,)."""
    return X @ W + b
'''

LAYER = Code(
    id="ch02.layer",
    title="A layer for a whole batch",
    points=4,
    minutes=10,
    function="layer",
    stub='''def layer(X, W, b):
    """Z (N, D_out) from X (N, D_in), W (D_in, D_out), b (D_out,)."""
    # your lines
    return np.zeros((len(X), len(b)))
''',
    solution=LAYER_SOLUTION,
    properties=(
        Property("one image", 1, lambda call, rng: _check_layer(call, rng, 1, 2, 3)),
        Property("several", 1, lambda call, rng: _check_layer(call, rng, 5, 3, 2)),
        Property("square", 1, lambda call, rng: _check_layer(call, rng, 3, 3, 3)),
        Property("rows do not see each other", 1, _check_rows),
    ),
    case=lambda rng: (_draw_layer(rng, 3, 3, 3), _draw_layer(rng, 1, 3, 3)),
    hints=(
        "Z[n, j] is row n of X against column j of W, plus b[j].",
        "In NumPy `@` multiplies matrices, and adding an array of shape (D_out,) "
        "adds it to every row.",
    ),
    mistakes=(
        Mistake(
            "W-transposed",
            "Your neurons are the rows of W. Which index of W stands next to X, and "
            "goes when one sums over it?",
            spoil(LAYER_SOLUTION, ("X @ W", "X @ W.T")),
        ),
        Mistake(
            "bias-to-the-inputs",
            "You add the biases before the weighing. Has b as many numbers as there "
            "are inputs, or as there are neurons?",
            spoil(LAYER_SOLUTION, ("X @ W + b", "(X + b) @ W")),
        ),
        Mistake(
            "bias-to-the-images",
            "You add b down the columns: image n gets b[n]. Whose is a bias, an "
            "image's or a neuron's?",
            spoil(LAYER_SOLUTION, ("+ b", "+ b[: len(X), None]")),
        ),
        Mistake(
            "no-bias",
            "The weighing is right. What does each neuron add?",
            spoil(LAYER_SOLUTION, (" + b", "")),
        ),
        Mistake(
            "entry-by-entry",
            "You multiply entry by entry. In NumPy `*` does that; what sums over the "
            "inputs?",
            spoil(LAYER_SOLUTION, ("X @ W", "X * W")),
        ),
        Mistake(
            "biases-summed",
            "You add the sum of all biases to every entry. Column j gets b[j] only.",
            spoil(LAYER_SOLUTION, ("+ b", "+ b.sum()")),
        ),
    ),
)

# -- A ReLU layer and its slopes -----------------------------------------------


def _draw_Z(rng: Generator, N: int, D: int) -> tuple[Array]:
    """Entries away from 0, but for one of them, and no row without both signs."""
    Z = rng.uniform(0.2, 2, (N, D))
    Z[:, ::2] *= -1
    Z[-1, -1] = 0.0
    return (Z,)


def _check_relu(call: Call, rng: Generator, which: int, N: int) -> None:
    (Z,) = _draw_Z(rng, N, 5)
    got = parts("the result", call(Z), 2)[which]
    if which == 0:
        close("A", got, Z * (Z > 0), rtol=1e-9)
        return
    rates = [slopes(lambda z: max(float(z), 0.0), np.array(z)) for z in Z.ravel()]
    want = np.array(rates).reshape(Z.shape)
    want[-1, -1] = 0  # the corner, where the book takes 0
    close("dA_dZ", got, want, rtol=1e-6)


RELU_SOLUTION = '''def relu_and_slope(Z):
    """A = max(Z, 0) and its slopes, both of Z's shape."""
    A = np.maximum(Z, 0)
    dA_dZ = (Z > 0) * 1.0
    return A, dA_dZ
'''

RELU = Code(
    id="ch02.relu",
    title="A ReLU layer and its slopes",
    points=3,
    minutes=8,
    function="relu_and_slope",
    stub='''def relu_and_slope(Z):
    """A = max(Z, 0) and its slopes, both of Z's shape."""
    # your lines
    return None, None
''',
    solution=RELU_SOLUTION,
    properties=(
        Property("A", 1, lambda call, rng: _check_relu(call, rng, 0, 4)),
        Property(
            "slopes, one image", 1, lambda call, rng: _check_relu(call, rng, 1, 1)
        ),
        Property("slopes, several", 1, lambda call, rng: _check_relu(call, rng, 1, 4)),
    ),
    case=lambda rng: (_draw_Z(rng, 3, 4), _draw_Z(rng, 1, 4)),
    hints=(
        "`np.maximum` compares entry by entry; `np.max` looks for one largest number.",
        "`Z > 0` is an array of true and false; times 1.0 it is one of numbers.",
    ),
    mistakes=(
        Mistake(
            "slope-from-A",
            "All your slopes are 1: you ask whether A is 0 or more, and it always is. "
            "Of what are the slopes taken?",
            spoil(RELU_SOLUTION, ("(Z > 0)", "(A >= 0)")),
        ),
        Mistake(
            "one-at-the-corner",
            "Right everywhere but at exactly 0. What does this book take there?",
            spoil(RELU_SOLUTION, ("(Z > 0)", "(Z >= 0)")),
        ),
        Mistake(
            "half-at-the-corner",
            "Right everywhere but at exactly 0. A half is what a wiggle measures "
            "there; what does this book take?",
            spoil(RELU_SOLUTION, ("(Z > 0) * 1.0", "np.heaviside(Z, 0.5)")),
        ),
        Mistake(
            "in-place",
            "You change the Z that you were given. Give A an array of its own.",
            spoil(RELU_SOLUTION, ("A = np.maximum(Z, 0)", "Z[Z < 0] = 0\n    A = Z")),
        ),
        Mistake(
            "value-for-slope",
            "A is right. For the slopes you give A again: where z is positive and "
            "moves, how fast does a move?",
            spoil(RELU_SOLUTION, ("(Z > 0) * 1.0", "Z * (Z > 0)")),
        ),
        Mistake(
            "largest-of-all",
            "`np.max` gives one number for a whole row. You want to compare each "
            "entry with 0.",
            spoil(
                RELU_SOLUTION,
                ("np.maximum(Z, 0)", "np.max(Z, axis=1, keepdims=True) + 0 * Z"),
            ),
        ),
        Mistake(
            "size",
            "You have taken away the signs. A negative z is to become 0.",
            spoil(RELU_SOLUTION, ("np.maximum(Z, 0)", "np.abs(Z)")),
        ),
        Mistake(
            "upside-down",
            "Your slopes are 1 where the neuron sleeps and 0 where it is awake.",
            spoil(RELU_SOLUTION, ("(Z > 0)", "(Z <= 0)")),
        ),
    ),
)

# -- A network of any depth ----------------------------------------------------


def _sigmoid(z: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-z)))


def _draw_net(rng: Generator, N: int, *sizes: int) -> tuple[Array, list[Any]]:
    pairs = itertools.pairwise(sizes)
    layers = [(rng.normal(size=(n, m)), rng.normal(size=m)) for n, m in pairs]
    return rng.normal(size=(N, sizes[0])), layers


def _activations(X: Array, layers: list[Any]) -> list[Array]:
    A = [X]
    for W, b in layers[:-1]:
        A.append(np.tanh(_layer_by_index(A[-1], W, b)))
    return [*A, _sigmoid(_layer_by_index(A[-1], *layers[-1]))]


def _check_net(call: Call, rng: Generator, N: int, *sizes: int) -> None:
    X, layers = _draw_net(rng, N, *sizes)
    got = parts("the result", call(X, layers), len(sizes))
    for k, want in enumerate(_activations(X, layers)):
        close(f"A_{k}", got[k], want, rtol=1e-9)


def _show_answers(forward_all: Call) -> None:
    """Draw what the student's own network says, with numbers of the chapter."""
    from course import plots

    inks = [[0.0625, 0.1875], [0.5, 0.140625], [0.875, 0.8125], [0.354167, 0.953125]]
    W1, b1 = np.array([[3.1, -1.7, 3.2], [-3.4, 3.6, 0.9]]), np.array([-0.5, -2, -3.3])
    layers = [(W1, b1), (np.array([[3.7], [3.7], [-3.1]]), np.array([1.0]))]
    figure = plots.decision_boundary(
        lambda points: forward_all(points, layers)[-1],
        inks,
        [0, 1, 0, 1],
        names=["not exactly one", "exactly one"],
        points=[f"image {n}" for n in (3, 5, 6, 2)],
        xlabel="ink u, upper box",
        ylabel="ink l, lower box",
    )
    alt = (
        "Your own function with the numbers that solve the chapter's question: a bent "
        "valley of no with images 3 and 6 in it, images 5 and 2 on either side."
    )
    plots.show(figure, alt=alt)


FORWARD_SOLUTION = '''def forward_all(X, layers):
    """[A_0, ..., A_M]: tanh in all layers, sigmoid in the last."""
    A = [X]
    for k, (W, b) in enumerate(layers, start=1):
        Z = A[-1] @ W + b
        last = k == len(layers)
        A.append(1 / (1 + np.exp(-Z)) if last else np.tanh(Z))
    return A
'''

FORWARD = Code(
    id="ch02.forward",
    title="A network of any depth",
    points=5,
    minutes=12,
    function="forward_all",
    stub='''def forward_all(X, layers):
    """[A_0, ..., A_M]: tanh in all layers, sigmoid in the last."""
    A = [X]
    # your lines
    return A
''',
    solution=FORWARD_SOLUTION,
    properties=(
        Property("one layer", 1, lambda call, rng: _check_net(call, rng, 4, 3, 2)),
        Property("two layers", 2, lambda call, rng: _check_net(call, rng, 4, 2, 3, 1)),
        Property(
            "four layers, one image",
            2,
            lambda call, rng: _check_net(call, rng, 1, 3, 5, 2, 4, 2),
        ),
    ),
    case=lambda rng: (_draw_net(rng, 3, 4, 4, 4, 4), _draw_net(rng, 2, 3, 3)),
    after=_show_answers,
    hints=(
        "Each layer's input is what you appended last: `A[-1]`.",
        "Count the layers, so that you know which is the last one.",
    ),
    mistakes=(
        Mistake(
            "tanh-at-the-end",
            "All but the last are right. The output is to be read as a degree of "
            "belief, from 0 to 1: which bend is that?",
            spoil(
                FORWARD_SOLUTION,
                ("1 / (1 + np.exp(-Z)) if last else np.tanh(Z)", "np.tanh(Z)"),
                ("        last = k == len(layers)\n", ""),
            ),
        ),
        Mistake(
            "sigmoid-everywhere",
            "You bend with the sigmoid in every layer. The hidden ones have tanh.",
            spoil(
                FORWARD_SOLUTION,
                (" if last else np.tanh(Z)", ""),
                ("        last = k == len(layers)\n", ""),
            ),
        ),
        Mistake(
            "no-bend-at-the-end",
            "All but the last are right: that one is Z. What becomes of it?",
            spoil(FORWARD_SOLUTION, ("1 / (1 + np.exp(-Z)) if", "Z if")),
        ),
        Mistake(
            "bent-twice-at-the-end",
            "All but the last are right: there you bend twice. What goes into the "
            "sigmoid?",
            spoil(FORWARD_SOLUTION, ("np.exp(-Z)", "np.exp(-np.tanh(Z))")),
        ),
        Mistake(
            "z-kept",
            "You keep what the neurons have before the bend. The next layer looks at "
            "what they say after it.",
            spoil(
                FORWARD_SOLUTION,
                ("np.exp(-Z)) if last else np.tanh(Z)", "np.exp(-Z)) if last else Z"),
            ),
        ),
        Mistake(
            "everybody-sees-X",
            "Your first layer is right. The second looks at X again: what should it "
            "look at?",
            spoil(FORWARD_SOLUTION, ("A[-1] @ W", "X @ W")),
        ),
        Mistake(
            "bend-before-weighing",
            "You bend the inputs of each layer, and then weigh. The bend comes after "
            "the weighted sum.",
            spoil(
                FORWARD_SOLUTION,
                ("Z = A[-1] @ W + b", "Z = np.tanh(A[-1]) @ W + b"),
                ("np.tanh(Z))", "Z)"),
            ),
        ),
        Mistake(
            "inputs-not-kept",
            "The first of the list should be A_0 = X. The way back needs it, too.",
            spoil(FORWARD_SOLUTION, ("return A", "return A[1:]")),
        ),
        Mistake(
            "answer-alone",
            "You return the answers only. What of the rest does the way back need?",
            spoil(FORWARD_SOLUTION, ("return A", "return A[-1]")),
        ),
        Mistake(
            "return-too-early",
            "You return after the first layer. How far must `return` stand to the "
            "left, to come after the loop?",
            spoil(FORWARD_SOLUTION, ("    return A", "        return A")),
        ),
    ),
)

# -- The gradient of the last layer --------------------------------------------


def _loss(A: Array, W: Array, b: Array, T: Array) -> float:
    answers = _sigmoid(A @ W + b)
    return float(np.mean((answers[:, 0] - T) ** 2))


def _draw_last(rng: Generator, N: int, D: int) -> tuple[Array, ...]:
    T = np.resize([0.0, 1.0, 1.0], N)  # no two classes of one size
    return rng.uniform(-1, 1, (N, D)), rng.normal(size=(D, 1)), rng.normal(size=1), T


def _check_last(call: Call, rng: Generator, which: int, N: int, D: int) -> None:
    A, W, b, T = _draw_last(rng, N, D)
    got = parts("the result", call(A, W, b, T), 2)[which]
    if which == 0:
        close("dW", got, slopes(lambda w: _loss(A, w, b, T), W), rtol=1e-6)
    else:
        close("db", got, slopes(lambda v: _loss(A, W, v, T), b), rtol=1e-6)


LAST_SOLUTION = '''def last_layer(A, W, b, T):
    """dW (D, 1) and db (1,) of the mean squared error."""
    answers = 1 / (1 + np.exp(-(A @ W + b)))
    gap = answers - T[:, None]  # (N, 1) - (N, 1)
    dZ = 2 * gap * answers * (1 - answers) / len(A)
    return A.T @ dZ, dZ.sum(axis=0)
'''

LAST_LAYER = Code(
    id="ch02.last-layer",
    title="The gradient of the last layer",
    points=4,
    minutes=12,
    function="last_layer",
    stub='''def last_layer(A, W, b, T):
    """dW (D, 1) and db (1,) of the mean squared error."""
    answers = 1 / (1 + np.exp(-(A @ W + b)))
    # your lines
    return np.zeros(W.shape), np.zeros(b.shape)
''',
    solution=LAST_SOLUTION,
    properties=(
        Property("dW, one image", 1, lambda c, rng: _check_last(c, rng, 0, 1, 3)),
        Property("dW, several", 2, lambda c, rng: _check_last(c, rng, 0, 5, 3)),
        Property("db, several", 1, lambda c, rng: _check_last(c, rng, 1, 5, 3)),
    ),
    case=lambda rng: (_draw_last(rng, 4, 3), _draw_last(rng, 1, 3)),
    hints=(
        "It is the neuron of chapter 1, with hidden activations for inputs: blame "
        "times input, summed over the images.",
        "Write down the shape of every array. A column and a row make a square; "
        "`T[:, None]` makes a column of T.",
    ),
    mistakes=(
        Mistake(
            "square",
            "A column minus a row is a square: each answer meets every target. Look "
            "at the shape of T, and at that of your dZ.",
            spoil(LAST_SOLUTION, ("answers - T[:, None]", "answers - T")),
        ),
        Mistake(
            "square-averaged",
            "For one image you are right, for several not: all your answers are drawn "
            "to the mean target. Which targets does an answer meet?",
            spoil(
                LAST_SOLUTION,
                ("answers - T[:, None]", "(answers - T).mean(axis=1, keepdims=True)"),
            ),
        ),
        Mistake(
            "no-factor-2",
            "Your gradient is half of what a wiggle measures. Where does a square "
            "leave its mark?",
            spoil(LAST_SOLUTION, ("2 * gap", "gap")),
        ),
        Mistake(
            "sum-not-mean",
            "For one image you are right. For N images you are N times too large: the "
            "loss is a mean.",
            spoil(LAST_SOLUTION, (" / len(A)", "")),
        ),
        Mistake(
            "no-slope",
            "An arrow is missing between z and the answer: the sigmoid's slope.",
            spoil(LAST_SOLUTION, (" * answers * (1 - answers)", "")),
        ),
        Mistake(
            "no-slope-and-no-2",
            "Your dZ is the gap alone, averaged. How fast does a square move with the "
            "gap, and how fast the answer with z?",
            spoil(LAST_SOLUTION, ("2 * gap * answers * (1 - answers)", "gap")),
        ),
        Mistake(
            "slope-of-tanh",
            "The hidden neurons bend with tanh, but their slopes are not asked for. "
            "Which bend has the output neuron?",
            spoil(LAST_SOLUTION, ("answers * (1 - answers)", "(1 - answers**2)")),
        ),
        Mistake(
            "mean-of-dZ",
            "dW is right. db is too small: the 1/N of the mean is in dZ already.",
            spoil(LAST_SOLUTION, ("dZ.sum(axis=0)", "dZ.mean(axis=0)")),
        ),
        Mistake(
            "uphill",
            "Size right, sign wrong. If an answer is above its target and grows, "
            "which way does the loss go?",
            spoil(LAST_SOLUTION, ("answers - T[:, None]", "T[:, None] - answers")),
        ),
    ),
)
