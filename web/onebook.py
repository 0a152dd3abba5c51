"""The whole book as one page, from the built pages: what `make pdf` prints.

One page, since then the browser itself makes the links between chapters, the
page numbers and the outline. Each id gets the name of its page in front, and each
link follows.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag

# What only a screen has a use for.
SCREEN_ONLY = "script, .d-print-none, .headerlink, .bp-note, .genindex-jumpbox"
# Attributes that name an element of the same page.
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls")


class BookError(Exception):
    """The built pages do not make one book."""


def page_id(page: str) -> str:
    """Return the id under which a page stands in the book.

    Parameters
    ----------
    page : str
        As in ``_toc.yml``: ``chapters/05_the_backward_pass``.

    Returns
    -------
    str
        ``05_the_backward_pass``
    """
    return posixpath.basename(page)


def read_article(html: Path, page: str) -> Tag:
    """Return a built page's article without what only a screen has a use for.

    Parameters
    ----------
    html : Path
        The folder of the built book.
    page : str

    Returns
    -------
    Tag

    Raises
    ------
    BookError
        Where the page is not built, or has no article.
    """
    path = (html / page).with_suffix(".html")
    if not path.is_file():
        raise BookError(f"{path} is missing: run `make book`")
    article = BeautifulSoup(path.read_text("utf-8"), "html.parser").article
    if article is None:
        raise BookError(f"{path} has no <article>")
    for unused in article.select(SCREEN_ONLY):
        unused.decompose()
    return article


def take_in(article: Tag, page: str, pages: Iterable[str], html: str) -> None:
    """Give a page's ids, links and pictures the names that they have in the book.

    Parameters
    ----------
    article : Tag
        Changed in place.
    page : str
    pages : iterable of str
        All pages of the book: links to these become links in it.
    html : str
        The way from the book to the folder of the built pages, ``../html``.
    """
    here = page_id(page)
    known = set(pages)
    for element in article.find_all(True):
        if "id" in element.attrs:
            element["id"] = f"{here}--{element['id']}"
        for name in REFERENCES:
            if name in element.attrs:
                words = str(element[name]).split()
                element[name] = " ".join(f"{here}--{word}" for word in words)
        for name, value in element.attrs.items():
            if isinstance(value, str) and "url(#" in value:
                element[name] = value.replace("url(#", f"url(#{here}--")
    for image in article.find_all("img"):
        image["src"] = posixpath.normpath(
            posixpath.join(html, posixpath.dirname(page), str(image["src"]))
        )
        # All pictures are needed at once, and before the browser prints.
        del image["loading"]
    for link in article.find_all("a", href=True):
        target = address_in_book(str(link["href"]), page, known)
        if target is None:
            link.unwrap()
        else:
            link["href"] = target
    article["id"] = here


def address_in_book(href: str, page: str, pages: set[str]) -> str | None:
    """Return where a page's link leads in the book.

    Parameters
    ----------
    href : str
        ``04_the_chain_rule.html#equation-eq-chain``, as the page has it.
    page : str
    pages : set of str

    Returns
    -------
    str or None
        ``#04_the_chain_rule--equation-eq-chain``; the same address for another
        site; None for a file of this site that is no page of the book.
    """
    parts = urlsplit(href)
    if parts.scheme or parts.netloc:
        return href
    path = posixpath.normpath(
        posixpath.join(posixpath.dirname(page), unquote(parts.path))
    )
    target = path.removesuffix(".html") if parts.path else page
    if target not in pages:
        return None
    fragment = f"--{unquote(parts.fragment)}" if parts.fragment else ""
    return f"#{page_id(target)}{fragment}"


def style_sheets(html: Path, pages: Iterable[str], book: Path) -> list[str]:
    """Return the ``<link>`` elements of all pages' style sheets, each once.

    Parameters
    ----------
    html : Path
    pages : iterable of str
    book : Path
        The file of the book, to which the links are made relative.

    Returns
    -------
    list of str
    """
    found: dict[str, str] = {}
    for page in pages:
        folder = (html / page).parent
        head = (html / page).with_suffix(".html").read_text("utf-8").split("</head>")[0]
        for link in re.findall(r"<link [^>]*rel=\"stylesheet\"[^>]*>", head):
            sheet = BeautifulSoup(link, "html.parser").link
            assert sheet is not None
            path = os.path.normpath(folder / urlsplit(str(sheet["href"])).path)
            sheet["href"] = Path(os.path.relpath(path, book.parent)).as_posix()
            found[path] = str(sheet)
    return list(found.values())


def dangling(book: BeautifulSoup | Tag) -> list[str]:
    """Return the links of the book that lead to no place in it.

    Parameters
    ----------
    book : BeautifulSoup

    Returns
    -------
    list of str
    """
    ids = {str(element["id"]) for element in book.find_all(id=True)}
    links = (str(link["href"]) for link in book.find_all("a", href=True))
    return sorted({link for link in links if link[0] == "#" and link[1:] not in ids})
