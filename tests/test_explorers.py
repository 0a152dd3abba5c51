"""Explorers: what they are given, as widget, as HTML and in JavaScript."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
from pathlib import Path

import nbformat
import numpy as np
import pytest
from assets import node_bin
from conftest import ROOT
from test_panel import Reader

import backprop as bp
import course
from course import explorer as explorer_by_id
from course.explorer import CHAPTERS, ch01, ch02, ch03, get, strokes
from course.explorer import all as all_explorations
from course.explorer.html import NO_SCRIPT, explorer_data, explorer_html
from course.panel.frontend import (
    EXPLORER,
    STATIC,
    explorer_page_script,
    explorer_widget_script,
)
from course.panel.html import INDEX

EVERY = all_explorations()
NODE = str(Path(node_bin()) / "node")
MOST = 120_000  # bytes of explorers on a page, compressed
NOTEBOOKS = sorted((ROOT / "chapters").glob("*.ipynb"))
by_id = pytest.mark.parametrize("one", EVERY, ids=lambda one: one.id)


def test_every_explorer_is_found_by_its_id_and_stands_in_its_chapter():
    assert len({one.id for one in EVERY}) == len(EVERY) >= 3
    assert {one.chapter for one in EVERY} == set(CHAPTERS)
    for one in EVERY:
        assert get(one.id) is one
    with pytest.raises(KeyError, match="no explorer 'ch01.secnat'.*'ch01.secant'"):
        get("ch01.secnat")


def test_the_function_keeps_its_name_after_the_package_was_imported():
    assert course.explorer is explorer_by_id
    assert str(course.explorer("ch01.secant")).startswith("Explorer ch01.secant: ")
    assert course.explorer is explorer_by_id


@by_id
def test_widget_and_html_carry_the_same_data_each_time(one):
    bundle = explorer_by_id(one.id)._repr_mimebundle_()[0]
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/html"] == explorer_html(one)
    assert bundle["text/plain"] == f"Explorer {one.id}: {one.title}"
    reader = Reader(bundle["text/html"])
    assert json.loads(reader.data) == explorer_by_id(one.id).data == explorer_data(one)


@by_id
def test_the_html_reads_without_scripts(one):
    html = explorer_html(one)
    data = explorer_data(one)["data"]
    text = Reader(html).text
    for words in (one.title, one.task, NO_SCRIPT, *np.ravel(one.numbers(data))):
        assert INDEX.sub(r"\1", str(words).replace("`", "")) in text
    alt = one.alt(data)
    assert len(alt) > 60
    assert alt in (html if one.picture(data) else text)
    # A picture on a dark page: the page's own colour, or one of the five.
    colours = set(re.findall(r'(?:stroke|fill)="(#\w+)"', html))
    assert colours <= {"#0072B2", "#D55E00", "#009E73", "#CC79A7"}


@by_id
def test_numbers_on_the_page_have_six_digits(one):
    data = json.dumps(explorer_data(one), ensure_ascii=False)
    for text in re.findall(r"-?\d+\.\d+(?:e-?\d+)?", data):
        assert float(text) == float(f"{float(text):.6g}")


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_explorers_of_a_page_are_small(chapter):
    page = "".join(explorer_html(one) for one in EVERY if one.chapter == chapter)
    assert len(gzip.compress(page.encode())) < MOST


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_chapter_shows_the_explorers_of_today(path):
    """What a notebook stores is what the package makes, cell by cell."""
    cells = nbformat.read(path, as_version=4).cells
    for cell in cells:
        for name in re.findall(r'course\.explorer\("([\w.]+)"\)', cell.source):
            stored = [o.data["text/html"] for o in cell.outputs if "data" in o]
            assert stored == [explorer_html(get(name))]


# The front end.


@pytest.mark.parametrize(
    ("script", "suffix"),
    [(explorer_widget_script(), ".mjs"), (explorer_page_script(), ".cjs")],
)
def test_the_joined_script_is_whole(script, suffix, tmp_path):
    file = tmp_path / f"script{suffix}"
    file.write_text(script, encoding="utf-8")
    done = subprocess.run([NODE, "--check", str(file)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert 'from "./' not in script


def test_modules_that_use_the_same_name_do_not_meet():
    """Joined, each has a scope of its own, and takes in what it imports by name."""
    names = {}
    for module in EXPLORER:
        text = (STATIC / module).read_text(encoding="utf-8")
        for name in re.findall(r"^(?:function|const|let) (\w+)", text, re.MULTILINE):
            names.setdefault(name, []).append(module)
    assert any(len(modules) > 1 for modules in names.values())
    script = explorer_page_script()
    for module in EXPLORER[:-1]:
        variable = "_" + module.removesuffix(".js").replace("-", "_")
        assert script.count(f"const {variable} = (() => {{") == 1


def test_a_module_is_joined_after_those_that_it_imports():
    for place, name in enumerate(EXPLORER):
        text = (STATIC / name).read_text(encoding="utf-8")
        assert set(re.findall(r'from "\./([\w.-]+)"', text)) <= set(EXPLORER[:place])


@by_id
def test_every_view_is_known_to_the_front_end(one):
    script = (STATIC / "explore.js").read_text(encoding="utf-8")
    assert re.search(rf"^  {one.view}: \w+View,$", script, re.MULTILINE)


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    """Return what runs a line of JavaScript with modules of the front end."""
    folder = tmp_path_factory.mktemp("modules")
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    for source in STATIC.glob("*.js"):
        (folder / source.name).write_bytes(source.read_bytes())

    def run(imports, body, given):
        (folder / "asked.js").write_text(
            f'import {{ readFileSync }} from "node:fs";\n{imports}\n'
            'const given = JSON.parse(readFileSync(0, "utf8"));\n'
            f"console.log(JSON.stringify({body}));\n",
            encoding="utf-8",
        )
        done = subprocess.run(
            [NODE, str(folder / "asked.js")],
            input=json.dumps(given),
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


ACTIVATIONS = {
    "tanh": bp.Tanh,
    "relu": bp.ReLU,
    "sigmoid": bp.Sigmoid,
    "none": bp.Identity,
}
LOSSES = {
    "mse": bp.MeanSquaredError,
    "bce": bp.BinaryCrossEntropy,
    "softmaxCrossEntropy": bp.SoftmaxCrossEntropy,
}


def random_case(rng):
    """Return a network, a batch and a loss, as plain data and as `backprop`'s."""
    sizes = rng.integers(1, 5, size=rng.integers(2, 5))
    kinds = [str(f) for f in rng.choice(list(ACTIVATIONS), size=len(sizes) - 1)]
    loss = str(rng.choice(list(LOSSES)))
    layers = []
    for d_in, d_out, f in zip(sizes[:-1], sizes[1:], kinds, strict=True):
        layers += [bp.Dense(int(d_in), int(d_out)), ACTIVATIONS[f]()]
    net = bp.Sequential(*layers, rng=int(rng.integers(1 << 30)))
    dense = [layer for layer in net.layers if isinstance(layer, bp.Dense)]
    for layer in dense:
        layer.W *= 2
        layer.b[:] = rng.normal(size=layer.b.shape)
    N, K = int(rng.integers(1, 5)), int(sizes[-1])
    X = rng.normal(size=(N, int(sizes[0])))
    T = rng.integers(0, K, N) if "softmax" in loss else rng.random((N, K))
    plain = [
        {"W": layer.W.tolist(), "b": layer.b.tolist(), "f": f}
        for layer, f in zip(dense, kinds, strict=True)
    ]
    case = {"layers": plain, "X": X.tolist(), "T": T.tolist(), "loss": loss}
    L = LOSSES[loss]()
    value = L.forward(net(X), T)
    dY = L.backward()
    dX = net.backward(dY)
    here = {"Y": net(X), "L": value, "dY": dY, "dX": dX}
    here |= {"dW": [layer.dW for layer in dense], "db": [layer.db for layer in dense]}
    return case, here


