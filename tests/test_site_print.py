"""A page on paper: ink on white from either theme, nothing to press, nothing cut."""

from __future__ import annotations

import functools
import re

import pytest
from book import toc_pages
from conftest import ROOT
from paper import CLIPPED, PAPER
from playwright.sync_api import Browser, Page, expect
from serving import serving

pytestmark = pytest.mark.needs_chromium

# Every element that paints something: its text dark, its ground white or none.
INK = """() => {
  const read = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => (.2126 * r + .7152 * g + .0722 * b) / 255;
  const faults = [];
  for (const e of document.querySelectorAll("html, body, body *")) {
    if (!e.checkVisibility()) continue;
    const style = getComputedStyle(e);
    const ground = read(style.backgroundColor);
    const words = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if ((ground[3] ?? 1) > 0 && light(ground) < .9) faults.push(["ground", e]);
    if (words && light(read(style.color)) > .5) faults.push(["ink", e]);
    if (style.filter !== "none") faults.push(["filter", e]);
  }
  return faults.map(([what, e]) => `${what}: ${e.outerHTML.slice(0, 100)}`);
}"""
IN_VIEW = """(selector) => [...document.querySelectorAll(selector)]
  .filter((e) => e.checkVisibility()).map((e) => e.outerHTML.slice(0, 100))"""
CONTROLS = """:is(button, select, input[type=range], input[type=radio],
  .headerlink, nav, header, footer)"""


@pytest.fixture(scope="module")
def site(book):
    with serving(book, {}) as address:
        yield address


def turn(page: Page, media: str, theme: str) -> None:
    """Emulate a medium, and wait for the theme that belongs to it."""
    page.emulate_media(media=media)
    expect(page.locator("html")).to_have_attribute("data-theme", theme)


@pytest.fixture
def opened(browser: Browser, site: str):
    """Open a page of the book in a theme, on paper or on the screen."""
    contexts = []

    def open_page(name: str, theme: str = "dark", media: str = "print") -> Page:
        context = browser.new_context(viewport={"width": PAPER, "height": 900})
        contexts.append(context)
        context.add_init_script(
            f"for (const key of ['mode', 'theme']) localStorage.setItem(key, '{theme}')"
        )
        page = context.new_page()
        page.goto(f"{site}{name}.html")
        turn(page, media, "light" if media == "print" else theme)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", toc_pages())
def test_a_page_in_the_dark_theme_prints_well(opened, name):
    page = opened(name)
    assert not page.evaluate(INK)
    assert not page.evaluate(CLIPPED)
    seen = functools.partial(page.evaluate, IN_VIEW)
    assert len(seen("h1")) == 1
    # The graph and the matrices of two explorers are drawn with buttons.
    drawn = ".bxb-graph *, .bxe-matrix *"
    assert not seen(f"{CONTROLS}:not({drawn})")
    assert not seen("summary:not(.tag_solution *):has(.expanded)")


def test_printing_itself_turns_the_page_and_back(opened):
    page = opened("intro", media="screen")
    page.evaluate("""() => addEventListener("beforeprint",
        () => { window.printed = document.documentElement.dataset.theme; })""")
    page.pdf()
    assert page.evaluate("window.printed") == "light"
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_the_screen_is_as_it_was_after_printing(opened):
    page = opened("chapters/05_the_backward_pass", media="screen")
    # Its text: scroll-boxes.js marks boxes as their size changes.
    before = page.locator("article").text_content()
    turn(page, "print", "light")
    assert page.locator("article").text_content() != before
    turn(page, "screen", "dark")
    assert page.locator("article").text_content() == before
    assert page.locator("bp-exercise[hidden]").count() == 0


def test_an_exercise_is_printed_as_its_statement_without_its_controls(opened):
    page = opened("chapters/05_the_backward_pass")
    assert page.locator("bp-exercise:visible").count() == 0
    printed = page.locator(".bd-article .bp-panel:visible", has_text="The reasons:")
    assert "a matrix product sums over its inner index" in printed.first.inner_text()


def test_what_is_folded_on_the_screen_is_printed(opened):
    solution = ".tag_solution pre"
    page = opened("chapters/05_the_backward_pass", media="screen")
    assert not page.evaluate(IN_VIEW, solution)
    turn(page, "print", "light")
    assert len(page.evaluate(IN_VIEW, solution)) > 10
    folded = "article details:not([open], [hidden] *) > :not(summary)"
    assert len(page.evaluate(IN_VIEW, folded)) == page.locator(folded).count() > 50


def test_a_printed_page_has_its_own_margins_and_a_sheet_that_holds_up_no_screen(book):
    text = (book / "intro.html").read_text("utf-8")
    (link,) = re.findall(r"<link [^>]*print\.css[^>]*>", text)
    assert 'media="print"' in link
    own = ROOT / "web" / "static" / "book.css"
    assert "@media print" not in own.read_text("utf-8")
