"""What a reader's browser receives, in bytes, for a page of the book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from playwright.sync_api import Browser, Request


class Visit(NamedTuple):
    """What came for a page: by address, the bytes of the answers.

    Attributes
    ----------
    shown : Mapping of str to int
        By the time the page stood still.
    read : Mapping of str to int
        By the time it was read to its end, when all its lazy figures had come.
    """

    shown: Mapping[str, int]
    read: Mapping[str, int]


def sizes(requests: Iterable[Request]) -> dict[str, int]:
    """Return the bytes of each answer, its header and its body as they were sent."""
    return {
        request.url: size["responseHeadersSize"] + size["responseBodySize"]
        for request in requests
        if request.url.startswith("http")
        for size in [request.sizes()]
    }


def weigh(browser: Browser, address: str) -> Visit:
    """Load a page with an empty cache, read it to its end, and say what came.

    Parameters
    ----------
    browser : Browser
        A running Chromium.
    address : str
        Where the page is; the server should compress, as the reader's will.

    Returns
    -------
    Visit
    """
    context = browser.new_context()
    page = context.new_page()
    finished: list[Request] = []
    page.on("requestfinished", lambda request: finished.append(request))
    page.goto(address, wait_until="networkidle")
    shown = sizes(finished)
    page.evaluate("for (const image of document.images) image.loading = 'eager'")
    page.wait_for_function("[...document.images].every((image) => image.complete)")
    visit = Visit(shown, sizes(finished))
    context.close()
    return visit


def more(page: Mapping[str, int], kept: Mapping[str, int]) -> int:
    """Return what a page adds for a reader who has kept another page's files."""
    return sum(size for address, size in page.items() if address not in kept)
