"""Runs of the benchmarks: timed in turn, kept whole, read with care, compared."""

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import backprop as bp
from benchmarks import __main__ as run
from benchmarks import footprint, laws, machine, results, training
from benchmarks.peers import PEERS, find
from benchmarks.peers.ours import Ours
from benchmarks.timing import interleave, repeat
from benchmarks.workloads import WORKLOADS

ROOT = Path(__file__).parents[1]
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="read from /proc")


def command(*arguments, folder=ROOT):
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


# -- Timing --------------------------------------------------------------------


def test_things_are_timed_in_turn_and_made_ready_untimed():
    order = []

    def thing(name):
        def ready():
            order.append(f"ready {name}")
            return lambda n: order.append(f"{name} {n}")

        return ready

    times = interleave({"a": thing("a"), "b": thing("b")}, repeats=2, block=0)
    assert [line for line in order if line.startswith("ready")] == [
        *("ready a", "ready b", "ready a", "ready b")
    ]
    assert order[:3] == ["ready a", "a 1", "a 1"]  # warm, then how long, then timed
    assert {len(both["cpu"]) for both in times.values()} == {2}
    assert {len(both["wall"]) for both in times.values()} == {2}


def test_a_thing_that_does_more_takes_more_for_each_time():
    X = np.ones((300, 300))
    runs = {
        "one": repeat(lambda: X.dot(X)),
        "three": repeat(lambda: [X.dot(X) for _ in range(3)]),
    }
    times = interleave(runs, repeats=5, block=0.02)
    ratio = results.ratios(times["three"]["cpu"], times["one"]["cpu"])
    assert 1.5 < np.median(ratio) < 6  # broad: other tests run beside this one


def test_a_step_of_each_peer_is_timed_in_microseconds(monkeypatch):
    monkeypatch.setattr(training, "installed", lambda work: {"backprop": Ours})
    times = training.steps("w1", repeats=1)
    (step,) = times["backprop"]["wall"]
    assert 1 < step < 1000  # 8 µs on a quiet machine


def test_the_proof_refuses_a_peer_that_does_something_else(monkeypatch):
    class Hasty(Ours):
        def train(self, rounds):
            super().train(rounds + 1)

    monkeypatch.setattr(
        training, "installed", lambda work: {"backprop": Ours, "Hasty": Hasty}
    )
    with pytest.raises(
        ValueError, match="w1: Hasty is .* from backprop after 20 steps"
    ):
        training.proof("w1")


def test_fit_and_steps_are_timed_on_the_same_batches():
    times = training.fit("w2a", repeats=1)
    assert times.keys() == {"steps", "fit"}
    assert all(1 < t < 5000 for row in times.values() for t in row)


def test_accuracy_is_the_share_of_right_examples():
    W, b = np.eye(2), np.zeros(2)
    X = np.array([[1.0, 0.0], [0.0, 1.0], [0.3, 0.2], [0.1, 0.9]])
    assert training.accuracy([(W, b)], X, np.array([0, 1, 1, 1])) == 0.75
    # Through a hidden layer, whose ReLU takes what is negative away.
    layers = [(-W, b + 0.5), (W, b)]
    assert training.accuracy(layers, X, np.array([1, 0, 1, 0])) == 1.0


# -- Laws ----------------------------------------------------------------------


def test_the_law_of_the_two_passes_counts_what_the_step_multiplies():
    work = WORKLOADS["w3-b64"]
    row = laws.passes("w3-b64", repeats=1)
    forward = 2 * work.multiplications(backward=False)
    assert row["flops"] - forward == pytest.approx(row["predicted"] * forward)


def test_central_differences_find_the_gradient_and_put_the_parameters_back():
    net, loss, X, T = laws._tanh_network((4, 6, 10))
    kept = net.params.copy()
    loss.forward(net.forward(X), T)
    net.backward(loss.backward())
    some = [0, 7, len(kept) - 1]
    slope = laws.central_differences(net, loss, X, T, some)
    # (1e-5)² of truncation, 1e-16/1e-5 of rounding
    np.testing.assert_allclose(slope, net.grads[some], rtol=1e-6, atol=1e-9)
    np.testing.assert_array_equal(net.params, kept)


