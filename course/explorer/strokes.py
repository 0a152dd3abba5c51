"""The running example: two pen strokes, and a network of three hidden neurons."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

import backprop as bp

Array = NDArray[np.float64]
IMAGES = (3, 5, 6, 2)
T = [0, 1, 0, 1]  # exactly one stroke?
W1, B1 = [[1.0, -1.0, 2.0], [-1.0, 1.0, 1.0]], [0.0, 0.0, -1.0]
W2, B2 = [[1.0], [1.0], [-1.0]], [0.0]


def inputs(images: Sequence[int] = IMAGES) -> Array:
    """Return u and ℓ, the mean ink in the upper and the lower box.

    Parameters
    ----------
    images : sequence of int
        Places in the collection.

    Returns
    -------
    ndarray of shape (len(images), 2)
    """
    ink = bp.data.digit_images()[0][list(images)]
    return np.column_stack([ink[:, 2:5, 2].mean(axis=1), ink[:, 5:7, 2:4].mean((1, 2))])


def network() -> bp.Sequential:
    """Return the network of chapters 2 to 6, with the answer's sigmoid.

    Returns
    -------
    Sequential
    """
    net = bp.Sequential(bp.Dense(2, 3), bp.Tanh(), bp.Dense(3, 1), bp.Sigmoid(), rng=0)
    for place, new in zip(parameters(net), (W1, B1, W2, B2), strict=True):
        place[:] = np.array(new)
    return net


def parameters(net: bp.Sequential) -> list[Array]:
    """Return W1, b1, W2 and b2 themselves.

    Parameters
    ----------
    net : Sequential

    Returns
    -------
    list of ndarray
    """
    dense = [layer for layer in net.layers if isinstance(layer, bp.Dense)]
    return [array for layer in dense for array in (layer.W, layer.b)]
