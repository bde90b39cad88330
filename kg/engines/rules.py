"""Facts by rule: what a pattern over a masked sentence states, with the time and the modality of its trigger.

A rule of ``data/grammar/relations/*.yaml`` has ``pattern`` with named slots and a trigger group ``t``, and ``facts``:
triples of slot (or ``=value``), predicate and slot. ``time`` as an object is the date that governs the trigger. The
same slot at both ends gives every pair of its members. On a fact, ``only: asserted`` (or planned) drops it under
another modality, ``as`` gives it a modality of its own, and ``unless`` names the value of the same predicate to
which it gives way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from kg.dates import Date
from kg.errors import DataError
from kg.fields import LINE, WORD, WORDS, Shape, checked
from kg.grammar import Rule
from kg.lexicon import Lexicon
from kg.masking import Masked
from kg.modality import WISHED, Modality
from kg.page import Masker, page_of
from kg.triggers import Triggers
from kg.types import (
    ASSERTED,
    NEGATED,
    PLANNED,
    UNRESOLVED,
    Annotation,
    Evidence,
    Fact,
    Mention,
    Observation,
    Span,
    Value,
)
from kg.vocab import Vocab

RULES = "rules.v1"
_POINTS = ("point", "until")
_MODALITIES = (ASSERTED, PLANNED, NEGATED)
_FACT: Mapping[str, Shape] = {
    "fact": WORDS,
    "only": Shape(
        f"of {', '.join(_MODALITIES)}, joined by |",
        lambda value: isinstance(value, str) and {*value.split("|")} <= {*_MODALITIES},
    ),
    "as": Shape(f"one of {', '.join(_MODALITIES)}", lambda value: value in _MODALITIES),
    "unless": WORD,
}
_PRECISION = {4: "gYear", 7: "gYearMonth", 10: "date"}


@dataclass(frozen=True, slots=True)
class Template:
    """One fact of a rule: the slots (or ``=value``) of its ends, its predicate, and when it holds."""

    subject: str
    predicate: str
    object: str
    only: str
    modality: str
    unless: str


@dataclass(frozen=True, slots=True)
class Match:
    """A rule's match in a view, with what the templates need."""

    annotation: Annotation
    view: Masked
    rule: Rule
    found: re.Match[str]
    entities: Mapping[Mention, tuple[str, ...]]
    modality: str
    trigger: int
    end: int


