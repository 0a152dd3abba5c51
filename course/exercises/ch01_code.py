"""Chapter 1, Learning from error: what is written in code."""

from __future__ import annotations

from typing import Any

import numpy as np

from course.exercises.sources import spoil
from course.model import Call, Code, Failed, Generator, Given, Mistake, Property
from course.properties import Array, array, close, parts, slopes

# -- Write the two-sided wiggle ------------------------------------------------

CUBIC = '''
import numpy as np


def cubic(A, c):
    """Return a curved function of an array of numbers."""

    def f(params):
        params = np.asarray(params, dtype=float)
        return float(c @ params**3 + params @ A @ params)

    return f
'''


def _cubic(A: Array, c: Array) -> Any:
    return lambda p: float(c @ p**3 + p @ A @ p)


def _draw_cubic(rng: Generator, P: int) -> tuple[Array, Array, Array]:
    return rng.normal(size=(P, P)), rng.normal(size=P), rng.normal(size=P)


def _check_rates(call: Call, rng: Generator, P: int) -> None:
    A, c, p = _draw_cubic(rng, P)
    got = call(Given("cubic", (A, c)), p, 1e-5)
    close("rates", got, slopes(_cubic(A, c), p), rtol=1e-6)


def _check_wide(call: Call, rng: Generator) -> None:
    A, c, p = _draw_cubic(rng, 3)
    h = 0.5
    got = array("rates", call(Given("cubic", (A, c)), p, h), (3,))
    # Taylor: a two-sided wiggle of c·w³ is off by c·h², and by nothing else.
    exact = 3 * c * p**2 + (A + A.T) @ p + c * h**2
    if not np.allclose(got, exact, rtol=1e-6):
        raise Failed(
            f"with h = {h} the rates are not the change from h below to h above, "
            "divided by the distance between the two"
        )


def _show_measured(measure: Call) -> None:
    """Draw the V of the chapter, with rates that the student's function measured."""
    from course import plots

    one, place = np.ones((1, 1)), np.array([0.7])
    exact = 3 * 0.7**2 + 2 * 0.7  # of w³ + w²
    steps = 10.0 ** np.arange(-14, -0.75, 0.25)
    rates = [float(measure(Given("cubic", (one, one[0])), place, h)[0]) for h in steps]
    errors = {"your measure": [abs(rate - exact) for rate in rates]}
    alt = (
        "Error of your own function's rate against its step, both axes logarithmic: "
        "a V with its lowest point near a step of a hundred-thousandth."
    )
    plots.show(plots.error_against_step(steps, errors), alt=alt)


WIGGLE_SOLUTION = '''def measure(f, params, h):
    """Rate of f with each of params, moving one at a time."""
    rates = np.zeros(len(params))
    for j in range(len(params)):
        step = np.zeros(len(params))
        step[j] = h
        up, down = f(params + step), f(params - step)
        rates[j] = (up - down) / (2 * h)
    return rates
'''

