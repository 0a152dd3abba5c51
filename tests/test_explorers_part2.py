"""The explorers of chapters 4 to 7: their numbers, and what they say of them."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
from test_explorers import node  # noqa: F401

import backprop as bp
from course.explorer import ch04, ch05, ch06, ch07, get, valley
from course.explorer.ch04_nodes import NODES
from course.explorer.html import explorer_data

BACKWARD = get("ch04.backward").data()
ENTRY = explorer_data(get("ch05.entry"))["data"]  # as the page has it
RACE = get("ch06.race").data()
EPOCHS = get("ch07.epochs").data()
NEAR = 1e-3  # what the explorer takes for right


def running_network(case):
    """Return a case of ch05.entry as `backprop` has it, after a backward pass."""
    shapes = [np.shape(layer["W"]) for layer in case["layers"]]
    first, last = (bp.Dense(*shape) for shape in shapes)
    net = bp.Sequential(first, bp.Tanh(), last)
    for layer, given in zip((first, last), case["layers"], strict=True):
        layer.W, layer.b = np.array(given["W"]), np.array(given["b"])
    loss = bp.BinaryCrossEntropy()
    X, T = np.array(case["X"]), np.array(case["T"])
    loss.forward(net(X), T)
    net.backward(loss.backward())
    return net, first, last


# Chapter 4: the backward pass by hand.


def names_of_backward():
    nodes = BACKWARD["nodes"]
    values = {one["name"]: one["value"] for one in nodes}
    grads = {"d" + one["name"]: one["grad"] for one in nodes}
    return values | grads | {"sigma": BACKWARD["sigma"]}


def test_the_graph_is_the_network_for_image_2():
    case = ENTRY["cases"][0]
    alone = case | {"X": case["X"][3:], "T": case["T"][3:]}
    _, first, last = running_network(alone)
    x = names_of_backward()
    assert x["dw"] == pytest.approx(first.dW[0, 2], rel=1e-6)
    assert x["db"] == pytest.approx(first.db[2], rel=1e-6)
    assert x["dv"] == pytest.approx(last.dW[2, 0], rel=1e-6)
    assert x["dy"] == pytest.approx(x["sigma"] - x["t"], rel=1e-12)


def test_the_graphs_gradients_are_measured_slopes():
    x = names_of_backward()

    def loss(w, b, v):
        z = x["u"] * w + (x["z"] - x["u"] * 2 + 1) + b
        y = v * np.tanh(z)
        return np.log1p(np.exp(y)) - x["t"] * y

    at, h = [x["w"], x["b"], x["v"]], 1e-6
    assert loss(*at) == pytest.approx(x["L"], rel=1e-12)
    for i, name in enumerate(("dw", "db", "dv")):
        up, down = list(at), list(at)
        up[i], down[i] = at[i] + h, at[i] - h
        measured = (loss(*up) - loss(*down)) / (2 * h)
        assert x[name] == pytest.approx(measured, rel=1e-8)


def test_a_slip_is_told_from_the_right_number_and_from_every_other():
    x = names_of_backward()
    for one in NODES:
        wrong = [eval(text, {"__builtins__": {}}, x) for text, _ in one.slips]
        right = x["d" + one.name]
        for a, b in itertools.combinations([right, *wrong], 2):
            assert abs(a - b) > 2 * NEAR, (one.name, a, b)


def test_a_slip_needs_only_gradients_that_are_known_by_then():
    consumers = {
        one.name: [c.name for c in NODES if one.name in c.parents] for one in NODES
    }
    for one in NODES:
        for text, _ in one.slips:
            used = {
                name for name in names_of_backward() if name[0] == "d" and name in text
            }
            assert used <= {"d" + name for name in consumers[one.name]}


def test_each_asked_node_has_a_reason_and_slips():
    for one in NODES:
        asked = one.kind in ("inner", "parameter")
        assert bool(one.because) == bool(one.slips) == asked
        assert one.because.startswith(f"d{one.name} = ") or not asked


ARITHMETIC = 'import { arithmetic } from "./explore-arithmetic.js";'
TRIED = """given[1].map((text) => {
  try { return arithmetic(text, given[0]); } catch (error) { return error.message; }
})"""


def test_what_a_reader_types_is_computed_as_python_would(node):  # noqa: F811
    x = names_of_backward()
    texts = [text for one in NODES for text, _ in one.slips]
    texts += [
        "2*dy - -3",
        "-(1 - a^2)/2",
        "-a**2"[:2] + "^2",
        "1e-3 + .5",
        "2^-1",
        "+4",
    ]
    known = [eval(text.replace("^", "**"), {"__builtins__": {}}, x) for text in texts]
    np.testing.assert_allclose(node(ARITHMETIC, TRIED, [x, texts]), known, rtol=1e-12)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("σ(y) − t", "sigma - t"),
        ("σ·2", "sigma * 2"),
        ("1 − a²", "1 - a**2"),
        ("dy × v", "dy*v"),
    ],
)
def test_mathematics_signs_are_read(node, typed, meant):  # noqa: F811
    x = names_of_backward()
    known = eval(meant, {"__builtins__": {}}, x)
    assert node(ARITHMETIC, TRIED, [x, [typed]]) == pytest.approx([known])


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2 +", "Something is missing at the end"),
        ("(1 - 2", "bracket is not closed"),
        ("2 3", "sign is missing before “3”"),
        ("uw", "“uw” cannot be read"),
        ("dq*2", "dq is not known yet"),
        ("constructor", "cannot be read"),
        ("1/0", "not a finite number"),
        ("0,5", "“,5” cannot be read"),
    ],
)
def test_what_cannot_be_read_says_why(node, typed, said):  # noqa: F811
    x = names_of_backward()
    del x["dq"]
    assert said in node(ARITHMETIC, TRIED, [x, [typed]])[0]


# Chapter 5: an entry of dW, and planted bugs.

BUGS = 'import { buggyGradients, gradientCheck } from "./explore-bugs.js";'
ALL = """given.cases.map((c) => given.bugs.map(([bug]) => {
  try {
    const found = buggyGradients(c, c.X, c.T, bug);
    return { ...found, errors: gradientCheck(c, c.X, c.T, found) };
  } catch (error) { return { stopped: error.message }; } }))"""


@pytest.fixture(scope="module")
def lamps(node):  # noqa: F811
    return node(BUGS, ALL, explorer_data(get("ch05.entry"))["data"])


def planted(case, bug):
    """Return dW1, db1, dW2, db2 as Python with the bug's own line computes them."""
    X, T = np.array(case["X"]), np.array(case["T"])
    (W1, b1), (W2, b2) = (
        (np.array(a["W"], float), np.array(a["b"])) for a in case["layers"]
    )
    A1 = np.tanh(X @ W1 + b1)
    dZ2 = (1 / (1 + np.exp(-(A1 @ W2 + b2))) - T) / T.size
    dW2 = A1.T @ dZ2
    if bug == "updated":
        W2 = W2 - dW2
    dA1 = dZ2 @ (W2 if bug == "transpose" else W2.T)
    dZ1 = dA1 * (1 - np.tanh(A1) ** 2 if bug == "slope" else 1 - A1**2)
    found = []
    for inputs, dZ in ((X, dZ1), (A1, dZ2)):
        dW, db = inputs.T @ dZ, dZ.sum(axis=0)
        if bug == "mean":
            dW = inputs.T @ dZ / len(X)
        if bug == "bias":
            db = dZ.mean(axis=0)
        if bug == "last":
            for n in range(len(X)):
                dW = np.outer(inputs[n], dZ[n])
        found += [dW, db]
    return found


