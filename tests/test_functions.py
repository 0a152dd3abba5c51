"""Elementwise functions: known numbers, derivatives, kinks, `out`, extremes."""

import math

import numpy as np
import pytest
from helpers import away_from_zero, measured_gradient, relative_error

from backprop import functions
from backprop.functions import Function

ALL = [f for f in vars(functions).values() if isinstance(f, Function)]
ARRAY = [f for f in ALL if f.name not in ("exp", "log")]  # with an `out` of layers
names = {"argvalues": ALL, "ids": lambda f: f.name}

LOG2, LOG3 = math.log(2), math.log(3)
KNOWN = [  # name, z, f(z), f′(z)
    ("identity", -1.5, -1.5, 1),
    ("exp", LOG2, 2, 2),
    ("log", 4, math.log(4), 0.25),
    # tanh log 2 = (2 − ½)/(2 + ½) = 3/5, and 1 − 9/25 = 16/25
    ("tanh", LOG2, 0.6, 0.64),
    # σ(log 3) = 3/(3 + 1) = ¾, and ¾ · ¼ = 3/16
    ("sigmoid", LOG3, 0.75, 0.1875),
    ("sigmoid", 0, 0.5, 0.25),
    ("relu", 2, 2, 1),
    ("relu", -2, 0, 0),
    ("leaky_relu", 2, 2, 1),
    ("leaky_relu", -2, -0.02, 0.01),
    # log(1 + e^log 3) = log 4, and σ(log 3) = ¾
    ("softplus", LOG3, math.log(4), 0.75),
    ("softplus", 0, LOG2, 0.5),
]


@pytest.mark.parametrize(("name", "z", "a", "d"), KNOWN)
def test_known_values(name, z, a, d):
    function = next(f for f in ALL if f.name == name)
    # 1e-15: two or three roundings of 1.1e-16.
    assert function.f(float(z)) == pytest.approx(a, rel=1e-15, abs=1e-15)
    assert function.df(float(z), a) == pytest.approx(d, rel=1e-15, abs=1e-15)


def test_the_table_above_misses_no_function():
    assert {name for name, *_ in KNOWN} == {f.name for f in ALL}


@pytest.mark.parametrize("function", **names)
def test_derivative_equals_central_difference(function):
    z = away_from_zero(np.random.default_rng(0), 20)
    if function.name == "log":
        z = np.abs(z) + 0.5
    d = function.df(z, function.f(z))
    measured = measured_gradient(lambda: float(function.f(z).sum()), z)
    # 1e-9: h² f‴/6 and eps |Σf|/h are both about 1e-10 for h = 6e-6.
    assert relative_error(d, measured) < 1e-9


@pytest.mark.parametrize("function", **names)
def test_out_gets_the_same_numbers_and_is_returned(function):
    z = np.array([[0.5, 1.0, 2.0], [3.0, 0.25, 1.5]])
    if function.name != "log":
        z[1] *= -1
    a = function.f(z)
    out, d_out = np.full_like(z, np.nan), np.full_like(z, np.nan)
    assert function.f(z, out) is out
    assert function.df(z, a, d_out) is d_out
    np.testing.assert_array_equal(out, a)
    np.testing.assert_array_equal(d_out, function.df(z, a))


@pytest.mark.parametrize("function", **names)
def test_functions_do_not_change_their_input(function):
    z = np.array([0.5, 1.0, 2.0])
    a = function.f(z)
    kept_a = a.copy()
    function.df(z, a, np.empty(3))
    np.testing.assert_array_equal(z, [0.5, 1.0, 2.0])
    np.testing.assert_array_equal(a, kept_a)


def test_at_the_kink_relu_takes_0_and_leaky_relu_its_slope():
    zero = np.zeros((1, 1))
    for out in (None, np.empty((1, 1))):
        assert functions.RELU.df(zero, zero, out)[0, 0] == 0
        assert functions.LEAKY_RELU.df(zero, zero, out)[0, 0] == 0.01


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_leaky_relu_is_exactly_the_identity_above_zero(dtype):
    z = np.array([1e-30, 0.3, 7.0], dtype)
    assert (functions.LEAKY_RELU.f(z, np.empty_like(z)) == z).all()
    assert (functions.LEAKY_RELU.df(z, z, np.empty_like(z)) == 1).all()


def test_leaky_relu_may_write_over_its_input():
    z = np.array([-100.0, 2.0])
    assert functions.LEAKY_RELU.f(z, z) is z
    np.testing.assert_array_equal(z, [-1.0, 2.0])


# Warnings are errors here: an overflow anywhere would fail.
@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("function", ARRAY, ids=lambda f: f.name)
def test_extremes_neither_overflow_nor_change_dtype(function, dtype):
    z = np.array([-1e4, 1e4], dtype)
    a = function.f(z, np.empty_like(z))
    d = function.df(z, a, np.empty_like(z))
    expected = {  # the exact limits, to the last digit of either dtype
        "identity": ([-1e4, 1e4], [1, 1]),
        "tanh": ([-1, 1], [0, 0]),
        "sigmoid": ([0, 1], [0, 0]),
        "relu": ([0, 1e4], [0, 1]),
        "leaky_relu": ([-100, 1e4], [dtype(0.01), 1]),
        "softplus": ([0, 1e4], [0, 1]),
    }[function.name]
    assert (a.dtype, d.dtype) == (dtype, dtype)
    np.testing.assert_allclose(a, expected[0], rtol=1e-7, atol=0)
    np.testing.assert_array_equal(d, expected[1])