class RuleEngine:
    """Proposes the facts of relation rules."""

    name = RULES

    def __init__(
        self, rules: Sequence[Rule], masker: Masker, modality: Modality, lexicon: Lexicon, vocab: Vocab
    ) -> None:
        self._rules, self._masker, self._modality = tuple(rules), masker, modality
        self._lexicon = lexicon
        self._triggers = Triggers([rule.when for rule in rules])
        self._trigger = [tuple(g for g in rule.regex.groupindex if g.startswith("t")) for rule in rules]
        self._templates = [tuple(templates(rule, vocab)) for rule in rules]
        self.watch: Callable[[Match], None] | None = None
        """Told of every match, where somebody wants to see how rules read (``kg explain``)."""

    def facts(self, batch: Sequence[Annotation]) -> Iterator[Sequence[Fact | Observation]]:
        return (tuple(self._settled(list(self._read(a)))) for a in batch)

    def _settled(self, found: Sequence[tuple[Template, Fact]]) -> Iterator[Fact]:
        """Without the facts whose template gives way to another value of the same predicate."""
        said = {(f.subject, f.predicate, f.object.text) for _, f in found if isinstance(f.object, Value)}
        for template, fact in found:
            if not template.unless or (fact.subject, fact.predicate, template.unless) not in said:
                yield fact

    def _read(self, a: Annotation) -> Iterator[tuple[Template, Fact]]:
        entities = linked(a)
        for view in self._masker.views(a.document, a.mentions):
            for k in self._triggers.called(view.text):
                rule = self._rules[k]
                for found in rule.regex.finditer(view.text):
                    yield from self._state(k, a, view, found, entities)

    def _state(
        self, k: int, a: Annotation, view: Masked, found: re.Match[str], entities: Mapping[Mention, tuple[str, ...]]
    ) -> Iterator[tuple[Template, Fact]]:
        rule = self._rules[k]
        trigger, end = next((found.span(g) for g in self._trigger[k] if found[g] is not None), found.span())
        modality = rule.raw.get("modality") or self._modality.decide(view, trigger, a.document.published)
        match = Match(a, view, rule, found, entities, modality, trigger, end)
        if self.watch is not None:
            self.watch(match)
        if modality == WISHED:
            return
        for template in self._templates[k]:
            if not template.only or modality in template.only.split("|"):
                yield from ((template, fact) for fact in self._fill(match, template))

    def _fill(self, match: Match, template: Template) -> Iterator[Fact]:
        if template.subject == template.object:
            for a, b in combinations(self._ends(match, template.subject), 2):
                if a != b:
                    yield self._fact(match, template, a, b, ())
            return
        dates = self._dates(match) if template.object == "time" else ()
        objects: Sequence[str | Value] = [date_value(d) for d in dates] or self._ends(match, template.object)
        if template.object == "time" and not dates and self._undated(match):
            objects = [UNRESOLVED]  # the gate refuses it, with the reason
        for subject in self._ends(match, template.subject):
            for object_ in objects:
                if subject != object_:
                    yield self._fact(match, template, subject, object_, dates)

    def _fact(
        self, match: Match, template: Template, subject: str, object_: str | Value, dates: Sequence[Date]
    ) -> Fact:
        whole = match.view.span(*match.found.span())
        start = min([whole.start, *(d.span.start for d in dates)])
        end = max([whole.end, *(d.span.end for d in dates)])
        span = Span(start, end)
        doc = match.annotation.document
        score = float(match.rule.raw.get("score", 0.85))
        evidence = Evidence(doc.id, span, span.of(doc.text), match.rule.id, score)
        modality = template.modality or match.modality
        said = self._modality.speaker(match.view, match.trigger, doc.text)
        return Fact(subject, template.predicate, object_, modality, evidence, (*self._qualifiers(match), *said))

    def _qualifiers(self, match: Match) -> tuple[tuple[str, Value], ...]:
        wanted: Mapping[str, str] = match.rule.raw.get("qualifiers") or {}
        filled = []
        for name, group in sorted((n, g) for n, g in wanted.items() if n != LINE):
            if match.found.group(group):
                said = match.view.span(*match.found.span(group)).of(match.annotation.document.text)
                filled.append((name, Value(said, "string")))
        return tuple(filled)

    def _ends(self, match: Match, slot: str) -> list[str]:
        """The entities of a slot (a region's members where the rule says ``expand``), or the value itself."""
        if slot.startswith("="):
            return [Value(slot[1:], "term")]  # type: ignore[list-item]
        if slot == "time" or match.found.group(slot) is None:
            return []
        ids: dict[str, None] = {}
        wanted = match.rule.slots.get(slot, frozenset())
        for item in match.view.inside(*match.found.span(slot)):
            if isinstance(item, Mention) and item.type in wanted:
                for id in match.entities.get(item, ()):
                    members = self._lexicon.members(id) if slot in match.rule.raw.get("expand", ()) else ()
                    ids.update(dict.fromkeys(members or (id,)))
        return list(ids)

    def _dates(self, match: Match) -> tuple[Date, ...]:
        """The date that governs the trigger: the nearest before it in its clause, else one that opens a clause."""
        start = self._modality.clause_start(match.view, match.trigger)
        kinds = (*_POINTS, "since") if match.rule.raw.get("since") else _POINTS
        near = [d for _, d in dates_in(match.view, start, match.end, kinds)]
        if near:
            return (near[-1],)
        opening = [d for at, d in dates_in(match.view, 0, start, kinds) if self._opens(match.view, at)]
        return (opening[-1],) if len(opening) == 1 else ()

    def _undated(self, match: Match) -> bool:
        """Whether the clause has a date that only the document's own could resolve (去年年底), and it has none."""
        if match.annotation.document.published:
            return False
        span = match.view.span(self._modality.clause_start(match.view, match.trigger), match.end)
        dates = page_of(match.annotation.document).dates
        return any(not d.value and d.kind in _POINTS and span.covers(d.span) for d in dates)

    def _opens(self, view: Masked, at: int) -> bool:
        """Whether a date begins its clause, or all but begins it."""
        return at - self._modality.clause_start(view, at) < 3


