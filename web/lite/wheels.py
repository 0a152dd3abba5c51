"""The book's own wheel, and those that it needs, as packages of Pyodide.

What stands in ``pyodide-lock.json`` is loaded when a cell imports it: no notebook
needs a cell that installs something.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from lite.pyodide import LOCK, PyodideError

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# By wheel: what a cell imports, and what must be loaded with it. The kernel brings
# traitlets and a stand-in for widgetsnbextension, which no wheel here asks for.
ENTRIES: dict[str, tuple[list[str], list[str]]] = {
    "backprop_book": (["backprop", "course"], ["numpy", "matplotlib", "anywidget"]),
    "anywidget": (["anywidget"], ["ipywidgets", "psygnal", "typing-extensions"]),
    "ipywidgets": (["ipywidgets"], ["comm", "ipython", "jupyterlab-widgets"]),
    "jupyterlab_widgets": (["jupyterlab_widgets"], []),
    "comm": (["comm"], ["traitlets"]),
    "psygnal": (["psygnal"], []),
    "typing_extensions": (["typing_extensions"], []),
}


def add_wheels(pyodide: Path, cache: Path) -> None:
    """Put the wheels into a folder of Pyodide, and their entries into its lock.

    Parameters
    ----------
    pyodide : Path
    cache : Path
        Keeps what was fetched.

    Raises
    ------
    PyodideError
    """
    lock = json.loads((pyodide / LOCK).read_text("utf-8"))
    with tempfile.TemporaryDirectory() as fresh:
        wheels = [*_fetched(cache / "wheels"), build_wheel(Path(fresh))]
        for wheel in wheels:
            shutil.copyfile(wheel, pyodide / wheel.name)
            entry = entry_of(wheel)
            lock["packages"][entry["name"]] = entry
    (pyodide / LOCK).write_text(json.dumps(lock), "utf-8")


def entry_of(wheel: Path) -> dict[str, Any]:
    """Return what ``pyodide-lock.json`` says of a wheel.

    Parameters
    ----------
    wheel : Path

    Returns
    -------
    dict
    """
    name, version = wheel.name.split("-")[:2]
    imports, depends = ENTRIES[name]
    return {
        "name": name.replace("_", "-"),
        "version": version,
        "file_name": wheel.name,
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "imports": imports,
        "depends": depends,
        "install_dir": "site",
        "package_type": "package",
        "unvendored_tests": False,
    }


def build_wheel(folder: Path) -> Path:
    """Build this book's wheel.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    Path
    """
    uv = Path(sys.executable).with_name("uv")
    command = [uv, "build", "--wheel", "--quiet", "--out-dir", folder, ROOT]
    subprocess.run(command, check=True)
    return next(folder.glob("backprop_book-*.whl"))


def _fetched(folder: Path) -> list[Path]:
    """Return the other wheels; pip holds each to the hash in wheels.txt."""
    listed = HERE / "wheels.txt"
    kept = folder / listed.name
    if not kept.is_file() or kept.read_bytes() != listed.read_bytes():
        shutil.rmtree(folder, ignore_errors=True)
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet"]
        command += ["--disable-pip-version-check", "--only-binary=:all:"]
        # Not those for this machine's processor: a browser has none of its own.
        command += ["--platform=any", "--python-version=3.12", "--require-hashes"]
        command += ["--dest", str(folder), "--requirement", str(listed)]
        if subprocess.run(command, check=False).returncode:
            raise PyodideError(f"pip has not given what {listed} lists; see above")
        shutil.copyfile(listed, kept)
    return sorted(folder.glob("*.whl"))
