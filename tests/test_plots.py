"""Figures can be read: nothing clipped, no names on names, no colour alone."""

import base64
import io
import itertools
import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

import backprop as bp
from course import plots
from course.plots.labels import darker, move_apart
from course.plots.style import COLOURS, LINES, book_style, number

EPOCHS = np.arange(1, 41)
FALL = 2.3 * np.exp(-EPOCHS / 6) + 0.05
X = np.array([[0.0625, 0.1875], [0.875, 0.8125], [0.5, 0.140625], [0.354, 0.953]])
PLANE = {"xlabel": "u", "ylabel": "l"}
IMAGES = np.linspace(0, 1, 192).reshape(3, 8, 8)
BOXES = {"u": np.s_[2:5, 2], "l": np.s_[5:7, 2:4]}


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def network():
    net = bp.Sequential(bp.Dense(2, 3), bp.Tanh(), bp.Dense(3, 1), rng=0)
    net.layers[0].W = [[1, -1, 2], [-1, 1, 1]]
    return net


def graph():
    x = bp.Value(3.0, label="x")
    y = (x * x) * x + x.tanh()
    y.backward()
    return y


FIGURES = {
    "curves": lambda: plots.curves(
        EPOCHS,
        {"a": FALL, "b": FALL + 0.01, "c": FALL - 0.01, "d": FALL + 1},
        xlabel="x",
        ylabel="y",
        points={"here": (10, 0.5), "there": (11, 0.5)},
        mark={"a while": 30},
    ),
    "loss": lambda: plots.loss_curves(
        {"training": FALL, "validation": FALL + 0.01}, mark={"best": 12}
    ),
    "loss, log": lambda: plots.loss_curves({"training": FALL}, logy=True),
    "one epoch": lambda: plots.loss_curves({"training": [2.3]}),
    "V": lambda: plots.error_against_step(
        10.0 ** np.arange(-4, 0), {"one-sided": [4, 2, 3, 5], "two-sided": [0, 1, 2, 3]}
    ),
    "norms": lambda: plots.gradient_norms(
        np.outer(FALL, [1, 1.01, 0.99]), ["first layer", "second layer", "last layer"]
    ),
    "histograms": lambda: plots.gradient_histograms(
        {"layer 1": np.sin(EPOCHS).reshape(4, 10), "layer 2": FALL}
    ),
    "scatter": lambda: plots.scatter(X, [0, 1, 0, 1], names=["no", "yes"], **PLANE),
    "boundary": lambda: plots.decision_boundary(
        lambda P: sigmoid(P @ [4, 3] - 3),
        X,
        [[0], [1], [0], [1]],
        names=["no", "yes"],
        **PLANE,
    ),
    "regions": lambda: plots.decision_boundary(
        lambda P: -np.square(P[:, None] - X).sum(axis=2),
        X,
        range(4),
        names=["three", "six", "five", "two"],
        **PLANE,
    ),
    "images": lambda: plots.images(IMAGES, titles=["a", "b", "c"], boxes=BOXES),
    "pixels": lambda: plots.images(IMAGES[:2], titles=["a", "b"], values=True),
    "bars": lambda: plots.bars({"weight of u": -0.0143, "bias": 0.0127}, xlabel="dL"),
    "confusion": lambda: plots.confusion([[181, 2], [3, 178]], ["three", "six"]),
    "network": lambda: plots.network_diagram(
        network(),
        names=[["u", "l"], ["h₁", "h₂", "h₃"], ["y"]],
        values=[[0.06, 0.19], [-0.12, 0.12, -0.6], [0.6]],
        gradients=[[], [0.1, -0.1, 0.2], [-0.35]],
    ),
    "neuron": lambda: plots.network_diagram(
        [2, 1], weights=[[[0.5], [-0.5]]], weight_gradients=[[[-0.2148], [-0.1994]]]
    ),
    "graph": lambda: plots.computation_graph(graph()),
}
every_figure = pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES)


@book_style
def drawn(fig):
    FigureCanvasAgg(fig).draw()
    return fig


def texts(fig):
    """Texts that are seen, with their boxes in pixels, arrows left out."""
    axes = [axis for ax in fig.axes for axis in (ax.xaxis, ax.yaxis)]
    unseen = set()
    for axis in axes:  # Matplotlib keeps labels of ticks beyond the limits
        low, high = sorted(axis.get_view_interval())
        for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
            if not (axis.get_visible() and low <= tick.get_loc() <= high):
                unseen |= {tick.label1, tick.label2}
    hidden = {t for ax in fig.axes if not ax.axison for t in ax.xaxis.findobj(Text)}
    hidden |= {t for ax in fig.axes if not ax.axison for t in ax.yaxis.findobj(Text)}
    return [
        (text, Text.get_window_extent(text))
        for text in fig.findobj(Text)
        if text.get_visible() and text.get_text().strip()
        if text not in unseen | hidden
    ]


