"""The command line as a stranger meets it: help that teaches, status that tells."""

from __future__ import annotations

import builtins
import os
import pty
import subprocess
import sys

import pytest
from classroom import COUNTED, KEY, TOTAL, broken, good, mistaken, quarter, write
from conftest import ROOT

from course import exercises
from course.cli import main


def ran(*arguments, **more):
    return subprocess.run(
        [sys.executable, "-m", "course", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        **more,
    )


def test_list_shows_every_exercise_with_kind_and_points():
    done = ran("list")
    lines = {line.split()[0]: line.split() for line in done.stdout.splitlines() if line}
    for ex in exercises.all():
        points = str(ex.points) if ex in COUNTED else "–"
        assert lines[ex.id][:4] == [ex.id, ex.kind, points, str(ex.minutes)]
    assert lines["all"][1] == str(TOTAL)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("command", [["--help"], ["grade", "--help"]])
def test_help_is_worth_reading(command):
    done = ran(*command)
    assert done.returncode == 0
    assert max(map(len, done.stdout.splitlines())) <= 100
    assert "python -m course grade" in done.stdout


def test_help_names_every_exit_status_and_every_file_of_the_results(tmp_path):
    text = ran("grade", "--help").stdout
    for status in ("0 ", "2 ", "3 ", "4 ", "130 "):
        assert f"\n  {status}" in text
    write(tmp_path / "in", [good("a")])
    main(["grade", str(tmp_path / "in"), "--out", str(tmp_path / "out")])
    made = {p.name for p in (tmp_path / "out").iterdir() if not p.name.startswith(".")}
    assert {name for name in made if name not in text} <= {"feedback"}
    assert "feedback/STUDENT.html" in text


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["grade"],
        ["grade", "x"],
        ["grade", "nowhere", "--out", "{out}"],
        ["grade", "{out}", "--out", "{out}", "--jobs", "0"],
        ["grade", "{out}", "--out", "{out}", "--format", "excel"],
        ["grade", "{out}", "--out", "{out}", "--course", "nowhere.toml"],
        ["grade", "{out}", "--out", "{out}", "--roster", "nowhere.csv"],
        ["list", "--course", "nowhere.toml"],
    ],
)
def test_a_wrong_command_is_exit_2_and_says_what_is_wrong(arguments, tmp_path, capsys):
    try:
        status = main([a.format(out=tmp_path / "out") for a in arguments])
    except SystemExit as stopped:
        status = stopped.code
    assert status == 2
    assert capsys.readouterr().err


@pytest.fixture
def graded(tmp_path):
    (tmp_path / "key").write_bytes(KEY)
    write(tmp_path / "in", [good("a"), mistaken("b", 0), broken(0)])
    where = [str(tmp_path / "in"), "--out", str(tmp_path / "out")]
    return ["grade", *where, "--key-file", str(tmp_path / "key")]


def test_the_summary_names_points_sandbox_and_what_to_look_at(graded, capsys):
    assert main(graded) == 0
    told = capsys.readouterr().out
    every = len(COUNTED) + len(quarter(0))
    assert "2 students graded, 1 files refused" in told
    assert f"{every} answers graded now, 0 unchanged" in told
    assert "Sandbox: bubblewrap." in told or "Sandbox: landlock." in told
    assert "broken-000.json  empty" in told
    main(graded)
    assert f"0 answers graded now, {every} unchanged" in capsys.readouterr().out


def test_without_rich_the_same_is_said_in_plain_text(graded, capsys, monkeypatch):
    sound = builtins.__import__
    from course.grading import display

    monkeypatch.setattr(display, "_rich", lambda module: None)
    assert main(graded) == 0
    assert "2 students graded" in capsys.readouterr().out
    assert builtins.__import__ is sound


def test_on_a_terminal_there_are_tables_and_a_bar(graded):
    main_end, other = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "course", *graded],
        cwd=ROOT,
        stdout=other,
        stderr=other,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
    )
    os.close(other)
    told = b""
    while True:
        try:
            more = os.read(main_end, 10_000)
        except OSError:
            break
        told += more
    os.close(main_end)
    assert process.wait() == 0
    text = told.decode()
    assert "Grading" in text
    assert "┃" in text
    every = len(COUNTED) + len(quarter(0))
    assert f"{every}/{every}" in text


def test_unsafe_is_recorded_in_every_result_and_said_aloud(graded, capsys, tmp_path):
    assert main([*graded, "--unsafe"]) == 0
    assert "WITHOUT A SANDBOX" in capsys.readouterr().out
    log = (tmp_path / "out" / "results.jsonl").read_text()
    codes = [line for line in log.splitlines() if '"kind": "code"' in line]
    assert codes
    assert all('"sandbox": "unsafe"' in line for line in codes)
    # Graded again as soon as there is a sandbox: an unsafe result is not to be kept.
    main(graded)
    assert "0 unchanged" in capsys.readouterr().out


def test_a_file_name_does_not_steer_the_terminal(tmp_path, capsys):
    hand = broken(0)
    hand.name = "\x1b[31mred\x07.json"
    write(tmp_path / "in", [hand])
    main(["grade", str(tmp_path / "in"), "--out", str(tmp_path / "out")])
    assert "\x1b" not in capsys.readouterr().out
    assert "\x1b" not in (tmp_path / "out" / "grades.csv").read_text()


def test_a_reader_who_has_seen_enough_is_no_error():
    done = subprocess.run(
        f"{sys.executable} -m course list | head -1",
        shell=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
