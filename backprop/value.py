"""A number that remembers how it was computed.

Each operation on `Value` objects makes a new node that keeps its parents and,
for each parent, the local derivative of the node with respect to it.
`backward` then walks the graph from the result to the inputs and applies the
chain rule in its plainest form: *local derivative times upstream gradient,
summed over all paths*. This is backpropagation with nothing left out but
speed, and the array layers of this package are held equal to it.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from backprop import functions
from backprop.functions import Function


class Value:
    """A scalar node of a computation graph.

    Parameters
    ----------
    data : float
        The number.
    label : str, optional
        A name, for graphs and `repr`.

    Attributes
    ----------
    data : float
        The number.
    grad : float
        d(result)/d(this node), set by ``result.backward()``; 0.0 before.
    parents : tuple of Value
        The nodes that this one was computed from.
    locals : tuple of float
        For each parent, the derivative of this node with respect to it.
    op : str
        The operation that made the node; empty for an input.

    Notes
    -----
    Numbers mix freely with nodes: they become nodes of their own. A node may
    be used any number of times; its gradient is the sum over its uses.
    """

    __slots__ = ("data", "grad", "label", "locals", "op", "parents")

    def __init__(
        self,
        data: float,
        parents: Iterable[Value] = (),
        locals: Iterable[float] = (),
        op: str = "",
        label: str = "",
    ) -> None:
        try:
            self.data = float(data)
        except (TypeError, ValueError):
            given = f"{data!r} ({type(data).__name__})"
            raise TypeError(f"Value: data is {given}, expected a number") from None
        self.grad = 0.0
        self.parents, self.locals = tuple(parents), tuple(locals)
        self.op, self.label = op, label

    def __add__(self, other: Value | float) -> Value:
        b = _node(other)
        return Value(self.data + b.data, (self, b), (1.0, 1.0), "+")

    def __mul__(self, other: Value | float) -> Value:
        b = _node(other)
        return Value(self.data * b.data, (self, b), (b.data, self.data), "×")

    def __pow__(self, n: float) -> Value:
        if isinstance(n, Value):
            raise TypeError("Value ** n: n is a Value, expected a constant number")
        d = n * self.data ** (n - 1) if n != 0 else 0.0
        return Value(self.data**n, (self,), (d,), f"^{n:g}")

    def __neg__(self) -> Value:
        return self * -1.0

    def __sub__(self, other: Value | float) -> Value:
        return self + -_node(other)

    def __truediv__(self, other: Value | float) -> Value:
        return self * _node(other) ** -1

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other: float) -> Value:
        return _node(other) - self

    def __rtruediv__(self, other: float) -> Value:
        return _node(other) / self

    def apply(self, function: Function) -> Value:
        """Apply an elementwise function; its `df` is the local derivative."""
        z = self.data
        a = function.f(z)
        return Value(a, (self,), (float(function.df(z, a)),), function.name)

    def exp(self) -> Value:
        """e to the power of this value."""
        return self.apply(functions.EXP)

    def log(self) -> Value:
        """Natural logarithm."""
        return self.apply(functions.LOG)

    def tanh(self) -> Value:
        """Hyperbolic tangent."""
        return self.apply(functions.TANH)

    def sigmoid(self) -> Value:
        """Logistic function 1/(1 + e⁻ᶻ)."""
        return self.apply(functions.SIGMOID)

    def relu(self) -> Value:
        """The larger of the value and 0; derivative 0 at 0."""
        return self.apply(functions.RELU)

    def topological(self) -> list[Value]:
        """All nodes this one depends on, parents before children, itself last.

        Iterative, since a chain of 10,000 operations would overflow the stack
        of a recursive walk.
        """
        order: list[Value] = []
        seen: set[int] = set()
        stack: list[tuple[Value, bool]] = [(self, False)]
        while stack:
            node, parents_done = stack.pop()
            if parents_done:
                order.append(node)
            elif id(node) not in seen:
                seen.add(id(node))
                stack.append((node, True))
                stack.extend((p, False) for p in reversed(node.parents))
        return order

    def backward(self) -> None:
        """Set `grad` of every node that this one depends on.

        Gradients are assigned anew: a second call gives the same numbers.
        """
        order = self.topological()
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            for parent, local in zip(node.parents, node.locals, strict=True):
                parent.grad += local * node.grad

    def __repr__(self) -> str:
        name = f", label={self.label!r}" if self.label else ""
        return f"Value({self.data:.6g}, grad={self.grad:.6g}{name})"


def _node(x: Value | float) -> Value:
    return x if isinstance(x, Value) else Value(x)


def values(numbers: np.typing.ArrayLike) -> np.ndarray:
    """An object array of the same shape, with a `Value` for each number.

    Parameters
    ----------
    numbers : array_like
        Numbers of any shape.

    Returns
    -------
    numpy.ndarray of Value, dtype object
        ``X @ W + b`` on such arrays builds the scalar graph.
    """
    one_each = np.vectorize(Value, otypes=[object])
    return np.asarray(one_each(np.asarray(numbers, dtype=np.float64)))
