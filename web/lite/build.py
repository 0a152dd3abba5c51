"""Put JupyterLite with the students' notebooks into the site."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from course.release import release
from lite.pyodide import collect
from lite.wheels import add_wheels

ROOT = Path(__file__).resolve().parent.parent.parent
WORK = ROOT / "_build" / "lite"
SITE = ROOT / "_build" / "html" / "lite"
JUPYTER = ROOT / ".venv-lite" / "bin" / "jupyter"
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
# For one reader with one book: nothing to install, no news, no other host.
CONFIG: dict[str, Any] = {
    "jupyter-lite-schema-version": 0,
    "jupyter-config-data": {
        "appName": "Backpropagation, step by step",
        "exposeAppInBrowser": True,  # the tests ask it what the cells gave
        "disabledExtensions": [
            "@jupyterlab/extensionmanager-extension",
            "@jupyterlab/apputils-extension:announcements",
        ],
        "litePluginSettings": {KERNEL: {"disablePyPIFallback": True}},
    },
}


def build(source: str) -> str:
    """Build JupyterLite into the site.

    Parameters
    ----------
    source : str
        What PYODIDE says: a folder, "cdn", or "".

    Returns
    -------
    str
        Where its Python came from.

    Raises
    ------
    PyodideError
    """
    made = WORK / "site"  # kept: what is fetched lies beside it
    shutil.rmtree(made, ignore_errors=True)
    pyodide = made / "static" / "pyodide"
    told = collect(source, pyodide, WORK / "fetched")
    add_wheels(pyodide, WORK / "fetched")
    release(made / "files")
    (made / "jupyter-lite.json").write_text(json.dumps(CONFIG, indent=1), "utf-8")
    shutil.rmtree(SITE, ignore_errors=True)
    command = [JUPYTER, "lite", "build", "--force", "--no-sourcemaps"]
    command += ["--no-unused-shared-packages", "--apps", "notebooks", "--apps", "lab"]
    command += ["--apps", "tree", "--lite-dir", made, "--output-dir", SITE]
    subprocess.run(command, check=True, cwd=made, stdout=subprocess.DEVNULL)
    return told
