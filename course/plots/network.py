"""A network as neurons and edges, with its numbers on them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Patch, Rectangle
from matplotlib.transforms import Bbox
from numpy.typing import ArrayLike, NDArray

import backprop as bp
from course.plots.labels import darker
from course.plots.style import (
    ACTIVATION,
    DATA,
    GRADIENT,
    PARAMETER,
    book_style,
    canvas,
    finite,
    number,
)

RADIUS = 0.28  # of a neuron, in inches
WIDTH, MARGIN = 6.4, 0.6
Numbers = list[NDArray[np.float64]] | None
Edge = tuple[NDArray[np.float64], NDArray[np.float64], list[tuple[str, str]]]


@book_style
def network_diagram(
    layers: Sequence[int] | bp.Sequential,
    *,
    names: Sequence[Sequence[str]] | None = None,
    values: Sequence[ArrayLike] | None = None,
    gradients: Sequence[ArrayLike] | None = None,
    weights: Sequence[ArrayLike] | None = None,
    weight_gradients: Sequence[ArrayLike] | None = None,
    digits: int = 2,
) -> Figure:
    """Draw a network with numbers on it: values, weights and gradients.

    Parameters
    ----------
    layers : sequence of int, or Sequential
        Number of neurons in each column, inputs first. A network gives its
        sizes and, unless told otherwise, its weights.
    names : sequence of sequence of str, optional
        What stands in the neurons, column by column.
    values, gradients : sequence of array_like, optional
        For each column, one number a neuron: the value above it, in blue
        (data in ink), the gradient below it, in vermilion after a ∂. An empty
        column stays bare.
    weights, weight_gradients : sequence of array_like, optional
        For each pair of columns, a matrix (D_in, D_out): weights stand on the
        edges in purple, their gradients under them in vermilion after a ∂.
    digits : int
        Decimals of all numbers.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If numbers or names do not fit the columns, or there is more than can
        be read: over five columns or over eight neurons in one.
    """
    if isinstance(layers, bp.Sequential):
        dense = [layer for layer in layers.layers if isinstance(layer, bp.Dense)]
        weights = [layer.W for layer in dense] if weights is None else weights
        layers = [len(dense[0].W), *(layer.W.shape[1] for layer in dense)]
    sizes = _sizes(layers)
    pairs = list(itertools.pairwise(sizes))
    above, below = (
        _fitting(name, given, [(n,) for n in sizes])
        for name, given in (("values", values), ("gradients", gradients))
    )
    on, under = (
        _fitting(name, given, pairs)
        for name, given in (
            ("weights", weights),
            ("weight_gradients", weight_gradients),
        )
    )
    labels = names or [[""] * n for n in sizes]
    if [len(column) for column in labels] != sizes:
        raise ValueError(
            f"network_diagram: names has {[len(c) for c in labels]} entries a column, "
            f"expected {sizes}"
        )
    row = 1.25 if above or below else 0.85
    fig, ax = canvas(WIDTH, max(1.6, row * max(sizes) + 0.2))
    places = _places(sizes, row, fig.get_figheight() / 2)
    for k, (left, right) in enumerate(itertools.pairwise(places)):
        edges: list[Edge] = []
        for i, j in itertools.product(range(len(left)), range(len(right))):
            texts = _texts(on, under, k, (i, j), PARAMETER, digits)
            edges.append((left[i], right[j], texts))
        _draw_edges(ax, edges)
    for k, column in enumerate(places):
        for j, place in enumerate(column):
            colour = ACTIVATION if k else DATA
            texts = _texts(above, below, k, (j,), colour, digits)
            _draw_neuron(ax, place, labels[k][j], texts, data=k == 0)
    return fig


def _sizes(layers: Sequence[int]) -> list[int]:
    sizes = [int(n) for n in layers]
    if not 2 <= len(sizes) <= 5 or not all(1 <= n <= 8 for n in sizes):
        raise ValueError(
            f"network_diagram: layers are {sizes}, expected 2 to 5 columns of 1 to 8 "
            "neurons, which is what can be read"
        )
    return sizes


def _fitting(
    name: str, given: Sequence[ArrayLike] | None, shapes: Sequence[tuple[int, ...]]
) -> Numbers:
    if given is None:
        return None
    found = [np.asarray(g, dtype=np.float64) for g in given]
    if len(found) != len(shapes) or any(
        f.size and f.shape != s for f, s in zip(found, shapes, strict=True)
    ):
        raise ValueError(
            f"network_diagram: {name} has shapes {[f.shape for f in found]}, "
            f"expected {list(shapes)}"
        )
    for k, f in enumerate(found):
        if f.size:
            finite("network_diagram", f"{name}[{k}]", f, f.ndim)
    return found


def _places(sizes: list[int], row: float, middle: float) -> list[NDArray[np.float64]]:
    """Coordinates of all neurons, column by column, the first neuron on top."""
    xs = np.linspace(MARGIN, WIDTH - MARGIN, len(sizes))
    return [
        np.column_stack([np.full(n, x), middle + row * ((n - 1) / 2 - np.arange(n))])
        for x, n in zip(xs, sizes, strict=True)
    ]


def _texts(
    plain: Numbers,
    gradient: Numbers,
    k: int,
    index: tuple[int, ...],
    colour: str,
    digits: int,
) -> list[tuple[str, str]]:
    """Return number and gradient with their colours; "" where none is given."""
    texts = []
    for numbers, sign, ink in ((plain, "", colour), (gradient, "∂ ", GRADIENT)):
        known = numbers is not None and numbers[k].size > 0
        text = sign + number(float(numbers[k][index]), digits) if known else ""  # type: ignore[index]
        texts.append((text, ink if ink == DATA else darker(ink)))
    return texts


def _draw_neuron(
    ax: Axes,
    place: NDArray[np.float64],
    name: str,
    texts: list[tuple[str, str]],
    *,
    data: bool,
) -> None:
    x, y = place
    shape: Patch
    if data:  # a number given, not computed: square
        side = 1.7 * RADIUS
        shape = Rectangle((x - side / 2, y - side / 2), side, side)
    else:
        shape = Circle((x, y), RADIUS)
    shape.set(facecolor="white", edgecolor=DATA, linewidth=1.4, zorder=3)
    ax.add_patch(shape)
    ax.text(x, y, name, ha="center", va="center_baseline", zorder=4)
    for (text, colour), up in zip(texts, (1, -1), strict=True):
        va = "bottom" if up > 0 else "top"
        at = y + up * (RADIUS + 0.05)
        ax.text(x, at, text, ha="center", va=va, color=colour, zorder=4)


def _draw_edges(ax: Axes, edges: list[Edge]) -> None:
    lines = [np.linspace(start, end, 60) for start, end, _ in edges]
    taken: list[Bbox] = []
    for k, (start, end, texts) in enumerate(edges):
        ax.plot(*np.transpose([start, end]), color=DATA, lw=0.8, zorder=1)
        shown = [(text, colour) for text, colour in texts if text]
        if not shown:
            continue
        width = 0.088 * max(len(text) for text, _ in shown) + 0.04
        height = 0.19 * len(shown)
        others = np.concatenate([*lines[:k], *lines[k + 1 :], np.empty((0, 2))])
        x, y = _freest(start, end, (width, height), others, taken)
        blank = Rectangle((x - width / 2, y - height / 2), width, height)
        blank.set(facecolor="white", zorder=1.5)
        ax.add_patch(blank)
        for row, (text, colour) in enumerate(shown):
            at = y + 0.19 * ((len(shown) - 1) / 2 - row)
            ax.text(x, at, text, ha="center", va="center", size=11, color=colour)


def _freest(
    start: NDArray[np.float64],
    end: NDArray[np.float64],
    size: tuple[float, float],
    others: NDArray[np.float64],
    taken: list[Bbox],
) -> tuple[float, float]:
    """Where on an edge a label covers least; that place is added to `taken`."""
    clear = (RADIUS + 0.3 + size[0] / 2) / (end[0] - start[0])
    best = (np.inf, Bbox.null())
    for t in np.linspace(clear, 1 - clear, 31):
        x, y = start + t * (end - start)
        box = Bbox.from_bounds(x - size[0] / 2, y - size[1] / 2, *size)
        cost = 40.0 * sum(box.overlaps(other) for other in taken) + abs(t - 0.5)
        cost += box.count_contains(others) if len(others) else 0
        if cost < best[0]:
            best = (cost, box)
    taken.append(best[1].padded(0.03))
    return float(best[1].x0 + size[0] / 2), float(best[1].y0 + size[1] / 2)
