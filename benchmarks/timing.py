"""Interleaved timing: what slows the machine slows all that are compared."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping

BLOCK = 0.15  # seconds between two changes of side
REPEATS = 4  # in each of the two turns of a run

Run = Callable[[int], None]  # does its work so many times
Times = dict[str, dict[str, list[float]]]  # name -> 'cpu' and 'wall', seconds each


def interleave(
    runs: Mapping[str, Callable[[], Run]],
    repeats: int = REPEATS,
    block: float = BLOCK,
) -> Times:
    """Time several things in turn, again and again.

    Parameters
    ----------
    runs : mapping of str to callable
        For each thing, what makes it ready (untimed, once a repeat) and returns
        what is timed.
    repeats : int
        Entries of each list of the result.
    block : float
        Seconds that one thing is timed for before the next one's turn.

    Returns
    -------
    dict
        Seconds for doing the work once, of CPU (of all threads) and of the
        clock. Entry i of one was taken beside entry i of the others, so a ratio
        is taken entry by entry.
    """
    times: Times = {name: {"cpu": [], "wall": []} for name in runs}
    rounds = dict.fromkeys(runs, 0)
    gc.collect()
    gc.freeze()  # else a peer that makes objects pays for a search of all modules
    for _ in range(repeats):
        for name, ready in runs.items():
            run = ready()
            run(1)  # caches and buffers are as they will be
            if not rounds[name]:
                _, once = clock(run, 1)
                rounds[name] = max(1, round(block / max(once, 1e-7)))
            n = rounds[name]
            cpu, wall = clock(run, n)
            times[name]["cpu"].append(cpu / n)
            times[name]["wall"].append(wall / n)
    return times


def clock(run: Run, n: int) -> tuple[float, float]:
    """Seconds of CPU and of the clock for doing it n times."""
    cpu, wall = time.process_time(), time.perf_counter()
    run(n)
    return time.process_time() - cpu, time.perf_counter() - wall


def repeat(function: Callable[[], object]) -> Callable[[], Run]:
    """Make a thing for `interleave` of a function without arguments."""

    def run(n: int) -> None:
        for _ in range(n):
            function()

    return lambda: run
