"""What a notebook says: cell magics, panels, students, progress."""

import os
import sys
from dataclasses import asdict

import numpy as np
import pytest
from IPython.core.error import UsageError
from IPython.testing.globalipapp import start_ipython

import course
from course import exercises, magic, store


@pytest.fixture(scope="module")
def shell():
    return start_ipython()


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch, shell):
    monkeypatch.chdir(tmp_path)
    # IPython's test shell keeps its own builtins; names must not outlive a test.
    shell.reset(new_session=False)
    assert magic.register()
    return tmp_path


WIGGLE = exercises.get("ch01.wiggle")
NOTED = [ex for ex in exercises.all() if getattr(ex, "noted", "")]


def test_an_exercise_cell_defines_the_function_and_shows_its_panel(shell, monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    shell.run_cell_magic("exercise", "ch01.wiggle", "np = 1\n" + WIGGLE.stub)
    assert callable(shell.user_ns["measure"])
    assert [panel.exercise.id for panel in shown] == ["ch01.wiggle"]
    assert shown[0].source == "np = 1\n" + WIGGLE.stub


def test_what_an_exercise_gives_is_there_in_the_notebook(shell, monkeypatch):
    monkeypatch.setattr("IPython.display.display", lambda panel: None)
    shell.run_cell_magic("exercise", "ch01.wiggle", WIGGLE.stub)
    assert callable(shell.user_ns["cubic"])


def test_a_solution_cell_prints_its_score_alone(shell, capsys):
    shell.user_ns["np"] = np
    shell.run_cell_magic("solution", "ch01.wiggle", WIGGLE.solution)
    assert capsys.readouterr().out == "ch01.wiggle: 4 of 4\n"
    assert not (store.default_path()).exists()


def test_a_solution_that_is_none_says_why(shell, capsys):
    shell.user_ns["np"] = np
    shell.run_cell_magic("solution", "ch01.wiggle", WIGGLE.stub)
    out = capsys.readouterr().out
    assert out.startswith("ch01.wiggle: 0 of 4\none parameter: rates[0] is 0; expected")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("ch01.wigle", "the nearest is 'ch01.wiggle'"),
        ("", "no exercise ''"),
        ("ch01.slope", "course.exercise\\('ch01.slope'\\)"),
    ],
)
def test_a_wrong_id_is_a_usage_error(line, message):
    with pytest.raises(UsageError, match=message):
        magic.exercise(line, "x = 1")


def test_the_panel_of_code_is_asked_for_by_its_cell():
    with pytest.raises(ValueError, match="%%exercise ch01.wiggle"):
        course.exercise("ch01.wiggle")
    assert course.exercise("ch01.slope").exercise.id == "ch01.slope"


def test_without_ipython_nothing_is_registered(monkeypatch):
    monkeypatch.delitem(sys.modules, "IPython")
    assert not magic.register()


def test_a_student_changes_the_values_and_none_goes_back(capsys):
    page = course.values("ch01.slope")
    course.student("s1")
    assert course.values("ch01.slope") != page
    course.student(None)
    assert course.values("ch01.slope") == page
    assert "student: s1" in capsys.readouterr().out


def test_a_checked_answer_may_be_a_number_an_option_or_lines():
    v = course.values("ch01.ratio")
    assert course.check("ch01.ratio", f"{v['u'] / v['l']:.1f} : 1").passed
    assert course.check("ch07.updates", 1.0).max == 1
    lines = [line.text for line in exercises.get("ch07.run").lines]
    assert course.check("ch07.run", lines).passed
    chain = exercises.get("ch01.chain").lines
    both = [line.text for line in chain], [line.reason for line in chain]
    assert course.check("ch01.chain", both).passed
    settings = exercises.get("ch01.flat").answer(course.values("ch01.flat"))
    assert course.check("ch01.flat", settings).passed


def test_a_line_that_is_not_there_is_named():
    with pytest.raises(ValueError, match="ch01.ratio: there is no '7 : 0'"):
        course.check("ch01.ratio", "7 : 0")


@pytest.mark.parametrize("name", [ex.id for ex in NOTED])
def test_before_the_course_no_answer_is_told_to_be_right_or_wrong(name):
    count = len(exercises.get(name).options({}))
    results = [course.check(name, option) for option in range(count)]
    results.append(course.check(name, exercises.get(name).options({})[0]))
    assert len({repr(asdict(result)) for result in results}) == 1
    said = f"{name}: {exercises.get(name).noted}"
    assert {str(result) for result in results} == {said}
    assert {repr(result) for result in results} == {said}
    assert not results[0].hint


def test_before_the_course_an_answer_that_is_none_is_said_to_be():
    assert "is expected" in course.check(NOTED[0].id, 99).message
    with pytest.raises(ValueError, match="there is no 'x'"):
        course.check(NOTED[0].id, "x")


def test_after_the_course_an_answer_is_right_or_wrong():
    name = NOTED[0].id.replace("before", "after")
    right = exercises.get(name).options({})[0]
    assert str(course.check(name, right)) == f"{name}: 1 of 1"


def test_a_cell_is_checked_with_its_magic_too():
    source = f"%%exercise ch01.wiggle\n{WIGGLE.solution}"
    assert course.check("ch01.wiggle", source).passed


def test_checking_saves_nothing():
    course.check("ch01.slope", 1.0)
    assert os.listdir() == []


# -- Progress ---------------------------------------------------------------------


def test_progress_counts_points_and_names_what_is_open():
    store.save("ch01.slope", value=[1], score=2)
    store.save("ch01.ratio", value=0, score=0)
    chapters = {page.name: page for page in course.progress().chapters}
    first = chapters["ch01"]
    assert (first.name, first.score) == ("ch01", 2)
    assert first.points == sum(
        ex.points for ex in exercises.all() if ex.chapter == "ch01"
    )
    assert "Two weights share the blame" in first.open
    assert "One weight's share of the blame" not in first.open


def test_progress_has_the_file_to_download_in_it():
    store.set_student("s1")
    page = course.progress()._repr_html_()
    assert 'download="submission.json"' in page
    assert "Student: s1" in page
    assert str(course.progress()).startswith("student: s1\nch00: 0 of ")


def test_progress_takes_over_an_earlier_file(folder):
    store.save("ch01.slope", value=[1], score=2, path=folder / "old.json")
    found = course.progress(earlier="old.json")
    assert found.taken == ("ch01.slope",)
    assert "taken over: ch01.slope" in str(found)


@pytest.mark.parametrize("score", ['"9"', "NaN", "1e9", "-5", "null"])
def test_a_strange_score_in_the_file_is_no_progress_beyond_the_points(folder, score):
    text = '{"format": "backprop-submission", "version": 1, "answers": '
    text += '{"ch01.slope": {"value": [1], "score": ' + score + "}}}"
    (folder / store.NAME).write_text(text)
    assert 0 <= course.progress().chapters[0].score <= 2
