"""`Value`: each operation's number and derivative, graphs, and errors."""

import math

import numpy as np
import pytest

import backprop as bp
from backprop import Value

E = math.e

OPERATIONS = {  # at x = 3: the number, and its derivative by the rule named
    "x + 2": (lambda x: x + 2, 5.0, 1.0),
    "2 + x": (lambda x: 2 + x, 5.0, 1.0),
    "x - 2": (lambda x: x - 2, 1.0, 1.0),
    "2 - x": (lambda x: 2 - x, -1.0, -1.0),
    "-x": (lambda x: -x, -3.0, -1.0),
    "x * 4": (lambda x: x * 4, 12.0, 4.0),
    "4 * x": (lambda x: 4 * x, 12.0, 4.0),
    "x / 2": (lambda x: x / 2, 1.5, 0.5),
    "6 / x": (lambda x: 6 / x, 2.0, -6 / 9),  # −6/x²
    "x ** 3": (lambda x: x**3, 27.0, 27.0),  # 3x²
    "x ** -2": (lambda x: x**-2, 1 / 9, -2 / 27),  # −2/x³
    "x ** 0.5": (lambda x: x**0.5, math.sqrt(3), 0.5 / math.sqrt(3)),
    "x ** 1": (lambda x: x**1, 3.0, 1.0),
    "x ** 0": (lambda x: x**0, 1.0, 0.0),
    "exp": (Value.exp, E**3, E**3),
    "log": (Value.log, math.log(3), 1 / 3),
    "tanh": (Value.tanh, math.tanh(3), 1 - math.tanh(3) ** 2),
    "sigmoid": (  # a(1 − a)
        Value.sigmoid,
        1 / (1 + E**-3),
        1 / (1 + E**-3) * (1 - 1 / (1 + E**-3)),
    ),
    "relu": (Value.relu, 3.0, 1.0),
    "relu of -x": (lambda x: (-x).relu(), 0.0, 0.0),
}


# 1e-14: the result of one or two roundings, each 1.1e-16; a(1 − a) loses
# another digit because 1 − a is 0.047.
@pytest.mark.parametrize("name", OPERATIONS)
def test_operation_gives_its_number_and_its_derivative(name):
    operation, number, derivative = OPERATIONS[name]
    x = Value(3.0)
    y = operation(x)
    y.backward()
    assert y.data == pytest.approx(number, rel=1e-14, abs=0)
    assert x.grad == pytest.approx(derivative, rel=1e-14, abs=0)
    assert y.grad == 1.0


def test_two_operands_get_each_its_own_derivative():
    # a b at (2, 5): ∂/∂a = b = 5, ∂/∂b = a = 2.
    a, b = Value(2.0), Value(5.0)
    (a * b).backward()
    assert (a.grad, b.grad) == (5.0, 2.0)
    # a − b: 1 and −1.
    (a - b).backward()
    assert (a.grad, b.grad) == (1.0, -1.0)
    # b / a = 2.5: ∂/∂a = −b/a² = −5/4, ∂/∂b = 1/a = ½.
    quotient = b / a
    quotient.backward()
    assert (quotient.data, a.grad, b.grad) == (2.5, -1.25, 0.5)


def test_a_node_used_twice_gets_the_sum_over_its_uses():
    x = Value(3.0)
    (x + x).backward()
    assert x.grad == 2.0
    (x * x).backward()  # 2x
    assert x.grad == 6.0
    (x * x * x + x).backward()  # 3x² + 1
    assert x.grad == 28.0


def test_diamond_adds_both_paths():
    # y = (x + 1)(x + 2) at x = 3: y = 4·5 = 20, dy/dx = (x + 2) + (x + 1) = 9.
    x = Value(3.0)
    y = (x + 1) * (x + 2)
    y.backward()
    assert (y.data, x.grad) == (20.0, 9.0)


