"""Personal values: one's own, the same on every run, and fair."""

import subprocess
import sys

import numpy as np
import pytest

from course import exercises
from course.model import Choice, Line, Mistake, Number, Order, Slider, Tune
from course.personal import (
    CLEARLY,
    broken_rules,
    clash,
    displayed,
    lines_for,
    mistakes_for,
    options_for,
    right_for,
    rng_for,
    values_for,
)

ALL = exercises.all()
STUDENTS = [None, *(f"s{n}" for n in range(40))]
DRAWN = [ex for ex in ALL if values_for(ex)]
each = pytest.mark.parametrize("exercise", ALL, ids=lambda ex: ex.id)
each_drawn = pytest.mark.parametrize("exercise", DRAWN, ids=lambda ex: ex.id)


def number(draw, *wrong, rtol=1e-3):
    mistakes = tuple(
        Mistake(f"wrong{n}", f"hint {n}", answer) for n, answer in enumerate(wrong)
    )
    return Number(
        id="ch00.x",
        title="",
        points=1,
        minutes=1,
        draw=draw,
        shown=lambda v: {},
        fields=("x",),
        answer=lambda v: (v["x"],),
        mistakes=mistakes,
        rtol=rtol,
    )


ORDER = Order(
    id="ch00.order",
    title="",
    points=2,
    minutes=1,
    lines=(Line("a", "r0"), Line("b", "r1"), Line("c", "r1"), Line("d", "r2")),
    other_reasons=("q",),
)


@each
def test_the_same_student_gets_the_same_values_again(exercise):
    assert values_for(exercise, "s1") == values_for(exercise, "s1")


