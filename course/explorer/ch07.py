"""Chapter 7: a small network learns four digits, epoch by epoch."""

from __future__ import annotations

import numpy as np

import backprop as bp
from backprop.functions import Array
from course.explorer import drawing
from course.explorer.model import Data, Exploration

CLASSES = (2, 3, 5, 6)
NAMES = ("twos", "threes", "fives", "sixes")
EPOCHS = 200
SHOWN = (*range(11), 12, 14, 16, 18, 20, 25, 32, 45, 65, 100, 140, EPOCHS)
ETA, BATCH, SEED = 0.1, 32, 4  # a start with a slow beginning, to be seen


def strokes() -> tuple[Array, Array]:
    """Return the two inks and the class of chapter 7's 435 training images.

    Returns
    -------
    X : ndarray of shape (435, 2)
    t : ndarray of int, shape (435,)
        0 to 3, an index into `NAMES`.
    """
    images, labels = bp.data.digit_images()
    upper = images[:, 2:5, 2].mean(axis=1)
    lower = images[:, 5:7, 2:4].mean(axis=(1, 2))
    four = np.isin(labels, CLASSES)
    boxes = np.column_stack([upper, lower])[four]
    digits = np.searchsorted(CLASSES, labels[four])
    parts = bp.data.split(boxes, digits, rng=0)
    return parts.X_train, parts.T_train


def train(nudge: float = 0.0) -> Data:
    """Return what a 2-2-4 tanh network is and does after each epoch.

    Parameters
    ----------
    nudge : float
        Added to its first weight before the start: a test shows by it that
        rounding cannot change what is stored.

    Returns
    -------
    dict
        "layers" at the epochs of `SHOWN`; "loss", "norms" (of dW1 and dW2) and
        "right" (how many of each class), over all images, after every epoch.
    """
    X, t = strokes()
    first, last = bp.Dense(2, 2), bp.Dense(2, 4)
    net = bp.Sequential(first, bp.Tanh(), last, rng=SEED)
    first.W[0, 0] += nudge
    loss = bp.SoftmaxCrossEntropy()
    seen: Data = {"layers": [], "loss": [], "norms": [], "right": []}

    def look(net: bp.Sequential, history: bp.History | None) -> None:
        if len(seen["loss"]) in SHOWN:
            pairs = zip((first, last), ("tanh", "none"), strict=True)
            seen["layers"].append(
                [{"W": a.W.tolist(), "b": a.b.tolist(), "f": f} for a, f in pairs]
            )
        Y = net.forward(X)
        seen["loss"].append(loss.forward(Y, t))
        net.backward(loss.backward())  # over all images, for the norms
        seen["norms"].append([float(np.linalg.norm(a.dW)) for a in (first, last)])
        hits = t[Y.argmax(axis=1) == t]
        seen["right"].append(np.bincount(hits, minlength=len(NAMES)).tolist())

    look(net, None)
    how = loss, bp.SGD(lr=ETA), X, t
    bp.fit(net, *how, epochs=EPOCHS, batch_size=BATCH, rng=0, callbacks=[look])
    return seen


def _epochs() -> Data:
    X, t = strokes()
    seen = train()
    rounded = {
        name: [[float(f"{x:.4g}") for x in np.ravel(row)] for row in seen[name]]
        for name in ("loss", "norms")
    }
    return {
        "names": list(NAMES),
        "counts": np.bincount(t).tolist(),
        "points": [[round(float(u), 4), round(float(v), 4)] for u, v in X],
        "classes": t.tolist(),
        "epochs": list(SHOWN),
        "layers": seen["layers"],
        "loss": [row[0] for row in rounded["loss"]],
        "norms": rounded["norms"],
        "right": seen["right"],
    }


def _picture(data: Data) -> str:
    """Draw the images by their inks, a digit for a point."""
    spots = zip(data["points"], data["classes"], strict=True)
    digits = "".join(
        f'<text x="{20 + 320 * u:.0f}" y="{325 - 300 * v:.0f}">{CLASSES[k]}</text>'
        for (u, v), k in spots
    )
    return drawing.svg(
        360,
        350,
        drawing.line([(14, 6), (14, 330), (350, 330)]),
        f'<g fill="currentColor" font-size="16" text-anchor="middle">{digits}</g>',
        drawing.words("ink u", (180, 347), "middle"),
    )


def _alt(data: Data) -> str:
    called = NAMES[int(np.argmax(data["right"][0]))]
    return (
        "The 435 images in the plane of the two inks: threes at the lower left, fives "
        "at the lower right, twos at the upper left and sixes at the upper right, "
        f"mixed where they meet. Before training, all are taken for {called}."
    )


def _numbers(data: Data) -> list[tuple[str, str]]:
    return [
        (f"{name} read after {EPOCHS} epochs", f"{count} of {data['counts'][k]}")
        for k, (name, count) in enumerate(zip(NAMES, data["right"][-1], strict=True))
    ]


EXPLORATIONS = (
    Exploration(
        id="ch07.epochs",
        title="What two hidden neurons learn to see",
        task=(
            "A network with two hidden neurons learns the 435 images from their two "
            "inks. On the left, the inks and the network's answer; on the right, the "
            "same images where the hidden layer puts them, A_1, and the straight "
            "lines by which the last layer parts them. Answer the two questions, then "
            "move through the epochs. How does the bend of a border on the left "
            "appear on the right?"
        ),
        view="epochs",
        data=_epochs,
        picture=_picture,
        alt=_alt,
        numbers=_numbers,
    ),
)
