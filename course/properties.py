"""What property checks are made of: comparisons that tell, slopes measured.

A returned value is checked for kind, shape and finiteness before any number is
compared, so a student's function may return anything whatever.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course.model import Failed

Array = NDArray[np.float64]
FLOOR = 1e-8
NEAR_SINGLE = 1e-5  # some hundred roundings of float32


def number(name: str, got: Any) -> float:
    """Return a result as a finite float.

    Parameters
    ----------
    name : str
        For the message.
    got : object

    Returns
    -------
    float

    Raises
    ------
    Failed
        It is no number; True and "1" are none.
    """
    if isinstance(got, np.ndarray) and got.shape == () and got.dtype.kind in "if":
        got = got.item()
    if type(got) not in (int, float):
        raise Failed(f"{name} is {described(got)}; expected a number")
    if not abs(got) < 1e300:
        raise Failed(f"{name} is {described(got)}; expected a finite number")
    return float(got)


def array(name: str, got: Any, shape: tuple[int, ...]) -> Array:
    """Return a result as a finite array of float64 of this shape.

    Parameters
    ----------
    name : str
    got : object
        Numbers in a list or tuple, nested as the shape is, do as well.
    shape : tuple of int

    Returns
    -------
    ndarray

    Raises
    ------
    Failed
        Kind, shape or a value is wrong.
    """
    if shape == ():
        return np.array(number(name, got))
    if isinstance(got, list | tuple):
        return _nested(name, got, shape)
    if not isinstance(got, np.ndarray):
        raise Failed(f"{name} is {described(got)}; expected an array of shape {shape}")
    if got.dtype.kind not in "if":
        raise Failed(f"{name} is an array of {got.dtype}; expected numbers")
    if got.shape != shape:
        raise Failed(f"{name} has shape {got.shape}; expected {shape}")
    if not np.isfinite(got).all():
        raise Failed(f"{name} has entries that are infinite or no number")
    return got.astype(np.float64)


def _nested(
    name: str, got: Any, shape: tuple[int, ...], at: tuple[int, ...] = ()
) -> Array:
    """Read a list entry by entry; as deep as the shape, and never deeper."""
    here = f"{name}{_place(at)}"
    if not shape or not isinstance(got, list | tuple):
        return array(here, got, shape)
    if len(got) != shape[0]:
        raise Failed(f"{here} is {described(got)}; expected an array of shape {shape}")
    rows = [_nested(name, row, shape[1:], (*at, k)) for k, row in enumerate(got)]
    return np.array(rows, dtype=np.float64).reshape(shape)


def parts(name: str, got: Any, count: int) -> tuple[Any, ...]:
    """Return a result as a tuple of so many parts.

    Parameters
    ----------
    name : str
    got : object
        A tuple or list, or an array whose first axis is so long.
    count : int

    Returns
    -------
    tuple

    Raises
    ------
    Failed
        It is none of these, or of another length.
    """
    if isinstance(got, np.ndarray) and got.shape[:1] == (count,):
        return tuple(got.tolist() if got.ndim == 1 else got)
    if not isinstance(got, list | tuple):
        raise Failed(f"{name} is {described(got)}; expected {counted(count, 'result')}")
    if len(got) != count:
        raise Failed(f"{name} has {counted(len(got), 'part')}; expected {count}")
    return tuple(got)


def close(name: str, got: Any, want: Any, rtol: float = 1e-6) -> None:
    """Hold a result to what is wanted.

    Parameters
    ----------
    name : str
    got : object
        From the student's function.
    want : float or ndarray
    rtol : float, optional
        Of max|got − want| / max(‖got‖∞, ‖want‖∞, 1e-8).

    Raises
    ------
    Failed
        With both numbers where they differ most.
    """
    wanted = np.asarray(want, float)
    found = array(name, got, wanted.shape)
    gap = np.abs(found - wanted)
    scale = max(np.abs(found).max(initial=0), np.abs(wanted).max(initial=0), FLOOR)
    if gap.max(initial=0) > rtol * scale:
        at = np.unravel_index(gap.argmax(), gap.shape)
        here, there = f"{found[at]:.6g}", f"{wanted[at]:.6g}"
        told = f"is {here}; expected {there}"
        if here == there:
            told = f"is {here} to six digits, and yet off by {gap[at]:.2g}"
        few = (
            " (in float32: too few digits)" if _single(found, gap.max() / scale) else ""
        )
        raise Failed(f"{name}{_place(at)} {told}{few}")


def _place(at: tuple[Any, ...]) -> str:
    return f"[{', '.join(map(str, at))}]" if at else ""


def _single(found: Array, error: float) -> bool:
    """Whether it is float32 that keeps a result from being near enough."""
    # The type itself is gone: what crosses is float64. Small whole numbers and
    # the like have few digits in any type.
    with np.errstate(over="ignore"):
        rounded = found.astype(np.float32)
    return error < NEAR_SINGLE and bool((found == rounded).all() and (found % 1).any())


def slopes(f: Callable[[Array], float], x: Array, h: float = 1e-5) -> Array:
    """Measure a gradient by central differences.

    Parameters
    ----------
    f : callable
        Array -> float; the student's own forward pass, or a given loss.
    x : ndarray
        Not changed.
    h : float, optional

    Returns
    -------
    ndarray of x's shape
    """
    x = np.array(x, dtype=np.float64)
    found = np.empty(x.shape)
    for at in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[at] += h
        down[at] -= h
        found[at] = (f(up) - f(down)) / (2 * h)
    return found


def described(got: Any) -> str:
    """Say what a result is, in a few words.

    Parameters
    ----------
    got : object

    Returns
    -------
    str
    """
    if got is None:
        return "None (is there a return?)"
    if isinstance(got, np.ndarray):
        return f"an array of shape {got.shape}"
    if isinstance(got, list | tuple | dict):
        return f"a {type(got).__name__} of {len(got)}"
    if type(got) is float:
        return f"{got:.6g}"
    text = repr(got)
    return text if len(text) <= 40 else text[:37] + "..."


def counted(count: int, thing: str) -> str:
    """Say how many, with the noun in its number.

    Parameters
    ----------
    count : int
    thing : str
        "node".

    Returns
    -------
    str
        "1 node", "2 nodes" or "no nodes".
    """
    return f"{count or 'no'} {thing}{'s' * (count != 1)}"
