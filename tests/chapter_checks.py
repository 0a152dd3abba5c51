"""Run a chapter's code in this process and compare what it prints.

``python tests/chapter_checks.py NOTEBOOK`` exits 0 when every cell runs and
prints what is stored, and 1 at the first that does not: the line it prints then
names the cell and what was seen. That is strict nbval without a kernel and
without figures, fast enough to run once for each planted bug.
"""

import contextlib
import io
import sys
from pathlib import Path

import nbformat


def plain(source: str) -> str:
    """Return a cell's code, with the book's two magics as a plain call or nothing."""
    if not source.startswith("%%"):
        return source
    first, _, code = source.partition("\n")
    magic, exercise = first.split()
    if magic == "%%solution":
        return f"import course\nprint(course.check({exercise!r}, {code!r}))"
    return code


def first_complaint(path: Path) -> str | None:
    """Return the first cell that raises or prints something else; None if all hold."""
    from course import plots

    plots.show = lambda fig, *, alt: None  # a figure checks nothing
    notebook = nbformat.read(path, as_version=4)
    namespace: dict[str, object] = {"__name__": "__main__"}
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type != "code":
            continue
        stored = "".join(o.text for o in cell.outputs if o.output_type == "stream")
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed):
                exec(compile(plain(cell.source), f"cell {number}", "exec"), namespace)
        except Exception as error:
            return f"cell {number}: {type(error).__name__}: {error}"
        if printed.getvalue() != stored:
            return f"cell {number}: printed {printed.getvalue()!r}, stored {stored!r}"
    return None


if __name__ == "__main__":
    complaint = first_complaint(Path(sys.argv[1]))
    print(complaint or "every cell holds")
    sys.exit(complaint is not None)
