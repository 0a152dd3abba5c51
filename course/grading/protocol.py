"""What crosses between grader and sandbox: plain data in length-prefixed messages.

A message is a dict with string keys. On the wire it is

    4 bytes   length of what follows
    4 bytes   length of the header
    header    JSON: {"m": the message, "a": [[dtype, shape], ...]}
    the rest  the arrays' bytes, one after the other, C order

In the header's tree a JSON object has one key, a tag: ``{"a": 2}`` is array
number 2, ``{"t": [...]}`` a tuple, ``{"d": [[key, value], ...]}`` a dict and
``{"g": [name, params]}`` a function that only its maker's name describes. There
is no pickle, no eval, and nothing is sized before its length has been checked.

Used on both sides; imports the standard library and NumPy alone.
"""

from __future__ import annotations

import json
import math
import select
import socket
import struct
import time
from typing import Any, NoReturn

import numpy as np

# A hidden input is a few kilobytes; these caps are far above and still harmless.
MAX_MESSAGE = 16 * 2**20  # bytes
MAX_HEADER = 2**20
MAX_ELEMENTS = 2**20  # of all arrays of a message
MAX_NODES = 100_000
MAX_DEPTH = 16
MAX_INT = 2**63
DTYPES = {"<f8": np.dtype("<f8"), "<i8": np.dtype("<i8"), "|b1": np.dtype("|b1")}


class ProtocolError(Exception):
    """A message that breaks the rules above."""


class Unsendable(Exception):
    """A value that is not plain data; the text says what it is."""


class Maker:
    """The description of a function: ``name(*params)`` makes it.

    Parameters
    ----------
    name : str
    params : tuple
    """

    def __init__(self, name: str, params: tuple[Any, ...]) -> None:
        self.name, self.params = name, params


def pack(message: dict[str, Any]) -> bytes:
    """Return a message as bytes, its length first.

    Parameters
    ----------
    message : dict of str to plain data

    Returns
    -------
    bytes

    Raises
    ------
    Unsendable
        If some value is not plain data, or there is too much of it.
    """
    arrays: list[np.ndarray[Any, Any]] = []
    tree = {key: _to_tree(value, arrays, 0) for key, value in message.items()}
    kinds = [[array.dtype.str, list(array.shape)] for array in arrays]
    header = json.dumps({"m": tree, "a": kinds}).encode()
    blobs = [array.tobytes() for array in arrays]
    size = 4 + len(header) + sum(map(len, blobs))
    if len(header) > MAX_HEADER or size > MAX_MESSAGE:
        raise Unsendable(f"a result of {size:,} bytes")
    return b"".join([struct.pack(">II", size, len(header)), header, *blobs])


def unpack(payload: bytes, makers: bool = False) -> dict[str, Any]:
    """Return the message in what followed the length.

    Parameters
    ----------
    payload : bytes
    makers : bool, optional
        Whether `Maker` may occur: it comes from the grader alone.

    Returns
    -------
    dict of str to plain data

    Raises
    ------
    ProtocolError
        If anything is not as in this module's description.
    """
    if len(payload) < 4:
        _refuse(f"a message of {len(payload)} bytes")
    (length,) = struct.unpack(">I", payload[:4])
    if length > min(MAX_HEADER, len(payload) - 4):
        _refuse(f"a header of {length} bytes in a message of {len(payload)}")
    try:
        header = json.loads(payload[4 : 4 + length])
    except (ValueError, RecursionError) as error:
        raise ProtocolError(f"a header that is not JSON ({error})"[:200]) from None
    if not isinstance(header, dict) or header.keys() != {"m", "a"}:
        _refuse("a header without message and arrays")
    arrays = _arrays(header["a"], memoryview(payload)[4 + length :])
    tree = header["m"]
    if not isinstance(tree, dict):
        _refuse("a message that is not an object")
    reader = _Reader(arrays, makers)
    return {key: reader.value(node, 0) for key, node in tree.items()}


def send(sock: socket.socket, data: bytes, deadline: float) -> None:
    """Write all of `data` before `deadline` (of `time.monotonic`).

    Parameters
    ----------
    sock : socket.socket
    data : bytes
    deadline : float

    Raises
    ------
    TimeoutError
    OSError
        If the other side is gone.
    """
    view = memoryview(data)
    while view:
        _wait(sock, select.POLLOUT, deadline)
        try:
            sent = sock.send(view, socket.MSG_DONTWAIT | _NO_SIGNAL)
        except BlockingIOError:
            continue
        view = view[sent:]


def receive(sock: socket.socket, deadline: float) -> bytes:
    """Read one message's payload before `deadline`, however slowly it drips.

    Parameters
    ----------
    sock : socket.socket
    deadline : float

    Returns
    -------
    bytes

    Raises
    ------
    TimeoutError
    EOFError
        If the other side is gone.
    ProtocolError
        If the length is over the cap: nothing more is read.
    """
    (size,) = struct.unpack(">I", _exactly(sock, 4, deadline))
    if size > MAX_MESSAGE:
        _refuse(f"a message of {size} bytes")
    return _exactly(sock, size, deadline)


_NO_SIGNAL = getattr(socket, "MSG_NOSIGNAL", 0)


