"""The run that the page *Measured* shows: read with care, divided entry by entry."""

from __future__ import annotations

import copy
import json
from itertools import pairwise

import numpy as np
import pytest

from course import measured
from course.measured import ResultError, Results
from course.measured.text import aligned, brief, time

MACHINE = {
    "processor": "Abacus",
    "family": "family 1, model 2",
    "cores": 2,
    "memory_gb": 24,
    "system": "Linux 6.1",
    "python": "3.11.7",
    "blas": "OpenBLAS 0.3.31",
}


def taken(ours, *theirs):
    return {
        "backprop": {"cpu": ours, "wall": [10 * t for t in ours]},
        **{
            f"peer {k}": {"cpu": times, "wall": times}
            for k, times in enumerate(theirs, 1)
        },
    }


SMALL = {
    "format": "backprop-benchmarks 1",
    "started": "2026-11-24T19:40:00Z",
    "finished": "2026-11-24T19:55:00Z",
    "machine": MACHINE,
    "versions": {"numpy": "2.4.6"},
    "missing": {"Keras": "not installed: keras"},
    "differs": {"peer 2": "rounds up"},
    "workloads": {"w1": "2-4-1, batch 4, SGD", "w2": "64-10, batch 32, Adam"},
    "proof": {
        "w1": {"backprop": 0.0, "peer 1": 1e-16, "peer 2": 2e-4},
        "w2": {"backprop": 0.0, "peer 1": 3e-16},
    },
    "steps": {
        # The machine was slow in the second repeat; the ratios do not show it.
        "1": {
            "w1": taken([10, 40, 10], [20, 80, 20], [9, 42, 10]),
            "w2": taken([100, 100, 100], [50, 60, 50]),
        },
        "2": {"w1": taken([1, 1, 1], [20, 20, 80])},
    },
    "fit": {
        "w1": {"steps": [10, 20], "fit": [11, 22]},
        "w2": {"steps": [10, 20], "fit": [12, 24]},
    },
    "peak": {"gflops": [80, 100, 90]},
    "passes": {
        "w1": {"forward": [1, 2], "backward": [2, 4], "flops": 500, "predicted": 1.5},
        "w2": {"forward": [1, 2], "backward": [1, 2], "flops": 5e6, "predicted": 1.0},
    },
    "gradients": [
        {"weights": 100, "backprop": [1e-5], "differences": [1e-3], "error": 1e-9},
        {"weights": 1000, "backprop": [1e-4], "differences": [120.0], "error": 2e-9},
    ],
    "depth": [{"layers": n, "step": [10 * n]} for n in (4, 8)],
    "batch": [{"batch": n, "step": [40 + n, 50 + n, 90 + n]} for n in (1, 1024)],
    "memory": {"w1": {"backprop": {"imported": 30.2, "peak": 32.7}}},
    "digits": {
        "backprop": {"seconds": [0.03, 0.06], "epochs": [5, 10]},
        "peer 1": {"seconds": [0.09, 0.12], "epochs": [5, 9]},
    },
    "imports": {"backprop": [0.1, 0.2, 0.1]},
}
TABLES = [
    *(measured.machine, measured.proof, measured.workloads, measured.ratios),
    *(measured.ranges, measured.verdicts, measured.gradients, measured.batches),
    *(measured.memory, measured.digits, measured.imports),
]


@pytest.fixture
def run(tmp_path):
    path = tmp_path / "book.json"
    path.write_text(json.dumps(SMALL), "utf-8")
    return measured.read(path)


# -- The file ------------------------------------------------------------------


def test_the_committed_run_has_all_that_the_page_shows():
    run = measured.read()
    assert all(table(run) for table in TABLES)
    for cores in (1, 2):
        assert set(run.ratios(cores)) == set(run.at("workloads"))
    for section, of in (("gradients", "weights"), ("depth", "layers")):
        sizes = run.column(section, of)
        assert all(a < b for a, b in pairwise(sizes))
        assert len(sizes) == 5