def test_sixty_diamonds_cost_sixty_steps_not_two_to_the_sixtieth():
    x = node = Value(1.0)
    for _ in range(60):
        node = node + node  # two paths each: 2⁶⁰ paths in all
    assert len(node.topological()) == 61
    node.backward()
    assert x.grad == 2.0**60


def test_a_chain_of_ten_thousand_nodes_overflows_no_stack():
    x = node = Value(0.5)
    for _ in range(10_000):
        node = node + 1.0
    node.backward()
    assert node.data == 10_000.5
    assert x.grad == 1.0
    assert len(node.topological()) == 20_001  # x, 10,000 ones, 10,000 sums


def test_second_backward_gives_the_same_numbers():
    x = Value(2.0)
    inner = x * x
    y = inner * x + inner  # x³ + x²: dy/dx = 3x² + 2x = 16, dy/dinner = x + 1
    for _ in range(3):
        y.backward()
        assert (x.grad, inner.grad, y.grad) == (16.0, 3.0, 1.0)


def test_backward_of_another_result_forgets_the_first():
    x = Value(2.0)
    y, z = x * 3, x * 5
    y.backward()
    z.backward()
    assert x.grad == 5.0


def test_backward_leaves_what_the_result_does_not_depend_on():
    x, bystander = Value(2.0), Value(1.0)
    (x * 3).backward()
    assert bystander.grad == 0.0


def test_topological_order_puts_parents_before_children_each_once():
    a, b = Value(1.0), Value(2.0)
    c = a * b
    y = (c + a).tanh() * c
    order = y.topological()
    place = {id(node): i for i, node in enumerate(order)}
    assert len(place) == len(order) == 6
    assert order[-1] is y
    for node in order:
        assert all(place[id(p)] < place[id(node)] for p in node.parents)


def test_a_node_records_operation_parents_and_local_derivatives():
    a, b = Value(2.0, label="a"), Value(5.0)
    y = a * b
    assert y.parents == (a, b)
    assert y.locals == (5.0, 2.0)
    assert (y.op, (a**3).op, a.tanh().op, a.op) == ("×", "^3", "tanh", "")
    assert repr(a) == "Value(2, grad=0, label='a')"
    assert repr(y) == "Value(10, grad=0)"


def test_numpy_scalars_and_arrays_mix_with_nodes():
    x = Value(3.0)
    assert isinstance(np.float64(2) * x, Value)
    y = np.array([1.0, 2.0]) * x
    assert [node.data for node in y] == [3.0, 6.0]
    sum(y).backward()
    assert x.grad == 3.0


def test_values_wraps_every_number_in_its_place():
    wrapped = bp.values([[1, 2, 3], [4, 5, 6]])
    assert wrapped.shape == (2, 3)
    assert wrapped.dtype == object
    assert [[v.data for v in row] for row in wrapped] == [[1, 2, 3], [4, 5, 6]]
    assert wrapped[0, 0] is not wrapped[0, 1]


@pytest.mark.parametrize("data", ["two", None, [1.0], 1j, Value(1.0)])
def test_data_that_is_no_number_is_refused(data):
    with pytest.raises(TypeError, match=r"Value: data is .*, expected a number"):
        Value(data)


def test_arithmetic_with_what_is_no_number_is_refused():
    with pytest.raises(TypeError, match=r"data is 'two' \(str\), expected a number"):
        Value(1.0) + "two"


def test_a_power_with_a_node_as_exponent_is_refused():
    with pytest.raises(TypeError, match="n is a Value, expected a constant number"):
        Value(2.0) ** Value(3.0)
    with pytest.raises(TypeError, match="unsupported operand"):
        2.0 ** Value(3.0)


def test_division_by_zero_is_refused():
    with pytest.raises(ZeroDivisionError):
        1 / Value(0.0)


def test_root_of_a_negative_number_is_refused():
    with pytest.raises(TypeError, match=r"complex.*expected a number"):
        Value(-1.0) ** 0.5
