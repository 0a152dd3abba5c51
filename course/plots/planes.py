"""The plane of two features: examples by class, and what a network says."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure
from matplotlib.patheffects import Normal, Stroke
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

from course.plots.labels import label_lines
from course.plots.style import (
    ACTIVATION,
    DATA,
    MARKERS,
    book_style,
    finite,
    panel,
)

GRID = 201  # points a side at which the score is asked
HATCHES = ("", "///", "...", "\\\\\\", "xx", "--", "ooo", "||", "++", "**")


@book_style
def scatter(
    X: ArrayLike, T: ArrayLike, *, names: Sequence[str], xlabel: str, ylabel: str
) -> Figure:
    """Draw examples of two features, a marker for each class.

    Parameters
    ----------
    X : array_like of shape (N, 2)
        Features.
    T : array_like of int, shape (N,) or (N, 1)
        Class indices; 0 and 1 for two classes.
    names : sequence of str
        The classes, by index.
    xlabel, ylabel : str
        The features.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If shapes, labels and names do not fit.
    """
    X, T = _examples("scatter", X, T, names)
    fig, ax = panel(6.4, 4.4)
    _points(ax, X, T, names)
    _name_axes(ax, xlabel, ylabel)
    return fig


@book_style
def decision_boundary(
    predict: Callable[[NDArray[np.float64]], ArrayLike],
    X: ArrayLike,
    T: ArrayLike,
    *,
    names: Sequence[str],
    xlabel: str,
    ylabel: str,
    level: float = 0.5,
    points: Sequence[str] | None = None,
) -> Figure:
    """Draw what a network says all over the plane, and the examples on it.

    Parameters
    ----------
    predict : callable
        Takes points (M, 2); returns one score each, (M,) or (M, 1), or one
        score a class, (M, K).
    X, T, names, xlabel, ylabel
        As in `scatter`.
    level : float
        Score at which one class gives way to the other: 0.5 for
        probabilities, 0 for logits. Not used for several classes.
    points : sequence of str, optional
        What stands beside each example.

    Returns
    -------
    matplotlib.figure.Figure
        One score: contours with their values, the boundary in bold. Several:
        a hatched and named region for each class.

    Raises
    ------
    ValueError
        If shapes, labels and names do not fit, or scores are not finite.
    """
    X, T = _examples("decision_boundary", X, T, names)
    fig, ax = panel(6.4, 4.4)
    low, high = X.min(axis=0), X.max(axis=0)
    pad = 0.08 * np.where(high > low, high - low, 1.0)
    sides = np.linspace(low - pad, high + pad, GRID).T
    U, V = np.meshgrid(*sides)
    scores = np.asarray(predict(np.column_stack([U.ravel(), V.ravel()])), float)
    scores = finite("decision_boundary", "scores", scores.reshape(GRID**2, -1), 2)
    if scores.shape[1] == 1:
        _contours(ax, U, V, scores.reshape(U.shape), level, X)
    elif scores.shape[1] == len(names):
        _regions(ax, U, V, scores.argmax(axis=1).reshape(U.shape), names)
    else:
        raise ValueError(
            f"decision_boundary: predict gives {scores.shape[1]} scores a point, "
            f"expected 1 or one for each of {len(names)} names"
        )
    _points(ax, X, T, names)
    _name_axes(ax, xlabel, ylabel)
    ax.set(xlim=sides[0][[0, -1]], ylim=sides[1][[0, -1]])
    if points is not None:
        name_points("decision_boundary", ax, X, points)
    return fig


def name_points(
    where: str, ax: Axes, X: NDArray[np.float64], points: Sequence[str]
) -> None:
    """Write a name beside each example.

    Parameters
    ----------
    where : str
        The figure's function, for the error message.
    ax : matplotlib.axes.Axes
        Axes with everything else drawn.
    X : ndarray of shape (N, 2)
        The examples.
    points : sequence of str, length N
        Their names.

    Raises
    ------
    ValueError
        If there is not one name for each example.
    """
    if len(points) != len(X):
        raise ValueError(
            f"{where}: {len(points)} points are named, expected one name for each "
            f"of {len(X)} rows of X"
        )
    before = len(ax.texts)
    pairs = zip(X, points, strict=True)
    label_lines(ax, [([x], [y], text, DATA) for (x, y), text in pairs])
    for note in ax.texts[before:]:
        note.set_path_effects([Stroke(linewidth=3, foreground="white"), Normal()])


def _examples(
    where: str, X: ArrayLike, T: ArrayLike, names: Sequence[str]
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    X = finite(where, "X", X, 2)
    labels = np.asarray(T)
    if X.shape[1] != 2 or labels.shape not in {(len(X),), (len(X), 1)}:
        raise ValueError(
            f"{where}: X has shape {X.shape}, T {labels.shape}; expected two features "
            "and one label for each row of X"
        )
    labels = labels.ravel()
    classes = labels.astype(np.intp)
    if not ((classes == labels) & (classes >= 0) & (classes < len(names))).all():
        raise ValueError(
            f"{where}: T holds {np.unique(labels).tolist()}, expected class indices "
            f"0 to {len(names) - 1} (there are {len(names)} names)"
        )
    return X, classes


def _points(
    ax: Axes, X: NDArray[np.float64], classes: NDArray[np.intp], names: Sequence[str]
) -> None:
    size = 70 if len(X) <= 20 else 36
    for k, name in enumerate(names):
        # Hollow first, then filled: with the shape, two signs of the class.
        ax.scatter(
            X[classes == k, 0],
            X[classes == k, 1],
            s=size,
            marker=MARKERS[k % len(MARKERS)],
            facecolor="white" if k % 2 == 0 else DATA,
            edgecolor=DATA if k % 2 == 0 else "white",
            linewidth=1.2 if k % 2 == 0 else 0.6,
            label=name,
            zorder=3 + (k % 2 == 0),
            clip_on=False,
        )
    ax.legend(
        loc="lower left",
        bbox_to_anchor=(-0.02, 1.0),
        ncols=min(len(names), 5),
        handletextpad=0.1,
        columnspacing=1.2,
        borderpad=0.2,
    )


def _name_axes(ax: Axes, xlabel: str, ylabel: str) -> None:
    ax.set(xlabel=xlabel, ylabel=ylabel)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))


def _contours(
    ax: Axes,
    U: NDArray[np.float64],
    V: NDArray[np.float64],
    S: NDArray[np.float64],
    level: float,
    X: NDArray[np.float64],
) -> None:
    tint = LinearSegmentedColormap.from_list("activation", ["white", ACTIVATION])
    edges = MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]).tick_values(S.min(), S.max())
    ax.contourf(U, V, S, edges, cmap=tint, alpha=0.55, zorder=0)
    met = [float(e) for e in {*edges, level} if S.min() < e < S.max()]
    for levels, colour, width in (
        (sorted(e for e in met if e != level), ACTIVATION, 1.0),
        ([e for e in met if e == level], DATA, 2.2),
    ):
        if levels:
            lines = ax.contour(U, V, S, levels, colors=colour, linewidths=width)
            _write_values(ax, lines, X)


def _write_values(ax: Axes, lines: ContourSet, X: NDArray[np.float64]) -> None:
    """Put each contour's value on it, as far from the examples as may be."""
    low, high = np.array(ax.dataLim.get_points())
    avoid = (X - low) / (high - low)
    places = []
    for path in lines.get_paths():
        at = (path.vertices - low) / (high - low)
        at = at[(abs(at - 0.5) < 0.42).all(axis=1)]
        if len(at):
            gap = np.linalg.norm(at[:, None] - avoid, axis=2).min(axis=1)
            avoid = np.vstack([avoid, at[gap.argmax()]])
            places.append(avoid[-1] * (high - low) + low)
    halo = [Stroke(linewidth=4, foreground="white"), Normal()]
    texts = ax.clabel(lines, fmt=_plain, fontsize=11, colors=DATA, manual=places)
    for text in texts:
        text.set(path_effects=halo, zorder=5)


