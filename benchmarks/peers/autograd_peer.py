"""HIPS autograd: the textbook's forward pass, differentiated by a tape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import autograd.numpy as anp
from autograd import value_and_grad
from autograd.scipy.special import logsumexp

from benchmarks.peers import textbook
from benchmarks.peers.peer import Peer
from benchmarks.workloads import Dense


def forward(weights: list[Any], biases: list[Any], X: Any) -> Any:
    """Logits of a batch."""
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        X = anp.maximum(X @ W + b, 0)
    return X @ weights[-1] + biases[-1]


def cross_entropy(params: tuple[list[Any], list[Any]], X: Any, T: Any) -> Any:
    """Mean of logsumexp(z) − z_t."""
    Z = forward(*params, X)
    return anp.mean(logsumexp(Z, axis=1) - Z[anp.arange(len(T)), T])


def squared_error(params: tuple[list[Any], list[Any]], X: Any, T: Any) -> Any:
    """Mean of (Y − T)²."""
    return anp.mean((forward(*params, X) - T) ** 2)


class Autograd(Peer):
    """The textbook's update, with gradients from autograd."""

    @classmethod
    def libraries(cls) -> Sequence[str]:
        return ("autograd",)

    def build(self, start: list[Dense]) -> None:
        self.W, self.b = [W for W, _ in start], [b for _, b in start]
        loss = squared_error if self.work.regression else cross_entropy
        self.gradient = value_and_grad(loss)
        kind = textbook.SGD if self.work.optimizer == "SGD" else textbook.Adam
        self.optimizer: textbook.SGD | textbook.Adam = kind(
            self.W + self.b, self.work.lr
        )

    def train(self, rounds: int) -> None:
        for _ in range(rounds):
            for X, T in self.data:
                _, (dW, db) = self.gradient((self.W, self.b), X, T)
                self.optimizer.step(list(dW) + list(db))

    def layers(self) -> list[Dense]:
        return list(zip(self.W, self.b, strict=True))
