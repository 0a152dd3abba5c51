"""Few and round ticks, so that they can be read on a phone."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter

from course.plots.style import DATA

ROUND = (1, 2, 2.5, 5, 10)


def few_ticks(ax: Axes) -> None:
    """Set the ticks of both axes, and draw the zero line where y crosses it.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Axes with everything drawn, linear or logarithmic.
    """
    for axis in (ax.xaxis, ax.yaxis):
        round_ticks(axis)
    if ax.get_yscale() == "linear" and ax.dataLim.y0 < 0 < ax.dataLim.y1:
        ax.axhline(0, color=DATA, lw=0.6, zorder=0.5)


def round_ticks(axis: Axis) -> None:
    """Set the ticks of one axis.

    Parameters
    ----------
    axis : matplotlib.axis.Axis
        Of axes with everything drawn, linear or logarithmic.
    """
    low, high = axis.get_view_interval()
    if axis.get_scale() == "linear":
        axis.set_major_locator(MaxNLocator(6, steps=list(ROUND)))
    elif low > 1e-3 and high < 1e4:  # plain numbers rather than powers of ten
        within = (1, 2, 5) if high < 50 * low else (1,)
        axis.set_major_locator(LogLocator(subs=within))
        axis.set_major_formatter("{x:g}")
    axis.set_tick_params(which="minor", length=0)
    axis.set_minor_formatter(NullFormatter())
