"""Dense and the layer protocol: by hand, measured, buffers, bad input."""

import numpy as np
import pytest
from helpers import measured_gradient, relative_error

import backprop as bp


def test_dense_by_hand_for_one_example():
    # X = (1 2), W = ( 1  0 -1 ), b = (.5 0 -1):
    #              ( 2  3  1 )
    # Z = (1·1+2·2+.5, 1·0+2·3+0, -1+2-1) = (5.5, 6, 0)
    net = bp.Sequential(bp.Dense(2, 3))
    layer = net.layers[0]
    layer.W = [[1, 0, -1], [2, 3, 1]]
    layer.b = [0.5, 0, -1]
    Z = net.forward(np.array([[1.0, 2.0]]))
    np.testing.assert_array_equal(Z, [[5.5, 6, 0]])
    # With dZ = (1 -2 4):
    # dW_ij = x_i dz_j: ( 1 -2 4 ), db = dZ,
    #                   ( 2 -4 8 )
    # dX = dZ Wᵀ = (1·1 + -2·0 + 4·-1, 1·2 + -2·3 + 4·1) = (-3, 0)
    dX = net.backward(np.array([[1.0, -2, 4]]))
    np.testing.assert_array_equal(layer.dW, [[1, -2, 4], [2, -4, 8]])
    np.testing.assert_array_equal(layer.db, [1, -2, 4])
    np.testing.assert_array_equal(dX, [[-3, 0]])


def test_dense_by_hand_for_two_examples():
    # Second example (0 -1): z = (-2+.5, -3+0, -1-1) = (-1.5, -3, -2).
    net = bp.Sequential(bp.Dense(2, 3))
    layer = net.layers[0]
    layer.W = [[1, 0, -1], [2, 3, 1]]
    layer.b = [0.5, 0, -1]
    Z = net.forward(np.array([[1.0, 2], [0, -1]]))
    np.testing.assert_array_equal(Z, [[5.5, 6, 0], [-1.5, -3, -2]])
    # dZ = ( 1 -2 4 ): dW = x₁ᵀdz₁ + x₂ᵀdz₂ = (1 -2  4) + ( 0  0  0)
    #      ( 3  0 1 )                         (2 -4  8)   (-3  0 -1)
    # db = column sums = (4 -2 5);  no mean: averaging is the loss's.
    # dx₂ = (3·1 + 0 + 1·-1, 3·2 + 0 + 1·1) = (2, 7)
    dX = net.backward(np.array([[1.0, -2, 4], [3, 0, 1]]))
    np.testing.assert_array_equal(layer.dW, [[1, -2, 4], [-1, -4, 7]])
    np.testing.assert_array_equal(layer.db, [4, -2, 5])
    np.testing.assert_array_equal(dX, [[-3, 0], [2, 7]])


@pytest.mark.parametrize("N", [1, 4])
@pytest.mark.parametrize(("d_in", "d_out"), [(1, 1), (1, 3), (3, 1), (3, 2)])
def test_dense_gradients_equal_central_differences(N, d_in, d_out):
    rng = np.random.default_rng(0)
    net = bp.Sequential(bp.Dense(d_in, d_out), rng=rng)
    layer = net.layers[0]
    X = rng.normal(size=(N, d_in))
    G = rng.normal(size=(N, d_out))  # L = Σ G Z², so dZ = 2 G Z

    def L() -> float:
        return float((G * net.forward(X) ** 2).sum())

    dX = net.backward(2 * G * net.forward(X))
    assert relative_error(layer.dW, measured_gradient(L, layer.W)) <= 1e-7
    assert relative_error(layer.db, measured_gradient(L, layer.b)) <= 1e-7
    assert relative_error(dX, measured_gradient(L, X)) <= 1e-7


