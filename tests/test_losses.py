"""Losses: by hand, measured, at extremes, and what they refuse."""

import math

import numpy as np
import pytest
from helpers import LOSSES, measured_gradient, relative_error, targets_for

import backprop as bp

LOG2, LOG3 = math.log(2), math.log(3)
one_ulp = {"rtol": 1e-15, "atol": 1e-16}  # a few roundings of numbers near 1


def check_by_hand(loss, Y, T, L, dY):
    Y = np.array(Y, float)
    assert loss.forward(Y, np.array(T)) == pytest.approx(L, rel=1e-15)
    np.testing.assert_allclose(loss.backward(), dY, **one_ulp)


def test_mse_by_hand():
    # One example: differences 1, −2: (1 + 4)/2 = 2.5; dY = 2(Y − T)/2.
    check_by_hand(bp.MeanSquaredError(), [[3, 1]], [[2, 3]], 2.5, [[1, -2]])
    # N = 2, K = 3: differences 1 0 −2 / 3 −1 0: (1+4+9+1)/6 = 2.5; dY = 2D/6.
    check_by_hand(
        bp.MeanSquaredError(),
        [[1, 2, 3], [4, 5, 6]],
        [[0, 2, 5], [1, 6, 6]],
        2.5,
        [[1 / 3, 0, -2 / 3], [1, -1 / 3, 0]],
    )


def test_mse_of_one_example_with_two_outputs_is_half_the_sum_of_squares():
    # Mazur's ½ Σ (o − t)²: ½ (.3² + .4²) = .125
    Y, T = np.array([[0.3, 0.4]]), np.zeros((1, 2))
    assert bp.MeanSquaredError().forward(Y, T) == pytest.approx(0.125, rel=1e-15)


def test_bce_by_hand():
    # One number: z = log 3, σ = ¾. t = 1: L = −log ¾; dY = ¾ − 1 = −¼.
    check_by_hand(bp.BinaryCrossEntropy(), [[LOG3]], [[1]], -math.log(0.75), [[-0.25]])
    # N = 2, K = 2: σ = ½ ¾ / ¼ ½, t = 1 0 / 0 ½:
    # losses log 2, −log(1 − ¾) = log 4, −log(1 − ¼) = log 4/3, log 2; the mean
    # is (2 log 2 + log 16/3)/4 = log(64/3)/4; dY = (σ − t)/4.
    check_by_hand(
        bp.BinaryCrossEntropy(),
        [[0, LOG3], [-LOG3, 0]],
        [[1, 0], [0, 0.5]],
        math.log(64 / 3) / 4,
        [[-0.125, 0.1875], [0.0625, 0]],
    )


def test_softmax_cross_entropy_by_hand():
    # Exponentials 1 2 5 (sum 8): p = 1/8 2/8 5/8. Class 2: L = log 8/5,
    # dY = p − (0 0 1) = 1/8 2/8 −3/8.
    z = [0, LOG2, math.log(5)]
    loss = bp.SoftmaxCrossEntropy()
    check_by_hand(loss, [z], [2], math.log(8 / 5), [[1 / 8, 2 / 8, -3 / 8]])
    # Second row all alike: p = 1/3 each, L = log 3 whatever the class.
    # Means over N = 2: (log 8/5 + log 3)/2 = log(4.8)/2; rows of dY halved.
    dY = [[1 / 16, 2 / 16, -3 / 16], [1 / 6, -2 / 6, 1 / 6]]
    check_by_hand(loss, [z, [7, 7, 7]], [2, 1], math.log(4.8) / 2, dY)


def test_softmax_cross_entropy_with_probabilities_by_hand():
    # p = ¼ ¾; t = ½ ½: L = −½ log ¼ − ½ log ¾ = ½ log 16/3; dY = p − t.
    loss = bp.SoftmaxCrossEntropy()
    L, dY = 0.5 * math.log(16 / 3), [[-0.25, 0.25]]
    check_by_hand(loss, [[0, LOG3]], [[0.5, 0.5]], L, dY)


def test_class_indices_and_one_hot_rows_give_the_same():
    rng = np.random.default_rng(0)
    Y, T = rng.normal(size=(6, 4)), rng.integers(0, 4, 6)
    loss = bp.SoftmaxCrossEntropy()
    L, dY = loss.forward(Y, T), loss.backward()
    assert loss.forward(Y, np.eye(4)[T]) == pytest.approx(L, rel=1e-15)
    np.testing.assert_allclose(loss.backward(), dY, **one_ulp)


