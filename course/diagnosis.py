"""Which mistake a wrong function makes: the one whose outputs are the same."""

from __future__ import annotations

from typing import Any

import numpy as np

from course import local
from course.model import Call, Code, Failed, Generator, Mistake, StudentError

RTOL = 1e-6


def of(exercise: Code, function: Call, rng: Generator) -> Mistake | None:
    """Return the mistake that a function makes, if it is a listed one.

    Parameters
    ----------
    exercise : Code
    function : Call
        The student's.
    rng : numpy.random.Generator
        Draws the inputs.

    Returns
    -------
    Mistake or None
        None also if the function is right on these inputs.
    """
    if not exercise.mistakes:
        return None
    cases = exercise.case(rng)
    theirs = outcomes(function, cases)
    make = local.caller(exercise)
    if same(theirs, outcomes(make(exercise.solution), cases)):
        return None
    for mistake in exercise.mistakes:
        if same(theirs, outcomes(make(mistake.answer), cases)):
            return mistake
    return None


def outcomes(function: Call, cases: tuple[tuple[Any, ...], ...]) -> list[Any]:
    """Return what a function makes of each case, or how it fails.

    Parameters
    ----------
    function : Call
    cases : tuple of tuple
        Arguments.

    Returns
    -------
    list
        A value, or ("failed", what).
    """
    found: list[Any] = []
    for case in cases:
        try:
            found.append(function(*case))
        except Failed:
            found.append(("failed", "changed an input"))
        except StudentError as problem:
            found.append(("failed", problem.kind))
            if problem.kind in {"timeout", "interrupted", "memory"}:
                break
    return found


def same(a: Any, b: Any) -> bool:
    """Whether two plain results agree, in structure and in numbers to 1e-6.

    Parameters
    ----------
    a, b : plain data

    Returns
    -------
    bool
    """
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    # Checks take a list for an array of the same numbers, and so does this.
    if isinstance(a, np.ndarray) and isinstance(b, list | tuple):
        a = a.tolist()
    if isinstance(b, np.ndarray) and isinstance(a, list | tuple):
        b = b.tolist()
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, str | bool | None) or isinstance(b, str | bool | None):
        return type(a) is type(b) and bool(a == b)
    if isinstance(a, int | float | np.ndarray) and isinstance(
        b, int | float | np.ndarray
    ):
        x, y = np.asarray(a, float), np.asarray(b, float)
        if x.shape != y.shape:
            return False
        return bool(np.allclose(x, y, rtol=RTOL, atol=1e-9, equal_nan=True))
    return False
