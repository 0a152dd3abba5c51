"""``submission.json`` beside the notebooks: all answers, saved at every check.

Each save reads the file, changes one answer and replaces the file as a whole,
under a lock: a crash leaves the old file or the new one, and two notebooks
open at once lose nothing. Fields that this version does not know are kept.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NAME = "submission.json"
FORMAT = "backprop-submission"
VERSION = 1
STUDENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}")


class StoreError(ValueError):
    """A submission cannot be read or written; the message says which and why."""


def default_path() -> Path:
    """Return where this notebook's answers are kept.

    Returns
    -------
    Path
    """
    return Path.cwd() / NAME


def empty() -> dict[str, Any]:
    """Return a submission without answers.

    Returns
    -------
    dict
    """
    # What imports the store need not load the package.
    from backprop import __version__

    head = {"format": FORMAT, "version": VERSION, "course": __version__}
    return {**head, "student": None, "answers": {}}


def load(path: Path | None = None) -> dict[str, Any]:
    """Read a submission.

    Parameters
    ----------
    path : Path, optional

    Returns
    -------
    dict
        Without a file, an empty one.

    Raises
    ------
    StoreError
        The file is no submission, or one of a later version.
    """
    path = path or default_path()
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return empty()
    except (OSError, ValueError, RecursionError) as problem:
        raise StoreError(f"{path} is not readable as JSON: {problem}") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise StoreError(f'{path} is no submission: "format" is not "{FORMAT}"')
    if found.get("version") != VERSION:
        raise StoreError(
            f"{path} is of version {found.get('version')!r}; "
            f"this course reads {VERSION}"
        )
    if not isinstance(found.setdefault("answers", {}), dict):
        raise StoreError(f'{path}: "answers" is no table of exercises')
    found.setdefault("student", None)
    return found


def save(
    exercise_id: str,
    *,
    value: Any = None,
    code: str | None = None,
    score: float | None = None,
    path: Path | None = None,
) -> bool:
    """Save an answer, unless a better one is there already.

    Parameters
    ----------
    exercise_id : str
    value : plain data, optional
        An answer of the kinds without code.
    code : str, optional
        The source of a cell.
    score : float, optional
        What its own check gave: shown by `progress`, ignored by the grader.
    path : Path, optional

    Returns
    -------
    bool
        False if the answer in the file had more points, and was kept.

    Raises
    ------
    StoreError
    """
    answer: dict[str, Any] = {"value": value} if code is None else {"code": code}
    if score is not None:
        answer["score"] = score

    def put(submission: dict[str, Any]) -> bool:
        old = submission["answers"].get(exercise_id)
        old = old if isinstance(old, dict) else {}
        if score is not None and _score(old) > score:
            return False
        kept = {k: v for k, v in old.items() if k not in {"value", "code", "score"}}
        submission["answers"][exercise_id] = {**kept, **answer}
        return True

    return _change(path, put)


def student(path: Path | None = None) -> str | None:
    """Return whose answers these are.

    Parameters
    ----------
    path : Path, optional

    Returns
    -------
    str or None
        None also if the file cannot be read: a page must still show.
    """
    try:
        found = load(path)["student"]
    except StoreError:
        return None
    return found if isinstance(found, str) and STUDENT.fullmatch(found) else None


def set_student(name: str | None, path: Path | None = None) -> None:
    """Say whose answers these are; the values of all exercises follow from it.

    Parameters
    ----------
    name : str or None
        An id: up to 64 letters, digits and ``. _ @ + -``.
    path : Path, optional

    Raises
    ------
    StoreError
        The id is no such id, or the file holds answers of somebody else.
    """
    if name is not None and not (isinstance(name, str) and STUDENT.fullmatch(name)):
        raise StoreError(
            f"student: {name!r}; expected an id of at most 64 letters, digits and "
            ". _ @ + -"
        )

    def put(submission: dict[str, Any]) -> bool:
        if submission["student"] not in (None, name) and submission["answers"]:
            raise StoreError(
                f"{path or default_path()} holds the answers of "
                f"{submission['student']}, not of {name}; move it away first"
            )
        submission["student"] = name
        return True

    _change(path, put)


def merge(earlier: Path | str, path: Path | None = None) -> list[str]:
    """Take over the answers of an earlier file that are missing or better there.

    Parameters
    ----------
    earlier : Path or str
    path : Path, optional

    Returns
    -------
    list of str
        The exercises taken over.

    Raises
    ------
    StoreError
        It is no submission, or another student's; nothing has changed then.
    """
    earlier = Path(earlier)
    if not earlier.exists():
        raise StoreError(f"{earlier}: there is no such file")
    theirs = load(earlier)
    taken: list[str] = []

    def put(submission: dict[str, Any]) -> bool:
        names = {theirs["student"], submission["student"]} - {None}
        if len(names) > 1:
            raise StoreError(
                f"{earlier} is the submission of {theirs['student']}, "
                f"not of {submission['student']}"
            )
        submission["student"] = submission["student"] or theirs["student"]
        answers = submission["answers"]
        for name, answer in theirs["answers"].items():
            if name not in answers or _score(answer) > _score(answers[name]):
                answers[name] = answer
                taken.append(name)
        for field, content in theirs.items():
            submission.setdefault(field, content)
        return True

    _change(path, put)
    return taken


def _score(answer: Any) -> float:
    score = answer.get("score") if isinstance(answer, dict) else None
    return float(score) if isinstance(score, int | float) else -1.0


def _change(path: Path | None, put: Any) -> bool:
    """Read, change and replace the file, while nobody else does."""
    path = path or default_path()
    try:
        with _locked(path):
            submission = load(path)
            changed = bool(put(submission))
            if changed:
                _replace(path, submission)
            return changed
    except OSError as problem:
        raise StoreError(f"{path} cannot be written: {problem.strerror}") from None


def _replace(path: Path, submission: dict[str, Any]) -> None:
    text = json.dumps(submission, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    # The ending tells a browser's file system that it is text.
    handle, name = tempfile.mkstemp(
        dir=path.parent, prefix=f".{path.name}.", suffix=".json"
    )
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock of a file; the system frees it when a process dies."""
    with open(path.with_name(f".{path.name}.lock"), "a+b") as lock:
        _lock(lock.fileno())
        yield  # closing the file frees the lock


def _lock(number: int) -> None:
    try:
        import fcntl

        fcntl.flock(number, fcntl.LOCK_EX)
        return
    except (ImportError, AttributeError):  # Windows has msvcrt, a browser no flock
        pass
    except OSError:  # a browser's file system, or one that knows no locks
        return
    with contextlib.suppress(ImportError, OSError):
        import msvcrt

        os.lseek(number, 0, os.SEEK_SET)
        msvcrt.locking(number, msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined]
