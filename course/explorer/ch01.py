"""Chapter 1: the change that a slope predicts, and the one that happens."""

from __future__ import annotations

import numpy as np

import backprop as bp
from course.explorer import drawing
from course.explorer.model import Data, Exploration
from course.explorer.strokes import inputs

W, B, T = (0.5, -0.5), 0.0, 1.0  # the neuron of the chapter, and image 6's target
WIDEST, START = 2.0, 1.0  # of the steps h
SHARE = 0.01  # how near a prediction shall come


def loss_and_rate(w_u: float) -> tuple[float, float]:
    """Return the loss of image 6 and its slope against w_u, by the package.

    Parameters
    ----------
    w_u : float

    Returns
    -------
    (float, float)
    """
    net = bp.Sequential(bp.Dense(2, 1), bp.Sigmoid(), rng=0)
    dense, loss = net.layers[0], bp.MeanSquaredError()
    assert isinstance(dense, bp.Dense)
    dense.W[:] = [[w_u], [W[1]]]
    dense.b[:] = B
    value = loss.forward(net(inputs([6])), np.array([[T]]))
    net.backward(loss.backward())
    return value, float(dense.dW[0, 0])


def share(h: float) -> float:
    """Return by which part of the actual change a prediction misses it.

    Parameters
    ----------
    h : float
        The step of w_u; not 0.

    Returns
    -------
    float
    """
    before, rate = loss_and_rate(W[0])
    actual = loss_and_rate(W[0] + h)[0] - before
    return abs(rate * h - actual) / abs(actual)


def limits() -> list[float]:
    """Return the largest steps, down and up, that miss by `SHARE` at most.

    Returns
    -------
    list of float
        By halving an interval in which the miss grows with the step.
    """
    found = []
    for sign in (-1.0, 1.0):
        near, far = 1e-3, 1.0
        for _ in range(40):
            middle = (near + far) / 2
            if share(sign * middle) <= SHARE:
                near = middle
            else:
                far = middle
        found.append(sign * near)
    return found


def secant_data() -> Data:
    """Return the neuron, its loss and slope, and the answer to the goal.

    Returns
    -------
    dict
    """
    before, rate = loss_and_rate(W[0])
    return {
        "x": inputs([6])[0].tolist(),
        "t": T,
        "w": list(W),
        "b": B,
        "loss": before,
        "rate": rate,
        "widest": WIDEST,
        "start": START,
        "share": SHARE,
        "limits": limits(),
    }


def secant_picture(data: Data) -> str:
    """Draw the loss against w_u with secant and tangent.

    Parameters
    ----------
    data : dict

    Returns
    -------
    str
    """
    low, high = -1.75, 2.75
    w0, h = data["w"][0], data["start"]
    before, after = (loss_and_rate(w)[0] for w in (w0, w0 + h))

    def place(w: float, loss: float) -> tuple[float, float]:
        return 20 + 340 * (w - low) / (high - low), 200 - 185 * (loss + 0.15) / 1.0

    def straight(rate: float) -> list[tuple[float, float]]:
        return [place(w, before + rate * (w - w0)) for w in (low, 2.25)]

    curve = [place(w, loss_and_rate(w)[0]) for w in np.linspace(low, high, 46)]
    return drawing.svg(
        380,
        240,
        drawing.line([(20, 15), (20, 200), (360, 200)]),
        drawing.line(curve, "loss"),
        drawing.line(straight(data["rate"]), "gradient", "7 4"),
        drawing.line(straight((after - before) / h), "data", "2 4"),
        drawing.dot(place(w0, before)),
        drawing.dot(place(w0 + h, after)),
        drawing.words("loss", place(-1.5, 0.77)),
        drawing.words("tangent", place(2.2, -0.14), "end"),
        drawing.words("weight w", (190, 228), "middle"),
    )


def secant_alt(data: Data) -> str:
    """Say what the first picture shows.

    Parameters
    ----------
    data : dict

    Returns
    -------
    str
    """
    w0, h = data["w"][0], data["start"]
    return (
        f"The loss of image 6 falls along a curve as the weight grows. The tangent at "
        f"{w0:g} falls more steeply than the secant from {w0:g} to {w0 + h:g}."
    )


EXPLORATIONS = (
    Exploration(
        id="ch01.secant",
        title="How far can a slope be trusted?",
        task=(
            "The curve is the loss of image 6 against the weight w_u; at w_u = 0.5 its "
            "rate is −0.2153. Take a step h, say by how much the loss will change, and "
            "only then see what it does."
        ),
        view="secant",
        data=secant_data,
        picture=secant_picture,
        alt=secant_alt,
        numbers=lambda data: [
            ("w_u", f"{data['w'][0]:g}"),
            ("loss", f"{data['loss']:.5f}"),
            ("rate", f"{data['rate']:.4f}".replace("-", "−")),
        ],
    ),
)
