"""The model: what can be read off an exercise without running anything."""

import dataclasses

import numpy as np
import pytest

from course import exercises
from course.exercises.sources import spoil
from course.model import Code, Curve, Frame, Line, Order, Result


def test_an_exercise_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        exercises.get("ch01.slope").points = 100


def test_the_kinds_are_those_of_the_submission_format():
    kinds = {ex.kind for ex in exercises.all()}
    assert kinds == {"choice", "number", "order", "tune", "code"}


def test_parameters_are_read_off_the_stub():
    assert exercises.get("ch01.wiggle").parameters == ("f", "params", "h")


def test_a_stub_without_the_function_is_named():
    ex = dataclasses.replace(exercises.get("ch01.wiggle"), stub="x = 1")
    with pytest.raises(ValueError, match="ch01.wiggle: the stub defines no function"):
        _ = ex.parameters


def order(*lines, **more):
    return Order(id="ch00.o", title="", points=1, minutes=1, lines=lines, **more)


def test_reasons_are_sorted_and_each_there_once():
    ex = order(Line("a", "z"), Line("b", "y"), Line("c", "z"), other_reasons=("x",))
    assert ex.reasons == ("x", "y", "z")


def test_lines_follow_one_another_unless_pairs_are_given():
    lines = Line("a"), Line("b"), Line("c")
    assert order(*lines).rules == ((0, 1), (1, 2))
    assert order(*lines, before=((0, 2),)).rules == ((0, 2),)
    assert order(*lines).reasons == ()


def test_the_chapter_is_the_first_part_of_the_id():
    assert exercises.get("ch07.fit").chapter == "ch07"


def test_an_unknown_exercise_is_answered_with_the_nearest():
    with pytest.raises(KeyError, match=r"no exercise 'ch01.slopes'.*'ch01.slope'"):
        exercises.get("ch01.slopes")


def test_a_result_says_its_score_in_one_line():
    assert str(Result("ch01.x", 1.0, 2, False, "")) == "ch01.x: 1 of 2"


@pytest.mark.parametrize(("old", "count"), [("b", 0), ("a", 2)])
def test_a_source_is_spoiled_in_one_place_or_not_at_all(old, count):
    with pytest.raises(ValueError, match=f"stands {count} times"):
        spoil("a = a", (old, "c"))
    assert spoil("a = b", ("b", "c")) == "a = c"


def test_every_frame_of_a_figure_has_readings_in_words():
    for ex in exercises.all():
        if ex.kind == "tune":
            values = ex.draw(np.random.default_rng(0))
            frame = ex.frame(values, {s.name: s.start for s in ex.sliders})
            assert isinstance(frame, Frame)
            assert frame.readings
            curves = (*frame.curves, *ex.background(values))
            assert all(isinstance(curve, Curve) for curve in curves)
            assert all(len(curve.x) == len(curve.y) for curve in curves)
            roles = {"data", "activation", "gradient", "loss", "parameter"}
            assert {curve.role for curve in curves} <= roles


def test_mistakes_of_code_are_source_and_all_others_are_computed():
    for ex in exercises.all():
        for mistake in ex.mistakes:
            assert isinstance(mistake.answer, str) == isinstance(ex, Code)
