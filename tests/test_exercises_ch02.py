"""Right answers of chapter 2, held to the package or to what a wiggle measures."""

import numpy as np
import pytest

import backprop as bp
from course import exercises
from course.personal import right_for, values_for

H = 1e-5


@pytest.fixture(params=[None, "s1", "s2", "s3", "s4"])
def student(request):
    return request.param


def drawn(exercise_id, student):
    exercise = exercises.get(exercise_id)
    return values_for(exercise, student), right_for(exercise, student)


def filled(W, b, *others):
    """A network of one Dense layer, or of several with what is between them."""
    pairs = [(W, b), *others]
    dense = [bp.Dense(*np.shape(W)) for W, _ in pairs]
    for_all = bp.Sequential(*dense, rng=0)
    for layer, (W, b) in zip(dense, pairs, strict=True):
        layer.W, layer.b = W, b
    return for_all


def test_entry_is_that_of_a_dense_layer(student):
    v, (entry,) = drawn("ch02.entry", student)
    assert entry == pytest.approx(
        filled(v["W"], v["b"])(np.array(v["X"]))[v["n"], v["j"]]
    )


def test_merged_layer_answers_as_the_two_do(student):
    v, (w_u, w_l, b) = drawn("ch02.merge", student)
    two = filled(v["W1"], v["b1"], (np.array(v["W2"])[:, None], [v["b2"]]))
    X = np.random.default_rng(0).normal(size=(5, 2))
    assert X @ [w_u, w_l] + b == pytest.approx(two(X)[:, 0], rel=1e-12)


def test_slope_is_what_a_wiggle_of_z_measures(student):
    v, (a, slope) = drawn("ch02.slope", student)
    z = v["u"] * v["w_u"] + v["l"] * v["w_l"] + v["b"]
    assert a == pytest.approx(2 / (1 + np.exp(-2 * z)) - 1)
    assert slope == pytest.approx((np.tanh(z + H) - np.tanh(z - H)) / (2 * H), rel=1e-8)


def test_at_the_threshold_the_neuron_wakes(student):
    v, settings = drawn("ch02.threshold", student)
    (slider,) = exercises.get("ch02.threshold").sliders
    b = slider.at(slider.place(settings["b"]))
    x = np.array([v["theta"] - 0.05, v["theta"] + 0.05])
    assert list(v["w"] * x + b > 0) == [False, True]


def test_only_the_right_change_leaves_the_answers_as_they_are(student):
    v, _ = drawn("ch02.mirror", student)
    X = np.random.default_rng(0).uniform(0, 1, (6, 2))

    def answers(change):
        W1 = np.array([[1.0, -1, 2], [-1, 1, 1]])
        W2 = np.array([[v["c"]], [v["c"]], [v["d"]]])
        change(W1, W2)
        return np.tanh(X @ W1 + [0, 0, -1]) @ W2

    def scaled(which, *places):
        def change(*weights):
            for place in places:
                weights[which][place] *= v["k"]

        return change

    before = answers(lambda W1, W2: None)
    changes = (
        scaled(1, (0, 0), (1, 0)),
        scaled(1, (0, 0)),
        scaled(1, (2, 0)),
        scaled(0, (0, 0)),
    )
    same = [np.allclose(answers(change), before) for change in changes]
    assert same == [True, False, False, False]


def test_parameters_are_those_of_such_a_network(student):
    v, (count,) = drawn("ch02.parameters", student)
    layers = bp.Dense(v["inputs"], v["hidden"]), bp.Dense(v["hidden"], v["outputs"])
    assert count == bp.Sequential(*layers, rng=0).params.size


def test_path_is_what_a_wiggle_of_the_weight_measures(student):
    v, (rate,) = drawn("ch02.path", student)
    rest = np.arctanh(v["a"]) - v["w"] * v["u"]  # what else is in the hidden z
    other = np.log(v["y"] / (1 - v["y"])) - v["v"] * v["a"]

    def answer(w):
        return 1 / (1 + np.exp(-(v["v"] * np.tanh(w * v["u"] + rest) + other)))

    measured = (answer(v["w"] + H) - answer(v["w"] - H)) / (2 * H)
    assert rate == pytest.approx(measured, rel=1e-7)


def test_cost_is_counted_as_a_loop_would(student):
    v, (count,) = drawn("ch02.cost", student)
    sizes = v["inputs"], v["hidden"], v["outputs"]
    products = sum(1 for k in (0, 1) for _ in np.ndindex(sizes[k], sizes[k + 1]))
    params = sum((sizes[k] + 1) * sizes[k + 1] for k in (0, 1))
    passes = sum(2 for _ in range(params))
    assert count == passes * v["N"] * products