WIGGLE = Code(
    id="ch01.wiggle",
    title="Write the two-sided wiggle",
    points=4,
    minutes=12,
    function="measure",
    given=CUBIC,
    stub='''def measure(f, params, h):
    """Rate of f with each of params, moving one at a time."""
    rates = np.zeros(len(params))
    # your lines
    return rates
''',
    solution=WIGGLE_SOLUTION,
    properties=(
        Property("one parameter", 1, lambda call, rng: _check_rates(call, rng, 1)),
        Property("several parameters", 2, lambda call, rng: _check_rates(call, rng, 5)),
        Property("a wide step, h = 0.5", 1, _check_wide),
    ),
    case=lambda rng: tuple(
        (Given("cubic", (A, c)), p, 0.25)
        for A, c, p in (_draw_cubic(rng, P) for P in (1, 3))
    ),
    after=_show_measured,
    hints=(
        "For each j, make a step that is zero everywhere but at j.",
        "f wants all the parameters at once: give it params + step, and then "
        "params − step.",
    ),
    mistakes=(
        Mistake(
            "one-sided",
            "Your rates compare a place above with the one where you began: right, "
            "but off by about h. Where else must you look, to be off by about h² only?",
            spoil(WIGGLE_SOLUTION, ("f(params - step)", "f(params)"), ("(2 * h)", "h")),
        ),
        Mistake(
            "distance-h",
            "Your rates are twice too large. How far apart are the two places that "
            "you compare?",
            spoil(WIGGLE_SOLUTION, ("(2 * h)", "h")),
        ),
        Mistake(
            "one-sided-over-2h",
            "Your rates are about half as large as they should be. You look from the "
            "middle to above: how far is that, and how far do you divide by?",
            spoil(WIGGLE_SOLUTION, ("f(params - step)", "f(params)")),
        ),
        Mistake(
            "all-at-once",
            "All your rates are the same number: you move all parameters together. "
            "Whose doing is the change then?",
            spoil(WIGGLE_SOLUTION, ("step[j] = h", "step[:] = h")),
        ),
        Mistake(
            "not-put-back",
            "Your first rate is right. The later ones are taken where the earlier "
            "wiggles have left the parameters. Start each from the same place.",
            spoil(
                WIGGLE_SOLUTION,
                (
                    "    for j in range(len(params)):\n"
                    "        step = np.zeros(len(params))\n",
                    "    step = np.zeros(len(params))\n"
                    "    for j in range(len(params)):\n",
                ),
            ),
        ),
        Mistake(
            "upside-down",
            "The size is right, the sign is not. If f is higher above than below, "
            "should its rate be positive or negative?",
            spoil(WIGGLE_SOLUTION, ("(up - down)", "(down - up)")),
        ),
    ),
)

# -- Write the gradient of the mean loss ---------------------------------------


def _sigmoid(z: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-z)))


def _mean_loss(X: Array, T: Array, w: Array, b: float) -> float:
    return float(np.mean((_sigmoid(X @ w + b) - T) ** 2))


def _draw_images(rng: Generator, N: int, D: int) -> tuple[Array, Array, Array, float]:
    T = rng.integers(0, 2, N).astype(float)
    return rng.uniform(0, 1, (N, D)), T, rng.normal(size=D), float(rng.normal())


def _check_dw(call: Call, rng: Generator, N: int, D: int) -> None:
    X, T, w, b = _draw_images(rng, N, D)
    dw = parts("the result", call(X, T, w, b), 2)[0]
    close("dw", dw, slopes(lambda v: _mean_loss(X, T, v, b), w), rtol=1e-6)


def _check_db(call: Call, rng: Generator) -> None:
    X, T, w, b = _draw_images(rng, 5, 3)
    db = parts("the result", call(X, T, w, b), 2)[1]
    want = slopes(lambda v: _mean_loss(X, T, w, float(v)), np.array(b))
    close("db", db, want, rtol=1e-6)


GRADIENT_SOLUTION = '''def gradient_of_mean(X, T, w, b):
    """dw and db of the mean loss; X (N, D), T (N,), w (D,)."""
    a = 1 / (1 + np.exp(-(X @ w + b)))
    dz = 2 * (a - T) * a * (1 - a) / len(X)
    dw = dz @ X
    db = dz.sum()
    return dw, db
'''

