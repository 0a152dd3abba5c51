"""The trusted side of one student's sandboxes: `course.checking` calls through it.

Every reply is data from a hostile process until it has been read, checked and
matched to its call. What a student learns of an exception is its type, if it is
one of Python's own, and the line: its text could carry hidden inputs out.
"""

from __future__ import annotations

import builtins
import contextlib
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any

from course.checking import check
from course.grading import protocol
from course.grading.sandbox import Mode, Sandbox, SandboxDied, new_id
from course.local import ALWAYS, FULL_NAMES
from course.model import Code, Failed, Given, Result, StudentError

CELL_SECONDS = 10.0
CALL_SECONDS = 5.0
ANSWER_SECONDS = 20.0
MAX_SOURCE = 100_000  # characters
KNOWN = {
    name
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, BaseException)
} | {"LinAlgError", "AxisError"}


class Student:
    """All sandboxes of one student: one, and a second where `bp` is wanted.

    Parameters
    ----------
    mode : str
        See `course.grading.sandbox`.

    Attributes
    ----------
    deaths : int
        Sandboxes lost while the last answer was checked.
    told : set of str
        Messages about that answer which show nothing of a hidden input.
    """

    def __init__(self, mode: Mode) -> None:
        self.mode = mode
        self.deaths = 0
        self.told: set[str] = set()
        self._warm: dict[bool, Sandbox] = {}

    def __enter__(self) -> Student:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for sandbox in self._warm.values():
            sandbox.close()

    def check(
        self, exercise: Code, source: Any, *, student: str | None, key: bytes
    ) -> Result:
        """Check one answer; no process of it is left afterwards.

        Parameters
        ----------
        exercise : Code
        source : object
            Text, if it is any good.
        student : str or None
        key : bytes
            Draws the hidden inputs.

        Returns
        -------
        Result

        Raises
        ------
        SandboxFault
            If a sandbox cannot be started: nobody's score.
        """
        for last in (False, True):
            self.deaths = 0
            self.told.clear()
            with self.caller(exercise) as call:
                result = check(exercise, source, student=student, key=key, call=call)
            # A sandbox that went away may have been killed by this machine, not
            # by this answer. It gets a second chance, in a new one.
            if last or not self.deaths:
                break
        return result

    @contextlib.contextmanager
    def caller(self, exercise: Code) -> Iterator[Callable[[str], Answer]]:
        """Give what turns a source into a function in the sandbox.

        Parameters
        ----------
        exercise : Code

        Yields
        ------
        callable
            Source -> `Answer`, for `course.checking.check`.
        """
        answers: list[Answer] = []

        def make(source: str) -> Answer:
            with self._noting():
                answers.append(Answer(self, exercise, source))
            return answers[-1]

        try:
            yield make
        finally:
            for answer in answers:
                answer.close()

    @contextlib.contextmanager
    def _noting(self) -> Iterator[None]:
        """Keep what is said of an answer on this side of the checks."""
        try:
            yield
        except (StudentError, Failed) as error:
            self.told.add(str(error))
            raise

    def sandbox(self, bp: bool) -> Sandbox:
        """Return a sandbox that answers, a new one if the last has died.

        Parameters
        ----------
        bp : bool
            Where it is to be written, the package must not lie about.

        Returns
        -------
        Sandbox
        """
        if bp not in self._warm:
            self._warm[bp] = Sandbox(self.mode, bp)
        return self._warm[bp]

    def discard(self, bp: bool) -> None:
        """Throw away a sandbox that does not do as it is told.

        Parameters
        ----------
        bp : bool
        """
        self.deaths += 1
        self._warm.pop(bp).close()


