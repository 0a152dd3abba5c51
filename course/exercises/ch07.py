"""Chapter 7, The training loop: what needs no code."""

from __future__ import annotations

import math

import numpy as np

from course.exercises import ch07_code, ch07_repair, ch07_stop
from course.model import (
    Choice,
    Curve,
    Exercise,
    Frame,
    Generator,
    Line,
    Mistake,
    Number,
    Order,
    Settings,
    Slider,
    Tune,
    Values,
)

# -- How many updates? ---------------------------------------------------------


def _per_epoch(v: Values) -> float:
    return float(v["N"] / v["B"])


UPDATES = Number(
    id="ch07.updates",
    title="How many updates?",
    points=1,
    minutes=3,
    draw=lambda rng: {
        "N": int(rng.integers(300, 2000)),
        "B": int(rng.choice([16, 24, 32, 48, 64])),
        "E": int(rng.integers(3, 30)),
    },
    shown=lambda v: {
        "images N": str(v["N"]),
        "batch size B": str(v["B"]),
        "epochs E": str(v["E"]),
    },
    fields=("updates",),
    answer=lambda v: (v["E"] * math.ceil(_per_epoch(v)),),
    rtol=0,
    hints=("Count the batches of one epoch first, the last one too.",),
    mistakes=(
        Mistake(
            "last-batch-dropped",
            "The images that are left over at the end of an epoch make a batch, too, "
            "if a small one.",
            lambda v: (v["E"] * math.floor(_per_epoch(v)),),
        ),
        Mistake(
            "one-image-a-step",
            "That would be an update for each image. How many images share one?",
            lambda v: (v["E"] * v["N"],),
        ),
        Mistake(
            "batches-across-epochs",
            "You cut all epochs as one long list. But each epoch is shuffled and cut "
            "anew, and has a small last batch of its own.",
            lambda v: (math.ceil(v["E"] * _per_epoch(v)),),
        ),
        Mistake(
            "one-epoch",
            "That is one epoch. The run has more of them.",
            lambda v: (math.ceil(_per_epoch(v)),),
        ),
    ),
)

# -- One silent layer ------------------------------------------------------------


def _draw_silent(rng: Generator) -> Values:
    M = int(rng.integers(6, 11))
    return {"M": M, "k": int(rng.integers(3, M - 1))}


SILENT = Number(
    id="ch07.silent",
    title="One silent layer",
    points=2,
    minutes=5,
    draw=_draw_silent,
    shown=lambda v: {"layers M": str(v["M"]), "silent layer k": str(v["k"])},
    fields=("gradients dW", "gradients db"),
    # Layer k + 1 and all above get blame; the input of layer k + 1 is 0.
    answer=lambda v: (v["M"] - v["k"] - 1, v["M"] - v["k"]),
    rtol=0,
    hints=(
        "Follow the blame from the loss down to layer k. Which layers does it reach?",
        "A dW is input times blame. Which layer gets blame, but no input?",
    ),
    mistakes=(
        Mistake(
            "input-forgotten",
            "Right for the biases. A dW is input times blame: what comes into layer "
            "k + 1 from this image?",
            lambda v: (v["M"] - v["k"], v["M"] - v["k"]),
        ),
        Mistake(
            "stops-below",
            "You let the blame in at layer k and stop it below. What is the slope of "
            "ReLU at the Z of layer k?",
            lambda v: (v["M"] - v["k"], v["M"] - v["k"] + 1),
        ),
        Mistake(
            "one-layer",
            "You have taken out the silent layer alone. How should blame come to the "
            "layers below it?",
            lambda v: (v["M"] - 1, v["M"] - 1),
        ),
        Mistake(
            "two-layers",
            "Your layers k and k + 1 are right. But how should blame come to the "
            "layers below k?",
            lambda v: (v["M"] - 2, v["M"] - 1),
        ),
        Mistake(
            "upside-down",
            "You have counted the gradients in which the image has *no* share.",
            lambda v: (v["k"] + 1, v["k"]),
        ),
        Mistake(
            "wrong-side",
            "You let the layers below learn, and not those above. From which end "
            "does the blame come?",
            lambda v: (v["k"] - 1, v["k"] - 1),
        ),
        Mistake(
            "nothing",
            "The last layer gets its blame from the loss, whatever lies below. Begin "
            "there.",
            lambda v: (0, 0),
        ),
    ),
)

# -- The width of the first weights ----------------------------------------------


def _draw_spread(rng: Generator) -> Values:
    D = int(rng.choice([50, 80, 100, 128, 200, 256]))
    near = rng.uniform(0.55, 0.8) if rng.integers(2) else rng.uniform(1.25, 1.7)
    s = round(float(np.sqrt(2 * near / D)), 4)
    return {"D": D, "s": s, "layers": int(rng.integers(5, 13))}


