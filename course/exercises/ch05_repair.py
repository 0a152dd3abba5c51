"""Chapter 5, The backward pass: three to repair, where only gradients tell.

In each of them all shapes fit and nothing crashes. A check says which of the
gradients are right, from the loss downward.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations
from typing import Any

import numpy as np

from course.exercises.sources import spoil
from course.model import Call, Code, Failed, Generator, Mistake, Property
from course.properties import Array, close, parts, slopes

Arguments = tuple[Any, ...]
Draw = Callable[[Generator, int], Arguments]
Change = tuple[str, str]


def _told(
    loss: Callable[..., float],
    args: Arguments,
    place: int,
    name: str,
    got: Any,
) -> str:
    """What is wrong with the gradient of args[place]; nothing if a wiggle agrees."""

    def moved(array: Array) -> float:
        return loss(*args[:place], array, *args[place + 1 :])

    try:
        close(name, got, slopes(moved, args[place]), rtol=1e-6)
    except Failed as failure:
        return str(failure)
    return ""


def _properties(
    draw: Draw,
    loss: Callable[..., float],
    results: tuple[tuple[str, int], ...],
    asked: tuple[str, ...],
) -> tuple[Property, ...]:
    """One property for each gradient, in the order in which blame meets them.

    `results` are the function's results with the places of their parameters
    among its arguments.
    """
    places = dict(results)
    index = {name: k for k, (name, _) in enumerate(results)}

    def check(call: Call, rng: Generator, name: str) -> None:
        for N in (1, 6):
            args = draw(rng, N)
            got = parts("the result", call(*args), len(results))
            told = {n: _told(loss, args, places[n], n, got[index[n]]) for n in asked}
            if told[name]:
                right = ", ".join(n for n in asked if not told[n]) or "none"
                wrong = ", ".join(n for n in asked if told[n])
                raise Failed(f"{told[name]} (right: {right}; not yet: {wrong})")

    return tuple(
        Property(name, 1, lambda call, rng, name=name: check(call, rng, name))  # type: ignore[misc]
        for name in asked
    )


def _left_in(
    solution: str,
    faults: Mapping[str, tuple[Change, ...]],
    hints: Mapping[str, str],
    *more: Mistake,
) -> tuple[Mistake, ...]:
    """A mistake for every choice of faults that may be left, the single ones first.

    `more` are those that a repair may bring in.
    """
    found = []
    for count in range(1, len(faults) + 1):
        for names in combinations(faults, count):
            name = "+".join(names)
            changes = [change for n in names for change in faults[n]]
            found.append(Mistake(name, hints[name], spoil(solution, *changes)))
    return (*found, *more)


def _stub(solution: str, faults: Mapping[str, tuple[Change, ...]]) -> str:
    return spoil(solution, *(change for fault in faults.values() for change in fault))


# -- Two layers with tanh ------------------------------------------------------


def _draw_tanh(rng: Generator, N: int) -> Arguments:
    """X, T, W1, b1, W2, b2: two inputs, four hidden neurons, three answers."""
    X, T = rng.normal(size=(N, 2)), rng.integers(0, 2, (N, 3)).astype(float)
    shapes = (2, 4), (4,), (4, 3), (3,)
    return X, T, *(rng.normal(size=shape) for shape in shapes)


def _tanh_loss(X: Array, T: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> float:
    Z2 = np.tanh(X @ W1 + b1) @ W2 + b2
    return float(np.mean(np.logaddexp(0, Z2) - T * Z2))


TANH_SOLUTION = '''def two_layers(X, T, W1, b1, W2, b2):
    """dW1, db1, dW2, db2 of the mean binary cross-entropy."""
    A1 = np.tanh(X @ W1 + b1)
    Z2 = A1 @ W2 + b2
    dZ2 = (1 / (1 + np.exp(-Z2)) - T) / T.size
    dW2 = A1.T @ dZ2
    db2 = dZ2.sum(axis=0)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * (1 - A1**2)
    dW1 = X.T @ dZ1
    db1 = dZ1.sum(axis=0)
    return dW1, db1, dW2, db2
'''
TANH_FAULTS = {
    "mean-over-images": (("- T) / T.size", "- T) / len(T)"),),
    "slope-at-a": (("(1 - A1**2)", "(1 - np.tanh(A1) ** 2)"),),
    "mean-for-sum": (("dZ1.sum(axis=0)", "dZ1.mean(axis=0)"),),
}

TANH = Code(
    id="ch05.repair-tanh",
    title="Repair: two layers",
    points=4,
    minutes=12,
    function="two_layers",
    stub=_stub(TANH_SOLUTION, TANH_FAULTS),
    solution=TANH_SOLUTION,
    properties=_properties(
        _draw_tanh,
        _tanh_loss,
        (("dW1", 2), ("db1", 3), ("dW2", 4), ("db2", 5)),
        ("db2", "dW2", "dW1", "db1"),
    ),
    case=lambda rng: (_draw_tanh(rng, 3), _draw_tanh(rng, 5)),
    hints=(
        "There are three faults. Begin with db2: it is made of dZ2 and nothing else.",
        "Check again after each repair: the message says which gradients are right.",
    ),
    mistakes=_left_in(
        TANH_SOLUTION,
        TANH_FAULTS,
        {
            "mean-over-images": "All four are three times too large, and there are "
            "three answers for each image. Over how many numbers is the loss a mean?",
            "slope-at-a": "Layer 2 is right, layer 1 is not. What is between them, "
            "and where is its slope to be taken?",
            "mean-for-sum": "All are right but db1. Which index does a bias lack, and "
            "what is done with it?",
            "mean-over-images+slope-at-a": "Two faults are left. One of them is in all "
            "four gradients: mend that one first.",
            "mean-over-images+mean-for-sum": "Two faults are left. Begin with db2: by "
            "which factor is it too large?",
            "slope-at-a+mean-for-sum": "Two faults are left, both in layer 1. dW1 is "
            "made of the blame and X; is the blame right?",
            "mean-over-images+slope-at-a+mean-for-sum": "Nothing is right yet. By "
            "which factor is db2 wrong? Count the numbers in T.",
        },
    ),
)

# -- A square network ----------------------------------------------------------


def _draw_square(rng: Generator, N: int) -> Arguments:
    """X, t, W1, b1, W2, b2, where every layer has three neurons."""
    X, t = rng.normal(size=(N, 3)), rng.integers(0, 3, N)
    shapes = (3, 3), (3,), (3, 3), (3,)
    return X, t, *(rng.normal(size=shape) for shape in shapes)


def _square_loss(
    X: Array, t: Array, W1: Array, b1: Array, W2: Array, b2: Array
) -> float:
    Z = np.tanh(X @ W1 + b1) @ W2 + b2
    return float(np.mean(np.log(np.exp(Z).sum(axis=1)) - Z[np.arange(len(t)), t]))


SQUARE_SOLUTION = '''def square_network(X, t, W1, b1, W2, b2):
    """dW1, db1, dW2, db2 of the mean cross-entropy after softmax."""
    A1 = np.tanh(X @ W1 + b1)
    E = np.exp(A1 @ W2 + b2)
    P = E / E.sum(axis=1, keepdims=True)
    T = np.eye(3)[t]
    dZ2 = (P - T) / len(X)
    dW2 = A1.T @ dZ2
    db2 = dZ2.sum(axis=0)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * (1 - A1**2)
    dW1 = X.T @ dZ1
    db1 = dZ1.sum(axis=0)
    return dW1, db1, dW2, db2
'''
SQUARE_FAULTS = {
    "diagonal-alone": (("(P - T) / len(X)", "(P - 1) * T / len(X)"),),
    "not-transposed": (("dZ2 @ W2.T", "dZ2 @ W2"),),
    "wrong-way-round": (("X.T @ dZ1", "dZ1.T @ X"),),
}

SQUARE = Code(
    id="ch05.repair-square",
    title="Repair: a square network",
    points=4,
    minutes=12,
    function="square_network",
    stub=_stub(SQUARE_SOLUTION, SQUARE_FAULTS),
    solution=SQUARE_SOLUTION,
    properties=_properties(
        _draw_square,
        _square_loss,
        (("dW1", 2), ("db1", 3), ("dW2", 4), ("db2", 5)),
        ("db2", "dW2", "db1", "dW1"),
    ),
    case=lambda rng: (_draw_square(rng, 4), _draw_square(rng, 7)),
    hints=(
        "There are three faults, and no shape will show them. Go from the loss down: "
        "db2, dW2, db1, dW1.",
        "A row of the blame at softmax's outputs adds up to 0. Does yours?",
    ),
    mistakes=_left_in(
        SQUARE_SOLUTION,
        SQUARE_FAULTS,
        {
            "diagonal-alone": "Nothing is right: the blame at the output reaches the "
            "right class alone. What becomes of the other classes?",
            "not-transposed": "Layer 2 is right, layer 1 is not. Row i of W2 is what "
            "hidden neuron i sends out; which index should the product sum over?",
            "wrong-way-round": "All are right but dW1. Its row i belongs to input i: "
            "is that so in yours?",
            "diagonal-alone+not-transposed": "Two faults are left, and one of them is "
            "at the output. What does each row of P − T add up to?",
            "diagonal-alone+wrong-way-round": "Two faults are left. Begin with db2: "
            "the classes that were not right have no blame at all.",
            "not-transposed+wrong-way-round": "Two faults are left, both below W2. Is "
            "db1 right? Only then look at dW1.",
            "diagonal-alone+not-transposed+wrong-way-round": "Nothing is right yet. "
            "Begin at the output, with db2: which classes get blame?",
        },
        Mistake(
            "averaged-over-classes-too",
            "All four are three times too small. This loss is a mean over the images, "
            "one number for each.",
            spoil(SQUARE_SOLUTION, ("/ len(X)", "/ T.size")),
        ),
    ),
)

# -- A value that is used twice ------------------------------------------------


def _draw_twice(rng: Generator, N: int) -> Arguments:
    """X, T, W1, W2, W3: two inputs, three neurons, three neurons, two outputs."""
    X, T = rng.normal(size=(N, 2)), rng.normal(size=(N, 2))
    return X, T, *(rng.normal(size=shape) for shape in ((2, 3), (3, 3), (3, 2)))


def _twice_loss(X: Array, T: Array, W1: Array, W2: Array, W3: Array) -> float:
    A1 = np.tanh(X @ W1)
    return float(np.mean(((A1 + np.tanh(A1 @ W2)) @ W3 - T) ** 2))


TWICE_SOLUTION = '''def used_twice(X, T, W1, W2, W3):
    """dW1, dW2, dW3 of the mean squared error."""
    A1 = np.tanh(X @ W1)
    A2 = np.tanh(A1 @ W2)
    S = A1 + A2
    dY = 2 * (S @ W3 - T) / T.size
    dW3 = S.T @ dY
    dS = dY @ W3.T
    dZ2 = dS * (1 - A2**2)
    dW2 = A1.T @ dZ2
    dA1 = dS + dZ2 @ W2.T
    dZ1 = dA1 * (1 - A1**2)
    dW1 = X.T @ dZ1
    return dW1, dW2, dW3
'''
TWICE_FAULTS = {
    "half-the-input": (("dW3 = S.T", "dW3 = A2.T"),),
    "updated-first": (("    dS = dY", "    W3 = W3 - 0.1 * dW3\n    dS = dY"),),
    "path-forgotten": (("dA1 = dS + dZ2", "dA1 = dZ2"),),
}

TWICE = Code(
    id="ch05.repair-twice",
    title="Repair: a value that is used twice",
    points=3,
    minutes=12,
    function="used_twice",
    stub=_stub(TWICE_SOLUTION, TWICE_FAULTS),
    solution=TWICE_SOLUTION,
    properties=_properties(
        _draw_twice,
        _twice_loss,
        (("dW1", 2), ("dW2", 3), ("dW3", 4)),
        ("dW3", "dW2", "dW1"),
    ),
    case=lambda rng: (_draw_twice(rng, 3), _draw_twice(rng, 5)),
    hints=(
        "Draw the graph: who uses A1, and who uses W3?",
        "Go from the loss down: dW3, then dW2, then dW1.",
    ),
    mistakes=_left_in(
        TWICE_SOLUTION,
        TWICE_FAULTS,
        {
            "half-the-input": "All are right but dW3. What came in through W3: one "
            "of the two activations?",
            "updated-first": "dW3 is right, what lies below it is a little off. Has "
            "anything moved before the blame passed?",
            "path-forgotten": "All are right but dW1. A1 is used in two places; how "
            "many of them have sent their blame?",
            "half-the-input+updated-first": "Two faults are left. Mend dW3 first: "
            "blame times input, and what is the input of W3?",
            "half-the-input+path-forgotten": "Two faults are left, and both forget "
            "one of two: one forward, in what W3 gets, and one on the way back.",
            "updated-first+path-forgotten": "Two faults are left. dW2 shows one of "
            "them: a backward pass computes, and moves nothing.",
            "half-the-input+updated-first+path-forgotten": "Nothing is right yet. "
            "Begin with dW3, which has only dY and the input of W3 in it.",
        },
        Mistake(
            "mean-over-images",
            "All three are twice too large, and there are two outputs. Over how many "
            "numbers is this mean taken? That line was right.",
            spoil(TWICE_SOLUTION, ("/ T.size", "/ len(T)")),
        ),
    ),
)