GRADIENT = Code(
    id="ch01.gradient",
    title="Write the gradient of the mean loss",
    points=4,
    minutes=12,
    function="gradient_of_mean",
    stub='''def gradient_of_mean(X, T, w, b):
    """dw and db of the mean loss; X (N, D), T (N,), w (D,)."""
    a = 1 / (1 + np.exp(-(X @ w + b)))
    # your lines
    dw = np.zeros(len(w))
    db = 0.0
    return dw, db
''',
    solution=GRADIENT_SOLUTION,
    properties=(
        Property("dw for one image", 1, lambda call, rng: _check_dw(call, rng, 1, 2)),
        Property("dw for several", 2, lambda call, rng: _check_dw(call, rng, 6, 4)),
        Property("db", 1, _check_db),
    ),
    case=lambda rng: (_draw_images(rng, 3, 2), _draw_images(rng, 4, 4)),
    hints=(
        "Begin with dz, one number for each image.",
        "Shares of blame add up over the images; where does the 1/N of the mean go?",
    ),
    mistakes=(
        Mistake(
            "sum-not-mean",
            "Your gradient is that of a sum over the images. By what is it too large, "
            "for 3 images, for 6?",
            spoil(GRADIENT_SOLUTION, (" / len(X)", "")),
        ),
        Mistake(
            "mean-over-weights",
            "You divide by the number of weights. Over what is the mean loss a mean?",
            spoil(GRADIENT_SOLUTION, ("len(X)", "len(w)")),
        ),
        Mistake(
            "no-factor-2",
            "Your gradient is half of what a wiggle measures. Where does a square "
            "leave its mark?",
            spoil(GRADIENT_SOLUTION, ("2 * (a - T)", "(a - T)")),
        ),
        Mistake(
            "no-sigmoid-slope",
            "An arrow is missing between z and a: the sigmoid is steeper in the "
            "middle than at the ends.",
            spoil(GRADIENT_SOLUTION, (" * a * (1 - a)", "")),
        ),
        Mistake(
            "uphill",
            "Size right, sign wrong. If an answer is above its target and grows, "
            "which way does the loss go?",
            spoil(GRADIENT_SOLUTION, ("(a - T)", "(T - a)")),
        ),
        Mistake(
            "mean-twice",
            "dw is right. db is too small: dz holds the 1/N already, so what is left "
            "to do with its entries?",
            spoil(GRADIENT_SOLUTION, ("dz.sum()", "dz.mean()")),
        ),
        Mistake(
            "mean-twice-in-dw",
            "db is right. dw is too small by the number of images: how often have "
            "you divided by it?",
            spoil(GRADIENT_SOLUTION, ("dz @ X", "dz @ X / len(X)")),
        ),
        Mistake(
            "mean-twice-in-both",
            "dw and db are too small by the number of images. The mean is taken "
            "once: in dz, or at the end?",
            spoil(
                GRADIENT_SOLUTION,
                ("dz @ X", "dz @ X / len(X)"),
                ("dz.sum()", "dz.mean()"),
            ),
        ),
        Mistake(
            "mean-for-db-only",
            "db is right. dw is that of a sum over the images: the 1/N belongs to "
            "both.",
            spoil(GRADIENT_SOLUTION, (" / len(X)", ""), ("dz.sum()", "dz.mean()")),
        ),
    ),
)

# -- Repair a learner ----------------------------------------------------------


def _learned(
    X: Array, T: Array, w: Array, b: float, eta: float, steps: int
) -> tuple[Array, float]:
    for _ in range(steps):
        a = _sigmoid(X @ w + b)
        dz = 2 * (a - T) * a * (1 - a) / len(X)
        w, b = w - eta * (dz @ X), float(b - eta * dz.sum())
    return w, b


def _draw_lesson(rng: Generator, steps: int) -> tuple[Any, ...]:
    return (*_draw_images(rng, 5, 3), float(rng.uniform(1.5, 3)), steps)


def _check_learned(call: Call, rng: Generator, which: int, steps: int) -> None:
    lesson = _draw_lesson(rng, steps)
    got = parts("the result", call(*lesson), 2)[which]
    name = f"{'wb'[which]} after {steps} step{'s' * (steps != 1)}"
    close(name, got, _learned(*lesson)[which], rtol=1e-6)


