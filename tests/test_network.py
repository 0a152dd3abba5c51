"""Sequential: views into flat vectors, results of one's own, bad input."""

import copy
import pickle

import numpy as np
import pytest
from helpers import ACTIVATIONS, LOSSES, one_of_each_layer, targets_for

import backprop as bp


def small_net(**settings) -> bp.Sequential:
    return bp.Sequential(bp.Dense(3, 4), bp.Tanh(), bp.Dense(4, 2), rng=0, **settings)


def test_forward_and_backward_by_hand():
    # X = (1 2), W₁ = (1 -1; 0 1), b₁ = (0 -2):
    # Z = (1·1 + 2·0 + 0, 1·-1 + 2·1 - 2) = (1, -1); A = ReLU(Z) = (1, 0);
    # W₂ = (3; 5), b₂ = .5: Y = 3·1 + 5·0 + .5 = 3.5.
    net = bp.Sequential(bp.Dense(2, 2), bp.ReLU(), bp.Dense(2, 1))
    first, _, last = net.layers
    first.W, first.b = [[1, -1], [0, 1]], [0, -2]
    last.W, last.b = [[3], [5]], [0.5]
    assert net.forward(np.array([[1.0, 2.0]])) == [[3.5]]
    # dY = 2: dW₂ = Aᵀ·2 = (2; 0), db₂ = 2; dA = 2 (3 5) = (6 10);
    # dZ = (6, 0), the second unit is off; dW₁ = Xᵀ dZ = (6 0; 12 0),
    # db₁ = (6 0); dX = dZ W₁ᵀ = (6·1, 6·0) = (6, 0).
    dX = net.backward(np.array([[2.0]]))
    np.testing.assert_array_equal(net.grads, [6, 0, 12, 0, 6, 0, 2, 0, 2])
    np.testing.assert_array_equal(dX, [[6, 0]])


def test_parameters_and_gradients_are_views_into_two_flat_vectors():
    net = small_net()
    first, last = net.layers[0], net.layers[2]
    assert net.params.shape == net.grads.shape == (3 * 4 + 4 + 4 * 2 + 2,)
    for vector, arrays in (
        (net.params, (first.W, first.b, last.W, last.b)),
        (net.grads, (first.dW, first.db, last.dW, last.db)),
    ):
        vector[:] = np.arange(26.0)
        np.testing.assert_array_equal(
            np.concatenate([array.ravel() for array in arrays]), np.arange(26.0)
        )
        assert all(np.shares_memory(array, vector) for array in arrays)


def test_assigning_params_copies():
    net, vector = small_net(), np.arange(26.0)
    net.params = vector
    vector[:] = -1
    np.testing.assert_array_equal(net.params, np.arange(26.0))
    with pytest.raises(ValueError, match=r"params has shape \(26,\), got \(25,\)"):
        net.params = vector[1:]


def test_calling_the_network_is_forward():
    net, X = small_net(), np.ones((2, 3))
    np.testing.assert_array_equal(net(X), net.forward(X))


def test_same_rng_same_parameters_and_a_generator_is_drawn_from_in_order():
    one, two = small_net(), small_net()
    np.testing.assert_array_equal(one.params, two.params)
    rng = np.random.default_rng(0)
    first = bp.Sequential(bp.Dense(3, 4), bp.Tanh(), bp.Dense(4, 2), rng=rng)
    second = bp.Sequential(bp.Dense(3, 4), bp.Tanh(), bp.Dense(4, 2), rng=rng)
    np.testing.assert_array_equal(first.params, one.params)
    assert (second.layers[0].W != first.layers[0].W).all()


def test_without_rng_parameters_differ_and_global_state_is_untouched():
    before = np.random.get_state()[1].copy()
    nets = [bp.Sequential(bp.Dense(3, 4)) for _ in range(2)]
    assert (nets[0].layers[0].W != nets[1].layers[0].W).all()
    after = np.random.get_state()[1]
    np.testing.assert_array_equal(after, before)


