"""Pages at an address of this machine: the built book's, and some made for a test."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from conftest import ROOT
from playwright.sync_api import Page

NARROW = 360
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def files_of(book: Path, pattern: str) -> list[Path]:
    """Return the book's own files, JupyterLite's left out."""
    own = (path for path in book.rglob(pattern) if path.is_file())
    return [path for path in own if path.relative_to(book).parts[0] != "lite"]


class Quiet(SimpleHTTPRequestHandler):
    """Serve what was made, then files, and keep no log."""

    def __init__(self, *args: Any, made: Mapping[str, str], **more: Any) -> None:
        self.made = made
        super().__init__(*args, **more)  # answers the request before it returns

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        text = self.made.get(self.path)
        if text is None:
            super().do_GET()
            return
        kind = "text/javascript" if self.path.endswith(".js") else "text/html"
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.end_headers()
        self.wfile.write(text.encode())


@contextmanager
def serving(folder: Path, made: Mapping[str, str]) -> Iterator[str]:
    """Serve a folder, and pages by path, "/all.html"; give the address."""
    handler = functools.partial(Quiet, directory=str(folder), made=made)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def accessibility_faults(
    page: Page, element: str, rules: Sequence[str] = RULES
) -> list[object]:
    """Return what axe finds in all elements of a name; "html" is the whole page."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    # Only the faults in full: an answer with every node that passes takes seconds.
    options = {"runOnly": list(rules), "resultTypes": ["violations"]}
    found = page.evaluate("([where, how]) => axe.run(where, how)", [element, options])
    assert len(found["passes"]) > min(8, len(rules) - 1)
    return [(v["id"], [n["html"] for n in v["nodes"]]) for v in found["violations"]]
