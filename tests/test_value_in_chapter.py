"""Chapter 4 builds `Value` step by step: it ends at the package's own code.

Both are compared as syntax, method by method. Left out, and why:

- docstrings and annotations: in the chapter the prose says it, and types would
  be words that a reader has not met;
- what only refuses wrong input (a `try` that raises anew, an `if` that does
  nothing but raise): it is no part of the algorithm, and the chapter says that
  the package has it;
- `__slots__`, which saves memory; its names are those that `__init__` sets.

Comments and line breaks are no syntax. Nothing else may differ.
"""

import ast
from pathlib import Path

import pytest

from course import ledger

ROOT = Path(__file__).parent.parent
CHAPTER = ROOT / "chapters" / "04_the_chain_rule_on_a_graph.ipynb"
PACKAGE = ROOT / "backprop" / "value.py"


class Bare(ast.NodeTransformer):
    """Takes out annotations, docstrings and what refuses wrong input."""

    def visit_FunctionDef(self, node):
        self.generic_visit(node)
        if ast.get_docstring(node) is not None:
            node.body = node.body[1:]
        node.decorator_list, node.returns = [], None
        for arg in ast.walk(node.args):
            if isinstance(arg, ast.arg):
                arg.annotation = None
        return node

    def visit_AnnAssign(self, node):
        assert node.value is not None
        return ast.Assign([node.target], node.value, lineno=0)

    def visit_Try(self, node):
        self.generic_visit(node)
        refusing = all(isinstance(h.body[-1], ast.Raise) for h in node.handlers)
        return node.body if refusing else node

    def visit_If(self, node):
        self.generic_visit(node)
        only_raises = all(isinstance(s, ast.Raise) for s in node.body)
        return None if only_raises and not node.orelse else node


def bare(node):
    return ast.unparse(Bare().visit(ast.parse(ast.unparse(node))))


def built(statements):
    """What a sequence of statements makes of the class: the last of each name counts.

    Methods stand in ``class Value``, below the decorator ``@method``, or as a
    second name: ``__radd__ = __add__`` in the class, ``Value.__radd__ =
    Value.__add__`` after it.
    """
    found = {}
    for node in statements:
        match node:
            case ast.ClassDef(name="Value"):
                found |= built_inside(node)
            case ast.FunctionDef(decorator_list=[ast.Name(id="method")]):
                found[node.name] = bare(node)
            case ast.FunctionDef(name="_node"):
                found["_node"] = bare(node)
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="Value"))]):
                found[node.targets[0].attr] = node.value.attr
    return found


def built_inside(class_):
    found = {}
    for node in class_.body:
        match node:
            case ast.FunctionDef():
                found[node.name] = bare(node)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name(id=other)):
                found[name] = other
    return found


def in_chapter():
    """Statements of the chapter's own cells, in order."""
    for cell in ledger.read_notebook(CHAPTER).cells:
        if cell.cell_type == "code" and "exercise" not in cell.metadata:
            yield from ast.parse(cell.source).body


def in_package(source=None):
    return built(ast.parse(source or PACKAGE.read_text("utf-8")).body)


def test_the_chapter_ends_at_the_packages_code():
    package, chapter = in_package(), built(in_chapter())
    assert sorted(chapter) == sorted(package)
    for name in package:
        assert chapter[name] == package[name], name


def test_what_the_comparison_sees_is_all_of_the_class():
    (class_,) = [n for n in ast.parse(PACKAGE.read_text("utf-8")).body
                 if isinstance(n, ast.ClassDef)]  # fmt: skip
    told = {
        name.id if isinstance(name, ast.Name) else name.name
        for node in class_.body
        if not isinstance(node, ast.Expr)
        for name in (node.targets if isinstance(node, ast.Assign) else [node])
    }
    assert told == set(in_package()) - {"_node"} | {"__slots__"}


def test_slots_are_what_init_sets():
    from backprop import Value

    init = ast.parse(in_package()["__init__"])
    set_there = {
        node.attr
        for node in ast.walk(init)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    }
    assert set_there == set(Value.__slots__)


# -- The comparison can fail -----------------------------------------------------

SPOILED = {
    "a sign": ("return self * -1.0", "return self * 1.0"),
    "a local derivative": ("(b.data, self.data)", "(self.data, b.data)"),
    "+= became =": ("parent.grad += local", "parent.grad = local"),
    "no clearing": ("            node.grad = 0.0\n", "            pass\n"),
    "another order": ("in reversed(order)", "in order"),
    "a default": ('op: str = ""', 'op: str = "?"'),
    "a name shown": ('"+")', '"plus")'),
    "a second name": ("__rmul__ = __mul__", "__rmul__ = __add__"),
    "a helper": ("isinstance(x, Value)", "isinstance(x, float)"),
    "a method more": (
        "    def exp(self)",
        "    def sin(self): ...\n\n    def exp(self)",
    ),
    "a statement more": (
        "        order = self.topological()\n",
        "        order = self.topological()\n        self.label = ''\n",
    ),
    "a guard that does more than refuse": (
        "        if isinstance(n, Value):\n",
        "        if isinstance(n, Value):\n            n = n.data\n",
    ),
}


@pytest.mark.parametrize(("right", "wrong"), SPOILED.values(), ids=SPOILED)
def test_a_package_that_differs_is_noticed(right, wrong):
    source = PACKAGE.read_text("utf-8")
    assert source.count(right) == 1
    assert in_package(source.replace(right, wrong)) != built(in_chapter())


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("self.grad = 1.0", "self.grad = 2.0"),
        ("(1.0, 1.0)", "(1.0, 0.0)"),
        ("Value.__radd__ = Value.__add__", "Value.__radd__ = Value.__mul__"),
        ("@method\ndef relu(self):", "def relu(self):"),
    ],
)
def test_a_chapter_that_differs_is_noticed(right, wrong):
    cells = [
        cell.source
        for cell in ledger.read_notebook(CHAPTER).cells
        if cell.cell_type == "code" and "exercise" not in cell.metadata
    ]
    source = "\n".join(cells)
    assert source.count(right) == 1
    spoiled = ast.parse(source.replace(right, wrong)).body
    assert built(spoiled) != in_package()


@pytest.mark.parametrize(
    ("said", "unsaid"),
    [
        ("self.grad = 0.0\n", "self.grad = 0.0  # before backward\n"),
        ('"""Natural logarithm."""', '"""ln."""'),
        ("other: Value | float", "other: float"),
        ('raise TypeError("Value ** n', 'raise TypeError("no'),
    ],
)
def test_what_is_left_out_may_differ(said, unsaid):
    source = PACKAGE.read_text("utf-8")
    assert said in source
    assert in_package(source.replace(said, unsaid)) == built(in_chapter())
