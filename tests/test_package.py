"""The package as a whole: small, dependent on NumPy alone, documented."""

import ast
import dataclasses
import doctest
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import backprop as bp

ROOT = Path(bp.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))
MODULES = ["backprop"] + [
    module.name for module in pkgutil.walk_packages([str(ROOT)], "backprop.")
]
PUBLIC = [*bp.__all__, *(f"data.{name}" for name in bp.data.__all__)]


def code_lines(source: str) -> int:
    """Lines of the file that are neither blank nor within a docstring.

    Comments count, and so does each line of a statement that is wrapped.
    """
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = [
        node.body[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, documented) and ast.get_docstring(node) is not None
    ]
    within = {n for doc in docstrings for n in range(doc.lineno, doc.end_lineno + 1)}
    lines = enumerate(source.splitlines(), start=1)
    return sum(bool(line.strip()) and n not in within for n, line in lines)


def test_code_lines_counts_what_it_says():
    source = '''"""Doc

string."""

# why
def f():
    """Doc."""
    return [
        """no doc
        """,
    ]
'''
    assert code_lines(source) == 6  # the comment, def, and four of return


def test_the_package_has_under_a_thousand_lines():
    assert 500 < sum(code_lines(path.read_text("utf-8")) for path in FILES) < 1000


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_numpy_and_the_standard_library_alone(path):
    allowed = {"numpy", "backprop"} | sys.stdlib_module_names
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            assert {alias.name.split(".")[0] for alias in node.names} <= allowed
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            assert node.module.split(".")[0] in allowed


def test_importing_the_package_loads_nothing_else():
    code = """if True:
        import sys, numpy.random  # which loads Cython's runtime
        before = set(sys.modules)
        import backprop
        tops = {name.split(".")[0] for name in set(sys.modules) - before}
        print(sorted(tops - sys.stdlib_module_names - {"numpy"}))
    """
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "['backprop']"


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_run_in_an_empty_namespace(name):
    module = importlib.import_module(name)
    finder, runner = doctest.DocTestFinder(), doctest.DocTestRunner()
    for test in finder.find(module, globs={}):
        runner.run(test)
    assert runner.summarize(verbose=False).failed == 0


def test_the_examples_that_readers_see_first_are_among_them():
    finder = doctest.DocTestFinder()
    examples = {
        t.name: len(t.examples) for t in finder.find(bp) + finder.find(bp.network)
    }
    assert examples["backprop"] >= 5
    assert examples["backprop.network.Sequential"] >= 2


def public(name: str) -> object:
    found: object = bp
    for part in name.split("."):
        found = getattr(found, part)
    return found


def test_all_is_sorted_and_names_everything_once():
    assert len(set(bp.__all__)) == len(bp.__all__)
    assert len(set(bp.data.__all__)) == len(bp.data.__all__)
    assert all(public(name) is not None for name in PUBLIC)


@pytest.mark.parametrize("name", MODULES)
def test_every_module_tells_what_it_is_for(name):
    assert len(importlib.import_module(name).__doc__) > 40


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_documented_with_its_parameters(name):
    thing = public(name)
    doc = documentation(thing)
    assert doc
    if inspect.ismodule(thing):
        return
    for parameter in inspect.signature(thing).parameters.values():
        if parameter.kind is parameter.VAR_POSITIONAL:
            assert f"*{parameter.name} :" in doc
        else:
            # "lr : float" or "W, b : ndarray"
            entry = rf"^ *([\w, ]+, )?{parameter.name}(, [\w, ]+)?( :.*)?$"
            assert re.search(entry, doc, re.MULTILINE), f"{name}: {parameter.name}"
    if inspect.isfunction(thing):
        assert re.search(r"^Returns\n-------$", doc, re.MULTILINE)


def documentation(thing: object) -> str:
    """A docstring; of a class, with those of its bases."""
    if not inspect.isclass(thing):
        return inspect.getdoc(thing) or ""
    if dataclasses.is_dataclass(thing):  # not the signature a dataclass invents
        assert not thing.__doc__.startswith(f"{thing.__name__}(")
    return "\n".join(
        inspect.cleandoc(c.__doc__) for c in thing.__mro__[:-1] if c.__doc__
    )


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_method_is_documented(name):
    thing = public(name)
    if not inspect.isclass(thing):
        return
    for method, member in vars(thing).items():
        if not method.startswith("_") and (
            inspect.isfunction(member) or isinstance(member, property)
        ):
            assert inspect.getdoc(member), f"{name}.{method}"
