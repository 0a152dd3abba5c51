"""Keras 3 on JAX, by `fit`."""

from __future__ import annotations

import os
from collections.abc import Sequence

os.environ["KERAS_BACKEND"] = "jax"  # before it is imported

import keras
import numpy as np

from benchmarks.peers import jax_peer  # sets 64 bits, as our proof needs them
from benchmarks.peers.peer import Peer
from benchmarks.workloads import Data, Dense


class Keras(Peer):
    """One `fit` of all rounds, its step compiled."""

    exact = False
    fresh = False
    differs = "Adam adds ε before the correction of the means, not after it"

    @classmethod
    def libraries(cls) -> Sequence[str]:
        return ("keras", *jax_peer.Jitted.libraries())

    def build(self, start: list[Dense]) -> None:
        work, dtype = self.work, np.dtype(self.dtype).name
        sizes = work.widths[1:]
        kinds = ["relu"] * (len(sizes) - 1) + [None]
        self.model = keras.Sequential(
            [keras.Input((work.widths[0],), dtype=dtype)]
            + [
                keras.layers.Dense(size, activation=kind, dtype=dtype)
                for size, kind in zip(sizes, kinds, strict=True)
            ]
        )
        for layer, (W, b) in zip(self.model.layers, start, strict=True):
            layer.set_weights([W, b])
        if work.regression:
            loss = keras.losses.MeanSquaredError(dtype=dtype)
        else:
            loss = keras.losses.SparseCategoricalCrossentropy(
                from_logits=True, dtype=dtype
            )
        if work.optimizer == "SGD":
            optimizer = keras.optimizers.SGD(work.lr)
        else:
            optimizer = keras.optimizers.Adam(work.lr, epsilon=1e-8)
        self.model.compile(optimizer, loss, jit_compile=True)

    def take(self, batches: list[Data]) -> None:
        self.X = np.concatenate([X for X, _ in batches])
        self.T = np.concatenate([T for _, T in batches])

    def train(self, rounds: int) -> None:
        self.model.fit(
            self.X,
            self.T,
            epochs=rounds,
            batch_size=self.work.batch,
            shuffle=False,
            verbose=0,
        )

    def layers(self) -> list[Dense]:
        return [tuple(layer.get_weights()) for layer in self.model.layers]
