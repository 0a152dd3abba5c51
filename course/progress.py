"""What is done and what is open, and the file to hand in."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Chapter:
    """One chapter of a `Progress`.

    Attributes
    ----------
    name : str
        "ch01".
    score : float
    points : int
        What can be had.
    open : tuple of str
        Titles of the exercises without full points.
    """

    name: str
    score: float
    points: int
    open: tuple[str, ...]


@dataclass(frozen=True)
class Progress:
    """Chapters, points, what is open; in a notebook, with a download.

    Attributes
    ----------
    student : str or None
    chapters : tuple of Chapter
    submission : dict
        As in the file.
    taken : tuple of str
        Exercises just taken over from an earlier file.
    """

    student: str | None
    chapters: tuple[Chapter, ...]
    submission: dict[str, Any]
    taken: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [f"student: {self.student or 'nobody yet; course.student(…) says who'}"]
        for chapter in self.chapters:
            lines.append(
                f"{chapter.name}: {chapter.score:g} of {chapter.points} points"
            )
            lines += [f"  open: {title}" for title in chapter.open]
        if self.taken:
            lines.append(f"taken over: {', '.join(self.taken)}")
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr><th scope="row">{chapter.name}</th>'
            f"<td>{chapter.score:g} of {chapter.points}</td>"
            f"<td>{escape(', '.join(chapter.open)) or 'all done'}</td></tr>"
            for chapter in self.chapters
        )
        text = json.dumps(self.submission, indent=1, ensure_ascii=False)
        data = base64.b64encode(text.encode()).decode()
        taken = f"<p>Taken over: {escape(', '.join(self.taken))}.</p>"
        return (
            f"<table><caption>Student: {escape(self.student or 'nobody yet')}</caption>"
            '<thead><tr><th scope="col">Chapter</th><th scope="col">Points</th>'
            '<th scope="col">Open</th></tr></thead>'
            f"<tbody>{rows}</tbody></table>{taken if self.taken else ''}"
            '<p><a download="submission.json" '
            f'href="data:application/json;base64,{data}">'
            "Download submission.json</a></p>"
        )


def progress(earlier: Path | str | None = None) -> Progress:
    """Show what is done, chapter by chapter, with ``submission.json`` to download.

    Parameters
    ----------
    earlier : Path or str, optional
        An earlier submission of yours, whose answers are taken over where they
        are missing here or had more points.

    Returns
    -------
    Progress

    Raises
    ------
    StoreError
        A file cannot be read, or is another student's.
    """
    from course import exercises, store

    taken = store.merge(earlier) if earlier is not None else []
    submission = store.load()
    scores = {name: _score(answer) for name, answer in submission["answers"].items()}
    chapters = []
    for name in exercises.CHAPTERS:
        own = [ex for ex in exercises.all() if ex.chapter == name]
        chapters.append(
            Chapter(
                name,
                sum(min(scores.get(ex.id, 0.0), ex.points) for ex in own),
                sum(ex.points for ex in own),
                tuple(ex.title for ex in own if scores.get(ex.id, 0.0) < ex.points),
            )
        )
    return Progress(store.student(), tuple(chapters), submission, tuple(taken))


def _score(answer: Any) -> float:
    score = answer.get("score") if isinstance(answer, dict) else None
    return max(0.0, float(score)) if isinstance(score, int | float) else 0.0
