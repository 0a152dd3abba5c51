"""The reader's own progress: what the page's script needs to know of the book.

The script, static/progress.js, notes in the browser what was read, and shows it in
the table of contents, with the exercises done. How many there are comes from the
course, when the book is built.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from booknotebook import is_notebook
from sphinx.application import Sphinx

from course import exercises
from course.model import Choice, Code, Exercise


def of_page(notebook: Path) -> list[Exercise]:
    """Return the exercises of a page that can be done there: all but code."""
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    ids = dict.fromkeys(cell["metadata"].get("exercise") for cell in cells)
    found = [exercises.get(one) for one in ids if one]
    return [exercise for exercise in found if not isinstance(exercise, Code)]


def is_noted(exercise: Exercise) -> bool:
    """Tell whether any answer counts: one that is not said to be right or wrong."""
    return isinstance(exercise, Choice) and bool(exercise.noted)


def pages(app: Sphinx) -> dict[str, list[list[str]]]:
    """Return each notebook's exercises: those to solve, and those to answer."""
    known = {}
    for name in sorted(app.env.found_docs):
        if is_notebook(app, name):
            own = of_page(Path(app.env.doc2path(name)))
            solved = [exercise.id for exercise in own if not is_noted(exercise)]
            known[name] = [solved, [one.id for one in own if is_noted(one)]]
    return known


def tell_pages(app: Sphinx) -> None:
    """Let every page's script know all pages: each shows the table of contents."""
    script = json.dumps(pages(app), separators=(",", ":"))
    app.add_js_file(None, body=f"window.bookPages = {script};")
    app.add_js_file("progress.js", loading_method="defer")
    app.add_css_file("progress.css", priority=905)


def offer_to_go_on(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], tree: Any
) -> None:
    """Put ``progress.html`` under the title of the first page."""
    if pagename == app.config.root_doc:
        box = app.builder.templates.render("progress.html", context)
        context["body"] = context["body"].replace("</h1>", f"</h1>\n{box}", 1)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the above with Sphinx."""
    app.connect("env-updated", lambda app, env: tell_pages(app))
    app.connect("html-page-context", offer_to_go_on)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
