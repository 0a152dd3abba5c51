"""Curves: losses, gradient norms, errors of finite differences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from course.plots.labels import label_ends, label_points
from course.plots.style import (
    COLOURS,
    DATA,
    GRADIENT,
    LINES,
    LOSS,
    MARKERS,
    book_style,
    finite,
    number,
    panel,
)
from course.plots.ticks import few_ticks


@book_style
def curves(
    x: ArrayLike,
    series: Mapping[str, ArrayLike],
    *,
    xlabel: str,
    ylabel: str,
    logx: bool = False,
    logy: bool = False,
    roles: str | Mapping[str, str] = DATA,
    points: Mapping[str, tuple[float, float]] | None = None,
    mark: Mapping[str, float] | None = None,
) -> Figure:
    """Draw one or more curves over a common x, named at their ends.

    Parameters
    ----------
    x : array_like of shape (n,)
        Increasing.
    series : mapping of str to array_like of shape (n,)
        Name and values of each curve, at most four; NaN leaves a gap.
    xlabel, ylabel : str
        What the axes measure, with the unit if there is one.
    logx, logy : bool
        Logarithmic axes. Values that are not positive leave gaps.
    roles : str or mapping of str to str
        Meaning of all curves, or of each: `DATA`, `ACTIVATION`, `GRADIENT`,
        `LOSS` or `PARAMETER`.
    points : mapping of str to (x, y), optional
        Points to mark and name.
    mark : mapping of str to float, optional
        Positions on the x axis to mark and name.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If shapes do not fit, a role is unknown, or there is nothing to draw.
    """
    x, ys = _checked(x, series, logy)
    colours = _colours(series, roles)
    fig, ax = panel()
    ax.set(xlabel=xlabel, ylabel=ylabel)
    if logx:
        ax.set_xscale("log", nonpositive="mask")
    if logy:
        ax.set_yscale("log", nonpositive="mask")
    for k, (name, y) in enumerate(ys.items()):
        drawn = ax.plot(x, y, color=colours[name], ls=LINES[k])
        if len(x) <= 12:  # few enough to show where they are
            face = "white" if k % 2 else colours[name]
            drawn[0].set(marker=MARKERS[k], markerfacecolor=face)
    few_ticks(ax)
    _mark(ax, mark or {}, x)
    ends = []
    for name, y in ys.items():
        last = int(np.flatnonzero(_drawable(y, logy))[-1])
        ends.append((float(x[last]), float(y[last]), name, colours[name]))
    label_ends(ax, ends)
    label_points(ax, [(*xy, name, DATA) for name, xy in (points or {}).items()])
    return fig


def loss_curves(
    losses: Mapping[str, ArrayLike],
    *,
    mark: Mapping[str, float] | None = None,
    logy: bool = False,
    ylabel: str = "loss",
) -> Figure:
    """Draw losses (or accuracies) over epochs, the first epoch being 1.

    Parameters
    ----------
    losses : mapping of str to array_like of shape (epochs,)
        Training and validation loss, say.
    mark : mapping of str to float, optional
        Epochs to mark and name: ``{"best": 12}``.
    logy : bool
        Logarithmic loss axis.
    ylabel : str
        What is measured.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        As `curves`.
    """
    epochs = np.arange(1, _length("loss_curves", losses) + 1)
    return curves(
        epochs,
        losses,
        xlabel="epoch",
        ylabel=ylabel,
        logy=logy,
        roles=LOSS,
        mark=mark,
    )


def gradient_norms(norms: ArrayLike, names: list[str]) -> Figure:
    """Draw the size of each layer's gradient over epochs.

    Parameters
    ----------
    norms : array_like of shape (epochs, layers)
        Norms, on a logarithmic axis.
    names : list of str
        The layers.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If the names do not fit the columns.
    """
    norms = finite("gradient_norms", "norms", norms, 2)
    if len(names) != norms.shape[1]:
        raise ValueError(
            f"gradient_norms: {len(names)} names, but norms has shape "
            f"{norms.shape}, expected one name a column"
        )
    return curves(
        np.arange(1, len(norms) + 1),
        dict(zip(names, norms.T, strict=True)),
        xlabel="epoch",
        ylabel="gradient norm",
        logy=True,
        roles=GRADIENT,
    )


def error_against_step(h: ArrayLike, errors: Mapping[str, ArrayLike]) -> Figure:
    """Draw the error of finite differences against the step: the V.

    Parameters
    ----------
    h : array_like of shape (n,)
        Steps, > 0.
    errors : mapping of str to array_like of shape (n,)
        Errors, ``{"one-sided": …, "two-sided": …}``; exact zeros leave gaps.

    Returns
    -------
    matplotlib.figure.Figure
        Logarithmic axes; the smallest error of each is marked with its step.

    Raises
    ------
    ValueError
        As `curves`.
    """
    h, checked = _checked(h, errors, logy=True)
    lowest = {}
    for y in checked.values():
        k = int(np.nanargmin(np.where(y > 0, y, np.nan)))
        lowest[f"h = {number(h[k])}"] = (float(h[k]), float(y[k]))
    return curves(
        h,
        errors,
        xlabel="step h",
        ylabel="error of the slope",
        logx=True,
        logy=True,
        roles=GRADIENT,
        points=lowest,
    )


def _length(where: str, series: Mapping[str, ArrayLike]) -> int:
    if not series:
        raise ValueError(f"{where}: nothing to draw, expected one curve or more")
    lengths = {name: np.shape(y) for name, y in series.items()}
    if len(set(lengths.values())) > 1 or len(next(iter(lengths.values()))) != 1:
        raise ValueError(
            f"{where}: shapes are {lengths}, expected one-dimensional arrays of "
            "one length"
        )
    return int(next(iter(lengths.values()))[0])


def _checked(
    x: ArrayLike, series: Mapping[str, ArrayLike], logy: bool
) -> tuple[NDArray[np.float64], dict[str, NDArray[np.float64]]]:
    x = finite("curves", "x", x, 1)
    n = _length("curves", series)
    if n != len(x) or len(series) > len(LINES):
        raise ValueError(
            f"curves: x has {len(x)} numbers, {len(series)} curves have {n}; expected "
            f"as many, and at most {len(LINES)} curves"
        )
    if not (np.diff(x) > 0).all():
        raise ValueError("curves: x is not increasing")
    ys = {name: np.asarray(y, dtype=np.float64) for name, y in series.items()}
    for name, y in ys.items():
        if not _drawable(y, logy).any():
            kind = "positive" if logy else "finite"
            raise ValueError(f"curves: {name!r} holds no {kind} number")
    return x, ys


def _colours(
    series: Mapping[str, Any], roles: str | Mapping[str, str]
) -> dict[str, str]:
    given = dict.fromkeys(series, roles) if isinstance(roles, str) else dict(roles)
    for name, colour in given.items():
        if colour not in COLOURS or name not in series:
            raise ValueError(
                f"curves: role of {name!r} is {colour!r}, expected DATA, ACTIVATION, "
                f"GRADIENT, LOSS or PARAMETER for one of {list(series)}"
            )
    return {name: given.get(name, DATA) for name in series}


def _drawable(y: NDArray[np.float64], logy: bool) -> NDArray[np.bool_]:
    return np.isfinite(y) & ((y > 0) | (not logy))


def _mark(ax: Axes, mark: Mapping[str, float], x: NDArray[np.float64]) -> None:
    for name, at in mark.items():
        if not x[0] <= at <= x[-1]:
            raise ValueError(
                f"curves: mark {name!r} is at {at}, expected {x[0]:g} to {x[-1]:g}"
            )
        ax.axvline(at, color=DATA, lw=1, ls=LINES[2])
        ax.annotate(
            name,
            (at, 1),
            (0, 3),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha="center",
            va="bottom",
        )