NETWORKS = {
    **{kind.__name__: lambda kind=kind: bp.Sequential(kind()) for kind in ACTIVATIONS},
    "Dense": lambda: bp.Sequential(bp.Dense(3, 2), rng=0),
    "all": one_of_each_layer,
}


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("batches", [(4, 4), (4, 2), (2, 4)])
def test_results_share_no_memory_and_survive_later_calls(name, batches):
    net, rng = NETWORKS[name](), np.random.default_rng(0)
    results, kept = [], []
    for N in batches:
        X = rng.normal(size=(N, 3))
        Y = net.forward(X)
        dY = rng.normal(size=Y.shape)
        dX = net.backward(dY)
        results += [X, Y, dY, dX]
        kept += [array.copy() for array in (X, Y, dY, dX)]
    for i, one in enumerate(results):
        assert not any(np.shares_memory(one, other) for other in results[:i])
        np.testing.assert_array_equal(one, kept[i])  # buffers were reused, not these


@pytest.mark.parametrize("name", NETWORKS)
def test_writing_into_a_result_changes_no_later_one(name):
    net = NETWORKS[name]()
    X = np.random.default_rng(0).normal(size=(4, 3))
    Y = net.forward(X)
    dX = net.backward(np.ones_like(Y))
    kept = Y.copy(), dX.copy()
    Y[:], dX[:] = np.nan, np.nan
    np.testing.assert_array_equal(net.backward(np.ones_like(Y)), kept[1])
    np.testing.assert_array_equal(net.forward(X), kept[0])
    np.testing.assert_array_equal(net.backward(np.ones_like(Y)), kept[1])


@pytest.mark.parametrize("kind", LOSSES)
@pytest.mark.parametrize("soft", [False, True])
def test_loss_gradients_share_no_memory_and_survive_later_calls(kind, soft):
    loss, rng = kind(), np.random.default_rng(0)
    Y = rng.normal(size=(4, 3))
    T = targets_for(loss, rng, 4, 3, soft)
    loss.forward(Y, T)
    first, second = loss.backward(), loss.backward()
    kept = first.copy()
    second[:] = np.nan
    loss.forward(Y[:2] + 1, T[:2])
    third = loss.backward()
    np.testing.assert_array_equal(first, kept)
    arrays = [Y, T, first, second, third]
    for i, one in enumerate(arrays):
        assert not any(np.shares_memory(one, other) for other in arrays[:i])


def test_a_smaller_batch_after_a_larger_gives_what_it_gives_alone():
    X = np.random.default_rng(0).normal(size=(5, 3))
    used, fresh = one_of_each_layer(), one_of_each_layer()
    used.backward(np.ones_like(used.forward(X)))
    Y, Y_alone = used.forward(X[:2]), fresh.forward(X[:2])
    np.testing.assert_array_equal(Y, Y_alone)
    dX, dX_alone = used.backward(Y), fresh.backward(Y)
    np.testing.assert_array_equal(dX, dX_alone)
    np.testing.assert_array_equal(used.grads, fresh.grads)


def test_without_input_gradient_the_parameters_gradients_are_the_same():
    net, X = one_of_each_layer(), np.random.default_rng(0).normal(size=(5, 3))
    dY = np.ones_like(net.forward(X))
    net.backward(dY)
    expected = net.grads.copy()
    net.grads[:] = np.nan
    assert net.backward(dY, input_gradient=False) is None
    np.testing.assert_array_equal(net.grads, expected)


def test_float32_computes_in_float32():
    net, X = small_net(dtype=np.float32), np.ones((2, 3), np.float32)
    Y = net.forward(X)
    dX = net.backward(Y)
    assert {a.dtype for a in (Y, dX, net.params, net.grads)} == {np.dtype(np.float32)}
    # 1e-5: a few dozen roundings of 6e-8 on the same weights.
    np.testing.assert_allclose(Y, small_net().forward(np.ones((2, 3))), rtol=1e-5)


@pytest.mark.parametrize(
    "copied", [copy.deepcopy, lambda net: pickle.loads(pickle.dumps(net))]
)
def test_a_copy_is_a_network_of_its_own_whose_layers_are_views(copied):
    net = small_net()
    twin = copied(net)
    np.testing.assert_array_equal(twin.params, net.params)
    before, X = net.params.copy(), np.ones((2, 3))
    twin.params = np.zeros(26)
    assert not twin.forward(X).any()
    np.testing.assert_array_equal(net.params, before)
    assert net.forward(X).any()


