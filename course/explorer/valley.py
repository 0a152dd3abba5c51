"""The curved valley of chapter 6's race, and how each optimizer is tuned for it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

import backprop as bp
from backprop.functions import Array

# The valley f(x, y) = 0.1 (x − 2)² + 10 (y − sin x)²: its floor, y = sin x, bends
# and falls to (2, sin 2). No curvature across it is more than 40, so that a step
# size which is stable at one place is stable, or nearly, at every other.
START = (-2.5, 0.5)
STEPS = 100
# One grid for all, that of the chapter: eight step sizes to a factor of ten.
GRID = tuple(10.0 ** (k / 8) for k in range(-32, 13))
JUDGED = 10  # last steps, of which the highest counts: no lucky swing wins
Maker = Callable[[float], bp.Optimizer]
MAKERS: dict[str, Maker] = {
    "plain descent": bp.SGD,
    "momentum": bp.Momentum,  # beta = 0.9
    "Adam": bp.Adam,  # beta1 = 0.9, beta2 = 0.999
}


def valley(w: Array) -> float:
    """Return the height of the valley at w = (x, y).

    Parameters
    ----------
    w : ndarray of shape (2,)

    Returns
    -------
    float
    """
    x, y = w
    return float(0.1 * (x - 2) ** 2 + 10 * (y - np.sin(x)) ** 2)


def valley_gradient(w: Array) -> Array:
    """Return (∂f/∂x, ∂f/∂y) at w = (x, y).

    Parameters
    ----------
    w : ndarray of shape (2,)

    Returns
    -------
    ndarray of shape (2,)
    """
    x, y = w
    above = y - np.sin(x)  # the floor
    return np.array([0.2 * (x - 2) - 20 * np.cos(x) * above, 20 * above])


def descend(optimizer: bp.Optimizer, start: tuple[float, ...] = START) -> Array:
    """Return an optimizer's path through the valley.

    Parameters
    ----------
    optimizer : backprop.Optimizer
        A new one.
    start : tuple of float

    Returns
    -------
    ndarray of shape (101, 2)
        Infinite from where it left all bounds.
    """
    # A Dense(1, 1) has two parameters, which we use as x and y.
    net = bp.Sequential(bp.Dense(1, 1), rng=0)
    net.params = np.array(start)
    path = np.full((STEPS + 1, 2), np.inf)
    path[0] = start
    for step in range(1, STEPS + 1):
        net.grads[:] = valley_gradient(net.params)
        optimizer.step(net)
        if np.abs(net.params).max() > 100:
            break
        path[step] = net.params
    return path


def best_run(make: Maker) -> tuple[float, Array]:
    """Return the step size of the grid whose last steps stay lowest, and its path.

    Parameters
    ----------
    make : callable
        lr -> optimizer.

    Returns
    -------
    lr : float
    path : ndarray of shape (101, 2)
    """
    runs = [(lr, descend(make(lr))) for lr in GRID]
    ended = [run for run in runs if np.isfinite(run[1]).all()]
    return min(ended, key=lambda run: max(map(valley, run[1][-JUDGED:])))
