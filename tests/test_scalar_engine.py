"""The book's central claim: matrix backpropagation is the scalar chain rule.

The same network runs on arrays of `Value` objects, the loss is written out in
plain operations on them, and every gradient must be the array layers'.
"""

import numpy as np
import pytest
from helpers import ACTIVATIONS, away_from_zero, relative_error, targets_for

import backprop as bp
from backprop import Value


def scalar_mse(Y, T):
    return sum((y - t) ** 2 for y, t in zip(Y.flat, T.flat, strict=True)) / Y.size


def scalar_bce(Y, T):
    """−t log σ(z) − (1 − t) log(1 − σ(z)), averaged."""
    total = 0.0
    for z, t in zip(Y.flat, T.flat, strict=True):
        p = 1 / (1 + (-z).exp())
        total += -(t * p.log() + (1 - t) * (1 - p).log())
    return total / Y.size


def scalar_softmax_ce(Y, T):
    """−log(e^z_t / Σ e^z), averaged over the rows."""
    total = 0.0
    for z, t in zip(Y, T, strict=True):
        exps = [z_k.exp() for z_k in z]
        p = [e / sum(exps) for e in exps]
        weights = np.eye(len(z))[t] if np.ndim(t) == 0 else t
        total += -sum(w * p_k.log() for w, p_k in zip(weights, p, strict=True) if w)
    return total / len(Y)


SCALAR_LOSS = {
    bp.MeanSquaredError: scalar_mse,
    bp.BinaryCrossEntropy: scalar_bce,
    bp.SoftmaxCrossEntropy: scalar_softmax_ce,
}


def grads_of(nodes: np.ndarray) -> np.ndarray:
    return np.array([node.grad for node in nodes.flat]).reshape(nodes.shape)


def assert_equal_to_scalar_engine(net, loss, X, T):
    L = loss.forward(net.forward(X), T)
    dX = net.backward(loss.backward())

    twin, X_values = net.as_values(), bp.values(X)
    result: Value = SCALAR_LOSS[type(loss)](twin.forward(X_values), T)
    result.backward()

    # 1e-12: both round sums of a few dozen products, in different orders.
    assert result.data == pytest.approx(L, rel=1e-12)
    if net.params.size:
        assert relative_error(net.grads, grads_of(twin.params)) <= 1e-12
    assert relative_error(dX, grads_of(X_values)) <= 1e-12


@pytest.mark.parametrize("loss", SCALAR_LOSS)
@pytest.mark.parametrize("soft", [False, True])
@pytest.mark.parametrize("N", [1, 4])
def test_a_network_equals_the_scalar_chain_rule(loss, soft, N):
    rng = np.random.default_rng(N)
    net = bp.Sequential(
        bp.Dense(2, 3, init_bias=bp.Normal(0.5)),
        bp.Tanh(),
        bp.Dense(3, 5),
        bp.LeakyReLU(),
        bp.Dense(5, 2),
        rng=rng,
    )
    T = targets_for(loss(), rng, N, 2, soft)
    assert_equal_to_scalar_engine(net, loss(), rng.normal(size=(N, 2)), T)


@pytest.mark.parametrize("N", [1, 3])
@pytest.mark.parametrize(("d_in", "d_out"), [(1, 1), (1, 3), (3, 1), (3, 2)])
def test_dense_backward_matches_scalar_chain_rule(N, d_in, d_out):
    rng = np.random.default_rng(0)
    net = bp.Sequential(bp.Dense(d_in, d_out, init_bias=bp.Normal(1.0)), rng=rng)
    X, T = rng.normal(size=(N, d_in)), rng.normal(size=(N, d_out))
    assert_equal_to_scalar_engine(net, bp.MeanSquaredError(), X, T)


@pytest.mark.parametrize("kind", ACTIVATIONS)
def test_activation_backward_matches_scalar_chain_rule(kind):
    rng = np.random.default_rng(0)
    X, T = away_from_zero(rng, 3, 2), rng.normal(size=(3, 2))
    assert_equal_to_scalar_engine(bp.Sequential(kind()), bp.MeanSquaredError(), X, T)


def test_as_values_leaves_the_network_alone():
    net = bp.Sequential(bp.Dense(2, 3), bp.Tanh(), rng=0)
    X, params = np.ones((4, 2)), net.params.copy()
    Y = net.forward(X)
    twin = net.as_values()
    assert all(isinstance(w, Value) for w in twin.params)
    twin.layers[0].W = bp.values(np.zeros((2, 3)))
    np.testing.assert_array_equal(net.params, params)
    np.testing.assert_array_equal(net.forward(X), Y)


def test_a_twin_of_values_refuses_plain_numbers():
    twin = bp.Sequential(bp.Dense(2, 3), rng=0).as_values()
    with pytest.raises(TypeError, match="X has dtype float64.*computes in object"):
        twin.forward(np.ones((4, 2)))
