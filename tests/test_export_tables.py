"""Tables, Neo4j's import, Cypher and Cytoscape: read back by parsers of their own rules."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import networkx as nx
import pyarrow
import pyarrow.parquet
import pytest
from export_samples import BASE, CONTEXT, EVIDENCE, FACTS, NASTY, entity, kg, nasty_quads
from hypothesis import given
from hypothesis import strategies as st
from support import ROOT, gold_annotation

from kg import nquads
from kg import terms as t
from kg.errors import DataError, MissingExtra
from kg.export import FORMATS, Choice, export
from kg.export.cypher import name, text
from kg.export.tables import EDGE_COLUMNS, FIGURE_COLUMNS, NODE_COLUMNS, csv_bytes
from kg.export.tidy import one_line, xml_text
from kg.graph import to_quads
from kg.types import Quad
from kg.vocab import load_vocab, ontology_quads

VOCAB = load_vocab(ROOT / "ontology.ttl")


def figures() -> Iterable[Quad]:
    """A figure of which every text is nasty, and one without a unit."""
    for key, value in (("a", "120000000.5"), ("b", "70")):
        s, place = f"<{BASE}observation/{key}>", f"<{BASE}evidence/of-{key}>"
        rows = [
            (s, t.TYPE, kg("Observation")),
            (s, kg("about"), entity("lines")),
            (s, kg("indicator"), nquads.literal(NASTY["quotes"])),
            (s, kg("value"), nquads.decimal(value)),
            (s, kg("modality"), kg("planned")),
            (s, kg("evidence"), place),
            (place, kg("confidence"), nquads.decimal("0.5")),
            (place, t.HAS_SELECTOR, f"<{BASE}evidence/of-{key}#quote>"),
            (f"<{BASE}evidence/of-{key}#quote>", t.EXACT, nquads.literal(NASTY["lines"])),
        ]
        yield from (Quad(*row, EVIDENCE) for row in rows)
    yield Quad(f"<{BASE}observation/a>", t.HAS_UNIT, f"<{t.UNIT}HA>", EVIDENCE)
    yield Quad(entity("lines"), t.ALT_LABEL, nquads.literal("one; two\nthree"), FACTS)
    yield Quad(entity("lines"), t.ALT_LABEL, nquads.literal("four"), FACTS)


@pytest.fixture(scope="module", params=["nasty", "article"])
def build(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nasty labels and figures, or the bundled page's gold; both with the ontology."""
    folder = tmp_path_factory.mktemp("build")
    quads = [*nasty_quads(), *figures()] if request.param == "nasty" else to_quads(gold_annotation(), CONTEXT)
    ontology = ontology_quads(ROOT / "ontology.ttl", CONTEXT.ontology[1:-1])
    nquads.write([*quads, *ontology], folder / "graph.nq")
    return folder


def network(build: Path, folder: Path) -> nx.MultiDiGraph:
    export(build, "graphml", folder / "g.graphml")
    return nx.read_graphml(folder / "g.graphml", force_multigraph=True)


def observations(build: Path) -> Mapping[str, Decimal]:
    """The figures that the graph holds, with their values."""
    quads = [quad for quad in nquads.read(build / "graph.nq") if quad.predicate == kg("value")]
    return {quad.subject[1:-1]: Decimal(nquads.plain(quad.object)) for quad in quads}


# -- tables


def csv_rows(path: Path) -> list[dict[str, str]]:
    csv.field_size_limit(1_000_000)
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode(), newline="")))


def test_figures_are_a_table(build: Path, tmp_path: Path) -> None:
    summary = export(build, "csv", tmp_path / "tables")
    rows = csv_rows(tmp_path / "tables" / "figures.csv")
    assert {row["id"]: Decimal(row["value"]) for row in rows} == observations(build)
    assert summary.written.figures == len(rows) > 0
    nodes = {row["id"]: row["label"] for row in csv_rows(tmp_path / "tables" / "nodes.csv")}
    assert all(nodes[row["about"]] == row["about_label"] for row in rows)
    assert all(row["quote"] and row["indicator"] and row["modality"] for row in rows)


