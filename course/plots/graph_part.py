"""One node's part of a computation graph, from its inputs up to the result."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

import backprop as bp
from course.plots.graph import BOX, draw_box
from course.plots.labels import move_apart
from course.plots.style import DATA, book_style, canvas

STEP = (1.28, 1.06)  # from node to node, in inches
MOST = 6  # nodes beside each other that a narrow screen can still show


@book_style
def graph_part(root: bp.Value, node: bp.Value, *, digits: int = 3) -> Figure:
    """Draw the part of a graph that a node belongs to, result on top, inputs below.

    Parameters
    ----------
    root : backprop.Value
        The result.
    node : backprop.Value
        A node that `root` depends on. Drawn are all nodes that it was computed
        from, all nodes between it and the result, and what else goes into
        those, as single boxes.
    digits : int
        Decimals of all numbers.

    Returns
    -------
    matplotlib.figure.Figure
        Narrow and tall, for narrow screens. A box holds a node's label and
        operation, its value (blue; ink for what was given) and its gradient
        (vermilion, after a ∂). A dashed box stands for the whole part of the
        graph below it.

    Raises
    ------
    ValueError
        If `root` does not depend on `node`, or there are more than six nodes
        beside each other.
    """
    order = root.topological()
    if not any(n is node for n in order):
        raise ValueError("graph_part: root does not depend on node")
    below = {id(n) for n in node.topological()}
    above = {id(node)}
    for n in order:
        if any(id(p) in above for p in n.parents):
            above.add(id(n))
    whole = above | below  # nodes whose parents are drawn, too
    drawn = [
        n
        for n in order
        if id(n) in whole
        or any(n is p for c in order if id(c) in above for p in c.parents)
    ]
    arrows = [
        (p, n)
        for n in drawn
        if id(n) in whole
        for p in {id(p): p for p in n.parents}.values()
    ]
    rows = _rows(drawn, arrows)
    widest = max(map(len, rows))
    if widest > MOST:
        raise ValueError(f"graph_part: {widest} nodes in a row, expected at most 6")
    places = _places(rows, arrows)
    left = min(x for x, _ in places.values())
    width = max(x for x, _ in places.values()) - left + BOX[0] + 0.3
    height = STEP[1] * (len(rows) - 1) + BOX[1] + 0.3
    fig, ax = canvas(width, height)
    shift = BOX[0] / 2 + 0.15 - left
    for p, n in arrows:
        (x0, y0), (x1, y1) = places[id(p)], places[id(n)]
        start = (x0 + shift, y0 + BOX[1] / 2)
        end = (x1 + shift, y1 - BOX[1] / 2 - 0.02)
        style = {"arrowstyle": "-|>", "color": DATA, "shrinkA": 0, "shrinkB": 0}
        ax.annotate("", end, start, arrowprops=style, zorder=1)
    for n in drawn:
        x, y = places[id(n)]
        cut = bool(n.parents) and id(n) not in whole
        draw_box(ax, (x + shift, y), n, digits, dashed=cut)
    return fig


def _rows(
    drawn: list[bp.Value], arrows: list[tuple[bp.Value, bp.Value]]
) -> list[list[bp.Value]]:
    """Rows of nodes, the result first; a node stands as high as its uses let it."""
    down = dict.fromkeys(map(id, drawn), 0)
    for n in reversed(drawn):
        for p, c in arrows:
            if c is n:
                down[id(p)] = max(down[id(p)], down[id(n)] + 1)
    rows: list[list[bp.Value]] = [[] for _ in range(max(down.values()) + 1)]
    for n in drawn:
        rows[down[id(n)]].append(n)
    return rows


def _places(
    rows: list[list[bp.Value]], arrows: list[tuple[bp.Value, bp.Value]]
) -> dict[int, tuple[float, float]]:
    """Centres in inches: what is computed in the middle, what goes in beside it."""
    parents = {id(n): [id(p) for p, c in arrows if c is n] for row in rows for n in row}
    uses = {id(n): [id(c) for p, c in arrows if p is n] for row in rows for n in row}
    x: dict[int, float] = {}
    inner = [[id(n) for n in row if parents[id(n)]] for row in rows]
    for keys in inner:
        x |= {key: STEP[0] * k for k, key in enumerate(keys)}
    for sweep in range(100):
        for keys in inner if sweep % 2 == 0 else inner[::-1]:
            near = [
                [x[i] for i in parents[key] + uses[key] if i in x] or [x[key]]
                for key in keys
            ]
            wanted = np.array([np.mean(xs) for xs in near])
            placed = move_apart(wanted, np.full(len(keys), STEP[0]))
            x |= dict(zip(keys, placed.tolist(), strict=True))
    for row in rows:
        taken = [x[id(n)] for n in row if id(n) in x]
        for n in row:
            if id(n) not in x:
                middle = float(np.mean([x[c] for c in uses[id(n)]]))
                x[id(n)] = _free(middle, taken)
                taken.append(x[id(n)])
    top = STEP[1] * (len(rows) - 1) + BOX[1] / 2 + 0.15
    return {
        id(n): (x[id(n)], top - STEP[1] * k) for k, row in enumerate(rows) for n in row
    }


def _free(wanted: float, taken: list[float]) -> float:
    """Nearest place that is free; to the left, if there are two."""
    beside = [t + side for t in taken for side in (-STEP[0], STEP[0])]
    free = [
        x
        for x in (wanted, *sorted(beside))
        if all(abs(x - t) > STEP[0] - 1e-6 for t in taken)
    ]
    return min(free, key=lambda x: abs(x - wanted))
