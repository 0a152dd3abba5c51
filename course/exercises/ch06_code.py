"""Chapter 6, The weight update: the steps written in code."""

from __future__ import annotations

from typing import Any

import numpy as np

from course.exercises.sources import spoil
from course.model import Call, Code, Failed, Generator, Given, Mistake, Property
from course.properties import Array, close, number, parts, slopes

# -- A loss to walk on -----------------------------------------------------------

BOWL = '''
import numpy as np


def gradient_of(H, q):
    """Return the gradient of w·Hw/2 + q·w⁴/4, for a symmetric H."""

    def gradient(w):
        w = np.asarray(w, dtype=float)
        return H @ w + q * w**3

    return gradient


def loss_of(H, q):
    """Return that loss itself."""

    def loss(w):
        w = np.asarray(w, dtype=float)
        return float(w @ H @ w / 2 + q @ w**4 / 4)

    return loss
'''


def _gradient(H: Array, q: Array, w: Array) -> Array:
    return np.asarray(H @ w + q * w**3)


def _loss(H: Array, q: Array, w: Array) -> float:
    return float(w @ H @ w / 2 + q @ w**4 / 4)


def _draw_bowl(rng: Generator, P: int) -> tuple[Array, Array]:
    """Return a bowl with cross terms, whose curvatures are above ½."""
    A = rng.normal(size=(P, P))
    return A @ A.T / P + 0.5 * np.eye(P), rng.uniform(0.05, 0.2, P)


def _draw_place(rng: Generator, P: int) -> Array:
    """Return a place whose entries have both signs, for P > 1."""
    w = rng.uniform(0.8, 1.6, P)
    return w * np.where(np.arange(P) % 2, -1.0, 1.0)


# -- Momentum --------------------------------------------------------------------


def _with_momentum(
    H: Array, q: Array, w: Array, eta: float, beta: float, steps: int
) -> Array:
    """Momentum as a sum over all past gradients, with no velocity carried along."""
    past: list[Array] = []
    for s in range(steps):
        past.append(_gradient(H, q, w))
        w = w - eta * sum(beta ** (s - r) * g for r, g in enumerate(past))
    return w


def _draw_walk(rng: Generator, P: int, steps: int) -> tuple[Any, ...]:
    H, q = _draw_bowl(rng, P)
    w = _draw_place(rng, P)
    eta, beta = float(rng.uniform(0.03, 0.06)), float(rng.uniform(0.5, 0.9))
    return Given("gradient_of", (H, q)), w, eta, beta, steps


def _check_momentum(call: Call, rng: Generator, P: int, steps: int) -> None:
    given, *rest = _draw_walk(rng, P, steps)
    got = call(given, *rest)
    name = f"w after {steps} step{'s' * (steps != 1)}"
    close(name, got, _with_momentum(*given.params, *rest), rtol=1e-8)


MOMENTUM_SOLUTION = '''def with_momentum(gradient, w, eta, beta, steps):
    """Place after some steps of momentum, from w, of shape (P,)."""
    v = np.zeros(len(w))
    for _ in range(steps):
        v = beta * v + gradient(w)
        w = w - eta * v
    return w
'''
ADDS_UP = "v = beta * v + gradient(w)"
MOVES = "        w = w - eta * v\n"

