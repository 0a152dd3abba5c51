"""The printed book: whole, every link landing, every line of code in full."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pdf as pdf_module
import pikepdf
import pypdfium2
import pytest
from book import toc_pages
from bookfront import heading
from booksolutions import move_solutions
from bs4 import BeautifulSoup
from onebook import (
    BookError,
    address_in_book,
    dangling,
    page_id,
    read_article,
    take_in,
)
from paper import CLIPPED, PAPER
from pdf import draw, finish, join, page_numbers, read_imprint

PAGES = toc_pages()


def squeezed(text: str) -> str:
    """Return a text without what a line's end may change."""
    return re.sub(r"\s", "", text)


@pytest.fixture(scope="module")
def joined(book: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return join(book, tmp_path_factory.mktemp("pdf"))


@pytest.fixture(scope="module")
def page(joined: Path) -> BeautifulSoup:
    return BeautifulSoup(joined.read_text("utf-8"), "html.parser")


@pytest.fixture(scope="module")
def printed(joined: Path) -> SimpleNamespace:
    """Print the book, once for all tests, and read what they ask for."""
    target = joined.with_name("book.pdf")
    finish(draw(joined), read_imprint(), target)
    with pypdfium2.PdfDocument(target) as read:
        text = [one.get_textpage().get_text_range() for one in read]
    numbers = page_numbers(target.read_bytes())
    with pikepdf.open(target) as opened:
        yield SimpleNamespace(pdf=opened, text=text, numbers=numbers)


@pytest.mark.needs_chromium
def test_the_outline_has_every_page_of_the_toc_at_its_page(printed, page):
    with printed.pdf.open_outline() as outline:
        found = [item.title.strip() for item in outline.root]
    wanted = [heading(page.find(id=page_id(name))) for name in PAGES]
    assert [title for title in found if title in wanted] == wanted
    assert set(found) - set(wanted) == {"Contents", "Hints and solutions"}


@pytest.mark.needs_chromium
def test_the_contents_say_on_which_page_a_chapter_begins(printed, page):
    first = printed.numbers[page_id(PAGES[0])]
    contents = squeezed("".join(printed.text[1 : first - 1]))
    for name in PAGES:
        title = heading(page.find(id=page_id(name)))
        number = printed.numbers[page_id(name)]
        assert f"{squeezed(title)}{number}" in contents, title
        assert squeezed(title) in squeezed(printed.text[number - 1])


@pytest.mark.needs_chromium
def test_every_link_lands(printed, page):
    places = {f"#{name}" for name in printed.numbers}
    hrefs = {str(link["href"]) for link in page.find_all("a", href=True)}
    inner = {href for href in hrefs if href.startswith("#")}
    assert len(inner) > 700
    assert inner <= places
    links = [
        note
        for sheet in printed.pdf.pages
        for note in sheet.get("/Annots", [])
        if note.Subtype == "/Link"
    ]
    leading = {
        f"#{str(note.Dest).removeprefix('/')}" for note in links if "/Dest" in note
    }
    assert leading == inner
    outside = {str(note.A.URI) for note in links if "/A" in note}
    assert {href.rstrip("/") for href in hrefs - inner} == {
        address.rstrip("/") for address in outside
    }


@pytest.mark.needs_chromium
def test_every_line_of_code_and_output_is_printed_in_full(printed, page):
    text = squeezed("".join(printed.text))
    lines = [
        squeezed(line)
        for listing in page.select("pre")
        for line in listing.get_text().splitlines()
    ]
    assert len(lines) > 4000
    missing = [line for line in lines if line not in text]
    assert not missing, missing[:20]


@pytest.mark.needs_chromium
def test_nothing_is_cut_off_in_the_book(browser, joined):
    with browser.new_page(viewport={"width": PAPER, "height": 900}) as tab:
        tab.emulate_media(media="print")
        tab.goto(joined.as_uri())
        assert not tab.evaluate(CLIPPED)


@pytest.mark.needs_chromium
def test_the_pdf_says_what_it_is(printed):
    imprint = read_imprint()
    info, root = printed.pdf.docinfo, printed.pdf.Root
    assert str(info.Title) == imprint.title
    assert str(info.Author) == imprint.author
    assert str(root.Lang) == "en"
    assert "/StructTreeRoot" in root
    assert 200 < len(printed.pdf.pages) < 400
    assert imprint.version in printed.text[0]
    # A4, in points.
    sizes = {tuple(round(float(x)) for x in one.mediabox) for one in printed.pdf.pages}
    assert sizes == {(0, 0, 596, 843)} or sizes == {(0, 0, 595, 842)}


def test_solutions_stand_at_the_end_with_links_both_ways(page):
    back = page.find(id="solutions")
    cells = page.select(".tag_solution")
    assert len(cells) == len(back.select(".tag_solution")) > 100
    exercises = {
        element["id"]: element for element in page.find_all("section", id=True)
    }
    moved = back.find_all("section", id=True)
    for section in moved:
        (to_exercise,) = section.h3.find_all("a")
        exercise = exercises[to_exercise["href"][1:]]
        assert exercise.find("a", href=f"#{section['id']}"), section["id"]
    assert len(moved) > 100


def test_an_exercise_without_a_solution_keeps_its_hints(book):
    name = "chapters/concept_test_before"
    article = read_article(book, name)
    take_in(article, name, PAGES, "")
    hints = len(article.select("bp-exercise details"))
    assert move_solutions([article]) is None
    assert len(article.select("bp-exercise details")) == hints > 5


def test_ids_of_the_book_are_unique_and_links_lead_to_them(page):
    ids = [element["id"] for element in page.find_all(id=True)]
    assert len(ids) == len(set(ids)) > 1000
    assert not dangling(page)


def test_a_link_that_leads_nowhere_is_found():
    html = (
        '<p id="a"><a href="#a">a</a><a href="#b">b</a><a href="https://c/">c</a></p>'
    )
    assert dangling(BeautifulSoup(html, "html.parser")) == ["#b"]


@pytest.mark.parametrize(
    ("href", "leads_to"),
    [
        ("04_b.html#equation-eq-x", "#04_b--equation-eq-x"),
        ("04_b.html", "#04_b"),
        ("#here", "#03_a--here"),
        ("../appendix/c.html#term-%C3%A9", "#c--term-é"),
        ("https://example.org/x.html#y", "https://example.org/x.html#y"),
        ("03_a.ipynb", None),
        ("../search.html", None),
    ],
)
def test_where_a_link_of_a_page_leads_in_the_book(href, leads_to):
    pages = {"chapters/03_a", "chapters/04_b", "appendix/c"}
    assert address_in_book(href, "chapters/03_a", pages) == leads_to


def test_a_page_that_is_not_built_is_named(tmp_path):
    with pytest.raises(BookError, match=r"intro\.html is missing: run `make book`"):
        read_article(tmp_path, "intro")


def test_without_chromium_make_pdf_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr(pdf_module, "chromium_path", lambda: None)
    assert pdf_module.main() == 1
    assert "apt-get install -y chromium" in capsys.readouterr().err


def test_a_book_that_fails_leaves_the_last_one_as_it_is(tmp_path):
    target = tmp_path / "book.pdf"
    target.write_bytes(b"the last one")
    with pytest.raises(pikepdf.PdfError):
        finish(b"no PDF", read_imprint(), target)
    assert [path.name for path in tmp_path.iterdir()] == ["book.pdf"]
    assert target.read_bytes() == b"the last one"
