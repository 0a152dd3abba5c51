"""A class is graded in one command, again and again, whatever happens between."""

from __future__ import annotations

import csv
import json
import os
import resource
import signal
import subprocess
import sys
import time

import pytest
from classroom import (
    BROKEN,
    COUNTED,
    KEY,
    TOTAL,
    broken,
    good,
    hostile,
    mistaken,
    quarter,
    right,
    submission,
    write,
)
from conftest import ROOT

from course.cli import main
from course.grading import pool, sandbox
from course.grading import run as running
from course.grading.run import Options, run
from course.grading.sandbox import SandboxFault


@pytest.fixture
def key_file(tmp_path):
    path = tmp_path / "key"
    path.write_bytes(KEY)
    return path


def grades(out):
    with (out / "grades.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def records(out):
    lines = (out / "results.jsonl").read_text().splitlines()
    found = [json.loads(line) for line in lines]
    return {(r["student"], r["exercise"]): r for r in found}


def command(*arguments):
    return [sys.executable, "-m", "course", "grade", *map(str, arguments)]


def test_two_hundred_submissions_get_the_points_they_deserve(
    tmp_path, key_file, capsys
):
    hands = [good(f"g{k:03}", quarter(k)) for k in range(40)]
    hands += [good(f"g{k:03}") for k in range(40, 50)]
    hands += [mistaken(f"m{k:03}", k) for k in range(60)]
    hands += [hostile(f"h{k:03}", k) for k in range(40)]
    hands += [broken(k) for k in range(50)]
    folder, out = write(tmp_path / "in", hands), tmp_path / "out"
    done = main(
        ["grade", str(folder), "--out", str(out), "--key-file", str(key_file)]
        + ["--jobs", "2"]
    )
    assert done == 0
    found, rows = records(out), {row["file"]: row for row in grades(out)}
    for hand in hands:
        row = rows.pop(str(folder / hand.name))
        if hand.reason:
            assert (row["status"], row["total"]) == ("refused", ""), hand.name
            assert hand.reason in row["notes"]
            continue
        student = hand.name.removesuffix(".json")
        assert row["status"] == "graded"
        assert float(row["total"]) == pytest.approx(sum(hand.scores.values()), abs=1e-3)
        for name, score in hand.scores.items():
            record = found[student, name]
            assert record["score"] == pytest.approx(score), record
            assert record["sandbox"] in ("bubblewrap", "landlock", "none")
        for name, mistake in hand.mistakes.items():
            assert found[student, name]["mistake"] == mistake
    assert not rows
    assert "150 students graded, 50 files refused" in capsys.readouterr().out


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_that_is_killed_goes_on_where_it_was(tmp_path, key_file, jobs):
    folder = write(tmp_path / "in", [good(f"s{k:02}") for k in range(12)])
    whole, out = tmp_path / "whole", tmp_path / "out"
    assert (
        main(["grade", str(folder), "--out", str(whole), "--key-file", str(key_file)])
        == 0
    )
    arguments = (folder, "--out", out, "--key-file", key_file, "--jobs", jobs)
    process = subprocess.Popen(command(*arguments), cwd=ROOT, start_new_session=True)
    log = out / "results.jsonl"
    deadline = time.monotonic() + 60
    while not log.exists() or log.read_bytes().count(b"\n") < 30:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    with log.open("ab") as file:
        file.write(b'{"student": "s11", "exercise": "ch01.slope", "sco')  # torn
    kept = log.read_bytes().count(b"\n")
    assert not (out / "grades.csv").exists()
    report = run(Options((folder,), out, key_file, jobs=1))
    assert report.kept == kept
    assert report.kept + report.graded == 12 * len(COUNTED)
    for name in ("results.jsonl", "grades.csv", "class.html"):
        assert (out / name).read_bytes() == (whole / name).read_bytes(), name


def test_only_what_changed_is_graded_again(tmp_path, key_file):
    folder = write(tmp_path / "in", [good("a"), good("b")])
    options = Options((folder,), tmp_path / "out", key_file)
    every = 2 * len(COUNTED)
    assert run(options).graded == every
    assert (run(options).graded, run(options).kept) == (0, every)
    answers = right("b") | {"ch01.slope": [123.0]}
    (folder / "b.json").write_bytes(submission("b", answers))
    report = run(options)
    assert (report.graded, report.kept) == (1, every - 1)
    assert report.changes == [
        ["b", "ch01", "24", "22"],
        ["b", "total", str(TOTAL), str(TOTAL - 2)],
    ]
    changed = (tmp_path / "out" / "changes.csv").read_text().splitlines()
    assert changed[0] == "student,column,before,now"
    key_file.write_bytes(KEY + b"another")
    assert run(options).graded == every


def test_an_answer_taken_back_loses_its_points(tmp_path, key_file):
    folder = write(tmp_path / "in", [good("a")])
    options = Options((folder,), tmp_path / "out", key_file)
    run(options)
    (folder / "a.json").write_bytes(submission("a", {}))
    assert run(options).rows[0].sum(run(options).settings) == 0
    assert records(tmp_path / "out") == {}


def test_a_new_version_of_an_exercise_is_graded_again(tmp_path, key_file, monkeypatch):
    folder = write(tmp_path / "in", [good("a")])
    options = Options((folder,), tmp_path / "out", key_file)
    run(options)
    monkeypatch.setattr(running.settings, "version_of", lambda ex, folder: ex.id[:4])
    assert run(options).kept == 0
    monkeypatch.setattr(running.settings, "grader_version", lambda: "2.0.0")
    assert run(options).kept == 0


def test_without_a_key_file_one_is_made_and_kept(tmp_path):
    folder = write(tmp_path / "in", [good("a")])
    options = Options((folder,), tmp_path / "out")
    run(options)
    key = tmp_path / "out" / "grading.key"
    assert len(key.read_text()) > 60
    assert key.stat().st_mode & 0o077 == 0
    assert run(options).graded == 0


def test_the_grading_key_draws_other_inputs_than_the_students_own_check():
    from course.personal import rng_for

    drawn = {rng_for("ch01.fit", "a", key).random() for key in (KEY, b"other")}
    assert len(drawn | {rng_for("ch01.fit", "a").random()}) == 3


def test_no_sandbox_is_exit_3_and_nobody_is_graded(tmp_path, monkeypatch, capsys):
    def nothing():
        raise SandboxFault("No sandbox works here.")

    monkeypatch.setattr(running, "find_mode", nothing)
    folder = write(tmp_path / "in", [good("a")])
    assert main(["grade", str(folder), "--out", str(tmp_path / "out")]) == 3
    assert "No sandbox works here." in capsys.readouterr().err
    assert not (tmp_path / "out" / "grades.csv").exists()


def test_a_sandbox_that_fails_midway_is_exit_3_and_no_zero(
    tmp_path, key_file, monkeypatch, capsys
):
    started = []
    sound = sandbox.Sandbox.__init__

    def fails_later(self, *args, **kwargs):
        started.append(1)
        if len(started) > 2:
            raise SandboxFault("out of memory")
        sound(self, *args, **kwargs)

    sandbox.find_mode()
    monkeypatch.setattr(sandbox.Sandbox, "__init__", fails_later)
    folder = write(tmp_path / "in", [good(s) for s in "abc"])
    arguments = ["grade", str(folder), "--out", str(tmp_path / "out")]
    arguments += ["--key-file", str(key_file), "--jobs", "1"]
    assert main(arguments) == 3
    assert "out of memory" in capsys.readouterr().err
    table = {row["student"]: row for row in grades(tmp_path / "out")}
    assert table["b"]["total"] == str(TOTAL)
    assert (table["c"]["status"], table["c"]["total"]) == ("fault", "")
    monkeypatch.setattr(sandbox.Sandbox, "__init__", sound)
    assert main(arguments) == 0
    assert grades(tmp_path / "out")[2]["total"] == str(TOTAL)


def test_a_check_that_stumbles_is_a_fault_of_ours(tmp_path, key_file, monkeypatch):
    from course.grading import grade

    monkeypatch.setattr(grade, "check", lambda *a, **k: 1 / 0)
    folder = write(tmp_path / "in", [good("a")])
    report = run(Options((folder,), tmp_path / "out", key_file))
    values = [ex for ex in COUNTED if ex.kind != "code"]
    assert len(report.faults) == len(values)
    assert report.rows[0].sum(report.settings) is None


def test_a_full_disk_is_exit_4_and_what_was_graded_stays(tmp_path, key_file):
    folder = write(tmp_path / "in", [good(f"s{k}") for k in range(6)])
    out = tmp_path / "out"
    arguments = (folder, "--out", out, "--key-file", key_file, "--jobs", 1)
    full = subprocess.run(
        command(*arguments),
        cwd=ROOT,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
    )
    assert full.returncode == 4, full.stderr
    assert "What was graded before stays" in full.stderr
    kept = (out / "results.jsonl").read_bytes().count(b"\n")
    assert kept > 10
    report = run(Options((folder,), out, key_file))
    assert report.kept >= kept - 1
    assert report.graded == 6 * len(COUNTED) - report.kept


@pytest.mark.parametrize("out", ["{file}/out", "/proc/backprop"])
def test_a_folder_that_cannot_be_written_is_exit_4(tmp_path, key_file, out, capsys):
    folder = write(tmp_path / "in", [good("a")])
    place = out.format(file=key_file)
    assert main(["grade", str(folder), "--out", place]) == 4
    assert place in capsys.readouterr().err


def test_two_runs_into_one_folder_do_not_mix(tmp_path, key_file, capsys):
    from course.grading.results import Results

    folder = write(tmp_path / "in", [good("a")])
    (tmp_path / "out").mkdir()
    with Results(tmp_path / "out" / "results.jsonl"):
        assert main(["grade", str(folder), "--out", str(tmp_path / "out")]) == 2
    assert "another run" in capsys.readouterr().err


def test_an_interrupt_says_how_to_go_on(tmp_path, monkeypatch, capsys):
    def interrupted(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "_grade", interrupted)
    folder = write(tmp_path / "in", [good("a")])
    assert main(["grade", str(folder), "--out", str(tmp_path / "out")]) == 130
    assert "Run again" in capsys.readouterr().err


def test_a_process_of_the_pool_that_dies_loses_nothing(tmp_path, key_file, monkeypatch):
    """Once for a student who was in it by chance, and always for one of them."""
    folder = write(tmp_path / "in", [good(s) for s in "abcd"])
    monkeypatch.setattr(pool, "grade", dies_on_c)
    report = run(Options((folder,), tmp_path / "out", key_file, jobs=2))
    totals = {row.student: row.sum(report.settings) for row in report.rows}
    assert totals == {"a": TOTAL, "b": TOTAL, "c": None, "d": TOTAL}
    assert {fault["student"] for fault in report.faults} == {"c"}


def dies_on_c(job):
    if job.student == "c":
        os._exit(1)
    from course.grading.grade import grade

    return grade(job)


def test_of_two_files_of_one_student_the_later_counts_and_both_are_named(
    tmp_path, key_file
):
    folder = write(tmp_path / "in", [good("a")])
    (folder / "b.json").write_bytes(submission("a", {"ch01.slope": [0.0]}))
    os.utime(folder / "a.json", (2000, 2000))
    os.utime(folder / "b.json", (1000, 1000))
    options = Options((folder,), tmp_path / "out", key_file)
    assert run(options).graded == len(COUNTED)
    (row,) = grades(tmp_path / "out")
    assert row["file"] == str(folder / "a.json")
    assert str(folder / "b.json") in row["notes"]
    os.utime(folder / "b.json", (3000, 3000))
    (again,) = run(options).rows
    assert again.file.path == str(folder / "b.json")


def test_a_broken_file_never_counts_before_a_sound_one(tmp_path, key_file):
    folder = write(tmp_path / "in", [good("a")])
    (folder / "b.json").write_bytes(submission("a", {}, version=9))
    report = run(Options((folder,), tmp_path / "out", key_file))
    assert [row.student for row in report.rows] == ["a", ""]
    assert report.rows[0].sum(report.settings) == TOTAL


def test_links_and_our_own_files_are_not_read_as_submissions(tmp_path, key_file):
    folder = write(tmp_path / "in", [good("a")])
    (folder / "link.json").symlink_to(key_file)
    (folder / ".hidden.json").write_text("x")
    roster = folder / "roster.csv"
    roster.write_text("student\na\n")
    options = Options((folder,), folder / "out", key_file, roster=roster)
    for _ in range(2):
        notes = [row.notes for row in run(options).rows]
        assert notes == [[], ["not a regular file"]]


def test_every_broken_file_of_the_list_has_its_reason(tmp_path):
    from course.grading.submissions import read

    for name, (data, reason) in BROKEN.items():
        path = tmp_path / "x.json"
        path.write_bytes(data)
        found = read(path, {"ch01.slope"})
        if name != "nobody's":
            assert reason in found.reason, name
            assert found.answers == {}


def test_unknown_exercises_and_fields_are_noted_and_the_rest_is_graded(
    tmp_path, key_file
):
    data = submission(
        "a",
        {"ch01.slope": right("a")["ch01.slope"], "ch99.x": 1, "=cmd()": 2},
        extra={"kept": True},
    )
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.json").write_bytes(data)
    (folder / "c.json").write_bytes(data.replace(b'"a"', b'"c"'))
    report = run(Options((folder,), tmp_path / "out", key_file))
    assert report.rows[0].sum(report.settings) == 2
    assert report.rows[0].notes == [
        "unknown exercise 'ch99.x'",
        "unknown exercise '=cmd()'",
    ]


@pytest.mark.parametrize(
    "answer", [None, [], {}, "1", True, 1e400, [[1]], "x" * 150_000]
)
def test_an_answer_of_any_form_is_worth_nothing_and_stops_nobody(
    tmp_path, key_file, answer
):
    some = [ex.id for ex in COUNTED[-20:]]  # of all kinds; all would be too large
    data = submission("a", dict.fromkeys(some, answer))
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.json").write_bytes(data.replace(b"Infinity", b"1e400"))
    report = run(Options((folder,), tmp_path / "out", key_file))
    assert report.faults == []
    assert report.rows[0].sum(report.settings) == 0