def test_plain_tables_have_no_figures_but_their_header(build: Path, tmp_path: Path) -> None:
    export(build, "csv", tmp_path / "tables", choice=Choice("plain"))
    assert (tmp_path / "tables" / "figures.csv").read_text() == ",".join(FIGURE_COLUMNS) + "\n"


def test_parquet_has_the_rows_of_csv_with_types(build: Path, tmp_path: Path) -> None:
    for fmt in ("csv", "parquet"):
        export(build, fmt, tmp_path / fmt)
    for kind, columns in (("nodes", NODE_COLUMNS), ("edges", EDGE_COLUMNS), ("figures", FIGURE_COLUMNS)):
        table = pyarrow.parquet.read_table(tmp_path / "parquet" / f"{kind}.parquet")
        assert tuple(table.column_names[: len(columns)]) == columns
        as_text = [{k: "" if v is None else str(v) for k, v in row.items()} for row in table.to_pylist()]
        assert as_text == csv_rows(tmp_path / "csv" / f"{kind}.csv")
        numbers = {"confidence": "double", "lat": "double", "value": "double", "evidence_count": "int64"}
        types = {field.name: str(field.type) for field in table.schema}
        assert {name: kind for name, kind in types.items() if name in numbers} == {
            name: kind for name, kind in numbers.items() if name in types
        }
        assert {types[column] for column in types.keys() - numbers.keys() - {"lon"}} <= {"string", "double", "int64"}


def test_columns_have_types_where_nothing_fills_them(build: Path, tmp_path: Path) -> None:
    export(build, "parquet", tmp_path / "tables", choice=Choice("plain"))
    schema = pyarrow.parquet.read_schema(tmp_path / "tables" / "figures.parquet")
    assert [str(schema.field(name).type) for name in ("value", "evidence_count", "unit")] == [
        "double",
        "int64",
        "string",
    ]


def test_parquet_tells_how_to_get_it(build: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtra, match=r"pip install 'kg\[parquet\]'"):
        export(build, "parquet", tmp_path / "tables")
    assert list(tmp_path.iterdir()) == []


# -- Neo4j's import


@dataclass(frozen=True)
class Imported:
    """One file as the importer of Neo4j understands it: the types of the columns, and rows of values."""

    types: dict[str, str]
    rows: list[dict[str, Any]]


HEADER = re.compile(r"(?P<name>[^:]*)(?::(?P<type>ID|LABEL|START_ID|END_ID|TYPE|boolean|long|double|string(\[\])?))?")
READERS = {"long": int, "double": float, "boolean": {"true": True, "false": False}.__getitem__}


def imported(path: Path) -> Imported:
    """Read by the rules of ``neo4j-admin``: no field spans lines, a quote is doubled, ``;`` parts lists."""
    csv.field_size_limit(1_000_000)
    lines = re.split(r"\r\n|\r|\n|\u2028|\u2029|\x85", path.read_bytes().decode())
    assert lines.pop() == ""
    header, *rows = [next(csv.reader([line], strict=True)) for line in lines]
    fields = [match for column in header if (match := HEADER.fullmatch(column))]
    assert len(fields) == len(header) == len({field["name"] or field["type"] for field in fields})
    types = {field["name"] or field["type"]: field["type"] or "string" for field in fields}
    assert all(len(row) == len(header) for row in rows)
    return Imported(types, [{n: read(v, types[n]) for n, v in zip(types, row, strict=True) if v} for row in rows])


def read(value: str, kind: str) -> Any:
    if kind in ("LABEL", "string[]"):
        return value.split(";")
    return READERS.get(kind, str)(value)


@pytest.fixture
def neo4j(build: Path, tmp_path: Path) -> dict[str, Imported]:
    export(build, "neo4j", tmp_path / "neo4j")
    return {path.stem: imported(path) for path in (tmp_path / "neo4j").iterdir()}


def test_the_headers_are_those_of_the_importer(neo4j: dict[str, Imported]) -> None:
    assert list(neo4j["nodes"].types)[:4] == ["iri", "label_zh", "label_en", "LABEL"]
    assert list(neo4j["relationships"].types)[:3] == ["START_ID", "END_ID", "TYPE"]
    types = {"iri": "ID", "alt_labels": "string[]", "same_as": "string[]"}
    assert types.items() <= neo4j["nodes"].types.items()
    types = {"confidence": "double", "evidence_count": "long", "quote": "string", "rule": "string"}
    types |= {"modality": "string", "document": "string"}
    assert types.items() <= neo4j["relationships"].types.items()
    assert neo4j["figures"].types["value"] == "double"


