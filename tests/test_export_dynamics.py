"""Networks for tools with a timeline: GEXF that keeps to its schema, GraphML with all parallel edges."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from export_samples import BASE, CONTEXT, EVIDENCE, FACTS, build_of, entity, kg, written
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from support import ROOT

from kg import nquads
from kg import terms as t
from kg.export import Choice
from kg.export.dynamics import Life, life
from kg.types import Quad

SCHEMA = etree.RelaxNG(etree.parse(str(ROOT / "tests" / "data" / "gexf.rng")))
YEARS = st.integers(1, 9999).map(lambda year: f"{year:04d}")


def date(text: str) -> str:
    return nquads.literal(text, datatype=t.XSD + {4: "gYear", 7: "gYearMonth", 10: "date"}[len(text)])


def statement(key: str, subject: str, predicate: str, target: str, **more: str) -> Iterable[Quad]:
    s = f"<{BASE}statement/{key}>"
    rows = {t.SUBJECT: subject, t.PREDICATE: kg(predicate), t.OBJECT: target, kg("modality"): kg("asserted")}
    rows |= {kg(name): value for name, value in more.items() if name != "event"}
    if "event" in more:
        rows[t.DERIVED_FROM] = more["event"]
    yield from (Quad(s, p, o, EVIDENCE) for p, o in rows.items())


def dated() -> Iterable[Quad]:
    """A line that opened, a treaty that was signed, an office for a time, all between the same two places."""
    a, b, event = entity("a"), entity("b"), f"<{BASE}event/e>"
    for each in (a, b):
        yield Quad(each, t.TYPE, kg("Zone"), FACTS)
    yield Quad(event, kg("occurredOn"), date("2015-06"), FACTS)
    yield from statement("opened", a, "openedOn", date("2020"))
    yield from statement("signed", a, "agreementWith", b, event=event)
    yield from statement("office", a, "partOf", b, time=nquads.literal("2014/2016-02"))
    yield from statement("undated", a, "cooperatesWith", b)
    yield from statement("mixed", a, "adjacentTo", b, time=date("2012-12-31"), title=nquads.literal("局长"))


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_of(tmp_path_factory.mktemp("dated"), dated())


@pytest.fixture(params=["nasty", "article", "lives"])
def build(request: pytest.FixtureRequest) -> Path:
    folder: Path = request.getfixturevalue(request.param)
    return folder


def parsed(path: Path) -> Any:
    return etree.parse(str(path), etree.XMLParser(huge_tree=True))


def test_gexf_keeps_to_its_schema(build: Path, tmp_path: Path) -> None:
    tree = parsed(written(build, "gexf", tmp_path / "g.gexf"))
    assert SCHEMA.validate(tree), SCHEMA.error_log


def test_gexf_without_dates_is_static(nasty: Path, tmp_path: Path) -> None:
    graph = parsed(written(nasty, "gexf", tmp_path / "g.gexf", choice=Choice("plain"))).find("{*}graph")
    assert graph.get("mode") == "static"


def test_edges_live_from_their_dates_or_those_of_their_event(lives: Path, tmp_path: Path) -> None:
    tree = parsed(written(lives, "gexf", tmp_path / "g.gexf"))
    graph = tree.find("{*}graph")
    assert (graph.get("mode"), graph.get("timeformat")) == ("dynamic", "date")
    found = {e.get("id").rpartition("/")[2]: (e.get("start"), e.get("end")) for e in tree.iterfind(".//{*}edge")}
    assert found == {
        "signed": ("2015-06-01", None),
        "office": ("2014-01-01", "2016-02-29"),
        "undated": (None, None),
        "mixed": ("2012-12-31", None),
    }


def test_a_dated_node_is_there_when_its_first_edge_is(lives: Path, tmp_path: Path) -> None:
    tree = parsed(written(lives, "gexf", tmp_path / "g.gexf"))
    found = {n.get("id"): (n.get("start"), n.get("end")) for n in tree.iterfind(".//{*}node")}
    assert found[f"{BASE}id/a"] == ("2012-12-31", None)  # it opened in 2020
    assert found[f"{BASE}id/b"] == (None, None)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2020", Life("2020-01-01")),
        ("2020-12", Life("2020-12-01")),
        ("2020-12-27", Life("2020-12-27")),
        ("2014/..", Life("2014-01-01")),
        ("../2016", Life("", "2016-12-31")),
        ("2014-05/2016-02", Life("2014-05-01", "2016-02-29")),
        ("2021-02-30", None),
        ("../..", None),
        ("2014/soon", None),
        ("处长", None),
        ("", None),
    ],
)
def test_dates_and_periods_have_days(text: str, wanted: Life | None) -> None:
    assert life(text) == wanted


@given(YEARS, YEARS)
def test_days_are_days_of_the_calendar(first: str, last: str) -> None:
    assert life(f"{first}/{last}") == Life(f"{first}-01-01", f"{last}-12-31")


@given(st.text())
def test_no_text_is_too_odd(text: str) -> None:
    found = life(text)
    assert found is None or found.start or found.end


def test_graphml_keeps_parallel_edges_apart(lives: Path, tmp_path: Path) -> None:
    path = written(lives, "graphml", tmp_path / "g.graphml")
    graph = parsed(path).find("{*}graph")
    assert graph.get("edgedefault") == "directed"
    ids = [edge.get("id") for edge in graph.iterfind("{*}edge")]
    assert len(ids) == len(set(ids)) == 4
    assert nx.read_graphml(path, force_multigraph=True).number_of_edges(f"{BASE}id/a", f"{BASE}id/b") == 4


def test_graphml_declares_the_type_of_every_key(build: Path, tmp_path: Path) -> None:
    tree = parsed(written(build, "graphml", tmp_path / "g.graphml"))
    keys = {key.get("id"): key.get("attr.type") for key in tree.iterfind("{*}key")}
    assert set(keys.values()) <= {"string", "long", "int", "double", "boolean"}
    used = {data.get("key") for data in tree.iterfind(".//{*}data")}
    assert used <= keys.keys()
    assert not any((data.text or "") in ("", "None", "nan") for data in tree.iterfind(".//{*}data"))


def test_ids_are_iris_and_the_same_in_every_format(build: Path, tmp_path: Path) -> None:
    found = []
    for fmt in ("graphml", "gexf"):
        tree = parsed(written(build, fmt, tmp_path / fmt))
        found.append([{each.get("id") for each in tree.iterfind(f".//{{*}}{kind}")} for kind in ("node", "edge")])
    assert found[0] == found[1]
    assert all(iri.startswith(CONTEXT.base) for iri in found[0][0])