def test_backward_assigns_and_does_not_accumulate():
    net = bp.Sequential(bp.Dense(2, 3), rng=0)
    X, dZ = np.ones((4, 2)), np.ones((4, 3))
    net.forward(X)
    net.backward(dZ)
    once = net.grads.copy()
    net.backward(dZ)
    np.testing.assert_array_equal(net.grads, once)
    assert once.any()


def test_backward_changes_no_parameter():
    net = bp.Sequential(bp.Dense(2, 3), bp.Tanh(), bp.Dense(3, 1), rng=0)
    before = net.params.copy()
    net.forward(np.ones((4, 2)))
    net.backward(np.ones((4, 1)))
    np.testing.assert_array_equal(net.params, before)


def test_assigning_W_copies_into_the_networks_vector():
    net = bp.Sequential(bp.Dense(2, 3), rng=0)
    W = np.arange(6.0).reshape(2, 3)
    net.layers[0].W = W
    net.layers[0].b = [7, 8, 9]
    np.testing.assert_array_equal(net.params, [0, 1, 2, 3, 4, 5, 7, 8, 9])
    assert not np.shares_memory(net.params, W)


@pytest.mark.parametrize(("name", "shape"), [("W", (3, 2)), ("b", (1, 3))])
def test_assigning_another_shape_names_both(name, shape):
    layer = bp.Sequential(bp.Dense(2, 3), rng=0).layers[0]
    right = {"W": r"\(2, 3\)", "b": r"\(3,\)"}[name]
    with pytest.raises(ValueError, match=rf"Dense 0: {name} has shape {right}, got"):
        setattr(layer, name, np.zeros(shape))


@pytest.mark.parametrize(
    ("d_in", "d_out", "message"),
    [
        (0, 2, "d_in is 0, expected an integer >= 1"),
        (2, -1, "d_out is -1, expected an integer >= 1"),
        (2.0, 1, "d_in is 2.0, expected an integer >= 1"),
        (2, "3", "d_out is '3', expected an integer >= 1"),
    ],
)
def test_dense_refuses_impossible_sizes(d_in, d_out, message):
    with pytest.raises(ValueError, match=message):
        bp.Dense(d_in, d_out)


@pytest.mark.parametrize("layer", [bp.Dense(2, 2), bp.Tanh()], ids=["Dense", "Tanh"])
def test_a_layers_backward_before_forward_is_refused(layer):
    with pytest.raises(RuntimeError, match="backward was called before forward"):
        layer.backward(np.ones((1, 2)))


def test_a_layer_without_forward_or_backward_says_so():
    layer = bp.Layer()
    with pytest.raises(NotImplementedError, match="Layer has no forward"):
        layer.forward(np.ones((1, 1)))
    with pytest.raises(NotImplementedError, match="Layer has no backward"):
        layer.backward(np.ones((1, 1)))


def test_buffers_are_kept_and_a_smaller_batch_takes_their_leading_rows():
    layer = bp.Dense(2, 3)
    large = layer.buffer("Z", (8, 3), np.float64)
    assert np.shares_memory(layer.buffer("Z", (8, 3), np.float64), large)
    small = layer.buffer("Z", (5, 3), np.float64)
    assert small.shape == (5, 3)
    assert np.shares_memory(small, large)
    assert np.shares_memory(layer.buffer("Z", (8, 3), np.float64), large)


@pytest.mark.parametrize(
    ("shape", "dtype"),
    [((9, 3), np.float64), ((8, 4), np.float64), ((8, 3), np.float32)],
)
def test_a_buffer_that_does_not_fit_is_made_anew(shape, dtype):
    layer = bp.Dense(2, 3)
    old = layer.buffer("Z", (8, 3), np.float64)
    new = layer.buffer("Z", shape, dtype)
    assert (new.shape, new.dtype) == (shape, dtype)
    assert not np.shares_memory(old, new)


def test_layers_print_as_they_are_written():
    assert repr(bp.Dense(2, 3)) == "Dense(2, 3)"
    assert repr(bp.ReLU()) == "ReLU()"
