"""Glossary, index and API reference name what there is, and all of it."""

import inspect
import re
from pathlib import Path

import pytest
from bookterms import glossary_terms, plural

import backprop as bp
from course import ledger

ROOT = Path(__file__).parent.parent
TERMS = glossary_terms(ROOT)
BOLD = re.compile(r"\*\*([^*\n]+(?:\n[^*\n]+)?)\*\*")


def introduced():
    """Every glossary term that a notebook page sets in bold."""
    for path in ledger.chapter_paths(ROOT):
        for cell in ledger.read_notebook(ROOT / path).cells:
            if cell.cell_type == "markdown":
                for words in BOLD.findall(cell.source):
                    yield TERMS.get(re.sub(r"\s+", " ", words).lower())


def test_every_term_of_the_glossary_is_introduced_in_bold_on_some_page():
    assert sorted(set(TERMS.values()) - set(introduced())) == []


def test_the_glossary_is_in_alphabetical_order():
    text = (ROOT / "appendix" / "glossary.md").read_text(encoding="utf-8")
    terms = [line for line in text.splitlines() if line in TERMS.values()]
    assert len(terms) == len(set(TERMS.values())) > 50
    assert terms == sorted(terms, key=str.lower)


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("logit", "logits"),
        ("loss", "losses"),
        ("batch", "batches"),
        ("index", "indexes"),
    ],
)
def test_a_plural_leads_to_its_term(one, many):
    assert plural(one) == many


def test_the_reference_has_every_public_name():
    page = (ROOT / "appendix" / "api.md").read_text(encoding="utf-8")
    listed = set(
        re.findall(r"^\.\. auto(?:class|function):: (\w+)$", page, re.MULTILINE)
    )
    assert listed == set(bp.__all__) - {"data"}
    data = re.search(r"automodule:: backprop\.data\n\s+:members: (.*)", page)[1]
    # Its fields are told in its docstring; autodoc would repeat each without one.
    alone = re.findall(r"autoclass:: backprop\.data\.(\w+)$", page, re.MULTILINE)
    assert {*data.split(", "), *alone} == set(bp.data.__all__)


@pytest.mark.parametrize("name", bp.__all__)
def test_a_name_of_the_reference_has_a_docstring_of_its_own(name):
    assert len(inspect.getdoc(getattr(bp, name))) > 40
