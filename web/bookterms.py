"""Terms: where a chapter sets one in bold, it leads to the glossary and is indexed.

A chapter writes ``**logit**`` where it introduces the word, and no more: a notebook
stays readable in Jupyter. The build turns the first such place of each page into a
link to the glossary's entry, and into an entry of the index that leads back.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

GLOSSARY = "appendix/glossary.md"
BLOCK = re.compile(r"^```\{glossary\}\n(.*?)^```", re.DOTALL | re.MULTILINE)


@cache
def glossary_terms(root: Path) -> dict[str, str]:
    """Return the glossary's terms, by their lower-case form and its plural.

    Parameters
    ----------
    root : Path
        The folder of ``_toc.yml``.

    Returns
    -------
    dict of str to str
        ``{"logit": "logit", "logits": "logit", "relu": "ReLU", …}``
    """
    text = (root / GLOSSARY).read_text(encoding="utf-8")
    block = BLOCK.search(text)
    if block is None:
        raise ValueError(f"{GLOSSARY} has no block that begins with ```{{glossary}}")
    terms = [line for line in block[1].splitlines() if re.match(r"\S", line)]
    known = {plural(term).lower(): term for term in terms}
    return known | {term.lower(): term for term in terms}


def plural(term: str) -> str:
    """Return the plural that English makes of a term, if it is a regular one."""
    if term.endswith(("s", "x", "sh", "ch")):
        return f"{term}es"
    return f"{re.sub(r'y$', 'ie', term)}s"


class LinkTerms(SphinxTransform):
    """Link each bold term of a chapter at its first place."""

    default_priority = 500  # before Sphinx reads the index entries, at 850

    def apply(self, **kwargs: Any) -> None:
        """Change the page in place."""
        if not self.env.docname.startswith("chapters/"):
            return
        self.env.note_dependency(GLOSSARY)
        terms, seen = glossary_terms(Path(self.env.srcdir)), set()
        title = self.document.next_node(nodes.title)
        for bold in list(self.document.findall(nodes.strong)):
            term = terms.get(re.sub(r"\s+", " ", bold.astext()).lower())
            if title and term and term not in seen:
                seen.add(term)
                bold.replace_self(self.linked(bold, term, title.astext()))

    def linked(self, bold: nodes.strong, term: str, title: str) -> list[nodes.Node]:
        """Return an index entry, its target, and the bold words as a link."""
        place = nodes.make_id(f"here-{term}")
        entry = ("single", f"{term}; {title}", place, "", None)
        link = addnodes.pending_xref(
            "",
            bold.deepcopy(),
            refdomain="std",
            reftype="term",
            reftarget=term,
            refdoc=self.env.docname,
            refexplicit=True,
            refwarn=True,
        )
        # The place is not an empty one: the search shows the text of what it finds.
        return [
            addnodes.index(entries=[entry]),
            nodes.inline("", "", link, ids=[place]),
        ]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the above with Sphinx."""
    app.add_transform(LinkTerms)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
