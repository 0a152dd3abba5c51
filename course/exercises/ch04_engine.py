"""Chapter 4, The chain rule on a graph: an engine to repair by its gradients."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from course.exercises.sources import spoil
from course.model import Call, Code, Generator, Mistake, Property
from course.properties import Array, array, close, parts, slopes

Step = tuple[str, int, int]

# -- Repair an engine ----------------------------------------------------------------

TAPE_SOLUTION = '''def run(inputs, steps):
    """Value of the last step, and the gradient of every input."""
    values, arrows = list(inputs), [[] for _ in inputs]
    for gate, i, j in steps:
        a, b = values[i], values[j]
        if gate == "+":
            c, local = a + b, [(i, 1.0), (j, 1.0)]
        elif gate == "*":
            c, local = a * b, [(i, b), (j, a)]
        else:  # "tanh" of node i; j is not used
            c, local = np.tanh(a), [(i, 1 - np.tanh(a) ** 2)]
        values.append(c)
        arrows.append(local)
    grads = np.zeros(len(values))
    grads[-1] = 1.0
    for k in reversed(range(len(values))):
        for parent, slope in arrows[k]:
            grads[parent] += slope * grads[k]
    return values[-1], grads[: len(inputs)]
'''
SWAPPED = (("[(i, b), (j, a)]", "[(i, a), (j, b)]"),)
SLOPE = (("1 - np.tanh(a) ** 2", "1 - a**2"),)
OVERWRITES = (("+=", "="),)


def _value(inputs: Array, steps: list[Step]) -> float:
    values = [float(x) for x in inputs]
    for gate, i, j in steps:
        a, b = values[i], values[j]
        values.append({"+": a + b, "*": a * b, "tanh": float(np.tanh(a))}[gate])
    return values[-1]


def _neurons() -> list[Step]:
    """v0 tanh(w0 x) + v1 tanh(w1 x) of the inputs x, w0, w1, v0, v1."""
    return [
        ("*", 0, 1), ("*", 0, 2), ("tanh", 5, 5), ("tanh", 6, 6),
        ("*", 3, 7), ("*", 4, 8), ("+", 9, 10),
    ]  # fmt: skip


def _random_steps(rng: Generator, n: int, count: int) -> list[Step]:
    steps: list[Step] = []
    for k in range(n, n + count):
        gate = ("+", "*", "tanh")[k % 3]
        steps.append((gate, k - 1, int(rng.integers(k))))
    return steps


def _check_run(
    call: Call, rng: Generator, n: int, steps: Callable[[Generator], list[Step]]
) -> None:
    inputs = [float(x) for x in rng.choice([-1, 1], n) * rng.uniform(0.4, 1.6, n)]
    made = steps(rng)
    _, got = parts("the result", call(inputs, made), 2)
    want = slopes(lambda v: _value(v, made), np.array(inputs))
    close("the gradient", array("the gradient", got, (n,)), want, rtol=1e-6)


TAPE = Code(
    id="ch04.tape",
    title="Repair an engine",
    points=5,
    minutes=15,
    function="run",
    stub=spoil(TAPE_SOLUTION, *SWAPPED, *SLOPE, *OVERWRITES),
    solution=TAPE_SOLUTION,
    properties=(
        Property(
            "a product",
            1,
            lambda call, rng: _check_run(call, rng, 2, lambda r: [("*", 0, 1)]),
        ),
        Property(
            "a bend",
            1,
            lambda call, rng: _check_run(call, rng, 1, lambda r: [("tanh", 0, 0)]),
        ),
        Property(
            "x + x + y",
            1,
            lambda call, rng: _check_run(
                call, rng, 2, lambda r: [("+", 0, 0), ("+", 2, 1)]
            ),
        ),
        Property(
            "two neurons that share an input",
            1,
            lambda call, rng: _check_run(call, rng, 5, lambda r: _neurons()),
        ),
        Property(
            "any computation",
            1,
            lambda call, rng: _check_run(
                call, rng, 4, lambda r: _random_steps(r, 4, 8)
            ),
        ),
    ),
    case=lambda rng: (
        ([0.7, -1.3], [("*", 0, 1)]),
        ([0.7], [("tanh", 0, 0)]),
        ([0.7, -1.3], [("+", 0, 0), ("+", 2, 1)]),
        ([float(x) for x in rng.uniform(0.5, 1.5, 5)], _neurons()),
    ),
    hints=(
        "There are three faults: one in a gate, one in another, one on the way back.",
        "Try steps of a single gate, and compare the gradient with one by hand.",
    ),
    mistakes=(
        Mistake(
            "swapped-left",
            "One fault is left. Sums and bends are right, and so is what is used "
            "twice. Which gate is not?",
            spoil(TAPE_SOLUTION, *SWAPPED),
        ),
        Mistake(
            "slope-left",
            "One fault is left: the bend hands back too much or too little, and for "
            "inputs beyond 1 with the wrong sign.",
            spoil(TAPE_SOLUTION, *SLOPE),
        ),
        Mistake(
            "overwrites-left",
            "One fault is left. Every gate is right, but one input that goes into two "
            "neurons gets the share of one of them.",
            spoil(TAPE_SOLUTION, *OVERWRITES),
        ),
        Mistake(
            "bend-right",
            "The bend is right now. Two faults are left, one in a gate with two "
            "inputs, one on the way back.",
            spoil(TAPE_SOLUTION, *SWAPPED, *OVERWRITES),
        ),
        Mistake(
            "product-right",
            "The product is right now. Two faults are left, one in a gate with one "
            "input, one on the way back.",
            spoil(TAPE_SOLUTION, *SLOPE, *OVERWRITES),
        ),
        Mistake(
            "way-back-right",
            "The way back is right now. Two faults are left, each in a gate.",
            spoil(TAPE_SOLUTION, *SWAPPED, *SLOPE),
        ),
    ),
)
