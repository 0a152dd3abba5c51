"""Confine this process by Landlock: the second choice, where bubblewrap cannot run.

After `restrict` the process and all its children read the prepared paths and nothing
else, write nothing, open no TCP connection, signal nobody outside and reach no
abstract socket. See landlock(7).
"""

from __future__ import annotations

import ctypes
import os
import struct

MIN_ABI = 6  # signals and abstract sockets are scoped from here on
_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same on every architecture
_PR_SET_NO_NEW_PRIVS = 38
_ALL_FS = (1 << 16) - 1  # execute … ioctl_dev, ABI 5
_ALL_NET = 0b11  # bind and connect, TCP
_ALL_SCOPES = 0b11  # abstract UNIX sockets, signals
_EXECUTE, _READ_FILE, _READ_DIR = 1, 4, 8


def abi() -> int:
    """Return the kernel's Landlock version; 0 where there is none.

    Returns
    -------
    int
    """
    try:
        return max(0, _syscall(_CREATE, None, 0, 1))
    except OSError:
        return 0


def prepare(paths: list[str]) -> int:
    """Make the rules, while this process may still open the paths.

    Parameters
    ----------
    paths : list of str
        Files and folders that stay readable; those missing are passed over.

    Returns
    -------
    int
        A descriptor for `restrict`.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    ruleset = _ruleset(_ALL_FS, _ALL_NET)
    for path in paths:
        _allow_reading(ruleset, path)
    return ruleset


def restrict(ruleset: int) -> None:
    """Confine this process for good; closes the descriptor.

    Parameters
    ----------
    ruleset : int
        From `prepare`.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    words = [ctypes.c_ulong(word) for word in (1, 0, 0, 0)]
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, *words):
        raise OSError(ctypes.get_errno(), "no_new_privs")
    _syscall(_RESTRICT, ruleset, 0)
    os.close(ruleset)


def separate() -> None:
    """Keep this process, already confined, from signalling the one that forked it."""
    restrict(_ruleset(0, 0))


def _ruleset(fs: int, net: int) -> int:
    rules = struct.pack("QQQ", fs, net, _ALL_SCOPES)
    return _syscall(_CREATE, rules, len(rules), 0)


def _allow_reading(ruleset: int, path: str) -> None:
    try:
        at = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    access = _READ_FILE | _EXECUTE
    if os.path.isdir(path):
        access |= _READ_DIR
    rule = struct.pack("=Qi", access, at)
    _syscall(_ADD, ruleset, 1, rule, 0)
    os.close(at)


def _syscall(number: int, *args: object) -> int:
    """Call the kernel; integers go as machine words, as the ABI wants them."""
    libc = ctypes.CDLL(None, use_errno=True)
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in args]
    done = int(libc.syscall(ctypes.c_long(number), *words))
    if done < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"landlock: {os.strerror(number)}")
    return done
