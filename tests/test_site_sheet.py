"""The one style sheet: no rule was left out of it that some page needs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from book import toc_pages
from booksheets import LIST, SHEET, read_sheet
from conftest import ROOT
from playwright.sync_api import Browser, Page
from serving import serving

KEPT = ROOT / "_build" / ".doctrees" / "sheets"
# Every selector of a sheet, one for each comma, those inside @media too.
SELECTORS = """(text) => {
    const found = new Set();
    const split = (list) => {
        let depth = 0, one = "";
        for (const letter of list + ",") {
            depth += (letter === "(") - (letter === ")");
            if (letter !== "," || depth) { one += letter; continue; }
            found.add(one.trim());
            one = "";
        }
    };
    const walk = (rules) => [...rules].forEach((rule) => {
        if (rule.selectorText) split(rule.selectorText);
        else if (rule.cssRules && rule.type !== CSSRule.KEYFRAMES_RULE) {
            walk(rule.cssRules);
        }
    });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    walk(sheet.cssRules);
    return [...found];
}"""
# Of some selectors, those that have an element here, or would while it is pointed
# at, focused, and so on: what says so, and what a :not leaves out, is let pass.
MATCHING = r"""(selectors) => selectors.filter((selector) => {
    const loose = selector
        .replace(/:not\((?:[^()]|\([^()]*\))*\)/g, ":is(*)")
        .replace(
            /::?(?!root|host|is\(|where|has|nth|first-c|last-c|only|empty)[-a-z]+(\([^()]*\))?/g,
            ":is(*)",
        );
    return document.querySelector(loose) !== null;
})"""


@pytest.fixture(scope="module")
def page(browser: Browser, book: Path) -> Iterator[tuple[Page, str]]:
    with serving(book, {}) as address:
        yield browser.new_page(), address


@pytest.fixture(scope="module")
def left_out(page: tuple[Page, str], book: Path) -> list[str]:
    """Return the selectors that were dropped."""
    tab, _ = page
    names = json.loads((KEPT / LIST).read_text("utf-8"))
    whole = [tab.evaluate(SELECTORS, read_sheet(KEPT, name)) for name in names]
    kept = tab.evaluate(SELECTORS, (book / "_static" / SHEET).read_text("utf-8"))
    return sorted({selector for sheet in whole for selector in sheet} - set(kept))


@pytest.mark.needs_chromium
@pytest.mark.parametrize("name", [*toc_pages(), "search"])
def test_a_rule_that_was_left_out_has_nothing_to_style(page, left_out, name):
    tab, address = page
    assert len(left_out) > 1000  # else nothing was tried
    tab.goto(f"{address}{name}.html", wait_until="networkidle")
    needed = tab.evaluate(MATCHING, left_out)
    assert not needed, needed
