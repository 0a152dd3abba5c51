"""The middle of repeats and their range, and the power that something grows as."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]


class Spread(NamedTuple):
    """Smallest, median and largest of the repeats."""

    low: float
    middle: float
    high: float


def spread(values: ArrayLike) -> Spread:
    """Return smallest, median and largest.

    Parameters
    ----------
    values : array_like of shape (n,)

    Returns
    -------
    Spread
    """
    array = np.asarray(values, dtype=np.float64)
    return Spread(float(array.min()), float(np.median(array)), float(array.max()))


def slope(x: ArrayLike, y: ArrayLike) -> float:
    """Return the power of x that y grows as: the slope of their logarithms.

    Parameters
    ----------
    x, y : array_like of shape (n,)
        Positive.

    Returns
    -------
    float
        By least squares.
    """
    return float(np.polyfit(np.log(x), np.log(y), 1)[0])


class Line(NamedTuple):
    """What y grows by for each x, what it is at 0, and the worst relative error."""

    each: float
    fixed: float
    worst: float


def line(x: ArrayLike, y: ArrayLike) -> Line:
    """Lay a straight line through points.

    Parameters
    ----------
    x, y : array_like of shape (n,)
        y positive; each error counts as a share of it.

    Returns
    -------
    Line
    """
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    each, fixed = np.polyfit(x, y, 1, w=1 / y)
    worst = np.abs((fixed + each * x) / y - 1).max()
    return Line(float(each), float(fixed), float(worst))
