"""A document read again while watching: every proposal, every match of a rule, and why a match stated nothing.

Nothing here decides: the engines and gates are those of a build, and are only listened to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kg.engines.rules import Match, RuleEngine, Template, templates
from kg.errors import DataError
from kg.grammar import Rule
from kg.masking import Masked
from kg.modality import WISHED
from kg.page import page_of
from kg.pipeline import Kit, annotate
from kg.triggers import Triggers
from kg.types import (
    Annotation,
    Document,
    Fact,
    FactEngine,
    Mention,
    Observation,
    Span,
    Value,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was seen while a document was annotated.

    ``linked`` is the annotation before the gate of facts, with all its entities; ``proposed`` are all facts and figures
    that engines offered it, ``annotation`` is what came of them.
    """

    kit: Kit
    annotation: Annotation
    linked: Annotation
    proposed: tuple[Fact | Observation, ...]
    matches: tuple[Match, ...]

    @property
    def sentences(self) -> tuple[tuple[Span, Masked], ...]:
        """The sentences of the document, each with its masked form."""
        document = self.linked.document
        views = self.kit.parts.masker.views(document, self.linked.mentions)
        return tuple(zip(page_of(document).sentences, views, strict=True))

    def sentence(self, span: Span) -> tuple[Span, Masked] | None:
        """The sentence in which a span begins."""
        return next(((s, view) for s, view in self.sentences if s.start <= span.start < s.end), None)


@dataclass(frozen=True, slots=True)
class Tried:
    """A rule that a sentence called: by which words, its matches there."""

    rule: Rule
    words: tuple[str, ...]
    matches: tuple[Match, ...]


class _Listener:
    """A fact engine that remembers what it was given and what it answered."""

    def __init__(self, engine: FactEngine) -> None:
        self.engine = engine
        self.given: Annotation | None = None
        self.answers: list[Fact | Observation] = []

    @property
    def name(self) -> str:
        return self.engine.name

    def facts(self, batch: Sequence[Annotation]) -> Iterator[Sequence[Fact | Observation]]:
        for a, answer in zip(batch, self.engine.facts(batch), strict=True):
            self.given = a
            self.answers += answer
            yield answer


def read_again(document: Document, kit: Kit) -> Reading:
    """Annotate a document, listening."""
    listeners = tuple(_Listener(engine) for engine in kit.fact_engines)
    rules = [engine for engine in kit.fact_engines if isinstance(engine, RuleEngine)]
    matches: list[Match] = []
    for engine in rules:
        engine.watch = matches.append
    try:
        (annotation,) = annotate([document], replace(kit, fact_engines=listeners))
    finally:
        for engine in rules:
            engine.watch = None
    linked = next((each.given for each in listeners if each.given is not None), annotation)
    proposed = tuple(item for each in listeners for item in each.answers)
    return Reading(kit, annotation, linked, proposed, tuple(matches))


