"""Chapter 1, Learning from error: a = σ(w·x + b), L = (a − t)²."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from course.model import (
    Call,
    Code,
    Exercise,
    Failed,
    Generator,
    Given,
    Mistake,
    Number,
    Property,
    Values,
)
from course.properties import array, close, slopes


def sigmoid(z: float) -> float:
    """σ(z)."""
    return 1 / (1 + math.exp(-z))


# -- ch01.slope ----------------------------------------------------------------


def draw_neuron(rng: Generator) -> Values:
    """One neuron with two inputs, neither deaf nor right already."""
    u, l = (round(float(x), 2) for x in rng.uniform(0.3, 0.95, 2))
    w_u, w_l, b = (round(float(x), 1) for x in rng.uniform(-2, 2, 3))
    return {"u": u, "l": l, "w_u": w_u, "w_l": w_l, "b": b, "t": int(rng.integers(2))}


def show_neuron(v: Values) -> dict[str, str]:
    """Label the neuron's numbers."""
    return {
        "u": f"{v['u']:.2f}",
        "ℓ": f"{v['l']:.2f}",
        "w_u": f"{v['w_u']:.1f}",
        "w_ℓ": f"{v['w_l']:.1f}",
        "b": f"{v['b']:.1f}",
        "t": f"{v['t']}",
    }


def answer_of(v: Values) -> float:
    """The neuron's a."""
    return sigmoid(float(v["u"] * v["w_u"] + v["l"] * v["w_l"] + v["b"]))


def dz_of(v: Values) -> float:
    """The blame that arrives at the neuron."""
    a = answer_of(v)
    return 2 * (a - float(v["t"])) * a * (1 - a)


def slope_at_a(v: Values) -> float:
    """dw_u with the sigmoid's slope taken at a, where it belongs at z."""
    a = answer_of(v)
    return dz_of(v) / (a * (1 - a)) * sigmoid(a) * (1 - sigmoid(a)) * float(v["u"])


SLOPE = Number(
    id="ch01.slope",
    title="One weight's share of the blame",
    points=2,
    minutes=6,
    draw=draw_neuron,
    shown=show_neuron,
    fields=("dw_u",),
    answer=lambda v: (dz_of(v) * v["u"],),
    hints=(
        "Go along the arrows: w_u moves z, z moves a, a moves L. Each has a rate.",
        "Compute z and a first. Two of the three rates need nothing but a and t.",
    ),
    mistakes=(
        Mistake(
            "no-factor-2",
            "You are off by a factor that comes from a square. What is the slope of "
            "(a − t)² as a moves?",
            lambda v: (dz_of(v) * v["u"] / 2,),
        ),
        Mistake(
            "no-sigmoid-slope",
            "One arrow is missing: when z moves by a little, a does not move by as "
            "much. How fast does it move?",
            lambda v: (2 * (answer_of(v) - v["t"]) * v["u"],),
        ),
        Mistake(
            "slope-at-a",
            "You have sent a through the sigmoid once more. In a (1 − a), a is the "
            "sigmoid's answer already.",
            lambda v: (slope_at_a(v),),
        ),
        Mistake(
            "no-input",
            "This is the blame that arrives at the neuron. What does a weight's "
            "share depend on besides it?",
            lambda v: (dz_of(v),),
        ),
    ),
)


# -- ch01.central-difference -----------------------------------------------------

CURVES = '''
import numpy as np


def cubic(A, c):
    """A function of an array of numbers, and not a straight one."""
    def f(params):
        params = np.asarray(params, dtype=float)
        return float(c @ params**3 + params @ A @ params)
    return f
'''


def _cubic(A: Any, c: Any) -> Any:
    return lambda p: float(c @ p**3 + p @ A @ p)


def draw_cubic(rng: Generator, P: int) -> tuple[Any, Any, Any]:
    """Coefficients and a place."""
    return rng.normal(size=(P, P)), rng.normal(size=P), rng.normal(size=P)


