"""Chapter 4, The chain rule on a graph: a gate and a way back, in code."""

from __future__ import annotations

from typing import Any

import numpy as np

from course.exercises.sources import spoil
from course.model import Call, Code, Generator, Mistake, Property
from course.properties import Array, close, number, parts, slopes

Parents = list[list[int]]

# -- A gate of your own ----------------------------------------------------------


def _draw_quotients(rng: Generator) -> tuple[tuple[float, float, float], ...]:
    """Draw a, b and dc with each of their eight patterns of signs, in any order."""
    sizes, signs = (
        rng.uniform(0.5, 2, (8, 3)),
        rng.permutation(list(np.ndindex(2, 2, 2))),
    )
    return tuple(
        (float(a), float(b), float(dc)) for a, b, dc in sizes * (1 - 2 * signs)
    )


def _check_quotient(call: Call, rng: Generator, which: int) -> None:
    for a, b, dc in _draw_quotients(rng):
        got = parts("the result", call(a, b, dc), 2)[which]
        want = slopes(lambda v, dc=dc: float(dc * v[0] / v[1]), np.array([a, b]))  # type: ignore[misc]
        name = f"{('da', 'db')[which]} for a = {a:.4g}, b = {b:.4g}, dc = {dc:.4g}"
        close(name, got, want[which], rtol=1e-6)


DIVIDE_SOLUTION = '''def divide_backward(a, b, dc):
    """da and db for c = a / b, when dc arrives."""
    da = dc / b
    db = -dc * a / b**2
    return da, db
'''

DIVIDE = Code(
    id="ch04.divide",
    title="A gate of your own",
    points=3,
    minutes=8,
    function="divide_backward",
    stub='''def divide_backward(a, b, dc):
    """da and db for c = a / b, when dc arrives."""
    # your lines
    da, db = 0.0, 0.0
    return da, db
''',
    solution=DIVIDE_SOLUTION,
    properties=(
        Property("da", 1, lambda call, rng: _check_quotient(call, rng, 0)),
        Property("db", 2, lambda call, rng: _check_quotient(call, rng, 1)),
    ),
    case=_draw_quotients,
    hints=(
        "Two local derivatives: of a/b as a moves, and of a · b⁻¹ as b moves.",
        "Then each is multiplied by what arrives.",
    ),
    mistakes=(
        Mistake(
            "no-upstream",
            "These are the local derivatives. What has arrived at the gate?",
            spoil(DIVIDE_SOLUTION, ("dc / b\n", "1 / b\n"), ("-dc * a", "-a")),
        ),
        Mistake(
            "sign",
            "db has the wrong sign. If b is positive and grows, does a/b grow, for "
            "a positive a?",
            spoil(DIVIDE_SOLUTION, ("-dc", "dc")),
        ),
        Mistake(
            "not-squared",
            "db is off by a factor b. What is the derivative of b⁻¹?",
            spoil(DIVIDE_SOLUTION, ("b**2", "b")),
        ),
        Mistake(
            "as-a-product",
            "So it would be for a · b. Here b stands in the denominator.",
            spoil(
                DIVIDE_SOLUTION, ("dc / b\n", "dc * b\n"), ("-dc * a / b**2", "dc * a")
            ),
        ),
        Mistake(
            "as-if-b-stood-alone",
            "da is right. In db the numerator is missing: the larger a is, the more "
            "a/b moves with b.",
            spoil(DIVIDE_SOLUTION, ("-dc * a / b**2", "-dc / b**2")),
        ),
    ),
)


# -- Gradients in any graph ------------------------------------------------------


def _draw_arrows(rng: Generator, n: int) -> tuple[Parents, list[list[float]]]:
    """Parents with lower numbers, and a local derivative for each."""
    parents: Parents = [[], []]
    for k in range(2, n):
        # Neither the last node alone nor all: some shares must meet.
        others = sorted({int(rng.integers(k)), k - 1, int(rng.integers(k))})
        parents.append(others)
    locals_ = [
        [float(s * rng.uniform(0.5, 1.5)) for s in rng.choice([-1, 1], len(p))]
        for p in parents
    ]
    return parents, locals_


def _by_paths(parents: Parents, local: list[list[float]]) -> Array:
    """Gradients as sums over paths, one node at a time, forward."""
    n = len(parents)
    found = np.zeros(n)
    for start in range(n):
        reach = np.zeros(n)  # how fast each node moves with `start`
        reach[start] = 1.0
        for k in range(start + 1, n):
            pairs = zip(parents[k], local[k], strict=True)
            reach[k] = sum(s * reach[p] for p, s in pairs)
        found[start] = reach[-1]
    return found


def _check_gradients(call: Call, graph: tuple[Parents, list[list[float]]]) -> None:
    got = call(*graph)
    if isinstance(got, list | tuple):
        got = np.array([number("a gradient", x) for x in got])
    close("gradients", got, _by_paths(*graph), rtol=1e-9)


def _check_chain(call: Call, rng: Generator) -> None:
    parents: Parents = [[], *([k] for k in range(4))]
    local = [[], *([float(rng.uniform(0.5, 2))] for _ in range(4))]
    _check_gradients(call, (parents, local))


