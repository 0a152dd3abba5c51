"""Optimizers: the only code that changes a parameter.

Each works on the network's two flat vectors as a whole, in place: a step costs
the same few operations whatever the number of layers.
"""

import numpy as np

from backprop.checks import check
from backprop.functions import Array, constant
from backprop.network import Sequential


class Optimizer:
    """Base of all: a step size, and memory of one network's past gradients.

    Parameters
    ----------
    lr : float
        Step size η (learning rate), > 0. May be changed between steps.
    """

    def __init__(self, lr: float) -> None:
        self.name = type(self).__name__
        check(0 < lr < np.inf, self.name, "lr", lr, "a positive number")
        self.lr = lr
        self._params: Array | None = None  # the network this memory belongs to

    def step(self, net: Sequential) -> None:
        """Change ``net.params`` once, by ``net.grads``.

        Raises
        ------
        ValueError
            The optimizer has already stepped another network.
        """
        if self._params is None:
            self._params, self.tmp = net.params, np.empty_like(net.params)
            self.prepare(net.params)
        if self._params is not net.params:
            reason = "has already stepped another network; make a new one for each"
            raise ValueError(f"{self.name}: {reason}")
        self.update(net.params, net.grads)

    def prepare(self, params: Array) -> None:
        """Make the memory, before the first step."""

    def update(self, w: Array, g: Array) -> None:
        """Change w in place, by the gradient g."""
        raise NotImplementedError(f"{self.name} has no update")


class SGD(Optimizer):
    """Gradient descent: w ← w − η g.

    Stochastic when g comes from a mini-batch, which is the caller's choice.
    """

    def update(self, w: Array, g: Array) -> None:
        """Step by −η g."""
        np.multiply(g, constant(self.lr, g.dtype), out=self.tmp)
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
        check(0 <= beta < 1, self.name, "beta", beta, "0 <= beta < 1")
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
        Decay of the two means, 0 <= β < 1. Fixed: the running sums hold them.
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
        check(0 <= beta1 < 1, self.name, "beta1", beta1, "0 <= beta1 < 1")
        check(0 <= beta2 < 1, self.name, "beta2", beta2, "0 <= beta2 < 1")
        check(eps > 0, self.name, "eps", eps, "a positive number")
        self._betas, self.eps = (beta1, beta2), eps

    @property
    def beta1(self) -> float:
        """Decay of the mean of g."""
        return self._betas[0]

    @property
    def beta2(self) -> float:
        """Decay of the mean of g²."""
        return self._betas[1]

    def prepare(self, params: Array) -> None:
        """Start both sums at zero."""
        self.t = 0
        self._decays = [constant(beta, params.dtype) for beta in self._betas]
        self._eps, self._eta = (np.empty((), params.dtype) for _ in range(2))
        self.m, self.v = np.zeros_like(params), np.zeros_like(params)

    def update(self, w: Array, g: Array) -> None:
        """One step of algorithm 1, with all scalars gathered in two.

        The sums m = β₁m + g and v = β₂v + g² lack a factor 1 − β to be Adam's
        means; with the corrections that makes m̂ = c₁m and v̂ = c₂v. Then
        η m̂/(√v̂ + ε) = η c₁/√c₂ · m/(√v + ε/√c₂) needs no pass for either.
        """
        m, v, tmp = self.m, self.v, self.tmp
        (beta1, beta2), (decay1, decay2) = self._betas, self._decays
        self.t += 1
        m *= decay1
        m += g
        v *= decay2
        np.multiply(g, g, out=tmp)
        v += tmp
        c1 = (1 - beta1) / (1 - beta1**self.t)
        c2 = (1 - beta2) / (1 - beta2**self.t)
        self._eps[...] = self.eps / c2**0.5
        self._eta[...] = self.lr * c1 / c2**0.5
        np.sqrt(v, out=tmp)
        tmp += self._eps
        np.divide(m, tmp, out=tmp)
        tmp *= self._eta
        w -= tmp
