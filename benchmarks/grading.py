"""Time the grader, sandbox on: submissions a second, and as they grow in number.

    python -m benchmarks.grading [--counts 10,100,1000] [--jobs 2]

Each submission holds ten answers with code, all right: every property is checked,
none stops early. What is timed is the command as an instructor gives it, start of
the processes included; the cost of one submission must not grow with their number.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from course import exercises
from course.grading import sandbox
from course.model import Code

ANSWERS = 10


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--counts", default="10,100,1000")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    print(f"{options.jobs} jobs on {os.cpu_count()} cores, {sandbox.find_mode()}")
    print(f"{'submissions':>11}  {'seconds':>7}  {'each, ms':>8}  {'a second':>8}")
    for count in map(int, options.counts.split(",")):
        seconds = timed(count, options.jobs)
        each = 1000 * seconds / count
        print(f"{count:11}  {seconds:7.2f}  {each:8.0f}  {count / seconds:8.1f}")


def timed(count: int, jobs: int) -> float:
    """Return the seconds that grading takes."""
    folder = Path(tempfile.mkdtemp(prefix="backprop-grading-"))
    try:
        toml = write(folder, count)
        command = [sys.executable, "-m", "course", "grade", str(folder / "in")]
        command += ["--out", str(folder / "out"), "--course", str(toml)]
        command += ["--jobs", str(jobs)]
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        seconds = time.perf_counter() - began
        check(folder / "out" / "results.jsonl", count)
        return seconds
    finally:
        shutil.rmtree(folder)


def write(folder: Path, count: int) -> Path:
    """Write submissions, and a bank that repeats the book's exercises to ten."""
    bank = folder / "bank"
    bank.mkdir()
    (bank / "more.py").write_text(
        "from dataclasses import replace\n"
        "from course import exercises\n"
        "from course.model import Code\n"
        "BOOK = [ex for ex in exercises.all() if isinstance(ex, Code)]\n"
        f"EXERCISES = tuple(replace(BOOK[k % len(BOOK)], id=f'ch90.a{{k}}')\n"
        f"                  for k in range({ANSWERS}))\n"
    )
    toml = folder / "course.toml"
    toml.write_text('exercises = ["ch90.*"]\nfolder = "bank"\n')
    book = [ex for ex in exercises.all() if isinstance(ex, Code)]
    answers = {
        f"ch90.a{k}": {"code": book[k % len(book)].solution} for k in range(ANSWERS)
    }
    head = {"format": "backprop-submission", "version": 1}
    (folder / "in").mkdir()
    for k in range(count):
        text = json.dumps({**head, "student": f"s{k:06}", "answers": answers})
        (folder / "in" / f"s{k:06}.json").write_text(text)
    return toml


def check(results: Path, count: int) -> None:
    """Make sure that what was timed was grading."""
    records = [json.loads(line) for line in results.read_text().splitlines()]
    passed = sum(record["passed"] for record in records)
    if (len(records), passed) != (count * ANSWERS, count * ANSWERS):
        raise SystemExit(f"{passed} of {count * ANSWERS} answers passed")


if __name__ == "__main__":
    main()
