"""Chapter 4's part of a graph: whole, legible, and true to its numbers."""

import itertools

import pytest
from matplotlib.patches import FancyBboxPatch
from test_plots import drawn, texts

import backprop as bp
from course import plots


def graph():
    """L = (m + r)² where m = x·x and r = tanh y; m is one part, r the rest."""
    x, y = bp.Value(2.0, label="x"), bp.Value(0.5, label="y")
    m = x * x
    m.label = "m"
    r = y.tanh()
    L = (m + r) ** 2
    L.backward()
    return L, m


def test_a_part_has_the_node_its_inputs_its_way_down_and_the_rest_as_one_box():
    L, m = graph()
    fig = drawn(plots.graph_part(L, m))
    said = [text.get_text() for text, _ in texts(fig)]
    boxes = [p for p in fig.axes[0].patches if isinstance(p, FancyBboxPatch)]
    # x, m, the rest, their sum and the square; y is inside the rest.
    assert len(boxes) == 5
    assert {"x", "m  ×", "tanh", "+", "^2"} <= set(said)
    assert "y" not in said
    assert [p.get_linestyle() for p in boxes].count("--") == 1
    # d(m + r)² = 2 (m + r) = 8.924 for m, times 2x = 4 for x.
    assert {"∂ 8.924", "∂ 35.697"} <= set(said)


def test_the_result_is_on_top_and_arrows_go_up_to_it():
    fig = drawn(plots.graph_part(*graph()))
    boxes = [p for p in fig.axes[0].patches if isinstance(p, FancyBboxPatch)]
    heights = {text.get_text(): text.get_position()[1] for text, _ in texts(fig)}
    assert heights["^2"] > heights["+"] > heights["m  ×"] > heights["x"]
    arrows = [t for t in fig.axes[0].texts if getattr(t, "arrow_patch", None)]
    assert len(arrows) == len(boxes) - 1
    for arrow in arrows:
        assert arrow.xy[1] > arrow.xyann[1]


def test_nothing_is_cut_off_or_on_top_of_anything():
    fig = drawn(plots.graph_part(*graph(), digits=4))
    boxes = [box for _, box in texts(fig)]
    for box in boxes:
        assert fig.bbox.contains(box.x0, box.y0)
        assert fig.bbox.contains(box.x1, box.y1)
    for first, second in itertools.combinations(boxes, 2):
        assert not first.overlaps(second)


def test_it_is_narrow_enough_for_a_small_screen():
    width, _ = plots.graph_part(*graph()).get_size_inches()
    assert width < 6.4


def test_a_node_of_another_graph_is_refused():
    L, _ = graph()
    with pytest.raises(ValueError, match="does not depend on"):
        plots.graph_part(L, bp.Value(1))


def test_more_than_six_beside_each_other_are_refused():
    row = [bp.Value(k) for k in range(8)]
    while len(row) > 1:
        row = [a + b for a, b in zip(row[::2], row[1::2], strict=True)]
    with pytest.raises(ValueError, match="in a row"):
        plots.graph_part(row[0], row[0])
