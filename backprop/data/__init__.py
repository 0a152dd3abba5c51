"""Data to learn from: small, deterministic, with nothing to download.

Features are float64 matrices, one example a row. Targets are class indices
(N,) for `SoftmaxCrossEntropy`, or a column (N, 1) for `MeanSquaredError` and
`BinaryCrossEntropy`.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from backprop.checks import check, check_count
from backprop.functions import Array, Rng

__all__ = [
    "Split", "curve", "digit_images", "digits", "parity", "spirals", "split", "xor",
]  # fmt: skip


class Split(NamedTuple):
    """Data in three parts: to learn from, to choose by, to report on.

    Attributes
    ----------
    X_train, T_train, X_val, T_val, X_test, T_test : ndarray
        Rows and targets of each part.
    """

    X_train: Array
    T_train: Array
    X_val: Array
    T_val: Array
    X_test: Array
    T_test: Array


def xor() -> tuple[Array, Array]:
    """Exclusive or: the target is 1 where exactly one input is.

    Returns
    -------
    X : ndarray of shape (4, 2)
    T : ndarray of shape (4, 1)
    """
    return parity(2)


def parity(bits: int) -> tuple[Array, Array]:
    """All 2^bits inputs; the target is 1 where an odd number of bits is 1.

    Parameters
    ----------
    bits : int
        1 to 16.

    Returns
    -------
    X : ndarray of shape (2^bits, bits)
    T : ndarray of shape (2^bits, 1)
    """
    ok = isinstance(bits, int | np.integer) and 1 <= bits <= 16
    check(ok, "parity", "bits", bits, "an integer from 1 to 16")
    X = (np.arange(2**bits)[:, None] >> np.arange(bits - 1, -1, -1)) & 1
    return X.astype(float), (X.sum(axis=1, keepdims=True) % 2).astype(float)


def spirals(
    n: int = 100,
    classes: int = 2,
    *,
    noise: float = 0.1,
    turns: float = 1.0,
    rng: Rng | None = None,
) -> tuple[Array, Array]:
    """Interleaved spirals in the plane, one a class.

    Parameters
    ----------
    n : int
        Points per class, >= 1.
    classes : int
        Number of spirals, >= 2.
    noise : float
        Standard deviation of the noise on the angle, in radians, >= 0.
    turns : float
        Turns that each spiral makes from the centre to radius 1.
    rng : int or numpy.random.Generator, optional

    Returns
    -------
    X : ndarray of shape (n·classes, 2)
    T : ndarray of int, shape (n·classes,)
        Class by class, in order.
    """
    check_count("spirals", "n", n)
    check_count("spirals", "classes", classes, 2)
    check(0 <= noise < np.inf, "spirals", "noise", noise, "0 or more")
    T = np.repeat(np.arange(classes), n)
    radius = np.tile(np.linspace(0.05, 1, n), classes)
    angle = 2 * np.pi * (radius * turns + T / classes)
    angle += np.random.default_rng(rng).normal(0, noise, angle.shape)
    return radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]), T


CURVES: dict[str, Callable[[Array], Array]] = {
    "line": lambda x: 0.5 * x,
    "sine": lambda x: np.sin(np.pi * x),
    "step": lambda x: np.where(x > 0, 1.0, -1.0),
    "bump": lambda x: np.exp(-8 * x**2),
}


def curve(
    n: int = 100, kind: str = "sine", *, noise: float = 0.1, rng: Rng | None = None
) -> tuple[Array, Array]:
    """Noisy points of a curve on [−1, 1], for regression.

    Parameters
    ----------
    n : int
        Number of points, evenly spaced, >= 1.
    kind : {"line", "sine", "step", "bump"}
        ½x, sin πx, sign x, exp(−8x²).
    noise : float
        Standard deviation of the noise on the target, >= 0.
    rng : int or numpy.random.Generator, optional

    Returns
    -------
    X, T : ndarray of shape (n, 1)
    """
    check_count("curve", "n", n)
    check(0 <= noise < np.inf, "curve", "noise", noise, "0 or more")
    check(kind in CURVES, "curve", "kind", kind, f"one of {list(CURVES)}")
    X = np.linspace(-1, 1, n)[:, None]
    return X, CURVES[kind](X) + np.random.default_rng(rng).normal(0, noise, X.shape)


def digit_images() -> tuple[Array, Array]:
    """The 1,797 UCI handwritten digits, in their published order.

    Returns
    -------
    images : ndarray of shape (1797, 8, 8)
        Ink from 0 (none) to 1: the published pixels divided by 16.
    labels : ndarray of int, shape (1797,)

    Notes
    -----
    E. Alpaydin and C. Kaynak (1998), doi:10.24432/C50P49, CC BY 4.0; see
    digits.md beside the file.
    """
    with np.load(Path(__file__).parent / "digits.npz", allow_pickle=False) as file:
        return file["pixels"] / 16, file["labels"].astype(np.intp)


def digits() -> Split:
    """Return the digits as rows of 64 pixels, in a fixed stratified split.

    Returns
    -------
    Split
        1,079 examples to train on, 359 to validate, 359 to test; each digit
        has the same share of each part, to within one example.
    """
    images, labels = digit_images()
    return split(images.reshape(len(images), -1), labels, rng=0)


def split(
    X: Array, T: Array, *, validation: float = 0.2, test: float = 0.2, rng: Rng
) -> Split:
    """Split labelled data, stratified: every class in the same proportions.

    Parameters
    ----------
    X : ndarray of shape (N, …)
    T : ndarray of int, shape (N,)
        Class indices.
    validation, test : float
        Shares, > 0, together < 1.
    rng : int or numpy.random.Generator
        Decides which example goes where: the same seed, the same split.

    Returns
    -------
    Split
        Copies; no example stands in two parts, none is lost.
    """
    X, T = np.asarray(X), np.asarray(T)
    if T.ndim != 1 or not 0 < len(T) == len(X) or T.dtype.kind not in "iu":
        given = f"X has shape {X.shape}, T {T.shape} of {T.dtype}"
        raise ValueError(f"split: {given}; expected class indices (N,), one a row of X")
    if not (validation > 0 and test > 0 and validation + test < 1):
        given = f"validation is {validation}, test is {test}"
        raise ValueError(f"split: {given}; expected positive shares, a sum below 1")
    generator = np.random.default_rng(rng)
    classes: list[list[Array]] = []  # of each class, the rows for each part
    for label in np.unique(T):
        rows = generator.permutation(np.flatnonzero(T == label))
        n_val, n_test = round(validation * len(rows)), round(test * len(rows))
        ends = [len(rows) - n_val - n_test, len(rows) - n_test]
        classes.append(np.split(rows, ends))
    arrays: list[Array] = []
    for part in zip(*classes, strict=True):
        rows = generator.permutation(np.concatenate(part))  # mix the classes
        arrays += [X[rows], T[rows]]
    return Split(*arrays)
