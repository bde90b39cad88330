"""Figures: what a number counts or measures, whose it is, when, and whether it is a level or a change.

For each quantity the clause before it (and the noun behind a counted one) gives the indicator; the owner is the subject of the clause, the
thing behind ``的``, or what the sentence or paragraph last spoke of. 分别 hands a run of numbers out over what went before. The words
are in ``data/grammar/figures.yaml``.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from kg.dates import Date
from kg.engines.rules import linked
from kg.errors import DataError
from kg.grammar import Compiler, read_yaml
from kg.masking import DATE, NUMBER, Masked
from kg.modality import WISHED, Modality
from kg.page import Masker
from kg.quantities import Quantity
from kg.segment import VERB
from kg.types import Annotation, Evidence, Fact, Mention, Observation, Span
from kg.vocab import Vocab

FIGURES = "figures.v1"
_PATTERNS = (
    "skip",
    "lead",
    "oblique",
    "level",
    "trim_left",
    "trim_right",
    "noun_end",
    "each",
    "compared",
    "about",
    "carry",
)


@dataclass(frozen=True, slots=True)
class FigureData:
    """``figures.yaml`` compiled: patterns over masked text, words of change, and the classes that own figures."""

    patterns: Mapping[str, re.Pattern[str]]
    change: tuple[tuple[re.Pattern[str], str], ...]
    skip_units: frozenset[str]
    owners: frozenset[str]
    group: frozenset[str]

    def __getattr__(self, name: str) -> re.Pattern[str]:
        return self.patterns[name]


@dataclass(slots=True)
class _Topic:
    """Whom the text speaks of: in the clause, the sentence, the paragraph; and the figures read so far in the sentence."""

    owners: tuple[str, ...] = ()
    figures: list[Observation] = field(default_factory=list)


class FigureEngine:
    """Proposes an observation for each quantity that says whose and of what it is."""

    name = FIGURES

    def __init__(self, data: FigureData, masker: Masker, modality: Modality, vocab: Vocab) -> None:
        self._data, self._masker, self._modality = data, masker, modality
        self._owners = frozenset(n for c in data.owners for n in vocab.narrower(c))
        self._group = frozenset(n for c in data.group for n in vocab.narrower(c))

    def facts(self, batch: Sequence[Annotation]) -> Iterator[Sequence[Fact | Observation]]:
        return (tuple(self._read(a)) for a in batch)

    def _read(self, a: Annotation) -> Iterator[Observation]:
        entities = linked(a)
        topic: tuple[str, ...] = ()
        for view in self._masker.views(a.document, a.mentions):
            if NUMBER not in view.text and not view.starts:
                continue
            reader = _Sentence(self, a, view, entities, topic)
            yield from reader.read()
            topic = reader.owners or topic


class _Sentence:
    """Reads the figures of one sentence from left to right."""

    def __init__(
        self,
        engine: FigureEngine,
        a: Annotation,
        view: Masked,
        entities: Mapping[Mention, tuple[str, ...]],
        topic: tuple[str, ...],
    ) -> None:
        self._d, self._m, self._engine = engine._data, engine._modality, engine
        self._a, self._view, self._entities = a, view, entities
        self.owners: tuple[str, ...] = ()
        self._topic = topic
        self._found: list[list[Observation]] = []

    def read(self) -> Iterator[Observation]:
        lead = self._d.lead.match(self._view.text)
        at = lead.end() if lead else 0
        for clause in self._clauses(at):
            self._subject(*clause)
            yield from self._clause(*clause)

    def _clauses(self, at: int) -> Iterator[tuple[int, int]]:
        for m in self._m.clause.finditer(self._view.text, at):
            if m.start() > at:
                yield at, m.start()
            at = m.end()
        if at < len(self._view.text):
            yield at, len(self._view.text)

    # ------------------------------------------------------------------ owners

    def _subject(self, start: int, end: int) -> None:
        """Take the clause's subject as the sentence's: the first owner (or list of owners) before any verb."""
        text = self._view.text
        for k, (at, placed) in enumerate(zip(self._view.starts, self._view.placed, strict=True)):
            if not start <= at < end or not isinstance(placed.item, Mention):
                continue
            if placed.item.type not in self._engine._owners or self._d.oblique.search(text[start:at]):
                continue
            if self._verb(text, start, at):
                return
            counted = at > start and text[at - 1] == NUMBER and placed.item.type in self._engine._group
            owners = self._place_in(placed.item) if counted else self._listed(k)
            self.owners = owners or self.owners
            return

    def _verb(self, text: str, start: int, end: int) -> bool:
        tokens = self._m.words.segment(text, start, end)
        return any(t.kind == VERB for t in tokens)

    def _listed(self, k: int) -> tuple[str, ...]:
        """The owner at mark ``k`` and those listed with it."""
        ids: dict[str, None] = {}
        text, starts = self._view.text, self._view.starts
        while True:
            item = self._view.placed[k].item
            if not isinstance(item, Mention) or item.type not in self._engine._owners:
                break
            ids.update(dict.fromkeys(self._entities.get(item, ())))
            joined = k + 1 < len(starts) and re.fullmatch("[、和与及]|以及", text[starts[k] + 1 : starts[k + 1]])
            if not joined:
                break
            k += 1
        return tuple(ids)

    def _whose(self, at: int, end: int) -> tuple[str, ...]:
        """The owners of the quantity at ``at``: the thing behind 的, the place of a described group, or the subject."""
        after = self._d.about.match(self._view.text, at + 1, end)
        if after:
            for item in self._view.inside(after.start("o"), after.end("o")):
                if isinstance(item, Mention) and item.type in self._engine._owners and self._entities.get(item):
                    return self._entities[item]
        for item in self._view.inside(at + 1, at + 2):
            if isinstance(item, Mention) and item.type in self._engine._group:
                inner = self._place_in(item)
                if inner:
                    return inner
        return self.owners or self._topic

    def _place_in(self, group: Mention) -> tuple[str, ...]:
        for m, ids in self._entities.items():
            if m.span.start == group.span.start and m != group and group.span.covers(m.span):
                return ids
        return ()

    # ------------------------------------------------------------------ figures

    def _clause(self, start: int, end: int) -> Iterator[Observation]:
        marks = [
            (at, p.item)
            for at, p in zip(self._view.starts, self._view.placed, strict=True)
            if start <= at < end and isinstance(p.item, Quantity)
        ]
        done = start
        run: list[int] = []
        for at, q in marks:
            left = self._view.text[done:at]
            if self._d.each.search(left) or (run and re.fullmatch("[、和与及]", left)):
                run.append(at)
            else:
                run = []
            if not self._skipped(q, at):
                yield from self._figure(q, at, done, start, end, run)
            done = at + 1

    def _skipped(self, q: Quantity, at: int) -> bool:
        if q.article or q.ordinal or q.vague or q.grade or q.unit in self._d.skip_units:
            return True
        if self._counts_list(q, at):
            return True
        return bool(self._d.skip.match(self._view.text[max(0, at - 6) : at + 7]))

    def _counts_list(self, q: Quantity, at: int) -> bool:
        """A number right behind a list that only counts it (信息安全、动力电池|两个|集群)."""
        names = 0
        k = bisect_left(self._view.starts, at) - 1
        while k >= 0 and self._view.starts[k] >= at - 1 - 2 * names:
            names += isinstance(self._view.placed[k].item, Mention)
            k -= 1
        return names > 1 and q.value == str(names)

    def _figure(
        self, q: Quantity, at: int, done: int, start: int, end: int, run: Sequence[int]
    ) -> Iterator[Observation]:
        modality = self._m.decide(self._view, at, self._a.document.published)
        if modality == WISHED:
            return
        change = self._change(done, at)
        indicator = self._indicator(q, at, done, end, change)
        owners = self._whose(at, end)
        base = self._shared(run, end)
        if base:
            indicator, owners = base[0].indicator, tuple(o.about for o in base)
            change = change or (self._found[-1][0].change if len(run) > 1 else "")
        if not indicator:
            return
        span = self._quote(at, done, start, end)
        time, baseline = self._times(at, start)
        evidence = Evidence(self._a.document.id, span, span.of(self._a.document.text), FIGURES, 0.8)
        figure = Observation(
            "", indicator, q.value, q.unit, modality, evidence, q.approx, time, change, baseline if change else ""
        )
        found = [replace(figure, about=owner) for owner in owners]
        if found:
            self._found.append(found)
        yield from found

    def _shared(self, run: Sequence[int], end: int) -> list[Observation]:
        """The earlier figures to which a number of a run (分别A和B) belongs, each in its turn."""
        if not run:
            return []
        more = re.compile(f"(?:[、和与及]{NUMBER})+").match(self._view.text, run[-1] + 1, end)
        length = len(run) + (more.group().count(NUMBER) if more else 0)
        before = len(self._found) - (len(run) - 1)
        first = before - length
        return self._found[first + len(run) - 1] if first >= 0 and length > 1 else []

    def _change(self, done: int, at: int) -> str:
        left = self._view.text[done:at]
        if self._d.level.search(left):
            return ""
        return next((kind for pattern, kind in self._d.change if pattern.search(left)), "")

    def _indicator(self, q: Quantity, at: int, done: int, end: int, change: str) -> str:
        """What is measured: the clause up to the number without what only frames it, and the noun counted."""
        start = self._behind_subject(done, at)
        left = self._trim(self._plain(start, at))
        right = "" if change else self._plain(at + 1, self._noun_end(at, end))
        before = self._found[-1] if self._found else []
        inherited = before[0].indicator if before else ""
        own = left + right
        if not own or (change and self._d.carry.fullmatch(self._view.text[start:at])):
            return inherited or own
        if inherited and not right and len(own) < 4 and q.unit == before[0].unit:
            return own + inherited[len(own) :]
        return own

    def _behind_subject(self, done: int, at: int) -> int:
        """Where the text before a number goes on behind the subject."""
        start = done
        for k, placed in zip(self._view.starts, self._view.placed, strict=True):
            if not done <= k < at or not isinstance(placed.item, Mention):
                continue
            owned = set(self._entities.get(placed.item, ())) & set(self.owners)
            if owned and not self._verb(self._view.text, done, k):
                start = k + 1
        return start

    def _trim(self, text: str) -> str:
        """Without the words that only frame a number."""
        previous = None
        while previous != text:
            previous, text = text, self._d.trim_right.sub("", self._d.trim_left.sub("", text))
        return text

    def _noun_end(self, at: int, end: int) -> int:
        m = self._d.noun_end.search(self._view.text, at + 1, end)
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

    def _quote(self, at: int, done: int, start: int, end: int) -> Span:
        return self._view.span(done if done > start else start, min(end, self._noun_end(at, end)))

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


def load_figures(path: Path, compiler: Compiler) -> FigureData:
    """Read ``figures.yaml``; a missing key or bad pattern is a ``DataError``."""
    raw = read_yaml(path)
    wanted = (*_PATTERNS, "change", "skip_units", "owners", "group")
    missing = [key for key in wanted if not isinstance(raw, dict) or key not in raw]
    if missing:
        raise DataError(f"{path}:1: lacks {', '.join(missing)}; add it")
    patterns = {key: compiler.compile(str(raw[key]), f"{path}:1: {key}") for key in _PATTERNS}
    change = tuple(
        (compiler.compile(str(pattern), f"{path}:1: change"), kind)
        for kind, pattern in raw["change"].items()
        if kind != "__line__"
    )
    skip, owners, group = (frozenset(map(str, raw[key])) for key in ("skip_units", "owners", "group"))
    return FigureData(patterns, change, skip, owners, group)