def test_the_evaluator_equals_backprop_at_200_random_points(node):
    rng = np.random.default_rng(0)
    cases = [random_case(rng) for _ in range(200)]
    there = node(
        'import * as network from "./network.js";',
        """given.map(({ layers, X, T, loss }) => {
          const cache = network.forward({ layers }, X);
          const { L, dY } = network[loss](cache.A.at(-1), T);
          const found = network.backward({ layers }, cache, dY);
          return { Y: cache.A.at(-1), L, dY, ...found };
        })""",
        [case for case, _ in cases],
    )
    for (case, here), found in zip(cases, there, strict=True):
        for name, value in here.items():
            pairs = (
                zip(found[name], value, strict=True)
                if isinstance(value, list)
                else [(found[name], value)]
            )
            for js, py in pairs:
                # Sums of a few terms in another order: a few units in the last place.
                np.testing.assert_allclose(js, py, rtol=1e-11, atol=1e-13, err_msg=case)


# Chapter 1.


def test_the_secant_starts_from_the_published_numbers():
    data = get("ch01.secant").data()
    assert data["x"] == [0.875, 0.8125]
    assert round(data["loss"], 5) == 0.24225
    assert round(data["rate"], 5) == -0.21528
    assert "−0.2153" in get("ch01.secant").task


