"""Compiled modules for the sandbox, where NumPy's own are not there.

A sandbox a student means an import of NumPy a student. Without ``.pyc`` files, as
``PYTHONDONTWRITEBYTECODE=1`` and some installers leave it, more than a third of that
import is compiling. Then one run of our own code, before any student's, fills a
folder of this user's, which every sandbox reads.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

SECONDS = 60


def folder(layout: str, warm: Callable[[Path], list[str]]) -> Path | None:
    """Return the folder of compiled modules, filled at the first call.

    Parameters
    ----------
    layout : str
        Paths of modules differ inside and outside of bubblewrap.
    warm : callable
        From an empty folder, the command that imports all modules and writes
        what it compiles there.

    Returns
    -------
    Path or None
        None where NumPy brings its own, or if there is no place for them.
    """
    try:
        own = importlib.util.cache_from_source(str(np.__file__))
    except NotImplementedError:
        return None
    if Path(own).exists() and sys.pycache_prefix is None:
        return None
    top = _top()
    if top is None:
        return None
    return _filled(top / _name(layout), warm)


def _name(layout: str) -> str:
    """One folder for each Python, NumPy and place: Python checks the rest."""
    parts = (layout, sys.version, sys.base_prefix, np.__version__, np.__file__)
    return hashlib.sha256(repr((parts, __file__)).encode()).hexdigest()[:16]


@functools.cache
def _top() -> Path | None:
    """Return a folder that nobody but this user can write to."""
    top = Path(tempfile.gettempdir()) / f"backprop-bytecode-{os.getuid()}"
    try:
        top.mkdir(mode=0o755, exist_ok=True)
        found = top.lstat()
    except OSError:
        return None
    is_folder, mode = found.st_mode & 0o170000 == 0o040000, found.st_mode & 0o022
    return top if is_folder and not mode and found.st_uid == os.getuid() else None


def _filled(place: Path, warm: Callable[[Path], list[str]]) -> Path | None:
    if place.exists():
        return place
    making = Path(tempfile.mkdtemp(dir=place.parent))
    try:
        making.chmod(0o755)  # the sandbox runs as another user
        subprocess.run(
            warm(making),
            check=True,
            timeout=SECONDS,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env={},
            cwd="/",
            umask=0o022,
        )
        making.rename(place)
    except (OSError, subprocess.SubprocessError):
        # Another process was faster, or it does not work: slower, and as right.
        shutil.rmtree(making, ignore_errors=True)
    return place if place.exists() else None
