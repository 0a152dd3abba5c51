"""What `fit` refuses, with which words, and that it changes nothing then."""

import numpy as np
import pytest
from regression import TV, XV, K, N, T, X, setup

import backprop as bp


def with_entry(array, value):
    array = array.copy()
    array[2, 1] = value
    return array


NAN, INF = with_entry(X, np.nan), with_entry(X, -np.inf)
BATCH = {"X": X, "T": T, "epochs": 1}
VALIDATION = {"validation": (XV, TV)}
REFUSED = [
    ({"X": NAN}, ValueError, r"fit: data: X\[2, 1\] is nan, expected finite.*\(1 are"),
    ({"X": INF}, ValueError, r"fit: data: X\[2, 1\] is -inf"),
    ({"T": with_entry(T, np.nan)}, ValueError, r"fit: data: .*T\[2, 1\] is nan"),
    ({"X": X.tolist()}, TypeError, "fit: data: Sequential: X is a list"),
    ({"X": X.astype(np.float32)}, TypeError, "fit: data: .*X has dtype float32"),
    ({"X": X[0]}, ValueError, r"fit: data: .*X has shape \(3,\), expected \(N, D\)"),
    ({"X": X[:0], "T": T[:0]}, ValueError, "fit: data: .*X has shape .* not empty"),
    ({"X": X[:, :2]}, ValueError, "fit: data: Dense 0: X has 2 columns, W expects 3"),
    ({"T": T[:, 0]}, ValueError, r"fit: data: .*T has shape \(7,\), Y has \(7, 2\)"),
    ({"T": T[:5]}, ValueError, r"fit: data: .*T has shape \(5, 2\), Y has \(7, 2\)"),
    ({"validation": (XV, TV[:2])}, ValueError, "fit: validation data: .*T has shape"),
    ({"validation": (NAN, T)}, ValueError, r"fit: validation data: X\[2, 1\] is nan"),
    ({"validation": (X[:0], T)}, ValueError, "fit: validation data: .*not empty"),
    ({"epochs": 0}, ValueError, "fit: epochs is 0, expected an integer >= 1"),
    ({"epochs": 1.5}, ValueError, "fit: epochs is 1.5, expected an integer"),
    ({"batch_size": 0}, ValueError, "fit: batch_size is 0, expected an integer >= 1"),
    ({"batch_size": 2.0}, ValueError, "fit: batch_size is 2.0, expected an integer"),
    ({"tol": 0}, ValueError, "fit: tol is 0, expected a positive number"),
    ({"tol": np.nan}, ValueError, "fit: tol is nan, expected a positive number"),
    ({"stop": bp.EarlyStopping()}, ValueError, "EarlyStopping needs validation="),
]


@pytest.mark.parametrize(("changes", "error", "message"), REFUSED)
def test_fit_refuses_with_a_reason_and_changes_nothing(changes, error, message):
    net, loss, opt = setup()
    params, grads = net.params.copy(), net.grads.copy()
    with pytest.raises(error, match=message):
        bp.fit(net, loss, opt, **{**BATCH, **changes})
    np.testing.assert_array_equal(net.params, params)
    np.testing.assert_array_equal(net.grads, grads)


@pytest.mark.parametrize("label", [-1, K])
def test_fit_names_a_label_out_of_range(label):
    net, _, opt = setup()
    before, labels = net.params.copy(), np.zeros(N, int)
    labels[4] = label
    with pytest.raises(
        ValueError, match=rf"fit: data: .*label T\[4\] is {label}, expe"
    ):
        bp.fit(net, bp.SoftmaxCrossEntropy(), opt, X, labels, epochs=1)
    np.testing.assert_array_equal(net.params, before)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"patience": 0}, "patience is 0, expected an integer >= 1"),
        ({"patience": 2.5}, "patience is 2.5, expected an integer >= 1"),
        ({"patience": float("nan")}, "patience is nan, expected an integer >= 1"),
        ({"min_delta": -0.1}, "min_delta is -0.1, expected >= 0"),
        ({"min_delta": float("nan")}, "min_delta is nan, expected >= 0"),
    ],
)
def test_early_stopping_refuses_impossible_settings(settings, message):
    with pytest.raises(ValueError, match=f"EarlyStopping: {message}"):
        bp.EarlyStopping(**settings)
