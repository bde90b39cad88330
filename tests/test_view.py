"""The network as data and as a file: what is a node, an edge, a value, a figure; one closed file, always the same."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support import ROOT
from view_samples import CLOSING, SCRIPT, gold_quads, hostile_quads, vocab

from kg import terms as t
from kg.errors import OutputError
from kg.nquads import write
from kg.types import Quad
from kg.view import ViewSummary, render
from kg.view_data import PageData, clean, page_data
from kg.view_model import Model, Value, read_model

Json = dict[str, Any]

KG = vocab().namespace


def data_of(model: Model) -> PageData:
    return page_data(model, vocab(), title="", lang="zh", words={})


def embedded(html: str) -> Json:
    """The data that a page carries."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    assert found
    data: Json = json.loads(found[1])
    return data


@pytest.fixture(scope="module")
def gold() -> Model:
    return read_model(gold_quads(), vocab())


@pytest.fixture(scope="module")
def data(gold: Model) -> PageData:
    return data_of(gold)


@pytest.fixture(scope="module")
def gold_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("view") / "graph.html"
    render(gold_quads(), vocab(), out)
    return out


# ---- what is shown


def test_every_entity_is_a_node_and_nothing_else(gold: Model) -> None:
    entities = {s for s, p, o, _ in gold_quads() if p == t.TYPE and _counts(o)}
    assert {f"<{thing.iri}>" for thing in gold.things} == entities
    assert not any("/event/" in thing.iri or "/doc/" in thing.iri for thing in gold.things)


def _counts(term: str) -> bool:
    known = vocab().classes.get(term[len(KG) + 1 : -1])
    return known is not None and bool(known.counts_as)


def test_every_statement_is_there_once_with_its_words(gold: Model) -> None:
    statements = {s for s, p, o, _ in gold_quads() if p == t.TYPE and o == t.STATEMENT}
    assert {f"<{s.iri}>" for s in gold.statements} == statements
    assert all(s.quotes and all(q.exact and q.document and q.rule for q in s.quotes) for s in gold.statements)


def test_dates_and_states_are_values_not_nodes(gold: Model, data: PageData) -> None:
    values = [s.object for s in gold.statements if isinstance(s.object, Value)]
    assert {value.kind for value in values} >= {"date", "term"}
    assert len(data.page["values"]) == len(values)
    assert len(data.edges) == len(gold.statements) - len(values)


def test_figures_belong_to_what_they_are_about(data: PageData) -> None:
    observations = [s for s, p, o, _ in gold_quads() if p == t.TYPE and o == f"<{KG}Observation>"]
    assert len(data.page["figures"]) == len(observations)
    figure = next(f for f in data.page["figures"] if f["d"]["value"]["t"] == "480246000000")
    assert figure["d"]["unit"] == {"t": "元", "k": "string"}
    assert data.nodes[figure["a"]]["zh"] == "曹妃甸区"
    assert "4802.46" in figure["q"][0]["x"]


def test_a_symmetric_relation_has_no_arrow(data: PageData) -> None:
    arrows = {edge["p"]: edge["arrows"] for edge in data.edges}
    assert arrows["cooperatesWith"] == ""
    assert arrows["locatedIn"] == "to"


def test_the_order_of_quads_does_not_matter() -> None:
    shuffled = random.Random(3).sample(gold_quads(), len(gold_quads()))
    assert data_of(read_model(shuffled, vocab())) == data_of(read_model(gold_quads(), vocab()))


def test_modality_and_qualifiers_come_along() -> None:
    model = read_model(hostile_quads(), vocab())
    assert {s.modality for s in model.statements} == {"asserted", "planned", "negated"}
    titles = [dict(s.qualifiers) for s in read_model(gold_quads(), vocab()).statements if s.predicate == "worksFor"]
    assert Value("副处长", "string") in [qualifiers.get("title") for qualifiers in titles]


def test_looks_and_labels_come_from_the_ontology(data: PageData) -> None:
    page = data.page
    zone = vocab().classes["Zone"]
    assert page["types"]["Zone"]["zh"] == zone.label_zh
    assert (page["types"]["Zone"]["colour"], page["types"]["Zone"]["shape"]) == (zone.colour, zone.shape)
    assert page["predicates"]["partOf"]["en"] == vocab().properties["partOf"].label_en
    assert page["terms"]["planned"]["zh"] == vocab().individuals["planned"].label_zh


def test_search_keys_are_names_pinyin_and_initials(data: PageData) -> None:
    node = next(n for n in data.nodes if n["zh"] == "雄安新区")
    assert ("雄安新区", "xionganxinqu", "xaxq") in node["find"]
    assert ("河北雄安新区", "hebeixionganxinqu", "hbxaxq") in node["find"]


# ---- less than a whole graph: the answer of a CONSTRUCT


PLAIN = [
    Quad("<https://example.org/id/a>", t.TYPE, f"<{KG}Company>", ""),
    Quad("<https://example.org/id/a>", t.LABEL, '"甲公司"@zh', ""),
    Quad("<https://example.org/id/b>", t.TYPE, f"<{KG}Zone>", ""),
    Quad("<https://example.org/id/a>", f"<{KG}locatedIn>", "<https://example.org/id/b>", ""),
    Quad("<https://example.org/id/a>", f"<{KG}establishedOn>", '"1999"^^<http://www.w3.org/2001/XMLSchema#gYear>', ""),
]


def test_plain_triples_are_shown_without_quotes() -> None:
    model = read_model(PLAIN, vocab())
    assert [(s.predicate, s.quotes) for s in model.statements] == [("establishedOn", ()), ("locatedIn", ())]
    assert {s.modality for s in model.statements} == {"background"}  # nobody's words state them, and the page says so
    (edge,) = data_of(model).edges
    assert edge["p"] == "locatedIn"


