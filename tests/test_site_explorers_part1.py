"""The explorers of chapters 1 to 3, as a reader works them in a browser."""

from __future__ import annotations

import re

import pytest
from explorer_page import (
    answer,
    assert_shortcut_free,
    done,
    enter,
    has_focus,
    layout_faults,
    picture,
    status,
)
from playwright.sync_api import Page, expect
from serving import NARROW, accessibility_faults

pytestmark = pytest.mark.needs_chromium
PHONE = {"width": NARROW, "height": 740}


# Chapter 1: the secant.


def predict(page: Page, text: str) -> None:
    answer(page, text, "predicted change of the loss")


def through_two_predictions(page: Page) -> None:
    predict(page, "-0.2153")
    enter(page, "step h", "-1.5")
    predict(page, "0.323")


def test_nothing_is_seen_of_the_change_before_it_is_predicted(try_out):
    page = try_out("ch01.secant")
    words, marks = picture(page)
    assert "is not marked yet" in words
    assert page.locator(".bx-meters dd").all_inner_texts()[1:] == ["?"] * 4
    predict(page, "-0.2153")
    expect(status(page)).to_contain_text("Predicted −0.215, in fact −0.159")
    told, drawn = picture(page)
    assert "falls by 0.159" in told
    assert drawn.count("<circle") == marks.count("<circle") + 1
    enter(page, "step h", "0.5")
    assert "is not marked yet" in picture(page)[0]


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("0.2153", "Look at the sign"),
        ("-0.1594", "what the slope alone predicts"),
        ("0.027", "the new loss"),
        ("7", "straight line"),
        ("", "Type a number first"),
        ("0,2", "“0,2” is not a number"),
    ],
)
def test_a_wrong_prediction_gets_its_hint_and_opens_nothing(try_out, typed, hint):
    page = try_out("ch01.secant")
    predict(page, typed)
    expect(status(page)).to_contain_text(hint)
    assert "is not marked yet" in picture(page)[0]
    assert done(page) == 0


@pytest.mark.parametrize(("typed", "hint"), [("-0.2153", "rate"), ("-0.431", "rate")])
def test_a_rate_is_told_from_a_change(try_out, typed, hint):
    page = try_out("ch01.secant")
    enter(page, "step h", "0.5")
    predict(page, typed)
    expect(status(page)).to_contain_text(hint)
    assert done(page) == 0


def test_the_goals_of_the_secant_are_reached_one_by_one(try_out):
    page = try_out("ch01.secant")
    through_two_predictions(page)
    assert done(page) == 1
    assert has_focus(page)
    expect(page.get_by_label(re.compile("predicted change"))).to_be_hidden()
    for step, said in [("0.5", "More than 1"), ("0.02", "Can h be larger?")]:
        enter(page, "step h", step)
        expect(status(page)).to_contain_text(said)
    enter(page, "step h", "0.042")
    expect(status(page)).to_contain_text("Found: up to about 0.043")
    page.get_by_role("button", name="Halve h").click()
    expect(status(page)).to_contain_text("with twice the step it was 0.000088")
    answer(page, "2", "smaller by a factor", "Answer")
    expect(status(page)).to_contain_text("Two is what the change shrinks by")
    answer(page, "4", "smaller by a factor", "Answer")
    expect(status(page)).to_contain_text("the gap is a quarter")
    assert done(page) == 3


def test_the_slider_moves_picture_numbers_and_words(try_out):
    page = try_out("ch01.secant")
    through_two_predictions(page)
    slider = page.get_by_label("step h, slider")
    before = picture(page)
    slider.focus()
    page.keyboard.press("ArrowRight")
    after = picture(page)
    assert before[0] != after[0]
    assert before[1] != after[1]
    assert "a step of −1.49" in after[0]
    assert slider.get_attribute("aria-valuetext") == "−1.49"


def test_the_step_is_dragged_in_the_picture(try_out):
    page = try_out("ch01.secant")
    through_two_predictions(page)
    box = page.locator("svg[role='img']").first.bounding_box()
    middle = box["x"] + 52 + (box["width"] - 64) / 2  # where h is 0
    page.mouse.move(middle + 100, box["y"] + 100)
    page.mouse.down()
    at_100 = picture(page)[0]
    page.mouse.move(middle + 150, box["y"] + 100)
    page.mouse.up()
    assert picture(page)[0] != at_100
    assert float(page.get_by_label("step h", exact=True).input_value()) > 0


