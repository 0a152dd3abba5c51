"""The explorers of chapters 4 to 7 as a reader works them in a browser."""

from __future__ import annotations

import re

import pytest
from explorer_page import (
    assert_shortcut_free,
    enter,
    layout_faults,
)
from playwright.sync_api import Page, expect
from serving import NARROW, accessibility_faults

pytestmark = pytest.mark.needs_chromium
PHONE = {"width": NARROW, "height": 740}
NAMES = ["ch04.backward", "ch05.entry", "ch06.bowl", "ch06.race", "ch07.epochs"]


def told(page: Page):
    """Return the explorer's first line that answers."""
    return page.get_by_role("status").first


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_label(label).select_option(label=option)


def alts(page: Page) -> list[str]:
    drawn = page.locator("bp-explorer svg[role='img']")
    return [one.get_attribute("aria-label") for one in drawn.all()]


def marks(page: Page) -> str:
    return page.locator(".bx-view").evaluate(
        "e => [...e.querySelectorAll('svg')].map(s => s.innerHTML).join()"
    )


# Chapter 4: the backward pass by hand.

WALK = [
    ("q", "-1"),
    ("s", "dL"),
    ("y", "ds*σ(y) + dq*t"),
    ("v", "-0.3713"),
    ("a", "dy·v"),
    ("z", "da*(1 − a²)"),
    ("b", "0.4258"),
    ("w", "dz*u"),
]


def node_of(page: Page, name: str):
    return page.locator(f".bxb-node:has(strong:text-is('{name}'))")


def give(page: Page, name: str, text: str) -> None:
    node_of(page, name).click()
    enter(page, f"d{name} =", text)


def walk(page: Page, upto: str = "") -> None:
    for name, text in WALK:
        if name == upto:
            return
        give(page, name, text)
        expect(told(page)).to_contain_text("✓")


def test_a_node_waits_until_all_its_consumers_are_known(try_out):
    page = try_out("ch04.backward")
    node_of(page, "y").click()
    expect(told(page)).to_contain_text("y goes into s and q, and ds and dq are not")
    give(page, "s", "1")
    node_of(page, "y").click()
    expect(told(page)).to_contain_text("y goes into s and q, and dq is not known yet")
    node_of(page, "u").click()
    expect(told(page)).to_contain_text("comes from the data")
    assert page.get_by_role("textbox").count() == 0


def test_the_backward_pass_is_walked_to_its_end(try_out):
    page = try_out("ch04.backward")
    graph = page.get_by_role("group", name=re.compile("^Graph from the inputs"))
    assert graph.get_attribute("aria-label").endswith("known: dL")
    walk(page)
    expect(told(page)).to_contain_text("dw = 0.1508")
    expect(told(page)).to_contain_text("8 of 8 were your own")
    assert graph.get_attribute("aria-label").endswith(
        "dL, dq, ds, dy, dv, da, dz, db, dw"
    )
    assert node_of(page, "w").inner_text().split("\n")[-1] == "dw 0.1508"
    press(page, "Start over")
    assert node_of(page, "w").inner_text().split("\n")[-1] == "dw ?"


def test_both_paths_into_a_node_are_written_on_their_edges(try_out):
    page = try_out("ch04.backward")
    labels = page.locator(".bxb-edges text")
    assert labels.all_inner_texts() == []
    walk(page, upto="v")
    assert sorted(labels.all_text_contents()) == sorted(["0.3591", "−1"])


@pytest.mark.parametrize(
    ("name", "typed", "hint"),
    [
        ("q", "1", "Does L grow or fall when q grows?"),
        ("y", "σ(y)", "through s alone; y is used twice"),
        ("y", "-0.3591", "What do two paths do?"),
        ("v", "a", "Which blame arrives from y?"),
        ("v", "dy*v", "You took the factor's own value"),
        ("a", "-0.6409", "v is not 1"),
        ("z", "0.6644", "Which blame arrives from a?"),
        ("z", "da*(1-z^2)", "not its input z"),
        ("z", "-0.4258", "Look at the sign"),
        ("b", "1", "Which blame arrives from z?"),
        ("w", "dz", "z moves by u"),
        ("w", "7", "For each consumer"),
        ("w", "", "Type dw first"),
        ("w", "dz*", "Something is missing at the end"),
    ],
)
def test_a_known_slip_of_the_backward_pass_is_named(try_out, name, typed, hint):
    page = try_out("ch04.backward")
    walk(page, upto=name)
    give(page, name, typed)
    expect(told(page)).to_contain_text(hint)
    expect(told(page)).to_contain_text("✗")
    assert node_of(page, name).inner_text().split("\n")[-1] == f"d{name} ?"


