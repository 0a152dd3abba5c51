"""Losses: one number that says how wrong a batch of outputs is.

`forward` gives the number, `backward` its gradient with respect to the
network's output. Averaging over the batch stands here and nowhere else: the
gradients that reach the layers are already averaged.
"""

import math
from functools import lru_cache

import numpy as np

from backprop.checks import check_all
from backprop.functions import SIGMOID, SOFTPLUS, Array, constant


class Loss:
    """A loss L(Y, T) of outputs Y (N, K) and targets T."""

    _kept: tuple[Array, ...] = ()  # by `compute`, for `backward`

    @property
    def name(self) -> str:
        """The class, for messages."""
        return type(self).__name__

    def forward(self, Y: Array, T: Array) -> float:
        """Compute the loss of a batch and keep what `backward` needs.

        Y and T may be kept themselves, not copies: `backward` wants them unchanged.

        Parameters
        ----------
        Y : ndarray of shape (N, K)
            The network's output.
        T : ndarray
            Targets; see the class.

        Returns
        -------
        float
            The loss, averaged as the class says.

        Raises
        ------
        ValueError, TypeError
            Shapes or labels do not fit; the message names them.
        """
        if not isinstance(Y, np.ndarray) or Y.dtype.kind != "f":
            kind = Y.dtype if isinstance(Y, np.ndarray) else type(Y).__name__
            raise TypeError(f"{self.name}: Y is {kind}, expected an array of floats")
        if Y.ndim != 2 or Y.size == 0:
            given = f"Y has shape {Y.shape}"
            raise ValueError(f"{self.name}: {given}, expected (N, K) with N >= 1")
        return self.compute(Y, self.check_targets(T, Y.shape, Y.dtype))

    def check_targets(self, T: Array, shape: tuple[int, ...], dtype: np.dtype) -> Array:
        """Return T as an array fit for `compute`, or raise a clear error.

        It has Y's `shape` and `dtype` and may be T itself; `compute` takes no other.
        """
        T = np.asarray(T)
        if T.shape != shape:
            given = f"T has shape {T.shape}, Y has {shape}"
            raise ValueError(f"{self.name}: {given}; they must be equal")
        if T.dtype.kind not in "fiub":
            raise TypeError(f"{self.name}: T has dtype {T.dtype}, expected numbers")
        T = T.astype(dtype, copy=False)
        if not math.isfinite(np.vdot(T, T)):  # far faster than a look at each
            check_all(self.name, "T", T, np.isfinite(T), "finite numbers")
        return T

    def compute(self, Y: Array, T: Array) -> float:
        """`forward` without checks; T is what `check_targets` returned."""
        raise NotImplementedError(f"{self.name} has no compute")

    def backward(self) -> Array:
        """∂L/∂Y of the last `forward`, (N, K), a new array."""
        raise NotImplementedError(f"{self.name} has no backward")

    def _recall(self) -> tuple[Array, ...]:
        if not self._kept:
            raise RuntimeError(f"{self.name}: backward was called before forward")
        return self._kept

    def __repr__(self) -> str:
        return f"{self.name}()"


class MeanSquaredError(Loss):
    """L = Σ (Y − T)² / (N K): the mean over all N·K numbers.

    T has Y's shape exactly: (N,) against (N, 1) would broadcast to (N, N).
    """

    def compute(self, Y: Array, T: Array) -> float:
        """Mean of (Y − T)²."""
        D = Y - T
        self._kept = (D,)
        return float(np.vdot(D, D)) / D.size

    def backward(self) -> Array:
        """Return dY = 2 (Y − T) / (N K)."""
        (D,) = self._recall()
        return D * constant(2 / D.size, D.dtype)


class BinaryCrossEntropy(Loss):
    """Cross-entropy of yes/no targets, on logits z: mean of softplus(z) − t z.

    That is −t log σ(z) − (1 − t) log(1 − σ(z)), in a form in which nothing
    overflows. T has Y's shape, its entries lie in [0, 1].

    Notes
    -----
    Computed as max(z, 0) − t z + softplus(−|z|): so a small loss keeps its
    digits, which softplus(z) − z would cancel.
    """

    def check_targets(self, T: Array, shape: tuple[int, ...], dtype: np.dtype) -> Array:
        """Return T as an array fit for `compute`, or raise a clear error."""
        T = super().check_targets(T, shape, dtype)
        check_all(self.name, "T", T, (T >= 0) & (T <= 1), "0 to 1")
        return T

    def compute(self, Y: Array, T: Array) -> float:
        """Mean of softplus(z) − t z."""
        self._kept = Y, T
        L: Array = np.maximum(Y, 0) - T * Y + SOFTPLUS.f(-np.abs(Y))
        return float(L.mean())

    def backward(self) -> Array:
        """Return dY = (σ(Y) − T) / (N K)."""
        Y, T = self._recall()
        dY: Array = SIGMOID.f(Y)
        dY -= T
        dY /= dY.size
        return dY


class SoftmaxCrossEntropy(Loss):
    """Softmax and cross-entropy in one: mean over N of logsumexp(z) − z_t.

    T is either class indices (N,), integers in 0..K−1, or probabilities of
    Y's shape whose rows sum to 1. Logits of ±1e4 are fine: the row's largest
    is subtracted before anything is exponentiated.
    """

    def check_targets(self, T: Array, shape: tuple[int, ...], dtype: np.dtype) -> Array:
        """Return T as probabilities (N, K), or raise a clear error.

        A label becomes the row of probabilities that is 1 at its class.
        """
        T = np.asarray(T)
        if T.ndim == 2:
            T = super().check_targets(T, shape, dtype)
            good = (np.abs(T.sum(axis=1) - 1) <= 1e-5) & (T >= 0).all(axis=1)
            check_all(self.name, "T", T, good, "probabilities that sum to 1")
            return T
        N, K = shape
        if T.shape != (N,):
            expected = f"({N},) class indices or {shape} probabilities"
            raise ValueError(f"{self.name}: T has shape {T.shape}, expected {expected}")
        if T.dtype.kind not in "iu":
            raise TypeError(f"{self.name}: labels are {T.dtype}, expected integers")
        # argmin and argmax take a fraction of the time of min and max.
        if T.item(T.argmin()) < 0 or T.item(T.argmax()) >= K:
            expected = f"0 to {K - 1} for {K} outputs"
            check_all(self.name, "label T", T, (T >= 0) & (T < K), expected)
        return _identity(K, dtype).take(T.astype(np.intp, copy=False), axis=0)

    def compute(self, Y: Array, T: Array) -> float:
        """Mean of logsumexp(z) − Σ t z."""
        N, K = Y.shape
        top = Y[np.arange(N), Y.argmax(axis=1)]
        Z = Y - top[:, None]
        tz = np.vdot(T, Z)  # Σ t z, over all rows at once
        P = np.exp(Z, out=Z)
        total = P.dot(constant(1, P.dtype, K))  # Σ over each row
        P /= total[:, None]
        self._kept = P, T
        return float(constant(1, P.dtype, N).dot(np.log(total)) - tz) / len(Y)

    def backward(self) -> Array:
        """Return dY = (P − T) / N."""
        P, T = self._recall()
        dY: Array = P - T
        dY /= constant(len(P), P.dtype)
        return dY


@lru_cache(maxsize=4)
def _identity(K: int, dtype: np.dtype) -> Array:
    """Row t is the one-hot form of label t; kept, since every batch asks."""
    return np.eye(K, dtype=dtype)
