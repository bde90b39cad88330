"""Contradictions of a graph, each with the quotes on both sides; they are listed, never settled.

Two statements contradict each other when both are asserted, about one thing, by a predicate that can have one value
only, and their values exclude each other: ``2020-12-27`` and ``2020-12`` do not, ``2020`` and ``2021`` do. Two figures
do when they are of one thing, indicator, unit and time, their values differ, and no text gives both: one that does
tells of a change, or lists.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Any, NamedTuple

from kg import terms as t
from kg.nquads import plain, split_literal
from kg.tables import align
from kg.trace import Tracer
from kg.types import ASSERTED, Quad
from kg.vocab_types import Vocab

COLUMNS = ("about", "what", "value", "source", "quote", "other value", "other source", "other quote")
FIGURE = ("about", "indicator", "unit", "time", "change", "comparedWith")
"""What two figures must agree in to be of the same."""
SHOWN = 40
"""Characters of a quote in a table."""


class Side(NamedTuple):
    """One side of a contradiction: what is said, in which source, in which words."""

    value: str
    source: str
    quote: str


@dataclass(frozen=True, slots=True, order=True)
class Conflict:
    """Two things that cannot both be so: whom they are about, what is said twice, and the two sides."""

    about: str
    what: str
    left: Side
    right: Side


class Located(NamedTuple):
    """A contradiction, the node it is about, and the two statements or figures (terms) that make it."""

    conflict: Conflict
    about: str
    left: str
    right: str


def find_conflicts(quads: Iterable[Quad], vocab: Vocab) -> tuple[Conflict, ...]:
    """All contradictions of a graph, in order."""
    return tuple(sorted({found.conflict for found in locate_conflicts(quads, vocab)}))


def locate_conflicts(quads: Iterable[Quad], vocab: Vocab) -> tuple[Located, ...]:
    """All contradictions of a graph, in order, with the nodes that they are about and between."""
    graph = _Graph(quads, vocab)
    return tuple(sorted({*graph.of_statements(), *graph.of_figures()}))


class _Graph:
    def __init__(self, quads: Iterable[Quad], vocab: Vocab) -> None:
        self.tracer, self.vocab = Tracer(quads, vocab), vocab
        self.out = self.tracer.out

    def _term(self, name: str) -> str:
        return f"<{self.vocab.namespace}{name}>"

    def _one(self, node: str, name: str) -> str:
        return next(iter(self.out[node].get(self._term(name), ())), "")

    def _holders(self, kind: str) -> list[str]:
        """The statements or figures that are asserted."""
        holders = sorted(self.tracer.into[self._term(kind)][t.TYPE])
        return [each for each in holders if self.tracer.name(self._one(each, "modality")) == ASSERTED]

    def of_statements(self) -> Iterator[Located]:
        """Dates of one kind, and values of functional properties, that exclude each other."""
        said: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        for each in self._holders("Statement"):
            subject, predicate, value = (self.out[each][term][0] for term in (t.SUBJECT, t.PREDICATE, t.OBJECT))
            if self._is_single(predicate, value):
                said[subject, predicate].append((value, each))
        for (subject, predicate), values in sorted(said.items()):
            for (one, first), (other, second) in combinations(sorted(values), 2):
                if _exclude(one, other):
                    yield self._conflict(subject, self.tracer.name(predicate), (one, first), (other, second))

    def _is_single(self, predicate: str, value: str) -> bool:
        term = self.vocab.properties.get(self.vocab.name(predicate[1:-1]))
        return term is not None and (term.functional or _is_date(value))

    def of_figures(self) -> Iterator[Located]:
        """Figures of one thing, indicator, unit and time with different values, in different texts."""
        said: dict[tuple[str, ...], list[tuple[str, str]]] = defaultdict(list)
        for each in self._holders("Observation"):
            key = tuple(self._one(each, name) for name in FIGURE)
            if key[3]:  # without a time, two values may both have been so
                said[key].append((self._one(each, "value"), each))
        for key, values in sorted(said.items()):
            for (one, first), (other, second) in combinations(sorted(values), 2):
                if Decimal(plain(one)) != Decimal(plain(other)) and not self._may_agree(first, second):
                    what = " ".join(plain(part) for part in key[1:4] if part)
                    yield self._conflict(key[0], what, (one, first), (other, second))

    def _may_agree(self, one: str, other: str) -> bool:
        """Whether two values may both be so: told more and less exactly, or by one text, which means two things."""
        if self._sources(one) & self._sources(other):
            return True
        low, high = sorted((one, other), key=lambda each: Decimal(plain(self._one(each, "value"))))
        below, above = (self.tracer.name(self._one(each, "approximation")) for each in (low, high))
        return below in ("over", "about") or above in ("nearly", "about", "upto")

    def _sources(self, holder: str) -> set[str]:
        return {
            source
            for piece in self.out[holder].get(self._term("evidence"), ())
            for source in self.out[piece].get(t.HAS_SOURCE, ())
        }

    def _conflict(self, about: str, what: str, left: tuple[str, str], right: tuple[str, str]) -> Located:
        found = Conflict(self.tracer.name(about), what, self._side(*left), self._side(*right))
        return Located(found, about, left[1], right[1])

    def _side(self, value: str, holder: str) -> Side:
        """The first piece of evidence, by source and quote."""
        pieces = [self._piece(each) for each in self.out[holder].get(self._term("evidence"), ())]
        source, quote = min(pieces, default=("", ""))
        return Side(self.tracer.name(value), source, quote)

    def _piece(self, evidence: str) -> tuple[str, str]:
        source = next(iter(self.out[evidence].get(t.HAS_SOURCE, ())), "")
        named = next((plain(each) for each in self.out[source].get(t.SOURCE, ())), source)
        quotes = (plain(q) for s in self.out[evidence].get(t.HAS_SELECTOR, ()) for q in self.out[s].get(t.EXACT, ()))
        return named, next(quotes, "")


def _is_date(value: str) -> bool:
    parts = split_literal(value)
    return parts is not None and parts[2].removeprefix(t.XSD) in ("date", "gYearMonth", "gYear")


def _exclude(one: str, other: str) -> bool:
    """Whether two values cannot both be so; a date does not exclude the same date told less exactly."""
    if _is_date(one) and _is_date(other):
        short, long = sorted((plain(one), plain(other)), key=len)
        return not long.startswith(short)
    return one != other


def to_records(found: Sequence[Conflict]) -> list[dict[str, Any]]:
    """Conflicts as JSON has them."""
    return [
        {"about": each.about, "what": each.what, "left": each.left._asdict(), "right": each.right._asdict()}
        for each in found
    ]


def to_csv(found: Sequence[Conflict]) -> str:
    """Conflicts as CSV, quotes whole."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((each.about, each.what, *each.left, *each.right) for each in found)
    return text.getvalue()


def to_table(found: Sequence[Conflict]) -> str:
    """Conflicts as two lines each, in aligned columns, quotes cut."""
    rows = [row for each in found for row in _rows(each)]
    return align(("about", "what", "value", "source", "quote"), rows) if rows else "no contradictions\n"


def _rows(each: Conflict) -> Iterator[tuple[str, ...]]:
    for first, side in ((True, each.left), (False, each.right)):
        quote = side.quote if len(side.quote) <= SHOWN else side.quote[: SHOWN - 1] + "…"
        yield (each.about if first else "", each.what if first else "", side.value, side.source, quote)
