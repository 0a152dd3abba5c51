"""A cell runs alone, gives plain data, and its errors point to its own lines."""

import os
import signal
import threading

import numpy as np
import pytest

from course import local
from course.model import Code, Failed, Given, StudentError


def exercise(**changes):
    parts = dict(
        id="ch00.f",
        title="",
        points=1,
        minutes=1,
        function="f",
        stub="def f(x):\n    return None\n",
        solution="",
        properties=(),
        case=lambda rng: (),
    )
    return Code(**(parts | changes))


def make(source, **changes):
    return local.caller(exercise(**changes))(source)


def error_of(source, *args, **changes):
    with pytest.raises(StudentError) as caught:
        make(source, **changes)(*args)
    return caught.value


def test_np_is_there_without_an_import():
    assert make("f = lambda x: np.sum(x)")(np.ones(3)) == 3.0


def test_bp_is_there_only_where_the_exercise_lists_it():
    source = "f = lambda x: bp.__name__"
    assert make(source, imports=frozenset({"np", "bp"}))(0) == "backprop"
    assert "NameError" in error_of(source, 0).text


@pytest.mark.parametrize("source", ["import numpy as np", "from math import exp"])
def test_numpy_and_math_may_be_imported(source):
    assert make(f"{source}\nf = lambda x: x")(1) == 1


@pytest.mark.parametrize(
    "source",
    ["import os", "from backprop import Dense", "import course", "__import__('sys')"],
)
def test_any_other_import_is_refused_by_name(source):
    error = error_of(source)
    assert error.kind == "forbidden"
    assert error.text.endswith("There is math and numpy.")


def test_numpy_still_imports_for_itself():
    # Inside np.linalg and np.fft modules are loaded when first used.
    assert make("f = lambda x: np.linalg.norm(np.fft.fft(x))")(np.ones(4)) == 4.0


def test_a_cell_does_not_see_the_notebook_or_another_cell():
    make("secret = 1\ndef f(x): return x")
    assert "NameError" in error_of("def f(x): return secret", 0).text


def test_a_cell_without_the_function_says_which_is_missing():
    error = error_of("def g(x): return x")
    assert error.kind == "missing"
    assert error.text == "The cell defines no function f(x)."


def test_a_traceback_is_cut_to_the_cells_own_lines():
    source = "def g(x):\n    return x @ np.ones(3)\n\ndef f(x):\n    return g(x)\n"
    lines = error_of(source, np.ones(2)).text.splitlines()
    assert lines[:2] == [
        "line 5, in f: return g(x)",
        "line 2, in g: return x @ np.ones(3)",
    ]
    assert lines[2].startswith("ValueError: matmul")


def test_a_syntax_error_names_its_line():
    text = error_of("def f(x):\n    return (x\n").text
    assert text.startswith("line 2: return (x\nSyntaxError: ")


def test_a_long_traceback_has_its_last_lines_only():
    text = error_of("def f(x):\n    return f(x + 1)\n", 0).text
    assert len(text.splitlines()) == local.LAST_LINES + 1
    assert "RecursionError" in text


@pytest.mark.parametrize(
    "source", ["raise SystemExit", "import sys", "exit()", "1 / 0"]
)
def test_whatever_a_cell_raises_is_a_student_error(source):
    assert isinstance(error_of(source), StudentError)


def test_an_error_whose_text_raises_is_still_told():
    source = "class E(Exception):\n    def __str__(self): return 1 / 0\nraise E"
    assert error_of(source).text.endswith("E")


def test_a_loop_that_never_ends_can_be_interrupted_and_says_so():
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        timer.start()
        error = error_of("def f(x):\n    while True: pass", 0)
    finally:
        timer.join()
        signal.signal(signal.SIGINT, previous)
    assert error.kind == "interrupted"
    assert error.text == "Stopped. Is there a loop that does not end?"


def test_what_a_cell_prints_is_not_shown_by_a_check(capsys):
    make("print('a')\ndef f(x):\n    print('b')\n    return x")(1)
    assert capsys.readouterr().out == ""


def test_warnings_of_a_cell_are_not_ours():
    assert make("f = lambda x: np.log(x)")(np.zeros(1))[0] == -np.inf


@pytest.mark.parametrize(
    "spoil", ["x += 1", "x[0] = 5", "x.sort()", "x.shape = (1, 2)"], ids=str
)
def test_a_changed_input_is_named(spoil):
    call = make(f"def f(x):\n    {spoil}\n    return 0\n")
    x = np.array([2.0, 1.0])
    with pytest.raises(Failed, match="your function changed its input x"):
        call(x)
    assert np.array_equal(x, [2.0, 1.0])


def test_a_changed_list_is_noticed_too():
    call = make("def f(x):\n    x.append(1)\n    return 0\n")
    with pytest.raises(Failed, match="changed its input x"):
        call([1.0])


def test_a_function_is_made_from_its_name_and_parameters():
    given = "def power(n):\n    return lambda x: x**n\n"
    call = make("f = lambda g: g(3)", given=given)
    assert call(Given("power", (2,))) == 9


@pytest.mark.parametrize(
    ("returned", "plain"),
    [
        ("np.float64(2)", 2.0),
        ("np.int32(2)", 2),
        ("np.bool_(True)", True),
        ("(1, [2.0, None])", (1, [2.0, None])),
        ("{'a': 'b'}", {"a": "b"}),
    ],
)
def test_results_become_plain_data(returned, plain):
    found = make(f"f = lambda x: {returned}")(0)
    assert found == plain
    assert type(found) is type(plain)


@pytest.mark.parametrize(
    ("returned", "kind"),
    [("np.ones(2, np.float32)", "float64"), ("np.ones(2, np.uint8)", "int64")],
)
def test_arrays_become_float64_or_int64(returned, kind):
    assert make(f"f = lambda x: {returned}")(0).dtype == kind


@pytest.mark.parametrize(
    "returned",
    ["object()", "lambda: 0", "1j", "{1: 2}", "{1, 2}", "np.array(['a'])", "10**30"],
)
def test_anything_else_is_refused_by_kind(returned):
    error = error_of(f"f = lambda x: {returned}", 0)
    assert error.kind == "forbidden"
    assert error.text.startswith("It returned an ")
