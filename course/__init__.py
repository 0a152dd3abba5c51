"""What the chapters use beside `backprop`: checks, figures and exercises.

`verify` holds a derived value to a measured one; `plots` draws. `student` says
who you are, `exercise` shows a panel, `progress` what is done; ``%%exercise``
begins a cell with code to write. Importing `course` stays light: Matplotlib,
widgets and exercises are loaded when they are first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from course import magic
from course.notebook import check, exercise, student, values

# The function takes the place of the module's name, on purpose.
from course.progress import progress
from course.verify import VerificationError, verify

if TYPE_CHECKING:
    from course import plots

__all__ = [
    "VerificationError",
    "check",
    "exercise",
    "plots",
    "progress",
    "student",
    "values",
    "verify",
]

magic.register()


def __getattr__(name: str) -> Any:
    if name == "plots":
        return importlib.import_module("course.plots")
    raise AttributeError(f"module 'course' has no attribute {name!r}")
