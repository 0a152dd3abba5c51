"""Grade many students: one after another, in processes, or on a Dask cluster.

Each way gives the same records. A worker that dies loses nothing: its students
are graded again, at last each alone, and who then still ends it is a fault that
is reported, with no score.
"""

from __future__ import annotations

import importlib
import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from course.grading import settings
from course.grading.grade import Job, Record, fault, grade, records
from course.grading.sandbox import SandboxFault

Batch = list[Record]
CONNECT = "10s"


def grade_here(jobs: list[Job]) -> Iterator[Batch]:
    """Grade in this process, answer by answer.

    Parameters
    ----------
    jobs : list of Job

    Yields
    ------
    list of dict
    """
    for job in jobs:
        for record in records(job):
            yield [record]


def grade_in_processes(jobs: list[Job], count: int) -> Iterator[Batch]:
    """Grade in several processes, student by student.

    Parameters
    ----------
    jobs : list of Job
    count : int

    Yields
    ------
    list of dict
        In the order in which they are ready.
    """
    left = dict(enumerate(jobs))
    for size in (count, count):
        yield from _round(left, size)
    for number in list(left):  # each alone, so that only the culprit is blamed
        alone = {number: left.pop(number)}
        yield from _round(alone, 1)
        for job in alone.values():
            yield _lost(job)


def grade_on_dask(jobs: list[Job], address: str) -> Iterator[Batch]:
    """Grade on a running cluster.

    Parameters
    ----------
    jobs : list of Job
    address : str
        Of its scheduler, ``tcp://…:8786``. Its machines have this course, a
        sandbox, and the instructor's own exercises at the same place.

    Yields
    ------
    list of dict

    Raises
    ------
    SandboxFault
        If there is no cluster.
    """
    distributed: Any = importlib.import_module("distributed")
    try:
        client = distributed.Client(address, timeout=CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise SandboxFault(f"no Dask cluster at {address}: {error}") from None
    with client:
        futures = {
            client.submit(grade, job, pure=False, retries=2): job for job in jobs
        }
        for future in distributed.as_completed(futures, loop=client.loop):
            try:
                yield future.result()
            except Exception as error:  # whatever became of the worker
                yield _lost(futures[future], str(error))
            future.release()


def _round(left: dict[int, Job], count: int) -> Iterator[Batch]:
    """Grade what is left, until a process dies; what is done leaves `left`."""
    if not left:
        return
    # A fork would carry this process's threads' locks along.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(count, len(left)), mp_context=context) as pool:
        futures = {pool.submit(grade, job): number for number, job in left.items()}
        try:
            for future in as_completed(futures):
                yield future.result()
                left.pop(futures[future])
        except BrokenProcessPool:
            return
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _lost(job: Job, why: str = "") -> Batch:
    known = {ex.id: ex for ex in settings.all_exercises(job.folder)}
    what = f"the process that graded this answer ended, several times {why}".strip()
    return [fault(job, known[name], what) for name in job.answers]


Way = Callable[[list[Job]], Iterator[Batch]]


def way(jobs: int, dask: str | None) -> Way:
    """Return the way to grade that the command line asks for.

    Parameters
    ----------
    jobs : int
    dask : str or None

    Returns
    -------
    callable
    """
    if dask is not None:
        return lambda work: grade_on_dask(work, dask)
    if jobs > 1:
        return lambda work: grade_in_processes(work, jobs)
    return grade_here
