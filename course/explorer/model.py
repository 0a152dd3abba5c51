"""What an explorer is: a task, data that `backprop` computed, and a picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Data = dict[str, Any]


def no_picture(data: Data) -> str:
    """Draw nothing: the words of `alt` stand alone.

    Parameters
    ----------
    data : dict

    Returns
    -------
    str
        "".
    """
    return ""


def no_numbers(data: Data) -> list[tuple[str, str]]:
    """List nothing.

    Parameters
    ----------
    data : dict

    Returns
    -------
    list
        Empty.
    """
    return []


@dataclass(frozen=True, kw_only=True)
class Exploration:
    """Something to try out on the page, without a kernel.

    Attributes
    ----------
    id : str
        "ch05.entry": its chapter, and a name.
    title : str
    task : str
        What to do and what to find out; `` `code` `` and w_u as in exercises.
    view : str
        Name of the front end's view, a key of ``VIEWS`` in ``explore.js``.
    data : callable
        () -> dict: what the view starts from, plain data computed with
        `backprop`. Floats are rounded to six digits when they are written.
    picture : callable
        data -> str: SVG of the first state, for who reads without scripts.
    alt : callable
        data -> str: what is seen in the first state.
    numbers : callable
        data -> list of (name, value): the first numbers, for the same reader.
    """

    id: str
    title: str
    task: str
    view: str
    data: Callable[[], Data]
    alt: Callable[[Data], str]
    picture: Callable[[Data], str] = no_picture
    numbers: Callable[[Data], list[tuple[str, str]]] = no_numbers

    @property
    def chapter(self) -> str:
        """The chapter, "ch05"."""
        return self.id.split(".")[0]
