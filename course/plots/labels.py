"""Labels that stand beside what they name and do not collide."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox
from numpy.typing import ArrayLike, NDArray

from course.plots.style import DATA

RADII = (9, 16, 26)  # points between a dot and its name
ANGLES = tuple(np.arange(16) * np.pi / 8 + np.pi / 4)
Place = tuple[NDArray[np.float64], float, float]  # anchor, radius, angle
Label = tuple[float, float, str, str]  # x, y in data units, text, colour
Line = tuple[ArrayLike, ArrayLike, str, str]  # the same with many x and y


def label_ends(ax: Axes, ends: Sequence[Label]) -> None:
    """Name lines at their right end, moved apart vertically where they meet.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Axes whose limits are final.
    ends : sequence of (x, y, text, colour)
        Last point of each line, its name and its colour.
    """
    ax.figure.draw_without_rendering()  # type: ignore[union-attr]
    box = ax.get_window_extent()
    line = 1.35 * float(ax.xaxis.label.get_fontsize()) * ax.figure.dpi / 72
    points = [ax.transData.transform((x, y)) for x, y, *_ in ends]
    heights = np.array([p[1] for p in points])
    lines = np.array([text.count("\n") + 1 for *_, text, _ in ends])
    spread = move_apart(np.clip(heights, box.y0, box.y1), line * lines)
    for (x, y, text, colour), height in zip(ends, spread, strict=True):
        fraction = (height - box.y0) / box.height
        shifted = abs(height - ax.transData.transform((x, y))[1]) > line / 2
        thin = {"arrowstyle": "-", "color": colour, "lw": 0.8, "shrinkA": 1}
        ax.annotate(
            text,
            (x, y),
            (1.025, fraction),
            textcoords="axes fraction",
            color=colour if colour == DATA else darker(colour),
            va="center",
            arrowprops=thin if shifted else None,
            annotation_clip=False,
        )


def label_points(ax: Axes, points: Sequence[Label]) -> None:
    """Mark points inside the axes, and name them where there is least ink.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Axes with everything else drawn.
    points : sequence of (x, y, text, colour)
        The points and their names.
    """
    for x, y, _, colour in points:
        ax.plot(x, y, "o", color=colour, ms=7, zorder=5)
    label_lines(ax, [([x], [y], text, colour) for x, y, text, colour in points])


def label_lines(ax: Axes, lines: Sequence[Line]) -> None:
    """Name lines inside the axes, beside that point where there is least ink.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Axes with everything else drawn.
    lines : sequence of (xs, ys, text, colour)
        Points that a name may stand beside, the name and its colour.
    """
    ax.figure.draw_without_rendering()  # type: ignore[union-attr]
    inside, ink = ax.get_window_extent(), _line_pixels(ax)
    taken: list[Bbox] = []
    for xs, ys, text, colour in lines:
        anchors = np.column_stack([xs, ys])
        note = ax.annotate(
            text,
            anchors[0],
            (0, 0),
            textcoords="offset points",
            color=colour if colour == DATA else darker(colour),
            zorder=6,
        )
        note.set_in_layout(False)
        some = np.linspace(0, len(anchors) - 1, min(len(anchors), 12), dtype=int)
        size = np.array(Text.get_window_extent(note).size)
        cost, box = np.inf, Bbox.null()
        place: Place = (anchors[0], RADII[0], ANGLES[0])
        for anchor, radius, angle in itertools.product(anchors[some], RADII, ANGLES):
            tried: Place = (anchor, radius, angle)
            there = _box(ax, tried, size)
            bad = _cost(there, inside, ink, taken) + radius / 9
            if bad < cost:
                cost, place, box = bad, tried, there
        _put(note, place)
        taken.append(box)


def move_apart(
    centres: NDArray[np.float64], heights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Shift intervals as little as needed until none overlap, order kept.

    Parameters
    ----------
    centres, heights : ndarray of shape (n,)
        Middle and length of each interval.

    Returns
    -------
    ndarray of shape (n,)
        New middles.

    Notes
    -----
    Subtracting the room that the intervals below take turns "no overlap" into
    "not decreasing": the nearest such sequence is found by pooling neighbours.
    """
    order = np.argsort(centres, kind="stable")
    h = heights[order]
    room = np.cumsum(h) - h / 2
    pools: list[tuple[float, int]] = []
    for target in centres[order] - room:
        mean, count = float(target), 1
        while pools and pools[-1][0] > mean:
            below, n = pools.pop()
            mean, count = (mean * count + below * n) / (count + n), count + n
        pools.append((mean, count))
    out = np.empty_like(centres)
    out[order] = np.repeat([m for m, _ in pools], [n for _, n in pools]) + room
    return out


