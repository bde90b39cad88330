"""A script of Cypher: one statement a line, which may be run again and changes nothing then."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import IO

from kg.export.labelled import RESOURCE, Labelled, Node, Relationship, read_labelled
from kg.export.source import GraphFile
from kg.export.tidy import Scalar
from kg.export.written import Written

_ESCAPES = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_TO_ESCAPE = re.compile(r"[\\'\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

Property = Scalar | Sequence[str]


def script(source: GraphFile, graphs: Sequence[str], out: IO[bytes]) -> Written:
    """Write ``MERGE`` statements for cypher-shell: a constraint, nodes by address, relationships by ``id``."""
    found = read_labelled(source, graphs)
    for statement in _statements(found):
        out.write(f"{statement};\n".encode())
    return found.written


def _statements(found: Labelled) -> Iterator[str]:
    yield f"CREATE CONSTRAINT kg_iri IF NOT EXISTS FOR (n:{name(RESOURCE)}) REQUIRE n.iri IS UNIQUE"
    yield from map(_node, [*found.nodes, *found.figures])
    yield from map(_relationship, found.relationships)


def _node(node: Node) -> str:
    labels = "".join(f":{name(label)}" for label in node.labels)
    properties = {**node.properties, **{key: value for key, value in node.lists.items() if value}}
    return f"MERGE (n:{name(RESOURCE)} {{iri: {text(node.iri)}}}) SET n{labels}, n += {_map(properties)}"


def _relationship(each: Relationship) -> str:
    ends = ", ".join(
        f"({key}:{name(RESOURCE)} {{iri: {text(iri)}}})" for key, iri in (("a", each.start), ("b", each.end))
    )
    rest = {key: value for key, value in each.properties.items() if key != "id"}
    relationship = f"[r:{name(each.type)} {{id: {text(str(each.properties['id']))}}}]"
    return f"MATCH {ends} MERGE (a)-{relationship}->(b) SET r += {_map(rest)}"


def _map(properties: Mapping[str, Property]) -> str:
    return "{" + ", ".join(f"{name(key)}: {_value(properties[key])}" for key in sorted(properties)) + "}"


def _value(value: Property) -> str:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, (bool, int, float)):
        return json.dumps(value)
    return f"[{', '.join(map(text, value))}]"


def text(value: str) -> str:
    """A text as a Cypher literal on one line.

    >>> text("it's")
    "'it\\\\'s'"
    """
    escaped = _TO_ESCAPE.sub(lambda match: _ESCAPES.get(match[0], f"\\u{ord(match[0]):04X}"), value)
    return f"'{escaped}'"


def name(value: str) -> str:
    """A label, type or property name, quoted so that anything may be one.

    >>> name("part of")
    '`part of`'
    """
    return "`" + value.replace("`", "``") + "`"
