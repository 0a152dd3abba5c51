"""Every page for every reader: from a file, without scripts, large, and still."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from book import toc_pages
from bookledger import chapter_number
from playwright.sync_api import Browser, Page
from serving import NARROW

pytestmark = pytest.mark.needs_chromium

PAGES = toc_pages()
CHAPTERS = [name for name in PAGES if chapter_number(name) is not None]
# WCAG 1.4.12: what a reader may set without loss.
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important;
  word-spacing: .16em !important; } p { margin-bottom: 2em !important; }"""
# Formulas and pictures are drawn to measure; the reader's spacing is for text.
CLIPPED = """() => [...document.querySelectorAll(
  "article :is(p, li, h1, h2, h3, td, th, summary, label, button, dt, dd)"
)].filter((e) => {
  const style = getComputedStyle(e);
  const hidden = [style.overflowX, style.overflowY].some((x) => /hidden|clip/.test(x));
  return hidden && e.checkVisibility() && e.clientWidth > 1
    && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1);
}).map((e) => e.outerHTML.slice(0, 120))"""


@pytest.fixture
def visit(browser: Browser):
    """Open an address; at the end, hold the page to having been quiet."""
    contexts, noise = [], []

    def opened(address: str, **options: object) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: noise.append(f"script error: {error}"))
        page.on(
            "console", lambda said: said.type == "error" and noise.append(said.text)
        )
        page.on("requestfailed", lambda sent: noise.append(f"failed: {sent.url}"))
        near = (address.split("://")[0] + "://", "data:")
        page.on(
            "request",
            lambda sent: sent.url.startswith(near) or noise.append(sent.url),
        )
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not noise, noise


def practised(book: Path, name: str) -> int:
    """Count the exercises of a page that work without a kernel: they bring data."""
    html = (book / f"{name}.html").read_text("utf-8")
    boxes = re.findall(r"<bp-exercise.*?</bp-exercise>", html, re.DOTALL)
    return sum("application/json" in box for box in boxes)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_lives_when_opened_from_a_disk(visit, book, name):
    page = visit((book / f"{name}.html").as_uri())
    assert page.locator("h1:visible").count() == 1
    for one in page.locator("bp-explorer").all():
        assert one.locator(".bx-view svg").count() >= 1
    assert page.locator("bp-exercise:has(.bp-check)").count() == practised(book, name)
    if name in CHAPTERS:
        figure = page.locator("article img:not(details *)").first
        figure.scroll_into_view_if_needed()
        figure.evaluate("(e) => e.decode()")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_read_without_scripts(visit, site, name):
    size = {"width": NARROW, "height": 740}
    page = visit(f"{site}{name}.html", java_script_enabled=False, viewport=size)
    assert page.locator("h1:visible").count() == 1
    if name not in CHAPTERS:
        return
    assert page.locator(".katex-display").first.is_visible()
    figure = page.locator("article img:not(details *)").first
    figure.scroll_into_view_if_needed()
    assert figure.is_visible()
    box = page.locator("article details").first
    box.locator("summary").first.click()
    assert box.locator(":scope > :not(summary)").first.is_visible()
    for panel in page.locator("bp-exercise, bp-explorer").all():
        assert len(panel.inner_text()) > 30, panel.inner_html()[:200]


@pytest.mark.parametrize("width", [NARROW, 1280])
def test_the_contents_are_reached_without_scripts(visit, site, width):
    size = {"width": width, "height": 740}
    address = f"{site}{CHAPTERS[1]}.html"
    page = visit(address, java_script_enabled=False, viewport=size)
    links = page.locator(".bd-sidebar-primary nav a")
    assert links.count() >= len(PAGES)
    assert all(link.is_visible() for link in links.all())
    links.last.click(timeout=5000)
    assert page.url != address
    # What needs a script is not offered.
    assert (
        page.locator(".sidebar-toggle:visible, .dropdown-toggle:visible").count() == 0
    )


@pytest.mark.parametrize("name", PAGES)
def test_a_page_bears_twice_the_size_and_a_readers_spacing(visit, site, name):
    width = 640  # 1280 at 200 %
    page = visit(f"{site}{name}.html", viewport={"width": width, "height": 450})
    page.add_style_tag(content=SPACED)
    page.evaluate("document.querySelectorAll('details').forEach((e) => e.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    clipped = page.evaluate(CLIPPED)
    assert not clipped, clipped


@pytest.mark.parametrize("name", PAGES)
def test_nothing_on_a_page_moves_by_itself(visit, site, name):
    page = visit(f"{site}{name}.html")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)  # what fades in at the start has then done so
    moving = """() => document.getAnimations().map(
        (a) => a.effect.target.outerHTML.slice(0, 120))"""
    assert page.evaluate(moving) == []
    assert page.locator("[autoplay], marquee, blink, img[src$='.gif']").count() == 0
    seen = "document.querySelector('article')?.innerHTML"
    before = page.evaluate(seen)
    page.wait_for_timeout(500)
    assert page.evaluate(seen) == before


@pytest.mark.parametrize("name", ["intro", *CHAPTERS[:1], "genindex"])
def test_who_wants_no_motion_gets_none(visit, site, name):
    page = visit(f"{site}{name}.html", reduced_motion="reduce")
    moving = """() => [...document.querySelectorAll("*")].filter((e) => {
      const style = getComputedStyle(e);
      return style.scrollBehavior === "smooth" || style.animationName !== "none"
        || style.transitionDuration.split(", ").some((t) => parseFloat(t) > 0);
    }).map((e) => e.outerHTML.slice(0, 120))"""
    assert page.evaluate(moving) == []
