"""What the search of the site finds: one list, loaded when a reader first searches.

Sphinx's own index knows pages; a reader looks for a word, a function, an equation.
Each of these is an entry here, with its text, its place and what is shown of it, and
so is each section. MiniSearch, in the page, ranks them (static/searchrank.js). The list
comes as a script: from ``file://`` a browser loads nothing else.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from assets import WEB
from book import toc_pages
from bookplain import mathml, plain, squeezed
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

MINISEARCH = WEB / "node_modules" / "minisearch" / "dist" / "umd" / "index.js"
# Said by many, and written nowhere or in few places.
ALSO = {
    "mean squared error": "MSE L2 loss",
    "binary cross entropy": "BCE log loss",
    "softmax cross entropy": "categorical cross-entropy",
    "gradient descent": "SGD",
    "backpropagation": "backprop",
    "learning rate": "step size eta η",
    "early stopping": "overfitting",
    "saturated": "vanishing gradient",
}
PYTHON = {"class": "Class", "method": "Method", "function": "Function"}


class Entry(NamedTuple):
    """One thing to find; `place` is a page's name, with an anchor."""

    kind: str
    title: str
    place: str
    page: str
    text: str
    also: str = ""
    formula: str = ""


class Page:
    """A page's entries, read off its document."""

    def __init__(self, app: Sphinx, docname: str) -> None:
        self.docname = docname
        self.tree = app.env.get_doctree(docname)
        self.numbers = app.env.toc_fignumbers.get(docname, {})
        self.title = app.env.titles[docname].astext()

    def entry(
        self, kind: str, title: str, anchor: str, text: str, **more: str
    ) -> Entry:
        """Return an entry of this page."""
        place = f"{self.docname}.html" + (f"#{anchor}" if anchor else "")
        words = re.sub(r"(?<=[a-z])(?=[A-Z])|[-_]", " ", title).lower()
        also = " ".join(said for phrase, said in ALSO.items() if phrase in words)
        more["also"] = squeezed(f"{more.get('also', '')} {also}")
        return Entry(kind, squeezed(title), place, self.title, squeezed(text), **more)

    def number(self, figtype: str, anchor: str) -> str:
        """Return "5.3"."""
        return ".".join(map(str, self.numbers[figtype][anchor]))

    def entries(self) -> Iterator[Entry]:
        """Yield all that the page has, in its order."""
        for node in self.tree.findall():
            if isinstance(node, nodes.section):
                yield self.section(node)
            elif isinstance(node, nodes.math_block) and node.get("label"):
                yield self.equation(node)
            elif isinstance(node, addnodes.glossary):
                yield from self.terms(node)
            elif is_introduction(node):
                yield self.introduction(node)
            elif isinstance(node, addnodes.desc):
                yield from self.names(node)
            elif node.__class__.__name__ == "numbered_figure":
                yield self.figure(node)

    def section(self, node: nodes.section) -> Entry:
        """Return a section, without the sections in it and what has its own entry."""
        own = (nodes.section, nodes.title, addnodes.glossary, addnodes.desc)
        text = " ".join(plain(c) for c in node.children if not isinstance(c, own))
        heading, anchor = plain(node.next_node(nodes.title)), node["ids"][0]
        if isinstance(node.parent, nodes.document):
            return self.entry("Page", heading, "", text)
        kind = "Exercise" if anchor.startswith("ex-") else "Section"
        return self.entry(kind, heading, anchor, text)

    def equation(self, node: nodes.math_block) -> Entry:
        """Return a numbered equation, under its label's words."""
        label = node["label"]
        title = f"Equation {self.number('displaymath', node['ids'][0])}"
        words = f"{label} {label.partition('-')[2].replace('-', ' ')}"
        formula = mathml(node.astext(), True)
        anchor = node["ids"][0]
        return self.entry(
            "Equation", title, anchor, plain(node), also=words, formula=formula
        )

    def figure(self, node: nodes.Element) -> Entry:
        """Return a figure, under what is seen in it."""
        image, anchor = node.next_node(nodes.image), node["ids"][0]
        title = f"Figure {self.number('figure', anchor)}"
        return self.entry("Figure", title, anchor, image["alt"])

    def terms(self, node: addnodes.glossary) -> Iterator[Entry]:
        """Yield the glossary's terms."""
        for item in node.findall(nodes.definition_list_item):
            meaning = plain(item.next_node(nodes.definition))
            for term in item.findall(nodes.term):
                yield self.entry("Term", plain(term), term["ids"][0], meaning)

    def introduction(self, node: nodes.inline) -> Entry:
        """Return the place where a chapter brings in a term (see `bookterms`)."""
        term = node.next_node(addnodes.pending_xref)["reftarget"]
        return self.entry("Introduction", term, node["ids"][0], plain(node.parent))

    def names(self, node: addnodes.desc) -> Iterator[Entry]:
        """Yield what a name of the package takes, and what it is for."""
        content = next(c for c in node if isinstance(c, addnodes.desc_content))
        inside = [c for c in content if not isinstance(c, addnodes.desc)]
        for signature in node.findall(addnodes.desc_signature):
            if signature.parent is not node or not signature["ids"]:
                continue  # a name inside has its turn; one without a place, none
            name = signature["fullname"]
            taken = signature.next_node(addnodes.desc_parameterlist)
            call = f"{name}({plain_arguments(taken)}) " if taken else ""
            kind = PYTHON.get(node["objtype"], "Name")
            text = call + " ".join(map(plain, inside))
            full = f"{signature['module']}.{name}"
            yield self.entry(kind, name, signature["ids"][0], text, also=full)


def is_introduction(node: nodes.Node) -> bool:
    """Tell whether a node is where a page first sets a term in bold."""
    return isinstance(node, nodes.inline) and "".join(node["ids"]).startswith("here-")


def once(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Leave out the introductions after a term's first."""
    seen = set()
    for entry in entries:
        if entry.kind != "Introduction" or entry.title not in seen:
            yield entry
        if entry.kind == "Introduction":
            seen.add(entry.title)


def plain_arguments(node: addnodes.desc_parameterlist) -> str:
    """Return a signature's arguments, as a call names them."""
    found = node.findall(addnodes.desc_parameter)
    return ", ".join(parameter.astext() for parameter in found)


def write_entries(app: Sphinx, exception: Exception | None) -> None:
    """Write the list, and MiniSearch beside it."""
    if exception or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    names = [name for name in toc_pages() if name in app.env.found_docs]
    pages = [Page(app, name) for name in names if name != "genindex"]
    found = chain.from_iterable(page.entries() for page in pages)
    rows = [list(entry) for entry in once(found)]
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    script = f"window.bookEntries = {text};\n"
    (static / "searchdata.js").write_text(script, encoding="utf-8")
    shutil.copy(MINISEARCH, static / "minisearch.js")


def drop_sphinx_search(app: Sphinx) -> None:
    """Write none of Sphinx's own index; search.html is a page of ours."""
    app.builder.search = False
    app.config.html_additional_pages["search"] = "search.html"


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the above with Sphinx."""
    app.connect("builder-inited", drop_sphinx_search)
    app.connect("build-finished", write_entries)
    app.add_js_file("search.js", loading_method="defer")
    app.add_css_file("search.css", priority=905)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
