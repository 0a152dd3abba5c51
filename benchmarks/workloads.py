"""The work that all are timed on: eight networks, their data, start and steps."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

import backprop as bp

Array = np.ndarray[Any, np.dtype[Any]]
Data = tuple[Array, Array]
Dense = tuple[Array, Array]  # W (D_in, D_out) and b (D_out,) of a layer

BATCHES = 8  # of random data; real data give as many as they have


@dataclass(frozen=True)
class Workload:
    """A multilayer perceptron (ReLU inside), its data, loss and optimizer.

    Softmax and cross-entropy on class indices; for XOR, mean squared error.

    Parameters
    ----------
    widths : tuple of int
        Columns of the input, of each hidden layer and of the output.
    batch : int
        Examples a step.
    optimizer : str
        'Adam' (η = 0.001) or 'SGD' (η = 0.1).
    data : str
        'random', 'digits' or 'xor'.
    seed : int
        Decides how the weights start; with another than 0, the order of the
        examples too.
    """

    widths: tuple[int, ...]
    batch: int
    optimizer: str = "Adam"
    data: str = "random"
    seed: int = 0

    @property
    def lr(self) -> float:
        """Step size η."""
        return 0.1 if self.optimizer == "SGD" else 0.001

    @property
    def regression(self) -> bool:
        """Whether the loss is the mean squared error."""
        return self.data == "xor"

    @property
    def title(self) -> str:
        """Network, batch and optimizer in a line."""
        inner = [str(width) for width in self.widths]
        if len(inner) > 5:
            inner = [inner[0], f"[{inner[1]}]×{len(inner) - 2}", inner[-1]]
        return f"{'-'.join(inner)}, batch {self.batch}, {self.optimizer}"

    def multiplications(self, backward: bool = True) -> int:
        """Multiplications in a step's matrix products; forward alone if asked.

        A weight has one an example going forward and two going back, for dW and
        for dX; the first layer has no dX.
        """
        weights = [a * b for a, b in pairwise(self.widths)]
        each = 3 * sum(weights) - weights[0] if backward else sum(weights)
        return self.batch * each

    def load(self, dtype: type = np.float32) -> Data:
        """Return examples (N, D_in) and targets, class indices or (N, 1)."""
        if self.data == "xor":
            X, T = bp.data.xor()
            return X.astype(dtype), T.astype(dtype)
        if self.data == "digits":
            digits = bp.data.digits()
            order = np.arange(len(digits.X_train))
            if self.seed:
                order = np.random.default_rng(self.seed).permutation(order)
            return digits.X_train[order].astype(dtype), digits.T_train[order]
        rng = np.random.default_rng(0)
        n = BATCHES * self.batch
        X = rng.standard_normal((n, self.widths[0])).astype(dtype)
        return X, rng.integers(self.widths[-1], size=n)

    def batches(self, dtype: type = np.float32) -> list[Data]:
        """Return whole batches alone, in the order in which all take them."""
        X, T = self.load(dtype)
        starts = range(0, len(X) - self.batch + 1, self.batch)
        return [(X[s : s + self.batch], T[s : s + self.batch]) for s in starts]

    def start(self, dtype: type = np.float32) -> list[Dense]:
        """Return W and b that all begin with: He's, drawn by `backprop`."""
        pairs = pairwise(self.widths)
        layers = [bp.Dense(*pair, init=bp.HeNormal()) for pair in pairs]
        bp.Sequential(*layers, rng=self.seed, dtype=dtype)
        return [(layer.W.copy(), layer.b.copy()) for layer in layers]


WORKLOADS = {
    "w1": Workload((2, 4, 1), 4, optimizer="SGD", data="xor"),
    "w2a": Workload((64, 32, 10), 32, data="digits"),
    "w2b": Workload((64, 128, 64, 10), 32, data="digits"),
    "w3-b64": Workload((784, 128, 64, 10), 64),
    "w3-b512": Workload((784, 128, 64, 10), 512),
    "w4": Workload((784, 512, 512, 10), 256),
    "w5": Workload((64, *[64] * 32, 10), 32, data="digits"),
    "w6": Workload((40, 100, 100, 10), 100),
}
