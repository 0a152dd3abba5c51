"""The panel with a kernel."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from course import store
from course.checking import check
from course.model import Code, Exercise
from course.panel.data import panel_data
from course.panel.frontend import style, widget_script
from course.panel.html import panel_html
from course.panel.picture import picture_after


class Panel(anywidget.AnyWidget):
    """An exercise with its Check button; answers are saved at each check.

    Parameters
    ----------
    exercise : Exercise
    source : str, optional
        For a `Code` exercise: the cell, which is what a check checks.
    path : Path, optional
        Of the submission; beside the notebook if not given. Its student
        decides on the values.

    Raises
    ------
    ValueError
        If code comes without its source, or anything else with one.

    Notes
    -----
    The front end sends ``answer``, a dict of "number" (which check), "round"
    (0 counts, others are practice) and "value"; ``result`` comes back with the
    same number, `Result` as a dict.
    """

    _esm = widget_script()
    _css = style()
    data = traitlets.Dict().tag(sync=True)
    saved = traitlets.Any().tag(sync=True)  # None, or as `_load` returns it
    answer = traitlets.Dict().tag(sync=True)
    result = traitlets.Dict().tag(sync=True)

    def __init__(
        self, exercise: Exercise, source: str | None = None, path: Path | None = None
    ) -> None:
        if isinstance(exercise, Code) != (source is not None):
            raise ValueError(
                f"{exercise.id} is of kind {exercise.kind!r}: source is "
                f"{'missing' if source is None else 'given'}; only code has one"
            )
        self.exercise, self.source, self.path = exercise, source, path
        self.student = store.student(path)
        # Kept aside: the HTML form must not depend on what was saved.
        self.everything = panel_data(exercise, self.student)
        super().__init__(data=self.everything, saved=self._load())

    @traitlets.observe("answer")
    def _answered(self, change: Any) -> None:
        asked = change["new"]
        try:
            told = self._check(asked["round"], asked["value"])
        except Exception as error:
            # Ours, not the student's; the front end waits for an answer.
            told = {"error": f"{type(error).__name__}: {error}"}
        self.result = told | {"number": asked["number"]}

    def _check(self, take: int, value: Any) -> dict[str, Any]:
        value = value if self.source is None else self.source
        result = check(self.exercise, value, student=self.student, take=take)
        told = asdict(result)
        if take == 0:
            kind = "value" if self.source is None else "code"
            try:
                store.save(
                    self.exercise.id,
                    **{kind: value},
                    score=result.score,
                    path=self.path,
                )
            except store.StoreError as problem:
                told["unsaved"] = str(problem)
            self.saved = self._load()
        if result.passed and isinstance(self.exercise, Code):
            told["picture"] = picture_after(self.exercise, str(self.source))
        return told

    def _load(self) -> dict[str, Any] | None:
        """Return the saved answer for the front end; None if there is none."""
        try:
            answer = store.load(self.path)["answers"].get(self.exercise.id)
        except store.StoreError:
            return None
        if not isinstance(answer, dict) or type(answer.get("score")) not in (
            int,
            float,
        ):
            return None
        return {
            "value": answer.get("value"),
            "score": answer["score"],
            "max": self.exercise.points,
        }

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Return widget view, HTML and text; the last two never change."""
        bundle = super()._repr_mimebundle_(**kwargs)
        view, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        forms = {"text/html": panel_html(self.everything), "text/plain": str(self)}
        return view | forms, metadata

    def __str__(self) -> str:
        return f"Exercise {self.exercise.id}: {self.exercise.title}"
