"""Make the students' notebooks: the chapters without solutions, in plain Markdown.

A notebook whose metadata say ``"released": false`` is a page of the book alone.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from course.plain import citations, equation_numbers, plain

CHAPTERS = Path(__file__).resolve().parent.parent / "chapters"
SOURCES = "references.bib"  # beside the chapters' folder
TAG = "solution"
RELEASED = "released"  # in a notebook's metadata; true if it is not there


class ReleaseError(Exception):
    """Nothing could be released; says why."""


def release(out: Path, chapters: Path = CHAPTERS) -> list[tuple[Path, int]]:
    """Write the chapters without solutions.

    Parameters
    ----------
    out : Path
        A folder; made if it is not there. What a student may have changed, an
        existing notebook, is not written over.
    chapters : Path, optional
        Where the notebooks lie.

    Returns
    -------
    list of (Path, int)
        Each notebook written, and how many cells were taken out.

    Raises
    ------
    ReleaseError
        If there are no notebooks, or one is there already.
    """
    notebooks = students_notebooks(chapters)
    if not notebooks:
        raise ReleaseError(f"{chapters}: no notebooks there")
    out.mkdir(parents=True, exist_ok=True)
    for name in notebooks:
        if (out / f"{name}.ipynb").exists():
            raise ReleaseError(
                f"{out / name}.ipynb is there already; give an empty folder"
            )
    released = []
    for name, (text, taken) in notebooks.items():
        (out / f"{name}.ipynb").write_text(text, "utf-8")
        released.append((out / f"{name}.ipynb", taken))
    return released


def students_notebooks(chapters: Path = CHAPTERS) -> dict[str, tuple[str, int]]:
    """Return the text of each student's notebook, and how many cells it lacks.

    Parameters
    ----------
    chapters : Path, optional
        Where the notebooks lie.

    Returns
    -------
    dict of str to (str, int)
        By file name without suffix, in order; those that are released.
    """
    paths = sorted(chapters.glob("*.ipynb"))
    notebooks = {path.stem: json.loads(path.read_text("utf-8")) for path in paths}
    numbers = equation_numbers(notebooks)
    listed = chapters.parent / SOURCES
    cited = citations(listed.read_text("utf-8") if listed.is_file() else "")
    made = {}
    for name, notebook in notebooks.items():
        if not notebook.get("metadata", {}).get(RELEASED, True):
            continue
        student = without_solutions(notebook)
        plain(name, student, numbers, cited)
        text = json.dumps(student, indent=1, ensure_ascii=False) + "\n"
        made[name] = text, len(notebook["cells"]) - len(student["cells"])
    return made


def without_solutions(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return a notebook without its solutions.

    Parameters
    ----------
    notebook : dict
        As its file holds it; not changed.

    Returns
    -------
    dict
        Outputs of what is left stay: they were made without the solutions'
        names, which a test of the chapters holds.
    """
    student = copy.deepcopy(notebook)
    student["cells"] = [
        cell
        for cell in student["cells"]
        if TAG not in cell.get("metadata", {}).get("tags", [])
    ]
    return student
