"""``make site``: JupyterLite first, then the pages, which link to it."""

import os
import subprocess
import sys

import book

from lite.build import SITE, build
from lite.pyodide import PyodideError


def main() -> int:
    """Build both; return the exit status."""
    try:
        told = build(os.environ.get("PYODIDE", ""))
    except (PyodideError, subprocess.CalledProcessError) as problem:
        print(f"The site was NOT built.\n{problem}", file=sys.stderr)
        return 1
    status = book.main()
    if not status:
        size = sum(path.stat().st_size for path in SITE.rglob("*") if path.is_file())
        print(f"Notebooks run in the browser: {told}; {size / 1e6:.0f} MB.")
    return status


if __name__ == "__main__":
    sys.exit(main())
