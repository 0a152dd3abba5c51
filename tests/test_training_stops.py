"""What stops a run of `fit`, and which parameters it leaves."""

import numpy as np
import pytest
from regression import TV, XV, D, K, T, X, setup

import backprop as bp


def scripted(val_losses):
    """A loss whose validation part follows a script: (loss, validation data).

    It knows the validation batch by its size, 4; training has 7 examples.
    """
    script = iter(val_losses)

    class Scripted(bp.MeanSquaredError):
        def compute(self, Y, T):
            L = super().compute(Y, T)
            if len(Y) != len(XV):
                return L
            step = next(script)
            if isinstance(step, BaseException):
                raise step
            return step

    return Scripted()


def fit_scripted(val_losses, stop=None, **settings):
    net, _, opt = setup()
    after = []  # parameters after each epoch
    callbacks = [lambda net, history: after.append(net.params.copy())]
    callbacks += settings.pop("callbacks", [])
    hist = bp.fit(
        net,
        scripted(val_losses),
        opt,
        X,
        T,
        epochs=settings.pop("epochs", 10),
        validation=(XV, TV),
        stop=stop,
        callbacks=callbacks,
        **settings,
    )
    return net, hist, after


def test_patience_counts_epochs_without_improvement_and_restores_the_best():
    # Best at epoch 1 (.5); then .6 .5 .7 do not improve: patience 3 ends it.
    net, hist, after = fit_scripted([0.9, 0.5, 0.6, 0.5, 0.7], bp.EarlyStopping(3))
    assert hist.stopped == "patience"
    assert hist.best_epoch == 1
    np.testing.assert_array_equal(hist.val_loss, [0.9, 0.5, 0.6, 0.5, 0.7])
    assert len(hist.loss) == 5
    np.testing.assert_array_equal(net.params, after[1])
    assert (after[1] != after[4]).any()


def test_an_improvement_starts_patience_anew():
    val = [0.9, 1, 0.8, 1, 0.7, 1, 1]
    _, hist, _ = fit_scripted(val, bp.EarlyStopping(patience=2))
    assert (hist.stopped, len(hist.loss), hist.best_epoch) == ("patience", 7, 4)


def test_min_delta_asks_for_more_but_the_best_is_still_the_best():
    # Steps of −.05 do not count against min_delta = .1 until they add up to
    # more (.9 → .75 at epoch 3), which starts anew; then −.04, −.04: patience.
    val = [0.9, 0.85, 0.8, 0.75, 0.71, 0.67, 0.66]
    stop = bp.EarlyStopping(patience=3, min_delta=0.1)
    net, hist, after = fit_scripted(val, stop)
    assert (hist.stopped, len(hist.loss)) == ("patience", 7)
    np.testing.assert_array_equal(net.params, after[6])  # .66, the lowest
    _, hist, _ = fit_scripted(val, bp.EarlyStopping(patience=2, min_delta=0.1))
    assert (hist.stopped, len(hist.loss)) == ("patience", 3)


def test_the_best_parameters_come_back_when_all_epochs_are_done():
    net, hist, after = fit_scripted([0.5, 0.9, 0.8], bp.EarlyStopping(9), epochs=3)
    assert hist.stopped == "epochs"
    np.testing.assert_array_equal(net.params, after[0])


def test_without_early_stopping_the_last_parameters_stay():
    net, hist, after = fit_scripted([0.5, 0.9, 0.8], epochs=3)
    assert hist.best_epoch == 0
    np.testing.assert_array_equal(net.params, after[2])


def test_converged_when_the_loss_moves_by_less_than_tol():
    net, loss, opt = setup()
    hist = bp.fit(net, loss, opt, X, T, epochs=10_000, tol=1e-4)
    moves = np.abs(np.diff(hist.loss))
    assert hist.stopped == "converged"
    assert moves[-1] < 1e-4 <= moves[:-1].min()


