"""train_step and fit: one step by hand, what is recorded, that it learns."""

import numpy as np
import pytest
from helpers import LOSSES, OPTIMIZERS, targets_for
from regression import TV, XV, K, N, T, X, setup

import backprop as bp


def test_train_step_by_hand():
    # y = wx + b with w = 2, b = 1; x = 3, t = 5: y = 7, L = (7 − 5)² = 4,
    # dy = 2·2 = 4, dw = 4·3 = 12, db = 4; η = ½: w = 2 − 6 = −4, b = 1 − 2 = −1.
    net = bp.Sequential(bp.Dense(1, 1))
    net.params = [2, 1]
    X, T = np.array([[3.0]]), np.array([[5.0]])
    assert bp.train_step(net, bp.MeanSquaredError(), bp.SGD(0.5), X, T) == 4.0
    np.testing.assert_array_equal(net.params, [-4, -1])


@pytest.mark.parametrize("kind", LOSSES)
@pytest.mark.parametrize("make", OPTIMIZERS)
def test_train_step_is_forward_loss_backward_update(kind, make):
    T = targets_for(kind(), np.random.default_rng(0), N, K)
    one, two = setup()[0], setup()[0]
    (loss, opt), (loss2, opt2) = (kind(), make()), (kind(), make())
    for _ in range(3):
        L = loss2.forward(two.forward(X), T)
        two.backward(loss2.backward())
        opt2.step(two)
        assert bp.train_step(one, loss, opt, X, T) == L
        np.testing.assert_array_equal(one.params, two.params)


@pytest.mark.parametrize(
    ("X", "T", "error", "message"),
    [
        (X[:, :2], T, ValueError, "X has 2 columns, W expects 3"),
        (X, T[:, 0], ValueError, r"T has shape \(7,\)"),
        (X.astype(np.float32), T, TypeError, "X has dtype float32"),
        (X.tolist(), T, TypeError, "X is a list"),
    ],
)
def test_train_step_refuses_a_batch_that_does_not_fit(X, T, error, message):
    net, loss, opt = setup()
    before = net.params.copy()
    with pytest.raises(error, match=message):
        bp.train_step(net, loss, opt, X, T)
    np.testing.assert_array_equal(net.params, before)


def test_history_is_the_mean_over_examples_when_their_batch_was_taken():
    # The loop once more, from the public pieces: 7 examples in batches of 3, 3
    # and 1, so that a mean of batch means would be another number.
    net, loss, opt = setup()
    twin, generator = setup()[0], np.random.default_rng(5)
    expected, expected_val, of_batch_means = [], [], []
    for _ in range(4):
        order, losses = generator.permutation(N), []
        for rows in (order[:3], order[3:6], order[6:]):
            losses.append(loss.forward(twin.forward(X[rows]), T[rows]))
            twin.backward(loss.backward())
            twin.params = twin.params - 0.05 * twin.grads
        expected.append((3 * losses[0] + 3 * losses[1] + losses[2]) / 7)
        of_batch_means.append(sum(losses) / 3)
        expected_val.append(loss.forward(twin.forward(XV), TV))
    hist = bp.fit(
        net, loss, opt, X, T, epochs=4, batch_size=3, rng=5, validation=(XV, TV)
    )
    # 1e-14: the same few hundred roundings, some in another order.
    np.testing.assert_allclose(hist.loss, expected, rtol=1e-14)
    np.testing.assert_allclose(hist.val_loss, expected_val, rtol=1e-14)
    np.testing.assert_allclose(net.params, twin.params, rtol=1e-12)
    assert np.abs(hist.loss - of_batch_means).max() > 1e-3
    assert hist.stopped == "epochs"


def test_without_batch_size_each_epoch_is_one_step_over_everything_in_order():
    (net, loss, opt), (twin, loss2, opt2) = setup(), setup()
    hist = bp.fit(net, loss, opt, X, T, epochs=3)
    expected = [bp.train_step(twin, loss2, opt2, X, T) for _ in range(3)]
    np.testing.assert_allclose(hist.loss, expected, rtol=1e-15)  # · N / N
    np.testing.assert_array_equal(net.params, twin.params)
    assert hist.val_loss.shape == (0,)
    assert hist.best_epoch is None


def test_every_example_is_taken_once_an_epoch_in_a_new_order():
    seen = []

    class Spy(bp.MeanSquaredError):
        def compute(self, Y, T):
            seen.append(T[:, 0].copy())
            return super().compute(Y, T)

    net, _, opt = setup()
    bp.fit(net, Spy(), opt, X, T, epochs=2, batch_size=3, rng=0)
    assert [len(batch) for batch in seen] == [3, 3, 1, 3, 3, 1]
    first, second = np.concatenate(seen[:3]), np.concatenate(seen[3:])
    np.testing.assert_array_equal(np.sort(first), np.sort(T[:, 0]))
    np.testing.assert_array_equal(np.sort(second), np.sort(T[:, 0]))
    assert (first != second).any()


