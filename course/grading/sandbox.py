"""Start the worker inside a sandbox, hand it answers, and end it.

bubblewrap first, Landlock second, and without either nothing runs unless the
instructor says so. Whatever goes wrong before a student's code runs is a
`SandboxFault`: an error of ours, for which nobody loses a point.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np

import backprop
from course.grading import bytecode, landlock, protocol, seccomp

Mode = Literal["bubblewrap", "landlock", "unsafe"]

HERE = Path(__file__).resolve().parent
INSIDE = ("protocol.py", "worker.py", "landlock.py", "seccomp.py")
START = 20.0  # seconds until ready: a loaded machine imports NumPy slowly
STOP = 5.0
LIMITS = {
    "cpu": 8,  # seconds of one answer
    "memory": 2 * 2**30,
    "processes": 4,
    "file": 8 * 2**20,
    "descriptors": 64,
}
TMPFS = 16 * 2**20
# What NumPy loads only when asked: a student without the right to read the
# interpreter's files (root's home is closed) needs it loaded before.
LAZY = ("numpy.random", "numpy.linalg", "numpy.fft", "numpy.polynomial", "math")
BOOT = """
import json, sys, types
config = json.loads(sys.argv[1])
sys.path += config["path"]
for name, path in (("course", []), ("course.grading", [config["worker"]])):
    sys.modules[name] = module = types.ModuleType(name)
    module.__path__ = path
from course.grading.worker import main
"""
RUN = "main(config)\n"
WARM = """
import importlib
for name in config["preload"]:
    importlib.import_module(name)
"""


class SandboxFault(Exception):
    """The sandbox could not be started or did not answer: a fault of ours."""


class SandboxDied(Exception):
    """The sandbox went away while a student's code was running in it."""


@functools.cache
def find_mode() -> Mode:
    """Return the best sandbox that works on this machine.

    Returns
    -------
    str
        "bubblewrap" or "landlock".

    Raises
    ------
    SandboxFault
        If there is neither; says what to do.
    """
    reasons = []
    for mode in ("bubblewrap", "landlock"):
        try:
            with Sandbox(mode):
                return mode
        except SandboxFault as fault:
            reasons.append(f"{mode}: {fault}")
    raise SandboxFault(
        "No sandbox works here, and students' code must not run without one.\n"
        + "\n".join(f"  {reason}" for reason in reasons)
        + "\nInstall bubblewrap (Debian, Ubuntu, Fedora: package `bubblewrap`), use "
        "Linux 6.12 or newer, or grade in a container or WSL; see "
        "course/grading/README.md. --unsafe runs everything unprotected."
    )


class Sandbox:
    """A warm process in a sandbox that forks a child for each answer.

    Parameters
    ----------
    mode : str
        "bubblewrap", "landlock" or "unsafe".
    bp : bool, optional
        Whether the package `backprop` is inside.

    Raises
    ------
    SandboxFault
        If it is not ready in time.

    Attributes
    ----------
    facts : dict
        What the worker said about itself when it was ready.
    """

    def __init__(self, mode: Mode, bp: bool = False) -> None:
        self.mode = mode
        self.control, inside = socket.socketpair()
        try:
            command, env = _command(mode, bp, inside.fileno())
            self.process = subprocess.Popen(
                command,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=[inside.fileno()],
                start_new_session=True,
                cwd="/",
            )
        except OSError as error:
            self.control.close()
            raise SandboxFault(f"{command[0]}: {error.strerror}") from None
        except SandboxFault:
            self.control.close()
            raise
        finally:
            inside.close()
        try:
            ready = self._hear(START)
            self.facts: dict[str, Any] = dict(ready["ready"])
        except (EOFError, TimeoutError, protocol.ProtocolError, KeyError) as error:
            self._kill()
            raise SandboxFault(self._last_words(error)) from None

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(self) -> socket.socket:
        """Start a child for one answer; return the socket that leads to it.

        Returns
        -------
        socket.socket

        Raises
        ------
        SandboxDied
            If the sandbox is gone, or cannot fork.
        """
        here, there = socket.socketpair()
        try:
            socket.send_fds(self.control, [b"O"], [there.fileno()])
            started = self._hear(STOP)["started"]
        except (OSError, EOFError, KeyError, protocol.ProtocolError):
            started = False
        finally:
            there.close()
        if started is not True:
            here.close()
            raise SandboxDied
        return here

    def stop(self) -> int:
        """Kill the child and what it left; return its wait status.

        Returns
        -------
        int
            See `os.waitstatus_to_exitcode`.

        Raises
        ------
        SandboxDied
            If the sandbox is gone.
        """
        try:
            self.control.send(b"S")
            status = self._hear(STOP)["status"]
        except (OSError, EOFError, KeyError, protocol.ProtocolError):
            raise SandboxDied from None
        return status if type(status) is int else 0

    def close(self) -> None:
        """End the sandbox and all processes in it."""
        with contextlib.suppress(OSError):
            self.control.shutdown(socket.SHUT_RDWR)  # the worker cleans up and exits
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(STOP)
        self._kill()

    def _hear(self, seconds: float) -> dict[str, Any]:
        payload = protocol.receive(self.control, time.monotonic() + seconds)
        return protocol.unpack(payload)

    def _kill(self) -> None:
        self.control.close()
        self.process.kill()
        self.process.wait()
        if self.process.stderr is not None and not self.process.stderr.closed:
            os.set_blocking(self.process.stderr.fileno(), False)
            self.words = (self.process.stderr.read(10_000) or b"").decode(
                "utf-8", "replace"
            )
            self.process.stderr.close()

    def _last_words(self, error: Exception) -> str:
        """Say why there was no handshake: the last line of what was printed."""
        lines = self.words.strip().splitlines()
        if lines:
            return lines[-1][:500]
        if isinstance(error, TimeoutError):
            return f"not ready within {START:g} s"
        return f"ended with exit status {self.process.returncode} before it was ready"


