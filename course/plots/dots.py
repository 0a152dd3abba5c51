"""Measurements as dots with their range, a row each, in small multiples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator
from numpy.typing import ArrayLike, NDArray

from course.plots.style import DATA, book_style, finite
from course.plots.ticks import round_ticks

Series = Mapping[str, ArrayLike]  # row -> low, middle and high
ROW = 0.27  # inches
# Not told apart by colour: a full circle, an empty diamond under it.
MARKS: tuple[dict[str, Any], ...] = (
    {"marker": "o", "ms": 5.5},
    {"marker": "D", "ms": 4.5, "mfc": "white"},
)
APART = 0.17  # rows


@book_style
def dots(
    panels: Mapping[str, Mapping[str, Series]],
    *,
    xlabel: str,
    rows: Sequence[str],
    line: float | None = None,
    logx: bool = False,
) -> Figure:
    """Draw dots with their ranges: a panel a title, a row a name.

    Parameters
    ----------
    panels : mapping of str to mapping of str to series
        Title of each panel -> what its marks stand for, at most two, the same in
        all panels -> row -> smallest, middle and largest value.
    xlabel : str
        What is measured.
    rows : sequence of str
        Names of the rows, from top to bottom. A panel may lack some.
    line : float, optional
        A value to mark by a line through all panels.
    logx : bool
        Logarithmic axis.

    Returns
    -------
    matplotlib.figure.Figure
        Two panels beside each other, on one common axis.

    Raises
    ------
    ValueError
        If there is nothing to draw, more than two kinds of marks, a row that has
        no name, or values that are no range, or not positive on a logarithmic axis.
    """
    kinds = list(dict.fromkeys(kind for series in panels.values() for kind in series))
    if not panels or not rows or not 1 <= len(kinds) <= len(MARKS):
        raise ValueError(
            f"dots: {len(panels)} panels of {len(rows)} rows with {len(kinds)} kinds "
            f"of marks, expected at least one of each and at most {len(MARKS)} kinds"
        )
    columns = min(2, len(panels))
    down = ceil(len(panels) / columns)
    fig = Figure(figsize=(5.2, 0.9 + down * (0.75 + ROW * len(rows))))
    axes = fig.subplots(down, columns, sharex=True, sharey=True, squeeze=False)
    for ax, (title, series) in zip(axes.flat, panels.items(), strict=False):
        ax.set_title(title)
        ax.set_xscale("log" if logx else "linear")
        if line is not None:
            ax.axvline(line, color=DATA, lw=1.2)
        for k, kind in enumerate(kinds):
            off = APART * (2 * k - 1) if len(kinds) > 1 else 0.0
            _draw(ax, MARKS[k], _places(series.get(kind, {}), rows, logx), off)
    axes[0, 0].set(yticks=range(len(rows)), yticklabels=rows)
    axes[0, 0].set_ylim(len(rows) - 0.4, -0.6)
    for ax in axes.flat:
        ax.tick_params(axis="y", length=0)
        ax.tick_params(axis="x", labelbottom=True)
        ax.spines["left"].set_visible(False)
        for row in range(len(rows)):
            ax.axhline(row, color=DATA, lw=0.3, zorder=0)
        ax.margins(x=0.06)
        round_ticks(ax.xaxis)
        if logx:
            ax.xaxis.set_major_locator(LogLocator(subs=(1, 3)))
    for ax in axes.flat[len(panels) :]:
        ax.set_axis_off()
    fig.supxlabel(xlabel, fontsize=12)
    if len(kinds) > 1:
        marks = [
            Line2D([], [], color=DATA, ls="", label=kind, **MARKS[k])
            for k, kind in enumerate(kinds)
        ]
        fig.legend(handles=marks, loc="outside upper left", ncols=len(kinds))
    return fig


def _places(
    ranges: Series, rows: Sequence[str], logx: bool
) -> dict[int, NDArray[np.float64]]:
    """Row number -> smallest, middle and largest value."""
    found = {}
    for row, given in ranges.items():
        values = finite("dots", row, given, 1)
        if row not in rows:
            raise ValueError(f"dots: no row is called {row!r}; there are {list(rows)}")
        if len(values) != 3 or (np.diff(values) < 0).any() or (logx and values[0] <= 0):
            raise ValueError(
                f"dots: {row} is {list(values)}, expected smallest, middle and "
                f"largest value{', all positive' * logx}"
            )
        found[list(rows).index(row)] = values
    return found


def _draw(
    ax: Axes, mark: dict[str, Any], places: dict[int, NDArray[np.float64]], off: float
) -> None:
    for row, (low, middle, high) in places.items():
        ax.plot([low, high], [row + off] * 2, color=DATA, lw=2)
        ax.plot([middle], [row + off], color=DATA, ls="", **mark)