@pytest.mark.parametrize("soft", [False, True])
@pytest.mark.parametrize("kind", LOSSES)
@pytest.mark.parametrize(("N", "K"), [(1, 1), (1, 3), (5, 1), (4, 3)])
def test_loss_gradient_equals_central_differences(kind, N, K, soft):
    rng = np.random.default_rng(2)
    loss, Y = kind(), rng.normal(size=(N, K))
    T = targets_for(loss, rng, N, K, soft)
    loss.forward(Y, T)
    dY = loss.backward()
    assert dY.shape == (N, K)
    measured = measured_gradient(lambda: loss.forward(Y, T), Y)
    assert relative_error(dY, measured) <= 1e-7


@pytest.mark.parametrize("kind", LOSSES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_loss_is_a_float_and_its_gradient_has_the_outputs_dtype(kind, dtype):
    loss, Y = kind(), np.zeros((2, 3), dtype)
    L = loss.forward(Y, targets_for(loss, np.random.default_rng(0), 2, 3))
    assert type(L) is float
    assert loss.backward().dtype == dtype


# Warnings are errors here: nothing may overflow on the way.
@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_losses_are_exact_at_logits_of_ten_thousand(dtype):
    Y = np.array([[1e4, -1e4]], dtype)
    # σ is 1 and 0; right answers cost 0, a wrong one its logit.
    loss = bp.BinaryCrossEntropy()
    assert loss.forward(Y, np.array([[1, 0]])) == 0
    np.testing.assert_array_equal(loss.backward(), [[0, 0]])
    assert loss.forward(Y, np.array([[0, 1]])) == 1e4
    np.testing.assert_array_equal(loss.backward(), [[0.5, -0.5]])
    # p is (1, 0); the wrong class costs the distance of the logits.
    loss = bp.SoftmaxCrossEntropy()
    for right, wrong in (([0], [1]), ([[1, 0]], [[0, 1]])):
        assert loss.forward(Y, np.array(right)) == 0
        np.testing.assert_array_equal(loss.backward(), [[0, 0]])
        assert loss.forward(Y, np.array(wrong)) == 2e4
        np.testing.assert_array_equal(loss.backward(), [[1, -1]])
    # Each row is shifted by its own largest logit: by the batch's, the second
    # row would vanish wholly. p there is (½, ½), L = log 2, halved by N = 2.
    rows = np.array([[1e4, -1e4], [-1e4, -1e4]], dtype)
    L = loss.forward(rows, np.array([0, 0]))
    assert L == pytest.approx(LOG2 / 2, rel=1e-7)  # float32's rounding of log 2
    np.testing.assert_array_equal(loss.backward(), [[0, 0], [-0.25, 0.25]])
    # (1e4)² = 1e8, which float32 holds exactly.
    loss = bp.MeanSquaredError()
    assert loss.forward(Y, np.zeros((1, 2))) == 1e8
    np.testing.assert_array_equal(loss.backward(), Y)


def test_a_small_binary_cross_entropy_keeps_its_digits():
    # z = 20, t = 1: log(1 + e⁻²⁰) = 2.0611536e-09. softplus(z) − z would be a
    # difference of numbers near 20, which float32 rounds to 0.
    Y, T = np.array([[20.0]], np.float32), np.array([[1.0]])
    L = bp.BinaryCrossEntropy().forward(Y, T)
    assert L == pytest.approx(math.log1p(math.exp(-20)), rel=1e-6)  # float32's 6e-8


def test_softmax_is_unmoved_by_a_shift_of_all_logits():
    Y, T = np.array([[1.0, 2.0, 4.0]]), np.array([1])
    loss = bp.SoftmaxCrossEntropy()
    L, dY = loss.forward(Y, T), loss.backward()
    assert loss.forward(Y + 1024, T) == L  # exact: sums of small binary numbers
    np.testing.assert_array_equal(loss.backward(), dY)


@pytest.mark.parametrize("kind", LOSSES)
def test_losses_change_neither_outputs_nor_targets(kind):
    rng = np.random.default_rng(3)
    for soft in (False, True):
        loss, Y = kind(), rng.normal(size=(3, 2))
        T = targets_for(loss, rng, 3, 2, soft)
        kept = Y.copy(), T.copy()
        loss.forward(Y, T)
        loss.backward()
        np.testing.assert_array_equal(Y, kept[0])
        np.testing.assert_array_equal(T, kept[1])


Y23 = np.zeros((2, 3))
HALF = [[0.5, 0.5, 0], [0.2, 0.2, 0.2]]
REFUSED = [  # loss, T, error, message
    (bp.MeanSquaredError, [1.0, 2.0], ValueError, r"T has shape \(2,\), Y has \(2, 3"),
    (bp.MeanSquaredError, [["a"] * 3] * 2, TypeError, "T has dtype <U1, expected num"),
    (bp.MeanSquaredError, [[1j] * 3] * 2, TypeError, "T has dtype complex128"),
    (bp.MeanSquaredError, [[0, 0, 0], [0, np.nan, 0]], ValueError, r"T\[1, 1\] is nan"),
    (bp.BinaryCrossEntropy, [1, 0], ValueError, r"T has shape \(2,\)"),
    (bp.BinaryCrossEntropy, [[0, 0, 2]] * 2, ValueError, r"T\[0, 2\] is 2.0, .*\(2 ar"),
    (bp.BinaryCrossEntropy, [[0, -0.1, 0]] * 2, ValueError, r"T\[0, 1\] is -0.1"),
    (bp.BinaryCrossEntropy, [[0, 0, np.inf]] * 2, ValueError, r"T\[0, 2\] is inf"),
    (bp.SoftmaxCrossEntropy, [0, -1], ValueError, r"label T\[1\] is -1, expected 0 to"),
    (bp.SoftmaxCrossEntropy, [3, 0], ValueError, r"label T\[0\] is 3, expected 0 to 2"),
    (bp.SoftmaxCrossEntropy, [0.0, 1.0], TypeError, "labels are float64, expected int"),
    (bp.SoftmaxCrossEntropy, [True, False], TypeError, "labels are bool, expected int"),
    (bp.SoftmaxCrossEntropy, [0, 1, 2], ValueError, r"T has shape \(3,\), expected \("),
    (bp.SoftmaxCrossEntropy, 1, ValueError, r"T has shape \(\), expected \(2,\) class"),
    (bp.SoftmaxCrossEntropy, [[0], [1]], ValueError, r"T has shape \(2, 1\), Y has"),
    (bp.SoftmaxCrossEntropy, HALF, ValueError, r"T\[1\] is .*that sum to 1"),
    (bp.SoftmaxCrossEntropy, [[1.5, -0.5, 0]] * 2, ValueError, r"T\[0\] is .*sum to 1"),
]


@pytest.mark.parametrize(("kind", "T", "error", "message"), REFUSED)
def test_targets_that_do_not_fit_are_named(kind, T, error, message):
    with pytest.raises(error, match=f"{kind.__name__}: {message}"):
        kind().forward(Y23, np.array(T))


@pytest.mark.parametrize("kind", [bp.MeanSquaredError, bp.BinaryCrossEntropy])
@pytest.mark.parametrize("shape", [(4,), (1, 4), (4, 1, 1)])
def test_targets_that_would_broadcast_are_refused(kind, shape):
    # (4, 1) − (4,) is (4, 4): a loss of sixteen differences, and no error.
    with pytest.raises(ValueError, match=r"T has shape .*Y has \(4, 1\); they must be"):
        kind().forward(np.zeros((4, 1)), np.zeros(shape))


@pytest.mark.parametrize("kind", LOSSES)
def test_outputs_that_are_no_batch_of_floats_are_refused(kind):
    T = np.zeros((2, 3), int)
    with pytest.raises(TypeError, match="Y is list, expected an array of floats"):
        kind().forward([[0.0] * 3] * 2, T)
    with pytest.raises(TypeError, match="Y is int64, expected an array of floats"):
        kind().forward(np.zeros((2, 3), np.int64), T)
    with pytest.raises(ValueError, match=r"Y has shape \(3,\), expected \(N, K\)"):
        kind().forward(np.zeros(3), T)
    with pytest.raises(ValueError, match=r"Y has shape \(0, 3\).*N >= 1"):
        kind().forward(np.zeros((0, 3)), T)


@pytest.mark.parametrize("kind", LOSSES)
def test_a_losss_backward_before_forward_is_refused(kind):
    with pytest.raises(RuntimeError, match="backward was called before forward"):
        kind().backward()


def test_a_loss_without_formula_says_so():
    with pytest.raises(NotImplementedError, match="Loss has no compute"):
        bp.Loss().forward(Y23, Y23)
    with pytest.raises(NotImplementedError, match="Loss has no backward"):
        bp.Loss().backward()


def test_losses_print_their_name():
    assert repr(bp.MeanSquaredError()) == "MeanSquaredError()"


def test_finite_targets_whose_squares_overflow_are_not_refused():
    Y, T = np.zeros((2, 1), np.float32), np.full((2, 1), 1e30, np.float32)
    loss = bp.MeanSquaredError()
    np.testing.assert_array_equal(loss.check_targets(T, Y.shape, Y.dtype), T)
    T[1] = np.inf
    with pytest.raises(ValueError, match=r"T\[1, 0\] is inf"):
        loss.check_targets(T, Y.shape, Y.dtype)
