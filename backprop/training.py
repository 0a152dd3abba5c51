"""The training loop: forward, loss, backward, update, repeat.

`train_step` is the algorithm; `fit` repeats it over epochs of mini-batches
until a stopping criterion says stop.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from backprop.checks import check, check_all, check_count
from backprop.functions import Array, Rng
from backprop.losses import Loss
from backprop.network import Sequential
from backprop.optimizers import Optimizer


def train_step(
    net: Sequential, loss: Loss, opt: Optimizer, X: Array, T: Array
) -> float:
    """Take one step of the algorithm on one batch.

    Parameters
    ----------
    net : Sequential
    loss : Loss
    opt : Optimizer
    X : ndarray of shape (N, D_in)
        Inputs, of the network's dtype.
    T : ndarray
        Targets, as the loss expects them.

    Returns
    -------
    float
        The loss of the batch *before* the update.

    Raises
    ------
    ValueError, TypeError
        The batch does not fit the network or the loss.
    """
    T = loss.check_targets(T, net.check_input(X), net.dtype)
    L = _gradients(net, loss, X, T)
    opt.step(net)  # update
    return L


def _gradients(net: Sequential, loss: Loss, X: Array, T: Array) -> float:
    Y = net.propagate(X)  # forward
    L = loss.compute(Y, T)  # error
    net.backpropagate(loss.backward())  # backward
    return L


@dataclass
class EarlyStopping:
    """Stop when the validation loss has not improved for `patience` epochs.

    `fit` then restores the best parameters seen, however it ended.

    Parameters
    ----------
    patience : int, optional
        Epochs without improvement that are tolerated, >= 1.
    min_delta : float, optional
        An improvement smaller than this does not count, >= 0.
    """

    patience: int = 5
    min_delta: float = 0.0

    def __post_init__(self) -> None:
        check_count("EarlyStopping", "patience", self.patience)
        check(self.min_delta >= 0, "EarlyStopping", "min_delta", self.min_delta, ">= 0")


@dataclass
class History:
    """What `fit` did.

    Attributes
    ----------
    loss : ndarray of shape (E,)
        Per epoch, the mean over its examples of the loss each had when its
        batch was taken (so before that batch's update).
    val_loss : ndarray of shape (E,)
        Validation loss after each epoch; empty without validation data.
    stopped : str
        'epochs' (all done), 'patience', 'converged', 'diverged' or
        'interrupted'.
    losses, val_losses : list of float
        The same as lists, to which `fit` appends.
    best_epoch : int or None
        Index of the lowest validation loss; None without validation data.
    """

    losses: list[float] = field(default_factory=list, repr=False)
    val_losses: list[float] = field(default_factory=list, repr=False)
    stopped: str = "epochs"

    @property
    def loss(self) -> Array:
        """Training loss per epoch."""
        return np.array(self.losses)

    @property
    def val_loss(self) -> Array:
        """Validation loss per epoch."""
        return np.array(self.val_losses)

    @property
    def best_epoch(self) -> int | None:
        """Index of the epoch with the lowest validation loss; NaN is none."""
        known = np.nan_to_num(self.val_loss, nan=np.inf, posinf=np.inf)
        return int(known.argmin()) if len(known) else None


Callback = Callable[[Sequential, History], None]
Progress = Callable[[Iterable[int]], Iterable[int]]


class _StopTraining(Exception):
    """Ends the loop of `fit`; its argument is the reason."""


def fit(
    net: Sequential,
    loss: Loss,
    opt: Optimizer,
    X: Array,
    T: Array,
    *,
    epochs: int,
    batch_size: int | None = None,
    rng: Rng | None = None,
    validation: tuple[Array, Array] | None = None,
    stop: EarlyStopping | None = None,
    tol: float | None = None,
    callbacks: Sequence[Callback] = (),
    progress: Progress | None = None,
) -> History:
    """Train a network until a stopping criterion says stop.

    Parameters
    ----------
    net, loss, opt : Sequential, Loss, Optimizer
    X, T : ndarray
        Training data, (N, D_in) and targets as the loss expects them. Checked
        once, before the first step.
    epochs : int
        Passes over the data at most, >= 1.
    batch_size : int, optional
        Examples a step; the last batch of an epoch may be smaller. All of
        them, unshuffled, if not given.
    rng : int or numpy.random.Generator, optional
        What shuffles the examples before each epoch.
    validation : (ndarray, ndarray), optional
        Data whose loss is computed after each epoch.
    stop : EarlyStopping, optional
        Needs `validation`.
    tol : float, optional
        Stop as 'converged' once the epoch's loss differs from the last one's
        by less than this.
    callbacks : sequence of callable, optional
        Each is called as ``callback(net, history)`` after every epoch;
        ``net.grads`` then holds the last batch's gradients.
    progress : callable, optional
        Wraps the iterator over epochs, ``tqdm.tqdm`` for instance.

    Returns
    -------
    History

    Raises
    ------
    ValueError, TypeError
        Data or settings do not fit; nothing has been changed then.

    Notes
    -----
    When loss or parameters are no longer finite, the run stops as 'diverged'
    and the parameters go back to the last ones whose loss was finite. On
    KeyboardInterrupt it stops as 'interrupted' and returns the history so far.
    """
    check_count("fit", "epochs", epochs)
    check_count("fit", "batch_size", 1 if batch_size is None else batch_size)
    check(tol is None or tol > 0, "fit", "tol", tol, "a positive number")
    if stop is not None and validation is None:
        raise ValueError("fit: EarlyStopping needs validation=(X, T)")
    T = _check_data(net, loss, X, T, "data")
    if validation is not None:
        Xv, Tv = validation
        Tv = _check_data(net, loss, Xv, Tv, "validation data")
    history, best, finite = History(), _Best(), net.params.copy()
    generator = np.random.default_rng(rng)
    try:
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            for _ in range(epochs) if progress is None else progress(range(epochs)):
                total = 0.0
                for Xb, Tb in _batches(X, T, batch_size, generator):
                    L = _gradients(net, loss, Xb, Tb)
                    _stop_if(not math.isfinite(L), "diverged")
                    np.copyto(finite, net.params)
                    opt.step(net)
                    total += L * len(Xb)
                if validation is not None:
                    history.val_losses.append(loss.compute(net.propagate(Xv), Tv))
                if stop is not None:
                    best.see(history.val_losses[-1], net.params, stop.min_delta)
                history.losses.append(total / len(X))
                _stop_if(not np.isfinite(net.params).all(), "diverged")
                for callback in callbacks:
                    callback(net, history)
                _stop_if(stop is not None and best.waited >= stop.patience, "patience")
                _stop_if(_converged(history.losses, tol), "converged")
    except _StopTraining as reason:
        history.stopped = str(reason)
    except KeyboardInterrupt:
        history.stopped = "interrupted"
    if best.params is not None:
        net.params = best.params
    elif history.stopped == "diverged":
        net.params = finite
    return history


class _Best:
    """The lowest validation loss, its parameters, and the epochs since it fell."""

    loss = bar = np.inf  # `bar` is what counts as fallen, by min_delta
    waited = 0
    params: Array | None = None

    def see(self, val_loss: float, params: Array, min_delta: float) -> None:
        self.waited += 1
        if val_loss < self.loss:
            self.loss, self.params = val_loss, params.copy()
        if val_loss < self.bar - min_delta:
            self.bar, self.waited = val_loss, 0


def _stop_if(reached: bool, reason: str) -> None:
    if reached:
        raise _StopTraining(reason)


def _batches(
    X: Array, T: Array, size: int | None, rng: np.random.Generator
) -> Iterator[tuple[Array, Array]]:
    if size is None:
        yield X, T
        return
    order = rng.permutation(len(X))
    for start in range(0, len(X), size):
        rows = order[start : start + size]
        yield X.take(rows, axis=0), T.take(rows, axis=0)  # 3 times X[rows]'s speed


def _converged(losses: list[float], tol: float | None) -> bool:
    return tol is not None and len(losses) > 1 and abs(losses[-1] - losses[-2]) < tol


def _check_data(net: Sequential, loss: Loss, X: Array, T: Array, which: str) -> Array:
    """Refuse data that cannot be trained on; return T ready for `compute`."""
    try:
        T = loss.check_targets(T, net.check_input(X), net.dtype)
    except (ValueError, TypeError) as error:
        raise type(error)(f"fit: {which}: {error}") from None
    check_all(f"fit: {which}", "X", X, np.isfinite(X), "finite numbers")
    return T
