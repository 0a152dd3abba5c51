"""Numbers: equations, figures and exercises count by chapter, 7.1, 7.2, ….

The notebooks hold no numbers, so that nothing in them goes stale. An exercise is
referred to by its id, ``{ref}`ex-ch05-zero```, a figure by a tag of its cell that
begins with "fig-", ``{numref}`fig-valley```; what leads nowhere fails the build.
"""

from __future__ import annotations

import json
import re
from typing import Any

from bookledger import chapter_number
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.environment.collectors.toctree import TocTreeCollector
from sphinx.transforms import SphinxTransform

from course.plain import counted, first_number

EXERCISE = "### Exercise: "
FIGURE_TAG = "fig-"


def number_title(app: Sphinx, docname: str, source: list[str]) -> None:
    """Put a chapter's number, which its file name has, before its title."""
    if (number := chapter_number(docname)) is not None:
        source[0] = re.sub(r'"# (?=[^"0-9])', f'"# {number}. ', source[0], count=1)


def exercise_label(exercise_id: str) -> str:
    """Return "ex-ch05-zero" for "ch05.zero"."""
    return "ex-" + exercise_id.replace(".", "-")


def number_exercises(app: Sphinx, docname: str, source: list[str]) -> None:
    """Number the exercises of a notebook, and give each its id as a label."""
    if not str(app.env.doc2path(docname)).endswith(".ipynb"):
        return
    notebook, count = json.loads(source[0]), 0
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        if "exercise" not in cell["metadata"] or not text.startswith(EXERCISE):
            continue
        count += 1
        number = counted(docname.rpartition("/")[2], count)
        label = exercise_label(cell["metadata"]["exercise"])
        rest = text.removeprefix(EXERCISE)
        cell["source"] = f"({label})=\n### Exercise {number}. {rest}"
    source[0] = json.dumps(notebook)


class LabelFirst(SphinxTransform):
    """Let links to an exercise use its label, which renumbering leaves as it is."""

    default_priority = 800  # after docutils has moved the label to the section

    def apply(self, **kwargs: Any) -> None:
        """Change the page in place."""
        for section in self.document.findall(nodes.section):
            section["ids"].sort(key=lambda name: not name.startswith("ex-"))


class numbered_figure(nodes.General, nodes.Element):
    """A numbered picture; Sphinx's own figure would want a caption."""


class NumberFigures(SphinxTransform):
    """Make each picture of a cell's output a figure that can be referred to."""

    default_priority = 800

    def apply(self, **kwargs: Any) -> None:
        """Change the page in place."""
        labels = self.env.get_domain("std")
        count = 0
        for cell in self.document.findall(nodes.container):
            if "cell_metadata" not in cell:
                continue
            tags = cell["cell_metadata"].get("tags", [])
            names = [tag for tag in tags if tag.startswith(FIGURE_TAG)]
            for image in list(cell.findall(nodes.image)):
                count += 1
                box = numbered_figure("", image.deepcopy(), ids=[f"figure-{count}"])
                box.document = self.document
                image.replace_self(box)
                self.document.ids[box["ids"][0]] = box
                if names:
                    name, place = names.pop(0), box["ids"][0]
                    labels.note_hyperlink_target(name, self.env.docname, place)


def visit_figure(writer: Any, node: numbered_figure) -> None:
    """Open the figure."""
    writer.body.append(writer.starttag(node, "figure", CLASS="numbered"))


def depart_figure(writer: Any, node: numbered_figure) -> None:
    """Write the number below, with a link to copy."""
    numbers = writer.builder.fignumbers.get("figure", {})
    number = ".".join(map(str, numbers[node["ids"][0]]))
    writer.body.append(f"<figcaption>Figure {number}")
    writer.add_permalink_ref(node, "Link to this figure")
    writer.body.append("</figcaption></figure>\n")


assign_figure_numbers_of_sphinx = TocTreeCollector.assign_figure_numbers


def assign_figure_numbers(self: TocTreeCollector, env: BuildEnvironment) -> list[str]:
    """Number equations and figures 7.1, 7.2, … in ``chapters/07_….ipynb``.

    Pages that are no chapters count by their letter, as `course.plain` has them.

    Sphinx can only number from the toc's first chapter on, and the book's
    chapters keep their number while others are still being written. In the
    place of Sphinx's own numbering, not after it: two that disagree would make
    every chapter look changed at every build.
    """
    sections = env.toc_secnumbers
    env.toc_secnumbers = {
        docname: {"": (number,)}
        for docname in env.found_docs
        if (number := first_number(docname.rpartition("/")[2])) is not None
    }
    try:
        return assign_figure_numbers_of_sphinx(self, env)
    finally:
        env.toc_secnumbers = sections


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the above with Sphinx."""
    TocTreeCollector.assign_figure_numbers = (  # type: ignore[method-assign]
        assign_figure_numbers
    )
    app.add_enumerable_node(
        numbered_figure,
        "figure",
        lambda node: "Figure",
        html=(visit_figure, depart_figure),
    )
    app.connect("source-read", number_title)
    app.connect("source-read", number_exercises)
    app.add_transform(LabelFirst)
    app.add_transform(NumberFigures)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
