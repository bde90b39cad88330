"""CSV files as ``neo4j-admin database import full`` takes them: headers with types, labels, no line ends in fields."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from kg.export.labelled import LISTS, Node, Relationship, read_labelled
from kg.export.source import GraphFile
from kg.export.tables import TYPES, Files, csv_bytes
from kg.export.tidy import Attributes, Scalar, one_line, xml_text

FILES = ("nodes.csv", "figures.csv", "relationships.csv")
DELIMITER = ";"
"""Stands between labels and between the values of a list; Neo4j knows no escape for it."""

_NODE = ("label_zh", "label_en")
_FIGURE = ("indicator", "value", "unit")
_RELATIONSHIP = ("id", "modality", "confidence", "evidence_count", "quote", "rule", "document", "published")
_TYPES: Mapping[type, str] = {bool: ":boolean", int: ":long", float: ":double", str: ""}
_STAND_IN = "\uff1b"  # the semicolon of East Asian writing

Row = dict[str, Scalar]


def as_import(source: GraphFile, graphs: Sequence[str]) -> Files:
    """``nodes.csv`` (entities), ``figures.csv`` (observations, nodes too) and ``relationships.csv``."""
    found = read_labelled(source, graphs)
    contents = {
        "nodes.csv": _nodes(found.nodes, _NODE, LISTS),
        "figures.csv": _nodes(found.figures, _FIGURE, ()),
        "relationships.csv": _relationships(found.relationships),
    }
    return Files(contents, found.written)


def _nodes(nodes: Sequence[Node], first: Sequence[str], lists: Sequence[str]) -> bytes:
    names = _names(first, (node.properties for node in nodes))
    columns = ("iri:ID", *first, ":LABEL", *lists, *(name for name in names if name not in first))
    rows = [{"iri:ID": n.iri, **n.properties, **_joined({":LABEL": n.labels, **n.lists})} for n in nodes]
    return _csv(columns, rows, lists)


def _relationships(relationships: Sequence[Relationship]) -> bytes:
    names = _names(_RELATIONSHIP, (each.properties for each in relationships))
    ends = (":START_ID", ":END_ID", ":TYPE")
    rows = [{**dict(zip(ends, (r.start, r.end, r.type), strict=True)), **r.properties} for r in relationships]
    return _csv((*ends, *names), rows, ())


def _names(first: Sequence[str], rows: Iterable[Attributes]) -> tuple[str, ...]:
    return (*first, *sorted({name for row in rows for name in row} - set(first)))


def _csv(columns: Sequence[str], rows: Sequence[Row], lists: Collection[str]) -> bytes:
    header = [_header(column, rows, lists) for column in columns]
    return csv_bytes(header, columns, ({name: _plain(value) for name, value in row.items()} for row in rows))


def _header(column: str, rows: Sequence[Row], lists: Collection[str]) -> str:
    """A column as Neo4j's header has it; a colon would begin its type."""
    if column in lists:
        return f"{column}:string[]"
    if column.startswith(":") or column == "iri:ID":
        return column
    kind = next((type(row[column]) for row in rows if column in row), TYPES.get(column, str))
    return column.replace(":", "_") + _TYPES[kind]


def _plain(value: Scalar) -> Scalar:
    if isinstance(value, bool):
        return str(value).lower()
    return one_line(value) if isinstance(value, str) else value


def _joined(lists: Mapping[str, Iterable[str]]) -> Row:
    return {name: DELIMITER.join(map(_item, items)) for name, items in lists.items()}


def _item(text: str) -> str:
    return xml_text(text).replace(DELIMITER, _STAND_IN)
