"""Right answers of chapter 0 and of the checks, held to what is measured."""

import itertools
import re

import numpy as np
import pytest

import backprop as bp
from course import exercises
from course.personal import broken_rules, right_for, values_for

h = 1e-5


@pytest.fixture(params=[None, "s1", "s2", "s3", "s4"])
def student(request):
    return request.param


def drawn(exercise_id, student):
    exercise = exercises.get(exercise_id)
    return values_for(exercise, student), right_for(exercise, student)


def rate(f, x):
    return (f(x + h) - f(x - h)) / (2 * h)


def test_a_partial_derivative_and_one_path(student):
    v, (right,) = drawn("ch00.partial", student)
    assert right == pytest.approx(
        rate(lambda x: x**2 * v["y"] + v["a"] * v["y"], v["x"])
    )
    v, (right,) = drawn("ch00.path", student)
    assert right == pytest.approx(rate(lambda x: (v["a"] * x + v["b"]) ** 2, v["x"]))


def test_two_paths_are_walked_at_once(student):
    v, (right,) = drawn("ch00.two-paths", student)
    x_t, y_t, f_x, f_y = v.values()

    def f(t):  # any function with these four rates at t = 0
        x, y = np.sin(x_t * t), np.expm1(y_t * t)
        return f_x * np.expm1(x) + f_y * np.sin(y)

    assert right == pytest.approx(rate(f, 0.0), rel=1e-5)


def test_sums_and_products(student):
    v, (right,) = drawn("ch00.sum", student)
    x, w = np.array(v["x"], float), np.array(v["w"], float)
    assert right == pytest.approx(rate(lambda t: (w + t * np.eye(3)[1]) @ x, 0.0))
    v, (right,) = drawn("ch00.entry", student)
    assert right == np.matmul(v["A"], v["B"])[0][1]


def test_an_entry_of_a_jacobian(student):
    v, (right,) = drawn("ch00.jacobian", student)
    f = lambda x: x**2 + v["a"] * v["x_1"]  # noqa: E731
    assert right == pytest.approx(rate(f, v["x_0"]))


def test_a_shape(student):
    v, right = drawn("ch00.broadcast", student)
    from course.personal import options_for

    shape = (np.zeros((v["N"], 1)) - np.zeros(v["N"])).shape
    assert options_for(exercises.get("ch00.broadcast"), student)[right] == str(shape)


def test_logarithms_and_events(student):
    v, (right,) = drawn("ch00.logarithm", student)
    a, b, n = np.exp(v["ln a"]), np.exp(v["ln b"]), v["n"]
    assert right == pytest.approx(np.log(a**n / b))
    v, (right,) = drawn("ch00.independent", student)
    tenths = [round(10 * p) for p in v.values()]
    count = sum(  # of a thousand equally likely triples
        i < tenths[0] and j < tenths[1] and k >= tenths[2]
        for i in range(10)
        for j in range(10)
        for k in range(10)
    )
    assert right == pytest.approx(count / 1000)


def test_the_gap_under_a_parabola(student):
    v, (right,) = drawn("ch00.tangent", student)
    first, second, step = v.values()
    parabola = np.polynomial.Polynomial([7, first, second / 2])
    assert parabola.deriv(2)(3) == pytest.approx(second)
    assert right == pytest.approx(parabola(step) - (7 + first * step))


def test_check_4_agrees_with_the_scalar_engine(student):
    v, (right,) = drawn("check-4.graph", student)
    x, y = bp.Value(float(v["x"])), bp.Value(float(v["y"]))
    p = x * y
    (p * (x + p)).backward()
    assert right == pytest.approx(x.grad)
    v, (right,) = drawn("check-4.neuron", student)
    w = bp.Value(v["w_l"])
    a = (w * v["l"] + v["u"] * v["w_u"] + v["b"]).sigmoid()
    loss = -(a.log() if v["t"] else (1 - a).log())
    loss.backward()
    assert right == pytest.approx(w.grad)


def test_the_two_losses_at_a_wrong_and_certain_neuron(student):
    v, _ = drawn("check-4.deaf", student)
    z, loss = np.array([[float(v["z"])]]), bp.BinaryCrossEntropy()
    loss.forward(z, np.ones((1, 1)))
    assert loss.backward().item() == pytest.approx(-1, abs=1e-3)
    assert abs(rate(lambda z: (1 / (1 + np.exp(-z)) - 1) ** 2, v["z"])) < 1e-3


def test_the_bias_rests_where_the_loss_is_lowest(student):
    v, right = drawn("check-4.rest", student)
    (slider,) = exercises.get("check-4.rest").sliders
    places = [slider.at(k) for k in range(slider.count)]
    Z, T = np.array(v["s"])[:, None], np.array(v["t"], float)[:, None]
    losses = [bp.BinaryCrossEntropy().forward(Z + b, T) for b in places]
    assert right["b"] == pytest.approx(places[int(np.argmin(losses))], abs=0.051)


