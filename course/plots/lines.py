"""Curves: losses, gradient norms, errors, and the slope of a loss."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter
from numpy.typing import ArrayLike, NDArray

from course.plots.labels import Label, Line, label_ends, label_lines, label_points
from course.plots.style import (
    COLOURS,
    DATA,
    GRADIENT,
    LINES,
    LOSS,
    MARKERS,
    PARAMETER,
    book_style,
    finite,
    number,
    panel,
)


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
    x, ys = _checked(x, series)
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
    _finish(ax)
    _mark(ax, mark or {}, x)
    label_ends(ax, [_end(x, y, name, colours[name], logy) for name, y in ys.items()])
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
    h, checked = _checked(h, errors)
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


@book_style
def slope(
    f: Callable[[float], float],
    w0: float,
    *,
    h: float,
    derivative: float | None = None,
    xlabel: str = "weight w",
    ylabel: str = "loss",
    span: tuple[float, float] | None = None,
) -> Figure:
    """Draw a loss against one weight, with secant and tangent at a point.

    Parameters
    ----------
    f : callable
        Loss of one weight, float to float.
    w0 : float
        Where the slope is taken.
    h : float
        Step of the secant, from w0 to w0 + h; not 0.
    derivative : float, optional
        Slope of the tangent; measured by central differences if not given.
    xlabel, ylabel : str
        What the axes measure.
    span : (float, float), optional
        Range of weights shown; three steps to either side if not given.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If `h` is 0 or w0 and w0 + h are not inside `span`.
    """
    low, high = span or (w0 - 3 * abs(h), w0 + 3 * abs(h))
    if not (np.isfinite(h) and h != 0 and low < min(w0, w0 + h) < high > w0 + h):
        raise ValueError(
            f"slope: h is {h}, w0 is {w0}, span is ({low}, {high}); expected h not 0 "
            "and both w0 and w0 + h inside the span"
        )
    if derivative is None:
        derivative = (f(w0 + 1e-5) - f(w0 - 1e-5)) / 2e-5
    w = np.linspace(low, high, 200)
    y0, y1 = f(w0), f(w0 + h)
    losses = np.array([f(float(v)) for v in w])
    pad = 0.2 * np.ptp(losses) or 1.0
    bottom, top = losses.min() - pad, losses.max() + pad
    fig, ax = panel()
    ax.set(xlabel=xlabel, ylabel=ylabel, xlim=(low, high), ylim=(bottom, top))
    ax.plot(w, losses, color=LOSS)
    named: list[Line] = []
    for rate, name, colour, style in (
        (derivative, "tangent", GRADIENT, LINES[1]),
        ((y1 - y0) / h, "secant", DATA, LINES[2]),
    ):
        line = y0 + rate * (w - w0)
        seen = (line >= bottom) & (line <= top)
        ax.plot(w[seen], line[seen], color=colour, ls=style)
        text = f"{name}, slope {number(rate, 3)}"
        named.append((w[seen], line[seen], text, colour))
    ax.plot([w0, w0 + h], [y0, y1], "o", color=DATA, zorder=5)
    for v, y, text in ((w0, y0, "w"), (w0 + h, y1, "w + h")):
        drop = np.linspace(bottom + 0.1 * pad, y, 12)
        ax.plot(np.full(12, v), drop, color=PARAMETER, lw=1)
        named.append((np.full(6, v), drop[:6], text, PARAMETER))
    _finish(ax)
    label_ends(ax, [(high, float(losses[-1]), "loss", LOSS)])
    label_lines(ax, named)
    return fig


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
    x: ArrayLike, series: Mapping[str, ArrayLike]
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
        if not np.isfinite(y).any():
            raise ValueError(f"curves: {name!r} holds no finite number")
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


def _end(
    x: NDArray[np.float64], y: NDArray[np.float64], name: str, colour: str, logy: bool
) -> Label:
    seen = np.flatnonzero(np.isfinite(y) & ((y > 0) | (not logy)))
    if not len(seen):
        raise ValueError(f"curves: logy, but {name!r} holds no positive number")
    return float(x[seen[-1]]), float(y[seen[-1]]), name, colour


def _finish(ax: Axes) -> None:
    """Few and round ticks, so that they can be read on a phone."""
    for axis, (low, high) in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
        if axis.get_scale() == "linear":
            axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
            if axis is ax.yaxis and low < 0 < high:
                ax.axhline(0, color=DATA, lw=0.6, zorder=0.5)
        elif low > 1e-3 and high < 1e4:
            axis.set_major_locator(
                LogLocator(subs=(1, 2, 5) if high < 50 * low else (1,))
            )
            axis.set_major_formatter("{x:g}")
        axis.set_tick_params(which="minor", length=0)
        axis.set_minor_formatter(NullFormatter())


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
