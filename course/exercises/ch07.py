"""Chapter 7, The training loop: what needs no code."""

from __future__ import annotations

import math

import numpy as np

from course.exercises import ch07_code, ch07_stop
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

# -- A start without an opinion ------------------------------------------------

NEUTRAL = Number(
    id="ch07.neutral",
    title="A start without an opinion",
    points=1,
    minutes=3,
    draw=lambda rng: {"c": int(rng.integers(4, 60))},
    shown=lambda v: {"classes": str(v["c"])},
    fields=("loss at the start",),
    answer=lambda v: (math.log(v["c"]),),
    hints=("Which probability does each class get when all outputs are equal?",),
    mistakes=(
        Mistake(
            "log-2",
            "You have taken the logarithm to base 2. The loss of this book is -ln.",
            lambda v: (math.log2(v["c"]),),
        ),
        Mistake(
            "log-10",
            "You have taken the logarithm to base 10. In NumPy the natural one is "
            "`np.log`.",
            lambda v: (math.log10(v["c"]),),
        ),
        Mistake(
            "share-wrong",
            "That is the share of wrong answers by chance. The loss is another "
            "number: what is -ln of the right class's probability?",
            lambda v: (1 - 1 / v["c"],),
        ),
        Mistake(
            "ten-classes",
            "That is the start of a network for ten classes. How many has this one?",
            lambda v: (math.log(10),),
        ),
        Mistake(
            "probability",
            "That is the probability of each class; the loss is -ln of it.",
            lambda v: (1 / v["c"],),
        ),
        Mistake(
            "no-loss",
            "A loss of 0 is that of a sure and right answer. This network is not "
            "sure of anything.",
            lambda v: (0.0,),
        ),
        Mistake(
            "sign",
            "A probability is below 1, and its logarithm below 0. What does the loss "
            "do about that?",
            lambda v: (-math.log(v["c"]),),
        ),
    ),
)

# -- The blame at the output ---------------------------------------------------


def _draw_output(rng: Generator) -> Values:
    z = [round(float(x), 1) for x in rng.uniform(-2, 2, 3)]
    return {"z": z, "t": int(rng.integers(3)), "N": int(rng.integers(3, 12))}


def _softmax(v: Values) -> list[float]:
    e = np.exp(v["z"])
    return [float(x) for x in e / e.sum()]


def _blame(v: Values) -> tuple[float, ...]:
    return tuple((p - (j == v["t"])) / v["N"] for j, p in enumerate(_softmax(v)))


