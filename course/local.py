"""Run a student's cell in this process: for notebooks, and for our own sources.

The cell runs alone in a fresh namespace, as the grader will run it: what other
cells define is not there. This is no sandbox. A student's own machine runs the
student's own code; the grader uses `course.grading`.
"""

from __future__ import annotations

import builtins
import contextlib
import importlib
import io
import linecache
import traceback
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from course.model import Call, Code, Failed, Given, StudentError

FULL_NAMES = {"np": "numpy", "bp": "backprop"}
ALWAYS = frozenset({"math"})  # may be imported beside the names that are there
LAST_LINES = 3
INTERRUPTED = "Stopped. Is there a loop that does not end?"


def caller(exercise: Code) -> Callable[[str], Call]:
    """Return what turns a source into a callable of this exercise.

    Parameters
    ----------
    exercise : Code

    Returns
    -------
    callable
        Source -> `Call`. Raises `StudentError` if the source does not run or
        does not define the function.
    """

    def make(source: str) -> Call:
        return Local(exercise, source)

    return make


class Local:
    """A student's function, called in this process.

    Parameters
    ----------
    exercise : Code
    source : str
        The cell.
    """

    def __init__(self, exercise: Code, source: str) -> None:
        self.exercise = exercise
        self.file = f"<your cell, {exercise.id}>"
        self.namespace = fresh_namespace(exercise.imports)
        if exercise.given:
            # Ours: what goes wrong in it is our fault, and no StudentError.
            exec(compile(exercise.given, "<given>", "exec"), self.namespace)
        # What inspects a traceback finds the student's lines here.
        lines = source.splitlines(keepends=True)
        linecache.cache[self.file] = (len(source), None, lines, self.file)
        self._run(lambda: exec(compile(source, self.file, "exec"), self.namespace))
        self.function = self.namespace.get(exercise.function)
        if not callable(self.function):
            raise StudentError(
                "missing",
                f"The cell defines no function {exercise.function}("
                f"{', '.join(exercise.parameters)}).",
            )

    def __call__(self, *args: Any) -> Any:
        """Call the function with plain data."""
        given, kept = [self._argument(a) for a in args], [_copy(a) for a in args]
        result = self._run(lambda: self.function(*given))  # type: ignore[misc]
        for name, before, now in zip(
            self.exercise.parameters, kept, given, strict=False
        ):
            if not isinstance(before, Given) and not _unchanged(before, now):
                raise Failed(f"your function changed its input {name}")
        return _copy(plain(result))

    def _argument(self, value: Any) -> Any:
        if isinstance(value, Given):
            return self.namespace[value.name](*value.params)
        return _copy(value)

    def _run(self, action: Callable[[], Any]) -> Any:
        """Do something of the student's; only `StudentError` comes out."""
        try:
            with (
                contextlib.redirect_stdout(io.StringIO()),
                warnings.catch_warnings(),
                np.errstate(all="ignore"),
            ):
                warnings.simplefilter("ignore")
                return action()
        except KeyboardInterrupt:
            raise StudentError("interrupted", INTERRUPTED) from None
        except StudentError:
            raise
        except MemoryError:
            raise StudentError(
                "memory", "Your code asked for too much memory."
            ) from None
        except BaseException as error:  # SystemExit, too
            raise StudentError("exception", self._told(error)) from None

    def _told(self, error: BaseException) -> str:
        """The last lines of a traceback, of the student's own cell alone."""
        if isinstance(error, SyntaxError) and error.filename == self.file:
            line = (error.text or "").strip()
            return f"line {error.lineno}: {line}\n{type(error).__name__}: {error.msg}"
        frames = traceback.extract_tb(error.__traceback__)
        own = [f for f in frames if f.filename == self.file][-LAST_LINES:]
        told = [
            f"line {f.lineno}"
            + (f", in {f.name}" if f.name != "<module>" else "")
            + f": {f.line}"
            for f in own
        ]
        try:
            text = str(error)
        except Exception:
            text = ""
        name = type(error).__name__
        return "\n".join([*told, f"{name}: {text}" if text else name])[:2000]


def fresh_namespace(imports: frozenset[str]) -> dict[str, Any]:
    """Return a namespace with the modules of an exercise, and no others.

    Parameters
    ----------
    imports : frozenset of str
        Of "np" and "bp".

    Returns
    -------
    dict
        With builtins of its own, whose import refuses all other modules.
    """
    modules = {name: importlib.import_module(FULL_NAMES[name]) for name in imports}
    allowed = ALWAYS | {FULL_NAMES[name] for name in imports}

    def importer(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.split(".")[0] not in allowed:
            raise StudentError(
                "forbidden",
                f"import {name}: this exercise is to be solved without it. "
                f"There is {' and '.join(sorted(allowed))}.",
            )
        return builtins.__import__(name, *args, **kwargs)

    own = {**vars(builtins), "__import__": importer}
    return {"__builtins__": own, "__name__": "cell", **modules}


def plain(value: Any) -> Any:
    """Return a result as plain data.

    Parameters
    ----------
    value : object

    Returns
    -------
    None, bool, int, float, str, list, tuple, dict or ndarray
        Arrays are float64, int64 or bool.

    Raises
    ------
    StudentError
        For anything else; the message says what was found.
    """
    if type(value) is int and not -(2**63) <= value < 2**63:
        raise StudentError("forbidden", "It returned an integer beyond 64 bits.")
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, np.generic | np.ndarray):
        kind = value.dtype.kind
        if kind not in "biuf":
            raise StudentError(
                "forbidden", f"It returned an array of {value.dtype}, not of numbers."
            )
        target = {"b": bool, "i": np.int64, "u": np.int64, "f": np.float64}[kind]
        array = np.array(value, dtype=target, subok=False)
        return array.item() if isinstance(value, np.generic) else array
    if type(value) in (list, tuple):
        return type(value)(plain(v) for v in value)
    if type(value) is dict and all(type(k) is str for k in value):
        return {k: plain(v) for k, v in value.items()}
    raise StudentError(
        "forbidden",
        f"It returned an object of type {type(value).__name__}; expected numbers, "
        "arrays, or lists and tuples of them.",
    )


def _copy(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, list | tuple):
        return type(value)(_copy(v) for v in value)
    if isinstance(value, dict):
        return {k: _copy(v) for k, v in value.items()}
    return value


def _unchanged(before: Any, now: Any) -> bool:
    if isinstance(before, np.ndarray):
        return (
            isinstance(now, np.ndarray)
            and now.shape == before.shape
            and now.dtype == before.dtype
            and bool(np.array_equal(before, now, equal_nan=before.dtype.kind == "f"))
        )
    if isinstance(before, list | tuple):
        return len(before) == len(now) and all(map(_unchanged, before, now))
    if isinstance(before, dict):
        return before.keys() == now.keys() and all(
            _unchanged(before[k], now[k]) for k in before
        )
    return bool(before == now)
