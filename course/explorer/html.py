"""An explorer as HTML that reads without scripts and carries what they need."""

from __future__ import annotations

from html import escape
from typing import Any

from course.explorer.model import Exploration
from course.panel.data import plain_data
from course.panel.html import json_script, rich

NO_SCRIPT = "To try it out here, allow scripts on this page; or open the notebook."


def explorer_data(exploration: Exploration) -> dict[str, Any]:
    """Return what the front end is given.

    Parameters
    ----------
    exploration : Exploration

    Returns
    -------
    dict
        Plain data, ready for JSON; floats have six digits.
    """
    everything: dict[str, Any] = plain_data(
        {
            "id": exploration.id,
            "view": exploration.view,
            "title": exploration.title,
            "task": exploration.task,
            "data": exploration.data(),
        }
    )
    return everything


def explorer_html(exploration: Exploration) -> str:
    """Return an explorer's static form.

    Parameters
    ----------
    exploration : Exploration

    Returns
    -------
    str
        One ``<bp-explorer>`` element, the same text each time.
    """
    everything = explorer_data(exploration)
    data = everything["data"]
    parts = [
        f'<p class="bp-title"><span class="bx-kind">Explorer</span> '
        f"<strong>{rich(exploration.title)}</strong></p>",
        f"<p>{rich(exploration.task)}</p>",
        _picture(exploration.picture(data), exploration.alt(data)),
        _numbers(exploration.numbers(data)),
        f'<p class="bp-note">{NO_SCRIPT}</p>',
    ]
    inside = "\n".join(part for part in parts if part)
    return (
        f'<bp-explorer data-id="{escape(exploration.id)}" '
        f'data-view="{escape(exploration.view)}">\n'
        f'<div class="bp-panel bx-panel">\n{inside}\n</div>\n'
        f"{json_script(everything)}</bp-explorer>"
    )


def _picture(picture: str, alt: str) -> str:
    if not picture:
        return f"<p>{rich(alt)}</p>"
    words = escape(alt.replace("`", ""))
    return f'<div class="bx-first" role="img" aria-label="{words}">{picture}</div>'


def _numbers(pairs: list[tuple[str, str]]) -> str:
    rows = (
        f'<div class="bp-number"><dt>{rich(name)}</dt><dd>{rich(value)}</dd></div>'
        for name, value in pairs
    )
    return f'<dl class="bp-given">{"".join(rows)}</dl>' if pairs else ""