def _spread(v: Values) -> float:
    return float(v["D"] * v["s"] ** 2 / 2)


def _over_all(factor: float, v: Values) -> tuple[float, ...]:
    return factor, float(factor ** v["layers"])


SPREAD = Number(
    id="ch07.spread",
    title="The width of the first weights",
    points=2,
    minutes=5,
    draw=_draw_spread,
    shown=lambda v: {
        "neurons D": str(v["D"]),
        "spread s": f"{v['s']:.4f}",
        "layers": str(v["layers"]),
    },
    fields=("factor of a layer", "factor of all layers"),
    answer=lambda v: _over_all(_spread(v), v),
    hints=(
        "Two things happen in a layer: the weighted sum, and ReLU. What does each do "
        "to the mean square?",
        "Each layer multiplies what the one before has left.",
    ),
    mistakes=(
        Mistake(
            "no-half",
            "That is the factor from A to the Z above it. What does ReLU leave of it?",
            lambda v: _over_all(2 * _spread(v), v),
        ),
        Mistake(
            "spread-not-squared",
            "You have taken the spread s. It is the mean square of the weights that "
            "counts.",
            lambda v: _over_all(float(v["D"] * v["s"] / 2), v),
        ),
        Mistake(
            "root",
            "That is by how much the numbers themselves grow or shrink. The question "
            "is for their mean square.",
            lambda v: _over_all(math.sqrt(_spread(v)), v),
        ),
        Mistake(
            "one-input",
            "You have taken one input. How many squares are there in the sum?",
            lambda v: _over_all(float(v["s"] ** 2 / 2), v),
        ),
        Mistake(
            "factors-added",
            "Right for one layer. Do the factors of several layers add up?",
            lambda v: (_spread(v), v["layers"] * _spread(v)),
        ),
        Mistake(
            "one-layer-too-few",
            "Right for one layer. With all of them: you have left out one layer.",
            lambda v: (_spread(v), float(_spread(v) ** (v["layers"] - 1))),
        ),
    ),
)

# -- The loss of an epoch ------------------------------------------------------


def _draw_epoch(rng: Generator) -> Values:
    B, last = int(rng.choice([16, 32, 64])), int(rng.integers(3, 12))
    losses = [round(float(x), 2) for x in rng.uniform(0.3, 1.2, 3)]
    losses[-1] = round(float(rng.uniform(1.5, 2.5)), 2)
    return {"sizes": [B, B, last], "losses": losses}


EPOCH = Number(
    id="ch07.epoch-loss",
    title="The loss of an epoch",
    points=2,
    minutes=4,
    draw=_draw_epoch,
    shown=lambda v: {
        f"batch {k}": f"{n} images, mean loss {loss:.2f}"
        for k, (n, loss) in enumerate(zip(v["sizes"], v["losses"], strict=True), 1)
    },
    fields=("loss of the epoch",),
    answer=lambda v: (float(np.average(v["losses"], weights=v["sizes"])),),
    hints=("How much loss do the images of a batch have together?",),
    mistakes=(
        Mistake(
            "batches-count-alike",
            "Each batch counts alike here, and an image of the small one counts for "
            "more than an image of the others. Is that a mean over the images?",
            lambda v: (float(np.mean(v["losses"])),),
        ),
        Mistake(
            "sum",
            "You have added up means. Three batches with a mean loss of 1 have a "
            "mean loss of 1 together, not of 3.",
            lambda v: (sum(v["losses"]),),
        ),
        Mistake(
            "last-batch",
            "That is the loss of the last batch. The images of the others belong to "
            "the epoch, too.",
            lambda v: (v["losses"][-1],),
        ),
        Mistake(
            "total",
            "That is the loss of all images together. The question is for the mean.",
            lambda v: (float(np.dot(v["losses"], v["sizes"])),),
        ),
    ),
)

# -- Three runs, three diagnoses -------------------------------------------------

STATES = ("is dead", "has finished", "has hardly begun")


def _draw_runs(rng: Generator) -> Values:
    loss = (2.3, round(float(rng.uniform(0.0004, 0.002)), 4), 2.29)
    largest = (
        [0.0, 0.0, 0.0],
        [float(f"{x:.1g}") for x in rng.uniform(2e-5, 9e-5, 3)],
        [float(f"{x:.1g}") for x in rng.uniform(0.02, 0.09, 3)],
    )
    db = (
        float(f"{rng.uniform(0.002, 0.009):.1g}"),
        float(f"{rng.uniform(2e-5, 9e-5):.1g}"),
        float(f"{rng.uniform(0.02, 0.09):.1g}"),
    )
    mixed = [int(k) for k in rng.permutation(3)]
    return {
        "loss": [loss[k] for k in mixed],
        "dW": [largest[k] for k in mixed],
        "db": [db[k] for k in mixed],
    }


