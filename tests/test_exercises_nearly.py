"""Wrong functions that fit most inputs: no student and no key lets one of them pass."""

import pytest

from course import exercises
from course.checking import check

STUDENTS = [None, *(f"s{3000 + n}" for n in range(20))]


def spoilt(exercise_id, *changes):
    source = exercises.get(exercise_id).solution
    for old, new in changes:
        assert source.count(old) == 1
        source = source.replace(old, new)
    return exercise_id, source


def stable(body):
    return "ch03.stable", f"def binary_cross_entropy(Z, T):\n    {body}\n"


NEARLY = {
    **{
        f"the logit itself from {z} on": stable(
            f"S = np.where(Z > {z}, Z, np.log(1 + np.exp(np.minimum(Z, 700))))\n"
            "    return np.mean(S - T * Z)"
        )
        for z in (0, 1, 3, 10)
    },
    **{
        f"0 below {z}": stable(
            f"S = np.where(Z < {z}, 0, np.logaddexp(0, Z))\n"
            "    return np.mean(S - T * Z)"
        )
        for z in (0, -1, -3, -5)
    },
    "ln(1 + e^z) for positive logits alone": stable(
        "return np.mean(np.logaddexp(0, abs(Z)) - T * Z)"
    ),
    "dW turned over if its shape says so": spoilt(
        "ch05.dense",
        ("dZ.T @ X\n", "X.T @ dZ\n    dW = dW if dW.shape == W.shape else dW.T\n"),
    ),
    "dW turned over if the layer is square": spoilt(
        "ch05.dense",
        ("dZ.T @ X\n", "dZ.T @ X\n    dW = dW.T if len(W) == len(W.T) else dW\n"),
    ),
    "dX turned over if the layer is square": spoilt(
        "ch05.dense", ("dZ @ W", "dZ @ (W.T if len(W) == len(W.T) else W)")
    ),
    "da for positive b": spoilt("ch04.divide", ("dc / b\n", "dc / abs(b)\n")),
    "db for positive b": spoilt(
        "ch04.divide", ("-dc * a / b**2", "-dc * a / (b * abs(b))")
    ),
    "db for positive a": spoilt("ch04.divide", ("-dc * a", "-dc * abs(a)")),
    "db for positive blame": spoilt("ch04.divide", ("-dc * a", "-abs(dc) * a")),
    "the last of several epochs": spoilt(
        "ch07.repair-run", ("if L < lowest", "if L <= lowest")
    ),
    "a step of its own": spoilt(
        "ch05.check", ("    derived", "    h = 1e-5\n    derived")
    ),
    "no slope where Z is 0": spoilt(
        "ch05.bend", ("dA * slope", "dA * slope * np.abs(np.sign(Z))")
    ),
    "more than half": spoilt("ch06.keep-half", ("> L -", ">= L -")),
}


@pytest.mark.parametrize(("name", "source"), NEARLY.values(), ids=NEARLY)
def test_what_is_nearly_right_is_not_full_for_any_student_and_key(name, source):
    exercise = exercises.get(name)
    for n, student in enumerate(STUDENTS):
        for key in ({}, {"key": f"another key, number {n}".encode()}):
            result = check(exercise, source, student=student, **key)
            assert result.score < exercise.points, (student, key)


HINTED = {
    "the logit itself from 1 on": "ch03.stable",
    "the logit itself from 3 on": "ch03.stable",
    "dW turned over if its shape says so": "ch05.dense",
    "the last of several epochs": "ch07.repair-run",
    "a step of its own": "ch05.check",
    "no slope where Z is 0": "ch05.bend",
    "more than half": "ch06.keep-half",
}


@pytest.mark.parametrize("which", HINTED)
def test_what_is_nearly_right_is_told_where_it_is_not(which):
    name, source = NEARLY[which]
    for student in STUDENTS[:6]:
        assert check(exercises.get(name), source, student=student).hint


ALSO_RIGHT = {
    "the length of g, squared": spoilt(
        "ch06.keep-half", ("g @ g", "np.linalg.norm(g) ** 2")
    ),
    "the fall against half of the promise": spoilt(
        "ch06.keep-half",
        (
            "loss(p - eta * g) > L - eta * square / 2",
            "L - loss(p - eta * g) < 0.5 * (eta * square)",
        ),
    ),
    "sum of squares": spoilt("ch06.keep-half", ("g @ g", "np.sum(g**2)")),
    "by a call": stable("return np.mean(np.logaddexp(0, Z) - T * Z)"),
    "from the answer to the size": stable(
        "S = np.maximum(Z, 0) - np.log(1 / (1 + np.exp(-abs(Z))))\n"
        "    return np.sum(S - Z * T) / len(Z)"
    ),
    "by cases of the sign": spoilt(
        "ch05.bend",
        (
            "1 / (1 + np.abs(Z)) ** 2",
            "np.where(Z < 0, (1 - np.minimum(Z, 0)) ** -2, "
            "(1 + np.maximum(Z, 0)) ** -2)",
        ),
    ),
    "losses first, then the lowest": spoilt(
        "ch07.repair-run",
        ("lowest = W.copy(), b.copy(), np.inf", "runs = W.copy(), b.copy(), []"),
        ("        if L < lowest:\n", ""),
        (
            "            lowest, best = L, (W.copy(), b.copy())\n",
            "        runs.append((L, W.copy(), b.copy()))\n",
        ),
        (
            "    return *best, lowest",
            "    L, W, b = runs[int(np.argmin([run[0] for run in runs]))]\n"
            "    return W, b, L",
        ),
    ),
    "new arrays in each step": spoilt(
        "ch07.repair-run",
        ("W -= eta * X[rows].T @ dZ", "W = W - eta * (dZ.T @ X[rows]).T"),
        ("b -= eta * dZ.sum(axis=0)", "b = b - eta * sum(dZ)"),
    ),
}


@pytest.mark.parametrize(("name", "source"), ALSO_RIGHT.values(), ids=ALSO_RIGHT)
def test_another_way_to_write_it_is_right_for_every_student_and_key(name, source):
    for n, student in enumerate(STUDENTS):
        for key in ({}, {"key": f"another key, number {n}".encode()}):
            result = check(exercises.get(name), source, student=student, **key)
            assert result.passed, (student, key, result)