MOMENTUM = Code(
    id="ch06.momentum",
    title="Write momentum",
    points=4,
    minutes=10,
    function="with_momentum",
    given=BOWL,
    stub='''def with_momentum(gradient, w, eta, beta, steps):
    """Place after some steps of momentum, from w, of shape (P,)."""
    v = np.zeros(len(w))
    for _ in range(steps):
        pass  # your lines
    return w
''',
    solution=MOMENTUM_SOLUTION,
    properties=(
        Property("one step", 1, lambda call, rng: _check_momentum(call, rng, 3, 1)),
        Property("two steps", 1, lambda call, rng: _check_momentum(call, rng, 3, 2)),
        Property(
            "twelve steps, of one parameter",
            1,
            lambda call, rng: _check_momentum(call, rng, 1, 12),
        ),
        Property(
            "twelve steps, of five",
            1,
            lambda call, rng: _check_momentum(call, rng, 5, 12),
        ),
    ),
    case=lambda rng: (_draw_walk(rng, 3, 1), _draw_walk(rng, 4, 6)),
    hints=(
        "Two lines: what becomes of v, and then what becomes of w.",
        "`gradient(w)` looks at the place where you are now; call it once a step.",
    ),
    mistakes=(
        Mistake(
            "no-memory",
            "The first step is right. In the second, what is left of the first "
            "gradient?",
            spoil(MOMENTUM_SOLUTION, (ADDS_UP, "v = gradient(w)")),
        ),
        Mistake(
            "mean-not-sum",
            "Your steps are shorter by a factor that has to do with β. Is v, in this "
            "chapter, a sum of gradients or a mean of them?",
            spoil(
                MOMENTUM_SOLUTION,
                (ADDS_UP, "v = beta * v + (1 - beta) * gradient(w)"),
            ),
        ),
        Mistake(
            "looks-ahead",
            "You take the gradient at the place to which the old velocity would lead. "
            "That is Nesterov's method; here it is taken where you are.",
            spoil(
                MOMENTUM_SOLUTION,
                (ADDS_UP, "v = beta * v + gradient(w - eta * beta * v)"),
            ),
        ),
        Mistake(
            "newest-fades-too",
            "In your v the newest gradient has faded already. Which part of v has had "
            "a step to fade in?",
            spoil(MOMENTUM_SOLUTION, (ADDS_UP, "v = beta * (v + gradient(w))")),
        ),
        Mistake(
            "looks-once",
            "One step is right, several are not: you go on with the gradient of the "
            "place where you began.",
            spoil(
                MOMENTUM_SOLUTION,
                ("    for _ in", "    g = gradient(w)\n    for _ in"),
                (ADDS_UP, "v = beta * v + g"),
            ),
        ),
        Mistake(
            "moves-first",
            "Your first step leaves w where it was. With which v do you move: the one "
            "before this gradient, or the one after it?",
            spoil(
                MOMENTUM_SOLUTION,
                (f"        {ADDS_UP}\n{MOVES}", f"{MOVES}        {ADDS_UP}\n"),
            ),
        ),
        Mistake(
            "uphill",
            "The length of your steps is right, their sign is not.",
            spoil(MOMENTUM_SOLUTION, ("w - eta * v", "w + eta * v")),
        ),
        Mistake(
            "in-place",
            "You change the array that you were given: `w -= …` works in place. The "
            "start must still be there afterwards.",
            spoil(MOMENTUM_SOLUTION, ("w = w - eta * v", "w -= eta * v")),
        ),
    ),
)

# -- Adam ------------------------------------------------------------------------


def _with_adam(
    H: Array,
    q: Array,
    w: Array,
    eta: float,
    beta1: float,
    beta2: float,
    eps: float,
    steps: int,
) -> Array:
    """Adam with its means written as weighted means of all past gradients."""
    past: list[Array] = []
    for _ in range(steps):
        past.append(_gradient(H, q, w))
        age = np.arange(len(past))[::-1]
        g = np.array(past)
        first = np.average(g, axis=0, weights=beta1**age)
        second = np.average(g**2, axis=0, weights=beta2**age)
        w = w - eta * first / (np.sqrt(second) + eps)
    return w


def _draw_adam(rng: Generator, P: int, steps: int, size: float = 1) -> tuple[Any, ...]:
    H, q = _draw_bowl(rng, P)
    eta = float(rng.uniform(0.02, 0.06))
    beta1, beta2 = float(rng.uniform(0.6, 0.85)), float(rng.uniform(0.9, 0.98))
    given = Given("gradient_of", (size * H, size * q))
    return given, _draw_place(rng, P), eta, beta1, beta2, 1e-8, steps