def test_it_is_found_from_any_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert measured.read().path.is_absolute()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "no results there .*make bench"),
        ("{", "not JSON"),
        ("[]", "format is 'list', expected 'backprop-benchmarks 1'"),
        ('{"format": "backprop-benchmarks 2"}', "'backprop-benchmarks 2', expected"),
    ],
)
def test_a_file_that_is_no_run_is_named_with_what_is_wrong(tmp_path, text, message):
    path = tmp_path / "book.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(ResultError, match=message) as caught:
        measured.read(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("section", [key for key in SMALL if key != "format"])
def test_an_absent_section_is_named_and_leaves_the_others_readable(run, section):
    without = Results(run.path, {k: v for k, v in SMALL.items() if k != section})
    failed = 0
    for table in TABLES:
        try:
            table(without)
        except ResultError as error:
            assert f"{run.path}: no {section}; there is" in str(error)
            failed += 1
    # `depth` is in a figure alone.
    assert (section != "depth") <= failed < len(TABLES)


def test_what_is_not_there_is_named_with_what_is(run):
    with pytest.raises(ResultError, match="no steps → 2 → w2; there is w1"):
        run.at("steps", "2", "w2", "backprop")
    with pytest.raises(ResultError, match="no depth → 2; there is 0, 1"):
        run.at("depth", 2)


@pytest.mark.parametrize(
    "wrong", [[], [1, "x"], [[1]], [1, -1], [0], [float("nan")], [float("inf")], None]
)
def test_numbers_that_are_no_times_are_refused(run, wrong):
    data = copy.deepcopy(SMALL)
    data["imports"]["backprop"] = wrong
    with pytest.raises(ResultError, match="imports → backprop is .* positive numbers"):
        Results(run.path, data).numbers("imports", "backprop")


def test_repeats_that_were_not_taken_together_are_not_divided(run):
    data = copy.deepcopy(SMALL)
    data["fit"]["w1"]["fit"].append(33)
    with pytest.raises(ResultError, match="w1 → fit has 3 repeats, .*steps has 2"):
        measured.workloads(Results(run.path, data))


# -- What is taken from it -----------------------------------------------------


def test_a_ratio_is_theirs_over_ours_repeat_by_repeat(run):
    found = run.ratios()
    assert list(found) == ["w1", "w2"]
    np.testing.assert_array_equal(found["w1"]["peer 1"], [2, 2, 2])
    np.testing.assert_array_equal(found["w1"]["peer 2"], [0.9, 1.05, 1])
    assert "backprop" not in found["w1"]


def test_with_two_cores_the_clock_counts(run):
    assert run.ratios(2) == {"w1": {"peer 1": pytest.approx([2, 2, 8])}}


def test_a_spread_is_of_the_ratios_and_not_a_ratio_of_two_medians(run):
    assert measured.spread(run.ratios()["w1"]["peer 2"]) == (0.9, 1, 1.05)
    assert measured.spread([3, 1, 2, 10]).middle == 2.5


def test_peers_are_ordered_by_what_they_take(run):
    assert run.peers() == ["peer 1", "peer 2"]  # medians 2 and 0.5; 1


def test_a_share_of_the_peak_is_of_operations_over_the_whole_step(run):
    # 5e6 operations in 100 µs are 50 GFLOP/s; the fastest product made 100.
    np.testing.assert_allclose(run.share_of_peak("w2"), [0.5, 0.5, 0.5])


def test_a_power_is_the_slope_of_logarithms():
    x = np.array([1.0, 10, 100])
    assert measured.slope(x, 3 * x**2) == pytest.approx(2)


def test_a_line_tells_its_worst_miss():
    x = np.array([4.0, 8, 16])
    line = measured.line(x, 3 * x + 5)
    assert line.each == pytest.approx(3)
    assert line.fixed == pytest.approx(5)
    assert line.worst < 1e-12  # rounding
    assert measured.line(x, x**2).worst > 0.2


# -- What is written -----------------------------------------------------------


def rows(text):
    return [line.split() for line in text.splitlines()]


def test_the_proof_shows_each_peer_where_it_is_worst(run):
    text = measured.proof(run)
    assert ["peer", "1", "3e-16", "w2"] in rows(text)
    assert ["peer", "2", "2e-04", "w1"] in rows(text)
    assert "peer 2: rounds up" in text
    assert "backprop" not in text


def test_a_median_whose_repeats_disagree_has_a_question_mark(run):
    one, two = rows(measured.ratios(run)), rows(measured.ratios(run, cores=2))
    assert one[1] == ["our", "step,", "µs", "10.0?", "100"]
    assert one[2:] == [["peer", "1", "2.00", "0.50"], ["peer", "2", "1.00", "–"]]
    assert two[2:] == [["peer", "1", "2.00?"], ["peer", "2", "–"]]


def test_ranges_stand_beside_their_medians(run):
    text = " ".join(measured.ranges(run).split())
    assert "peer 1 2.00 (2.00 to 2.00) 2.00 (2.00 to 8.00)" in text
    assert "peer 2 1.00 (0.90 to 1.05) –" in text


def test_a_verdict_needs_every_repeat(run):
    assert rows(measured.verdicts(run)) == [
        ["peer", "1", "slower", "on", "w1"],
        ["faster", "on", "w2"],
        ["peer", "2", "level", "on", "w1"],
    ]


def test_who_is_everywhere_the_same_is_so_on_all(run):
    assert rows(measured.verdicts(run, cores=2)) == [
        ["peer", "1", "slower", "on", "all"]
    ]


def test_a_run_says_when_and_where_it_was_made_and_who_is_missing(run):
    text = measured.machine(run)
    assert "2026-11-24, 19:40 to 19:55 UTC" in text
    for told in ("Abacus", "Linux 6.1", "24 GB", "0.3.31", "2.4.6", "not installed"):
        assert told in text


def test_the_other_tables_show_medians(run):
    found = {table: rows(table(run)) for table in TABLES}
    title = ["64-10,", "batch", "32,", "Adam"]
    assert ["w2", *title, "100", "µs", "50%", "1.20"] in found[measured.workloads]
    assert ["w1", *SMALL["workloads"]["w1"].split(), "10", "µs", "<", "1%", "1.10"] in (
        found[measured.workloads]
    )
    assert found[measured.gradients][-2:] == [
        ["100", "10.0", "µs", "1.00", "ms", "100", "1.00"],
        ["1,000", "100", "µs", "120", "s", "1,200,000", "1200.00"],
    ]
    assert found[measured.batches][-1] == ["1,024", "1,074", "1.05"]
    assert found[measured.memory][-1] == ["backprop", "30", "2.5"]
    assert found[measured.imports][-1] == ["backprop", "0.10", "(0.10", "to", "0.20)"]
    ours, theirs = (" ".join(row) for row in found[measured.digits][1:])
    assert ours == "backprop 45.0 (30.0 to 60.0) 8 (5 to 10)"
    assert theirs == "peer 1 105 (90.0 to 120) 7 (5 to 9) 2.50 (2.00 to 3.00)"


def test_figures_get_what_the_tables_say(run):
    panels = measured.panels(run)
    assert list(panels) == ["w1", "w2"]
    assert panels["w1"]["one core"]["peer 2"] == (0.9, 1, 1.05)
    assert panels["w1"]["two cores"] == {"peer 1": (2, 2, 8)}
    assert list(panels["w2"]) == ["one core"]
    passes = measured.passes(run)
    assert passes["measured"] == {"w1": (2, 2, 2), "w2": (1, 1, 1)}
    assert passes["multiplications counted"]["w1"] == (1.5, 1.5, 1.5)


@pytest.mark.parametrize(
    ("x", "text"),
    [(0.164, "0.16"), (9.94, "9.94"), (9.96, "10.0"), (99.6, "100"), (1243, "1,243")],
)
def test_a_number_has_three_digits(x, text):
    assert brief(x) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1.44e-5, "14.4 µs"),
        (9.996e-4, "1.00 ms"),
        (0.404, "404 ms"),
        (21.8, "21.8 s"),
        (1614, "26.9 min"),
    ],
)
def test_a_time_has_the_unit_that_fits(seconds, text):
    assert time(seconds) == text


def test_columns_stand_under_each_other():
    assert aligned([("", "ab"), ("long", "c")]) == "      ab\nlong   c"
    assert aligned([("", "ab"), ("long", "c")], left=2) == "      ab\nlong  c"
