"""Against HIPS autograd: random architectures, every activation and loss."""

import autograd.numpy as anp
import numpy as np
from autograd import value_and_grad
from helpers import ACTIVATIONS, LOSSES, targets_for
from hypothesis import given, settings
from hypothesis import strategies as st

import backprop as bp

# The formulas as a textbook has them: nothing of the package's forms.
FORMULA = {
    bp.Identity: lambda Z: Z,
    bp.Sigmoid: lambda Z: 1 / (1 + anp.exp(-Z)),
    bp.Tanh: anp.tanh,
    bp.ReLU: lambda Z: Z * (Z > 0),
    bp.LeakyReLU: lambda Z: anp.where(Z > 0, Z, 0.01 * Z),
    bp.Softplus: lambda Z: anp.log(1 + anp.exp(Z)),
    bp.MeanSquaredError: lambda Y, T: anp.mean((Y - T) ** 2),
    bp.BinaryCrossEntropy: lambda Y, T: anp.mean(anp.log(1 + anp.exp(Y)) - T * Y),
    bp.SoftmaxCrossEntropy: lambda Y, T: anp.mean(
        anp.log(anp.sum(anp.exp(Y), axis=1)) - anp.sum(T * Y, axis=1)
    ),
}


@st.composite
def cases(draw):
    """A network, a loss, a batch: 1-4 dense layers, widths 1-6, N 1-7."""
    widths = draw(st.lists(st.integers(1, 6), min_size=2, max_size=5))
    kinds = [draw(st.sampled_from(ACTIVATIONS)) for _ in widths[1:]]
    loss = draw(st.sampled_from(LOSSES))()
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    layers = []
    for d_in, d_out, kind in zip(widths, widths[1:], kinds, strict=False):
        bias = bp.Normal(0.5)
        layers += [bp.Dense(d_in, d_out, init_bias=bias), kind()]
    if draw(st.booleans()):
        layers.pop()  # end in a Dense layer
    net, N = bp.Sequential(*layers, rng=rng), draw(st.integers(1, 7))
    T = targets_for(loss, rng, N, widths[-1], soft=draw(st.booleans()))
    return net, loss, rng.normal(size=(N, widths[0])), T


def plain_loss(net, loss, T):
    """L as a function of (X, W₁, b₁, W₂, …) for autograd to differentiate."""

    def L(arrays):
        A, rest = arrays[0], list(arrays[1:])
        for layer in net:
            if isinstance(layer, bp.Dense):
                A = A @ rest.pop(0) + rest.pop(0)
            else:
                A = FORMULA[type(layer)](A)
        return FORMULA[type(loss)](A, T)

    return L


# No stored examples and no clock: the same 300 cases on every machine.
@settings(max_examples=300, derandomize=True, deadline=None, database=None)
@given(cases())
def test_gradients_equal_autograds_on_random_architectures(case):
    net, loss, X, T = case
    value = loss.forward(net.forward(X), T)
    dX = net.backward(loss.backward())

    K = net.forward(X).shape[1]
    one_hot = np.eye(K)[T] if T.ndim == 1 else T
    dense = [layer for layer in net if isinstance(layer, bp.Dense)]
    arrays = [X] + [p for layer in dense for p in (layer.W, layer.b)]
    expected, gradients = value_and_grad(plain_loss(net, loss, one_hot))(arrays)

    # Sums of at most 7·6 products at each of 4 layers are rounded in another
    # order, some 1e-14; where they cancel, a gradient is smaller than its terms
    # and the error grows in proportion: 1e-12 leaves a factor of 100 for that.
    # Softmax over one class cancels wholly; what is left is below 1e-15.
    assert abs(value - expected) <= 1e-12 * max(1, abs(expected))
    derived = [dX] + [d for layer in dense for d in (layer.dW, layer.db)]
    for ours, theirs in zip(derived, gradients, strict=True):
        bound = 1e-12 * np.abs(theirs).max() + 1e-15
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=bound)