def _check_adam(
    call: Call, rng: Generator, P: int, steps: int, size: float = 1
) -> None:
    given, *rest = _draw_adam(rng, P, steps, size)
    got = call(given, *rest)
    name = f"w after {steps} step{'s' * (steps != 1)}"
    close(name, got, _with_adam(*given.params, *rest), rtol=1e-7)


FOUR = '''

def four_images():
    """Return the gradient of the chapter's four images."""
    return lambda p: four(p)[1]


def four(p):
    """Return loss and gradient of the chapter's network at p, of shape (13,)."""
    X = np.array([[3, 9], [24, 6.75], [42, 39], [17, 45.75]]) / 48
    T = np.array([[0.0], [1.0], [0.0], [1.0]])
    W1, b1, W2 = p[:6].reshape(2, 3), p[6:9], p[9:12].reshape(3, 1)
    A1 = np.tanh(X @ W1 + b1)
    Z2 = A1 @ W2 + p[12]
    dZ2 = (1 / (1 + np.exp(-Z2)) - T) / 4
    dZ1 = (dZ2 @ W2.T) * (1 - A1**2)
    parts = X.T @ dZ1, dZ1.sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0)
    loss = float(np.mean(np.logaddexp(0, Z2) - T * Z2))
    return loss, np.concatenate([part.ravel() for part in parts])
'''


def _show_adam(adam: Call) -> None:
    """Draw the loss of the chapter's four images, as the student's Adam learns."""
    from course import plots

    space: dict[str, Any] = {"np": np}
    exec(FOUR, space)
    start = np.array([1.0, -1, 2, -1, 1, 1, 0, 0, -1, 1, 1, -1, 0])
    steps = np.arange(0, 101, 4)
    settings = (0.1, 0.9, 0.999, 1e-8)
    places = [adam(Given("four_images"), start, *settings, int(s)) for s in steps]
    losses = [space["four"](p)[0] for p in places]
    figure = plots.curves(
        steps, {"your adam": losses}, xlabel="step", ylabel="loss", roles=plots.LOSS
    )
    alt = (
        "Your own Adam on the four images of the chapter, with a step size of a "
        f"tenth: the loss falls from {losses[0]:.2f} to {losses[-1]:.2f} in a hundred "
        "steps."
    )
    plots.show(figure, alt=alt)


ADAM_SOLUTION = '''def with_adam(gradient, w, eta, beta1, beta2, eps, steps):
    """Place after some steps of Adam, from w, of shape (P,)."""
    m, v = np.zeros(len(w)), np.zeros(len(w))
    for s in range(1, steps + 1):
        g = gradient(w)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        m_hat = m / (1 - beta1**s)
        v_hat = v / (1 - beta2**s)
        w = w - eta * m_hat / (np.sqrt(v_hat) + eps)
    return w
'''
FIRST, SECOND = "m_hat = m / (1 - beta1**s)", "v_hat = v / (1 - beta2**s)"

