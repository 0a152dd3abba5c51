"""What the chapters use beside `backprop`: checks, figures and exercises.

`verify` holds a derived value to a measured one; `plots` draws. `student` says
who you are, `exercise` shows a panel, `explorer` something to try out, `progress`
what is done; ``%%exercise`` begins a cell with code to write. Importing `course`
stays light: Matplotlib, widgets and exercises are loaded when they are first used.
"""

from __future__ import annotations

import importlib
import logging
import sys
from typing import TYPE_CHECKING, Any

from course import magic

# Two functions take the place of their modules' names, on purpose: explorer, progress.
from course.explorer import explorer
from course.notebook import check, exercise, student, values
from course.progress import progress
from course.verify import VerificationError, verify

if TYPE_CHECKING:
    from course import plots

__all__ = [
    "VerificationError",
    "check",
    "exercise",
    "explorer",
    "plots",
    "progress",
    "student",
    "values",
    "verify",
]

magic.register()
if sys.platform == "emscripten":
    # Python in a browser lists the fonts anew each time; nobody need read of it.
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)


def __getattr__(name: str) -> Any:
    if name == "plots":
        return importlib.import_module("course.plots")
    raise AttributeError(f"module 'course' has no attribute {name!r}")