def test_each_planted_bug_is_the_line_that_it_shows(lamps):
    for case, row in zip(ENTRY["cases"], lamps, strict=True):
        for (bug, _, _), got in zip(ENTRY["bugs"], row, strict=True):
            if "stopped" in got:
                with pytest.raises(ValueError, match="mismatch"):
                    planted(case, bug)
                continue
            ours = [got["dW"][0], got["db"][0], got["dW"][1], got["db"][1]]
            for mine, theirs in zip(ours, planted(case, bug), strict=True):
                np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-15)


def test_without_a_bug_the_gradients_are_those_of_backprop(lamps):
    for case, row in zip(ENTRY["cases"], lamps, strict=True):
        _, first, last = running_network(case)
        np.testing.assert_allclose(row[0]["dW"][0], first.dW, rtol=1e-9)
        np.testing.assert_allclose(row[0]["dW"][1], last.dW, rtol=1e-9)


def test_the_lamp_sees_what_the_lessons_say(lamps):
    """Which bugs a batch of one hides, and which a square or symmetric W lets pass."""
    names = [bug for bug, _, _ in ENTRY["bugs"]]
    green = [
        {
            bug
            for bug, got in zip(names, row, strict=True)
            if "errors" in got and all(error < 1e-6 for _, error in got["errors"])
        }
        for row in lamps
    ]
    stopped = [
        {bug for bug, got in zip(names, row, strict=True) if "stopped" in got}
        for row in lamps
    ]
    assert green == [
        {"none"},
        {"none", "mean", "bias", "last"},
        {"none"},
        {"none", "transpose"},
    ]
    assert stopped == [{"transpose"}, {"transpose"}, set(), set()]
    for got in itertools.chain(*lamps):
        for _, error in got.get("errors", []):
            assert error < 1e-8 or error > 1e-2  # nothing near the lamp's threshold


