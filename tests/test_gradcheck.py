"""check_gradients: passes what is right, finds what is wrong, leaves no trace."""

import numpy as np
import pytest
from helpers import ACTIVATIONS, LOSSES, one_of_each_layer, targets_for

import backprop as bp


class ForgottenBiasSum(bp.Dense):
    def backward(self, dZ, input_gradient=True):
        dX = super().backward(dZ, input_gradient)
        self.db[...] = dZ[0]
        return dX


class DerivativeAtA(bp.Tanh):
    def backward(self, dA, input_gradient=True):
        return dA * (1 - np.tanh(self.A) ** 2)


class OneWrongEntry(bp.Dense):
    def backward(self, dZ, input_gradient=True):
        dX = super().backward(dZ, input_gradient)
        self.dW[1, 2] *= 1.001
        return dX


class NotANumber(bp.Dense):
    def backward(self, dZ, input_gradient=True):
        dX = super().backward(dZ, input_gradient)
        self.dW[0, 1] = np.nan
        return dX


def batch(loss, N=4, K=2):
    rng = np.random.default_rng(0)
    return rng.normal(size=(N, 3)), targets_for(loss, rng, N, K)


@pytest.mark.parametrize("kind", LOSSES)
@pytest.mark.parametrize("N", [1, 4])
def test_every_layer_and_loss_passes(kind, N):
    loss = kind()
    check = bp.check_gradients(one_of_each_layer(), loss, *batch(loss, N))
    assert set(check.errors) == {
        "X",
        *(f"Dense {i}.{name}" for i in (0, 2, 7) for name in "Wb"),
    }
    assert check.max_error == max(check.errors.values()) <= 1e-7


@pytest.mark.parametrize("kind", ACTIVATIONS)
def test_a_network_without_parameters_is_checked_at_its_input(kind):
    loss = bp.MeanSquaredError()
    check = bp.check_gradients(bp.Sequential(kind()), loss, *batch(loss, K=3))
    assert list(check.errors) == ["X"]
    assert check.max_error <= 1e-7


@pytest.mark.parametrize(
    ("layers", "where"),
    [
        ([ForgottenBiasSum(3, 4), bp.Tanh(), bp.Dense(4, 2)], "ForgottenBiasSum 0.b"),
        ([bp.Dense(3, 4), DerivativeAtA(), bp.Dense(4, 2)], "Dense 0"),
        ([bp.Dense(3, 4), bp.Tanh(), OneWrongEntry(4, 3)], "OneWrongEntry 2.W[1, 2]"),
    ],
)
def test_a_wrong_backward_is_found_where_it_is(layers, where):
    loss, net = bp.MeanSquaredError(), bp.Sequential(*layers, rng=1)
    check = bp.check_gradients(net, loss, *batch(loss, K=layers[-1].d_out))
    assert check.max_error > 1e-4
    assert check.worst.startswith(where) or where == "Dense 0"
    if where == "Dense 0":  # the fault shows in what lies before the activation
        assert check.errors["Dense 2.W"] <= 1e-7 < check.errors["Dense 0.W"]


def test_a_gradient_that_is_no_number_is_infinitely_wrong():
    loss, net = bp.MeanSquaredError(), bp.Sequential(NotANumber(3, 2), rng=0)
    check = bp.check_gradients(net, loss, *batch(loss))
    assert check.max_error == np.inf
    assert check.worst == "NotANumber 0.W[0, 1]"
    assert np.isnan(check.derived)


def test_a_measurement_that_is_no_number_is_infinitely_wrong():
    class Broken(bp.MeanSquaredError):
        def compute(self, Y, T):
            super().compute(Y, T)
            return float("nan")

    loss, net = Broken(), bp.Sequential(bp.Dense(3, 2), rng=0)
    assert bp.check_gradients(net, loss, *batch(loss)).max_error == np.inf