def darker(colour: str) -> str:
    """Return the colour for text: 4.5:1 on white, which lines need not have.

    Parameters
    ----------
    colour : str
        Hexadecimal, as the book's five colours are.

    Returns
    -------
    str
        The same hue, dark enough to be read.
    """
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    while 1.05 / (_luminance(rgb) + 0.05) < 4.6:
        rgb = rgb * 0.97
    return "#" + "".join(f"{round(255 * c):02x}" for c in rgb)


def _luminance(rgb: NDArray[np.float64]) -> float:
    """Relative luminance by WCAG 2.2."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def _line_pixels(ax: Axes) -> NDArray[np.float64]:
    """Points every few pixels along all lines of the axes, in pixels."""
    found = [np.empty((0, 2))]
    for line in ax.lines:
        xy = line.get_transform().transform(np.asarray(line.get_xydata(), float))
        xy = xy[np.isfinite(xy).all(axis=1)]
        if len(xy) > 1:
            way = np.r_[0, np.cumsum(np.hypot(*np.diff(xy, axis=0).T))]
            at = np.linspace(0, way[-1], min(5000, int(way[-1] / 3) + 2))
            xy = np.column_stack([np.interp(at, way, column) for column in xy.T])
        found.append(xy)
    for collection in ax.collections:
        offsets = np.asarray(collection.get_offsets(), float)
        if len(offsets):
            found.append(ax.transData.transform(offsets))
    return np.concatenate(found)


def _side(angle: float) -> tuple[int, int]:
    """Which way a name grows from its place: -1, 0 or 1, across and up."""
    dx, dy = np.cos(angle), np.sin(angle)
    return int(np.sign(dx) * (abs(dx) > 0.3)), int(np.sign(dy) * (abs(dy) > 0.3))


def _put(note: Annotation, place: Place) -> None:
    (x, y), radius, angle = place
    across, up = _side(angle)
    note.xy = (float(x), float(y))
    note.set(
        position=(radius * np.cos(angle), radius * np.sin(angle)),
        ha=("center", "left", "right")[across],
        va=("center", "bottom", "top")[up],
    )


def _box(ax: Axes, place: Place, size: NDArray[np.float64]) -> Bbox:
    """Where a name of this size lies, in pixels, if it is put there."""
    anchor, radius, angle = place
    way = np.array([np.cos(angle), np.sin(angle)]) * radius * ax.figure.dpi / 72
    middle = ax.transData.transform(anchor) + way + np.array(_side(angle)) * size / 2
    return Bbox([middle - size / 2, middle + size / 2])


def _cost(
    box: Bbox, inside: Bbox, ink: NDArray[np.float64], taken: list[Bbox]
) -> float:
    """How bad a place is: ink covered, names overlapped, pixels outside."""
    roomy = box.padded(3)
    outside = (
        inside.x0 - box.x0,
        box.x1 - inside.x1,
        inside.y0 - box.y0,
        box.y1 - inside.y1,
    )
    cost = float(roomy.count_contains(ink)) if len(ink) else 0.0
    cost += 50 * sum(roomy.overlaps(other) for other in taken)
    return cost + sum(max(0.0, float(x)) for x in outside)
