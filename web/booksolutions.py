"""Hints, solutions and answers, at the end of the printed book.

On the screen they are folded under their exercise. Paper cannot be opened: there
they stand in a part of their own, as in other textbooks, with a link each way.
"""

from __future__ import annotations

from bookfront import heading
from bs4 import BeautifulSoup, Tag

BACK = "solutions"
SAID = {"Hint": "hints", "Solution": "solution", "Answers": "answers"}
FOLDED = ".tag_solution, bp-exercise details, section > details:has(> summary)"


def move_solutions(articles: list[Tag]) -> Tag | None:
    """Take what is folded for the reader's sake out of the pages.

    Parameters
    ----------
    articles : list of Tag
        Changed in place.

    Returns
    -------
    Tag or None
        An article with a section for each page and one for each exercise.
    """
    soup = BeautifulSoup("", "html.parser")
    back = soup.new_tag("article", id=BACK, attrs={"class": "bd-article"})
    back.append(_heading("h1", "Hints and solutions"))
    for article in articles:
        page = soup.new_tag("section")
        page.append(_heading("h2", heading(article), str(article["id"])))
        for section in article.find_all("section"):
            if boxes := _folded_in(section):
                page.append(_moved(section, boxes))
        if page.find("section"):
            back.append(page)
    return back if back.find("section") else None


def _folded_in(section: Tag) -> list[Tag]:
    """Return what is folded in a section, but in no section inside it.

    Hints alone stay where they are: there is nothing to give away.
    """
    boxes = [
        box for box in section.select(FOLDED) if box.find_parent("section") is section
    ]
    given_away = {_summary(box) for box in boxes} & {"Solution", "Answers"}
    return boxes if given_away else []


def _moved(section: Tag, boxes: list[Tag]) -> Tag:
    """Move the boxes into a section of the end; leave a link to it."""
    soup = BeautifulSoup("", "html.parser")
    place = f"{BACK}--{section['id']}"
    names = {_summary(box) for box in boxes}
    said = " and ".join(word for name, word in SAID.items() if name in names)
    number = {"class": "page-of", "data-page": "000"}
    link = soup.new_tag("a", href=f"#{place}", attrs=number)
    link.string = said.capitalize()
    note = soup.new_tag("p", attrs={"class": "to-solution"})
    note.append(link)
    boxes[-1].insert_after(note)
    # The link stands after the panel, not in it.
    if panel := note.find_parent(class_="cell"):
        panel.insert_after(note)
    moved = soup.new_tag("section", id=place)
    named = section.find(["h2", "h3"])
    words = named.get_text() if named else ""
    moved.append(_heading("h3", words, str(section["id"])))
    moved.extend(_in_full(box.extract()) for box in boxes)
    return moved


def _in_full(box: Tag) -> Tag:
    """Return a hint as one paragraph, "Hint 1 …", and other boxes as they are."""
    if _summary(box) == "Hint" and box.summary and box.p:
        box.name, box.summary.name = "p", "strong"
        box.p.insert_before(" ")
        box.p.unwrap()
    return box


def _summary(box: Tag) -> str:
    """Return the first word of what a reader would click on."""
    summary = box.find("summary")
    return summary.get_text(" ", strip=True).split()[0] if summary else ""


def _heading(level: str, words: str, target: str = "") -> Tag:
    """Return a heading, which leads to an id where one is given."""
    soup = BeautifulSoup("", "html.parser")
    heading = soup.new_tag(level)
    if target:
        link = soup.new_tag("a", href=f"#{target}")
        link.string = words
        heading.append(link)
    else:
        heading.string = words
    return heading
