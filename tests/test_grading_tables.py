"""Who is who, what was set by hand, and what platforms and people get to read."""

from __future__ import annotations

import csv
import io
import json
import sys
from argparse import Namespace
from html.parser import HTMLParser
from typing import ClassVar

import pytest
from classroom import COUNTED, KEY, TOTAL, good, mistaken, right, submission, write

from course import exercises
from course.grading import gradebook, lms, roster, settings
from course.grading.gradebook import guarded, to_csv
from course.grading.run import Options, file_name, run
from course.grading.settings import SettingsError

CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section\n"
    "    Points Possible,,,,\n"
    '"Lovelace, Ada",101,u-ada,ada,A\n'
    '"=Hopper, Grace",102,u-grace,grace,B\n'
    '"Noether, Emmy",103,u-emmy,emmy,B\n'
)
MOODLE = (
    "First name,Last name,ID number,Email address\n"
    "Ada,Lovelace,ada,ada@x.example\n"
    "Grace,Hopper,grace,grace@x.example\n"
)


@pytest.fixture
def desk(tmp_path):
    """What an instructor has: a folder, a key, and files beside it."""
    (tmp_path / "key").write_bytes(KEY)
    (tmp_path / "in").mkdir()
    return tmp_path


def graded(desk, **more):
    for name, text in list(more.items()):
        if name in ("roster", "overrides", "course"):
            path = desk / (f"{name}.toml" if name == "course" else f"{name}.csv")
            path.write_text(text)
            more[name] = path
    return run(Options((desk / "in",), desk / "out", desk / "key", **more))


def rows(report):
    return {row.student: row for row in report.rows}


def table_of(desk, name):
    with (desk / "out" / f"{name}.csv").open(newline="") as file:
        return list(csv.reader(file))


def hand_in(desk, name, data):
    path = desk / "in" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def one(student, value=None):
    answer = right(student)["ch01.slope"] if value is None else value
    return submission(student, {"ch01.slope": answer})


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (CANVAS, "lovelaceada_101_5551_submission.json"),
        (CANVAS, "lovelaceada_LATE_101_5551_submission-2.json"),
        (MOODLE, "Ada Lovelace_4321_assignsubmission_file/submission.json"),
        (MOODLE, "Ada Lovelace_4321_assignsubmission_file_submission.json"),
        (MOODLE, "ada/backprop/submission.json"),
        ("student\nada\n", "ada.json"),
        ("Email,Student\nada@x.example,ada\n", "ada@x.example.json"),
    ],
)
def test_a_platforms_file_name_says_whose_file_it_is(desk, text, name):
    hand_in(desk, name, one("ada"))
    row = rows(graded(desk, roster=text))["ada"]
    assert (row.status, row.notes) == ("graded", [])
    assert row.records["ch01.slope"]["score"] == 2


def test_a_student_id_that_contradicts_the_file_name_is_flagged_not_trusted(desk):
    """Grace hands in Ada's file: her row, her values, and a note."""
    hand_in(desk, "grace_102_1_submission.json", one("ada"))
    hand_in(desk, "ada_101_1_submission.json", one("ada"))
    found = rows(graded(desk, roster=CANVAS))
    assert found["grace"].records["ch01.slope"]["score"] == 0
    assert found["grace"].notes == ["the file says ada, its name grace"]
    assert found["ada"].records["ch01.slope"]["score"] == 2
    assert (found["ada"].name, found["emmy"].status) == ("Lovelace, Ada", "missing")


def test_a_file_without_a_student_is_held_to_the_pages_values_and_flagged(desk):
    hand_in(desk, "ada_101_1_submission.json", one(None))
    row = rows(graded(desk, roster=CANVAS))["ada"]
    assert row.records["ch01.slope"]["score"] == 2
    assert row.notes == ["no student id inside: answers not personal"]


def test_whoever_is_not_on_the_roster_is_flagged(desk):
    hand_in(desk, "x.json", one("mallory"))
    row = rows(graded(desk, roster=CANVAS))["mallory"]
    assert row.notes == ["mallory is not on the roster"]


def test_an_id_by_another_column_of_the_roster_is_the_same_person(desk):
    hand_in(desk, "x.json", one("u-ada"))
    assert rows(graded(desk, roster=CANVAS))["ada"].status == "graded"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "nobody in it"),
        ("name\nAda\n", "nobody in it"),
        ("student\nada\nada\n", "line 3: ada is there twice"),
    ],
)
def test_a_roster_that_cannot_be_used_says_why(desk, text, message):
    with pytest.raises(SettingsError, match=message):
        graded(desk, roster=text)