def test_ids_are_unique_and_every_end_exists(neo4j: dict[str, Imported]) -> None:
    ids = [row["iri"] for row in (*neo4j["nodes"].rows, *neo4j["figures"].rows)]
    assert len(ids) == len(set(ids))
    edges = neo4j["relationships"].rows
    assert {end for row in edges for end in (row["START_ID"], row["END_ID"])} <= set(ids)
    assert len({row["id"] for row in edges}) == len(edges)
    assert all(row["TYPE"] for row in edges)


def test_nodes_have_their_class_and_all_above_it(neo4j: dict[str, Imported], build: Path) -> None:
    found = {row["iri"]: set(row["LABEL"]) for row in neo4j["nodes"].rows}
    for quad in nquads.read(build / "graph.nq"):
        if quad.graph == FACTS and quad.predicate == t.TYPE:
            narrowest = quad.object.rpartition("#")[2].strip(">")
            assert found[quad.subject[1:-1]] >= {"Resource", *VOCAB.classes[narrowest].ancestors}
    assert {label for labels in found.values() for label in labels} <= {"Resource", *VOCAB.classes}
    assert {"Observation", "Resource"} <= set(neo4j["figures"].rows[0]["LABEL"])


def test_the_importer_gets_what_graphml_has(neo4j: dict[str, Imported], build: Path, tmp_path: Path) -> None:
    graph = network(build, tmp_path)
    labels = {row["iri"]: row["label_zh"] for row in neo4j["nodes"].rows if "label_zh" in row}
    assert labels == {n: one_line(label) for n, label in graph.nodes(data="label_zh") if label}
    quotes = {row["id"]: row.get("quote") for row in neo4j["relationships"].rows if row["TYPE"] != "about"}
    assert quotes == {
        data["eid"]: one_line(data["quote"]) if "quote" in data else None for *_, data in graph.edges(data=True)
    }
    assert {row["iri"]: Decimal(str(row["value"])) for row in neo4j["figures"].rows} == observations(build)


def test_semicolons_in_lists_do_not_split_them(tmp_path: Path) -> None:
    nquads.write([*nasty_quads(), *figures()], tmp_path / "graph.nq")
    export(tmp_path, "neo4j", tmp_path / "neo4j")
    lists = [
        row["alt_labels"] for row in imported(tmp_path / "neo4j" / "nodes.csv").rows if row["iri"].endswith("lines")
    ]
    assert lists == [["four", "one； two three"]]


@given(st.lists(st.text(st.characters(codec="utf-8")), min_size=2, max_size=5))
def test_any_text_is_one_field_of_one_line(texts: list[str]) -> None:
    clean = [one_line(xml_text(each)) for each in texts]
    columns = [str(number) for number in range(len(clean))]
    body = csv_bytes(columns, columns, [dict(zip(columns, clean, strict=True))]).decode()
    _, line, end = re.split(r"\r\n|\r|\n|\u2028|\u2029|\x85", body)
    assert (next(csv.reader([line], strict=True)), end) == (clean, "")


# -- Cypher


TOKEN = re.compile(
    r"""'(?:[^'\\]|\\['\\nrtbf]|\\u[0-9A-F]{4})*'|`(?:[^`]|``)+`|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|\w+|\S"""
)
LETTERS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "'": "'", "\\": "\\"}


def tokens(line: str) -> Iterator[str]:
    place = 0
    for match in TOKEN.finditer(line):
        assert line[place : match.start()].strip() == ""
        place = match.end()
        yield match[0]


def unquoted(token: str) -> str:
    """A text or a quoted name, without its quotes."""
    if token.startswith("`"):
        return token[1:-1].replace("``", "`")
    return re.sub(
        r"\\(u(?P<code>....)|.)", lambda m: chr(int(m["code"], 16)) if m["code"] else LETTERS[m[1]], token[1:-1]
    )


