"""Right answers of chapter 6, held to walks that are really walked."""

import numpy as np
import pytest

import backprop as bp
from course import exercises, local
from course.checking import check
from course.exercises import ch06_code
from course.personal import right_for, rng_for, values_for


@pytest.fixture(params=[None, "s1", "s2", "s3", "s4"])
def student(request):
    return request.param


def drawn(exercise_id, student):
    exercise = exercises.get(exercise_id)
    return values_for(exercise, student), right_for(exercise, student)


class Moving:
    """A network in name: parameters that an optimizer of the package can move."""

    def __init__(self, w):
        self.params = np.array(w, dtype=float)
        self.grads = np.zeros_like(self.params)

    def walk(self, optimizer, gradients):
        for gradient in gradients:
            at = self.params
            self.grads[:] = gradient(at) if callable(gradient) else gradient
            optimizer.step(self)
        return self.params


def test_a_corrected_promise_is_a_parabola_walked_along(student):
    v, (loss,) = drawn("ch06.line", student)
    # A bowl L + ½c‖w‖² − rest, one axis: gradient g at w = g/c.
    g = np.sqrt(v["square"])
    w = g / v["c"]
    rest = v["L"] - v["c"] * w**2 / 2
    assert loss == pytest.approx(rest + v["c"] * (w - v["eta"] * g) ** 2 / 2)


def test_axis_is_where_plain_descent_arrives(student):
    v, (w,) = drawn("ch06.axis", student)
    steps = [lambda at: v["c"] * at] * v["s"]
    assert w == pytest.approx(Moving([v["w"]]).walk(bp.SGD(v["eta"]), steps)[0])


def test_at_the_limit_no_axis_grows_and_beyond_it_one_does(student):
    v, settings = drawn("ch06.limit", student)
    (slider,) = exercises.get("ch06.limit").sliders
    c = np.array(v["c"])
    for eta, stays in ((settings["eta"], True), (settings["eta"] + slider.step, False)):
        end = Moving(np.ones(3)).walk(bp.SGD(eta), [lambda at: c * at] * 200)
        assert (np.abs(end) <= 1 + 1e-9).all() == stays


def test_velocity_is_where_the_packages_momentum_arrives(student):
    v, (w,) = drawn("ch06.velocity", student)
    end = Moving([v["w"]]).walk(bp.Momentum(v["eta"], beta=v["beta"]), v["g"])
    assert w == pytest.approx(end[0])


def test_second_is_what_the_packages_adam_does(student):
    v, (change,) = drawn("ch06.second", student)
    before, after = (
        Moving([0]).walk(bp.Adam(v["eta"]), v["g"][:steps])[0] for steps in (1, 2)
    )
    assert change == pytest.approx(after - before, rel=1e-4)


def test_curvature_is_the_slope_of_the_packages_blame(student):
    v, (c, edge) = drawn("ch06.curvature", student)
    loss, h, slopes = bp.BinaryCrossEntropy(), 1e-5, []
    for z in (v["z"] + h, v["z"] - h):
        loss.forward(np.array([[z]]), np.array([[float(v["t"])]]))
        slopes.append(loss.backward()[0, 0])
    assert c == pytest.approx((slopes[0] - slopes[1]) / (2 * h), rel=1e-8)
    assert edge * c == pytest.approx(2)


def test_a_run_with_this_curvature_grows_as_given(student):
    v, (c, edge) = drawn("ch06.runaway", student)
    path = (1 - v["eta"] * c) * v["first"] / c
    assert abs(c * path) == pytest.approx(v["second"])
    assert abs(1 - edge * c) == pytest.approx(1)


@pytest.mark.parametrize(
    ("ex", "optimizer"),
    [
        (ch06_code.MOMENTUM, lambda eta, beta: bp.Momentum(eta, beta=beta)),
        (ch06_code.ADAM, bp.Adam),
    ],
    ids=lambda x: getattr(x, "id", ""),
)
def test_solutions_walk_as_the_package_does(ex, optimizer, student):
    for case in ex.case(rng_for("any", student)):
        given, w, *settings, steps = case
        H, q = given.params
        end = Moving(w).walk(
            optimizer(*settings), [lambda p, H=H, q=q: H @ p + q * p**3] * steps
        )
        assert local.caller(ex)(ex.solution)(*case) == pytest.approx(end, rel=1e-9)


def test_half_of_the_promise_is_kept_and_twice_the_step_does_not_keep_it(student):
    ex = ch06_code.HALVE
    for given, p, g, eta in ex.case(rng_for("any", student)):
        kept = local.caller(ex)(ex.solution)(given, p, g, eta)

        def kept_half(step, given=given, p=p, g=g):
            fall = ch06_code._loss(*given.params, p) - ch06_code._loss(
                *given.params, p - step * g
            )
            return fall >= step * (g @ g) / 2

        assert kept_half(kept)
        assert kept == eta or not kept_half(2 * kept)


def test_one_step_tells_two_of_the_loops_faults_and_not_the_third():
    wrong = {m.name: m.answer for m in ch06_code.LOOP.mistakes}
    for name, after_one in (("stale", 0), ("newest-fades-too", 0), ("forgets", 2)):
        result = check(ch06_code.LOOP, wrong[name])
        assert (result.score, result.mistake) == (after_one, name)


def test_the_loop_to_repair_walks_as_the_packages_momentum_does(student):
    for X, T, W1, W2, eta, beta, steps in ch06_code.LOOP.case(rng_for("any", student)):
        layers = bp.Dense(3, 4), bp.Tanh(), bp.Dense(4, 2)
        net = bp.Sequential(*layers, rng=0)
        loss, optimizer = bp.BinaryCrossEntropy(), bp.Momentum(eta, beta=beta)
        net.params = np.concatenate([W1.ravel(), np.zeros(4), W2.ravel(), np.zeros(2)])
        biases = [*range(12, 16), 24, 25]
        for _ in range(steps):
            loss.forward(net.forward(X), T)
            net.backward(loss.backward())
            net.grads[biases] = 0  # the loop's network has none
            optimizer.step(net)
        ends = local.caller(ch06_code.LOOP)(ch06_code.LOOP.solution)(
            X, T, W1, W2, eta, beta, steps
        )
        assert ends[0] == pytest.approx(net.params[:12].reshape(3, 4), rel=1e-9)
        assert ends[1] == pytest.approx(net.params[16:24].reshape(4, 2), rel=1e-9)


def test_adam_learns_the_four_images_in_its_figure(monkeypatch):
    shown = []
    monkeypatch.setattr("course.plots.show", lambda fig, alt: shown.append(alt))
    ch06_code.ADAM.after(local.caller(ch06_code.ADAM)(ch06_code.ADAM.solution))
    assert "from 0.79 to 0.0" in shown[0]
