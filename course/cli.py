"""The command line of instructors: what there is, to hand out, and what it is worth."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from course.release import ReleaseError, release

OK, USAGE, FAULT, WRITING, INTERRUPTED = 0, 2, 3, 4, 130

_TOP = """\
The exercises of "Backpropagation, step by step", for those who teach with it.

  python -m course list                     what there is
  python -m course release student/         notebooks without solutions
  python -m course grade in/ --out grades/  what was handed in, graded
"""
_GRADE = """\
Grade submission.json files: give the files, or folders of them as Canvas, Moodle
or nbgrader lay them out (unpack a .zip first).

Students' code runs in a sandbox without network, files or your rights, and only
numbers come back. What it is held to are hidden inputs, drawn from a secret key:
keep it, or the next run draws others.

In the folder of --out:
  grades.csv             a row a student, a column a chapter, the total, and notes
  results.jsonl          each answer: points, reason, misconception, sandbox
  feedback/STUDENT.html  to hand back: shows no hidden input, runs no script
  class.html             which misconceptions are how common, where people stop
  changes.csv            what is different from the grades of the run before
  grading.key            the secret key, if --key-file names no other

Run it again after new files came in, or after it was stopped: it grades only what
has changed. Of several files of one student the one modified last counts. Late
days and extensions are your platform's business, not this program's.
"""
_GRADE_END = """\
examples:
  python -m course grade inbox/ --out grades/
  python -m course grade inbox/ --out grades/ --roster canvas-export.csv \\
      --course course.toml --format canvas --jobs 8

course.toml:
  exercises = ["ch01.*", "ch07.fit"]   # that count; if not given,
                                       # all but ch00 and the concept test
  folder = "bank"                      # your own, in files like course/exercises/*.py
  [weights]
  "ch07.fit" = 2                       # times its points
  [canvas]
  total = "Backpropagation (4711)"     # column titles, as Canvas exports them

exit status:
  0    every file was graded, or is a row with the reason why it could not be
  2    an option, the roster, the overrides or course.toml cannot be used
  3    a fault on this side: no sandbox, or some answers could not be graded; nobody
       was given 0 for it; run again
  4    a file could not be written; what was graded before stays
  130  interrupted; run again to go on
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv : sequence of str, optional

    Returns
    -------
    int
        The exit status; see ``grade --help``.
    """
    options = _parser().parse_args(argv)
    try:
        return int(options.action(options))
    except BrokenPipeError:
        # Whoever read our output has seen enough; nothing more is to be flushed.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


def _parser() -> argparse.ArgumentParser:
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="python -m course", description=_TOP, formatter_class=form
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    listing = commands.add_parser("list", help="exercises, kinds, points")
    listing.add_argument("--course", type=Path, metavar="TOML")
    listing.set_defaults(action=_list)

    releasing = commands.add_parser("release", help="notebooks without solutions")
    releasing.add_argument("out", type=Path, metavar="OUT", help="a new folder")
    releasing.set_defaults(action=_release)

    grading = commands.add_parser(
        "grade",
        help="grade what was handed in",
        description=_GRADE,
        epilog=_GRADE_END,
        formatter_class=form,
    )
    _add_grade(grading)
    grading.set_defaults(action=_grade)
    return parser


def _add_grade(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("paths", type=Path, nargs="+", metavar="PATH", help="files or folders")
    add("--out", type=Path, required=True, metavar="DIR", help="where results go")
    add("--key-file", type=Path, metavar="F", help="the secret grading key")
    add(
        "--roster",
        type=Path,
        metavar="CSV",
        help="who is in the course: Canvas's or Moodle's export, or a column "
        "`student`; a file whose content and name disagree is flagged",
    )
    add(
        "--overrides",
        type=Path,
        metavar="CSV",
        help="scores set by hand: student, exercise, score, reason",
    )
    add("--course", type=Path, metavar="TOML", help="weights, what counts; see below")
    add(
        "--jobs",
        type=_positive,
        default=os.cpu_count() or 1,
        metavar="N",
        help="processes (default: one a core, %(default)s)",
    )
    add("--dask", metavar="ADDRESS", help="grade on this Dask cluster instead")
    add(
        "--format",
        choices=("csv", "canvas", "moodle", "nbgrader"),
        default="csv",
        help="write canvas.csv, moodle.csv or nbgrader's gradebook.db as well",
    )
    add(
        "--unsafe",
        action="store_true",
        help="run students' code without any sandbox: only in a machine to throw away",
    )


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("expected 1 or more")
    return number


def _list(options: argparse.Namespace) -> int:
    from course.grading import display, settings

    try:
        display.exercises(settings.load(options.course))
    except settings.SettingsError as error:
        return _say(USAGE, str(error))
    return OK


def _release(options: argparse.Namespace) -> int:
    try:
        for path, taken in release(options.out):
            print(f"{path}: {taken} cells with solutions taken out")
    except ReleaseError as error:
        return _say(USAGE, str(error))
    except OSError as error:
        return _say(WRITING, _where(error))
    return OK


def _grade(options: argparse.Namespace) -> int:
    if os.name != "posix":
        return _say(FAULT, "Windows cannot grade; use WSL or a Linux container")
    from course.grading import display
    from course.grading.results import Busy
    from course.grading.run import Options, run
    from course.grading.sandbox import SandboxFault
    from course.grading.settings import SettingsError

    wanted = {k: v for k, v in vars(options).items() if k != "action"}
    wanted["paths"] = tuple(options.paths)
    if options.dask and not _has_distributed():
        return _say(USAGE, "--dask needs Dask: pip install 'backprop-book[dask]'")
    try:
        with display.Progress() as progress:
            report = run(Options(**wanted), progress.start)
    except (SettingsError, Busy) as error:
        return _say(USAGE, str(error))
    except SandboxFault as error:
        return _say(FAULT, str(error))
    except OSError as error:
        return _say(
            WRITING,
            f"{_where(error)}\nWhat was graded before stays; run again to go on.",
        )
    except KeyboardInterrupt:
        return _say(INTERRUPTED, "Stopped. Run again to go on where it was.")
    display.summary(report, options.out)
    return FAULT if report.faults else OK


def _has_distributed() -> bool:
    from importlib.util import find_spec

    return find_spec("distributed") is not None


def _where(error: OSError) -> str:
    place = f"{error.filename}: " if error.filename else ""
    return f"{place}{error.strerror or error}"


def _say(status: int, text: str) -> int:
    print(text, file=sys.stderr)
    return status
