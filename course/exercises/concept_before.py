"""The concept test, before chapter 1."""

from __future__ import annotations

from course.exercises.concept import test_of

EXERCISES = test_of("concept-before")
