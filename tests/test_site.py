"""The built pages, as a browser shows them and as a reader walks through them."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from book import toc_pages
from bookledger import chapter_number
from playwright.sync_api import Browser, Page
from serving import NARROW, files_of

PAGES = toc_pages()
# Numbered pages are chapters, with figures and formulas; tests and checks have none.
CHAPTERS = [name for name in PAGES if chapter_number(name) is not None]
# Chromium's page colours: white, and the #121212 that inverted figures have.
BACKGROUND = {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 18, 18)"}


@pytest.fixture
def visit(browser: Browser, site: str):
    """Open a page; at the end, hold it to having been quiet."""
    contexts, noise = [], []

    def opened(name: str, **options: object) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: noise.append(f"script error: {error}"))
        page.on(
            "console",
            lambda said: said.type in ("error", "warning") and noise.append(said.text),
        )
        page.on(
            "request",
            lambda sent: (
                sent.url.startswith((site, "data:"))
                or noise.append(f"request to another host: {sent.url}")
            ),
        )
        page.on("requestfailed", lambda sent: noise.append(f"failed: {sent.url}"))
        page.on(
            "response",
            # 304: the browser asked whether what it has is still the same.
            lambda got: (
                got.ok
                or got.status == 304
                or noise.append(f"status {got.status}: {got.url}")
            ),
        )
        page.goto(site + name + ".html", wait_until="networkidle")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not noise, noise


@pytest.mark.needs_chromium
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_in_both_themes(visit, name, theme):
    page = visit(name, color_scheme=theme)
    assert page.locator("h1:visible").count() == 1
    title = page.locator("h1:visible").inner_text().removesuffix("#").strip()
    assert page.title().startswith(title)
    colour = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(colour) == BACKGROUND[theme]


@pytest.mark.needs_chromium
@pytest.mark.parametrize("name", PAGES)
def test_every_figure_loads_and_says_what_it_shows(visit, name):
    page = visit(name)
    # A figure in a closed box, or far below, is not loaded until it is seen. The
    # network falls idle between two of them; `decode` waits for each, or rejects.
    page.evaluate(
        """async () => {
            document.querySelectorAll("details").forEach((e) => { e.open = true });
            const images = [...document.querySelectorAll("article img")];
            for (const image of images) image.loading = "eager";
            await Promise.allSettled(images.map((image) => image.decode()));
        }"""
    )
    figures = page.locator("article img")
    for figure in figures.all():
        alt = figure.get_attribute("alt") or ""
        assert len(alt.split()) >= 4, f"alt text {alt!r} says too little"
        assert figure.evaluate("(e) => e.complete && e.naturalWidth > 0"), alt
    if name in CHAPTERS:
        assert figures.count() >= 2


@pytest.mark.needs_chromium
@pytest.mark.parametrize("name", PAGES)
def test_every_formula_is_set(visit, name):
    page = visit(name)
    prose = page.evaluate(
        """() => {
            const article = document.querySelector("article").cloneNode(true);
            article.querySelectorAll(".katex, pre, code").forEach((e) => e.remove());
            return article.textContent;
        }"""
    )
    for raw in ("$", "\\frac", "\\partial", "\\(", "{eq}", "{cite"):
        assert raw not in prose, f"{raw} stands unread in the text"
    assert page.locator(".katex-error").count() == 0
    if name in CHAPTERS:
        assert page.locator(".math .katex-display").count() >= 5
        font = page.locator(".katex-display .mathnormal").first
        family = font.evaluate("(e) => getComputedStyle(e).fontFamily")
        assert "KaTeX_Math" in family
        assert page.evaluate("document.fonts.check('16px KaTeX_Math')")


@pytest.mark.needs_chromium
@pytest.mark.parametrize("name", PAGES)
def test_a_page_never_scrolls_sideways_on_a_phone(visit, name):
    page = visit(name, viewport={"width": NARROW, "height": 740})
    page.evaluate(
        "document.querySelectorAll('details').forEach(e => { e.open = true })"
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
    wide = page.evaluate(
        """(narrow) => [
            ...document.querySelectorAll("article > section *:not(svg *)")
        ].filter(
            (e) => e.getBoundingClientRect().right > narrow + 1
                && !e.parentElement.closest("pre, .katex-display, .cell_output,"
                    + " .pst-scrollable-table-container")
                && getComputedStyle(e).position !== "absolute"
        ).map((e) => e.outerHTML.slice(0, 120))""",
        NARROW,
    )
    assert not wide, wide


@pytest.mark.needs_chromium
@pytest.mark.parametrize("name", PAGES)
def test_a_page_reads_without_scripts(visit, name):
    page = visit(name, java_script_enabled=False)
    assert page.locator("h1:visible").count() == 1
    if name in CHAPTERS:
        assert page.locator(".katex-display").first.is_visible()
        assert page.locator("article details summary").first.is_visible()


@pytest.mark.needs_chromium
def test_an_equation_link_leads_to_its_equation(visit):
    page = visit("appendix/ledger")
    link = page.locator("table.ledger a").first
    number = link.inner_text()
    link.click()
    page.wait_for_url("**/chapters/*.html#equation-eq-*")
    target = page.locator(f"[id='{urlsplit(page.url).fragment}']")
    assert number in target.inner_text()


@pytest.mark.needs_chromium
def test_the_colour_mode_is_kept_from_page_to_page(visit, site):
    page = visit("intro", color_scheme="light", viewport={"width": 1280, "height": 900})
    button = page.locator(".theme-switch-button").first
    for _ in range(3):  # the button goes round light, dark and the system's own
        if page.evaluate("document.documentElement.dataset.mode") != "dark":
            button.click()
    page.goto(site + PAGES[1] + ".html", wait_until="networkidle")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


class Links(HTMLParser):
    """Collect a page's ids, and all that it points to."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.assets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {key: value for key, value in attrs if value}
        self.ids |= {found[key] for key in ("id", "name") if key in found}
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        elif tag == "link" and "href" in found:
            self.assets.append(found["href"])
        elif "src" in found:
            self.assets.append(found["src"])


