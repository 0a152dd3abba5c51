"""save and load: bit for bit, whole or not at all, and no pickle ever."""

import io
import json
import os
import pickle

import numpy as np
import pytest
from helpers import one_of_each_layer

import backprop as bp


@pytest.fixture
def path(tmp_path):
    return tmp_path / "net.npz"


def write(path, **changes):
    """A saved network in which something was changed (None: left out)."""
    architecture = {
        "format": "backprop-network 1",
        "dtype": "float64",
        "layers": [["Dense", {"d_in": 2, "d_out": 3}]],
    }
    arrays = {"params": np.zeros(9), **changes.pop("arrays", {})}
    architecture.update(changes)
    arrays.setdefault("architecture", np.array(json.dumps(architecture)))
    with path.open("wb") as file:
        np.savez(file, **arrays)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_round_trip_is_bit_identical(path, dtype):
    net = bp.Sequential(*map(fresh, one_of_each_layer()), rng=3, dtype=dtype)
    net.params[:3] = np.nextafter(dtype(1), dtype(2)), -0.0, np.finfo(dtype).tiny
    net.save(path)
    again = bp.load(path)
    assert repr(again) == repr(net)
    assert again.dtype == dtype
    assert again.params.tobytes() == net.params.tobytes()
    X = np.random.default_rng(0).normal(size=(5, 3)).astype(dtype)
    assert again.forward(X).tobytes() == net.forward(X).tobytes()


def fresh(layer):
    return type(layer)(**layer.config())


def test_a_loaded_network_can_be_trained_and_saved_again(path):
    net = one_of_each_layer()
    net.save(path)
    again = bp.load(path)
    again.params = again.params * 2
    np.testing.assert_array_equal(again.layers[0].W, net.layers[0].W * 2)
    again.save(path)
    np.testing.assert_array_equal(bp.load(path).params, net.params * 2)


def test_the_file_is_named_exactly_as_asked_and_readable_as_others_are(tmp_path):
    plain, saved = tmp_path / "plain", tmp_path / "net.backprop"
    plain.touch()
    one_of_each_layer().save(str(saved))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["net.backprop", "plain"]
    assert os.stat(saved).st_mode == os.stat(plain).st_mode


def test_a_failing_write_leaves_the_old_file(path, monkeypatch):
    net = one_of_each_layer()
    net.save(path)
    before = path.read_bytes()

    def half_a_write(file, **arrays):
        file.write(b"PK")
        raise OSError("no space left on device")

    monkeypatch.setattr(np, "savez", half_a_write)
    net.params = net.params + 1
    with pytest.raises(OSError, match="no space left"):
        net.save(path)
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == ["net.npz"]


def test_an_interrupt_while_writing_leaves_no_file(path, monkeypatch):
    def interrupt(file, **arrays):
        raise KeyboardInterrupt

    monkeypatch.setattr(np, "savez", interrupt)
    with pytest.raises(KeyboardInterrupt):
        one_of_each_layer().save(path)
    assert list(path.parent.iterdir()) == []


def test_a_layer_that_load_could_not_make_is_refused(path):
    class Mine(bp.Tanh):
        pass

    with pytest.raises(TypeError, match="Mine 1 is not a layer of this package"):
        bp.Sequential(bp.Dense(2, 2), Mine()).save(path)
    assert not path.exists()


def test_a_readers_own_dense_does_not_replace_the_packages(path):
    one_of_each_layer().save(path)
    type("Dense", (bp.Layer,), {})  # as a chapter's notebook defines one
    assert type(bp.load(path).layers[0]) is bp.Dense


def test_a_twin_of_values_is_not_saved(path):
    with pytest.raises(TypeError, match="params have dtype object, expected float64"):
        one_of_each_layer().as_values().save(path)
    assert not path.exists()


class Trap:
    """Unpickling this would leave a trace."""

    opened = False

    def __reduce__(self):
        return (setattr, (Trap, "opened", True))


def npy(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


WRONG = {  # what is wrong with the file, and what load says of it
    "text": (lambda p: p.write_text("not a network"), "not a zip file"),
    "empty": (lambda p: p.write_bytes(b""), "not a zip file"),
    "a pickle": (lambda p: p.write_bytes(pickle.dumps(Trap())), "not a zip file"),
    "an array": (lambda p: p.write_bytes(npy(np.zeros(3))), "not a zip file"),
    "another npz": (lambda p: np.savez(p, x=np.zeros(3)), "architecture"),
    "no parameters": (
        lambda p: np.savez(p, architecture=np.array('{"format": 1}')),
        "params",
    ),
    "pickled parameters": (
        lambda p: write(p, arrays={"params": np.array([Trap()])}),
        "allow_pickle",
    ),
    "pickled architecture": (
        lambda p: write(p, arrays={"architecture": np.array([Trap()])}),
        "allow_pickle",
    ),
    "no JSON": (
        lambda p: write(p, arrays={"architecture": np.array("{")}),
        "Expecting property name",
    ),
    "JSON of another kind": (
        lambda p: write(p, arrays={"architecture": np.array("[]")}),
        "",
    ),
    "another format": (
        lambda p: write(p, format="backprop-network 2"),
        "format is 'backprop-network 2', not 'backprop-network 1'",
    ),
    "an unknown layer": (
        lambda p: write(p, layers=[["Conv", {}]]),
        r"layer 'Conv' is not one of \[.*'Dense'",
    ),
    "unknown arguments": (
        lambda p: write(p, layers=[["Dense", {"size": 2}]]),
        "unexpected keyword argument",
    ),
    "no layers": (lambda p: write(p, layers=[]), "no layers given"),
    "another dtype": (lambda p: write(p, dtype="int64"), "dtype is int64"),
    "other parameters": (
        lambda p: write(p, arrays={"params": np.zeros(8)}),
        r"params has shape \(9,\), got \(8,\)",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_file_that_is_no_network_is_refused(path, what):
    make, reason = WRONG[what]
    make(path)
    with pytest.raises(
        ValueError, match=rf"load: .*net\.npz.*saved network: .*{reason}"
    ):
        bp.load(path)
    assert not Trap.opened


def test_a_file_that_is_not_there_is_not_found(path):
    with pytest.raises(FileNotFoundError, match="net.npz"):
        bp.load(path)


def test_a_truncated_file_is_refused_wherever_it_ends(path):
    one_of_each_layer().save(path)
    whole = path.read_bytes()
    for length in range(0, len(whole), 17):
        path.write_bytes(whole[:length])
        with pytest.raises(ValueError, match="is not a saved network"):
            bp.load(path)


def test_a_damaged_byte_is_refused_or_harmless(path):
    one_of_each_layer().save(path)
    net, whole = bp.load(path), bytearray(path.read_bytes())
    refused = 0
    for at in range(0, len(whole), 13):
        damaged = bytearray(whole)
        damaged[at] ^= 0x55
        path.write_bytes(damaged)
        try:
            again = bp.load(path)
        except ValueError as error:
            assert "is not a saved network" in str(error)
            refused += 1
        else:  # a byte of zip's that nobody reads, a date for instance
            assert again.params.tobytes() == net.params.tobytes()
            assert repr(again) == repr(net)
    assert refused > 50
