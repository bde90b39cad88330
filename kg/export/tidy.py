"""The one sanitiser of property graphs: what every writer can write and every reader reads back.

Writers of property graphs fail on or spoil ``None``, lists, dates, RDF terms, control characters, columns of mixed
types and attributes named like fields of their own. After :func:`tidy` there is none of these, for any format.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from networkx import MultiDiGraph

SEPARATOR = "; "
"""Stands between the values of an attribute that has several."""
REPLACEMENT = "\ufffd"

Scalar = bool | int | float | str
Attributes = dict[str, Scalar]

# XML 1.0 cannot hold these characters at all, not even escaped; surrogates cannot be UTF-8.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LINE_ENDS = re.compile(r"\s*[\r\n\v\f\x85\u2028\u2029]\s*")
_RESERVED_NODE = frozenset({"id", "pid", "start", "end", "viz", "parents", "spells", "slices"})
_RESERVED_EDGE = _RESERVED_NODE | {"type", "weight", "source", "target", "key", "networkx_key"}


def xml_text(text: str) -> str:
    """The text with every character that XML cannot hold replaced by U+FFFD.

    >>> xml_text("a\\x01b")
    'a\ufffdb'
    """
    return _NOT_XML.sub(REPLACEMENT, text)


def tidy(graph: MultiDiGraph[str]) -> MultiDiGraph[str]:
    """A graph with the same nodes and edges in sorted order, whose attributes are plain: each a text, number or truth.

    Empty values are left out, several values become one text, dates become ISO 8601, line ends become ``\\n``; an
    attribute with values of several types becomes text throughout; a name that a format keeps for itself gets a
    trailing underscore. Edges carry ``eid``, an identifier of their own (tools drop edges without one).
    """
    from networkx import MultiDiGraph

    nodes = sorted((_plain_text(str(node)), _row(data, _RESERVED_NODE)) for node, data in graph.nodes(data=True))
    edges = sorted(
        (_plain_text(str(u)), _plain_text(str(v)), _plain_text(str(key)), _row(data, _RESERVED_EDGE))
        for u, v, key, data in graph.edges(data=True, keys=True)
    )
    _unify([row for _, row in nodes])
    _unify([row for *_, row in edges])
    result: MultiDiGraph[str] = MultiDiGraph()
    for node, row in nodes:
        result.add_node(node, **row)
    for u, v, key, row in edges:
        result.add_edge(u, v, key, **(row | {"eid": key}))
    return result


def tidy_rows(rows: Iterable[Mapping[str, object]]) -> list[Attributes]:
    """Rows whose values are plain, each column of one type; empty values are left out."""
    plain = [_row(row, frozenset()) for row in rows]
    _unify(plain)
    return plain


def one_line(text: str) -> str:
    """The text without line ends.

    >>> one_line("a\\n b")
    'a b'
    """
    return " ".join(_LINE_ENDS.split(text))


def _row(data: Mapping[Any, Any], reserved: frozenset[str]) -> Attributes:
    row: Attributes = {}
    for name in sorted(data, key=str):
        value = _scalar(data[name])
        if value is not None and value != "":
            row[f"{name}_" if name in reserved else _plain_text(str(name))] = value
    return row


def _scalar(value: object) -> Scalar | None:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, (float, Decimal)):
        number = float(value)
        return number if math.isfinite(number) else None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return _scalar(sorted(value, key=str))
    if isinstance(value, Iterable) and not isinstance(value, str):
        several = [scalar for item in value if (scalar := _scalar(item)) is not None]
        return several[0] if len(several) == 1 else SEPARATOR.join(map(str, several))
    return _plain_text(str(value))


def _plain_text(text: str) -> str:
    return xml_text(text.replace("\r\n", "\n").replace("\r", "\n"))


def _unify(rows: list[Attributes]) -> None:
    """Give each attribute one type: whole and broken numbers together are numbers, any other mixture is text."""
    types: defaultdict[str, set[type]] = defaultdict(set)
    for row in rows:
        for name, value in row.items():
            types[name].add(type(value))
    casts = {name: float if kinds == {int, float} else str for name, kinds in types.items() if len(kinds) > 1}
    for row in rows:
        for name in row.keys() & casts.keys():
            row[name] = casts[name](row[name])
