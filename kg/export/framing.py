"""The frame of JSON-LD exports: what stands inside of what.

Statements stand in the entity that they speak of (``statements``), figures in what they are about (``observations``),
evidence in its statement or figure, and selectors in their evidence. All else stands at the top, entities first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kg import terms as t
from kg.vocab_context import ABOUT, ID, REVERSED, JsonContext

Row = dict[str, Any]

_SUBJECT, _SELECTOR = t.SUBJECT[1:-1], t.HAS_SELECTOR[1:-1]
_ENTITIES = ("label", *REVERSED, ABOUT[0])


def nested(rows: Mapping[str, Row], namespace: str, context: JsonContext) -> Iterator[Row]:
    """The nodes that stand at the top, with the others in them; ``rows`` are all nodes by ``@id``, and are changed.

    Each node stands in one place: where it is met first. None stands inside of itself, however a graph may loop.
    """
    parents: dict[str, str] = {}
    for iri in (_SELECTOR, f"{namespace}evidence"):
        if key := context.keys.get(iri):
            for row in rows.values():
                _take_in(row, key.name, rows, parents)
    for inverse, iri in {**REVERSED, ABOUT[0]: namespace + ABOUT[1]}.items():
        if (key := context.keys.get(iri)) and inverse in context.document:
            for row in rows.values():
                _go_in(row, key.name, inverse, rows, parents)
    top = (row for name, row in rows.items() if name not in parents)
    return iter(sorted(top, key=lambda row: row.keys().isdisjoint(_ENTITIES)))


def _take_in(row: Row, key: str, rows: Mapping[str, Row], parents: dict[str, str]) -> None:
    """Put the nodes that a row names under a key in their place."""
    for place, name in enumerate(named := _listed(row.get(key))):
        if _may_stand(name, row[ID], rows, parents):
            named[place] = rows[name]
            parents[name] = row[ID]
            row[key] = named if len(named) > 1 else named[0]


def _go_in(row: Row, key: str, inverse: str, rows: Mapping[str, Row], parents: dict[str, str]) -> None:
    """Put a row into the one node that it names under a key."""
    target = row.get(key)
    if isinstance(target, str) and target in rows and _may_stand(row[ID], target, rows, parents):
        del row[key]
        rows[target].setdefault(inverse, []).append(row)
        parents[row[ID]] = target


def _may_stand(name: Any, parent: str, rows: Mapping[str, Row], parents: Mapping[str, str]) -> bool:
    if not isinstance(name, str) or name not in rows or name in parents:
        return False
    above: str | None = parent
    while above is not None and above != name:
        above = parents.get(above)
    return above is None


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]