def test_a_single_epoch_cannot_converge():
    net, loss, opt = setup()
    assert bp.fit(net, loss, opt, X, T, epochs=1, tol=1e9).stopped == "epochs"


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("batch_size", [None, 2])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_diverged_run_keeps_the_last_parameters_with_a_finite_loss(batch_size, dtype):
    net = bp.Sequential(bp.Dense(D, K), rng=1, dtype=dtype)
    loss, data = bp.MeanSquaredError(), (X.astype(dtype), T.astype(dtype))
    hist = bp.fit(
        net, loss, bp.SGD(lr=100.0), *data, epochs=500, batch_size=batch_size, rng=0
    )
    assert hist.stopped == "diverged"
    assert 1 < len(hist.loss) < 500
    assert np.isfinite(hist.loss).all()
    assert np.isfinite(net.params).all()
    assert np.abs(net.params).max() > 1e9  # not the first ones: it had gone far


def test_diverged_parameters_are_those_before_the_step_that_ruined_them():
    # y = wx, x = 1, t = 0, w = 1e150: L = 1e300, dw = 2e150; with η = 1e10
    # w = −2e160, whose loss 4e320 is no float. Kept: 1e150.
    net = bp.Sequential(bp.Dense(1, 1))
    net.params = [1e150, 0]
    one, zero = np.ones((1, 1)), np.zeros((1, 1))
    hist = bp.fit(net, bp.MeanSquaredError(), bp.SGD(1e10), one, zero, epochs=9)
    assert hist.stopped == "diverged"
    np.testing.assert_array_equal(net.params, [1e150, 0])
    np.testing.assert_allclose(hist.loss, [1e300], rtol=1e-15)


def test_parameters_that_overflow_in_the_last_epoch_are_seen():
    net = bp.Sequential(bp.Dense(1, 1))
    net.params = [1e150, 0]
    one, zero = np.ones((1, 1)), np.zeros((1, 1))
    opt = bp.SGD(1e300)  # w − 1e300 · 2e150 is infinite at once
    hist = bp.fit(net, bp.MeanSquaredError(), opt, one, zero, epochs=1)
    assert hist.stopped == "diverged"
    np.testing.assert_array_equal(net.params, [1e150, 0])


def test_a_diverged_run_with_early_stopping_goes_back_to_the_best():
    net = bp.Sequential(bp.Dense(D, K), rng=1)
    after = []
    hist = bp.fit(
        net,
        bp.MeanSquaredError(),
        bp.SGD(lr=100.0),
        X,
        T,
        epochs=500,
        validation=(XV, TV),
        stop=bp.EarlyStopping(patience=400),
        callbacks=[lambda net, history: after.append(net.params.copy())],
    )
    assert hist.stopped == "diverged"
    assert hist.best_epoch == 0
    assert len(hist.loss) == len(hist.val_loss) == len(after) > 10
    np.testing.assert_array_equal(net.params, after[0])


def test_the_best_epoch_is_never_one_that_is_no_number():
    assert bp.History([1, 1, 1], [2.0, np.nan, 1.0]).best_epoch == 2
    assert bp.History([1, 1], [2.0, np.nan]).best_epoch == 0


def test_an_interrupt_returns_the_history_so_far():
    def interrupt(net, history):
        if len(history.loss) == 3:
            raise KeyboardInterrupt

    net, loss, opt = setup()
    hist = bp.fit(net, loss, opt, X, T, epochs=10, callbacks=[interrupt])
    assert (hist.stopped, len(hist.loss)) == ("interrupted", 3)
    assert hist.loss[2] < hist.loss[0]


def test_an_interrupt_with_early_stopping_goes_back_to_the_best():
    val = [0.9, 0.3, 0.8, KeyboardInterrupt()]
    net, hist, after = fit_scripted(val, bp.EarlyStopping(patience=9))
    assert hist.stopped == "interrupted"
    assert len(hist.loss) == len(hist.val_loss) == 3  # equal, though cut short
    np.testing.assert_array_equal(net.params, after[1])


def test_an_interrupt_in_the_first_epoch_leaves_an_empty_history():
    net, hist, _ = fit_scripted([KeyboardInterrupt()], bp.EarlyStopping())
    assert (hist.stopped, hist.loss.shape, hist.best_epoch) == (
        "interrupted",
        (0,),
        None,
    )
    assert np.isfinite(net.params).all()


def test_another_error_is_not_swallowed():
    def broken(net, history):
        raise ZeroDivisionError

    net, loss, opt = setup()
    with pytest.raises(ZeroDivisionError):
        bp.fit(net, loss, opt, X, T, epochs=10, callbacks=[broken])
