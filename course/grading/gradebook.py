"""From files and results to rows: one a student, and why each is as it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course.grading.roster import Override, Roster, identify
from course.grading.settings import Settings
from course.grading.submissions import Submission

Record = dict[str, Any]


@dataclass
class Row:
    """A student, or a file that is nobody's.

    Attributes
    ----------
    student : str
        "" for a file that cannot be given to anybody.
    name : str
    status : str
        "graded"; "fault": some answer could not be graded, for a reason of ours;
        "refused": the file is no submission; "missing": on the roster, no file.
    file : Submission or None
        The one that counts.
    records : dict of str to dict
        By exercise.
    overrides : dict of str to Override
        By exercise.
    notes : list of str
    """

    student: str
    name: str = ""
    status: str = "graded"
    file: Submission | None = None
    records: dict[str, Record] = field(default_factory=dict)
    overrides: dict[str, Override] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def overridden(self) -> bool:
        """Whether some score was set by hand."""
        return bool(self.overrides)

    def score(self, exercise: str) -> float | None:
        """Return the points of an exercise, before its weight.

        Parameters
        ----------
        exercise : str

        Returns
        -------
        float or None
            None if there is none, by a fault of ours.
        """
        if exercise in self.overrides:
            return self.overrides[exercise].score
        record = self.records.get(exercise)
        if record is None:
            return 0.0
        return float(record["score"]) if "score" in record else None

    def sum(self, settings: Settings, chapter: str | None = None) -> float | None:
        """Return weighted points, of a chapter or of all.

        Parameters
        ----------
        settings : Settings
        chapter : str, optional

        Returns
        -------
        float or None
            None if a part of it is missing by a fault of ours, or if there is
            nothing to grade.
        """
        if self.status in ("refused", "missing") and not self.overridden:
            return None
        total = 0.0
        for ex in settings.exercises:
            if chapter in (None, ex.chapter):
                score = self.score(ex.id)
                if score is None:
                    return None
                total += settings.weights[ex.id] * score
        return total


def rows_of(
    submissions: Iterable[Submission],
    roster: Roster | None,
    overrides: Iterable[Override],
) -> list[Row]:
    """Give every file to a student, and every student one row.

    Parameters
    ----------
    submissions : iterable of Submission
    roster : Roster or None
    overrides : iterable of Override

    Returns
    -------
    list of Row
        By student; files of nobody at the end.

    Notes
    -----
    Of several files of one student the one modified last counts; of those
    modified at once, the one whose path comes last. A file that cannot be read
    never counts before one that can.
    """
    files: dict[str, list[tuple[Submission, tuple[str, ...]]]] = {}
    nobody: list[Row] = []
    for submission in submissions:
        identity = identify(submission, roster)
        if identity is None:
            why = submission.reason or "names no student: who handed this in?"
            row = Row("", status="refused", file=submission, notes=[why])
            nobody.append(row)
        else:
            files.setdefault(identity.student, []).append((submission, identity.notes))
    rows = {student: _row(student, found) for student, found in files.items()}
    for student in roster.people if roster else ():
        rows.setdefault(student, Row(student, "", "missing", notes=["no file"]))
        rows[student].name = roster.people[student].name if roster else ""
    for override in overrides:
        row = rows.setdefault(
            override.student, Row(override.student, "", "missing", notes=["no file"])
        )
        row.overrides[override.exercise] = override
        reason = f" ({override.reason})" if override.reason else ""
        row.notes.append(f"{override.exercise} set to {override.score:g}{reason}")
    return [*(rows[s] for s in sorted(rows)), *nobody]


def _row(student: str, found: list[tuple[Submission, tuple[str, ...]]]) -> Row:
    def rank(pair: tuple[Submission, tuple[str, ...]]) -> tuple[bool, float, str]:
        return not pair[0].reason, pair[0].modified, pair[0].path

    *others, (counts, notes) = sorted(found, key=rank)
    row = Row(student, file=counts, notes=[*notes, *counts.notes])
    if counts.reason:
        row.status = "refused"
        row.notes.append(counts.reason)
    for other, _ in others:
        why = other.reason or "not the latest"
        row.notes.append(f"{counts.path} counts, not {other.path} ({why})")
    return row


def header(settings: Settings) -> list[str]:
    """Return the titles of ``grades.csv``.

    Parameters
    ----------
    settings : Settings

    Returns
    -------
    list of str
    """
    chapters = list(settings.chapters)
    return ["student", "name", *chapters, "total", "max", "status", "notes", "file"]


def cells(row: Row, settings: Settings) -> list[str]:
    """Return a row of ``grades.csv``; a score that there is not is empty.

    Parameters
    ----------
    row : Row
    settings : Settings

    Returns
    -------
    list of str
    """
    return [
        row.student,
        row.name,
        *(points(row.sum(settings, chapter)) for chapter in settings.chapters),
        points(row.sum(settings)),
        points(settings.maximum()),
        row.status,
        "; ".join(row.notes),
        row.file.path if row.file else "",
    ]


def points(score: float | None) -> str:
    """Return points as text: at most three decimals, "" for none.

    Parameters
    ----------
    score : float or None

    Returns
    -------
    str
    """
    return "" if score is None else f"{round(score, 3):.10g}"


def to_csv(table: Iterable[Iterable[str]]) -> str:
    """Return a table as CSV that no spreadsheet takes for formulas.

    Parameters
    ----------
    table : iterable of iterable of str

    Returns
    -------
    str
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([[guarded(cell) for cell in row] for row in table])
    return out.getvalue()


def guarded(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would run as a formula.

    Parameters
    ----------
    cell : str

    Returns
    -------
    str
    """
    text = "".join(c if c.isprintable() else " " for c in cell)
    return f"'{text}" if text.lstrip()[:1] in tuple("=+-@|%") else text


def changes(path: Path, rows: list[Row], settings: Settings) -> list[list[str]]:
    """Compare with the grades of the run before.

    Parameters
    ----------
    path : Path
        ``grades.csv`` as that run left it.
    rows : list of Row
    settings : Settings

    Returns
    -------
    list of list of str
        Student, column, before, now; nothing if there was no run before.
    """
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        before = {row.get("student", ""): row for row in csv.DictReader(file)}
    columns = [*settings.chapters, "total", "status"]
    found: list[list[str]] = []
    titles = header(settings)
    for row in rows:
        now = dict(zip(titles, cells(row, settings), strict=True))
        old = before.pop(row.student, {}) if row.student else now
        for column in columns:
            if old.get(column, "") != now[column]:
                found.append([row.student, column, old.get(column, ""), now[column]])
    for student, old in before.items():
        if student:
            found.append([student, "total", old.get("total", ""), "no row any more"])
    return found
