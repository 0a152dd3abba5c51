"""The benchmark's two sides do the same work, and its table adds up."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import backprop as bp
from benchmarks import textbook
from benchmarks.training_step import WORKLOADS, Timing, Workload, table

ROOT = Path(__file__).parents[1]

# Wide enough for every name's path (SGD with MSE, Adam with cross-entropy, two
# hidden layers), small enough to take 20 steps at once.
SIDES = {name: WORKLOADS[name] for name in ("w1", "w2a", "w2b")}
SIDES["w2a-SGD"] = Workload((64, 32, 10), 32, optimizer="SGD", data="digits")


def plain_params(net: textbook.Network) -> np.ndarray:
    """All parameters in the order of `Sequential.params`."""
    pairs = zip(net.W, net.b, strict=True)
    return np.concatenate([part.ravel() for pair in pairs for part in pair])


@pytest.mark.parametrize("name", SIDES)
@pytest.mark.parametrize("data_gradient", [True, False])
def test_both_sides_have_equal_parameters_after_20_steps(name, data_gradient):
    work = SIDES[name]
    X, T = work.load(np.float64)
    ours = work.ours(np.float64)
    plain = work.plain(np.float64, data_gradient)
    start = ours[0].params.copy()
    np.testing.assert_array_equal(plain_params(plain[0]), start)
    for step in range(20):
        rows = np.arange(step * work.batch, (step + 1) * work.batch) % len(X)
        L = bp.train_step(*ours, X[rows], T[rows])
        # Both round some dozens of times a step by 1e-16 each; Adam divides by
        # √v + 1e-8, which makes up to 1e-10 of that where a gradient is tiny.
        assert textbook.train_step(*plain, X[rows], T[rows]) == pytest.approx(L, 1e-9)
    np.testing.assert_allclose(
        plain_params(plain[0]), ours[0].params, rtol=0, atol=1e-9
    )
    assert np.abs(ours[0].params - start).max() > 1e-3


def test_both_fits_take_the_same_batches():
    work = WORKLOADS["w2a"]
    X, T = work.load(np.float64)
    settings = {"epochs": 2, "batch_size": 32, "rng": 0}
    ours = bp.fit(*work.ours(np.float64), X, T, **settings)
    plain = textbook.fit(*work.plain(np.float64), X, T, **settings)
    # 1e-9: as above, over 68 steps.
    np.testing.assert_allclose(ours.loss, plain, rtol=1e-9)


def test_textbook_makes_a_new_array_for_every_result():
    net, _, _ = WORKLOADS["w2a"].plain()
    X, _ = WORKLOADS["w2a"].load()
    first, second = net.forward(X[:4]), net.forward(X[:4])
    assert not np.shares_memory(first, second)


def test_every_workload_has_the_shapes_it_names():
    for name, work in WORKLOADS.items():
        X, T = work.load()
        assert X.dtype == np.float32, name
        assert X.shape[1] == work.widths[0], name
        assert len(X) == len(T) >= work.batch, name
        net = work.ours()[0]
        dense = [la for la in net if isinstance(la, bp.Dense)]
        assert tuple(la.d_in for la in dense) == work.widths[:-1], name
        assert net(X[:2]).shape == (2, work.widths[-1]), name


def test_table_reports_the_median_of_ratios_not_the_ratio_of_medians():
    # Ratios 1, 4 and 2: median 2, while the medians 10 and 8 would give 1.25.
    slow, fast = [8.0, 40.0, 10.0], [8.0, 10.0, 5.0]
    row = table({"w2a": Timing(slow, slow, fast, slow, fast)}).splitlines()[-1]
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells == [
        "w2a: 64-32-10, batch 32, Adam",
        *("10", "8", "2.00 (1.00 to 4.00)", "2.00 (1.00 to 4.00)"),
        *("2.00 (1.00 to 4.00)", "1.00 (1.00 to 1.00)"),
    ]


def test_command_refuses_an_unknown_workload_by_name():
    command = [sys.executable, "-m", "benchmarks.training_step", "--workloads", "w9"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "no workload 'w9'; there are w1, w2a" in run.stderr
