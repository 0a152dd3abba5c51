"""What a gradient costs: in passes, in weights, in depth, in examples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

import backprop as bp
from benchmarks.peers.ours import Ours
from benchmarks.timing import REPEATS, clock, interleave, repeat
from benchmarks.workloads import WORKLOADS, Array

# Widths of tanh networks with about 10², 10³, 10⁴, 10⁵ and 10⁶ parameters.
SIZES = (
    (4, 6, 10),
    (64, 13, 10),
    (64, 133, 10),
    (64, 283, 283, 10),
    (64, 960, 960, 10),
)
SAMPLE = 500  # parameters that are moved where there are more than WHOLE
WHOLE = 20_000
EXAMPLES = 32
DEPTHS = (4, 8, 16, 32, 64)
BATCHES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
SQUARE = 1024  # side of the matrices whose product tells the peak

Rows = list[dict[str, Any]]


def peak(repeats: int = REPEATS) -> dict[str, list[float]]:
    """Billions of operations a second in a large float32 product."""
    rng = np.random.default_rng(0)
    A, B = rng.standard_normal((2, SQUARE, SQUARE), dtype=np.float32)
    out = np.empty_like(A)
    times = interleave({"product": repeat(lambda: A.dot(B, out))}, repeats)
    return {"gflops": [2 * SQUARE**3 / t / 1e9 for t in times["product"]["cpu"]]}


def passes(name: str, repeats: int = REPEATS) -> dict[str, Any]:
    """Microseconds of a forward and of a backward pass, beside the law's ratio."""
    work = WORKLOADS[name]
    ours, (X, T) = Ours(work), work.batches()[0]
    net, loss = ours.net, ours.loss
    loss.forward(net.forward(X), T)
    dY = loss.backward()
    times = interleave(
        {
            "forward": repeat(lambda: net.propagate(X)),
            "backward": repeat(lambda: net.backpropagate(dY)),
        },
        repeats,
    )
    n = [a * b for a, b in pairwise(work.widths)]
    return {
        **{kind: [t * 1e6 for t in both["cpu"]] for kind, both in times.items()},
        "predicted": 2 - n[0] / sum(n),
        "flops": 2 * work.multiplications(),
    }


def gradients(repeats: int = 3) -> Rows:
    """Seconds for a whole gradient: by backward, and by central differences.

    Where there are many parameters a sample of them is moved, and its time is
    scaled to all: each costs the same two forward passes.
    """
    rows = []
    for widths in SIZES:
        net, loss, X, T = _tanh_network(widths)
        P = len(net.params)
        sampled = P if P <= WHOLE else SAMPLE
        some = np.random.default_rng(0).permutation(P)[:sampled]

        def backward(
            net: bp.Sequential = net, loss: bp.Loss = loss, X: Array = X, T: Array = T
        ) -> None:
            loss.forward(net.forward(X), T)
            net.backward(loss.backward(), input_gradient=False)

        backward()
        derived = net.grads[some]
        measured = central_differences(net, loss, X, T, some)
        error = np.abs(derived - measured).max() / np.abs(derived).max()
        differences = [
            clock(lambda n: central_differences(net, loss, X, T, some), 1)[0]  # noqa: B023
            for _ in range(repeats)
        ]
        rows.append(
            {
                "weights": P,
                "backprop": interleave({"": repeat(backward)}, repeats)[""]["cpu"],
                "differences": [t * P / sampled for t in differences],
                "sampled": sampled,
                "error": float(error),
            }
        )
    return rows


def central_differences(
    net: bp.Sequential,
    loss: bp.Loss,
    X: Array,
    T: Array,
    some: Sequence[int] | Array,
    h: float = 1e-5,
) -> Array:
    """(L(w + h) − L(w − h)) / 2h for the parameters with these indices."""
    w, slope = net.params, np.empty(len(some))
    for k, at in enumerate(some):
        kept = w[at]
        w[at] = kept + h
        above = loss.forward(net.forward(X), T)
        w[at] = kept - h
        below = loss.forward(net.forward(X), T)
        w[at] = kept
        slope[k] = (above - below) / (2 * h)
    return slope


def _tanh_network(
    widths: tuple[int, ...],
) -> tuple[bp.Sequential, bp.Loss, Array, Array]:
    """A float64 network without kinks, with random examples and labels."""
    pairs = pairwise(widths)
    layers = [layer for pair in pairs for layer in (bp.Dense(*pair), bp.Tanh())]
    rng = np.random.default_rng(0)
    X = rng.standard_normal((EXAMPLES, widths[0]))
    T = rng.integers(widths[-1], size=EXAMPLES)
    return bp.Sequential(*layers[:-1], rng=0), bp.SoftmaxCrossEntropy(), X, T


def depth(repeats: int = REPEATS) -> Rows:
    """Microseconds a step of networks of so many layers of 64, batch 32."""
    return _sizes("layers", {n: ((64,) * n + (10,), EXAMPLES) for n in DEPTHS}, repeats)


def batch(repeats: int = REPEATS) -> Rows:
    """Microseconds a step of w2b's network, for so many examples."""
    return _sizes("batch", {n: (WORKLOADS["w2b"].widths, n) for n in BATCHES}, repeats)


def _sizes(
    kind: str, sizes: dict[int, tuple[tuple[int, ...], int]], repeats: int
) -> Rows:
    runs = {str(n): repeat(_step(*size)) for n, size in sizes.items()}
    times = interleave(runs, repeats, block=0.1)
    return [{kind: n, "step": [t * 1e6 for t in times[str(n)]["cpu"]]} for n in sizes]


def _step(widths: tuple[int, ...], examples: int) -> Callable[[], object]:
    """A training step of a ReLU network on random float32 examples."""
    pairs = pairwise(widths)
    layers: list[bp.Layer] = []
    for pair in pairs:
        layers += [bp.Dense(*pair, init=bp.HeNormal()), bp.ReLU()]
    net = bp.Sequential(*layers[:-1], rng=0, dtype=np.float32)
    rng = np.random.default_rng(0)
    X = rng.standard_normal((examples, widths[0]), dtype=np.float32)
    T = rng.integers(widths[-1], size=examples)
    loss, opt = bp.SoftmaxCrossEntropy(), bp.Adam()
    return lambda: bp.train_step(net, loss, opt, X, T)