def test_values_are_the_same_in_another_process():
    code = "from course import exercises as e; from course.personal import values_for\n"
    code += "print([values_for(ex, 's1') for ex in e.all()])"
    run = [sys.executable, "-c", code]
    told = subprocess.run(run, capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout.strip() == str([values_for(ex, "s1") for ex in ALL])


@each_drawn
def test_students_and_takes_have_values_of_their_own(exercise):
    seen = {str(values_for(exercise, student)) for student in STUDENTS}
    assert len(seen) > 3
    takes = {str(values_for(exercise, "s1", take)) for take in range(12)}
    assert len(takes) > 2


def test_key_student_and_exercise_each_change_the_generator():
    ways = [("a", "bc", b"k"), ("ab", "c", b"k"), ("a", "bc", b"l"), ("b", "bc", b"k")]
    ways += [("a", None, b"k")]
    assert len({rng_for(x, s, key).integers(2**60) for x, s, key in ways}) == 5


@each
def test_no_two_answers_of_an_exercise_are_near(exercise):
    for student in STUDENTS:
        assert clash(exercise, values_for(exercise, student)) is None


def test_values_are_redrawn_until_the_mistakes_differ():
    # At x = 1, x² is x; it is drawn first, half of the time.
    square = number(
        lambda rng: {"x": float(rng.choice([1.0, 2.0]))}, lambda v: (v["x"] ** 2,)
    )
    assert {values_for(square, student)["x"] for student in STUDENTS} == {2.0}


def test_answers_that_never_differ_are_named():
    hopeless = number(lambda rng: {"x": 1.0}, lambda v: (2.0,), lambda v: (2.01,))
    with pytest.raises(ValueError, match="ch00.x.* wrong0 and wrong1 never differed"):
        values_for(hopeless)


@pytest.mark.parametrize(
    ("gap", "rtol", "near"),
    [
        (CLEARLY * 0.9, 1e-3, True),
        (CLEARLY * 1.1, 1e-3, False),
        (0.09, 5e-3, True),
        (0.11, 5e-3, False),
        (0.001, 0, False),
        (0, 0, True),
    ],
)
def test_near_is_two_per_cent_or_twenty_tolerances_and_counts_are_exact(
    gap, rtol, near
):
    ex = number(lambda rng: {}, lambda v: (100 * (1 - gap),), rtol=rtol)
    assert (clash(ex, {"x": 100.0}) is not None) == near


def test_sums_that_cancel_are_one_answer_whatever_their_rounding_noise():
    ex = number(lambda rng: {}, lambda v: (0.1 + 0.2 - 0.3,), lambda v: (-2e-17,))
    assert clash(ex, {"x": 100.0}) == ("wrong0", "wrong1")


def test_options_that_read_the_same_are_a_clash():
    choice = Choice(
        id="ch00.c",
        title="",
        points=1,
        minutes=1,
        options=lambda v: ("1.5", "2.5", "1.5"),
        answer=lambda v: 0,
        mistakes=(Mistake("m", "", lambda v: 1), Mistake("n", "", lambda v: 2)),
    )
    assert clash(choice, {}) == ("right", "n")


def tune(right, *wrong):
    return Tune(
        id="ch00.t",
        title="",
        points=1,
        minutes=1,
        draw=lambda rng: {},
        shown=lambda v: {},
        sliders=(Slider("w", "w", 0, 1, 0.1, 0),),
        goal="",
        background=lambda v: (),
        frame=lambda v, s: None,
        accept=lambda v, s: abs(s["w"] - 0.5) < 0.15,
        answer=lambda v: {"w": right},
        mistakes=tuple(
            Mistake(f"m{n}", "", lambda v, w=w: {"w": w}) for n, w in enumerate(wrong)
        ),
    )


@pytest.mark.parametrize(
    ("exercise", "pair"),
    [
        (tune(0.5, 0.1, 0.9), None),
        (tune(0.9), ("right", "its own goal")),
        (tune(0.5, 0.4), ("right", "m0")),
        (tune(0.5, 1.2), ("right", "m0")),
        (tune(0.5, 0.11, 0.12), ("m0", "m1")),
    ],
)
def test_settings_clash_where_the_slider_cannot_tell_them(exercise, pair):
    assert clash(exercise, {}) == pair


def test_a_sliders_places_are_round_numbers_and_count_both_ends():
    slider = Slider("w", "w", low=-0.3, high=0.4, step=0.1, start=0)
    assert slider.count == 8
    assert [slider.at(k) for k in (0, 3, 6)] == [-0.3, 0.0, 0.3]
    assert slider.place(0.34) == 6
    assert slider.place(0.36) == 7


def test_lines_are_never_displayed_in_the_right_order():
    for student in STUDENTS:
        assert broken_rules(ORDER, displayed(ORDER, student))
        assert sorted(lines_for(ORDER, student)) == ["a", "b", "c", "d"]


def test_the_right_answer_names_displayed_lines_and_reasons():
    right = right_for(ORDER, "s1")
    lines = lines_for(ORDER, "s1")
    assert [lines[k] for k in right["order"]] == ["a", "b", "c", "d"]
    named = [ORDER.reasons[r] for r in right["reasons"]]
    assert named == ["r0", "r1", "r1", "r2"]


def test_a_broken_rule_is_a_pair_of_lines_or_a_line_with_its_reason():
    right = [ORDER.reasons.index(r) for r in ("r0", "r1", "r1", "r2")]
    assert not broken_rules(ORDER, [0, 1, 2, 3], right)
    assert broken_rules(ORDER, [0, 2, 1, 3]) == {("order", 1, 2)}
    q = ORDER.reasons.index("q")
    assert broken_rules(ORDER, [0, 1, 2, 3], [q, *right[1:]]) == {("reason", 0, q)}


def test_several_orders_are_right_where_only_some_lines_must_precede():
    free = Order(
        id="ch00.f",
        title="",
        points=1,
        minutes=1,
        lines=(Line("a"), Line("b"), Line("c")),
        before=((0, 2), (1, 2)),
    )
    assert not broken_rules(free, [0, 1, 2])
    assert not broken_rules(free, [1, 0, 2])
    assert broken_rules(free, [0, 2, 1]) == {("order", 1, 2)}


def test_options_are_shuffled_and_the_answer_follows():
    ratio = exercises.get("ch01.ratio")
    places = set()
    for student in STUDENTS:
        shown, right = options_for(ratio, student), right_for(ratio, student)
        values = values_for(ratio, student)
        assert shown[right] == f"{values['u'] / values['l']:.1f} : 1"
        places.add(right)
    assert places == {0, 1, 2, 3}


def test_a_mistakes_answer_is_plain_data():
    kinds = {float, int, str, dict, list}
    for ex in ALL:
        for _, answer in mistakes_for(ex, "s1"):
            assert type(answer) in kinds
            assert not isinstance(answer, np.generic)
