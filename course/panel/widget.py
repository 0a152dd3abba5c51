"""The panel with a kernel."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import anywidget
import traitlets

from course.checking import check
from course.model import Code, Exercise
from course.panel.data import panel_data
from course.panel.frontend import style, widget_script
from course.panel.html import panel_html


class Panel(anywidget.AnyWidget):
    """An exercise with its Check button.

    Parameters
    ----------
    exercise : Exercise
    source : str, optional
        For a `Code` exercise: the cell, which is what a check checks.
    student : str, optional
        Whose values; without, those of the page.
    saved : dict, optional
        An earlier answer: "value", "score" and "max".
    on_result : callable, optional
        Called with the answer and its `Result` after each check that counts.

    Notes
    -----
    The front end sends ``answer``, a dict of "number" (which check), "round"
    (0 counts, others are practice) and "value"; ``result`` comes back with the
    same number, `Result` as a dict.
    """

    _esm = widget_script()
    _css = style()
    data = traitlets.Dict().tag(sync=True)
    saved = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    answer = traitlets.Dict().tag(sync=True)
    result = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        exercise: Exercise,
        *,
        source: str | None = None,
        student: str | None = None,
        saved: dict[str, Any] | None = None,
        on_result: Any = None,
    ) -> None:
        if isinstance(exercise, Code) != (source is not None):
            raise ValueError(
                f"{exercise.id} is of kind {exercise.kind!r}: source is "
                f"{'missing' if source is None else 'given'}; only code has one"
            )
        self.exercise, self.source, self.student = exercise, source, student
        self.on_result = on_result
        self.everything = panel_data(exercise, student)
        super().__init__(data=self.everything, saved=saved)

    @traitlets.observe("answer")
    def _answered(self, change: Any) -> None:
        asked = change["new"]
        try:
            told = self._check(asked)
        except Exception as error:
            # Ours, not the student's; the front end waits for an answer.
            told = {"error": f"{type(error).__name__}: {error}"}
        self.result = told | {"number": asked["number"]}

    def _check(self, asked: dict[str, Any]) -> dict[str, Any]:
        take = int(asked["round"])
        value = asked["value"] if self.source is None else self.source
        result = check(self.exercise, value, student=self.student, take=take)
        if take == 0:
            best = (self.saved or {}).get("score", 0)
            if result.score >= best:
                told = {"value": value, "score": result.score, "max": result.max}
                self.saved = told
            if self.on_result:
                self.on_result(value, result)
        return asdict(result)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Return widget view, HTML and text; the last two never change."""
        bundle = super()._repr_mimebundle_(**kwargs)
        view, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        forms = {"text/html": panel_html(self.everything), "text/plain": str(self)}
        return view | forms, metadata

    def __str__(self) -> str:
        return f"Exercise {self.exercise.id}: {self.exercise.title}"
