"""The chapters' MyST as plain Markdown, which every Jupyter reads.

JupyterLab, JupyterLite and VS Code show ``{eq}`eq-dw```, ``{cite}`` and a label after
a formula as they stand, and an extension that reads them would count anew in each
notebook. So students' notebooks have numbers, names and links in their place: those
of the book's pages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

LABELLED = re.compile(r"\$\$((?:(?!\$\$).)+)\$\$ *\(((?:eq|def)-[\w-]+)\)", re.DOTALL)
ROLE = re.compile(r"\{(doc|ref|eq|cite)\}`([^`]+)`")
TITLED = re.compile(r"(.+?)\s*<(.+)>", re.DOTALL)
ADDRESS = re.compile(r"\\url\{([^}]+)\}|\burl\s*=\s*\{([^}]+)\}")
ENTRY = re.compile(r"^@\w+\{([\w-]+),\n(.*?)^\}", re.MULTILINE | re.DOTALL)
EXERCISE = "### Exercise: "
# Pages with formulas or figures that are no chapters count by a letter: L.1, E.1.
LETTERS = {"historical_lab": "L", "errata": "E", "measured": "M"}

Notebook = dict[str, Any]


def equation_numbers(notebooks: Mapping[str, Notebook]) -> dict[str, str]:
    """Number the labelled formulas by chapter, in their order.

    Parameters
    ----------
    notebooks : mapping of str to dict
        By file name without suffix, with their solutions.

    Returns
    -------
    dict of str to str
        "5.1" for "eq-dw-entry"; "1" where the file has neither number nor letter.
    """
    numbers = {}
    for name, notebook in notebooks.items():
        text = "\n\n".join("".join(cell["source"]) for cell in _markdown(notebook))
        for count, found in enumerate(LABELLED.finditer(text), start=1):
            numbers[found[2]] = counted(name, count)
    return numbers


def first_number(name: str) -> str | None:
    """Return what the numbers of a notebook begin with: "5", "L", or None.

    Parameters
    ----------
    name : str
        Of its file, without suffix.

    Returns
    -------
    str or None
    """
    chapter = re.match(r"(\d\d)_", name)
    return str(int(chapter[1])) if chapter else LETTERS.get(name)


def counted(name: str, count: int) -> str:
    """Return the number of a notebook's so-manieth formula or exercise: "5.1".

    Parameters
    ----------
    name : str
        Of its file, without suffix.
    count : int
        From 1.

    Returns
    -------
    str
    """
    first = first_number(name)
    return f"{count}" if first is None else f"{first}.{count}"


def citations(bibliography: str) -> dict[str, str]:
    """Return each source as author and year, with a link where it has an address.

    Parameters
    ----------
    bibliography : str
        Of a BibTeX file.

    Returns
    -------
    dict of str to str
    """
    cited = {}
    for key, body in ENTRY.findall(bibliography):
        names = [name.split(",")[0] for name in _field(body, "author").split(" and ")]
        who = " and ".join(names) if len(names) < 3 else f"{names[0]} *et al.*"
        text = f"{who}, {_field(body, 'year')}"
        address = f"https://doi.org/{_field(body, 'doi')}"
        if address.endswith("/"):
            found = ADDRESS.search(body)
            address = (found[1] or found[2]) if found else ""
        cited[key] = f"[{text}]({address})" if address else text
    return cited


def plain(
    name: str, notebook: Notebook, numbers: Mapping[str, str], cited: Mapping[str, str]
) -> None:
    """Change a notebook's Markdown in place.

    Parameters
    ----------
    name : str
        Of its file, without suffix.
    notebook : dict
    numbers : mapping of str to str
        What `equation_numbers` returns.
    cited : mapping of str to str
        What `citations` returns.

    Raises
    ------
    KeyError
        A label or a source is not there.
    """

    def numbered(found: re.Match[str]) -> str:
        return f"$${found[1].rstrip()} \\tag{{{numbers[found[2]]}}} $$"

    def spelt(found: re.Match[str]) -> str:
        role, content = found.groups()
        if role == "eq":
            return f"({numbers[content]})"
        if role == "cite":
            return f"[{'; '.join(cited[key.strip()] for key in content.split(','))}]"
        titled = TITLED.fullmatch(content)
        if titled is None:
            raise KeyError(f"{name}: {found[0]} has no text of its own")
        text, target = titled.groups()
        # A page of the book that is no notebook is not beside this one.
        beside = role == "doc" and "/" not in target
        return f"[{text}]({target}.ipynb)" if beside else text

    exercises = 0
    for cell in _markdown(notebook):
        text = "".join(cell["source"])
        if text.startswith(EXERCISE) and "exercise" in cell.get("metadata", {}):
            exercises += 1
            title = f"### Exercise {counted(name, exercises)}. "
            text = title + text.removeprefix(EXERCISE)
        text = ROLE.sub(spelt, LABELLED.sub(numbered, text))
        cell["source"] = text.splitlines(keepends=True)


def _markdown(notebook: Notebook) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if cell.get("cell_type") == "markdown"]


def _field(body: str, name: str) -> str:
    """Return a field, which stands on a line of its own, without its braces."""
    found = re.search(rf"^\s*{name}\s*=\s*\{{(.+)\}},?$", body, re.MULTILINE)
    return found[1] if found else ""