def test_an_override_holds_in_every_run_and_is_reported(desk):
    hand_in(desk, "ada.json", one("ada", [0.0]))
    text = "student,exercise,score,reason\nada,ch01.slope,1.5,said <aloud>\n"
    text += "emmy,ch01.ratio,1,on paper\n"
    for _ in range(2):
        report = graded(desk, overrides=text)
        assert rows(report)["ada"].sum(report.settings) == 1.5
        assert rows(report)["emmy"].sum(report.settings) == 1
    assert rows(report)["ada"].notes == ["ch01.slope set to 1.5 (said <aloud>)"]
    page = (desk / "out" / "feedback" / "ada.html").read_text()
    assert "Set by your instructor: said &lt;aloud&gt;." in page
    record = json.loads((desk / "out" / "results.jsonl").read_text().splitlines()[0])
    assert record["score"] == 0  # what the grader found stays in its record


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("ada,ch01.nothing,1,", "line 2: 'ch01.nothing' is no exercise"),
        ("ada,ch01.slope,many,", "line 2: 'many' is no score"),
        ("ada,ch01.slope,nan,", "is no score"),
        ("ada,ch01.slope,-1,", "is no score"),
        (",ch01.slope,1,", "no student"),
        ("ada,ch01.slope,1,\nada,ch01.slope,2,", "two scores for ada"),
    ],
)
def test_an_override_that_cannot_be_used_says_which(desk, line, message):
    with pytest.raises(SettingsError, match=message):
        graded(desk, overrides=f"student,exercise,score,reason\n{line}\n")


def test_course_toml_sets_what_counts_and_how_much(desk):
    hand_in(desk, "ada.json", good("ada").data)
    text = (
        'exercises = ["ch01.slope", "ch07.*"]\n[weights]\nch07 = 2\n"ch07.fit" = 0.5\n'
    )
    report = graded(desk, course=text)
    seven = sum(ex.points for ex in exercises.all() if ex.chapter == "ch07")
    assert report.settings.maximum("ch01") == 2
    assert report.settings.maximum("ch07") == 2 * (seven - 5) + 2.5
    assert report.rows[0].sum(report.settings) == report.settings.maximum()


def test_what_only_shows_where_a_reader_stands_counts_only_if_asked_to(desk):
    hand_in(desk, "ada.json", good("ada").data)  # has answered these, too
    standing = {"ch00", "concept-before", "concept-after"}
    assert standing == exercises.DIAGNOSTIC <= set(exercises.CHAPTERS)
    report = graded(desk)
    assert not standing & set(report.settings.chapters)
    assert {"ch01", "check-4", "check-7"} <= set(report.settings.chapters)
    assert report.rows[0].notes == []
    asked = 'exercises = ["*"]\n[weights]\nconcept-before = 0\n'
    settings = graded(desk, course=asked).settings
    assert standing < set(settings.chapters)
    assert settings.maximum("concept-after") == 10
    assert settings.maximum("concept-before") == 0


BANK = """
from course.model import Number

EXERCISES = (
    Number(
        id="ch80.own",
        title="Our own",
        points=3,
        minutes=1,
        draw=lambda rng: {"n": int(rng.integers(2, 9))},
        shown=lambda v: {"n": str(v["n"])},
        fields=("2n",),
        answer=lambda v: (2.0 * v["n"],),
    ),
)
"""


def test_an_instructors_own_exercises_count_beside_the_books(desk):
    from course.personal import right_for

    (desk / "bank").mkdir()
    (desk / "bank" / "own.py").write_text(BANK)
    text = 'exercises = ["ch80.*", "ch01.ratio"]\nfolder = "bank"\n'
    (desk / "course.toml").write_text(text)
    own = settings.load(desk / "course.toml").exercises[-1]
    answers = {"ch80.own": right_for(own, "ada")}
    hand_in(desk, "ada.json", submission("ada", answers))
    for jobs in (1, 2):
        (desk / "out" / "results.jsonl").unlink(missing_ok=True)
        report = graded(desk, course=text, jobs=jobs)
        assert report.rows[0].sum(report.settings) == 3
    assert report.settings.maximum() == 4


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("exercises = ", "course.toml"),
        ("exercise = []", "unknown entry 'exercise'"),
        ('exercises = ["ch99.*"]', "no exercise is called 'ch99"),
        ('exercises = "all"', "is no list"),
        ("[weights]\nch99 = 1", "a weight for 'ch99'"),
        ("[weights]\nch01 = -1", "the weight of ch01 is -1"),
        ('folder = "nowhere"', "no such folder"),
    ],
)
def test_a_course_toml_that_cannot_be_used_says_why(desk, text, message):
    with pytest.raises(SettingsError, match=message):
        graded(desk, course=text)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("1 / 0", "own.py: ZeroDivisionError"),
        ("x = 1", "no EXERCISES"),
        ("from course.exercises.ch01 import EXERCISES", "is there twice"),
    ],
)
def test_a_bank_that_does_not_load_is_named(desk, code, message):
    (desk / "bank").mkdir()
    (desk / "bank" / "own.py").write_text(code)
    with pytest.raises(SettingsError, match=message):
        graded(desk, course='folder = "bank"\n')


