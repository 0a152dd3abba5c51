"""Published numbers, to every digit that is right.

Mazur, "A Step by Step Backpropagation Example" (2015); the README of
Karpathy's micrograd; the notes of Stanford's CS231n, "Backpropagation,
Intuitions".
"""

import numpy as np
import pytest

import backprop as bp
from backprop import Value

# Mazur's W: into h1 (.15 .20), into h2 (.25 .30), into o1 (.40 .45), into o2
# (.50 .55); rows of our W are inputs. One bias a layer, .35 and .60, is shared
# by its two neurons and never updated.
W1, W2 = np.array([[0.15, 0.25], [0.20, 0.30]]), np.array([[0.40, 0.50], [0.45, 0.55]])
X, T = np.array([[0.05, 0.10]]), np.array([[0.01, 0.99]])
AFTER_W1 = np.array([[0.149780716, 0.249751144], [0.199561432, 0.299502287]])
AFTER_W2 = np.array([[0.358916480, 0.511301270], [0.408666186, 0.561370121]])
CORRECT_LOSS, LOSS_WITH_STALE_WEIGHTS = 0.29102777369, 0.291027924
nine_digits = {"rtol": 0, "atol": 5.0001e-10}  # as many as the page prints


class WeightsOnly(bp.SGD):
    """Mazur's update: the biases stay."""

    def update(self, w, g):
        for layer in self.net.layers[::2]:
            layer.db[:] = 0
        super().update(w, g)


def mazur() -> tuple[bp.Sequential, bp.Loss, bp.Optimizer]:
    net = bp.Sequential(bp.Dense(2, 2), bp.Sigmoid(), bp.Dense(2, 2), bp.Sigmoid())
    net.layers[0].W, net.layers[0].b = W1, [0.35, 0.35]
    net.layers[2].W, net.layers[2].b = W2, [0.60, 0.60]
    opt = WeightsOnly(lr=0.5)
    opt.net = net
    # With N = 1 and K = 2 the mean over N·K numbers is his ½ Σ (o − t)².
    return net, bp.MeanSquaredError(), opt


def test_mazur_forward():
    net, loss, _ = mazur()
    hidden = bp.Sequential(bp.Dense(2, 2), bp.Sigmoid())
    hidden.params = net.params[:6]
    np.testing.assert_allclose(hidden(X), [[0.593269992, 0.596884378]], **nine_digits)
    Y = net.forward(X)
    np.testing.assert_allclose(Y, [[0.751365070, 0.772928465]], **nine_digits)
    assert loss.forward(Y, T) == pytest.approx(0.298371109, abs=5e-10)


def test_mazur_after_one_step():
    net, loss, opt = mazur()
    assert bp.train_step(net, loss, opt, X, T) == pytest.approx(0.298371109, abs=5e-10)
    np.testing.assert_allclose(net.layers[0].W, AFTER_W1, **nine_digits)
    np.testing.assert_allclose(net.layers[2].W, AFTER_W2, **nine_digits)
    np.testing.assert_array_equal(net.layers[0].b, [0.35, 0.35])
    np.testing.assert_array_equal(net.layers[2].b, [0.60, 0.60])
    assert loss.forward(net.forward(X), T) == pytest.approx(CORRECT_LOSS, abs=5e-12)


def stale_step(net, loss):
    """One step whose hidden gradient goes through *already updated* weights."""
    first, _, last, _ = net.layers
    loss.forward(net.forward(X), T)
    dY = loss.backward()
    net.backward(dY)
    last.W = last.W - 0.5 * last.dW
    net.backward(dY)  # the slip: dA = dZ Wᵀ with the new W
    first.W = first.W - 0.5 * first.dW


def test_mazurs_printed_loss_is_that_of_stale_weights():
    net, loss, _ = mazur()
    stale_step(net, loss)
    L = loss.forward(net.forward(X), T)
    assert pytest.approx(LOSS_WITH_STALE_WEIGHTS, abs=5e-10) == L
    assert abs(L - CORRECT_LOSS) > 1e-7


def test_mazur_after_ten_thousand_steps():
    net, loss, opt = mazur()
    for _ in range(10_000):
        bp.train_step(net, loss, opt, X, T)
    # 3.510188e-05: seven digits; 10,000 steps round each by 1e-16.
    L = loss.forward(net.forward(X), T)
    assert pytest.approx(3.510188e-05, abs=5e-12) == L
    assert abs(L - 3.5085e-05) > 1e-8  # the page's number comes from the slip


