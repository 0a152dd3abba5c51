"""Examples joined, class by class: a line parts two pairs that do not cross."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from course.plots.planes import name_points, scatter
from course.plots.style import ACTIVATION, DATA, LINES, book_style


@book_style
def segments(
    X: ArrayLike,
    T: ArrayLike,
    *,
    points: Sequence[str],
    names: Sequence[str],
    xlabel: str,
    ylabel: str,
    bent: Sequence[ArrayLike] = (),
) -> Figure:
    """Draw named examples, with a straight way through all of each class.

    Two pairs can be parted by a straight line just when their straight ways do
    not cross.

    Parameters
    ----------
    X : array_like of shape (N, 2)
        Features.
    T : array_like of int, shape (N,) or (N, 1)
        Class indices.
    points : sequence of str
        What stands beside each example.
    names : sequence of str
        The classes, by index.
    xlabel, ylabel : str
        The features.
    bent : sequence of array_like of shape (M, 2), optional
        Other ways, one for each class, drawn thin in the class's line style.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If shapes, labels and names do not fit.
    """
    fig = scatter(X, T, names=names, xlabel=xlabel, ylabel=ylabel)
    xy, classes = np.asarray(X, float), np.ravel(np.asarray(T)).astype(np.intp)
    (ax,) = fig.axes
    for k in range(len(names)):
        ax.plot(*xy[classes == k].T, color=DATA, lw=1.3, ls=LINES[k], zorder=2)
    for k, way in enumerate(bent):
        ax.plot(*np.transpose(way), color=ACTIVATION, lw=1.3, ls=LINES[k], zorder=1)
    ax.margins(0.08)  # room for names below the lowest example
    name_points("segments", ax, xy, points)
    return fig
