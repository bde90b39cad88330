"""The examples of all rules, run: the domain expert's compiler.

Each example is annotated by the whole kit, and its rule must find in it exactly what the example says (nothing, where
it says nothing).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.engines.names import NAME_V1
from kg.engines.tagger_data import TAGGER
from kg.grammar import Example
from kg.mentions import outer
from kg.pipeline import Kit, annotate
from kg.text_examples import place
from kg.types import ASSERTED, Annotation, Block, Document, Fact, Span
from kg.vocab import Vocab

Found = frozenset[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Problem:
    """A rule's example that does not hold: where the rule stands, and what was expected and found."""

    where: str
    rule: str
    text: str
    expected: Found
    found: Found

    def __str__(self) -> str:
        return (
            f"{self.where}: rule {self.rule!r} on {self.text!r}: expected {_listed(self.expected)}, "
            f"found {_listed(self.found)}; mend the rule or its example"
        )


def _listed(found: Found) -> str:
    return "; ".join(" ".join(one) for one in sorted(found)) or "nothing"


def check_examples(kit: Kit) -> Iterator[Problem]:
    """Every example that does not hold, in the order of the files."""
    for head in dict.fromkeys(kit.parts.names.heads.values()):
        for example in head.examples:
            found = _named(_read(example, kit), NAME_V1, head.type, example, kit.gate.vocab)
            yield from _compare(place(kit.recipe.grammar / "names.yaml", example.text), head.id, example, found)
    for rule in (*kit.parts.patterns, *kit.parts.anaphora):
        for example in rule.examples:
            found = _named(_read(example, kit), rule.id, str(rule.raw["type"]), example, kit.gate.vocab)
            yield from _compare(rule.where, rule.id, example, found)
    for rule in kit.parts.relations:
        for example in rule.examples:
            a = _read(example, kit)
            names = _names(a, kit)
            spelled = [(f.evidence.by, _spelled(f, names, example)) for f in a.facts]
            found = frozenset(s for by, s in spelled if by == rule.id or s in example.found)
            yield from _compare(rule.where, rule.id, example, found)
    yield from _check_tagger(kit)


def _check_tagger(kit: Kit) -> Iterator[Problem]:
    """An example of the tagger says all that it may add, and what must be found, by whichever engine."""
    theirs = {engine.name for engine in kit.parts.tagger_engines} if _has_tagger(kit) else set()
    for example in kit.parts.tagger.examples if theirs else ():
        mentions = outer(_read(example, kit).mentions)
        wanted = {one[0] for one in example.found}
        found = {m.text for m in mentions if m.by in theirs or m.text in wanted}
        where = place(kit.recipe.grammar / TAGGER, example.text)
        yield from _compare(where, "tagger", example, frozenset((text,) for text in found))


def _has_tagger(kit: Kit) -> bool:
    return not {"edges", "tagger"}.isdisjoint(kit.recipe.mention_engines)


def _named(a: Annotation, by: str, type_: str, example: Example, vocab: Vocab) -> Found:
    """What the rule found, and what the example wants that another engine found under the same type.

    A name inside another counts only where the example asks for it.
    """
    wanted = {one[0] for one in example.found}
    heads = {m.text for m in outer(a.mentions) if m.by == by and m.type == type_}
    own = heads if by == NAME_V1 else {m.text for m in a.mentions if m.by == by}
    others = {m.text for m in a.mentions if vocab.is_a(m.type, type_) and m.text in wanted}
    return frozenset((text,) for text in own | others)


def _compare(where: str, rule: str, example: Example, found: Found) -> Iterator[Problem]:
    expected = frozenset(example.found)
    if expected != found:
        yield Problem(where, rule, example.text, expected, found)


def _read(example: Example, kit: Kit) -> Annotation:
    whole = (Block(Span(0, len(example.text)), "body"),)
    doc = Document("example", example.text, "example", published=example.published, blocks=whole)
    return annotate([doc], kit)[0]


def _names(a: Annotation, kit: Kit) -> Mapping[str, frozenset[str]]:
    """Every name by which an example may call an entity."""
    entries = kit.parts.lexicon.entries
    return {
        e.id: frozenset((*e.names, *((entries[e.id].label, *entries[e.id].aliases) if e.known else ())))
        for e in a.entities
    }


def _spelled(fact: Fact, names: Mapping[str, frozenset[str]], example: Example) -> tuple[str, ...]:
    """A fact in the words of its example, so that the two can be compared."""
    value = fact.object if isinstance(fact.object, str) else fact.object.text
    ends = [names.get(fact.subject, frozenset()), names.get(value, frozenset({value}))]
    modality = () if fact.modality == ASSERTED else (fact.modality,)
    for expected in example.found:
        if len(expected) > 2 and expected[1] == fact.predicate and expected[3:] == modality:
            if expected[0] in ends[0] and expected[2] in ends[1]:
                return expected
            if expected[0] in ends[1] and expected[2] in ends[0]:
                return expected
    return (min(ends[0], default="?"), fact.predicate, min(ends[1], default="?"), *modality)
