"""One grading run, from files to grades. Run it again and it grades what changed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course.grading import gradebook, lms, pool, reports, roster, settings
from course.grading.grade import Job, Record, fingerprint
from course.grading.gradebook import Row
from course.grading.results import Results, write_whole
from course.grading.sandbox import find_mode
from course.grading.settings import Settings
from course.grading.submissions import Submission, find, read

Tick = Callable[[int], None]


@dataclass(frozen=True)
class Options:
    """What ``python -m course grade`` is given; see its help."""

    paths: tuple[Path, ...]
    out: Path
    key_file: Path | None = None
    roster: Path | None = None
    overrides: Path | None = None
    course: Path | None = None
    jobs: int = 1
    dask: str | None = None
    format: str = "csv"
    unsafe: bool = False


@dataclass
class Report:
    """What a run did.

    Attributes
    ----------
    settings : Settings
    rows : list of Row
    changes : list of list of str
        Against the run before: student, column, before, now.
    graded, kept : int
        Answers graded now, and answers that stood as they were.
    mode : str
        The sandbox.
    """

    settings: Settings
    rows: list[Row]
    changes: list[list[str]] = field(default_factory=list)
    graded: int = 0
    kept: int = 0
    mode: str = ""

    @property
    def faults(self) -> list[Record]:
        """Answers that could not be graded, by no fault of the student's."""
        every = (record for row in self.rows for record in row.records.values())
        return [record for record in every if "fault" in record]


def _no_tick(total: int) -> Tick:
    return lambda done: None


def run(options: Options, progress: Callable[[int], Tick] = _no_tick) -> Report:
    """Grade a class.

    Parameters
    ----------
    options : Options
    progress : callable, optional
        Told how many answers there are to grade; returns what is told how many
        more are done.

    Returns
    -------
    Report

    Raises
    ------
    SettingsError
        Something the instructor gave cannot be used.
    SandboxFault
        No sandbox works here. Nothing has been graded.
    Busy
        Another run is grading into the same folder.
    OSError
        A file cannot be read or written. What was graded before stays.
    """
    options.out.mkdir(parents=True, exist_ok=True)
    chosen = settings.load(options.course)
    people = roster.load(options.roster) if options.roster else None
    by_hand = (
        roster.load_overrides(options.overrides, chosen) if options.overrides else []
    )
    lms.require(options.format, people, chosen)
    mode = "unsafe" if options.unsafe else "Dask" if options.dask else find_mode()
    with Results(options.out / "results.jsonl") as results:
        key = settings.grading_key(options.key_file, options.out)
        rows = gradebook.rows_of(_submissions(options, chosen), people, by_hand)
        report = Report(chosen, rows, mode=mode)
        jobs = _jobs(report, results, key, options)
        _grade(report, results, jobs, options, progress)
        _finish(report, results, options, people)
    return report


def _submissions(options: Options, chosen: Settings) -> Iterable[Submission]:
    known = {ex.id for ex in settings.all_exercises(chosen.folder)}
    given = (options.key_file, options.roster, options.overrides, options.course)
    ours = {path.resolve() for path in given if path}
    out, seen = options.out.resolve(), set()
    for path in find(options.paths):
        place = path.absolute()
        if place in seen or place in ours or out in place.parents:
            continue
        seen.add(place)
        yield read(path, known)


def _jobs(report: Report, results: Results, key: bytes, options: Options) -> list[Job]:
    """Return what is to be graded; give the rows what stands from before."""
    counted = {ex.id: ex for ex in report.settings.exercises}
    jobs = []
    for row in report.rows:
        if row.status != "graded" or row.file is None:
            continue
        everything = Job(
            row.student,
            row.student if row.file.claimed else None,
            {name: a for name, a in row.file.answers.items() if name in counted},
            key,
            report.settings.folder,
            options.unsafe,
        )
        left = {}
        for name, answer in everything.answers.items():
            old = results.earlier.get((row.student, name), {})
            same = old.get("fingerprint") == fingerprint(everything, counted[name])
            if same and "score" in old:
                row.records[name] = old
                report.kept += 1
            else:
                left[name] = answer
        if left:
            jobs.append(
                Job(
                    everything.student,
                    everything.values_of,
                    left,
                    key,
                    everything.folder,
                    everything.unsafe,
                )
            )
    return jobs


def _grade(
    report: Report,
    results: Results,
    jobs: list[Job],
    options: Options,
    progress: Callable[[int], Tick],
) -> None:
    by_student = {row.student: row for row in report.rows if row.student}
    tick = progress(sum(len(job.answers) for job in jobs))
    if not jobs:
        return
    for batch in pool.way(options.jobs, options.dask)(jobs):
        results.append(batch)
        for record in batch:
            row = by_student[record["student"]]
            row.records[record["exercise"]] = record
            if "fault" in record:
                row.status = "fault"
                row.notes.append(f"{record['exercise']}: {record['fault']}")
        report.graded += len(batch)
        tick(len(batch))


def _finish(
    report: Report, results: Results, options: Options, people: roster.Roster | None
) -> None:
    """Write everything that is read by people and platforms."""
    out, rows, chosen = options.out, report.rows, report.settings
    order = {ex.id: k for k, ex in enumerate(chosen.exercises)}
    for row in rows:
        row.records = dict(sorted(row.records.items(), key=lambda at: order[at[0]]))
    results.finish(record for row in rows for record in _lines(row))
    _feedback(out / "feedback", rows, chosen)
    write_whole(out / "class.html", reports.class_page(rows, chosen))
    report.changes = gradebook.changes(out / "grades.csv", rows, chosen)
    if report.changes:
        titles = ["student", "column", "before", "now"]
        write_whole(out / "changes.csv", gradebook.to_csv([titles, *report.changes]))
    table = [gradebook.header(chosen), *(gradebook.cells(row, chosen) for row in rows)]
    write_whole(out / "grades.csv", gradebook.to_csv(table))
    if options.format == "canvas" and people:
        write_whole(out / "canvas.csv", lms.canvas(rows, people, chosen))
    elif options.format == "moodle" and people:
        write_whole(out / "moodle.csv", lms.moodle(rows, people, chosen))
    elif options.format == "nbgrader":
        lms.nbgrader(rows, chosen, out / "gradebook.db")


def _lines(row: Row) -> Iterable[dict[str, Any]]:
    yield from row.records.values()
    if row.status == "refused" and row.file:
        yield {
            "student": row.student,
            "exercise": None,
            "file": row.file.path,
            "reason": row.notes[-1],
        }


def _feedback(folder: Path, rows: list[Row], chosen: Settings) -> None:
    folder.mkdir(exist_ok=True)
    written = set()
    for row in rows:
        if row.student and (row.file or row.overrides):
            path = folder / f"{file_name(row.student)}.html"
            write_whole(path, reports.feedback(row, chosen), sync=False)
            written.add(path)
    for old in folder.glob("*.html"):
        if old not in written:
            old.unlink()  # of somebody who is no longer there: not to be mailed


def file_name(student: str) -> str:
    """Return a name that is safe on any file system, and different for each.

    Parameters
    ----------
    student : str

    Returns
    -------
    str
    """
    plain = re.sub(r"[^A-Za-z0-9._@+-]", "_", student).lstrip(".")
    if plain == student:
        return plain
    return f"{plain[:40]}-{hashlib.sha256(student.encode()).hexdigest()[:8]}"
