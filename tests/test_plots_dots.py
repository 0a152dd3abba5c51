"""Dots with their ranges: every value where it belongs, legible, no colour alone."""

import numpy as np
import pytest
from test_plots import (
    test_a_figure_is_the_same_every_time as always_the_same,
)
from test_plots import (
    test_no_text_is_cut_off_at_the_edge as nothing_is_cut_off,
)
from test_plots import (
    test_no_text_lies_on_another as nothing_overlaps,
)
from test_plots import (
    test_text_can_be_read_on_a_phone as readable,
)

from course import measured, plots

ROWS = ["slow", "like ours", "fast"]
ONE = {"slow": (2, 3, 90), "like ours": (0.9, 1, 1.1), "fast": (0.1, 0.2, 0.3)}
TWO = {"slow": (4, 5, 6), "fast": (0.4, 0.5, 0.6)}
PANELS = {
    "w1: 784-128-64-10": {"one core": ONE, "two cores": TWO},
    "w2": {"one core": TWO, "two cores": {}},
    "w3": {"one core": {"like ours": (1, 1, 1)}},
}
RUN = measured.read()
FIGURES = {
    "three panels": lambda: plots.dots(
        PANELS, rows=ROWS, xlabel="theirs ÷ ours", line=1, logx=True
    ),
    "one panel": lambda: plots.dots({"": {"": ONE}}, rows=ROWS, xlabel="x"),
    "the book's": lambda: plots.dots(
        measured.panels(RUN), rows=RUN.peers(), xlabel="÷", line=1, logx=True
    ),
    "the book's passes": lambda: plots.dots(
        {"": measured.passes(RUN)}, rows=list(RUN.at("passes")), xlabel="÷"
    ),
}
every_figure = pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES)


@every_figure
def test_figures_can_be_read(draw):
    nothing_is_cut_off(draw)
    nothing_overlaps(draw)
    readable(draw)
    always_the_same(draw)


def marks(ax, marker):
    """Return row and value of each mark of one kind; rows as near as they are."""
    found = [x for x in ax.lines if x.get_marker() == marker]
    return {round(x.get_ydata()[0]): float(x.get_xdata()[0]) for x in found}


def ranges(ax):
    """Return the ends of what is drawn through the marks, in order."""
    return [
        tuple(map(float, x.get_xdata()))
        for x in ax.lines
        if x.get_marker() == "None" and x.get_linewidth() == 2
    ]


def test_each_value_is_in_its_panel_and_row():
    first, second, third = FIGURES["three panels"]().axes[:3]
    assert marks(first, "o") == {0: 3, 1: 1, 2: 0.2}
    assert marks(first, "D") == {0: 5, 2: 0.5}
    assert ranges(first) == [(2, 90), (0.9, 1.1), (0.1, 0.3), (4, 6), (0.4, 0.6)]
    assert marks(second, "o") == {0: 5, 2: 0.5}
    assert not marks(second, "D")
    assert marks(third, "o") == {1: 1}


def test_rows_go_down_in_the_order_given_on_a_shared_axis():
    axes = FIGURES["three panels"]().axes
    assert [text.get_text() for text in axes[0].get_yticklabels()] == ROWS
    low, high = axes[0].get_ylim()
    assert low > 2 > 0 > high
    assert len({ax.get_xlim() for ax in axes[:3]}) == 1
    assert not axes[3].axison


def test_the_line_is_in_every_panel_and_all_dots_are_within():
    for ax in FIGURES["three panels"]().axes[:3]:
        line = next(x for x in ax.lines if x.get_linewidth() == 1.2)
        assert list(line.get_xdata()) == [1, 1]
        low, high = ax.get_xlim()
        assert low < 0.1 < 90 < high


def test_two_kinds_of_marks_differ_in_form_and_filling_and_are_named():
    fig = FIGURES["three panels"]()
    (legend,) = fig.legends
    assert [text.get_text() for text in legend.get_texts()] == ["one core", "two cores"]
    faces = {x.get_markerfacecolor() for x in legend.get_lines()}
    assert len(faces) == 2
    assert not FIGURES["one panel"]().legends


@pytest.mark.parametrize(
    ("panels", "message"),
    [
        ({}, "0 panels of 3 rows"),
        ({"w": {"a": ONE, "b": ONE, "c": ONE}}, "3 kinds of marks"),
        ({"w": {"a": {"unknown": (1, 2, 3)}}}, "no row is called 'unknown'"),
        ({"w": {"a": {"slow": (2, 1, 3)}}}, "slow is .* expected smallest, middle"),
        ({"w": {"a": {"slow": (1, 2)}}}, "expected smallest, middle and largest"),
        ({"w": {"a": {"slow": (0, 1, 2)}}}, "all positive"),
        ({"w": {"a": {"slow": (1, np.nan, 2)}}}, "1 of 3 numbers of slow"),
    ],
)
def test_what_cannot_be_drawn_is_refused(panels, message):
    with pytest.raises(ValueError, match=message):
        plots.dots(panels, rows=ROWS, xlabel="x", logx=True)
