"""Figures of chapter 2: strokes that cross, and strokes that do not."""

import numpy as np
import pytest

from course import plots

X = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]
WORDS = {"names": ["no", "yes"], "xlabel": "u", "ylabel": "l"}
POINTS = ["3", "5", "6", "2"]


def test_segments_join_the_examples_of_each_class():
    (ax,) = plots.segments(X, [0, 1, 0, 1], points=POINTS, **WORDS).axes
    no, yes = (line.get_xydata() for line in ax.lines)
    assert np.array_equal(no, [X[0], X[2]])
    assert np.array_equal(yes, [X[1], X[3]])
    assert [text.get_text() for text in ax.texts] == POINTS
    assert ax.lines[0].get_linestyle() != ax.lines[1].get_linestyle()


def test_segments_want_a_name_for_each_example():
    with pytest.raises(ValueError, match="3 points are named, expected one name for"):
        plots.segments(X, [0, 1, 0, 1], points=POINTS[:3], **WORDS)