def test_background_adds_to_things_but_brings_none() -> None:
    graph = "<https://example.org/graph/background>"
    more = [
        Quad("<https://example.org/id/b>", t.LABEL, '"乙园区"@zh', graph),
        Quad("<https://example.org/id/c>", t.TYPE, f"<{KG}Zone>", graph),
        Quad("<https://example.org/id/b>", f"<{KG}partOf>", "<https://example.org/id/c>", graph),
    ]
    model = read_model([*PLAIN, *more], vocab())
    assert [thing.labels.get("zh") for thing in model.things] == ["甲公司", "乙园区"]


def test_an_empty_graph_is_an_empty_page(tmp_path: Path) -> None:
    summary = render([], vocab(), tmp_path / "empty.html")
    assert (summary.nodes, summary.edges, summary.articles) == (0, 0, 0)


# ---- the file


def test_the_file_fetches_nothing(gold_page: Path) -> None:
    html = gold_page.read_text(encoding="utf-8")
    markup = re.sub(r"(?s)(<script[^>]*>).*?(</script>)", r"\1\2", html)
    assert not re.search(r"""(?i)\b(?:src|href)\s*=\s*["']?(?:https?:)?//""", html)
    assert not re.search(r"""(?i)<script[^>]+src|<link[^>]+stylesheet|@import|url\(""", markup)
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    assert policy
    assert "default-src &#39;none&#39;" in policy[1]
    assert "unsafe" not in policy[1]


def test_the_file_is_a_whole_document_in_its_language(gold_page: Path) -> None:
    html = gold_page.read_bytes()
    assert html.startswith(b'<!DOCTYPE html>\n<html lang="zh-CN">')
    assert b'<meta charset="utf-8">' in html[:200]
    assert b"\r" not in html
    assert "雄安新区".encode() in html


def test_two_processes_write_the_same_bytes(gold_page: Path, tmp_path: Path) -> None:
    write(gold_quads(), tmp_path / "graph.nq")
    program = (
        "from pathlib import Path; from kg.view import render; from kg.vocab import load_vocab; "
        f"render(Path('graph.nq'), load_vocab({str(ROOT / 'ontology.ttl')!r}), Path('again.html'))"
    )
    for seed in ("1", "2"):
        environment = {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "LC_ALL": "C"}
        subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=environment, check=True)
        assert (tmp_path / "again.html").read_bytes() == gold_page.read_bytes()


def test_nothing_can_end_the_element_it_stands_in(tmp_path: Path) -> None:
    out = tmp_path / "hostile.html"
    render(hostile_quads(), vocab(), out, title=CLOSING)
    html = out.read_text(encoding="utf-8")
    assert html.count("</script>") == 3  # the data, the library, the program
    assert "window.broken=3</script>" not in html
    assert f"<title>{CLOSING}" not in html
    names = {node["zh"] for node in embedded(html)["nodes"]}
    assert {SCRIPT, CLOSING} <= names  # escaped, not lost


def test_names_lose_what_cannot_be_seen() -> None:
    assert clean("\u202e雄安\u200b\u0007新区\u202c") == "雄安新区"


def test_the_summary_counts_what_is_shown(gold_page: Path, tmp_path: Path) -> None:
    data = embedded(gold_page.read_text(encoding="utf-8"))
    summary = render(gold_quads(), vocab(), tmp_path / "graph.html", title="网络", lang="en")
    assert summary == ViewSummary(
        tmp_path / "graph.html",
        len(data["nodes"]),
        len(data["edges"]),
        len(data["page"]["values"]),
        len(data["page"]["figures"]),
        1,
        (tmp_path / "graph.html").stat().st_size,
    )


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot write the network"):
        render(PLAIN, vocab(), tmp_path / "file" / "graph.html")


def test_the_interface_has_every_word_in_both_languages() -> None:
    words = json.loads((ROOT / "kg" / "view_assets" / "words.json").read_text(encoding="utf-8"))
    assert words["zh"].keys() == words["en"].keys()
    program = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "kg" / "view_assets").glob("*.*"))
    used = {*re.findall(r"word\('([\w.]+)'", program)}
    used |= {*re.findall(r'data-(?:word|hint|name|placeholder)="(\w+)"', program)}
    assert used <= words["zh"].keys()


def test_a_fact_says_who_decided_on_it() -> None:
    opened, other = sorted(s for s, p, o, _ in gold_quads() if p == t.PREDICATE and o == f"<{KG}locatedIn>")[:2]
    made = [
        (opened, t.GENERATED_BY, "<x:review>"),
        ("<x:review>", f"<{KG}verdict>", f"<{KG}corrected>"),
        ("<x:review>", f"<{KG}reviewer>", '"Li Hua"'),
    ]
    model = read_model([*gold_quads(), *(Quad(*each, "<x:graph/reviews>") for each in made)], vocab())
    said = {f"<{s.iri}>": s.reviews for s in model.statements}
    assert said[opened] == (("verdict", Value("corrected", "term")), ("reviewer", Value("Li Hua", "string")))
    assert said[other] == ()
    data = data_of(model)
    [edge] = [edge for edge in data.edges if f"<{edge['i']}>" == opened]
    assert edge["h"] == [["verdict", {"t": "corrected", "k": "term"}], ["reviewer", {"t": "Li Hua", "k": "string"}]]
    assert len(model.things) == len(read_model(gold_quads(), vocab()).things)
