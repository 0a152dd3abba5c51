"""Exercises as a reader works them in a browser, without a kernel and with one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from book import toc_pages
from conftest import ROOT
from panel_page import SCRIPTS, fill, is_static, kernel_page, page_of
from playwright.sync_api import Browser, Page, expect
from sample_exercises import CHOICE, CODE, NUMBER, ORDER, PLAIN_ORDER, SAMPLES, TUNE
from serving import NARROW, accessibility_faults, serving

from course import exercises
from course.ledger import read_notebook
from course.panel import Panel
from course.panel.data import panel_data
from course.panel.html import INDEX, panel_html
from course.personal import mistakes_for, right_for

pytestmark = pytest.mark.needs_chromium
EVERY = [*SAMPLES, *exercises.all()]
STATIC_ONES = [exercise for exercise in EVERY if is_static(exercise)]
NOTED = [exercise for exercise in STATIC_ONES if getattr(exercise, "noted", "")]
JUDGED = [exercise for exercise in STATIC_ONES if exercise not in NOTED]
KINDS = [NUMBER, CHOICE, ORDER, TUNE]
CHAPTERS = [name for name in toc_pages() if name.startswith("chapters/")]


@pytest.fixture(scope="module")
def site(book: Path) -> Iterator[str]:
    made = {
        "/all.html": page_of(book, EVERY),
        "/kernel.html": kernel_page(book),
        **{f"/{ex.id}.html": page_of(book, [ex]) for ex in EVERY},
        **{f"/{name}": text for name, text in SCRIPTS.items()},
    }

    with serving(book, made) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, site: str):
    """Open a page; at the end, hold it to having raised nothing."""
    contexts, noise = [], []

    def opened(name: str, before=None, faults=(), **options: object) -> Page:
        context = browser.new_context(**options)
        context.set_default_timeout(5000)
        contexts.append(context)
        page = context.new_page()

        def hear(text: str) -> None:
            if not any(fault in text for fault in faults):
                noise.append(text)

        page.on("pageerror", lambda error: hear(str(error)))
        page.on(
            "console",
            lambda said: said.type in ("error", "warning") and hear(said.text),
        )
        if before:
            before(page)
        page.goto(name if "://" in name else f"{site}{name}.html")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not noise, noise


def status(panel):
    return panel.get_by_role("status").last


def check(panel) -> None:
    panel.get_by_role("button", name="Check").click()


@pytest.mark.parametrize("exercise", JUDGED, ids=lambda ex: ex.id)
def test_each_mistake_gets_its_hint_and_the_right_answer_success(visit, exercise):
    panel = visit(exercise.id).locator("bp-exercise")
    for mistake, answer in mistakes_for(exercise):
        fill(panel, exercise, answer)
        check(panel)
        expect(status(panel)).to_contain_text("Hint: ")
        assert plain(mistake.hint) in status(panel).inner_text()
        assert panel.locator(".bp-done").inner_text() != "Solved"
    fill(panel, exercise, right_for(exercise))
    check(panel)
    expect(status(panel)).to_contain_text(f"Right: {exercise.points} of")
    assert "Hint" not in status(panel).inner_text()
    expect(panel.locator(".bp-done")).to_have_text("Solved")


@pytest.mark.parametrize("exercise", NOTED, ids=lambda ex: ex.id)
def test_where_an_answer_is_only_noted_nothing_tells_right_from_wrong(visit, exercise):
    page = visit(exercise.id)
    panel = page.locator("bp-exercise")
    wrong = [answer for _, answer in mistakes_for(exercise)]
    for answer in [*wrong, right_for(exercise)]:
        fill(panel, exercise, answer)
        check(panel)
        expect(status(panel)).to_have_text(exercise.noted)
        expect(panel.locator(".bp-done")).to_have_text("Answered")
    page.reload()
    expect(panel.locator(".bp-done")).to_have_text("Answered")


def plain(text: str) -> str:
    """Return what a hint looks like: no backticks, indices without their sign."""
    return INDEX.sub(r"\1", text.replace("`", ""))


@pytest.mark.parametrize("exercise", KINDS, ids=lambda ex: ex.kind)
def test_progress_and_the_answer_survive_a_reload(visit, exercise):
    page = visit(exercise.id)
    panel = page.locator("bp-exercise")
    fill(panel, exercise, right_for(exercise))
    check(panel)
    page.reload()
    expect(panel.locator(".bp-done")).to_have_text("Solved")
    check(panel)
    expect(status(panel)).to_contain_text("Right:")
    fill(panel, exercise, mistakes_for(exercise)[0][1])
    check(panel)
    page.reload()
    expect(panel.locator(".bp-done")).to_have_text("Solved")


def test_a_browser_that_forbids_storage_still_checks(visit):
    page = visit(CHOICE.id)
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error() } }")
    panel = page.locator("bp-exercise")
    fill(panel, CHOICE, right_for(CHOICE))
    check(panel)
    expect(status(panel)).to_contain_text("Right:")


def test_another_one_has_fresh_numbers_and_counts_for_nothing(visit):
    page = visit(NUMBER.id)
    panel = page.locator("bp-exercise")
    expect(panel.get_by_role("button", name="Another one")).to_be_hidden()
    before = panel.locator("dl").inner_text()
    fill(panel, NUMBER, right_for(NUMBER))
    check(panel)
    kept = page.evaluate("localStorage['backprop-book/v1']")
    panel.get_by_role("button", name="Another one").click()
    assert panel.locator("dl").inner_text() != before
    assert panel.locator("input").first.evaluate("(e) => e === document.activeElement")
    fill(panel, NUMBER, right_for(NUMBER, take=1))
    check(panel)
    expect(status(panel)).to_contain_text("Right:")
    assert page.evaluate("localStorage['backprop-book/v1']") == kept


@pytest.mark.parametrize(
    ("typed", "said"), [("", "Fill in dx."), ("0,5", "“0,5” is not a number")]
)
def test_what_cannot_be_checked_says_what_to_do_and_where(visit, typed, said):
    page = visit(NUMBER.id)
    panel = page.locator("bp-exercise")
    first = panel.get_by_label("dx")
    first.fill(typed)
    check(panel)
    expect(status(panel)).to_contain_text(said)
    expect(first).to_be_focused()
    assert first.get_attribute("aria-invalid") is not None
    assert page.evaluate("localStorage['backprop-book/v1']") is None


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("−.5", -0.5),
        ("1e-3", 1e-3),
        ("3/4", 0.75),
        (" 2 ", 2),
        ("1/0", None),
        ("x", None),
    ],
)
def test_numbers_are_read_as_people_write_them(visit, typed, value):
    page = visit(NUMBER.id)
    script = "(async () => (await import('./widget.js')))()"
    assert page.evaluate(script) is not None
    panel = page.locator("bp-exercise")
    for field in panel.locator("input").all():
        field.fill(typed)
    check(panel)
    if value is None:
        expect(status(panel)).to_contain_text("not a number")
    else:
        kept = json.loads(page.evaluate("localStorage['backprop-book/v1']"))
        assert kept["answers"][NUMBER.id]["value"] == [value] * 3


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def focus_before(page: Page) -> None:
    """Put the focus where the next Tab leads into the panel."""
    page.locator("#start").focus()


def test_a_number_is_answered_by_keyboard_alone(visit):
    page = visit(NUMBER.id)
    focus_before(page)
    for x in right_for(NUMBER):
        press(page, "Tab")
        page.keyboard.type(repr(x))
    press(page, "Enter")
    panel = page.locator("bp-exercise")
    expect(status(panel)).to_contain_text("Right:")
    expect(panel.locator("input").last).to_be_focused()


def test_a_choice_is_answered_by_keyboard_alone(visit):
    page = visit(CHOICE.id)
    focus_before(page)
    press(page, "Tab", "Space", *["ArrowDown"] * right_for(CHOICE), "Tab", "Enter")
    panel = page.locator("bp-exercise")
    expect(status(panel)).to_contain_text("Right:")
    expect(panel.get_by_role("button", name="Check")).to_be_focused()


def test_lines_are_moved_by_keyboard_and_keep_the_focus(visit):
    page = visit(PLAIN_ORDER.id)
    panel = page.locator("bp-exercise")
    wanted = right_for(PLAIN_ORDER)["order"]
    first = panel.get_by_role("button", name=re.compile("^Up: ")).first
    first.press("Space")
    expect(status(panel)).to_contain_text("is already first")
    expect(first).to_be_focused()
    for place, line in enumerate(wanted):
        row = panel.locator(f"li[data-line='{line}']")
        up = row.get_by_role("button", name=re.compile("^Up: "))
        up.focus()
        while row.evaluate("(e) => [...e.parentNode.children].indexOf(e)") > place:
            press(page, "Enter")
            expect(up).to_be_focused()
            expect(status(panel)).to_contain_text("is now line")
    press(page, *["Tab"] * 2, "Enter")  # Down of the last line, then Check
    expect(status(panel)).to_contain_text("Right:")


def test_sliders_are_tuned_by_keyboard_and_told_in_words(visit):
    page = visit(TUNE.id)
    panel = page.locator("bp-exercise")
    readings = panel.locator("output")
    at_start = readings.inner_text()
    assert at_start.startswith("loss: ")
    w, b = (right_for(TUNE)[name] for name in ("w", "b"))
    focus_before(page)
    press(page, "Tab", *["ArrowRight"] * round(w / 0.1))
    assert readings.inner_text() == "loss: 0"
    expect(panel.get_by_label("weight w", exact=True)).to_have_value(str(w))
    press(page, "Tab", "Tab", *["ArrowRight"] * round(b / 0.5), "Tab", "Tab", "Enter")
    expect(status(panel)).to_contain_text("Right:")


def test_enter_takes_the_number_that_is_typed(visit):
    panel = visit(TUNE.id).locator("bp-exercise")
    for slider in TUNE.sliders:
        field = panel.get_by_label(slider.label, exact=True)
        field.fill(str(right_for(TUNE)[slider.name]))
        field.press("Enter")
    expect(status(panel)).to_contain_text("Right:")
    expect(field).to_be_focused()


def test_no_key_pressed_in_a_panel_is_a_shortcut_of_the_notebook(visit):
    """In JupyterLab, d twice on a button would delete the cell."""
    page = visit("all")
    controls = "bp-exercise form :is(button, input, select, summary, a, [tabindex])"
    assert page.locator(controls).count() > 30
    assert page.locator(f"{controls}:not([data-lm-suppress-shortcuts])").count() == 0


def test_the_picture_moves_with_the_slider(visit):
    panel = visit(TUNE.id).locator("bp-exercise")
    dot = panel.locator("svg.bp-figure circle")
    before = dot.get_attribute("cx")
    panel.get_by_label("weight w, slider").fill("25")
    assert float(dot.get_attribute("cx")) > float(before)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_panels_are_accessible(visit, theme):
    page = visit("all", color_scheme=theme)
    for exercise in (NUMBER, CHOICE):  # with a right and a wrong result in sight
        panel = page.locator(f"bp-exercise[data-id='{exercise.id}']")
        wrong = exercise is CHOICE
        right = right_for(exercise)
        fill(panel, exercise, mistakes_for(exercise)[0][1] if wrong else right)
        check(panel)
    assert accessibility_faults(page, "bp-exercise") == []


def test_panels_fit_a_phone(visit):
    page = visit("all", viewport={"width": NARROW, "height": 740})
    page.evaluate(
        "document.querySelectorAll('details').forEach(e => { e.open = true })"
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
    wide = page.evaluate(
        """(narrow) => [...document.querySelectorAll("bp-exercise *:not(svg *)")]
            .filter((e) => e.getBoundingClientRect().right > narrow)
            .map((e) => e.outerHTML.slice(0, 120))""",
        NARROW,
    )
    assert not wide, wide


def test_without_scripts_a_panel_says_what_is_asked_and_where_to_answer(visit):
    page = visit("all", java_script_enabled=False)
    panel = page.locator(f"bp-exercise[data-id='{CHOICE.id}']")
    for words in ("Which ratio?", "w : x", "allow scripts"):
        assert panel.get_by_text(words).first.is_visible()
    panel.get_by_text("Hint", exact=True).click()
    assert panel.get_by_text("It is a ratio.").is_visible()


def test_code_without_a_kernel_says_where_it_runs(visit):
    panel = visit(CODE.id).locator("bp-exercise")
    assert panel.get_by_text("Code runs in a notebook").is_visible()
    assert panel.get_by_role("button").count() == 0


def test_a_book_opened_from_the_disk_checks_too(visit, book, tmp_path):
    (tmp_path / "page.js").write_text(SCRIPTS["page.js"], encoding="utf-8")
    html = f"<!doctype html><title>x</title>{bare(CHOICE)}"
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    panel = visit((tmp_path / "page.html").as_uri()).locator("bp-exercise")
    fill(panel, CHOICE, right_for(CHOICE))
    check(panel)
    expect(status(panel)).to_contain_text("Right:")


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_each_exercise_of_a_chapter_is_alive_on_its_page(visit, chapter):
    cells = read_notebook(ROOT / f"{chapter}.ipynb").cells
    asked = {c.metadata.exercise for c in cells if "exercise" in c.metadata}
    page = visit(chapter)
    panels = page.locator("bp-exercise")
    shown = [panel.get_attribute("data-id") for panel in panels.all()]
    here = [ex for ex in exercises.all() if ex.id in asked]
    assert sorted(shown) == sorted(ex.id for ex in here)
    for exercise in filter(is_static, here):
        panel = page.locator(f"bp-exercise[data-id='{exercise.id}']")
        fill(panel, exercise, right_for(exercise))
        check(panel)
        said = getattr(exercise, "noted", "") or "Right:"
        expect(status(panel)).to_contain_text(said)


def bare(exercise) -> str:
    script = '<meta charset="utf-8"><script defer src="page.js"></script>'
    return script + panel_html(panel_data(exercise))


def in_kernel(panel: Panel, more=None):
    """Return what lets a page talk to a Python panel, as a kernel's comm does."""

    def answering(answer):
        panel.answer = answer
        result = panel.result | (more or {})
        return {"saved": panel.saved, "result": json.loads(json.dumps(result))}

    def before(page: Page) -> None:
        page.expose_function(
            "opening", lambda: {"data": panel.data, "saved": panel.saved}
        )
        page.expose_function("answering", answering)

    return before


