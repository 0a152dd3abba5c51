"""The side of the grader that runs inside the sandbox: no checks, no scores, no key.

One process a student imports NumPy, confines itself, says that it is ready, and
forks a fresh child for each answer. The child runs the student's cell and then
one call after another; it talks to the grader on a socket of its own, which the
next answer's child does not have.

Imports the standard library, NumPy and its neighbours in this folder alone.
"""

from __future__ import annotations

import builtins
import contextlib
import ctypes
import importlib
import math
import os
import resource
import signal
import socket
import sys
import time
import warnings
from typing import Any, NoReturn

import numpy as np

from course.grading import landlock, protocol, seccomp

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER = 1, 4, 36
CELL = "<cell>"
COMMAND_OPEN, COMMAND_STOP = b"O", b"S"
FOREVER = math.inf


def main(config: dict[str, Any]) -> NoReturn:
    """Confine this process, report ready, serve until the grader hangs up.

    Parameters
    ----------
    config : dict
        As `sandbox.Sandbox` makes it: "mode", "uid", "readable" and "limits".
    """
    control = socket.socket(fileno=int(config["control"]))
    for name in config["preload"]:
        importlib.import_module(name)
    facts = confine(config)
    facts |= {"numpy": np.__version__, "python": sys.version.split()[0]}
    protocol.send(control, protocol.pack({"ready": facts}), FOREVER)
    serve(control, config["mode"])


def confine(config: dict[str, Any]) -> dict[str, Any]:
    """Give up every right that a student's code must not have.

    Parameters
    ----------
    config : dict

    Returns
    -------
    dict
        What holds, for the record.
    """
    if config["mode"] == "landlock":
        rules = landlock.prepare(config["readable"])
    if config["uid"] is not None:
        # Root is exempt from RLIMIT_NPROC, and owns too much.
        os.setgroups([])
        os.setresgid(config["uid"], config["uid"], config["uid"])
        os.setresuid(config["uid"], config["uid"], config["uid"])
    processes = limit_resources(config["limits"])
    if config["mode"] == "unsafe":
        return {"processes": processes, "system calls": "all"}
    prctl(PR_SET_CHILD_SUBREAPER, 1)  # orphans come to us, and `stop` sees them
    prctl(PR_SET_DUMPABLE, 0)  # a child of our own user must not look into us
    if config["mode"] == "landlock":
        landlock.restrict(rules)
        assert_alone()
    filtered = seccomp.restrict()
    return {"processes": processes, "system calls": "few" if filtered else "all"}


def prctl(option: int, value: int) -> None:
    """Set an attribute of this process; see prctl(2).

    Parameters
    ----------
    option, value : int
    """
    words = [ctypes.c_ulong(word) for word in (value, 0, 0, 0)]
    if ctypes.CDLL(None, use_errno=True).prctl(option, *words):
        raise OSError(ctypes.get_errno(), f"prctl({option}) refused")


def limit_resources(limits: dict[str, int]) -> int:
    """Set the hard limits; return that on processes, or 0 if it cannot be set.

    Parameters
    ----------
    limits : dict
        "cpu", "memory", "processes", "file" and "descriptors".

    Returns
    -------
    int
    """
    for name, soft, hard in (
        # At the soft limit the signal says why; at the hard one it is SIGKILL.
        ("RLIMIT_CPU", limits["cpu"], limits["cpu"] + 1),
        ("RLIMIT_AS", limits["memory"], limits["memory"]),
        ("RLIMIT_FSIZE", limits["file"], limits["file"]),
        ("RLIMIT_NOFILE", limits["descriptors"], limits["descriptors"]),
        ("RLIMIT_CORE", 0, 0),
    ):
        try:
            resource.setrlimit(getattr(resource, name), (soft, hard))
        except (ValueError, OSError):
            # macOS refuses some; only --unsafe runs there.
            continue
    # Some kernels count the user's processes outside, too. Then a small limit
    # would stop our own forks, and the clock and the final kill must do.
    _, hard = resource.getrlimit(resource.RLIMIT_NPROC)
    wanted = limits["processes"]
    if not wanted:
        return 0
    resource.setrlimit(resource.RLIMIT_NPROC, (wanted, hard))
    try:
        pid = os.fork()
    except BlockingIOError:
        resource.setrlimit(resource.RLIMIT_NPROC, (hard, hard))
        return 0
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    resource.setrlimit(resource.RLIMIT_NPROC, (wanted, wanted))
    return wanted


def assert_alone() -> None:
    """Make sure that no process outside can be signalled; `serve` relies on it."""
    try:
        os.kill(os.getppid(), 0)
    except PermissionError:
        return
    raise OSError("the grader's process can be signalled from inside")


def serve(control: socket.socket, mode: str) -> NoReturn:
    """Start and stop children as the grader says; exit when it hangs up.

    Parameters
    ----------
    control : socket.socket
    mode : str
        After each answer every process in reach is killed, except in "unsafe",
        where that would reach outside: there, only the child's group.
    """
    everything = mode != "unsafe"
    child = 0
    while True:
        data, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        status = stop(child, everything)
        child = 0
        if not data:
            os._exit(0)
        if data == COMMAND_OPEN:
            (fd,) = descriptors
            child = start(control, socket.socket(fileno=fd), mode)
            status = 0
        reply = {"started": child > 0, "status": status}
        protocol.send(control, protocol.pack(reply), FOREVER)