def new_id() -> str:
    """Return an identity for one call, not to be guessed."""
    return secrets.token_hex(8)


def _command(mode: Mode, bp: bool, control: int) -> tuple[list[str], dict[str, str]]:
    """Return the command line and environment that start a worker."""
    config: dict[str, Any] = {
        "name": new_id(),  # so that its processes can be told from others'
        "mode": mode,
        "control": control,
        "uid": None,
        "limits": dict(LIMITS),
        "preload": [*(["backprop"] if bp else [])],
    }
    if os.name != "posix":
        raise SandboxFault("Windows cannot grade; use WSL or a Linux container")
    if mode != "unsafe" and sys.platform != "linux":
        raise SandboxFault("Linux only; use a Linux container")
    if mode == "bubblewrap":
        return _bubblewrap(config, bp)
    if mode == "landlock":
        if landlock.abi() < landlock.MIN_ABI:
            raise SandboxFault(
                f"this kernel has ABI {landlock.abi()}, {landlock.MIN_ABI} is needed"
            )
        if not seccomp.supported():
            raise SandboxFault("needs seccomp on x86-64 or arm64")
        if os.getuid() == 0:
            config["uid"] = _fresh_uid()
            config["preload"] += LAZY
        else:
            # Counted with all that the same user runs outside; see the README.
            config["limits"]["processes"] = 0
    else:
        config["limits"]["processes"] = 0
    config["path"] = [str(path.parent) for path in _packages(bp)]
    config["worker"] = str(HERE)
    config["readable"] = [str(path) for path in _readable(bp)]
    env = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    start = [_interpreter()]

    def warm(folder: Path) -> list[str]:
        return [*start, *_python(config | {"preload": list(LAZY)}, folder, warm=True)]

    compiled = bytecode.folder("outside", warm)
    if compiled is not None:
        config["readable"].append(str(compiled))
    return [*start, *_python(config, compiled)], env


def _python(
    config: dict[str, Any], compiled: Path | None, warm: bool = False
) -> list[str]:
    """Options: no site, no user folder, no environment, no .pyc written."""
    options = ["-I", "-S", "-u", *([] if warm else ["-B"])]
    if compiled is not None:
        options += ["-X", f"pycache_prefix={compiled}"]
    return [*options, "-c", BOOT + (WARM if warm else RUN), json.dumps(config)]


