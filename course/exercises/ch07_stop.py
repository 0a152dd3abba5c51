"""Chapter 7, The training loop: when to stop, and what to keep."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course.exercises.sources import spoil
from course.model import Call, Code, Failed, Generator, Mistake, Property
from course.properties import number, parts

Run = tuple[list[float], int]  # validation losses, patience


def _stopped(val_losses: Any, patience: int) -> tuple[int, int]:
    best, lowest, waited = 0, float("inf"), 0
    for epoch, loss in enumerate(val_losses):
        waited += 1
        if loss < lowest:
            best, lowest, waited = epoch, float(loss), 0
        if waited >= patience:
            return epoch, best
    return len(val_losses) - 1, best


# -- Runs on which slips show ----------------------------------------------------

# A loss that equals the lowest one, in front of one that would be lower.
TIES: tuple[Run, ...] = (
    ([1.0, 1.0, 1.0], 1),
    ([1.0, 0.5, 0.5, 0.5, 0.4], 2),
    ([0.9, 0.5, 0.7, 0.5, 0.4], 2),
)
# Losses above whatever number somebody may take for "very large".
LARGE: tuple[Run, ...] = (([12.0, 11.0, 13.0], 1), ([3e9, 2e9, 4e9], 1))
# Nothing stops these, and the lowest loss is not the last.
UNSTOPPED: tuple[Run, ...] = (
    ([0.9, 0.5, 0.7, 0.5], 5),
    ([1.0, 0.5, 0.8], 5),
    ([0.7], 1),
)


def _draw_losses(rng: Generator) -> Run:
    """Losses on which the usual slips give different answers.

    The lowest one comes after a relapse; then a plateau with a small dip that
    is no new best, and later losses that would be one.
    """
    patience = int(rng.integers(3, 6))
    low = float(rng.uniform(0.5, 1))
    fall = list(low + np.sort(rng.uniform(0.5, 1, 3))[::-1])
    relapse = list(fall[-1] + rng.uniform(0.1, 0.3, 2))
    dip = [low + 0.4, low + 0.2, *([low + 0.3] * (patience - 2))]
    late = [low - 0.1] * 3
    losses = [*fall, *relapse, low, *dip, low + 0.35, low + 0.36, *late]
    return [round(float(x), 3) for x in losses], patience


def _draw_ties(rng: Generator) -> Run:
    """Few different losses, so that many are equal; long enough to be stopped."""
    patience = int(rng.integers(1, 4))
    losses = [round(0.1 * int(k), 1) for k in rng.integers(2, 6, 9)]
    return [*losses, *[0.9] * patience, 0.1], patience


def _stopping(rng: Generator) -> Iterator[Run]:
    yield from (_draw_losses(rng) for _ in range(4))
    yield from (*TIES, *LARGE)
    yield from (_draw_ties(rng) for _ in range(4))


def _unstopped(rng: Generator) -> Iterator[Run]:
    fall = [round(float(x), 3) for x in np.sort(rng.uniform(0, 2, 6))[::-1]]
    yield fall, 2
    yield from UNSTOPPED
    losses, _ = _draw_losses(rng)
    yield losses[:8], 8


# -- Checks ----------------------------------------------------------------------


def _check_stop(call: Call, rng: Generator, which: int) -> None:
    for run in _stopping(rng):
        got = parts("the result", call(*run), 2)[which]
        _same_epoch(which, got, run)


def _check_runs_on(call: Call, rng: Generator) -> None:
    for run in _unstopped(rng):
        for which, got in enumerate(parts("the result", call(*run), 2)):
            _same_epoch(which, got, run)


def _same_epoch(which: int, got: Any, run: Run) -> None:
    name = ("the epoch after which it stops", "the epoch that it keeps")[which]
    losses, patience = run
    want = _stopped(losses, patience)[which]
    if number(name, got) != want:
        said = ", ".join(f"{x:g}" for x in losses)
        raise Failed(
            f"{name} is {got:g}; expected {want}, counted from 0 "
            f"(patience {patience}, losses {said})"
        )


# -- The exercise ----------------------------------------------------------------

STOP_SOLUTION = '''def stop_early(val_losses, patience):
    """Epoch after which to stop, and epoch to keep; counted from 0."""
    best, lowest, waited = 0, np.inf, 0
    for epoch, loss in enumerate(val_losses):
        if loss < lowest:
            best, lowest, waited = epoch, loss, 0
        else:
            waited = waited + 1
        if waited >= patience:
            return epoch, best
    return len(val_losses) - 1, best
'''
STOPS_AT = "return epoch, best"
RUNS_OUT = "return len(val_losses) - 1, best"
WAITS = "            waited = waited + 1\n"

STOP = Code(
    id="ch07.stop-early",
    title="When to stop, and what to keep",
    points=4,
    minutes=12,
    function="stop_early",
    stub='''def stop_early(val_losses, patience):
    """Epoch after which to stop, and epoch to keep; counted from 0."""
    # your lines
    return None, None
''',
    solution=STOP_SOLUTION,
    properties=(
        Property("when it stops", 2, lambda call, rng: _check_stop(call, rng, 0)),
        Property("what it keeps", 1, lambda call, rng: _check_stop(call, rng, 1)),
        Property("a run that nothing stops", 1, _check_runs_on),
    ),
    case=lambda rng: (
        *(_draw_losses(rng) for _ in range(4)),
        *TIES,
        LARGE[-1],  # alone, so that 9, 100 and 1e6 as a start are one mistake
        *UNSTOPPED,
    ),
    hints=(
        "Go through the epochs and carry three things along: the lowest loss so far, "
        "its epoch, and how long it has not improved.",
        "Patience 3 means: stop after the third epoch in a row without a new lowest "
        "loss.",
    ),
    mistakes=(
        Mistake(
            "one-too-patient",
            "You stop an epoch late. With patience 3, how many epochs without "
            "improvement may pass?",
            spoil(STOP_SOLUTION, ("waited >= patience", "waited > patience")),
        ),
        Mistake(
            "previous-not-best",
            "You compare a loss with the one before it. A small recovery on a high "
            "plateau is no improvement.",
            spoil(STOP_SOLUTION, (WAITS, f"{WAITS}            lowest = loss\n")),
        ),
        Mistake(
            "previous-for-the-count",
            "You keep the right epoch so far, but your count begins anew whenever a "
            "loss is below the previous one. Below which one should it be?",
            spoil(
                STOP_SOLUTION,
                (
                    WAITS,
                    "            down = loss < val_losses[epoch - 1]\n"
                    "            waited = 0 if down else waited + 1\n",
                ),
            ),
        ),
        Mistake(
            "never-reset",
            "Your count goes on after a new lowest loss. How long has it *not* "
            "improved then?",
            spoil(
                STOP_SOLUTION,
                ("best, lowest, waited = epoch, loss, 0", "best, lowest = epoch, loss"),
            ),
        ),
        Mistake(
            "last-kept",
            "You stop in time but keep the last epoch. Which one had the lowest loss?",
            spoil(STOP_SOLUTION, (STOPS_AT, "return epoch, epoch")),
        ),
        Mistake(
            "last-kept-unstopped",
            "All is right while something stops the run. And if nothing does: is the "
            "last epoch the one to keep?",
            spoil(STOP_SOLUTION, (RUNS_OUT, "return (len(val_losses) - 1,) * 2")),
        ),
        Mistake(
            "last-kept-always",
            "You return the last epoch twice. The second number asks for another "
            "one: where was the loss lowest?",
            spoil(
                STOP_SOLUTION,
                (STOPS_AT, "return epoch, epoch"),
                (RUNS_OUT, "return (len(val_losses) - 1,) * 2"),
            ),
        ),
        Mistake(
            "ties-improve",
            "Is a loss equal to the lowest one below it?",
            spoil(STOP_SOLUTION, ("loss < lowest", "loss <= lowest")),
        ),
        Mistake(
            "ties-reset",
            "You keep the right epoch, but an equal loss sets your count back. Is it "
            "an improvement?",
            spoil(
                STOP_SOLUTION,
                (
                    WAITS,
                    "            waited = 0 if loss == lowest else waited + 1\n",
                ),
            ),
        ),
        Mistake(
            "ties-keep-the-last",
            "You stop in time. If several epochs have the lowest loss, which of them "
            "is to be kept?",
            spoil(
                STOP_SOLUTION,
                (
                    WAITS,
                    f"{WAITS}            best = epoch if loss == lowest else best\n",
                ),
            ),
        ),
        Mistake(
            "not-large-enough",
            "Your lowest loss begins with a number, and a loss may be above it. "
            "Which number is above all others?",
            spoil(STOP_SOLUTION, ("np.inf", "9")),
        ),
        Mistake(
            "first-not-better",
            "The first epoch is an improvement, always. Does your count know, if the "
            "second loss is no lower?",
            spoil(STOP_SOLUTION, ("np.inf", "val_losses[0]")),
        ),
        Mistake(
            "swapped",
            "The right two epochs, the other way round: first when it stops, then "
            "what it keeps.",
            spoil(
                STOP_SOLUTION,
                (STOPS_AT, "return best, epoch"),
                (RUNS_OUT, "return best, len(val_losses) - 1"),
            ),
        ),
        Mistake(
            "saw-the-future",
            "You keep the lowest of all losses in the list. Which of them has the run "
            "seen when it stops?",
            spoil(
                STOP_SOLUTION,
                (STOPS_AT, "return epoch, int(np.argmin(val_losses))"),
            ),
        ),
        Mistake(
            "counted-from-1",
            "Both numbers are too high by one. What is the number of the first epoch?",
            spoil(
                STOP_SOLUTION,
                (STOPS_AT, "return epoch + 1, best + 1"),
                (RUNS_OUT, "return len(val_losses), best + 1"),
            ),
        ),
    ),
)