def _state(loss: float, dW: list[float]) -> int:
    if max(dW) == 0:
        return 0
    return 1 if loss < 0.1 else 2


def _matchings(v: Values) -> tuple[str, ...]:
    """All ways to name the three runs; the right one first."""
    right = [_state(a, b) for a, b in zip(v["loss"], v["dW"], strict=True)]
    # What is said of a dead, of a finished and of a young network.
    said = ((0, 1, 2), (2, 1, 0), (1, 0, 2), (0, 2, 1), (1, 2, 0), (2, 0, 1))
    return tuple(
        ", ".join(
            f"{run} {STATES[way[k]]}" for run, k in zip("ABC", right, strict=True)
        )
        for way in said
    )


DIAGNOSE = Choice(
    id="ch07.diagnose",
    title="Three runs, three diagnoses",
    points=1,
    minutes=4,
    draw=_draw_runs,
    shown=lambda v: {
        f"run {run}": f"loss {loss:.4g}; dW {', '.join(f'{x:g}' for x in dW)}; "
        f"last db {db:g}"
        for run, loss, dW, db in zip("ABC", v["loss"], v["dW"], v["db"], strict=True)
    },
    options=_matchings,
    answer=lambda v: 0,
    hints=(
        "Two questions to each run: is there anything left to improve, and is there "
        "a gradient to improve it by?",
    ),
    mistakes=(
        Mistake(
            "dead-or-young",
            "One is right. The other two have about the loss of no opinion; which of "
            "them has a gradient to move by?",
            lambda v: 1,
        ),
        Mistake(
            "dead-or-finished",
            "One is right. The other two have small gradients or none. A gradient is "
            "not the error: which of them still has a high loss?",
            lambda v: 2,
        ),
        Mistake(
            "finished-or-young",
            "One is right. Of the other two, which has a loss that is next to "
            "nothing? And does a network that has just begun have small gradients?",
            lambda v: 3,
        ),
        Mistake(
            "by-gradient-alone",
            "None of the three is right. No gradient at all does not mean that "
            "nothing is left to improve: look at each loss.",
            lambda v: 4,
        ),
        Mistake(
            "none-fits",
            "None of the three is right. Begin with the loss: in which run is next to "
            "nothing left to improve?",
            lambda v: 5,
        ),
    ),
)

# -- A batch as small as the noise allows --------------------------------------

BATCH = Slider("B", "batch size B", low=1, high=128, step=1, start=1)


def _noise(v: Values, B: float) -> float:
    return float(v["r"] * math.sqrt((v["N"] - B) / (B * (v["N"] - 1))))


def _smallest(v: Values) -> int:
    fits = (B for B in range(1, v["N"] + 1) if _noise(v, B) <= v["q"])
    return next(fits)


def _draw_batch(rng: Generator) -> Values:
    while True:
        v = {
            "N": int(rng.integers(600, 1500)),
            "r": round(float(rng.uniform(3, 5)), 1),
            "q": round(float(rng.uniform(0.4, 0.9)), 2),
        }
        if 20 <= _smallest(v) <= 110:
            return v


def _batch_background(v: Values) -> tuple[Curve, ...]:
    sizes = tuple(float(B) for B in (1, 2, 3, 4, 6, *range(8, 129, 8)))
    noise = tuple(_noise(v, B) for B in sizes)
    return (
        Curve("noise", sizes, noise, "gradient"),
        Curve("limit", (1.0, 128.0), (v["q"], v["q"]), "data"),
    )


def _batch_frame(v: Values, settings: Settings) -> Frame:
    B = settings["B"]
    readings = {"noise": _noise(v, B), "updates an epoch": math.ceil(v["N"] / B)}
    return Frame(readings, (Curve("B", (B,), (_noise(v, B),), "parameter"),))


