"""Hold a derived value to a measured one: the check behind every equation.

`verify` prints a line that any machine reproduces, label and tolerance but
never the error, so that a stored notebook output can be compared letter by
letter and the ledger of checked equations can be read off it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

# Below this, numbers count as rounding noise of 0: two gradients of 1e-12 and
# 3e-12 agree. Every relative error of the project has this floor.
FLOOR = 1e-8


class VerificationError(AssertionError):
    """A derived value and a measured one differ by more than the tolerance."""


def verify(label: str, derived: ArrayLike, measured: ArrayLike, *, rtol: float) -> None:
    """Check a labelled equation and print that it holds.

    Parameters
    ----------
    label : str
        The equation's label in the text; begins with ``eq-``.
    derived, measured : float or array_like of one shape
        What the formula gives, and what was found independently of it. There
        is no broadcasting.
    rtol : float
        Largest relative error, 0 < rtol <= 1e-2.

    Raises
    ------
    VerificationError
        If max|d − m| / max(‖d‖∞, ‖m‖∞, 1e-8) exceeds `rtol`; the message
        gives both values where they differ most.
    ValueError
        If the comparison could not fail (one object twice, shared memory,
        nothing but zeros, nothing at all), if a value is not finite, if shapes
        differ, or if `label` or `rtol` is not as above.
    TypeError
        If either side is not made of real numbers.

    Notes
    -----
    Python shares small integers, so that two equal counts are one object:
    for `int` alone, the same object on both sides is allowed.

    Examples
    --------
    >>> verify("eq-square", 2 * 3.0, (3.001**2 - 2.999**2) / 0.002, rtol=1e-7)
    eq-square holds (tolerance 1e-7)
    """
    _check_call(label, rtol)
    d, m = _numbers(label, "derived", derived), _numbers(label, "measured", measured)
    _check_independent(label, derived, measured, d, m)
    if d.shape != m.shape:
        raise ValueError(
            f"verify {label}: derived has shape {d.shape}, measured {m.shape}; "
            "expected the same shape (nothing is broadcast)"
        )
    d, m = d.astype(np.float64), m.astype(np.float64)
    norm = max(abs(d).max(), abs(m).max())
    if 2 * norm <= rtol * FLOOR:
        raise ValueError(
            f"verify {label}: both sides are 0 everywhere, so the comparison could "
            "not fail; choose a point at which the value is not 0"
        )
    gap = abs(d - m)
    error = gap.max() / max(norm, FLOOR)
    if error > rtol:
        worst = np.unravel_index(gap.argmax(), gap.shape)
        where = f"at {tuple(int(i) for i in worst)} " if worst else ""
        raise VerificationError(
            f"{label} fails: {where}derived is {d[worst]:.10g}, measured is "
            f"{m[worst]:.10g}; relative error {error:.3g}, "
            f"tolerance {tolerance_text(rtol)}"
        )
    print(f"{label} holds (tolerance {tolerance_text(rtol)})")


def tolerance_text(rtol: float) -> str:
    """Write a tolerance the way `verify` prints it: 1e-7, 2.5e-4.

    Parameters
    ----------
    rtol : float
        A positive number.

    Returns
    -------
    str
        Shortest mantissa and exponent; the same on every machine.
    """
    mantissa, exponent = f"{rtol:.6e}".split("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"


def _check_call(label: str, rtol: float) -> None:
    if not isinstance(label, str) or not label.startswith("eq-") or len(label) < 4:
        raise ValueError(
            f"verify: label is {label!r}, expected the label of an equation, 'eq-…'"
        )
    if not 0 < rtol <= 1e-2:
        raise ValueError(f"verify {label}: rtol is {rtol!r}, expected 0 < rtol <= 1e-2")


def _numbers(label: str, side: str, given: ArrayLike) -> NDArray[Any]:
    try:
        array = np.asarray(given)
    except ValueError as problem:
        raise ValueError(f"verify {label}: {side} is ragged: {problem}") from None
    if array.dtype.kind not in "iuf":
        raise TypeError(
            f"verify {label}: {side} is {type(given).__name__} of {array.dtype}, "
            "expected real numbers"
        )
    if array.size == 0:
        raise ValueError(
            f"verify {label}: {side} is empty (shape {array.shape}), so the "
            "comparison could not fail"
        )
    bad = np.argwhere(~np.isfinite(array))
    if len(bad):
        first = tuple(int(i) for i in bad[0])
        raise ValueError(
            f"verify {label}: {side} is {array[first]} at {first}, expected finite "
            f"numbers ({len(bad)} of {array.size} are not)"
        )
    return array


def _check_independent(
    label: str,
    derived: ArrayLike,
    measured: ArrayLike,
    d: NDArray[Any],
    m: NDArray[Any],
) -> None:
    if derived is measured and not isinstance(derived, int):
        raise ValueError(
            f"verify {label}: derived and measured are the same object, so the "
            "comparison could not fail"
        )
    if np.shares_memory(d, m):
        raise ValueError(
            f"verify {label}: derived and measured share memory, so the comparison "
            "could not fail; compare results that were computed apart"
        )