@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        (np.zeros((2, 4)), ValueError, "Dense 0: X has 4 columns, W expects 3"),
        (np.zeros(3), ValueError, r"X has shape \(3,\), expected \(N, D\)"),
        (np.zeros((2, 3, 1)), ValueError, r"X has shape \(2, 3, 1\), expected \(N, D"),
        (np.zeros((0, 3)), ValueError, r"X has shape \(0, 3\), .* not empty"),
        ([[1.0, 2.0, 3.0]], TypeError, "X is a list, expected a NumPy array"),
        (np.zeros((2, 3), int), TypeError, "X has dtype int64, the network computes i"),
        (np.zeros((2, 3), np.float32), TypeError, "float32.*float64; convert it with"),
    ],
)
def test_input_that_does_not_fit_is_named(X, error, message):
    with pytest.raises(error, match=message):
        small_net().forward(X)


def test_a_batch_without_columns_is_empty():
    with pytest.raises(ValueError, match=r"X has shape \(2, 0\), .* not empty"):
        bp.Sequential(bp.Tanh()).forward(np.zeros((2, 0)))


@pytest.mark.parametrize(
    ("dY", "error", "message"),
    [
        (
            np.zeros((2, 3)),
            ValueError,
            r"dY has shape \(2, 3\), the last output.*\(2, 2",
        ),
        (np.zeros((3, 2)), ValueError, r"dY has shape \(3, 2\), the last output has"),
        (np.zeros((2, 2), np.float32), TypeError, "dY has dtype float32.*dY.astype"),
        ([[1.0, 2.0]] * 2, TypeError, "dY is a list, expected a NumPy array"),
    ],
)
def test_gradient_that_does_not_fit_is_named(dY, error, message):
    net = small_net()
    net.forward(np.zeros((2, 3)))
    with pytest.raises(error, match=message):
        net.backward(dY)


def test_backward_before_forward_is_refused():
    with pytest.raises(RuntimeError, match="Sequential: backward was called before"):
        small_net().backward(np.zeros((2, 2)))


def test_layers_that_do_not_fit_each_other_are_named():
    with pytest.raises(ValueError, match="Dense 2: X has 4 columns, W expects 5"):
        bp.Sequential(bp.Dense(3, 4), bp.Tanh(), bp.Dense(5, 2))


def test_a_network_needs_layers_each_its_own():
    with pytest.raises(ValueError, match="no layers given, expected at least one"):
        bp.Sequential()
    with pytest.raises(TypeError, match="layer 1 is a function, expected a Layer"):
        bp.Sequential(bp.Dense(2, 2), small_net)
    with pytest.raises(TypeError, match="layer 0 is a list, expected a Layer"):
        bp.Sequential([bp.Dense(2, 2)])
    twice = bp.Dense(2, 2)
    with pytest.raises(
        ValueError, match=r"layer 2 \(Dense\(2, 2\)\) stands there twic"
    ):
        bp.Sequential(twice, bp.Tanh(), twice)


def test_a_layer_of_another_network_is_refused_and_that_network_unharmed():
    net, X = small_net(), np.ones((2, 3))
    Y = net.forward(X)
    with pytest.raises(ValueError, match=r"layer 0 .*belongs to another network"):
        bp.Sequential(*net.layers[:2])
    np.testing.assert_array_equal(net.forward(X), Y)


@pytest.mark.parametrize("dtype", [int, np.float16, complex, object])
def test_a_dtype_other_than_two_is_refused(dtype):
    with pytest.raises(TypeError, match="expected float64 or float32"):
        bp.Sequential(bp.Dense(2, 2), dtype=dtype)


def test_networks_print_as_they_are_written_and_iterate_over_their_layers():
    net = small_net()
    assert repr(net) == "Sequential(Dense(3, 4), Tanh(), Dense(4, 2), dtype=float64)"
    assert list(net) == list(net.layers)
    assert [layer.name for layer in net] == ["Dense 0", "Tanh 1", "Dense 2"]
