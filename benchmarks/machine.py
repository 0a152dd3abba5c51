"""The machine that a run is made on, and how a process settles down on it."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

# Read when NumPy, PyTorch or XLA is imported: setting them later is too late.
ONE_XLA_THREAD = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def environment(cores: int) -> dict[str, str]:
    """Return the environment of a process that is to use so many cores.

    Without the other ``OPENBLAS_`` settings of the shell, which can choose
    another machine's kernels.
    """
    kept = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_")}
    kept |= dict.fromkeys(THREADS, str(cores))
    return kept | ({"XLA_FLAGS": ONE_XLA_THREAD} if cores == 1 else {})


def threads() -> int:
    """Return the number of threads that this process was started for."""
    return int(os.environ.get("OMP_NUM_THREADS", "1"))


def pin(cores: int) -> None:
    """Keep this process on so many cores, the last ones it may use (Linux)."""
    if hasattr(os, "sched_setaffinity"):
        allowed = sorted(os.sched_getaffinity(0))
        if len(allowed) < cores:
            raise SystemExit(f"{cores} cores asked for, {len(allowed)} are there")
        os.sched_setaffinity(0, allowed[-cores:])


def describe() -> dict[str, object]:
    """Return processor, memory, system and BLAS."""
    import numpy as np  # not above: `environment` must be in place first

    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return {
        "processor": _cpuinfo("model name") or platform.processor(),
        "family": f"family {_cpuinfo('cpu family')}, model {_cpuinfo('model')}",
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "memory_gb": round(
            os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
        ),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "blas": f"{blas['name']} {blas['version']}",
    }


def versions(distributions: Iterable[str]) -> dict[str, str]:
    """Return the versions of those that are installed."""
    found = {}
    for name in distributions:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def resident() -> dict[str, float]:
    """Return memory of this process in MB: now, and the most since `forget_peak`."""
    fields = dict(
        line.split(":", 1)
        for line in Path("/proc/self/status").read_text().splitlines()
    )
    now, most = (int(fields[key].split()[0]) / 1024 for key in ("VmRSS", "VmHWM"))
    return {"now": now, "most": most}


def forget_peak() -> None:
    """Begin to look for the most memory anew."""
    Path("/proc/self/clear_refs").write_text("5")


def _cpuinfo(field: str) -> str:
    if sys.platform != "linux":
        return ""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == field:
            return value.strip()
    return ""
