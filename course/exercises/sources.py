"""Wrong solutions are right ones with one thing spoiled: that is how they differ."""

from __future__ import annotations


def spoil(source: str, *changes: tuple[str, str]) -> str:
    """Replace pieces of a source.

    Parameters
    ----------
    source : str
    *changes : (str, str)
        What stands there once, and what takes its place.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        A piece does not stand there exactly once.
    """
    for old, new in changes:
        if source.count(old) != 1:
            raise ValueError(f"{old!r} stands {source.count(old)} times in:\n{source}")
        source = source.replace(old, new)
    return source
