"""Forward and backward pass of a small network, as a map of its arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from course.plots.labels import darker
from course.plots.style import (
    ACTIVATION,
    DATA,
    GRADIENT,
    LOSS,
    PARAMETER,
    book_style,
    canvas,
)

BOX = (0.84, 0.58)  # of an array, in inches
WIDTH = 6.4
ROWS = {"there": 2.75, "back": 1.5, "left": 0.42}
COLUMNS = {
    name: 0.53 + 1.335 * k for k, name in enumerate(("X", "Z1", "A1", "Z2", "loss"))
}
BACKWARD = {"dZ2": "Z2", "dA1": "A1", "dZ1": "Z1"}  # blame: it stands under
# Gradient: the blame it is made of, and how far to the side it stands.
GRADIENTS = {
    "dW2": ("dZ2", -0.95),
    "db2": ("dZ2", 0.0),
    "dW1": ("dZ1", -0.95),
    "db1": ("dZ1", 0.0),
}
KEPT = ("X", "A1", "Z2")  # for the way back
# From, to, what is done on the way.
FORWARD_STEPS = (
    ("X", "Z1", "· W1\n+ b1"),
    ("Z1", "A1", "tanh\n"),
    ("A1", "Z2", "· W2\n+ b2"),
    ("Z2", "loss", ""),
)
BACKWARD_STEPS = (
    ("loss", "dZ2", ""),
    ("dZ2", "dA1", "· W2ᵀ\n"),
    ("dA1", "dZ1", "⊙ f′\n"),
)
Place = tuple[float, float]


@book_style
def two_passes(shapes: Mapping[str, tuple[int, ...]]) -> Figure:
    """Draw what each pass of a network with one hidden layer computes from what.

    Parameters
    ----------
    shapes : mapping of str to tuple of int
        Shapes of X, Z1, A1, Z2, W1, b1, W2 and b2. An array's gradient has
        the array's shape.

    Returns
    -------
    matplotlib.figure.Figure
        Above, the forward pass from left to right. In the middle, the blame
        from right to left. Below, the gradient of each parameter, under the
        blame it is made of. What is kept for the way back has a double frame.

    Raises
    ------
    ValueError
        If a shape is missing.
    """
    wanted = {"X", "Z1", "A1", "Z2", "W1", "b1", "W2", "b2"}
    if set(shapes) != wanted:
        raise ValueError(
            f"two_passes: shapes of {sorted(shapes)}, expected {sorted(wanted)}"
        )
    fig, ax = canvas(WIDTH, 3.3)
    places = _places()
    for name, place in places.items():
        if name == "loss":
            _box(ax, place, name, "", LOSS)
        else:
            rows, *columns = shapes[name.removeprefix("d")]
            shape = f"{rows} × {columns[0]}" if columns else f"{rows}"
            colour = GRADIENT if name[0] == "d" else ACTIVATION
            _box(ax, place, name, shape, DATA if name == "X" else colour)
            if name in KEPT:  # a second frame
                _frame(ax, place, 0.05)
    for start, end, text in (*FORWARD_STEPS, *BACKWARD_STEPS):
        _arrow(ax, places[start], places[end], text)
    for name, (blame, _) in GRADIENTS.items():
        _arrow(ax, places[blame], places[name], "")
    for blame, kept in {"dZ1": "Xᵀ ·", "dZ2": "A1ᵀ ·"}.items():
        x, y = places[blame]
        ax.text(x - 0.62, y - 0.5, kept, ha="right", va="center")
        ax.text(x + 0.1, y - 0.54, "Σ", ha="left", va="center")
    return fig


def _places() -> dict[str, Place]:
    places = {name: (x, ROWS["there"]) for name, x in COLUMNS.items()}
    for name, above in BACKWARD.items():
        places[name] = (COLUMNS[above], ROWS["back"])
    for name, (above, shift) in GRADIENTS.items():
        places[name] = (places[above][0] + shift, ROWS["left"])
    return places


def _frame(ax: Axes, place: Place, inside: float) -> FancyBboxPatch:
    width, height = (side - 2 * inside for side in BOX)
    corner = (place[0] - width / 2, place[1] - height / 2)
    style = "round,pad=0,rounding_size=0.06"
    box = FancyBboxPatch(corner, width, height, boxstyle=style)
    box.set(facecolor="none", edgecolor=DATA, linewidth=1.2, zorder=2)
    ax.add_patch(box)
    return box


def _box(ax: Axes, place: Place, name: str, shape: str, colour: str) -> None:
    _frame(ax, place, 0.0).set(facecolor="white")
    x, y = place
    up = 0.11 if shape else 0.0
    style: dict[str, Any] = {"ha": "center", "va": "center", "zorder": 3}
    ax.text(x, y + up, name, color=darker(colour), weight="bold", **style)
    ax.text(x, y - 0.13, shape, color=DATA, fontsize=11, **style)


def _arrow(ax: Axes, start: Place, end: Place, text: str) -> None:
    """An arrow from box to box; what is done on the way stands at its middle."""
    (x0, y0), (x1, y1) = start, end
    flat = y0 == y1
    side = BOX[0] / 2 * (1 if x1 > x0 else -1)
    tail = (x0 + side, y0) if flat else (x0, y0 - BOX[1] / 2)
    head = (x1 - side, y1) if flat else (x1, y1 + BOX[1] / 2)
    arrow = FancyArrowPatch(tail, head, arrowstyle="-|>", mutation_scale=12)
    arrow.set(color=DATA, linewidth=1)
    arrow.shrinkA, arrow.shrinkB = 0, 1
    ax.add_patch(arrow)
    colour = darker(PARAMETER) if "W" in text else DATA
    style: dict[str, Any] = {"ha": "center", "va": "center", "linespacing": 1.6}
    ax.text((x0 + x1) / 2, y0, text, color=colour, fontsize=11, **style)
