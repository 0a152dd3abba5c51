"""The figure of chapter 0 shows all four pieces of a rectangle that has grown."""

import pytest
from matplotlib.patches import Rectangle

from course import plots


def test_the_pieces_make_up_the_rectangle_that_has_grown():
    fig = plots.growing_rectangle(4, 3, 0.5, 0.25)
    pieces = [p for p in fig.axes[0].patches if isinstance(p, Rectangle)]
    areas = [p.get_width() * p.get_height() for p in pieces]
    assert sum(areas) == pytest.approx(4.5 * 3.25)
    hatches = [p.get_hatch() for p in pieces]
    assert len(set(hatches)) == len(pieces) == 4  # told apart without colour


def test_each_piece_has_its_name_and_its_area():
    fig = plots.growing_rectangle(4, 3, 0.5, 0.25)
    texts = {t.get_text().split("\n")[0]: t.get_text() for t in fig.axes[0].texts}
    assert texts["wider"].endswith("= 1.50")
    assert texts["higher"].endswith("= 1")
    assert set(texts) == {"area before", "wider", "higher", "corner"}


def test_a_side_that_does_not_grow_is_refused():
    with pytest.raises(ValueError, match="more_width is 0, expected above 0"):
        plots.growing_rectangle(4, 3, 0, 1)