def test_mazur_ten_thousand_stale_steps_give_the_pages_number():
    net, loss, _ = mazur()
    for _ in range(10_000):
        stale_step(net, loss)
    assert loss.forward(net.forward(X), T) == pytest.approx(3.5085e-05, abs=5e-10)


def test_mazur_on_the_scalar_engine():
    w = [Value(x) for x in (0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55)]
    b1, b2 = Value(0.35), Value(0.60)  # one node each: the bias is shared

    def forward():
        i1, i2 = 0.05, 0.10
        h1 = (w[0] * i1 + w[1] * i2 + b1).sigmoid()
        h2 = (w[2] * i1 + w[3] * i2 + b1).sigmoid()
        o1 = (w[4] * h1 + w[5] * h2 + b2).sigmoid()
        o2 = (w[6] * h1 + w[7] * h2 + b2).sigmoid()
        return 0.5 * ((o1 - 0.01) ** 2 + (o2 - 0.99) ** 2), (h1, h2, o1, o2)

    L, nodes = forward()
    printed = [0.593269992, 0.596884378, 0.751365070, 0.772928465]
    np.testing.assert_allclose([n.data for n in nodes], printed, **nine_digits)
    assert L.data == pytest.approx(0.298371109, abs=5e-10)
    L.backward()
    for weight in w:
        weight.data -= 0.5 * weight.grad
    after = [*AFTER_W1.T.flat, *AFTER_W2.T.flat]
    np.testing.assert_allclose([n.data for n in w], after, **nine_digits)
    assert forward()[0].data == pytest.approx(CORRECT_LOSS, abs=5e-12)
    # The shared bias gets the sum of what the array layer's two entries get.
    net, loss, _ = mazur()
    loss.forward(net.forward(X), T)
    net.backward(loss.backward())
    assert b1.grad == pytest.approx(net.layers[0].db.sum(), rel=1e-14)
    assert b2.grad == pytest.approx(net.layers[2].db.sum(), rel=1e-14)


def test_micrograd_readme_expression():
    a, b = Value(-4.0), Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    assert f"{g.data:.4f}" == "24.7041"
    assert f"{a.grad:.4f}" == "138.8338"
    assert f"{b.grad:.4f}" == "645.5773"


def test_micrograd_tanh_neuron():
    x1, x2, w1, w2 = Value(2.0), Value(0.0), Value(-3.0), Value(1.0)
    b = Value(6.8813735870195432)  # chosen so that o = √½ and 1 − o² = ½
    o = (x1 * w1 + x2 * w2 + b).tanh()
    o.backward()
    assert o.data == pytest.approx(np.sqrt(0.5), rel=1e-14)
    grads = [x1.grad, w1.grad, x2.grad, w2.grad]
    # 1e-14: b is given to 17 digits, and 1 − o² loses one bit.
    np.testing.assert_allclose(grads, [-1.5, 1.0, 0.5, 0.0], rtol=1e-14)


def test_cs231n_product_of_a_sum():
    x, y, z = Value(-2.0), Value(5.0), Value(-4.0)
    f = (x + y) * z
    f.backward()
    assert (f.data, x.grad, y.grad, z.grad) == (-12.0, -4.0, -4.0, 3.0)


def test_cs231n_sigmoid_neuron_scalar_and_array():
    w0, w1, w2, x0, x1 = map(Value, (2.0, -3.0, -3.0, -1.0, -2.0))
    f = (w0 * x0 + w1 * x1 + w2).sigmoid()
    f.backward()
    assert f.data == pytest.approx(0.731059, abs=5e-7)
    dw, dx = [-0.196612, -0.393224, 0.196612], [0.393224, -0.589836]
    # 1e-6: the notes' six digits, of which .393224 is twice a rounded number.
    scalar = [n.grad for n in (w0, w1, w2, x0, x1)]
    np.testing.assert_allclose(scalar, dw + dx, rtol=0, atol=1e-6)

    net = bp.Sequential(bp.Dense(2, 1), bp.Sigmoid())
    net.params = [2, -3, -3]
    assert net.forward(np.array([[-1.0, -2.0]])) == pytest.approx(0.731059, abs=5e-7)
    dX = net.backward(np.ones((1, 1)))
    np.testing.assert_allclose([*net.grads, *dX[0]], scalar, rtol=1e-14)
