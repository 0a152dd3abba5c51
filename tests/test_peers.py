"""What is timed side by side is the same work, and says where it is not."""

from itertools import pairwise

import numpy as np
import pytest

import backprop as bp
from benchmarks.peers import PEERS, Missing, find, textbook
from benchmarks.training import EXACT, PROVED
from benchmarks.workloads import WORKLOADS, Workload

STEPS = 20


def made(name, work, dtype=np.float64):
    """A peer with that work, or a skip that says why it is not here."""
    try:
        return find(name)(work, dtype)
    except Missing as reason:
        pytest.skip(f"{name}: {reason} (`make bench` installs it and proves it there)")


def trained(name, work):
    peer = made(name, work)
    batches = work.batches(np.float64)
    peer.take((batches * STEPS)[:STEPS])
    peer.train(1)
    return peer


# float64 rounds some dozens of times a step by 1e-16 each; Adam divides by
# √v + 1e-8, which makes up to 1e-10 of that where a gradient is tiny.
@pytest.mark.parametrize("workload", PROVED)
@pytest.mark.parametrize("name", list(PEERS)[1:])
def test_a_peer_has_our_parameters_after_20_steps_or_says_what_it_does_else(
    name, workload
):
    work = WORKLOADS[workload]
    peer, ours = trained(name, work), trained("backprop", work)
    difference = np.abs(peer.params() - ours.params()).max()
    if peer.exact:
        assert difference < EXACT
    else:
        assert peer.differs
        # Where gradients are as small as ε, its place decides about a step of η.
        assert difference < work.lr
    begun = np.concatenate([a.ravel() for pair in work.start() for a in pair])
    assert np.abs(ours.params() - begun).max() > 1e-3  # else nothing was proved


def test_ours_is_the_first_peer_since_all_others_are_divided_by_it():
    assert next(iter(PEERS)) == "backprop"


def test_a_peer_that_is_not_installed_is_missing_by_name(monkeypatch):
    monkeypatch.setitem(PEERS, "nobody", ("no_such_module", "Nobody"))
    with pytest.raises(Missing, match=r"not installed: benchmarks\.peers\.no_such"):
        find("nobody")


def test_micrograd_refuses_what_it_cannot_do_in_time():
    made("micrograd", WORKLOADS["w1"])
    with pytest.raises(Missing, match="w1 alone"):
        find("micrograd")(WORKLOADS["w2a"])


@pytest.mark.parametrize("name", WORKLOADS)
def test_every_workload_has_the_shapes_it_names(name):
    work = WORKLOADS[name]
    batches = work.batches()
    assert {len(X) for X, _ in batches} == {work.batch}
    assert {X.dtype.name for X, _ in batches} == {"float32"}
    assert {X.shape[1] for X, _ in batches} == {work.widths[0]}
    start = work.start()
    assert [W.shape for W, _ in start] == list(pairwise(work.widths))
    assert {b.shape[0] for _, b in start} == set(work.widths[1:])


def test_a_step_has_one_multiplication_forward_and_two_back_less_the_datas():
    work = Workload((3, 5, 2), 7)
    assert work.multiplications(backward=False) == 7 * (15 + 10)
    assert work.multiplications() == 7 * (3 * (15 + 10) - 15)


def test_another_seed_is_another_start_and_another_order():
    work = WORKLOADS["w2b"]
    other = Workload(work.widths, work.batch, data="digits", seed=3)
    assert not np.array_equal(work.start()[0][0], other.start()[0][0])
    assert not np.array_equal(work.batches()[0][0], other.batches()[0][0])
    examples, targets = work.load()
    shuffled, labels = other.load()
    assert sorted(map(bytes, examples)) == sorted(map(bytes, shuffled))
    first = np.flatnonzero((examples == shuffled[0]).all(axis=1))
    assert labels[0] in targets[first]


def test_the_textbook_makes_a_new_array_for_every_result():
    work = WORKLOADS["w2a"]
    pairs = work.start()
    net = textbook.Network([W for W, _ in pairs], [b for _, b in pairs])
    X = work.load()[0]
    assert not np.shares_memory(net.forward(X[:4]), net.forward(X[:4]))


def test_the_textbook_without_the_datas_gradient_takes_the_same_steps():
    work = WORKLOADS["w2b"]
    batches = work.batches(np.float64)
    params = []
    for data_gradient in (True, False):
        pairs = work.start(np.float64)
        net = textbook.Network([W for W, _ in pairs], [b for _, b in pairs])
        net.data_gradient = data_gradient
        adam = textbook.Adam(net.W + net.b)
        for X, T in batches[:5]:
            textbook.train_step(net, textbook.softmax_cross_entropy, adam, X, T)
        params.append(np.concatenate([a.ravel() for a in net.W + net.b]))
    np.testing.assert_array_equal(*params)


def test_both_fits_take_the_same_batches():
    work = WORKLOADS["w2a"]
    X, T = work.load(np.float64)
    settings = {"epochs": 2, "batch_size": 32, "rng": 0}
    ours = made("backprop", work)
    history = bp.fit(ours.net, ours.loss, ours.optimizer, X, T, **settings)
    theirs = made("textbook NumPy", work)
    losses = textbook.fit(theirs.net, theirs.loss, theirs.optimizer, X, T, **settings)
    # As above, over 68 steps.
    np.testing.assert_allclose(history.loss, losses, rtol=1e-9)