NOISE_LIMIT = Tune(
    id="ch07.batch",
    title="A batch as small as the noise allows",
    points=2,
    minutes=4,
    draw=_draw_batch,
    shown=lambda v: {
        "images N": str(v["N"]),
        "noise of a single image": f"{v['r']:.1f} times the gradient",
        "noise allowed": f"{v['q']:.2f} times the gradient",
    },
    sliders=(BATCH,),
    goal="Find the smallest batch whose noise is not above the limit.",
    background=_batch_background,
    frame=_batch_frame,
    accept=lambda v, s: s["B"] == _smallest(v),
    answer=lambda v: {"B": _smallest(v)},
    xlabel="batch size B",
    ylabel="noise / gradient",
    hints=(
        "To halve the noise, how many times larger must the batch be?",
        "What is S², from B = 1? Then solve for B, and round up.",
    ),
    mistakes=(
        Mistake(
            "linear",
            "You have divided the noise of one image by the limit. But the noise "
            "falls more slowly than in proportion to 1/B. Read it off: is it low "
            "enough?",
            lambda v: {"B": math.ceil(v["r"] / v["q"])},
        ),
        Mistake(
            "endless-data",
            "You have left out (N − B)/N; near the limit it matters.",
            lambda v: {"B": math.ceil((v["r"] / v["q"]) ** 2)},
        ),
        Mistake(
            "one-too-few",
            "Very near, but here the noise is still just above the limit.",
            lambda v: {"B": _smallest(v) - 1},
        ),
        Mistake(
            "one-too-many",
            "Very near, and the noise is below the limit here. Would it still be, "
            "with one image fewer?",
            lambda v: {"B": _smallest(v) + 1},
        ),
        Mistake(
            "largest",
            "The noise is low enough here, but each update costs more than it "
            "needs to. How small may the batch be?",
            lambda v: {"B": 128},
        ),
    ),
)

# -- An honest run, line by line -------------------------------------------------

RUN = Order(
    id="ch07.run",
    title="An honest run, line by line",
    points=3,
    minutes=6,
    lines=(
        Line("`train, val, test = split(X, t)`"),
        Line("`layers = initialise(sizes)`"),
        Line("`lowest, waited = np.inf, 0`"),
        Line("`while waited < patience:`"),
        Line("`for batch in batches(train, B):`"),
        Line("`step(layers, batch, eta)`"),
        Line("`L, waited = mean_loss(layers, val), waited + 1`"),
        Line("`if L < lowest:`"),
        Line("`lowest, waited, best = L, 0, copy(layers)`"),
        Line("`print(mean_loss(best, test))`"),
    ),
    # Data, layers and the count may be made ready in any order.
    before=((0, 3), (1, 3), (2, 3), *((k, k + 1) for k in range(3, 9))),
    hints=(
        "Three lines make things ready, and one reports at the end. The rest is two "
        "loops, one in the other, and a question.",
        "What decides whether to go on, and after what is it measured?",
    ),
    mistakes=(
        Mistake(
            "dealt-anew",
            "The examples would be dealt out anew in each round, and what was held "
            "back before comes into the updates now. When is that done?",
            lambda v: {"order": [1, 2, 3, 0, 4, 5, 6, 7, 8, 9]},
        ),
        Mistake(
            "start-again",
            "An initialisation inside a loop throws away, each time, what has been "
            "learned.",
            lambda v: {"order": [0, 2, 3, 1, 4, 5, 6, 7, 8, 9]},
        ),
        Mistake(
            "count-anew",
            "The loop asks how long it has waited. Before its first round, what would "
            "it find?",
            lambda v: {"order": [0, 1, 3, 2, 4, 5, 6, 7, 8, 9]},
        ),
        Mistake(
            "rounds-inside",
            "The batches of one round stand inside the rounds. Which of the two loops "
            "is the outer one?",
            lambda v: {"order": [0, 1, 2, 4, 3, 5, 6, 7, 8, 9]},
        ),
        Mistake(
            "step-without-batch",
            "A step needs a batch. Which line takes one?",
            lambda v: {"order": [0, 1, 2, 3, 5, 4, 6, 7, 8, 9]},
        ),
        Mistake(
            "measured-too-soon",
            "You look at the validation loss before the epoch's last update. Where "
            "does the epoch end?",
            lambda v: {"order": [0, 1, 2, 3, 4, 6, 5, 7, 8, 9]},
        ),
        Mistake(
            "kept-unasked",
            "These layers are kept whether they are better or not. Which line asks?",
            lambda v: {"order": [0, 1, 2, 3, 4, 5, 6, 8, 7, 9]},
        ),
        Mistake(
            "test-opened",
            "The test set is opened while it is still being decided what to keep. "
            "When may it be?",
            lambda v: {"order": [0, 1, 2, 3, 4, 5, 6, 7, 9, 8]},
        ),
    ),
)

EXERCISES: tuple[Exercise, ...] = (
    SILENT,
    ch07_code.BACKWARD,
    SPREAD,
    UPDATES,
    ch07_code.FIT,
    EPOCH,
    NOISE_LIMIT,
    ch07_stop.STOP,
    RUN,
    DIAGNOSE,
    ch07_repair.REPAIR,
)
