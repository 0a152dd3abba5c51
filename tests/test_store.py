"""Answers are kept: whole, all of them, whoever else writes at the same time."""

import json
import multiprocessing
import os

import pytest

from course import store


@pytest.fixture
def path(tmp_path):
    return tmp_path / store.NAME


def answers(path):
    return json.loads(path.read_text("utf-8"))["answers"]


def test_a_saved_answer_is_in_the_file_of_the_format(path):
    store.save("ch01.slope", value=[0.42], path=path)
    found = json.loads(path.read_text("utf-8"))
    assert (found["format"], found["version"]) == ("backprop-submission", 1)
    assert found["answers"] == {"ch01.slope": {"value": [0.42]}}


def test_code_is_saved_as_code(path):
    store.save("ch01.wiggle", code="def wiggle(): …", score=0, path=path)
    assert answers(path)["ch01.wiggle"] == {"code": "def wiggle(): …", "score": 0}


def test_a_worse_answer_does_not_replace_a_better_one(path):
    assert store.save("a", value=[1], score=2, path=path)
    assert not store.save("a", value=[2], score=1, path=path)
    assert answers(path)["a"]["value"] == [1]
    assert store.save("a", value=[3], score=2, path=path)
    assert answers(path)["a"]["value"] == [3]


def test_unknown_fields_are_kept(path):
    later = store.empty() | {"mood": "fine"}
    later["answers"]["a"] = {"value": [1], "time": 12}
    path.write_text(json.dumps(later))
    store.save("a", value=[2], path=path)
    found = json.loads(path.read_text("utf-8"))
    assert found["mood"] == "fine"
    assert found["answers"]["a"] == {"value": [2], "time": 12}


def _save_many(path, prefix):
    for n in range(40):
        store.save(f"{prefix}{n}", value=[n], path=path)


def test_two_notebooks_at_once_lose_nothing(path):
    context = multiprocessing.get_context("spawn")
    both = [context.Process(target=_save_many, args=(path, p)) for p in "ab"]
    for process in both:
        process.start()
    for process in both:
        process.join(60)
    assert [process.exitcode for process in both] == [0, 0]
    assert len(answers(path)) == 80


def test_a_failed_write_leaves_the_old_file_and_no_other(path, monkeypatch):
    store.save("a", value=[1], path=path)

    def full_disk(number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(store.StoreError, match="No space left on device"):
        store.save("b", value=[2], path=path)
    assert list(answers(path)) == ["a"]
    left = {file.name for file in path.parent.iterdir()}
    assert left == {store.NAME, f".{store.NAME}.lock"}


def test_an_answer_that_is_no_json_is_refused_and_nothing_lost(path):
    store.save("a", value=[1], path=path)
    with pytest.raises(ValueError, match="JSON"):
        store.save("b", value=[float("nan")], path=path)
    assert list(answers(path)) == ["a"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not readable as JSON"),
        ("[" * 100_000, "not readable as JSON"),
        ("[]", '"format" is not'),
        ('{"format": "backprop-submission", "version": 2}', "of version 2"),
        (
            '{"format": "backprop-submission", "version": 1, "answers": []}',
            "no table of exercises",
        ),
    ],
    ids=["cut", "deep", "list", "later", "answers"],
)
def test_a_file_that_is_no_submission_is_named_and_not_overwritten(path, text, message):
    path.write_text(text)
    with pytest.raises(store.StoreError, match=message):
        store.save("a", value=[1], path=path)
    assert path.read_text() == text
    assert store.student(path) is None


def test_an_earlier_file_adds_what_is_missing_or_better(path, tmp_path):
    earlier = tmp_path / "earlier.json"
    for name, score in (("a", 1), ("b", 2), ("c", 1)):
        store.save(name, value=[0], score=score, path=earlier)
    for name, score in (("a", 2), ("b", 1)):
        store.save(name, value=[9], score=score, path=path)
    assert store.merge(earlier, path) == ["b", "c"]
    assert {k: v["value"] for k, v in answers(path).items()} == {
        "a": [9],
        "b": [0],
        "c": [0],
    }


def test_the_file_of_another_student_is_not_merged(path, tmp_path):
    earlier = tmp_path / "earlier.json"
    store.set_student("s1", earlier)
    store.set_student("s2", path)
    with pytest.raises(store.StoreError, match="submission of s1, not of s2"):
        store.merge(earlier, path)


def test_a_missing_earlier_file_is_named(path):
    with pytest.raises(store.StoreError, match="no such file"):
        store.merge("nowhere.json", path)


def test_a_student_is_remembered(path):
    assert store.student(path) is None
    store.set_student("s1234567", path)
    assert store.student(path) == "s1234567"


def test_answers_do_not_change_hands(path):
    store.set_student("s1", path)
    store.save("a", value=[1], path=path)
    with pytest.raises(store.StoreError, match="answers of s1, not of s2"):
        store.set_student("s2", path)


@pytest.mark.parametrize("name", ["", "=1+1", "a b", "x" * 65, "../s1", 7, "s\n"])
def test_an_id_that_is_no_id_is_refused(path, name):
    with pytest.raises(store.StoreError, match="expected an id"):
        store.set_student(name, path)
    assert not path.exists()
