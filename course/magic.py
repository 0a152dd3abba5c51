"""Cell magics: ``%%exercise`` for a student's cell, ``%%solution`` for ours.

``import course`` in IPython makes them known.
"""

from __future__ import annotations

import sys
from typing import Any

from course.model import Code


def register() -> bool:
    """Make the magics known to the running IPython.

    Returns
    -------
    bool
        False where none is running.
    """
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None:
        return False
    shell.register_magic_function(exercise, "cell", "exercise")
    shell.register_magic_function(solution, "cell", "solution")
    return True


def exercise(line: str, cell: str) -> None:
    """Run the cell in the notebook, then show the exercise's panel.

    Parameters
    ----------
    line : str
        The exercise's id.
    cell : str
        The rest of the cell. It is what Check will check, alone.
    """
    from IPython.display import display

    from course.panel import Panel

    found = _code(line)
    _run(found, cell)
    # Also after an error: Check then says what the grader would say.
    display(Panel(found, source=cell))  # type: ignore[no-untyped-call]


def solution(line: str, cell: str) -> None:
    """Run the cell in the notebook, then print its score.

    Parameters
    ----------
    line : str
        The exercise's id.
    cell : str
        The rest of the cell.
    """
    from course import store
    from course.checking import check

    found = _code(line)
    if not _run(found, cell):
        return
    result = check(found, cell, student=store.student())
    print(result)
    if not result.passed:
        print(result.message)


def _code(line: str) -> Code:
    from IPython.core.error import UsageError

    from course import exercises

    try:
        found = exercises.get(line.strip())
    except KeyError as problem:
        raise UsageError(str(problem.args[0])) from None
    if not isinstance(found, Code):
        raise UsageError(
            f"{found.id} has no code to write; show it by course.exercise('{found.id}')"
        )
    return found


def _run(found: Code, cell: str) -> bool:
    """Run a cell as the notebook would; whether it ran to its end."""
    shell: Any = sys.modules["IPython"].get_ipython()
    # What the exercise gives is there in the notebook, too, to try things with.
    exec(compile(found.given, f"<given, {found.id}>", "exec"), shell.user_ns)
    return bool(shell.run_cell(cell, store_history=False).success)
