"""Pages count by the number in their file's name: 0 is one, none is none."""

import json
from types import SimpleNamespace

import booknumbers
import pytest
from bookledger import chapter_number


@pytest.mark.parametrize(
    ("page", "number"),
    [
        ("chapters/00_before_you_start", 0),
        ("chapters/07_the_training_loop", 7),
        ("chapters/check_one_to_four", None),
        ("chapters/concept_test_before", None),
        ("appendix/ledger", None),
    ],
)
def test_a_title_is_numbered_as_its_file_is(page, number):
    assert chapter_number(page) == number
    cell = {"cell_type": "markdown", "metadata": {}, "source": ["# A title\n"]}
    source = [json.dumps({"cells": [cell]})]
    booknumbers.number_title(SimpleNamespace(), page, source)
    (shown,) = json.loads(source[0])["cells"][0]["source"]
    assert shown == ("# A title\n" if number is None else f"# {number}. A title\n")
