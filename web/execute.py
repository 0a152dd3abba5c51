"""Execute the chapters and store their outputs, ready to commit.

``python web/execute.py [paths]`` runs each notebook in a fresh kernel, two at a
time, and rewrites a file only when it ran through and something changed.
``python web/execute.py --check [paths]`` reads only, and says what is not fit to
be committed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from tqdm import tqdm

ROOT = Path(__file__).resolve().parent.parent
PROCESSES = 2
CELL_TIMEOUT = 120
SLOW = 20.0  # a chapter that takes longer tries a reader's patience

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE = {
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "pygments_lexer": "ipython3",
}
# One thread a kernel: a sum split among threads rounds differently on a
# machine with more cores, and two kernels share the cores anyway.
THREADS = dict.fromkeys(
    (
        "OPENBLAS_NUM_THREADS",
        "OMP_NUM_THREADS",
        "MKL_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
    ),
    "1",
)
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
ANSI = re.compile(r"\x1b\[[0-9;]*m")


class ExecutionFailed(Exception):
    """A notebook did not run through; the message names the cell."""


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the notebook's code cells, in order."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def merge_streams(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Join neighbouring outputs of one stream.

    How a kernel cuts its prints into messages is chance; what they say is not.
    """
    merged: list[NotebookNode] = []
    for output in outputs:
        last = merged[-1] if merged else {}
        if output.output_type == "stream" and last.get("name") == output.name:
            last["text"] += output.text
        else:
            merged.append(output)
    return merged


def normalise(notebook: NotebookNode) -> NotebookNode:
    """Keep what a reader sees, drop what differs from run to run."""
    kept = {
        key: value
        for key, value in notebook.metadata.items()
        if key not in ("widgets", "kernelspec", "language_info")
    }
    notebook.metadata = nbformat.from_dict(
        {**kept, "kernelspec": KERNEL, "language_info": LANGUAGE}
    )
    for count, cell in enumerate(code_cells(notebook), start=1):
        cell.execution_count = count
        cell.metadata.pop("execution", None)
        cell.outputs = merge_streams(cell.outputs)
        for output in cell.outputs:
            output.pop("transient", None)
            # A view's model id differs at each run; the page has its HTML.
            if "text/html" in output.get("data", {}):
                output.data.pop(WIDGET_VIEW, None)
            if output.output_type == "execute_result":
                output.execution_count = count
    return notebook


def complaints(notebook: NotebookNode) -> Iterator[str]:
    """Yield what makes a notebook unfit to be committed."""
    cells = code_cells(notebook)
    counts = [cell.execution_count for cell in cells]
    if counts != list(range(1, len(cells) + 1)):
        yield f"execution counts are {counts}, not 1..{len(cells)}"
    if cells and not any(cell.outputs for cell in cells):
        yield "no stored outputs"
    if "widgets" in notebook.metadata:
        yield "widget state is stored"
    if notebook.metadata.get("kernelspec") != KERNEL:
        yield f"kernelspec is {notebook.metadata.get('kernelspec')}, not {KERNEL}"
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                yield f"cell {number} stores an error: {output.ename}"
            elif output.get("name") == "stderr":
                yield f"cell {number} stores stderr: {output.text.strip()[:60]!r}"
            elif len(output.get("data", {})) and "text/plain" not in output.data:
                yield f"cell {number} has an output without a text form"


def first_error(notebook: NotebookNode) -> tuple[int, str]:
    """Return the number of the cell that failed, and its traceback."""
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                return number, "\n".join(output.traceback)
    raise LookupError("no cell of the notebook failed")


def last_run(notebook: NotebookNode) -> int:
    """Return the number of the last cell that the kernel had begun."""
    begun = [
        number
        for number, cell in enumerate(notebook.cells, start=1)
        if cell.get("execution_count")
    ]
    return begun[-1] if begun else 1


