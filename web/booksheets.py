"""One style sheet for the whole book, so that a page can be painted soon.

The themes and extensions bring a dozen sheets, each of which the first paint would
wait for, and most of whose rules no page of the book uses: 150 kB compressed. They
are joined in their order, less those rules; our own sheets are joined whole. The
sheet's address has a hash of what is in it, so a browser may keep it for long.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import assets
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

SHEET = "site.css"
# The theme's template names the first two itself; the first imports basic.css.
THEME = ("basic.css", "styles/theme.css", "styles/pydata-sphinx-theme.css")
OWN = Path(__file__).parent / "static"
IMPORT = re.compile(r'@import "[^"]*";')
# icons.css draws the icons: nothing may ask for the theme's icon font.
ICON_FONT = re.compile(r"@font-face\{[^}]*/fontawesome/[^}]*\}")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
RELATIVE = re.compile(r"url\((?!data:|[\"'])")
joined: list[str] = []  # the sheets that every page asks for, in their order
LIST = "joined.json"  # what they were, for a build in which no page changed


def link_one_sheet(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], tree: Any
) -> None:
    """Take from a page's sheets those that are joined; note which these are.

    The search page, written at each build, asks for what every page asks for. A
    sheet for one medium alone does not hold up the first paint, and stays.
    """
    sheets = sorted(context["css_files"], key=lambda sheet: sheet.priority)
    alone = [sheet for sheet in sheets if "media" in sheet.attributes]
    if pagename == "search":
        names = [str(sheet.filename) for sheet in sheets if sheet not in alone]
        names = [name.removeprefix("_static/") for name in names]
        joined[:] = dict.fromkeys([*THEME, *names])
    context["css_files"] = alone


def take_out(static: Path, kept: Path) -> list[str]:
    """Move the sheets out of the site, and return their names.

    Where no page changed, Sphinx neither asks for them nor copies them again.
    """
    kept.mkdir(parents=True, exist_ok=True)
    if joined:
        (kept / LIST).write_text(json.dumps(joined), encoding="utf-8")
    names: list[str] = json.loads((kept / LIST).read_text(encoding="utf-8"))
    for name in names:
        if (static / name).is_file():
            (kept / name).parent.mkdir(parents=True, exist_ok=True)
            (static / name).replace(kept / name)
    return names


def read_sheet(kept: Path, name: str) -> str:
    """Return a sheet's text, its addresses counted from the site's own sheet.

    Our own is read where it is written: Sphinx copies it only if a page changed.
    """
    source = OWN / name if (OWN / name).is_file() else kept / name
    text = COMMENT.sub("", source.read_text(encoding="utf-8"))
    place = Path(name).parent.as_posix()
    return RELATIVE.sub(f"url({place}/", ICON_FONT.sub("", IMPORT.sub("", text)))


def purge(texts: list[str], content: list[Path]) -> list[str]:
    """Return the sheets without the rules whose words the content never uses."""
    assets.put_node_on_path()
    ran = subprocess.run(
        ["node", assets.WEB / "purge.cjs"],
        input=json.dumps({"content": [str(path) for path in content], "sheets": texts}),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if ran.returncode:
        raise ExtensionError(f"web/purge.cjs failed:\n{ran.stderr}")
    return list(json.loads(ran.stdout))


def is_ours(name: str) -> bool:
    """Say whether a sheet is the book's own: its scripts may make up class names."""
    return (OWN / name).is_file() or name == "panels.css"


def whole_sheet(kept: Path, names: list[str], content: list[Path]) -> str:
    """Return all sheets as one; of those that are not ours, what the content uses."""
    texts = {name: read_sheet(kept, name) for name in names}
    foreign = [name for name in names if not is_ours(name)]
    purged = purge([texts[name] for name in foreign], content)
    texts |= dict(zip(foreign, purged, strict=True))
    return "\n".join(texts.values())


def join_sheets(app: Sphinx, exception: Exception | None) -> None:
    """Write the sheet in place of those that go into it, and date it in every page."""
    if exception or app.builder.format != "html":
        return
    out, kept = Path(app.outdir), Path(app.doctreedir) / "sheets"
    static = out / "_static"
    pages = {Path(app.builder.get_outfilename(name)) for name in app.env.found_docs}
    pages |= set(out.glob("*.html"))
    content = [*sorted(pages), *sorted(static.rglob("*.js"))]
    text = whole_sheet(kept, take_out(static, kept), content)
    (static / SHEET).write_text(text, encoding="utf-8")
    version = hashlib.sha256(text.encode()).hexdigest()[:8]
    for page in pages:
        html = page.read_text(encoding="utf-8")
        dated = re.sub(rf"{SHEET}(\?v=\w+)?", f"{SHEET}?v={version}", html, count=1)
        if dated != html:
            page.write_text(dated, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the above with Sphinx."""
    app.connect("html-page-context", link_one_sheet, priority=990)
    # After the theme, which writes a sheet of its own when the build has finished.
    app.connect("build-finished", join_sheets, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