def test_a_key_that_is_no_secret_is_refused(desk):
    (desk / "key").write_text("short")
    with pytest.raises(SettingsError, match="no secret"):
        graded(desk)


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "|x", "%x"])
def test_no_cell_of_a_table_is_a_formula(start):
    (cells,) = csv.reader(io.StringIO(to_csv([[start, "plain", "a,\nb"]])))
    assert cells == ["'" + start.replace("\t", " "), "plain", "a, b"]
    assert guarded("12.5") == "12.5"


def test_canvas_gets_its_columns_and_rows(desk):
    hand_in(desk, "ada_101_1_s.json", good("ada").data)
    course = '[canvas]\ntotal = "Backprop (7)"\nch07 = "Loop (8)"\n'
    graded(desk, roster=CANVAS, course=course, format="canvas")
    table = table_of(desk, "canvas")
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    assert table == [
        [*head, "Backprop (7)", "Loop (8)"],
        ["Points Possible", "", "", "", "", str(TOTAL), "31"],
        ["Lovelace, Ada", "101", "u-ada", "ada", "A", str(TOTAL), "31"],
        ["'=Hopper, Grace", "102", "u-grace", "grace", "B", "", ""],
        ["Noether, Emmy", "103", "u-emmy", "emmy", "B", "", ""],
    ]


def test_moodle_gets_no_feedback_without_a_grade(desk):
    hand_in(desk, "ada.json", good("ada").data)
    report = graded(desk, roster=MOODLE, format="moodle")
    table = table_of(desk, "moodle")
    most = {c: report.settings.maximum(c) for c in report.settings.chapters}
    words = ", ".join(f"{name} {m:g} of {m:g}" for name, m in most.items())
    assert "ch01 24 of 24" in words
    assert table == [["ID number", "Grade", "Feedback"], ["ada", str(TOTAL), words]]


def test_a_platforms_format_needs_what_the_platform_knows(desk):
    with pytest.raises(SettingsError, match="needs --roster"):
        graded(desk, format="canvas")
    with pytest.raises(SettingsError, match=r"needs \[canvas\]"):
        graded(desk, roster=CANVAS, format="canvas")
    with pytest.raises(SettingsError, match="no Canvas ID"):
        graded(
            desk,
            roster="student\nada\n",
            course='[canvas]\ntotal = "x (1)"\n',
            format="canvas",
        )
    with pytest.raises(SettingsError, match="neither ID number nor address"):
        graded(desk, roster="student\nada\n", format="moodle")


class Gradebook:
    """nbgrader's, as far as it is used; `tests` do not install all of nbgrader."""

    made: ClassVar[list] = []

    def __init__(self, url):
        self.db, self.grades = self, {}
        self.made.append((url, self))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def __getattr__(self, name):
        assert name.startswith("update_or_create_") or name == "commit", name
        return lambda *args, **more: None

    def find_grade(self, cell, notebook, assignment, student):
        return self.grades.setdefault((student, assignment, cell), Namespace())


def test_nbgraders_gradebook_gets_every_score(desk, monkeypatch):
    with pytest.raises(SettingsError, match="pip install nbgrader"):
        graded(desk, format="nbgrader")
    monkeypatch.setattr(lms.importlib.util, "find_spec", lambda name: name)
    monkeypatch.setitem(sys.modules, "nbgrader", Namespace())
    monkeypatch.setitem(sys.modules, "nbgrader.api", Namespace(Gradebook=Gradebook))
    hand_in(desk, "a.json", one("ada"))
    hand_in(desk, "b.json", b"broken")
    graded(desk, format="nbgrader", course="[weights]\nch01 = 3\n")
    ((url, book),) = Gradebook.made
    assert url == f"sqlite:///{desk}/out/gradebook.db"
    scores = {key: grade.manual_score for key, grade in book.grades.items()}
    assert len(scores) == len(COUNTED)
    assert scores["ada", "ch01", "ch01.slope"] == 6
    assert sum(scores.values()) == 6


