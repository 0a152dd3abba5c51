"""Chapter 3's right answers, held to something independent of their formulas."""

import numpy as np
import pytest

import backprop as bp
from course import exercises, local
from course.checking import check
from course.personal import right_for, rng_for, values_for

STUDENTS = [None, *(f"s{2000 + n}" for n in range(7))]


@pytest.fixture(params=STUDENTS)
def student(request):
    return request.param


def drawn(exercise_id, student):
    exercise = exercises.get(exercise_id)
    return values_for(exercise, student), right_for(exercise, student)


def blame(loss, Y, T):
    loss.forward(np.array(Y, float), np.array(T))
    return loss.backward()


def test_a_claim_costs_what_its_flips_cost_one_by_one(student):
    v, (cost,) = drawn("ch03.coin", student)
    flips = [v["p"]] * v["h"] + [1 - v["p"]] * (v["N"] - v["h"])
    assert cost == pytest.approx(-np.mean(np.log(flips)), rel=1e-12)


def test_blame_at_a_logit_is_that_of_the_package(student):
    v, (dz,) = drawn("ch03.logit", student)
    dY = blame(bp.BinaryCrossEntropy(), [[v["z"]]] * v["N"], [[v["t"]]] * v["N"])
    assert dz == pytest.approx(dY[0, 0], rel=1e-12)


def test_one_numbers_share_is_that_of_the_package(student):
    v, (dy,) = drawn("ch03.squares", student)
    shape = v["N"], v["K"]
    dY = blame(bp.MeanSquaredError(), np.full(shape, v["y"]), np.full(shape, v["t"]))
    assert dy == pytest.approx(dY[0, 0], rel=1e-12)


def test_loss_of_one_image_is_that_of_the_package(student):
    v, (loss,) = drawn("ch03.entropy", student)
    want = bp.SoftmaxCrossEntropy().forward(np.array([v["z"]]), np.array([v["t"]]))
    assert loss == pytest.approx(want, rel=1e-12)


def test_temperature_is_the_nearest_the_slider_can_be():
    exercise = exercises.get("ch03.temperature")
    (slider,) = exercise.sliders
    places = np.array([slider.at(k) for k in range(slider.count)])
    for n in range(60):
        v, settings = drawn("ch03.temperature", f"s{n}")
        e0, e1 = np.exp(v["z0"] / places), np.exp(v["z1"] / places)
        nearest = places[abs(e1 / (e0 + e1) - v["p"]).argmin()]
        # Nearest in p or in τ: rounding must not cost a solver's formula its points.
        assert exercise.accept(v, {"tau": nearest})
        assert exercise.accept(v, settings)
        assert abs(settings["tau"] - nearest) < 1.5 * slider.step


def test_louder_is_the_ratio_of_two_measured_slopes(student):
    v, (times,) = drawn("ch03.louder", student)
    z, h, dz = np.log(v["a"] / (1 - v["a"])), 1e-5, []
    for loss in (lambda a: -np.log(a), lambda a: (a - 1) ** 2):
        up, down = (loss(1 / (1 + np.exp(-x))) for x in (z + h, z - h))
        dz.append((up - down) / (2 * h))
    assert times == pytest.approx(dz[0] / dz[1], rel=1e-6)


def test_blame_of_the_network_is_that_of_the_package(student):
    v, dz = drawn("ch03.network", student)
    net = bp.Sequential(bp.Dense(2, 2), bp.Tanh(), bp.Dense(2, 3), rng=0)
    net.layers[0].W, net.layers[2].W = v["W1"], v["W2"]
    Y = net.forward(np.array([v["x"]]))
    assert dz == pytest.approx(blame(bp.SoftmaxCrossEntropy(), Y, [v["t"]])[0])


def rows_to_read(v):
    """What each option says the row would be, with the option's first words."""
    p, N, one_hot = np.array(v["p"]), v["N"], np.eye(3)[v["t"]]
    return {
        "Nothing": (p - one_hot) / N,
        "The mean was taken twice": (p - one_hot) / N**2,
        "The mean was left out": p - one_hot,
        "All signs": (one_hot - p) / N,
        "The one-hot row": p / N,
        "The class number": (p - v["t"]) / N,
    }


