"""Python for the browser: what is taken, what is refused, and what a wheel holds."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT
from lite import pyodide
from lite.pyodide import CORE, LOCK, STDLIB, VERSION, PyodideError, collect
from lite.wheels import ENTRIES, add_wheels, build_wheel, entry_of

CONTENT = {f"{name}.whl": f"what {name} is".encode() for name in pyodide.WANTED}


def entry(name: str, depends: tuple[str, ...] = ()) -> dict[str, object]:
    file = f"{name}.whl"
    digest = hashlib.sha256(CONTENT.get(file, b"")).hexdigest()
    return {"name": name, "file_name": file, "sha256": digest, "depends": [*depends]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder that looks like a whole Pyodide of the right version."""
    whole = tmp_path / "whole"
    whole.mkdir()
    for name in (*CORE, STDLIB):
        (whole / name).write_text(f'var version="{VERSION}";')
    for name, content in CONTENT.items():
        (whole / name).write_bytes(content)
    packages = {name: entry(name) for name in (*pyodide.WANTED, "unwanted")}
    lock = {"info": {"python": "3.12.7"}, "packages": packages}
    (whole / LOCK).write_text(json.dumps(lock))
    return whole


def test_a_folder_gives_what_the_book_needs_and_no_more(folder, tmp_path):
    told = collect(str(folder), tmp_path / "out", tmp_path)
    assert str(folder) in told
    taken = {path.name for path in (tmp_path / "out").iterdir()}
    assert taken == {*CORE, STDLIB, LOCK, *CONTENT}
    lock = json.loads((tmp_path / "out" / LOCK).read_text())
    assert set(lock["packages"]) == set(pyodide.WANTED)


def test_a_file_with_another_hash_is_refused(folder, tmp_path):
    (folder / "numpy.whl").write_bytes(b"something else")
    with pytest.raises(PyodideError, match=r"numpy\.whl is not Pyodide's: its SHA-256"):
        collect(str(folder), tmp_path / "out", tmp_path)
    assert not (tmp_path / "out" / "numpy.whl").exists()


@pytest.mark.parametrize("name", [*CORE, STDLIB, LOCK, "numpy.whl"])
def test_a_missing_file_is_named(folder, tmp_path, name):
    (folder / name).unlink()
    with pytest.raises(PyodideError, match=re.escape(name)):
        collect(str(folder), tmp_path / "out", tmp_path)


def test_another_version_is_refused(folder, tmp_path):
    (folder / "pyodide.js").write_text('var version="0.26.4";')
    with pytest.raises(PyodideError, match=f"not of {re.escape(VERSION)}"):
        collect(str(folder), tmp_path / "out", tmp_path)


def test_what_a_package_depends_on_comes_with_it_by_any_spelling():
    packages = {
        "a": entry("a", ("B_c",)),
        "b-c": entry("b-c", ("a", "d")),
        "d": entry("d"),
        "e": entry("e"),
    }
    assert set(pyodide.closure(packages, ("A",))) == {"a", "b-c", "d"}
    with pytest.raises(PyodideError, match="lists no package f"):
        pyodide.closure(packages, ("f",))


def test_with_the_cdn_only_the_packages_come_from_there(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(pyodide, "fetch_interpreter", lambda cache: folder)
    told = collect("cdn", tmp_path / "out", tmp_path)
    assert pyodide.CDN in told
    taken = {path.name for path in (tmp_path / "out").iterdir()}
    assert taken == {*CORE, STDLIB, LOCK}
    lock = json.loads((tmp_path / "out" / LOCK).read_text())
    numpy = lock["packages"]["numpy"]
    assert numpy["file_name"] == f"{pyodide.CDN}numpy.whl"
    assert numpy["sha256"] == hashlib.sha256(CONTENT["numpy.whl"]).hexdigest()


def test_what_was_fetched_is_verified_too(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(pyodide, "fetch_interpreter", lambda cache: folder)
    fetched = tmp_path / "packages"
    fetched.mkdir()
    for name, content in CONTENT.items():
        (fetched / name).write_bytes(content)
    assert "fetched" in collect("", tmp_path / "out", tmp_path)
    (fetched / "numpy.whl").write_bytes(b"somebody else's")
    with pytest.raises(PyodideError, match="PYODIDE=cdn"):
        collect("", tmp_path / "out", tmp_path)


def test_npm_pins_the_version_that_is_asked_for():
    here = Path(pyodide.__file__).parent
    lock = json.loads((here / "package-lock.json").read_text("utf-8"))
    package = lock["packages"]["node_modules/pyodide"]
    assert package["version"] == VERSION
    assert package["integrity"].startswith("sha512-")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("wheel"))


def test_the_wheel_holds_every_file_of_both_packages(wheel):
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if ".dist-info/" not in name}
    here = {
        path.relative_to(ROOT).as_posix()
        for package in ("backprop", "course")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert inside == here
    assert {"course/static/panel.js", "course/book.mplstyle"} <= inside
    assert "backprop/data/digits.npz" in inside


def test_the_wheel_stands_in_the_lock_with_its_hash_and_its_imports(
    wheel, folder, monkeypatch
):
    monkeypatch.setattr("lite.wheels.build_wheel", lambda _: wheel)
    monkeypatch.setattr("lite.wheels._fetched", lambda _: [])
    add_wheels(folder, folder)
    found = json.loads((folder / LOCK).read_text())["packages"]["backprop-book"]
    copied = folder / found["file_name"]
    assert found["sha256"] == hashlib.sha256(copied.read_bytes()).hexdigest()
    assert found["imports"] == ["backprop", "course"]
    assert found == entry_of(wheel)


def test_the_listed_wheels_are_those_that_have_an_entry():
    text = (Path(pyodide.__file__).parent / "wheels.txt").read_text("utf-8")
    pinned = re.findall(r"^([\w-]+)==\S+ --hash=sha256:[0-9a-f]{64}$", text, re.M)
    own = {"backprop-book"}
    assert {pyodide.normal(name) for name in ENTRIES} == own | set(pinned)
    needs = {need for _, depends in ENTRIES.values() for need in depends}
    brought = {"numpy", "matplotlib", "ipython", "traitlets"}  # by Pyodide
    assert needs <= brought | set(pinned)
