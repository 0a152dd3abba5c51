"""What the command line shows: by rich where it is installed, else in plain text."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course.grading.gradebook import Row, points
from course.grading.settings import Settings, all_exercises

if TYPE_CHECKING:
    from course.grading.run import Report  # loads what Windows has not

Table = tuple[str, list[str], list[list[str]]]
FEW = 10


class Progress:
    """A bar on standard error, where that is a terminal."""

    def __init__(self) -> None:
        self.bar: Any = None

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()

    def start(self, total: int) -> Callable[[int], None]:
        """Begin to show how many answers are done.

        Parameters
        ----------
        total : int

        Returns
        -------
        callable
            To be told how many more are done.
        """
        rich: Any = _rich("rich.progress")
        if rich is None or not total or not sys.stderr.isatty():
            return lambda done: None
        console = import_module("rich.console").Console(stderr=True)
        self.bar = rich.Progress(
            rich.TextColumn("Grading"),
            rich.BarColumn(),
            rich.MofNCompleteColumn(),
            rich.TextColumn("answers"),
            rich.TimeRemainingColumn(),
            console=console,
        )
        task = self.bar.add_task("", total=total)
        self.bar.start()
        return lambda done: self.bar.advance(task, done)


def exercises(settings: Settings) -> None:
    """Show what there is; a dash in place of points where none count.

    Parameters
    ----------
    settings : Settings
    """
    there = all_exercises(settings.folder)
    rows = [
        [
            ex.id,
            ex.kind,
            points(ex.points * settings.weights[ex.id])
            if ex.id in settings.weights
            else "–",
            str(ex.minutes),
            ex.title,
        ]
        for ex in there
    ]
    minutes = str(sum(ex.minutes for ex in there))
    rows.append(["all", "", points(settings.maximum()), minutes, ""])
    _show(("", ["exercise", "kind", "points", "minutes", "title"], rows))


def summary(report: Report, out: Path) -> None:
    """Show what a run did, and what to look at.

    Parameters
    ----------
    report : Report
    out : Path
    """
    settings, rows = report.settings, report.rows
    counts = Counter(row.status for row in rows)
    totals = sorted(t for row in rows if (t := row.sum(settings)) is not None)
    columns = [*settings.chapters, "total"]
    table = []
    for column in columns:
        chapter = None if column == "total" else column
        sums = sorted(
            s for row in rows if (s := row.sum(settings, chapter)) is not None
        )
        most = settings.maximum(chapter)
        middle = sums[len(sums) // 2] if sums else None
        mean = sum(sums) / len(sums) if sums else None
        table.append([column, points(most), points(mean), points(middle)])
    _show(("Points", ["", "of", "mean", "median"], table))
    print(
        f"{counts['graded']} students graded, {counts['refused']} files refused, "
        f"{counts['missing']} without a file, {counts['fault']} not finished; "
        f"{len(totals)} totals."
    )
    print(
        f"{report.graded} answers graded now, {report.kept} unchanged. "
        f"Sandbox: {report.mode}."
    )
    if report.mode == "unsafe":
        print("WITHOUT A SANDBOX: students' code could have changed anything here.")
    _look_at(report)
    print(f"Results are in {out}{'/' if out.is_dir() else ''}")


def _look_at(report: Report) -> None:
    odd = [
        [row.student or _file(row), "; ".join(row.notes)]
        for row in report.rows
        if row.notes
    ]
    if odd:
        _show(("To look at", ["student or file", "why"], _few(odd)))
    if report.changes:
        titles = ["student", "column", "before", "now"]
        _show(("Changed since the run before", titles, _few(report.changes)))
    for record in report.faults[:FEW]:
        print(
            f"NOT GRADED: {record['student']} {record['exercise']}: {record['fault']}",
            file=sys.stderr,
        )


def _file(row: Row) -> str:
    """Return the name of a file that is nobody's."""
    return Path(row.file.path).name if row.file else ""


def _few(rows: list[list[str]]) -> list[list[str]]:
    if len(rows) <= FEW:
        return rows
    more = [f"and {len(rows) - FEW} more", *[""] * (len(rows[0]) - 1)]
    return [*rows[:FEW], more]


def _show(table: Table) -> None:
    title, columns, rows = table
    rows = [[_safe(cell) for cell in row] for row in rows]
    rich = _rich("rich.table")
    if rich is None or not sys.stdout.isatty():
        _plain(title, columns, rows)
        return
    made = rich.Table(title=title or None, title_justify="left")
    for column in columns:
        made.add_column(column)
    escape = import_module("rich.markup").escape
    for row in rows:
        made.add_row(*map(escape, row))
    import_module("rich.console").Console().print(made)


def _plain(title: str, columns: list[str], rows: list[list[str]]) -> None:
    if title:
        print(f"\n{title}")
    widths = [max(map(len, column)) for column in zip(columns, *rows, strict=True)]
    for row in (columns, *rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())
    print()


def _safe(cell: str) -> str:
    """Without control characters: a file's name must not steer the terminal."""
    return "".join(c if c.isprintable() else "?" for c in cell)


def _rich(module: str) -> Any:
    try:
        return import_module(module)
    except ImportError:
        return None
