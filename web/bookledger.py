"""``{ledger}``: every checked equation of the book, with its tolerance."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

from course.ledger import Claim, read_book

HEAD = ("Equation", "Checked to", "Formula")


def chapter_number(path: str) -> int | None:
    """Return 7 for ``chapters/07_the_training_loop``, None for other pages."""
    found = re.match(r"chapters/(\d+)_", path)
    return int(found[1]) if found else None


class Ledger(SphinxDirective):
    """One section a chapter, one row a claim.

    It reads the committed notebooks, so an equation stands here because its
    stored output says that the check ran.
    """

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Build the sections, and depend on every notebook read."""
        root = Path(self.env.srcdir)
        claims = read_book(root)
        for notebook in sorted((root / "chapters").glob("*.ipynb")):
            self.env.note_dependency(str(notebook.relative_to(root)))
        by_chapter = groupby(claims, key=lambda claim: claim.chapter_path)
        return [self.section(path, list(rows)) for path, rows in by_chapter]

    def section(self, path: str, claims: list[Claim]) -> nodes.section:
        """Return a chapter's heading, with a link to it, and its table."""
        title, number = claims[0].chapter_title, chapter_number(path)
        if number is not None:
            title = f"{number}. {title}"
        link = addnodes.pending_xref(
            "",
            nodes.inline("", title),
            refdomain="std",
            reftype="doc",
            reftarget=f"/{path}",
            refdoc=self.env.docname,
            refexplicit=True,
        )
        section = nodes.section("", nodes.title("", "", link), names=[title])
        self.state.document.note_implicit_target(section, section)
        section += self.table(claims)
        return section

    def table(self, claims: Iterable[Claim]) -> nodes.table:
        """Return the claims as rows: number with link, tolerance, formula."""
        body = nodes.tbody()
        for claim in claims:
            body += row(
                self.equation_link(claim.label),
                nodes.Text(claim.tolerance or "not checked"),
                nodes.math("", rf"\displaystyle {claim.tex.strip().rstrip('.,;')}"),
            )
        group = nodes.tgroup("", cols=len(HEAD))
        group += [nodes.colspec(colwidth=width) for width in (15, 20, 65)]
        group += nodes.thead("", row(*(nodes.Text(word) for word in HEAD)))
        group += body
        return nodes.table("", group, classes=["ledger"])

    def equation_link(self, label: str) -> nodes.Node:
        """Return the equation's number, linked to its place in its chapter."""
        return addnodes.pending_xref(
            "",
            nodes.literal("", label),
            refdomain="math",
            reftype="eq",
            reftarget=label,
            refdoc=self.env.docname,
            refexplicit=False,
        )


def row(*cells: nodes.Node) -> nodes.row:
    """Return a table row with one paragraph a cell."""
    entries = [nodes.entry("", nodes.paragraph("", "", cell)) for cell in cells]
    return nodes.row("", *entries)
