"""The panel: one exercise as widget, as HTML and in JavaScript, always the same."""

from __future__ import annotations

import base64
import json
import subprocess
from dataclasses import asdict, replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from assets import node_bin
from IPython.core.interactiveshell import InteractiveShell
from panel_answers import answers
from sample_exercises import CHOICE, CODE, NUMBER, ORDER, SAMPLES
from traitlets.config import Config

from course import exercises, store
from course.checking import check
from course.model import Code
from course.panel import Panel
from course.panel.data import panel_data, takes
from course.panel.frontend import STATIC, page_script, widget_script
from course.panel.html import INDEX, panel_html
from course.panel.picture import picture_after

EVERY = [*SAMPLES, *exercises.all()]
STATIC_ONES = [exercise for exercise in EVERY if not isinstance(exercise, Code)]
NODE = str(Path(node_bin()) / "node")
# No student, and two whose values differ from the page's.
STUDENTS = (None, "s1", "ada@example.org")
JUDGE = """
import { readFileSync } from "node:fs";
import { check } from "./check.js";
const { data, asked } = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(asked.map(([round, value]) => check(data, round, value))));
"""


def panel_of(exercise, path):
    return Panel(
        exercise, exercise.solution if isinstance(exercise, Code) else None, path
    )


@pytest.fixture(scope="module")
def judge(tmp_path_factory):
    """Return what lets the page's check judge answers, in node."""
    folder = tmp_path_factory.mktemp("modules")
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    for source in STATIC.glob("*.js"):
        text = source.read_text(encoding="utf-8")
        (folder / source.name).write_text(text, encoding="utf-8")
    (folder / "judge.js").write_text(JUDGE, encoding="utf-8")

    def judged(data, asked):
        given = json.dumps({"data": data, "asked": asked})
        command = [NODE, str(folder / "judge.js")]
        done = subprocess.run(
            command, input=given, capture_output=True, text=True, encoding="utf-8"
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return judged


def told(result):
    """What a result says, with points to nine digits."""
    parts = [
        (p["name"], pytest.approx(p["points"]), pytest.approx(p["got"]))
        for p in result["properties"]
    ]
    return {
        **{key: result[key] for key in ("id", "max", "passed", "message", "hint")},
        "mistake": result["mistake"],
        "score": pytest.approx(result["score"]),
        "properties": parts,
    }


@pytest.mark.parametrize("exercise", STATIC_ONES, ids=lambda ex: ex.id)
def test_the_page_judges_every_answer_as_python_does(judge, exercise):
    seen = set()
    for student in STUDENTS:
        asked = [
            (take, answer)
            for take in range(takes(exercise))
            for answer in answers(exercise, student, take)
        ]
        # As the page has it: through JSON.
        data = json.loads(json.dumps(panel_data(exercise, student)))
        for (take, answer), there in zip(asked, judge(data, asked), strict=True):
            here = check(exercise, answer, student=student, take=take)
            assert told(there) == told(asdict(here)), (student, take, answer)
            seen.add(here.mistake or here.passed)
    # Right answers, wrong ones, and each mistake's: all have been met.
    assert {True, *(mistake.name for mistake in exercise.mistakes)} <= seen


@pytest.mark.parametrize("exercise", EVERY, ids=lambda ex: ex.id)
def test_the_html_is_the_same_each_time_and_for_every_saved_answer(exercise, tmp_path):
    path = tmp_path / "submission.json"
    first = panel_of(exercise, path)._repr_mimebundle_()[0]
    store.save(exercise.id, value=0, score=0, path=path)
    again = panel_of(exercise, path)._repr_mimebundle_()[0]
    assert first["text/html"] == again["text/html"]
    assert first["text/plain"] == f"Exercise {exercise.id}: {exercise.title}"
    assert "application/vnd.jupyter.widget-view+json" in first


@pytest.mark.parametrize("exercise", EVERY, ids=lambda ex: ex.id)
def test_numbers_on_the_page_have_six_digits(exercise):
    def floats(data):
        if isinstance(data, dict | list):
            inside = data.values() if isinstance(data, dict) else data
            return [x for part in inside for x in floats(part)]
        return [data] if isinstance(data, float) else []

    for x in floats(panel_data(exercise, "s1")):
        assert x == float(f"{x:.6g}")


class Reader(HTMLParser):
    """Collect what is read without scripts, and the data that scripts get."""

    def __init__(self, html):
        super().__init__()
        self.open, self.text, self.data = [], "", ""
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "script" in self.open:
            self.data += data
        else:
            self.text += data


@pytest.mark.parametrize("exercise", EVERY, ids=lambda ex: ex.id)
def test_the_html_reads_without_scripts(exercise):
    data = panel_data(exercise)
    text = Reader(panel_html(data)).text
    first = data["rounds"][0]
    named = [exercise.title, data["worth"], *data["hints"], *data.get("fields", [])]
    named += [*first.get("options", []), *first.get("lines", [])]
    named += [part for pair in first["shown"] for part in pair]
    for words in named:
        assert INDEX.sub(r"\1", words.replace("`", "")) in text or words in text


def test_the_data_survive_any_text_in_an_exercise():
    reader = Reader(panel_html(panel_data(NUMBER)))
    hints = [mistake["hint"] for mistake in json.loads(reader.data)["mistakes"]]
    assert hints[0] == "Where does the square <go>?"


def test_without_a_kernel_code_carries_no_answer():
    html = panel_html(panel_data(CODE))
    assert "return" not in html
    assert Reader(html).data == ""


def ask(panel, value, number=1, take=0):
    panel.answer = {"number": number, "round": take, "value": value}
    return panel.result


def test_a_check_in_the_notebook_is_saved(tmp_path):
    path = tmp_path / "submission.json"
    panel = Panel(CHOICE, path=path)
    right = panel.everything["rounds"][0]["right"]
    assert ask(panel, (right + 1) % 3)["passed"] is False
    assert ask(panel, right, number=2)["passed"] is True
    assert panel.result["number"] == 2
    assert store.load(path)["answers"][CHOICE.id]["value"] == right
    assert Panel(CHOICE, path=path).saved == {"value": right, "score": 1, "max": 1}


def test_practice_with_fresh_numbers_is_checked_and_not_saved(tmp_path):
    path = tmp_path / "submission.json"
    panel = Panel(NUMBER, path=path)
    rounds = panel.everything["rounds"]
    assert len({json.dumps(r["right"]) for r in rounds}) == 3
    assert ask(panel, rounds[1]["right"], take=1)["passed"] is True
    assert panel.saved is None
    assert not path.exists()


def test_the_student_of_the_file_decides_on_the_values(tmp_path):
    path = tmp_path / "submission.json"
    store.set_student("s1", path)
    assert Panel(NUMBER, path=path).data == panel_data(NUMBER, "s1")
    assert panel_data(NUMBER, "s1") != panel_data(NUMBER)


def test_a_panel_of_code_checks_the_cell(tmp_path):
    path = tmp_path / "submission.json"
    panel = Panel(CODE, "def twice(x):\n    return x * x\n", path)
    assert ask(panel, None)["hint"] == "That is a square."
    assert "x * x" in store.load(path)["answers"][CODE.id]["code"]
    assert ask(Panel(CODE, CODE.solution, path), None)["score"] == 2


@pytest.fixture(scope="module")
def shell():
    """An IPython without a history file: pictures are caught from its displays."""
    settings = Config()
    settings.HistoryManager.enabled = False
    yield InteractiveShell.instance(config=settings)
    InteractiveShell.clear_instance()


@pytest.mark.parametrize(
    "exercise",
    [ex for ex in exercises.all() if isinstance(ex, Code) and ex.after],
    ids=lambda ex: ex.id,
)
def test_who_passes_sees_their_own_function_at_work(shell, exercise):
    picture = picture_after(exercise, exercise.solution)
    assert base64.b64decode(picture["png"]).startswith(b"\x89PNG")
    assert len(picture["alt"]) > 20


def test_a_picture_that_fails_takes_no_points(shell, tmp_path):
    def broken(function):
        raise RuntimeError("no picture")

    exercise = replace(CODE, after=broken)
    panel = Panel(exercise, CODE.solution, tmp_path / "s.json")
    assert ask(panel, None)["score"] == 2
    assert panel.result["picture"] is None


def test_code_needs_its_source_and_nothing_else_has_one(tmp_path):
    with pytest.raises(ValueError, match="source is missing"):
        Panel(CODE, path=tmp_path / "s.json")
    with pytest.raises(ValueError, match="only code has one"):
        Panel(CHOICE, "x = 1", tmp_path / "s.json")


def test_an_answer_that_cannot_be_saved_is_still_judged(tmp_path):
    path = tmp_path / "submission.json"
    path.write_text("not JSON", encoding="utf-8")
    panel = Panel(CHOICE, path=path)
    result = ask(panel, panel.everything["rounds"][0]["right"])
    assert result["passed"] is True
    assert "submission.json" in result["unsaved"]
    assert path.read_text(encoding="utf-8") == "not JSON"


def test_a_fault_of_the_check_itself_reaches_the_reader(tmp_path, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("a bug of ours")

    monkeypatch.setattr("course.panel.widget.check", broken)
    panel = Panel(ORDER, path=tmp_path / "s.json")
    assert ask(panel, {})["error"] == "RuntimeError: a bug of ours"


@pytest.mark.parametrize(
    ("script", "suffix"), [(widget_script(), ".mjs"), (page_script(), ".cjs")]
)
def test_the_joined_script_is_whole(script, suffix, tmp_path):
    file = tmp_path / f"script{suffix}"
    file.write_text(script, encoding="utf-8")
    done = subprocess.run([NODE, "--check", str(file)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert 'from "./' not in script
