"""What a reader sees who has passed: their own function at work."""

from __future__ import annotations

from typing import Any

from course import local
from course.model import Code


def picture_after(exercise: Code, source: str) -> dict[str, Any] | None:
    """Return the figure that an exercise draws with a student's own function.

    Parameters
    ----------
    exercise : Code
    source : str
        The student's cell; it has passed.

    Returns
    -------
    dict or None
        "png" in base64, "alt" and "width"; None if the exercise draws none, or
        could not: the points are earned all the same.

    Notes
    -----
    A button's callback belongs to no cell, so that what it displays would be
    shown nowhere. It is caught here, and the panel shows it.
    """
    if exercise.after is None:
        return None
    from IPython.utils.capture import capture_output

    with capture_output() as captured:
        try:
            exercise.after(local.caller(exercise)(source))
        except Exception:
            return None
    for output in captured.outputs:
        if "image/png" in (output.data or {}):
            about = (output.metadata or {}).get("image/png", {})
            alt, width = about.get("alt", ""), about.get("width")
            return {"png": output.data["image/png"], "alt": alt, "width": width}
    return None
