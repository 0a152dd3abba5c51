"""The way from a page to its notebook in the browser, where the site has JupyterLite.

`make site` puts JupyterLite into the site before it builds the pages; `make book`
alone makes none, and then no page has a link that would lead nowhere.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from booknotebook import SUFFIX, is_notebook, students_notebook
from sphinx.application import Sphinx
from sphinx.config import Config

from course.panel.html import IN_NOTEBOOK

# Notebook, not Lab: one notebook, and no more around it than a page needs.
APP = "lite/notebooks/index.html"
LINK = '<a class="run-in-browser" href="{}">Run this chapter in the browser.</a>'


def look_for_lite(app: Sphinx, config: Config) -> None:
    """Note whether the site has JupyterLite; if that changes, all pages do."""
    config.book_lite = (Path(app.outdir) / APP).is_file()


def link_to_lite(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], tree: Any
) -> None:
    """Give the page's tools the address, and each exercise in code a link."""
    if not app.config.book_lite or not is_notebook(app, pagename):
        return
    if students_notebook(app, pagename) is None:
        return
    name = pagename.rpartition("/")[2] + SUFFIX
    address = context["run_in_browser"] = f"{context['pathto'](APP, 1)}?path={name}"
    told = f"{IN_NOTEBOOK} {LINK.format(address)}"
    context["body"] = context["body"].replace(IN_NOTEBOOK, told)
    app.add_js_file("lite.js", loading_method="defer")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the above with Sphinx."""
    app.add_config_value("book_lite", False, "html")
    app.connect("config-inited", look_for_lite)
    # Before booknotebook, which writes the tools under the title.
    app.connect("html-page-context", link_to_lite, priority=400)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