class Page(HTMLParser):
    """What a page holds: its tags, its text, its attributes."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.words, self.attributes = [], [], []
        self.feed(text)
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data):
        self.words.append(data)


NASTY = "</pre><script>alert(1)</script><img src=x onerror=alert(2)>"


def test_what_a_student_wrote_stays_text_in_every_page(desk):
    answers = right("ada") | {"ch01.learn": f"x = '''{NASTY}'''\n"}
    hand_in(desk, f"{NASTY[2:5]}.json", submission("ada", answers | {NASTY: 1}))
    graded(desk)
    pages = [desk / "out" / "class.html", *(desk / "out" / "feedback").iterdir()]
    for path in pages:
        page = Page(path.read_text())
        assert not {"script", "img", "iframe", "link"} & set(page.tags)
        assert not [name for name in page.attributes if name.startswith("on")]
    assert "alert(1)" in Page(pages[1].read_text()).text
    assert "default-src 'none'" in pages[1].read_text()


def test_feedback_tells_the_hint_and_no_number_of_a_hidden_input(desk):
    hand = mistaken("ada", 0)
    hand_in(desk, hand.name, hand.data)
    report = graded(desk)
    page = Page((desk / "out" / "feedback" / "ada.html").read_text()).text
    hidden = [r for r in report.rows[0].records.values() if r["kind"] == "code"]
    for record in report.rows[0].records.values():
        assert " ".join(record["hint"].split()) in page
    told = [r["reason"] for r in hidden if "expected" in r["reason"]]
    assert told  # the instructor sees the numbers
    for reason in told:
        assert reason.split(": ", 1)[1] not in page


def test_feedback_tells_where_an_exception_was(desk):
    name = exercises.get("ch01.learn").function
    source = f"def {name}(*a):\n    1 / 0\n"
    hand_in(desk, "a.json", submission("ada", {"ch01.learn": source}))
    graded(desk)
    page = Page((desk / "out" / "feedback" / "ada.html").read_text()).text
    assert "ZeroDivisionError in line 2 of your cell." in page


def test_feedback_says_whose_cell_was_copied(desk):
    source = "%%exercise ch01.wiggle\ndef gradient_descent(*a):\n    return a\n"
    hand_in(desk, "a.json", submission("ada", {"ch01.learn": source}))
    graded(desk)
    page = Page((desk / "out" / "feedback" / "ada.html").read_text()).text
    assert "names ch01.wiggle; this is ch01.learn." in page


def test_the_class_page_counts_misconceptions_and_where_people_stop(desk):
    slope, next_one = map(exercises.get, ("ch01.slope", "ch01.chain"))
    hands = [mistaken(f"s{k}", 0, (slope, next_one)) for k in range(3)]
    hands.append(mistaken("s9", 4, (slope, next_one)))  # other mistakes
    write(desk / "in", hands)
    hand_in(desk, "early.json", one("early"))
    graded(desk)
    page = Page((desk / "out" / "class.html").read_text()).text
    assert f"{slope.title} (ch01.slope): 4 of 5 not right" in page
    first, second = (hands[k].mistakes["ch01.slope"] for k in (0, 3))
    assert f"3 (60 %): {first}" in page
    assert f"1 (20 %): {second}" in page
    assert "ch01.slope 5 1 1" in page  # answered, full points, stopped here


def test_a_page_of_somebody_gone_is_taken_away(desk):
    hand_in(desk, "a.json", one("ada"))
    graded(desk)
    (desk / "in" / "a.json").write_bytes(one("grace"))
    report = graded(desk)
    assert [p.name for p in (desk / "out" / "feedback").iterdir()] == ["grace.html"]
    assert ["ada", "total", "2", "no row any more"] in report.changes


@pytest.mark.parametrize("student", ["../x", "a/b", "", ".hidden", "ä", "a" * 300])
def test_a_students_page_has_a_name_that_is_safe(student):
    name = file_name(student)
    assert "/" not in name
    assert not name.startswith(".")
    assert len(name) < 300 or student == "a" * 300
    assert name != file_name(student + "_")


def test_the_grades_have_a_row_a_student_and_a_column_a_chapter(desk):
    hand_in(desk, "a.json", one("ada"))
    report = graded(desk)
    table = table_of(desk, "grades")
    assert table[0] == gradebook.header(report.settings)
    assert table[1] == [
        *("ada", ""),
        *("2" if chapter == "ch01" else "0" for chapter in report.settings.chapters),
        *("2", str(TOTAL), "graded", ""),
        str(desk / "in" / "a.json"),
    ]
    assert roster.Roster([]).student_of(desk / "a.json") is None
