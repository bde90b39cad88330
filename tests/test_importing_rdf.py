"""RDF of others comes in as it is, in forms that every store keeps; what is dangerous or broken is one message."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph
from rdflib.compare import isomorphic

from kg import importing_rdf, nquads
from kg.errors import DataError, KgError, ReadError
from kg.importing_blank import canonical, without_blanks
from kg.importing_literals import normal
from kg.importing_rdf import line_with, read_rdf
from kg.terms import XSD
from kg.types import Quad

GRAPH = "<https://example.org/graph/imported-x>"
HEAD = "@prefix e: <http://e/> .\n"
XML = (
    '<?xml version="1.0"?>\n{}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">\n'
    '<rdf:Description rdf:about="{}">\n<e:p>{}</e:p></rdf:Description></rdf:RDF>\n'
)
ONE = ("<http://e/a>", "<http://e/p>", '"北京"@zh')
SAME = {
    "a.ttl": HEAD + 'e:a e:p "北京"@ZH .',
    "a.nt": '<http://e/a> <http://e/p> "北京"@zh .\n',
    "a.nq": '<http://e/a> <http://e/p> "北京"@zh <http://e/g> .\n',
    "a.trig": HEAD + 'e:g { e:a e:p "北京"@zh }',
    "a.rdf": XML.format("", "http://e/a", "北京").replace("<e:p>", '<e:p xml:lang="zh">'),
    "a.jsonld": '{"@context": {"p": {"@id": "http://e/p", "@language": "zh"}}, "@id": "http://e/a", "p": "北京"}',
}


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def triples(
    folder: Path, content: str | bytes, name: str = "x.ttl", base: str = ""
) -> tuple[tuple[str, str, str], ...]:
    return read_rdf([written(folder, name, content)], base, GRAPH).triples


def refused(folder: Path, content: str | bytes, name: str = "x.ttl") -> str:
    with pytest.raises(KgError) as caught:
        triples(folder, content, name)
    message = str(caught.value)
    assert message.startswith(str(folder / name))
    assert "\n" not in message
    return message.removeprefix(str(folder / name))


@pytest.mark.parametrize("name", SAME)
def test_every_syntax_gives_the_same_triple(name: str, tmp_path: Path) -> None:
    assert triples(tmp_path, SAME[name], name) == (ONE,)


def test_a_file_may_be_packed_and_have_a_byte_order_mark(tmp_path: Path) -> None:
    assert triples(tmp_path, gzip.compress(b"\xef\xbb\xbf" + SAME["a.ttl"].encode()), "x.ttl.gz") == (ONE,)


def test_relative_iris_need_a_base(tmp_path: Path) -> None:
    assert triples(tmp_path, '<a> <http://e/p> "北京"@zh .', base="http://e/") == (ONE,)
    json = '{"@id": "http://e/a",\n "http://e/p": {"@id": "b"}}'
    assert refused(tmp_path, HEAD + "e:a e:p <b> .").startswith(":2: an IRI is relative; say with --base")
    assert refused(tmp_path, json, "x.jsonld").startswith(":2: the IRI 'b' is relative; say with --base")
    assert refused(tmp_path, XML.format("", "b", "1"), "x.rdf").startswith(":3: the IRI 'b' is relative")


def test_an_error_in_line_40000_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path, HEAD + "e:a e:p 1 .\n" * 39998 + "e:a e:p 1 ,, .\n").startswith(":40000: ")
    assert refused(tmp_path, "<http://e/a> <http://e/p> 1 .\n", "x.nt").startswith(":1: ")
    assert refused(tmp_path, XML.format("", "http://e/a", "<a>"), "x.rdf").startswith(":4: ")
    assert refused(tmp_path, '{"@id": "http://e/a",\n"http://e/p": 1,\n}', "x.jsonld").startswith(":3: ")
    assert refused(tmp_path, b'<http://e/a> <http://e/p>\n"\xd6\xd0" .').startswith(":2: Invalid UTF-8")


DANGERS = {
    "XML entities": ("x.rdf", XML.format('<!DOCTYPE r [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>', "http://e/a", "&b;")),
    "nothing is fetched": ("x.jsonld", '{"@context": "https://schema.org/", "@id": "http://e/a", "name": "x"}'),
    "a direction": ("x.ttl", HEAD + 'e:a e:p "x"@ar--rtl .'),
    "triple terms": ("x.ttl", HEAD + 'e:a e:p <<( e:a e:p "x" )>> .'),
    "holds no triples": ("x.json", '{"name": "x"}'),
    "neither RDF nor a table": ("x.doc", "x"),
    "cannot be read": ("x.ttl.gz", "no gzip"),
}


@pytest.mark.parametrize("what", DANGERS)
def test_what_is_dangerous_or_no_rdf_is_refused(what: str, tmp_path: Path) -> None:
    name, content = DANGERS[what]
    assert what in refused(tmp_path, content, name)


def test_endless_lines_and_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing_rdf, "LONGEST", 1 << 16)
    assert ":2: a line of more than" in refused(
        tmp_path, '<http://e/a> <http://e/p> "b" .\n"' + "b" * (1 << 17), "x.nt"
    )
    monkeypatch.setattr(importing_rdf, "LARGEST", 1 << 16)
    assert "larger than" in refused(tmp_path, gzip.compress(b"\n" * (1 << 20)), "x.nt.gz")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"none\.ttl: cannot be read"):
        read_rdf([tmp_path / "none.ttl"], "", GRAPH)


def test_blank_nodes_get_the_same_iris_whatever_they_were_called(tmp_path: Path) -> None:
    one = triples(tmp_path, HEAD + "e:a e:p [ e:q 1 ] , [ e:q 2 ; e:r [ e:q 3 ] ] .")
    other = triples(tmp_path, HEAD + "_:z e:q 2 ; e:r _:k . _:k e:q 3 . e:a e:p _:y , _:z . _:y e:q 1 .")
    assert one == other
    assert len(one) == 6
    assert not [term for triple in one for term in triple if term.startswith("_:")]


def test_blank_nodes_of_two_files_are_not_one(tmp_path: Path) -> None:
    paths = [written(tmp_path, name, HEAD + f"_:x e:p {name[0]} .") for name in ("1.ttl", "2.ttl")]
    assert len({subject for subject, _, _ in read_rdf(paths, "", GRAPH).triples}) == 2


def test_blank_nodes_that_cannot_be_told_apart_are_given_up() -> None:
    poison = [(f"_:b{i}", "<http://e/p>", f"_:b{j}") for i in range(14) for j in range(14) if i != j]
    with pytest.raises(DataError, match="could not be told apart"):
        list(without_blanks(poison, GRAPH, seconds=1))


LITERALS = {
    ("01", "integer"): '"1"^^<{}integer>',
    ("7", "nonNegativeInteger"): '"7"^^<{}integer>',
    ("1.50", "decimal"): '"1.5"^^<{}decimal>',
    ("2e3", "double"): '"2000"^^<{}decimal>',
    ("1", "boolean"): '"true"^^<{}boolean>',
    ("2020-12-27", "date"): '"2020-12-27"^^<{}date>',
    ("2020-12", "gYearMonth"): '"2020-12"^^<{}gYearMonth>',
    ("2020", "gYear"): '"2020"^^<{}gYear>',
    ("2020-12-27T08:00:00.50+00:00", "dateTimeStamp"): '"2020-12-27T08:00:00.5Z"^^<{}dateTime>',
    ("a\nb", "string"): '"a\\nb"',
}


@pytest.mark.parametrize(("text", "name"), LITERALS)
def test_literals_have_the_forms_that_every_store_keeps(text: str, name: str) -> None:
    made, dropped = normal(text, "", XSD + name)
    assert (made, dropped) == (LITERALS[text, name].format(XSD), "")
    store = ox.Store()
    store.load(f"<http://e/a> <http://e/p> {made} .".encode(), format=ox.RdfFormat.N_TRIPLES)
    assert [str(quad.object) for quad in store] == [made]


def test_datatypes_that_stores_rewrite_become_text_and_are_told(tmp_path: Path) -> None:
    content = f'{HEAD}e:a e:p "P1D"^^<{XSD}duration> , "2020-12-27Z"^^<{XSD}date> , "POINT(1 2)"^^<http://e/wkt> .'
    read = read_rdf([written(tmp_path, "x.ttl", content)], "", GRAPH)
    assert {o for _, _, o in read.triples} == {'"P1D"', '"2020-12-27Z"', '"POINT(1 2)"^^<http://e/wkt>'}
    assert read.notes == (
        "1 value of xsd:date with a time zone kept as plain text",
        "1 value of xsd:duration kept as plain text",
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [("x", "integer"), ("2020-13-01", "date"), ("NaN", "double"), ("1e300", "double"), ("20", "gYear")],
)
def test_a_value_that_is_none_of_its_datatype_is_named_with_its_line(text: str, name: str, tmp_path: Path) -> None:
    told = refused(tmp_path, f'{HEAD}e:a e:p 1 .\ne:b e:p "{text}"^^<{XSD}{name}> .')
    assert told.startswith(f":3: {text!r} is no xsd:{name} (<http://e/b> <http://e/p>)")


def test_the_line_of_words_is_that_which_holds_most_of_them(tmp_path: Path) -> None:
    path = written(tmp_path, "x.ttl", "e:a 1\ne:b 2\ne:a 2\n")
    assert [line_with(path, *words) for words in (("http://e/a", "2"), ("2",), ("none",))] == [3, 2, 1]


iris = st.sampled_from([ox.NamedNode(f"http://e/{name}") for name in ("a", "b", "雄安", "x%20y", "l?q=1#f")])
blanks = st.sampled_from([ox.BlankNode(f"b{number}") for number in range(4)])
texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=12)
literals = st.one_of(
    st.builds(ox.Literal, texts),
    st.builds(lambda text, tag: ox.Literal(text, language=tag), texts, st.sampled_from(["zh", "en-gb", "zh-latn"])),
    st.integers().map(ox.Literal),
    st.dates().map(lambda day: ox.Literal(day.isoformat(), datatype=ox.NamedNode(XSD + "date"))),
)
graphs = st.lists(st.builds(ox.Triple, iris | blanks, iris, iris | blanks | literals), min_size=1, max_size=8)


@given(graphs)
def test_any_graph_comes_back_with_blank_nodes_and_nasty_literals(made: list[ox.Triple]) -> None:
    source = ox.serialize(made, format=ox.RdfFormat.N_TRIPLES) or b""
    lines = canonical(source, GRAPH)
    named = [nquads.line(quad) for quad in nquads.parse(lines)]
    assert named == lines
    blank = re.sub(rf"<{re.escape(GRAPH[1:-1])}#node-(\d+)>", r"_:n\1", "".join(lines))
    assert isomorphic(Graph().parse(data=source.decode(), format="nt"), Graph().parse(data=blank, format="nt"))


@given(graphs, st.permutations(range(4)))
def test_names_of_blank_nodes_do_not_matter(made: list[ox.Triple], order: list[int]) -> None:
    def other(term: object) -> object:
        return ox.BlankNode(f"c{order[int(term.value[1:])]}") if isinstance(term, ox.BlankNode) else term

    renamed = [ox.Triple(other(s), p, other(o)) for s, p, o in made]  # type: ignore[arg-type]
    one, two = (ox.serialize(each, format=ox.RdfFormat.N_TRIPLES) or b"" for each in (made, renamed))
    assert canonical(one, GRAPH) == canonical(two, GRAPH)


@given(texts, st.sampled_from(["", "zh"]))
def test_any_text_is_read_as_it_was_written(text: str, language: str) -> None:
    made, _ = normal(text, language, XSD + "string")
    [quad] = nquads.parse([nquads.line(Quad("<http://e/a>", "<http://e/p>", made, ""))])
    assert nquads.split_literal(quad.object) == (text, language, "")