def test_looked_at_closely_the_curve_fills_the_same_room(try_out):
    page = try_out("ch01.secant")
    through_two_predictions(page)
    enter(page, "step h", "0.01")
    page.get_by_label("Look closer").check()
    assert "looks almost straight" in picture(page)[0]


@pytest.mark.parametrize("typed", ["0", "3", "x"])
def test_a_step_that_cannot_be_taken_is_marked(try_out, typed):
    page = try_out("ch01.secant")
    enter(page, "step h", typed)
    field = page.get_by_label("step h", exact=True)
    assert field.get_attribute("aria-invalid") is not None
    expect(status(page)).to_contain_text("type a number from −2 to 2")
    assert "a step of 1." in picture(page)[0]


def test_the_secant_is_worked_by_keyboard_alone(try_out):
    page = try_out("ch01.secant")
    page.locator("#start").focus()
    press = page.keyboard.press
    press("Tab")  # the slider
    press("Tab")  # its field
    page.keyboard.type("2")
    for _ in range(4):  # two buttons, a box, the prediction
        press("Tab")
    page.keyboard.type("-.43")
    press("Enter")
    expect(status(page)).to_contain_text("Predicted −0.431")


# Chapter 2: be the network.

EIGHT = ["0.0625", "0.06", "-0.0625", "-0.06", "1.56", "0.92", "-0.916", "0.29"]


def open_all(page: Page) -> None:
    for text in EIGHT:
        answer(page, text, r"^[za] of ")
        expect(status(page)).to_contain_text("✓")


def reach(page: Page, *names: str, knob: str | None = None) -> None:
    if knob:
        page.get_by_label("knob").select_option(label=knob)
    for name in names:
        page.get_by_label(name, exact=True).check()
    page.get_by_role("button", name="Answer").click()


def test_every_number_is_masked_until_it_is_said(try_out):
    page = try_out("ch02.predict")
    assert picture(page)[0].count("masked") == 8
    for known, text in enumerate(EIGHT, 1):
        answer(page, text, r"^[za] of ")
        assert picture(page)[0].count("masked") == 8 - known
    expect(status(page)).to_contain_text("not exactly one stroke")
    assert done(page) == 1


@pytest.mark.parametrize(
    ("neuron", "before", "typed", "hint"),
    [
        ("neuron 0", [], "1.6875", "A dashed edge has a negative weight."),
        ("neuron 1", [], "0.0625", "That is z of neuron 0"),
        ("neuron 2", [], "2.5625", "The bias is missing"),
        ("neuron 2", [], "3.5625", "added with its sign"),
        ("neuron 2", [], "0.6875", "multiplied by the weight"),
        ("neuron 2", ["1.56"], "1.5625", "That is z."),
        ("neuron 2", ["1.56"], "0.8267", "That is σ(z)"),
        ("neuron 2", ["1.56"], "-0.916", "Look at the sign"),
        ("neuron 2", [], "9", "plus the bias"),
        ("output", EIGHT[:6], "-1.5625", "is its a, not its z"),
        ("output", EIGHT[:7], "-0.724", "That is tanh(z)"),
        ("output", [], "0.3", "three inputs"),
    ],
)
def test_a_known_slip_is_named(try_out, neuron, before, typed, hint):
    page = try_out("ch02.predict")
    if len(before) < 6:
        page.get_by_label("neuron", exact=True).select_option(label=neuron)
    for text in before:
        answer(page, text, r"^[za] of ")
    answer(page, typed, r"^[za] of ")
    expect(status(page)).to_contain_text(hint)


def test_the_third_miss_is_told_the_sum(try_out):
    page = try_out("ch02.predict")
    for _ in range(3):
        answer(page, "9", r"^z of ")
    expect(status(page)).to_contain_text("0.875 · 1 + 0.8125 · (−1) + 0 = 0.063")


def test_a_knob_moves_after_its_reach_has_been_said(try_out):
    page = try_out("ch02.predict")
    open_all(page)
    expect(page.get_by_label("W1[0, 2]", exact=True)).to_be_hidden()
    reach(page, "neuron 2")
    expect(status(page)).to_contain_text("where does that neuron's a go?")
    reach(page, "neuron 0", "output")
    expect(status(page)).to_contain_text("Not neuron 0")
    page.get_by_label("neuron 0", exact=True).uncheck()
    reach(page)
    before = picture(page)
    enter(page, "W1[0, 2]", "1")
    expect(status(page)).to_contain_text("2 of 4 are right")
    assert before[0] != picture(page)[0]
    assert before[1] != picture(page)[1]
    reach(page, "output", knob="W2[0, 0], from neuron 0 to the output")
    assert done(page) == 2