def _exactly(sock: socket.socket, size: int, deadline: float) -> bytes:
    chunks = []
    while size:
        _wait(sock, select.POLLIN, deadline)
        try:
            chunk = sock.recv(min(size, 2**18), socket.MSG_DONTWAIT)
        except BlockingIOError:
            continue
        except ConnectionResetError:
            chunk = b""
        if not chunk:
            raise EOFError
        chunks.append(chunk)
        size -= len(chunk)
    return b"".join(chunks)


def _wait(sock: socket.socket, event: int, deadline: float) -> None:
    """Wait until the socket is ready; `poll` has no limit on descriptor numbers."""
    poll = select.poll()
    poll.register(sock, event)
    left = math.inf if deadline == math.inf else deadline - time.monotonic()
    if left <= 0 or not poll.poll(None if left == math.inf else left * 1000):
        raise TimeoutError


def _refuse(what: str) -> NoReturn:
    raise ProtocolError(what)


def _to_tree(value: Any, arrays: list[np.ndarray[Any, Any]], depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise Unsendable(f"data nested more than {MAX_DEPTH} deep")
    if isinstance(value, np.generic):
        value = _plain(value).item()
    if value is None or type(value) in (bool, float, str):
        return value
    if type(value) is int:
        if not -MAX_INT <= value < MAX_INT:
            raise Unsendable("an integer of more than 64 bits")
        return value
    if isinstance(value, np.ndarray):
        arrays.append(_plain(value))
        return {"a": len(arrays) - 1}
    if isinstance(value, Maker):
        return {"g": [value.name, _to_tree(list(value.params), arrays, depth + 1)]}
    if type(value) is dict:
        pairs = [[k, _to_tree(v, arrays, depth + 1)] for k, v in value.items()]
        if not all(type(key) is str for key in value):
            raise Unsendable("a dict with keys that are not text")
        return {"d": pairs}
    if type(value) in (list, tuple):
        items = [_to_tree(item, arrays, depth + 1) for item in value]
        return {"t": items} if type(value) is tuple else items
    raise Unsendable(f"a value of type {type(value).__name__}")


def _plain(array: Any) -> np.ndarray[Any, Any]:
    """Return an array or NumPy scalar in one of the three types that cross."""
    kinds = {"f": "<f8", "i": "<i8", "u": "<i8", "b": "|b1"}
    if array.dtype.kind not in kinds:
        raise Unsendable(f"an array of type {array.dtype}")
    if array.size > MAX_ELEMENTS:
        raise Unsendable(f"an array of {array.size:,} numbers")
    return np.asarray(array, kinds[array.dtype.kind])


def _arrays(kinds: Any, rest: memoryview) -> list[np.ndarray[Any, Any]]:
    """Cut the arrays out of the bytes behind the header."""
    if not isinstance(kinds, list):
        _refuse("arrays that are not a list")
    arrays, at, total = [], 0, 0
    for kind in kinds:
        match kind:
            case [str(name), list(shape)] if name in DTYPES:
                dtype = DTYPES[name]
            case _:
                _refuse(f"an array described as {kind!r}"[:200])
        if len(shape) > 8 or not all(type(n) is int and n >= 0 for n in shape):
            _refuse(f"an array of shape {shape!r}"[:200])
        # Python's integers do not overflow; an axis of 0 must not hide a huge one.
        total += math.prod(max(n, 1) for n in shape)
        end = at + math.prod(shape) * dtype.itemsize
        if total > MAX_ELEMENTS or end > len(rest):
            _refuse(f"an array of shape {shape!r} in {len(rest) - at} bytes"[:200])
        if name == "|b1" and max(rest[at:end], default=0) > 1:
            _refuse("a bool that is neither 0 nor 1")
        flat = np.frombuffer(bytes(rest[at:end]), dtype)
        arrays.append(flat.reshape(shape).copy())  # frombuffer is read-only
        at = end
    if at != len(rest):
        _refuse(f"{len(rest) - at} bytes too many")
    return arrays


class _Reader:
    """Turns a header's tree into values, counting as it goes."""

    def __init__(self, arrays: list[np.ndarray[Any, Any]], makers: bool) -> None:
        self.arrays, self.makers, self.nodes = arrays, makers, 0

    def value(self, node: Any, depth: int) -> Any:
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            _refuse("a message too deep or too large")
        if isinstance(node, list):
            return [self.value(item, depth + 1) for item in node]
        if isinstance(node, dict):
            return self.tagged(node, depth + 1)
        if isinstance(node, int) and not -MAX_INT <= node < MAX_INT:
            _refuse("an integer of more than 64 bits")
        return node

    def tagged(self, node: dict[str, Any], depth: int) -> Any:
        match node:
            case {"a": int(k), **more} if not more and type(k) is int:
                if not 0 <= k < len(self.arrays):
                    _refuse(f"array number {k} of {len(self.arrays)}")
                return self.arrays[k]
            case {"t": list(items), **more} if not more:
                return tuple(self.value(item, depth) for item in items)
            case {"d": list(pairs), **more} if not more:
                return dict(self.pair(pair, depth) for pair in pairs)
            case {"g": [str(name), list(params)], **more} if not more and self.makers:
                return Maker(name, tuple(self.value(p, depth) for p in params))
        return _refuse(f"an object with keys {sorted(node)!r}"[:200])

    def pair(self, pair: Any, depth: int) -> tuple[str, Any]:
        match pair:
            case [str(key), node]:
                return key, self.value(node, depth)
        return _refuse("a dict entry without key and value")
