"""What each page says of itself to search engines, and to those who pass it on."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from pathlib import Path

import pytest
from book import toc_pages
from bookcards import ICONS, SIZE, card_name
from bookhead import LOCAL, site_url
from conftest import ROOT
from PIL import Image
from sphinx.errors import ConfigError

PAGES = toc_pages()
SITE = "https://example.org/course/"


class Head(HTMLParser):
    """Collect a page's language, its metadata and its links."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.language: str | None = None
        self.meta: dict[str, list[str]] = {}
        self.links: dict[str, list[str]] = {}
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {key: value or "" for key, value in attrs}
        if tag == "html":
            self.language = found.get("lang")
        elif tag == "meta" and "content" in found:
            name = found.get("name") or found.get("property") or ""
            self.meta.setdefault(name, []).append(found["content"])
        elif tag == "link" and "rel" in found:
            self.links.setdefault(found["rel"], []).append(found["href"])


@pytest.fixture(scope="module")
def heads(book: Path) -> dict[str, Head]:
    return {name: Head(book / f"{name}.html") for name in PAGES}


def test_each_page_has_a_description_of_its_own(heads):
    found = {name: head.meta.get("description", []) for name, head in heads.items()}
    assert all(len(texts) == 1 for texts in found.values()), found
    texts = [text for (text,) in found.values()]
    assert len(set(texts)) == len(PAGES)
    assert not [text for text in texts if not 50 <= len(text) <= 200]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_how_it_is_to_be_shown(heads, name):
    head = heads[name]
    assert head.language == "en"
    assert "width=device-width" in head.meta["viewport"][0]
    assert head.meta["theme-color"] == ["#ffffff", "#121212"]
    assert head.meta["og:description"] == head.meta["description"]
    assert head.meta["twitter:card"] == ["summary_large_image"]
    assert head.meta["og:title"][0]


@pytest.mark.parametrize("name", PAGES)
def test_without_an_address_a_page_names_none(heads, name):
    assert "canonical" not in heads[name].links
    assert not {"og:url", "og:image"} & heads[name].meta.keys()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_a_card(book, name):
    with Image.open(book / card_name(name)) as card:
        assert card.size == SIZE
        # Its words are drawn: paper, sign and strip alone would have fewer shades.
        assert len(card.convert("L").getcolors()) > 40


def test_no_two_cards_are_the_same(book):
    assert len({(book / card_name(name)).read_bytes() for name in PAGES}) == len(PAGES)


@pytest.mark.parametrize(("icon", "width"), ICONS.items())
def test_an_icon_is_drawn_in_its_size(heads, book, icon, width):
    with Image.open(book / "_static" / icon) as picture:
        assert picture.size == (width, width)
    links = heads["intro"].links
    assert f"_static/{icon}" in links["icon"] + links["apple-touch-icon"]


def test_the_search_page_is_not_to_be_found_by_search(book):
    assert Head(book / "search.html").meta["robots"] == ["noindex"]
    assert "robots" not in Head(book / "intro.html").meta


def listed(folder: Path) -> list[str]:
    """Return the addresses in a sitemap."""
    tree = ElementTree.parse(folder / "sitemap.xml")
    return [place.text or "" for place in tree.iter() if place.tag.endswith("}loc")]


def test_the_sitemap_lists_the_pages_of_the_contents_and_no_other(book):
    assert listed(book) == [f"{LOCAL}{name}.html" for name in PAGES]
    assert f"Sitemap: {LOCAL}sitemap.xml" in (book / "robots.txt").read_text("utf-8")


@pytest.mark.parametrize("given", [SITE, SITE.rstrip("/"), f" {SITE} ", f"{SITE}/"])
def test_an_address_gets_its_one_slash(given):
    assert site_url(given) == SITE


def test_no_address_is_none():
    assert site_url("") == site_url("  ") == ""


@pytest.mark.parametrize(
    "given",
    [
        *("example.org/course/", "ftp://example.org/", "https:///course/", "/course/"),
        *(f"{SITE}intro.html", f"{SITE}?a=1", f"{SITE}#top", "yes"),
    ],
)
def test_what_is_no_address_of_a_folder_is_refused(given):
    with pytest.raises(ConfigError, match="SITE_URL"):
        site_url(given)


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    """Build the book as for a site."""
    folder = tmp_path_factory.mktemp("published")
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    built = subprocess.run(
        [jupyter_book, "build", ROOT, "--path-output", folder, "-n", "-W", "-q"],
        env={**os.environ, "SITE_URL": SITE.rstrip("/"), "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr[-2000:]
    return folder / "_build" / "html"


def test_with_an_address_each_page_names_its_own(published):
    for name in PAGES:
        head = Head(published / f"{name}.html")
        assert head.links["canonical"] == [f"{SITE}{name}.html"]
        assert head.meta["og:url"] == [f"{SITE}{name}.html"]
        (image,) = head.meta["og:image"]
        assert (published / image.removeprefix(SITE)).is_file()


def test_with_an_address_the_sitemap_has_it(published):
    assert listed(published) == [f"{SITE}{name}.html" for name in PAGES]
    robots = (published / "robots.txt").read_text("utf-8")
    assert f"Sitemap: {SITE}sitemap.xml" in robots
