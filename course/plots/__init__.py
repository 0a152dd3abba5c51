"""The book's figures. Each function returns a Matplotlib figure for `show`.

A colour has one meaning all through the book: `DATA` ink, `ACTIVATION` blue,
`GRADIENT` vermilion, `LOSS` green, `PARAMETER` purple. Line styles, markers and
labels say the same without colour. Nothing here draws random numbers, and
nothing touches pyplot's global state.
"""

from course.plots.along import along
from course.plots.display import show
from course.plots.dots import dots
from course.plots.graph import computation_graph
from course.plots.graph_part import graph_part
from course.plots.images import images
from course.plots.lines import (
    curves,
    error_against_step,
    gradient_norms,
    loss_curves,
)
from course.plots.network import network_diagram
from course.plots.passes import two_passes
from course.plots.planes import decision_boundary, scatter
from course.plots.primer import growing_rectangle
from course.plots.segments import segments
from course.plots.style import ACTIVATION, DATA, GRADIENT, LOSS, PARAMETER
from course.plots.tables import bars, confusion, gradient_histograms
from course.plots.walks import walks

__all__ = [
    "ACTIVATION",
    "DATA",
    "GRADIENT",
    "LOSS",
    "PARAMETER",
    "along",
    "bars",
    "computation_graph",
    "confusion",
    "curves",
    "decision_boundary",
    "dots",
    "error_against_step",
    "gradient_histograms",
    "gradient_norms",
    "graph_part",
    "growing_rectangle",
    "images",
    "loss_curves",
    "network_diagram",
    "scatter",
    "segments",
    "show",
    "two_passes",
    "walks",
]
