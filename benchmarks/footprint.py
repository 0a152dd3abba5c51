"""What a library costs before it computes: memory, and seconds of import."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec

import numpy as np

from benchmarks import machine
from benchmarks.peers import find
from benchmarks.workloads import WORKLOADS

LIBRARIES = {
    "NumPy": "numpy",
    "backprop": "backprop",
    "autograd": "autograd.numpy",
    "scikit-learn": "sklearn.neural_network",
    "JAX": "jax",
    "PyTorch": "torch",
    "Keras": "keras",
}
IMPORT = (
    "import time; t = time.perf_counter(); import {}; print(time.perf_counter() - t)"
)


def memory(name: str, peer: str) -> dict[str, float]:
    """MB of a process that has imported a peer, and the most it had in training.

    One peer a process, since memory once taken is not given back.
    """
    found, work = find(peer), WORKLOADS[name]
    batches = work.batches()
    np.dot(np.ones((64, 64)), np.ones((64, 64)))  # BLAS takes its own now
    machine.forget_peak()
    imported = machine.resident()["now"]
    one = found(work)
    one.take(batches)
    one.train(10)
    return {"imported": imported, "peak": machine.resident()["most"]}


def imports(repeats: int = 3) -> dict[str, list[float]]:
    """Seconds of each import in a fresh process, by the clock."""
    there = {k: m for k, m in LIBRARIES.items() if find_spec(m.split(".")[0])}
    seconds: dict[str, list[float]] = {name: [] for name in there}
    for turn in range(repeats + 1):
        for name, module in there.items():
            command = [sys.executable, "-c", IMPORT.format(module)]
            environment = os.environ | {"KERAS_BACKEND": "jax"}
            run = subprocess.run(
                command, capture_output=True, text=True, check=True, env=environment
            )
            if turn:  # the first one reads files from the disk
                seconds[name].append(float(run.stdout.split()[-1]))
    return seconds
