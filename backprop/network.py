"""A network: layers in a row over one flat vector of parameters.

All parameters live in one vector and all gradients in another; a layer's
W, b, dW and db are views into them. So an optimizer is a few operations on two
vectors, whatever the network looks like.
"""

import copy
import math
from collections.abc import Iterator
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from backprop.checks import assign
from backprop.functions import Array, Rng
from backprop.layers import Layer
from backprop.value import values


class Sequential:
    """Layers, applied one after another.

    Parameters
    ----------
    *layers : Layer
        At least one; neighbours must fit. A layer belongs to one network.
    rng : int or numpy.random.Generator, optional
        What the parameters are drawn from, layer by layer. Without it they
        differ from run to run.
    dtype : numpy.dtype, optional
        float64 (default) or float32, of parameters and of everything computed.

    Attributes
    ----------
    layers : tuple of Layer
        The layers, in order.
    params, grads : ndarray of shape (P,)
        All parameters and all gradients, flat. Assigning to ``params`` copies.

    Examples
    --------
    >>> import numpy as np, backprop as bp
    >>> net = bp.Sequential(bp.Dense(2, 3), bp.Tanh(), bp.Dense(3, 1), rng=0)
    >>> net.forward(np.zeros((5, 2))).shape
    (5, 1)
    """

    def __init__(
        self, *layers: Layer, rng: Rng | None = None, dtype: DTypeLike = np.float64
    ) -> None:
        self.dtype = np.dtype(dtype)
        if self.dtype not in (np.float64, np.float32):
            raise TypeError(
                f"Sequential: dtype is {self.dtype}, expected float64 or float32"
            )
        self.layers = layers
        self._check_layers()
        size = sum(math.prod(s) for layer in layers for s in layer.shapes.values())
        self.bind(np.zeros(size, self.dtype), np.zeros(size, self.dtype))
        self._shape_out: tuple[int, ...] | None = None  # of the last forward
        self._fits = (), (0, 0)  # the last good shape of an input, and its output's
        generator = np.random.default_rng(rng)
        for layer in layers:
            layer.owned = True
            layer.initialize(generator)

    def _check_layers(self) -> None:
        if not self.layers:
            raise ValueError("Sequential: no layers given, expected at least one")
        for i, layer in enumerate(self.layers):
            kind, where = type(layer).__name__, f"Sequential: layer {i}"
            if not isinstance(layer, Layer):
                raise TypeError(f"{where} is a {kind}, expected a Layer")
            if any(layer is other for other in self.layers[:i]):
                raise ValueError(f"{where} ({layer}) stands there twice")
            if layer.owned:
                theirs = f"({layer}) belongs to another network; make a new layer"
                raise ValueError(f"{where} {theirs}")
            layer.name = f"{kind} {i}"
        self._columns_out(None)  # neighbours must fit

    def bind(self, params: Array, grads: Array) -> None:
        """Make these two vectors the parameters and gradients of all layers."""
        self._params, self.grads = params, grads
        start = 0
        for layer in self.layers:
            views: dict[str, tuple[Array, Array]] = {}
            for name, shape in layer.shapes.items():
                mine = slice(start, start + math.prod(shape))
                views[name] = params[mine].reshape(shape), grads[mine].reshape(shape)
                start = mine.stop
            layer.bind(views)

    @property
    def params(self) -> Array:
        """All parameters, one flat vector (P,)."""
        return self._params

    @params.setter
    def params(self, vector: Array) -> None:
        assign("Sequential", "params", self._params, vector)

    def forward(self, X: Array) -> Array:
        """Compute the network's output for a batch; keep what `backward` needs.

        The layers keep X itself, not a copy: `backward` wants it unchanged.

        Parameters
        ----------
        X : ndarray of shape (N, D_in)
            One example a row, N >= 1, of the network's dtype.

        Returns
        -------
        ndarray of shape (N, D_out)
            A new array, the caller's own.

        Raises
        ------
        ValueError
            X is not a matrix, is empty, or does not fit the first layer.
        TypeError
            X is no array of the network's dtype.
        """
        self.check_input(X)
        return self.propagate(X).copy()

    __call__ = forward

    def propagate(self, X: Array) -> Array:
        """`forward` without checks, returning the last layer's own buffer."""
        for layer in self.layers:
            X = layer.forward(X)
        self._shape_out = X.shape
        return X

    def backward(self, dY: Array, input_gradient: bool = True) -> Array | None:
        """Propagate ∂L/∂Y back; assign ``grads``.

        Parameters
        ----------
        dY : ndarray of shape (N, D_out)
            ∂L/∂Y, where Y is what the last `forward` returned.
        input_gradient : bool, optional
            False leaves out ∂L/∂X, which training does not read.

        Returns
        -------
        ndarray of shape (N, D_in) or None
            ∂L/∂X, a new array; None if it was not asked for.

        Raises
        ------
        RuntimeError
            There was no `forward` before.
        ValueError
            dY has another shape than the last output.
        TypeError
            dY is no array of the network's dtype.
        """
        if self._shape_out is None:
            raise RuntimeError("Sequential: backward was called before forward")
        self._check_array("dY", dY)
        if dY.shape != self._shape_out:
            given = f"Sequential: dY has shape {dY.shape}"
            raise ValueError(f"{given}, the last output has {self._shape_out}")
        dX = self.backpropagate(dY, input_gradient)
        return None if dX is None else dX.copy()

    def backpropagate(self, dY: Array, input_gradient: bool = False) -> Array | None:
        """`backward` without checks, returning the first layer's own buffer."""
        first, dX = self.layers[0], dY
        for layer in self.layers[:0:-1]:
            dX = layer.backward(dX)  # type: ignore[assignment]  # None is for `first`
        return first.backward(dX, input_gradient)

    def check_input(self, X: Array) -> tuple[int, int]:
        """Shape of the output for X; a clear error if X is no batch for us."""
        self._check_array("X", X)
        if X.shape != self._fits[0]:
            if X.ndim != 2 or X.size == 0:
                expected = "expected (N, D), not empty"
                raise ValueError(f"Sequential: X has shape {X.shape}, {expected}")
            N, D = X.shape
            self._fits = X.shape, (N, self._columns_out(D) or D)
        return self._fits[1]

    def _check_array(self, name: str, array: Array) -> None:
        if not isinstance(array, np.ndarray):
            kind = type(array).__name__
            raise TypeError(f"Sequential: {name} is a {kind}, expected a NumPy array")
        dtype = self._params.dtype
        if array.dtype != dtype:
            remedy = f"the network computes in {dtype}; convert it with {name}.astype"
            raise TypeError(f"Sequential: {name} has dtype {array.dtype}, {remedy}")

    def _columns_out(self, columns: int | None) -> int | None:
        for layer in self.layers:
            columns = layer.columns_out(columns)
        return columns

    def as_values(self) -> "Sequential":
        """A copy of this network whose parameters are `Value` objects.

        Its `forward` builds the scalar graph of every operation; after
        ``loss.backward()`` on a `Value` computed from the output, each
        parameter's ``grad`` is the scalar chain rule's answer. The package's
        central test holds `Dense.backward` equal to it.
        """
        twin = copy.deepcopy(self)
        twin.bind(values(self.params), np.zeros(self.params.shape, object))
        return twin

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Bind anew: a copy or a pickle holds each view as an array of its own."""
        self.__dict__.update(state)
        self.bind(self._params, self.grads)

    def save(self, path: str | PathLike[str]) -> None:
        """Write architecture and parameters to one .npz file; see `load`."""
        from backprop import storage  # which imports this module

        storage.save(self, path)

    def __iter__(self) -> Iterator[Layer]:
        return iter(self.layers)

    def __repr__(self) -> str:
        inside = ", ".join(map(repr, self.layers))
        return f"Sequential({inside}, dtype={self.dtype})"
