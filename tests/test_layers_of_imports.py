"""Imports point one way: chapters → course → backprop → NumPy."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from notebook_rules import imported_modules, tree

from course.ledger import read_notebook

ROOT = Path(__file__).parent.parent
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))
STDLIB = set(sys.stdlib_module_names)

# The front door of each: what it may load besides itself and the standard library.
LOADS = {
    "backprop": {"numpy"},
    "course": {"numpy"},
}


def imports(text):
    """Top-level names of everything a source imports; '' for a relative import."""
    return {name.split(".")[0] for name in imported_modules(ast.parse(text))}


def sources(package):
    files = sorted((ROOT / package).rglob("*.py"))
    assert files, package
    return files


def loaded_by(package):
    """Top-level modules in memory after a fresh interpreter imports a package."""
    code = (
        "import sys; before = set(sys.modules); "
        f"import {package}; "
        "print(*{name.split('.')[0] for name in set(sys.modules) - before})"
    )
    run = [sys.executable, "-c", code]
    done = subprocess.run(run, check=True, capture_output=True, text=True, timeout=60)
    return set(done.stdout.split())


@pytest.mark.parametrize("path", sources("backprop"), ids=lambda path: path.name)
def test_backprop_imports_numpy_and_the_standard_library_alone(path):
    found = imports(path.read_text(encoding="utf-8"))
    assert found <= STDLIB | {"numpy", "backprop"}


@pytest.mark.parametrize("path", sources("course"), ids=lambda path: path.name)
def test_course_imports_no_chapter_and_nothing_of_the_site(path):
    found = imports(path.read_text(encoding="utf-8"))
    allowed = {"numpy", "matplotlib", "nbformat", "yaml", "IPython"}
    allowed |= {"anywidget", "traitlets"}  # panels
    allowed |= {"rich", "distributed", "nbgrader"}  # the instructor's side
    assert found <= STDLIB | allowed | {"backprop", "course"}


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_imports_numpy_backprop_and_course_alone(path):
    cells = [c for c in read_notebook(path).cells if c.cell_type == "code"]
    found = {m.split(".")[0] for c in cells for m in imported_modules(tree(c))}
    assert "course" in found <= STDLIB | {"numpy", "backprop", "course"}
    if path.stem[:2].isdigit() and int(path.stem[:2]) > 0:
        assert "backprop" in found  # a chapter ends in what the package does


@pytest.mark.parametrize(("package", "allowed"), LOADS.items())
def test_importing_a_package_loads_nothing_else(package, allowed):
    loaded = {name for name in loaded_by(package) if not name.startswith("_")}
    assert package in loaded
    # NumPy registers C helper modules of its own under other names.
    assert loaded - STDLIB - {"cython_runtime"} <= allowed | {package}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import scipy.stats as s", {"scipy"}),
        ("from course import verify", {"course"}),
        ("def f():\n    from torch.nn import Linear", {"torch"}),
        ("from . import layers", {""}),
    ],
)
def test_an_import_is_found_wherever_it_stands(text, found):
    assert imports(text) == found
