"""Figures: what a number counts or measures, whose it is, when, and whether it is a level or a change.

For each quantity the clause before it (and the noun behind a counted one) gives the indicator; the owner is the
thing behind ``的``, the subject of the clause, or what the sentence or paragraph last spoke of. A run of numbers
(分别A和B) is handed out over what went before. The words are in ``data/grammar/figures.yaml``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.dates import Date
from kg.engines.figure_data import FigureData
from kg.engines.rules import linked
from kg.masking import DATE, NUMBER, Masked
from kg.modality import WISHED, Modality
from kg.page import Masker
from kg.quantities import Quantity
from kg.segment import CHAR, MARK, NOUN, UNKNOWN, VERB
from kg.types import ASSERTED, PLANNED, Annotation, Evidence, Fact, Mention, Observation

FIGURES, HEADING = "figures.v1", "heading"
Owners = tuple[str, ...]


class FigureEngine:
    """Proposes an observation for each quantity that says whose and of what it is."""

    name = FIGURES

    def __init__(self, data: FigureData, masker: Masker, modality: Modality) -> None:
        self.data, self.modality, self._masker = data, modality, masker

    def facts(self, batch: Sequence[Annotation]) -> Iterator[Sequence[Fact | Observation]]:
        return (tuple(self._read(a)) for a in batch)

    def _read(self, a: Annotation) -> Iterator[Observation]:
        entities = linked(a)
        topic: Owners = ()
        headings = {b.span.start for b in a.document.blocks if b.kind == HEADING}
        for view in self._masker.views(a.document, a.mentions):
            topic = () if view.base in headings else topic
            if not view.starts:
                continue
            sentence = _Sentence(self, a, view, entities, topic)
            yield from sentence.read()
            topic = sentence.topic


@dataclass(frozen=True, slots=True)
class _Clause:
    """Where a clause begins and ends in the masked text, whose it is, and whether it names its subject itself."""

    start: int
    end: int
    owners: Owners
    own: bool


class _Sentence:
    """Reads the figures of one sentence from left to right."""

    def __init__(
        self,
        engine: FigureEngine,
        a: Annotation,
        view: Masked,
        entities: Mapping[Mention, Owners],
        topic: Owners,
    ) -> None:
        self._d, self._m = engine.data, engine.modality
        self._a, self._view, self._entities = a, view, entities
        self.topic = topic
        self._found: list[list[Observation]] = []

    def read(self) -> Iterator[Observation]:
        lead = self._d.lead.match(self._view.text)
        current: Owners = ()
        for start, end in self._clauses(lead.end() if lead else 0):
            owners, lasting = self._subject(start, end)
            clause = _Clause(start, end, owners or current or self.topic, bool(owners))
            yield from self._clause(clause)
            current = owners if owners and lasting else current
        self.topic = current or self.topic

    def _clauses(self, at: int) -> Iterator[tuple[int, int]]:
        for m in self._m.clause.finditer(self._view.text, at):
            if m.start() > at:
                yield at, m.start()
            at = m.end()
        if at < len(self._view.text):
            yield at, len(self._view.text)

    # ------------------------------------------------------------------ owners

    def _subject(self, start: int, end: int) -> tuple[Owners, bool]:
        """The clause's subject: the first owner (or list of owners) before any verb, else one that a verb or a number
        follows.
        """
        local: Owners = ()
        for k in range(bisect_left(self._view.starts, start), bisect_left(self._view.starts, end)):
            at, item = self._view.starts[k], self._view.placed[k].item
            if not isinstance(item, Mention) or item.type not in self._d.owners or self._oblique(start, at):
                continue
            if not self._verb(start, at):
                return self._owners_at(k, start), item.type in self._d.topics
            if not local and (self._acts(at) or self._view.text.startswith(NUMBER, at + 1)):
                local = self._listed(k)
        return local, False

    def _oblique(self, start: int, at: int) -> bool:
        """Whether a preposition or a word of time makes a name no subject; 从A到B still speaks of A."""
        text = self._view.text
        if self._d.passed.match(text, at + 1):
            return True
        return bool(self._d.oblique.search(text[start:at])) and not self._d.leaving.match(text, max(start, at - 1))

    def _verb(self, start: int, end: int) -> bool:
        return any(t.kind == VERB for t in self._m.words.segment(self._view.text, start, end))

    def _acts(self, at: int) -> bool:
        """Whether a verb stands directly behind the name at ``at``."""
        tokens = self._m.words.segment(self._view.text, at + 1, min(at + 5, len(self._view.text)))
        return bool(tokens) and tokens[0].kind == VERB and tokens[0].end - tokens[0].start > 1

    def _owners_at(self, k: int, start: int) -> Owners:
        """The owners listed at mark ``k``; a counted group's figures are its place's."""
        at, item = self._view.starts[k], self._view.placed[k].item
        counted = at > start and self._view.text[at - 1] == NUMBER
        if isinstance(item, Mention) and counted and item.type in self._d.group:
            return self._place_in(item)
        return self._listed(k)

    def _listed(self, k: int) -> Owners:
        """The owner at mark ``k`` and those listed with it."""
        ids: dict[str, None] = {}
        text, starts = self._view.text, self._view.starts
        while True:
            item = self._view.placed[k].item
            if not isinstance(item, Mention) or item.type not in self._d.owners:
                break
            ids.update(dict.fromkeys(self._entities.get(item, ())))
            if k + 1 >= len(starts) or not self._d.joined.fullmatch(text, starts[k] + 1, starts[k + 1]):
                break
            k += 1
        return tuple(ids)

    def _whose(self, at: int, clause: _Clause) -> Owners | None:
        """The owners of the quantity at ``at``; ``None`` where it belongs to something that has no name."""
        of = self._d.of.match(self._view.text, at + 1, clause.end)
        thing = self._thing(of.end(), clause) if of else None
        if thing and thing.type in self._d.owners:
            return self._entities.get(thing)
        if (of and not clause.own) or self._d.others.search(self._view.text, clause.start, at):
            return None
        if not clause.own and self._somebody_else(clause.start, at):
            return None
        for item in self._view.inside(at + 1, at + 2):
            if isinstance(item, Mention) and item.type in self._d.group and self._place_in(item):
                return self._place_in(item)
        return clause.owners

    def _somebody_else(self, start: int, at: int) -> bool:
        """Whether an unnamed agent acts in the clause: a noun, and then a verb right before the number."""
        tokens = [t for t in self._m.words.segment(self._view.text, start, at) if t.kind != MARK]
        text = self._view.text
        if not tokens or tokens[-1].kind != VERB or self._d.levels.match(text, tokens[-1].start, at):
            return False
        nouns = [t for t in tokens[:-1] if t.kind in (NOUN, UNKNOWN) and t.end - t.start > 1]
        return any(not self._d.neutral.match(text, t.start, at) for t in nouns)

    def _thing(self, at: int, clause: _Clause) -> Mention | None:
        """The named thing at ``at``, unless it only modifies a noun behind it."""
        named = [item for item in self._view.inside(at, at + 1) if isinstance(item, Mention)]
        return named[0] if named and not self._noun_follows(at + 1, clause) else None

    def _noun_follows(self, at: int, clause: _Clause) -> bool:
        tokens = self._m.words.segment(self._view.text, at, min(at + 4, clause.end))
        return bool(tokens) and tokens[0].kind in (NOUN, UNKNOWN, CHAR)

    def _place_in(self, group: Mention) -> Owners:
        inner = (m for m in self._entities if m.span.start == group.span.start and m != group)
        return next((self._entities[m] for m in inner if group.span.covers(m.span)), ())

    # ------------------------------------------------------------------ figures

    def _clause(self, clause: _Clause) -> Iterator[Observation]:
        done = clause.start
        run: list[int] = []
        for at, placed in zip(self._view.starts, self._view.placed, strict=True):
            if not clause.start <= at < clause.end or not isinstance(placed.item, Quantity):
                continue
            left = self._view.text[done:at]
            goes_on = self._d.each.search(left) or (run and self._d.joined.fullmatch(left))
            run = [*run, at] if goes_on else []
            if not self._skipped(placed.item, at):
                yield from self._figure(placed.item, at, done, clause, run)
                done = max(at + 1, self._noun_end(at, clause.end))

    def _skipped(self, q: Quantity, at: int) -> bool:
        text = self._view.text
        if q.vague or q.unit in self._d.skip_units or self._counts_list(q, at):
            return True
        wanted = self._d.wanting.get(q.unit)
        if wanted and not wanted.search(text):
            return True
        return bool(self._d.skip_before.search(text[max(0, at - 6) : at]) or self._d.skip_after.match(text, at + 1))

    def _counts_list(self, q: Quantity, at: int) -> bool:
        """A number right behind a list that only counts it (信息安全、动力电池|两个|集群)."""
        names = 0
        k = bisect_left(self._view.starts, at) - 1
        while k >= 0 and self._view.starts[k] >= at - 1 - 2 * names:
            names += isinstance(self._view.placed[k].item, Mention)
            k -= 1
        spelled = not self._a.document.text[q.number.start].isdigit()
        return names > 1 and spelled and q.value == str(names)

    def _figure(self, q: Quantity, at: int, done: int, clause: _Clause, run: Sequence[int]) -> Iterator[Observation]:
        modality = self._modality(at, clause)
        owners = self._whose(at, clause)
        if modality == WISHED or not owners:
            return
        change = self._change(done, at) or (self._found[-1][0].change if len(run) > 1 and self._found else "")
        indicator = self._indicator(q, at, done, clause, change) or self._d.defaults.get(q.kind, "")
        length = self._length(run, clause.end)
        base = self._shared(run, length)
        if length > 1 and len(owners) == length and (clause.own or not base):
            owners = (owners[len(run) - 1],)
        elif base:
            indicator, owners = base[0].indicator, tuple(o.about for o in base)
        unit = q.unit or (self._d.money_unit if self._d.money.search(indicator) else "")
        if not indicator or not unit:
            return
        time, baseline = self._times(at, clause.start)
        span = self._view.span(done, min(clause.end, self._noun_end(at, clause.end)))
        evidence = Evidence(self._a.document.id, span, span.of(self._a.document.text), FIGURES, 0.8)
        said = self._m.speaker(self._view, at, self._a.document.text)
        figure = Observation("", indicator, q.value, unit, modality, evidence, q.approx, time, change, "", said)
        found = [replace(figure, about=owner, baseline=baseline if change else "") for owner in owners]
        self._found.append(found)
        yield from found

    def _modality(self, at: int, clause: _Clause) -> str:
        """As everywhere; and a clause without a subject of its own is planned if the figure before it is."""
        modality = self._m.decide(self._view, at, self._a.document.published)
        follows = self._found and not clause.own and self._found[-1][0].modality == PLANNED
        if modality == ASSERTED and follows and not self._m.asserted.search(self._view.text, clause.start, at):
            return PLANNED
        return modality

    def _length(self, run: Sequence[int], end: int) -> int:
        """How many numbers a run (分别A和B) hands out, those to come included."""
        more = self._d.run.match(self._view.text, run[-1] + 1, end) if run else None
        return len(run) + (more.group().count(NUMBER) if more else 0)

    def _shared(self, run: Sequence[int], length: int) -> list[Observation]:
        """The earlier figures to which a number of a run belongs, each in its turn."""
        first = len(self._found) - (len(run) - 1) - length
        return self._found[first + len(run) - 1] if run and first >= 0 and length > 1 else []

    def _change(self, done: int, at: int) -> str:
        left = self._view.text[done:at]
        if self._d.level.search(left):
            return ""
        return next((kind for pattern, kind in self._d.change if pattern.search(left)), "")

    def _indicator(self, q: Quantity, at: int, done: int, clause: _Clause, change: str) -> str:
        """What is measured: the clause up to the number without what only frames it, and the noun counted."""
        start = self._behind_subject(done, at, clause.owners)
        left = self._trim(self._plain(start, at))
        of = self._d.of.match(self._view.text, at + 1, clause.end)
        thing = of and self._thing(of.end(), clause)
        right = "" if change or thing else self._plain(of.end() if of else at + 1, self._noun_end(at, clause.end))
        before = self._found[-1] if self._found else []
        inherited = before[0].indicator if before else ""
        own = left + right
        if not own or (change and self._d.carry.fullmatch(self._view.text, start, at)):
            return inherited or own
        if inherited and not right and len(own) < 4 and q.unit == before[0].unit:
            return own + inherited[len(own) :]
        return own

    def _behind_subject(self, done: int, at: int, owners: Owners) -> int:
        """Where the text before a number goes on behind the subject."""
        start = done
        for k, placed in zip(self._view.starts, self._view.placed, strict=True):
            if not done <= k < at or not isinstance(placed.item, Mention):
                continue
            if set(self._entities.get(placed.item, ())) & set(owners) and not self._verb(done, k):
                start = k + 1
        return start

    def _trim(self, text: str) -> str:
        """Without the words that only frame a number."""
        previous = None
        while previous != text:
            previous, text = text, self._d.trim_right.sub("", self._d.trim_left.sub("", text))
        return text

    def _noun_end(self, at: int, end: int) -> int:
        of = self._d.of.match(self._view.text, at + 1, end)
        m = self._d.noun_end.search(self._view.text, of.end() if of else at + 1, end)
        return m.start() if m else end

    def _plain(self, start: int, end: int) -> str:
        """Masked text with its names written out again and dates and numbers left out."""
        out = []
        for k in range(start, end):
            char = self._view.text[k]
            if char in (DATE, NUMBER):
                continue
            inside = self._view.inside(k, k + 1)
            out.append(inside[0].text if inside and isinstance(inside[0], Mention) else char)
        return "".join(out).strip("，、：“” ")

    def _times(self, at: int, start: int) -> tuple[str, str]:
        """When the figure holds and what it is compared with."""
        dates = [
            (k, p.item)
            for k, p in zip(self._view.starts, self._view.placed, strict=True)
            if k < at and isinstance(p.item, Date)
        ]
        compared = [(k, d) for k, d in dates if self._d.compared.search(self._view.text[:k])]
        plain = [(k, d) for k, d in dates if (k, d) not in compared and not d.vague]
        near = [d for k, d in plain if k >= start] or [d for _, d in plain]
        return (near[-1].value if near else ""), (compared[-1][1].value if compared else "")