def test_check_7_blame_for_a_hidden_neuron_is_measured(student):
    v, (right,) = drawn("check-7.hidden", student)
    loss = lambda z: np.dot(v["dZ"], np.tanh(z) * np.array(v["W"]))  # noqa: E731
    assert right == pytest.approx(rate(loss, v["z"]), rel=1e-7)


def test_check_7_promise_and_change_of_a_bowl(student):
    v, (promised, got) = drawn("check-7.promised", student)
    bowl = lambda w: v["c"] * w**2 / 2  # noqa: E731
    slope = rate(bowl, v["w"])
    assert promised == pytest.approx(-v["η"] * slope**2)
    assert got == pytest.approx(bowl(v["w"] - v["η"] * slope) - bowl(v["w"]))


def test_check_7_counts_what_a_run_by_wiggling_costs(student):
    v, (right,) = drawn("check-7.wiggled", student)
    layers = bp.Dense(v["inputs"], v["hidden"]), bp.Dense(v["hidden"], v["outputs"])
    P = bp.Sequential(*layers, rng=0).params.size
    steps = sum(1 for _ in range(v["E"]) for _ in range(0, v["N"], v["B"]))
    assert right == 2 * P * steps


def test_check_7_best_step_walks_the_bowl_down_fastest(student):
    v, right = drawn("check-7.best-step", student)
    (slider,) = exercises.get("check-7.best-step").sliders

    def left(eta):  # of the distance, after many steps
        w = np.ones(2)
        for _ in range(400):
            w = w - eta * np.array([v["c0"], v["c1"]]) * w
        return np.log(np.abs(w).max() + 1e-300)

    places = [slider.at(k) for k in range(slider.count)]
    assert right["eta"] == places[int(np.argmin([left(eta) for eta in places]))]


def test_the_order_of_check_4_runs_and_gives_the_gradients():
    lines = [line.text.strip("`") for line in exercises.get("check-4.lines").lines]
    space = {"w": 1.5, "x": -0.7}
    exec("\n".join(lines), space)
    assert space["dw"] == pytest.approx(rate(lambda w: w * -0.7 * (w * -0.7 + w), 1.5))
    assert space["dx"] == pytest.approx(rate(lambda x: 1.5 * x * (1.5 * x + 1.5), -0.7))


def test_the_order_of_check_7_runs_and_steps_as_the_package_does():
    rng = np.random.default_rng(0)
    net = bp.Sequential(bp.Dense(2, 3), bp.Tanh(), bp.Dense(3, 1), rng=1)
    X, T = rng.normal(size=(4, 2)), rng.integers(0, 2, (4, 1)).astype(float)
    space = {"np": np, "X": X, "T": T, "eta": 0.5}
    space["W1"], space["W2"] = net.layers[0].W.copy(), net.layers[2].W.copy()
    space["sigmoid"] = lambda z: 1 / (1 + np.exp(-z))
    lines = [line.text.strip("`") for line in exercises.get("check-7.step").lines]
    exec("\n".join(lines), space)
    bp.train_step(net, bp.BinaryCrossEntropy(), bp.SGD(0.5), X, T)
    np.testing.assert_allclose(space["W1"], net.layers[0].W, rtol=1e-12)
    np.testing.assert_allclose(space["W2"], net.layers[2].W, rtol=1e-12)


def test_the_symptom_of_check_7_is_that_of_its_fault():
    rng = np.random.default_rng(0)
    X, W2 = rng.normal(size=(2, 3)), rng.normal(size=(4, 1))
    A1 = np.tanh(X @ rng.normal(size=(3, 4)))
    right = (np.ones((2, 1)) @ W2.T) * (1 - A1**2)
    ratios = (np.ones((2, 1)) @ W2.T) / right
    assert (ratios >= 1).all()
    assert np.unique(ratios.round(6)).size == ratios.size


def test_a_network_that_trains_itself_is_shown_at_work(monkeypatch):
    from course import local

    shown = []
    monkeypatch.setattr("course.plots.show", lambda fig, alt: shown.append(alt))
    exercise = exercises.get("check-7.train")
    exercise.after(local.caller(exercise)(exercise.solution))
    assert "from 0.79 to 0.09" in shown[0]


def test_lines_of_check_4_may_stand_in_each_order_in_which_they_run():
    ex = exercises.get("check-4.lines")
    lines = [line.text.strip("`") for line in ex.lines]
    made = [line.partition(" = ")[0] for line in lines]
    needs = [set(re.findall(r"[a-zA-Z]+", line.partition(" = ")[2])) for line in lines]
    run = 0
    for order in itertools.permutations(range(len(lines))):
        known = {"x", "w"}
        for k in order:
            if not needs[k] <= known:
                break
            known.add(made[k])
        runs = len(known) == 2 + len(lines)
        assert runs == (not broken_rules(ex, order))
        run += runs
    assert run == 48
