"""Explorers: something to do on a page, which answers.

`course.explorer("ch01.secant")` shows one. The view is JavaScript, in
``course/static/explore-*.js``; its numbers come from `backprop`. Importing this
package stays light: chapters and widgets are loaded when an explorer is asked for.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import TYPE_CHECKING, Any

from course.explorer.model import Exploration
from course.nearest import named

if TYPE_CHECKING:
    from course.explorer.widget import Explorer

__all__ = ["CHAPTERS", "Exploration", "all", "explorer", "get"]

CHAPTERS = ("ch01", "ch02", "ch03", "ch04", "ch05", "ch06", "ch07")


def explorer(exploration_id: str) -> Explorer:
    """Return an explorer, for the last line of a cell.

    Parameters
    ----------
    exploration_id : str
        "ch01.secant".

    Returns
    -------
    Explorer

    Raises
    ------
    KeyError
        There is none; the message names the nearest.
    """
    from course.explorer.widget import Explorer

    return Explorer(get(exploration_id))


@cache
def all() -> tuple[Exploration, ...]:
    """Return every exploration, in the order of the book.

    Returns
    -------
    tuple of Exploration
    """
    modules: list[Any] = [
        importlib.import_module(f"course.explorer.{name}") for name in CHAPTERS
    ]
    return tuple(one for module in modules for one in module.EXPLORATIONS)


def get(exploration_id: str) -> Exploration:
    """Return an exploration by its id.

    Parameters
    ----------
    exploration_id : str
        "ch01.secant".

    Returns
    -------
    Exploration

    Raises
    ------
    KeyError
        There is none; the message names the nearest.
    """
    return named("explorer", exploration_id, {one.id: one for one in all()})
