"""A page of explorers, in the frame of the built book, and what visits it."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from pathlib import Path

from panel_page import framed
from playwright.sync_api import Browser, Locator, Page
from serving import NARROW

from course import explorer as explorer_by_id
from course.explorer import all as all_explorations
from course.explorer import get
from course.explorer.html import explorer_html
from course.panel.frontend import (
    explorer_page_script,
    explorer_style,
    explorer_widget_script,
)

LAYOUT = """(narrow) => {
  const faults = [];
  const fault = (what, e) => faults.push(`${what}: ${e.outerHTML.slice(0, 90)}`);
  const all = (selector) => [...document.querySelectorAll(`bp-explorer ${selector}`)]
    .filter((e) => e.checkVisibility() && e.getBoundingClientRect().width > 1);
  if (document.documentElement.scrollWidth > narrow) faults.push("the page scrolls");
  for (const e of all("*:not(svg *)")) {
    if (e.getBoundingClientRect().right > narrow && !e.closest(".bx-scroll"))
      fault("too wide", e);
  }
  for (const e of all(":is(button, select, input, summary)")) {
    const box = (e.closest("label") ?? e).getBoundingClientRect();
    if (e.type !== "range" && Math.min(box.height, box.width) < 24) fault("small", e);
  }
  for (const e of all("svg text")) {
    const root = e.closest("svg[role], .bx-first svg");
    const frame = root.getBoundingClientRect();
    const scale = frame.width / root.viewBox.baseVal.width;
    const size = parseFloat(getComputedStyle(e).fontSize) * scale;
    if (size < 11.99) faults.push(`${size} px: ${e.textContent}`);
    const box = e.getBoundingClientRect();
    if (box.left < frame.left - 6 || box.right > frame.right + 6)
      faults.push(`cut off: ${e.textContent}`);
  }
  return faults;
}"""
STYLE = f"<style>{explorer_style()}</style>"
STATIC = f"{STYLE}<script defer src='explorers.js'></script>"
WITH_KERNEL = """<script type="module">
import widget from "./explorer-widget.js";
const data = JSON.parse(document.querySelector("#data").textContent);
const el = document.querySelector("#widget");
widget.render({ model: { get: (name) => ({ data })[name] }, el });
</script>"""


def _kernel(one: str) -> str:
    data = json.dumps(explorer_by_id(one).data).replace("<", "\\u003c")
    script = f'<script id="data" type="application/json">{data}</script>'
    return f'{script}<div id="widget"></div>'


def pages(book: Path) -> dict[str, str]:
    """Make a page for each explorer, "/ch01.secant.html", without and with kernel."""
    made = {"/explorers.js": explorer_page_script()}
    made["/explorer-widget.js"] = explorer_widget_script()
    for one in all_explorations():
        made[f"/{one.id}.html"] = framed(book, explorer_html(one), STATIC)
        kernel = framed(book, _kernel(one.id), STYLE + WITH_KERNEL)
        made[f"/kernel-{one.id}.html"] = kernel

    return made


@contextmanager
def visiting(browser: Browser, site: str):
    """Open a page by name; at the end, hold it to having raised nothing."""
    contexts, noise = [], []

    def opened(name: str, **options: object) -> Page:
        context = browser.new_context(**options)
        context.set_default_timeout(5000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: noise.append(str(error)))
        page.on(
            "console",
            lambda said: said.type in ("error", "warning") and noise.append(said.text),
        )
        page.goto(f"{site}{name}.html")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not noise, noise


def status(page: Page | Locator) -> Locator:
    """Return the line that answers."""
    return page.get_by_role("status").last


def enter(page: Page | Locator, label: str, text: str) -> None:
    """Type into a field, and press Enter."""
    field = page.get_by_label(label, exact=True)
    field.fill(text)
    field.press("Enter")


def picture(page: Page | Locator) -> tuple[str, str]:
    """Return the words and the marks of the live picture."""
    drawn = page.locator("bp-explorer svg[role='img'], #widget svg[role='img']").first
    return drawn.get_attribute("aria-label"), drawn.inner_html()


def answer(page: Page, text: str, label: str, verb: str = "Compare") -> None:
    """Type an answer by the field's label; the button is beside it."""
    page.get_by_label(re.compile(label)).fill(text)
    page.get_by_role("button", name=verb).click()


def has_focus(page: Page) -> bool:
    """Whether the focus is still on a control of the explorer."""
    script = "document.activeElement.matches('bp-explorer :is(input, button, select)')"
    return page.evaluate(script)


def done(page: Page) -> int:
    """Return how many goals are ticked."""
    return page.locator(".bx-goals .bx-reached").count()


def layout_faults(page: Page) -> list[str]:
    """Return what does not fit a phone: too wide, too small to hit or to read."""
    return page.evaluate(LAYOUT, NARROW)


def assert_shortcut_free(page: Page) -> None:
    """Hold every control to keeping its keys from the notebook."""
    controls = "bp-explorer :is(button, input, select, summary, a, [tabindex])"
    assert page.locator(controls).count() > 2
    assert page.locator(f"{controls}:not([data-lm-suppress-shortcuts])").count() == 0


def shown(exploration_id: str) -> str:
    """Return the title of an explorer."""
    return get(exploration_id).title
