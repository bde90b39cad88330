"""Parts of a network: around something, of a document, of a time, of a CONSTRUCT; by function and by `kg view`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from view_samples import gold_quads, hostile_quads, vocab

import kg
from kg import nquads
from kg.cli import run
from kg.errors import QueryError
from kg.view_model import Model, Value, read_model
from kg.view_part import around, between, constructed, of_document
from kg.view_time import days, when

NAMED = "雄安新区"


@pytest.fixture(scope="module")
def gold() -> Model:
    return read_model(gold_quads(), vocab())


def names(model: Model) -> set[str]:
    return {thing.labels.get("zh", "") for thing in model.things}


# ---- time


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020", ("2020-01-01", "2020-12-31")),
        ("2020-02", ("2020-02-01", "2020-02-29")),
        ("2020-12-27", ("2020-12-27", "2020-12-27")),
        ("2014/..", ("2014-01-01", "9999-12-31")),
        ("2014/2019-06", ("2014-01-01", "2019-06-30")),
        ("/2019", ("0001-01-01", "2019-12-31")),
        ("全资", None),
        ("2020-13", None),
        ("2020/soon", None),
        ("../..", None),
        ("", None),
    ],
)
def test_days_of_a_date(text: str, expected: tuple[str, str] | None) -> None:
    assert days(text) == expected


def test_a_window_keeps_what_is_dated_in_it(gold: Model) -> None:
    part = between(gold, "2020-12", "2020-12")
    dates = [s.object.text for s in part.statements if isinstance(s.object, Value) and s.object.kind == "date"]
    assert dates == ["2020-12-27"]
    assert all((d := when(fact)) and d[0] <= "2020-12-31" and d[1] >= "2020-12-01" for fact in part.figures)
    assert between(gold, "1900", "1910").things == ()
    assert len(between(gold).statements) < len(gold.statements)


@pytest.mark.parametrize(("since", "until", "told"), [("soon", "", "not a date"), ("2021", "2020", "ends before")])
def test_a_window_that_is_none_is_refused(gold: Model, since: str, until: str, told: str) -> None:
    with pytest.raises(QueryError, match=told):
        between(gold, since, until)


# ---- around something


def test_a_neighbourhood_is_by_label_alias_and_iri(gold: Model) -> None:
    (iri,) = (thing.iri for thing in gold.things if thing.labels.get("zh") == NAMED)
    part = around(gold, NAMED)
    assert part == around(gold, "河北" + NAMED) == around(gold, iri) == around(gold, iri.rpartition("/")[2])
    touching = {s for s in gold.statements if iri in (s.subject, s.object)}
    assert touching <= set(part.statements)
    assert 2 < len(part.things) < len(gold.things)


def test_each_hop_reaches_further(gold: Model) -> None:
    assert names(around(gold, NAMED, 0)) == {NAMED}
    reach = [len(around(gold, NAMED, hops).things) for hops in range(5)]
    assert reach == sorted(reach)
    assert reach[2] > reach[1]


def test_an_unknown_name_is_told_with_those_near(gold: Model) -> None:
    with pytest.raises(QueryError, match=f"nothing in the graph has that name; near are .*{NAMED}"):
        around(gold, "雄安")
    with pytest.raises(QueryError, match=r"there are .* …"):
        around(gold, "zzzz")


def test_names_that_cannot_be_seen_are_found_as_they_look() -> None:
    assert len(around(read_model(hostile_quads(), vocab()), "转过来的名字", 0).things) == 1


# ---- of a document


def test_a_document_is_by_file_and_iri(gold: Model) -> None:
    (article,) = gold.articles
    part = of_document(gold, Path(article.source).stem)
    assert part == of_document(gold, article.iri)
    assert {q.document for s in part.statements for q in s.quotes} == {article.iri}
    with pytest.raises(QueryError, match="no document has that name; there are jingjinji-2021"):
        of_document(gold, "zzzz")


def test_only_the_quotes_of_the_document_come_along(gold: Model) -> None:
    both = read_model([*gold_quads(), *hostile_quads()], vocab())
    assert len(both.articles) == 2
    assert of_document(both, "jingjinji-2021").statements == gold.statements


# ---- of a CONSTRUCT


def answer(bundled: Path, query: str) -> Model:
    return constructed(bundled, nquads.read(bundled / "graph.nq"), query, vocab())


def test_constructed_triples_bring_their_quotes_and_names(bundled: Path) -> None:
    part = answer(bundled, "CONSTRUCT { ?a kg:partOf ?b } WHERE { ?a kg:partOf ?b }")
    assert {s.predicate for s in part.statements} == {"partOf"}
    assert any(s.quotes for s in part.statements)
    assert "" not in names(part)


def test_what_a_query_makes_up_has_no_quote(bundled: Path) -> None:
    part = answer(bundled, "CONSTRUCT { ?a kg:investsIn ?b } WHERE { ?b kg:partOf ?a . FILTER(ISIRI(?a)) }")
    assert {(s.predicate, s.modality, s.quotes) for s in part.statements} == {("investsIn", "background", ())}


def test_a_description_brings_what_is_said_of_a_thing(bundled: Path) -> None:
    part = answer(bundled, f"DESCRIBE ?x WHERE {{ ?x rdfs:label '{NAMED}'@zh }}")
    whole = read_model(nquads.read(bundled / "graph.nq"), vocab())
    (iri,) = (thing.iri for thing in part.things if thing.labels.get("zh") == NAMED)
    assert set(part.statements) == {s for s in whole.statements if s.subject == iri}
    assert all(s.quotes for s in part.statements)


def test_a_question_by_name_that_makes_a_graph(bundled: Path) -> None:
    assert "北京市" in names(answer(bundled, "network"))


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("SELECT * WHERE { ?s ?p ?o } LIMIT 1", "takes a query whose answer is a graph"),
        ("CONSTRUCT { ?a kg:partOf ?b } WHERE { ?a kg:partOf ?b FILTER(false) }", "nothing that can be drawn"),
        ("nothing-like-that", "no query, no file and no question"),
    ],
)
def test_other_queries_are_refused(bundled: Path, query: str, told: str) -> None:
    with pytest.raises(QueryError, match=told):
        answer(bundled, query)


# ---- the command


def drawn(path: Path) -> dict[str, Any]:
    found = re.search(r'id="data">(.*?)</script>', path.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_what_is_asked_together_narrows(bundled: Path, tmp_path: Path) -> None:
    out = tmp_path / "part.html"
    command = ["view", "--in", str(bundled), "--around", NAMED, "--hops", "2", "--document", "jingjinji-2021"]
    assert run([*command, "--output", str(out), "-q"]) == 0
    some = {node["zh"] for node in drawn(out)["nodes"]}
    assert NAMED in some
    assert len(some) < len(drawn(bundled / "graph.html")["nodes"])


def test_a_part_never_replaces_the_page_of_the_build(
    bundled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    before = (bundled / "graph.html").read_bytes()
    assert run(["view", "--in", str(bundled), "--from", "2020"]) == 0
    assert (bundled / "graph.html").read_bytes() == before
    assert (tmp_path / "network.html").is_file()
    assert "network.html: " in capsys.readouterr().err


def test_python_has_the_same_choice(bundled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    by_command = ["--around", NAMED, "--hops", "2", "--document", "jingjinji-2021"]
    assert run(["view", "--in", str(bundled), *by_command, "-o", "command.html", "-q"]) == 0
    part = kg.Part(around=NAMED, hops=2, document="jingjinji-2021")
    drawn_here = kg.view(bundled, part=part)
    assert drawn_here.path == Path("network.html")
    assert drawn_here.path.read_bytes() == Path("command.html").read_bytes()
    with pytest.raises(QueryError, match="--around zzzz"):
        kg.view(bundled, part=kg.Part(around="zzzz"))


def test_what_cannot_be_drawn_is_one_line(bundled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "none.html"
    assert run(["view", "--in", str(bundled), "--around", "雄安新", "-o", str(out)]) == 2
    told = capsys.readouterr().err
    assert told.startswith("--around 雄安新: nothing")
    assert told.count("\n") == 1
    assert not out.exists()
    assert run(["view", "--in", str(bundled), "--hops", "2"]) == 2
    assert "--around" in capsys.readouterr().err