# -- Legible -------------------------------------------------------------------


@every_figure
def test_no_text_is_cut_off_at_the_edge(draw):
    fig = drawn(draw())
    seen = fig.bbox.padded(0.5)  # antialiasing
    for text, box in texts(fig):
        assert seen.contains(box.x0, box.y0), text
        assert seen.contains(box.x1, box.y1), text


@every_figure
def test_no_text_lies_on_another(draw):
    # A text's box holds room for accents and descenders: 15 % of it at the top
    # and at the bottom may touch.
    cores = [
        (text.get_text(), box.padded(0, -0.15 * box.height))
        for text, box in texts(drawn(draw()))
    ]
    for (a, box_a), (b, box_b) in itertools.combinations(cores, 2):
        assert not box_a.overlaps(box_b), (a, b)


@every_figure
def test_text_can_be_read_on_a_phone(draw):
    # A 640 px figure on a 360 px page shrinks to about 328 px: 10 pt, which are
    # 13.9 px, become 7.1 px. Graphs may be wider; their page scrolls.
    fig = drawn(draw())
    for text, _ in texts(fig):
        small = text.get_text().translate(str.maketrans("", "", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
        assert not small or text.get_fontsize() >= 10, text


# -- Colours -------------------------------------------------------------------


def contrast(a, b):
    """Contrast by WCAG 2.2 of two colours."""

    def luminance(colour):
        rgb = np.array(mpl.colors.to_rgb(colour))
        linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        return linear @ [0.2126, 0.7152, 0.0722]

    low, high = sorted([luminance(a), luminance(b)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colour", COLOURS)
def test_lines_keep_3_to_1_and_their_names_4_5_to_1_on_white(colour):
    assert contrast(colour, "white") >= 3
    assert contrast(darker(colour), "white") >= 4.5


@pytest.mark.parametrize("colour", COLOURS)
def test_lines_and_names_can_be_told_apart_in_the_dark_theme(colour):
    # CSS: invert(.93) hue-rotate(180deg), as in the Filter Effects specification.
    rotate = [[-0.574, 1.430, 0.144], [0.426, 0.430, 0.144], [0.426, 1.430, -0.856]]

    def in_the_dark(c):
        rgb = np.array(mpl.colors.to_rgb(c))
        inverted = rgb * (1 - 0.93) + (1 - rgb) * 0.93
        return np.clip(np.array(rotate) @ inverted, 0, 1)

    paper = in_the_dark("white")
    assert contrast(in_the_dark(colour), paper) >= 3
    assert contrast(in_the_dark(darker(colour)), paper) >= 4.5


def test_curves_of_one_colour_differ_in_their_lines():
    lines = FIGURES["curves"]().axes[0].lines[:4]
    assert len({str(line._dash_pattern) for line in lines}) == 4 == len(LINES)


def test_classes_differ_in_shape_and_filling_not_in_colour():
    found = FIGURES["scatter"]().axes[0].collections
    shapes = {c.get_paths()[0].vertices.shape for c in found}
    filling = {tuple(c.get_facecolor()[0]) for c in found}
    assert len(shapes) == len(filling) == 2


# -- Numbers on the figures ----------------------------------------------------


def words(fig):
    return {text.get_text() for text, _ in texts(drawn(fig))}


def test_error_against_step_marks_the_smallest_error_that_is_not_zero():
    found = words(FIGURES["V"]())
    assert {"h = 10⁻³", "one-sided", "two-sided"} <= found


def test_network_diagram_writes_every_number_where_it_belongs():
    found = words(FIGURES["network"]())
    assert {"0.06", "−0.12", "−0.60", "∂ −0.35", "h₂", "2"} <= found
    assert {"0.50", "∂ −0.21", "−0.50", "∂ −0.20"} <= words(
        plots.network_diagram(
            [2, 1], weights=[[[0.5], [-0.5]]], weight_gradients=[[[-0.21], [-0.2]]]
        )
    )


def test_numbers_of_a_network_stand_outside_its_neurons():
    fig = drawn(FIGURES["network"]())
    shapes = [p.get_window_extent() for p in fig.axes[0].patches if p.get_zorder() == 3]
    assert len(shapes) == 2 + 3 + 1
    inside = {
        text.get_text()
        for text, box in texts(fig)
        for shape in shapes
        if shape.overlaps(box)
    }
    assert inside == {"u", "l", "h₁", "h₂", "h₃", "y"}


def test_computation_graph_shows_operation_value_and_gradient_of_every_node():
    # y = x³ + tanh x at 3: dy/dx = 27 + 1 - tanh² 3 = 27.010.
    found = words(FIGURES["graph"]())
    assert {"x", "×", "tanh", "+", "9", "27.995", "∂ 27.010", "∂ 1"} <= found


def test_images_outlines_what_numpy_would_index():
    boxes = FIGURES["images"]().axes[0].patches
    drawn_boxes = {tuple(b.get_bbox().bounds) for b in boxes if b.get_linewidth() > 1}
    # Rows 2 to 4 of column 2; rows 5 and 6 of columns 2 and 3. Pixels are centred.
    assert drawn_boxes == {(1.5, 1.5, 1, 3), (1.5, 4.5, 2, 2)}


def test_a_decision_is_named_where_it_is_made():
    ax = drawn(FIGURES["regions"]()).axes[0]
    for text in ax.texts:
        place = np.array(text.get_position())
        nearest = np.square(place - X).sum(axis=1).argmin()
        assert text.get_text() == ["three", "six", "five", "two"][nearest]


@pytest.mark.parametrize(
    ("x", "digits", "text"),
    [
        (0, 2, "0"),
        (-0.0, 2, "0"),
        (27.0, 3, "27"),
        (-0.5, 3, "−0.500"),
        (0.004, 2, "4·10⁻³"),
        (1e-8, 2, "10⁻⁸"),
        (-1e-8, 2, "−10⁻⁸"),
        (3.2e7, 1, "32000000"),
        (3.25e12 + 0.5, 1, "3·10¹²"),
    ],
)
def test_numbers_are_written_briefly(x, digits, text):
    if text == "32000000":
        text = "3·10⁷"  # whole, but longer than a figure has room for
    assert number(x, digits) == text


# -- Labels that give way ------------------------------------------------------

intervals = st.lists(
    st.tuples(st.floats(-1e3, 1e3), st.floats(0.1, 50)), min_size=1, max_size=12
)


@given(intervals)
def test_moved_intervals_keep_their_order_and_do_not_overlap(pairs):
    centres, heights = np.array(pairs).T
    moved = move_apart(centres, heights)
    order = np.argsort(centres, kind="stable")
    gaps = np.diff(moved[order])
    needed = (heights[order][1:] + heights[order][:-1]) / 2
    assert (gaps >= needed - 1e-9).all()  # rounding of sums up to 1e3


@given(intervals)
def test_intervals_that_do_not_overlap_stay(pairs):
    heights = np.array(pairs)[:, 1]
    apart = np.cumsum(heights) - heights / 2 + 0.1 * np.arange(len(heights))
    assert np.allclose(move_apart(apart, heights), apart, rtol=0, atol=1e-9)


def test_two_intervals_at_one_place_share_the_way():
    assert move_apart(np.array([5.0, 5.0]), np.array([2.0, 2.0])).tolist() == [4, 6]


# -- Manners -------------------------------------------------------------------


@every_figure
def test_settings_of_the_reader_are_left_alone(draw):
    usual = png(draw())
    with mpl.rc_context({"font.size": 5, "axes.grid": True, "text.color": "red"}):
        before = dict(mpl.rcParams)
        fig = draw()
        assert isinstance(fig, Figure)
        assert png(fig) == usual  # nor do they get into the book's figures
        assert dict(mpl.rcParams) == before


@every_figure
def test_a_figure_is_the_same_every_time(draw):
    first, second = (png(draw()) for _ in range(2))
    assert first == second


@book_style
def png(fig):
    file = io.BytesIO()
    fig.savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()


def test_plots_never_load_pyplot():
    code = (
        "import sys; from course import plots; "
        "plots.show(plots.bars({'a': 1.0}, xlabel='x'), alt='a bar of length one'*2); "
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


# -- show ----------------------------------------------------------------------

ALT = "the loss falls from 2.3 to 0.1 in forty epochs"


@pytest.fixture
def published(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    return shown


def test_show_publishes_png_text_alt_and_size(published):
    assert plots.show(FIGURES["loss"](), alt=f"  {ALT}\n") is None
    data, metadata = published[0]._repr_mimebundle_()
    assert set(data) == {"image/png", "text/plain"}
    assert data["text/plain"] == f"Figure: {ALT}"
    size = {"alt": ALT, "width": 640, "height": 360}
    assert metadata == {"image/png": size}


def test_show_gives_two_pixels_of_picture_for_one_of_the_page(published):
    plots.show(FIGURES["loss"](), alt=ALT)
    data, _ = published[0]._repr_mimebundle_()
    header = base64.b64decode(data["image/png"])[16:24]  # width and height of a PNG
    assert [int.from_bytes(header[i : i + 4], "big") for i in (0, 4)] == [1280, 720]


@pytest.mark.parametrize("alt", ["", "a loss curve", " " * 40])
def test_show_refuses_alt_text_that_says_nothing(alt, published):
    with pytest.raises(ValueError, match="show: alt is .* at least 20"):
        plots.show(FIGURES["loss"](), alt=alt)
    assert published == []


def test_show_refuses_what_is_no_figure(published):
    with pytest.raises(TypeError, match="show: fig is list, expected a Figure"):
        plots.show([1, 2], alt=ALT)
    with pytest.raises(TypeError, match="show: alt is int"):
        plots.show(FIGURES["loss"](), alt=5)


# -- Bad input -----------------------------------------------------------------

NAMES = {"xlabel": "x", "ylabel": "y"}
PLAIN = {"names": ["a", "b"], **PLANE}
REFUSED = {
    "no curve": (lambda: plots.curves([1], {}, **NAMES), "nothing to draw"),
    "length": (lambda: plots.curves([1, 2], {"a": [1]}, **NAMES), "x has 2 numbers"),
    "lengths": (
        lambda: plots.loss_curves({"a": [1], "b": [1, 2]}),
        r"loss_curves: shapes are {'a': \(1,\), 'b': \(2,\)}",
    ),
    "order": (lambda: plots.curves([2, 1], {"a": [1, 2]}, **NAMES), "not increasing"),
    "x": (lambda: plots.curves([np.nan], {"a": [1]}, **NAMES), "1 of 1 numbers of x"),
    "all NaN": (lambda: plots.curves([1], {"a": [np.nan]}, **NAMES), "'a' holds no f"),
    "role": (lambda: plots.curves([1], {"a": [1]}, roles="red", **NAMES), "'red', exp"),
    "role of none": (
        lambda: plots.curves([1], {"a": [1]}, roles={"b": plots.LOSS}, **NAMES),
        "role of 'b'",
    ),
    "mark": (
        lambda: plots.loss_curves({"a": [1, 2]}, mark={"best": 3}),
        "mark 'best' is at 3, expected 1 to 2",
    ),
    "log": (lambda: plots.loss_curves({"a": [0, -1]}, logy=True), "no positive number"),
    "zero errors": (
        lambda: plots.error_against_step([1, 2], {"a": [0, 0]}),
        "'a' holds no positive number",
    ),
    "layers": (lambda: plots.gradient_norms([[1, 2]], ["a"]), "1 names, but norms has"),
    "no layer": (lambda: plots.gradient_histograms({}), "0 layers, expected 1 to 6"),
    "features": (lambda: plots.scatter([[1, 2, 3]], [0], **PLAIN), r"X has shape \(1"),
    "labels": (lambda: plots.scatter([[1, 2]], [2], **PLAIN), r"T holds \[2\], expect"),
    "scores": (
        lambda: plots.decision_boundary(lambda P: P[:, [0, 1, 0]], X[:1], [0], **PLAIN),
        "predict gives 3 scores a point, expected 1 or one for each of 2 names",
    ),
    "ink": (lambda: plots.images(IMAGES * 16, titles="abc"), "from 0 to 16; expected"),
    "titles": (lambda: plots.images(IMAGES, titles=["a"]), "images: 1 titles and"),
    "box": (
        lambda: plots.images(IMAGES, titles="abc", boxes={"u": np.s_[9:, 2]}),
        "box 'u' is empty",
    ),
    "bar": (lambda: plots.bars({"a": np.inf}, xlabel="x"), "1 of 1 numbers of values"),
    "bar role": (lambda: plots.bars({"a": 1}, xlabel="x", role="red"), "role is 'red'"),
    "counts": (lambda: plots.confusion([[0.5]], ["a"]), "expected counts"),
    "square": (lambda: plots.confusion([[1, 2]], ["a"]), r"matrix has shape \(1, 2\)"),
    "columns": (lambda: plots.network_diagram([2]), "expected 2 to 5 columns"),
    "values": (
        lambda: plots.network_diagram([2, 1], values=[[1, 2], [1, 2]]),
        r"values has shapes \[\(2,\), \(2,\)\], expected \[\(2,\), \(1,\)\]",
    ),
    "names": (lambda: plots.network_diagram([2, 1], names=[["u"], ["y"]]), "names has"),
    "big graph": (
        lambda: plots.computation_graph(sum([bp.Value(1) for _ in range(40)], 0.0)),
        "nodes, expected at most 40",
    ),
}


@pytest.mark.parametrize(("draw", "message"), REFUSED.values(), ids=REFUSED)
def test_bad_input_is_named(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()


def test_a_graph_of_no_value_is_refused():
    with pytest.raises(TypeError, match="root is float, expected a Value"):
        plots.computation_graph(1.0)
