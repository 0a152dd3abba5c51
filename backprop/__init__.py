"""Backpropagation in NumPy: small enough to read, exact enough to trust.

Examples are rows: X (N, D_in), W (D_in, D_out), Z = XW + b. ``dX`` is ∂L/∂X.

>>> import numpy as np, backprop as bp
>>> X, T = bp.data.xor()
>>> net = bp.Sequential(bp.Dense(2, 4), bp.Tanh(), bp.Dense(4, 1), rng=0)
>>> loss, opt = bp.BinaryCrossEntropy(), bp.Adam(lr=0.1)
>>> history = bp.fit(net, loss, opt, X, T, epochs=200)
>>> (net(X) > 0).astype(int).ravel()
array([0, 1, 1, 0])
"""

# The names stand as a table, since a name a line hides what there is.
# isort: off
from backprop import data
from backprop.activations import Identity, LeakyReLU, ReLU, Sigmoid, Softplus, Tanh
from backprop.gradcheck import GradientCheck, check_gradients
from backprop.initializers import GlorotNormal, GlorotUniform, HeNormal, HeUniform
from backprop.initializers import LeCunNormal, LeCunUniform, Normal, Uniform, Zeros
from backprop.layers import Dense, Layer
from backprop.losses import BinaryCrossEntropy, Loss
from backprop.losses import MeanSquaredError, SoftmaxCrossEntropy
from backprop.network import Sequential
from backprop.optimizers import SGD, Adam, Momentum, Optimizer
from backprop.storage import load
from backprop.training import EarlyStopping, History, fit, train_step
from backprop.value import Value, values

__version__ = "1.0.0"

__all__ = [
    "SGD", "Adam", "BinaryCrossEntropy", "Dense", "EarlyStopping", "GlorotNormal",
    "GlorotUniform", "GradientCheck", "HeNormal", "HeUniform", "History", "Identity",
    "Layer", "LeCunNormal", "LeCunUniform", "LeakyReLU", "Loss", "MeanSquaredError",
    "Momentum", "Normal", "Optimizer", "ReLU", "Sequential", "Sigmoid",
    "SoftmaxCrossEntropy", "Softplus", "Tanh", "Uniform", "Value", "Zeros",
    "check_gradients", "data", "fit", "load", "train_step", "values",
]  # fmt: skip
