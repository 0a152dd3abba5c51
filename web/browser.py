"""The machine's Chromium: it prints the book, and tests read the pages in it."""

from __future__ import annotations

import shutil

# As root, in a container, without the browser's own calls home.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
INSTALL_CHROMIUM = "sudo apt-get install -y chromium"


def chromium_path() -> str | None:
    """Return the path of the machine's Chromium or Chrome, if it has one."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return next(filter(None, map(shutil.which, names)), None)
