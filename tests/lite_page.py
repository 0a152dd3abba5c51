"""A notebook in the site's JupyterLite, and hands to run it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

# Python is fetched, compiled and started within the browser.
BOOT, RUN = 90_000, 180_000
NOTEBOOK = "window.jupyterapp?.shell.currentWidget"
STATUS = f"{NOTEBOOK}?.sessionContext?.session?.kernel?.status"
CELLS = f"""{NOTEBOOK}.content.model.sharedModel.cells
    .map((cell) => cell.toJSON()).filter((cell) => cell.cell_type === "code")"""


@contextmanager
def quiet_context(browser: Browser, site: str) -> Iterator[BrowserContext]:
    """Give a context; at the end, hold it to having stayed on this machine."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    noise: list[str] = []

    def asked(url: str) -> None:
        if not url.startswith((site, "data:", "blob:")):
            noise.append(f"request to another host: {url}")

    context.on("request", lambda sent: asked(sent.url))
    context.on("weberror", lambda error: noise.append(f"script error: {error.error}"))
    yield context
    context.close()
    assert not noise, noise


def open_notebook(context: BrowserContext, site: str, name: str) -> tuple[Page, float]:
    """Open a notebook; return its page, and after how many seconds Python was up."""
    start = time.monotonic()
    page = context.new_page()
    page.goto(f"{site}lite/notebooks/index.html?path={name}.ipynb")
    wait_until_idle(page)
    return page, time.monotonic() - start


def wait_until_idle(page: Page) -> None:
    page.wait_for_function(f"{STATUS} === 'idle'", timeout=BOOT)


def run_all(page: Page) -> tuple[list[dict[str, Any]], float]:
    """Run all cells of a notebook; return those with code, and the seconds it took."""
    start = time.monotonic()
    page.evaluate(
        f"""{NOTEBOOK}.content.model.sharedModel.cells.forEach((cell) => {{
            if (cell.cell_type === "code") {{
                cell.execution_count = null;
                cell.setOutputs([]);
            }}
        }})"""
    )
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function(
        f"{CELLS}.every((cell) => cell.execution_count !== null)", timeout=RUN
    )
    wait_until_idle(page)
    return page.evaluate(CELLS), time.monotonic() - start


def faults(cells: list[dict[str, Any]]) -> list[str]:
    """Return what cells wrote that no reader should see."""
    outputs = [out for cell in cells for out in cell["outputs"]]
    return [
        "".join(out.get("traceback") or out["text"])
        for out in outputs
        if out["output_type"] == "error" or out.get("name") == "stderr"
    ]


def printed(cell: dict[str, Any]) -> str:
    """Return what a cell wrote to its standard output."""
    texts = (out["text"] for out in cell["outputs"] if out.get("name") == "stdout")
    return "".join("".join(text) for text in texts)
