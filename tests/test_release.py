"""What students get: every chapter, without the cells that solve its exercises."""

from __future__ import annotations

import json

import pytest
from conftest import ROOT

from course.cli import main
from course.release import ReleaseError, release, without_solutions


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
    chapters = sorted(path.name for path in (ROOT / "chapters").glob("*.ipynb"))
    assert sorted(path.name for path in out.iterdir()) == chapters
    for name in chapters:
        notebook = json.loads((out / name).read_text("utf-8"))
        tags = [t for c in notebook["cells"] for t in c["metadata"].get("tags", [])]
        assert "solution" not in tags
        assert name in told


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
