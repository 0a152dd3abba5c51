"""Chapter 3: from logits to probabilities, loss and gradient."""

from __future__ import annotations

import numpy as np

import backprop as bp
from course.explorer import drawing
from course.explorer.model import Data, Exploration

Z, RIGHT = [2.0, 0.0, 1.0], 2  # the first logits, and the class that is right
SLIDER, WIDEST, STEP = 10.0, 2000.0, 0.1
SMALL = 0.01  # what the gradient of the right logit is to fall below


def by_the_package(z: list[float], right: int) -> tuple[list[float], list[float]]:
    """Return softmax and gradient of one row of logits.

    Parameters
    ----------
    z : list of float
    right : int

    Returns
    -------
    (list of float, list of float)
        p, and dz = p − t.
    """
    loss = bp.SoftmaxCrossEntropy()
    loss.forward(np.array([z]), np.array([right]))
    dz = loss.backward()[0]
    return (dz + np.eye(len(z))[right]).tolist(), dz.tolist()


def softmax_data() -> Data:
    """Return the first logits with what the package makes of them.

    Returns
    -------
    dict
    """
    p, dz = by_the_package(Z, RIGHT)
    return {
        "z": Z,
        "right": RIGHT,
        "p": p,
        "dz": dz,
        "slider": SLIDER,
        "widest": WIDEST,
        "step": STEP,
        "small": SMALL,
    }


def softmax_picture(data: Data) -> str:
    """Draw logits and probabilities as bars.

    Parameters
    ----------
    data : dict

    Returns
    -------
    str
    """
    parts = [
        drawing.words("class", (45, 20), "middle"),
        drawing.words("logit z", (80, 20)),
        drawing.words("probability p", (220, 20)),
    ]
    for k, (z, p) in enumerate(zip(data["z"], data["p"], strict=True)):
        y = 55 + 42 * k
        parts += [
            drawing.words(str(k), (45, y + 6), "middle"),
            drawing.bar((80, y), 22 * z, "data"),
            drawing.words(f"{z:g}", (86 + 22 * z, y + 6)),
            drawing.bar((220, y), 100 * p, "activation"),
            drawing.words(f"{p:.3f}", (226 + 100 * p, y + 6)),
        ]
    return drawing.svg(380, 165, *parts)


def softmax_alt(data: Data) -> str:
    """Say what the first picture shows.

    Parameters
    ----------
    data : dict

    Returns
    -------
    str
    """
    each = ", ".join(
        f"class {k}: {z:g} gives {p:.3f}"
        for k, (z, p) in enumerate(zip(data["z"], data["p"], strict=True))
    )
    return (
        f"Logits and their probabilities as bars: {each}. The right class is "
        f"{data['right']}; the blame is masked."
    )


EXPLORATIONS = (
    Exploration(
        id="ch03.softmax",
        title="Logits, probabilities, blame",
        task=(
            "Three logits z become three probabilities p, and p minus the one-hot row "
            "T is the blame dz. Say first which way the logits will be moved; then "
            "move them yourself."
        ),
        view="softmax",
        data=softmax_data,
        picture=softmax_picture,
        alt=softmax_alt,
    ),
)
