"""Optimizers: the only code that changes a parameter.

Each works on the network's two flat vectors as a whole, in place: a step costs
the same few operations whatever the number of layers.
"""

from __future__ import annotations

import numpy as np

from backprop.functions import Array
from backprop.network import Sequential


class Optimizer:
    """Base of all: a step size, and memory of one network's past gradients.

    Parameters
    ----------
    lr : float
        Step size η (learning rate), > 0. May be changed between steps.
    """

    def __init__(self, lr: float) -> None:
        _check("lr", self, lr, lr > 0 and np.isfinite(lr), "a positive number")
        self.lr = lr
        self._params: Array | None = None  # the network this memory belongs to

    def step(self, net: Sequential) -> None:
        """Change ``net.params`` once, by ``net.grads``.

        Raises
        ------
        ValueError
            The optimizer has already stepped another network.
        """
        if self._params is not net.params:
            if self._params is not None:
                raise ValueError(
                    f"{type(self).__name__}: has already stepped another network; "
                    "make a new optimizer for each"
                )
            self._params = net.params
            self.tmp = np.empty_like(net.params)
            self.prepare(net.params)
        self.update(net.params, net.grads)

    def prepare(self, params: Array) -> None:
        """Make the memory, before the first step."""

    def update(self, w: Array, g: Array) -> None:
        """Change w in place, by the gradient g."""
        raise NotImplementedError(f"{type(self).__name__} has no update")


class SGD(Optimizer):
    """Gradient descent: w ← w − η g.

    Stochastic when g comes from a mini-batch, which is the caller's choice.
    """

    def update(self, w: Array, g: Array) -> None:
        """Step by −η g."""
        np.multiply(g, self.lr, out=self.tmp)
        w -= self.tmp


class Momentum(Optimizer):
    """v ← βv + g, then w ← w − η v: Polyak (1964).

    Parameters
    ----------
    lr : float
        Step size η.
    beta : float, optional
        Share of the velocity kept, 0 <= β < 1.
    nesterov : bool, optional
        Step by g + βv instead of v: Nesterov's look-ahead, in the form of
        Sutskever et al. (2013) that frameworks use.
    """

    def __init__(self, lr: float, beta: float = 0.9, nesterov: bool = False) -> None:
        super().__init__(lr)
        _check("beta", self, beta, 0 <= beta < 1, "0 <= beta < 1")
        self.beta, self.nesterov = beta, nesterov

    def prepare(self, params: Array) -> None:
        """Start at rest."""
        self.v = np.zeros_like(params)

    def update(self, w: Array, g: Array) -> None:
        """Update v, then step by −η v, or by −η (g + βv)."""
        v, tmp = self.v, self.tmp
        v *= self.beta
        v += g
        if self.nesterov:
            np.multiply(v, self.beta, out=tmp)
            tmp += g
            tmp *= self.lr
        else:
            np.multiply(v, self.lr, out=tmp)
        w -= tmp


class Adam(Optimizer):
    """Adam: Kingma and Ba (2015), algorithm 1.

    m ← β₁m + (1 − β₁)g and v ← β₂v + (1 − β₂)g² are running means of g and g²;
    m̂ = m/(1 − β₁ᵗ) and v̂ = v/(1 − β₂ᵗ) undo their start at zero;
    w ← w − η m̂/(√v̂ + ε).

    Parameters
    ----------
    lr : float, optional
        Step size η.
    beta1, beta2 : float, optional
        Decay of the two means, 0 <= β < 1.
    eps : float, optional
        Keeps the division finite, added outside the root, > 0.
    """

    def __init__(
        self,
        lr: float = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
    ) -> None:
        super().__init__(lr)
        _check("beta1", self, beta1, 0 <= beta1 < 1, "0 <= beta1 < 1")
        _check("beta2", self, beta2, 0 <= beta2 < 1, "0 <= beta2 < 1")
        _check("eps", self, eps, eps > 0, "a positive number")
        self.beta1, self.beta2, self.eps = beta1, beta2, eps

    def prepare(self, params: Array) -> None:
        """Start both sums at zero."""
        self.t = 0
        # NumPy would convert a float anew in every step.
        self._beta1 = np.array(self.beta1, params.dtype)
        self._beta2 = np.array(self.beta2, params.dtype)
        self.m, self.v = np.zeros_like(params), np.zeros_like(params)

    def update(self, w: Array, g: Array) -> None:
        """One step of algorithm 1, with all scalars gathered in two."""
        m, v, tmp = self.m, self.v, self.tmp
        self.t += 1
        m *= self._beta1
        m += g
        v *= self._beta2
        np.multiply(g, g, out=tmp)
        v += tmp
        # The sums m = β₁m + g and v = β₂v + g² lack a factor 1 − β to be Adam's
        # means; with the corrections that makes m̂ = c₁m and v̂ = c₂v. Then
        # η m̂/(√v̂ + ε) = η c₁/√c₂ · m/(√v + ε/√c₂) needs no pass for either.
        c1 = (1 - self.beta1) / (1 - self.beta1**self.t)
        c2 = (1 - self.beta2) / (1 - self.beta2**self.t)
        np.sqrt(v, out=tmp)
        tmp += self.eps / c2**0.5
        np.divide(m, tmp, out=tmp)
        tmp *= self.lr * c1 / c2**0.5
        w -= tmp


def _check(name: str, owner: object, given: float, ok: bool, expected: str) -> None:
    if not ok:
        raise ValueError(
            f"{type(owner).__name__}: {name} is {given!r}, expected {expected}"
        )