def test_the_sizes_run_from_a_hundred_to_a_million_parameters():
    sizes = [sum(a * b + b for a, b in pairwise(w)) for w in laws.SIZES]
    for size, power in zip(sizes, range(2, 7), strict=True):
        assert size == pytest.approx(10**power, rel=0.02)


@pytest.mark.parametrize("examples", [1, 32])
def test_a_step_of_the_laws_trains(examples):
    step = laws._step((8, 16, 4), examples)
    before = step()
    for _ in range(200):
        after = step()
    assert after < before


# -- Machine and footprint -----------------------------------------------------


def test_a_part_gets_its_threads_and_none_of_the_shells_kernels(monkeypatch):
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    wanted = machine.environment(2)
    assert {wanted[name] for name in machine.THREADS} == {"2"}
    assert "OPENBLAS_CORETYPE" not in wanted
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    assert machine.threads() == 2


def test_more_cores_than_there_are_are_refused():
    with pytest.raises(SystemExit, match="10000 cores asked for"):
        machine.pin(10_000)


def test_the_machine_is_described_without_a_gap():
    described = machine.describe()
    assert all(described.values()), described
    assert described["cores"] >= 1
    assert json.dumps(described)


def test_versions_leave_out_what_is_not_installed():
    found = machine.versions(["numpy", "no-such-package"])
    assert found == {"numpy": np.__version__}


@LINUX
def test_memory_counts_what_training_takes():
    # In a process of its own: what another test gave back would be taken first.
    used = run.measure(("memory", "w4", "backprop"))
    # Parameters, gradients, Adam's two means and its scratch: 5 × 2.7 MB at least.
    assert used["peak"] - used["imported"] > 13


def test_an_import_is_timed_in_a_process_of_its_own():
    seconds = footprint.imports(repeats=1)
    assert seconds["backprop"][0] > 0
    assert {"backprop", "autograd", "scikit-learn"} <= seconds.keys()


# -- Results -------------------------------------------------------------------


def result(**changes):
    """A small run: two peers, one workload."""
    step = {"cpu": [10.0, 20.0, 10.0], "wall": [10.0, 20.0, 10.0]}
    slow = {"cpu": [20.0, 80.0, 30.0], "wall": [20.0, 80.0, 30.0]}
    made = {
        "format": results.FORMAT,
        "started": "2026-11-24T12:00:00Z",
        "machine": {"processor": "A processor", "family": "family 1, model 2"},
        "versions": {"numpy": "2.4.6"},
        "workloads": {"w2a": "64-32-10, batch 32, Adam"},
        "steps": {"1": {"w2a": {"backprop": step, "textbook NumPy": slow}}},
    }
    return made | changes


def test_the_table_has_the_median_of_ratios_not_the_ratio_of_medians():
    # Ratios 2, 4 and 3: median 3. The medians 30 and 10 would give 3 as well, but
    # 20, 80, 30 over 10, 20, 10 in another order would not.
    row = results.table(result()).splitlines()[-1]
    assert row == "| w2a: 64-32-10, batch 32, Adam | 10 | 3 (2 to 4) |"
    step = {"cpu": [10.0, 20.0, 40.0]}
    slow = {"cpu": [40.0, 60.0, 80.0]}  # ratios 4, 3, 2; medians 60 and 20 make 3
    odd = {"cpu": [40.0, 20.0, 80.0]}  # ratios 4, 1, 2; medians 40 and 20 make 2
    steps = {"1": {"w2a": {"backprop": step, "slow": slow, "odd": odd}}}
    row = results.table(result(steps=steps)).splitlines()[-1]
    assert row.endswith("| 20 | 3 (2 to 4) | 2 (1 to 4) |")


