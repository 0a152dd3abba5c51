"""micrograd: every number an object, every operation a node of a graph."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from micrograd.nn import MLP

from benchmarks.peers.peer import Peer
from benchmarks.workloads import Data, Dense, Workload


class Micrograd(Peer):
    """A step as its demo writes it; in Python's own floats."""

    differs = "scalars, float64 whatever is asked for"

    @classmethod
    def refuses(cls, work: Workload) -> str:
        return "" if work.regression else "a node for every number: w1 alone"

    @classmethod
    def libraries(cls) -> Sequence[str]:
        return ("micrograd",)

    def build(self, start: list[Dense]) -> None:
        self.net = MLP(self.work.widths[0], list(self.work.widths[1:]))
        for layer, (W, b) in zip(self.net.layers, start, strict=True):
            for k, neuron in enumerate(layer.neurons):
                neuron.b.data = float(b[k])
                for w, value in zip(neuron.w, W[:, k], strict=True):
                    w.data = float(value)

    def take(self, batches: list[Data]) -> None:
        self.lists = [(X.tolist(), T.ravel().tolist()) for X, T in batches]

    def train(self, rounds: int) -> None:
        for _ in range(rounds):
            for X, T in self.lists:
                outputs = [self.net(x) for x in X]
                errors = [(y - t) ** 2 for y, t in zip(outputs, T, strict=True)]
                loss = sum(errors) * (1 / len(errors))
                self.net.zero_grad()
                loss.backward()
                for p in self.net.parameters():
                    p.data -= self.work.lr * p.grad

    def layers(self) -> list[Dense]:
        return [
            (
                np.array([[w.data for w in n.w] for n in layer.neurons]).T,
                np.array([n.b.data for n in layer.neurons]),
            )
            for layer in self.net.layers
        ]
