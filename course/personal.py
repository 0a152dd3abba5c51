"""Personal values: each student has numbers of their own, the same on every run.

They follow from a public key, the student and the exercise. Without a student
they are fixed, so that pages are stable. What a student sees, an answer on that
scale, and the answers of the mistakes all come from here; panel and check ask
the same functions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from itertools import combinations
from typing import Any

import numpy as np

from course.model import Choice, Exercise, Mistake, Number, Order, Tune, Values

PUBLIC_KEY = b"backprop-book/1"
CLEARLY = 0.02  # answers nearer than 2 % would be one answer to a reader
NOISE = 1e-8  # what a check calls equal to zero, and more
DRAWS = 1000


def rng_for(
    exercise_id: str, student: str | None, key: bytes = PUBLIC_KEY
) -> np.random.Generator:
    """Return the generator of a student's values in an exercise.

    Parameters
    ----------
    exercise_id : str
    student : str or None
        None gives the fixed values of the page.
    key : bytes, optional
        Who does not know it cannot predict the values.

    Returns
    -------
    numpy.random.Generator
    """
    digest = hashlib.sha256()
    for part in (key, (student or "").encode(), exercise_id.encode()):
        # With lengths, ("a", "bc") and ("ab", "c") are two students.
        digest.update(len(part).to_bytes(8, "big") + part)
    seed = int.from_bytes(digest.digest(), "big")
    return np.random.Generator(np.random.PCG64(seed))


def values_for(exercise: Exercise, student: str | None = None, take: int = 0) -> Values:
    """Draw a student's values, until all mistakes can be told apart.

    Parameters
    ----------
    exercise : Exercise
    student : str, optional
    take : int, optional
        0 counts; 1, 2, … are "another one", for practice.

    Returns
    -------
    dict
        Empty for kinds that draw nothing.

    Raises
    ------
    ValueError
        If 1,000 draws left two answers too near; names the pair.
    """
    if not isinstance(exercise, Number | Choice | Tune):
        return {}
    rng = rng_for(_taken(exercise, take), student)
    pair = None
    for _ in range(DRAWS):
        values = exercise.draw(rng)
        pair = clash(exercise, values)
        if pair is None:
            return values
    raise ValueError(
        f"{exercise.id}: in {DRAWS} draws the answers {pair[0]} and {pair[1]} "
        "never differed clearly"
        if pair
        else f"{exercise.id}: nothing drawn"
    )


def clash(exercise: Exercise, values: Values) -> tuple[str, str] | None:
    """Return two answers, right or mistaken, that are too near; None if none are.

    Parameters
    ----------
    exercise : Exercise
    values : dict

    Returns
    -------
    (str, str) or None
        Names of mistakes; "right" for the right answer.
    """
    if isinstance(exercise, Tune):
        return _tune_clash(exercise, values)
    if not isinstance(exercise, Number | Choice):
        return None
    answers: list[tuple[str, Any]] = [("right", exercise.answer(values))]
    answers += [(m.name, m.answer(values)) for m in exercise.mistakes]
    for (first, a), (second, b) in combinations(answers, 2):
        if isinstance(exercise, Number):
            near = _near(a, b, _apart(exercise))
        else:
            options = exercise.options(values)
            near = a == b or options[a] == options[b]
        if near:
            return first, second
    return None


def displayed(
    exercise: Choice | Order, student: str | None, take: int = 0
) -> list[int]:
    """Return the shuffle: what is displayed in place k is number displayed[k].

    Parameters
    ----------
    exercise : Choice or Order
    student : str or None
    take : int, optional

    Returns
    -------
    list of int
        Never the right order itself, where lines are to be ordered.
    """
    if isinstance(exercise, Order):
        count = len(exercise.lines)
    else:
        count = len(exercise.options(values_for(exercise, student, take)))
    rng = rng_for(_taken(exercise, take) + "#shuffle", student)
    while True:
        places = [int(i) for i in rng.permutation(count)]
        if isinstance(exercise, Choice) or broken_rules(exercise, places):
            return places


def options_for(
    exercise: Choice, student: str | None = None, take: int = 0
) -> tuple[str, ...]:
    """Return a student's options in the order displayed.

    Parameters
    ----------
    exercise : Choice
    student : str, optional
    take : int, optional

    Returns
    -------
    tuple of str
    """
    options = exercise.options(values_for(exercise, student, take))
    return tuple(options[i] for i in displayed(exercise, student, take))


def lines_for(
    exercise: Order, student: str | None = None, take: int = 0
) -> tuple[str, ...]:
    """Return the lines in the order displayed.

    Parameters
    ----------
    exercise : Order
    student : str, optional
    take : int, optional

    Returns
    -------
    tuple of str
    """
    return tuple(exercise.lines[i].text for i in displayed(exercise, student, take))


def right_for(exercise: Exercise, student: str | None = None, take: int = 0) -> Any:
    """Return a right answer, as ``submission.json`` holds it.

    Parameters
    ----------
    exercise : Exercise
    student : str, optional
    take : int, optional

    Returns
    -------
    list of float, int, dict or str
        For `Code`, the solution's source.
    """
    if isinstance(exercise, Order):
        return _as_displayed(exercise, {}, student, take)
    if isinstance(exercise, Number | Choice | Tune):
        answer = exercise.answer(values_for(exercise, student, take))
        return _as_displayed(exercise, answer, student, take)
    return exercise.solution  # type: ignore[attr-defined]


def mistakes_for(
    exercise: Exercise, student: str | None = None, take: int = 0
) -> tuple[tuple[Mistake, Any], ...]:
    """Return each mistake with its answer, as ``submission.json`` would hold it.

    Parameters
    ----------
    exercise : Exercise
    student : str, optional
    take : int, optional

    Returns
    -------
    tuple of (Mistake, answer)
    """
    values = values_for(exercise, student, take)
    return tuple(
        (m, _as_displayed(exercise, m.answer(values), student, take))
        if callable(m.answer)
        else (m, m.answer)
        for m in exercise.mistakes
    )


def broken_rules(
    exercise: Order, order: Iterable[int], reasons: Iterable[int] | None = None
) -> frozenset[tuple[str, int, int]]:
    """Return what is wrong with an order, in terms of the exercise's own lines.

    Parameters
    ----------
    exercise : Order
    order : iterable of int
        Lines from first to last.
    reasons : iterable of int, optional
        For each of them, the index of the reason chosen.

    Returns
    -------
    frozenset of (str, int, int)
        ("order", i, j): line i should come before line j and does not.
        ("reason", i, r): line i is given the wrong reason r.
    """
    order = list(order)
    place = {line: k for k, line in enumerate(order)}
    broken = {("order", i, j) for i, j in exercise.rules if place[i] > place[j]}
    names = exercise.reasons
    for line, r in zip(order, reasons or (), strict=False):
        if names[r] != exercise.lines[line].reason:
            broken.add(("reason", line, r))
    return frozenset(broken)


def _taken(exercise: Exercise, take: int) -> str:
    return f"{exercise.id}#{take}" if take else exercise.id


def _apart(exercise: Number) -> float:
    # Counts are exact: 96 and 97 are two answers.
    return max(20 * exercise.rtol, CLEARLY) if exercise.rtol else 0.0


def _near(a: tuple[float, ...], b: tuple[float, ...], apart: float) -> bool:
    """Whether two answers agree in every field.

    Sums that cancel leave rounding noise, which no relative distance tells apart.
    """
    return all(
        abs(x - y) <= apart * max(abs(x), abs(y)) + NOISE
        for x, y in zip(a, b, strict=True)
    )


def _tune_clash(exercise: Tune, values: Values) -> tuple[str, str] | None:
    right = exercise.answer(values)
    if not exercise.accept(values, right):
        return "right", "its own goal"
    seen: dict[tuple[int, ...], str] = {}
    for mistake in exercise.mistakes:
        settings = mistake.answer(values)
        places = tuple(s.place(settings[s.name]) for s in exercise.sliders)
        inside = all(
            0 <= p < s.count for p, s in zip(places, exercise.sliders, strict=True)
        )
        at = {s.name: s.at(p) for s, p in zip(exercise.sliders, places, strict=True)}
        if not inside or exercise.accept(values, at):
            return "right", mistake.name
        if places in seen:
            return seen[places], mistake.name
        seen[places] = mistake.name
    return None


def _as_displayed(
    exercise: Exercise, answer: Any, student: str | None, take: int
) -> Any:
    """Turn an answer in the exercise's own terms into one as displayed."""
    if isinstance(exercise, Number):
        return [float(x) for x in answer]
    if isinstance(exercise, Choice):
        return displayed(exercise, student, take).index(answer)
    if isinstance(exercise, Tune):
        return {s.name: s.at(s.place(answer[s.name])) for s in exercise.sliders}
    assert isinstance(exercise, Order)
    order = list(answer.get("order", range(len(exercise.lines))))
    places = displayed(exercise, student, take)
    shown: dict[str, list[int]] = {"order": [places.index(i) for i in order]}
    if exercise.reasons:
        names, chosen = exercise.reasons, answer.get("reasons", {})
        right = [names.index(exercise.lines[i].reason) for i in order]
        shown["reasons"] = [
            names.index(chosen[i]) if i in chosen else r
            for i, r in zip(order, right, strict=True)
        ]
    return shown