ADAM = Code(
    id="ch06.adam",
    title="Write Adam",
    points=5,
    minutes=15,
    function="with_adam",
    given=BOWL + FOUR,
    stub='''def with_adam(gradient, w, eta, beta1, beta2, eps, steps):
    """Place after some steps of Adam, from w, of shape (P,)."""
    m, v = np.zeros(len(w)), np.zeros(len(w))
    for s in range(1, steps + 1):
        g = gradient(w)
        # your lines
    return w
''',
    solution=ADAM_SOLUTION,
    properties=(
        Property("one step", 1, lambda call, rng: _check_adam(call, rng, 3, 1)),
        Property("two steps", 1, lambda call, rng: _check_adam(call, rng, 3, 2)),
        Property("twelve steps", 2, lambda call, rng: _check_adam(call, rng, 5, 12)),
        Property(
            "twelve steps with gradients of a millionth",
            1,
            lambda call, rng: _check_adam(call, rng, 2, 12, size=1e-6),
        ),
    ),
    case=lambda rng: (
        _draw_adam(rng, 3, 1),
        _draw_adam(rng, 4, 6),
        _draw_adam(rng, 2, 3, size=1e-6),
    ),
    after=_show_adam,
    hints=(
        "Five lines: the two running means, the two corrected ones, and the step.",
        "The means go on from step to step as they are; what is corrected serves "
        "this one step.",
    ),
    mistakes=(
        Mistake(
            "clock-stopped",
            "The first step is right, the later ones are not. Which number in the "
            "correction changes from step to step?",
            spoil(ADAM_SOLUTION, ("beta1**s", "beta1"), ("beta2**s", "beta2")),
        ),
        Mistake(
            "stored-back",
            "The first step is right. After that, your running means go on from the "
            "corrected ones. From what should they go on?",
            spoil(
                ADAM_SOLUTION,
                (FIRST, "m = m_hat = m / (1 - beta1**s)"),
                (SECOND, "v = v_hat = v / (1 - beta2**s)"),
            ),
        ),
        Mistake(
            "eps-inside",
            "All is right until the gradients are tiny. What is the root of ε, and "
            "does it matter beside a gradient of a millionth?",
            spoil(
                ADAM_SOLUTION,
                ("(np.sqrt(v_hat) + eps)", "np.sqrt(v_hat + eps)"),
            ),
        ),
        Mistake(
            "no-correction",
            "Already the first step is too long. What do the two means hold after "
            "one gradient, if they start at zero?",
            spoil(ADAM_SOLUTION, (FIRST, "m_hat = m"), (SECOND, "v_hat = v")),
        ),
        Mistake(
            "second-not-corrected",
            "Your first step is several times too long: one of the two means still "
            "has its zero at the start in it, the one below.",
            spoil(ADAM_SOLUTION, (SECOND, "v_hat = v")),
        ),
        Mistake(
            "first-not-corrected",
            "Your first step is too short: one of the two means still has its zero at "
            "the start in it, the one above.",
            spoil(ADAM_SOLUTION, (FIRST, "m_hat = m")),
        ),
        Mistake(
            "counts-from-0",
            "You divide by zero in the first step. What is 1 − β⁰, and what is the "
            "number of the first step?",
            spoil(ADAM_SOLUTION, ("range(1, steps + 1)", "range(steps)")),
        ),
        Mistake(
            "no-square",
            "Some of your numbers are no numbers: a root of something negative. What "
            "is v the running mean of?",
            spoil(ADAM_SOLUTION, ("* g**2", "* g")),
        ),
        Mistake(
            "no-root",
            "Your step depends on the unit of the loss. v is a mean of squares: what "
            "must happen before it can stand below m?",
            spoil(ADAM_SOLUTION, ("np.sqrt(v_hat)", "v_hat")),
        ),
        Mistake(
            "eps-before-the-correction",
            "Nearly right: your ε is added to the root of v as it is. To which v is it "
            "added in this chapter?",
            spoil(
                ADAM_SOLUTION,
                (SECOND, "v_hat = v"),
                ("eta * m_hat", "eta * np.sqrt(1 - beta2**s) * m_hat"),
            ),
        ),
        Mistake(
            "sums-not-means",
            "Your m and v are sums. By which factor does a running mean weigh the "
            "newest value?",
            spoil(ADAM_SOLUTION, ("(1 - beta1) * g\n", "g\n"), ("(1 - beta2) * ", "")),
        ),
        Mistake(
            "uphill",
            "The length of your steps is right, their sign is not.",
            spoil(ADAM_SOLUTION, ("w - eta", "w + eta")),
        ),
        Mistake(
            "in-place",
            "You change the array that you were given: `w -= …` works in place. The "
            "start must still be there afterwards.",
            spoil(ADAM_SOLUTION, ("w = w - eta", "w -= eta")),
        ),
    ),
)

# -- Keep half of what was promised ------------------------------------------------


def _halved(H: Array, q: Array, p: Array, g: Array, eta: float) -> float:
    """Try all halvings at once; keep the first that keeps half of its promise."""
    tried = eta / 2.0 ** np.arange(60)
    fall = np.array([_loss(H, q, p) - _loss(H, q, p - e * g) for e in tried])
    return float(tried[fall >= tried * float(g @ g) / 2][0])


