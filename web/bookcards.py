"""Pictures that go with a page when its address is passed on, and the site's icons.

All are drawn from SVG, with a font that Matplotlib brings: they are the same on
every machine.
"""

from __future__ import annotations

import textwrap
from functools import cache
from pathlib import Path
from string import Template
from typing import Any
from xml.sax.saxutils import escape

import matplotlib
import resvg_py
from markupsafe import Markup
from sphinx.application import Sphinx

WEB = Path(__file__).resolve().parent
FAVICON = WEB / "static" / "favicon.svg"
CARD = WEB / "templates" / "card.svg"
SIZE = (1200, 630)
ICONS = {"favicon.png": 32, "apple-touch-icon.png": 180}
BOOK = "Backpropagation, step by step"
LETTERS = 18  # that fit on a line of the card


@cache
def fonts() -> list[str]:
    """Return the font files for the cards."""
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return [str(folder / f"DejaVuSans{weight}.ttf") for weight in ("", "-Bold")]


def draw(svg: str, width: int) -> bytes:
    """Return an SVG as PNG, so many pixels wide."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg, width=width, font_files=fonts(), skip_system_fonts=True
        )
    )


def card_name(pagename: str) -> str:
    """Return where a page's card is in the site."""
    return f"_static/cards/{pagename.replace('/', '-')}.png"


def card(title: str) -> bytes:
    """Return the card of a page: its title, the book's, and the book's sign."""
    lines = textwrap.wrap(title, LETTERS)
    top = 330 - 40 * len(lines)
    spans = [
        f'<tspan x="80" y="{top + 80 * place}">{escape(line)}</tspan>'
        for place, line in enumerate(lines)
    ]
    sign = FAVICON.read_text(encoding="utf-8").partition(">")[2].rpartition("</svg>")[0]
    template = Template(CARD.read_text(encoding="utf-8"))
    book = "" if title == BOOK else BOOK
    svg = template.substitute(title="".join(spans), book=book, sign=sign)
    return draw(svg, SIZE[0])


def write_card(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], tree: Any
) -> None:
    """Draw the card of a page that is written."""
    if pagename in app.env.found_docs:
        # The template of the index gives its title itself.
        title = context.get("title", app.env.titles[pagename].astext())
        target = Path(app.outdir) / card_name(pagename)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(card(Markup(title).striptags()))


def write_icons(app: Sphinx) -> None:
    """Draw the icons for browsers and phones that read no SVG."""
    static = Path(app.outdir) / "_static"
    static.mkdir(parents=True, exist_ok=True)
    for name, width in ICONS.items():
        svg = FAVICON.read_text(encoding="utf-8")
        if width > 32:  # a phone cuts the corners, and wants a ground
            ground = '<rect x="-6" y="-6" width="44" height="44" fill="#fff"/>'
            svg = svg.replace('viewBox="0 0 32 32">', f'viewBox="-6 -6 44 44">{ground}')
        (static / name).write_bytes(draw(svg, width))


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the above with Sphinx."""
    app.connect("builder-inited", write_icons)
    app.connect("html-page-context", write_card)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