def test_the_error_is_the_books_definition_and_the_worst_entry_is_shown():
    # L = (wx + b − t)² with w = 2, x = 3, b = 1, t = 5: error 2,
    # dw = 2·2·3 = 12. OneWrongEntry's cousin: half of it is 6, so that
    # |6 − 12|/max(6, 12) = ½.
    class Half(bp.Dense):
        def backward(self, dZ, input_gradient=True):
            dX = super().backward(dZ, input_gradient)
            self.dW *= 0.5
            return dX

    net = bp.Sequential(Half(1, 1))
    net.params = [2.0, 1.0]
    X, T = np.array([[3.0]]), np.array([[5.0]])
    check = bp.check_gradients(net, bp.MeanSquaredError(), X, T)
    # 1e-9: the accuracy of the central difference.
    assert check.max_error == pytest.approx(0.5, rel=1e-9)
    assert (check.worst, check.derived) == ("Half 0.W[0, 0]", 6.0)
    assert check.measured == pytest.approx(12, rel=1e-9)
    assert str(check) == (
        "largest relative error 5.0e-01 at Half 0.W[0, 0]: "
        "backward says 6, central difference 12"
    )


def test_it_leaves_network_and_data_as_they_were():
    loss, net = bp.SoftmaxCrossEntropy(), one_of_each_layer()
    X, T = batch(loss)
    loss.forward(net.forward(X), T)
    net.backward(loss.backward())
    before = [a.copy() for a in (net.params, net.grads, X, T)]
    bp.check_gradients(net, loss, X, T)
    for array, kept in zip((net.params, net.grads, X, T), before, strict=True):
        np.testing.assert_array_equal(array, kept)
    # What layers and loss keep is this batch's: backward can go on from here.
    dX = net.backward(loss.backward())
    np.testing.assert_array_equal(net.grads, before[1])
    assert dX.shape == X.shape


def test_float32_is_checked_as_well_as_it_can_be():
    loss = bp.MeanSquaredError()
    net = bp.Sequential(bp.Dense(3, 2), rng=0, dtype=np.float32)
    X, T = batch(loss)
    check = bp.check_gradients(net, loss, X.astype(np.float32), T)
    # Losses of size 1 are rounded to 6e-8 and divided by h = 5e-3: 1e-5; a
    # factor of a hundred covers gradients smaller than 1. Wrong is 1e-2.
    assert 1e-9 < check.max_error < 1e-3


def test_the_step_may_be_chosen():
    loss = bp.BinaryCrossEntropy()
    net, (X, T) = bp.Sequential(bp.Dense(3, 2), rng=0), batch(loss)
    coarse, fine = (bp.check_gradients(net, loss, X, T, h=h) for h in (1e-1, 1e-2))
    # Truncation is h²: a tenth of the step, a hundredth of the error.
    assert coarse.max_error / fine.max_error == pytest.approx(100, rel=0.05)


def test_the_step_grows_with_the_parameter():
    # w = 1e6, x = 1e-6: y = 1, L = 1. A step of 6e-6 would change L by 1e-11,
    # of which rounding to 1e-16 leaves five digits; a step of 6 leaves ten.
    net = bp.Sequential(bp.Dense(1, 1))
    net.params = [1e6, 0.0]
    X, T = np.array([[1e-6]]), np.array([[0.0]])
    assert bp.check_gradients(net, bp.MeanSquaredError(), X, T).max_error <= 1e-7


@pytest.mark.parametrize("h", [0, -1e-5, float("nan")])
def test_an_impossible_step_is_refused(h):
    loss = bp.MeanSquaredError()
    with pytest.raises(ValueError, match="check_gradients: h is .*positive"):
        bp.check_gradients(bp.Sequential(bp.Dense(3, 2)), loss, *batch(loss), h=h)


def test_a_batch_that_does_not_fit_is_named():
    loss = bp.MeanSquaredError()
    X, T = batch(loss)
    net = bp.Sequential(bp.Dense(3, 2))
    with pytest.raises(ValueError, match=r"T has shape \(4,\), Y has \(4, 2\)"):
        bp.check_gradients(net, loss, X, T[:, 0])
    with pytest.raises(ValueError, match="X has 2 columns, W expects 3"):
        bp.check_gradients(net, loss, X[:, :2], T)
