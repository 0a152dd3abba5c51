"""Time the builds that an author waits for, in a clone of what is committed.

    python -m benchmarks.build [--caches fresh]

From a clean clone: ``make book`` with its environment, again after one word of a
chapter has changed, again after nothing has, and ``make chapters``. The caches of
pip, uv and npm stay as they are, unless fresh ones are asked for: then every
package is downloaded. Prints seconds beside the limits that the project gives
itself, and exits with 1 where one is passed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

ROOT = Path(__file__).resolve().parent.parent
TEXT = "chapters/05_the_backward_pass.ipynb"
BEFORE, AFTER = '"# The backward pass', '"# The whole backward pass'
CACHES = ("PIP_CACHE_DIR", "UV_CACHE_DIR", "npm_config_cache")


@dataclass(frozen=True)
class Step:
    """A command of make, what precedes it, and its limit in seconds."""

    title: str
    target: str
    limit: float
    edit: bool = False


STEPS = (
    Step("cold, with the environment", "book", 120),
    Step("one word of a chapter changed", "book", 10, edit=True),
    Step("nothing changed", "book", 10),
    Step("all chapters executed", "chapters", 180),
)


def main() -> int:
    """Print the table; return 1 where a step took longer than its limit."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--caches", choices=("warm", "fresh"), default="warm")
    fresh = parser.parse_args().caches == "fresh"
    with tempfile.TemporaryDirectory(prefix="backprop-build-") as folder:
        clone = Path(folder, "clone")
        run(["git", "clone", "--quiet", str(ROOT), str(clone)], ROOT)
        environment = surroundings(Path(folder) if fresh else None)
        taken = [
            (step, timed(step, clone, environment))
            for step in tqdm(STEPS, unit="build", leave=False)
        ]
    print(f"{os.cpu_count()} cores, {'fresh' if fresh else 'warm'} package caches")
    print(table(taken))
    return int(any(seconds > step.limit for step, seconds in taken))


def surroundings(caches: Path | None) -> dict[str, str]:
    """Return the environment of a build, with empty caches in a folder if given."""
    if caches is None:
        return dict(os.environ)
    return os.environ | {name: str(caches / name) for name in CACHES}


def timed(step: Step, clone: Path, environment: dict[str, str]) -> float:
    """Return the seconds that a step takes."""
    if step.edit:
        path = clone / TEXT
        text = path.read_text(encoding="utf-8")
        if BEFORE not in text:
            raise SystemExit(f"{TEXT} does not hold {BEFORE!r} any more; edit build.py")
        path.write_text(text.replace(BEFORE, AFTER, 1), encoding="utf-8")
    began = time.perf_counter()
    run(["make", step.target], clone, environment)
    return time.perf_counter() - began


def run(
    command: list[str], folder: Path, environment: dict[str, str] | None = None
) -> None:
    """Run a command quietly; where it fails, show what it said and end."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{done.stdout}\n{' '.join(command)} failed; see above")


def table(taken: list[tuple[Step, float]]) -> str:
    """Return what each step took, beside its limit."""
    rows = [f"{'':42} {'seconds':>8} {'limit':>6}"]
    for step, seconds in taken:
        title = f"make {step.target}: {step.title}"
        over = "  OVER" if seconds > step.limit else ""
        rows.append(f"{title:42} {seconds:8.1f} {step.limit:6.0f}{over}")
    return "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main())
