"""One look for every figure: colours by meaning, markers, line styles."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

# From Okabe and Ito's palette, those that keep 3:1 on white and on #121212.
# One meaning each, all through the book.
DATA = "#1a1a1a"
ACTIVATION = "#0072B2"
GRADIENT = "#D55E00"
LOSS = "#009E73"
PARAMETER = "#CC79A7"
COLOURS = (DATA, ACTIVATION, GRADIENT, LOSS, PARAMETER)

# Never colour alone: the first series is solid, the second dashed, and so on.
LINES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1, 1.3)), (0, (6, 2, 1, 2)))
MARKERS = ("o", "^", "s", "D", "v", "P", "X", "p", "*", "h")

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

STYLE = Path(__file__).parent.parent / "book.mplstyle"

P = ParamSpec("P")
R = TypeVar("R")


def book_style(function: Callable[P, R]) -> Callable[P, R]:
    """Run a drawing function under the book's style sheet.

    Parameters
    ----------
    function : callable
        Draws or saves a figure.

    Returns
    -------
    callable
        The same, leaving Matplotlib's global settings as they were.
    """

    @wraps(function)
    def styled(*args: P.args, **kwargs: P.kwargs) -> R:
        with mpl.rc_context():
            mpl.rcdefaults()  # whatever the notebook's backend has set
            mpl.rcParams.update(mpl.rc_params_from_file(STYLE, False, False))
            return function(*args, **kwargs)

    return styled


def panel(width: float = 6.4, height: float = 3.6) -> tuple[Figure, Axes]:
    """Return a figure with one pair of axes, outside pyplot's registry.

    Parameters
    ----------
    width, height : float
        Inches.

    Returns
    -------
    fig, ax
    """
    fig = Figure(figsize=(width, height))
    return fig, fig.subplots()


def canvas(width: float, height: float) -> tuple[Figure, Axes]:
    """Return an empty sheet whose coordinates are inches from the lower left.

    Parameters
    ----------
    width, height : float
        Inches.

    Returns
    -------
    fig, ax
    """
    fig = Figure(figsize=(width, height))
    fig.set_layout_engine("none")
    ax = fig.add_axes((0, 0, 1, 1))
    ax.set_axis_off()
    ax.set(xlim=(0, width), ylim=(0, height))
    return fig, ax


def finite(where: str, name: str, given: ArrayLike, ndim: int) -> NDArray[np.float64]:
    """Return an argument as finite floats of `ndim` dimensions, or say what it is.

    Parameters
    ----------
    where, name : str
        The function and its argument, for the message.
    given : array_like
        The argument.
    ndim : int
        Dimensions it must have.

    Returns
    -------
    ndarray of float64

    Raises
    ------
    ValueError
        If it is empty, not finite, or of another number of dimensions.
    """
    array = np.asarray(given, dtype=np.float64)
    if array.ndim != ndim or array.size == 0:
        raise ValueError(
            f"{where}: {name} has shape {array.shape}, expected {ndim} "
            f"dimension{'s' * (ndim != 1)} and at least one number"
        )
    if not np.isfinite(array).all():
        count = int((~np.isfinite(array)).sum())
        raise ValueError(
            f"{where}: {count} of {array.size} numbers of {name} are not finite"
        )
    return array


def number(x: float, digits: int = 2) -> str:
    """Write a number for a figure: few digits, a real minus sign.

    Parameters
    ----------
    x : float
        The number.
    digits : int
        Decimals; whole numbers have none, tiny and huge ones are written with
        a power of ten.

    Returns
    -------
    str
    """
    if x == int(x) and abs(x) < 10**5:
        text = f"{int(x)}"
    elif 10**-digits <= abs(x) < 10**5:
        text = f"{x:.{digits}f}"
    else:
        mantissa, exponent = f"{x:.0e}".split("e")
        raised = str(int(exponent)).translate(_RAISED)
        ones = {"1": f"10{raised}", "-1": f"-10{raised}"}
        text = ones.get(mantissa, f"{mantissa}·10{raised}")
    return text.replace("-", "−")