def _plain(score: float) -> str:
    return f"{score:g}".replace("-", "−")


def _regions(
    ax: Axes,
    U: NDArray[np.float64],
    V: NDArray[np.float64],
    regions: NDArray[np.intp],
    names: Sequence[str],
) -> None:
    for k, name in enumerate(names):
        inside = regions == k
        if not inside.any():
            continue
        shade = ax.contourf(
            U,
            V,
            inside.astype(float),
            [0.5, 1.5],
            colors=[(0, 0, 0, 0.03 + 0.05 * (k % 3))],
            hatches=[HATCHES[k % len(HATCHES)]],
            zorder=0,
        )
        shade.set(edgecolor=(0, 0, 0, 0.18), linewidth=0)
        ax.contour(U, V, inside.astype(float), [0.5], colors=DATA, linewidths=1.4)
        i, j = _deepest(inside)
        ax.text(
            U[i, j],
            V[i, j],
            name,
            ha="center",
            va="center",
            weight="bold",
            size=14,
            bbox={"facecolor": "white", "edgecolor": DATA, "pad": 3, "lw": 0.8},
            zorder=6,
        )


def _deepest(inside: NDArray[np.bool_]) -> tuple[int, int]:
    """Grid point of a region that is farthest from the region's edge."""
    left = np.pad(inside, 1)
    while True:
        core = left.copy()
        for axis in (0, 1):
            for shift in (-1, 1):
                core &= np.roll(left, shift, axis)
        if not core.any():
            i, j = np.argwhere(left)[0]
            return int(i - 1), int(j - 1)
        left = core
