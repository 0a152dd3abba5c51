"""Networks in files: an .npz without pickle, so that loading runs no code."""

import json
import os
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.lib.npyio import NpzFile

from backprop.layers import Layer
from backprop.network import Sequential

FORMAT = "backprop-network 1"


def save(net: Sequential, path: str | os.PathLike[str]) -> None:
    """Write a network to `path`, whole or not at all.

    Parameters
    ----------
    net : Sequential
        Its layers must be the package's own; `load` could not make others.
    path : path-like
        The file is named exactly so; nothing is appended.

    Raises
    ------
    TypeError
        A layer is of a class that `load` would not know, or the parameters are
        `Value` objects.

    Notes
    -----
    Written beside the target and renamed over it: a full disk or an interrupt
    leaves an older file as it was.
    """
    if net.params.dtype != net.dtype:
        given = net.params.dtype
        raise TypeError(f"save: params have dtype {given}, expected {net.dtype}")
    for layer in net.layers:
        if not type(layer).__module__.startswith("backprop."):
            raise TypeError(f"save: {layer.name} is not a layer of this package")
    layers = [[type(layer).__name__, layer.config()] for layer in net.layers]
    architecture = {"format": FORMAT, "dtype": net.dtype.name, "layers": layers}
    path = Path(path)
    # `tempfile` would make the file readable by its owner alone.
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            np.savez(file, architecture=json.dumps(architecture), params=net.params)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def load(path: str | os.PathLike[str]) -> Sequential:
    """Read a network that `Sequential.save` has written.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    Sequential
        With the same layers, dtype and parameters, bit for bit.

    Raises
    ------
    FileNotFoundError
    ValueError
        The file is no network, or damaged; the message says in what.
    """
    with open(path, "rb") as stream:
        try:
            return _read(stream)
        except Exception as error:  # whatever zipfile, json or NumPy make of damage
            reason = f"{os.fspath(path)!r} is not a saved network: {error}"
            raise ValueError(f"load: {reason}") from error


def _read(stream: BinaryIO) -> Sequential:
    # np.load would leave a damaged file open, and read other kinds too.
    with NpzFile(stream, allow_pickle=False) as file:
        architecture: dict[str, Any] = json.loads(str(file["architecture"]))
        params = file["params"]
    if architecture["format"] != FORMAT:
        raise ValueError(f"format is {architecture['format']!r}, not {FORMAT!r}")
    layers = [_make_layer(kind, args) for kind, args in architecture["layers"]]
    net = Sequential(*layers, rng=0, dtype=architecture["dtype"])
    net.params = params
    return net


def _make_layer(kind: str, arguments: dict[str, Any]) -> Layer:
    if kind not in Layer.registry:
        raise ValueError(f"layer {kind!r} is not one of {sorted(Layer.registry)}")
    return Layer.registry[kind](**arguments)
