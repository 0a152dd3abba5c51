"""Activation layers: A = f(Z), entry by entry.

Backward multiplies what comes in by the local derivative: dZ = dA ⊙ f′(Z).
The derivative is taken at Z (or from A = f(Z), where that is the same number),
never "at A": f′(A) is the most common slip of all.
"""

from typing import ClassVar

import numpy as np

from backprop import functions
from backprop.functions import Array, Function
from backprop.layers import Layer


class Activation(Layer):
    """An elementwise layer; subclasses name the function.

    Z (N, D) -> A (N, D). On arrays of `Value` it builds the scalar graph.
    """

    function: ClassVar[Function] = functions.IDENTITY

    def forward(self, Z: Array) -> Array:
        """A = f(Z)."""
        if Z.dtype == object:
            return np.asarray(np.frompyfunc(lambda z: z.apply(self.function), 1, 1)(Z))
        if (Z.shape, Z.dtype) != self._fits:
            self.prepare(Z)
        self.Z = Z
        self.function.f(Z, self.A)
        return self.A

    def backward(self, dA: Array, input_gradient: bool = True) -> Array | None:
        """Return dZ = dA ⊙ f′(Z)."""
        if not hasattr(self, "A"):
            raise RuntimeError(f"{self.name}: backward was called before forward")
        if not input_gradient:
            return None
        self.function.df(self.Z, self.A, self.dZ)
        self.dZ *= dA
        return self.dZ

    def prepare(self, Z: Array) -> None:
        """Take buffers for A and dZ."""
        super().prepare(Z)
        self.A = self.buffer("A", Z.shape, Z.dtype)
        self.dZ = self.buffer("dZ", Z.shape, Z.dtype)


class Identity(Activation):
    """A layer that changes nothing, for linear networks: f(z) = z."""

    function = functions.IDENTITY


class Sigmoid(Activation):
    """σ(z) = 1/(1 + e⁻ᶻ), in (0, 1); σ′ = a(1 − a), at most ¼."""

    function = functions.SIGMOID


class Tanh(Activation):
    """Hyperbolic tangent, in (−1, 1); derivative 1 − a², at most 1."""

    function = functions.TANH


class ReLU(Activation):
    """max(z, 0); derivative 1 where z > 0, else 0 (0 at the kink)."""

    function = functions.RELU


class LeakyReLU(Activation):
    """A ReLU that leaks: z where z > 0, else 0.01 z; slope 0.01 at the kink."""

    function = functions.LEAKY_RELU


class Softplus(Activation):
    """log(1 + eᶻ), a smooth ReLU; its derivative is σ(z)."""

    function = functions.SOFTPLUS
