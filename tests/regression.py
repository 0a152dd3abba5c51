"""A small regression problem that the tests of `fit` share."""

import numpy as np

import backprop as bp

N, D, K = 7, 3, 2
rng = np.random.default_rng(0)
X, T = rng.normal(size=(N, D)), rng.normal(size=(N, K))
XV, TV = rng.normal(size=(4, D)), rng.normal(size=(4, K))


def setup(lr=0.05, dtype=np.float64):
    net = bp.Sequential(bp.Dense(D, 4), bp.Tanh(), bp.Dense(4, K), rng=1, dtype=dtype)
    return net, bp.MeanSquaredError(), bp.SGD(lr)
