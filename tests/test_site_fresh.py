"""A change in a script, a sheet or an exercise reaches the pages at the next build."""

import bookfresh
import pytest


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """A small project of the same shape."""
    for name in ("web/a.py", "web/static/a.css", "web/templates/a.html", "course/a.js"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("one")
    monkeypatch.setattr(bookfresh, "WEB", tmp_path / "web")
    monkeypatch.setattr(bookfresh, "COURSE", tmp_path / "course")
    return tmp_path


@pytest.mark.parametrize(
    "name",
    ["web/a.py", "web/static/a.css", "web/templates/a.html", "course/a.js"],
)
def test_a_change_is_seen(copied, name):
    before = bookfresh.fingerprint()
    assert bookfresh.fingerprint() == before
    (copied / name).write_text("two")
    assert bookfresh.fingerprint() != before


def test_a_new_name_is_seen(copied):
    before = bookfresh.fingerprint()
    (copied / "web/static/a.css").rename(copied / "web/static/b.css")
    assert bookfresh.fingerprint() != before


def test_what_python_compiles_is_no_change(copied):
    before = bookfresh.fingerprint()
    (copied / "course" / "a.pyc").write_text("made")
    assert bookfresh.fingerprint() == before


def test_the_book_itself_is_watched():
    names = {path.name for path in bookfresh.tools()}
    assert {"bookext.py", "book.css", "layout.html", "exercise.js", "ch05.py"} <= names
