"""Print the built book as one PDF, with the machine's Chromium."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pikepdf
import yaml
from book import HTML, ROOT, toc_parts
from bookfront import Imprint, contents, running_heads, title_page
from booksolutions import move_solutions
from browser import FLAGS, INSTALL_CHROMIUM, chromium_path
from bs4 import BeautifulSoup, Tag
from onebook import BookError, dangling, read_article, style_sheets, take_in
from tqdm import tqdm

OUT = ROOT / "_build" / "pdf"
PDF = OUT / "backpropagation.pdf"
SOLUTIONS_BEFORE = "Back matter"
# Links that say on which page their target is.
FILL_IN = """(numbers) => {
  for (const link of document.querySelectorAll("a.page-of"))
    link.dataset.page = numbers[decodeURIComponent(link.hash.slice(1))];
}"""


def read_imprint(root: Path = ROOT) -> Imprint:
    """Return what the title page says, from the files where it stands once.

    Parameters
    ----------
    root : Path

    Returns
    -------
    Imprint
    """
    citation = yaml.safe_load((root / "CITATION.cff").read_text("utf-8"))
    config = yaml.safe_load((root / "_config.yml").read_text("utf-8"))
    return Imprint(
        title=citation["title"],
        author=citation["authors"][0]["name"],
        abstract=citation["abstract"].strip(),
        version=str(citation["version"]),
        licence=config["html"]["extra_footer"],
    )


def join(html: Path = HTML, out: Path = OUT, root: Path = ROOT) -> Path:
    """Write the whole book as one page.

    Parameters
    ----------
    html : Path
        The folder of the built book.
    out : Path
        The folder to write to.
    root : Path
        The folder of ``_toc.yml``.

    Returns
    -------
    Path
        The page, which takes its styles and pictures from the built book.

    Raises
    ------
    BookError
        Where a page is missing, or a link leads nowhere.
    """
    toc = toc_parts(root)
    pages = [page for _, part in toc for page in part]
    way = Path(os.path.relpath(html, out)).as_posix()
    read: dict[str, Tag] = {}
    for page in tqdm(pages, desc="Joining the pages", unit="page"):
        read[page] = read_article(html, page)
        take_in(read[page], page, pages, way)
    parts = [(caption, [read[page] for page in part]) for caption, part in toc]
    for link in read["genindex"].find_all("a"):
        link["class"], link["data-page"] = "page-of", "000"
    back = move_solutions(list(read.values()))
    if back is not None:
        at = [caption for caption, _ in parts].index(SOLUTIONS_BEFORE)
        parts[at - 1][1].append(back)
    target = out / "book.html"
    sheets = style_sheets(html, pages, target)
    text = compose(read_imprint(root), parts, sheets)
    if nowhere := dangling(BeautifulSoup(text, "html.parser")):
        raise BookError(f"links that lead nowhere: {', '.join(nowhere)}")
    out.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return target


def compose(
    imprint: Imprint, parts: list[tuple[str, list[Tag]]], sheets: list[str]
) -> str:
    """Return the book's HTML, in the frame that the style sheets expect.

    Parameters
    ----------
    imprint : Imprint
    parts : list of (str, list of Tag)
    sheets : list of str
        ``<link>`` elements.

    Returns
    -------
    str
    """
    articles = [article for _, part in parts for article in part]
    own = (ROOT / "web" / "pdf.css").read_text("utf-8")
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en" data-theme="light"><head>',
            f'<meta charset="utf-8"><title>{imprint.title}</title>',
            *sheets,
            f"<style>\n{own}\n{running_heads(articles)}</style></head><body>",
            '<div class="bd-container"><div class="bd-container__inner">',
            '<main class="bd-main"><div class="bd-content">',
            '<div class="bd-article-container">',
            title_page(imprint),
            contents(parts),
            *map(str, articles),
            "</div></div></main></div></div></body></html>",
        ]
    )


def draw(page: Path) -> bytes:
    """Let Chromium print the book, with the right page numbers in its links.

    The first draft finds out on which page each link's target is. The numbers
    take the room of the three digits that stood in for them.

    Parameters
    ----------
    page : Path
        What `join` has written.

    Returns
    -------
    bytes
        A tagged PDF with an outline.

    Raises
    ------
    BookError
        Where the numbers in the text do not become those of the pages.
    """
    # Imported here: the tests that need no browser do without it.
    from playwright.sync_api import sync_playwright

    paper = {"prefer_css_page_size": True, "print_background": True}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=FLAGS
        )
        tab = browser.new_page()
        tab.goto(page.as_uri(), timeout=120_000)
        print("Printing a draft, to know the page numbers", flush=True)
        numbers = page_numbers(tab.pdf(**paper))
        for _ in range(2):
            tab.evaluate(FILL_IN, numbers)
            print("Printing the book", flush=True)
            pdf = tab.pdf(**paper, outline=True, tagged=True)
            draft, numbers = numbers, page_numbers(pdf)
            if numbers == draft:
                return pdf
    raise BookError("the page numbers of the contents do not settle")


def page_numbers(pdf: bytes) -> dict[str, int]:
    """Return the page, from 1, of each place that a link of a PDF leads to.

    Parameters
    ----------
    pdf : bytes

    Returns
    -------
    dict of str to int
    """
    with pikepdf.open(io.BytesIO(pdf)) as book:
        at = {page.objgen: i for i, page in enumerate(book.pages, 1)}
        places = book.Root.Dests.items()
        return {name.removeprefix("/"): at[place[0].objgen] for name, place in places}


def finish(pdf: bytes, imprint: Imprint, target: Path) -> int:
    """Describe and compress a PDF, and put it in its place when it is whole.

    Parameters
    ----------
    pdf : bytes
    imprint : Imprint
    target : Path

    Returns
    -------
    int
        The number of pages.
    """
    part = target.with_suffix(".part")
    with pikepdf.open(io.BytesIO(pdf)) as book:
        with book.open_metadata(set_pikepdf_as_editor=False) as about:
            about["dc:title"] = imprint.title
            about["dc:creator"] = [imprint.author]
            about["dc:description"] = imprint.abstract
            about["dc:language"] = ["en"]
            about["xmp:CreatorTool"] = "backprop-book, web/pdf.py"
        book.Root.PageMode = pikepdf.Name.UseOutlines
        pages = len(book.pages)
        # Object streams: the tags of the text are two thirds of the file without.
        book.save(part, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    part.replace(target)
    return pages


def main() -> int:
    """Join, print, describe; return the exit status."""
    if chromium_path() is None:
        install = f"On Debian and Ubuntu:\n  {INSTALL_CHROMIUM}"
        print(f"Printing the book needs Chromium. {install}", file=sys.stderr)
        return 1
    try:
        pages = finish(draw(join()), read_imprint(), PDF)
    except BookError as error:
        print(f"The book was NOT printed: {error}", file=sys.stderr)
        return 1
    size = PDF.stat().st_size / 1e6
    print(f"\nThe book is printed: {pages} pages, {size:.1f} MB\n  {PDF}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
