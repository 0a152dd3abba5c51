"""A cluster grades as one machine does, and a worker that dies loses nothing."""

from __future__ import annotations

import os

import pytest
from classroom import KEY, TOTAL, broken, good, hostile, mistaken, write

from course.grading import pool
from course.grading.run import Options, run

distributed = pytest.importorskip("distributed")

# Not ours: a cluster that shuts down leaves sockets for the collector to find.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture
def cluster():
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        silence_logs=50,
    ) as cluster:
        yield cluster


@pytest.fixture
def desk(tmp_path):
    (tmp_path / "key").write_bytes(KEY)
    hands = [good("a"), mistaken("b", 0), hostile("c", 0), broken(0)]
    write(tmp_path / "in", hands + [good(f"g{k}") for k in range(6)])
    return tmp_path


def options(desk, out, **more):
    return Options((desk / "in",), desk / out, desk / "key", **more)


def test_a_cluster_gives_the_same_results_as_one_machine(cluster, desk):
    run(options(desk, "here"))
    run(options(desk, "there", dask=cluster.scheduler_address))
    for name in ("results.jsonl", "grades.csv", "class.html"):
        here, there = (desk / out / name for out in ("here", "there"))
        assert here.read_bytes() == there.read_bytes(), name


def test_a_worker_that_dies_loses_nothing(cluster, desk, monkeypatch):
    died = desk / "died"

    def dies_once(job):
        """Inside this test, so that it travels to the workers as a whole."""
        if job.student == "a" and not died.exists():
            died.write_text("")
            os._exit(1)
        return sound(job)

    sound = pool.grade
    monkeypatch.setattr(pool, "grade", dies_once)
    report = run(options(desk, "out", dask=cluster.scheduler_address))
    assert died.exists()
    totals = {row.student: row.sum(report.settings) for row in report.rows}
    assert totals["a"] == TOTAL
    assert report.faults == []


def test_without_a_cluster_the_command_says_so(desk, capsys, monkeypatch):
    from course.cli import main

    monkeypatch.setattr(pool, "CONNECT", "1s")
    arguments = ["grade", str(desk / "in"), "--out", str(desk / "out")]
    arguments += ["--dask", "tcp://127.0.0.1:1"]
    assert main(arguments) == 3
    assert "no Dask cluster at tcp://127.0.0.1:1" in capsys.readouterr().err
