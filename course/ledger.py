"""Read the book's claims, and the checks they passed, off its notebooks.

A claim is a display formula with a label, ``$$ … $$ (eq-dense-dW)``; a
definition is labelled ``def-…`` and needs no check. What `verify` printed when
the notebook ran stands in the stored outputs. Nothing is executed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

MATH = re.compile(r"\$\$(?P<tex>.+?)\$\$(?:[ \t]*\((?P<label>[\w:.-]+)\))?", re.DOTALL)
CODE = re.compile(r"^(?P<f>```+|~~~+).*?^(?P=f)|`[^`\n]+`", re.DOTALL | re.MULTILINE)
HOLDS = re.compile(
    r"^(?P<label>eq-\S+) holds \(tolerance (?P<rtol>\S+)\)$", re.MULTILINE
)


@dataclass(frozen=True)
class Claim:
    """A labelled equation of the book.

    Attributes
    ----------
    label : str
        ``eq-…``.
    tex : str
        The formula, without dollars.
    chapter_path : str
        The page, as ``_toc.yml`` names it: ``chapters/05_the_backward_pass``.
    chapter_title : str
        Its first heading.
    tolerance : str or None
        Relative error within which it was checked, as `verify` prints it;
        None if it was not. Where several checks name it, the loosest counts.
    """

    label: str
    tex: str
    chapter_path: str
    chapter_title: str
    tolerance: str | None


def read_book(root: Path) -> list[Claim]:
    """Collect all claims, in the order of the table of contents.

    Parameters
    ----------
    root : Path
        The folder of ``_toc.yml``.

    Returns
    -------
    list of Claim
        Whether checked or not; see `unverified`.

    Raises
    ------
    FileNotFoundError
        If there is no ``_toc.yml``, or a notebook it lists is missing.
    """
    claims = []
    for path in chapter_paths(root):
        notebook = read_notebook(root / path)
        passed = checks(notebook)
        name, title = path.with_suffix("").as_posix(), heading(notebook)
        claims += [
            Claim(label, tex, name, title, passed.get(label))
            for label, tex in equations(notebook)
            if label.startswith("eq-")
        ]
    return claims


def unverified(claims: Iterable[Claim]) -> list[Claim]:
    """Return the claims that no check names.

    Parameters
    ----------
    claims : iterable of Claim
        As `read_book` gives them.

    Returns
    -------
    list of Claim
    """
    return [claim for claim in claims if claim.tolerance is None]


def unclaimed(root: Path) -> list[tuple[str, str]]:
    """Return the checks whose equation is not in their notebook.

    Parameters
    ----------
    root : Path
        The folder of ``_toc.yml``.

    Returns
    -------
    list of (chapter_path, label)
    """
    strays = []
    for path in chapter_paths(root):
        notebook = read_notebook(root / path)
        claimed = {label for label, _ in equations(notebook)}
        page = path.with_suffix("").as_posix()
        strays += [(page, x) for x in checks(notebook) if x not in claimed]
    return strays


def chapter_paths(root: Path) -> list[Path]:
    """Return the notebooks that ``_toc.yml`` lists, in its order.

    Parameters
    ----------
    root : Path
        The folder of ``_toc.yml``.

    Returns
    -------
    list of Path
        Relative to `root`. Pages that are no notebooks are left out.

    Raises
    ------
    FileNotFoundError
        If there is no ``_toc.yml``.
    """
    # Comes with Jupyter Book; whoever only verifies and plots needs it not.
    import yaml  # type: ignore[import-untyped]

    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    stems = [Path(re.sub(r"\.(md|ipynb)$", "", file)) for file in _files(toc)]
    return [
        stem.with_name(f"{stem.name}.ipynb")
        for stem in stems
        if not (root / stem.with_name(f"{stem.name}.md")).exists()
    ]


def read_notebook(path: Path) -> nbformat.NotebookNode:
    """Read a notebook as version 4.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    nbformat.NotebookNode
    """
    notebook: nbformat.NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    return notebook


def equations(notebook: nbformat.NotebookNode) -> list[tuple[str, str]]:
    """Return all labelled display formulas of a notebook's Markdown cells.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        Version 4.

    Returns
    -------
    list of (label, tex)
        In order; claims and definitions alike. Code in the text is skipped.
    """
    return [
        (found["label"], found["tex"].strip())
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for found in MATH.finditer(CODE.sub("", cell.source))
        if found["label"]
    ]


def checks(notebook: nbformat.NotebookNode) -> dict[str, str]:
    """Return what `verify` printed into a notebook's stored outputs.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        Version 4.

    Returns
    -------
    dict of str to str
        Label and loosest tolerance.
    """
    passed: dict[str, str] = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if output.output_type == "stream" and output.name == "stdout":
                for found in HOLDS.finditer(output.text):
                    label, rtol = found["label"], found["rtol"]
                    passed[label] = max(rtol, passed.get(label, "0"), key=float)
    return passed


def heading(notebook: nbformat.NotebookNode) -> str:
    """Return the text of a notebook's first heading of the first level.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        Version 4.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If there is none.
    """
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            found = re.search(r"^# +(.+?)\s*$", cell.source, re.MULTILINE)
            if found:
                return found[1]
    raise ValueError("the notebook has no first-level heading, '# …'")


def _files(node: Any) -> Iterator[str]:
    """Pages of a table of contents, or of a part of it, in order."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in {"root", "file"}:
                yield value
            else:
                yield from _files(value)
    elif isinstance(node, list):
        for item in node:
            yield from _files(item)