def stop(child: int, everything: bool) -> int:
    """Kill the child and all it left behind; return its wait status.

    Parameters
    ----------
    child : int
        0 for none.
    everything : bool

    Returns
    -------
    int
    """
    status = 0
    while True:
        # A child that ended by itself has a status worth telling: wait first.
        pid = None
        while pid != 0:
            try:
                pid, ended = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return status  # orphans are our children, so none is left
            if pid == child:
                status = ended
        # A fork may slip through one round of killing, so there are more.
        _kill(-1 if everything else -child)
        time.sleep(0.0005)


def _kill(pid: int) -> None:
    """Send SIGKILL, if there is anybody to get it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)


def start(control: socket.socket, link: socket.socket, mode: str) -> int:
    """Fork a child for one answer.

    Parameters
    ----------
    control : socket.socket
        Closed in the child.
    link : socket.socket
        The child's own; closed here.
    mode : str
        Landlock must keep the child from signalling this process.

    Returns
    -------
    int
        Its process id; -1 if there can be none.
    """
    try:
        pid = os.fork()
    except OSError:
        link.close()
        return -1
    if pid:
        link.close()
        return pid
    try:
        os.setsid()
        control.close()
        # Standard input is /dev/null, open both ways: what is printed goes there.
        os.dup2(0, 1)
        os.dup2(0, 2)
        if mode != "unsafe":
            prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if mode == "landlock":
            landlock.separate()
        answer(link)
    finally:
        os._exit(0)  # no atexit, no threads waited for


def answer(link: socket.socket) -> None:
    """Run a cell, then one call after another, until the grader hangs up.

    Parameters
    ----------
    link : socket.socket
    """
    cell: Cell | None = None
    while True:
        try:
            message = protocol.unpack(protocol.receive(link, FOREVER), makers=True)
        except EOFError:
            return
        reply: dict[str, Any]
        try:
            if cell is None:
                cell = Cell(message)
                reply = {"value": None}
            else:
                reply = cell.call(message["args"])
            data = protocol.pack({"id": message["id"], **reply})
        except BaseException as error:
            data = protocol.pack({"id": message["id"], **told(error)})
        protocol.send(link, data, FOREVER)


class Refused(Exception):
    """Something that is not allowed: "forbidden" or "missing"."""

    def __init__(self, kind: str, what: str) -> None:
        super().__init__(what)
        self.kind, self.what = kind, what


class Cell:
    """A student's function in a namespace of its own.

    Parameters
    ----------
    message : dict
        "source", "given", "function", "modules" and "allowed".
    """

    def __init__(self, message: dict[str, Any]) -> None:
        np.seterr(all="ignore")
        warnings.simplefilter("ignore")
        modules = message["modules"].items()
        allowed = frozenset(message["allowed"])

        def importer(name: str, *args: Any, **kwargs: Any) -> Any:
            if name.split(".")[0] not in allowed:
                raise Refused("forbidden", name)
            return builtins.__import__(name, *args, **kwargs)

        own = {**vars(builtins), "__import__": importer}
        self.namespace: dict[str, Any] = {
            "__builtins__": own,
            "__name__": "cell",
            **{short: importlib.import_module(name) for short, name in modules},
        }
        exec(compile(message["given"], "<given>", "exec"), self.namespace)
        self.makers = dict(self.namespace)
        exec(compile(message["source"], CELL, "exec"), self.namespace)
        self.function = self.namespace.get(message["function"])
        if not callable(self.function):
            raise Refused("missing", message["function"])

    def call(self, args: tuple[Any, ...]) -> dict[str, Any]:
        """Call the function; say also which argument it changed, -1 for none.

        Parameters
        ----------
        args : tuple

        Returns
        -------
        dict
        """
        plain = [not isinstance(arg, protocol.Maker) for arg in args]
        before = [
            protocol.pack({"": arg}) if p else b""
            for p, arg in zip(plain, args, strict=True)
        ]
        given = [
            arg if p else self.makers[arg.name](*arg.params)
            for p, arg in zip(plain, args, strict=True)
        ]
        value = self.function(*given)  # type: ignore[misc]
        changed = -1
        for k in range(len(args)):
            if plain[k] and not _same(before[k], given[k]):
                changed = k
                break
        try:
            protocol.pack({"": value})
        except protocol.Unsendable as error:
            raise Refused("result", str(error)) from None
        return {"value": value, "changed": changed}


def _same(before: bytes, value: Any) -> bool:
    try:
        return protocol.pack({"": value}) == before
    except protocol.Unsendable:
        return False


def told(error: BaseException) -> dict[str, Any]:
    """Describe an exception: its kind, its type, and the last line of the cell in it.

    Parameters
    ----------
    error : BaseException

    Returns
    -------
    dict
        No text of the exception: a student could put hidden inputs into it.
    """
    line = 0
    if isinstance(error, SyntaxError) and error.filename == CELL:
        line = error.lineno or 0
    frames = error.__traceback__
    while frames is not None:
        if frames.tb_frame.f_code.co_filename == CELL:
            line = frames.tb_lineno
        frames = frames.tb_next
    kind, what = "exception", type(error).__name__
    if isinstance(error, Refused):
        kind, what = error.kind, error.what
    elif isinstance(error, MemoryError):
        kind = "memory"
    return {"error": kind, "what": what[:200], "line": line}