def test_only_one_option_explains_the_row_to_read():
    exercise, seen = exercises.get("ch03.read"), set()
    for n in range(200):
        v, _ = drawn("ch03.read", f"s{n}")
        assert min(v["p"]) > 0
        assert sum(v["p"]) == pytest.approx(1)
        shown = exercise.shown(v)["dz in the program"]
        row = np.array([float(x.replace("−", "-")) for x in shown.split(", ")])
        fit = [k for k, r in rows_to_read(v).items() if np.allclose(r, row, atol=2e-5)]
        if not fit:  # p minus a 1 in a wrong place
            hot = np.array(v["p"]) - row * v["N"]
            assert sorted(hot.round(3)) == [0, 0, 1]
            assert hot[v["t"]] == pytest.approx(0, abs=1e-3)
            fit = ["The 1 of"]
        assert len(fit) == 1
        options = exercise.options(v)
        assert [text.startswith(fit[0]) for text in options] == [True] + [False] * 4
        assert len(set(options)) == 5
        seen.add(fit[0])
    assert len(seen) == 7


@pytest.mark.parametrize(
    ("name", "loss"),
    [("ch03.stable", bp.BinaryCrossEntropy), ("ch03.softmax", bp.SoftmaxCrossEntropy)],
)
def test_code_solutions_agree_with_the_package_where_logits_are_large(
    name, loss, student
):
    exercise = exercises.get(name)
    solve = local.caller(exercise)(exercise.solution)
    for Z, t in exercise.case(rng_for("any", student)):
        of_package = loss()
        L = of_package.forward(Z, t)
        got = solve(Z, t)
        if name == "ch03.stable":
            assert got == pytest.approx(L, rel=1e-12)
        else:
            assert got[0] == pytest.approx(L, rel=1e-12)
            assert got[1] == pytest.approx(of_package.backward(), rel=1e-9, abs=1e-12)


ALSO_RIGHT = {
    "from the size of the logit": """
    return np.mean(np.maximum(Z, 0) + np.log1p(np.exp(-abs(Z))) - T * Z)
""",
    "by cases": """
    s = np.where(T == 1, -Z, Z)
    low, high = np.minimum(s, 0), np.maximum(s, 0)
    return np.mean(np.log(1 + np.exp(low)) * (s <= 0)
                   + (high + np.log(1 + np.exp(-high))) * (s > 0))
""",
}


@pytest.mark.parametrize("body", ALSO_RIGHT.values(), ids=ALSO_RIGHT)
def test_other_ways_to_a_stable_loss_are_right(body, student):
    exercise = exercises.get("ch03.stable")
    source = f"def binary_cross_entropy(Z, T):{body}"
    assert check(exercise, source, student=student).passed


NEARLY = {
    "answers kept away from 0 and 1": (
        "ch03.stable",
        "def binary_cross_entropy(Z, T):\n"
        "    A = np.clip(1 / (1 + np.exp(-Z)), 1e-15, 1 - 1e-15)\n"
        "    return -np.mean(T * np.log(A) + (1 - T) * np.log(1 - A))\n",
    ),
    "logits clipped to what exp can bear": (
        "ch03.stable",
        "def binary_cross_entropy(Z, T):\n"
        "    Z = np.clip(Z, -700, 700)\n"
        "    return np.mean(np.log(1 + np.exp(Z)) - T * Z)\n",
    ),
    "a stable softmax, then a larger cap": (
        "ch03.softmax",
        "def softmax_cross_entropy(Z, t):\n"
        "    E = np.exp(Z - Z.max(axis=1, keepdims=True))\n"
        "    P = E / E.sum(axis=1, keepdims=True)\n"
        "    L = -np.log(np.maximum(P[np.arange(len(Z)), t], 1e-300)).mean()\n"
        "    return L, (P - np.eye(Z.shape[1])[t]) / len(Z)\n",
    ),
    "the blame is right and the loss is averaged over all numbers": (
        "ch03.softmax",
        "def softmax_cross_entropy(Z, t):\n"
        "    P = np.exp(Z - Z.max(axis=1, keepdims=True))\n"
        "    P = P / P.sum(axis=1, keepdims=True)\n"
        "    T = np.eye(Z.shape[1])[t]\n"
        "    return -np.mean(T * np.log(P + 1e-300)), (P - T) / len(Z)\n",
    ),
}


@pytest.mark.parametrize(("name", "source"), NEARLY.values(), ids=NEARLY)
def test_nearly_right_is_not_full(name, source, student):
    exercise = exercises.get(name)
    result = check(exercise, source, student=student)
    assert 0 < result.score < exercise.points


def test_repair_says_when_a_loss_that_was_right_is_not_any_more():
    ex = exercises.get("ch03.repair")
    summed = ex.solution.replace("L = np.mean(", "L = np.sum(")
    assert "L was right" in check(ex, summed).message
