"""Chapter 6: a bowl of two axes, and three optimizers in one curved valley."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

import backprop as bp
from backprop.functions import Array
from course.explorer.model import Data, Exploration

# The valley f(x, y) = 0.1 (x − 2)² + 10 (y − sin x)²: its floor, y = sin x, bends
# and falls to (2, sin 2). No curvature across it is more than 40, so that a step
# size which is stable at one place is stable, or nearly, at every other.
START = (-2.5, 0.5)
STEPS = 100
# One grid for all, that of the chapter: eight step sizes to a factor of ten.
GRID = tuple(10.0 ** (k / 8) for k in range(-32, 13))
JUDGED = 10  # last steps, of which the highest counts: no lucky swing wins
MAKERS: dict[str, Callable[[float], bp.Optimizer]] = {
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


def best_run(make: Callable[[float], bp.Optimizer]) -> tuple[float, Array]:
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


def _race() -> Data:
    runs = {name: best_run(make) for name, make in MAKERS.items()}
    return {
        "grid": [GRID[0], GRID[-1], len(GRID)],
        "runs": [
            {
                "name": name,
                "lr": float(f"{lr:.3g}"),
                "path": [[round(float(v), 4) for v in w] for w in path],
                "loss": [float(f"{valley(w):.4g}") for w in path],
            }
            for name, (lr, path) in runs.items()
        ],
    }


def _bowl() -> Data:
    return {"c": [1, 10], "start": [10, 1], "steps": 20, "low": 0.005, "high": 0.22}


def _race_alt(data: Data) -> str:
    return (
        "A valley seen from above: from the start at the left its floor bends down, "
        "then up to the lowest point at the right. No path is drawn yet."
    )


def _race_numbers(data: Data) -> list[tuple[str, str]]:
    return [(f"step size, {run['name']}", f"{run['lr']:g}") for run in data["runs"]]


def _bowl_alt(data: Data) -> str:
    return (
        "A bowl seen from above, ten times steeper along axis 2 than along axis 1: "
        "its lines of equal loss are ellipses. A dot at the right is the start."
    )


EXPLORATIONS = (
    Exploration(
        id="ch06.bowl",
        title="One step size for two axes",
        task=(
            "The bowl ½(w_1² + 10 w_2²) has curvature c_1 = 1 along one axis and "
            "c_2 = 10 along the other. Choose a step size η and say what each axis "
            "will do, before you let it walk. What is the number that decides?"
        ),
        view="bowl",
        data=_bowl,
        alt=_bowl_alt,
    ),
    Exploration(
        id="ch06.race",
        title="A race through a curved valley",
        task=(
            "Plain descent, momentum (β = 0.9) and Adam start at the same place. Each "
            "has its own best step size, searched for among the same 45: the highest "
            "loss of its last ten steps of 100 is lowest. Who is ahead after 10 "
            "steps, and who after 100? Say it, then move through the steps."
        ),
        view="race",
        data=_race,
        alt=_race_alt,
        numbers=_race_numbers,
    ),
)
