"""How the peers' training steps compare to ours, as text."""

from __future__ import annotations

from course.measured.results import CLOCKS, OURS, Results
from course.measured.spread import Numbers, Spread, spread
from course.measured.text import aligned, brief, ranged

UNSETTLED = 1.5  # times the smallest repeat: a larger one means a disturbed run


def ratios(run: Results, cores: int = 1) -> str:
    """Write the medians of theirs ÷ ours, a row a peer, a column a workload.

    One has a question mark if its repeats differ too much to say anything.
    """
    found, clock = run.ratios(cores), CLOCKS[cores]
    steps = {w: run.numbers("steps", str(cores), w, OURS, clock) for w in found}
    rows = [["", *found], ["our step, µs", *(_marked(steps[work]) for work in found)]]
    for peer in run.peers():
        cells = (found[work].get(peer) for work in found)
        rows.append([peer, *("– " if x is None else _marked(x) for x in cells)])
    rows[0] = [f"{name} " for name in rows[0]]  # as wide as a mark
    return aligned(rows)


def _marked(values: Numbers) -> str:
    low, median, high = spread(values)
    return brief(median) + ("?" if high > UNSETTLED * low else " ")


def ranges(run: Results) -> str:
    """Write median and range of each ratio, with one core and with two."""
    one, two = run.ratios(1), run.ratios(2)
    rows = [("", "one core", "two cores")]
    for work, row in one.items():
        rows.append((work, "", ""))
        for peer in run.peers():
            if peer in row:
                other = two.get(work, {}).get(peer)
                rows.append(
                    (
                        f"  {peer}",
                        ranged(row[peer]),
                        "–" if other is None else ranged(other),
                    )
                )
    return aligned(rows)


def verdicts(run: Results, cores: int = 1) -> str:
    """Write on which workloads each peer is slower than ours, level, or faster.

    Level is where the repeats do not agree: some above 1 and some below.
    """
    found = run.ratios(cores)
    rows = []
    for peer in run.peers():
        placed: dict[str, list[str]] = {"slower": [], "level": [], "faster": []}
        for work, row in found.items():
            if peer in row:
                low, _, high = spread(row[peer])
                verdict = "slower" if low > 1 else "faster" if high < 1 else "level"
                placed[verdict].append(work)
        name = peer
        for verdict, works in placed.items():
            if works:
                which = "all" if len(works) == len(found) else " ".join(works)
                rows.append(f"{name:18}{verdict} on {which}")
                name = ""
    return "\n".join(rows)


def panels(run: Results) -> dict[str, dict[str, dict[str, Spread]]]:
    """Return the ratios as `plots.dots` takes them: a panel a workload."""
    found = {"one core": run.ratios(1), "two cores": run.ratios(2)}
    return {
        work: {
            kind: {peer: spread(values) for peer, values in ratios[work].items()}
            for kind, ratios in found.items()
            if work in ratios
        }
        for work in run.at("workloads")
        if work in found["one core"]
    }


def passes(run: Results) -> dict[str, dict[str, Spread]]:
    """Return backward ÷ forward, measured and counted, as `plots.dots` takes them."""
    works = run.at("passes")
    law = {work: run.at("passes", work, "predicted") for work in works}
    return {
        "measured": {work: spread(run.passes(work)) for work in works},
        "multiplications counted": {work: spread([law[work]]) for work in works},
    }
