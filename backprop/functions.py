"""Scalar functions with their derivatives, each formula written once.

The array layers (`backprop.activations`) and the scalar engine
(`backprop.value`) both take their arithmetic from here, so that a derivative
cannot be right in one and wrong in the other.

A derivative gets both z and a = f(z), because for most functions it is
cheapest in terms of the output that forward has already computed. Every
function writes into `out` where one is given: a training step then allocates
nothing.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
Rng = int | np.random.Generator  # a seed, or what it would make

LEAKY_SLOPE = 0.01  # Maas, Hannun and Ng (2013)


@lru_cache(maxsize=64)
def constant(value: float, dtype: np.dtype, shape: int | tuple[()] = ()) -> Array:
    """Return a number, or a vector of so many, as an array: read-only and kept.

    NumPy converts a Python number anew in each operation, which on a small
    array takes as long as the operation. And a product with a vector of ones is
    a sum over rows or columns, at a fraction of the time of ``sum``.
    """
    array = np.full(shape, value, dtype)
    array.flags.writeable = False
    return array


class Function(NamedTuple):
    """An elementwise function with its derivative.

    Attributes
    ----------
    name : str
        Lower-case name, used in graphs and messages.
    f : callable
        ``f(z, out=None)``: the value, of z's shape.
    df : callable
        ``df(z, a, out=None)``: df/dz, of z's shape, where a = f(z).
    """

    name: str
    f: Callable[..., Any]
    df: Callable[..., Any]


def _identity_df(z: Any, a: Any, out: Array | None = None) -> Any:
    d = np.empty_like(z) if out is None else out
    d[...] = 1
    return d


def _tanh_df(z: Any, a: Any, out: Array | None = None) -> Any:
    d = np.multiply(a, a, out=out)
    return np.subtract(1, d, out=out)  # 1 − a²


def _sigmoid(z: Any, out: Array | None = None) -> Any:
    """σ(z) = (1 + tanh(z/2))/2: 1/(1 + e⁻ᶻ) in a form that cannot overflow."""
    a = np.tanh(np.multiply(z, 0.5, out=out), out=out)
    return np.multiply(np.add(a, 1, out=out), 0.5, out=out)


def _sigmoid_df(z: Any, a: Any, out: Array | None = None) -> Any:
    return np.multiply(a, np.subtract(1, a, out=out), out=out)  # a(1 − a)


def _relu(z: Any, out: Array | None = None) -> Any:
    return np.maximum(z, 0.0 if out is None else constant(0, out.dtype), out=out)


def _relu_df(z: Any, a: Any, out: Array | None = None) -> Any:
    """1 where z > 0, which is where a ≠ 0, and faster than a comparison.

    At z = 0 any value in [0, 1] is a subgradient; we take 0.
    """
    d = np.empty_like(z) if out is None else out
    d[...] = np.not_equal(a, 0) if out is None else a.astype(bool)
    return d


def _leaky_relu(z: Any, out: Array | None = None) -> Any:
    scaled = np.multiply(z, LEAKY_SLOPE, out=out if out is not z else None)
    return np.maximum(z, scaled, out=out)


def _leaky_relu_df(z: Any, a: Any, out: Array | None = None) -> Any:
    d = np.multiply(z > 0, 1 - LEAKY_SLOPE, out=out)
    return np.add(d, LEAKY_SLOPE, out=out)  # 1 where z > 0, else the slope


def _softplus(z: Any, out: Array | None = None) -> Any:
    return np.logaddexp(z, 0, out=out)  # log(1 + eᶻ), safe for large z


IDENTITY = Function("identity", np.positive, _identity_df)
EXP = Function("exp", np.exp, lambda z, a, out=None: np.positive(a, out=out))
LOG = Function("log", np.log, lambda z, a, out=None: np.reciprocal(z, out=out))
TANH = Function("tanh", np.tanh, _tanh_df)
SIGMOID = Function("sigmoid", _sigmoid, _sigmoid_df)
RELU = Function("relu", _relu, _relu_df)
LEAKY_RELU = Function("leaky_relu", _leaky_relu, _leaky_relu_df)
SOFTPLUS = Function("softplus", _softplus, lambda z, a, out=None: _sigmoid(z, out))
