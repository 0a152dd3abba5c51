"""What the tests of the grader share: an exercise, its modes, a look at processes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from course.grading import sandbox
from course.grading.host import Student
from course.model import Code, Given, Mistake, Property
from course.properties import close

SECRET_KEY = b"a secret of the tests"
SOLUTION = "def dense(X, W, b):\n    return X @ W + b\n"
MODES = ("bubblewrap", "landlock")


def _holds(shape):
    def holds(call, rng):
        N, D, K = shape
        X, W, b = rng.normal(size=(N, D)), rng.normal(size=(D, K)), rng.normal(size=K)
        close("Z", call(X, W, b), X @ W + b)

    return holds


DENSE = Code(
    id="ch99.dense",
    title="Dense forward",
    points=5,
    minutes=5,
    function="dense",
    stub="def dense(X, W, b):\n    pass\n",
    solution=SOLUTION,
    properties=(
        Property("one row", 1, _holds((1, 3, 2))),
        Property("several rows", 2, _holds((4, 3, 2))),
        Property("many rows", 2, _holds((7, 2, 5))),
    ),
    case=lambda rng: ((rng.normal(size=(4, 3)), rng.normal(size=(3, 2)), np.ones(2)),),
    mistakes=(
        Mistake("no-bias", "Where is b?", "def dense(X, W, b):\n    return X @ W\n"),
    ),
)
APPLY = Code(
    id="ch99.apply",
    title="Apply a given function",
    points=1,
    minutes=1,
    function="apply",
    stub="def apply(f, x):\n    pass\n",
    solution="def apply(f, x):\n    return f(x)\n",
    given="def scaled(by):\n    return lambda x: by * x\n",
    properties=(
        Property(
            "it applies",
            1,
            lambda call, rng: close("f(x)", call(Given("scaled", (3.0,)), 2.0), 6.0),
        ),
    ),
    case=lambda rng: ((Given("scaled", (3.0,)), 2.0),),
)


def in_ci() -> bool:
    return os.environ.get("CI") == "true"


def needs(mode: str) -> str:
    """Return the mode if it works here; in CI at least one must."""
    try:
        sandbox.Sandbox(mode).close()
    except sandbox.SandboxFault as fault:
        if in_ci() and not works_at_all():
            pytest.fail(f"no sandbox in CI: {fault}", pytrace=False)
        pytest.skip(f"{mode}: {fault}")
    return mode


def works_at_all() -> bool:
    try:
        sandbox.find_mode()
    except sandbox.SandboxFault:
        return False
    return True


def graded(student: Student, source: str, exercise: Code = DENSE):
    """Check an answer as the grader does, the child ended afterwards."""
    return student.check(exercise, source, student="s1", key=SECRET_KEY)


def processes(name: str) -> list[int]:
    """Return the processes of the sandbox of this name, wherever they hang."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                command = (folder / "cmdline").read_bytes()
            except OSError:
                continue
            if name.encode() in command:
                found.append(int(folder.name))
    return found


def name_of(box: sandbox.Sandbox) -> str:
    """Return the name that stands in the command line of a sandbox's processes."""
    return json.loads(box.process.args[-1])["name"]
