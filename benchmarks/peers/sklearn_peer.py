"""scikit-learn's MLPClassifier and MLPRegressor."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier, MLPRegressor

from benchmarks.peers.peer import Peer
from benchmarks.workloads import Data, Dense


class ScikitLearn(Peer):
    """One `fit` of all rounds; its own checks are made once, before the first."""

    exact = False
    differs = "Adam adds ε before the correction of the means, not after it"

    @classmethod
    def libraries(cls) -> Sequence[str]:
        return ("scikit-learn", "scipy")

    def build(self, start: list[Dense]) -> None:
        work, kind = self.work, MLPClassifier
        # Its squared error is halved, so its gradient is half of ours.
        lr = work.lr
        if work.regression:
            kind, lr = MLPRegressor, 2 * work.lr
        self.model = kind(
            hidden_layer_sizes=work.widths[1:-1],
            solver=work.optimizer.lower(),
            learning_rate_init=lr,
            batch_size=work.batch,
            alpha=0,
            momentum=0,
            shuffle=False,
            tol=0,
            n_iter_no_change=10**9,
            max_iter=1,
            warm_start=True,
            random_state=0,
        )
        self.start = start

    def take(self, batches: list[Data]) -> None:
        self.X = np.concatenate([X for X, _ in batches])
        self.T = np.concatenate([T for _, T in batches])
        if self.work.regression:
            self.T = self.T.ravel()
        self._fit(1)  # makes the arrays that the start is written into
        for k, (W, b) in enumerate(self.start):
            self.model.coefs_[k][:], self.model.intercepts_[k][:] = W, b

    def train(self, rounds: int) -> None:
        self._fit(rounds)

    def _fit(self, rounds: int) -> None:
        self.model.max_iter = rounds
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            self.model.fit(self.X, self.T)

    def layers(self) -> list[Dense]:
        return list(zip(self.model.coefs_, self.model.intercepts_, strict=True))
