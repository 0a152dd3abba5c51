"""Explorers in a browser: what all of them have in common."""

from __future__ import annotations

import pytest
from book import toc_pages
from explorer_page import (
    assert_shortcut_free,
    layout_faults,
    shown,
    status,
)
from playwright.sync_api import expect
from serving import NARROW, accessibility_faults

from course.explorer import all as all_explorations
from course.explorer.html import NO_SCRIPT

pytestmark = pytest.mark.needs_chromium
EVERY = [one.id for one in all_explorations()]
CHAPTERS = [name for name in toc_pages() if name.startswith("chapters/")]
PHONE = {"width": NARROW, "height": 740}


@pytest.mark.parametrize("name", EVERY)
def test_an_explorer_comes_to_life_with_a_kernel_and_without(try_out, name):
    for page in (try_out(name), try_out(f"kernel-{name}")):
        expect(page.get_by_role("group", name=shown(name))).to_be_visible()
        expect(page.locator(".bx-view svg").first).to_be_visible()
        assert len(status(page).inner_text()) > 10


@pytest.mark.parametrize("name", EVERY)
def test_without_scripts_the_first_state_is_read(try_out, name):
    page = try_out(name, java_script_enabled=False)
    expect(page.get_by_text(NO_SCRIPT)).to_be_visible()
    expect(page.get_by_text(shown(name))).to_be_visible()


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_explorers_are_accessible(try_out, name, theme):
    page = try_out(name, color_scheme=theme)
    expect(page.locator(".bx-view svg").first).to_be_visible()
    assert not accessibility_faults(page, "bp-explorer")


@pytest.mark.parametrize("name", EVERY)
def test_the_explorers_fit_a_phone(try_out, name):
    page = try_out(name, viewport=PHONE)
    expect(page.locator(".bx-view svg").first).to_be_visible()
    assert not layout_faults(page)


@pytest.mark.parametrize("name", EVERY)
def test_no_key_pressed_in_an_explorer_is_a_shortcut_of_the_notebook(try_out, name):
    assert_shortcut_free(try_out(name))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_explorers_of_a_chapter_are_alive_on_its_page(try_out, chapter):
    page = try_out(chapter)
    for one in page.locator("bp-explorer").all():
        one.scroll_into_view_if_needed()
        expect(one.locator(".bx-view svg").first).to_be_visible()


# What the browser itself would stop at, radio buttons apart: they are one stop.
STOPS = """() => [...document.querySelectorAll(
  "bp-explorer :is(a[href], button, input, select, summary, [tabindex='0'])"
)].filter((e) => e.checkVisibility() && !e.disabled && e.type !== "radio").length"""
MARK = """() => {
  const e = document.activeElement;
  if (!e.closest("bp-explorer")) return;
  e.dataset.visited = "";
}"""


@pytest.mark.parametrize("name", EVERY)
def test_tab_reaches_every_control_of_an_explorer(try_out, name):
    page = try_out(name)
    expect(page.locator(".bx-view svg").first).to_be_visible()
    stops = page.evaluate(STOPS)
    assert stops > 2
    page.locator("bp-explorer").evaluate(
        "(e) => { e.tabIndex = -1; e.focus(); e.removeAttribute('tabindex'); }"
    )
    for _ in range(stops):
        page.keyboard.press("Tab")
        page.evaluate(MARK)
    assert page.locator("bp-explorer [data-visited]").count() == stops
