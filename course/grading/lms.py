"""Grades as learning platforms take them in.

Late days and extensions are the platform's business; these are raw points. A
student without a total has an empty cell, which leaves the platform's grade alone.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from course.grading.gradebook import Row, points, to_csv
from course.grading.roster import Person, Roster
from course.grading.settings import Settings, SettingsError

_CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


def require(format: str, roster: Roster | None, settings: Settings) -> None:
    """Make sure, before anything is graded, that a format can be written.

    Parameters
    ----------
    format : str
    roster : Roster or None
    settings : Settings

    Raises
    ------
    SettingsError
        Says what is missing.
    """
    if format == "nbgrader":
        if importlib.util.find_spec("nbgrader") is None:
            raise SettingsError("nbgrader is not here; pip install nbgrader")
    elif format in ("canvas", "moodle"):
        if roster is None:
            raise SettingsError(f"--format {format} needs --roster")
        write = canvas if format == "canvas" else moodle
        write(
            [Row(student, status="missing") for student in roster.people],
            roster,
            settings,
        )


def canvas(rows: list[Row], roster: Roster, settings: Settings) -> str:
    """Return what Canvas imports as a gradebook.

    Parameters
    ----------
    rows : list of Row
    roster : Roster
        The gradebook that Canvas exported.
    settings : Settings
        ``[canvas]`` names the columns, "Title (id)".

    Returns
    -------
    str

    Raises
    ------
    SettingsError
        If a column is not named, or the roster is not Canvas's.
    """
    if not settings.canvas:
        raise SettingsError(
            'course.toml needs [canvas] with total = "Title (id)", as Canvas exports it'
        )
    for column in settings.canvas:
        if column not in ("total", *settings.chapters):
            raise SettingsError(f"[canvas]: no column {column!r} in the grades")
    chapters = {c: None if c == "total" else c for c in settings.canvas}
    most = [points(settings.maximum(c)) for c in chapters.values()]
    table = [
        [*_CANVAS, *settings.canvas.values()],
        ["Points Possible", "", "", "", "", *most],
    ]
    for person, row in _people(rows, roster):
        if not person.fields.get("id"):
            raise SettingsError(f"{person.student} has no Canvas ID on the roster")
        identity = [person.fields.get(title.lower(), "") for title in _CANVAS]
        table.append(
            [*identity, *(points(row.sum(settings, c)) for c in chapters.values())]
        )
    return to_csv(table)


def moodle(rows: list[Row], roster: Roster, settings: Settings) -> str:
    """Return what Moodle's grade import takes: who, grade, feedback.

    Parameters
    ----------
    rows : list of Row
    roster : Roster
        With ID numbers or email addresses.
    settings : Settings

    Returns
    -------
    str

    Raises
    ------
    SettingsError
        If somebody has neither.
    """
    by_number = all(p.fields.get("id number") for p in roster.people.values())
    who = "ID number" if by_number else "Email address"
    table = [[who, "Grade", "Feedback"]]
    for person, row in _people(rows, roster):
        key = person.fields.get("id number", "") if by_number else person.mail
        if not key:
            raise SettingsError(f"{person.student} has neither ID number nor address")
        total = points(row.sum(settings))
        if total:  # feedback without a grade would take an earlier grade away
            table.append([key, total, _in_words(row, settings)])
    return to_csv(table)


def nbgrader(rows: list[Row], settings: Settings, path: Path) -> None:
    """Put the scores into a gradebook of nbgrader's.

    Parameters
    ----------
    rows : list of Row
    settings : Settings
    path : Path
        Of ``gradebook.db``; made if it is not there. An assignment a chapter.
    """
    api: Any = importlib.import_module("nbgrader.api")
    with _own_programs(), api.Gradebook(f"sqlite:///{path}") as book:
        for chapter in settings.chapters:
            book.update_or_create_assignment(chapter)
            book.update_or_create_notebook(chapter, chapter)
        for ex in settings.exercises:
            most = settings.weights[ex.id] * ex.points
            book.update_or_create_grade_cell(
                ex.id, ex.chapter, ex.chapter, max_score=most, cell_type="code"
            )
        for row in rows:
            if row.student and row.sum(settings) is not None:
                book.update_or_create_student(row.student)
                _into(book, row, settings)


@contextlib.contextmanager
def _own_programs() -> Iterator[None]:
    """Let nbgrader find `alembic`, which it starts by name, in this environment."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{before}"
    try:
        yield
    finally:
        os.environ["PATH"] = before


def _into(book: Any, row: Row, settings: Settings) -> None:
    for chapter in settings.chapters:
        book.update_or_create_submission(chapter, row.student)
    for ex in settings.exercises:
        grade = book.find_grade(ex.id, ex.chapter, ex.chapter, row.student)
        grade.manual_score = settings.weights[ex.id] * (row.score(ex.id) or 0.0)
        grade.needs_manual_grade = False
    book.db.commit()


def _people(rows: list[Row], roster: Roster) -> list[tuple[Person, Row]]:
    by = {row.student: row for row in rows}
    return [(person, by[student]) for student, person in roster.people.items()]


def _in_words(row: Row, settings: Settings) -> str:
    parts = (
        f"{chapter} {points(row.sum(settings, chapter))} of "
        f"{points(settings.maximum(chapter))}"
        for chapter in settings.chapters
    )
    return ", ".join(parts)
