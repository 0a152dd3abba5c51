"""Numbers side by side: bars, histograms and confusion tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter
from numpy.typing import ArrayLike

from course.plots.style import (
    COLOURS,
    DATA,
    GRADIENT,
    book_style,
    finite,
    number,
    panel,
)


@book_style
def bars(
    values: Mapping[str, float], *, xlabel: str, role: str = DATA, digits: int = 2
) -> Figure:
    """Draw horizontal bars from 0, each with its name and its value.

    Parameters
    ----------
    values : mapping of str to float
        Name and length of each bar, from top to bottom.
    xlabel : str
        What the lengths measure.
    role : str
        Meaning: `DATA`, `ACTIVATION`, `GRADIENT`, `LOSS` or `PARAMETER`.
    digits : int
        Decimals of the values.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there is nothing to draw, a value is not finite or a role unknown.
    """
    lengths = finite("bars", "values", list(values.values()), 1)
    if role not in COLOURS:
        raise ValueError(f"bars: role is {role!r}, expected one of {COLOURS}")
    fig, ax = panel(6.4, 0.9 + 0.42 * len(lengths))
    places = np.arange(len(lengths))
    drawn = ax.barh(places, lengths, height=0.62, color=role)
    for bar, length in zip(drawn, lengths, strict=True):
        if length < 0:  # the sign, seen without reading
            bar.set(facecolor="white", edgecolor=role, hatch="///", lw=1.4)
    ax.bar_label(
        drawn, [f"{x:.{digits}f}".replace("-", "−") for x in lengths], padding=4
    )
    ax.set(xlabel=xlabel, yticks=places, yticklabels=list(values))
    ax.invert_yaxis()
    reach = np.ptp([0, *lengths]) or 1.0  # room for the values beyond the bars
    ax.set_xlim(
        min(0, lengths.min() - 0.2 * reach), max(0, lengths.max() + 0.16 * reach)
    )
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.axvline(0, color=DATA, lw=0.8)
    ax.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
    return fig


@book_style
def gradient_histograms(gradients: Mapping[str, ArrayLike]) -> Figure:
    """Draw how each layer's gradient is spread over its entries.

    Parameters
    ----------
    gradients : mapping of str to array_like
        Name and gradient of each layer, of any shape; at most six.

    Returns
    -------
    matplotlib.figure.Figure
        One row a layer, over a common axis that is symmetric about 0.

    Raises
    ------
    ValueError
        If there is nothing to draw or a number is not finite.
    """
    if not 1 <= len(gradients) <= 6:
        raise ValueError(
            f"gradient_histograms: {len(gradients)} layers, expected 1 to 6"
        )
    flat = {
        name: finite("gradient_histograms", name, np.ravel(np.asarray(g)), 1)
        for name, g in gradients.items()
    }
    limit = max(abs(g).max() for g in flat.values()) or 1.0
    fig = Figure(figsize=(6.4, 0.9 + 1.15 * len(flat)))
    column = fig.subplots(len(flat), sharex=True, sharey=True, squeeze=False)[:, 0]
    for ax, (name, g) in zip(column, flat.items(), strict=True):
        share = np.full(len(g), 1 / len(g))
        ax.hist(g, np.linspace(-limit, limit, 42), weights=share, color=GRADIENT)
        ax.axvline(0, color=DATA, lw=0.8)
        text = f"{name}\nrms {number(float(np.sqrt((g**2).mean())), 4)}"
        ax.text(0.01, 0.96, text, transform=ax.transAxes, va="top")
        ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        ax.yaxis.set_major_locator(MaxNLocator(2))
    column[-1].xaxis.set_major_locator(MaxNLocator(5))
    column[-1].set_xlabel("gradient of one weight")
    fig.supylabel("share of the weights", fontsize=12)
    return fig


@book_style
def confusion(matrix: ArrayLike, names: Sequence[str]) -> Figure:
    """Draw how often each class was taken for each, with the counts.

    Parameters
    ----------
    matrix : array_like of int, shape (K, K)
        Row: the true class; column: what the network said.
    names : sequence of str
        The classes.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If it is not square, not of counts, or names do not fit.
    """
    counts = finite("confusion", "matrix", matrix, 2)
    k = len(names)
    if counts.shape != (k, k) or (counts != counts.round()).any() or counts.min() < 0:
        raise ValueError(
            f"confusion: matrix has shape {counts.shape} for {k} names; expected "
            "counts of shape (K, K) and K names"
        )
    total = counts.sum(axis=1, keepdims=True)
    share = np.divide(counts, total, out=np.zeros_like(counts), where=total > 0)
    # At most mid-grey, so that ink is legible everywhere.
    side = max(3.6, min(6.0, 1.4 + 0.46 * k))
    fig, ax = panel(side + 0.4, side)
    ax.imshow(share, cmap="gray_r", vmin=0, vmax=2.6)
    for (i, j), count in np.ndenumerate(counts):
        ax.text(
            j,
            i,
            f"{count:.0f}" if count else "·",
            ha="center",
            va="center",
            weight="bold" if i == j else "normal",
        )
    ax.set(xticks=range(k), yticks=range(k), xticklabels=names, yticklabels=names)
    ax.set(xlabel="the network's answer", ylabel="true class")
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    edges = np.arange(k + 1) - 0.5
    ax.hlines(edges, -0.5, k - 0.5, color=DATA, lw=0.3)
    ax.vlines(edges, -0.5, k - 0.5, color=DATA, lw=0.3)
    return fig
