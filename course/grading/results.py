"""``results.jsonl``: one line an answer, appended as it is graded.

A run that is killed leaves what it had graded; the next one reads it and goes on.
At the end the file is written anew, sorted and without what no longer counts, so
that it is the same however often the run was interrupted.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

Record = dict[str, Any]


class Busy(Exception):
    """Another run is writing into this folder."""


class Results:
    """The results of a folder, held by one run at a time.

    Parameters
    ----------
    path : Path
        Of ``results.jsonl``.

    Raises
    ------
    Busy
    OSError
        If it cannot be written.

    Attributes
    ----------
    earlier : dict of (str, str) to dict
        By student and exercise, what the file held.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = path.with_name(f".{path.name}.lock").open("a")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._lock.close()
            raise Busy(f"another run is grading into {path.parent}") from None
        try:
            self.earlier = _read(path)
            self._file = _appending(path)
        except OSError:
            self._lock.close()
            raise

    def __enter__(self) -> Results:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):  # said already, where it was written
            self._file.close()
        self._lock.close()

    def append(self, records: Iterable[Record]) -> None:
        """Add results, on the disk when this returns.

        Parameters
        ----------
        records : iterable of dict

        Raises
        ------
        OSError
            If the disk is full, say. What stood there before stays.
        """
        lines = "".join(line(record) for record in records)
        self._file.write(lines.encode())
        self._file.flush()
        os.fsync(self._file.fileno())

    def finish(self, records: Iterable[Record]) -> None:
        """Replace the file, as a whole, by these results.

        Parameters
        ----------
        records : iterable of dict
        """
        write_whole(self.path, "".join(line(record) for record in records))


def line(record: Record) -> str:
    """Return a record as a line of JSON.

    Parameters
    ----------
    record : dict

    Returns
    -------
    str
    """
    return json.dumps(record, sort_keys=True, allow_nan=False) + "\n"


def write_whole(path: Path, text: str, sync: bool = True) -> None:
    """Write a file so that there is the old one or the new one, never half.

    Parameters
    ----------
    path : Path
    text : str
        A lone surrogate, as JSON may hold, becomes a question mark.
    sync : bool, optional
        Whether to wait for the disk.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8", "replace"))
            if sync:
                file.flush()
                os.fsync(file.fileno())
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _read(path: Path) -> dict[tuple[str, str], Record]:
    """Read what is there; a line cut off by a crash is passed over."""
    found: dict[tuple[str, str], Record] = {}
    if not path.exists():
        return found
    for text in path.read_bytes().splitlines():
        try:
            record = json.loads(text)
            found[record["student"], record["exercise"]] = record
        except (ValueError, KeyError, TypeError):
            continue
    return found


def _appending(path: Path) -> IO[bytes]:
    file = path.open("ab+")
    if file.seek(0, os.SEEK_END):
        file.seek(-1, os.SEEK_END)
        if file.read(1) != b"\n":
            file.write(b"\n")  # what comes next must not join a broken line
    return file
