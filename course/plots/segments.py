"""Examples of two classes joined, class by class: a line parts what does not cross."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from course.plots.labels import label_lines
from course.plots.planes import scatter
from course.plots.style import DATA, LINES, book_style


@book_style
def segments(
    X: ArrayLike,
    T: ArrayLike,
    *,
    points: Sequence[str],
    names: Sequence[str],
    xlabel: str,
    ylabel: str,
) -> Figure:
    """Draw named examples, with a stroke through all of each class.

    Two pairs can be parted by a straight line just when their strokes do not
    cross.

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
    if len(points) != len(xy):
        raise ValueError(
            f"segments: {len(points)} points are named, expected one name for each "
            f"of {len(xy)} rows of X"
        )
    (ax,) = fig.axes
    for k in range(len(names)):
        ax.plot(*xy[classes == k].T, color=DATA, lw=1.3, ls=LINES[k], zorder=2)
    pairs = zip(xy, points, strict=True)
    label_lines(ax, [([x], [y], text, DATA) for (x, y), text in pairs])
    return fig
