"""Each page that is a notebook says so under its title, and gives it away."""

from __future__ import annotations

import json
from types import SimpleNamespace

import booknotebook
import pytest
from book import toc_pages
from conftest import ROOT
from playwright.sync_api import Page

from course.release import students_notebooks

NOTEBOOKS = [name for name in toc_pages() if (ROOT / f"{name}.ipynb").is_file()]
SOLVED = "chapters/05_the_backward_pass"
UNSOLVED = "chapters/errata"  # a notebook without exercises
KEPT = "chapters/measured"  # one that students do not get


def fetched(page: Page, text: str) -> tuple[str, dict]:
    """Follow a link of the page's tools; return the file's name and content."""
    with page.expect_download() as waiting:
        page.locator(".page-tools").get_by_role("link", name=text, exact=True).click()
    path = waiting.value.path()
    return waiting.value.suggested_filename, json.loads(path.read_text("utf-8"))


def notebook(name: str) -> dict:
    return json.loads((ROOT / f"{name}.ipynb").read_text("utf-8"))


def released(name: str) -> dict:
    text, _ = students_notebooks()[name.rpartition("/")[2]]
    return json.loads(text)


@pytest.mark.needs_chromium
@pytest.mark.parametrize("name", toc_pages())
def test_a_notebook_and_no_other_page_says_what_it_is_under_its_title(plain, name):
    plain.goto(f"{name}.html")
    found = plain.locator("article h1 + .page-tools:visible")
    assert found.count() == (name in NOTEBOOKS)
    if name in NOTEBOOKS:
        assert "This page is a Jupyter notebook." in found.inner_text()


@pytest.mark.needs_chromium
@pytest.mark.parametrize("name", [SOLVED, UNSOLVED, KEPT])
def test_the_notebook_is_the_one_of_the_page(plain, name):
    plain.goto(f"{name}.html")
    file, content = fetched(plain, "Download the notebook")
    assert file == f"{name.split('/')[-1]}.ipynb"
    assert content == notebook(name)


@pytest.mark.needs_chromium
def test_a_notebook_can_be_had_without_its_solutions(plain):
    plain.goto(f"{SOLVED}.html")
    file, content = fetched(plain, "Download it without solutions")
    assert file == f"{SOLVED.split('/')[-1]}.ipynb"
    assert content == released(SOLVED) != notebook(SOLVED)
    plain.goto(f"{UNSOLVED}.html")
    assert plain.locator(".page-tools a[download]").count() == 1


@pytest.mark.needs_chromium
@pytest.mark.parametrize("name", [UNSOLVED, KEPT])
def test_a_page_offers_the_browser_only_a_notebook_that_students_get(book, plain, name):
    plain.goto(f"{name}.html")
    lite = (book / "lite/notebooks/index.html").is_file()
    link = plain.get_by_role("link", name="Run it in the browser")
    assert link.count() == (lite and name != KEPT)


def test_a_book_without_solutions_gives_no_notebook_with_them(tmp_path):
    source = tmp_path / "_sources" / f"{SOLVED}.ipynb"
    source.parent.mkdir(parents=True)
    app = SimpleNamespace(
        builder=SimpleNamespace(format="html"),
        config=SimpleNamespace(book_solutions="no"),
        env=SimpleNamespace(
            found_docs={SOLVED, KEPT, "intro"},
            doc2path=lambda name: (
                str(ROOT / name) + (".ipynb" if name in NOTEBOOKS else ".md")
            ),
        ),
        outdir=str(tmp_path),
        srcdir=str(ROOT),
    )
    booknotebook.write_notebooks(app, None)
    assert json.loads(source.read_text("utf-8")) == released(SOLVED)
    assert [path for path in tmp_path.rglob("*.*") if path.is_file()] == [source]
