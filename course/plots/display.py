"""Put a figure into a notebook, with the words that stand for it."""

from __future__ import annotations

import base64
import io
from typing import Any

from matplotlib.figure import Figure

from course.plots.style import book_style

SHORTEST = 20  # characters: nothing shorter says what is seen
DPI = 100  # a 6.4 in figure is 640 CSS pixels wide


class _Picture:
    def __init__(self, png: bytes, alt: str, width: int, height: int) -> None:
        self.png, self.alt, self.width, self.height = png, alt, width, height

    def __repr__(self) -> str:
        return f"Figure: {self.alt}"

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data = {
            "image/png": base64.b64encode(self.png).decode(),
            "text/plain": repr(self),
        }
        size = {"alt": self.alt, "width": self.width, "height": self.height}
        return data, {"image/png": size}


@book_style
def show(fig: Figure, *, alt: str) -> None:
    """Display a figure, sharp on dense screens, with its alternative text.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        What the functions of `course.plots` return.
    alt : str
        What is seen, not what is drawn: "the loss falls from 2.3 to 0.1 in
        five epochs, then flattens". At least 20 characters, on one line.

    Raises
    ------
    TypeError
        If `fig` is not a figure or `alt` is not a string.
    ValueError
        If `alt` is too short to say anything.

    Notes
    -----
    The output holds a PNG of twice the size, and ``Figure: …`` as text. No
    version or date goes into the PNG: the same figure gives the same bytes.
    """
    if not isinstance(fig, Figure):
        raise TypeError(f"show: fig is {type(fig).__name__}, expected a Figure")
    if not isinstance(alt, str):
        raise TypeError(f"show: alt is {type(alt).__name__}, expected a string")
    alt = " ".join(alt.split())
    if len(alt) < SHORTEST:
        raise ValueError(
            f"show: alt is {alt!r}, {len(alt)} characters; expected at least "
            f"{SHORTEST}, saying what the figure shows"
        )
    from IPython.display import display  # a kernel has it; plain scripts need not

    file = io.BytesIO()
    fig.savefig(file, format="png", dpi=2 * DPI, metadata={"Software": None})
    width, height = (round(DPI * inches) for inches in fig.get_size_inches())
    picture = _Picture(file.getvalue(), alt, width, height)
    display(picture)  # type: ignore[no-untyped-call]
