"""A rectangle whose two sides grow: why changes add."""

from __future__ import annotations

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from course.plots.labels import darker
from course.plots.style import DATA, GRADIENT, book_style, number, panel


@book_style
def growing_rectangle(
    width: float, height: float, more_width: float, more_height: float
) -> Figure:
    """Draw a rectangle, the strip that each side's growth adds, and the corner.

    Parameters
    ----------
    width, height : float
        Of the rectangle before it grows.
    more_width, more_height : float
        By how much each side grows.

    Returns
    -------
    matplotlib.figure.Figure
        Each piece has its area written on it or beside it.

    Raises
    ------
    ValueError
        If a side or its growth is not above 0.
    """
    sides = {
        "width": width,
        "height": height,
        "more_width": more_width,
        "more_height": more_height,
    }
    for name, side in sides.items():
        if not side > 0:
            raise ValueError(f"growing_rectangle: {name} is {side}, expected above 0")
    fig, ax = panel(6.4, 4.2)
    pieces = (
        (0, 0, width, height, DATA, "", "area before"),
        (width, 0, more_width, height, GRADIENT, "///", "wider"),
        (0, height, width, more_height, GRADIENT, "\\\\\\", "higher"),
        (width, height, more_width, more_height, DATA, "xxx", "corner"),
    )
    for x, y, across, up, colour, hatch, name in pieces:
        patch = Rectangle((x, y), across, up, fc="none", ec=colour, hatch=hatch)
        ax.add_patch(patch)
        text = f"{name}\n{number(across)} · {number(up)} = {number(across * up)}"
        inside = hatch == ""
        place = (x + across / 2, y + up / 2)
        ax.annotate(
            text,
            place,
            place if inside else _beside(name, width, height, more_width, more_height),
            ha="center" if name in ("area before", "higher") else "left",
            va="center",
            color=colour if colour == DATA else darker(colour),
            arrowprops=None if inside else {"arrowstyle": "-", "color": colour},
        )
    ax.set(
        xlim=(-0.02 * width, 1.55 * (width + more_width)),
        ylim=(-0.04 * height, 1.24 * (height + more_height)),
        aspect="equal",
    )
    ax.set_axis_off()
    return fig


def _beside(
    name: str, width: float, height: float, more_width: float, more_height: float
) -> tuple[float, float]:
    """Return where a piece's name stands: right of it, or above it."""
    right, top = width + more_width, height + more_height
    return {
        "wider": (1.1 * right, height / 2),
        "higher": (width / 2, 1.16 * top),
        "corner": (1.1 * right, 1.05 * top),
    }[name]
