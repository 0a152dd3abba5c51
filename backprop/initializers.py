"""How weights start.

An initialiser is called with a shape and a `numpy.random.Generator` and
returns an array. For a weight matrix the shape is (fan_in, fan_out): the
number of inputs a neuron reads, and the number of neurons its input feeds.
"""

from dataclasses import dataclass

import numpy as np

from backprop.checks import check
from backprop.functions import Array


@dataclass(frozen=True)
class Zeros:
    """All zeros: right for biases; weights stay alike for ever (chapter 7)."""

    def __call__(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        """Zeros of this shape."""
        return np.zeros(shape)


@dataclass(frozen=True)
class Normal:
    """Normal with mean 0.

    Parameters
    ----------
    std : float, optional
        Standard deviation.
    """

    std: float = 0.01

    def __call__(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        """Draw an array of this shape."""
        return rng.normal(0.0, self.std, shape)


@dataclass(frozen=True)
class Uniform:
    """Uniform on [−limit, limit).

    Parameters
    ----------
    limit : float, optional
        Largest size of a weight.
    """

    limit: float = 0.05

    def __call__(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        """Draw an array of this shape."""
        return rng.uniform(-self.limit, self.limit, shape)


class VarianceScaling:
    """Weights with Var[w] = scale / fan, normal or uniform; subclasses say which.

    Attributes
    ----------
    scale : float
        1 keeps the variance through a linear layer, 2 through a ReLU.
    fan : {"in", "average"}
        Divide by fan_in, or by the mean of fan_in and fan_out.
    uniform : bool
        Uniform on ±√(3 Var), otherwise normal (not truncated).
    """

    scale: float
    fan: str
    uniform: bool

    def __call__(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        """Draw a weight matrix of shape (fan_in, fan_out)."""
        check(len(shape) == 2, type(self).__name__, "shape", shape, "(fan_in, fan_out)")
        fan = shape[0] if self.fan == "in" else sum(shape) / 2
        std = np.sqrt(self.scale / fan)
        if self.uniform:
            return rng.uniform(-np.sqrt(3) * std, np.sqrt(3) * std, shape)
        return rng.normal(0.0, std, shape)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class GlorotUniform(VarianceScaling):
    """U(±√(6/(fan_in + fan_out))): Glorot and Bengio (2010)."""

    scale, fan, uniform = 1.0, "average", True


class GlorotNormal(VarianceScaling):
    """Normal with Var = 2/(fan_in + fan_out): Glorot and Bengio (2010)."""

    scale, fan, uniform = 1.0, "average", False


class HeUniform(VarianceScaling):
    """U(±√(6/fan_in)), for ReLU: He et al. (2015), ½ n Var[w] = 1."""

    scale, fan, uniform = 2.0, "in", True


class HeNormal(VarianceScaling):
    """Normal with Var = 2/fan_in, for ReLU: He et al. (2015)."""

    scale, fan, uniform = 2.0, "in", False


class LeCunUniform(VarianceScaling):
    """U(±√(3/fan_in)): LeCun et al. (1998), "Efficient BackProp"."""

    scale, fan, uniform = 1.0, "in", True


class LeCunNormal(VarianceScaling):
    """Normal with Var = 1/fan_in: LeCun et al. (1998)."""

    scale, fan, uniform = 1.0, "in", False
