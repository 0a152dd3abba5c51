"""Chapter 4, The chain rule on a graph: an order in which nodes may speak."""

from __future__ import annotations

from typing import Any

from course.exercises.sources import spoil
from course.model import Call, Code, Failed, Generator, Mistake, Property
from course.properties import described

Parents = list[list[int]]

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
        raise Failed(f"nodes listed: {len(got)}, but only {len(set(got))} different")
    if set(got) != wanted:
        raise Failed(f"nodes listed: {len(got)}; the result depends on {len(wanted)}")
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
    """root and the nodes it depends on, each after all of its uses."""
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
    """root and the nodes it depends on, each after all of its uses."""
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
    """root and the nodes it depends on, each after all of its uses."""
    order = [root]
    for node in order:
        for p in parents[node]:
            if p not in order:
                order.append(p)
    return order
'''
EVERY_TIME = '''def speaking_order(parents, root):
    """root and the nodes it depends on, each after all of its uses."""
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
    """root and the nodes it depends on, each after all of its uses."""
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
