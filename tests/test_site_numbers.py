"""Equations, figures and exercises have a number, and a place to refer to."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from book import toc_pages
from bookledger import chapter_number
from conftest import ROOT

from course import exercises

PAGES = [name for name in toc_pages() if (ROOT / f"{name}.ipynb").is_file()]


def cells(name: str) -> list[dict]:
    return json.loads((ROOT / f"{name}.ipynb").read_text("utf-8"))["cells"]


def numbered(name: str, count: int) -> list[str]:
    """Return the numbers 5.1, … of a chapter, L.1, … of the lab, 1, … of a test."""
    letters = {
        "chapters/historical_lab": "L",
        "chapters/errata": "E",
        "chapters/measured": "M",
    }
    first = letters.get(name, chapter_number(name))
    before = "" if first is None else f"{first}."
    return [f"{before}{i}" for i in range(1, count + 1)]


@pytest.mark.needs_chromium
@pytest.mark.parametrize("name", PAGES)
def test_exercises_count_from_one_and_keep_their_title(plain, name):
    ids = list(
        dict.fromkeys(
            cell["metadata"]["exercise"]
            for cell in cells(name)
            if "exercise" in cell["metadata"]
        )
    )
    plain.goto(f"{name}.html")
    shown = plain.locator("article h3", has_text=re.compile("^Exercise ")).all()
    titles = [exercises.get(one).title for one in ids]
    numbers = numbered(name, len(ids))
    said = [heading.inner_text().rstrip("#") for heading in shown]
    assert [text.replace("’", "'") for text in said] == [
        f"Exercise {number}. {title}"
        for number, title in zip(numbers, titles, strict=True)
    ]
    links = [heading.locator("a.headerlink").get_attribute("href") for heading in shown]
    assert links == [f"#ex-{one.replace('.', '-')}" for one in ids]


@pytest.mark.needs_chromium
@pytest.mark.parametrize("name", PAGES)
def test_each_picture_of_a_cell_is_a_numbered_figure(plain, name):
    pictures = sum(
        "image/png" in output.get("data", {})
        for cell in cells(name)
        for output in cell.get("outputs", [])
    )
    plain.goto(f"{name}.html")
    figures = plain.locator("article figure.numbered:has(img)")
    captions = figures.locator("figcaption").all_text_contents()
    expected = [f"Figure {number}#" for number in numbered(name, pictures)]
    assert captions == expected
    for place, figure in enumerate(figures.all(), start=1):
        assert figure.get_attribute("id") == f"figure-{place}"
        link = figure.locator("a.headerlink")
        assert link.get_attribute("href") == f"#figure-{place}"


@pytest.mark.needs_chromium
def test_a_reference_to_an_exercise_leads_to_it(plain):
    plain.goto("chapters/07_the_training_loop.html")
    plain.get_by_role("link", name="A start at zero").click()
    assert plain.url.endswith("05_the_backward_pass.html#ex-ch05-zero")
    assert "A start at zero" in plain.locator("#ex-ch05-zero h3").inner_text()


def build(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    """Build a book of one chapter, whose figure has a tag, with the book's rules."""
    for name in ("web", "course", "backprop"):
        (folder / name).symlink_to(ROOT / name)
    source = (ROOT / "_config.yml").read_text("utf-8")
    (folder / "_config.yml").write_text(source, "utf-8")
    shutil.copy(ROOT / "references.bib", folder)
    (folder / "_toc.yml").write_text("format: jb-book\nroot: chapters/04_a\n")
    (folder / "appendix").mkdir()
    (folder / "appendix/glossary.md").write_text("```{glossary}\nx\n  y\n```\n")
    picture = next(
        cell
        for cell in cells("chapters/04_the_chain_rule_on_a_graph")
        if any("image/png" in out.get("data", {}) for out in cell.get("outputs", []))
    )
    picture["metadata"]["tags"] = ["fig-graph"]
    words = {"cell_type": "markdown", "metadata": {}, "source": f"# A\n\n{text}"}
    notebook = json.loads((ROOT / f"{PAGES[0]}.ipynb").read_text("utf-8"))
    (folder / "chapters").mkdir()
    (folder / "chapters/04_a.ipynb").write_text(
        json.dumps(notebook | {"cells": [words, picture]})
    )
    command = [Path(sys.executable).with_name("jupyter-book"), "build", folder]
    return subprocess.run(
        [*command, "-n", "-W", "--keep-going", "-q"],
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_figure_is_referred_to_by_its_cells_tag(tmp_path):
    built = build(tmp_path, "See {numref}`fig-graph`.")
    assert built.returncode == 0, built.stderr
    page = (tmp_path / "_build/html/chapters/04_a.html").read_text("utf-8")
    link = re.search(r'<a [^>]*href="#figure-1"><span[^>]*>([^<]*)', page)
    assert link
    assert link[1] == "Figure 4.1"


@pytest.mark.parametrize("reference", ["{numref}`fig-none`", "{ref}`ex-ch99-none`"])
def test_a_reference_that_leads_nowhere_fails_the_build(tmp_path, reference):
    built = build(tmp_path, f"See {reference}.")
    assert built.returncode != 0
    assert reference.split("`")[1] in built.stderr
