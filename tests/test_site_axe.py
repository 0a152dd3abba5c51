"""Every page, whole, as axe reads it: both themes, wide and narrow, all boxes open."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from book import toc_pages
from playwright.sync_api import Browser, BrowserContext, Page, expect
from serving import NARROW, RULES, accessibility_faults

pytestmark = pytest.mark.needs_chromium

ALL = [*RULES, "best-practice"]
# A theme changes colours and nothing else.
BY_THEME = {"light": ALL, "dark": ["color-contrast", "link-in-text-block"]}
LOOKS = list(product(["light", "dark"], [1280, NARROW]))
OPEN_ALL = "document.querySelectorAll('details').forEach((e) => { e.open = true })"


@pytest.fixture(scope="module", params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def context(request, browser: Browser) -> Iterator[BrowserContext]:
    """One look of all pages: its style sheets and scripts are fetched once."""
    theme, width = request.param
    size = {"width": width, "height": 800}
    opened = browser.new_context(
        color_scheme=theme, viewport=size, reduced_motion="reduce"
    )
    opened.set_default_timeout(10_000)
    yield opened
    opened.close()


@pytest.fixture
def visit(context: BrowserContext, site: str):
    """Open a page, and all that is folded in it."""
    opened = []

    def to(name: str) -> Page:
        opened.append(context.new_page())
        opened[-1].goto(site + name)
        opened[-1].evaluate(OPEN_ALL)
        settle(opened[-1])
        return opened[-1]

    yield to
    for page in opened:
        page.close()


def settle(page: Page) -> None:
    """Wait until the page is laid out and has looked at what is too wide for it."""
    page.evaluate(
        "new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))"
    )


def assert_accessible(page: Page) -> None:
    theme = page.evaluate("document.documentElement.dataset.theme")
    faults = accessibility_faults(page, "html", BY_THEME[theme])
    assert not faults, faults


@pytest.mark.parametrize("name", [*toc_pages(), "search"])
def test_a_page_is_accessible(visit, name):
    assert_accessible(visit(f"{name}.html"))


def test_a_page_of_search_results_is_accessible(visit):
    page = visit("search.html?q=gradient")
    expect(page.locator(".search-results li").first).to_be_visible()
    assert_accessible(page)


def test_the_search_dialog_is_accessible(visit):
    page = visit("intro.html")
    page.keyboard.press("Control+k")
    expect(page.locator("dialog[open] input[type='search']")).to_be_focused()
    assert_accessible(page)


@pytest.mark.parametrize("drawer", ["primary", "secondary"])
def test_an_open_drawer_is_accessible(visit, drawer):
    page = visit("chapters/05_the_backward_pass.html")
    if page.viewport_size["width"] != NARROW:
        return  # where there is room, both stand open beside the text: tested above
    page.locator(f".{drawer}-toggle").click()
    expect(page.locator(f"#pst-{drawer}-sidebar-modal[open]")).to_be_visible()
    assert_accessible(page)


def test_the_rules_that_matter_most_are_run(visit):
    """A rule that a new axe renames or turns off would be missed by nobody."""
    page = visit("intro.html")
    accessibility_faults(page, "html", ALL)  # puts axe into the page
    ran = page.evaluate(
        """async (tags) => {
            const said = await axe.run("html", { runOnly: tags });
            const { passes, inapplicable, incomplete } = said;
            return [...passes, ...inapplicable, ...incomplete].map((rule) => rule.id);
        }""",
        ALL,
    )
    assert {
        *("color-contrast", "target-size", "region", "label-content-name-mismatch"),
        *("scrollable-region-focusable", "heading-order", "landmark-unique"),
    } <= set(ran)
