"""What a layer is, and the one with weights: Dense.

A layer maps a batch forward and a gradient backward. `forward` keeps what
`backward` will need; `backward` turns ∂L/∂output into ∂L/∂input and assigns
the gradients of the layer's own parameters. It never changes a parameter.

The arrays that a layer returns are its own buffers, reused by the next call;
`Sequential` copies what leaves the network.
"""

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from backprop.checks import assign, check_count
from backprop.functions import Array, constant
from backprop.initializers import GlorotUniform, Zeros

Initializer = Callable[[tuple[int, ...], np.random.Generator], Array]
_NOTHING = np.empty(0)  # a buffer that fits nobody


class Layer:
    """A differentiable map of a batch, one example a row.

    Attributes
    ----------
    name : str
        The class and the layer's index in its network, for messages.
    shapes : dict of str to tuple of int
        Name and shape of each parameter; empty for a layer without any.
    """

    registry: ClassVar[dict[str, type["Layer"]]] = {}  # for `load`

    def __init_subclass__(cls) -> None:
        """Register the package's own: a notebook's `class Dense` stays out of files."""
        if cls.__module__.startswith("backprop."):
            Layer.registry[cls.__name__] = cls

    def __init__(self) -> None:
        self.name = type(self).__name__
        self.shapes: dict[str, tuple[int, ...]] = {}
        self.owned = False  # by a network
        self._buffers: dict[str, Array] = {}
        self._fits: tuple[Any, ...] = ()  # shape and dtype that `prepare` last saw

    def forward(self, X: Array) -> Array:
        """Map a batch X (N, D_in) to (N, D_out); keep what backward needs."""
        raise NotImplementedError(f"{self.name} has no forward")

    def backward(self, dY: Array, input_gradient: bool = True) -> Array | None:
        """Map ∂L/∂output to ∂L/∂input; assign the parameters' gradients."""
        raise NotImplementedError(f"{self.name} has no backward")

    def columns_out(self, columns: int | None) -> int | None:
        """Columns of the output for so many of the input (None: not known)."""
        return columns

    def bind(self, views: dict[str, tuple[Array, Array]]) -> None:
        """Take the network's views as this layer's parameters and gradients."""

    def initialize(self, rng: np.random.Generator) -> None:
        """Draw the parameters."""

    def config(self) -> dict[str, Any]:
        """Arguments that make this layer again (its parameters apart)."""
        return {}

    def prepare(self, X: Array) -> None:
        """Take the buffers that a batch like X needs."""
        self._fits = X.shape, X.dtype

    def buffer(self, name: str, shape: tuple[int, ...], dtype: Any) -> Array:
        """An uninitialised array that is kept from batch to batch.

        A smaller batch gets the leading rows of the largest seen, so that the
        last, shorter batch of an epoch costs no new memory.
        """
        kept = self._buffers.get(name, _NOTHING)
        if kept.dtype != dtype or kept.shape[1:] != shape[1:] or len(kept) < shape[0]:
            kept = self._buffers[name] = np.empty(shape, dtype)
        return kept[: shape[0]]

    def __repr__(self) -> str:
        arguments = ", ".join(str(v) for v in self.config().values())
        return f"{type(self).__name__}({arguments})"


class Dense(Layer):
    """Affine map Z = XW + b, one example a row.

    X (N, D_in), W (D_in, D_out), b (D_out,) -> Z (N, D_out).

    Parameters
    ----------
    d_in, d_out : int
        Columns of the input and of the output, at least 1.
    init : callable, optional
        Initialiser of W, ``init(shape, rng)``; Glorot uniform if not given.
    init_bias : callable, optional
        Initialiser of b; zeros if not given.

    Attributes
    ----------
    W, b : ndarray
        Parameters: views into the network's ``params``. Assigning copies into
        the view; another shape raises ValueError.
    dW, db : ndarray
        ∂L/∂W and ∂L/∂b: views into the network's ``grads``.
    """

    def __init__(
        self,
        d_in: int,
        d_out: int,
        init: Initializer | None = None,
        init_bias: Initializer | None = None,
    ) -> None:
        super().__init__()
        check_count("Dense", "d_in", d_in)
        check_count("Dense", "d_out", d_out)
        self.d_in, self.d_out = int(d_in), int(d_out)
        self.shapes = {"W": (self.d_in, self.d_out), "b": (self.d_out,)}
        self.init = init if init is not None else GlorotUniform()
        self.init_bias = init_bias if init_bias is not None else Zeros()
        self.X: Array | None = None

    def forward(self, X: Array) -> Array:
        """Z = XW + b."""
        if (X.shape, X.dtype) != self._fits:
            self.prepare(X)
        self.X = X  # dW needs it
        X.dot(self._W, self.Z)
        # To repeat b for each example first is faster than a sum that broadcasts.
        self.B[...] = self._b
        self.Z += self.B
        return self.Z

    def backward(self, dZ: Array, input_gradient: bool = True) -> Array | None:
        """Assign dW = XᵀdZ, db = Σ dZ; return dX = dZWᵀ unless nobody needs it."""
        if self.X is None:
            raise RuntimeError(f"{self.name}: backward was called before forward")
        self.X.T.dot(dZ, self.dW)  # dW = Xᵀ dZ
        self.ones.dot(dZ, self.db)  # db = 1ᵀ dZ = Σ dZ
        return dZ.dot(self._W.T, self.dX) if input_gradient else None  # dX = dZ Wᵀ

    def prepare(self, X: Array) -> None:
        """Take buffers for Z, for b repeated, and for dX."""
        super().prepare(X)
        shape = len(X), self.d_out
        self.Z = self.buffer("Z", shape, X.dtype)
        self.B = self.buffer("B", shape, X.dtype)
        self.dX = self.buffer("dX", X.shape, X.dtype)
        self.ones = constant(1, X.dtype, len(X))

    @property
    def W(self) -> Array:
        """Weights, (D_in, D_out)."""
        return self._W

    @W.setter
    def W(self, value: Array) -> None:
        assign(self.name, "W", self._W, value)

    @property
    def b(self) -> Array:
        """Biases, (D_out,)."""
        return self._b

    @b.setter
    def b(self, value: Array) -> None:
        assign(self.name, "b", self._b, value)

    def columns_out(self, columns: int | None) -> int | None:
        """D_out; ValueError where the input does not fit W."""
        if columns is not None and columns != self.d_in:
            given = f"X has {columns} columns"
            raise ValueError(f"{self.name}: {given}, W expects {self.d_in}")
        return self.d_out

    def bind(self, views: dict[str, tuple[Array, Array]]) -> None:
        """Take the network's views as W, b, dW and db."""
        (self._W, self.dW), (self._b, self.db) = views["W"], views["b"]

    def initialize(self, rng: np.random.Generator) -> None:
        """Draw W, then b."""
        self.W = self.init(self.shapes["W"], rng)
        self.b = self.init_bias(self.shapes["b"], rng)

    def config(self) -> dict[str, Any]:
        """Arguments that make this layer again."""
        return {"d_in": self.d_in, "d_out": self.d_out}
