"""Names that share their head: 广东、天津、福建自贸试验区 are three zones, 上海市、广州市人民政府 two governments.

Before a name that begins with a place, other places joined to it take its head. The mention stands where the place
stands and carries the full form.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.mentions import nested, outer
from kg.types import Annotation, Mention

COORDINATION = "coordination.v1"


class CoordinationEngine:
    """Proposes the names that a list of places before a name stands for."""

    name = COORDINATION

    def __init__(self, coordinated: frozenset[str], sited: frozenset[str], joins: frozenset[str]) -> None:
        self._types, self._places, self._joins = coordinated, sited, joins

    def mentions(self, batch: Sequence[Annotation]) -> Iterator[Sequence[Mention]]:
        return (tuple(self._scan(a)) for a in batch)

    def _scan(self, a: Annotation) -> Iterator[Mention]:
        whole = outer(a.mentions)
        for k, m in enumerate(whole):
            if m.type in self._types:
                heads = [n for n in nested(a.mentions, m) if n.span.start == m.span.start]
                if heads and heads[0].type in self._places and m.span.end - heads[0].span.end > 1:
                    yield from self._before(a.document.text, whole[:k], m, heads[0])

    def _before(self, text: str, earlier: Sequence[Mention], last: Mention, head: Mention) -> Iterator[Mention]:
        at = last.span.start
        tail = last.text[head.span.end - last.span.start :]
        for place in reversed(earlier):
            if text[place.span.end : at] not in self._joins or place.type not in self._places:
                return
            yield Mention(place.span, place.text, last.type, self.name, 0.85, place.text + tail)
            at = place.span.start
