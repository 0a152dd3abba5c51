"""What a printed book has and a site has not: title page, contents, running heads."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from bs4 import Tag
from onebook import BookError


@dataclass(frozen=True)
class Imprint:
    """What the title page says."""

    title: str
    author: str
    abstract: str
    version: str
    licence: str


def title_page(imprint: Imprint) -> str:
    """Return the first page.

    Parameters
    ----------
    imprint : Imprint

    Returns
    -------
    str
    """
    return (
        '<article class="bd-article" id="title-page">'
        f'<p class="title">{escape(imprint.title)}</p>'
        f'<p class="abstract">{escape(imprint.abstract)}</p>'
        f"<p>Version {escape(imprint.version)}</p>"
        f'<div class="licence">{imprint.licence}</div></article>'
    )


def heading(article: Tag) -> str:
    """Return the title of a page.

    Parameters
    ----------
    article : Tag

    Returns
    -------
    str
    """
    if article.h1 is None:
        raise BookError(f"page {article['id']} has no title")
    return article.h1.get_text().strip()


def contents(parts: Iterable[tuple[str, list[Tag]]]) -> str:
    """Return the table of contents: parts, pages and their sections.

    Parameters
    ----------
    parts : iterable of (str, list of Tag)
        A caption, and the articles under it.

    Returns
    -------
    str
        Its links get their page numbers when the draft has told them (`pdf.draw`).
    """
    lists = "".join(
        (f'<p class="part">{escape(caption)}</p>' if caption else "")
        + f"<ul>{''.join(map(_entry, articles))}</ul>"
        for caption, articles in parts
    )
    return (
        '<article class="bd-article" id="contents"><h1>Contents</h1>'
        f"<nav>{lists}</nav></article>"
    )


def _entry(article: Tag) -> str:
    """Return a page's line, and below a numbered chapter's those of its sections."""
    title = heading(article)
    sections = [
        _line(str(section["id"]), section.h2.get_text())
        for section in article.find_all("section", id=True)
        if title[0].isdigit() and section.h2 and section.h2.parent is section
    ]
    below = f"<ul>{''.join(sections)}</ul>" if sections else ""
    return _line(str(article["id"]), title, below)


def _line(target: str, words: str, below: str = "") -> str:
    number = 'class="page-of" data-page="000"'
    link = f'<a {number} href="#{target}"><span>{escape(words)}</span></a>'
    return f"<li>{link}{below}</li>"


def running_heads(articles: Iterable[Tag]) -> str:
    """Return a style sheet: above each page stands the title of its chapter.

    Browsers know no ``string-set``; so every article has pages by a name of its own.

    Parameters
    ----------
    articles : iterable of Tag

    Returns
    -------
    str
    """
    rules = []
    for i, article in enumerate(articles):
        title = json.dumps(heading(article), ensure_ascii=False)
        rules.append(
            f'[id="{article["id"]}"] {{ page: p{i}; }}\n'
            f"@page p{i} {{ @top-right {{ content: {title}; }} }}"
        )
    return "\n".join(rules)
