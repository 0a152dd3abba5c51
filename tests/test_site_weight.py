"""How many bytes a page costs its reader, sent compressed, as a good server does."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from book import toc_pages
from compressing import serving_compressed
from playwright.sync_api import Browser
from weight import Visit, more, weigh

PAGES = toc_pages()
FIRST, NEXT = 700_000, 250_000


@pytest.fixture(scope="module")
def visits(browser: Browser, book: Path) -> Iterator[dict[str, Visit]]:
    with serving_compressed(book) as address:
        yield {name: weigh(browser, f"{address}{name}.html") for name in PAGES}


@pytest.mark.needs_chromium
def test_a_first_page_is_light_though_it_be_read_to_its_end(visits):
    weights = {name: sum(visit.read.values()) for name, visit in visits.items()}
    # A page that loaded nothing beside itself was not measured.
    assert min(weights.values()) > 50_000
    assert not {name: size for name, size in weights.items() if size > FIRST}


@pytest.mark.needs_chromium
@pytest.mark.parametrize("before", PAGES)
def test_whatever_page_comes_next_adds_little(visits, before):
    added = {
        name: more(visit.shown, visits[before].shown)
        for name, visit in visits.items()
        if name != before
    }
    assert not {name: size for name, size in added.items() if size > NEXT}


class Head(HTMLParser):
    """Collect what a page waits for before its first paint, and its figures."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[str] = []
        self.waits: list[str] = []
        self.images: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "link" and found.get("rel") == "stylesheet" and "media" not in found:
            self.sheets.append(found["href"] or "")
        elif tag == "script" and "src" in found and "defer" not in found:
            self.waits.append(found["src"] or "")
        elif tag == "img":
            self.images.append(found)


@pytest.fixture(params=PAGES)
def head(request: pytest.FixtureRequest, book: Path) -> Head:
    head = Head()
    head.feed((book / f"{request.param}.html").read_text("utf-8"))
    return head


def test_the_first_paint_waits_for_one_sheet_and_no_script(head):
    assert len(head.sheets) == 1
    assert "site.css?v=" in head.sheets[0]
    assert not head.waits


def test_every_figure_has_its_size_and_waits_until_it_is_near(head):
    for image in head.images:
        assert {"width", "height"} <= image.keys(), image
        assert image.get("loading") == "lazy", image


def test_figures_are_sent_in_the_smaller_form(book):
    pictures = list((book / "_images").iterdir())
    assert len(pictures) > 40
    assert {path.suffix for path in pictures} == {".webp"}
