"""Check an answer: the one function that notebook, page tests and grader share.

The trusted side runs here: references, inputs, comparisons and points. Of a
student's code only plain data comes back, through `call`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from course import diagnosis, local
from course.model import (
    Call,
    Choice,
    Code,
    Exercise,
    Failed,
    Number,
    Order,
    PropertyResult,
    Result,
    StudentError,
    Tune,
)
from course.personal import (
    PUBLIC_KEY,
    broken_rules,
    displayed,
    mistakes_for,
    options_for,
    right_for,
    rng_for,
    values_for,
)

Factory = Callable[[str], Call]

# Said by Python and, from the panel's data, by the page: word for word the same.
MESSAGES = {
    "right": "Right.",
    "wrong": "Not yet.",
    "close": "Close, but not near enough: give at least four significant digits.",
    "count": "Close, but this is a count: it must be exact.",
    "fields": "Right so far: {right}. Not yet: {wrong}.",
    "order": "The order is not right yet.",
    "reasons": "The order is right. {count} of the reasons: not yet.",
    "goal": "The goal is not met yet.",
    "malformed": "This answer is not readable here: {expected} is expected.",
}
NEARLY = 0.01  # relative; mistakes' answers are further away than that
TINY = 1e-9
STOPS = {"timeout", "interrupted", "memory"}
MAGIC = re.compile(r"\s*%%(?:exercise|solution)\b(.*)")


def check(
    exercise: Exercise,
    answer: Any,
    *,
    student: str | None = None,
    key: bytes = PUBLIC_KEY,
    call: Factory | None = None,
    take: int = 0,
) -> Result:
    """Check an answer.

    Parameters
    ----------
    exercise : Exercise
    answer : list of float, int, dict or str
        As ``submission.json`` holds it; for `Code`, the source of the cell.
        Anything else is no error: it is worth nothing, and the message says
        what is expected.
    student : str, optional
    key : bytes, optional
        Draws the inputs for code. What a student *sees* in the other kinds
        always comes from the public key.
    call : callable, optional
        Source -> the student's function; `course.local` if not given. May
        raise `StudentError`.
    take : int, optional
        Which draw of the values; see `values_for`.

    Returns
    -------
    Result
    """
    if isinstance(exercise, Code):
        return _check_code(exercise, answer, student, key, call)
    if isinstance(exercise, Number):
        return _check_number(exercise, answer, student, take)
    if isinstance(exercise, Choice):
        return _check_choice(exercise, answer, student, take)
    if isinstance(exercise, Order):
        return _check_order(exercise, answer, student, take)
    assert isinstance(exercise, Tune)
    return _check_tune(exercise, answer, student, take)


def _is_number(x: Any) -> bool:
    """Whether x is a finite number: neither bool nor str is one."""
    # An int beyond a float's range would overflow in every comparison.
    return type(x) in (int, float) and abs(x) < 1e300  # NaN compares as False


def _result(
    exercise: Exercise, score: float, message: str, mistake: Any = None, **more: Any
) -> Result:
    return Result(
        id=exercise.id,
        score=score,
        max=exercise.points,
        passed=score == exercise.points,
        message=message,
        hint=mistake.hint if mistake else "",
        mistake=mistake.name if mistake else None,
        **more,
    )


def _malformed(exercise: Exercise, expected: str) -> Result:
    return _result(exercise, 0, MESSAGES["malformed"].format(expected=expected))


def _check_number(
    exercise: Number, answer: Any, student: str | None, take: int
) -> Result:
    count = len(exercise.fields)
    if (
        not isinstance(answer, list)
        or len(answer) != count
        or not all(map(_is_number, answer))
    ):
        return _malformed(
            exercise, "a number" if count == 1 else f"a list of {count} numbers"
        )
    right = exercise.answer(values_for(exercise, student, take))

    def fits(wanted: Any, rtol: float) -> list[bool]:
        return [
            abs(x - w) <= rtol * abs(w) + TINY
            for x, w in zip(answer, wanted, strict=True)
        ]

    good = fits(right, exercise.rtol)
    points = exercise.points / count
    fields = tuple(
        PropertyResult(name, points, points * ok)
        for name, ok in zip(exercise.fields, good, strict=True)
    )
    if all(good):
        return _result(exercise, exercise.points, MESSAGES["right"], properties=fields)
    score = exercise.points * sum(good) / count
    for mistake, wrong in mistakes_for(exercise, student, take):
        if all(fits(wrong, exercise.rtol)):
            message = MESSAGES["wrong"]
            return _result(exercise, score, message, mistake, properties=fields)
    return _result(
        exercise, score, _number_message(exercise, good, fits(right, NEARLY)),
        properties=fields,
    )  # fmt: skip


def _number_message(exercise: Number, good: list[bool], near: list[bool]) -> str:
    if all(near):
        return MESSAGES["close" if exercise.rtol else "count"]
    if not any(good):
        return MESSAGES["wrong"]
    named = list(zip(exercise.fields, good, strict=True))
    return MESSAGES["fields"].format(
        right=", ".join(name for name, ok in named if ok),
        wrong=", ".join(name for name, ok in named if not ok),
    )


def _check_choice(
    exercise: Choice, answer: Any, student: str | None, take: int
) -> Result:
    count = len(options_for(exercise, student, take))
    if type(answer) is not int or not 0 <= answer < count:
        return _malformed(exercise, f"one of the {count} options")
    if answer == right_for(exercise, student, take):
        return _result(exercise, exercise.points, MESSAGES["right"])
    wrong = mistakes_for(exercise, student, take)
    mistake = next((m for m, index in wrong if index == answer), None)
    return _result(exercise, 0, MESSAGES["wrong"], mistake)


def _indices(given: Any, count: int) -> bool:
    return isinstance(given, list) and all(
        type(i) is int and 0 <= i < count for i in given
    )


def _check_order(
    exercise: Order, answer: Any, student: str | None, take: int
) -> Result:
    count, names = len(exercise.lines), exercise.reasons
    order: Any = answer.get("order") if isinstance(answer, dict) else None
    if not _indices(order, count) or sorted(order) != list(range(count)):
        return _malformed(exercise, f"an order of all {count} lines")
    chosen: Any = answer.get("reasons")
    if names and (not _indices(chosen, len(names)) or len(chosen) != count):
        return _malformed(exercise, f"a reason for each of the {count} lines")
    places = displayed(exercise, student, take)
    broken = broken_rules(exercise, [places[k] for k in order], chosen or ())
    if not broken:
        return _result(exercise, exercise.points, MESSAGES["right"])
    for mistake, wrong in mistakes_for(exercise, student, take):
        lines = [places[k] for k in wrong["order"]]
        if broken_rules(exercise, lines, wrong.get("reasons", ())) <= broken:
            return _result(exercise, 0, MESSAGES["wrong"], mistake)
    if any(rule[0] == "order" for rule in broken):
        return _result(exercise, 0, MESSAGES["order"])
    message = MESSAGES["reasons"].format(count=len(broken))
    return _result(exercise, exercise.points / 2, message)


def _check_tune(exercise: Tune, answer: Any, student: str | None, take: int) -> Result:
    names = [slider.name for slider in exercise.sliders]
    if (
        not isinstance(answer, dict)
        or set(answer) != set(names)
        or not all(_is_number(x) for x in answer.values())
    ):
        return _malformed(exercise, f"a number for {' and '.join(names)}")
    places = {s.name: s.place(answer[s.name]) for s in exercise.sliders}
    for s in exercise.sliders:
        if not 0 <= places[s.name] < s.count:
            return _malformed(exercise, f"{s.label} from {s.low:g} to {s.high:g}")
    values = values_for(exercise, student, take)
    settings = {s.name: s.at(places[s.name]) for s in exercise.sliders}
    if exercise.accept(values, settings):
        return _result(exercise, exercise.points, MESSAGES["right"])
    for mistake, wrong in mistakes_for(exercise, student, take):
        if all(s.place(wrong[s.name]) == places[s.name] for s in exercise.sliders):
            return _result(exercise, 0, MESSAGES["wrong"], mistake)
    return _result(exercise, 0, MESSAGES["goal"])


def _below_magic(exercise: Code, source: str) -> str:
    """Drop the line that names the exercise, if the cell was copied with it."""
    first = MAGIC.match(source)
    if first is None:
        return source
    named = first[1].strip()
    if named != exercise.id:
        raise StudentError(
            "forbidden",
            f"The cell's first line names {named[:40] or 'no exercise'}; "
            f"this is {exercise.id}.",
        )
    # An empty line in its place: errors name the lines as they were copied.
    return "\n" * first[0].count("\n") + source[first.end() :]


def _check_code(
    exercise: Code, source: Any, student: str | None, key: bytes, call: Factory | None
) -> Result:
    if not isinstance(source, str):
        return _malformed(exercise, f"Python source that defines {exercise.function}")
    try:
        function = (call or local.caller(exercise))(_below_magic(exercise, source))
    except StudentError as problem:
        lost = [PropertyResult(p.name, p.points, 0) for p in exercise.properties]
        return _result(exercise, 0, problem.text, properties=tuple(lost))
    found: list[PropertyResult] = []
    stopped = ""
    for prop in exercise.properties:
        message = stopped
        if not stopped:
            rng = rng_for(f"{exercise.id}#{prop.name}", student, key)
            try:
                prop.check(function, rng)
            except Failed as failure:
                message = str(failure)
            except StudentError as problem:
                message = problem.text
                stopped = problem.text if problem.kind in STOPS else ""
        got = 0 if message else prop.points
        found.append(PropertyResult(prop.name, prop.points, got, message))
    score = math.fsum(p.got for p in found)
    if score == exercise.points:
        message = MESSAGES["right"]
        return _result(exercise, score, message, properties=tuple(found))
    mistake = None
    if not stopped:
        rng = rng_for(f"{exercise.id}#case", student, key)
        mistake = diagnosis.of(exercise, function, rng)
    first = next(p for p in found if p.message)
    message = f"{first.name}: {first.message}"
    return _result(exercise, score, message, mistake, properties=tuple(found))
