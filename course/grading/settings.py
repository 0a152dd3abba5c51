"""What an instructor sets: ``course.toml``, the grading key, exercises of their own.

exercises = ["ch01.*", "ch07.fit"]     # that count; see below if not given
folder = "bank"                        # own exercises, beside this file

[weights]                              # times the points; 1 if not given
ch01 = 2
"ch07.fit" = 3

[canvas]                               # column titles as Canvas exports them
total = "Backpropagation (4711)"
ch01 = "Learning from error (4712)"

If no `exercises` are given, all count but those that only show where a reader
stands, `exercises.DIAGNOSTIC`: the ten questions of chapter 0 and the concept
test. ``exercises = ["*"]`` counts these as well.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import secrets
import sys
import tomllib
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from course import checking, diagnosis, exercises, local, model, personal, properties
from course.model import Exercise

_FIELDS = {"exercises", "folder", "weights", "canvas"}
HERE = Path(__file__).resolve().parent
# An answer is graded again when one of these has changed.
_OF_CHECKS = (checking, diagnosis, local, model, personal, properties)
_OF_GRADER = ("host.py", "protocol.py", "worker.py", "grade.py")


class SettingsError(ValueError):
    """Something that the instructor gave cannot be used; says which and why."""


@dataclass(frozen=True)
class Settings:
    """Which exercises there are, which count, and how much.

    Attributes
    ----------
    exercises : tuple of Exercise
        That count, the book's first.
    weights : dict of str to float
        By exercise id.
    folder : str or None
        The instructor's own exercises.
    canvas : dict of str to str
        Column titles, by "total" or chapter.
    """

    exercises: tuple[Exercise, ...]
    weights: dict[str, float]
    folder: str | None = None
    canvas: dict[str, str] = field(default_factory=dict)

    @property
    def chapters(self) -> tuple[str, ...]:
        """Chapters with exercises that count, in order."""
        return tuple(dict.fromkeys(ex.chapter for ex in self.exercises))

    def maximum(self, chapter: str | None = None) -> float:
        """Return the points that can be had, of a chapter or of all.

        Parameters
        ----------
        chapter : str, optional

        Returns
        -------
        float
        """
        return sum(
            self.weights[ex.id] * ex.points
            for ex in self.exercises
            if chapter in (None, ex.chapter)
        )


def load(path: Path | None) -> Settings:
    """Read ``course.toml``.

    Parameters
    ----------
    path : Path or None
        None: the exercises of the book but for the diagnostic ones, with
        their own points.

    Returns
    -------
    Settings

    Raises
    ------
    SettingsError
    """
    data = _toml(path) if path else {}
    if unknown := sorted(data.keys() - _FIELDS):
        there = ", ".join(sorted(_FIELDS))
        raise SettingsError(f"{path}: unknown entry {unknown[0]!r}; there are {there}")
    folder = None
    if path is not None and "folder" in data:
        folder = str((path.parent / str(data["folder"])).resolve())
    found = all_exercises(folder)
    patterns = data.get("exercises", _that_count(found))
    if not isinstance(patterns, list):
        raise SettingsError(f'{path}: "exercises" is no list')
    for pattern in patterns:
        if not any(fnmatchcase(ex.id, str(pattern)) for ex in found):
            raise SettingsError(f"{path}: no exercise is called {pattern!r}")
    counted = tuple(
        ex for ex in found if any(fnmatchcase(ex.id, str(p)) for p in patterns)
    )
    canvas = {str(k): str(v) for k, v in data.get("canvas", {}).items()}
    return Settings(counted, _weights(path, data, counted), folder, canvas)


def _that_count(found: tuple[Exercise, ...]) -> list[str]:
    """Return patterns of what counts if nobody says what does."""
    chapters = dict.fromkeys(ex.chapter for ex in found)
    return [f"{name}.*" for name in chapters if name not in exercises.DIAGNOSTIC]


@cache
def all_exercises(folder: str | None) -> tuple[Exercise, ...]:
    """Return the book's exercises and those of a folder.

    Parameters
    ----------
    folder : str or None
        Its ``*.py`` files hold ``EXERCISES``, as those of the book do.

    Returns
    -------
    tuple of Exercise

    Raises
    ------
    SettingsError
        If a file does not load, or an id is there twice.
    """
    found = list(exercises.all())
    if folder is not None:
        if not Path(folder).is_dir():
            raise SettingsError(f"{folder}: there is no such folder of exercises")
        for file in sorted(Path(folder).glob("*.py")):
            found += _own(file)
    ids = [ex.id for ex in found]
    for name in ids:
        if ids.count(name) > 1:
            raise SettingsError(f"{folder}: the exercise {name} is there twice")
    return tuple(found)


def version_of(exercise: Exercise, folder: str | None) -> str:
    """Return what changes whenever an exercise may check differently.

    Parameters
    ----------
    exercise : Exercise
    folder : str or None

    Returns
    -------
    str
    """
    own = {ex.id for ex in exercises.all()}
    if exercise.id in own or folder is None:
        return _digest_of(*sorted(Path(exercises.__file__).parent.glob("*.py")))
    return _digest_of(*sorted(Path(folder).glob("*.py")))


@cache
def grader_version() -> str:
    """Return the course's version and a digest of what checks and calls.

    Returns
    -------
    str
    """
    from backprop import __version__

    files = [Path(str(module.__file__)) for module in _OF_CHECKS]
    return f"{__version__}+{_digest_of(*files, *(HERE / name for name in _OF_GRADER))}"


def grading_key(key_file: Path | None, out: Path) -> bytes:
    """Return the secret from which hidden inputs are drawn.

    Parameters
    ----------
    key_file : Path or None
        None: a file in `out`, made at the first run, so that the next one draws
        the same inputs.
    out : Path

    Returns
    -------
    bytes

    Raises
    ------
    SettingsError
        If it is missing, or too short to be a secret.
    """
    path = key_file or out / "grading.key"
    if key_file is None and not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32) + "\n")
    try:
        key = path.read_bytes().strip()
    except OSError as error:
        raise SettingsError(
            f"{path}: the key is not readable: {error.strerror}"
        ) from None
    if len(key) < 16:
        raise SettingsError(f"{path}: {len(key)} bytes are no secret; give at least 16")
    return key


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from None
    except ValueError as error:
        raise SettingsError(f"{path}: {error}") from None


def _weights(
    path: Path | None, data: dict[str, Any], counted: tuple[Exercise, ...]
) -> dict[str, float]:
    given = data.get("weights", {})
    names = {ex.id for ex in counted} | {ex.chapter for ex in counted}
    for name, weight in given.items():
        if name not in names:
            raise SettingsError(f"{path}: a weight for {name!r}, which does not count")
        if type(weight) not in (int, float) or not 0 <= weight < 1e6:
            raise SettingsError(f"{path}: the weight of {name} is {weight!r}")
    return {ex.id: float(given.get(ex.id, given.get(ex.chapter, 1))) for ex in counted}


def _own(file: Path) -> tuple[Exercise, ...]:
    """Load one file of the instructor's: it runs unprotected, as they would run it."""
    name = f"course_own_{file.stem}"
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise SettingsError(f"{file}: {type(error).__name__}: {error}") from None
    found = getattr(module, "EXERCISES", ())
    if not found or not all(isinstance(ex, Exercise) for ex in found):
        raise SettingsError(f"{file}: no EXERCISES in it")
    return tuple(found)


@cache
def _digest_of(*files: Path) -> str:
    digest = hashlib.sha256()
    for file in files:
        data = file.read_bytes()
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:12]
