"""The search: what a reader types is found, from a server and from a folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from serving import NARROW, accessibility_faults

expect.set_options(timeout=20_000)  # a busy machine takes seconds for the index

# What a reader types, and a place that must be among the first three.
WANTED = [
    ("softmax", "appendix/glossary.html#term-softmax"),
    ("softmax", "chapters/03_measuring_error.html#here-softmax"),
    ("learning rate", "appendix/glossary.html#term-step-size"),
    ("check_gradients", "appendix/api.html#backprop.check_gradients"),
    ("Dense.backward", "appendix/api.html#backprop.Dense.backward"),
    ("train_step", "appendix/api.html#backprop.train_step"),
    ("eq. 5.3", "chapters/05_the_backward_pass.html#equation-eq-dense-db"),
    ("5.3", "chapters/05_the_backward_pass.html#equation-eq-dense-db"),
    ("eq-dense-db", "chapters/05_the_backward_pass.html#equation-eq-dense-db"),
    ("softmax shift", "chapters/03_measuring_error.html#equation-eq-softmax-shift"),
    ("chain rule", "chapters/04_the_chain_rule_on_a_graph.html"),
    ("dead ReLU", "appendix/glossary.html#term-dead"),
    ("∂L/∂w", "appendix/notation.html"),
    ("dL/dw", "chapters/01_learning_from_error.html#wiggle-one-weight"),
    ("∂L/∂a", "chapters/01_learning_from_error.html#equation-eq-loss-slope"),
    ("cross entropy", "appendix/glossary.html#term-cross-entropy"),
    ("cross-entropy", "appendix/glossary.html#term-cross-entropy"),
    ("MSE", "appendix/glossary.html#term-mean-squared-error"),
    ("gradients", "appendix/glossary.html#term-gradient"),
    ("momentun", "appendix/glossary.html#term-momentum"),
    ("exercise 5.3", "chapters/05_the_backward_pass.html#ex-ch05-cancel"),
    ("fig 2.1", "chapters/02_the_forward_pass.html#figure-1"),
]


@pytest.fixture(scope="module")
def from_folder(browser: Browser, book: Path) -> Iterator[Page]:
    """Give the search's page as a reader opens it from a folder."""
    context = browser.new_context()
    page = context.new_page()
    page.goto((book / "search.html").as_uri())
    yield page
    context.close()


@pytest.fixture
def context(browser: Browser, site: str) -> Iterator[BrowserContext]:
    made = browser.new_context(base_url=site)
    yield made
    made.close()


@pytest.fixture
def opened(context: BrowserContext) -> Page:
    """Give a chapter with the dialog of the search open."""
    page = context.new_page()
    page.goto("chapters/05_the_backward_pass.html", wait_until="networkidle")
    page.keyboard.press("Control+k")
    return page


@pytest.mark.needs_chromium
@pytest.mark.parametrize(("query", "place"), WANTED)
def test_what_a_reader_types_is_found_from_a_folder(from_folder, query, place):
    from_folder.get_by_role("searchbox").last.fill(query)
    said = from_folder.locator("article [role=status]")
    expect(said).to_contain_text(f"“{query}”")
    links = from_folder.locator("article li > a").all()[:3]
    places = [link.get_attribute("href").removeprefix("./") for link in links]
    assert place in places


@pytest.mark.needs_chromium
def test_an_equation_is_shown_and_named(from_folder):
    from_folder.get_by_role("searchbox").last.fill("equation 5.3")
    row = from_folder.locator("article li", has_text="Equation 5.3").first
    expect(row.locator("math")).to_be_visible()
    assert "5. The backward pass" in row.inner_text()


@pytest.mark.needs_chromium
def test_the_keyboard_alone_leads_to_a_result(opened):
    opened.keyboard.type("cross-entropy")
    expect(opened.locator("dialog [role=status]")).to_contain_text("“cross-entropy”")
    opened.keyboard.press("ArrowDown")
    first = opened.locator("dialog li > a").first
    expect(first).to_be_focused()
    opened.keyboard.press("ArrowUp")
    expect(opened.locator("dialog input")).to_be_focused()
    opened.keyboard.press("Tab")
    expect(first).to_be_focused()
    opened.keyboard.press("Enter")
    opened.wait_for_url("**/glossary.html#term-cross-entropy")


@pytest.mark.needs_chromium
def test_enter_leads_to_all_results(opened):
    opened.keyboard.type("loss")
    expect(opened.locator("dialog li")).to_have_count(8)
    assert "results (Enter)" in opened.locator("dialog .search-all").inner_text()
    opened.keyboard.press("Enter")
    opened.wait_for_url("**/search.html?q=loss")
    expect(opened.locator("article li")).to_have_count(50)
    assert opened.get_by_role("searchbox").last.input_value() == "loss"


@pytest.mark.needs_chromium
def test_what_is_not_there_is_said(opened):
    opened.keyboard.type("zzzz")
    said = opened.locator("dialog [role=status]")
    expect(said).to_have_text("No results for “zzzz”")
    assert opened.locator("dialog li").count() == 0


@pytest.mark.needs_chromium
def test_nothing_of_the_search_is_loaded_before_a_reader_searches(context):
    page, sent = context.new_page(), []
    page.on("request", lambda request: sent.append(request.url.split("/")[-1]))
    page.goto("chapters/05_the_backward_pass.html", wait_until="networkidle")
    heavy = {"searchdata.js", "minisearch.js", "searchrank.js"}
    assert not heavy & set(sent)
    assert not any("searchindex" in name for name in sent)
    page.keyboard.press("Control+k")
    page.keyboard.type("loss")
    page.locator("dialog li").first.wait_for()
    assert heavy <= set(sent)


@pytest.mark.needs_chromium
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_results_are_accessible_and_fit_a_phone(browser, site, theme):
    context = browser.new_context(
        color_scheme=theme, viewport={"width": NARROW, "height": 740}
    )
    page = context.new_page()
    page.goto(f"{site}search.html?q=softmax", wait_until="networkidle")
    page.locator("article li").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
    assert not accessibility_faults(page, "article")
    context.close()


@pytest.mark.needs_chromium
def test_without_scripts_the_search_says_where_else_to_look(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}search.html")
    page.locator("article").get_by_role("link", name="glossary").click()
    page.wait_for_url("**/appendix/glossary.html")
    context.close()


@pytest.fixture(scope="module")
def entries(book: Path) -> list[list[str]]:
    text = (book / "_static" / "searchdata.js").read_text("utf-8")
    return json.loads(text.removeprefix("window.bookEntries = ").rstrip(";\n"))


def test_every_entry_leads_to_a_place_that_is_there(book, entries):
    ids: dict[str, str] = {}
    for _, title, place, *_ in entries:
        name, _, anchor = place.partition("#")
        text = ids.setdefault(name, (book / name).read_text("utf-8"))
        assert not anchor or f'id="{anchor}"' in text, (title, place)


def test_every_kind_of_thing_is_among_the_entries(entries):
    kinds = {kind for kind, *_ in entries}
    assert kinds == {
        *("Page", "Section", "Term", "Introduction", "Equation", "Figure"),
        *("Exercise", "Class", "Method", "Function", "Name"),
    }


def test_no_solution_is_among_what_the_search_shows(entries):
    told = [title for _, title, *rest in entries if "course.check(" in " ".join(rest)]
    assert not told