def run(path: Path) -> NotebookNode:
    """Execute a notebook in a fresh kernel, in the notebook's folder.

    Raises
    ------
    ExecutionFailed
        A cell raised, took longer than ``CELL_TIMEOUT`` seconds, or the kernel
        died.
    """
    notebook = nbformat.read(path, as_version=4)
    for cell in code_cells(notebook):
        cell.outputs, cell.execution_count = [], None
    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_name="python3",
        store_widget_state=False,
        record_timing=False,
        # It warns that it listens on this machine's own ports.
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        resources={"metadata": {"path": str(path.parent)}},
    )
    with tempfile.TemporaryDirectory() as profile:
        # The reader's own IPython start-up files have no place in the book.
        environment = {**os.environ, **THREADS, "IPYTHONDIR": profile}
        environment.pop("MPLBACKEND", None)
        try:
            client.execute(env=environment)
        except CellExecutionError as error:
            number, trace = first_error(notebook)
            raise ExecutionFailed(f"cell {number} failed\n{trace}") from error
        except (CellTimeoutError, DeadKernelError) as error:
            number = last_run(notebook)
            raise ExecutionFailed(f"after cell {number}: {error}") from error
    return normalise(notebook)


def write_if_changed(path: Path, notebook: NotebookNode) -> bool:
    """Replace the file in one step, unless it already says the same."""
    text = nbformat.writes(notebook, version=nbformat.NO_CONVERT) + "\n"
    if text == path.read_text(encoding="utf-8"):
        return False
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        new.write_text(text, encoding="utf-8", newline="\n")
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)
    return True


def execute(path: Path) -> tuple[float, bool]:
    """Run one notebook and store it; return its seconds and whether it changed."""
    began = time.perf_counter()
    changed = write_if_changed(path, run(path))
    return time.perf_counter() - began, changed


def execute_all(paths: Sequence[Path]) -> int:
    """Run every notebook, report each, and return how many failed."""
    failed = 0
    colour = sys.stdout.isatty()
    # Workers in sessions of their own: a Ctrl-C reaches us alone. nbclient's own
    # handling of it in a worker now and then waits for ever.
    with ProcessPoolExecutor(PROCESSES, initializer=os.setsid) as pool:
        jobs = {pool.submit(execute, path): path for path in paths}
        try:
            for job in tqdm(as_completed(jobs), total=len(jobs), unit="notebook"):
                path = jobs[job]
                try:
                    seconds, changed = job.result()
                except ExecutionFailed as error:
                    failed += 1
                    text = str(error) if colour else ANSI.sub("", str(error))
                    tqdm.write(f"{path}: {text}\n{path} is left as it was")
                    continue
                state = "changed" if changed else "unchanged"
                tqdm.write(f"{path}: {seconds:.1f} s, {state}")
                if seconds > SLOW:
                    tqdm.write(f"WARNING {path}: slower than {SLOW:.0f} s")
        except KeyboardInterrupt:
            for worker in multiprocessing.active_children():
                worker.kill()  # its kernel sees that and ends
            raise
    return failed


def check_all(paths: Sequence[Path]) -> int:
    """Print every complaint, and return how many notebooks have one."""
    bad = 0
    for path in paths:
        found = list(complaints(nbformat.read(path, as_version=4)))
        for complaint in found:
            print(f"{path}: {complaint}")
        bad += bool(found)
    return bad


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status is 0 when all is well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, help="default: chapters/*.ipynb")
    parser.add_argument("--check", action="store_true", help="read only")
    options = parser.parse_args(arguments)
    paths = options.paths or sorted((ROOT / "chapters").glob("*.ipynb"))
    missing = [path for path in paths if not path.is_file()]
    if missing:
        parser.error(f"no such notebook: {', '.join(map(str, missing))}")
    try:
        failed = check_all(paths) if options.check else execute_all(paths)
    except KeyboardInterrupt:
        print("interrupted; every file is whole, old or new", file=sys.stderr)
        return 130
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
