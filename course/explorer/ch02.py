"""Chapter 2: a network of three hidden neurons whose numbers are predicted."""

from __future__ import annotations

from itertools import product

import numpy as np

import backprop as bp
from course.explorer import drawing, strokes
from course.explorer.model import Data, Exploration
from course.explorer.strokes import Array, inputs, network, parameters

SHOWN = 2  # image 6
WIDEST, STEP = 4.0, 0.1  # of a weight's slider


def right_sides(net: bp.Sequential, X: Array) -> int:
    """Return how many of the four answers lie on the right side of one half.

    Parameters
    ----------
    net : Sequential
    X : ndarray of shape (4, 2)

    Returns
    -------
    int
    """
    return int(((net(X)[:, 0] > 0.5) == strokes.T).sum())


def most_by_one() -> int:
    """Return how many answers one parameter alone can set right.

    Returns
    -------
    int
        Over all places of all thirteen sliders.
    """
    X, net = inputs(), network()
    most = 0
    places = np.arange(-WIDEST, WIDEST + STEP / 2, STEP)
    for array in parameters(net):
        flat = array.reshape(-1)
        for i, value in product(range(flat.size), places):
            kept, flat[i] = flat[i], value
            most = max(most, right_sides(net, X))
            flat[i] = kept
    return most


def predict_data() -> Data:
    """Return images, network, and what can be reached by one parameter.

    Returns
    -------
    dict
    """
    return {
        "images": [f"image {i}" for i in strokes.IMAGES],
        "shown": SHOWN,
        "X": inputs().tolist(),
        "T": strokes.T,
        "W1": strokes.W1,
        "b1": strokes.B1,
        "W2": strokes.W2,
        "b2": strokes.B2,
        "widest": WIDEST,
        "step": STEP,
        "most": most_by_one(),
    }


def predict_picture(data: Data) -> str:
    """Draw the network with question marks in its neurons.

    Parameters
    ----------
    data : dict

    Returns
    -------
    str
    """
    left = [(45.0, 80.0), (45.0, 170.0)]
    middle = [(190.0, 40.0), (190.0, 125.0), (190.0, 210.0)]
    right = (335.0, 125.0)
    edges = [(a, b) for a in left for b in middle] + [(b, right) for b in middle]
    given = zip("uℓ", data["X"][data["shown"]], left, strict=True)
    return drawing.svg(
        380,
        250,
        *(drawing.line(edge, "parameter") for edge in edges),
        *(drawing.disc(place) for place in (*left, *middle, right)),
        *(drawing.words("?", (x, y + 5), "middle") for x, y in (*middle, right)),
        *(drawing.words(name, (x, y + 5), "middle") for name, _, (x, y) in given),
    )


def predict_alt(data: Data) -> str:
    """Say what the first picture shows.

    Parameters
    ----------
    data : dict

    Returns
    -------
    str
    """
    u, lower = data["X"][data["shown"]]
    return (
        f"Two inputs, u = {u:g} and ℓ = {lower:g}, lead to three hidden neurons and "
        "these to one output. What the neurons compute is masked."
    )


EXPLORATIONS = (
    Exploration(
        id="ch02.predict",
        title="Be the network",
        task=(
            "Image 6 has come in at the left. Every number to the right of it is "
            "masked until you have said what it is. Then the masks are off, and the "
            "weights can be moved."
        ),
        view="predict",
        data=predict_data,
        picture=predict_picture,
        alt=predict_alt,
        numbers=lambda data: [
            ("W1", str(data["W1"]).replace("-", "−")),
            ("b1", str(data["b1"]).replace("-", "−")),
            ("W2", str(data["W2"]).replace("-", "−")),
            ("b2", str(data["b2"])),
        ],
    ),
)
