"""What a peer is: the same start, the same batches, the same steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from benchmarks.workloads import Array, Data, Dense, Workload


class Missing(Exception):
    """A peer cannot be timed here; the message says why."""


class Peer:
    """A network of somebody's, its loss and its optimizer.

    Parameters
    ----------
    work : Workload
    dtype : type
        numpy.float32 or numpy.float64.

    Attributes
    ----------
    exact : bool
        Whether it does the same arithmetic, so that float64 parameters agree
        with ours after 20 steps to 1e-9.
    fresh : bool
        Whether a timing makes it anew each time; not where that means compiling.
    differs : str
        What it does otherwise, for the table; empty where nothing.
    """

    exact: ClassVar[bool] = True
    fresh: ClassVar[bool] = True
    differs: ClassVar[str] = ""

    def __init__(self, work: Workload, dtype: type = np.float32) -> None:
        self.work, self.dtype = work, dtype
        if reason := self.refuses(work):
            raise Missing(reason)
        self.build(work.start(dtype))

    @classmethod
    def refuses(cls, work: Workload) -> str:
        """Say why a workload is not for it; empty if it is."""
        return ""

    @classmethod
    def libraries(cls) -> Sequence[str]:
        """Distributions whose versions belong into the results."""
        return ()

    def build(self, start: list[Dense]) -> None:
        """Make network, loss and optimizer, beginning with these W and b."""
        raise NotImplementedError

    def take(self, batches: list[Data]) -> None:
        """Turn the batches into its own arrays, outside of what is timed."""
        self.data = batches

    def train(self, rounds: int) -> None:
        """Take one step on each batch, so many rounds; return when all is done."""
        raise NotImplementedError

    def layers(self) -> list[Dense]:
        """Return W (D_in, D_out) and b of each layer, as NumPy arrays."""
        raise NotImplementedError

    def params(self) -> Array:
        """Return all parameters in the order of `backprop.Sequential.params`."""
        flat = [np.asarray(part).ravel() for pair in self.layers() for part in pair]
        return np.concatenate(flat)
