"""Chapter 5's map of the two passes: whole, legible, and true to the shapes."""

import itertools

import pytest
from test_plots import drawn, texts

from course import plots

SHAPES = {"X": (4, 2), "Z1": (4, 3), "A1": (4, 3), "Z2": (4, 1)}
SHAPES |= {"W1": (2, 3), "b1": (3,), "W2": (3, 1), "b2": (1,)}


def test_every_array_stands_there_with_its_gradient_and_shape():
    said = [text.get_text() for text, _ in texts(drawn(plots.two_passes(SHAPES)))]
    arrays = ["X", "Z1", "A1", "Z2", "loss"]
    gradients = ["dZ2", "dA1", "dZ1", "dW1", "db1", "dW2", "db2"]
    for name in arrays + gradients:
        assert said.count(name) == 1
    assert said.count("4 × 3") == 4  # Z1, A1, dA1, dZ1
    assert said.count("2 × 3") == said.count("3 × 1") == 1  # dW1, dW2


def test_nothing_is_cut_off_or_on_top_of_anything():
    fig = drawn(plots.two_passes(SHAPES))
    boxes = texts(fig)
    for _, box in boxes:
        assert fig.bbox.contains(box.x0, box.y0)
        assert fig.bbox.contains(box.x1, box.y1)
    for (a, first), (b, second) in itertools.combinations(boxes, 2):
        assert not first.overlaps(second), (a.get_text(), b.get_text())


def test_a_missing_shape_is_named():
    with pytest.raises(ValueError, match="expected"):
        plots.two_passes({"X": (4, 2)})
