"""Small images in ink on paper, with regions outlined and named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

from course.plots.style import DATA, LINES, book_style, finite

Index = int | slice


@book_style
def images(
    pixels: ArrayLike,
    *,
    titles: Sequence[str],
    boxes: Mapping[str, tuple[Index, Index]] | None = None,
    values: bool = False,
) -> Figure:
    """Draw small images in ink on paper, up to five in a row.

    Parameters
    ----------
    pixels : array_like of shape (n, height, width)
        Ink from 0 (none) to 1.
    titles : sequence of str
        One an image.
    boxes : mapping of str to (rows, columns), optional
        Regions to outline and name, as they index an image:
        ``{"u": np.s_[2:5, 2]}``.
    values : bool
        Write every pixel's ink into it; then two images a row.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If shapes do not fit or ink is outside 0 to 1.
    """
    ink = finite("images", "pixels", pixels, 3)
    if len(titles) != len(ink) or ink.min() < 0 or ink.max() > 1:
        raise ValueError(
            f"images: {len(titles)} titles and pixels of shape {ink.shape} from "
            f"{ink.min():g} to {ink.max():g}; expected a title an image, ink 0 to 1"
        )
    rows = -(-len(ink) // (2 if values else 5))
    columns = -(-len(ink) // rows)
    side = 6.4 / max(columns, 2 if values else 3 if rows == 1 else 4)
    fig = Figure(figsize=(side * columns, (side + 0.25) * rows))
    axes = fig.subplots(rows, columns, squeeze=False).ravel()
    for ax in axes:
        ax.set_axis_off()
    for ax, image, title in zip(axes, ink, titles, strict=False):
        ax.imshow(image, cmap="gray_r", vmin=0, vmax=1)
        height, width = image.shape
        frame = Rectangle((-0.5, -0.5), width, height, fill=False)
        frame.set(edgecolor=DATA, linewidth=0.8, clip_on=False)
        ax.add_patch(frame)
        ax.set_title(title, loc="center", fontsize=12 if columns < 5 else 11)
        if values:
            _write_pixels(ax, image)
        for k, (name, region) in enumerate((boxes or {}).items()):
            _outline(ax, image, name, region, LINES[k % 2])
    return fig


def _write_pixels(ax: Axes, image: NDArray[np.float64]) -> None:
    for (i, j), v in np.ndenumerate(image):
        if v:
            text = "1" if v == 1 else f"{v:.2f}".lstrip("0")
            colour = "white" if v > 0.5 else DATA
            ax.text(j, i, text, ha="center", va="center", fontsize=10, color=colour)


def _outline(
    ax: Axes,
    image: NDArray[np.float64],
    name: str,
    region: tuple[Index, Index],
    style: Any,
) -> None:
    spans = []
    for index, size in zip(region, image.shape, strict=True):
        covered = np.arange(size)[index]  # as NumPy itself reads the index
        if np.size(covered) == 0:
            raise ValueError(f"images: box {name!r} is empty in {image.shape}")
        spans.append((np.min(covered) - 0.5, np.max(covered) + 0.5))
    (top, bottom), (left, right) = spans
    for colour, lw, ls in (("white", 5.5, "-"), (DATA, 2.2, style)):
        box = Rectangle((left, top), right - left, bottom - top, fill=False)
        box.set(edgecolor=colour, linewidth=lw, linestyle=ls, clip_on=False)
        ax.add_patch(box)
    ax.text(
        left - 0.25,
        (top + bottom) / 2,
        name,
        ha="right",
        va="center",
        weight="bold",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.9},
    )
