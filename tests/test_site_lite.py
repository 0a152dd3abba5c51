"""The site's JupyterLite: chapters run, exercises pass, work stays; no other host."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lite_page import (
    NOTEBOOK,
    faults,
    open_notebook,
    printed,
    quiet_context,
    run_all,
    wait_until_idle,
)
from playwright.sync_api import Browser, BrowserContext, Locator, Page
from serving import serving

pytestmark = pytest.mark.needs_chromium
EXERCISE = "ch05.bend"
CODE = """%%exercise ch05.bend
def softsign_backward(dA, Z):
    return {}
"""
WRONG, RIGHT = "dA / (1 + abs(Z))", "dA / (1 + abs(Z)) ** 2"


@pytest.fixture(scope="module")
def lite(book: Path) -> Iterator[str]:
    """Serve the site, if it has a JupyterLite."""
    if not (book / "lite" / "notebooks" / "index.html").is_file():
        # In CI too: whether a whole Pyodide can be had is not ours to promise.
        pytest.skip("the site has no JupyterLite; make it: make site")
    with serving(book, {}) as address:
        yield address


@pytest.fixture
def context(browser: Browser, lite: str) -> Iterator[BrowserContext]:
    with quiet_context(browser, lite) as opened:
        yield opened


@pytest.mark.parametrize("name", ["01_learning_from_error", "05_the_backward_pass"])
def test_a_chapter_runs_and_prints_what_the_page_prints(context, lite, book, name):
    page, boot = open_notebook(context, lite, name)
    cells, ran = run_all(page)
    print(f"{name}: Python up after {boot:.1f} s, all cells run after {ran:.1f} s")
    assert not faults(cells)
    stored = json.loads((book / "lite" / "files" / f"{name}.ipynb").read_text("utf-8"))
    code = [cell for cell in stored["cells"] if cell["cell_type"] == "code"]
    assert [printed(cell) for cell in cells] == [printed(cell) for cell in code]
    assert sum(bool(printed(cell)) for cell in cells) > 5


def answer(page: Page, expression: str) -> Locator:
    """Write an answer into its cell, run the cell, press Check; return the panel."""
    place = page.evaluate(
        f"""([name, text]) => {{
            const notebook = {NOTEBOOK}.content;
            const cells = [...notebook.model.sharedModel.cells];
            const place = cells.findIndex(
                (cell) => cell.source.startsWith("%%exercise " + name));
            cells[place].setSource(text);
            notebook.activeCellIndex = place;
            return place;
        }}""",
        [EXERCISE, CODE.format(expression)],
    )
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-cell')")
    wait_until_idle(page)
    panel = page.locator(f".jp-Cell[data-windowed-list-index='{place}'] .bp-panel")
    panel.get_by_role("button", name="Check").click()
    return panel


def run_first_cells(page: Page, count: int) -> None:
    """Run a notebook's first cells, in which it imports what it needs."""
    page.evaluate(f"(({{ content }}) => {{ content.activeCellIndex = 0 }})({NOTEBOOK})")
    for _ in range(count):
        page.evaluate(
            "window.jupyterapp.commands.execute('notebook:run-cell-and-select-next')"
        )
    wait_until_idle(page)


def saved(page: Page) -> dict[str, Any]:
    """Return what the browser keeps as submission.json."""
    return page.evaluate(
        """async () => (await window.jupyterapp.serviceManager.contents.get(
            "submission.json", { content: true })).content"""
    )


def saved_by_python(page: Page) -> str:
    """Return the code that Python reads from the file."""
    return page.evaluate(
        f"""async (code) => {{
            let told = "";
            const asked = {NOTEBOOK}.sessionContext.session.kernel.requestExecute(
                {{ code }});
            asked.onIOPub = (message) => {{ told += message.content.text ?? ""; }};
            await asked.done;
            return told;
        }}""",
        f"""from course import store
print(store.load()["answers"]["{EXERCISE}"]["code"], end="")""",
    )


def test_an_exercise_is_checked_and_saved_and_outlives_a_reload(context, lite):
    page, _ = open_notebook(context, lite, "05_the_backward_pass")
    run_first_cells(page, 3)
    panel = answer(page, WRONG)
    panel.get_by_text("0 of 3").first.wait_for()
    panel = answer(page, RIGHT)
    panel.get_by_text("3 of 3").first.wait_for()
    kept = saved(page)["answers"][EXERCISE]
    assert kept["score"] == 3
    assert RIGHT in kept["code"]
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_timeout(1000)

    page.reload()
    wait_until_idle(page)
    assert saved(page)["answers"][EXERCISE] == kept
    sources = page.evaluate(
        f"{NOTEBOOK}.content.model.sharedModel.cells.map((cell) => cell.source)"
    )
    assert CODE.format(RIGHT) in sources

    # Python has started anew, and finds the file.
    run_first_cells(page, 1)
    assert saved_by_python(page) == kept["code"]
