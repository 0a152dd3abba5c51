"""A page of panels, in the frame of the built book, and hands to work them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator

from course.model import Code, Exercise
from course.panel.data import panel_data
from course.panel.frontend import page_script, style, widget_script
from course.panel.html import panel_html

WITHOUT_KERNEL = f"<style>{style()}</style><script defer src='page.js'></script>"
# What JupyterLab does for an anywidget: a module, an element, a model with events.
WITH_KERNEL = f"""<style>{style()}</style><script type="module">
import widget from "./widget.js";
const listeners = new Map();
const state = {{ result: {{}}, ...(await window.opening()) }};
const model = {{
  get: (name) => state[name],
  set: (name, value) => {{ state[name] = value; }},
  on: (event, f) => listeners.set(event, [...(listeners.get(event) ?? []), f]),
  off: (event, f) => listeners.set(event, listeners.get(event).filter((g) => g !== f)),
  async save_changes() {{
    for (const [name, value] of Object.entries(await window.answering(state.answer))) {{
      state[name] = value;
      for (const f of listeners.get(`change:${{name}}`) ?? []) f();
    }}
  }},
}};
widget.render({{ model, el: document.querySelector("#widget") }});
</script>"""
SCRIPTS = {"page.js": page_script(), "widget.js": widget_script()}


def page_of(book: Path, exercises: list[Exercise]) -> str:
    """Return the book's first page with exercises below its title."""
    panels = "".join(panel_html(panel_data(exercise)) for exercise in exercises)
    return framed(book, panels, WITHOUT_KERNEL)


def kernel_page(book: Path) -> str:
    """Return a page that shows one widget, whose Python side the test plays."""
    return framed(book, '<div id="widget"></div>', WITH_KERNEL)


def framed(book: Path, inside: str, head: str) -> str:
    frame = (book / "intro.html").read_text(encoding="utf-8")
    # The first page's own box has a status as well; here the panels' is meant.
    frame = re.sub(r'<div class="reading .*?</div>', "", frame, flags=re.DOTALL)
    cell = (
        f'<div class="cell_output"><div class="output text_html">{inside}</div></div>'
    )
    start = '<div id="start" tabindex="-1"></div>'  # where a reader's focus is put
    title = re.search(r'<article class="bd-article">.*?</h1>', frame, re.DOTALL)
    assert title
    body = frame[: title.end()] + start + cell + frame[title.end() :]
    return body.replace("</head>", f"{head}</head>", 1)


def fill(panel: Locator, exercise: Exercise, value: Any) -> None:
    """Give an answer by the panel's own controls."""
    if exercise.kind == "number":
        for field, x in zip(panel.locator("input").all(), value, strict=True):
            field.fill(repr(x))
    elif exercise.kind == "choice":
        panel.get_by_role("radio").nth(value).check()
    elif exercise.kind == "tune":
        for slider in exercise.sliders:
            field = panel.get_by_label(slider.label, exact=True)
            field.fill(str(value[slider.name]))
            field.blur()
    else:
        _arrange(panel, value)


def _arrange(panel: Locator, value: dict[str, list[int]]) -> None:
    """Move lines up to their places, from the first on."""
    for place, line in enumerate(value["order"]):
        row = panel.locator(f"li[data-line='{line}']")
        while row.evaluate("(e) => [...e.parentNode.children].indexOf(e)") > place:
            row.get_by_role("button", name=re.compile("^Up: ")).click()
        if "reasons" in value:
            row.get_by_role("combobox").select_option(str(value["reasons"][place]))


def is_static(exercise: Exercise) -> bool:
    """Whether the exercise works without a kernel."""
    return not isinstance(exercise, Code)
