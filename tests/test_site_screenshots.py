"""Pictures of every page for people to look at, kept by CI and not committed.

They are written to _build/screenshots, with an index.html that shows each page's
four looks side by side. A page of 60,000 pixels is taken in parts at half size.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import product
from pathlib import Path

import pytest
from book import toc_pages
from conftest import ROOT
from playwright.sync_api import Browser, Page
from serving import NARROW, serving

pytestmark = pytest.mark.needs_chromium

PAGES = [*toc_pages(), "search"]
LOOKS = list(product(["light", "dark"], [1280, NARROW]))
FOLDER = ROOT / "_build" / "screenshots"
PART = 16_000  # CSS pixels: at half size, half of what Chromium can draw at once
# An image far below is loaded when it is scrolled to; a picture scrolls nothing.
LOAD_ALL = """Promise.all([...document.images].map((image) => {
  image.loading = "eager";
  return image.decode();
}))"""
STYLE = """body { font: 16px system-ui, sans-serif; margin: 1rem; }
div { display: flex; gap: 1rem; align-items: flex-start; }
img { display: block; border: 1px solid #888; max-width: 40vw; }"""


def file_name(name: str, theme: str, width: int, part: int) -> str:
    return f"{name.replace('/', '-')}-{theme}-{width}-{part}.jpeg"


def take(page: Page, name: str, theme: str, width: int) -> int:
    """Write a page's pictures from top to bottom, and count them."""
    page.evaluate(LOAD_ALL)
    height = page.evaluate("document.documentElement.scrollHeight")
    tops = range(0, height, PART)
    for part, top in enumerate(tops):
        size = {"x": 0, "y": top, "width": width, "height": min(PART, height - top)}
        path = FOLDER / file_name(name, theme, width, part)
        page.screenshot(path=path, full_page=True, clip=size, type="jpeg", quality=60)
    return len(tops)


@pytest.fixture(scope="module")
def taken() -> Iterator[dict[str, list[str]]]:
    """Collect the files by page; at the end, show them on one sheet."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.jpeg"):
        old.unlink()
    files: dict[str, list[str]] = {name: [] for name in PAGES}
    yield files
    rows = []
    for name, found in files.items():
        images = "".join(
            f'<img loading="lazy" src="{file}" alt="{escape(file)}">' for file in found
        )
        rows.append(f"<h2>{escape(name)}</h2><div>{images}</div>")
    head = f"<!doctype html><meta charset='utf-8'><title>Pages</title><style>{STYLE}"
    (FOLDER / "index.html").write_text(f"{head}</style>{''.join(rows)}", "utf-8")


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_every_page_has_its_picture(browser: Browser, book: Path, taken, theme, width):
    context = browser.new_context(
        color_scheme=theme,
        viewport={"width": width, "height": 900},
        device_scale_factor=0.5,
        reduced_motion="reduce",
    )
    with serving(book, {}) as site:
        for name in PAGES:
            page = context.new_page()
            page.goto(f"{site}{name}.html")
            count = take(page, name, theme, width)
            taken[name] += [file_name(name, theme, width, k) for k in range(count)]
            page.close()
    context.close()
    for files in taken.values():
        # A page that is blank is a few hundred bytes; the smallest has thousands.
        assert all((FOLDER / file).stat().st_size > 3000 for file in files)
