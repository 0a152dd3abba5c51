"""Mathematics set at build time: a page holds HTML and MathML, and no script.

KaTeX runs in one node process that lives as long as the build and talks over
pipes, so that it ends with us however we end. Its style sheet and its fonts are
served from the site.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import assets
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

KATEX = assets.WEB / "node_modules" / "katex" / "dist"
PUNCTUATION = re.compile(r"[.,;:!?)\]’”]+")
logger = logging.getLogger(__name__)


class FormulaError(Exception):
    """KaTeX cannot read a formula."""


@cache
def node_process() -> subprocess.Popen[str]:
    """Return the process that sets the formulas, started when first needed."""
    assets.put_node_on_path()
    return subprocess.Popen(
        ["node", assets.WEB / "katex.cjs"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


@cache
def set_formula(tex: str, display: bool) -> str:
    """Return a formula's HTML.

    Raises
    ------
    FormulaError
        With KaTeX's own message, which says where in the formula.
    """
    process = node_process()
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps({"tex": tex, "displayMode": display}) + "\n")
    process.stdin.flush()
    line = process.stdout.readline()
    if not line:
        raise ExtensionError(f"node ended with {process.wait()} at formula {tex!r}")
    answer = json.loads(line)
    if "error" in answer:
        raise FormulaError(answer["error"])
    return str(answer["html"])


def formula(node: nodes.Element, *, display: bool) -> str:
    """Set a node's formula; one that cannot be read fails a strict build."""
    try:
        return set_formula(node.astext(), display)
    except FormulaError as error:
        logger.warning("%s", error, location=node, type="katex")
        return nodes.literal("", node.astext()).astext()


def keep_punctuation(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Let a comma or a full stop stay on the line of the formula before it.

    Set formulas are boxes of their own, between which and the text a browser may
    break the line.
    """
    for node in list(doctree.findall(nodes.math)):
        after = node.next_node(descend=False, siblings=True)
        if isinstance(after, nodes.Text) and (found := PUNCTUATION.match(after)):
            node["tail"] = found[0]
            after.parent.replace(after, nodes.Text(after[found.end() :]))


def visit_math(writer: Any, node: nodes.math) -> None:
    """Write a formula in a line of text, with the punctuation that follows it."""
    html = formula(node, display=False)
    if tail := node.get("tail"):
        html = f'<span class="unbroken">{html}{writer.encode(tail)}</span>'
    writer.body.append(writer.starttag(node, "span", "", CLASS="math"))
    writer.body.append(html + "</span>")
    raise nodes.SkipNode


def visit_displaymath(writer: Any, node: nodes.math_block) -> None:
    """Write a formula on a line of its own, with its number and its anchor."""
    writer.body.append(writer.starttag(node, "div", CLASS="math"))
    writer.body.append(formula(node, display=True))
    if node["number"]:
        number = get_node_equation_number(writer, node)
        writer.body.append(f'<span class="eqno">({number})')
        writer.add_permalink_ref(node, "Permalink to this equation")
        writer.body.append("</span>")
    writer.body.append("</div>\n")
    raise nodes.SkipNode


def serve_katex(app: Sphinx) -> None:
    """Copy KaTeX's style sheet and fonts into the site."""
    if not (KATEX / "katex.min.css").exists():
        raise ExtensionError("web/node_modules is missing: run `make book`")
    static = Path(app.outdir) / "_static" / "katex"
    (static / "fonts").mkdir(parents=True, exist_ok=True)
    shutil.copy(KATEX / "katex.min.css", static)
    # Every browser of the last ten years reads woff2, the first in the list.
    for font in (KATEX / "fonts").glob("*.woff2"):
        shutil.copy(font, static / "fonts")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the renderer with Sphinx."""
    app.add_html_math_renderer(
        "katex",
        inline_renderers=(visit_math, None),
        block_renderers=(visit_displaymath, None),
    )
    app.connect("builder-inited", serve_katex)
    app.connect("doctree-resolved", keep_punctuation)
    app.add_css_file("katex/katex.min.css")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