@pytest.mark.parametrize("bug", ["slope", "updated"])
def test_a_fault_between_the_layers_leaves_the_upper_one_right(lamps, bug):
    at = [name for name, _, _ in ENTRY["bugs"]].index(bug)
    errors = dict(lamps[0][at]["errors"])
    assert errors["dW2"] < 1e-8 > errors["db2"]
    assert errors["dW1"] > 1e-2 < errors["db1"]


def test_one_image_weighs_most_in_each_entry_and_the_mirror_pair_is_equal():
    case = ENTRY["cases"][0]
    _, first, last = running_network(case)
    X, T = np.array(case["X"]), np.array(case["T"])
    A1 = np.tanh(X @ first.W + first.b)
    dZ2 = (1 / (1 + np.exp(-(A1 @ last.W + last.b))) - T) / 4
    dZ1 = dZ2 @ last.W.T * (1 - A1**2)
    for inputs, dZ in ((X, dZ1), (A1, dZ2)):
        for i, j in np.ndindex(inputs.shape[1], dZ.shape[1]):
            sizes = np.sort(np.abs(inputs[:, i] * dZ[:, j]))
            assert sizes[-1] > 1.02 * sizes[-2]
    np.testing.assert_allclose(first.dW[:, 0], first.dW[:, 1], rtol=1e-12)
    np.testing.assert_allclose(last.dW[0], -last.dW[1], rtol=1e-12)


# Chapter 6: the race.


