"""Accessible HTML where myst-nb's and docutils' own is not."""

from __future__ import annotations

from html import escape
from typing import Any

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx


def visit_hidden_cell(writer: Any, node: HideCodeCellNode) -> None:
    """Write a box to open, named by the words that are seen.

    myst-nb names every one of them "Toggle hidden content": by ear, the boxes of a
    page are all the same, and who says "click Solution" clicks nothing.
    """
    writer.body.append(writer.starttag(node, "details", CLASS="hidden-cell"))
    show, hide = escape(node["prompt_show"]), escape(node["prompt_hide"])
    words = show
    if show != hide:
        words = (
            f'<span class="collapsed">{show}</span><span class="expanded">{hide}</span>'
        )
    writer.body.append(f"<summary>{words}</summary>\n")


def depart_hidden_cell(writer: Any, node: HideCodeCellNode) -> None:
    """Close the box."""
    writer.body.append("</details>\n")


def visit_citation(writer: Any, node: nodes.citation) -> None:
    """Write the bibliography as the list that it is.

    docutils writes ``doc-biblioentry``, a role that ARIA has given up, on a ``div``.
    """
    if not isinstance(node.previous_sibling(), nodes.citation):
        writer.body.append('<ul class="citation-list">\n')
    writer.body.append(writer.starttag(node, "li", CLASS="citation"))


def depart_citation(writer: Any, node: nodes.citation) -> None:
    """Close the entry, and the list after the last."""
    writer.body.append("</li>\n")
    following = node.next_node(descend=False, siblings=True)
    if not isinstance(following, nodes.citation):
        writer.body.append("</ul>\n")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the above with Sphinx."""
    app.setup_extension("myst_nb")  # its node is registered before it is replaced
    hidden = (visit_hidden_cell, depart_hidden_cell)
    app.add_node(HideCodeCellNode, override=True, html=hidden)
    entry = (visit_citation, depart_citation)
    app.add_node(nodes.citation, override=True, html=entry)
    for script in ("scroll-boxes.js", "keep-focus.js"):
        app.add_js_file(script, loading_method="defer")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
