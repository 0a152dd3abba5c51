"""Build the book, make sure that it is whole, and say where it is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
HTML = ROOT / "_build" / "html"


def toc_parts(root: Path = ROOT) -> list[tuple[str, list[str]]]:
    """Return the parts of ``_toc.yml``, each with its pages; the first is the root."""

    def files(entry: dict[str, Any]) -> list[str]:
        own = [entry["file"]] if "file" in entry else []
        below = [*entry.get("chapters", []), *entry.get("sections", [])]
        return own + [name for child in below for name in files(child)]

    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    parts = [(part.get("caption", ""), files(part)) for part in toc["parts"]]
    return [("", [toc["root"]]), *parts]


def toc_pages(root: Path = ROOT) -> list[str]:
    """Return the pages of ``_toc.yml``, root first, without suffix."""
    return [page for _, pages in toc_parts(root) for page in pages]


def main() -> int:
    """Build strictly, then look for each page; return the exit status."""
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    command = [jupyter_book, "build", ROOT]
    strict = ["-n", "-W", "--keep-going", "-q"]
    # Its own closing words say less than ours; what it warns of is on stderr.
    status = subprocess.run(
        [*command, *strict], check=False, stdout=subprocess.DEVNULL
    ).returncode
    missing = [
        page for page in toc_pages() if not (HTML / page).with_suffix(".html").is_file()
    ]
    for page in missing:
        print(f"no page was built for {page} of _toc.yml", file=sys.stderr)
    if status or missing:
        print("The book was NOT built; see above.", file=sys.stderr)
        return 1
    first = (HTML / toc_pages()[0]).with_suffix(".html")
    print(f"\nThe book is built. Open\n  {first.as_uri()}\nwhich is\n  {first}")
    if not os.environ.get("SITE_URL", "").strip():
        print(
            "To publish it, build with SITE_URL=https://… , the address it will have."
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
