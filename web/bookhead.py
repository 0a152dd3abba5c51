"""What a page says of itself to search engines, and to those who pass it on.

``SITE_URL`` says where the book will stand. Some of this needs a whole address, and
a page that names a wrong one is worse off than a page that names none: without it
they are left out, and the list of pages has the address of ``make serve``.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from book import toc_pages
from bookcards import SIZE, card_name
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError
from sphinx.util import logging

LOCAL = "http://127.0.0.1:8000/"
logger = logging.getLogger(__name__)


def site_url(given: str) -> str:
    """Return an address of the book with a slash at its end, or "" if none is given.

    Raises
    ------
    ConfigError
        If it is no address under which a book could stand.
    """
    if not given.strip():
        return ""
    url = urlsplit(given.strip())
    whole = url.scheme in ("http", "https") and url.hostname
    if not whole or url.query or url.fragment or url.path.endswith(".html"):
        raise ConfigError(
            f"SITE_URL is {given!r}; it must be the whole address of the book's "
            "folder, as in SITE_URL=https://example.org/course/"
        )
    return url.geturl().rstrip("/") + "/"


def set_base(app: Sphinx, config: Config) -> None:
    """Let Sphinx write canonical addresses, where the address is known."""
    config.html_baseurl = site_url(config.book_site_url)


def describe(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], tree: Any
) -> None:
    """Give the template a page's description and the address of its card."""
    description = app.env.metadata.get(pagename, {}).get("description", "")
    if pagename in app.env.found_docs and not description:
        logger.warning(
            "the page has no description: write one of 50 to 200 characters, as "
            '"description" in its front matter or its notebook\'s metadata',
            location=pagename,
            type="book",
            subtype="description",
        )
    context["description"] = description
    context["site_url"] = app.config.html_baseurl
    context["card"] = card_name(pagename) if pagename in app.env.found_docs else ""
    context["card_size"] = SIZE


def list_pages(app: Sphinx, exception: Exception | None) -> None:
    """Write ``sitemap.xml``, which names every page, and ``robots.txt``."""
    if exception or app.builder.format != "html":
        return
    base = app.config.html_baseurl or LOCAL
    pages = [base + app.builder.get_target_uri(name) for name in toc_pages()]
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
        *(f"<url><loc>{escape(page)}</loc></url>" for page in pages),
        "</urlset>\n",
    ]
    out = Path(app.outdir)
    (out / "sitemap.xml").write_text("\n".join(lines), encoding="utf-8")
    robots = f"User-agent: *\nAllow: /\n\nSitemap: {base}sitemap.xml\n"
    (out / "robots.txt").write_text(robots, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the above with Sphinx."""
    app.add_config_value("book_site_url", os.environ.get("SITE_URL", ""), "html")
    # After Jupyter Book, which sets the address to an empty one.
    app.connect("config-inited", set_base, priority=900)
    app.connect("html-page-context", describe)
    app.connect("build-finished", list_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
