"""Measure everything, and write it down.

    make bench                                       all peers, in .venv-bench
    python -m benchmarks [--only steps,fit] [--workloads w1,w2a] [--cores 1]
                         [--out FILE] [--resume FILE]

Each part runs in a process of its own and is written as soon as it is measured;
after an interrupt, `--resume FILE` goes on with what is not there yet. All that is
timed is timed in two turns, minutes apart, in processes anew: where a process
happens to lie in memory, and what the machine does meanwhile, is part of the spread.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tqdm import tqdm

from benchmarks import machine, results
from benchmarks.training import PROVED
from benchmarks.workloads import WORKLOADS

SECTIONS = (
    *("proof", "steps", "fit", "peak", "passes", "gradients"),
    *("depth", "batch", "memory", "digits", "imports"),
)
ONCE = ("proof", "memory", "digits")  # nothing that is timed, or seeds for repeats
TURNS = 2
IN_MEMORY = ("w2b", "w4")
HELD = ("backprop", "textbook NumPy", "PyTorch eager", "scikit-learn")

Keys = tuple[str, ...]


def parts(
    sections: list[str], workloads: list[str], cores: list[str], missing: list[str]
) -> Iterator[Keys]:
    """List where each part's numbers stand in the result: section and keys."""
    held = [peer for peer in HELD if peer not in missing]
    of: dict[str, list[Keys]] = {
        "proof": [(w,) for w in PROVED if w in workloads],
        "steps": [(n, w) for n in cores for w in workloads],
        "fit": [(w,) for w in workloads],
        "passes": [(w,) for w in workloads],
        "memory": [(w, p) for w in IN_MEMORY if w in workloads for p in held],
    }
    if sys.platform != "linux":
        of["memory"] = []  # it is read from /proc
    for section in sections:
        for keys in of.get(section, [()]):
            yield (section, *keys)


def measure(keys: Keys) -> Any:
    """Run one part in a process of its own; return its numbers.

    Raises
    ------
    RuntimeError
        It failed; the message ends with what it said.
    """
    cores = int(keys[1]) if keys[0] == "steps" else 1
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "part.json"
        command = [sys.executable, "-m", "benchmarks.task", str(out), *keys]
        run = subprocess.run(
            command, env=machine.environment(cores), capture_output=True, text=True
        )
        if run.returncode:
            said = (run.stderr or run.stdout).strip()[-2000:]
            raise RuntimeError(f"{' '.join(keys)} failed:\n{said}")
        return json.loads(out.read_text("utf-8"))


def store(result: results.Result, keys: Keys, value: Any) -> None:
    """Put a part's numbers in their place, after those of an earlier turn."""
    turns = result.setdefault("turns", {})
    turns[" ".join(keys)] = taken(result, keys) + 1
    *path, last = keys
    for key in path:
        result = result.setdefault(key, {})
    result[last] = joined(result[last], value) if last in result else value


def taken(result: results.Result, keys: Keys) -> int:
    """Turns of a part that are there already."""
    return int(result.get("turns", {}).get(" ".join(keys), 0))


def joined(first: Any, second: Any) -> Any:
    """Two turns as one: lists of numbers one after the other, at every place."""
    if isinstance(first, dict):
        return {key: joined(value, second[key]) for key, value in first.items()}
    if isinstance(first, list) and isinstance(first[0], dict):
        return [joined(a, b) for a, b in zip(first, second, strict=True)]
    return first + second if isinstance(first, list) else first


def begin(resumed: Path | None) -> results.Result:
    """Return a new result, or one that is to be gone on with on this machine."""
    here = measure(("about",))
    if resumed is None:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return {"format": results.FORMAT, "started": now, **here}
    result = results.read(resumed)
    for field in ("machine", "versions"):
        if result[field] != here[field]:
            given = f"{resumed}: {field} was {result[field]}"
            raise ValueError(f"{given}, now it is {here[field]}; begin anew")
    return result


def chosen(text: str, known: list[str], what: str) -> list[str]:
    """Split a list of names; ValueError names one that there is not."""
    names = text.split(",")
    for name in names:
        if name not in known:
            raise ValueError(f"no {what} {name!r}; there are {', '.join(known)}")
    return names


def main() -> None:
    """Measure what was asked for; leave a file with as much as there was time for."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--only", default=",".join(SECTIONS), help="sections")
    parser.add_argument("--workloads", default=",".join(WORKLOADS))
    parser.add_argument("--cores", default="1,2", help="1, 2 or both")
    parser.add_argument("--out", type=Path, help="default: results/DATE.json")
    parser.add_argument("--resume", type=Path, metavar="FILE")
    args = parser.parse_args()
    try:
        sections = chosen(args.only, list(SECTIONS), "section")
        workloads = chosen(args.workloads, list(WORKLOADS), "workload")
        cores = chosen(args.cores, ["1", "2"], "number of cores")
        result = begin(args.resume)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    started = result["started"].replace(":", "").replace("-", "")
    out = args.out or args.resume or results.FOLDER / f"{started}.json"
    there = result["machine"]["cores"]
    if "2" in cores and there < 2:
        cores.remove("2")
        print("One core here: nothing is measured on two", file=sys.stderr)
    for peer, reason in result["missing"].items():
        print(f"Without {peer}: {reason}", file=sys.stderr)
    every = list(parts(sections, workloads, cores, list(result["missing"])))
    again = [keys for keys in every if keys[0] not in ONCE]
    every += again * (TURNS - 1)
    failed = run_all(result, every, out)
    table = results.table(result)
    out.with_suffix(".md").write_text(table + "\n", "utf-8")
    print(table)
    print(f"\nWritten: {out}, and its table as .md", file=sys.stderr)
    raise SystemExit(1 if failed else 0)


def run_all(result: results.Result, every: list[Keys], out: Path) -> bool:
    """Measure each part that is not there; say on the way what failed."""
    failed, seen = False, Counter[Keys]()
    with tqdm(every, unit="part", smoothing=0) as progress:
        for keys in progress:
            progress.set_description(" ".join(keys))
            seen[keys] += 1
            if taken(result, keys) >= seen[keys]:
                continue
            try:
                store(result, keys, measure(keys))
            except RuntimeError as error:
                failed = True
                progress.write(str(error), file=sys.stderr)
            except KeyboardInterrupt:
                results.write(out, result)
                again = f"python -m benchmarks --resume {out}"
                raise SystemExit(f"\nInterrupted. Go on with: {again}") from None
            result["finished"] = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            results.write(out, result)
    return failed


if __name__ == "__main__":
    main()
