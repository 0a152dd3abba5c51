"""What several test files share: the built book, and a browser to read it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import FLAGS, INSTALL_CHROMIUM, chromium_path

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a browser test where there is no browser; in CI, fail it."""
    if item.get_closest_marker("needs_chromium") and chromium_path() is None:
        reason = f"no Chromium on this machine; install it: {INSTALL_CHROMIUM}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)


@pytest.fixture(scope="session")
def book() -> Path:
    """Return the folder of the built book."""
    folder = ROOT / "_build" / "html"
    if not (folder / "intro.html").is_file():
        pytest.fail("the book is not built; run `make book`", pytrace=False)
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the machine's Chromium, for one file of tests."""
    # Imported here: most test files need no browser.
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=chromium_path(), args=FLAGS
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def site(book: Path) -> Iterator[str]:
    """Serve the built book."""
    from serving import serving

    with serving(book, {}) as address:
        yield address


@pytest.fixture
def plain(browser: Browser, site: str) -> Iterator[Page]:
    """Give a page without scripts, at the site's root."""
    context = browser.new_context(java_script_enabled=False, base_url=site)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def explorer_site(book: Path) -> Iterator[str]:
    """Serve a page for each explorer, without and with a kernel."""
    from explorer_page import pages
    from serving import serving

    with serving(book, pages(book)) as address:
        yield address


@pytest.fixture
def try_out(browser: Browser, explorer_site: str) -> Iterator[Callable[..., Page]]:
    """Open an explorer's page by name; at the end, hold it to having been quiet."""
    from explorer_page import visiting

    with visiting(browser, explorer_site) as opened:
        yield opened
