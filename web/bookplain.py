"""Plain text of a page's parts, as the search reads and shows it.

A formula becomes a line of letters, ``∂L/∂w_i``, as a reader would type it. It is
read off the MathML that KaTeX sets, so it has whatever KaTeX understands.
"""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from xml.etree import ElementTree

from bookmath import FormulaError, set_formula
from docutils import nodes

MATHML = re.compile(r"<math .*?</math>", re.DOTALL)
NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
INVISIBLE = re.compile("[\u2061-\u2064]")
JOINED = {"mfrac": "/", "msub": "_", "msup": "^", "munder": "_", "mover": ""}
# What the search neither reads nor shows: output, markup, and what has its own entry.
SKIPPED = (nodes.raw, nodes.comment, nodes.system_message, nodes.image)


@cache
def mathml(tex: str, display: bool) -> str:
    """Return a formula's MathML, without its source."""
    try:
        found = MATHML.search(set_formula(tex, display))
    except FormulaError:
        return ""  # the page's own writer reports it
    text = found[0] if found else ""
    return re.sub(r"<annotation.*?</annotation>", "", text, flags=re.DOTALL)


@cache
def formula_text(tex: str, display: bool = False) -> str:
    """Return a formula as a line of text."""
    markup = mathml(tex, display)
    if not markup:
        return tex
    return INVISIBLE.sub("", line(ElementTree.fromstring(unescape_named(markup))))


def unescape_named(markup: str) -> str:
    """Resolve the entities that HTML knows and XML does not."""
    return re.sub(r"&(?!amp|lt|gt|quot|#)\w+;", lambda name: unescape(name[0]), markup)


def line(element: ElementTree.Element) -> str:
    """Write a MathML element in a line."""
    tag = element.tag.removeprefix(NAMESPACE)
    parts = [line(child) for child in element]
    if not parts:
        return (element.text or "").strip()
    if tag == "mfrac":
        parts = [f"({part})" if re.search(r"[+−=]", part) else part for part in parts]
    if tag == "msubsup":
        return f"{parts[0]}_{parts[1]}^{parts[2]}"
    return JOINED.get(tag, " " if tag == "mtd" else "").join(filter(None, parts))


def plain(node: nodes.Node) -> str:
    """Return a node's text, its formulas as lines."""
    if isinstance(node, nodes.Text):
        return str(node)
    if isinstance(node, nodes.math | nodes.math_block):
        return formula_text(node.astext(), isinstance(node, nodes.math_block))
    if isinstance(node, SKIPPED) or is_aside(node):
        return ""
    between = "" if isinstance(node, nodes.TextElement) else " "
    return between.join(plain(child) for child in node.children)


def is_aside(node: nodes.Node) -> bool:
    """Tell whether a node is what a cell has printed, or an exercise's solution."""
    if not isinstance(node, nodes.container):
        return False
    tags = node.get("cell_metadata", {}).get("tags", [])
    return node.get("nb_element") == "cell_code_output" or "solution" in tags


def squeezed(text: str) -> str:
    """Return a text with single spaces."""
    return re.sub(r"\s+", " ", text).strip()
