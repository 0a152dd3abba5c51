"""Time a training step of `backprop` against the textbook's.

    python -m benchmarks.training_step [--workloads w2a,w3] [--repeats 7]

Both train the same network on the same batches from the same start. Blocks of
steps alternate within one run, so that whatever slows the machine slows both,
and what is reported is the median of the ratios. See README.md.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np
from tqdm import tqdm

import backprop as bp
from benchmarks import textbook

Array = textbook.Array
Data = tuple[Array, Array]

BLOCK = 0.3  # seconds of the slower side between two changes of side


@dataclass(frozen=True)
class Workload:
    """Layer widths, batch size, optimizer, and 'random', 'digits' or 'xor'."""

    widths: tuple[int, ...]
    batch: int
    optimizer: str = "Adam"
    data: str = "random"

    def load(self, dtype: type = np.float32) -> Data:
        """Return examples and targets."""
        if self.data == "xor":
            X, T = bp.data.xor()
            return X.astype(dtype), T.astype(dtype)
        if self.data == "digits":
            digits = bp.data.digits()
            return digits.X_train.astype(dtype), digits.T_train
        rng = np.random.default_rng(0)
        n = 8 * self.batch
        X = rng.standard_normal((n, self.widths[0])).astype(dtype)
        return X, rng.integers(self.widths[-1], size=n)

    def ours(self, dtype: type = np.float32) -> tuple[bp.Sequential, bp.Loss, object]:
        """Return `backprop`'s network, loss and optimizer."""
        layers: list[bp.Layer] = []
        for d_in, d_out in zip(self.widths, self.widths[1:], strict=False):
            layers += [bp.Dense(d_in, d_out, init=bp.HeNormal()), bp.ReLU()]
        net = bp.Sequential(*layers[:-1], rng=0, dtype=dtype)
        xor = self.data == "xor"
        loss = bp.MeanSquaredError() if xor else bp.SoftmaxCrossEntropy()
        return net, loss, bp.SGD(0.1) if self.optimizer == "SGD" else bp.Adam(0.001)

    def plain(
        self, dtype: type = np.float32, data_gradient: bool = True
    ) -> tuple[textbook.Network, Callable[..., object], object]:
        """Return the textbook's, with the same weights at the start."""
        dense = [la for la in self.ours(dtype)[0] if isinstance(la, bp.Dense)]
        net = textbook.Network(
            [la.W for la in dense], [la.b for la in dense], data_gradient
        )
        xor = self.data == "xor"
        loss = textbook.mean_squared_error if xor else textbook.softmax_cross_entropy
        params = net.W + net.b
        if self.optimizer == "SGD":
            return net, loss, textbook.SGD(params, 0.1)
        return net, loss, textbook.Adam(params, 0.001)


WORKLOADS = {
    "w1": Workload((2, 4, 1), 4, optimizer="SGD", data="xor"),
    "w2a": Workload((64, 32, 10), 32, data="digits"),
    "w2b": Workload((64, 128, 64, 10), 32, data="digits"),
    "w3-b64": Workload((784, 128, 64, 10), 64),
    "w3-b512": Workload((784, 128, 64, 10), 512),
    "w4": Workload((784, 512, 512, 10), 256),
    "w5": Workload((64, *[64] * 32, 10), 32, data="digits"),
    "w6": Workload((40, 100, 100, 10), 100),
}


@dataclass(frozen=True)
class Timing:
    """Microseconds a step, one entry a repeat.

    `train_step` of both, of the textbook without the data's gradient, and `fit`
    of both.
    """

    plain: list[float]
    lean: list[float]
    ours: list[float]
    plain_fit: list[float]
    ours_fit: list[float]


def measure(work: Workload, repeats: int, progress: tqdm[None]) -> Timing:
    """Time all five in turn, `repeats` times."""
    X, T = work.load()
    starts = range(0, len(X), work.batch)
    batches = [(X[s : s + work.batch], T[s : s + work.batch]) for s in starts]
    epochs = 1
    while (seconds := _steps(textbook.train_step, work.plain(), batches, epochs)) < 0.1:
        epochs *= 2
    epochs = max(1, round(epochs * BLOCK / seconds))
    run = {
        "plain": lambda: _steps(textbook.train_step, work.plain(), batches, epochs),
        "lean": lambda: _steps(
            textbook.train_step, work.plain(data_gradient=False), batches, epochs
        ),
        "ours": lambda: _steps(bp.train_step, work.ours(), batches, epochs),
        "plain_fit": lambda: _fit(textbook.fit, work.plain(), X, T, epochs, work.batch),
        "ours_fit": lambda: _fit(bp.fit, work.ours(), X, T, epochs, work.batch),
    }
    times: dict[str, list[float]] = {name: [] for name in run}
    for _ in range(repeats):
        for name, block in run.items():
            times[name].append(block() / (epochs * len(batches)) * 1e6)
            progress.update()
    return Timing(**times)


def _steps(
    step: Callable[..., float],
    parts: tuple[Any, ...],
    batches: list[Data],
    epochs: int,
) -> float:
    for X, T in batches[:2]:
        step(*parts, X, T)  # buffers are made in the first step
    start = time.process_time()
    for _ in range(epochs):
        for X, T in batches:
            step(*parts, X, T)
    return time.process_time() - start


def _fit(
    fit: Callable[..., object],
    parts: tuple[Any, ...],
    X: Array,
    T: Array,
    epochs: int,
    batch: int,
) -> float:
    start = time.process_time()
    fit(*parts, X, T, epochs=epochs, batch_size=batch, rng=0)
    return time.process_time() - start


def table(timings: dict[str, Timing]) -> str:
    """Markdown: medians, and the range of each ratio over the repeats."""
    lines = [
        "| | textbook µs | ours µs | textbook ÷ ours | same, textbook without dX "
        + "| `fit`: textbook ÷ ours | our `fit` ÷ its steps |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, t in timings.items():
        work = WORKLOADS[name]
        net = "-".join(map(str, work.widths)) if len(work.widths) < 6 else "34 layers"
        lines.append(
            f"| {name}: {net}, batch {work.batch}, {work.optimizer} "
            f"| {median(t.plain):.4g} | {median(t.ours):.4g} "
            f"| {_ratio(t.plain, t.ours)} | {_ratio(t.lean, t.ours)} "
            f"| {_ratio(t.plain_fit, t.ours_fit)} | {_ratio(t.ours_fit, t.ours)} |"
        )
    return "\n".join(lines)


def _ratio(a: list[float], b: list[float]) -> str:
    ratios = [x / y for x, y in zip(a, b, strict=True)]
    return f"{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


def settle() -> None:
    """Start again on one core, with one BLAS thread and BLAS's own choices.

    OpenBLAS reads its environment when NumPy is imported, so setting it from
    here would be too late.
    """
    wanted = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_")}
    wanted |= dict.fromkeys(
        ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"
    )
    if wanted != dict(os.environ):
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], wanted)
    if hasattr(os, "sched_setaffinity"):  # Linux
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def main() -> None:
    """Measure and print the table."""
    settle()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workloads", default=",".join(WORKLOADS))
    parser.add_argument("--repeats", type=int, default=7)
    args = parser.parse_args()
    names = args.workloads.split(",")
    if unknown := [name for name in names if name not in WORKLOADS]:
        parser.error(f"no workload {unknown[0]!r}; there are {', '.join(WORKLOADS)}")
    with tqdm(total=5 * args.repeats * len(names)) as progress:
        timings = {n: measure(WORKLOADS[n], args.repeats, progress) for n in names}
    print(table(timings))


if __name__ == "__main__":
    main()
