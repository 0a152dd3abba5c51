"""A change of what makes the pages makes them all anew.

Sphinx compares the pages' sources alone: after a change in a style sheet, a script
or an extension it would leave the old page, and copy nothing if no page changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

WEB = Path(__file__).resolve().parent
# The panels' scripts, and what numbers and counts the exercises.
COURSE = WEB.parent / "course"


def tools() -> Iterator[Path]:
    """Yield the files that pages are made by, in a fixed order."""
    own = [*WEB.glob("*.*"), *(WEB / "static").rglob("*"), *COURSE.rglob("*")]
    own += (WEB / "templates").rglob("*")
    for path in sorted(own):
        if path.is_file() and path.suffix != ".pyc":
            yield path


def fingerprint() -> str:
    """Return a hash of those files, names included."""
    digest = hashlib.sha256()
    for path in tools():
        digest.update(f"{path.relative_to(WEB.parent)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def note_tools(app: Sphinx, config: Config) -> None:
    """Note what the pages are made by; if that changes, all pages do."""
    config.book_tools = fingerprint()


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the above with Sphinx."""
    app.add_config_value("book_tools", "", "env")
    app.connect("config-inited", note_tools)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
