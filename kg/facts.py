"""Stage 4: linked text -> facts and figures. Engines propose; this module admits.

A fact must be quoted from the text, speak of linked entities, be allowed by the ontology's domains and ranges, and have
a known modality. What one sentence calls planned or denies is never asserted by another reading of the same words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.mentions import outer
from kg.types import (
    ASSERTED,
    NEGATED,
    PLANNED,
    UNRESOLVED,
    Annotation,
    Entity,
    Fact,
    FactEngine,
    Observation,
    Rejected,
    Value,
)
from kg.vocab import Vocab

_MODALITIES = (ASSERTED, PLANNED, NEGATED)
_APPROXIMATION, _CHANGE = "approximation", "change"  # the properties of figures that take named values
_MONTH, _DAY = "(?:0[1-9]|1[0-2])", "(?:0[1-9]|[12][0-9]|3[01])"
_FORMS = {
    "date": re.compile(f"[0-9]{{4}}-{_MONTH}-{_DAY}"),
    "gYearMonth": re.compile(f"[0-9]{{4}}-{_MONTH}"),
    "gYear": re.compile("[0-9]{4}"),
    "decimal": re.compile(r"-?[0-9]+(?:\.[0-9]+)?"),
    "integer": re.compile("-?[0-9]+"),
}
"""How literals are written, by datatype; others are free."""
_NO_VALUE = "value is not of its kind"


@dataclass(frozen=True, slots=True)
class Gate:
    """What the gate asks: the ontology, the classes that only a fact makes worth an entity, and who only refers."""

    vocab: Vocab
    described: frozenset[str]
    referring: frozenset[str]


def find_facts(batch: Sequence[Annotation], engines: Sequence[FactEngine], gate: Gate) -> list[Annotation]:
    """Ask every engine; admit what passes the gate, keep the rest with its reason, drop entities without a say."""
    answers = zip(*(engine.facts(batch) for engine in engines), strict=True) if engines else ([] for _ in batch)
    return [_admit(a, [f for found in answer for f in found], gate) for a, answer in zip(batch, answers, strict=True)]


def _admit(a: Annotation, proposed: Iterable[Fact | Observation], gate: Gate) -> Annotation:
    entities = {e.id: e for e in a.entities}
    facts: dict[object, Fact] = {}
    figures: dict[object, Observation] = {}
    refused: list[Rejected] = []
    for item in proposed:
        reason = _objection(item, a, entities, gate.vocab)
        if reason:
            refused.append(Rejected(item, reason, item.evidence.by))
        elif isinstance(item, Fact):
            _keep(facts, (item.subject, item.predicate, item.object, item.modality, item.evidence.span.end), item)
        else:
            _keep(figures, (item.about, item.value, item.unit, item.change, item.evidence.span.end), item)
    kept = _consistent(facts.values(), refused)
    return _finish(a, kept, tuple(figures.values()), refused, gate)


def _keep(kept: dict[object, Fact] | dict[object, Observation], key: object, item: Fact | Observation) -> None:
    other = kept.get(key)
    if other is None or item.evidence.score > other.evidence.score:
        kept[key] = item  # type: ignore[assignment]


def _objection(item: Fact | Observation, a: Annotation, entities: Mapping[str, Entity], vocab: Vocab) -> str:
    proof, text = item.evidence, a.document.text
    span = proof.span
    inside = 0 <= span.start < span.end <= len(text) and proof.document == a.document.id
    if not inside or span.of(text) != proof.quote:
        return "quote is not in the text"
    if item.modality not in _MODALITIES:
        return "unknown modality"
    if not all(_is_qualifier(name, vocab) for name, _ in item.qualifiers):
        return "unknown qualifier"
    if not all(_is_written(value) for _, value in item.qualifiers):
        return _NO_VALUE
    if isinstance(item, Observation):
        return _figure_objection(item, entities, vocab)
    if item.subject not in entities or (isinstance(item.object, str) and item.object not in entities):
        return "speaks of no linked entity"
    if item.object == UNRESOLVED:
        return "relative date in a document without a date"
    if item.subject == item.object:
        return "relates a thing to itself"
    if not _allowed(item, entities, vocab):
        return "not allowed by domain and range"
    return _NO_VALUE if isinstance(item.object, Value) and not _is_written(item.object) else ""


def _figure_objection(figure: Observation, entities: Mapping[str, Entity], vocab: Vocab) -> str:
    if figure.about not in entities:
        return "speaks of no linked entity"
    said = ((_APPROXIMATION, figure.approx), (_CHANGE, figure.change))
    known = all(not code or code in vocab.values(name) for name, code in said)
    number = _is_written(Value(figure.value, "decimal"))
    return "" if known and number and figure.approx and figure.indicator and figure.unit else _NO_VALUE


def _is_written(value: Value) -> bool:
    """Whether a literal is written as its datatype wants it."""
    form = _FORMS.get(value.datatype)
    return form is None or form.fullmatch(value.text) is not None


def _is_qualifier(name: str, vocab: Vocab) -> bool:
    return name in vocab.properties and vocab.properties[name].is_qualifier


def _allowed(fact: Fact, entities: Mapping[str, Entity], vocab: Vocab) -> bool:
    subject = entities[fact.subject].type
    if isinstance(fact.object, str):
        return vocab.admits(fact.predicate, subject, entities[fact.object].type)
    if fact.object.datatype == "term" and fact.object.text not in vocab.values(fact.predicate):
        return False
    return vocab.admits(fact.predicate, subject, fact.object.datatype)


def _consistent(facts: Iterable[Fact], refused: list[Rejected]) -> tuple[Fact, ...]:
    """Without asserted readings of words that another rule read as planned or negated."""
    every = list(facts)
    doubted = {(f.subject, f.predicate, f.object, f.evidence.span.end) for f in every if f.modality != ASSERTED}
    kept = []
    for fact in every:
        key = (fact.subject, fact.predicate, fact.object, fact.evidence.span.end)
        if fact.modality == ASSERTED and key in doubted:
            refused.append(Rejected(fact, "planned or denied by the same words", fact.evidence.by))
        else:
            kept.append(fact)
    return tuple(kept)


def _finish(
    a: Annotation,
    facts: tuple[Fact, ...],
    figures: tuple[Observation, ...],
    refused: Sequence[Rejected],
    gate: Gate,
) -> Annotation:
    used = {f.subject for f in facts} | {f.object for f in facts if isinstance(f.object, str)}
    used |= {o.about for o in figures}
    standing = _standing(a, gate)
    entities = tuple(e for e in a.entities if e.id in used or (e.id in standing and e.type not in gate.described))
    kept = {e.id for e in entities}
    return replace(
        a,
        entities=entities,
        links=tuple(x for x in a.links if x.entity in kept),
        facts=tuple(sorted(facts, key=_order)),
        observations=tuple(sorted(figures, key=lambda o: (o.evidence.span, o.about, o.indicator, o.value))),
        rejected=(*a.rejected, *refused),
    )


def _order(f: Fact) -> tuple[object, ...]:
    return (f.evidence.span, f.subject, f.predicate, str(f.object), f.modality)


def _standing(a: Annotation, gate: Gate) -> set[str]:
    """The entities that the text names on their own, not only inside another name or by a word that refers."""
    named = {m for m in outer(a.mentions) if m.by not in gate.referring}
    groups = {m.span.start for m in named if m.type in gate.described}
    heads = {m for m in a.mentions if m.span.start in groups}
    return {x.entity for x in a.links if x.mention in named | heads}
