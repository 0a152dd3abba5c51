"""A run's other numbers as text: machine, proof, shares, costs."""

from __future__ import annotations

from datetime import datetime

from course.measured.results import CLOCKS, OURS, Results
from course.measured.text import aligned, brief, middle, ranged, time


def machine(run: Results) -> str:
    """Write when a run was made, where, and with which versions."""
    start, end = (
        datetime.fromisoformat(run.at(key)) for key in ("started", "finished")
    )
    names = ("processor", "family", "cores", "memory_gb", "system", "python", "blas")
    has = {name: run.at("machine", name) for name in names}
    rows = [
        ("date", f"{start:%Y-%m-%d, %H:%M} to {end:%H:%M} UTC"),
        ("processor", f"{has['processor']}, {has['family']}"),
        ("cores", f"{has['cores']}, with {has['memory_gb']:.0f} GB"),
        ("system", f"{has['system']}, Python {has['python']}"),
        ("BLAS", has["blas"]),
    ]
    rows += [(name, version) for name, version in run.at("versions").items()]
    rows += [(f"no {peer}", why) for peer, why in run.at("missing").items()]
    return "\n".join(f"{name:14}{text}" for name, text in rows)


def proof(run: Results) -> str:
    """Write how far each peer's parameters are from ours after the same steps."""
    worst: dict[str, tuple[float, str]] = {}
    for work in run.at("proof"):
        for peer, difference in run.at("proof", work).items():
            if peer != OURS:
                worst[peer] = max(worst.get(peer, (0.0, work)), (difference, work))
    rows = [("", "largest difference", "on")]
    rows += [(peer, f"{far:.0e}", work) for peer, (far, work) in worst.items()]
    told = [f"{peer}: {how}" for peer, how in run.at("differs").items()]
    return "\n".join([aligned(rows), "", *told])


def workloads(run: Results) -> str:
    """Write what each workload is, and what a step of ours takes of the core."""
    rows = [("", "network, batch, optimizer", "our step", "of peak", "fit ÷ steps")]
    for work, title in run.at("workloads").items():
        step = middle(run.numbers("steps", "1", work, OURS, CLOCKS[1]))
        share = middle(run.share_of_peak(work))
        fit = middle(run.ratio(("fit", work, "fit"), ("fit", work, "steps")))
        of_peak = f"{share:.0%}" if share > 0.01 else "< 1%"
        rows.append((work, title, f"{step:,.0f} µs", of_peak, f"{fit:.2f}"))
    return aligned(rows, left=2)


def gradients(run: Results) -> str:
    """Write what a whole gradient takes, by backpropagation and by differences."""
    rows = [["parameters", "backprop", "differences", "times", "times ÷ parameters"]]
    for k, weights in enumerate(run.column("gradients", "weights")):
        one, other = ("gradients", k, "backprop"), ("gradients", k, "differences")
        taken = [time(middle(run.numbers(*here))) for here in (one, other)]
        times = middle(run.ratio(other, one))
        row = [f"{weights:,.0f}", *taken, f"{times:,.0f}", f"{times / weights:.2f}"]
        rows.append(row)
    return aligned(rows, left=0)


def batches(run: Results) -> str:
    """Write what an example takes in batches of different sizes."""
    rows = [["examples a step", "µs a step", "µs an example"]]
    sizes, steps = run.column("batch", "batch"), run.medians("batch", "step")
    for n, step in zip(sizes, steps, strict=True):
        rows.append([f"{n:,.0f}", brief(step), brief(step / n)])
    return aligned(rows, left=0)


def memory(run: Results) -> str:
    """Write the megabytes that training needed beyond what importing had taken."""
    works = list(run.at("memory"))
    rows = [["MB", "imported", *works]]
    for peer in run.at("memory", works[0]):
        at = [
            [run.at("memory", w, peer, of) for of in ("imported", "peak")]
            for w in works
        ]
        grown = [f"{peak - before:.1f}" for before, peak in at]
        rows.append([peer, f"{at[0][0]:.0f}", *grown])
    return aligned(rows)


def imports(run: Results) -> str:
    """Write the seconds that importing each library takes."""
    rows = [("", "seconds to import")]
    rows += [(name, ranged(run.numbers("imports", name))) for name in run.at("imports")]
    return aligned(rows)


def digits(run: Results) -> str:
    """Write the time and the epochs that each took to 97 % on the digits."""
    rows = [["", "ms", "epochs", "÷ ours"]]
    for peer in run.at("digits"):
        taken, ours = ("digits", peer, "seconds"), ("digits", OURS, "seconds")
        epochs = run.numbers("digits", peer, "epochs")
        row = [ranged(1e3 * run.numbers(*taken)), ranged(epochs, "{:.0f}".format)]
        rows.append(
            [peer, *row, "" if peer == OURS else ranged(run.ratio(taken, ours))]
        )
    return aligned(rows)