def test_a_batch_larger_than_the_data_is_all_of_it():
    net, loss, opt = setup()
    twin, loss2, opt2 = setup()
    bp.fit(net, loss, opt, X, T, epochs=1, batch_size=100, rng=0)
    bp.train_step(twin, loss2, opt2, X, T)
    # 1e-12: the same sums in the shuffled order.
    np.testing.assert_allclose(net.params, twin.params, rtol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("make", OPTIMIZERS)
def test_two_runs_with_the_same_rng_are_bit_identical(make, dtype):
    def run(seed):
        net, loss, _ = setup(dtype=dtype)
        data = X.astype(dtype), T.astype(dtype)
        hist = bp.fit(
            net, loss, make(), *data, epochs=5, batch_size=2, rng=seed, validation=data
        )
        arrays = (hist.loss, hist.val_loss, net.params)
        return b"".join(array.tobytes() for array in arrays)

    before = np.random.get_state()[1].copy()
    assert run(3) == run(3) == run(np.random.default_rng(3))
    assert run(3) != run(4)
    after = np.random.get_state()[1]
    np.testing.assert_array_equal(after, before)


def test_fit_leaves_data_as_they_were():
    kept = [a.copy() for a in (X, T, XV, TV)]
    net, loss, opt = setup()
    bp.fit(net, loss, opt, X, T, epochs=3, batch_size=2, rng=0, validation=(XV, TV))
    for array, before in zip((X, T, XV, TV), kept, strict=True):
        np.testing.assert_array_equal(array, before)


def test_callbacks_see_each_epoch_and_the_last_batchs_gradients():
    seen, given = [], []

    def callback(net, history):
        given.append((net, history))
        seen.append((len(history.loss), len(history.val_loss), net.grads.copy()))

    net, loss, opt = setup()
    hist = bp.fit(
        net, loss, opt, X, T, epochs=3, validation=(XV, TV), callbacks=[callback] * 2
    )
    assert [(e, v) for e, v, _ in seen] == [
        (1, 1),
        (1, 1),
        (2, 2),
        (2, 2),
        (3, 3),
        (3, 3),
    ]
    assert all(n is net and h is hist for n, h in given)
    twin, loss2, _ = setup()
    loss2.forward(twin.forward(X), T)
    twin.backward(loss2.backward())
    np.testing.assert_allclose(seen[0][2], twin.grads, rtol=1e-14)
    assert hist.stopped == "epochs"


def test_progress_wraps_the_iterator_over_epochs():
    wrapped = []

    def progress(epochs):
        for epoch in epochs:
            wrapped.append(epoch)
            yield epoch

    net, loss, opt = setup()
    hist = bp.fit(net, loss, opt, X, T, epochs=4, progress=progress)
    assert wrapped == [0, 1, 2, 3]
    assert len(hist.loss) == 4


@pytest.mark.parametrize("seed", range(3))
def test_xor_is_learnt(seed):
    X, T = bp.data.xor()
    net = bp.Sequential(bp.Dense(2, 4), bp.Tanh(), bp.Dense(4, 1), rng=seed)
    hist = bp.fit(net, bp.BinaryCrossEntropy(), bp.Adam(lr=0.1), X, T, epochs=300)
    assert hist.loss[-1] < 0.05  # log 2 = .69 is guessing
    np.testing.assert_array_equal(net(X) > 0, T == 1)


def test_digits_are_learnt():
    d = bp.data.digits()
    f32 = [a.astype(np.float32) for a in (d.X_train, d.X_val, d.X_test)]
    net = bp.Sequential(
        bp.Dense(64, 64, init=bp.HeNormal()),
        bp.ReLU(),
        bp.Dense(64, 10),
        rng=0,
        dtype=np.float32,
    )
    loss, opt = bp.SoftmaxCrossEntropy(), bp.Adam(lr=0.003)
    settings = {"epochs": 30, "batch_size": 32, "rng": 0}
    validation = (f32[1], d.T_val)
    bp.fit(net, loss, opt, f32[0], d.T_train, validation=validation, **settings)
    accuracy = (net(f32[2]).argmax(axis=1) == d.T_test).mean()
    # Twelve seeds gave 96.7 to 98.6 %; 10 % is guessing.
    assert accuracy > 0.95
