"""Backpropagation as a good textbook writes it: what `backprop` is timed against.

The same network, loss and updates, in the plainest NumPy: lists of W and b,
a new array for every result, one update for each parameter array, one loop for
all layers. Nothing is slower than it has to be for that: products are `@`, and
no loop runs over examples or neurons.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


def relu(Z: Array) -> Array:
    """Entry by entry, the larger of z and 0."""
    return np.maximum(Z, 0)


def relu_prime(Z: Array) -> Array:
    """1 where z > 0, else 0."""
    return (Z > 0).astype(Z.dtype)


def softmax(Z: Array) -> Array:
    """Rows of probabilities, the largest logit of each row subtracted first."""
    E = np.exp(Z - np.max(Z, axis=1, keepdims=True))
    return E / np.sum(E, axis=1, keepdims=True)


class Network:
    """A multilayer perceptron: ReLU between the layers, none after the last.

    Parameters
    ----------
    weights, biases : list of ndarray
        W (D_in, D_out) and b (D_out,) of each layer; copied.
    data_gradient : bool, optional
        The usual loop propagates through every layer, the first included, though
        training does not read the data's gradient. False leaves that out.
    """

    def __init__(
        self, weights: list[Array], biases: list[Array], data_gradient: bool = True
    ) -> None:
        self.W = [W.copy() for W in weights]
        self.b = [b.copy() for b in biases]
        self.data_gradient = data_gradient

    def forward(self, X: Array) -> Array:
        """Output for a batch X (N, D_in); keeps every layer's input and Z."""
        self.A, self.Z = [], []
        for W, b in zip(self.W, self.b, strict=True):
            self.A.append(relu(self.Z[-1]) if self.Z else X)
            self.Z.append(self.A[-1] @ W + b)
        return self.Z[-1]

    def backward(self, dZ: Array) -> tuple[list[Array], list[Array]]:
        """Gradients dW and db of every layer, from that of the output."""
        dW, db = [], []
        for i in reversed(range(len(self.W))):
            dW.append(self.A[i].T @ dZ)
            db.append(np.sum(dZ, axis=0))
            if i > 0 or self.data_gradient:
                dA = dZ @ self.W[i].T
            if i > 0:
                dZ = dA * relu_prime(self.Z[i - 1])
        return dW[::-1], db[::-1]


def softmax_cross_entropy(Y: Array, T: Array) -> tuple[float, Array]:
    """Loss of logits Y (N, K) for class indices T (N,), and dY."""
    rows = np.arange(len(Y))
    P = softmax(Y)
    loss = -np.mean(np.log(P[rows, T]))
    dY = P.copy()
    dY[rows, T] -= 1
    return float(loss), dY / len(Y)


def mean_squared_error(Y: Array, T: Array) -> tuple[float, Array]:
    """Mean of (Y − T)², and dY."""
    D = Y - T
    return float(np.mean(D**2)), 2 * D / D.size


class SGD:
    """w ← w − η g, for each array in turn."""

    def __init__(self, params: list[Array], lr: float) -> None:
        self.params, self.lr = params, lr

    def step(self, grads: list[Array]) -> None:
        """Update every parameter in place."""
        for w, g in zip(self.params, grads, strict=True):
            w -= self.lr * g


class Adam:
    """Kingma and Ba (2015), algorithm 1, for each array in turn."""

    def __init__(
        self,
        params: list[Array],
        lr: float = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
    ) -> None:
        self.params, self.lr = params, lr
        self.beta1, self.beta2, self.eps = beta1, beta2, eps
        self.m = [np.zeros_like(w) for w in params]
        self.v = [np.zeros_like(w) for w in params]
        self.t = 0

    def step(self, grads: list[Array]) -> None:
        """Update every parameter in place."""
        self.t += 1
        beta1, beta2 = self.beta1, self.beta2
        for i, (w, g) in enumerate(zip(self.params, grads, strict=True)):
            self.m[i] = beta1 * self.m[i] + (1 - beta1) * g
            self.v[i] = beta2 * self.v[i] + (1 - beta2) * g**2
            m_hat = self.m[i] / (1 - beta1**self.t)
            v_hat = self.v[i] / (1 - beta2**self.t)
            w -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


def train_step(net: Network, loss: Any, opt: SGD | Adam, X: Array, T: Array) -> float:
    """Take one step on one batch; return its loss before the update."""
    Y = net.forward(X)
    L, dY = loss(Y, T)
    dW, db = net.backward(dY)
    opt.step(dW + db)
    return float(L)


def fit(
    net: Network,
    loss: Any,
    opt: SGD | Adam,
    X: Array,
    T: Array,
    epochs: int,
    batch_size: int,
    rng: int,
) -> list[float]:
    """Train on shuffled mini-batches; return the mean loss of each epoch."""
    generator = np.random.default_rng(rng)
    history = []
    for _ in range(epochs):
        order = generator.permutation(len(X))
        total = 0.0
        for start in range(0, len(X), batch_size):
            rows = order[start : start + batch_size]
            total += train_step(net, loss, opt, X[rows], T[rows]) * len(rows)
        history.append(total / len(X))
    return history
