"""What crosses the wall: plain data, capped and checked before it is used."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.grading import protocol
from course.grading.protocol import Maker, ProtocolError, Unsendable, pack, unpack
from course.grading.seccomp import _CALLS, program


def there_and_back(value):
    return unpack(pack({"value": value})[4:])["value"]


def framed(header, rest=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack(">I", len(text)) + text + rest


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(plain)
def test_plain_data_arrives_as_it_was_sent(value):
    got = there_and_back(value)
    assert got == value
    assert repr(got) == repr(value)  # True is not 1, 1 is not 1.0, () is not []


@pytest.mark.parametrize("dtype", ["f8", "i8", "?"])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3), (2, 0, 4)])
def test_an_array_keeps_type_shape_and_order(dtype, shape):
    sent = np.arange(np.prod(shape, dtype=int)).reshape(shape).astype(dtype)
    got = there_and_back((sent.T, {"inner": sent}))
    for array, wanted in ((got[0], sent.T), (got[1]["inner"], sent)):
        assert array.dtype == wanted.dtype
        assert array.shape == wanted.shape
        assert np.array_equal(array, wanted)
        assert array.flags.writeable


def test_other_numbers_arrive_as_the_nearest_of_the_three_types():
    assert there_and_back(np.float32(0.5)) == 0.5
    assert type(there_and_back(np.int8(3))) is int
    assert there_and_back(np.bool_(True)) is True
    assert there_and_back(np.ones(2, np.float32)).dtype == np.float64


def test_infinite_and_no_number_cross_and_are_the_checks_business():
    assert np.isinf(there_and_back(float("inf")))
    assert np.isnan(there_and_back(np.array([np.nan]))).all()


class Number(float):
    pass


@pytest.mark.parametrize(
    "value",
    [
        object(),
        1j,
        {1: 2},
        2**63,
        Number(1.0),
        {1, 2},
        b"bytes",
        len,
        np.array([None]),
        np.array(["a"]),
        np.ones(2, complex),
        np.zeros(2**20 + 1, bool),
        "x" * 2**20,
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_not_plain_or_too_much_is_not_sent(value):
    with pytest.raises(Unsendable):
        pack({"value": value})


def test_a_nest_too_deep_is_not_sent():
    nest = []
    for _ in range(protocol.MAX_DEPTH + 1):
        nest = [nest]
    with pytest.raises(Unsendable, match="nested"):
        pack({"value": nest})
    nest.append(nest)
    with pytest.raises(Unsendable, match="nested"):
        pack({"value": nest})


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\0\0",
        struct.pack(">I", 2**31),
        framed(b"\xff\xfe"),
        framed(b"[" * 10**5),
        framed(b'{"m": ' + b"[" * 10**5 + b"]" * 10**5 + b', "a": []}'),
        framed(b'{"m": {"n": ' + b"9" * 10**4 + b'}, "a": []}'),
        framed([]),
        framed({"m": {}}),
        framed({"m": {}, "a": [], "more": 1}),
        framed({"m": [], "a": []}),
        framed({"m": {}, "a": {}}),
        framed({"m": {"n": 2**63}, "a": []}),
        framed({"m": {"n": [[0] * 1000] * 101}, "a": []}),
        framed({"m": {"n": {"a": 0}}, "a": []}),
        framed({"m": {"n": {"a": -1}}, "a": [["<f8", [1]]]}, bytes(8)),
        framed({"m": {"n": {"a": True}}, "a": [["<f8", [1]]] * 2}, bytes(16)),
        framed({"m": {"n": {"a": 0, "t": []}}, "a": [["<f8", [1]]]}, bytes(8)),
        framed({"m": {"n": {"g": ["f", []]}}, "a": []}),
        framed({"m": {"n": {"d": [["k"]]}}, "a": []}),
        framed({"m": {"n": {"d": [[1, 2]]}}, "a": []}),
        framed({"m": {"n": {"pickle": ""}}, "a": []}),
        framed({"m": {}, "a": [["|O", [1]]]}, bytes(8)),
        framed({"m": {}, "a": [["<f8", [-1]]]}, bytes(8)),
        framed({"m": {}, "a": [["<f8", [1.0]]]}, bytes(8)),
        framed({"m": {}, "a": [["<f8", [True]]]}, bytes(8)),
        framed({"m": {}, "a": [["<f8", [2**62, 4]]]}, bytes(8)),
        framed({"m": {}, "a": [["<f8", [0, 2**62]]]}),
        framed({"m": {}, "a": [["<f8", [1] * 9]]}, bytes(8)),
        framed({"m": {}, "a": [["<f8", [2]]]}, bytes(8)),
        framed({"m": {}, "a": [["<f8", [1]]]}, bytes(9)),
        framed({"m": {}, "a": [["|b1", [1]]]}, b"\2"),
        framed({"m": {}, "a": [[["<f8"], [1]]]}, bytes(8)),
    ],
    ids=lambda payload: repr(payload[4:50]),
)
def test_a_forged_message_is_refused(payload):
    with pytest.raises(ProtocolError):
        unpack(payload)


@given(st.binary(max_size=200))
def test_noise_is_refused_or_read_and_nothing_else(noise):
    for payload in (noise, framed(noise), framed({"m": {}, "a": []}, noise)):
        with contextlib.suppress(ProtocolError):
            unpack(payload)


def test_a_function_is_described_only_by_the_grader():
    packed = pack({"f": Maker("scaled", (3.0,))})[4:]
    maker = unpack(packed, makers=True)["f"]
    assert (maker.name, maker.params) == ("scaled", (3.0,))
    with pytest.raises(ProtocolError):
        unpack(packed)


@pytest.fixture
def link():
    here, there = socket.socketpair()
    with here, there:
        yield here, there


def soon(seconds=0.2):
    return time.monotonic() + seconds


def test_a_message_over_the_cap_is_refused_before_it_is_read(link):
    link[1].sendall(struct.pack(">I", protocol.MAX_MESSAGE + 1))
    with pytest.raises(ProtocolError, match="bytes"):
        protocol.receive(link[0], soon())


def test_a_slow_drip_ends_at_the_deadline(link):
    stop = threading.Event()

    def drip():
        link[1].sendall(struct.pack(">I", 1000))
        while not stop.wait(0.02):
            link[1].sendall(b"x")

    thread = threading.Thread(target=drip)
    thread.start()
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        protocol.receive(link[0], soon())
    stop.set()
    thread.join()
    assert time.monotonic() - began < 1


def test_nobody_reading_ends_at_the_deadline(link):
    with pytest.raises(TimeoutError):
        protocol.send(link[0], bytes(2**24), soon())


def test_the_other_side_gone_is_an_end_of_file(link):
    link[1].sendall(struct.pack(">I", 1000) + b"half")
    link[1].close()
    with pytest.raises(EOFError):
        protocol.receive(link[0], soon())


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_every_jump_of_the_filter_lands_inside_it(machine):
    lines = program(machine)
    jumps = [(k, line) for k, line in enumerate(lines) if line[0] & 7 == 5]
    calls = [numbers for numbers in _CALLS.values() if numbers[machine != "x86_64"]]
    assert len(jumps) == len(calls) + 6
    assert all(k + 1 + max(line[1:3]) < len(lines) for k, line in jumps)
    assert lines[-1][0] == 6
