"""Chapter 6: a bowl of two axes, and three optimizers in one curved valley."""

from __future__ import annotations

import math

from course.explorer import drawing
from course.explorer.model import Data, Exploration
from course.explorer.valley import GRID, MAKERS, START, best_run, valley

LEVELS = {"bowl": (1, 5, 15, 30, 50), "valley": (0.1, 0.5, 1.5, 4, 10)}
TURNS = 120  # points of a line of equal height


def _race() -> Data:
    runs = {name: best_run(make) for name, make in MAKERS.items()}
    return {
        "grid": [GRID[0], GRID[-1], len(GRID)],
        "runs": [
            {
                "name": name,
                "lr": float(f"{lr:.3g}"),
                "path": [[round(float(v), 4) for v in w] for w in path],
                "loss": [float(f"{valley(w):.4g}") for w in path],
            }
            for name, (lr, path) in runs.items()
        ],
    }


def _bowl() -> Data:
    return {"c": [1, 10], "start": [10, 1], "steps": 20, "low": 0.005, "high": 0.22}


def _bowl_picture(data: Data) -> str:
    def at(x: float, y: float) -> tuple[float, float]:
        return 180 + 15 * x, 90 - 25 * y

    c1, c2 = data["c"]
    rings = (
        [
            at(
                math.sqrt(2 * f / c1) * math.cos(turn),
                math.sqrt(2 * f / c2) * math.sin(turn),
            )
            for turn in _turns()
        ]
        for f in LEVELS["bowl"]
    )
    start = at(*data["start"])
    return drawing.svg(
        360,
        180,
        *(drawing.line(ring, "loss") for ring in rings),
        drawing.dot(start),
        drawing.words("start", (start[0], start[1] - 12), "middle"),
    )


def _race_picture(data: Data) -> str:
    def at(x: float, y: float) -> tuple[float, float]:
        return 200 + 50 * x, 100 - 50 * y

    def ring(f: float) -> list[tuple[float, float]]:
        xs = [2 + math.sqrt(10 * f) * math.cos(turn) for turn in _turns()]
        up = [math.sqrt(f / 10) * math.sin(turn) for turn in _turns()]
        return [at(x, math.sin(x) + y) for x, y in zip(xs, up, strict=True)]

    start = at(*START)
    return drawing.svg(
        360,
        200,
        *(drawing.line(ring(f), "loss") for f in LEVELS["valley"]),
        drawing.dot(start),
        drawing.words("start", (start[0], start[1] - 12), "middle"),
    )


def _turns() -> list[float]:
    return [2 * math.pi * k / TURNS for k in range(TURNS + 1)]


def _race_alt(data: Data) -> str:
    return (
        "A valley seen from above: from the start at the left its floor bends down, "
        "then up to the lowest point at the right. No path is drawn yet."
    )


def _race_numbers(data: Data) -> list[tuple[str, str]]:
    return [(f"step size, {run['name']}", f"{run['lr']:g}") for run in data["runs"]]


def _bowl_alt(data: Data) -> str:
    return (
        "A bowl seen from above, ten times steeper along axis 2 than along axis 1: "
        "its lines of equal loss are ellipses. A dot at the right is the start."
    )


EXPLORATIONS = (
    Exploration(
        id="ch06.bowl",
        title="One step size for two axes",
        task=(
            "The bowl ½(w_1² + 10 w_2²) has curvature c_1 = 1 along one axis and "
            "c_2 = 10 along the other. Choose a step size η and say what each axis "
            "will do, before you let it walk. What is the number that decides?"
        ),
        view="bowl",
        data=_bowl,
        picture=_bowl_picture,
        alt=_bowl_alt,
    ),
    Exploration(
        id="ch06.race",
        title="A race through a curved valley",
        task=(
            "Plain descent, momentum (β = 0.9) and Adam start at the same place. Each "
            "has its own best step size, searched for among the same 45: the highest "
            "loss of its last ten steps of 100 is lowest. Who is ahead after 10 "
            "steps, and who after 100? Say it, then move through the steps."
        ),
        view="race",
        data=_race,
        picture=_race_picture,
        alt=_race_alt,
        numbers=_race_numbers,
    ),
)
