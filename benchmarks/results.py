"""Result files: written whole, read with care, shown as a table, compared.

python -m benchmarks.results FILE          the table, in Markdown
python -m benchmarks.results FILE OTHER    do two runs agree?
"""

from __future__ import annotations

import argparse
import json
import os
import re
from pathlib import Path
from statistics import median
from typing import Any

from course.measured import results as measured

FORMAT = measured.FORMAT
FOLDER = Path(__file__).parent / "results"

NUMBERS = re.compile(r"\[[^][{}]*\]")  # a list of them goes into one line

Result = dict[str, Any]


def write(path: Path, result: Result) -> None:
    """Write a result beside its place and rename it: never half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        text = json.dumps(_rounded(result), indent=1, ensure_ascii=False)
        text = NUMBERS.sub(lambda found: " ".join(found[0].split()), text)
        temporary.write_text(text + "\n", "utf-8")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _rounded(value: Any) -> Any:
    """The same with five digits a number: more is not measured."""
    if isinstance(value, float):
        return float(f"{value:.5g}")
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_rounded(part) for part in value]
    return value


def read(path: Path) -> Result:
    """Return what a result file holds; ValueError as the page's reader raises it."""
    return dict(measured.read(path).data)


def ratios(theirs: list[float], ours: list[float]) -> list[float]:
    """Entry by entry: what was taken side by side is divided."""
    return [a / b for a, b in zip(theirs, ours, strict=True)]


def spread(numbers: list[float]) -> str:
    """Median, and the range in brackets."""
    low, high = min(numbers), max(numbers)
    return f"{median(numbers):.3g} ({low:.3g} to {high:.3g})"


def table(result: Result) -> str:
    """Markdown: a training step of each peer over ours, with its range."""
    lines = [
        f"Run of {result['started']} on {result['machine']['processor']}, "
        + f"{result['machine']['family']}; "
        + ", ".join(f"{k} {v}" for k, v in result["versions"].items())
        + "."
    ]
    for cores, works in result.get("steps", {}).items():
        peers = [*dict.fromkeys(peer for times in works.values() for peer in times)]
        lines += [
            f"\n{cores} core{'s' * (cores != '1')}, CPU time of a training step, "
            + "theirs ÷ ours: median and range\n",
            "| | ours, µs | " + " | ".join(peers[1:]) + " |",
            "|---" * (len(peers) + 1) + "|",
        ]
        for name, times in works.items():
            ours = times["backprop"]["cpu"]
            cells = [
                spread(ratios(times[p]["cpu"], ours)) if p in times else ""
                for p in peers[1:]
            ]
            title = f"{name}: {result['workloads'][name]}"
            lines.append(
                "| " + " | ".join([title, f"{median(ours):.4g}", *cells]) + " |"
            )
    return "\n".join(lines)


def quantities(result: Result) -> dict[str, list[float]]:
    """Every measured number of a run that another run should find again."""
    found = {}
    for cores, works in result.get("steps", {}).items():
        for name, times in works.items():
            for peer, both in times.items():
                if peer != "backprop":
                    row = ratios(both["cpu"], times["backprop"]["cpu"])
                    found[f"step, {cores} core(s), {name}, {peer} ÷ ours"] = row
    for name, both in result.get("fit", {}).items():
        found[f"fit ÷ steps, {name}"] = ratios(both["fit"], both["steps"])
    for name, both in result.get("passes", {}).items():
        found[f"backward ÷ forward, {name}"] = ratios(both["backward"], both["forward"])
    for row in result.get("gradients", []):
        name = f"differences ÷ backward, {row['weights']} weights"
        found[name] = ratios(row["differences"], row["backprop"])
    for kind in ("depth", "batch"):
        rows = result.get(kind, [])
        for row in rows[1:]:
            first, *_ = row
            name = f"step, {kind} {row[first]} ÷ {rows[0][first]}"
            found[name] = ratios(row["step"], rows[0]["step"])
    for peer, row in result.get("digits", {}).items():
        if peer != "backprop":
            ours = result["digits"]["backprop"]["seconds"]
            found[f"digits, {peer} ÷ ours"] = ratios(row["seconds"], ours)
    for name, row in result.get("imports", {}).items():
        if name != "backprop":
            ours = result["imports"]["backprop"]
            found[f"import, {name} ÷ ours"] = ratios(row, ours)
    return found


def compare(one: Result, other: Result) -> tuple[list[str], int, int]:
    """Hold two runs against each other.

    Two agree about a quantity where their ranges overlap.

    Returns
    -------
    lines : list of str
        One for each quantity that they disagree about, or that one lacks.
    disagreements, compared : int
    """
    first, second = quantities(one), quantities(other)
    lines = [f"only in one run: {name}" for name in first.keys() ^ second.keys()]
    both = [name for name in first if name in second]
    for name in both:
        a, b = first[name], second[name]
        if min(a) > max(b) or min(b) > max(a):
            apart = abs(median(b) / median(a) - 1)
            lines.append(f"{name}: {spread(a)}, {spread(b)}; {apart:.1%} apart")
    return lines, len(lines), len(both)


def main() -> None:
    """Print a table, or compare two files; exit with 1 where they disagree."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("other", type=Path, nargs="?")
    args = parser.parse_args()
    try:
        one = read(args.file)
        if args.other is None:
            print(table(one))
            return
        lines, disagreements, compared = compare(one, read(args.other))
    except (OSError, ValueError) as error:
        parser.error(str(error))
    print("\n".join([*lines, f"{compared} quantities, {disagreements} disagreements"]))
    raise SystemExit(1 if disagreements else 0)


if __name__ == "__main__":
    main()
