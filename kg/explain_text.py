"""What the builder reads in a text, step by step, as lines for people: the page with which rules are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from kg.engines.rules import Match, Template
from kg.explain_reading import Reach, Reading, Tried, fate, reach, read_again, silence, stated, templates_of, tried
from kg.explain_rules import RuleSource, rule_sources
from kg.explain_words import classes, decide, readable
from kg.masking import Masked
from kg.mentions import outer
from kg.page import page_of
from kg.pipeline import Kit
from kg.text import normalise
from kg.types import ASSERTED, Document, Entity, Fact, Mention, Observation, Rejected, Span

Ink = Callable[[str, str], str]
"""Puts words in a style (``mark``, ``head``, ``good``, ``bad``, ``soft``)."""
WIDTH = 10
"""Columns of what stands before a line."""


def plain_ink(style: str, text: str) -> str:
    """No colours: only what is marked is bracketed, or nobody would see it."""
    return f"\u27e6{text}\u27e7" if style == "mark" else text


def explain_text(text: str, kit: Kit, published: str = "", ink: Ink = plain_ink) -> Iterator[str]:
    """Everything that is read in a text: names, links, dates, numbers, and each sentence with the rules it calls.

    ``published`` is ISO 8601 at the precision known; without it relative dates stay unresolved.
    """
    found = normalise(text)
    document = Document("text", found.text, "text", published=published, blocks=found.blocks, offsets=found.offsets)
    teller = Teller(read_again(document, kit), ink)
    yield teller.row("text", found.text)
    yield teller.row("published", published or "unknown: what counts from that day stays unresolved")
    yield from teller.names()
    yield from teller.values()
    for span, view in teller.reading.sentences:
        yield from teller.sentence(span, view)
    yield from teller.outcome()


class Teller:
    """Tells of one reading."""

    def __init__(self, reading: Reading, ink: Ink) -> None:
        self.reading, self.ink = reading, ink
        self.sources: Mapping[str, RuleSource] = rule_sources(reading.kit)
        self.text = reading.linked.document.text
        self._entities: Mapping[str, Entity] = {e.id: e for e in reading.linked.entities}

    def row(self, title: str, text: str, deep: int = 0) -> str:
        """A line with its title in the margin; the ends of lines in a text are shown as signs."""
        return f"{'  ' * deep}{self.ink('soft', f'{title:{WIDTH}}')} {text}".replace("\n", " \u23ce ")

    # ------------------------------------------------------------------ names and values

    def names(self) -> Iterator[str]:
        """Each mention, what it refers to, and by what it was found; then those that were refused."""
        mentions = self.reading.linked.mentions
        whole = set(outer(mentions))
        yield self.ink("head", "names" if mentions else "names: none")
        for m in sorted(mentions, key=lambda m: (m.span.start, -m.span.end)):
            yield f"  {'' if m in whole else '  inside: '}{m.text}  {m.type}  {self._by(m)}  {self._refers(m)}"
        for r in self.reading.annotation.rejected:
            if isinstance(r.item, Mention):
                yield f"  {self.ink('bad', 'refused')} {r.item.text}  {r.item.type}  {r.by}: {r.reason}"

    def _by(self, m: Mention) -> str:
        return self.ink("soft", f"[{m.span.start}:{m.span.end}] {m.by} {m.score:.2f}")

    def _refers(self, m: Mention) -> str:
        links = [x for x in self.reading.linked.links if x.mention == m]
        told = [f"{self.entity(x.entity)} ({x.by})" for x in links]
        return f"\u2192 {', '.join(told)}" if told else self.ink("bad", "refers to nothing known")

    def entity(self, id: str) -> str:
        """An entity by its fullest name here, with the lexicon's id where it is known."""
        entity = self._entities.get(id)
        if entity is None:
            return id
        return f"{entity.names[0]} <{id}>" if entity.known else entity.names[0]

    def called(self, id: str) -> frozenset[str]:
        """Every name of an entity: those in the text and, where it is known, the lexicon's."""
        entity = self._entities.get(id)
        entry = self.reading.kit.parts.lexicon.entries.get(id)
        names = (*(entity.names if entity else ()), *((entry.label, *entry.aliases) if entry else ()))
        return frozenset(names)

    def values(self) -> Iterator[str]:
        """Dates and numbers with their values."""
        page = page_of(self.reading.linked.document)
        for d in page.dates:
            relative = ", counted from the day of publication" if d.relative else ""
            yield self.row(
                "date", f"{d.text} = {d.value or 'unknown'} ({d.kind}{', vague' if d.vague else ''}{relative})"
            )
        for q in page.quantities:
            marks = [mark for mark in ("article", "vague", "grade", "ordinal") if getattr(q, mark)]
            told = ", ".join([q.kind, q.approx, *filter(None, [q.change]), *marks])
            yield self.row("number", f"{q.span.of(self.text)} = {q.value} {q.unit} ({told})")

    # ------------------------------------------------------------------ sentences and rules

    def sentence(self, span: Span, view: Masked) -> Iterator[str]:
        """A sentence, its masked form, and every rule that it calls."""
        yield ""
        yield self.row("sentence", span.of(self.text))
        yield from self.masked(view)
        called = list(tried(self.reading, view))
        reached = {one.rule.id: reach(one.rule, view, self.reading.kit) for one in called if not one.matches}
        for one in sorted(called, key=lambda one: not one.matches):
            if one.matches or reached[one.rule.id]:
                yield from self._rule(one, reached.get(one.rule.id))
        idle = [f"{rule} ({self._where(rule)})" for rule, found in reached.items() if found is None]
        if idle:
            yield self.row("rules", f"called, but nothing they begin with is here: {', '.join(idle)}")
        if not called:
            yield self.row("rules", "none is called: no word of a rule's 'when' stands here")

    def _where(self, rule: str) -> str:
        return self.ink("soft", self.sources[rule].where)

    def masked(self, view: Masked, deep: int = 0) -> Iterator[str]:
        """The masked form twice: with its names written out, and as patterns see it."""
        yield self.row("masked", readable(view, self.text), deep)
        yield self.row("classes", classes(view), deep)

    def _rule(self, one: Tried, reached: Reach | None) -> Iterator[str]:
        where = self._where(one.rule.id)
        yield self.row("rule", f"{self.ink('head', one.rule.id)}  {where}  called by {', '.join(one.words)}")
        for match in one.matches:
            yield from self.match(match)
        if reached:
            yield self.row("follows", f"{self.ink('mark', reached.span.of(self.text))}  by  {reached.begun}", 1)
            yield self.row("fails at", self.ink("bad", reached.rest), 1)

    def match(self, match: Match) -> Iterator[str]:
        """A match: its words, its slots, its modality, and what it stated or why it did not."""
        span = match.view.span(*match.found.span())
        yield self.row("matched", self.ink("mark", span.of(self.text)), 1)
        yield self.row("slots", "  ".join(self.slots(match)), 1)
        yield self.row("modality", self.modality(match.view, match.trigger, match.rule.raw.get("modality")), 1)
        for template in templates_of(self.reading, match.rule):
            yield from self._template(match, template)

    def slots(self, match: Match) -> Iterator[str]:
        """The named parts of a match and the words that fill them."""
        for name, said in match.found.groupdict().items():
            if said is not None:
                yield f"{name} = {match.view.span(*match.found.span(name)).of(self.text)}"

    def _template(self, match: Match, template: Template) -> Iterator[str]:
        facts = stated(self.reading, match, template)
        for fact in facts:
            admitted, reason = fate(self.reading, fact)
            verdict = self.ink("good", "admitted") if admitted else self.ink("bad", f"not kept: {reason}")
            yield self.row("states", f"{self.fact(fact)}  {verdict}", 1)
        if not facts:
            said = f"{template.subject} {template.predicate} {template.object}"
            yield self.row("silent", f"{said}: {silence(match, template)}", 1)

    def modality(self, view: Masked, at: int, fixed: object = None) -> str:
        """The modality at a place of a sentence, and which words decide it."""
        if fixed:
            return f"{fixed}: the rule says so"
        document = self.reading.linked.document
        decision = decide(view, at, document.published, self.reading.kit.parts.modality)
        if not decision.cues:
            return f"{decision.modality}: no word says otherwise"
        because = " with ".join(f"{self.ink('mark', c.span.of(self.text))} ({c.list})" for c in decision.cues)
        return f"{decision.modality}: because of {because}, else {decision.otherwise}"

    # ------------------------------------------------------------------ what came of it

    def outcome(self) -> Iterator[str]:
        """Facts, figures, and what the gate refused."""
        annotation = self.reading.annotation
        yield ""
        yield from self._listed("facts", (f"{self.fact(f)}  {self._of(f)}" for f in annotation.facts))
        yield from self._listed("figures", (f"{self.figure(o)}  {self._of(o)}" for o in annotation.observations))
        refused = [r for r in annotation.rejected if not isinstance(r.item, Mention)]
        yield from self._listed("refused", (self._refused(r) for r in refused))

    def _listed(self, title: str, lines: Iterable[str]) -> Iterator[str]:
        found = list(lines)
        yield self.ink("head", title if found else f"{title}: none")
        yield from (f"  {line}" for line in found)

    def _of(self, item: Fact | Observation) -> str:
        source = self.sources.get(item.evidence.by)
        where = f" {source.where}" if source else ""
        return self.ink("soft", f"{item.evidence.by} {item.evidence.score:.2f}{where}")

    def _refused(self, r: Rejected) -> str:
        said = self.fact(r.item) if isinstance(r.item, Fact) else ""
        said = self.figure(r.item) if isinstance(r.item, Observation) else said
        return f"{said}  {self.ink('bad', r.reason)}  {self.ink('soft', r.by)}"

    def fact(self, fact: Fact) -> str:
        """A fact in words; its modality unless asserted."""
        end = self.entity(fact.object) if isinstance(fact.object, str) else fact.object.text
        more = [f"{name}={value.text}" for name, value in fact.qualifiers]
        more += [] if fact.modality == ASSERTED else [f"({fact.modality})"]
        return " ".join([self.entity(fact.subject), fact.predicate, end, *more])

    def figure(self, o: Observation) -> str:
        """A figure in words."""
        more = [o.approx if o.approx != "exact" else "", o.change, f"at {o.time}" if o.time else ""]
        more += [f"against {o.baseline}" if o.baseline else "", "" if o.modality == ASSERTED else f"({o.modality})"]
        return " ".join(filter(None, [self.entity(o.about), o.indicator, o.value, o.unit, *more]))
