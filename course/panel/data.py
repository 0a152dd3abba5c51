"""What the front end is given: an exercise with the values of one student.

All that JavaScript needs for the check that Python makes: right answers, the
answers of the mistakes, options, lines, frames. Numbers have six digits, so
that the page is the same on every machine.
"""

from __future__ import annotations

from typing import Any

from course.checking import MESSAGES, NEARLY, TINY
from course.model import (
    Choice,
    Code,
    Exercise,
    Number,
    Order,
    Tune,
    nothing,
)
from course.panel.frames import frames
from course.personal import (
    displayed,
    lines_for,
    mistakes_for,
    options_for,
    right_for,
    values_for,
)

TAKES = 3  # the reader's own values, and two more for practice


def panel_data(exercise: Exercise, student: str | None = None) -> dict[str, Any]:
    """Return what the front end shows and checks.

    Parameters
    ----------
    exercise : Exercise
    student : str, optional

    Returns
    -------
    dict
        Plain data, ready for JSON.
    """
    data: dict[str, Any] = {
        "id": exercise.id,
        "kind": exercise.kind,
        "title": exercise.title,
        "worth": worth(exercise),
        "points": exercise.points,
        "hints": list(exercise.hints),
        "mistakes": [{"name": m.name, "hint": m.hint} for m in exercise.mistakes],
        **_fixed(exercise),
        "rounds": [_round(exercise, student, take) for take in range(takes(exercise))],
    }
    rounded: dict[str, Any] = plain_data(data)
    return rounded


def takes(exercise: Exercise) -> int:
    """Return for how many draws of values a panel works.

    Parameters
    ----------
    exercise : Exercise

    Returns
    -------
    int
        1 for what has no values to draw anew.
    """
    return 1 if getattr(exercise, "draw", nothing) is nothing else TAKES


def worth(exercise: Exercise) -> str:
    """Return points and minutes in words.

    Parameters
    ----------
    exercise : Exercise

    Returns
    -------
    str
    """
    points, minutes = exercise.points, exercise.minutes
    return (
        f"{points} point{'s' * (points != 1)}, "
        f"about {minutes} minute{'s' * (minutes != 1)}"
    )


def _fixed(exercise: Exercise) -> dict[str, Any]:
    """Return what is the same for all draws."""
    if isinstance(exercise, Number):
        tolerances = {"rtol": exercise.rtol, "nearly": NEARLY, "tiny": TINY}
        return {"fields": list(exercise.fields), **tolerances, "messages": MESSAGES}
    if isinstance(exercise, Order):
        return {"reasons": list(exercise.reasons), "messages": MESSAGES}
    if isinstance(exercise, Tune):
        sliders = [
            vars(slider) | {"count": slider.count} for slider in exercise.sliders
        ]
        labels = {"xlabel": exercise.xlabel, "ylabel": exercise.ylabel}
        return {
            "goal": exercise.goal,
            "sliders": sliders,
            **labels,
            "messages": MESSAGES,
        }
    if isinstance(exercise, Choice) and exercise.noted:
        return {"noted": exercise.noted, "messages": MESSAGES}
    return {"messages": MESSAGES}


def _round(exercise: Exercise, student: str | None, take: int) -> dict[str, Any]:
    """Return what belongs to one draw."""
    values = values_for(exercise, student, take)
    if isinstance(exercise, Code):
        return {"shown": []}
    answers = {
        "right": right_for(exercise, student, take),
        "wrong": [wrong for _, wrong in mistakes_for(exercise, student, take)],
    }
    if isinstance(exercise, Order):
        return {"shown": [], **answers, **_lines(exercise, student, take)}
    assert isinstance(exercise, Number | Choice | Tune)
    shown = {"shown": [list(pair) for pair in exercise.shown(values).items()]}
    if isinstance(exercise, Choice):
        options = list(options_for(exercise, student, take))
        return {**shown, **answers, "options": options}
    if isinstance(exercise, Tune):
        return {**shown, **answers, **frames(exercise, values)}
    return {**shown, **answers}


def _lines(exercise: Order, student: str | None, take: int) -> dict[str, Any]:
    """Return the lines as displayed; rules and reasons in terms of these."""
    places = displayed(exercise, student, take)
    because = [exercise.lines[i].reason for i in places]
    return {
        "lines": list(lines_for(exercise, student, take)),
        "rules": [[places.index(i), places.index(j)] for i, j in exercise.rules],
        "because": [exercise.reasons.index(r) for r in because if r],
    }


def plain_data(data: Any) -> Any:
    """Give every float six digits; whole ones become integers.

    Parameters
    ----------
    data : dict, list, tuple, str, int, float or None
        Nested as JSON may be.

    Returns
    -------
    dict, list, str, int, float or None
        The same; a tuple becomes a list.
    """
    if isinstance(data, dict):
        return {key: plain_data(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [plain_data(value) for value in data]
    if isinstance(data, float):
        return int(data) if data == int(data) else float(f"{data:.6g}")
    return data
