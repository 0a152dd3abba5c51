"""Links to other sites: none is missed, and what came of each is told truly."""

import json
import re

import pytest
from conftest import ROOT
from links import external, verdict
from serving import files_of
from test_site import Links


def report(**status: tuple[str, str]) -> list[str]:
    """Lines as linkcheck writes them, with one link inside the book."""
    found = [("#inside", "unchecked", "")]
    found += [(f"https://{host}.org/", *said) for host, said in status.items()]
    return [
        json.dumps({"uri": uri, "filename": "page.md", "status": now, "info": info})
        for uri, now, info in found
    ]


def test_a_link_inside_the_book_is_not_listed():
    (link,) = external(report(a=("working", "")))
    assert link.address == "https://a.org/"


@pytest.mark.parametrize(
    ("status", "exit_status", "words"),
    [
        ({"a": ("working", ""), "b": ("redirected", "")}, 0, "2 links"),
        ({"a": ("working", ""), "b": ("broken", "404")}, 1, "1 of them broken"),
        ({"a": ("timeout", "")}, 1, "1 of them broken"),
        ({"a": ("broken", "Failed to resolve 'a.org'")}, 1, "no internet"),
        (
            {"a": ("broken", "Failed to resolve 'a.org'"), "b": ("working", "")},
            1,
            "1 of them broken",
        ),
    ],
)
def test_the_verdict_tells_a_broken_link_from_no_internet(
    capsys, status, exit_status, words
):
    assert verdict(external(report(**status))) == exit_status
    assert words in capsys.readouterr().out


def test_every_source_with_an_address_is_linked_on_the_page(book):
    bibliography = (ROOT / "references.bib").read_text(encoding="utf-8")
    addresses = set(re.findall(r"(?:\\url\{|url\s*=\s*\{)([^}]+)\}", bibliography))
    addresses |= {
        f"https://doi.org/{doi}"
        for doi in re.findall(r"doi\s*=\s*\{([^}]+)\}", bibliography)
    }
    assert len(addresses) > 10
    page = Links()
    page.feed((book / "appendix" / "references.html").read_text(encoding="utf-8"))
    assert addresses <= set(page.links)


def test_other_sites_are_linked_from_the_bibliography_alone(book):
    licence = "https://creativecommons.org/licenses/by/4.0/"
    for path in files_of(book, "*.html"):
        page = Links()
        page.feed(path.read_text(encoding="utf-8"))
        foreign = {link for link in page.links if link.startswith("http")} - {licence}
        assert not foreign or path.name == "references.html", (path, foreign)
