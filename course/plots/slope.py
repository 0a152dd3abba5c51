"""A loss against one weight, with the slope that wiggling measures."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure

from course.plots.labels import Line, label_ends, label_lines
from course.plots.style import (
    DATA,
    GRADIENT,
    LINES,
    LOSS,
    PARAMETER,
    book_style,
    number,
    panel,
)
from course.plots.ticks import few_ticks


@book_style
def slope(
    f: Callable[[float], float],
    w0: float,
    *,
    h: float,
    derivative: float | None = None,
    xlabel: str = "weight w",
    ylabel: str = "loss",
    span: tuple[float, float] | None = None,
) -> Figure:
    """Draw a loss against one weight, with secant and tangent at a point.

    Parameters
    ----------
    f : callable
        Loss of one weight, float to float.
    w0 : float
        Where the slope is taken.
    h : float
        Step of the secant, from w0 to w0 + h; not 0.
    derivative : float, optional
        Slope of the tangent; measured by central differences if not given.
    xlabel, ylabel : str
        What the axes measure.
    span : (float, float), optional
        Range of weights shown; three steps to either side if not given.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If `h` is 0 or w0 and w0 + h are not inside `span`.
    """
    low, high = span or (w0 - 3 * abs(h), w0 + 3 * abs(h))
    if not (np.isfinite(h) and h != 0 and low < min(w0, w0 + h) < high > w0 + h):
        raise ValueError(
            f"slope: h is {h}, w0 is {w0}, span is ({low}, {high}); expected h not 0 "
            "and both w0 and w0 + h inside the span"
        )
    if derivative is None:
        derivative = (f(w0 + 1e-5) - f(w0 - 1e-5)) / 2e-5
    w = np.linspace(low, high, 200)
    y0, y1 = f(w0), f(w0 + h)
    losses = np.array([f(float(v)) for v in w])
    pad = 0.2 * np.ptp(losses) or 1.0
    bottom, top = losses.min() - pad, losses.max() + pad
    fig, ax = panel()
    ax.set(xlabel=xlabel, ylabel=ylabel, xlim=(low, high), ylim=(bottom, top))
    ax.plot(w, losses, color=LOSS)
    named: list[Line] = []
    for rate, name, colour, style in (
        (derivative, "tangent", GRADIENT, LINES[1]),
        ((y1 - y0) / h, "secant", DATA, LINES[2]),
    ):
        line = y0 + rate * (w - w0)
        seen = (line >= bottom) & (line <= top)
        ax.plot(w[seen], line[seen], color=colour, ls=style)
        text = f"{name}, slope {number(rate, 3)}"
        named.append((w[seen], line[seen], text, colour))
    ax.plot([w0, w0 + h], [y0, y1], "o", color=DATA, zorder=5)
    for v, y, text in ((w0, y0, "w"), (w0 + h, y1, "w + h")):
        drop = np.linspace(bottom + 0.1 * pad, y, 12)
        ax.plot(np.full(12, v), drop, color=PARAMETER, lw=1)
        named.append((np.full(6, v), drop[:6], text, PARAMETER))
    few_ticks(ax)
    label_ends(ax, [(high, float(losses[-1]), "loss", LOSS)])
    label_lines(ax, named)
    return fig
