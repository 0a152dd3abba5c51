"""A loss along one line, and what slope and curvature at its start foretell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from course.plots.labels import Line, label_ends, label_lines, label_points
from course.plots.style import (
    DATA,
    GRADIENT,
    LINES,
    LOSS,
    book_style,
    finite,
    number,
    panel,
)
from course.plots.ticks import few_ticks


@book_style
def along(
    steps: ArrayLike,
    losses: ArrayLike,
    *,
    slope: float,
    second: float,
    dots: Sequence[float] = (),
    xlabel: str = "step size η",
    ylabel: str = "loss after one step",
) -> Figure:
    """Draw a loss along a line, with its tangent and its parabola at the start.

    Parameters
    ----------
    steps : array_like of shape (n,)
        Increasing, from 0 on.
    losses : array_like of shape (n,)
        Loss after each step.
    slope, second : float
        First and second derivative of the loss at step 0.
    dots : sequence of float, optional
        Steps to mark and name on the curve.
    xlabel, ylabel : str
        What the axes measure.

    Returns
    -------
    matplotlib.figure.Figure
        Each forecast is drawn as far as it stays in the picture.

    Raises
    ------
    ValueError
        If shapes do not fit, or the steps do not begin at 0 and increase.
    """
    x = finite("along", "steps", steps, 1)
    y = finite("along", "losses", losses, 1)
    if x.shape != y.shape or x[0] != 0 or not (np.diff(x) > 0).all():
        raise ValueError(
            f"along: {len(x)} steps from {x[0]:g} and {len(y)} losses, expected as "
            "many, and steps that increase from 0"
        )
    parabola = y[0] + slope * x + second / 2 * x**2
    fig, ax = panel()
    ax.plot(x, y, color=LOSS)
    pad = 0.12 * np.ptp(y) or 1.0
    low, high = min(y.min(), parabola.min()) - 2 * pad, y.max() + pad
    named: list[Line] = []
    for name, line, style, part in (
        ("promise", y[0] + slope * x, LINES[1], 0.9),  # named at its end
        ("with curvature", parabola, LINES[2], 0.4),
    ):
        outside = np.flatnonzero((line < low) | (line > max(y[0], y.max())))
        seen = slice(0, int(outside[0]) if len(outside) else len(x))
        ax.plot(x[seen], line[seen], color=GRADIENT, ls=style)
        end = slice(int(part * len(x[seen])), None)
        named.append((x[seen][end], line[seen][end], name, GRADIENT))
    ax.set(xlabel=xlabel, ylabel=ylabel, ylim=(low, high))
    few_ticks(ax)
    label_ends(ax, [(float(x[-1]), float(y[-1]), "loss", LOSS)])
    marks = [(at, float(np.interp(at, x, y)), number(at), DATA) for at in dots]
    label_points(ax, marks)
    label_lines(ax, named)
    return fig
