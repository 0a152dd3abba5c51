"""Every chapter keeps the rules, and every rule can be broken.

The second half builds a small notebook without a problem, spoils it in one way
at a time, and expects exactly the problem that was planted.
"""

import copy
import re
from pathlib import Path

import nbformat
import nbformat.v4 as nb
import pytest
from notebook_rules import OF_PAGES, problems, rules_for

from course import ledger

ROOT = Path(__file__).parent.parent
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))
HELD_TO = [(path, rule) for path in CHAPTERS for rule in rules_for(path)]


@pytest.mark.parametrize(
    ("path", "rule"), HELD_TO, ids=[f"{r.__name__}-{p.stem}" for p, r in HELD_TO]
)
def test_a_chapter(path, rule):
    found = list(rule(ledger.read_notebook(path)))
    assert not found, "\n".join([path.name, *found])


def test_the_contents_list_every_chapter_and_no_other():
    listed = ledger.chapter_paths(ROOT)
    assert sorted(ROOT / path for path in listed) == CHAPTERS
    assert len(set(listed)) == len(listed) > 0


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_is_a_valid_notebook(path):
    nbformat.validate(ledger.read_notebook(path))


# -- A notebook without a problem ----------------------------------------------

PROSE = " ".join(["word"] * 1600)
OPENING = "# Title\n\n## Goals\n\n## Three questions first\n\n" + PROSE
BOX = "<details>\n<summary>Answer</summary>\n\nThe loss is 0.2374.\n\n</details>"
CLOSING = "## Recall\n\n## Summary\n\n## References\n\n" + BOX
ALT = "the loss falls from 0.2374 to almost nothing"


def code(source, *outputs):
    return nb.new_code_cell(source, outputs=list(outputs))


def printed(text, name="stdout"):
    return nb.new_output("stream", name=name, text=text)


def figure(alt=ALT):
    data = {"image/png": "iVBORw0KGgo=", "text/plain": f"Figure: {alt}"}
    return nb.new_output(
        "display_data", data=data, metadata={"image/png": {"alt": alt}}
    )


def good():
    show = f'plots.show(\n    plots.curves(x, y),\n    alt="{ALT}",\n)'
    cells = [
        nb.new_markdown_cell(OPENING),
        code("eta = 0.125\nL = f(eta)\nprint(L)", printed("loss 0.2374\n")),
        code(show, figure()),
        nb.new_markdown_cell(CLOSING + "\n\nWith η = .125 it is −0.2374 after all."),
        code("g = h(eta)"),
        *(nb.new_markdown_cell("A word.") for _ in range(20)),
    ]
    cells[4].metadata["tags"] = ["reveal"]
    language = {"language_info": {"name": "python"}}
    return renumber(nb.new_notebook(cells=cells, metadata=language))


def renumber(notebook):
    codes = [c for c in notebook.cells if c.cell_type == "code"]
    for n, cell in enumerate(codes, 1):
        cell.execution_count = n
    return notebook


def test_the_good_notebook_has_no_problem():
    assert problems(good()) == []


# -- One spoiled thing at a time -----------------------------------------------


def plant(cell, **changes):
    """A change that sets attributes of one cell."""
    return lambda n: n.cells[cell].update(changes)


def output(cell, *outputs):
    return lambda n: n.cells[cell].outputs.extend(outputs)


def say(text):
    """A change that adds a sentence to the prose."""

    def change(n):
        n.cells[5].source += f"\n\n{text}"

    return change


def write(cell, line):
    """A change that adds a line of code."""

    def change(n):
        n.cells[cell].source += f"\n{line}"

    return change


def replace(cell, old, new):
    def change(n):
        assert old in n.cells[cell].source
        n.cells[cell].source = n.cells[cell].source.replace(old, new)

    return change


def set_alt(alt):
    return lambda n: n.cells[2].outputs[0].metadata["image/png"].update(alt=alt)


def every_code_cell(lines):
    def change(n):
        for cell in n.cells:
            if cell.cell_type == "code":
                cell.source += "\n" + "\n".join(["x = 1"] * lines)

    return change


