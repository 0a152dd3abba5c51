"""JAX: a whole step as one compiled function, or many in one `lax.scan`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.peers.peer import Peer
from benchmarks.workloads import Array, Data, Dense

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_platforms", "cpu")

State = Any  # parameters, and Adam's two means and its count


def forward(params: list[Any], X: Any) -> Any:
    """Logits of a batch."""
    for W, b in params[:-1]:
        X = jax.nn.relu(X @ W + b)
    W, b = params[-1]
    return X @ W + b


def cross_entropy(params: list[Any], X: Any, T: Any) -> Any:
    """Mean of logsumexp(z) − z_t."""
    Z = jax.nn.log_softmax(forward(params, X))
    return -Z[jnp.arange(len(T)), T].mean()


def squared_error(params: list[Any], X: Any, T: Any) -> Any:
    """Mean of (Y − T)²."""
    return ((forward(params, X) - T) ** 2).mean()


def sgd(lr: float, state: State, grads: Any) -> State:
    """w ← w − η g."""
    return jax.tree.map(lambda w, g: w - lr * g, state, grads)


def adam(lr: float, state: State, grads: Any) -> State:
    """Kingma and Ba (2015), algorithm 1."""
    params, m, v, t = state
    t = t + 1
    m = jax.tree.map(lambda m, g: 0.9 * m + (1 - 0.9) * g, m, grads)
    v = jax.tree.map(lambda v, g: 0.999 * v + (1 - 0.999) * g * g, v, grads)
    c1, c2 = 1 - 0.9**t, 1 - 0.999**t

    def update(w: Any, m: Any, v: Any) -> Any:
        step = lr * (m / c1) / (jnp.sqrt(v / c2) + 1e-8)
        return w - step.astype(w.dtype)

    return jax.tree.map(update, params, m, v), m, v, t


class Jitted(Peer):
    """One compiled function a step; the state's memory is given back to it."""

    fresh = False

    @classmethod
    def libraries(cls) -> Sequence[str]:
        return ("jax", "jaxlib")

    def build(self, start: list[Dense]) -> None:
        # Copies: a step is given its state's memory, and the start is NumPy's.
        params = [(jnp.array(W), jnp.array(b)) for W, b in start]
        self.plain = self.work.optimizer == "SGD"
        zeros = partial(jax.tree.map, jnp.zeros_like)
        count = jnp.zeros((), self.dtype)
        self.state: State = (
            params if self.plain else (params, zeros(params), zeros(params), count)
        )
        loss = squared_error if self.work.regression else cross_entropy
        update: Callable[[float, State, Any], State] = sgd if self.plain else adam

        def step(state: State, X: Any, T: Any) -> tuple[State, Any]:
            params = state if self.plain else state[0]
            L, grads = jax.value_and_grad(loss)(params, X, T)
            return update(self.work.lr, state, grads), L

        self.step = step
        self.compiled = jax.jit(step, donate_argnums=0)

    def take(self, batches: list[Data]) -> None:
        self.arrays = [(jnp.asarray(X), jnp.asarray(T)) for X, T in batches]

    def train(self, rounds: int) -> None:
        for _ in range(rounds):
            for X, T in self.arrays:
                self.state, _ = self.compiled(self.state, X, T)
        jax.block_until_ready(self.state)

    def layers(self) -> list[tuple[Array, Array]]:
        params = self.state if self.plain else self.state[0]
        return [(np.asarray(W), np.asarray(b)) for W, b in params]


class Scanned(Jitted):
    """All batches of a round in one compiled loop."""

    differs = "a whole round is one call: no loss, no Python between the steps"

    def build(self, start: list[Dense]) -> None:
        super().build(start)

        def one(state: State, batch: Any) -> tuple[State, Any]:
            return self.step(state, *batch)

        self.epoch = jax.jit(
            lambda state, batches: jax.lax.scan(one, state, batches), donate_argnums=0
        )

    def take(self, batches: list[Data]) -> None:
        examples, targets = zip(*batches, strict=True)
        self.stacked = jnp.stack(examples), jnp.stack(targets)

    def train(self, rounds: int) -> None:
        for _ in range(rounds):
            self.state, _ = self.epoch(self.state, self.stacked)
        jax.block_until_ready(self.state)
