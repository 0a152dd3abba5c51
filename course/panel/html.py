"""An exercise as HTML that reads without scripts and carries what they need."""

from __future__ import annotations

import json
import re
from html import escape
from typing import Any

NOTE = "For practice: kept in this browser; answers can be found in this page."
NO_SCRIPT = "To answer here, allow scripts on this page; or work in the notebook."
INDEX = re.compile(r"(?<=[A-Za-zΔα-ω])_([A-Za-z0-9ℓ]{1,2})(?![\wℓ])", re.ASCII)
NUMBER = ' class="bp-number"'
IN_NOTEBOOK = (
    "Code runs in a notebook: open this chapter there, write in this cell and run "
    "it. A Check button appears below."
)


def panel_html(data: dict[str, Any]) -> str:
    """Return an exercise's static form.

    Parameters
    ----------
    data : dict
        What `panel_data` returns.

    Returns
    -------
    str
        One ``<bp-exercise>`` element; the same data give the same text.
    """
    first, code = data["rounds"][0], data["kind"] == "code"
    parts = [
        f'<p class="bp-title"><strong>{rich(data["title"])}</strong> '
        f'<span class="bp-worth">{data["worth"]}</span></p>',
        _given(first["shown"]),
        *([] if code else _asked(data, first)),
        *(_hint(hint, i, len(data["hints"])) for i, hint in enumerate(data["hints"])),
        f'<p class="bp-note">{IN_NOTEBOOK if code else NO_SCRIPT}</p>',
    ]
    inside = "\n".join(part for part in parts if part)
    script = "" if code else json_script(data | {"note": NOTE})
    return (
        f'<bp-exercise data-id="{escape(data["id"])}" data-kind="{data["kind"]}">\n'
        f'<div class="bp-panel">\n{inside}\n</div>\n{script}</bp-exercise>'
    )


def rich(text: str) -> str:
    """Return text as HTML: `` `code` `` is code, the u of w_u an index.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
    """
    parts = escape(text, quote=False).split("`")
    return "".join(
        f"<code>{part}</code>" if i % 2 else INDEX.sub(r"<sub>\1</sub>", part)
        for i, part in enumerate(parts)
    )


def json_script(data: dict[str, Any]) -> str:
    """Return data as the script element from which the page's script reads them.

    Parameters
    ----------
    data : dict

    Returns
    -------
    str
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # "<" as an escape: no text of an exercise can end the script.
    text = text.replace("<", "\\u003c")
    return f'<script type="application/json">{text}</script>\n'


def _given(shown: list[list[str]]) -> str:
    pairs = (
        f"<div{NUMBER if _is_number(value) else ''}>"
        f"<dt>{rich(name)}</dt><dd>{rich(value)}</dd></div>"
        for name, value in shown
    )
    return f'<dl class="bp-given">{"".join(pairs)}</dl>' if shown else ""


def _is_number(text: str) -> bool:
    try:
        float(text.replace("−", "-"))
    except ValueError:
        return False
    return True


def _asked(data: dict[str, Any], first: dict[str, Any]) -> list[str]:
    """Return what an answer consists of."""
    kind = data["kind"]
    if kind == "number":
        return ["<p>To find:</p>", _listed(data["fields"])]
    if kind == "choice":
        return ["<p>Choose one:</p>", _listed(first["options"])]
    if kind == "order":
        reasons = ["<p>The reasons:</p>", _listed(data["reasons"])]
        lines = ["<p>Put in order:</p>", _listed(first["lines"])]
        return lines + reasons * bool(data["reasons"])
    sliders = [
        f"{s['label']}: from {s['low']} to {s['high']} in steps of {s['step']}"
        for s in data["sliders"]
    ]
    goal = f"<p><strong>Goal:</strong> {rich(data['goal'])}</p>"
    return [goal, "<p>To set:</p>", _listed(sliders)]


def _listed(items: list[str]) -> str:
    return f"<ul>{''.join(f'<li>{rich(item)}</li>' for item in items)}</ul>"


def _hint(hint: str, i: int, count: int) -> str:
    name = f"Hint {i + 1}" if count > 1 else "Hint"
    return f"<details><summary>{name}</summary><p>{rich(hint)}</p></details>"
