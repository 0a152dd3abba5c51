"""Optimizers: two steps by hand, Adam against its paper, bad settings."""

import math

import numpy as np
import pytest
from helpers import OPTIMIZERS

import backprop as bp


def net_with(*params: float, dtype=np.float64) -> bp.Sequential:
    """A network whose flat vector is these numbers (the last is the bias)."""
    net = bp.Sequential(bp.Dense(len(params) - 1, 1), dtype=dtype)
    net.params = params
    return net


def two_steps(opt: bp.Optimizer) -> list[np.ndarray]:
    """Start at w = (1, -2); gradients (0.5, -1), then (0.25, 2)."""
    net, after = net_with(1.0, -2.0), []
    for g in ((0.5, -1.0), (0.25, 2.0)):
        net.grads[:] = g
        opt.step(net)
        after.append(net.params.copy())
    return after


def check(after, first, second):
    # 1e-15: a handful of roundings of numbers near 1.
    np.testing.assert_allclose(after[0], first, rtol=1e-15)
    np.testing.assert_allclose(after[1], second, rtol=1e-15)


def test_sgd_by_hand():
    # w − η g with η = .1: 1 − .05 = .95, −2 + .1 = −1.9;
    # then .95 − .025 = .925, −1.9 − .2 = −2.1.
    check(two_steps(bp.SGD(lr=0.1)), [0.95, -1.9], [0.925, -2.1])


def test_momentum_by_hand():
    # β = .5. v = (.5, −1), w = as SGD: (.95, −1.9).
    # v = .5(.5, −1) + (.25, 2) = (.5, 1.5); w = (.95 − .05, −1.9 − .15).
    check(two_steps(bp.Momentum(lr=0.1, beta=0.5)), [0.95, -1.9], [0.9, -2.05])


def test_nesterov_by_hand():
    # β = .5. v = (.5, −1); step g + βv = (.75, −1.5): w = (.925, −1.85).
    # v = (.5, 1.5); step (.25, 2) + (.25, .75) = (.5, 2.75):
    # w = (.925 − .05, −1.85 − .275) = (.875, −2.125).
    opt = bp.Momentum(lr=0.1, beta=0.5, nesterov=True)
    check(two_steps(opt), [0.925, -1.85], [0.875, -2.125])


def test_momentum_without_memory_is_sgd():
    sgd = two_steps(bp.SGD(lr=0.1))
    for nesterov in (False, True):
        check(two_steps(bp.Momentum(lr=0.1, beta=0.0, nesterov=nesterov)), *sgd)


def test_adam_by_hand():
    # η = .1, β₁ = .5, β₂ = .75, ε = 1 (so that its place shows).
    # Step 1, g = (.5, −1): m = (.25, −.5), v = ¼(.25, 1) = (.0625, .25);
    #   m̂ = m/.5 = (.5, −1), v̂ = v/.25 = (.25, 1);
    #   w = (1 − .1·.5/(.5 + 1), −2 + .1·1/(1 + 1)) = (1 − 1/30, −1.95).
    # Step 2, g = (.25, 2): m = (.125 + .125, −.25 + 1) = (.25, .75),
    #   v = (.75·.0625 + .25·.0625, .75·.25 + .25·4) = (.0625, 1.1875);
    #   m̂ = m/.75 = (1/3, 1), v̂ = v/.4375 = (1/7, 19/7);
    #   w = w − .1 (1/3/(√(1/7) + 1), 1/(√(19/7) + 1)).
    first = [1 - 1 / 30, -1.95]
    second = [
        first[0] - 0.1 / 3 / (math.sqrt(1 / 7) + 1),
        first[1] - 0.1 / (math.sqrt(19 / 7) + 1),
    ]
    check(two_steps(bp.Adam(lr=0.1, beta1=0.5, beta2=0.75, eps=1.0)), first, second)


def test_adams_first_step_has_length_lr_whatever_the_gradient():
    # Bias correction makes m̂ = g and v̂ = g²: the step is η g/(|g| + ε).
    # Without it the first step would be .1/√.001 = 3.2 times as long.
    net = net_with(0.0, 0.0)
    net.grads[:] = 1000.0, -0.01
    bp.Adam(lr=0.5).step(net)
    # 1e-5: ε/|g| is 1e-6 for the second.
    np.testing.assert_allclose(net.params, [-0.5, 0.5], rtol=1e-5)


def test_adams_epsilon_stands_outside_the_root():
    # g = 1e-6, ε = 1e-8: |g|/(|g| + ε) = 1/1.01. Inside the root it would be
    # 1e-6/√(1e-12 + 1e-8) = 1/100; added before the correction, 1/(1 + .316).
    net = net_with(0.0, 0.0)
    net.grads[:] = 1e-6
    bp.Adam(lr=1.0).step(net)
    np.testing.assert_allclose(net.params, -1 / 1.01, rtol=1e-13)  # 1 − .999¹ lost 3


