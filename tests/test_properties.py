"""Comparisons that tell: any form of the right numbers is right, no other is."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course import exercises
from course.checking import check
from course.model import Code, Failed
from course.properties import array, close, counted, number, parts, slopes


@pytest.mark.parametrize(
    ("got", "message"),
    [
        (None, "x is None (is there a return?); expected a number"),
        (True, "x is True; expected a number"),
        ("1", "x is '1'; expected a number"),
        (np.zeros(2), "x is an array of shape (2,); expected a number"),
        (float("nan"), "x is nan; expected a finite number"),
    ],
)
def test_what_is_no_number_is_described(got, message):
    with pytest.raises(Failed) as failure:
        number("x", got)
    assert str(failure.value) == message


@pytest.mark.parametrize(
    ("got", "message"),
    [
        ([1], "x is a list of 1; expected an array of shape (2,)"),
        ([1, [2]], "x[1] is a list of 1; expected a number"),
        ((1, True), "x[1] is True; expected a number"),
        ([1, "2"], "x[1] is '2'; expected a number"),
        ([1, None], "x[1] is None (is there a return?); expected a number"),
        ([1, float("inf")], "x[1] is inf; expected a finite number"),
        ([1, np.array(True)], "x[1] is an array of shape (); expected a number"),
        ({"a": 1, "b": 2}, "x is a dict of 2; expected an array of shape (2,)"),
        (-0.10708490003161697, "x is -0.107085; expected an array of shape (2,)"),
        (np.zeros(3), "x has shape (3,); expected (2,)"),
        (np.array([True, False]), "x is an array of bool; expected numbers"),
        (np.array([1, np.inf]), "infinite or no number"),
    ],
)
def test_what_is_no_such_array_is_described(got, message):
    with pytest.raises(Failed) as failure:
        array("x", got, (2,))
    assert message in str(failure.value)


def test_close_says_where_two_arrays_differ_most():
    with pytest.raises(Failed, match=r"^W\[1, 0\] is 3.5; expected 3$"):
        close("W", np.array([[1.0], [3.5]]), np.array([[1.0], [3.0]]))


@pytest.mark.parametrize(
    "got",
    [
        [[1, 2, 3], [4, 5, 6]],
        ((1.0, 2.0, 3.0), [4.0, 5.0, 6.0]),
        [np.array([1, 2, 3]), (4.0, 5.0, np.array(6.0))],
    ],
    ids=["lists", "tuples", "mixed"],
)
def test_numbers_in_lists_are_an_array_if_they_are_nested_as_its_shape_is(got):
    found = array("x", got, (2, 3))
    assert found.dtype == np.float64
    assert found.tolist() == [[1, 2, 3], [4, 5, 6]]
    for shape in ((3, 2), (6,), (2, 3, 1), (1, 2, 3), (2,)):
        with pytest.raises(Failed):
            array("x", got, shape)


def test_a_list_of_nothing_is_an_array_of_nothing():
    assert array("x", [], (0,)).shape == (0,)
    assert array("x", [[], []], (2, 0)).shape == (2, 0)


def test_a_wrong_entry_of_a_nested_list_is_named_by_its_place():
    with pytest.raises(Failed, match=r"^W\[1, 0\] is 3.5; expected 3$"):
        close("W", [[1.0], [3.5]], np.array([[1.0], [3.0]]))
    with pytest.raises(Failed, match=r"^W\[1\] is a list of 2; expected .*\(1,\)$"):
        close("W", [[1.0], [3.5, 2]], np.array([[1.0], [3.0]]))


@pytest.mark.parametrize("got", [(1, 2), [1, 2], np.array([1, 2]), np.array([1.0, 2])])
def test_results_come_in_a_tuple_a_list_or_an_array(got):
    assert [number("part", x) for x in parts("it", got, 2)] == [1, 2]


def test_an_array_is_as_many_results_as_its_first_axis_is_long():
    first, second = parts("it", np.array([[1.0, 2], [3, 4]]), 2)
    assert (first.tolist(), second.tolist()) == ([1, 2], [3, 4])
    with pytest.raises(Failed, match="a number"):
        number("part", parts("it", np.array([True, False]), 2)[0])


@pytest.mark.parametrize(
    ("got", "count", "message"),
    [
        ((1, 2, 3), 2, "it has 3 parts; expected 2"),
        ([1], 2, "it has 1 part; expected 2"),
        ([], 1, "it has no parts; expected 1"),
        (None, 2, "it is None (is there a return?); expected 2 results"),
        (0.1 + 0.2, 1, "it is 0.3; expected 1 result"),
        (np.zeros(3), 2, "it is an array of shape (3,); expected 2 results"),
        (np.zeros(()), 2, "it is an array of shape (); expected 2 results"),
    ],
)
def test_results_are_counted_in_words_that_fit_the_number(got, count, message):
    with pytest.raises(Failed) as failure:
        parts("it", got, count)
    assert str(failure.value) == message


@pytest.mark.parametrize(
    ("count", "said"), [(0, "no nodes"), (1, "1 node"), (2, "2 nodes")]
)
def test_a_noun_has_its_number(count, said):
    assert counted(count, "node") == said


# -- Digits --------------------------------------------------------------------


def test_float32_is_told_to_have_too_few_digits():
    want = np.random.default_rng(0).normal(size=(3, 4))
    with pytest.raises(Failed) as failure:
        close("Z", want.astype(np.float32), want, rtol=1e-9)
    assert re.fullmatch(
        r"Z\[\d, \d\] is (-?[\d.]+) to six digits, and yet off by [\de.-]+ "
        r"\(in float32: too few digits\)",
        str(failure.value),
    )
    close("Z", want.astype(np.float32), want, rtol=1e-6)  # enough for this tolerance


@pytest.mark.parametrize("got", [3.0, 1.5 + 1e-3, 2.5])
def test_what_is_wrong_for_another_reason_is_not_told_to_be_float32(got):
    with pytest.raises(Failed) as failure:
        close("x", got, got + (1e-8 if got == 3.0 else 0.1), rtol=1e-9)
    assert "float32" not in str(failure.value)


@given(
    want=st.floats(-1e6, 1e6),
    off=st.floats(-14, 0).map(lambda e: 10**e),
    rtol=st.sampled_from([1e-9, 1e-6]),
)
def test_no_two_equal_numbers_are_printed_as_different(want, off, rtol):
    try:
        close("x", want * (1 + off), want, rtol=rtol)
    except Failed as failure:
        printed = re.fullmatch(r"x is (\S+); expected (\S+?)( \(.*)?", str(failure))
        assert printed is None or printed[1] != printed[2]


# -- In every exercise ---------------------------------------------------------

AS_LISTS = """
def _as_lists(x):
    if isinstance(x, (list, tuple)):
        return [_as_lists(y) for y in x]
    return x.tolist() if isinstance(x, np.ndarray) else x
