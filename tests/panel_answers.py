"""Answers to hold the page's check to Python's: right, mistaken and random."""

from __future__ import annotations

from typing import Any

import numpy as np

from course.model import Choice, Exercise, Number, Order
from course.personal import mistakes_for, right_for

# A hair, near, wrong: at and around every tolerance, but never on it.
NUDGES = (1, 1 + 3e-5, 1 - 2.3e-3, 1.006, 0.9, -1, 2)


def answers(exercise: Exercise, student: str | None, take: int) -> list[Any]:
    """Return well-formed answers, the right one first."""
    rng = np.random.default_rng(0)
    right = right_for(exercise, student, take)
    wrong = [answer for _, answer in mistakes_for(exercise, student, take)]
    return [right, *wrong, *_random(exercise, right, wrong, rng)]


def _random(exercise: Exercise, right: Any, wrong: list[Any], rng: Any) -> list[Any]:
    if isinstance(exercise, Number):
        nudged = [[x * k for x in answer] for k in NUDGES for answer in [right, *wrong]]
        mixed = [[x * float(rng.choice(NUDGES)) for x in right] for _ in range(10)]
        return nudged + mixed
    if isinstance(exercise, Choice):
        return list(range(1 + len(exercise.mistakes)))
    if isinstance(exercise, Order):
        lines, reasons = len(exercise.lines), len(exercise.reasons)
        orders = [right["order"], *(rng.permutation(lines).tolist() for _ in range(15))]
        if not reasons:
            return [{"order": order} for order in orders]
        return [
            {"order": order, "reasons": chosen}
            for order in orders
            for chosen in (
                right["reasons"],
                right["reasons"][::-1],
                rng.integers(reasons, size=lines).tolist(),
            )
        ]
    draws = [[int(rng.integers(s.count)) for s in exercise.sliders] for _ in range(60)]
    return [
        {s.name: s.at(k) for s, k in zip(exercise.sliders, draw, strict=True)}
        for draw in draws
    ]
