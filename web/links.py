"""Check the book's links to other sites: the one thing that needs the internet.

Links inside the book are checked by ``make book`` and the tests. Those that leave
it are looked up by Sphinx's linkcheck, apart from both: another site's bad day is
no fault of a change to the book.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "_build" / "links"
REPORT = OUT / "_build" / "html" / "output.json"
GOOD = ("working", "redirected", "unchecked", "ignored", "local")


@dataclass(frozen=True)
class Link:
    """A link that leaves the book, the page it stands on, and what came of it."""

    address: str
    page: str
    status: str
    info: str

    @property
    def bad(self) -> bool:
        """Whether the address gave nothing."""
        return self.status not in GOOD

    @property
    def unreachable(self) -> bool:
        """Whether not even the host's name was found."""
        return self.bad and "resolve" in self.info


def external(report: Iterable[str]) -> list[Link]:
    """Return the links to other sites of linkcheck's report, by address."""
    found = map(json.loads, report)
    links = {
        one["uri"]: Link(one["uri"], one["filename"], one["status"], one["info"])
        for one in found
        if one["uri"].startswith(("http://", "https://"))
    }
    return [links[address] for address in sorted(links)]


def verdict(links: list[Link]) -> int:
    """Print what was found; return the exit status."""
    for link in links:
        status = "no answer" if link.unreachable else link.status
        print(f"{status:10} {link.address}  ({link.page})")
        if link.bad and not link.unreachable:
            print(f"{'':10} {link.info}")
    bad = [link for link in links if link.bad]
    if links and all(link.unreachable for link in links):
        print(
            "\nNot one host was found: this machine has no internet. Nothing is known."
        )
        return 1
    print(f"\n{len(links)} links to other sites, {len(bad)} of them broken.")
    return int(bool(bad))


def main() -> int:
    """Run linkcheck, list every link, and return 1 where one is broken."""
    print("Looking up the links to other sites", flush=True)
    REPORT.unlink(missing_ok=True)
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    done = subprocess.run(
        [jupyter_book, "build", ROOT, "--builder", "linkcheck", "--path-output", OUT],
        capture_output=True,
        text=True,
        check=False,
    )
    if not REPORT.is_file():
        print(done.stdout, done.stderr, sep="\n", file=sys.stderr)
        return 1
    return verdict(external(REPORT.read_text(encoding="utf-8").splitlines()))


if __name__ == "__main__":
    sys.exit(main())
