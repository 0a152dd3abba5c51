"""Chapter 7, The training loop."""

from __future__ import annotations

from course.model import Exercise

EXERCISES: tuple[Exercise, ...] = ()
