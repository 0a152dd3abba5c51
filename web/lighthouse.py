"""``make audit``: Lighthouse on the introduction and on the heaviest chapter.

A phone on a slow line, as Lighthouse simulates it by default, reads the built book
from a server that compresses. Each page is run three times, and the medians are
held to floors. The reports are kept, as JSON and as pages to read.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any

import assets
from book import HTML, ROOT, toc_pages
from bookledger import chapter_number
from browser import FLAGS, INSTALL_CHROMIUM, chromium_path
from compressing import serving_compressed
from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.table import Table
from tqdm import tqdm
from weight import weigh

RUNS = 3
FLOORS = {"performance": 90, "accessibility": 100, "best-practices": 95, "seo": 95}
REPORTS = ROOT / "_build" / "audit"
LIGHTHOUSE = assets.WEB / "audit" / "node_modules" / "lighthouse" / "cli" / "index.js"
NUMBERS = {
    "first load, kB": ("total-byte-weight", 1e-3),
    "LCP, s": ("largest-contentful-paint", 1e-3),
    "CLS": ("cumulative-layout-shift", 1),
    "TBT, ms": ("total-blocking-time", 1),
}
HEADLESS = ["--headless", *FLAGS]
Report = dict[str, Any]


class AuditFailed(Exception):
    """Lighthouse did not come to a result; the message says why."""


def heaviest_chapter(address: str, chromium: str) -> str:
    """Return the chapter for which most bytes are sent when it is read."""
    chapters = [name for name in toc_pages() if chapter_number(name) is not None]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        weights = {
            name: sum(weigh(browser, f"{address}{name}.html").read.values())
            for name in tqdm(chapters, desc="Weighing", unit="page", leave=False)
        }
        browser.close()
    return max(weights, key=lambda name: weights[name])


def run(address: str, report: Path, chromium: str) -> Report:
    """Run Lighthouse once; keep its report as ``.json`` and ``.html``.

    Raises
    ------
    AuditFailed
        With what Lighthouse said.
    """
    command = ["node", str(LIGHTHOUSE), address, "--quiet", "--output=json,html"]
    command += [f"--output-path={report}", f"--chrome-flags={' '.join(HEADLESS)}"]
    ran = subprocess.run(
        command,
        env={**os.environ, "CHROME_PATH": chromium},
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise AuditFailed(f"{address}: {ran.stderr.strip()}")
    written = report.with_name(f"{report.name}.report.json")
    result: Report = json.loads(written.read_text(encoding="utf-8"))
    if problem := result.get("runtimeError"):
        raise AuditFailed(f"{address}: {problem['message']}")
    return result


def scores(reports: list[Report]) -> dict[str, float]:
    """Return each category's median score, out of 100."""
    return {
        name: median(100 * report["categories"][name]["score"] for report in reports)
        for name in FLOORS
    }


def numbers(reports: list[Report]) -> dict[str, float]:
    """Return the medians of what was measured, by the heads of `NUMBERS`."""
    return {
        head: median(
            scale * report["audits"][name]["numericValue"] for report in reports
        )
        for head, (name, scale) in NUMBERS.items()
    }


def costs(report: Report, category: str) -> list[str]:
    """Return the audits that cost a category points, the dearest first."""
    lost = [
        (ref["weight"] * (1 - audit["score"]), f"{ref['id']}: {audit['title']}")
        for ref in report["categories"][category]["auditRefs"]
        if (audit := report["audits"][ref["id"]])["score"] is not None
    ]
    return [text for points, text in sorted(lost, reverse=True) if points > 0]


def table(results: dict[str, list[Report]]) -> Table:
    """Return the medians: a row a measure, a column a page."""
    drawn = Table("measure", "floor", title=f"Lighthouse, phone, median of {RUNS} runs")
    for name in results:
        drawn.add_column(name, justify="right")
    for category, floor in FLOORS.items():
        row = [f"{scores(reports)[category]:.0f}" for reports in results.values()]
        drawn.add_row(category, str(floor), *row)
    for head in NUMBERS:
        row = [f"{numbers(reports)[head]:.3g}" for reports in results.values()]
        drawn.add_row(head, "", *row)
    return drawn


def complaints(results: dict[str, list[Report]]) -> list[str]:
    """Return a line for each score below its floor, and for each audit to blame."""
    lines = []
    for name, reports in results.items():
        for category, score in scores(reports).items():
            if score >= FLOORS[category]:
                continue
            lines.append(f"{name}: {category} {score:.0f}, floor {FLOORS[category]}")
            worst = min(reports, key=lambda one: one["categories"][category]["score"])
            lines += [f"  {cost}" for cost in costs(worst, category)]
    return lines


def audit(chromium: str) -> dict[str, list[Report]]:
    """Run Lighthouse on both pages, ``RUNS`` times each."""
    assets.put_node_on_path()
    REPORTS.mkdir(parents=True, exist_ok=True)
    with serving_compressed(HTML) as address:
        pages = [toc_pages()[0], heaviest_chapter(address, chromium)]
        results: dict[str, list[Report]] = {name: [] for name in pages}
        turns = [(name, turn) for turn in range(1, RUNS + 1) for name in pages]
        for name, turn in tqdm(turns, desc="Lighthouse", unit="run"):
            report = REPORTS / f"{name.replace('/', '-')}-{turn}"
            results[name].append(run(f"{address}{name}.html", report, chromium))
    return results


def main() -> int:
    """Print the table and what is below a floor; return the exit status."""
    chromium = chromium_path()
    if chromium is None:
        print(f"make audit needs Chromium: {INSTALL_CHROMIUM}", file=sys.stderr)
        return 1
    try:
        results = audit(chromium)
    except AuditFailed as error:
        print(f"Lighthouse failed on {error}", file=sys.stderr)
        return 1
    Console().print(table(results))
    print(f"The reports are in {REPORTS}")
    below = complaints(results)
    for line in below:
        print(line, file=sys.stderr)
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main())