def _bubblewrap(config: dict[str, Any], bp: bool) -> tuple[list[str], dict[str, str]]:
    found = shutil.which("bwrap")
    if found is None:
        raise SandboxFault("bwrap is not installed")
    config |= {"path": ["/site"], "worker": "/grader", "readable": []}
    base = Path(sys.base_prefix).resolve()
    python = "/py" / Path(_interpreter()).relative_to(base)
    if os.getuid() == 0:
        config["uid"] = _fresh_uid()
        rights = ["--cap-drop", "ALL"]
        rights += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        rights = ["--unshare-user", "--disable-userns", "--uid", "65534"]
        rights += ["--gid", "65534", "--cap-drop", "ALL"]
    command = [found, *rights]
    command += ["--die-with-parent", "--unshare-pid", "--unshare-net"]
    command += ["--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    command += ["--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev"]
    command += ["--perms", "1777", "--size", str(TMPFS), "--tmpfs", "/tmp"]
    for source, target in [*_libraries(), (base, Path("/py"))]:
        command += ["--ro-bind", str(source), str(target)]
        # Other packages that lie there: backprop may be what is to be written.
        for hidden in _site_folders(source):
            command += ["--tmpfs", str(target / hidden.relative_to(source))]
    # Folders made in passing would be closed to the user that the worker becomes.
    for folder in ("/site", "/grader"):
        command += ["--perms", "0755", "--dir", folder]
    for package in _packages(bp):
        command += ["--ro-bind", str(package), f"/site/{package.name}"]
    for name in INSIDE:
        command += ["--ro-bind", str(HERE / name), f"/grader/{name}"]
    last = ["--chdir", "/tmp", "--remount-ro", "/", "--clearenv"]
    last += ["--setenv", "OPENBLAS_NUM_THREADS", "1", "--setenv", "HOME", "/tmp"]
    last += ["--setenv", "LD_LIBRARY_PATH", "/py/lib", str(python)]
    inside = Path("/pyc")

    def warm(folder: Path) -> list[str]:
        bind = ["--bind", str(folder), str(inside)]
        run = _python(config | {"preload": list(LAZY)}, inside, warm=True)
        return [*command, *bind, *last, *run]

    compiled = bytecode.folder("inside", warm)
    if compiled is None:
        return [*command, *last, *_python(config, None)], {}
    bind = ["--ro-bind", str(compiled), str(inside)]
    return [*command, *bind, *last, *_python(config, inside)], {}


def _interpreter() -> str:
    """Return the real Python behind a virtual environment's link."""
    base = getattr(sys, "_base_executable", sys.executable)
    return str(Path(base).resolve())


def _fresh_uid() -> int:
    """Return a user nobody is: limits on processes count by user."""
    return 200_000 + secrets.randbelow(2_000_000_000)


def _libraries() -> Sequence[tuple[Path, Path]]:
    """Return the shared libraries' folders, and where they go."""
    folders = ("/usr/lib", "/usr/lib64", "/lib", "/lib64")
    names = (*folders, "/etc/ld.so.cache", "/etc/alternatives")
    return [(Path(n).resolve(), Path(n)) for n in names if Path(n).exists()]


@functools.cache
def _site_folders(under: Path) -> tuple[Path, ...]:
    """Return the folders of installed packages below a Python's library."""
    patterns = ("lib/python3*/", "python3*/", "local/lib/python3*/")
    folders = (p for pattern in patterns for p in under.glob(pattern) if p.is_dir())
    names = ("site-packages", "dist-packages")
    return tuple(p / n for p in folders for n in names if (p / n).is_dir())


@functools.cache
def _packages(bp: bool) -> tuple[Path, ...]:
    """Return the package folders that a student's code may use."""
    where = Path(np.__file__).resolve().parent
    libraries = where.with_name("numpy.libs")  # where wheels keep OpenBLAS
    found = [where, *([libraries] if libraries.is_dir() else [])]
    if bp:
        found.append(Path(backprop.__file__).resolve().parent)
    return tuple(found)


@functools.cache
def _readable(bp: bool) -> tuple[Path, ...]:
    """Return what Landlock leaves readable: no package but the allowed ones."""
    base = Path(sys.base_prefix).resolve()
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    library = base / "lib" / version
    hidden = {"site-packages", "dist-packages"}
    stdlib = [entry for entry in library.iterdir() if entry.name not in hidden]
    shared = [p for p, _ in _libraries() if p.name != "lib"]
    system = [*base.glob("lib/lib*.so*"), *Path("/usr/lib").glob("*-linux-gnu*")]
    devices = [Path("/dev/null"), Path("/dev/urandom"), Path("/dev/zero")]
    return (*_packages(bp), *stdlib, *shared, *system, *devices)
