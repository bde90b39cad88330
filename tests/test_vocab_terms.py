"""The documentation of terms, as data and as a page: every term of the ontology has its own, in two languages."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rdflib import RDFS, Graph, URIRef
from support import ROOT, gold_build, vocab

from kg.errors import DataError
from kg.export import export
from kg.export.ontology import EXAMPLES, vocab_of
from kg.export.source import GraphFile
from kg.vocab_page import vocab_html
from kg.vocab_terms import KINDS, RELATIONS, Use, all_pages, term_page


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return gold_build(tmp_path_factory.mktemp("terms") / "build")


class Page(HTMLParser):
    """The anchors of a page, and the addresses that it names."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, _: str, attributes: list[tuple[str, str | None]]) -> None:
        self.ids += [value for name, value in attributes if name == "id" and value]
        self.links += [value for name, value in attributes if name in ("href", "src") and value]


def test_every_term_of_the_ontology_has_a_page() -> None:
    declared = {str(s) for s in Graph().parse(ROOT / "ontology.ttl").subjects(RDFS.label) if isinstance(s, URIRef)}
    assert {page.iri for page in all_pages(vocab())} == declared - {vocab().ontology}


def test_a_predicate_tells_what_it_joins_and_abbreviates() -> None:
    page = term_page(vocab(), "openedOn")
    assert (page.kind, page.label["zh"], page.label["en"]) == ("predicate", "开通日期", "opened on")
    assert page.relations["range"] == ("date", "gYear", "gYearMonth")
    assert page.relations["event"] == ("Opening",)
    assert "Zone" in page.relations["domain"]
    assert "narrower" not in page.relations


def test_a_class_tells_what_is_above_and_below_it() -> None:
    page = term_page(vocab(), "Zone")
    assert page.kind == "class"
    assert page.relations["broader"] == tuple(sorted(vocab().classes["Zone"].parents))
    assert all("Zone" in vocab().classes[name].parents for name in page.relations["narrower"])
    assert "openedOn" in page.relations["subjectOf"]
    assert page.colour.startswith("#")


def test_a_named_value_tells_its_class_and_code() -> None:
    page = term_page(vocab(), vocab().individual("Modality", "planned").name)
    assert (page.kind, page.relations["of"], page.relations["code"]) == ("value", ("Modality",), ("planned",))


def test_an_unknown_term_is_an_error() -> None:
    with pytest.raises(KeyError):
        term_page(vocab(), "Nothing")


def test_pages_are_whole_and_in_both_languages() -> None:
    for page in all_pages(vocab()):
        assert all(page.label[tag] and page.comment[tag] for tag in ("zh", "en")), page.name
        assert page.kind in KINDS
        assert set(page.relations) <= set(RELATIONS)
        assert all(page.relations.values()), page.name


def test_the_html_page_holds_every_term_once_and_every_link_in_it_leads_somewhere() -> None:
    page = Page(vocab_html(vocab()))
    assert sorted(page.ids) == sorted(each.name for each in all_pages(vocab()))
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)


def test_the_html_page_escapes_what_it_quotes() -> None:
    text = vocab_html(vocab(), {"openedOn": (Use("<b>", "&", "</li><script>"),)})
    assert "<q>&lt;/li&gt;&lt;script&gt;</q>" in text
    assert "<script" not in text


def test_a_build_gives_its_ontology_back(build: Path) -> None:
    back, wanted = vocab_of(GraphFile(build / "graph.nq")), vocab()
    assert (back.namespace, back.prefix, back.ontology) == (wanted.namespace, wanted.prefix, wanted.ontology)
    assert dict(back.classes) == dict(wanted.classes)
    assert dict(back.properties) == dict(wanted.properties)
    assert dict(back.individuals) == dict(wanted.individuals)


def test_the_page_of_a_build_has_examples_from_it(build: Path, tmp_path: Path) -> None:
    export(build, "ontology", tmp_path / "ontology.html")
    text = (tmp_path / "ontology.html").read_text(encoding="utf-8")
    block = re.search(r'<div id="openedOn">.*?</div>', text, re.DOTALL)
    assert block
    assert 0 < block[0].count("<q>") <= EXAMPLES
    assert "京雄城际铁路" in block[0]


def test_a_build_without_an_ontology_has_no_page(nasty: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no ontology"):
        export(nasty, "ontology", tmp_path / "ontology.html")
    assert list(tmp_path.iterdir()) == []
