"""The explorer with a kernel: the same view, in the notebook's output."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from course.explorer.html import explorer_data, explorer_html
from course.explorer.model import Exploration
from course.panel.frontend import explorer_style, explorer_widget_script


class Explorer(anywidget.AnyWidget):
    """An exploration in its three forms: widget, HTML and text.

    Parameters
    ----------
    exploration : Exploration

    Notes
    -----
    Nothing comes back from the front end: a reader tries things out there, and no
    answer is saved. So the widget does the same with a kernel as without one.
    """

    _esm = explorer_widget_script()
    _css = explorer_style()
    data = traitlets.Dict().tag(sync=True)

    def __init__(self, exploration: Exploration) -> None:
        self.exploration = exploration
        super().__init__(data=explorer_data(exploration))

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Return widget view, HTML and text; the last two never change."""
        bundle = super()._repr_mimebundle_(**kwargs)
        view, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        html = explorer_html(self.exploration)
        return view | {"text/html": html, "text/plain": str(self)}, metadata

    def __str__(self) -> str:
        return f"Explorer {self.exploration.id}: {self.exploration.title}"
