"""All the pictures of a `Tune` exercise, so that a page needs no Python."""

from __future__ import annotations

from itertools import product
from typing import Any

from course.model import Curve, Tune


def frames(exercise: Tune, values: dict[str, Any]) -> dict[str, Any]:
    """Return a picture for each point of the sliders' grid, the last one fastest.

    Parameters
    ----------
    exercise : Tune
    values : dict
        The personal ones.

    Returns
    -------
    dict
        "background", "frames" and "accepted", a "0" or "1" for each frame.
    """
    grid = product(*(range(slider.count) for slider in exercise.sliders))
    drawn, accepted = [], ""
    for places in grid:
        at = zip(exercise.sliders, places, strict=True)
        settings = {slider.name: slider.at(place) for slider, place in at}
        frame = exercise.frame(values, settings)
        readings = [[name, reading(x)] for name, x in frame.readings.items()]
        drawn.append({"readings": readings, "curves": _curves(frame.curves)})
        accepted += "01"[bool(exercise.accept(values, settings))]
    background = _curves(exercise.background(values))
    return {"background": background, "frames": drawn, "accepted": accepted}


def _curves(curves: tuple[Curve, ...]) -> list[dict[str, Any]]:
    """Return curves with the four digits that a picture can show."""
    return [
        {
            "label": curve.label,
            "role": curve.role,
            "x": [float(f"{v:.4g}") for v in curve.x],
            "y": [float(f"{v:.4g}") for v in curve.y],
        }
        for curve in curves
    ]


def reading(x: float) -> str:
    """Write a reading: four digits, a real minus sign.

    Parameters
    ----------
    x : float

    Returns
    -------
    str
    """
    return f"{x:.4g}".replace("-", "−")
