"""Code can be copied, from a folder and by keyboard; what it printed cannot."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect


@pytest.mark.needs_chromium
def test_code_is_copied_as_it_stands_and_output_is_not(browser, book):
    context = browser.new_context()
    page = context.new_page()
    page.goto((book / "chapters/05_the_backward_pass.html").as_uri())
    code = page.locator(".cell_input div.highlight")
    expect(code.locator("button.copybtn")).to_have_count(code.count())
    assert page.locator(".cell_output button.copybtn").count() == 0
    button = code.first.get_by_role("button", name="Copy")
    button.focus()
    page.keyboard.press("Enter")
    page.evaluate("document.body.prepend(document.createElement('textarea'))")
    page.locator("textarea").first.focus()
    page.keyboard.press("Control+v")
    copied = page.locator("textarea").first.input_value()
    assert copied == code.first.locator("pre").text_content().rstrip("\n")
    context.close()
