"""The front end as one script: with a kernel, or on a page without one.

The sources are small modules in ``course/static``. A widget's module is loaded
from memory, where it can import no other file; and a page opened from a disk,
as ``file://``, may load no module at all. So both get the modules joined.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent.parent / "static"
SHARED = ("dom.js", "controls.js", "figure.js", "tune.js", "exercise.js")
EXPLORER = (
    *("dom.js", "network.js", "explore-plot.js", "explore-parts.js"),
    # Views, one a line.
    *("explore-secant-picture.js", "explore-secant.js"),
    *("explore-predict-picture.js", "explore-knobs.js", "explore-predict.js"),
    *("explore-formulas.js", "explore-softmax-picture.js", "explore-softmax.js"),
    *("explore-arithmetic.js", "explore-graph.js", "explore-backward.js"),
    *("explore-bugs.js", "explore-lamp.js", "explore-tables.js", "explore-entry.js"),
    *("explore-bowl-picture.js", "explore-bowl.js"),
    *("explore-race-picture.js", "explore-race.js"),
    *("explore-regions.js", "explore-epochs-picture.js", "explore-epochs.js"),
    "explore.js",
)
IMPORT = re.compile(
    r"^import (\{.*?\}) from \"\./([\w.-]+)\";\n", re.MULTILINE | re.DOTALL
)
EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)
EXPORTED = re.compile(r"^export (?:async )?(?:function|const|let|class) (\w+)", re.M)


@cache
def widget_script() -> str:
    """Return the widget's ES module, whose default export has `render`.

    Returns
    -------
    str
    """
    return _joined(*SHARED, "panel.js")


@cache
def page_script() -> str:
    """Return the page's script, which brings every ``<bp-exercise>`` to life.

    Returns
    -------
    str
        A classic script: its names stay inside a function.
    """
    return _classic(*SHARED, "check.js", "memory.js", "page.js")


@cache
def style() -> str:
    """Return the style sheet.

    Returns
    -------
    str
    """
    return _read("panel.css")


@cache
def explorer_widget_script() -> str:
    """Return the explorer's ES module, whose default export has `render`.

    Returns
    -------
    str
    """
    return _joined(*EXPLORER, "explore-widget.js")


@cache
def explorer_page_script() -> str:
    """Return the page's script, which brings every ``<bp-explorer>`` to life.

    Returns
    -------
    str
        A classic script: its names stay inside a function.
    """
    return _classic(*EXPLORER, "explore-page.js")


@cache
def explorer_style() -> str:
    """Return the style sheet of explorers, that of the panels included.

    Returns
    -------
    str
    """
    return _read("panel.css") + _read("explore.css")


def _read(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def _joined(*names: str) -> str:
    """Return modules as one, the last of them as it is, the others in a scope each.

    Later ones take what they import from the objects that earlier ones return.
    """
    *first, last = names
    return "\n".join([*map(_scoped, first), _plain(last)])


def _scoped(name: str) -> str:
    exported = ", ".join(EXPORTED.findall(_read(name)))
    inside = f"{_plain(name)}return {{ {exported} }};"
    return f"const {_variable(name)} = (() => {{\n{inside}\n}})();\n"


def _plain(name: str) -> str:
    def taken(found: re.Match[str]) -> str:
        return f"const {found[1].replace(' as ', ': ')} = {_variable(found[2])};\n"

    return EXPORT.sub("", IMPORT.sub(taken, _read(name)))


def _variable(name: str) -> str:
    """Return the name of the object that a module returns: _explore_plot."""
    return "_" + name.removesuffix(".js").replace("-", "_")


def _classic(*names: str) -> str:
    return f'(() => {{\n"use strict";\n{_joined(*names)}}})();\n'
