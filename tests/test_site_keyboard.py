"""By keyboard alone: every control once, in order, in sight; and nothing holds on."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect
from serving import NARROW

pytestmark = pytest.mark.needs_chromium

# A page of text; explorers and exercises of every kind; a form.
PAGES = ["intro", "chapters/05_the_backward_pass", "search"]
CHAPTER = PAGES[1]

# What a reader can do something with, in the order of the page. Radio buttons of
# one name are one stop: the arrow keys go on from it.
STOPS = """() => {
  const groups = new Set();
  const stops = [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [tabindex]"
  )].filter((e) => {
    if (!e.checkVisibility({ visibilityProperty: true }) || e.disabled) return false;
    if (e.tabIndex < 0 || e.type === "hidden") return false;
    if (e.type !== "radio") return true;
    const first = !groups.has(e.name);
    groups.add(e.name);
    return first;
  });
  stops.forEach((e, number) => { e.dataset.stop = number; });
  return stops.length;
}"""
FROM_THE_TOP = """() => {
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
}"""
# What is wrong with the element that has the focus, and which stop it is.
HERE = """() => {
  const e = document.activeElement;
  const html = e.outerHTML.replace(/\\s+/g, " ").slice(0, 120);
  const style = getComputedStyle(e);
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const boxes = [...e.getClientRects()];
  // Seen: what lies on top, at some place of it, is the element itself.
  const seen = boxes.some((box) => [0.15, 0.5, 0.85].some((x) => {
    const top = document.elementFromPoint(
      box.left + x * box.width, box.top + box.height / 2);
    return top && (e.contains(top) || top.contains(e) && top.tagName === "LABEL");
  }));
  const faults = [];
  if (!ring) faults.push(`no ring: ${html}`);
  if (!seen) faults.push(`covered or out of sight: ${html}`);
  return { stop: Number(e.dataset.stop ?? -1), html, faults };
}"""


@pytest.fixture
def visit(browser: Browser, site: str):
    contexts = []

    def opened(name: str, width: int) -> Page:
        size = {"width": width, "height": 800}
        context = browser.new_context(viewport=size, reduced_motion="reduce")
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{site}{name}.html", wait_until="networkidle")
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", [1280, NARROW])
@pytest.mark.parametrize("name", PAGES)
def test_tab_stops_at_every_control_once_in_order_and_in_sight(visit, name, width):
    page = visit(name, width)
    page.evaluate(FROM_THE_TOP)  # the search's field has taken the focus
    count = page.evaluate(STOPS)
    assert count > 5
    reached, faults = [], []
    for _ in range(count):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        reached.append(here["stop"])
        faults += here["faults"]
    assert not faults, "\n".join(faults)
    assert reached == list(range(count))


def test_the_first_stop_leads_past_the_contents(visit):
    page = visit(CHAPTER, 1280)
    page.keyboard.press("Tab")
    expect(page.locator("#pst-skip-link a")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    inside = "document.querySelector('main').contains(document.activeElement)"
    assert page.evaluate(inside)


@pytest.mark.parametrize("drawer", ["primary", "secondary"])
def test_escape_closes_a_drawer_and_gives_the_focus_back(visit, drawer):
    page = visit(CHAPTER, NARROW)
    button = page.locator(f".{drawer}-toggle")
    button.focus()
    page.keyboard.press("Enter")
    dialog = page.locator(f"#pst-{drawer}-sidebar-modal")
    expect(dialog).to_be_visible()
    page.keyboard.press("Tab")
    assert dialog.evaluate("(e) => e.contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()


@pytest.mark.parametrize("width", [1280, NARROW])
def test_escape_closes_the_search_and_gives_the_focus_back(visit, width):
    page = visit(CHAPTER, width)
    button = page.locator(".search-button__button:visible").first
    button.focus()
    page.keyboard.press("Enter")
    field = page.locator("#pst-search-dialog input")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(field).to_be_hidden()
    expect(button).to_be_focused()
