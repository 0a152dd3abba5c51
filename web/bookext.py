"""The book's own Sphinx extension.

Figures keep the alternative text that their notebook stores, cells tagged
``solution`` are collapsed or left out, and exercises come to life. Mathematics, the
ledger, numbers, terms and the notebooks have files of their own, `bookmath` and so on.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import bookledger
from docutils import nodes
from myst_nb.core.render import MimeData, NbElementRenderer
from sphinx.application import Sphinx

from course.panel.frontend import (
    explorer_page_script,
    explorer_style,
    page_script,
)

SOLUTION_BOX = "<details>\n<summary>Solution</summary>\n\n{}\n\n</details>"


class figure_image(nodes.image):
    """An image with its size in CSS pixels, known before it is loaded."""


def visit_figure_image(writer: Any, node: figure_image) -> None:
    """Write ``<img>`` with width and height as attributes.

    As attributes they reserve the room (the browser takes the ratio from
    them); as a style, which docutils writes, they would fix the height even
    where a narrow screen shrinks the width.
    """
    size = f'width="{node["css_width"]}" height="{node["css_height"]}"'
    writer.visit_image(node)
    writer.body[-1] = writer.body[-1].replace("<img ", f"<img {size} ", 1)


def depart_figure_image(writer: Any, node: figure_image) -> None:
    """Close the image."""
    writer.depart_image(node)


render_image_of_mystnb = NbElementRenderer.render_image


def render_image(self: NbElementRenderer, data: MimeData) -> list[nodes.Element]:
    """Give an output's image the alt text and the size of its metadata.

    myst-nb takes alternative text from the cell, which may hold two figures.
    """
    known = data.output_metadata.get(data.mime_type, {})
    rendered = []
    for image in render_image_of_mystnb(self, data):
        if {"alt", "width", "height"} <= set(known):
            image = figure_image(
                uri=image["uri"],
                alt=known["alt"],
                loading="lazy",
                css_width=known["width"],
                css_height=known["height"],
            )
        rendered.append(image)
    return rendered


def treat_solutions(app: Sphinx, docname: str, source: list[str]) -> None:
    """Collapse the cells tagged ``solution``, or leave them out."""
    if not str(app.env.doc2path(docname)).endswith(".ipynb"):
        return
    notebook = json.loads(source[0])
    cells = notebook["cells"]
    solutions = [c for c in cells if "solution" in c["metadata"].get("tags", [])]
    if app.config.book_solutions == "no":
        notebook["cells"] = [cell for cell in cells if cell not in solutions]
    for cell in solutions:
        if cell["cell_type"] == "markdown":
            text = "".join(cell["source"])
            cell["source"] = SOLUTION_BOX.format(text)
        cell["metadata"]["tags"].append("hide-cell")
        cell["metadata"]["mystnb"] = {
            "code_prompt_show": "Solution",
            "code_prompt_hide": "Solution",
        }
    source[0] = json.dumps(notebook)


def write_panel_files(app: Sphinx) -> None:
    """Put the scripts and style sheets of exercises and explorers into the site."""
    static = Path(app.outdir) / "_static"
    static.mkdir(parents=True, exist_ok=True)
    (static / "exercises.js").write_text(page_script(), encoding="utf-8")
    (static / "explorers.js").write_text(explorer_page_script(), encoding="utf-8")
    # It has the panels' rules too.
    (static / "panels.css").write_text(explorer_style(), encoding="utf-8")


def load_panel_files(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], tree: Any
) -> None:
    """Let pages with exercises or explorers, and no others, load their scripts."""
    for element, name in (("exercise", "exercises"), ("explorer", "explorers")):
        if f"<bp-{element}" in context.get("body", ""):
            app.add_js_file(f"{name}.js", loading_method="defer")


def defer_scripts(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], tree: Any
) -> None:
    """Let no script hold up the first paint; they keep their order.

    The search page's own scripts call the others as they are read.
    """
    if pagename == "search":
        return
    context["script_files"] = [
        type(script)(
            script.filename,
            priority=script.priority,
            # A module is deferred too, and may stand in the page itself.
            **({"defer": "defer"} if script.filename else {"type": "module"})
            | script.attributes,
        )
        for script in context["script_files"]
    ]


def drop_unused(app: Sphinx, exception: Exception | None) -> None:
    """Take out of the site what no page asks for: 6 MB of icons and maps."""
    if exception or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    shutil.rmtree(static / "vendor" / "fontawesome", ignore_errors=True)
    sphinx_search = ("searchtools.js", "language_data.js")
    patterns = ("**/*.map", "scripts/fontawesome*", "*webpack-macros.html")
    for pattern in (*patterns, *sphinx_search):
        for unused in static.glob(pattern):
            unused.unlink()


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the above with Sphinx."""
    NbElementRenderer.render_image = render_image  # type: ignore[method-assign]
    app.add_node(figure_image, html=(visit_figure_image, depart_figure_image))
    app.add_config_value("book_solutions", os.environ.get("SOLUTIONS", "yes"), "env")
    # Jupyter Book sets it for an extension that we leave out.
    app.add_config_value("comments_config", {}, "html")
    app.connect("builder-inited", write_panel_files)
    app.connect("html-page-context", load_panel_files)
    app.connect("html-page-context", defer_scripts, priority=990)
    app.connect("build-finished", drop_unused)
    app.connect("source-read", treat_solutions)
    for sheet in ("book.css", "frame.css", "icons.css", "panels.css"):
        app.add_css_file(sheet, priority=900)
    app.add_css_file("print.css", priority=920, media="print")
    # Deferred scripts run in order: it sees the exercises before their own does.
    app.add_js_file("paper.js", priority=400, loading_method="defer")
    app.add_directive("ledger", bookledger.Ledger)
    app.setup_extension("bookfresh")
    app.setup_extension("bookaccess")
    app.setup_extension("bookmath")
    app.setup_extension("bookcards")
    app.setup_extension("bookhead")
    app.setup_extension("bookpictures")
    app.setup_extension("booksheets")
    app.setup_extension("booknotebook")
    app.setup_extension("booklite")
    app.setup_extension("booknumbers")
    app.setup_extension("bookprogress")
    app.setup_extension("booksearch")
    app.setup_extension("bookterms")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
