"""Walks downhill over the contours of a loss of two parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

from course.plots.style import DATA, LOSS, PARAMETER, book_style, finite

GRID = 121  # points a side at which the loss is asked
CONTOURS = 9


@book_style
def walks(
    loss: Callable[[NDArray[np.float64]], float],
    paths: Mapping[str, ArrayLike],
    *,
    xlabel: str,
    ylabel: str,
) -> Figure:
    """Draw walks over the contours of a loss, one below the other.

    Parameters
    ----------
    loss : callable
        Takes a place, an array of shape (2,), and returns a float.
    paths : mapping of str to array_like of shape (S + 1, 2)
        Name and places of each walk, from its start on; at most four.
    xlabel, ylabel : str
        The two parameters.

    Returns
    -------
    matplotlib.figure.Figure
        A panel a walk, all with the same axes. A dot a step, the first one
        hollow; a cross marks the lowest place of the loss in the picture.

    Raises
    ------
    ValueError
        If a walk is not of that shape, or there is none, or there are too many.
    """
    found = {name: finite("walks", name, path, 2) for name, path in paths.items()}
    shapes = {name: path.shape for name, path in found.items()}
    if not 1 <= len(found) <= 4 or any(shape[1] != 2 for shape in shapes.values()):
        raise ValueError(
            f"walks: shapes are {shapes}, expected one to four walks of two columns"
        )
    places = np.concatenate(list(found.values()))
    low, high = places.min(axis=0), places.max(axis=0)
    pad = 0.12 * np.where(high > low, high - low, 1.0)
    sides = np.linspace(low - pad, high + pad, GRID).T
    U, V = np.meshgrid(*sides)
    grid = np.stack([U, V], axis=-1)
    heights = np.array([[loss(place) for place in row] for row in grid])
    fig = Figure(figsize=(6.4, 0.7 + 1.55 * len(found)))
    panels = fig.subplots(len(found), 1, sharex=True, squeeze=False)[:, 0]
    for ax, (name, path) in zip(panels, found.items(), strict=True):
        _contours(ax, U, V, heights)
        _walk(ax, path)
        ax.set(ylabel=ylabel, xlim=sides[0][[0, -1]], ylim=sides[1][[0, -1]])
        ax.yaxis.set_major_locator(MaxNLocator(3))
        ax.set_title(name, loc="left", pad=3)
    panels[-1].set_xlabel(xlabel)
    return fig


def _contours(
    ax: Axes,
    U: NDArray[np.float64],
    V: NDArray[np.float64],
    heights: NDArray[np.float64],
) -> None:
    """Lines of equal loss, close together where the loss is low."""
    lowest = np.unravel_index(heights.argmin(), heights.shape)
    rise = np.linspace(0, 1, CONTOURS + 2)[1:-1] ** 2
    levels = heights.min() + np.ptp(heights) * rise
    ax.contour(U, V, heights, levels, colors=LOSS, linewidths=0.9, zorder=0)
    ax.plot(U[lowest], V[lowest], "+", color=DATA, ms=11, mew=1.6, zorder=1)


def _walk(ax: Axes, path: NDArray[np.float64]) -> None:
    ax.plot(*path.T, color=PARAMETER, lw=1.6, marker="o", ms=4.5, zorder=2)
    ax.plot(*path[0], "o", ms=8, mfc="white", mec=PARAMETER, mew=1.8, zorder=3)
