"""Gradient checking: backward against central differences.

Backward derives a gradient; a central difference measures it, by moving one
parameter at a time and looking at the loss. Neither knows of the other.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from backprop.checks import check, entry
from backprop.functions import Array
from backprop.losses import Loss
from backprop.network import Sequential


@dataclass(frozen=True)
class GradientCheck:
    """The outcome of `check_gradients`.

    Attributes
    ----------
    errors : dict of str to float
        Relative error max|a − n| / max(‖a‖∞, ‖n‖∞, 1e-8) of each parameter
        array ("Dense 0.W") and of the input ("X").
    max_error : float
        The largest of them.
    worst : str
        Its array and the entry that differs most, "Dense 0.W[1, 2]".
    derived, measured : float
        What backward and the central difference say of that entry.
    """

    errors: dict[str, float]
    max_error: float
    worst: str
    derived: float
    measured: float

    def __str__(self) -> str:
        return (
            f"largest relative error {self.max_error:.1e} at {self.worst}: backward "
            f"says {self.derived:.6g}, central difference {self.measured:.6g}"
        )


def check_gradients(
    net: Sequential, loss: Loss, X: Array, T: Array, *, h: float | None = None
) -> GradientCheck:
    """Compare every gradient of `backward` with a central difference.

    Parameters
    ----------
    net : Sequential
        Its parameters are the same afterwards. Use float64: in float32 the
        difference of two losses has few digits left.
    loss : Loss
    X : ndarray of shape (N, D_in)
    T : ndarray
        Targets, as the loss expects them.
    h : float, optional
        Step; the cube root of the dtype's machine epsilon, scaled by
        ``max(1, abs(w))``, if not given: there rounding and truncation balance.

    Returns
    -------
    GradientCheck
        A relative error near 1e-9 is right, 1e-2 is wrong. A ReLU within h
        of its kink may be neither.

    Raises
    ------
    ValueError, TypeError
        The batch does not fit the network or the loss.

    Notes
    -----
    Costs two forward passes for each parameter and each entry of X.
    """
    T = loss.check_targets(T, net.check_input(X), net.dtype)
    if h is None:
        h = float(np.finfo(net.dtype).eps) ** (1 / 3)
    check(h > 0, "check_gradients", "h", h, "a positive number")
    X = X.copy()

    def loss_now() -> float:
        return loss.compute(net.propagate(X), T)

    loss_now()
    dX = net.backward(loss.backward())
    assert dX is not None  # it is None only where it was not asked for
    arrays = {"X": (X, dX)}
    for layer in net.layers:
        for name in layer.shapes:
            w, dw = getattr(layer, name), getattr(layer, f"d{name}")
            arrays[f"{layer.name}.{name}"] = w, dw
    results = [
        _compare(name, derived, _central_differences(w, loss_now, h))
        for name, (w, derived) in arrays.items()
    ]
    loss_now()  # leave what the layers keep as this batch's
    worst = max(results, key=lambda r: r.max_error)
    errors = {name: r.max_error for name, r in zip(arrays, results, strict=True)}
    return replace(worst, errors=errors)


def _central_differences(w: Array, loss_now: Callable[[], float], h: float) -> Array:
    """(L(w + h) − L(w − h)) / 2h for each entry of w, which is put back."""
    slope = np.empty(w.shape)
    for at in np.ndindex(w.shape):
        kept = w[at]
        step = h * max(1.0, abs(float(kept)))
        w[at] = kept + step
        above, upper = loss_now(), float(w[at])
        w[at] = kept - step
        below, lower = loss_now(), float(w[at])
        w[at] = kept
        slope[at] = (above - below) / (upper - lower)  # the step as it was stored
    return slope


def _compare(name: str, derived: Array, measured: Array) -> GradientCheck:
    """Relative error of one array; NaN counts as infinitely wrong."""
    difference = np.nan_to_num(np.abs(derived - measured), nan=np.inf, posinf=np.inf)
    at = np.unravel_index(int(difference.argmax()), difference.shape)
    scale = max(np.abs(derived).max(), np.abs(measured).max(), 1e-8)
    error = float(difference[at] / scale) if np.isfinite(scale) else np.inf
    a, n = float(derived[at]), float(measured[at])
    return GradientCheck({}, error, entry(name, at), a, n)
