"""Read a result file of `make bench`, and take ratios from it entry by entry.

Repeat i of one peer was taken between repeats i of the others. What slows the
machine for a moment slows both sides of their ratio, so ratios are taken first,
and medians afterwards; never the ratio of two medians.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from course.measured.spread import Numbers, spread

FORMAT = "backprop-benchmarks 1"
FILE = "benchmarks/results/book.json"
ROOT = Path(__file__).resolve().parent.parent.parent
OURS = "backprop"
# A core's own time, where there is one; with two, what the reader waits.
CLOCKS = {1: "cpu", 2: "wall"}

Keys = tuple[str | int, ...]


class ResultError(ValueError):
    """A result file that is not there, or lacks something; names both."""


def read(path: Path | None = None) -> Results:
    """Read a result file.

    Parameters
    ----------
    path : Path, optional
        That of the book, if not given.

    Returns
    -------
    Results

    Raises
    ------
    ResultError
        If there is none, or it is not of this format.
    """
    path = ROOT / FILE if path is None else path
    try:
        data = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ResultError(
            f"{path}: no results there ({error.strerror}). They stand in the "
            "book's repository, and `make bench` measures anew"
        ) from None
    except ValueError as error:
        raise ResultError(f"{path}: not JSON: {error}") from None
    found = data.get("format") if isinstance(data, dict) else type(data).__name__
    if found != FORMAT:
        raise ResultError(f"{path}: format is {found!r}, expected {FORMAT!r}")
    return Results(path, data)


@dataclass(frozen=True)
class Results:
    """One run of the benchmarks.

    Attributes
    ----------
    path : Path
        Of its file, for messages.
    data : mapping
        As the file holds it. Sections may be absent, if the run was interrupted.
    """

    path: Path
    data: Mapping[str, Any]

    def at(self, *keys: str | int) -> Any:
        """Return what stands under these keys, one below the other.

        Raises
        ------
        ResultError
            If it is not there; says what is.
        """
        found: Any = self.data
        for depth, key in enumerate(keys):
            if isinstance(found, list):
                found = dict(enumerate(found))
            there = found if isinstance(found, dict) else {}
            if key not in there:
                wanted = " → ".join(map(str, keys[: depth + 1]))
                has = ", ".join(map(str, there)) or "nothing"
                raise ResultError(f"{self.path}: no {wanted}; there is {has}")
            found = there[key]
        return found

    def numbers(self, *keys: str | int) -> Numbers:
        """Return the repeats under these keys.

        Raises
        ------
        ResultError
            If they are not there, or are not all positive numbers.
        """
        found = self.at(*keys)
        try:
            array = np.asarray(found, dtype=np.float64)
        except (TypeError, ValueError):
            array = np.empty(0)
        fit = (
            array.size and array.ndim == 1 and ((array > 0) & np.isfinite(array)).all()
        )
        if not fit:
            where = " → ".join(map(str, keys))
            raise ResultError(
                f"{self.path}: {where} is {found!r:.80}, expected a list of "
                "positive numbers, one a repeat"
            )
        return array

    def ratio(self, above: Keys, below: Keys) -> Numbers:
        """Return two lists of repeats divided entry by entry.

        Raises
        ------
        ResultError
            If one has more repeats than the other.
        """
        over, under = self.numbers(*above), self.numbers(*below)
        if len(over) != len(under):
            a, b = " → ".join(map(str, above)), " → ".join(map(str, below))
            raise ResultError(
                f"{self.path}: {a} has {len(over)} repeats, {b} has {len(under)}"
            )
        return np.asarray(over / under)

    def ratios(self, cores: int = 1) -> dict[str, dict[str, Numbers]]:
        """Return theirs ÷ ours of a training step: workload, peer, repeat.

        Parameters
        ----------
        cores : int
            1, by the time of the core, or 2, by the clock on the wall.

        Returns
        -------
        dict of str to dict of str to ndarray of shape (repeats,)
            Above 1 where ours is faster. A peer that was not timed is left out.

        Raises
        ------
        ResultError
        """
        steps, clock = ("steps", str(cores)), CLOCKS[cores]
        return {
            work: {
                peer: self.ratio(
                    (*steps, work, peer, clock), (*steps, work, OURS, clock)
                )
                for peer in self.at(*steps, work)
                if peer != OURS
            }
            for work in self.at(*steps)
        }

    def peers(self) -> list[str]:
        """Return the peers, the slowest on its middle workload first."""
        found: dict[str, list[float]] = {}
        for row in self.ratios().values():
            for peer, values in row.items():
                found.setdefault(peer, []).append(spread(values).middle)
        return sorted(found, key=lambda peer: -float(np.median(found[peer])))

    def share_of_peak(self, work: str) -> Numbers:
        """Return which share of the core's own peak our steps on a workload reach.

        Operations of a step's matrix products alone, over its whole time, against
        the fastest of the products that were timed for the peak.
        """
        rate = self.at("passes", work, "flops") / 1e3  # a µs: 1e9 a second
        peak = self.numbers("peak", "gflops").max()
        taken = self.numbers("steps", "1", work, OURS, CLOCKS[1])
        return np.asarray(rate / taken / peak)

    def passes(self, work: str) -> Numbers:
        """Return the time of the backward pass ÷ that of the forward pass."""
        return self.ratio(("passes", work, "backward"), ("passes", work, "forward"))

    def medians(self, section: str, of: str) -> Numbers:
        """Return the median of each entry of a section that is a list."""
        entries = range(len(self.at(section)))
        return np.array([np.median(self.numbers(section, k, of)) for k in entries])

    def column(self, section: str, of: str) -> Numbers:
        """Return one number of each entry of a section that is a list."""
        entries = range(len(self.at(section)))
        return np.array([self.at(section, k, of) for k in entries], dtype=np.float64)
