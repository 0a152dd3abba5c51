"""Look something up by its name, or say which name is the nearest."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import TypeVar

Thing = TypeVar("Thing")


def named(kind: str, name: object, known: Mapping[str, Thing]) -> Thing:
    """Return what is known by a name.

    Parameters
    ----------
    kind : str
        What it is, for the message: "exercise".
    name : object
    known : mapping
        Not empty.

    Returns
    -------
    object

    Raises
    ------
    KeyError
        There is none; the message names the nearest.
    """
    if name in known:
        return known[str(name)]
    near = get_close_matches(str(name), known, n=1, cutoff=0.0)
    raise KeyError(f"no {kind} {name!r}; the nearest is {near[0]!r}")