def dates_in(view: Masked, start: int, end: int, kinds: Sequence[str]) -> Iterator[tuple[int, Date]]:
    """The dates of some kinds whose marks stand in ``view.text[start:end]``, with their places."""
    for at, placed in zip(view.starts, view.placed, strict=True):
        item = placed.item
        fits = start <= at < end and isinstance(item, Date) and item.kind in kinds and not item.vague
        if fits and isinstance(item, Date) and len(item.begin) in _PRECISION:
            yield at, item


def date_value(date: Date) -> Value:
    """A point of time as a literal of its precision."""
    return Value(date.begin, _PRECISION[len(date.begin)])


def linked(a: Annotation) -> dict[Mention, tuple[str, ...]]:
    """Mention -> the ids of its entities."""
    found: dict[Mention, tuple[str, ...]] = {}
    for link in a.links:
        found[link.mention] = (*found.get(link.mention, ()), link.entity)
    return found


def templates(rule: Rule, vocab: Vocab) -> Iterator[Template]:
    """The facts of a rule; an unknown predicate, slot, value or qualifier is a ``DataError``."""
    where = f"{rule.where}: rule {rule.id!r}"
    if not rule.raw.get("facts"):
        raise DataError(f"{where}: lacks facts; add it, with [subject, predicate, object] for each")
    for name, group in (rule.raw.get("qualifiers") or {}).items():
        if name != LINE and not (name in vocab.properties and vocab.properties[name].is_qualifier):
            raise DataError(f"{where}: no qualifier {name!r} in the ontology; mend the name")
        if name != LINE:
            _slot(str(group), rule, where)
    for slot in rule.raw.get("expand", ()):
        _slot(str(slot), rule, where)
    for raw in rule.raw["facts"]:
        yield _template(raw if isinstance(raw, Mapping) else {"fact": raw}, rule, where, vocab)


def _template(given: Mapping[str, object], rule: Rule, where: str, vocab: Vocab) -> Template:
    raw = checked(given, where, _FACT, ("fact",))
    if len(raw["fact"]) != 3:
        raise DataError(f"{where}: a fact has three parts, not {raw['fact']!r}")
    subject, predicate, object_ = map(str, raw["fact"])
    if predicate not in vocab.properties:
        raise DataError(f"{where}: no predicate {predicate!r} in the ontology; mend the name")
    _slot(subject, rule, where)
    if object_.startswith("="):
        _value(object_[1:], predicate, where, vocab)
    elif object_ != "time":
        _slot(object_, rule, where)
    if raw.get("unless"):
        _value(str(raw["unless"]), predicate, where, vocab)
    return Template(
        subject, predicate, object_, str(raw.get("only", "")), str(raw.get("as", "")), str(raw.get("unless", ""))
    )


def _slot(name: str, rule: Rule, where: str) -> None:
    if name not in rule.regex.groupindex:
        raise DataError(f"{where}: no slot {name!r} in the pattern; name one there")


def _value(name: str, predicate: str, where: str, vocab: Vocab) -> None:
    if name not in vocab.values(predicate):
        known = ", ".join(sorted(vocab.values(predicate))) or "none"
        raise DataError(f"{where}: {name!r} is no value of {predicate!r}; known: {known}")
