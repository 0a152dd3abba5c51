"""What several tests share: measured gradients, random data, known layers."""

from collections.abc import Callable

import numpy as np

import backprop as bp

ACTIVATIONS = (
    bp.Identity,
    bp.Sigmoid,
    bp.Tanh,
    bp.ReLU,
    bp.LeakyReLU,
    bp.Softplus,
)
LOSSES = (bp.MeanSquaredError, bp.BinaryCrossEntropy, bp.SoftmaxCrossEntropy)
OPTIMIZERS = (
    lambda: bp.SGD(lr=0.1),
    lambda: bp.Momentum(lr=0.1),
    lambda: bp.Momentum(lr=0.1, nesterov=True),
    lambda: bp.Adam(lr=0.1),
)


def relative_error(derived: np.ndarray, measured: np.ndarray) -> float:
    """max|a − n| / max(‖a‖∞, ‖n‖∞, 1e-8), the book's definition."""
    assert derived.shape == measured.shape
    scale = max(np.abs(derived).max(), np.abs(measured).max(), 1e-8)
    return float(np.abs(derived - measured).max() / scale)


def measured_gradient(f: Callable[[], float], w: np.ndarray) -> np.ndarray:
    """Central differences of f() while each entry of w moves, in place."""
    slope = np.empty(w.shape)
    for at in np.ndindex(w.shape):
        kept = w[at]
        h = 6e-6 * max(1.0, abs(kept))  # eps^(1/3): rounding = truncation
        w[at] = kept + h
        above = f()
        w[at] = kept - h
        below = f()
        w[at] = kept
        slope[at] = (above - below) / (2 * h)
    return slope


def away_from_zero(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Numbers of both signs with 0.1 < |z| < 2: no kink within reach of h."""
    return rng.choice([-1.0, 1.0], shape) * rng.uniform(0.1, 2.0, shape)


def targets_for(
    loss: bp.Loss, rng: np.random.Generator, N: int, K: int, soft: bool = False
) -> np.ndarray:
    """Random targets of the kind that this loss takes."""
    if isinstance(loss, bp.SoftmaxCrossEntropy):
        return rng.dirichlet(np.ones(K), N) if soft else rng.integers(0, K, N)
    if isinstance(loss, bp.BinaryCrossEntropy):
        return rng.random((N, K)) if soft else rng.integers(0, 2, (N, K)) * 1.0
    return rng.normal(size=(N, K))


def one_of_each_layer(rng: int = 0) -> bp.Sequential:
    """A network in which every layer type stands once, all widths different."""
    return bp.Sequential(
        bp.Dense(3, 5),
        bp.Tanh(),
        bp.Dense(5, 4),
        bp.Sigmoid(),
        bp.Softplus(),
        bp.LeakyReLU(),
        bp.Identity(),
        bp.Dense(4, 2),
        bp.ReLU(),
        rng=rng,
    )
