"""A planted bug must be seen by the chapters themselves.

Each bug is one well-known slip, planted as a source patch in a copy of the
package. The chapters it concerns are run against the copy; one of their own
checks (a `verify`, an assertion, a printed result) has to fail. Unpatched, the
same copy passes: the checks fail for the bug and for nothing else.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
ONE, TWO, THREE, FOUR, FIVE, SIX, SEVEN = (
    "01_learning_from_error",
    "02_the_forward_pass",
    "03_measuring_error",
    "04_the_chain_rule_on_a_graph",
    "05_the_backward_pass",
    "06_the_weight_update",
    "07_the_training_loop",
)
CHAPTERS = (ONE, TWO, THREE, FOUR, FIVE, SIX, SEVEN)


class Bug(NamedTuple):
    """One slip: in `file`, `right` becomes `wrong`; `chapters` must notice."""

    name: str
    file: str
    right: str
    wrong: str
    chapters: tuple[str, ...]


BUGS = [
    Bug(
        "dW has its entries in transposed order, in the right shape",
        "layers.py",
        "self.X.T.dot(dZ, self.dW)",
        "self.dW[...] = dZ.T.dot(self.X).reshape(self.dW.shape)",
        (FIVE, SIX, SEVEN),  # with one output, chapter 1's dW is the same transposed
    ),
    Bug(
        "db is one example's, not the sum",
        "layers.py",
        "self.ones.dot(dZ, self.db)",
        "self.db[...] = dZ[0]",
        (ONE, FIVE, SIX, SEVEN),
    ),
    Bug(
        "db is averaged once more",
        "layers.py",
        "self.ones.dot(dZ, self.db)",
        "self.db[...] = dZ.mean(axis=0)",
        (ONE, FIVE, SIX, SEVEN),
    ),
    Bug(
        "dW is averaged once more",
        "layers.py",
        "self.X.T.dot(dZ, self.dW)",
        "self.X.T.dot(dZ, self.dW); self.dW /= len(dZ)",
        (ONE, FIVE, SIX, SEVEN),
    ),
    Bug(
        "gradients accumulate from step to step",
        "layers.py",
        "self.X.T.dot(dZ, self.dW)",
        "self.dW += self.X.T.dot(dZ)",
        (ONE, FIVE, SIX, SEVEN),
    ),
    Bug(
        "the layer updates its weights before the blame goes back",
        "layers.py",
        "self.ones.dot(dZ, self.db)",
        "self.ones.dot(dZ, self.db); self.W -= 0.1 * self.dW",
        (ONE, FIVE, SIX, SEVEN),
    ),
    Bug(
        "the sigmoid's derivative is taken at a instead of z",
        "functions.py",
        "return np.multiply(a, np.subtract(1, a, out=out), out=out)",
        "s = _sigmoid(a); return np.multiply(s, 1 - s, out=out)",
        (ONE, FOUR),
    ),
    Bug(
        "ReLU passes every blame",
        "functions.py",
        "d[...] = np.not_equal(a, 0) if out is None else a.astype(bool)",
        "d[...] = a >= 0",
        (FOUR, FIVE, SEVEN),
    ),
    Bug(
        "the mean squared error's gradient lacks its 2",
        "losses.py",
        "constant(2 / D.size, D.dtype)",
        "constant(1 / D.size, D.dtype)",
        (ONE, TWO, THREE),
    ),
    Bug(
        "the mean squared error's gradient is not averaged",
        "losses.py",
        "constant(2 / D.size, D.dtype)",
        "constant(2, D.dtype)",
        (ONE, TWO, THREE),
    ),
    Bug(
        "the softmax gradient has its diagonal alone",
        "losses.py",
        "dY: Array = P - T",
        "dY: Array = -(1 - P) * T",
        (THREE, SEVEN),
    ),
    Bug(
        "cross-entropy's gradient is not averaged",
        "losses.py",
        "dY /= constant(len(P), P.dtype)",
        "pass",
        (THREE, SEVEN),
    ),
    Bug(
        "cross-entropy takes the logarithm to base 2",
        "losses.py",
        "np.log(total)",
        "np.log2(total)",
        (THREE, SEVEN),
    ),
    Bug(
        "the update goes uphill",
        "optimizers.py",
        "np.multiply(g, constant(self.lr, g.dtype), out=self.tmp)",
        "np.multiply(g, -self.lr, out=self.tmp)",
        (ONE, TWO, SIX, SEVEN),
    ),
    Bug(
        "X is shuffled without T",
        "training.py",
        "T.take(rows, axis=0)",
        "T[start : start + size]",
        (SEVEN,),
    ),
    Bug(
        "He's start is half as wide",
        "initializers.py",
        'scale, fan, uniform = 2.0, "in", False',
        'scale, fan, uniform = 0.5, "in", False',
        (SEVEN,),
    ),
    Bug(
        "the binary cross-entropy's gradient is not averaged",
        "losses.py",
        "dY /= dY.size",
        "pass",
        (THREE, FIVE, SIX),
    ),
    Bug(
        "softmax takes out one maximum for the whole batch",
        "losses.py",
        "top = Y[np.arange(N), Y.argmax(axis=1)]",
        "top = np.full(N, Y.max())",
        (THREE,),
    ),
    Bug(
        "a value that is used twice keeps its last blame alone",
        "value.py",
        "parent.grad += local * node.grad",
        "parent.grad = local * node.grad",
        (FOUR, FIVE),
    ),
    Bug(
        "a product hands each factor its own value",
        "value.py",
        "(b.data, self.data)",
        "(self.data, b.data)",
        (FOUR, FIVE),
    ),
    Bug(
        "momentum keeps a mean instead of a sum",
        "optimizers.py",
        "v += g\n        if self.nesterov",
        "v += (1 - self.beta) * g\n        if self.nesterov",
        (SIX,),
    ),
    Bug(
        "Adam's mean of the gradient is not corrected",
        "optimizers.py",
        "c1 = (1 - beta1) / (1 - beta1**self.t)",
        "c1 = 1 - beta1",
        (SIX,),
    ),
]


def run(chapter: str, package_root: Path) -> subprocess.CompletedProcess[str]:
    """Run a chapter's checks with the `backprop` that lies in package_root."""
    return subprocess.run(
        [sys.executable, ROOT / "tests/chapter_checks.py", f"chapters/{chapter}.ipynb"],
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": str(package_root),
            "OPENBLAS_NUM_THREADS": "1",
        },
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Copy the package to where no bug can do harm."""
    shutil.copytree(ROOT / "backprop", tmp_path / "backprop")
    return tmp_path


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_chapters_hold_on_an_unpatched_copy(chapter: str, copy: Path) -> None:
    # The copy must be the one that is imported: this file takes its place.
    used = "import pathlib; print(pathlib.Path(__file__).parent)"
    with (copy / "backprop/__init__.py").open("a") as file:
        file.write(f"\n{used.replace('print', 'USED_FROM = str')}\n")
    probe = subprocess.run(
        [sys.executable, "-c", "import backprop; print(backprop.USED_FROM)"],
        env={**os.environ, "PYTHONPATH": str(copy)},
        cwd=copy,  # python -c looks in the current folder first
        capture_output=True,
        text=True,
        check=True,
    )
    assert probe.stdout.strip() == str(copy / "backprop")
    result = run(chapter, copy)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_planted_bug_is_seen_by_each_chapter_it_concerns(
    bug: Bug, copy: Path
) -> None:
    file = copy / "backprop" / bug.file
    source = file.read_text(encoding="utf-8")
    assert source.count(bug.right) == 1, (
        f"{bug.file} has {source.count(bug.right)} times {bug.right!r}, expected one: "
        "adapt the planted bug to the source"
    )
    file.write_text(source.replace(bug.right, bug.wrong), encoding="utf-8")
    for chapter in bug.chapters:
        result = run(chapter, copy)
        assert result.returncode == 1, f"{chapter} did not notice: {bug.name}"
        assert "SyntaxError" not in result.stdout, result.stdout
        assert "NameError" not in result.stdout, result.stdout


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_each_chapter_faces_bugs_that_it_must_see(chapter: str) -> None:
    # Chapters 2 and 4 use little of the package: the losses, and the scalar engine.
    least = 3 if chapter in (TWO, FOUR) else 6
    assert sum(chapter in bug.chapters for bug in BUGS) >= least