def test_a_step_is_shown_on_request_and_not_counted_as_ones_own(try_out):
    page = try_out("ch04.backward")
    for _ in range(8):
        press(page, "Show me this step")
    expect(told(page)).to_contain_text("0 of 8 were your own")


def test_the_backward_pass_is_walked_by_keyboard_alone(try_out):
    page = try_out("ch04.backward")
    page.locator("#start").focus()
    for _ in range(9):  # to s, the ninth node
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(told(page)).to_contain_text("s can be computed now")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    expect(told(page)).to_contain_text("ds = 1")
    expect(node_of(page, "s")).to_be_focused()


def test_on_a_phone_the_answer_stays_in_sight_of_the_node(try_out):
    page = try_out("ch04.backward", viewport=PHONE)
    node_of(page, "u").evaluate("e => e.scrollIntoView({ block: 'start' })")
    node_of(page, "u").click()
    expect(told(page)).to_contain_text("comes from the data")
    box = told(page).bounding_box()
    assert box["y"] + box["height"] <= PHONE["height"]


# Chapter 5: an entry of dW, and planted bugs.


def entry(page: Page, name: str):
    return page.locator(".bxe-entry", has_text=f"{name.replace(', ', ', ')}: ")


def test_an_entry_is_masked_until_its_heaviest_image_is_said(try_out):
    page = try_out("ch05.entry")
    assert page.locator(".bxe-entry").first.inner_text().endswith("?")
    press(page, "image 3")
    expect(told(page)).to_contain_text("It is image 5")
    expect(entry(page, "dW1[0, 2]")).to_contain_text("0.0867")
    expect(page.locator(".bxe-products tbody tr").last).to_contain_text("sum")
    expect(page.locator(".bxe-products tbody tr").last).to_contain_text("0.0867")


def test_the_two_columns_light_up_for_the_picked_entry(try_out):
    page = try_out("ch05.entry")
    entry(page, "dW1[1, 0]").click()
    expect(told(page)).to_contain_text("column 1 of X, times column 0 of dZ1")
    lit = page.locator(".bxe-lit").all_inner_texts()
    assert lit[1:5] != lit[:4]
    assert "0.1875" in lit[:4]
    expect(entry(page, "dW1[1, 0]")).to_be_focused()


def test_the_mirror_pair_is_explained_when_both_are_known(try_out):
    page = try_out("ch05.entry")
    for name in ("dW1[0, 0]", "dW1[0, 1]"):
        entry(page, name).click()
        press(page, "image 6")
    expect(told(page)).to_contain_text("Right, image 6.")
    expect(told(page)).to_contain_text("mirror images")
    page.get_by_role("combobox").first.select_option(index=1)
    expect(page.locator("table.bxe-matrix caption").last).to_have_text("dW2 (3, 1)")


CASES = ["four images", "image 6 alone", "every W is square", "W2 is symmetric"]
GUESSES = {
    "Green": "It stays green",
    "Red": "It goes red",
    "No light": "The program stops",
}
SEEN = {  # planted bug: what the lamp does in each case
    "nothing": ["Green"] * 4,
    "dW = X.T": ["Red", "Green", "Red", "Red"],
    "db = dZ": ["Red", "Green", "Red", "Red"],
    "dZ1 = dA1": ["Red"] * 4,
    "dA1 = dZ2 @ W2": ["No light", "No light", "Red", "Green"],
    "W2 -= dW2": ["Red"] * 4,
    "for n in": ["Red", "Green", "Red", "Red"],
}


def plant(page: Page, bug: str, case: str) -> None:
    for label, start in (("Planted", bug), ("Checked on", case)):
        select = page.get_by_label(label)
        options = select.locator("option").all_inner_texts()
        select.select_option(label=next(text for text in options if start in text))


