"""The book's figures. Each function returns a Matplotlib figure for `show`.

A colour has one meaning all through the book: `DATA` ink, `ACTIVATION` blue,
`GRADIENT` vermilion, `LOSS` green, `PARAMETER` purple. Line styles, markers and
labels say the same without colour. Nothing here draws random numbers, and
nothing touches pyplot's global state.
"""

from course.plots.display import show
from course.plots.style import ACTIVATION, DATA, GRADIENT, LOSS, PARAMETER

__all__ = [
    "ACTIVATION",
    "DATA",
    "GRADIENT",
    "LOSS",
    "PARAMETER",
    "show",
]
