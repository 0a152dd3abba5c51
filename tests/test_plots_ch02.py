"""Figures of chapter 2: ways that cross, ways that do not, and named examples."""

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


def test_bent_ways_are_drawn_in_their_class_s_line_style():
    bent = [[[0, 0], [0.5, 0.2], [1, 1]], [[1, 0], [0.5, 0.2], [0, 1]]]
    (ax,) = plots.segments(X, [0, 1, 0, 1], points=POINTS, bent=bent, **WORDS).axes
    assert [line.get_xydata().tolist() for line in ax.lines[2:]] == bent
    styles = [line.get_linestyle() for line in ax.lines]
    assert styles[:2] == styles[2:]


def test_a_plane_of_answers_names_its_examples_if_told():
    def drawn(**more):
        (ax,) = plots.decision_boundary(
            lambda P: P[:, :1], X, [0, 1, 0, 1], **WORDS, **more
        ).axes
        return [text.get_text() for text in ax.texts]

    assert not set(POINTS) & set(drawn())
    assert drawn(points=POINTS)[-4:] == POINTS
    with pytest.raises(ValueError, match="decision_boundary: 3 points are named"):
        drawn(points=POINTS[:3])


def test_segments_want_a_name_for_each_example():
    with pytest.raises(ValueError, match="3 points are named, expected one name for"):
        plots.segments(X, [0, 1, 0, 1], points=POINTS[:3], **WORDS)
