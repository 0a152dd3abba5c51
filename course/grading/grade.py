"""Grade one student: what a process of a pool, or a machine of a cluster, does.

In and out go plain data alone, so that it runs anywhere with the same result.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from course.checking import check
from course.grading import settings
from course.grading.host import Student
from course.grading.sandbox import Mode, SandboxFault, find_mode
from course.model import Code, Exercise, Result

Record = dict[str, Any]


@dataclass(frozen=True)
class Job:
    """The answers of one student that are to be graded.

    Attributes
    ----------
    student : str
        Whose row it is.
    values_of : str or None
        Whose personal values the answers are held to.
    answers : dict of str to object
    key : bytes
    folder : str or None
        The instructor's own exercises; the same place on every machine.
    unsafe : bool
    """

    student: str
    values_of: str | None
    answers: dict[str, Any]
    key: bytes = field(repr=False)
    folder: str | None = None
    unsafe: bool = False

    @property
    def mode(self) -> Mode:
        """The best sandbox of the machine that this runs on."""
        return "unsafe" if self.unsafe else find_mode()


def fingerprint(job: Job, exercise: Exercise) -> str:
    """Return what a result depends on: as long as it stands, so does the result.

    Parameters
    ----------
    job : Job
    exercise : Exercise

    Returns
    -------
    str
    """
    parts = [
        job.student,
        job.values_of,
        exercise.id,
        job.answers[exercise.id],
        settings.version_of(exercise, job.folder),
        settings.grader_version(),
        hashlib.sha256(b"fingerprint" + job.key).hexdigest(),
        job.unsafe,
    ]
    text = json.dumps(parts, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def grade(job: Job) -> list[Record]:
    """Grade all answers of a job.

    Parameters
    ----------
    job : Job

    Returns
    -------
    list of dict
        One record an answer; see `records`.
    """
    return list(records(job))


def records(job: Job) -> Iterator[Record]:
    """Grade answer by answer.

    Parameters
    ----------
    job : Job

    Yields
    ------
    dict
        A line of ``results.jsonl``. With "fault" instead of a score if grading
        failed by no fault of the student's.
    """
    known = {ex.id: ex for ex in settings.all_exercises(job.folder)}
    try:
        mode = job.mode
    except SandboxFault as error:
        for name in job.answers:
            yield fault(job, known[name], str(error))
        return
    with Student(mode) as student:
        for name in job.answers:
            yield _record(job, known[name], student)


def _record(job: Job, exercise: Exercise, student: Student) -> Record:
    answer = job.answers[exercise.id]
    told: frozenset[str] | None = None
    try:
        if isinstance(exercise, Code):
            # Hidden inputs are the row's; nobody else's answer can be copied to it.
            result = student.check(exercise, answer, student=job.student, key=job.key)
            told = frozenset(student.told) if isinstance(answer, str) else None
        else:
            result = check(exercise, answer, student=job.values_of)
    except SandboxFault as error:
        return fault(job, exercise, str(error))
    except Exception as error:  # an exercise that stumbles is ours to mend
        return fault(job, exercise, f"{type(error).__name__}: {error}"[:500])
    return {
        **_head(job, exercise),
        "score": result.score,
        "max": result.max,
        "passed": result.passed,
        "mistake": result.mistake,
        "hint": result.hint,
        "reason": "" if result.passed else result.message,
        "shown": "" if result.passed else _shown(result, told),
        "parts": [
            [p.name, p.points, p.got, p.message if _may_show(p.message, told) else ""]
            for p in result.properties
        ],
        "sandbox": student.mode if isinstance(exercise, Code) else "none",
    }


def _shown(result: Result, told: frozenset[str] | None) -> str:
    """What of the message the student may read."""
    first = next((p.message for p in result.properties if p.message), None)
    if told is None or first is None:  # no hidden input was drawn
        return result.message
    return first if first in told else ""


def _may_show(message: str, told: frozenset[str] | None) -> bool:
    """Numbers of hidden inputs are for the instructor: they would not stay hidden."""
    return told is None or message in told


def fault(job: Job, exercise: Exercise, what: str) -> Record:
    """Return the record of an answer that could not be graded: no score.

    Parameters
    ----------
    job : Job
    exercise : Exercise
    what : str
        Went wrong.

    Returns
    -------
    dict
    """
    return {**_head(job, exercise), "fault": what, "max": exercise.points}


def _head(job: Job, exercise: Exercise) -> Record:
    return {
        "student": job.student,
        "exercise": exercise.id,
        "kind": exercise.kind,
        "fingerprint": fingerprint(job, exercise),
        "grader": settings.grader_version(),
    }
