"""One part of a run, in a process of its own.

    python -m benchmarks.task OUT SECTION [KEY ...]

`benchmarks.__main__` starts it with an environment that says how many threads
there are, since BLAS, PyTorch and XLA look at it when they are imported.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import machine


def about() -> dict[str, Any]:
    """Who takes part, in which version, and who does not."""
    from benchmarks.peers import PEERS, Missing, find
    from benchmarks.workloads import WORKLOADS

    missing, differs, libraries = {}, {}, ["numpy"]
    for name in PEERS:
        try:
            found = find(name)
        except Missing as reason:
            missing[name] = str(reason)
            continue
        libraries += found.libraries()
        if found.differs:
            differs[name] = found.differs
    return {
        "machine": machine.describe(),
        "versions": machine.versions(dict.fromkeys(libraries)),
        "missing": missing,
        "differs": differs,
        "workloads": {name: work.title for name, work in WORKLOADS.items()},
    }


def sections() -> dict[str, Callable[..., Any]]:
    """Section of the result -> what measures it, given the rest of its keys."""
    from benchmarks import footprint, laws, training

    return {
        "about": about,
        "proof": training.proof,
        "steps": lambda cores, name: training.steps(name),
        "fit": training.fit,
        "digits": training.digits,
        "peak": laws.peak,
        "passes": laws.passes,
        "gradients": laws.gradients,
        "depth": laws.depth,
        "batch": laws.batch,
        "memory": footprint.memory,
        "imports": footprint.imports,
    }


def main() -> None:
    """Measure, and write the numbers as JSON."""
    out, section, *keys = sys.argv[1:]
    if section != "about":
        machine.pin(machine.threads())
    Path(out).write_text(json.dumps(sections()[section](*keys)), "utf-8")


if __name__ == "__main__":
    main()
