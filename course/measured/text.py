"""Numbers and rows as aligned text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from course.measured.spread import Numbers, spread

UNITS = {"µs": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0}


def aligned(rows: Iterable[Sequence[str]], left: int = 1) -> str:
    """Write rows under each other, the first columns to the left, others right.

    Parameters
    ----------
    rows : iterable of sequence of str
        The first is the head.
    left : int
        Columns of words.

    Returns
    -------
    str
    """
    table = [list(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if k < left else cell.rjust(width)
            for k, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    )


def brief(x: float) -> str:
    """Write a positive number with three digits: 0.16, 2.50, 16.6, 707,452."""
    return f"{x:,.0f}" if x >= 99.5 else f"{x:.1f}" if x >= 9.95 else f"{x:.2f}"


def middle(values: Numbers) -> float:
    """Return the median."""
    return spread(values).middle


def ranged(values: Numbers, write: Callable[[float], str] = brief) -> str:
    """Write the median, and smallest and largest in brackets."""
    low, median, high = map(write, spread(values))
    return f"{median} ({low} to {high})"


def time(seconds: float) -> str:
    """Write a time in the unit that fits: 2.54 ms, 23.4 min."""
    fits = (unit for unit, size in UNITS.items() if seconds < 999.5 * size)
    unit = next(fits, "min")
    return f"{brief(seconds / UNITS[unit])} {unit}"
