"""``web/execute.py`` stores what a reader will see, or nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import execute
import nbformat
import pytest
from conftest import ROOT
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

SCRIPT = ROOT / "web" / "execute.py"


@pytest.fixture
def notebook(tmp_path):
    def write(*sources, **metadata):
        cells = [new_markdown_cell("# Title"), *map(new_code_cell, sources)]
        path = tmp_path / "book.ipynb"
        nbformat.write(new_notebook(cells=cells, metadata=metadata), path)
        return path

    return write


def run(*arguments):
    command = [sys.executable, SCRIPT, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_outputs_counts_and_metadata_are_stored_in_their_stable_form(notebook):
    path = notebook("a = 2", "print(a)\nprint(a)\na ** 2", widgets={"state": {}})
    ids = [cell.id for cell in nbformat.read(path, as_version=4).cells]
    result = run(path)
    assert result.returncode == 0, result.stderr
    stored = nbformat.read(path, as_version=4)
    assert [cell.get("execution_count") for cell in stored.cells] == [None, 1, 2]
    printed, value = stored.cells[2].outputs
    assert printed.text == "2\n2\n"
    assert value.data["text/plain"] == "4"
    assert value.execution_count == 2
    assert stored.metadata == {
        "kernelspec": execute.KERNEL,
        "language_info": execute.LANGUAGE,
    }
    assert [cell.id for cell in stored.cells] == ids
    assert all("execution" not in cell.metadata for cell in stored.cells)


def test_a_second_run_leaves_the_file_untouched(notebook):
    path = notebook("print('the same')")
    assert "changed" in run(path).stdout
    before = path.stat().st_mtime_ns, path.read_bytes()
    assert "unchanged" in run(path).stdout
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before


def test_an_error_names_the_cell_and_leaves_the_file_untouched(notebook):
    path = notebook("a = 2", "a / 0")
    before = path.read_bytes()
    result = run(path)
    assert result.returncode == 1
    assert "cell 3 failed" in result.stdout
    assert "ZeroDivisionError" in result.stdout
    assert path.read_bytes() == before


def test_a_kernel_counts_on_one_thread_whatever_the_machine_has(notebook):
    path = notebook("import os\nprint(os.environ['OPENBLAS_NUM_THREADS'])")
    assert run(path).returncode == 0
    stored = nbformat.read(path, as_version=4)
    assert stored.cells[1].outputs[0].text == "1\n"


def test_an_interrupt_leaves_the_file_whole_and_no_process_behind(notebook):
    path = notebook("open('begun', 'w').close()\nimport time\ntime.sleep(60)")
    before = path.read_bytes()
    process = subprocess.Popen(
        [sys.executable, SCRIPT, str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        # A job in the background may have been told to ignore interrupts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    begun = path.with_name("begun")
    while not begun.exists() and process.poll() is None:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 130, output.decode()
    assert "every file is whole" in output.decode()
    assert path.read_bytes() == before
    assert sorted(path.parent.iterdir()) == [begun, path]


def test_neighbouring_prints_become_one_output():
    def stream(name, text):
        return new_output("stream", name=name, text=text)

    merged = execute.merge_streams(
        [stream("stdout", "a"), stream("stdout", "b"), stream("stderr", "c")]
    )
    assert [(out.name, out.text) for out in merged] == [
        ("stdout", "ab"),
        ("stderr", "c"),
    ]


def fit_notebook():
    cells = [
        new_code_cell(
            "1",
            execution_count=1,
            outputs=[new_output("stream", name="stdout", text="1")],
        )
    ]
    return new_notebook(cells=cells, metadata={"kernelspec": execute.KERNEL})


def test_check_accepts_a_notebook_that_is_fit_to_be_committed():
    assert list(execute.complaints(fit_notebook())) == []


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda nb: nb.cells[0].update(execution_count=7), "execution counts are [7]"),
        (lambda nb: nb.cells[0].update(execution_count=None), "counts are [None]"),
        (lambda nb: nb.cells[0].update(outputs=[]), "no stored outputs"),
        (lambda nb: nb.metadata.update(widgets={}), "widget state is stored"),
        (lambda nb: nb.metadata.kernelspec.update(name="mine"), "kernelspec is"),
        (lambda nb: nb.cells[0].outputs[0].update(name="stderr"), "stores stderr: '1'"),
        (
            lambda nb: nb.cells[0].outputs.append(
                new_output("error", ename="ValueError", evalue="", traceback=[])
            ),
            "stores an error: ValueError",
        ),
    ],
)
def test_check_says_what_is_not_fit(spoil, complaint):
    notebook = nbformat.from_dict(fit_notebook())
    spoil(notebook)
    assert complaint in "\n".join(execute.complaints(notebook))


def test_check_reads_only(notebook):
    path = notebook("print(1)")
    before = path.read_bytes()
    result = run("--check", path)
    assert result.returncode == 1
    assert "no stored outputs" in result.stdout
    assert path.read_bytes() == before


def test_a_path_that_does_not_exist_is_named(tmp_path):
    result = run(tmp_path / "none.ipynb")
    assert result.returncode == 2
    assert "no such notebook" in result.stderr
    assert "none.ipynb" in result.stderr