def _draw_search(
    rng: Generator, P: int, halvings: int, q: float, length: float = 0.7
) -> tuple[Any, ...]:
    """Return a place on a bowl, and a step size that takes so many halvings.

    With q = 0 the bowl is exact: a step keeps half of its promise up to 1/c. The
    gradient is not 1 long, so that its length and the square of it tell.
    """
    H = _draw_bowl(rng, P)[0]
    p = _draw_place(rng, P)
    p = p * (length / np.linalg.norm(H @ p))
    g = _gradient(H, np.full(P, q), p)
    c = float(g @ H @ g / (g @ g))
    eta = 2.0**halvings * float(rng.uniform(0.62, 0.92)) / c
    return Given("loss_of", (H, np.full(P, q))), p, g, eta


def _draw_exactly_half(rng: Generator) -> tuple[Any, ...]:
    """Return a round bowl and η = 1/c: the fall is exactly half of the promise.

    All numbers are few digits long in base 2, the length of g as well, so no way of
    writing the test is spoilt by rounding.
    """
    c = 2.0 ** int(rng.integers(-1, 3))
    p = rng.permutation([1.0, 2.0, 2.0]) * rng.choice([-1, 1], 3) / 4
    return Given("loss_of", (c * np.eye(3), np.zeros(3))), p, c * p, 1 / c


def _check_stays(call: Call, rng: Generator) -> None:
    _check_kept(call, _draw_search(rng, 3, 0, 0.0))
    _check_kept(call, _draw_exactly_half(rng))


def _check_kept(call: Call, search: tuple[Any, ...]) -> None:
    given, p, g, eta = search
    got = number("the step size", call(given, p, g, eta))
    H, q_drawn = given.params
    want = _halved(H, q_drawn, p, g, eta)
    if abs(got - want) > 1e-9 * want:
        raise Failed(
            f"from η = {eta:.4g} you keep {got:.4g}; expected {want:.4g}, the first "
            "of η, η/2, η/4, … with which the loss falls by at least half of what "
            "was promised for it"
        )


HALVE_SOLUTION = '''def keep_half(loss, p, g, eta):
    """First of eta, eta/2, eta/4, ... that keeps half its promise."""
    L, square = loss(p), g @ g
    while loss(p - eta * g) > L - eta * square / 2:
        eta = eta / 2
    return eta
'''
TEST = "> L - eta * square / 2"

HALVE = Code(
    id="ch06.keep-half",
    title="A step that keeps half of its promise",
    points=4,
    minutes=12,
    function="keep_half",
    given=BOWL,
    stub='''def keep_half(loss, p, g, eta):
    """First of eta, eta/2, eta/4, ... that keeps half its promise."""
    L, square = loss(p), g @ g
    # your lines
    return 0.0
''',
    solution=HALVE_SOLUTION,
    properties=(
        Property(
            "a step that is short enough stays",
            1,
            _check_stays,
        ),
        Property(
            "three halvings",
            1,
            lambda call, rng: _check_kept(call, _draw_search(rng, 3, 3, 0.0)),
        ),
        Property(
            "a loss that is no bowl",
            2,
            lambda call, rng: _check_kept(call, _draw_search(rng, 4, 5, 0.3)),
        ),
    ),
    case=lambda rng: (
        _draw_search(rng, 3, 0, 0.0),
        _draw_search(rng, 3, 3, 0.0),
        _draw_search(rng, 4, 2, 0.0, length=2),
        _draw_exactly_half(rng),
    ),
    hints=(
        "For a step size η the promise is a fall of η‖g‖². Ask of the step size that "
        "you try, not of the one that you began with.",
        "A `while` loop: as long as the loss after the step is above a certain "
        "height, halve.",
    ),
    mistakes=(
        Mistake(
            "any-fall",
            "You keep the first step with which the loss falls at all. It may be twice "
            "as long as the one that was asked for: how much must the loss fall?",
            spoil(HALVE_SOLUTION, (TEST, "> L")),
        ),
        Mistake(
            "more-than-half",
            "Right but where the loss falls by exactly half of the promise. What does "
            "“at least” say of that step?",
            spoil(HALVE_SOLUTION, (TEST, TEST.replace(">", ">="))),
        ),
        Mistake(
            "length-not-square",
            "The promise is not η times the length of g. Which move does each "
            "parameter make, and what is its rate?",
            spoil(HALVE_SOLUTION, ("g @ g", "np.sqrt(g @ g)")),
        ),
        Mistake(
            "one-too-many",
            "Half of what was expected: the step that you tried last was good. Which "
            "one do you return?",
            spoil(HALVE_SOLUTION, ("return eta", "return eta / 2")),
        ),
        Mistake(
            "halves-once",
            "You halve once at most. What if the half is still too long?",
            spoil(HALVE_SOLUTION, ("while loss", "if loss")),
        ),
        Mistake(
            "not-halved",
            "The step becomes shorter too fast. By what is it to be divided?",
            spoil(HALVE_SOLUTION, ("eta = eta / 2", "eta = eta / 10")),
        ),
    ),
)

