"""Facts that names state by their structure: 河北省|唐山市|曹妃甸区, 国家发展改革委|地区经济司, 北京|自贸试验区.

``data/grammar/structure.yaml`` lists them and says what its kinds of entry mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from kg.engines.known import KNOWN
from kg.engines.rules import linked
from kg.errors import DataError
from kg.fields import ENTRIES, FLAG, LINE, SHARE, WHOLE, WORD, WORDS, Shape, checked
from kg.grammar import read_yaml
from kg.mentions import nested, outer
from kg.types import ASSERTED, Annotation, Evidence, Fact, Mention, Observation, Span
from kg.vocab import Vocab

STRUCTURE = "structure.v1"
_KINDS = ("chain", "before", "nested", "ends", "shared")
_NEEDED = ("id", "kind", "outer", "inner", "predicate")
_KEYS: Mapping[str, Shape] = {
    **dict.fromkeys(_NEEDED, WORD),
    **dict.fromkeys(("anywhere", "reverse", "also", "widest"), FLAG),
    **dict.fromkeys(("besides", "between", "ends_with"), WORDS),
    "shortest": WHOLE,
    "score": SHARE,
}


@dataclass(frozen=True, slots=True)
class Structure:
    """One entry: classes of the two names, and the fact that the first (containing, following) states of the second."""

    id: str
    kind: str
    outer: str
    inner: str
    predicate: str
    anywhere: bool
    reverse: bool
    also: bool
    widest: bool
    shortest: int
    besides: tuple[str, ...]
    between: frozenset[str]
    ends_with: tuple[str, ...]
    score: float


class StructureEngine:
    """Proposes the facts that the names themselves state."""

    name = STRUCTURE

    def __init__(self, entries: Sequence[Structure], joins: Callable[[Mention, Mention], bool], vocab: Vocab) -> None:
        self._chain = [e for e in entries if e.kind == "chain"]
        self._nested = [e for e in entries if e.kind == "nested"]
        self._before = [e for e in entries if e.kind == "before"]
        self._shared = [e for e in entries if e.kind == "shared"]
        self._ends = [e for e in entries if e.kind == "ends"]
        self._joins, self._vocab = joins, vocab

    def facts(self, batch: Sequence[Annotation]) -> Iterator[Sequence[Fact | Observation]]:
        return (tuple(self._read(a)) for a in batch)

    def _read(self, a: Annotation) -> Iterator[Fact]:
        entities = linked(a)
        whole = outer(a.mentions)
        for first, second in pairwise(whole):
            yield from self._neighbours(a, first, second, entities)
        if len(whole) == len(a.mentions):
            return
        starts = {m.span.start for m in whole}
        for m in a.mentions:
            stands = m.span.start in starts or m.by == KNOWN
            parts = nested(a.mentions, m) if stands else ()
            if parts:
                yield from self._holding(a, m, parts, entities)
                yield from self._linking(a, m, parts, entities)

    def _neighbours(
        self, a: Annotation, first: Mention, second: Mention, entities: Mapping[Mention, tuple[str, ...]]
    ) -> Iterator[Fact]:
        """Names directly behind one another, and coordinated ones that share what the first begins with."""
        gap = a.document.text[first.span.end : second.span.start]
        span = Span(first.span.start, second.span.end)
        if not gap and self._joins(first, second):
            yield from self._state(a, self._chain, second, first, span, entities)
        elif not gap:
            begins = [second, *(n for n in nested(a.mentions, second) if n.span.start == second.span.start)]
            for entry in self._before:
                widest = [m for m in begins if self._vocab.is_a(m.type, entry.outer)][:1]
                for m in widest:
                    yield from self._state(a, [entry], m, first, Span(first.span.start, m.span.end), entities)
        for entry in self._shared:
            heads = nested(a.mentions, first) if gap in entry.between else ()
            for n in heads:
                if n.span.start == first.span.start and self._vocab.is_a(n.type, entry.inner):
                    yield from self._state(a, [entry], second, n, span, entities)

    def _holding(
        self, a: Annotation, m: Mention, parts: Sequence[Mention], entities: Mapping[Mention, tuple[str, ...]]
    ) -> Iterator[Fact]:
        """What a name states of the names inside it: the first entry that fits, and those that hold ``also``."""
        done = False
        for entry in self._nested:
            if done and not entry.also:
                continue
            if self._vocab.is_a(m.type, entry.outer) and m.text.endswith(entry.ends_with):
                found = list(self._inside(a, entry, m, parts, entities))
                done = done or bool(found)
                yield from found

    def _linking(
        self, a: Annotation, m: Mention, parts: Sequence[Mention], entities: Mapping[Mention, tuple[str, ...]]
    ) -> Iterator[Fact]:
        """The ends written out in a name (北京|至|雄安新区|段), for the thing and for what it is a part of."""
        for entry in self._ends:
            if not self._vocab.is_a(m.type, entry.outer):
                continue
            places = [n for n in parts if self._vocab.is_a(n.type, entry.inner)]
            for first, second in pairwise(places):
                if a.document.text[first.span.end : second.span.start] in entry.between:
                    whole = [n for n in parts if self._vocab.is_a(n.type, entry.outer) and n.span.start == m.span.start]
                    for subject in (m, *whole[:1]):
                        for end in (first, second):
                            yield from self._state(a, [entry], subject, end, m.span, entities)

    def _inside(
        self,
        a: Annotation,
        entry: Structure,
        m: Mention,
        parts: Sequence[Mention],
        entities: Mapping[Mention, tuple[str, ...]],
    ) -> Iterator[Fact]:
        fitting = [
            n
            for n in parts
            if self._vocab.is_a(n.type, entry.inner)
            and (entry.anywhere or n.span.start == m.span.start)
            and (m.span.end - n.span.end > 1 or m.name)
            and len(n.text) >= entry.shortest
            and not (entry.widest and n != parts[0])
            and not any(self._vocab.is_a(n.type, e) for e in entry.besides)
        ]
        for n in fitting[:1]:
            yield from self._state(a, [entry], m, n, m.span, entities)

    def _state(
        self,
        a: Annotation,
        entries: Sequence[Structure],
        subject: Mention,
        object_: Mention,
        span: Span,
        entities: Mapping[Mention, tuple[str, ...]],
    ) -> Iterator[Fact]:
        for entry in entries:
            if not (self._vocab.is_a(subject.type, entry.outer) and self._vocab.is_a(object_.type, entry.inner)):
                continue
            evidence = Evidence(a.document.id, span, span.of(a.document.text), entry.id, entry.score)
            for s in entities.get(subject, ()):
                for o in entities.get(object_, ()):
                    if s != o:
                        yield Fact(
                            *((o, entry.predicate, s) if entry.reverse else (s, entry.predicate, o)), ASSERTED, evidence
                        )
            return


def load_structure(path: Path, vocab: Vocab) -> tuple[Structure, ...]:
    """Read ``structure.yaml``; an unknown key, class or predicate, or an id given twice, is a ``DataError``."""
    raw = read_yaml(path)
    if not ENTRIES.fits(raw):
        raise DataError(f"{path}:1: not a list of entries; begin each with '- id: …'")
    entries: dict[str, Structure] = {}
    for one in raw:
        entry = _entry(one, f"{path}:{one[LINE]}", vocab)
        if entry.id in entries:
            raise DataError(f"{path}:{one[LINE]}: {entry.id!r} stands there twice; rename one")
        entries[entry.id] = entry
    return tuple(entries.values())


def _entry(given: Mapping[str, Any], where: str, vocab: Vocab) -> Structure:
    raw = checked(given, where, _KEYS, _NEEDED)
    unknown = [c for c in (raw["outer"], raw["inner"], *raw.get("besides", ())) if c not in vocab.classes]
    if unknown or raw["predicate"] not in vocab.properties:
        raise DataError(f"{where}: {(unknown or [raw['predicate']])[0]!r} is not in the ontology; mend the name")
    if raw["kind"] not in _KINDS:
        raise DataError(f"{where}: kind {raw['kind']!r} is none of {', '.join(_KINDS)}")
    return Structure(
        str(raw["id"]),
        raw["kind"],
        raw["outer"],
        raw["inner"],
        raw["predicate"],
        bool(raw.get("anywhere")),
        bool(raw.get("reverse")),
        bool(raw.get("also")),
        bool(raw.get("widest")),
        int(raw.get("shortest", 1)),
        tuple(raw.get("besides", ())),
        frozenset(raw.get("between", ())),
        tuple(raw.get("ends_with", ("",))),
        float(raw.get("score", 0.9)),
    )
