"""What `make bench` measured: its result file, and the tables made from it.

Nothing here measures. `read` opens the file that the book shows, `Results` takes
ratios and laws from it, and the other functions write them as aligned text.
"""

from course.measured.peers import panels, passes, ranges, ratios, verdicts
from course.measured.results import OURS, ResultError, Results, read
from course.measured.spread import Line, Spread, line, slope, spread
from course.measured.tables import (
    batches,
    digits,
    gradients,
    imports,
    machine,
    memory,
    proof,
    workloads,
)

__all__ = [
    "OURS",
    "Line",
    "ResultError",
    "Results",
    "Spread",
    "batches",
    "digits",
    "gradients",
    "imports",
    "line",
    "machine",
    "memory",
    "panels",
    "passes",
    "proof",
    "ranges",
    "ratios",
    "read",
    "slope",
    "spread",
    "verdicts",
    "workloads",
]
