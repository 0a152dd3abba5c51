"""Every labelled claim has a check that ran, and every check its claim."""

import ast
from collections import Counter
from pathlib import Path

import nbformat.v4 as nb
import pytest

from course import ledger

ROOT = Path(__file__).parent.parent
CHAPTERS = [ROOT / path for path in ledger.chapter_paths(ROOT)]


def called_labels(notebook):
    """First arguments of all `verify` calls in the code, literal or not."""
    for cell in notebook.cells:
        if cell.cell_type == "code" and "verify(" in cell.source:
            for node in ast.walk(ast.parse(cell.source)):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "verify":
                    yield ast.unparse(node.args[0]).strip("'\"")


def label_problems(notebook):
    """What is wrong with the labels of one notebook."""
    labels = [label for label, _ in ledger.equations(notebook)]
    claims = {label for label in labels if label.startswith("eq-")}
    passed, called = set(ledger.checks(notebook)), set(called_labels(notebook))
    yield from (f"{x} has no check" for x in sorted(claims - passed))
    yield from (f"{x} is checked, but is no equation" for x in sorted(passed - claims))
    yield from (f"{x} is printed, not called" for x in sorted(passed - called))
    yield from (f"{x} is called, not printed" for x in sorted(called - passed))
    for label in labels:
        if not label.startswith(("eq-", "def-")):
            yield f"{label} is neither eq-… nor def-…"


def repeated_labels(notebooks):
    """Labels that stand at more than one formula of the book."""
    count = Counter(x for n in notebooks for x, _ in ledger.equations(n))
    return sorted(label for label, n in count.items() if n > 1)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_claim_of_a_chapter_is_checked_and_every_check_is_claimed(path):
    assert list(label_problems(ledger.read_notebook(path))) == []


def test_a_label_names_one_formula_of_the_book():
    assert repeated_labels(map(ledger.read_notebook, CHAPTERS)) == []


def test_the_ledger_holds_no_unchecked_equation_and_is_not_empty():
    claims = ledger.read_book(ROOT)
    assert len(claims) >= len(CHAPTERS) > 0
    assert ledger.unverified(claims) == []
    assert ledger.unclaimed(ROOT) == []


# -- The rules above can fail --------------------------------------------------

HOLDS = "eq-a holds (tolerance 1e-7)\n"
CALL = 'verify("eq-a", d, m, rtol=1e-7)'


def notebook(text="$$ a $$ (eq-a)", source=CALL, stdout=HOLDS):
    outputs = [nb.new_output("stream", name="stdout", text=stdout)] if stdout else []
    cells = [nb.new_markdown_cell(text), nb.new_code_cell(source, outputs=outputs)]
    return nb.new_notebook(cells=cells)


@pytest.mark.parametrize(
    ("spoiled", "expected"),
    [
        (notebook(), []),
        (notebook("$$ a $$ (eq-a)\n\n$$ b $$ (def-b)"), []),
        (notebook("$$ a $$ (eq-a)\n\n$$ b $$ (eq-b)"), ["eq-b has no check"]),
        (notebook("$$ a $$"), ["eq-a is checked, but is no equation"]),
        (notebook("$$ a $$ (eq-a)\n\n$$ b $$ (b)"), ["b is neither eq-… nor def-…"]),
        (notebook(source="print(text)"), ["eq-a is printed, not called"]),
        (notebook(source="# " + CALL), ["eq-a is printed, not called"]),
        (
            notebook(source=CALL.replace('"eq-a"', "label")),
            ["eq-a is printed, not called", "label is called, not printed"],
        ),
        (
            notebook(source=f'{CALL}\nverify("eq-b", d, m, rtol=1e-7)'),
            ["eq-b is called, not printed"],
        ),
        (
            notebook(stdout=""),
            ["eq-a has no check", "eq-a is called, not printed"],
        ),
    ],
)
def test_a_spoiled_notebook_is_reported(spoiled, expected):
    assert list(label_problems(spoiled)) == expected


def test_a_label_used_twice_is_reported_within_a_chapter_and_across():
    assert repeated_labels([notebook(), notebook()]) == ["eq-a"]
    assert repeated_labels([notebook("$$ a $$ (eq-a)\n\n$$ b $$ (eq-a)")]) == ["eq-a"]
