"""The sandbox: what starts it, what it tells, and what a fault of ours is."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace

import numpy as np
import pytest
from sandboxes import APPLY, DENSE, MODES, SOLUTION, graded, name_of, needs, processes

from course import local
from course.grading import bytecode, landlock, sandbox
from course.grading.host import Student
from course.grading.sandbox import Sandbox, SandboxFault
from course.model import Code, Property, StudentError


@pytest.fixture(scope="module", params=MODES)
def mode(request):
    return needs(request.param)


@pytest.fixture
def student(mode):
    with Student(mode) as student:
        yield student


def test_the_solution_gets_every_point_and_a_mistake_its_hint(student):
    assert graded(student, SOLUTION).score == 5
    wrong = graded(student, DENSE.mistakes[0].answer)
    assert (wrong.score, wrong.mistake) == (0, "no-bias")


def test_a_given_function_crosses_by_its_makers_name(student):
    assert graded(student, APPLY.solution, APPLY).passed
    # The cell cannot put a function of its own in its place.
    fake = "def scaled(by):\n    return None\n" + APPLY.solution
    assert graded(student, fake, APPLY).passed


def test_an_input_that_is_changed_is_named(student):
    source = "def dense(X, W, b):\n    W += 1\n    return X @ (W - 1) + b\n"
    found = graded(student, source)
    assert found.score == 0
    assert "changed its input W" in found.message


@pytest.mark.parametrize(
    "body",
    [
        "return np.float32(2.5)",
        "return np.arange(3, dtype=np.int32)",
        "return [np.bool_(True), (1, 2.0), {'a': None}]",
        "return np.ones((2, 2), complex)",
        "return np.array(['a'])",
        "return {1: 2}",
        "return object()",
        "return len",
        "return 'text'",
        "return np.ma.array([1.0, 2.0])",
        "import math; return math.pi",
        "import os; return 1",
        "from numpy import linalg; return linalg.norm(X)",
        "import numpy.fft; return 1.0",
        "import backprop; return 1",
        "1 / 0",
        "return np.zeros(3)[5]",
        "raise SystemExit",
        "print(X); return float(X)",
        "X += 1",
        "return np.log(np.array([0.0, -1.0]))",
        "return np.random.default_rng(0).normal()",
    ],
)
def test_a_function_does_the_same_in_the_notebook_and_in_the_sandbox(student, body):
    source = f"def f(X):\n    {body}\n"
    ex = replace(DENSE, function="f", stub="def f(X):\n    pass\n")
    with student.caller(ex) as call:
        assert outcome(local.caller(ex), source) == outcome(call, source)


def outcome(make, source):
    try:
        return repr(make(source)(np.array([[3.0]])))
    except StudentError as problem:
        return problem.kind
    except Exception as problem:
        return str(problem)


def test_backprop_is_there_only_for_an_exercise_that_lists_it(student):
    source = (
        "def f(X):\n"
        "    load = np.__builtins__['__import__']\n"
        "    return load('backprop').__name__\n"
    )
    ex = replace(DENSE, function="f", stub="def f(X):\n    pass\n")
    with_bp = replace(ex, imports=frozenset({"np", "bp"}))
    for exercise, wanted in ((ex, "exception"), (with_bp, "'backprop'")) * 2:
        with student.caller(exercise) as call:
            assert outcome(call, source) == wanted


def test_a_sandbox_killed_between_answers_is_replaced(student):
    assert graded(student, SOLUTION).passed
    student.sandbox(False).process.kill()
    assert graded(student, SOLUTION).passed


def test_a_sandbox_killed_in_an_answer_is_not_the_end_of_the_next(student):
    with student.caller(DENSE) as call:
        answer = call(SOLUTION)
        box = student.sandbox(False)
        box.process.kill()
        gone(name_of(box))
        with pytest.raises(StudentError):
            answer(np.ones((1, 1)), np.ones((1, 1)), np.ones(1))
    assert student.deaths == 1
    assert graded(student, SOLUTION).passed


def test_an_answer_whose_sandbox_is_killed_from_outside_is_graded_again(student):
    def kill_once(call, rng):
        if not killed:
            killed.append(student.sandbox(False).process.kill())
            student.sandbox(False).process.wait()
        DENSE.properties[0].check(call, rng)

    killed = []
    ex = replace(DENSE, properties=(Property("all", 5, kill_once),))
    assert graded(student, SOLUTION, ex).passed
    assert killed


def test_the_grader_dying_leaves_no_process(mode):
    pid = os.fork()
    if pid == 0:
        box = Sandbox(mode)
        with open(f"/tmp/backprop-test-{os.getpid()}", "w") as file:
            file.write(name_of(box))
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)
    path = f"/tmp/backprop-test-{pid}"
    with open(path) as file:
        name = file.read()
    os.unlink(path)
    gone(name)


def gone(name):
    """Wait until no process of a sandbox is left: killing it takes a moment."""
    deadline = time.monotonic() + 5
    while processes(name) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert processes(name) == []


def test_a_mode_that_cannot_start_is_a_fault_of_ours_with_a_reason(monkeypatch):
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)
    with pytest.raises(SandboxFault, match="bwrap is not installed"):
        Sandbox("bubblewrap")
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: "/bin/false")
    with pytest.raises(SandboxFault, match="exit status 1"):
        Sandbox("bubblewrap")
    monkeypatch.setattr(landlock, "abi", lambda: 5)
    with pytest.raises(SandboxFault, match="ABI 5, 6 is needed"):
        Sandbox("landlock")


def test_without_any_sandbox_nothing_runs_and_the_message_says_what_to_do(monkeypatch):
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)
    monkeypatch.setattr(landlock, "abi", lambda: 0)
    sandbox.find_mode.cache_clear()
    with pytest.raises(SandboxFault, match="Install bubblewrap"):
        sandbox.find_mode()
    sandbox.find_mode.cache_clear()


def test_bubblewrap_comes_first():
    needs("bubblewrap")
    sandbox.find_mode.cache_clear()
    assert sandbox.find_mode() == "bubblewrap"


def test_a_worker_that_says_nothing_is_a_fault_of_ours(monkeypatch):
    monkeypatch.setattr(sandbox, "START", 0.2)
    monkeypatch.setattr(sandbox, "RUN", "import time; time.sleep(60)")
    with pytest.raises(SandboxFault, match="not ready within"):
        Sandbox("unsafe")


def test_every_mode_reports_what_holds(mode):
    with Sandbox(mode) as box:
        assert box.facts["numpy"] == np.__version__
        assert box.facts["system calls"] == "few"


@pytest.mark.parametrize(
    "attempt",
    [
        "os.setpriority(os.PRIO_PROCESS, 0, 19)",
        "os.sched_setaffinity(0, os.sched_getaffinity(0))",
        "resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE)",
        "os.utime('/usr/lib')",
        "os.chmod('/usr/lib', 0o777)",
        "socket.socket()",
        "raising(libc.shmget(0, 100, 0o1600))",
        "raising(libc.unshare(0x10000000))",
        "raising(libc.mq_open(b'/x', 64, 0o600, None))",
    ],
)
def test_a_system_call_that_no_exercise_needs_is_refused(student, attempt):
    """All but those on files any process may do on its own behalf."""
    source = (
        "load = np.__builtins__['__import__']\n"
        "names = 'os resource socket ctypes'.split()\n"
        "os, resource, socket, ctypes = map(load, names)\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "def raising(done):\n"
        "    if done < 0: raise OSError(ctypes.get_errno(), '')\n"
        f"def f(X):\n    {attempt}\n"
    )
    ex = replace(DENSE, function="f", stub="def f(X):\n    pass\n")
    with student.caller(ex) as call:
        answer = call(source)
        with pytest.raises(StudentError, match=r"PermissionError in line [68] "):
            answer(np.ones(1))


def test_the_processors_time_of_an_answer_is_limited(mode, monkeypatch):
    monkeypatch.setitem(sandbox.LIMITS, "cpu", 1)
    with Student(mode) as student:
        found = graded(student, "def dense(X, W, b):\n    while True: pass\n")
    assert found.score == 0
    assert "Is there a loop that does not end?" in found.message


def test_limits_of_oneself_can_still_be_read(student):
    source = (
        "load = np.__builtins__['__import__']\n"
        "def f(X):\n"
        "    return load('resource').getrlimit(load('resource').RLIMIT_AS)[0]\n"
    )
    ex = replace(DENSE, function="f", stub="def f(X):\n    pass\n")
    with student.caller(ex) as call:
        assert call(source)(np.ones(1)) == sandbox.LIMITS["memory"]


def test_the_fixtures_points_add_up():
    exercises: tuple[Code, ...] = (DENSE, APPLY)
    for ex in exercises:
        assert sum(p.points for p in ex.properties) == ex.points


def test_where_numpy_brings_no_compiled_modules_they_are_compiled_once(
    mode, tmp_path, monkeypatch
):
    monkeypatch.setattr(bytecode, "_top", lambda: tmp_path)
    monkeypatch.setattr(bytecode.importlib.util, "cache_from_source", lambda file: "/x")
    tmp_path.chmod(0o755)
    with Student(mode) as student:
        assert graded(student, SOLUTION).passed
    (made,) = tmp_path.iterdir()
    files = sorted(made.rglob("numpy/**/*.pyc"))
    assert len(files) > 50
    times = [file.stat().st_mtime_ns for file in files]
    source = (
        "load = np.__builtins__['__import__']\n"
        "def dense(X, W, b):\n"
        "    folder = load('sys').pycache_prefix\n"
        "    load('shutil').rmtree(folder, ignore_errors=True)\n"
        "    open(folder + '/x', 'w')\n"
    )
    with Student(mode) as student:
        assert graded(student, source).score == 0
    assert [file.stat().st_mtime_ns for file in files] == times
    assert list(tmp_path.iterdir()) == [made]


def test_compiled_modules_are_read_from_no_folder_of_somebody_else(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(bytecode.tempfile, "gettempdir", lambda: str(tmp_path))
    top = tmp_path / f"backprop-bytecode-{os.getuid()}"
    monkeypatch.setattr(bytecode, "_top", bytecode._top.__wrapped__)
    assert bytecode._top() == top
    top.chmod(0o777)
    assert bytecode._top() is None
    top.rmdir()
    top.symlink_to(tmp_path)
    assert bytecode._top() is None