"""
# Only a result whose parts have one shape becomes one array.
AS_ARRAYS = """
def _as_arrays(x):
    if isinstance(x, (list, tuple)):
        x = [_as_arrays(y) for y in x]
        if x and len({np.shape(y) if type(y) is not list else 0 for y in x}) == 1:
            return x if type(x[0]) is list else np.array(x)
    return x
"""
# A list of whole numbers is what ch04.topological asks for.
CODE = [
    ex for ex in exercises.all() if isinstance(ex, Code) and ex.id != "ch04.topological"
]


def rewritten(source, ex, how):
    name = how.split("(")[0].split()[-1]
    return (
        f"{source}\nimport numpy as np\n{how}\n_first = {ex.function}\n"
        f"def {ex.function}(*args):\n    return {name}(_first(*args))\n"
    )


@pytest.mark.parametrize("how", [AS_LISTS, AS_ARRAYS], ids=["lists", "arrays"])
@pytest.mark.parametrize("ex", CODE, ids=lambda ex: ex.id)
def test_right_numbers_have_full_points_in_lists_and_arrays(ex, how):
    result = check(ex, rewritten(ex.solution, ex, how))
    assert result.passed, result.message


@pytest.mark.parametrize("how", [AS_LISTS, AS_ARRAYS], ids=["lists", "arrays"])
@pytest.mark.parametrize("ex", CODE, ids=lambda ex: ex.id)
def test_a_wrong_result_is_worth_no_more_in_another_form_and_gets_its_hint(ex, how):
    for mistake in ex.mistakes:
        plain = check(ex, mistake.answer)
        other = check(ex, rewritten(mistake.answer, ex, how))
        assert not plain.passed, mistake.name
        assert other.score <= plain.score, mistake.name
        assert other.mistake == plain.mistake == mistake.name


def test_slopes_are_those_of_a_known_function():
    x = np.array([[1.0, -2.0], [0.5, 3.0]])
    assert np.allclose(slopes(lambda v: float((v**3).sum()), x), 3 * x**2, rtol=1e-8)
    assert np.array_equal(x, [[1.0, -2.0], [0.5, 3.0]])
