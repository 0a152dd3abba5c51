"""The package itself, as anybody would call it."""

from __future__ import annotations

import backprop as bp
from benchmarks.peers.peer import Peer
from benchmarks.workloads import Dense


class Ours(Peer):
    """`bp.train_step`, checks of the batch included."""

    def build(self, start: list[Dense]) -> None:
        dense = [bp.Dense(*W.shape) for W, _ in start]
        layers = [layer for one in dense for layer in (one, bp.ReLU())][:-1]
        self.net = bp.Sequential(*layers, rng=0, dtype=self.dtype)
        for layer, (W, b) in zip(dense, start, strict=True):
            layer.W, layer.b = W, b
        self.dense = dense
        self.loss: bp.Loss = bp.SoftmaxCrossEntropy()
        if self.work.regression:
            self.loss = bp.MeanSquaredError()
        kind = bp.SGD if self.work.optimizer == "SGD" else bp.Adam
        self.optimizer: bp.Optimizer = kind(self.work.lr)

    def train(self, rounds: int) -> None:
        for _ in range(rounds):
            for X, T in self.data:
                bp.train_step(self.net, self.loss, self.optimizer, X, T)

    def layers(self) -> list[Dense]:
        return [(layer.W, layer.b) for layer in self.dense]
