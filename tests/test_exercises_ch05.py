"""Chapter 5's right answers, held to something independent of their formulas."""

import itertools

import numpy as np
import pytest

import backprop as bp
from course import exercises
from course.checking import check
from course.personal import displayed, options_for, right_for, values_for
from course.properties import slopes

STUDENTS = [None, *(f"s{1000 + n}" for n in range(8))]


@pytest.fixture(params=STUDENTS)
def student(request):
    return request.param


def drawn(exercise_id, student):
    exercise = exercises.get(exercise_id)
    return values_for(exercise, student), right_for(exercise, student)


def test_entry_is_what_a_wiggle_of_that_weight_measures(student):
    v, (dW01,) = drawn("ch05.entry", student)
    X, dZ = np.array(v["X"]), np.array(v["dZ"])
    measured = slopes(lambda W: float(np.sum(dZ * (X @ W))), np.ones((2, 2)))
    assert dW01 == pytest.approx(measured[0, 1], rel=1e-7)


@pytest.mark.parametrize("order", list(itertools.permutations(range(5))))
def test_paths_may_stand_in_any_order_that_uses_only_what_stands_before(order):
    exercise = exercises.get("ch05.paths")
    # One path needs the rate, the sum one path and the users of X_ni, Wᵀ the sum.
    needs = {0: set(), 1: set(), 2: {1}, 3: {0, 2}, 4: {3}}
    follows = all(needs[line] <= set(order[:k]) for k, line in enumerate(order))
    shown = displayed(exercise, None)
    answer = {
        "order": [shown.index(line) for line in order],
        "reasons": [exercise.reasons.index(exercise.lines[k].reason) for k in order],
    }
    assert check(exercise, answer).passed == follows


def test_cancel_leaves_less_blame_than_its_neighbours(student):
    v, settings = drawn("ch05.cancel", student)
    (slider,) = exercises.get("ch05.cancel").sliders

    def blame(w):
        weights = np.array([[*v["w"], w]])
        dZ = np.array([v["dz"]])
        return abs(slopes(lambda A: float(np.sum(dZ * (A @ weights))), np.ones((1, 1))))

    place = slider.place(settings["w"])
    here, below, above = (blame(slider.at(place + k)) for k in (0, -1, 1))
    assert here < below
    assert here < above


def test_two_layers_is_what_the_package_finds(student):
    v, entries = drawn("ch05.two-layers", student)
    net = bp.Sequential(bp.Dense(2, 2), bp.Tanh(), bp.Dense(2, 1), rng=0)
    net.layers[0].W, net.layers[2].W = v["W1"], np.array(v["W2"])[:, None]
    loss = bp.BinaryCrossEntropy()
    loss.forward(net(np.array(v["X"])), np.array(v["T"])[:, None])
    net.backward(loss.backward())
    dW = net.layers[0].dW
    assert entries == pytest.approx([dW[0, 1], dW[1, 0]], rel=1e-12)


def test_softmax_is_what_a_wiggle_measures_and_adds_up_to_nothing(student):
    v, dz = drawn("ch05.softmax", student)

    def loss(z):
        return float(np.dot(v["v"], np.exp(z) / np.exp(z).sum()))

    assert dz == pytest.approx(slopes(loss, np.array(v["z"])), rel=1e-7)
    assert sum(dz) == pytest.approx(0, abs=1e-12)


class Counted(float):
    """A number that counts its multiplications."""

    count = 0

    def __mul__(self, other):
        Counted.count += 1
        return Counted(float(self) * float(other))

    def __add__(self, other):
        return Counted(float(self) + float(other))


def counted(*shape):
    return np.vectorize(Counted, otypes=[object])(np.ones(shape))


def test_cost_is_what_numbers_count_that_are_multiplied():
    v, (ratio,) = drawn("ch05.cost", None)
    n0, n1, n2, n3 = v["sizes"]
    X, W1, W2, W3 = counted(1, n0), counted(n0, n1), counted(n1, n2), counted(n2, n3)
    Counted.count = 0
    A1 = X @ W1
    A2 = A1 @ W2
    dZ3 = A2 @ W3
    there = Counted.count
    dZ2 = dZ3 @ W3.T
    dZ1 = dZ2 @ W2.T
    for A, dZ in ((A2, dZ3), (A1, dZ2), (X, dZ1)):
        A.T @ dZ
    assert ratio == pytest.approx((Counted.count - there) / there, rel=1e-12)


def test_zero_is_what_the_package_finds_at_zero():
    net = bp.Sequential(
        bp.Dense(2, 3, bp.Zeros()), bp.Tanh(), bp.Dense(3, 1, bp.Zeros())
    )
    loss, T = bp.BinaryCrossEntropy(), np.array([[1.0], [1.0], [0.0], [1.0]])
    loss.forward(net(np.random.default_rng(0).normal(size=(4, 2))), T)
    net.backward(loss.backward())
    moving = [
        name
        for name, g in (
            ("dW1", net.layers[0].dW),
            ("db1", net.layers[0].db),
            ("dW2", net.layers[2].dW),
            ("db2", net.layers[2].db),
        )
        if g.any()
    ]
    assert moving == ["db2"]
    exercise = exercises.get("ch05.zero")
    options = options_for(exercise)
    assert options[right_for(exercise)] == "db2 alone"


def test_mazur_gives_the_correct_digits_and_knows_those_of_the_page():
    exercise = exercises.get("ch05.mazur")
    dW00, digits = right_for(exercise)
    # Published: w1 goes from .15 to .149780716 in a step of η = .5.
    assert 0.15 - 0.5 * dW00 == pytest.approx(0.149780716, abs=5e-10)
    assert digits == 774  # of 0.291027774; see test_published
    early = next(m for m in exercise.mistakes if m.name == "early")
    assert early.answer({})[1] == 924  # what the page prints
    assert check(exercise, [early.answer({})[0], 924.0]).hint == early.hint


@pytest.mark.parametrize(
    ("name", "fault", "said"),
    [
        ("tanh", "slope-at-a", "(right: db2, dW2; not yet: dW1, db1)"),
        ("tanh", "mean-for-sum", "(right: db2, dW2, dW1; not yet: db1)"),
        ("square", "not-transposed", "(right: db2, dW2; not yet: db1, dW1)"),
        ("square", "wrong-way-round", "(right: db2, dW2, db1; not yet: dW1)"),
        ("twice", "updated-first", "(right: dW3; not yet: dW2, dW1)"),
        ("twice", "path-forgotten", "(right: dW3, dW2; not yet: dW1)"),
        ("twice", "half-the-input", "(right: dW2, dW1; not yet: dW3)"),
    ],
)
def test_a_repair_is_told_which_gradients_are_right(name, fault, said):
    exercise = exercises.get(f"ch05.repair-{name}")
    left = next(m.answer for m in exercise.mistakes if m.name == fault)
    assert check(exercise, left).message.endswith(said)


@pytest.mark.parametrize("name", ["tanh", "square", "twice"])
def test_of_a_broken_backward_pass_nothing_is_right_at_first(name):
    exercise = exercises.get(f"ch05.repair-{name}")
    assert "(right: none;" in check(exercise, exercise.stub).message
