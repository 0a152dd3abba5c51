"""One small exercise of each kind, for what is tested beside the book's own."""

from course.model import (
    Choice,
    Code,
    Curve,
    Frame,
    Line,
    Mistake,
    Number,
    Order,
    Property,
    Slider,
    Tune,
)
from course.properties import close


def draw_two(rng):
    return {"x": round(rng.uniform(1, 2), 2), "w": round(rng.uniform(3, 5), 2)}


def show_two(v):
    return {"x": f"{v['x']:.2f}", "w_u": f"{v['w']:.2f}"}


NUMBER = Number(
    id="ch00.number",
    title="Two slopes of x²w",
    points=3,
    minutes=2,
    draw=draw_two,
    shown=show_two,
    fields=("dx", "dw_u", "f"),
    answer=lambda v: (2 * v["x"] * v["w"], v["x"] ** 2, v["x"] ** 2 * v["w"]),
    hints=("Move one of them.", "Then the other: `f(x, w + h)`."),
    mistakes=(
        Mistake(
            "no-2",
            "Where does the square <go>?",
            lambda v: (v["x"] * v["w"], v["x"] ** 2, v["x"] ** 2 * v["w"]),
        ),
        Mistake("negative", "Which way?", lambda v: (-v["w"], -v["x"], -1.0)),
    ),
)
COUNT = Number(
    id="ch00.count",
    title="Count the parameters",
    points=1,
    minutes=1,
    draw=lambda rng: {"n": int(rng.integers(1000, 2000))},
    shown=lambda v: {"n": str(v["n"])},
    fields=("parameters",),
    answer=lambda v: (v["n"] * 1025,),
    rtol=0,
    mistakes=(Mistake("half", "And the other half?", lambda v: (v["n"],)),),
)
CHOICE = Choice(
    id="ch00.choice",
    title="Which ratio?",
    points=1,
    minutes=1,
    draw=draw_two,
    shown=show_two,
    options=lambda v: ("`x : w`", "w : x", f"{v['x']} : 1"),
    answer=lambda v: 0,
    hints=("It is a ratio.",),
    mistakes=(
        Mistake("swapped", "Look at which is which.", lambda v: 1),
        Mistake("one", "One is not given.", lambda v: 2),
    ),
)
ORDER = Order(
    id="ch00.order",
    title="A step of learning",
    points=2,
    minutes=3,
    lines=(
        Line("forward", "a loss needs an answer"),
        Line("loss", "blame starts there"),
        Line("`backward()`", "a step needs a slope"),
        Line("update", "that is the aim"),
    ),
    other_reasons=("it is quicker",),
    mistakes=(
        Mistake(
            "update-first",
            "A step against which slope?",
            lambda v: {"order": [0, 1, 3, 2]},
        ),
        Mistake("quick", "Is it quicker?", lambda v: {"reasons": {2: "it is quicker"}}),
    ),
)
PLAIN_ORDER = Order(
    id="ch00.plain-order",
    title="Any order of a and b before c",
    points=1,
    minutes=1,
    lines=(Line("a"), Line("b"), Line("c")),
    before=((0, 2), (1, 2)),
    mistakes=(Mistake("c-first", "c needs b.", lambda v: {"order": [0, 2, 1]}),),
)
TUNE = Tune(
    id="ch00.tune",
    title="The lowest point",
    points=1,
    minutes=2,
    draw=lambda rng: {"c": round(rng.uniform(0.5, 1.5), 1)},
    shown=lambda v: {"c": f"{v['c']}"},
    sliders=(
        Slider("w", "weight w", -1, 2, 0.1, 0),
        Slider("b", "bias b", 0, 1, 0.5, 0),
    ),
    goal="a loss below 0.01 with a bias of 0.5",
    background=lambda v: (
        Curve(
            "loss",
            tuple(x / 10 for x in range(-10, 21)),
            tuple((x / 10 - v["c"]) ** 2 for x in range(-10, 21)),
            "loss",
        ),
    ),
    frame=lambda v, s: Frame(
        {"loss": (s["w"] - v["c"]) ** 2},
        (Curve("here", (s["w"],), ((s["w"] - v["c"]) ** 2,), "parameter"),),
    ),
    accept=lambda v, s: abs(s["w"] - v["c"]) < 0.05 and s["b"] == 0.5,
    answer=lambda v: {"w": v["c"], "b": 0.5},
    xlabel="w",
    ylabel="loss",
    mistakes=(
        Mistake("no-bias", "And the bias?", lambda v: {"w": v["c"], "b": 0}),
        Mistake("mirrored", "Other side.", lambda v: {"w": -v["c"] / 2, "b": 0.5}),
    ),
)


def doubles(call, rng):
    x = float(rng.uniform(1, 2))
    close("twice x", call(x), 2 * x, rtol=1e-9)


CODE = Code(
    id="ch00.code",
    title="Write twice",
    points=2,
    minutes=2,
    function="twice",
    stub="def twice(x):\n    ...\n",
    solution="def twice(x):\n    return 2 * x\n",
    properties=(Property("doubles", 2, doubles),),
    case=lambda rng: ((float(rng.uniform(3, 4)),),),
    mistakes=(
        Mistake("square", "That is a square.", "def twice(x):\n    return x * x\n"),
    ),
)
SAMPLES = (NUMBER, COUNT, CHOICE, ORDER, PLAIN_ORDER, TUNE, CODE)
