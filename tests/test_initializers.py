"""Initialisers: moments, limits, fans of matrices that are not square, seeds."""

import math

import numpy as np
import pytest

import backprop as bp

FAN_IN, FAN_OUT = 400, 100
# Var[w] as published: Glorot 2/(in + out), He 2/in, LeCun 1/in.
VARIANCE = {
    bp.GlorotNormal: 2 / 500,
    bp.GlorotUniform: 2 / 500,
    bp.HeNormal: 2 / 400,
    bp.HeUniform: 2 / 400,
    bp.LeCunNormal: 1 / 400,
    bp.LeCunUniform: 1 / 400,
    bp.Normal: 0.01**2,
    bp.Uniform: 0.05**2 / 3,
}
LIMIT = {
    bp.GlorotUniform: math.sqrt(6 / 500),
    bp.HeUniform: math.sqrt(6 / 400),
    bp.LeCunUniform: math.sqrt(3 / 400),
    bp.Uniform: 0.05,
}


@pytest.mark.parametrize("kind", VARIANCE)
def test_moments_are_the_published_ones(kind):
    w = kind()((FAN_IN, FAN_OUT), np.random.default_rng(0))
    n, variance = w.size, VARIANCE[kind]
    # The mean of n draws has standard error √(Var/n); the sample variance has
    # Var·√((κ − 1)/n) with kurtosis κ = 3 (normal) or 9/5 (uniform). Four
    # standard errors: n = 40,000 makes that 2.8 % and 1.8 % of the variance,
    # so that no published rule can pass for another (they differ by 20 %).
    kurtosis = 1.8 if kind in LIMIT else 3.0
    assert abs(w.mean()) < 4 * math.sqrt(variance / n)
    assert abs(w.var() / variance - 1) < 4 * math.sqrt((kurtosis - 1) / n)


@pytest.mark.parametrize("kind", LIMIT)
def test_uniform_draws_fill_their_limits_and_stay_inside(kind):
    w = kind()((FAN_IN, FAN_OUT), np.random.default_rng(0))
    # The largest of 40,000 falls short of the limit by 1/40,000 of it on
    # average; by 20 times that with probability e⁻²⁰.
    assert 0.9995 * LIMIT[kind] < np.abs(w).max() <= LIMIT[kind]


@pytest.mark.parametrize("kind", [bp.GlorotNormal, bp.HeNormal, bp.LeCunNormal])
def test_normal_draws_are_not_truncated(kind):
    w = kind()((FAN_IN, FAN_OUT), np.random.default_rng(0))
    # Of 40,000 normal numbers 108 lie beyond 3σ on average (±10).
    beyond = int((np.abs(w) > 3 * math.sqrt(VARIANCE[kind])).sum())
    assert 108 - 45 < beyond < 108 + 45


def test_fan_in_is_the_number_of_rows_of_W():
    # Swapped fans would make He's standard deviation √(2/100), twice as large.
    tall = bp.HeNormal()((FAN_IN, FAN_OUT), np.random.default_rng(0)).std()
    wide = bp.HeNormal()((FAN_OUT, FAN_IN), np.random.default_rng(0)).std()
    assert wide / tall == pytest.approx(2, rel=1e-12)  # the same draws, scaled


def test_zeros_are_zeros():
    w = bp.Zeros()((3, 2), np.random.default_rng(0))
    assert w.shape == (3, 2)
    assert not w.any()


@pytest.mark.parametrize("kind", VARIANCE)
def test_same_seed_same_draw_and_another_seed_another(kind):
    first, again = (kind()((3, 2), np.random.default_rng(5)) for _ in range(2))
    other = kind()((3, 2), np.random.default_rng(6))
    assert first.shape == (3, 2)
    np.testing.assert_array_equal(first, again)
    assert (first != other).all()


@pytest.mark.parametrize("kind", [bp.GlorotNormal, bp.HeUniform, bp.LeCunNormal])
@pytest.mark.parametrize("shape", [(3,), (2, 3, 4)])
def test_a_shape_without_two_fans_is_refused(kind, shape):
    with pytest.raises(ValueError, match=rf"{kind.__name__}: shape is .*fan_in"):
        kind()(shape, np.random.default_rng(0))


def test_given_parameters_are_used():
    rng = np.random.default_rng(0)
    # 1,000 draws of σ = 3: the sample's σ is within 3 ± 4·3/√2000.
    assert bp.Normal(3.0)((1000,), rng).std() == pytest.approx(3, abs=0.27)
    assert 1.9 < np.abs(bp.Uniform(2.0)((1000,), rng)).max() <= 2


def test_dense_starts_glorot_uniform_with_zero_biases():
    layer = bp.Sequential(bp.Dense(30, 20), rng=3).layers[0]
    expected = bp.GlorotUniform()((30, 20), np.random.default_rng(3))
    np.testing.assert_array_equal(layer.W, expected)
    assert not layer.b.any()


def test_dense_starts_as_it_is_told():
    dense = bp.Dense(3, 2, init=bp.Zeros(), init_bias=bp.Normal(1.0))
    layer = bp.Sequential(dense, rng=0).layers[0]
    assert not layer.W.any()
    assert layer.b.all()


def test_initialisers_print_as_they_are_written():
    assert repr(bp.HeNormal()) == "HeNormal()"
    assert repr(bp.Normal(0.5)) == "Normal(std=0.5)"
