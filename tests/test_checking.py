"""A check gives points for what is right, and words for what is not."""

import pytest

from course import exercises
from course.checking import MESSAGES, check
from course.model import Code, Mistake, Number, Property, StudentError
from course.personal import mistakes_for, right_for, rng_for
from course.properties import close

get = exercises.get


def two_fields(rtol=1e-3):
    return Number(
        id="ch00.two",
        title="",
        points=3,
        minutes=1,
        draw=lambda rng: {},
        shown=lambda v: {},
        fields=("x", "y"),
        answer=lambda v: (2.0, 4.0),
        mistakes=(Mistake("both halved", "halved", lambda v: (1.0, 2.0)),),
        rtol=rtol,
    )


# -- Numbers -------------------------------------------------------------------


def test_each_right_field_has_its_share_and_the_message_names_the_others():
    result = check(two_fields(), [2.0, 7.0])
    assert result.score == 1.5
    assert result.message == "Right so far: x. Not yet: y."
    assert [p.got for p in result.properties] == [1.5, 0]


@pytest.mark.parametrize(("x", "passed"), [(2.0019, True), (2.0021, False)])
def test_the_tolerance_is_relative(x, passed):
    assert check(two_fields(), [x, 4.0]).passed == passed


def test_a_near_miss_is_told_from_a_mistake():
    assert check(two_fields(), [2.01, 4.0]).message == MESSAGES["close"]
    assert check(two_fields(rtol=0), [2.01, 4.0]).message == MESSAGES["count"]
    assert check(two_fields(), [1.0, 2.0]).mistake == "both halved"
    assert check(two_fields(), [9.0, 9.0]).message == MESSAGES["wrong"]


@pytest.mark.parametrize(
    "answer", [[True, 4.0], ["2", "4"], [2.0], 2.0, [2.0, 10**400]]
)
def test_neither_bool_nor_text_is_a_number(answer):
    result = check(two_fields(), answer)
    assert result.score == 0
    assert result.message == "This answer is not readable here: " + (
        "a list of 2 numbers is expected."
    )


def test_a_check_uses_the_values_of_the_student_and_take():
    slope = get("ch01.slope")
    mine = right_for(slope, "s1")
    assert check(slope, mine, student="s1").passed
    assert not check(slope, mine, student="s2").passed
    assert not check(slope, mine, student="s1", take=1).passed


def test_a_secret_key_does_not_change_what_a_student_has_seen():
    for ex in exercises.all():
        answer = right_for(ex, "s1")
        assert check(ex, answer, student="s1", key=b"secret").passed, ex.id


def test_a_result_prints_as_the_line_that_a_solution_ends_in():
    assert str(check(two_fields(), [2.0, 4.0])) == "ch00.two: 3 of 3"
    assert str(check(two_fields(), [2.0, 0.0])) == "ch00.two: 1.5 of 3"


# -- Order ---------------------------------------------------------------------


def test_the_right_order_with_wrong_reasons_has_half_the_points():
    chain = get("ch01.chain")
    answer = right_for(chain)
    first = answer["reasons"][0]
    answer["reasons"][0] = (first + 1) % len(chain.reasons)
    result = check(chain, answer)
    assert result.score == chain.points / 2
    assert result.message == MESSAGES["reasons"].format(count=1)


def test_an_order_fits_a_mistake_if_it_has_other_faults_besides():
    run = get("ch07.run")
    wrong = dict(zip([m.name for m in run.mistakes], mistakes_for(run), strict=True))
    order = list(wrong["start-again"][1]["order"])
    order[-1], order[-2] = order[-2], order[-1]  # and one fault more
    assert check(run, {"order": order}).mistake == "start-again"


def test_an_order_that_fits_no_mistake_is_not_right_yet():
    run = get("ch07.run")
    order = right_for(run)["order"]
    order[6], order[7] = order[7], order[6]  # the question before the loss
    result = check(run, {"order": order})
    assert (result.score, result.mistake) == (0, None)
    assert result.message == MESSAGES["order"]


# -- Tune ----------------------------------------------------------------------


def test_a_typed_setting_goes_to_the_nearest_step():
    flat = get("ch01.flat")
    w = right_for(flat)["w"]
    assert check(flat, {"w": w + 0.02}).passed
    assert not check(flat, {"w": w + 0.05}).passed
    assert check(flat, {"w": w + 0.1}).message == MESSAGES["goal"]


@pytest.mark.parametrize("answer", [{"w": 9}, {"w": True}, {"v": 1}, {"w": 1, "v": 1}])
def test_a_setting_outside_the_slider_is_said_to_be(answer):
    result = check(get("ch01.flat"), answer)
    assert result.score == 0
    assert "is expected" in result.message