def tried(reading: Reading, view: Masked) -> Iterator[Tried]:
    """The relation rules that a sentence calls, in the order of the files."""
    rules = reading.kit.parts.relations
    for k in Triggers([rule.when for rule in rules]).called(view.text):
        words = tuple(word for word in rules[k].when if word in view.text or word == "*")
        here = tuple(m for m in reading.matches if m.rule.id == rules[k].id and m.view == view)
        yield Tried(rules[k], words, here)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a pattern can be followed: its longest beginning that matches, the rest, and the words it matched."""

    begun: str
    rest: str
    span: Span


def reach(rule: Rule, view: Masked, kit: Kit) -> Reach | None:
    """How far a pattern that does not match can be followed; ``None`` if not over a single character.

    Only beginnings that end between two parts of the pattern are tried; alternatives at its top are one part.
    """
    parts = _parts(str(rule.raw["pattern"]))
    for k in range(len(parts) - 1, 0, -1):
        found = _longest("".join(parts[:k]), rule, view, kit)
        if found:
            return Reach("".join(parts[:k]), "".join(parts[k:]), view.span(*found))
    return None


def _longest(begun: str, rule: Rule, view: Masked, kit: Kit) -> tuple[int, int] | None:
    """Where the beginning of a pattern matches the most characters, if any."""
    try:
        pattern = kit.parts.compiler.compile(begun, rule.where)
    except DataError:  # a beginning need not be a pattern
        return None
    spans = [m.span() for m in pattern.finditer(view.text) if m[0]]
    return max(spans, key=lambda span: (span[1] - span[0], -span[0]), default=None)


_PART = re.compile(r"\\.|\{[^}]*[a-zA-Z][^}]*\}|<[a-z][\w-]*>|\[(?:\\.|[^\]\\])+\]|\(|\)|.", re.DOTALL)
_REPEAT = re.compile(r"[*+?]\??|\{\d*,?\d*\}\??")


def _parts(pattern: str) -> list[str]:
    """A pattern cut where no bracket is open: a slot, a macro, a group or a character, each with its repetition."""
    parts: list[str] = []
    open_, at = 0, 0
    while at < len(pattern):
        found = _PART.match(pattern, at)
        token = found[0] if found else pattern[at]
        at += len(token)
        fresh = open_ == 0
        open_ += (token == "(") - (token == ")")
        repeat = _REPEAT.match(pattern, at) if open_ == 0 else None
        token += repeat[0] if repeat else ""
        at += len(repeat[0]) if repeat else 0
        if token == "|" and fresh:
            return [pattern]
        if fresh:
            parts.append(token)
        else:
            parts[-1] += token
    return parts


# ---------------------------------------------------------------- what became of a match


def stated(reading: Reading, match: Match, template: Template) -> list[Fact]:
    """The facts that a template of a match made."""
    span = match.view.span(*match.found.span())
    return [
        item
        for item in reading.proposed
        if isinstance(item, Fact)
        and item.evidence.by == match.rule.id
        and item.predicate == template.predicate
        and item.evidence.span.covers(span)
        and _object_of(template, item)
    ]


def _object_of(template: Template, fact: Fact) -> bool:
    """Whether a fact can come of a template: its object is of the same sort, its value the same."""
    if template.object.startswith("="):
        return isinstance(fact.object, Value) and fact.object.text == template.object[1:]
    return (template.object == "time") == isinstance(fact.object, Value)


def silence(match: Match, template: Template) -> str:
    """Why a template of a match stated nothing."""
    if match.modality == WISHED:
        return "a wish or demand states nothing"
    if template.only and match.modality not in template.only.split("|"):
        return f"holds only where {template.only.replace('|', ' or ')}, and this is {match.modality}"
    for slot in (template.subject, template.object):
        if slot != "time" and not slot.startswith("="):
            if match.found.group(slot) is None:
                return f"slot {slot!r} is empty here"
            if reason := _unlinked(match, slot):
                return reason
    if template.object == "time":
        return "no date governs the trigger"
    if template.unless:
        return f"gives way to {template.predicate} {template.unless}, which is stated too"
    return "both ends are the same thing"


def _unlinked(match: Match, slot: str) -> str:
    """Why nothing fills a slot: its names refer to no entity."""
    named = [i for i in match.view.inside(*match.found.span(slot)) if isinstance(i, Mention)]
    if any(match.entities.get(m) for m in named if m.type in match.rule.slots.get(slot, frozenset())):
        return ""
    return f"nothing that slot {slot!r} names is known to refer to anything: {', '.join(m.text for m in named)}"


def fate(reading: Reading, item: Fact | Observation) -> tuple[bool, str]:
    """Whether a proposal was admitted, and the gate's reason if not."""
    annotation = reading.annotation
    kept = annotation.facts if isinstance(item, Fact) else annotation.observations
    same = [each for each in kept if _key(each) == _key(item)]
    if any(each.evidence.by == item.evidence.by and each.evidence.span == item.evidence.span for each in same):
        return True, ""
    refused = [r.reason for r in annotation.rejected if r.item == item]
    if refused:
        return False, refused[0]
    by = sorted({each.evidence.by for each in same if each.evidence.span.overlaps(item.evidence.span)})
    return False, f"the same words are read by {', '.join(by)}, whose score is higher" if by else "no gate says why"


def _key(item: Fact | Observation) -> tuple[object, ...]:
    if isinstance(item, Fact):
        return (item.subject, item.predicate, item.object, item.modality)
    return (item.about, item.value, item.unit, item.change)


def templates_of(reading: Reading, rule: Rule) -> tuple[Template, ...]:
    """What a rule states of each match."""
    return tuple(templates(rule, reading.kit.parts.vocab))