def test_adam_equals_algorithm_1_transcribed():
    rng = np.random.default_rng(0)
    alpha, beta1, beta2, eps = 0.01, 0.9, 0.999, 1e-8
    net, opt = net_with(*rng.normal(size=7)), bp.Adam(lr=alpha)
    theta = net.params.copy()
    m = v = np.zeros(7)
    for t in range(1, 51):
        g = rng.normal(size=7) * 10.0 ** rng.integers(-6, 3, 7)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        m_hat = m / (1 - beta1**t)
        v_hat = v / (1 - beta2**t)
        theta = theta - alpha * m_hat / (np.sqrt(v_hat) + eps)
        net.grads[:] = g
        opt.step(net)
        # Ten roundings a step of at most 1.1e-16 on updates of 1 % of θ's
        # size, 50 times: 1e-15 of θ's size with room.
        scale = np.abs(theta).max()
        np.testing.assert_allclose(net.params, theta, rtol=0, atol=1e-15 * scale)


def test_learning_rate_may_change_between_steps():
    net, opt = net_with(1.0, 1.0), bp.SGD(lr=1.0)
    net.grads[:] = 1.0
    opt.step(net)
    opt.lr = 0.25
    opt.step(net)
    np.testing.assert_array_equal(net.params, [-0.25, -0.25])


@pytest.mark.parametrize("name", ["beta1", "beta2"])
def test_adams_decays_are_fixed_since_its_sums_hold_them(name):
    opt = bp.Adam(beta1=0.5, beta2=0.75)
    assert (opt.beta1, opt.beta2) == (0.5, 0.75)
    with pytest.raises(AttributeError, match=name):
        setattr(opt, name, 0.9)


@pytest.mark.parametrize("make", OPTIMIZERS)
def test_a_step_changes_no_gradient(make):
    net, opt = net_with(1.0, 1.0), make()
    for g in ((0.5, -2.0), (3.0, 0.0)):
        net.grads[:] = g
        opt.step(net)
        np.testing.assert_array_equal(net.grads, g)


@pytest.mark.parametrize("make", OPTIMIZERS)
def test_a_step_moves_what_the_layers_read(make):
    net = net_with(1.0, 1.0)
    net.grads[:] = 1.0
    make().step(net)
    assert net.layers[0].W[0, 0] < 1
    assert net.forward(np.ones((1, 1)))[0, 0] < 2


@pytest.mark.parametrize("make", OPTIMIZERS)
def test_float32_stays_float32_and_near_float64(make):
    wide, narrow = net_with(1.0, -2.0), net_with(1.0, -2.0, dtype=np.float32)
    for net in (wide, narrow):
        opt = make()
        for g in ((0.5, -1.0), (0.25, 2.0)):
            net.grads[:] = g
            opt.step(net)
    assert narrow.params.dtype == np.float32
    # 1e-6: a dozen roundings of 6e-8.
    np.testing.assert_allclose(narrow.params, wide.params, rtol=1e-6)


@pytest.mark.parametrize("make", OPTIMIZERS)
def test_an_optimizer_serves_one_network(make):
    opt = make()
    opt.step(net_with(1.0, 1.0))
    with pytest.raises(ValueError, match=r"has already stepped another network"):
        opt.step(net_with(1.0, 1.0))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: bp.SGD(lr=0), "SGD: lr is 0, expected a positive number"),
        (lambda: bp.SGD(lr=-0.1), "SGD: lr is -0.1"),
        (lambda: bp.SGD(lr=math.nan), "SGD: lr is nan"),
        (lambda: bp.Momentum(lr=math.inf), "Momentum: lr is inf"),
        (lambda: bp.Momentum(0.1, beta=1), "beta is 1, expected 0 <= beta < 1"),
        (lambda: bp.Momentum(0.1, beta=-0.1), "beta is -0.1"),
        (lambda: bp.Adam(beta1=1.0), "Adam: beta1 is 1.0, expected 0 <= beta1 < 1"),
        (lambda: bp.Adam(beta2=-1), "Adam: beta2 is -1, expected 0 <= beta2 < 1"),
        (lambda: bp.Adam(eps=0), "Adam: eps is 0, expected a positive number"),
        (lambda: bp.Adam(lr=0), "Adam: lr is 0"),
    ],
)
def test_settings_out_of_range_are_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_an_optimizer_without_rule_says_so():
    with pytest.raises(NotImplementedError, match="Optimizer has no update"):
        bp.Optimizer(lr=1.0).step(net_with(1.0, 1.0))
