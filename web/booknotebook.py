"""The notebook of a page: a link under the title, and the file that it leads to.

Two files, so that a reader may choose: the page as it stands, which Sphinx copies
to ``_sources``, and the same without its solutions, beside the page, for who means
to solve the exercises. A book built without solutions offers the second alone. A
notebook that students do not get has no second file, and nothing to take out.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from course import release

SUFFIX = ".ipynb"
students_notebooks = cache(release.students_notebooks)


def is_notebook(app: Sphinx, docname: str) -> bool:
    """Tell whether a page is made from a notebook."""
    return docname in app.env.found_docs and app.env.doc2path(docname).endswith(SUFFIX)


def students_notebook(app: Sphinx, docname: str) -> tuple[str, bool] | None:
    """Return a page's notebook without solutions, and whether it had any.

    As `python -m course release` writes it, and JupyterLite opens it; None if they
    do not.
    """
    folder, _, name = docname.rpartition("/")
    found = students_notebooks(Path(app.srcdir) / folder).get(name)
    return found and (found[0], found[1] > 0)


def add_page_tools(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], tree: Any
) -> None:
    """Put ``page-tools.html`` under the title of a page that is a notebook."""
    if not is_notebook(app, pagename):
        return
    _, solved = students_notebook(app, pagename) or ("", False)
    context["with_solutions"] = solved and app.config.book_solutions != "no"
    tools = app.builder.templates.render("page-tools.html", context)
    context["body"] = context["body"].replace("</h1>", f"</h1>\n{tools}", 1)


def write_notebooks(app: Sphinx, exception: Exception | None) -> None:
    """Write the notebooks without solutions; where the book has none, alone."""
    if exception or app.builder.format != "html":
        return
    for docname in filter(lambda name: is_notebook(app, name), app.env.found_docs):
        students = students_notebook(app, docname)
        if students is None:
            continue
        text, solved = students
        out = Path(app.outdir)
        if app.config.book_solutions == "no":
            (out / "_sources" / f"{docname}{SUFFIX}").write_text(text, "utf-8")
        elif solved:
            (out / f"{docname}{SUFFIX}").write_text(text, "utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the above with Sphinx."""
    app.connect("html-page-context", add_page_tools)
    app.connect("build-finished", write_notebooks)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