def test_a_peer_without_a_row_leaves_a_gap_in_the_table():
    steps = result()["steps"]["1"] | {"w1": {"backprop": {"cpu": [1.0]}}}
    workloads = {"w1": "2-4-1", "w2a": "64-32-10"}
    table = results.table(result(steps={"1": steps}, workloads=workloads))
    assert table.splitlines()[-1] == "| w1: 2-4-1 | 1 |  |"


def test_two_runs_agree_where_their_ranges_overlap():
    other = result()
    assert results.compare(result(), other) == ([], 0, 1)
    other["steps"]["1"]["w2a"]["textbook NumPy"] = {"cpu": [100.0, 200.0, 100.0]}
    lines, disagreements, compared = results.compare(result(), other)
    assert (disagreements, compared) == (1, 1)
    assert lines == [
        "step, 1 core(s), w2a, textbook NumPy ÷ ours: 3 (2 to 4), 10 (10 to 10);"
        " 233.3% apart"
    ]


def test_the_books_run_agrees_with_the_one_before_it():
    shown, before = (
        results.read(results.FOLDER / name) for name in ("book.json", "again.json")
    )
    assert shown["started"] > before["started"]
    lines, disagreements, compared = results.compare(shown, before)
    assert disagreements == 0, lines
    assert compared > 150


def test_what_one_run_lacks_counts_as_a_disagreement():
    bare = result(steps={})
    lines, disagreements, _ = results.compare(result(), bare)
    assert disagreements == 1
    assert lines[0].startswith("only in one run: step, 1 core(s), w2a")


def test_a_result_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "run.json"
    results.write(path, result())
    before = path.read_text("utf-8")
    with pytest.raises(TypeError):
        results.write(path, result(machine=object()))
    assert path.read_text("utf-8") == before
    assert [p.name for p in tmp_path.iterdir()] == ["run.json"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "run.json: not JSON"),
        ("[]", "run.json: format is 'list'"),
        ('{"format": "x"}', "run.json: format is 'x', expected 'backprop-benchmarks"),
    ],
)
def test_a_file_that_is_no_result_is_refused_by_name(tmp_path, text, message):
    path = tmp_path / "run.json"
    path.write_text(text, "utf-8")
    with pytest.raises(ValueError, match=message):
        results.read(path)


def test_five_digits_of_a_number_are_kept(tmp_path):
    path = tmp_path / "run.json"
    results.write(path, result(peak={"gflops": [123.456789]}, cores=2))
    assert results.read(path)["peak"] == {"gflops": [123.46]}
    assert results.read(path)["cores"] == 2


def test_a_list_of_numbers_is_one_line_of_the_file(tmp_path):
    path = tmp_path / "run.json"
    results.write(path, result())
    assert '"cpu": [ 10.0, 20.0, 10.0 ],' in path.read_text("utf-8")


def test_the_book_shows_a_whole_run_in_which_all_did_the_same_work():
    shown = results.read(results.FOLDER / "book.json")
    table = (results.FOLDER / "book.md").read_text("utf-8")
    assert table == results.table(shown) + "\n"
    assert not shown["missing"]
    assert set(run.SECTIONS) <= shown.keys()
    assert shown["steps"]["1"].keys() == shown["steps"]["2"].keys() == WORKLOADS.keys()
    assert shown["proof"].keys() == set(training.PROVED)
    for found in shown["proof"].values():
        for peer, difference in found.items():
            assert difference < training.EXACT or peer in ("scikit-learn", "Keras")


# -- The command ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--workloads", "w9"], "no workload 'w9'; there are w1, w2a"),
        (["--only", "speed"], "no section 'speed'; there are proof, steps"),
        (["--cores", "3"], "no number of cores '3'; there are 1, 2"),
        (["--resume", "nowhere.json"], "nowhere.json: no results there (No such file"),
    ],
)
def test_the_command_refuses_what_it_does_not_know(arguments, message):
    answer = command(*arguments)
    assert answer.returncode == 2
    assert message in answer.stderr