def _show_learned(learn: Call) -> None:
    """Draw the loss of the chapter's 364 images, as the student's function learns."""
    import backprop as bp
    from course import plots

    images, labels = bp.data.digit_images()
    chosen = np.isin(labels, [3, 6])
    ink = [images[:, 2:5, 2].mean(axis=1), images[:, 5:7, 2:4].mean(axis=(1, 2))]
    X, T = np.column_stack(ink)[chosen], (labels[chosen] == 6).astype(float)
    w, b, losses = np.array([0.5, -0.5]), 0.0, []
    for _ in range(51):
        losses.append(_mean_loss(X, T, w, b))
        w, b = learn(X, T, w, b, 1.0, 2)
    steps = 2 * np.arange(51)
    figure = plots.curves(
        steps, {"": losses}, xlabel="step", ylabel="mean loss", roles=plots.LOSS
    )
    alt = (
        "Your own function on the 364 threes and sixes of the chapter: the mean loss "
        f"falls from {losses[0]:.2f} to {losses[-1]:.2f} in a hundred steps."
    )
    plots.show(figure, alt=alt)


LEARN_SOLUTION = '''def gradient_descent(X, T, w, b, eta, steps):
    """Weights and bias after some steps of gradient descent."""
    for _ in range(steps):
        a = 1 / (1 + np.exp(-(X @ w + b)))
        dz = 2 * (a - T) * a * (1 - a) / len(X)
        dw, db = dz @ X, dz.sum()
        w = w - eta * dw
        b = b - eta * db
    return w, b
'''
LOOKS_ONCE = (
    (
        "    for _ in range(steps):\n        a = 1 / (1 + np.exp(-(X @ w + b)))\n",
        "    a = 1 / (1 + np.exp(-(X @ w + b)))\n    for _ in range(steps):\n",
    ),
)
FORGETS_ETA = (("b - eta * db", "b - db"),)
UPHILL = (("w - eta * dw", "w + eta * dw"),)

LEARN = Code(
    id="ch01.learn",
    title="Repair a learner",
    points=4,
    minutes=10,
    function="gradient_descent",
    stub=spoil(LEARN_SOLUTION, *LOOKS_ONCE, *FORGETS_ETA, *UPHILL),
    solution=LEARN_SOLUTION,
    properties=(
        Property("w, one step", 1, lambda call, rng: _check_learned(call, rng, 0, 1)),
        Property("b, one step", 1, lambda call, rng: _check_learned(call, rng, 1, 1)),
        Property("w, ten steps", 1, lambda call, rng: _check_learned(call, rng, 0, 10)),
        Property("b, ten steps", 1, lambda call, rng: _check_learned(call, rng, 1, 10)),
    ),
    case=lambda rng: (_draw_lesson(rng, 1), _draw_lesson(rng, 3)),
    after=_show_learned,
    hints=(
        "There are three faults. Two of them show after a single step.",
        "Compare each line with: answer, error, blame, update, and look again.",
    ),
    mistakes=(
        Mistake(
            "looks-once",
            "One step is right, ten are not. After a step the answers have changed; "
            "who looks at them?",
            spoil(LEARN_SOLUTION, *LOOKS_ONCE),
        ),
        Mistake(
            "forgets-eta",
            "The weights are right, the bias jumps. By how much may a parameter move "
            "in a step?",
            spoil(LEARN_SOLUTION, *FORGETS_ETA),
        ),
        Mistake(
            "uphill",
            "The bias is right after one step, the weights run away from it. With or "
            "against the gradient?",
            spoil(LEARN_SOLUTION, *UPHILL),
        ),
        Mistake(
            "two-left",
            "Two faults are left, and both stand in the update. Compare its two lines, "
            "with each other and with the rule.",
            spoil(LEARN_SOLUTION, *FORGETS_ETA, *UPHILL),
        ),
        Mistake(
            "one-after-another",
            "You move the weights and then look again, before the bias has moved. "
            "All of a gradient is taken at one place.",
            spoil(
                LEARN_SOLUTION,
                (
                    "        b = b - eta * db\n",
                    "        a = 1 / (1 + np.exp(-(X @ w + b)))\n"
                    "        dz = 2 * (a - T) * a * (1 - a) / len(X)\n"
                    "        b = b - eta * dz.sum()\n",
                ),
            ),
        ),
        Mistake(
            "in-place",
            "You change an array that you were given. Give what you have computed an "
            "array of its own.",
            spoil(LEARN_SOLUTION, ("w = w - eta * dw", "w -= eta * dw")),
        ),
    ),
)