# -- Repair momentum on a network, and its update too early ---------------------------

OUTPUT_BLAME = '''
import numpy as np


def output_blame(Z, T):
    """dZ of the mean binary cross-entropy, for logits Z and targets T."""
    return (1 / (1 + np.exp(-Z)) - T) / T.size
'''


def _entropy(X: Array, T: Array, W1: Array, W2: Array) -> float:
    Z = np.tanh(X @ W1) @ W2
    return float(np.mean(np.logaddexp(0, Z) - T * Z))


def _draw_loop(rng: Generator, N: int, steps: int) -> tuple[Any, ...]:
    T = rng.integers(0, 2, (N, 2)).astype(float)
    X, W1 = rng.normal(size=(N, 3)), rng.normal(size=(3, 4))
    eta, beta = float(rng.uniform(1, 2)), float(rng.uniform(0.5, 0.8))
    return X, T, W1, rng.normal(size=(4, 2)), eta, beta, steps


def _measured(X: Array, T: Array, W1: Array, W2: Array) -> tuple[Array, Array]:
    first = slopes(lambda V: _entropy(X, T, V, W2), W1)
    return first, slopes(lambda V: _entropy(X, T, W1, V), W2)


def _trained(
    X: Array, T: Array, W1: Array, W2: Array, eta: float, beta: float, steps: int
) -> tuple[Array, Array]:
    """Momentum with measured gradients, as a sum over all past ones."""
    past: list[tuple[Array, Array]] = []
    for s in range(steps):
        past.append(_measured(X, T, W1, W2))
        fade = [beta ** (s - r) for r in range(s + 1)]
        W1 = W1 - eta * sum(f * g for f, (g, _) in zip(fade, past, strict=True))
        W2 = W2 - eta * sum(f * g for f, (_, g) in zip(fade, past, strict=True))
    return W1, W2


def _check_loop(
    call: Call, rng: Generator, N: int, steps: int, which: tuple[int, ...] = (0, 1)
) -> None:
    drawn = _draw_loop(rng, N, steps)
    got, want = parts("the result", call(*drawn), 2), _trained(*drawn)
    for k in which:
        name = f"W{k + 1} after {steps} step{'s' * (steps != 1)}"
        close(name, got[k], want[k], rtol=1e-6)


LOOP_SOLUTION = '''def train(X, T, W1, W2, eta, beta, steps):
    """W1 and W2 after some steps of momentum."""
    v1, v2 = 0 * W1, 0 * W2
    for _ in range(steps):
        A1 = np.tanh(X @ W1)
        dZ2 = output_blame(A1 @ W2, T)
        dZ1 = (dZ2 @ W2.T) * (1 - A1**2)
        v2 = beta * v2 + A1.T @ dZ2
        W2 = W2 - eta * v2
        v1 = beta * v1 + X.T @ dZ1
        W1 = W1 - eta * v1
    return W1, W2
'''
BLAME = "        dZ1 = (dZ2 @ W2.T) * (1 - A1**2)\n"
MOVE = "        v2 = beta * v2 + A1.T @ dZ2\n        W2 = W2 - eta * v2\n"
STALE = ((BLAME + MOVE, MOVE + BLAME),)
FORGETS = (
    (
        "    v1, v2 = 0 * W1, 0 * W2\n    for _ in range(steps):\n",
        "    for _ in range(steps):\n        v1, v2 = 0 * W1, 0 * W2\n",
    ),
)
FADES = (("beta * v1 + X.T @ dZ1", "beta * (v1 + X.T @ dZ1)"),)

