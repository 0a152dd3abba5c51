"""Chapter 4's right answers, held to something independent of their formulas."""

import itertools

import numpy as np
import pytest

import backprop as bp
from course import exercises, local
from course.checking import check
from course.personal import broken_rules, right_for, values_for
from course.properties import slopes

STUDENTS = [None, *(f"s{1000 + n}" for n in range(8))]


@pytest.fixture(params=STUDENTS)
def student(request):
    return request.param


def drawn(exercise_id, student):
    exercise = exercises.get(exercise_id)
    return values_for(exercise, student), right_for(exercise, student)


def measured(f, *numbers):
    return slopes(lambda v: float(f(*v)), np.array(numbers, float))


def test_square_is_what_a_wiggle_measures(student):
    v, (dx,) = drawn("ch04.square", student)
    wiggled = measured(lambda x: (x * v["y"] + v["w"]) ** 2, v["x"])
    assert dx == pytest.approx(wiggled[0], rel=1e-7)


def test_twice_is_what_a_wiggle_measures(student):
    v, gradients = drawn("ch04.twice", student)
    wiggled = measured(lambda x, y: (x + y) * x, v["x"], v["y"])
    assert gradients == pytest.approx(wiggled, rel=1e-7)


def test_reach_is_reached_and_by_no_other_place(student):
    v, settings = drawn("ch04.reach", student)
    sliders = exercises.get("ch04.reach").sliders
    places = [[s.at(k) for k in range(s.count)] for s in sliders]
    wanted = (v["P"], v["Q"])
    reached = [
        {"x": x, "y": y}
        for x, y in itertools.product(*places)
        if np.allclose(measured(lambda x, y: (x + y) * x, x, y), wanted, atol=1e-6)
    ]
    assert reached == [settings]


def test_orders_is_what_a_wiggle_measures(student):
    v, (dm, dx) = drawn("ch04.orders", student)
    wiggled = measured(lambda x: x**2 * (x**2 + v["c"]), v["x"])
    assert dx == pytest.approx(wiggled[0], rel=1e-7)
    wiggled = measured(lambda m: m * (m + v["c"]), v["x"] ** 2)
    assert dm == pytest.approx(wiggled[0], rel=1e-7)


def test_in_order_accepts_what_computes_right_and_nothing_else():
    exercise = exercises.get("ch04.in-order")
    lines = [line.text.replace("·", "*") for line in exercise.lines]
    for order in itertools.permutations(range(len(lines))):
        names = dict(m=9.0, n=10.0, x=3.0, dn=0.0, dm=0.0, dx=0.0, df=0.0)
        for k in order:
            exec(lines[k], names)
        right = names["dx"] == 114 and names["dm"] == 19 and names["dn"] == 9
        assert right == (not broken_rules(exercise, order)), order


def test_loud_is_what_two_wiggles_say(student):
    v, _ = drawn("ch04.loud", student)
    da, db = measured(lambda a, b: np.exp(a * b), v["a"], v["b"])
    exercise = exercises.get("ch04.loud")
    assert exercise.options(v)[exercise.answer(v)] == f"{da / db:.1f} : 1"


def test_leftovers_is_what_a_careless_engine_does(student):
    v, (times,) = drawn("ch04.leftovers", student)
    x = node = bp.Value(0.3)
    for _ in range(v["k"]):
        node = node.tanh()
    node.backward()
    right = x.grad
    node.grad = 1.0
    for n in reversed(node.topological()):  # a second call that clears nothing
        for parent, slope in zip(n.parents, n.locals, strict=True):
            parent.grad += slope * n.grad
    assert times == pytest.approx(x.grad / right, rel=1e-12)


def test_paths_are_as_many_as_a_network_of_ones_adds_up(student):
    v, (paths, arrows) = drawn("ch04.paths", student)
    sizes = [1, v["first"], v["second"], v["third"], 1]
    layers = [np.ones(shape) for shape in itertools.pairwise(sizes)]
    A = np.eye(v["first"])[:1]  # only one neuron of the first layer is fed
    for W in layers[1:]:
        A = A @ W
    assert paths == A.item()
    assert arrows == sum(W.size for W in layers[1:])


def test_first_weight_is_what_the_package_finds(student):
    v, (dw_u,) = drawn("ch04.first-weight", student)
    net = bp.Sequential(bp.Dense(2, 1), bp.Tanh(), bp.Dense(1, 1), rng=0)
    net.params = [v["w_u"], v["w_l"], v["b"], v["v"], v["r"]]
    loss = bp.BinaryCrossEntropy()
    loss.forward(net(np.array([[v["u"], v["l"]]])), np.array([[float(v["t"])]]))
    net.backward(loss.backward())
    assert dw_u == pytest.approx(net.grads[0], rel=1e-10)


def test_two_images_is_what_the_package_finds(student):
    v, (dw,) = drawn("ch04.two-images", student)
    net = bp.Sequential(bp.Dense(1, 1), rng=0)
    net.params = [v["w"], v["b"]]
    loss = bp.BinaryCrossEntropy()
    X, T = (np.array([[v[f"{n}_0"]], [v[f"{n}_1"]]], float) for n in "xt")
    loss.forward(net(X), T)
    net.backward(loss.backward())
    assert dw == pytest.approx(net.grads[0], rel=1e-10)


def test_the_way_back_finds_what_value_finds():
    rng = np.random.default_rng(0)
    nodes = [bp.Value(x) for x in rng.uniform(0.5, 1.5, 3)]
    for k in range(3, 12):
        a, b = (nodes[int(i)] for i in rng.integers(k, size=2))
        nodes.append(a * b if k % 2 else a + b.tanh() + nodes[-1])
    nodes[-1].backward()
    order = nodes[-1].topological()
    place = {id(n): k for k, n in enumerate(order)}
    ex = exercises.get("ch04.backward")
    found = local.caller(ex)(ex.solution)(
        [[place[id(p)] for p in n.parents] for n in order],
        [list(n.locals) for n in order],
    )
    assert found == pytest.approx([n.grad for n in order], rel=1e-12)


NEARLY_SPEAKING = {
    "the chapter's order, turned round": (
        """def speaking_order(parents, root):
    order, seen, stack = [], set(), [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((p, False) for p in parents[node])
    return order[::-1]
""",
        4,
    ),
    "uses counted once each, though a node uses another twice": (
        """def speaking_order(parents, root):
    uses, stack = {root: 0}, [root]
    while stack:
        for p in set(parents[stack.pop()]):
            if p not in uses:
                stack.append(p)
            uses[p] = uses.get(p, 0) + 1
    order = [root]
    for node in order:
        for p in set(parents[node]):
            uses[p] -= 1
            if uses[p] == 0:
                order.append(p)
    return order
""",
        4,
    ),
    "highest number first": (
        """def speaking_order(parents, root):
    return sorted(range(len(parents)), reverse=True)
""",
        1,  # a chain happens to be numbered so
    ),
}


@pytest.mark.parametrize(
    ("source", "points"), NEARLY_SPEAKING.values(), ids=NEARLY_SPEAKING
)
def test_any_right_order_gets_full_points_and_a_lucky_one_few(source, points):
    assert check(exercises.get("ch04.topological"), source).score == points


def test_an_engine_repaired_in_other_words_gets_full_points():
    ex = exercises.get("ch04.tape")
    other = ex.solution.replace("1 - np.tanh(a) ** 2", "1 / np.cosh(a) ** 2")
    assert other != ex.solution
    assert check(ex, other).score == ex.points