@functools.cache
def read(path: Path) -> Links:
    links = Links()
    links.feed(path.read_text(encoding="utf-8"))
    return links


def dead(path: Path, book: Path) -> Iterator[str]:
    """Yield every link of a page that leads nowhere."""
    page = read(path)
    for link in page.links + page.assets:
        url = urlsplit(link)
        if url.scheme:
            continue
        target = (path.parent / unquote(url.path)).resolve() if url.path else path
        if not target.is_relative_to(book) or not target.is_file():
            yield link
        elif target.suffix == ".html" and url.fragment:
            yield from [link][unquote(url.fragment) in read(target).ids :]


def test_every_internal_link_and_anchor_leads_somewhere(book):
    broken = {
        str(path.relative_to(book)): found
        for path in files_of(book, "*.html")
        if (found := list(dead(path, book)))
    }
    assert not broken, broken


def test_no_page_loads_anything_from_another_host(book):
    foreign = {
        asset
        for path in files_of(book, "*.html")
        for asset in read(path).assets
        if urlsplit(asset).netloc
    }
    assert not foreign, foreign


def test_the_site_carries_no_file_that_no_page_needs(book):
    assert not files_of(book, "*.map")
    assert not files_of(book, "fontawesome*")
    sheets = [path.read_text(encoding="utf-8") for path in files_of(book, "*.css")]
    assert not any("webfonts" in sheet for sheet in sheets)
    # Fonts, scripts and the search: 3 MB. A page, its figures and its notebook, with
    # solutions and without: 900 kB.
    size = sum(path.stat().st_size for path in files_of(book, "*"))
    assert size < 4e6 + 1e6 * len(PAGES)