OUTPUT = Number(
    id="ch07.output-blame",
    title="The blame at the output",
    points=3,
    minutes=6,
    draw=_draw_output,
    shown=lambda v: {
        **{f"z_{j}": f"{z:.1f}".replace("-", "−") for j, z in enumerate(v["z"])},
        "right class t": str(v["t"]),
        "images in the batch": str(v["N"]),
    },
    fields=("dz_0", "dz_1", "dz_2"),
    answer=_blame,
    hints=(
        "Turn the three outputs into probabilities first.",
        "What the network said minus what it should have said, and a share for each "
        "image of the batch.",
    ),
    mistakes=(
        Mistake(
            "no-average",
            "This is the blame if the image were alone. The loss is a mean over the "
            "batch.",
            lambda v: tuple(v["N"] * d for d in _blame(v)),
        ),
        Mistake(
            "upside-down",
            "Sizes right, signs wrong. If the right class's output grows, should the "
            "loss grow?",
            lambda v: tuple(-d for d in _blame(v)),
        ),
        Mistake(
            "target-forgotten",
            "These are the probabilities, shared out over the batch. What should the "
            "network have said?",
            lambda v: tuple(p / v["N"] for p in _softmax(v)),
        ),
        Mistake(
            "right-class-alone",
            "All three outputs stand in the denominator of the right class's "
            "probability. So the others are to blame, too.",
            lambda v: tuple(d * (j == v["t"]) for j, d in enumerate(_blame(v))),
        ),
        Mistake(
            "counted-from-1",
            "You have taken the right class for the one before it: class t is that "
            "of z_t, and the first output is z_0.",
            lambda v: tuple(
                (p - (j == v["t"] - 1)) / v["N"] for j, p in enumerate(_softmax(v))
            ),
        ),
        Mistake(
            "outputs-not-probabilities",
            "You have taken the outputs as they are. Softmax comes first.",
            lambda v: tuple((z - (j == v["t"])) / v["N"] for j, z in enumerate(v["z"])),
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

# -- What a larger batch buys --------------------------------------------------

NOISE = Choice(
    id="ch07.noise",
    title="What a larger batch buys",
    points=1,
    minutes=2,
    draw=lambda rng: {"k": int(rng.choice([2, 3, 4, 5, 6]))},
    shown=lambda v: {"batch size": f"from 4 to {4 * v['k'] ** 2}"},
    options=lambda v: (
        f"{v['k']} times smaller",
        f"{v['k'] ** 2} times smaller",
        f"{v['k'] ** 4} times smaller",
        "as large as before",
    ),
    answer=lambda v: 0,
    hints=("What falls with 1/B is the mean of the *squared* distance.",),
    mistakes=(
        Mistake(
            "linear",
            "So many times more work, so many times less noise? It is the squared "
            "distance that falls like this.",
            lambda v: 1,
        ),
        Mistake(
            "square",
            "The square is on the other side: what falls in proportion to the batch "
            "size is the square of the noise.",
            lambda v: 2,
        ),
        Mistake(
            "no-gain",
            "Errors of single examples point in all directions and partly cancel in "
            "a mean. The more there are, the better.",
            lambda v: 3,
        ),
    ),
)

# -- Read the gradients --------------------------------------------------------

DEAD = Choice(
    id="ch07.dead",
    title="Read the gradients",
    points=1,
    minutes=3,
    options=lambda v: (
        "A hidden layer is dead: its Z is negative for every neuron and every image.",
        "The network has finished learning.",
        "The step size is too small: it has hardly begun.",
        "Images and labels do not match.",
    ),
    answer=lambda v: 0,
    hints=("Which of these makes a derivative *exactly* zero?",),
    mistakes=(
        Mistake(
            "finished",
            "Look at the loss: it is that of no opinion. A gradient is not the error.",
            lambda v: 1,
        ),
        Mistake(
            "hardly-begun",
            "A network that has hardly begun has a gradient in every layer, and not "
            "a small one.",
            lambda v: 2,
        ),
        Mistake(
            "mismatch",
            "With wrong labels the gradients are right, for the wrong labels. They "
            "are not zero.",
            lambda v: 3,
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

# -- The loop, line by line ----------------------------------------------------

LOOP = Order(
    id="ch07.loop",
    title="The loop, line by line",
    points=2,
    minutes=4,
    lines=(
        Line("`layers = initialise(sizes, rng)`"),
        Line("`for epoch in range(epochs):`"),
        Line("`order = rng.permutation(len(X))`"),
        Line("`for rows in batches(order, B):`"),
        Line("`A = forward(layers, X[rows])`"),
        Line("`L, P = cross_entropy(A[-1], t[rows])`"),
        Line("`gradients = backward(layers, A, P, t[rows])`"),
        Line("`update(layers, gradients, eta)`"),
        Line("`val_losses.append(validation_loss(layers))`"),
    ),
    hints=(
        "Two lines open a loop: what belongs before it, what at its beginning?",
        "Inside the inner loop: forward, error, backward, update.",
    ),
    mistakes=(
        Mistake(
            "start-again",
            "An initialisation inside a loop throws away, each time, what has been "
            "learned.",
            lambda v: {"order": [1, 0, 2, 3, 4, 5, 6, 7, 8]},
        ),
        Mistake(
            "shuffled-once",
            "Shuffled before the first loop, every epoch has the same batches in the "
            "same order. When should they change?",
            lambda v: {"order": [0, 2, 1, 3, 4, 5, 6, 7, 8]},
        ),
        Mistake(
            "shuffled-too-late",
            "You shuffle inside the loop over the batches. What does that loop cut "
            "into pieces, and when must it be there?",
            lambda v: {"order": [0, 1, 3, 2, 4, 5, 6, 7, 8]},
        ),
        Mistake(
            "forward-without-rows",
            "The way forward takes the images of one batch, `X[rows]`. Which line "
            "makes `rows`?",
            lambda v: {"order": [0, 1, 2, 4, 3, 5, 6, 7, 8]},
        ),
        Mistake(
            "update-first",
            "The update needs something that is not there yet. Which line makes the "
            "gradients?",
            lambda v: {"order": [0, 1, 2, 3, 4, 5, 7, 6, 8]},
        ),
        Mistake(
            "backward-first",
            "The way back begins with P. Which line makes it?",
            lambda v: {"order": [0, 1, 2, 3, 4, 6, 5, 7, 8]},
        ),
        Mistake(
            "validated-too-soon",
            "You measure before the update, so that the last one of each epoch is "
            "not seen. Where does the epoch end?",
            lambda v: {"order": [0, 1, 2, 3, 4, 5, 6, 8, 7]},
        ),
    ),
)

EXERCISES: tuple[Exercise, ...] = (
    OUTPUT,
    ch07_code.BACKWARD,
    NEUTRAL,
    UPDATES,
    LOOP,
    ch07_code.FIT,
    EPOCH,
    NOISE,
    NOISE_LIMIT,
    ch07_stop.STOP,
    DEAD,
    ch07_code.REPAIR,
)
