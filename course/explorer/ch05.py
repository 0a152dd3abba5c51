"""Chapter 5: an entry of dW taken apart, and bugs under the gradient check."""

from __future__ import annotations

import numpy as np

import backprop as bp
from backprop.functions import Array
from course.explorer.model import Data, Exploration

NAMES = ("3", "5", "6", "2")  # of the four images
# What may be planted: its name in `explore-bugs.js`, its line, what it teaches.
BUGS = (
    ("none", "nothing: the backward pass as it should be", "Backward is right."),
    (
        "mean",
        "dW = X.T @ dZ / len(X)",
        "The loss averages already, so dZ holds the 1/N. Once more, and every dW is "
        "too small by the factor N; with N = 1 nobody could see it.",
    ),
    (
        "bias",
        "db = dZ.mean(axis=0)",
        "A bias feeds every example: its blames add. A mean is the sum over N, "
        "which is the same for a single example only.",
    ),
    (
        "slope",
        "dZ1 = dA1 * (1 - np.tanh(A1)**2)",
        "f′ belongs at Z1. Here tanh was applied twice. Layer 2 is right and layer 1 "
        "is wrong: the fault lies between them.",
    ),
    (
        "transpose",
        "dA1 = dZ2 @ W2",
        "Without the transpose, blame goes back along the wrong weights. Shapes catch "
        "that only where W2 is not square; where W2 is symmetric too, nothing can.",
    ),
    (
        "updated",
        "W2 -= dW2, and only then dA1 = dZ2 @ W2.T",
        "Blame must go back through the weights that the forward pass used. Layer 2 "
        "is right, layer 1 is not: first all gradients, then the update.",
    ),
    (
        "last",
        "for n in range(N): dW = np.outer(X[n], dZ[n])",
        "An = where += should stand: each example overwrites the one before, and the "
        "last is left. A batch of one example hides it.",
    ),
)


def strokes() -> tuple[Array, Array]:
    """Return the four images' two inks, X (4, 2), and targets T (4, 1).

    Returns
    -------
    X, T : ndarray
    """
    images, _ = bp.data.digit_images()
    upper = images[:, 2:5, 2].mean(axis=1)
    lower = images[:, 5:7, 2:4].mean(axis=(1, 2))
    X = np.column_stack([upper, lower])[[3, 5, 6, 2]]
    return X, np.array([[0.0], [1.0], [0.0], [1.0]])


def _entry() -> Data:
    X, T = strokes()
    three = _layers([[1, -1, 2], [-1, 1, 1]], [0, 0, -1], [[1], [1], [-1]])
    lopsided = _layers([[1, 2], [-1, 1]], [0, -1], [[1, 2], [-1, 1]])
    symmetric = _layers([[1, 2], [-1, 1]], [0, -1], [[1, 2], [2, 1]])
    # Of two outputs, the second says whether there is an upper stroke.
    two = np.column_stack([T, [0, 1, 1, 0]])
    return {
        "images": list(NAMES),
        "bugs": [list(bug) for bug in BUGS],
        "cases": [
            _case("2-3-1 network, the four images", three, X, T),
            _case("2-3-1 network, image 6 alone", three, X[2:3], T[2:3]),
            _case("2-2-2 network: every W is square", lopsided, X, two),
            _case("2-2-2 network, and W2 is symmetric", symmetric, X, two),
        ],
    }


def _layers(W1: list[list[int]], b1: list[int], W2: list[list[int]]) -> list[Data]:
    return [
        {"W": W1, "b": b1, "f": "tanh"},
        {"W": W2, "b": [0] * len(W2[0]), "f": "none"},
    ]


def _case(name: str, layers: list[Data], X: Array, T: Array) -> Data:
    return {"name": name, "layers": layers, "X": X.tolist(), "T": T.tolist()}


def _numbers(data: Data) -> list[tuple[str, str]]:
    case = data["cases"][0]
    X, T = np.array(case["X"]), np.array(case["T"])
    first, last = bp.Dense(2, 3), bp.Dense(3, 1)
    net = bp.Sequential(first, bp.Tanh(), last)
    for layer, given in zip((first, last), case["layers"], strict=True):
        layer.W, layer.b = np.array(given["W"]), np.array(given["b"])
    loss = bp.BinaryCrossEntropy()
    loss.forward(net(X), T)
    net.backward(loss.backward())
    gradients = {"dW_1": first.dW, "db_1": first.db, "dW_2": last.dW, "db_2": last.db}
    return [(name, _listed(array)) for name, array in gradients.items()]


def _listed(array: Array) -> str:
    rows = (" ".join(f"{x:.4f}" for x in row) for row in np.atleast_2d(array))
    return "; ".join(rows).replace("-", "−")


def _alt(data: Data) -> str:
    return (
        "An entry of dW1 is a sum over the four images: what came in, from a column of "
        "X, times the blame, from a column of dZ1. These are all 13 gradients:"
    )


EXPLORATIONS = (
    Exploration(
        id="ch05.entry",
        title="One entry of dW, and what the check would say",
        task=(
            "Pick an entry of dW. Its column of the layer's input and its column of "
            "dZ light up. Say which image weighs most in it before the products are "
            "shown. Two columns of dW_1 turn out equal: why? Then plant a bug, say "
            "what the gradient check will do, and look. Which bugs does a batch of "
            "one image hide, and which does a square W let pass?"
        ),
        view="entry",
        data=_entry,
        alt=_alt,
        numbers=_numbers,
    ),
)