def properties(found: list[str]) -> dict[str, Any]:
    """The map that ends a statement: ``{`name`: value, …};``."""
    assert found[-2:] == ["}", ";"]
    start = len(found) - 1 - found[::-1].index("=")
    read: dict[str, Any] = {}
    items = iter(found[start + 2 : -2])
    for key in items:
        assert key.startswith("`")
        assert next(items) == ":"
        value = next(items)
        if value == "[":
            read[unquoted(key)] = [unquoted(x) for x in iter(items.__next__, "]") if x != ","]
        else:
            read[unquoted(key)] = unquoted(value) if value.startswith("'") else float(value)
        next(items, ",")
    return read


@pytest.fixture
def statements(build: Path, tmp_path: Path) -> list[list[str]]:
    export(build, "cypher", tmp_path / "g.cypher")
    lines = (tmp_path / "g.cypher").read_bytes().decode().split("\n")
    assert lines.pop() == ""
    return [list(tokens(line)) for line in lines]


def test_the_script_makes_addresses_unique_first(statements: list[list[str]]) -> None:
    assert statements[0][:2] == ["CREATE", "CONSTRAINT"]
    assert all(statement[-1] == ";" and statement.count(";") == 1 for statement in statements)


def test_the_script_merges_what_the_import_holds(statements: list[list[str]], build: Path, tmp_path: Path) -> None:
    export(build, "neo4j", tmp_path / "neo4j")
    nodes, relationships, figures = (
        imported(tmp_path / "neo4j" / f"{name}.csv").rows for name in ("nodes", "relationships", "figures")
    )
    merged = [found for found in statements if found[0] == "MERGE"]
    addresses = [next(unquoted(each) for each in found if each.startswith("'")) for found in merged]
    assert addresses == [row["iri"] for row in (*nodes, *figures)]
    by_address = dict(zip(addresses, map(properties, merged), strict=True))
    assert all(one_line(by_address[row["iri"]]["label_zh"]) == row["label_zh"] for row in nodes if "label_zh" in row)
    assert all(by_address[row["iri"]]["value"] == row["value"] for row in figures)
    matched = [found for found in statements if found[0] == "MATCH"]
    ends = [[unquoted(each) for each in found if each.startswith("'")][:3] for found in matched]
    assert ends == [[row["START_ID"], row["END_ID"], row["id"]] for row in relationships]
    assert {end for a, b, _ in ends for end in (a, b)} <= set(addresses)
    assert [properties(found).get("confidence") for found in matched] == [
        row.get("confidence") for row in relationships
    ]


@given(st.text(st.characters(codec="utf-8")))
def test_any_text_is_a_literal_of_cypher_on_one_line(value: str) -> None:
    literal = text(value)
    assert [unquoted(each) for each in tokens(literal)] == [value]
    assert len(literal.splitlines()) == 1


def test_any_name_is_quoted() -> None:
    assert unquoted(name("a`b c")) == "a`b c"


# -- Cytoscape


def test_cytoscape_gets_what_graphml_has(build: Path, tmp_path: Path) -> None:
    graph = network(build, tmp_path)
    export(build, "cytoscape", tmp_path / "g.cyjs")
    read = json.loads((tmp_path / "g.cyjs").read_bytes())["elements"]
    nodes = {each["data"]["id"]: each["data"] for each in read["nodes"]}
    assert {n: data["name"] for n, data in nodes.items()} == dict(graph.nodes(data="label"))
    edges = [each["data"] for each in read["edges"]]
    assert {e["id"]: (e["source"], e["target"], e["interaction"], e.get("quote")) for e in edges} == {
        data["eid"]: (u, v, data["label"], data.get("quote")) for u, v, data in graph.edges(data=True)
    }
    assert all(isinstance(e["confidence"], float) for e in edges if "confidence" in e)


# -- the door


@pytest.mark.parametrize("fmt", [name for name, fmt in FORMATS.items() if fmt.files])
def test_formats_of_several_files_replace_their_own_folder_only(build: Path, tmp_path: Path, fmt: str) -> None:
    for _ in range(2):
        export(build, fmt, tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == set(FORMATS[fmt].files)
    with pytest.raises(DataError, match="is several files"):
        export(build, fmt, tmp_path / "out.gz")