WIDGET = nb.new_output(
    "display_data", data={"application/vnd.jupyter.widget-view+json": {}}
)
LONG_PLOT = (
    "plots.curves(\n    x,\n    y,\n    logx=True,\n    logy=True,\n    roles=r,\n)"
)
SPOILED = {
    "not executed": (plant(1, execution_count=None), r"counts are \[None, 2, 3\]"),
    "executed twice": (plant(4, execution_count=7), r"counts are \[1, 2, 7\]"),
    "no output of print": (write(4, "print(L)"), "cell 4 calls print, but"),
    "no output of verify": (write(4, 'verify("eq-a", 1, 2)'), "cell 4 calls verify"),
    "no figure": (plant(2, outputs=[]), "cell 2 calls plots.show, but"),
    "error": (
        output(1, nb.new_output("error", ename="ValueError", evalue="", traceback=[])),
        "cell 1 stores an error: ValueError",
    ),
    "warning": (output(1, printed("Warning", "stderr")), "cell 1 stores stderr"),
    "widget state": (lambda n: n.metadata.update(widgets={}), "stores widget state"),
    "widget alone": (output(4, WIDGET), "cell 4 stores a widget view without"),
    "language": (lambda n: n.metadata.clear(), "language_info.name is missing"),
    "long cell": (write(4, "x = 1\n" * 20), "cell 4 has 21 lines"),
    "empty cell": (plant(4, source=""), "cell 4 has 0 lines"),
    "wide line": (write(4, "x" * 73), "cell 4 has a line of 73 columns"),
    "median": (every_code_cell(6), "median code cell has 9 lines"),
    "matplotlib": (write(4, "import matplotlib.pyplot as plt"), "cell 4 imports matpl"),
    "from matplotlib": (write(4, "from matplotlib import cm"), "cell 4 imports matpl"),
    "long plot": (write(4, LONG_PLOT), "cell 4 has 7 lines of plotting"),
    "no alt": (set_alt(""), "cell 2 has a figure with alt text ''"),
    "short alt": (set_alt("a loss curve"), "cell 2 has a figure with alt text"),
    "alt elsewhere": (replace(2, f'"{ALT}"', "text"), "cell 2 computes its alt text"),
    "picture": (say("![](pen.png)"), "cell 5 has a picture without alt text"),
    "html picture": (say("<img src='pen.png'>"), "cell 5 has a picture without"),
    "stale number": (say("It is 0.2375 now."), "cell 5 says 0.2375: in no code"),
    "cut number": (say("It is .237 now."), "cell 5 says 0.237: in no code"),
    "number in formula": (say("$$ L = 0.2375 $$"), "cell 5 says 0.2375: in no code"),
    "number in code font": (say("`lr=0.375`"), "cell 5 says 0.375: in no code"),
    "number in alt": (replace(2, "0.2374", "0.25"), "cell 2: alt says 0.25: in no"),
    "number in caption": (
        lambda n: say("It is 0.333.")(n) or set_alt("it falls to 0.333 by far")(n),
        "cell 5 says 0.333: in no code",
    ),
    "number in comment": (
        lambda n: say("It is 0.333.")(n) or write(4, "# 0.333")(n),
        "cell 5 says 0.333: in no code",
    ),
    "typed output": (write(1, 'print("so 0.2374")'), "cell 1 has 0.2374 typed into"),
    "too few words": (replace(0, PROSE, "word"), "words of prose, expected 1500 to"),
    "too many words": (replace(0, "word", "so it goes"), "4... words of prose, expect"),
    "too few cells": (lambda n: n.cells.pop(), "24 cells, expected 25 to 50"),
    "no title": (replace(0, "# Title", "Title"), "does not begin with its title"),
    "no goals": (replace(0, "## Goals", ""), "no Goals"),
    "no retrieval": (replace(0, "## Three questions first", ""), "no retrieval"),
    "no recall": (replace(3, "## Recall", ""), "no Recall"),
    "no summary": (replace(3, "## Summary", ""), "no Summary"),
    "no references": (replace(3, "## References", ""), "no References"),
    "open box": (replace(3, "</details>", ""), "a <details> is not closed"),
    "one reveal": (plant(4, metadata={}), "1 answers to commit to"),
}


@pytest.mark.parametrize(("spoil", "message"), SPOILED.values(), ids=SPOILED)
def test_a_spoiled_notebook_has_exactly_the_planted_problem(spoil, message):
    notebook = copy.deepcopy(good())
    spoil(notebook)
    notebook = nbformat.from_dict(notebook)
    found = problems(notebook)
    assert len(found) == 1, found
    assert re.search(message, found[0]), found[0]


# -- What the rules let pass ---------------------------------------------------

FINE = {
    "sign and zero": say("−.2374, +0.2374, (0.2374), 0.2374."),
    "number as typed": say("a step of 0.125"),
    "short decimals": say("about 0.5, 1.5 or .1"),
    "links": say("[paper](https://example.org/1.2345) and 10.1038/323533a0"),
    "sections": say("section 1.2.3, images 3.png"),
    "format spec": write(1, 'f"{L:10.3f}"'),
    "computed alt": replace(2, f'"{ALT}"', 'f"the loss falls to {L:.4f} or so"'),
    "long alt": replace(2, f'"{ALT}"', '"a"\n' * 6 + '"b"'),
    "short names": write(4, "from course import plots"),
    "definition": write(4, 'def check():\n    verify("eq-a", 1, 2)'),
    "exercise apart": lambda n: n.cells.extend(
        nb.new_markdown_cell(PROSE, metadata={"tags": ["exercise"]}) for _ in range(30)
    ),
}


@pytest.mark.parametrize("change", FINE.values(), ids=FINE)
def test_what_is_fine_is_no_problem(change):
    notebook = good()
    change(notebook)
    assert problems(nbformat.from_dict(notebook)) == []


# -- Pages without a number ----------------------------------------------------


def page():
    asked = [
        nb.new_markdown_cell("Asked.", metadata={"tags": ["exercise"], "exercise": x})
        for x in "abcdef"
    ]
    title = nb.new_markdown_cell("# A check\n\nTwo sentences. No more.")
    language = {"language_info": {"name": "python"}}
    return nb.new_notebook(cells=[title, *asked], metadata=language)


SPOILED_PAGES = {
    "words": (
        replace(0, "No more.", "so it goes " * 60),
        "184 words of its own, expected 150 at most",
    ),
    "exercises": (lambda n: n.cells.pop(), "5 exercises, expected 6 or more"),
    "title": (replace(0, "# A", "A"), "does not begin with its title"),
    "claim": (replace(0, "No more.", "$$ a $$ (eq-a)"), "cell 0 claims an equation"),
    "stale number": (replace(0, "No more.", "0.2374"), "cell 0 says 0.2374"),
}


def test_a_page_of_exercises_needs_no_anatomy_of_a_chapter():
    assert problems(page(), OF_PAGES) == []


@pytest.mark.parametrize(
    ("spoil", "message"), SPOILED_PAGES.values(), ids=SPOILED_PAGES
)
def test_a_spoiled_page_has_exactly_the_planted_problem(spoil, message):
    notebook = page()
    spoil(notebook)
    (found,) = problems(nbformat.from_dict(notebook), OF_PAGES)
    assert re.search(message, found), found