def plain_path(name, eta):
    """Return a path by formulas written anew, with numerical slopes of the valley."""
    w, m, v = np.array(valley.START), np.zeros(2), np.zeros(2)
    path = [w]
    for t in range(1, valley.STEPS + 1):
        g = valley.valley_gradient(w)
        if name == "plain descent":
            step = g
        elif name == "momentum":
            m = 0.9 * m + g
            step = m
        else:
            m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
            step = (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        w = w - eta * step
        path.append(w)
    return np.array(path)


def test_the_valleys_gradient_is_its_slope():
    for w in np.random.default_rng(0).uniform(-3, 3, (20, 2)):
        h = 1e-6 * np.eye(2)
        slope = [(valley.valley(w + d) - valley.valley(w - d)) / 2e-6 for d in h]
        np.testing.assert_allclose(
            valley.valley_gradient(w), slope, rtol=1e-5, atol=1e-6
        )


@pytest.mark.parametrize("run", RACE["runs"], ids=lambda run: run["name"])
def test_a_race_is_run_by_the_formulas_of_the_chapter(run):
    eta = min(valley.GRID, key=lambda lr: abs(lr - run["lr"]))
    path = plain_path(run["name"], eta)
    np.testing.assert_allclose(run["path"], path, atol=6e-5)
    heights = [valley.valley(w) for w in path]
    np.testing.assert_allclose(run["loss"], heights, rtol=1e-3)


@pytest.mark.parametrize("name", valley.MAKERS)
def test_no_step_size_of_the_grid_ends_lower_and_none_is_at_its_edge(name):
    lr, path = valley.best_run(valley.MAKERS[name])
    best = max(map(valley.valley, path[-10:]))
    assert valley.GRID[0] < lr < valley.GRID[-1]
    with np.errstate(all="ignore"):
        for other in valley.GRID:
            end = [valley.valley(w) for w in plain_path(name, other)[-10:]]
            assert not max(end) < best * (1 - 1e-9)


@pytest.mark.parametrize("name", valley.MAKERS)
def test_rounding_cannot_change_a_race(name):
    lr, path = valley.best_run(valley.MAKERS[name])
    x, y = valley.START
    moved = valley.descend(valley.MAKERS[name](lr), (x + 1e-12, y))
    assert np.abs(moved - path).max() < 1e-9


def test_the_leader_after_10_steps_is_last_after_100_and_clearly():
    after = {
        k: sorted((run["loss"][k], run["name"]) for run in RACE["runs"])
        for k in (10, 100)
    }
    assert after[10][0][1] == after[100][-1][1] == "plain descent"
    for places in after.values():
        assert places[1][0] > 1.5 * places[0][0]


def test_a_line_of_equal_height_is_one(node):  # noqa: F811
    script = 'import { levelRing } from "./explore-race-picture.js";'
    for level in (0.1, 4):
        ring = node(script, "levelRing(given)", level)
        np.testing.assert_allclose([valley.valley(np.array(w)) for w in ring], level)


def test_the_bowls_best_step_is_near_that_of_the_formula():
    bowl = get("ch06.bowl").data()
    c, start = np.array(bowl["c"]), np.array(bowl["start"])
    etas = np.arange(0.005, 0.22, 0.005)
    ends = [
        (c * ((1 - eta * c) ** bowl["steps"] * start) ** 2).sum() / 2 for eta in etas
    ]
    good = etas[np.array(ends) < 0.02]
    np.testing.assert_allclose(good, [0.18])
    assert abs(good[0] - 2 / c.sum()) < 0.0025  # no step of the slider is nearer


# Chapter 7: epochs.


def test_rounding_cannot_change_what_is_learned():
    one, other = (json.dumps(round_all(ch07.train(nudge))) for nudge in (0, 1e-12))
    assert one == other


def round_all(seen):
    return {name: np.round(flat(rows), 6).tolist() for name, rows in seen.items()}


def flat(rows):
    if isinstance(rows, dict):
        return np.concatenate([flat(rows["W"]), flat(rows["b"])])
    if isinstance(rows, list):
        return np.concatenate([flat(row) for row in rows])
    return np.array([float(rows)])


def test_each_kept_network_has_the_loss_and_the_answers_of_its_epoch():
    X, t = np.array(EPOCHS["points"]), np.array(EPOCHS["classes"])
    for epoch, layers in zip(EPOCHS["epochs"], EPOCHS["layers"], strict=True):
        (W1, b1), (W2, b2) = ((np.array(a["W"]), np.array(a["b"])) for a in layers)
        Z = np.tanh(X @ W1 + b1) @ W2 + b2
        each = np.log(np.exp(Z).sum(axis=1)) - Z[np.arange(len(t)), t]
        assert each.mean() == pytest.approx(EPOCHS["loss"][epoch], rel=1e-3)
        hits = np.bincount(t[Z.argmax(axis=1) == t], minlength=4)
        assert np.abs(hits - EPOCHS["right"][epoch]).max() <= 1  # points are rounded
    assert np.bincount(t).tolist() == EPOCHS["counts"]
    assert len(t) == 435


def test_what_is_said_of_the_gradient_of_W1_holds():
    first = [norm for norm, _ in EPOCHS["norms"]]
    peak = int(np.argmax(first))
    assert 5 < peak < 30
    assert peak in EPOCHS["epochs"]
    assert first[0] < first[peak] / 2 > first[-1]
    sizes = [np.linalg.norm(layers[1]["W"]) for layers in EPOCHS["layers"]]
    assert sizes[EPOCHS["epochs"].index(peak)] > 1.5 * sizes[0]
    # At the end more blame arrives than at the peak, and the images' shares cancel.
    X, t = np.array(EPOCHS["points"]), np.array(EPOCHS["classes"])
    blame, share = {}, {}
    for epoch in (peak, EPOCHS["epochs"][-1]):
        layers = EPOCHS["layers"][EPOCHS["epochs"].index(epoch)]
        (W1, b1), (W2, b2) = ((np.array(a["W"]), np.array(a["b"])) for a in layers)
        A = np.tanh(X @ W1 + b1)
        P = np.exp(A @ W2 + b2)
        dZ = (P / P.sum(axis=1, keepdims=True) - np.eye(4)[t]) / len(t)
        dZ1 = dZ @ W2.T * (1 - A**2)
        blame[epoch] = np.linalg.norm(dZ1)
        share[epoch] = np.abs(X.T @ dZ1).sum() / (X.T @ np.abs(dZ1)).sum()
    assert blame[200] > blame[peak]
    assert share[200] < 0.1 < share[peak]


def test_the_last_digit_that_is_read_is_clearly_last():
    half = np.array(EPOCHS["counts"]) / 2
    since = [
        next(e for e, row in enumerate(EPOCHS["right"]) if row[k] > half[k])
        for k in range(4)
    ]
    assert sorted(since)[-1] > sorted(since)[-2] + 5
    assert max(since) in EPOCHS["epochs"]  # so that the answer comes as it happens


def test_borders_are_where_two_answers_tie_and_straight_in_the_hidden_plane(node):  # noqa: F811
    script = (
        'import { regionsOf } from "./explore-regions.js";\n'
        'import { forward } from "./network.js";'
    )
    body = """regionsOf(
      (spots) => forward({ layers: given.slice(1) }, spots).A[0], [-1, 1], [-1, 1])"""
    layers = EPOCHS["layers"][-1]
    found = node(script, body, layers)
    W, b = np.array(layers[1]["W"]), np.array(layers[1]["b"])
    ends = np.array(found["borders"]).reshape(-1, 2)
    scores = np.sort(ends @ W + b, axis=1)
    tied = scores[:, -1] - scores[:, -2]
    assert np.median(tied) < 1e-9  # linear scores: exact but where three regions meet
    assert np.quantile(tied, 0.95) < 0.05
    assert [np.argmax(np.array(spot) @ W + b) for spot in found["centres"]] == [
        0,
        1,
        2,
        3,
    ]


def test_pictures_and_words_stand_for_the_same_first_state():
    assert "two" in ch07.EXPLORATIONS[0].alt(EPOCHS)
    assert "fives" in ch07.EXPLORATIONS[0].alt(EPOCHS)
    assert EPOCHS["right"][0] == [0, 0, EPOCHS["counts"][2], 0]
    assert ch04.EXPLORATIONS[0].picture(BACKWARD).count("<rect") == len(NODES)
    assert ch05.EXPLORATIONS[0].numbers(ENTRY)[3] == ("db_2", "−0.0613")
    assert next(name for name, _ in ch06.EXPLORATIONS[1].numbers(RACE)).endswith(
        "descent"
    )
