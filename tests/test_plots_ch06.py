"""Chapter 6's figures: walks over contours, and a loss along a line."""

import numpy as np
import pytest
from test_plots import (
    test_no_text_is_cut_off_at_the_edge as nothing_is_cut_off,
)
from test_plots import (
    test_no_text_lies_on_another as nothing_overlaps,
)
from test_plots import (
    test_text_can_be_read_on_a_phone as readable,
)

from course import plots

C = np.array([1.0, 10.0])
START = np.array([10.0, 1.0])
AXES = {"xlabel": "flat", "ylabel": "steep"}
STEPS = np.arange(0, 8, 0.1)
WAVE = 0.8 - 0.1 * np.sin(STEPS)


def walk(eta, steps=12):
    return START * (1 - eta * C) ** np.arange(steps + 1)[:, None]


def bowl(w):
    return float(C @ w**2 / 2)


FIGURES = {
    "three walks": lambda: plots.walks(
        bowl, {f"η = {eta}": walk(eta) for eta in (0.15, 0.2, 0.21)}, **AXES
    ),
    "one walk": lambda: plots.walks(bowl, {"alone": walk(0.15, 60)}, **AXES),
    "along": lambda: plots.along(STEPS, WAVE, slope=-0.1, second=0.06, dots=[1, 4.7]),
}
every_figure = pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES)


@every_figure
def test_figures_can_be_read(draw):
    nothing_is_cut_off(draw)
    nothing_overlaps(draw)
    readable(draw)


def test_a_walk_is_drawn_step_by_step_on_shared_axes():
    fig = FIGURES["three walks"]()
    for ax, eta in zip(fig.axes, (0.15, 0.2, 0.21), strict=True):
        (path,) = (line for line in ax.lines if len(line.get_xdata()) > 1)
        assert np.allclose(path.get_xydata(), walk(eta))
        assert ax.get_title(loc="left") == f"η = {eta}"
    assert len({(*ax.get_xlim(), *ax.get_ylim()) for ax in fig.axes}) == 1


def test_the_cross_marks_the_lowest_place():
    cross = next(
        x for x in FIGURES["one walk"]().axes[0].lines if x.get_marker() == "+"
    )
    # A grid of 121 points a side: half a step of it.
    assert np.abs(cross.get_xydata()).max() < 0.06


def test_forecasts_have_the_slope_and_curvature_given():
    tangent, parabola = FIGURES["along"]().axes[0].lines[1:3]
    assert np.allclose(np.diff(tangent.get_ydata()), -0.01)
    assert np.allclose(np.diff(parabola.get_ydata(), 2), 0.06 * 0.1**2)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: plots.walks(bowl, {}, **AXES), "one to four"),
        (lambda: plots.walks(bowl, {"a": [[1, 2, 3]]}, **AXES), "two columns"),
        (lambda: plots.along([1, 2], [1, 2], slope=0, second=0), "from 0"),
        (lambda: plots.along([0, 1], [1], slope=0, second=0), "as many"),
    ],
)
def test_what_cannot_be_drawn_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        wrong()