def _check_graphs(call: Call, rng: Generator) -> None:
    for n in (5, 9, 14):
        _check_gradients(call, _draw_arrows(rng, n))


def _check_twice(call: Call, rng: Generator) -> None:
    x = float(rng.uniform(1, 3))  # m = x·x, f = m + x
    _check_gradients(call, ([[], [0, 0], [1, 0]], [[], [x, x], [1.0, 1.0]]))


def _image_6() -> tuple[Any, Any]:
    """Return the loss and hidden neuron 2 of the chapter's network on image 6."""
    import backprop as bp

    u, l, w, k, b, v = (bp.Value(x) for x in (0.875, 0.8125, 2, 1, -1, -1))
    names = ("u", "ℓ", "W1[0,2]", "W1[1,2]", "b1[2]", "W2[2,0]")
    for node, name in zip((u, l, w, k, b, v), names, strict=True):
        node.label = name
    h = (w * u + k * l + b).tanh()
    # Its target is 0, and its other two hidden neurons cancel.
    L = (h * v).apply(bp.functions.SOFTPLUS)
    h.label, L.label = "a2", "L"
    return L, h


def _show_gradients(gradients: Call) -> None:
    """Draw image 6's graph with gradients that the student's function found."""
    from course import plots

    L, h = _image_6()
    order = L.topological()
    place = {id(node): k for k, node in enumerate(order)}
    parents = [[place[id(p)] for p in node.parents] for node in order]
    found = gradients(parents, [[float(s) for s in node.locals] for node in order])
    for node, grad in zip(order, found, strict=True):
        node.grad = float(grad)
    alt = (
        "Hidden neuron 2's part of image 6's graph, from the ink up to the loss, "
        "with the gradients that your own function has found under the values."
    )
    plots.show(plots.graph_part(L, h, digits=4), alt=alt)


BACKWARD_SOLUTION = '''def gradients(parents, slopes):
    """Gradient of the last node with respect to every node."""
    grads = np.zeros(len(parents))
    grads[-1] = 1.0
    for k in reversed(range(len(parents))):
        for parent, slope in zip(parents[k], slopes[k], strict=True):
            grads[parent] += slope * grads[k]
    return grads
'''

BACKWARD = Code(
    id="ch04.backward",
    title="Gradients in any graph",
    points=4,
    minutes=12,
    function="gradients",
    stub='''def gradients(parents, slopes):
    """Gradient of the last node with respect to every node."""
    grads = np.zeros(len(parents))
    # your lines
    return grads
''',
    solution=BACKWARD_SOLUTION,
    properties=(
        Property("a chain", 1, _check_chain),
        Property("a value used twice", 1, _check_twice),
        Property(
            "any graph",
            2,
            _check_graphs,
        ),
    ),
    case=lambda rng: (
        ([[], [0, 0], [1, 0]], [[], [2.0, 2.0], [1.0, 1.0]]),
        _draw_arrows(rng, 6),
    ),
    after=_show_gradients,
    hints=(
        "How fast does the last node move with itself?",
        "Walk the nodes from the last to the first. Each hands a share to each of its "
        "parents.",
    ),
    mistakes=(
        Mistake(
            "overwritten",
            "On a chain you are right. Where a value is used twice, the second share "
            "takes the place of the first.",
            spoil(BACKWARD_SOLUTION, ("+=", "=")),
        ),
        Mistake(
            "all-parents-at-once",
            "On a chain you are right. But in x · x the same parent stands twice, and "
            "NumPy's `+=` on a list of places adds once to each.",
            spoil(
                BACKWARD_SOLUTION,
                (
                    "        for parent, slope in zip(parents[k], slopes[k], "
                    "strict=True):\n"
                    "            grads[parent] += slope * grads[k]\n",
                    "        if parents[k]:\n"
                    "            grads[parents[k]] += np.array(slopes[k]) * grads[k]\n",
                ),
            ),
        ),
        Mistake(
            "forward",
            "You walk from the first node to the last. What has a node to hand on "
            "before those who use it have spoken?",
            spoil(
                BACKWARD_SOLUTION,
                ("reversed(range(len(parents)))", "range(len(parents))"),
            ),
        ),
        Mistake(
            "no-start",
            "All zeros: zero was handed down from the beginning. How fast does the "
            "last node move with itself?",
            spoil(BACKWARD_SOLUTION, ("grads[-1] = 1.0", "grads[-1] = 0.0")),
        ),
        Mistake(
            "no-upstream",
            "Each share is the local derivative alone. What has arrived at the node?",
            spoil(BACKWARD_SOLUTION, ("slope * grads[k]", "slope")),
        ),
        Mistake(
            "added-to-the-rate",
            "You add the local derivative to what has arrived. Along a path, what do "
            "rates do?",
            spoil(BACKWARD_SOLUTION, ("slope * grads[k]", "slope + grads[k]")),
        ),
        Mistake(
            "all-ones",
            "You start with a gradient of 1 at every node. Only one node moves as fast "
            "as the result without further ado.",
            spoil(BACKWARD_SOLUTION, ("np.zeros", "np.ones")),
        ),
    ),
)
