"""What a notebook calls: whose values, which exercise, how good an answer is."""

from __future__ import annotations

from typing import Any

from course.model import Result, Values

# Exercises and checks are imported in the functions, so that a chapter which
# only verifies and plots loads none of them.


def student(name: str | None) -> None:
    """Say who you are: the values of all exercises become your own.

    Parameters
    ----------
    name : str or None
        Your student id, "s1234567". None goes back to the values of the page.

    Raises
    ------
    StoreError
        It is no id, or ``submission.json`` holds the answers of somebody else.

    Notes
    -----
    It is kept in ``submission.json`` beside the notebook. Panels that are shown
    already keep their values until their cells run again.
    """
    from course import store

    store.set_student(name)
    whose = name or "nobody: the values are those of the page"
    print(f"student: {whose}")


def exercise(exercise_id: str) -> Any:
    """Return the panel of an exercise, for the last line of a cell.

    Parameters
    ----------
    exercise_id : str
        "ch01.slope".

    Returns
    -------
    Panel

    Raises
    ------
    KeyError
        There is none; the message names the nearest.
    ValueError
        It is one with code to write: ``%%exercise`` begins its cell.
    """
    from course import exercises
    from course.model import Code

    found = exercises.get(exercise_id)
    if isinstance(found, Code):
        raise ValueError(
            f"{exercise_id} has code to write: begin a cell with "
            f"%%exercise {exercise_id}"
        )
    from course.panel import Panel

    return Panel(found)


def values(exercise_id: str) -> Values:
    """Return the personal values of an exercise, to compute with.

    Parameters
    ----------
    exercise_id : str
        "ch01.slope".

    Returns
    -------
    dict
        By the names that the statement uses: ``values("ch01.slope")["u"]``.
    """
    from course import exercises, store
    from course.personal import values_for

    return values_for(exercises.get(exercise_id), store.student())


def check(exercise_id: str, answer: Any) -> Result:
    """Check an answer without a panel, and without saving it.

    Parameters
    ----------
    exercise_id : str
        "ch01.slope".
    answer : plain data
        A number, or a list of them, for numbers to predict; the text of an
        option; lines in their order (and reasons, as a second list); slider
        names and values; the source of a cell.

    Returns
    -------
    Result
        Printed, it is "ch01.slope: 2 of 2". Where a panel only notes an answer,
        so does this: it is the same for all answers.
    """
    from course import exercises, store
    from course.checking import MESSAGES
    from course.checking import check as check_answer
    from course.model import Choice

    ex = exercises.get(exercise_id)
    whose = store.student()
    result = check_answer(ex, _in_file(ex, answer, whose), student=whose)
    readable = result.message in (MESSAGES["right"], MESSAGES["wrong"])
    if isinstance(ex, Choice) and ex.noted and readable:
        return Noted(ex.id, score=0, max=ex.points, passed=False, message=ex.noted)
    return result


class Noted(Result):
    """An answer that was read, and is not told to be right or wrong."""

    def __str__(self) -> str:
        return f"{self.id}: {self.message}"

    __repr__ = __str__  # without a score: it would be taken for one


def _in_file(ex: Any, answer: Any, whose: str | None) -> Any:
    """Write an answer as ``submission.json`` holds it."""
    from course.model import Choice, Number, Order, Tune
    from course.personal import lines_for, options_for

    if isinstance(ex, Number):
        many = isinstance(answer, list | tuple)
        return [float(x) for x in (answer if many else [answer])]
    if isinstance(ex, Choice) and isinstance(answer, str):
        return _place(ex.id, options_for(ex, whose), answer)
    if isinstance(ex, Order) and not isinstance(answer, dict):
        lines, reasons = answer if ex.reasons else (answer, ())
        shown = lines_for(ex, whose)
        found = {"order": [_place(ex.id, shown, line) for line in lines]}
        if ex.reasons:
            found["reasons"] = [_place(ex.id, ex.reasons, r) for r in reasons]
        return found
    if isinstance(ex, Tune):
        return {name: float(x) for name, x in dict(answer).items()}
    return answer


def _place(exercise_id: str, names: tuple[str, ...], name: str) -> int:
    plain = [known.strip("`") for known in names]
    if name.strip("`") not in plain:
        raise ValueError(f"{exercise_id}: there is no {name!r}; there is {names}")
    return plain.index(name.strip("`"))