# -- Code ----------------------------------------------------------------------


def one_property(check_it, mistakes=(), case=lambda rng: ((2.0,),)):
    return Code(
        id="ch00.f",
        title="",
        points=2,
        minutes=1,
        function="f",
        stub="def f(x):\n    return None\n",
        solution="def f(x):\n    return 2 * x\n",
        properties=(Property("the double", 2, check_it),),
        case=case,
        mistakes=mistakes,
    )


def doubles(call, rng):
    x = float(rng.normal())
    close("f", call(x), 2 * x)


def test_the_message_is_the_first_failing_property_with_the_numbers():
    result = check(one_property(doubles), "def f(x):\n    return 3 * x\n")
    assert result.message.startswith("the double: f is ")
    assert "; expected " in result.message


def test_a_secret_key_draws_other_inputs():
    seen = []

    def look(call, rng):
        seen.append(rng.normal())

    for key in (b"a", b"b", b"a"):
        check(one_property(look), "def f(x): pass", key=key)
    assert seen[0] == seen[2] != seen[1]


def test_a_mistake_is_known_by_what_it_returns_not_by_its_text():
    triple = Mistake("triple", "thrice", "def f(x):\n    return 3 * x\n")
    ex = one_property(doubles, (triple,))
    assert check(ex, "f = lambda x: x + x + x").mistake == "triple"
    assert check(ex, "f = lambda x: x").mistake is None


def test_a_function_that_is_right_where_mistakes_are_told_apart_has_none():
    # f fails elsewhere, and at 2.0 it agrees with a mistake and the solution.
    square = Mistake("square", "squared", "def f(x):\n    return x * x\n")
    ex = one_property(doubles, (square,))
    result = check(ex, "f = lambda x: 4.0")
    assert (result.score, result.mistake) == (0, None)


@pytest.mark.parametrize("kind", ["timeout", "interrupted", "memory"])
def test_after_a_loop_without_end_nothing_more_is_called(kind):
    calls = []

    def factory(source):
        def call(*args):
            calls.append(args)
            raise StudentError(kind, "too long")

        return call

    result = check(get("ch01.wiggle"), "", call=factory)
    assert len(calls) == 1
    assert {p.message for p in result.properties} == {"too long"}


def test_a_fault_of_ours_is_raised_and_costs_nobody_a_point():
    def faulty(call, rng):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        check(one_property(faulty), "def f(x): pass")


def test_code_that_is_no_text_is_worth_nothing():
    result = check(get("ch01.wiggle"), ["def measure(): pass"])
    assert "Python source that defines measure is expected" in result.message


@pytest.mark.parametrize(
    "magic", ["%%exercise ch00.f", "%%solution ch00.f ", "\n%%exercise  ch00.f"]
)
def test_a_cell_copied_with_its_magic_is_checked_without_it(magic):
    ex = one_property(doubles)
    assert check(ex, f"{magic}\nf = lambda x: 2 * x").passed
    lines = magic.count("\n") + 2
    assert f"line {lines}: 1 / 0" in check(ex, f"{magic}\n1 / 0").message


@pytest.mark.parametrize(
    ("magic", "said"),
    [
        ("%%exercise ch00.g", "The cell's first line names ch00.g; this is ch00.f."),
        ("%%solution", "The cell's first line names no exercise; this is ch00.f."),
        ("%%timeit", "SyntaxError"),
        ("x = 1\n%%exercise ch00.f", "SyntaxError"),
        ("%%exercise ch00.f\n%%exercise ch00.f", "SyntaxError"),
    ],
)
def test_another_magic_is_not_dropped_and_the_wrong_id_is_named(magic, said):
    result = check(one_property(doubles), f"{magic}\nf = lambda x: 2 * x")
    assert result.score == 0
    assert said in result.message


def test_the_grader_runs_a_cell_without_its_magic_too():
    run = []

    def sandboxed(source):
        run.append(source)
        return lambda x: 2 * x

    ex = one_property(doubles)
    assert check(ex, "%%exercise ch00.f\nf = 0", key=b"k", call=sandboxed).passed
    assert run == ["\nf = 0"]
    assert not check(ex, "%%exercise ch00.g\nf = 0", key=b"k", call=sandboxed).passed
    assert len(run) == 1


def test_a_generator_of_a_property_does_not_depend_on_the_others():
    wiggle = get("ch01.wiggle")
    names = [p.name for p in wiggle.properties]
    drawn = {rng_for(f"{wiggle.id}#{name}", "s1").normal() for name in names}
    assert len(drawn) == len(names)