def test_three_answers_are_set_right_by_one_number_alone(try_out):
    page = try_out("ch02.predict")
    open_all(page)
    reach(page, "neuron 2", "output")
    reach(page, "output", knob="b2[0], of the output")
    enter(page, "b2[0]", "0.1")
    page.get_by_label("knob").select_option(label="b1[2], of neuron 2")
    enter(page, "b1[2]", "-2")
    expect(status(page)).to_contain_text("2 numbers are not as they were")
    page.get_by_role("button", name="All as at the start").click()
    enter(page, "b1[2]", "-2")
    expect(status(page)).to_contain_text("3 of 4, by one number.")
    assert done(page) == 3
    assert page.locator("tbody tr").filter(has_text="✓ right").count() == 3


# Chapter 3: logits, probabilities, blame.


def open_gradients(page: Page) -> None:
    reach(page, "z2 goes up")


def test_the_gradients_are_masked_until_their_signs_are_said(try_out):
    page = try_out("ch03.softmax")
    assert "dz masked" in picture(page)[0]
    page.get_by_role("button", name="Answer").click()
    expect(status(page)).to_contain_text("Something has to go up")
    reach(page, "z0 goes up")
    expect(status(page)).to_contain_text("Should its p grow?")
    page.get_by_label("z0 goes up").uncheck()
    open_gradients(page)
    expect(status(page)).to_contain_text("the three dz sum to zero")
    told, drawn = picture(page)
    assert "dz −0.755" in told
    assert "Σ = 0.00" in re.sub("<[^>]+>", "", drawn)


def test_the_goals_of_softmax_are_reached_one_by_one(try_out):
    page = try_out("ch03.softmax")
    open_gradients(page)
    enter(page, "z2", "7")
    expect(status(page)).to_contain_text("dz is −0.008")
    page.get_by_role("button", name="Keep these p").click()
    for k, text in enumerate(["3", "1", "8"]):
        enter(page, f"z{k}", text)
    expect(status(page)).to_contain_text("with 1 added to each")
    enter(page, "z0", "1000")
    expect(status(page)).to_contain_text("inf / inf is nan")
    assert "p nan" in picture(page)[0]
    page.get_by_label("formula").select_option(index=1)
    expect(status(page)).to_contain_text("the loss is 992.0")
    assert "nan" not in picture(page)[0]
    assert done(page) == 4


def test_nearly_certain_is_not_the_same_as_shifted(try_out):
    page = try_out("ch03.softmax")
    open_gradients(page)
    enter(page, "z2", "9")
    page.get_by_role("button", name="Keep these p").click()
    for k, text in enumerate(["1", "-2", "10"]):
        enter(page, f"z{k}", text)
    expect(status(page)).to_contain_text("The loss is")


@pytest.mark.parametrize(
    ("logits", "said"),
    [
        (["-1000", "-1000", "-1000"], "0 / 0 is nan"),
        (["0", "0", "-900"], "−ln 0 is inf"),
    ],
)
def test_each_way_to_fail_is_explained(try_out, logits, said):
    page = try_out("ch03.softmax")
    open_gradients(page)
    for k, text in enumerate(logits):
        enter(page, f"z{k}", text)
    expect(status(page)).to_contain_text(said)


def test_another_right_class_moves_the_gradients_and_not_the_p(try_out):
    page = try_out("ch03.softmax")
    open_gradients(page)
    before = picture(page)[0]
    page.get_by_label("right class").select_option(index=0)
    after = picture(page)[0]
    numbers = r"p ([\d.]+)"
    assert re.findall(numbers, before) == re.findall(numbers, after)
    assert "dz −0.335" in after


# Worked to the end, each still fits, and still can be read by everyone.


def work(page: Page, name: str) -> None:
    if name == "ch01.secant":
        through_two_predictions(page)
        enter(page, "step h", "0.042")
        page.get_by_role("button", name="Halve h").click()
    elif name == "ch02.predict":
        open_all(page)
        reach(page, "neuron 2", "output")
    else:
        open_gradients(page)
        enter(page, "z0", "1000")


@pytest.mark.parametrize("name", ["ch01.secant", "ch02.predict", "ch03.softmax"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_worked_to_the_end_an_explorer_still_fits_and_reads(try_out, name, theme):
    page = try_out(name, color_scheme=theme, viewport=PHONE)
    work(page, name)
    assert not accessibility_faults(page, "bp-explorer")
    assert not layout_faults(page)
    assert_shortcut_free(page)
    assert has_focus(page)
