"""Every exercise of the book is fair: answerable, personal, diagnosed."""

import pytest

from course import exercises
from course.checking import check
from course.model import Code
from course.personal import mistakes_for, right_for

STUDENTS = [None, *(f"s{1000 + n}" for n in range(20))]
ALL = exercises.all()
CODE = [ex for ex in ALL if isinstance(ex, Code)]
OTHERS = [ex for ex in ALL if not isinstance(ex, Code)]
each = pytest.mark.parametrize("exercise", ALL, ids=lambda ex: ex.id)
each_code = pytest.mark.parametrize("exercise", CODE, ids=lambda ex: ex.id)
each_other = pytest.mark.parametrize("exercise", OTHERS, ids=lambda ex: ex.id)


@each
def test_a_right_answer_gets_all_points_for_every_student(exercise):
    for student in STUDENTS:
        result = check(exercise, right_for(exercise, student), student=student)
        assert result.passed, (student, result)
        assert (result.score, result.hint) == (exercise.points, "")


@each
def test_a_mistakes_answer_gets_its_own_hint_and_no_others(exercise):
    students = STUDENTS if not isinstance(exercise, Code) else STUDENTS[:6]
    for student in students:
        for mistake, answer in mistakes_for(exercise, student):
            result = check(exercise, answer, student=student)
            assert result.mistake == mistake.name, (student, result)
            assert result.hint == mistake.hint
            assert result.score < exercise.points


@each_code
def test_a_stub_gets_nothing(exercise):
    for student in STUDENTS:
        result = check(exercise, exercise.stub, student=student)
        assert result.score == 0, (student, result)


@each_code
def test_the_properties_make_up_the_points(exercise):
    assert sum(p.points for p in exercise.properties) == exercise.points


@each
def test_names_and_hints_are_each_once(exercise):
    names = [m.name for m in exercise.mistakes]
    hints = [m.hint for m in exercise.mistakes]
    assert len(set(names)) == len(names)
    assert len(set(hints)) == len(hints)


RUBBISH = [
    *("None", "True", "'1'", "[]", "{}", "()", "[1, 'a']", "float('nan')", "1e999"),
    *("10**5000", "object()", "np", "np.array([np.nan])", "np.zeros((2, 0))"),
    *("np.array(['a'])", "np.array([None])", "(None, None)", "1j", "lambda: 0"),
]


@each_code
@pytest.mark.parametrize("returned", RUBBISH)
def test_whatever_a_function_returns_is_a_result_and_no_fault_of_ours(
    exercise, returned
):
    source = f"def {exercise.function}(*args):\n    return {returned}\n"
    assert not check(exercise, source).passed


@each_other
@pytest.mark.parametrize(
    "answer",
    [None, True, "1", 1.5, -1, 10**6, [], [True], ["1"], [float("nan")], [10**400]]
    + [{}, {"order": [0]}, {"order": "x"}, {"w": None}, [[1]], {"order": None}],
    ids=repr,
)
def test_whatever_a_file_holds_is_a_result_and_no_fault_of_ours(exercise, answer):
    assert not check(exercise, answer).passed
