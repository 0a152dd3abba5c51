"""What students get: every chapter, without the cells that solve its exercises."""

from __future__ import annotations

import json
import re

import pytest
from conftest import ROOT

from course.cli import main
from course.release import ReleaseError, release, without_solutions

# It draws a file that neither a student's folder nor the browser has.
KEPT = {"measured"}


def cell(source, *tags, kind="code"):
    return {"cell_type": kind, "source": source, "metadata": {"tags": list(tags)}}


def test_cells_tagged_solution_are_taken_out_and_no_others():
    cells = [
        cell("text", kind="markdown"),
        cell("solve()", "solution"),
        cell("hidden", "hide-input", "solution"),
        cell("stub", "exercise"),
        {"cell_type": "code", "source": "no metadata"},
    ]
    notebook = {"cells": cells, "nbformat": 4}
    left = without_solutions(notebook)
    assert left["cells"] == [cells[0], cells[3], cells[4]]
    assert len(notebook["cells"]) == 5


def test_every_chapter_is_released_and_no_solution_with_it(tmp_path, capsys):
    out = tmp_path / "student"
    assert main(["release", str(out)]) == 0
    told = capsys.readouterr().out
    names = {path.name for path in (ROOT / "chapters").glob("*.ipynb")}
    chapters = sorted(names - {f"{name}.ipynb" for name in KEPT})
    assert sorted(path.name for path in out.iterdir()) == chapters
    for name in chapters:
        notebook = json.loads((out / name).read_text("utf-8"))
        tags = [t for c in notebook["cells"] for t in c["metadata"].get("tags", [])]
        assert "solution" not in tags
        assert name in told


def test_what_is_not_released_has_nothing_that_students_would_miss():
    for name in KEPT:
        notebook = json.loads((ROOT / f"chapters/{name}.ipynb").read_text("utf-8"))
        tags = {t for c in notebook["cells"] for t in c["metadata"].get("tags", [])}
        assert not tags & {"exercise", "solution"}


def test_a_notebook_is_released_unless_its_metadata_say_no(tmp_path):
    for name, metadata in {"a": {}, "b": {"released": False}}.items():
        notebook = {"cells": [cell("1")], "metadata": metadata}
        (tmp_path / f"{name}.ipynb").write_text(json.dumps(notebook))
    out = tmp_path / "out"
    assert release(out, chapters=tmp_path) == [(out / "a.ipynb", 0)]
    assert [path.name for path in out.iterdir()] == ["a.ipynb"]


def test_what_a_student_may_have_written_is_not_written_over(tmp_path, capsys):
    (tmp_path / "07_the_training_loop.ipynb").write_text("mine")
    assert main(["release", str(tmp_path)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["07_the_training_loop.ipynb"]


def test_a_folder_without_notebooks_releases_nothing(tmp_path):
    with pytest.raises(ReleaseError, match="no notebooks"):
        release(tmp_path / "out", chapters=tmp_path)


def test_a_place_that_cannot_be_written_is_exit_4(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert main(["release", str(tmp_path / "file" / "out")]) == 4
    assert "file" in capsys.readouterr().err


def text_of(notebook):
    cells = [c for c in notebook["cells"] if c["cell_type"] == "markdown"]
    return "\n\n".join("".join(cell["source"]) for cell in cells)


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """Return the text of every notebook, as its author wrote it and as released."""
    out = tmp_path_factory.mktemp("released")
    release(out)
    read = lambda path: text_of(json.loads(path.read_text("utf-8")))  # noqa: E731
    return {
        path.stem: (read(ROOT / "chapters" / path.name), read(path))
        for path in out.iterdir()
    }


def test_no_myst_is_left_that_a_plain_jupyter_would_show_as_it_stands(released):
    myst = re.compile(r"\{\w+\}`|\$\$ *\((eq|def)-|^:::|^\([\w-]+\)=", re.MULTILINE)
    for name, (_, text) in released.items():
        assert not myst.search(text), name


def test_every_link_between_released_notebooks_leads_to_one(released):
    links = {
        link
        for _, text in released.values()
        for link in re.findall(r"\]\(([^)]+\.ipynb)\)", text)
    }
    assert len(links) > 8
    assert links <= {f"{name}.ipynb" for name in released}


def test_equations_have_the_numbers_of_the_pages(book, released):
    seen = 0
    anchor = re.compile(
        r'id="equation-([\w-]+)">.*?class="eqno">\(([\d.]+)\)', re.DOTALL
    )
    for name in filter(re.compile(r"\d\d_").match, released):
        source, text = released[name]
        labels = re.findall(r"\$\$ *\(((?:eq|def)-[\w-]+)\)", source)
        page = (book / f"chapters/{name}.html").read_text("utf-8")
        shown = dict(anchor.findall(page))
        numbers = re.findall(r"\\tag\{([\d.]+)\}", text)
        assert numbers == [shown[label.lower()] for label in labels]
        seen += len(numbers)
    assert seen > 80


def test_sources_are_cited_as_on_the_pages(book, released):
    link = re.compile(r"\[([^][]+, \d{4})\](?:\(([^)]+)\))?")
    references = (book / "appendix" / "references.html").read_text("utf-8")
    cited = {found for _, text in released.values() for found in link.findall(text)}
    assert len(cited) > 20
    pages = (book / f"chapters/{name}.html" for name in released)
    shown = re.sub("<[^>]*>", "", "".join(page.read_text("utf-8") for page in pages))
    for text, address in cited:
        assert f"[{text.replace('*et al.*', 'et al.')}]" in shown
        assert not address or address in references
