"""Who is in the course, and what the instructor decided by hand.

The roster may be the file that Canvas or Moodle exports, or one with a column
``student``; the first of these columns that a row fills is the student's id, as
they gave it to ``course.student("…")``.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass, field
from pathlib import Path

from course.grading.settings import Settings, SettingsError
from course.grading.submissions import Submission, lms_identity

_IDS = ("student", "sis login id", "sis user id", "id number", "username", "id")
_MAIL = ("email address", "email")
_CANVAS_FIELDS = ("student", "id", "sis user id", "sis login id", "section")


@dataclass(frozen=True)
class Person:
    """One row of the roster.

    Attributes
    ----------
    student : str
    fields : dict of str to str
        By column title in lower case.
    """

    student: str
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """As the platform writes it; "" if it does not."""
        f = self.fields
        if "sis user id" in f or "sis login id" in f:
            return f.get("student", "")  # Canvas calls the name so
        both = f"{f.get('first name', '')} {f.get('last name', '')}".strip()
        return f.get("name") or f.get("full name") or both

    @property
    def mail(self) -> str:
        """Address; "" if there is none."""
        return next((self.fields[m] for m in _MAIL if self.fields.get(m)), "")


@dataclass(frozen=True)
class Override:
    """A score set by hand.

    Attributes
    ----------
    student, exercise : str
    score : float
    reason : str
    """

    student: str
    exercise: str
    score: float
    reason: str


@dataclass(frozen=True)
class Identity:
    """Whose row a file becomes, and why one should look at it."""

    student: str
    notes: tuple[str, ...] = ()


class Roster:
    """All people of a course.

    Parameters
    ----------
    people : list of Person
    """

    def __init__(self, people: list[Person]) -> None:
        self.people = {person.student: person for person in people}
        self._by: dict[tuple[str, str], str] = {}
        for person in people:
            for title in (*_IDS, *_MAIL):
                if value := person.fields.get(title, "").lower():
                    self._by.setdefault((title, value), person.student)
            if person.name:
                self._by.setdefault(("name", person.name.lower()), person.student)

    def student_of(self, path: Path) -> str | None:
        """Return whom the platform's file name, or a folder's, names.

        Parameters
        ----------
        path : Path

        Returns
        -------
        str or None
        """
        found = lms_identity(path)
        if found is not None:
            system, number, name = found
            if system == "canvas":
                return self._by.get(("id", number))
            # Moodle's number is the hand-in's, not the person's.
            return self._by.get(("name", name.lower()))
        for part in (path.stem, *(parent.name for parent in path.parents[:2])):
            for title in (*_IDS, *_MAIL):
                if student := self._by.get((title, part.lower())):
                    return student
        return None

    def canonical(self, claimed: str) -> str | None:
        """Return the student whom an id in a file names, by any column.

        Parameters
        ----------
        claimed : str

        Returns
        -------
        str or None
        """
        if claimed in self.people:
            return claimed
        keys = ((title, claimed.lower()) for title in (*_IDS, *_MAIL))
        return next((self._by[key] for key in keys if key in self._by), None)


def load(path: Path) -> Roster:
    """Read a roster.

    Parameters
    ----------
    path : Path

    Returns
    -------
    Roster

    Raises
    ------
    SettingsError
        If it has no column of ids, or one id twice.
    """
    people: list[Person] = []
    seen: set[str] = set()
    for number, row in _rows(path):
        student = _id_of(row)
        if not student:
            continue  # Canvas has a row of possible points, and a test student
        if student in seen:
            raise SettingsError(f"{path}, line {number}: {student} is there twice")
        seen.add(student)
        people.append(Person(student, row))
    if not people:
        raise SettingsError(
            f"{path}: nobody in it; one of the columns {', '.join(_IDS)} is needed"
        )
    return Roster(people)


def identify(submission: Submission, roster: Roster | None) -> Identity | None:
    """Say whose row a file becomes.

    Parameters
    ----------
    submission : Submission
    roster : Roster or None

    Returns
    -------
    Identity or None
        None if neither name nor content tells. What a student writes into a file
        is never believed against the platform's file name.
    """
    claimed, path = submission.claimed, Path(submission.path)
    if roster is None:
        if claimed is None:
            return None
        return Identity(claimed)
    named = roster.student_of(path)
    believed = roster.canonical(claimed) if claimed else None
    if named is not None:
        if claimed is None:
            return Identity(named, ("no student id inside: answers not personal",))
        if believed != named:
            return Identity(named, (f"the file says {claimed}, its name {named}",))
        return Identity(named)
    if believed is not None:
        return Identity(believed)
    if claimed is None:
        return None
    return Identity(claimed, (f"{claimed} is not on the roster",))


def load_overrides(path: Path, settings: Settings) -> list[Override]:
    """Read scores set by hand: columns student, exercise, score, reason.

    Parameters
    ----------
    path : Path
    settings : Settings

    Returns
    -------
    list of Override

    Raises
    ------
    SettingsError
        With the line at fault.
    """
    known = {ex.id for ex in settings.exercises}
    found: list[Override] = []
    for number, row in _rows(path):
        where = f"{path}, line {number}"
        student, exercise = row.get("student", ""), row.get("exercise", "")
        if not student:
            raise SettingsError(f"{where}: no student")
        if exercise not in known:
            raise SettingsError(f"{where}: {exercise!r} is no exercise that counts")
        try:
            score = float(row.get("score", ""))
        except ValueError:
            score = math.nan
        if not 0 <= score < 1e6:
            raise SettingsError(f"{where}: {row.get('score')!r} is no score")
        found.append(Override(student, exercise, score, row.get("reason", "")))
    pairs = [(o.student, o.exercise) for o in found]
    for pair in pairs:
        if pairs.count(pair) > 1:
            raise SettingsError(f"{path}: two scores for {pair[0]} in {pair[1]}")
    return found


def _id_of(row: dict[str, str]) -> str:
    canvas = "sis user id" in row or "sis login id" in row
    # "Student" is the name in Canvas's own file, where the first columns are fixed.
    titles = [t for t in (*_IDS, *_MAIL) if not (canvas and t in ("student", "id"))]
    return next((row[t] for t in titles if row.get(t)), "")


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Return each row with its line's number; titles in lower case, cells trimmed."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            return [
                (
                    reader.line_num,
                    {
                        str(title).strip().lower(): (value or "").strip()
                        for title, value in row.items()
                        if isinstance(value, str) or value is None
                    },
                )
                for row in reader
            ]
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from None
    except (csv.Error, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: not a CSV file in UTF-8: {error}") from None
