"""The graph that a `Value` was computed by, laid out in layers."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Hashable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path

import backprop as bp
from course.plots.labels import darker, move_apart
from course.plots.style import (
    ACTIVATION,
    DATA,
    GRADIENT,
    book_style,
    canvas,
    number,
)

BOX = (1.12, 0.82)  # of a node, in inches
STEP = (1.5, 1.0)  # from node to node
MOST = 40  # nodes that can still be read
Route = list[Hashable]


@book_style
def computation_graph(root: bp.Value, *, digits: int = 3) -> Figure:
    """Draw the graph a value was computed by, inputs left, result right.

    Parameters
    ----------
    root : backprop.Value
        The result. Labels and operations of its nodes are shown; gradients
        are those of the last ``backward``.
    digits : int
        Decimals of all numbers.

    Returns
    -------
    matplotlib.figure.Figure
        A box for each node: its label and operation, its value (blue; ink for
        what was given), its gradient (vermilion, after a ∂). The figure grows
        with the graph.

    Raises
    ------
    TypeError
        If `root` is not a `Value`.
    ValueError
        If there are more than 40 nodes, which nobody could read.
    """
    if not isinstance(root, bp.Value):
        raise TypeError(
            f"computation_graph: root is {type(root).__name__}, expected a Value"
        )
    nodes = root.topological()
    if len(nodes) > MOST:
        raise ValueError(
            f"computation_graph: {len(nodes)} nodes, expected at most {MOST}"
        )
    routes, columns = _layers(nodes)
    heights = _heights(routes, columns)
    low, high = min(heights.values()), max(heights.values())
    width = max(6.4, STEP[0] * (len(columns) - 1) + BOX[0] + 0.3)
    fig, ax = canvas(width, STEP[1] * (high - low) + BOX[1] + 0.3)
    left = (width - STEP[0] * (len(columns) - 1)) / 2
    places = {
        key: (left + STEP[0] * x, STEP[1] * (heights[key] - low) + BOX[1] / 2 + 0.15)
        for x, column in enumerate(columns)
        for key in column
    }
    for route in routes:
        _draw_arrow(ax, [places[key] for key in route])
    for node in nodes:
        draw_box(ax, places[id(node)], node, digits)
    return fig


def _layers(nodes: list[bp.Value]) -> tuple[list[Route], list[list[Hashable]]]:
    """Columns of nodes, and each edge's way through them.

    A node stands as far right as its uses let it. Where an edge passes a
    column, it gets a place in it.
    """
    depth: dict[int, int] = dict.fromkeys(map(id, nodes), 0)  # from the result
    for node in reversed(nodes):
        for parent in node.parents:
            depth[id(parent)] = min(depth[id(parent)], depth[id(node)] - 1)
    columns: dict[int, list[Hashable]] = defaultdict(list)
    routes: list[Route] = []
    for node in nodes:
        columns[depth[id(node)]].append(id(node))
        for parent in dict.fromkeys(node.parents):
            start, end = depth[id(parent)], depth[id(node)]
            bends = [(id(parent), id(node), x) for x in range(start + 1, end)]
            for bend in bends:
                columns[bend[2]].append(bend)
            routes.append([id(parent), *bends, id(node)])
    return routes, [columns[x] for x in sorted(columns)]


def _heights(
    routes: list[Route], columns: list[list[Hashable]]
) -> dict[Hashable, float]:
    """Heights that keep neighbours close and nothing overlapping."""
    near: dict[Hashable, list[Hashable]] = defaultdict(list)
    for route in routes:
        for a, b in itertools.pairwise(route):
            near[a].append(b)
            near[b].append(a)
    heights: dict[Hashable, float] = {}
    for column in columns:
        for k, key in enumerate(column):
            heights[key] = (len(column) - 1) / 2 - k
    for sweep in range(24):
        for column in columns if sweep % 2 == 0 else columns[::-1]:
            wanted = [np.mean([heights[n] for n in near[key]] or [0]) for key in column]
            room = [1.0 if isinstance(key, int) else 0.5 for key in column]
            placed = move_apart(np.array(wanted), np.array(room))
            heights.update(zip(column, placed.tolist(), strict=True))
    return heights


def _draw_arrow(ax: Axes, places: list[tuple[float, float]]) -> None:
    (x0, y0), (x1, y1) = places[0], places[-1]
    start, end = (x0 + BOX[0] / 2, y0), (x1 - BOX[0] / 2 - 0.02, y1)
    bends = [
        (x + side, y) for x, y in places[1:-1] for side in (-BOX[0] / 2, BOX[0] / 2)
    ]
    arrow = FancyArrowPatch(
        path=Path([start, *bends, end]),
        arrowstyle="-|>",
        mutation_scale=12,
        color=DATA,
        lw=1,
        zorder=1,
    )
    ax.add_patch(arrow)


def draw_box(
    ax: Axes,
    place: tuple[float, float],
    node: bp.Value,
    digits: int,
    *,
    dashed: bool = False,
) -> None:
    """Draw a node as a box: label and operation, value, gradient.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        A canvas in inches.
    place : tuple of float
        Centre of the box, which is `BOX` large.
    node : backprop.Value
        A node without parents gets square corners and its value in ink.
    digits : int
        Decimals of value and gradient.
    dashed : bool
        Whether the box stands for more than this one node.
    """
    x, y = place
    given = not node.parents
    corner = (x - BOX[0] / 2 + 0.05, y - BOX[1] / 2 + 0.05)
    style = "square,pad=0.05" if given else "round,pad=0.05"
    box = FancyBboxPatch(corner, BOX[0] - 0.1, BOX[1] - 0.1, boxstyle=style)
    box.set(facecolor="white", edgecolor=DATA, linewidth=1.2, zorder=2)
    box.set_linestyle("--" if dashed else "-")
    ax.add_patch(box)
    head = "  ".join(part for part in (node.label, node.op) if part) or "constant"
    rows = (
        (head, DATA),
        (number(node.data, digits), DATA if given else darker(ACTIVATION)),
        (f"∂ {number(node.grad, digits)}", darker(GRADIENT)),
    )
    for k, (text, colour) in enumerate(rows):
        at = y + 0.24 * (1 - k)
        weight = "bold" if k == 0 and node.label else "normal"
        ax.text(x, at, text, ha="center", va="center", color=colour, weight=weight)
