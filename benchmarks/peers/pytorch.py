"""PyTorch, as its tutorials write a training step."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from typing import ClassVar

import numpy as np
import torch
from torch import nn

from benchmarks.machine import threads
from benchmarks.peers.peer import Peer
from benchmarks.workloads import Data, Dense, Workload

torch.set_num_threads(threads())  # as many as all others have


class Eager(Peer):
    """`zero_grad`, forward, loss, `backward`, `step`."""

    options: ClassVar[dict[str, bool]] = {}

    @classmethod
    def libraries(cls) -> Sequence[str]:
        return ("torch",)

    def build(self, start: list[Dense]) -> None:
        dtype = torch.float64 if self.dtype is np.float64 else torch.float32
        self.dense = [nn.Linear(*W.shape, dtype=dtype) for W, _ in start]
        with torch.no_grad():
            for layer, (W, b) in zip(self.dense, start, strict=True):
                layer.weight.copy_(torch.from_numpy(W.T.copy()))
                layer.bias.copy_(torch.from_numpy(b))
        layers = [layer for one in self.dense for layer in (one, nn.ReLU())][:-1]
        self.net = nn.Sequential(*layers)
        self.loss = nn.MSELoss() if self.work.regression else nn.CrossEntropyLoss()
        kind = torch.optim.SGD if self.work.optimizer == "SGD" else torch.optim.Adam
        self.optimizer = kind(self.net.parameters(), lr=self.work.lr, **self.options)

    def take(self, batches: list[Data]) -> None:
        self.tensors = [(torch.from_numpy(X), torch.from_numpy(T)) for X, T in batches]

    def train(self, rounds: int) -> None:
        for _ in range(rounds):
            for X, T in self.tensors:
                self.optimizer.zero_grad()
                loss = self.loss(self.net(X), T)
                loss.backward()
                self.optimizer.step()

    def layers(self) -> list[Dense]:
        return [
            (one.weight.detach().numpy().T, one.bias.detach().numpy())
            for one in self.dense
        ]


class Fused(Eager):
    """The same with an optimizer whose update is one C++ loop."""

    options: ClassVar = {"fused": True}


class Compiled(Fused):
    """Forward pass through `torch.compile`, and so its backward pass."""

    fresh = False

    @classmethod
    def refuses(cls, work: Workload) -> str:
        return "" if shutil.which("g++") else "torch.compile needs g++"

    def build(self, start: list[Dense]) -> None:
        super().build(start)
        self.net = torch.compile(self.net)