LOOP = Code(
    id="ch06.repair",
    title="Repair a training loop",
    points=4,
    minutes=12,
    function="train",
    given=OUTPUT_BLAME,
    stub=spoil(LOOP_SOLUTION, *STALE, *FORGETS, *FADES),
    solution=LOOP_SOLUTION,
    properties=(
        Property(
            "W1 after one step", 1, lambda call, rng: _check_loop(call, rng, 6, 1, (0,))
        ),
        Property(
            "W1 after one step, one image",
            1,
            lambda call, rng: _check_loop(call, rng, 1, 1, (0,)),
        ),
        Property(
            "both after two steps", 1, lambda call, rng: _check_loop(call, rng, 6, 2)
        ),
        Property(
            "both after five steps", 1, lambda call, rng: _check_loop(call, rng, 4, 5)
        ),
    ),
    case=lambda rng: (_draw_loop(rng, 3, 1), _draw_loop(rng, 5, 3)),
    hints=(
        "There are three faults. One step tells two of them, and both are in W1; the "
        "third one shows from the second step on.",
        "Ask of each line: which W2 stands in it, the old or the new one? And of each "
        "velocity: which part of it has had a step to fade in?",
    ),
    mistakes=(
        Mistake(
            "stale",
            "After one step W2 is right, W1 is nearly right, and nearly is not enough: "
            "the blame of layer 1 has come back through weights that were not there "
            "on the way forward.",
            spoil(LOOP_SOLUTION, *STALE),
        ),
        Mistake(
            "forgets",
            "One step is right, several are not. With what do your velocities begin "
            "the second step?",
            spoil(LOOP_SOLUTION, *FORGETS),
        ),
        Mistake(
            "newest-fades-too",
            "W1 moves too little already in the first step. In its velocity, what has "
            "had a step to fade in?",
            spoil(LOOP_SOLUTION, *FADES),
        ),
        Mistake(
            "three-left",
            "Nothing is right yet but the first move of W2. Begin with one step of W1: "
            "two of the three faults are in it.",
            spoil(LOOP_SOLUTION, *STALE, *FORGETS, *FADES),
        ),
        Mistake(
            "stale-and-forgets-left",
            "Two faults are left. One comes from the order of the lines, the other "
            "from a line that stands inside the loop.",
            spoil(LOOP_SOLUTION, *STALE, *FORGETS),
        ),
        Mistake(
            "stale-and-fades-left",
            "Two faults are left, and one step tells both. Look at the blame of layer "
            "1, and at its velocity.",
            spoil(LOOP_SOLUTION, *STALE, *FADES),
        ),
        Mistake(
            "forgets-and-fades-left",
            "The order of the lines is right now. Two faults are left, and both are in "
            "how the velocities remember.",
            spoil(LOOP_SOLUTION, *FORGETS, *FADES),
        ),
        Mistake(
            "uphill",
            "The moves of the first step have the right length and the wrong sign.",
            spoil(
                LOOP_SOLUTION,
                ("W2 - eta * v2", "W2 + eta * v2"),
                ("W1 - eta * v1", "W1 + eta * v1"),
            ),
        ),
        Mistake(
            "in-place",
            "You change arrays that you were given. Give the new weights new arrays: "
            "`W = W - …`, not `W -= …`.",
            spoil(
                LOOP_SOLUTION,
                ("W2 = W2 - eta * v2", "W2 -= eta * v2"),
                ("W1 = W1 - eta * v1", "W1 -= eta * v1"),
            ),
        ),
    ),
)