def test_the_largest_trusted_step_is_where_the_miss_is_one_hundredth():
    down, up = get("ch01.secant").data()["limits"]

    def loss(w):
        return (1 / (1 + np.exp(-(0.875 * w - 0.40625))) - 1) ** 2

    def share(h):
        predicted, actual = -0.2152797 * h, loss(0.5 + h) - loss(0.5)
        return abs(predicted / actual - 1)

    assert share(up) == pytest.approx(0.01, rel=1e-4)
    assert share(down) == pytest.approx(0.01, rel=1e-4)
    steps = np.linspace(1e-3, 2, 500)
    assert all((share(h) <= 0.01) == (h <= up) for h in steps)
    assert all((share(-h) <= 0.01) == (-h >= down) for h in steps)


def test_the_gap_shrinks_fourfold_when_the_step_is_halved():
    before, rate = ch01.loss_and_rate(0.5)

    def gap(h):
        return rate * h - (ch01.loss_and_rate(0.5 + h)[0] - before)

    for h in (0.1, 0.04, 0.01, -0.04):
        assert 3.7 < gap(h) / gap(h / 2) < 4.3  # what the explorer takes for "four"


# Chapter 2.


def test_image_6_makes_the_published_numbers():
    X, net = strokes.inputs(), strokes.network()
    answers = net(X)[:, 0]
    assert answers.round(4).tolist() == [0.6448, 0.4651, 0.2858, 0.3591]
    assert X[2].tolist() == [0.875, 0.8125]


def test_one_parameter_alone_sets_three_answers_right_and_never_four():
    assert ch02.right_sides(strokes.network(), strokes.inputs()) == 1
    assert get("ch02.predict").data()["most"] == 3


def test_hidden_neurons_0_and_1_say_opposite_things():
    net = strokes.network()
    A1 = net.layers[1].forward(net.layers[0].forward(strokes.inputs()))
    np.testing.assert_allclose(A1[:, 0], -A1[:, 1], rtol=1e-15)


# Chapter 3.


def test_the_first_gradients_sum_to_zero_and_one_is_negative():
    data = get("ch03.softmax").data()
    assert sum(data["dz"]) == pytest.approx(0, abs=1e-15)
    assert [d < 0 for d in data["dz"]] == [False, False, True]
    assert sum(data["p"]) == pytest.approx(1)


ROWS = [
    [2, 0, 1],
    [7, 0, 2],
    [1000, 1, 8],
    [-1000, -1000, -1000],
    [2, 0, -900],
    [709, 709, 709],
]


@pytest.mark.parametrize("z", ROWS, ids=str)
def test_the_two_formulas_fail_and_hold_as_numpy_does(node, z):
    naive, stable, words = node(
        'import { FORMULAS, failure } from "./explore-formulas.js";',
        """[...FORMULAS.map(({ compute }) => compute(given, 2))
          .map(({ p, loss }) => [...p, loss].map(String)),
          FORMULAS.map(({ compute }) => failure(given, compute(given, 2)))]""",
        z,
    )
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        powers = np.exp(np.array(z, dtype=float))
        p = powers / powers.sum()
        np.testing.assert_allclose(
            np.array(naive, dtype=float), [*p, -np.log(p[2])], rtol=1e-12
        )
    row = [float(v) for v in z]
    right = ch03.by_the_package(row, 2)[0]
    loss = bp.SoftmaxCrossEntropy().forward(np.array([row]), np.array([2]))
    got = np.array(stable, dtype=float)
    np.testing.assert_allclose(got, [*right, loss], rtol=1e-12, atol=1e-12)
    assert bool(words[0]) == (not np.isfinite(np.array(naive, dtype=float)).all())
    assert words[1] == ""