def test_with_a_kernel_python_checks_and_its_words_are_shown(visit, tmp_path):
    path = tmp_path / "submission.json"
    wrong = CODE.mistakes[0]
    page = visit("kernel", before=in_kernel(Panel(CODE, wrong.answer, path)))
    check(page)
    expect(status(page)).to_contain_text("Not yet: 0 of 2 points.")
    expect(status(page)).to_contain_text(f"Hint: {wrong.hint}")
    page = visit("kernel", before=in_kernel(Panel(CODE, CODE.solution, path)))
    expect(page.locator(".bp-done")).to_have_text("Best so far: 0 of 2")
    check(page)
    expect(status(page)).to_contain_text("Right: 2 of 2 points.")
    expect(page.locator(".bp-done")).to_have_text("Solved")


def test_the_picture_of_who_passes_is_shown_with_its_words(visit, tmp_path):
    dot = (
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgAB"
        "SK+kcQAAAABJRU5ErkJggg=="
    )
    words = "The loss falls, by your own function."
    picture = {"png": dot, "alt": words, "width": 640}
    panel = Panel(CODE, CODE.solution, tmp_path / "s.json")
    page = visit("kernel", before=in_kernel(panel, {"picture": picture}))
    check(page)
    expect(page.get_by_role("img", name=words)).to_be_visible()


@pytest.mark.parametrize("exercise", KINDS, ids=lambda ex: ex.kind)
def test_with_a_kernel_every_kind_sends_what_python_reads(visit, exercise, tmp_path):
    path = tmp_path / "submission.json"
    page = visit("kernel", before=in_kernel(Panel(exercise, path=path)))
    fill(page.locator("#widget"), exercise, right_for(exercise))
    check(page)
    expect(status(page)).to_contain_text("Right:")
    assert Panel(exercise, path=path).saved["value"] == right_for(exercise)


def test_a_fault_of_ours_is_called_one(visit, tmp_path, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("a bug of ours")

    monkeypatch.setattr("course.panel.widget.check", broken)
    kernel = in_kernel(Panel(CODE, CODE.stub, tmp_path / "s.json"))
    page = visit("kernel", before=kernel, faults=["a bug of ours"])
    check(page)
    expect(status(page)).to_contain_text("which is our fault: RuntimeError: a bug")
