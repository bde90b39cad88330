"""Answers as rows: SPARQL's JSON and N-Triples into a table, and a table as text in aligned columns."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from kg.nquads import iri, literal, parse, plain
from kg.types import Table

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_LOCAL = re.compile(r"[\w\-.~%/#]*")
GAP = "  "


def to_table(body: bytes) -> Table:
    """SPARQL results in JSON, or N-Triples, as rows of terms."""
    if not body.startswith(b"{"):
        triples = parse(body.decode().splitlines(), "answer")
        return Table(("subject", "predicate", "object"), tuple((s, p, o) for s, p, o, _ in triples))
    answer: dict[str, Any] = json.loads(body)
    if "boolean" in answer:
        return Table(("answer",), ((literal(str(answer["boolean"]).lower()),),))
    columns = tuple(answer["head"]["vars"])
    rows = answer["results"]["bindings"]
    return Table(columns, tuple(tuple(_term(row[name]) if name in row else None for name in columns) for row in rows))


def _term(value: Mapping[str, str]) -> str:
    if value["type"] == "uri":
        return iri(value["value"])
    if value["type"] == "bnode":
        return f"_:{value['value']}"
    return literal(value["value"], value.get("xml:lang", ""), value.get("datatype", ""))


def render(body: bytes, prefixes: Mapping[str, str]) -> str:
    """An answer as aligned text; see :func:`align`."""
    table = to_table(body)
    rows = [[shorten(cell, prefixes) for cell in row] for row in table.rows]
    return align(table.columns, rows)


def shorten(term: str | None, prefixes: Mapping[str, str]) -> str:
    """A term for people: a literal's text, an IRI by its prefix, nothing for what is unbound."""
    if term is None or not term.startswith("<"):
        return "" if term is None else plain(term)
    address = term[1:-1]
    fitting = [(len(base), name) for name, base in prefixes.items() if address.startswith(base)]
    if not fitting:
        return address
    length, name = max(fitting)
    return f"{name}:{address[length:]}" if _LOCAL.fullmatch(address[length:]) else address


def align(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows under their headings, in columns as wide as a terminal shows them: Chinese characters take two places.

    Control characters are shown as spaces, so that no text of a source can steer the terminal.
    """
    lines = [[_UNSEEN.sub(" ", cell) for cell in line] for line in (columns, *rows)]
    sizes = [list(map(_width, line)) for line in lines]
    widths = [max(column) for column in zip(*sizes, strict=True)]
    texts = [
        GAP.join(cell + " " * (width - size) for cell, size, width in zip(line, row, widths, strict=True)).rstrip()
        for line, row in zip(lines, sizes, strict=True)
    ]
    rule = GAP.join("─" * width for width in widths)
    return "\n".join([texts[0], rule, *texts[1:]]) + "\n"


def _width(text: str) -> int:
    """The places that a text takes on a terminal."""
    from wcwidth import wcswidth

    return len(text) if text.isascii() else max(0, wcswidth(text))
