"""Chapter 4, The chain rule on a graph: what is written in code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course.exercises.sources import spoil
from course.model import Call, Code, Failed, Generator, Mistake, Property
from course.properties import Array, array, close, described, number, parts, slopes

Parents = list[list[int]]
Step = tuple[str, int, int]

# -- A gate of your own ----------------------------------------------------------


def _draw_quotient(rng: Generator) -> tuple[float, float, float]:
    signs = rng.choice([-1.0, 1.0], 3)
    a, b, dc = (float(x) for x in signs * rng.uniform(0.5, 2, 3))
    return a, b, dc


def _check_quotient(call: Call, rng: Generator, which: int) -> None:
    a, b, dc = _draw_quotient(rng)
    got = parts("the result", call(a, b, dc), 2)[which]
    want = slopes(lambda v: float(dc * v[0] / v[1]), np.array([a, b]))
    close(("da", "db")[which], got, want[which], rtol=1e-6)


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
    case=lambda rng: tuple(_draw_quotient(rng) for _ in range(2)),
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


# -- Who may speak next? -----------------------------------------------------------


def _draw_graph(rng: Generator, n: int, spare: int) -> tuple[Parents, int]:
    """Numbers of each node's parents, and the result; numbered in no order.

    `spare` nodes are there that the result does not depend on.
    """
    parents: Parents = [[] for _ in range(n + spare)]
    names = [int(k) for k in rng.permutation(n + spare)]
    for k in range(2, n):
        # k − 1 is always used, so that the last node depends on all of them.
        parents[names[k]] = [names[k - 1], names[int(rng.integers(k))]]
    for k in range(n, n + spare):
        parents[names[k]] = [names[n - 1], names[int(rng.integers(n))]]
    parents[names[1]] = [names[0]]
    return parents, names[n - 1]


def _chain(n: int) -> tuple[Parents, int]:
    return [[], *([k] for k in range(n - 1))], n - 1


def _fork() -> tuple[Parents, int]:
    """m = x·x, n = m + 1, f = m·n, and a node that f does not depend on."""
    return [[4, 4], [0, 3], [0, 1], [], [], [0]], 2


def _depends_on(parents: Parents, root: int) -> set[int]:
    found, stack = {root}, [root]
    while stack:
        for p in parents[stack.pop()]:
            if p not in found:
                found.add(p)
                stack.append(p)
    return found


def _listed(call: Call, parents: Parents, root: int) -> list[int]:
    got = call(parents, root)
    if not isinstance(got, list | tuple):
        raise Failed(f"the result is {described(got)}; expected a list of nodes")
    for node in got:
        if type(node) is not int:
            raise Failed(f"{described(node)} is in the list; expected node numbers")
    wanted = _depends_on(parents, root)
    if len(set(got)) < len(got):
        raise Failed(f"{len(got)} nodes listed, but only {len(set(got))} different")
    if set(got) != wanted:
        raise Failed(f"{len(got)} nodes listed; the result depends on {len(wanted)}")
    return list(got)


def _check_speaking(call: Call, graphs: list[tuple[Parents, int]]) -> None:
    for parents, root in graphs:
        place = {node: k for k, node in enumerate(_listed(call, parents, root))}
        for node in place:
            for p in parents[node]:
                if place[p] < place[node]:
                    raise Failed(
                        f"with parents = {_short(parents)} and root = {root}, node "
                        f"{p} speaks before node {node}, which uses it"
                    )


def _short(parents: Parents) -> str:
    text = str(parents)
    return text if len(text) <= 120 else f"{text[:117]}..."


def _check_all_there(call: Call, rng: Generator) -> None:
    _listed(call, *_draw_graph(rng, 7, 2))
    _listed(call, *_fork())


SPEAKING_SOLUTION = '''def speaking_order(parents, root):
    """Nodes that root depends on, each after all of its uses."""
    uses, stack = {root: 0}, [root]
    while stack:
        for p in parents[stack.pop()]:
            if p not in uses:
                stack.append(p)
            uses[p] = uses.get(p, 0) + 1
    order = [root]
    for node in order:  # the list grows while we walk it
        for p in parents[node]:
            uses[p] -= 1
            if uses[p] == 0:
                order.append(p)
    return order
'''
RECURSIVE = '''def speaking_order(parents, root):
    """Nodes that root depends on, each after all of its uses."""
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for p in parents[node]:
                visit(p)
            order.append(node)

    visit(root)
    return order[::-1]
'''
AS_MET = '''def speaking_order(parents, root):
    """Nodes that root depends on, each after all of its uses."""
    order = [root]
    for node in order:
        for p in parents[node]:
            if p not in order:
                order.append(p)
    return order
'''
EVERY_TIME = '''def speaking_order(parents, root):
    """Nodes that root depends on, each after all of its uses."""
    order = [root]
    for node in order:
        for p in parents[node]:
            if len(order) < 100:
                order.append(p)
    return order
'''


def _speaking_cases(rng: Generator) -> tuple[tuple[Any, ...], ...]:
    return (_fork(), _draw_graph(rng, 7, 2), _chain(3000))


SPEAKING = Code(
    id="ch04.topological",
    title="Who may speak next?",
    points=4,
    minutes=15,
    function="speaking_order",
    stub='''def speaking_order(parents, root):
    """Nodes that root depends on, each after all of its uses."""
    order = [root]
    # your lines
    return order
''',
    solution=SPEAKING_SOLUTION,
    properties=(
        Property("every node that is needed, once", 1, _check_all_there),
        Property(
            "each after all of its uses",
            2,
            lambda call, rng: _check_speaking(
                call, [_fork(), *(_draw_graph(rng, 4 + k, 2) for k in range(8))]
            ),
        ),
        Property(
            "a chain of 20,000 nodes",
            1,
            lambda call, rng: _check_speaking(call, [_chain(20_000)]),
        ),
    ),
    case=_speaking_cases,
    hints=(
        "One way: the chapter's topological order, backward. Another: count for each "
        "node how many of its uses have not yet spoken.",
        "A node used twice by the same node, as x in x · x, has two uses there.",
    ),
    mistakes=(
        Mistake(
            "as-met",
            "You list the nodes as you meet them. In m = x², n = m + 1, f = mn, who "
            "is met first, m or n? And who must wait?",
            AS_MET,
        ),
        Mistake(
            "every-time",
            "A node stands in your list once for each time it is met. It may speak "
            "only once: when?",
            EVERY_TIME,
        ),
        Mistake(
            "parents-first",
            "That is the order of the forward pass. On the way back, who speaks first?",
            spoil(RECURSIVE, ("order[::-1]", "order")),
        ),
        Mistake(
            "recursive",
            "Right, but for long chains: each call waits for the next one, and Python "
            "lets only so many wait. Keep the waiting nodes in a list.",
            RECURSIVE,
        ),
        Mistake(
            "all-nodes",
            "A node is in your list that the result does not depend on. Start from "
            "the result, and follow the parents.",
            spoil(
                SPEAKING_SOLUTION,
                (
                    "    uses, stack = {root: 0}, [root]\n"
                    "    while stack:\n"
                    "        for p in parents[stack.pop()]:\n"
                    "            if p not in uses:\n"
                    "                stack.append(p)\n"
                    "            uses[p] = uses.get(p, 0) + 1\n"
                    "    order = [root]\n",
                    "    uses = dict.fromkeys(range(len(parents)), 0)\n"
                    "    for ps in parents:\n"
                    "        for p in ps:\n"
                    "            uses[p] += 1\n"
                    "    order = [k for k in uses if uses[k] == 0]\n",
                ),
            ),
        ),
        Mistake(
            "uses-of-others",
            "You count uses by nodes that the result does not depend on. They will "
            "never speak, so some wait for ever.",
            spoil(
                SPEAKING_SOLUTION,
                (
                    "    uses, stack = {root: 0}, [root]\n"
                    "    while stack:\n"
                    "        for p in parents[stack.pop()]:\n"
                    "            if p not in uses:\n"
                    "                stack.append(p)\n"
                    "            uses[p] = uses.get(p, 0) + 1\n",
                    "    uses = dict.fromkeys(range(len(parents)), 0)\n"
                    "    for ps in parents:\n"
                    "        for p in ps:\n"
                    "            uses[p] += 1\n",
                ),
            ),
        ),
    ),
)


# -- The way back ------------------------------------------------------------------


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
    title="The way back",
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
