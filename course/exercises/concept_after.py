"""The concept test, after chapter 7."""

from __future__ import annotations

from course.exercises.concept import test_of

EXERCISES = test_of("concept-after")
