"""What people read: a page for each student, and one about the class.

Pages are self-contained, run no script and load nothing. Everything that a
student could have written is escaped.
"""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import Any

from course.grading.gradebook import Row, points
from course.grading.settings import Settings
from course.model import Code, Exercise

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto;
  padding: 0 1rem; }}
h1 {{ font-size: 1.5rem; }} h2 {{ font-size: 1.2rem; margin-top: 2rem; }}
h3 {{ font-size: 1rem; margin-bottom: 0; }} h3 + p, h3 + ul {{ margin-top: 0.2rem; }}
table {{ border-collapse: collapse; }}
th, td {{ padding: 0.2rem 0.8rem 0.2rem 0; text-align: left; vertical-align: top; }}
td.n {{ text-align: right; font-variant-numeric: tabular-nums; }}
pre {{ overflow-x: auto; border: 1px solid; padding: 0.5rem; }}
meter {{ width: 10rem; }}
.hint {{ border-left: 3px solid; padding-left: 0.7rem; }}
</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def feedback(row: Row, settings: Settings) -> str:
    """Return a student's page.

    Parameters
    ----------
    row : Row
    settings : Settings

    Returns
    -------
    str
        HTML; shows no number from a hidden input.
    """
    total, most = row.sum(settings), settings.maximum()
    body = [f"<h1>Feedback for {escape(row.student)}</h1>"]
    if row.status == "refused":
        body.append(f"<p>The file could not be graded: {_text(row.notes[-1])}.</p>")
    if total is None:
        body.append("<p>There is no total yet.</p>")
    else:
        body.append(f"<p><strong>{points(total)} of {points(most)} points</strong></p>")
    for chapter in settings.chapters:
        own, has = row.sum(settings, chapter), settings.maximum(chapter)
        got = points(own) if own is not None else "–"
        body.append(f"<h2>{escape(chapter)}: {got} of {points(has)}</h2>")
        for ex in settings.exercises:
            if ex.chapter == chapter:
                body += _exercise(row, ex, settings.weights[ex.id])
    return _PAGE.format(title=f"Feedback: {escape(row.student)}", body="\n".join(body))


def class_page(rows: list[Row], settings: Settings) -> str:
    """Return the page for the instructor: what goes wrong, and where people stop.

    Parameters
    ----------
    rows : list of Row
    settings : Settings

    Returns
    -------
    str
        HTML.
    """
    working = [row for row in rows if row.records]
    body = [
        f"<h1>The class: {len(working)} submissions</h1>",
        _stops(working, settings),
    ]
    body.append("<h2>Misconceptions</h2>")
    for ex in settings.exercises:
        body += _misconceptions(
            ex, [r.records[ex.id] for r in working if ex.id in r.records]
        )
    odd = [row for row in rows if row.notes]
    if odd:
        body.append("<h2>To look at</h2><ul>")
        body += [
            f"<li>{_text(row.student or (row.file.path if row.file else ''))}: "
            f"{_text('; '.join(row.notes))}</li>"
            for row in odd
        ]
        body.append("</ul>")
    return _PAGE.format(title="The class", body="\n".join(body))


def _exercise(row: Row, ex: Exercise, weight: float) -> list[str]:
    """One exercise of a student's page."""
    score = row.score(ex.id)
    got = (
        "not graded yet"
        if score is None
        else f"{points(weight * score)} of {points(weight * ex.points)}"
    )
    body = [f"<h3>{escape(ex.title)}: {got}</h3>"]
    if ex.id in row.overrides:
        reason = row.overrides[ex.id].reason
        return [
            *body,
            f"<p>Set by your instructor{': ' + _text(reason) if reason else ''}.</p>",
        ]
    record = row.records.get(ex.id)
    if record is None:
        return [*body, "<p>Not answered.</p>"]
    if "fault" in record:
        return [*body, "<p>Could not be graded, by no fault of yours.</p>"]
    if not record["passed"]:
        body += _what_failed(record, ex)
    answer = row.file.answers.get(ex.id) if row.file else None
    if isinstance(ex, Code) and isinstance(answer, str):
        code = escape(answer[:20_000].replace("\0", ""))
        body.append(f"<details><summary>Your code</summary><pre>{code}</pre></details>")
    return body


def _what_failed(record: dict[str, Any], ex: Exercise) -> list[str]:
    body = []
    if len(record["parts"]) > 1 or isinstance(ex, Code):
        body.append("<ul>")
        for name, most, got, message in record["parts"]:
            verdict = "holds" if got == most else "not yet"
            verdict += f": {_text(message)}" if message else ""
            body.append(
                f"<li>{_text(name)} ({points(got)} of {points(most)}): {verdict}</li>"
            )
        body.append("</ul>")
    shown = record["shown"]
    if shown and not any(part[3] == shown for part in record["parts"]):
        body.append(f"<p>{_text(shown)}</p>")
    if not shown and isinstance(ex, Code):
        body.append("<p>Check in the notebook shows this on numbers you can see.</p>")
    if record["hint"]:
        body.append(f'<p class="hint">{_text(record["hint"])}</p>')
    return body


def _stops(rows: list[Row], settings: Settings) -> str:
    """How far people come: answers, and the last exercise they answered."""
    last = Counter(
        next((ex.id for ex in reversed(settings.exercises) if ex.id in row.records), "")
        for row in rows
    )
    lines = []
    for ex in settings.exercises:
        found = [row.records[ex.id] for row in rows if ex.id in row.records]
        full = sum(bool(r.get("passed")) for r in found)
        meter = (
            f'<meter min="0" max="{max(len(rows), 1)}" value="{len(found)}"></meter>'
        )
        lines.append(
            f'<tr><th scope="row">{escape(ex.id)}</th><td>{meter}</td>'
            f'<td class="n">{len(found)}</td><td class="n">{full}</td>'
            f'<td class="n">{last[ex.id]}</td></tr>'
        )
    return (
        "<h2>Where people stop</h2><table><thead><tr><th>Exercise</th><th></th>"
        "<th>answered</th><th>full points</th><th>stopped here</th></tr></thead>"
        f"<tbody>{''.join(lines)}</tbody></table>"
    )


def _misconceptions(ex: Exercise, found: list[dict[str, Any]]) -> list[str]:
    wrong = [r for r in found if "score" in r and not r["passed"]]
    if not wrong:
        return []
    counts = Counter(record["mistake"] for record in wrong)
    hints = {mistake.name: mistake.hint for mistake in ex.mistakes}
    body = [
        f"<h3>{escape(ex.title)} ({escape(ex.id)}): "
        f"{len(wrong)} of {len(found)} not right</h3><ul>"
    ]
    for name, count in counts.most_common():
        share = f"{count} ({100 * count / len(found):.0f} %)"
        if name is None:
            body.append(f"<li>{share}: none of the listed mistakes</li>")
        else:
            hint = _text(hints.get(name, ""))
            body.append(f"<li>{share}: <code>{escape(name)}</code>. {hint}</li>")
    return [*body, "</ul>"]


def _text(text: str) -> str:
    """Escape, and keep the lines."""
    return escape(str(text)).replace("\n", "<br>")
