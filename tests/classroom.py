"""A class of the grader's tests: who hands in what, and what it is worth."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from course import exercises
from course.checking import check
from course.grading import settings
from course.model import Code, Exercise
from course.personal import mistakes_for, right_for

KEY = b"a grading key of the tests, secret"
COUNTED = settings.load(None).exercises
TOTAL = sum(ex.points for ex in COUNTED)


@dataclass
class Hand:
    """A file that is handed in, and the record that each answer must become."""

    name: str
    data: bytes
    scores: dict[str, float] = field(default_factory=dict)
    mistakes: dict[str, str] = field(default_factory=dict)
    reason: str = ""


def submission(student: str | None, answers: dict[str, object], **more) -> bytes:
    """Return a file's content; answers to code exercises are sources."""
    kinds = {
        ex.id: "code" if isinstance(ex, Code) else "value" for ex in exercises.all()
    }
    entries = {name: {kinds.get(name, "value"): a} for name, a in answers.items()}
    head = {"format": "backprop-submission", "version": 1, "student": student}
    return json.dumps({**head, "answers": entries, **more}).encode()


def right(student: str | None) -> dict[str, object]:
    return {ex.id: right_for(ex, student) for ex in exercises.all()}


def quarter(number: int) -> tuple[Exercise, ...]:
    """Return every fourth exercise that counts: four students do the whole book."""
    return COUNTED[number % 4 :: 4]


def good(student: str, done: tuple[Exercise, ...] = COUNTED) -> Hand:
    """All answers right; what is not done is not handed in."""
    answers = {ex.id: right_for(ex, student) for ex in done}
    scores = {ex.id: ex.points for ex in done}
    return Hand(f"{student}.json", submission(student, answers), scores)


def mistaken(
    student: str, number: int, done: tuple[Exercise, ...] | None = None
) -> Hand:
    """In each exercise done one of its mistakes, another one for another number."""
    hand = Hand(f"{student}.json", b"")
    answers = {}
    for ex in done or quarter(number):
        mistakes = mistakes_for(ex, student)
        mistake, answers[ex.id] = mistakes[number // 4 % len(mistakes)]
        # On the trusted side: these sources are ours.
        hand.scores[ex.id] = check(ex, answers[ex.id], student=student, key=KEY).score
        hand.mistakes[ex.id] = mistake.name
    hand.data = submission(student, answers)
    return hand


HOSTILE = (
    "os._exit(0)",
    "os.kill(os.getppid(), 9)",
    "os.kill(-1, 9)",
    "return type('Yes', (), {'__eq__': lambda a, b: True})()",
    "np.allclose = np.array_equal = lambda *a, **k: True",
    "return [bytearray(2**26) for _ in range(100)] and 1.0",
    "print('x' * 10**7); return 'x' * 10**6",
    "[os.fork() for _ in range(200)]",
    "os.write(3, b'\\xff' * 1000); os._exit(0)",
    "raise type(repr(a), (Exception,), {})(repr(a))",
)
PRELUDE = "load = np.__builtins__['__import__']\nos, sys = load('os'), load('sys')\n"


def hostile(student: str, number: int) -> Hand:
    """All right but one answer, which attacks."""
    codes = [ex for ex in COUNTED if isinstance(ex, Code)]
    target = codes[number % len(codes)]
    body = HOSTILE[number % len(HOSTILE)]
    source = f"{PRELUDE}def {target.function}(*a):\n    {body}\n"
    done = {target.id: target} | {ex.id: ex for ex in COUNTED[number::20]}
    hand = good(student, tuple(done.values()))
    answers = {name: right_for(ex, student) for name, ex in done.items()}
    hand.data = submission(student, answers | {target.id: source})
    hand.scores[target.id] = 0
    return hand


BROKEN = {
    "empty": (b"", "empty"),
    "blank": (b" \n\n", "empty"),
    "truncated": (submission("x", right("x"))[:500], "not JSON"),
    "not JSON": (b"dear teacher, ...", "not JSON"),
    "binary": (bytes(range(256)), "not text"),
    "a list": (b"[]", "not a submission"),
    "a notebook": (b'{"cells": [], "nbformat": 4}', "not a submission"),
    "of a later version": (
        submission("x", {}).replace(b'"version": 1', b'"version": 2'),
        "version 2",
    ),
    "of version true": (
        submission("x", {}).replace(b'"version": 1', b'"version": true'),
        "version True",
    ),
    "a key twice": (
        submission("x", {}).replace(b"{", b'{"student": "y", ', 1),
        "twice",
    ),
    "an answer twice": (
        submission("x", {"ch01.slope": [1.0]}).replace(
            b'"ch01.slope"', b'"ch01.slope": {"value": [2.0]}, "ch01.slope"'
        ),
        "twice",
    ),
    "nested deep": (b"[" * 100_000 + b"]" * 100_000, "deep"),
    "nested deep inside": (
        submission("x", {}).replace(b"{}", b'{"a":' * 10**5 + b"1" + b"}" * 10**5),
        "deep",
    ),
    "large": (b'{"format": "' + b"x" * (5 * 2**20) + b'"}', "larger than 4 MB"),
    "not a number": (
        submission("x", {}).replace(b"{}", b'{"ch01.slope": {"value": [NaN]}}'),
        "NaN",
    ),
    "a long number": (
        submission("x", {}).replace(b"{}", b'{"a": ' + b"9" * 5000 + b"}"),
        "not JSON",
    ),
    "a student who is a path": (submission("../../etc/passwd", {}), "not an id"),
    "a student who is a formula": (submission("=1+1", {}), "not an id"),
    "a student who is a list": (submission(["x"], {}), "not an id"),
    "answers that are a list": (
        submission("x", {}).replace(b"{}", b"[]"),
        "no table",
    ),
    "nobody's": (submission(None, {"ch01.slope": [1.0]}), "names no student"),
}


def broken(number: int) -> Hand:
    name = list(BROKEN)[number % len(BROKEN)]
    data, reason = BROKEN[name]
    return Hand(f"broken-{number:03}.json", data, reason=reason)


def write(folder: Path, hands: list[Hand]) -> Path:
    """Write files as they are handed in."""
    folder.mkdir(parents=True, exist_ok=True)
    for hand in hands:
        (folder / hand.name).write_bytes(hand.data)
    return folder
