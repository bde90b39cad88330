"""Figures about a graph that is there: quads by named graph, entities by class, what is spoken of most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kg import terms as t
from kg.nquads import plain, split_literal
from kg.types import Quad

FACTS, EVIDENCE = "facts", "evidence"
MOST = 10
"""How many of the best-connected entities are told."""


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts of a graph.

    ``graphs`` are quads by named graph (the last part of its IRI), ``classes`` entities by class, ``predicates``
    plain facts by predicate, ``documents`` articles by year (empty: unknown), ``busiest`` the best-connected entities
    with the number of plain facts about them.
    """

    graphs: Mapping[str, int] = field(default_factory=dict)
    classes: Mapping[str, int] = field(default_factory=dict)
    predicates: Mapping[str, int] = field(default_factory=dict)
    documents: Mapping[str, int] = field(default_factory=dict)
    busiest: tuple[tuple[str, int], ...] = ()


def stats(quads: Iterable[Quad]) -> Stats:
    """Count, in one pass; the order of the quads does not matter."""
    counter = _Counter()
    for quad in quads:
        counter.add(quad)
    return counter.stats()


class _Counter:
    def __init__(self) -> None:
        self.graphs: Counter[str] = Counter()
        self.classes: Counter[str] = Counter()
        self.predicates: Counter[str] = Counter()
        self.degree: Counter[str] = Counter()
        self.labels: dict[str, str] = {}
        self.articles: set[str] = set()
        self.years: dict[str, str] = {}

    def add(self, quad: Quad) -> None:
        graph = local(quad.graph)
        self.graphs[graph] += 1
        if graph == FACTS:
            self._fact(quad)
        elif graph == EVIDENCE and quad.object == t.NEWS_ARTICLE:
            self.articles.add(quad.subject)
        elif graph == EVIDENCE and quad.predicate == t.ISSUED:
            self.years[quad.subject] = plain(quad.object)[:4]

    def _fact(self, quad: Quad) -> None:
        if quad.predicate == t.TYPE:
            self.classes[local(quad.object)] += 1
        elif quad.predicate == t.LABEL:
            if quad.object.endswith('"@zh'):
                self.labels[quad.subject] = plain(quad.object)
        elif quad.predicate != t.ALT_LABEL:
            self.predicates[local(quad.predicate)] += 1
            self.degree[quad.subject] += 1
            if split_literal(quad.object) is None:
                self.degree[quad.object] += 1

    def stats(self) -> Stats:
        named = ((self.labels[s], n) for s, n in self.degree.items() if s in self.labels)
        years = Counter(self.years.get(article, "") for article in self.articles)
        most = tuple(sorted(named, key=lambda item: (-item[1], item[0]))[:MOST])
        return Stats(self.graphs, self.classes, self.predicates, years, most)


def local(term: str) -> str:
    """The last part of an IRI.

    >>> local("<https://w3id.org/kg-regional/graph/facts>")
    'facts'
    """
    return term.strip("<>").replace("#", "/").rpartition("/")[2]


def to_json(figures: Stats) -> dict[str, Any]:
    """The figures as JSON, the largest first."""
    parts = ("graphs", "classes", "predicates", "documents")
    return {part: dict(_largest(getattr(figures, part))) for part in parts} | {"busiest": dict(figures.busiest)}


def to_text(figures: Stats) -> str:
    """The figures as aligned columns."""
    from wcwidth import wcswidth

    titles = {
        "graphs": "quads by graph",
        "classes": "entities by class",
        "predicates": "plain facts by predicate",
        "documents": "articles by year",
        "busiest": "most facts about",
    }
    rows = {part: list(counts.items()) for part, counts in to_json(figures).items()}
    width = max((wcswidth(name) for each in rows.values() for name, _ in each), default=0) + 2
    return "\n".join(_lines(titles, rows, width, wcswidth))


def _lines(
    titles: Mapping[str, str], rows: Mapping[str, list[tuple[str, int]]], width: int, wide: Any
) -> Iterator[str]:
    for part, title in titles.items():
        yield title
        for name, n in rows[part]:
            shown = name or "unknown"
            yield f"  {shown}{' ' * (width - wide(shown))}{n:>7}"


def _largest(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