def test_the_lamp_answers_every_bug_in_every_case(try_out):
    page = try_out("ch05.entry")
    lamp, said = page.locator(".bxe-lamp"), page.get_by_role("status").last
    for bug, outcomes in SEEN.items():
        for case, outcome in zip(CASES, outcomes, strict=True):
            plant(page, bug, case)
            expect(lamp).to_contain_text("The lamp is off.")
            press(page, GUESSES[outcome])
            expect(lamp).to_contain_text(outcome)
            expect(said).to_contain_text("✓ As you said.")
            hidden = outcome == "Green" and bug != "nothing"
            assert ("cannot see it" in said.inner_text()) == hidden
    expect(page.get_by_text("28 of 28 predicted")).to_be_visible()


def test_a_wrong_guess_about_the_lamp_is_told_and_counted_once(try_out):
    page = try_out("ch05.entry")
    plant(page, "dZ1 = dA1", CASES[0])
    press(page, "It stays green")
    expect(page.get_by_role("status").last).to_contain_text("✗ Not as you said: red.")
    errors = page.locator(".bxe-lamp td").all_inner_texts()
    assert [text[0] for text in errors] == ["✗", "✗", "✓", "✓"]
    press(page, "It goes red")
    expect(page.get_by_text("0 of 1 predicted")).to_be_visible()


# Chapter 6: the bowl.

STRAIGHT, ZIGZAG, AWAY = "goes straight to 0", "zigzags to 0", "runs away"


def axes_do(page: Page, eta: str, first: str, second: str) -> None:
    enter(page, "step size η", eta)
    for i, fate in enumerate((first, second)):
        page.get_by_role("combobox").nth(i).select_option(label=fate)
    press(page, "Walk 20 steps")


def test_the_walk_is_hidden_until_both_axes_are_predicted(try_out):
    page = try_out("ch06.bowl")
    press(page, "Walk 20 steps")
    expect(told(page)).to_contain_text("Say first what axis 1 will do.")
    assert "no walk yet" in alts(page)[0]
    before = marks(page)
    axes_do(page, "0.15", STRAIGHT, STRAIGHT)
    expect(told(page)).to_contain_text("✗")
    expect(told(page)).to_contain_text("Axis 2 zigzags to 0: 1 − 0.15 · 10 = −0.5")
    assert "The walk in the bowl with η = 0.15" in alts(page)[0]
    assert marks(page) != before
    enter(page, "step size η", "0.1")
    assert "no walk yet" in alts(page)[0]


def test_the_goals_of_the_bowl_are_reached(try_out):
    page = try_out("ch06.bowl")
    reached = page.locator(".bx-goals .bx-reached")
    axes_do(page, "0.05", STRAIGHT, STRAIGHT)
    axes_do(page, "0.21", STRAIGHT, AWAY)
    expect(told(page)).to_contain_text("✓")
    axes_do(page, "0.18", STRAIGHT, ZIGZAG)
    expect(told(page)).to_contain_text("nearly equal in size")
    expect(reached).to_have_count(2)
    axes_do(page, "0.2", STRAIGHT, "jumps to and fro for ever")
    expect(reached).to_have_count(3)
    axes_do(page, "0.1", STRAIGHT, "is at 0 after one step")
    expect(told(page)).to_contain_text("✓")


def test_moved_freely_the_walk_follows_the_slider(try_out):
    page = try_out("ch06.bowl")
    page.get_by_label(re.compile("Show the walk at once")).check()
    slider = page.get_by_label("step size η, slider")
    slider.focus()
    before = marks(page), alts(page)
    page.keyboard.press("ArrowRight")
    assert marks(page) != before[0]
    assert all(a != b for a, b in zip(alts(page), before[1], strict=True))
    expect(told(page)).to_contain_text("factor 0.45")


# Chapter 6: the race.


def start_race(page: Page, early: str = "momentum", late: str = "momentum") -> None:
    choose(page, "Ahead after 10 steps:", early)
    choose(page, "Ahead after 100 steps:", late)
    press(page, "Start the race")


def test_the_race_starts_after_both_answers(try_out):
    page = try_out("ch06.race")
    press(page, "Start the race")
    expect(told(page)).to_contain_text("Say first who is ahead after 10 steps.")
    expect(page.get_by_label("steps taken", exact=True)).to_be_hidden()
    assert "No path is drawn yet" in alts(page)[0]
    start_race(page)
    expect(page.get_by_label("steps taken, slider")).to_be_focused()


