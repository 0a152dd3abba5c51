"""What the chapters use beside `backprop`: checks and figures.

`verify` holds a derived value to a measured one; `plots` draws. Importing
`course` stays light: Matplotlib is loaded when `plots` is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from course.verify import VerificationError, verify

if TYPE_CHECKING:
    from course import plots

__all__ = ["VerificationError", "plots", "verify"]


def __getattr__(name: str) -> Any:
    if name == "plots":
        return importlib.import_module("course.plots")
    raise AttributeError(f"module 'course' has no attribute {name!r}")
