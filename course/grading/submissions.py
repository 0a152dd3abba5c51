"""Read what was handed in: any file at all, and none of it is trusted.

A file that is no submission is a `Submission` with a reason instead of answers,
so that it becomes a row of the grades and everybody else is graded.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course.grading.settings import SettingsError
from course.store import FORMAT, STUDENT, VERSION

MAX_BYTES = 4 * 2**20  # all exercises of the book, solved at length, take 0.1 MB
MAX_DEPTH = 32
MAX_ANSWERS = 10_000

# What learning platforms make of a file's name.
_CANVAS = re.compile(r"^[a-z0-9]+(?:_LATE)?_(?P<id>\d+)_(?P<number>\d+)_", re.I)
_MOODLE = re.compile(r"^(?P<name>.+)_(?P<id>\d+)_assignsubmission_file", re.I)


class _Refused(Exception):
    """The file is no submission; the text says why."""


@dataclass(frozen=True)
class Submission:
    """One file.

    Attributes
    ----------
    path : str
    claimed : str or None
        The student that the file names; the same who had personal values.
    answers : dict of str to object
        By exercise: a value, or the source of a cell.
    reason : str
        Why it cannot be graded; "" if it can.
    modified : float
        Time of the last change, seconds.
    notes : tuple of str
        What is odd, and no reason to refuse it.
    """

    path: str
    claimed: str | None = None
    answers: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    modified: float = 0.0
    notes: tuple[str, ...] = ()


def find(paths: Iterable[Path]) -> Iterator[Path]:
    """Give every file below the paths, in a fixed order.

    Parameters
    ----------
    paths : iterable of Path
        Files, or folders to look through. Links are not followed: one could
        lead to the grading key.

    Yields
    ------
    Path

    Raises
    ------
    SettingsError
        If one of `paths` is not there.
    """
    for path in paths:
        if path.is_dir():
            for folder, inner, names in os.walk(path):
                inner[:] = sorted(name for name in inner if not name.startswith("."))
                for name in sorted(names):
                    if not name.startswith("."):
                        yield Path(folder, name)
        elif path.exists():
            yield path
        else:
            raise SettingsError(f"{path}: there is no such file or folder")


def read(path: Path, known: Iterable[str]) -> Submission:
    """Read a file, whatever it holds.

    Parameters
    ----------
    path : Path
    known : iterable of str
        Ids of the exercises there are.

    Returns
    -------
    Submission
    """
    try:
        modified = path.lstat().st_mtime
        data = _parsed(path)
        claimed = _student(data)
        answers, notes = _answers(data, frozenset(known))
    except _Refused as refused:
        return Submission(str(path), reason=str(refused), modified=0.0)
    except OSError as error:
        return Submission(str(path), reason=f"cannot be read: {error.strerror}")
    return Submission(str(path), claimed, answers, "", modified, notes)


def lms_identity(path: Path) -> tuple[str, str, str] | None:
    """Return what a learning platform's file name says about who handed in.

    Parameters
    ----------
    path : Path

    Returns
    -------
    (str, str, str) or None
        ("canvas", user id, ""), ("moodle", participant id, full name) or None.
    """
    for name in (path.parent.name, path.name):
        if found := _MOODLE.match(name):
            return "moodle", found["id"], found["name"]
    if found := _CANVAS.match(path.name):
        return "canvas", found["id"], ""
    return None


def _parsed(path: Path) -> dict[str, Any]:
    if path.is_symlink() or not path.is_file():
        raise _Refused("not a regular file")
    with path.open("rb") as file:
        raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise _Refused(f"larger than {MAX_BYTES / 2**20:g} MB")
    if not raw.strip():
        raise _Refused("empty")
    try:
        text = raw.decode("utf-8-sig")
        _check_depth(text)
        data = json.loads(text, object_pairs_hook=_unique, parse_constant=_constant)
    except UnicodeDecodeError:
        raise _Refused("not text in UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise _Refused(f"not JSON: {error}"[:200]) from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        hint = "; a notebook was handed in instead" if path.suffix == ".ipynb" else ""
        raise _Refused(f"not a submission.json of this course{hint}")
    if type(data.get("version")) is not int or data["version"] != VERSION:
        raise _Refused(f"version {data.get('version')!r}; expected {VERSION}"[:200])
    return data


def _check_depth(text: str) -> None:
    """Refuse a deep nest before a parser walks into it; strings are passed over."""
    depth = 0
    for mark in re.finditer(r'"(?:[^"\\]|\\.)*+"|[\[\]{}]', text, re.S):
        sign = mark[0]
        depth += (sign in "[{") - (sign in "]}")
        if depth > MAX_DEPTH:
            raise _Refused(f"nested more than {MAX_DEPTH} deep")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _Refused(f"the key {twice!r} stands there twice"[:200])
    return found


def _constant(name: str) -> float:
    raise _Refused(f"{name} is not a number of JSON")


def _student(data: dict[str, Any]) -> str | None:
    student = data.get("student")
    if student is None or student == "":
        return None
    if not isinstance(student, str) or not STUDENT.fullmatch(student):
        raise _Refused(f"student {student!r} is not an id"[:200])
    return student


def _answers(
    data: dict[str, Any], known: frozenset[str]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Take the answers to exercises there are; note the others."""
    given = data.get("answers")
    if not isinstance(given, dict):
        raise _Refused('"answers" is missing or no table')
    if len(given) > MAX_ANSWERS:
        raise _Refused(f"{len(given)} answers")
    answers, notes = {}, []
    for name, entry in given.items():
        if name not in known:
            notes.append(f"unknown exercise {name[:60]!r}")
        elif not isinstance(entry, dict) or not ({"value", "code"} & entry.keys()):
            notes.append(f"{name}: no answer in its entry")
        else:
            answers[name] = entry["code"] if "code" in entry else entry["value"]
    if len(notes) > 3:
        notes = [*notes[:3], f"and {len(notes) - 3} more"]
    return answers, tuple(notes)