def test_the_race_answers_as_its_steps_are_reached(try_out):
    page = try_out("ch06.race")
    start_race(page)
    before = marks(page), alts(page)
    enter(page, "steps taken", "5")
    expect(told(page)).to_contain_text("Ahead: momentum.")
    assert marks(page) != before[0]
    assert all(a != b for a, b in zip(alts(page), before[1], strict=True))
    enter(page, "steps taken", "12")
    expect(told(page)).to_contain_text("After 10 steps plain descent is ahead")
    expect(told(page)).to_contain_text("you said momentum")
    enter(page, "steps taken", "100")
    expect(told(page)).to_contain_text("✓ After 100 steps momentum is ahead")
    expect(told(page)).to_contain_text("the order is momentum, Adam, plain descent")
    expect(page.get_by_role("row", name=re.compile("momentum"))).to_contain_text(
        "ahead"
    )


def test_the_race_is_moved_by_keyboard(try_out):
    page = try_out("ch06.race")
    start_race(page)
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_label("steps taken", exact=True)).to_have_value("3")
    assert "after 3 steps" in alts(page)[0]


# Chapter 7: epochs.


def start_training(page: Page, last: str = "twos", when: str = "in between") -> None:
    choose(page, "Which digit is the last of which it reads more than half?", last)
    select = page.get_by_label(re.compile("When is the gradient of"))
    options = select.locator("option").all_inner_texts()
    select.select_option(label=next(text for text in options if text.startswith(when)))
    press(page, "Start training")


def test_training_starts_after_both_answers(try_out):
    page = try_out("ch07.epochs")
    press(page, "Start training")
    expect(told(page)).to_contain_text("Answer both questions first")
    start_training(page)
    expect(page.get_by_label("epoch, slider")).to_be_focused()


def test_epochs_move_both_planes_the_table_and_the_words(try_out):
    page = try_out("ch07.epochs")
    start_training(page, "sixes", "at the start")
    read = page.locator(".bxp-read td")
    assert read.all_inner_texts() == ["0 of 107", "0 of 109", "110 of 110", "0 of 109"]
    before = marks(page), alts(page)
    enter(page, "epoch", "11")  # the nearest that is kept
    expect(page.get_by_label("epoch", exact=True)).to_have_value(re.compile("^1[02]$"))
    expect(told(page)).to_contain_text("of 107 twos")
    assert marks(page) != before[0]
    assert all(a != b for a, b in zip(alts(page), before[1], strict=True))
    enter(page, "epoch", "18")
    expect(told(page)).to_contain_text(
        "✗ The twos are last: more than half since epoch 18"
    )
    enter(page, "epoch", "200")
    expect(told(page)).to_contain_text("largest in between: 0.098")
    assert read.first.inner_text() == "89 of 107"


def test_right_answers_about_the_training_are_told_so(try_out):
    page = try_out("ch07.epochs")
    start_training(page)
    enter(page, "epoch", "200")
    expect(told(page)).to_contain_text("✓ As you said, the twos are last")
    expect(told(page)).to_contain_text("As you said, the gradient of W1 is largest")


def test_one_digit_is_followed_through_both_planes(try_out):
    page = try_out("ch07.epochs")
    assert page.locator(".bxp-faint").count() == 0
    choose(page, "Follow", "threes")
    assert page.locator(".bxp-faint").count() == 6


# Worked to the end, each still fits, and still can be read by everyone.


def work(page: Page, name: str) -> None:
    if name == "ch04.backward":
        walk(page, upto="z")
        give(page, "z", "da*a")
    elif name == "ch05.entry":
        press(page, "image 3")
        press(page, "It stays green")
    elif name == "ch06.bowl":
        axes_do(page, "0.21", STRAIGHT, AWAY)
    elif name == "ch06.race":
        start_race(page)
        enter(page, "steps taken", "100")
    else:
        start_training(page)
        enter(page, "epoch", "20")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_worked_to_the_end_these_explorers_still_fit_and_read(try_out, name, theme):
    page = try_out(name, color_scheme=theme, viewport=PHONE)
    work(page, name)
    assert not accessibility_faults(page, "bp-explorer")
    assert not layout_faults(page)
    assert_shortcut_free(page)
