"""The training step of all peers, the proof that it is the same, and `fit`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

import backprop as bp
from benchmarks.peers import PEERS, Missing, find
from benchmarks.peers.ours import Ours
from benchmarks.peers.peer import Peer
from benchmarks.timing import REPEATS, Run, Times, clock, interleave
from benchmarks.workloads import WORKLOADS, Array, Data, Dense, Workload

PROOF_STEPS = 20
PROVED = ("w1", "w2a", "w2b")  # both losses, both optimizers, two depths
EXACT = 1e-9  # float64 parameters after the 20 steps
SEEDS, GOAL, MOST_EPOCHS = 10, 0.97, 60


def proof(name: str) -> dict[str, float]:
    """Largest difference of any parameter from ours after 20 steps, float64.

    Raises
    ------
    ValueError
        A peer that is to do the same arithmetic does not.
    """
    work = WORKLOADS[name]
    batches = work.batches(np.float64)
    batches = (batches * PROOF_STEPS)[:PROOF_STEPS]
    differences = {}
    for peer, found in installed(work).items():
        one = found(work, np.float64)
        one.take(batches)
        one.train(1)
        if peer == "backprop":
            ours = one.params().copy()
        differences[peer] = float(np.abs(one.params() - ours).max())
        if found.exact and not differences[peer] < EXACT:
            given = f"{peer} is {differences[peer]:.1e} from backprop"
            raise ValueError(f"{name}: {given} after 20 steps, expected < {EXACT}")
    return differences


def installed(work: Workload) -> dict[str, type[Peer]]:
    """Peers that can be timed here and take this work, ours first."""
    peers = {}
    for name in PEERS:
        try:
            found = find(name)
        except Missing:
            continue
        if not found.refuses(work):
            peers[name] = found
    return peers


def steps(name: str, repeats: int = REPEATS) -> Times:
    """Time a training step of every peer, in microseconds, float32."""
    work = WORKLOADS[name]
    batches = a_round(work)
    runs = {
        peer: _ready(found, work, batches) for peer, found in installed(work).items()
    }
    times = interleave(runs, repeats)
    scale = 1e6 / len(batches)
    return {
        peer: {clock: [t * scale for t in both[clock]] for clock in both}
        for peer, both in times.items()
    }


def a_round(work: Workload) -> list[Data]:
    """Batches of one call of `Peer.train`: 40, or 8 where a step is long."""
    batches = work.batches()
    long = work.multiplications() > 20_000_000
    return batches * max(1, round((8 if long else 40) / len(batches)))


def _ready(found: type[Peer], work: Workload, batches: list[Data]) -> Callable[[], Run]:
    """Make the peer anew for each repeat, or once where that means compiling.

    Anew, since where its arrays happen to lie is part of the spread.
    """

    def make() -> Run:
        peer = found(work)
        peer.take(batches)
        return peer.train

    if found.fresh:
        return make
    kept = make()
    return lambda: kept


def fit(name: str, repeats: int = REPEATS) -> dict[str, list[float]]:
    """Time a step of `bp.fit` beside `bp.train_step`, in microseconds of CPU.

    `fit` checks its data once, shuffles, gathers the batches and keeps the last
    good parameters; `train_step` checks each batch.
    """
    work = WORKLOADS[name]
    batches = a_round(work)
    X, T = (np.concatenate(part) for part in zip(*batches, strict=True))

    def fitted() -> Run:
        ours = Ours(work)

        def run(n: int) -> None:
            settings = {"epochs": n, "batch_size": work.batch, "rng": 0}
            bp.fit(ours.net, ours.loss, ours.optimizer, X, T, **settings)

        return run

    times = interleave({"steps": _ready(Ours, work, batches), "fit": fitted}, repeats)
    scale = 1e6 / len(batches)
    return {kind: [t * scale for t in both["cpu"]] for kind, both in times.items()}


def digits() -> dict[str, dict[str, list[float]]]:
    """CPU seconds of training until 97 % of the digits' test part are right.

    Each seed gives all the same start and the same batches; after each epoch the
    weights are asked for and tried, untimed.
    """
    split = bp.data.digits()
    X, T = split.X_test, split.T_test
    result: dict[str, dict[str, list[float]]] = {}
    for seed in range(1, SEEDS + 1):
        work = replace(WORKLOADS["w2b"], seed=seed)
        for name, found in installed(work).items():
            if name not in ("backprop", "scikit-learn", "PyTorch eager"):
                continue
            peer = found(work)
            peer.take(work.batches())
            seconds, epochs = 0.0, 0
            while accuracy(peer.layers(), X, T) < GOAL:
                if epochs == MOST_EPOCHS:
                    raise ValueError(f"{name}: seed {seed}: not at {GOAL} in {epochs}")
                seconds += clock(peer.train, 1)[0]
                epochs += 1
            row = result.setdefault(name, {"seconds": [], "epochs": []})
            row["seconds"].append(seconds)
            row["epochs"].append(epochs)
    return result


def accuracy(layers: list[Dense], X: Array, T: Array) -> float:
    """Share of examples whose largest output is at their class."""
    for W, b in layers[:-1]:
        X = np.maximum(X @ W + b, 0)
    W, b = layers[-1]
    return float(((X @ W + b).argmax(axis=1) == T).mean())