def check_wiggle(call: Call, rng: Generator, P: int) -> None:
    """Hold the student's rates to ours, at a step near 0.00001."""
    A, c, p = draw_cubic(rng, P)
    got = call(Given("cubic", (A, c)), p, 1e-5)
    close("rates", got, slopes(_cubic(A, c), p), rtol=1e-6)


def check_step(call: Call, rng: Generator) -> None:
    """A two-sided wiggle of a cubic is off by its coefficient times h²."""
    A, c, p = draw_cubic(rng, 3)
    h = 0.5
    exact = 3 * c * p**2 + (A + A.T) @ p
    got = array("rates", call(Given("cubic", (A, c)), p, h), (3,))
    if not np.allclose(got, exact + c * h**2, rtol=1e-6):
        raise Failed(
            f"with h = {h} the rates are not those of f({h} above) − f({h} below), "
            "divided by the distance between the two"
        )


WIGGLE = Code(
    id="ch01.wiggle",
    title="Write the two-sided wiggle",
    points=4,
    minutes=12,
    function="wiggle",
    given=CURVES,
    stub='''def wiggle(f, params, h):
    """Rate of f for each of params, by moving one at a time."""
    rates = np.zeros(len(params))
    # your lines
    return rates
''',
    solution='''def wiggle(f, params, h):
    """Rate of f for each of params, by moving one at a time."""
    rates = np.zeros(len(params))
    for j in range(len(params)):
        step = np.zeros(len(params))
        step[j] = h
        up, down = f(params + step), f(params - step)
        rates[j] = (up - down) / (2 * h)
    return rates
''',
    properties=(
        Property("one parameter", 1, lambda call, rng: check_wiggle(call, rng, 1)),
        Property("several parameters", 2, lambda call, rng: check_wiggle(call, rng, 5)),
        Property("a wide step, h = 0.5", 1, check_step),
    ),
    case=lambda rng: tuple(
        (Given("cubic", (A, c)), p, 0.25)
        for A, c, p in (draw_cubic(rng, P) for P in (1, 3))
    ),
    hints=(
        "For each j, make a step that is zero everywhere but at j.",
        "f wants all the parameters: give it params + step, then params − step.",
    ),
    mistakes=(
        Mistake(
            "one-sided",
            "Your rate compares a place with where you began. That works, but it is "
            "off by about h, a two-sided wiggle by about h². Move down as well.",
            """def wiggle(f, params, h):
    rates = np.zeros(len(params))
    for j in range(len(params)):
        step = np.zeros(len(params))
        step[j] = h
        rates[j] = (f(params + step) - f(params)) / h
    return rates
""",
        ),
        Mistake(
            "distance-h",
            "Your rates are twice too large. How far apart are the two places that "
            "you compare?",
            """def wiggle(f, params, h):
    rates = np.zeros(len(params))
    for j in range(len(params)):
        step = np.zeros(len(params))
        step[j] = h
        rates[j] = (f(params + step) - f(params - step)) / h
    return rates
""",
        ),
        Mistake(
            "all-at-once",
            "All your rates are one number: you move all the parameters together. "
            "Whose doing is the change then?",
            """def wiggle(f, params, h):
    rates = np.zeros(len(params))
    for j in range(len(params)):
        rates[j] = (f(params + h) - f(params - h)) / (2 * h)
    return rates
""",
        ),
        Mistake(
            "not-put-back",
            "The first rate is right, the later ones are taken at a place to which "
            "the earlier wiggles have moved. Put each parameter back.",
            """def wiggle(f, params, h):
    rates = np.zeros(len(params))
    p = params.copy()
    for j in range(len(params)):
        p[j] += h
        up = f(p)
        p[j] -= 2 * h
        rates[j] = (up - f(p)) / (2 * h)
    return rates
""",
        ),
    ),
)

EXERCISES: tuple[Exercise, ...] = (SLOPE, WIGGLE)
