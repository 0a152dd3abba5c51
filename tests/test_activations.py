"""Activation layers: dZ = dA ⊙ f′(Z), by hand and measured."""

import math

import numpy as np
import pytest
from helpers import ACTIVATIONS, away_from_zero, measured_gradient, relative_error

import backprop as bp

LOG2, LOG3 = math.log(2), math.log(3)

# Z, A, dZ for dA = ( 1 10 100 ), so that each entry's derivative can be read
#                   ( 2 20 200 )  off the result.
BY_HAND = {
    bp.Identity: (
        [[-1, 0, 2], [3, -4, 5]],
        [[-1, 0, 2], [3, -4, 5]],
        [[1, 10, 100], [2, 20, 200]],
    ),
    # σ(0) = ½, σ′ = ¼; σ(log 3) = ¾, σ′ = 3/16 = .1875; σ(−log 3) = ¼, the same
    bp.Sigmoid: (
        [[0, LOG3, -LOG3], [LOG3, 0, 0]],
        [[0.5, 0.75, 0.25], [0.75, 0.5, 0.5]],
        [[0.25, 1.875, 18.75], [0.375, 5, 50]],
    ),
    # tanh 0 = 0, slope 1; tanh(±log 2) = ±.6, slope 1 − .36 = .64
    bp.Tanh: (
        [[0, LOG2, -LOG2], [LOG2, 0, 0]],
        [[0, 0.6, -0.6], [0.6, 0, 0]],
        [[1, 6.4, 64], [1.28, 20, 200]],
    ),
    # slope 1 right of zero, 0 left of it and at it
    bp.ReLU: (
        [[-1, 0, 2], [3, -4, 5]],
        [[0, 0, 2], [3, 0, 5]],
        [[0, 0, 100], [2, 0, 200]],
    ),
    # slope 1 right of zero, .01 left of it and at it
    bp.LeakyReLU: (
        [[-1, 0, 2], [3, -4, 5]],
        [[-0.01, 0, 2], [3, -0.04, 5]],
        [[0.01, 0.1, 100], [2, 0.2, 200]],
    ),
    # log(1 + 1) = log 2, slope σ(0) = ½; log(1 + 3) = log 4, slope ¾;
    # log(1 + ⅓) = log 4/3, slope ¼
    bp.Softplus: (
        [[0, LOG3, -LOG3], [LOG3, 0, 0]],
        [[LOG2, math.log(4), math.log(4 / 3)], [math.log(4), LOG2, LOG2]],
        [[0.5, 7.5, 25], [1.5, 10, 100]],
    ),
}
dA = np.array([[1.0, 10, 100], [2, 20, 200]])


@pytest.mark.parametrize("kind", ACTIVATIONS)
@pytest.mark.parametrize("rows", [1, 2])
def test_activation_by_hand(kind, rows):
    Z, A, dZ = (np.array(rows_of, float)[:rows] for rows_of in BY_HAND[kind])
    net = bp.Sequential(kind())
    # 1e-15: log 3 and log 2 are rounded, and so are the two operations on them;
    # absolute where a number is 0, 1e-13 on 200 times such a number.
    np.testing.assert_allclose(net.forward(Z), A, rtol=1e-15, atol=1e-15)
    np.testing.assert_allclose(net.backward(dA[:rows]), dZ, rtol=1e-15, atol=1e-13)


@pytest.mark.parametrize("kind", ACTIVATIONS)
@pytest.mark.parametrize("shape", [(1, 1), (1, 4), (5, 1), (5, 3)])
def test_activation_gradient_equals_central_differences(kind, shape):
    rng = np.random.default_rng(1)
    net = bp.Sequential(kind())
    Z, G = away_from_zero(rng, *shape), rng.normal(size=shape)
    net.forward(Z)
    dZ = net.backward(G)
    measured = measured_gradient(lambda: float((G * net.forward(Z)).sum()), Z)
    assert relative_error(dZ, measured) <= 1e-7


@pytest.mark.parametrize("kind", ACTIVATIONS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_activation_keeps_the_dtype(kind, dtype):
    net = bp.Sequential(kind(), dtype=dtype)
    Z = np.array([[-1, 0.5]], dtype)
    assert net.forward(Z).dtype == dtype
    assert net.backward(np.ones_like(Z)).dtype == dtype


@pytest.mark.parametrize("kind", ACTIVATIONS)
def test_activation_changes_neither_its_input_nor_the_gradient_it_gets(kind):
    net = bp.Sequential(kind())
    Z, G = np.array([[-1.0, 0.5]]), np.array([[2.0, 3.0]])
    net.forward(Z)
    net.backward(G)
    np.testing.assert_array_equal(Z, [[-1.0, 0.5]])
    np.testing.assert_array_equal(G, [[2.0, 3.0]])


def test_activation_without_input_gradient_returns_none():
    layer = bp.Tanh()
    layer.forward(np.ones((1, 2)))
    assert layer.backward(np.ones((1, 2)), input_gradient=False) is None
