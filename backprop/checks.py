"""Refusals of the package: where, what was given, what was expected."""

from typing import Any

import numpy as np

from backprop.functions import Array


def check(ok: bool, where: str, name: str, given: object, expected: str) -> None:
    """Raise ValueError unless `ok`."""
    if not ok:
        raise ValueError(f"{where}: {name} is {given!r}, expected {expected}")


def check_count(where: str, name: str, n: Any, least: int = 1) -> None:
    """Raise ValueError unless n is an integer, and large enough."""
    ok = isinstance(n, int | np.integer) and n >= least
    check(bool(ok), where, name, n, f"an integer >= {least}")


def assign(where: str, name: str, view: Array, value: Any) -> None:
    """Copy `value` into `view`, or raise ValueError if the shapes differ."""
    given = np.shape(value)
    if given != view.shape:
        raise ValueError(f"{where}: {name} has shape {view.shape}, got {given}")
    view[...] = value


def check_all(where: str, name: str, array: Array, good: Array, expected: str) -> None:
    """Raise ValueError unless all are `good`; the message names the first that is not.

    `good` has the shape of `array`, or of its first axes.
    """
    if not good.all():
        at = np.unravel_index(int(good.argmin()), good.shape)
        bad = int((~good).sum())
        given = f"{entry(name, at)} is {array[at]}"
        raise ValueError(f"{where}: {given}, expected {expected} ({bad} are not)")


def entry(name: str, at: tuple[np.intp, ...]) -> str:
    """How messages write an entry of an array: ``W[1, 2]``."""
    return f"{name}[{', '.join(map(str, at))}]"
