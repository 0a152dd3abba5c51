"""The ledger reads claims and checks off notebooks, in the book's order."""

import nbformat.v4 as nb
import pytest

from course import ledger

TOC = """\
format: jb-book
root: intro
parts:
  - caption: Part I
    chapters:
      - file: chapters/02_second
      - file: chapters/01_first
        sections:
          - file: chapters/01a_more.ipynb
"""


def notebook(*markdown, stdout=""):
    cells = [nb.new_markdown_cell(text) for text in markdown]
    output = nb.new_output("stream", name="stdout", text=stdout)
    cells.append(nb.new_code_cell("verify(…)", outputs=[output] if stdout else []))
    return nb.new_notebook(cells=cells)


@pytest.fixture
def book(tmp_path):
    (tmp_path / "chapters").mkdir()
    (tmp_path / "_toc.yml").write_text(TOC)
    (tmp_path / "intro.md").write_text("# Not a notebook\n\n$$ a $$ (eq-no)\n")
    write(
        tmp_path / "chapters/01_first.ipynb",
        notebook(
            "# 1. Learning\n\n$$ s = 2w $$ (eq-slope)",
            "$$\nL = w^2\n$$ (def-loss)\n\nwords $$ x $$ (in brackets)",
            stdout="eq-slope holds (tolerance 1e-9)\nslope 6.0\n"
            "eq-slope holds (tolerance 1e-7)\n",
        ),
    )
    write(tmp_path / "chapters/01a_more.ipynb", notebook("# More"))
    write(
        tmp_path / "chapters/02_second.ipynb",
        notebook(
            "# 2. The forward pass  \n\n$$ z = w x $$ (eq-z)\n\n$$a$$\n\n$$b$$ (eq-b)",
            stdout="eq-gone holds (tolerance 2.5e-4)\n",
        ),
    )
    return tmp_path


def write(path, content):
    path.write_text(nb.writes(content), encoding="utf-8")


def test_claims_come_in_the_order_of_the_table_of_contents(book):
    labels = [claim.label for claim in ledger.read_book(book)]
    assert labels == ["eq-z", "eq-b", "eq-slope"]


def test_a_claim_carries_formula_chapter_and_the_loosest_tolerance(book):
    assert ledger.read_book(book)[-1] == ledger.Claim(
        "eq-slope", "s = 2w", "chapters/01_first", "1. Learning", "1e-7"
    )


def test_a_claim_without_a_check_is_found(book):
    found = ledger.unverified(ledger.read_book(book))
    assert [claim.label for claim in found] == ["eq-z", "eq-b"]


def test_a_check_without_its_equation_is_found(book):
    assert ledger.unclaimed(book) == [("chapters/02_second", "eq-gone")]


def test_definitions_and_unlabelled_formulas_are_no_claims():
    found = notebook("$$ a $$\n\n$$ b $$ (def-b)\n\n$$ c $$ (eq-c)\n\n$$ d $$ (1)")
    assert ledger.equations(found) == [("def-b", "b"), ("eq-c", "c"), ("1", "d")]


def test_formulas_in_code_are_no_claims():
    fence = "```\n$$ a $$ (eq-a)\n```\n\nand `$$ b $$ (eq-b)`, but $$ c $$ (eq-c)"
    assert ledger.equations(notebook(fence)) == [("eq-c", "c")]


def test_only_whole_lines_of_stdout_count_as_checks():
    text = "so eq-a holds (tolerance 1e-7)\neq-b holds (tolerance 1e-7), nearly\n"
    found = notebook(stdout=text)
    stderr = nb.new_output("stream", name="stderr", text="eq-c holds (tolerance 1e-7)")
    found.cells[-1].outputs.append(stderr)
    assert ledger.checks(found) == {}


def test_a_notebook_without_a_title_is_refused():
    with pytest.raises(ValueError, match="no first-level heading"):
        ledger.heading(notebook("## Goals"))


def test_a_notebook_that_the_contents_list_but_nobody_wrote_is_an_error(book):
    (book / "chapters/01_first.ipynb").unlink()
    with pytest.raises(FileNotFoundError, match="01_first"):
        ledger.read_book(book)
