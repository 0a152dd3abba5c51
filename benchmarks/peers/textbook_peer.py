"""Plain NumPy, from `textbook`."""

from __future__ import annotations

from benchmarks.peers import textbook
from benchmarks.peers.peer import Peer
from benchmarks.workloads import Dense


class Textbook(Peer):
    """The usual loop: it propagates into the data as well."""

    differs = "also computes the gradient of the data"
    data_gradient = True

    def build(self, start: list[Dense]) -> None:
        weights, biases = [W for W, _ in start], [b for _, b in start]
        self.net = textbook.Network(weights, biases, self.data_gradient)
        self.loss = textbook.softmax_cross_entropy
        if self.work.regression:
            self.loss = textbook.mean_squared_error
        kind = textbook.SGD if self.work.optimizer == "SGD" else textbook.Adam
        self.optimizer: textbook.SGD | textbook.Adam = kind(
            self.net.W + self.net.b, self.work.lr
        )

    def train(self, rounds: int) -> None:
        for _ in range(rounds):
            for X, T in self.data:
                textbook.train_step(self.net, self.loss, self.optimizer, X, T)

    def layers(self) -> list[Dense]:
        return list(zip(self.net.W, self.net.b, strict=True))


class Lean(Textbook):
    """The same without the data's gradient, which training does not read."""

    differs = ""
    data_gradient = False
