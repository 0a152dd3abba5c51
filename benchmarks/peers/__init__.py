"""One adapter a peer: the same training step, done by somebody else.

Each module imports its library when it is imported, and defines one or more
classes of `Peer`. A peer whose library is not there is a missing row, with the
reason beside it.
"""

from __future__ import annotations

from importlib import import_module

from benchmarks.peers.peer import Missing, Peer

# Name in tables -> module and class. Ours first: the others are divided by it.
PEERS = {
    "backprop": ("ours", "Ours"),
    "textbook NumPy": ("textbook_peer", "Textbook"),
    "PyTorch eager": ("pytorch", "Eager"),
    "PyTorch fused": ("pytorch", "Fused"),
    "PyTorch compiled": ("pytorch", "Compiled"),
    "JAX jit": ("jax_peer", "Jitted"),
    "JAX scan": ("jax_peer", "Scanned"),
    "scikit-learn": ("sklearn_peer", "ScikitLearn"),
    "Keras": ("keras_peer", "Keras"),
    "autograd": ("autograd_peer", "Autograd"),
    "micrograd": ("micrograd_peer", "Micrograd"),
}


def find(name: str) -> type[Peer]:
    """Return a peer's class.

    Parameters
    ----------
    name : str
        Of `PEERS`.

    Raises
    ------
    Missing
        Its library is not installed or does not work here; the message says so.
    """
    module, kind = PEERS[name]
    try:
        found: type[Peer] = getattr(import_module(f"benchmarks.peers.{module}"), kind)
    except ImportError as error:
        raise Missing(f"not installed: {error.name or error}") from error
    return found