class Answer:
    """One answer's function, in a child of its own.

    Parameters
    ----------
    student : Student
    exercise : Code
    source : str

    Raises
    ------
    StudentError
        If the cell does not run, or defines no such function.
    """

    def __init__(self, student: Student, exercise: Code, source: str) -> None:
        self.student, self.exercise, self.source = student, exercise, source
        self.bp = "bp" in exercise.imports
        self.left = ANSWER_SECONDS
        self.link: socket.socket | None = None
        if len(source) > MAX_SOURCE:
            raise StudentError("forbidden", f"A cell of {len(source):,} characters.")
        self._open()

    def __call__(self, *args: Any) -> Any:
        """Call the function with plain data; see `course.model.Call`."""
        with self.student._noting():
            return self._call(args)

    def _call(self, args: tuple[Any, ...]) -> Any:
        if self.link is None:
            self._open()  # its own doing ended the last child; others may be well
        sent = tuple(
            protocol.Maker(a.name, a.params) if isinstance(a, Given) else a
            for a in args
        )
        reply = self._ask({"args": sent}, CALL_SECONDS)
        changed = reply.get("changed")
        if type(changed) is int and 0 <= changed < len(self.exercise.parameters):
            name = self.exercise.parameters[changed]
            raise Failed(f"your function changed its input {name}")
        return reply.get("value")

    def close(self) -> None:
        """End the child, and whatever it started."""
        self._end()

    def _open(self) -> None:
        modules = {name: FULL_NAMES[name] for name in self.exercise.imports}
        message = {
            "source": self.source,
            "given": self.exercise.given,
            "function": self.exercise.function,
            "modules": modules,
            "allowed": sorted(ALWAYS | set(modules.values())),
        }
        for last in (False, True):
            try:
                self.link = self.student.sandbox(self.bp).open()
                break
            except SandboxDied:
                # The one before may have killed it. A new one is not its victim.
                self.student.discard(self.bp)
                if last:
                    raise
        try:
            self._ask(message, CELL_SECONDS)
        except StudentError:
            self._end()
            raise

    def _ask(self, message: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Send a message, and return the reply to it and no other."""
        assert self.link is not None
        call, begun = new_id(), time.monotonic()
        deadline = begun + min(seconds, self.left)
        try:
            protocol.send(self.link, protocol.pack({"id": call, **message}), deadline)
            reply = protocol.unpack(protocol.receive(self.link, deadline))
        except TimeoutError:
            self._end()
            raise StudentError("timeout", _too_long(seconds)) from None
        except (EOFError, OSError):
            raise self._died() from None
        except protocol.ProtocolError as error:
            self._end()
            raise StudentError("forbidden", f"Unreadable reply: {error}.") from None
        finally:
            self.left = max(0.0, self.left - (time.monotonic() - begun))
        if reply.get("id") != call:
            self._end()
            raise StudentError("forbidden", "A reply that nobody asked for.")
        if "error" in reply:
            raise self._told(reply)
        return reply

    def _end(self) -> int:
        if self.link is None:
            return 0
        self.link.close()
        self.link = None
        try:
            return self.student.sandbox(self.bp).stop()
        except SandboxDied:
            self.student.discard(self.bp)
            return 0

    def _died(self) -> StudentError:
        """Say how the child ended, as far as its wait status tells."""
        status = self._end()
        code = os.waitstatus_to_exitcode(status)
        if code == -signal.SIGXCPU:
            return StudentError("timeout", _too_long(CALL_SECONDS))
        return StudentError("ended", "Your code ended the process it ran in.")

    def _told(self, reply: dict[str, Any]) -> StudentError:
        """Turn a description of an exception into words of ours."""
        kind, what, line = (reply.get(k) for k in ("error", "what", "line"))
        if kind == "missing":
            named = ", ".join(self.exercise.parameters)
            wanted = f"{self.exercise.function}({named})"
            return StudentError("missing", f"The cell defines no function {wanted}.")
        if kind == "memory":
            return StudentError("memory", "Your code asked for too much memory.")
        if kind == "forbidden":
            there = " and ".join(sorted(ALWAYS | self.exercise.imports))
            text = f"An import that is not there: this exercise has {there}."
            return StudentError("forbidden", text)
        if kind == "result":
            text = "It returned something other than numbers, arrays, lists or tuples."
            return StudentError("forbidden", text)
        name = what if what in KNOWN else "An exception of your own"
        lines = self.source.count("\n") + 1
        known = type(line) is int and 1 <= line <= lines
        where = f" in line {line} of your cell" if known else ""
        return StudentError("exception", f"{name}{where}.")


def _too_long(seconds: float) -> str:
    return f"Stopped after {seconds:g} s. Is there a loop that does not end?"
