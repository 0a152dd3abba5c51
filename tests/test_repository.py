"""What the repository promises beside its code: lock, licences, README, names."""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
import sys
import tomllib

import pytest
import yaml
from book import toc_pages
from conftest import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import backprop

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCK = (ROOT / "requirements.txt").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")
LOCK_COMMAND = (
    "uv pip compile --universal --python-version 3.11 --extra dev "
    "pyproject.toml -o requirements.txt"
)
# design.md's layout; a new name needs a reason that none of these can serve.
TOP_LEVEL = {
    *("README.md", "CONTRIBUTING.md", "LICENSE", "CITATION.cff", "Makefile"),
    *("pyproject.toml", "requirements.txt", "_config.yml", "_toc.yml", "intro.md"),
    *("references.bib", "appendix", "chapters", "backprop", "course", "web"),
    *("benchmarks", "tests", ".ci", ".github", ".gitattributes", ".gitignore"),
    ".pre-commit-config.yaml",
    "binder",  # a hub looks for it there
    "genindex.md",  # Sphinx writes the index there, and the contents must name it
}


def locked(name: str, lock: str = LOCK) -> list[Requirement]:
    """Return a package's lines in a lock: one, or one for each Python."""
    lines = [Requirement(line) for line in re.findall(r"^[\w.-]+==.*", lock, re.M)]
    return [
        line
        for line in lines
        if canonicalize_name(line.name) == canonicalize_name(name)
    ]


def version(line: Requirement) -> str:
    """Return the version that a line of the lock pins."""
    return str(line.specifier).removeprefix("==")


def direct_dependencies() -> list[Requirement]:
    """Return what the book and its tests require: pyproject.toml without the peers."""
    extras = PROJECT["optional-dependencies"].copy()
    del extras["bench"]
    lines = [
        *PROJECT["dependencies"],
        *(line for extra in extras.values() for line in extra),
    ]
    found = [Requirement(line) for line in lines]
    return [need for need in found if need.name != PROJECT["name"]]


def test_the_lock_says_by_which_command_it_was_made():
    head = LOCK.splitlines()[:2]
    assert head[1].strip("# ") == LOCK_COMMAND
    makefile = (ROOT / "Makefile").read_text("utf-8").replace("\\\n", " ")
    assert LOCK_COMMAND in " ".join(makefile.split())


@pytest.mark.parametrize("need", direct_dependencies(), ids=lambda need: need.name)
def test_a_direct_dependency_is_locked_at_a_version_it_allows(need):
    lines = locked(need.name)
    assert lines
    assert all(need.specifier.contains(version(line)) for line in lines)


def test_the_peers_have_a_lock_of_their_own_in_step_with_the_book():
    lock = (ROOT / "benchmarks" / "requirements.txt").read_text("utf-8")
    for line in PROJECT["optional-dependencies"]["bench"]:
        need = Requirement(line)
        pins = locked(need.name, lock)
        assert pins, line
        assert all(need.specifier.contains(version(pin)) for pin in pins)
    for name in re.findall(r"^([\w.-]+)==", lock, re.MULTILINE):
        ours = {version(pin) for pin in locked(name)}
        assert not ours or ours == {version(pin) for pin in locked(name, lock)}, name
    assert not locked("torch")
    assert not locked("jax")


def test_a_hub_gets_the_locked_versions():
    hub = (ROOT / "binder" / "requirements.txt").read_text("utf-8")
    pins = set(re.findall(r"^[\w.-]+==\S+", hub, re.MULTILINE))
    assert pins <= set(re.findall(r"^[\w.-]+==\S+", LOCK, re.MULTILINE))
    extra = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["lab"]]
    extra += PROJECT["optional-dependencies"]["course"]
    names = {canonicalize_name(pin.split("==")[0]) for pin in pins}
    needs = {canonicalize_name(Requirement(line).name) for line in extra}
    assert needs - {PROJECT["name"]} <= names
    # The Python that the browser has, too, and one that the course allows.
    runtime = (ROOT / "binder" / "runtime.txt").read_text("utf-8")
    assert runtime.strip().removeprefix("python-") in {"3.11", "3.12", "3.13"}


@pytest.mark.parametrize("need", direct_dependencies(), ids=lambda need: need.name)
def test_an_installed_package_is_the_locked_one(need):
    here = [x for x in locked(need.name) if x.marker is None or x.marker.evaluate()]
    assert [version(line) for line in here] == [importlib.metadata.version(need.name)]


def test_the_package_alone_needs_numpy_and_nothing_else():
    needs = [Requirement(line) for line in importlib.metadata.requires("backprop-book")]
    alone = [need.name for need in needs if "extra" not in str(need.marker)]
    assert alone == ["numpy"]


def test_one_version_is_given_everywhere():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert PROJECT["version"] == str(citation["version"]) == backprop.__version__


def test_both_licences_are_named_the_same_everywhere():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert " AND ".join(citation["license"]) == PROJECT["license"]
    licence = (ROOT / "LICENSE").read_text("utf-8")
    assert PROJECT["license"] in licence
    assert "https://creativecommons.org/licenses/by/4.0/" in licence


def test_every_page_of_the_toc_has_its_source():
    missing = [
        page
        for page in toc_pages()
        if not any((ROOT / (page + end)).is_file() for end in (".md", ".ipynb"))
    ]
    assert not missing, missing


def test_every_notebook_is_a_page():
    notebooks = {f"chapters/{path.stem}" for path in ROOT.glob("chapters/*.ipynb")}
    assert notebooks <= set(toc_pages())


def test_the_repository_holds_no_other_top_level_name():
    if not (ROOT / ".git").exists():
        pytest.skip("not a git repository: an unpacked archive has no list of files")
    command = ["git", "ls-files", "--cached"]
    listing = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert {path.split("/")[0] for path in listing} <= TOP_LEVEL


def blocks(language: str) -> list[str]:
    """Return the README's code blocks in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("block", blocks("python"))
def test_the_readme_code_does_what_the_readme_says(block, tmp_path):
    code = [line for line in block.splitlines() if line.strip()]
    assert len(code) <= 10
    ran = subprocess.run(
        [sys.executable, "-c", block],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    percent = int(re.match(r"(\d+)%", ran.stdout)[1])
    # 359 test images: one more or less misread on another machine is 0.3 %.
    assert 95 <= percent <= 100


def test_the_readme_names_only_targets_that_make_has():
    named = set(re.findall(r"make ([a-z]+)", "\n".join([*blocks("sh"), README])))
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert {"book", "test"} <= named
    # "GNU make" and the Debian package are not targets.
    assert named - targets <= {"for"}


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_a_link_of_a_text_file_leads_to_a_file(page):
    text = (ROOT / page).read_text("utf-8")
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", text)
    missing = [target for target in targets if not (ROOT / target).exists()]
    assert not missing, missing


def test_ci_runs_what_the_readme_says():
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert re.search(r"^make test$", script, re.MULTILINE)
    assert re.search(r"^make check$", script, re.MULTILINE)
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8")
    assert ".ci/run" in str(yaml.safe_load(workflow)["jobs"]["test"]["steps"])
