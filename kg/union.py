"""The union of documents: what is computed over all of them, last, so that each document's own quads stay a plain set.

Counts and confidence of statements and figures, qualifiers on which all evidence agrees, one preferred label for each
entity, its narrowest classes, and one graph for each triple.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from kg import terms as t
from kg.graph import Context, confidence
from kg.iri import pinyin
from kg.nquads import integer, literal, plain, split_literal
from kg.types import Quad

ORDER = ("facts", "background", "evidence", "identity", "rejected", "reviews", "inferred")
"""Where a triple stays that several graphs offer: the first of these."""


def finish(quads: Iterable[Quad], context: Context) -> Iterator[Quad]:
    """The graph of a union of documents, background and ontology: sorted, each triple in one graph.

    It may be applied to its own result, alone or joined with more quads: what it computed before is computed anew.
    """
    ordered = sorted(set(quads))
    union = _Union(ordered, context)
    for _, group in groupby(ordered, key=lambda quad: quad[0]):
        yield from sorted(union.subject(list(group)))


class _Union:
    """What has to be known of all quads before the quads of any one subject can be finished."""

    def __init__(self, quads: Sequence[Quad], context: Context) -> None:
        self.context = context
        self.rank = {context.graph(name): place for place, name in enumerate(ORDER)}
        self.facts, self.rejected = context.graph("facts"), context.graph("rejected")
        self.named = {self.facts, context.graph("background")}
        self.evidence, self.count = context.term("evidence"), context.term("evidenceCount")
        self.confidence = context.term("confidence")
        self.qualifiers = {context.term(name) for name in context.qualifiers}
        self.scores, self.said = self._of_evidence(quads)

    def _of_evidence(self, quads: Sequence[Quad]) -> tuple[dict[str, Decimal], dict[str, list[Quad]]]:
        """The confidence of each piece of evidence, and its qualifiers."""
        holders = {quad.subject for quad in quads if quad.predicate == self.evidence}
        scores: dict[str, Decimal] = {}
        said: dict[str, list[Quad]] = defaultdict(list)
        for quad in quads:
            if quad.subject in holders:
                continue
            if quad.predicate == self.confidence:
                scores[quad.subject] = max(Decimal(plain(quad.object)), scores.get(quad.subject, Decimal(0)))
            elif quad.predicate in self.qualifiers:
                said[quad.subject].append(quad)
        return scores, said

    def subject(self, group: list[Quad]) -> Iterable[Quad]:
        """The finished quads of one subject."""
        pieces = [quad.object for quad in group if quad.predicate == self.evidence]
        if pieces:
            home = self._home(group)
            stated = [*self._holder(group, pieces, home)] if home != self.rejected else group
            return self._one_graph(stated)
        if any(quad.graph in self.named for quad in group):
            return self._one_graph(self._classes(self._labels(group)))
        if group[0].subject in self.scores:
            group = [quad for quad in group if self._is_best(quad)]
        return self._one_graph(group)

    def _is_best(self, quad: Quad) -> bool:
        return quad.predicate != self.confidence or Decimal(plain(quad.object)) == self.scores[quad.subject]

    def _home(self, group: list[Quad]) -> str:
        """The first of the graphs that say something of a subject."""
        return min((quad.graph for quad in group), key=lambda graph: self.rank.get(graph, len(ORDER)))

    def _holder(self, group: list[Quad], pieces: list[str], graph: str) -> Iterator[Quad]:
        """A statement or figure with its count, its confidence and the qualifiers that no evidence contradicts."""
        computed = {self.count, self.confidence} | (self.qualifiers if self._is_statement(group) else set())
        yield from (quad for quad in group if quad.predicate not in computed)
        subject = group[0].subject
        doubt = Decimal(1)
        for piece in sorted(set(pieces)):
            doubt *= 1 - self.scores.get(piece, Decimal(0))
        yield Quad(subject, self.count, integer(len(set(pieces))), graph)
        yield Quad(subject, self.confidence, confidence(float(1 - doubt)), graph)
        if self._is_statement(group):
            yield from self._agreed(subject, graph, pieces)

    @staticmethod
    def _is_statement(group: list[Quad]) -> bool:
        return any(quad.predicate == t.SUBJECT for quad in group)

    def _agreed(self, subject: str, graph: str, pieces: list[str]) -> Iterator[Quad]:
        values: dict[str, set[str]] = defaultdict(set)
        for quad in (quad for piece in pieces for quad in self.said.get(piece, ())):
            values[quad.predicate].add(quad.object)
        for predicate, objects in values.items():
            if len(objects) == 1:
                yield Quad(subject, predicate, objects.pop(), graph)

    def _labels(self, group: list[Quad]) -> list[Quad]:
        """One Chinese label, the lexicon's or else the fullest name, the others beside it, and its pinyin."""
        offered = [quad for quad in group if quad.predicate == t.LABEL and quad.object.endswith('"@zh')]
        if not offered:
            return group
        background = self.context.graph("background")
        best = min(offered, key=lambda quad: (quad.graph != background, -len(quad.object), quad.object)).object
        subject, home = group[0].subject, self._home(group)
        named = [Quad(subject, t.LABEL, best, home)]
        if spoken := pinyin(plain(best)):
            named.append(Quad(subject, t.LABEL, literal(spoken, "zh-latn"), home))
        return named + [moved for quad in group if (moved := _beside(quad, best, home)) is not None]

    def _classes(self, group: list[Quad]) -> list[Quad]:
        """The group without classes that lie above another of its classes."""
        vocab = self.context.vocab
        types = {quad.object: vocab.name(quad.object[1:-1]) for quad in group if quad.predicate == t.TYPE}
        above = {
            a for a, name in types.items() for other in types.values() if other != name and vocab.is_a(other, name)
        }
        return [quad for quad in group if quad.predicate != t.TYPE or quad.object not in above]

    def _one_graph(self, group: Iterable[Quad]) -> list[Quad]:
        """Each triple once, in the first of the graphs that offer it."""
        first: dict[tuple[str, str, str], str] = {}
        last = len(ORDER)
        for s, p, o, graph in group:
            held = first.get((s, p, o))
            if held is None or (self.rank.get(graph, last), graph) < (self.rank.get(held, last), held):
                first[s, p, o] = graph
        return [Quad(s, p, o, graph) for (s, p, o), graph in first.items()]


def _beside(quad: Quad, label: str, home: str) -> Quad | None:
    """What becomes of a quad where ``label`` is chosen: another name is an alias, a translation stands at home."""
    if quad.predicate == t.ALT_LABEL and quad.object == label:
        return None
    if quad.predicate != t.LABEL:
        return quad
    _, language, _ = split_literal(quad.object) or ("", "", "")
    if language == "zh":
        return None if quad.object == label else quad._replace(predicate=t.ALT_LABEL)
    return None if language == "zh-latn" else quad._replace(graph=home)
