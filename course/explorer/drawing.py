"""First pictures, for a page without scripts: SVG as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

# The book's colours by meaning; the dashes tell lines apart without colour.
ROLES = {
    "data": "currentColor",
    "activation": "#0072B2",
    "gradient": "#D55E00",
    "loss": "#009E73",
    "parameter": "#CC79A7",
}
Point = Sequence[float]


def svg(width: int, height: int, *parts: str) -> str:
    """Return a picture, hidden from who hears its words instead.

    Parameters
    ----------
    width, height : int
        In units of the parts; the page gives the picture its size.
    *parts : str

    Returns
    -------
    str
    """
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'aria-hidden="true">{"".join(parts)}</svg>'
    )


def line(points: Iterable[Point], role: str = "data", dash: str = "none") -> str:
    """Return a line through points.

    Parameters
    ----------
    points : iterable of (x, y)
    role : str
        A key of `ROLES`.
    dash : str
        As SVG writes it: "6 3".

    Returns
    -------
    str
    """
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return (
        f'<path d="M{path}" fill="none" stroke="{ROLES[role]}" '
        f'stroke-width="2" stroke-dasharray="{dash}"/>'
    )


def dot(at: Point, role: str = "data") -> str:
    """Return a dot.

    Parameters
    ----------
    at : (x, y)
    role : str

    Returns
    -------
    str
    """
    return f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="5" fill="{ROLES[role]}"/>'


def words(text: str, at: Point, anchor: str = "start") -> str:
    """Return words in the colour of the page's text.

    Parameters
    ----------
    text : str
    at : (x, y)
        Of the base line.
    anchor : str
        "start", "middle" or "end": which part of the text stands there.

    Returns
    -------
    str
    """
    return (
        f'<text x="{at[0]:.1f}" y="{at[1]:.1f}" text-anchor="{anchor}" '
        f'fill="currentColor" font-size="15">{escape(text)}</text>'
    )


def disc(at: Point, radius: float = 24) -> str:
    """Return a circle filled with the page's colour, over lines drawn before.

    Parameters
    ----------
    at : (x, y)
    radius : float

    Returns
    -------
    str
    """
    return (
        f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{radius:g}" '
        'fill="var(--bp-field, #fff)" stroke="currentColor"/>'
    )


def bar(at: Point, length: float, role: str = "data") -> str:
    """Return a lying bar.

    Parameters
    ----------
    at : (x, y)
        Middle of its left end.
    length : float
    role : str

    Returns
    -------
    str
    """
    return (
        f'<rect x="{at[0]:.1f}" y="{at[1] - 8:.1f}" width="{max(length, 1):.1f}" '
        f'height="16" fill="{ROLES[role]}"/>'
    )
