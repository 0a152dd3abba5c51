"""The table of contents shows what a reader has read and solved, and where to go on."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from book import toc_pages
from conftest import ROOT
from panel_page import is_static
from playwright.sync_api import Browser, BrowserContext, Page, expect
from serving import NARROW

from course import exercises

expect.set_options(timeout=15_000)

CHAPTER = "chapters/05_the_backward_pass"
ANSWERS, READING = "backprop-book/v1", "backprop-book/reading/v1"
# A chapter read in part, one read to its end, one with exercises alone.
KEPT = {
    ANSWERS: {
        "answers": {
            "ch05.entry": {"value": [1], "score": 2, "max": 2},
            "ch05.paths": {"value": {}, "score": 1, "max": 2},
            "ch06.line": {"value": [1], "score": 9, "max": 2},
            "concept-before.purpose": {"value": 0, "score": 0, "max": 1},
        }
    },
    READING: {
        "pages": {
            CHAPTER: {"seen": ["goals", "recall"], "of": 14},
            "chapters/02_the_forward_pass": {"seen": ["goals"], "of": 1},
        },
        "last": {"page": CHAPTER, "title": "5. T", "place": "recall", "heading": "R"},
    },
}
SHIFT = """() => new Promise((done) => {
    let sum = 0;
    new PerformanceObserver((list) => list.getEntries().forEach(
        (entry) => { sum += entry.value; }))
        .observe({ type: "layout-shift", buffered: true });
    setTimeout(() => done(sum), 500);
})"""


@pytest.fixture
def context(browser: Browser, site: str) -> Iterator[BrowserContext]:
    made = browser.new_context(
        base_url=site, viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
    )
    yield made
    made.close()


@pytest.fixture
def known(context: BrowserContext) -> BrowserContext:
    """Give a browser that remembers a reader."""
    for key, value in KEPT.items():
        text = json.dumps(json.dumps(value))
        context.add_init_script(
            f"localStorage.getItem('known') || localStorage.setItem('{key}', {text})"
        )
    context.add_init_script("localStorage.setItem('known', 'yes')")
    return context


def entry(page: Page, title: str) -> str:
    """Return what the table of contents says of a page, as it is heard."""
    link = page.locator(".bd-sidebar-primary .bd-sidenav a", has_text=title)
    return " ".join(
        link.evaluate(
            """(link) => {
                const heard = link.cloneNode(true);
                heard.querySelectorAll("[aria-hidden=true]").forEach((e) => e.remove());
                return heard.textContent;
            }"""
        ).split()
    )


def static_count(chapter: str) -> int:
    return sum(is_static(e) for e in exercises.all() if e.chapter == chapter)


@pytest.mark.needs_chromium
def test_the_contents_say_what_is_read_and_solved(known):
    page = known.new_page()
    page.goto("appendix/notation.html")
    five, six = static_count("ch05"), static_count("ch06")
    assert entry(page, "5. The backward pass") == (
        f"5. The backward pass (2 of 14 sections read, 1 of {five} exercises done)"
    )
    assert "(read, 0 of " in entry(page, "2. The forward pass")
    assert entry(page, "6. The weight") == (
        f"6. The weight update (1 of {six} exercises done)"
    )
    # Any answer to a concept test counts: it is not told whether it is right.
    assert "(1 of 10 exercises done)" in entry(page, "A concept test, before")
    assert entry(page, "7. The training loop") == "7. The training loop"
    marks = page.locator(".bd-sidenav .progress-mark")
    assert marks.all_inner_texts() == ["1/10", f"0/{static_count('ch02')}\n✓"] + [
        f"1/{five}",
        f"1/{six}",
    ]


@pytest.mark.needs_chromium
def test_every_chapter_knows_the_exercises_that_it_has(context):
    page = context.new_page()
    page.goto("intro.html")
    told = page.evaluate("bookPages")
    notebooks = [name for name in toc_pages() if (ROOT / f"{name}.ipynb").is_file()]
    assert set(told) == set(notebooks)
    ids = [one for solved, noted in told.values() for one in [*solved, *noted]]
    assert sorted(ids) == sorted(e.id for e in exercises.all() if is_static(e))


@pytest.mark.needs_chromium
def test_a_section_counts_as_read_when_its_end_was_looked_at(context):
    page = context.new_page()
    page.goto(f"{CHAPTER}.html")
    page.locator("#goals li").last.scroll_into_view_if_needed()
    expect(page.locator(".bd-sidenav .active .visually-hidden")).to_contain_text(
        "sections read"
    )
    kept = json.loads(page.evaluate(f"localStorage.getItem('{READING}')"))
    assert "goals" in kept["pages"][CHAPTER]["seen"]
    assert "recall" not in kept["pages"][CHAPTER]["seen"]


@pytest.mark.needs_chromium
def test_a_page_read_to_the_end_has_a_tick_that_stays(context):
    page = context.new_page()
    page.goto("chapters/errata.html")
    for section in page.locator("article > section > section").all():
        section.evaluate("(e) => e.scrollIntoView({ block: 'end' })")
        page.wait_for_timeout(1300)
    tick = page.locator(".bd-sidenav .active .progress-read")
    expect(tick).to_have_text("✓")
    page.goto("intro.html")
    assert entry(page, "Errata of the literature").endswith("(read)")


@pytest.mark.needs_chromium
def test_an_exercise_solved_on_the_page_shows_at_once(context):
    page = context.new_page()
    page.goto("chapters/concept_test_before.html")
    panel = page.locator("bp-exercise").first
    panel.get_by_role("radio").first.check()
    panel.get_by_role("button", name="Check").click()
    said = page.locator(".bd-sidenav .active .visually-hidden")
    expect(said).to_contain_text("1 of 10 exercises done")


@pytest.mark.needs_chromium
def test_the_first_page_leads_back_to_where_one_left_off(context):
    page = context.new_page()
    page.goto("intro.html")
    expect(page.locator(".reading-continue")).to_have_text("You have not begun yet.")
    page.goto(f"{CHAPTER}.html")
    page.locator("#shapes-prove-nothing h2").evaluate("(e) => e.scrollIntoView()")
    page.goto("intro.html")
    link = page.locator(".reading-continue a")
    expect(link).to_have_text("5. The backward pass: Shapes prove nothing")
    link.click()
    page.wait_for_url(f"**/{CHAPTER}.html#shapes-prove-nothing")


@pytest.mark.needs_chromium
@pytest.mark.parametrize("sure", [True, False])
def test_progress_can_be_cleared_but_not_by_accident(known, sure):
    page = known.new_page()
    asked = []
    page.on(
        "dialog",
        lambda box: (
            asked.append(box.message),
            box.accept() if sure else box.dismiss(),
        ),
    )
    page.goto("intro.html")
    page.get_by_role("button", name="Clear my progress").focus()
    page.keyboard.press("Enter")
    assert "your answers" in asked[0]
    kept = page.evaluate(f"localStorage.getItem('{ANSWERS}')")
    assert (kept is None) == sure
    expect(page.locator(".bd-sidenav .progress-mark")).to_have_count(0 if sure else 4)
    if sure:
        expect(page.locator(".reading [role=status]")).to_contain_text("cleared")


@pytest.mark.needs_chromium
@pytest.mark.parametrize("width", [1280, NARROW])
@pytest.mark.parametrize("name", ["intro", CHAPTER])
def test_marks_move_nothing(known, name, width):
    page = known.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{name}.html", wait_until="load")
    assert page.locator(".progress-mark").count() >= 4
    with_marks = page.locator(".bd-sidebar-primary .bd-sidenav").last.bounding_box()
    assert page.evaluate(SHIFT) < 0.01
    page.evaluate("localStorage.clear()")
    page.reload(wait_until="load")
    page.evaluate(
        "document.querySelectorAll('.progress-mark').forEach(e => e.remove())"
    )
    assert (
        page.locator(".bd-sidebar-primary .bd-sidenav").last.bounding_box()
        == with_marks
    )


@pytest.mark.needs_chromium
def test_without_storage_a_page_works_and_remembers_nothing(context):
    # As in a browser that blocks it: the name itself raises.
    context.add_init_script(
        """Object.defineProperty(window, "localStorage",
            { get() { throw new DOMException("blocked", "SecurityError"); } });"""
    )
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error.stack)))
    page.goto("chapters/errata.html")
    page.wait_for_timeout(1500)  # until a section counts as read
    page.goto("intro.html")
    expect(page.locator(".reading-continue")).to_have_text("You have not begun yet.")
    assert page.locator(".bd-sidenav .has-progress").count() > 0
    assert not [fault for fault in faults if "progress.js" in fault]


@pytest.mark.needs_chromium
def test_from_a_folder_progress_is_kept_as_well(browser, book):
    context = browser.new_context()
    page = context.new_page()
    page.goto((book / f"{CHAPTER}.html").as_uri())
    page.goto((book / "intro.html").as_uri())
    expect(page.locator(".reading-continue a")).to_contain_text("5. The backward pass")
    context.close()