def test_the_command_measures_writes_and_goes_on_where_it_stopped(tmp_path):
    out = tmp_path / "run.json"
    settings = ["--workloads", "w2b", "--cores", "1", "--out", str(out)]
    first = command("--only", "passes", *settings)
    assert first.returncode == 0, first.stderr
    measured = results.read(out)
    weights = 64 * 128 + 128 * 64 + 64 * 10
    law = pytest.approx(2 - 64 * 128 / weights, rel=1e-4)  # five digits are kept
    assert measured["passes"]["w2b"]["predicted"] == law
    assert "steps" not in measured
    assert out.with_suffix(".md").read_text("utf-8") == results.table(measured) + "\n"
    second = command("--only", "passes,peak", "--resume", str(out))
    assert second.returncode == 0, second.stderr
    resumed = results.read(out)
    assert resumed["passes"]["w2b"] == measured["passes"]["w2b"]
    assert resumed["started"] == measured["started"]
    assert resumed["peak"]["gflops"]


def test_a_run_of_another_machine_is_not_gone_on_with(tmp_path, monkeypatch):
    path = tmp_path / "run.json"
    results.write(path, result())
    here = {"machine": {"processor": "Another"}, "versions": {"numpy": "2.4.6"}}
    monkeypatch.setattr(run, "measure", lambda keys: here)
    with pytest.raises(
        ValueError, match="run.json: machine was .*A processor.*Another"
    ):
        run.begin(path)


def test_a_part_that_fails_says_so_and_the_others_are_kept(tmp_path, monkeypatch):
    def measure(keys):
        if keys == ("peak",):
            raise RuntimeError("peak failed:\nno BLAS")
        return {"n": 1}

    monkeypatch.setattr(run, "measure", measure)
    made, out = result(), tmp_path / "run.json"
    assert run.run_all(made, [("peak",), ("fit", "w1")], out)
    assert results.read(out)["fit"] == {"w1": {"n": 1}}


def test_an_interrupt_leaves_what_was_measured_and_says_how_to_go_on(
    tmp_path, monkeypatch
):
    def measure(keys):
        if keys == ("peak",):
            raise KeyboardInterrupt
        return {"n": 1}

    monkeypatch.setattr(run, "measure", measure)
    out = tmp_path / "run.json"
    with pytest.raises(SystemExit, match="Go on with: python -m benchmarks --resume"):
        run.run_all(result(), [("fit", "w1"), ("peak",), ("fit", "w2a")], out)
    assert results.read(out)["fit"] == {"w1": {"n": 1}}


def test_a_second_turns_numbers_stand_after_the_firsts(tmp_path, monkeypatch):
    counted = iter(range(1, 9))

    def measure(keys):
        k = next(counted)
        return {"fit": [k, k + 0.5], "rows": [{"n": 3, "step": [k]}], "law": 1.5}

    monkeypatch.setattr(run, "measure", measure)
    made, out = result(), tmp_path / "run.json"
    assert not run.run_all(made, [("fit", "w1"), ("fit", "w1")], out)
    both = {"fit": [1, 1.5, 2, 2.5], "rows": [{"n": 3, "step": [1, 2]}], "law": 1.5}
    assert results.read(out)["fit"]["w1"] == both
    run.run_all(made, [("fit", "w1"), ("fit", "w1")], out)  # all are there
    assert results.read(out)["fit"]["w1"] == both


def test_a_part_that_breaks_tells_what_it_said():
    with pytest.raises(RuntimeError, match=r"(?s)passes w9 failed:\n.*KeyError: 'w9'"):
        run.measure(("passes", "w9"))


def test_all_parts_are_listed_but_those_of_missing_peers():
    every = list(run.parts(["memory", "steps"], ["w1", "w4"], ["1"], ["PyTorch eager"]))
    assert ("steps", "1", "w1") in every
    assert ("memory", "w4", "backprop") in every or sys.platform != "linux"
    assert not any("PyTorch eager" in keys for keys in every)


def test_what_the_command_names_is_there():
    assert set(run.HELD) <= PEERS.keys()
    assert set(training.PROVED) <= WORKLOADS.keys()
    assert set(run.IN_MEMORY) <= WORKLOADS.keys()
    assert isinstance(find("backprop")(WORKLOADS["w1"]).net, bp.Sequential)
