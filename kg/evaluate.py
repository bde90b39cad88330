"""Gold against found: how much of what a careful reader reads in a text was extracted, and how much else.

The matching rules are those of ``data/gold/GUIDELINES.md``. An extracted entity is right when its type is right and it
shares a name with a gold entity, one to one; facts and figures are compared through the entities so matched. What the
gold marks optional counts neither way.

    gold = load_gold(Path("data/gold"))
    scores = score(gold, load_records(Path("build/records.jsonl")), vocab)
    print(render_table(scores))
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from kg.gold import EntityItem, FactItem, FigureItem, GoldDocument, entity_item, fact_item, figure_item, load_gold
from kg.records import Record, check_record, load_records
from kg.vocab import Vocab

__all__ = ["Miss", "Scores", "Tally", "load_gold", "load_records", "render_table", "score"]

RIGHT, WRONG, MISSED = "right", "wrong", "missed"

SAME_VALUE = 1e-9
"""Relative difference up to which two numbers are one figure."""
SAME_INDICATOR = 0.5
"""Share of the characters of the shorter indicator that two indicators of one figure have in common, at least."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of right, wrong and missed items, and the figures made of them, between 0 and 1."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right else 0.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (2 * self.right + self.wrong + self.missed) if self.right else 0.0


@dataclass(frozen=True, slots=True, order=True)
class Miss:
    """One item on which gold and found differ.

    ``kind`` is ``entity``, ``fact`` or ``observation``; ``key`` says which in readable parts, its type, predicate or
    indicator first; ``quote`` is the gold's where the item was ``missed``, the extraction's where it is ``wrong``;
    ``rule`` is what read a wrong fact or figure.
    """

    document: str
    kind: str
    key: tuple[str, ...]
    quote: str = ""
    verdict: str = MISSED
    rule: str = ""

    def __str__(self) -> str:
        quote = f"  «{self.quote}»" if self.quote else ""
        return f"{self.document}: {self.verdict} {self.kind} {' · '.join(self.key)}{quote}"


@dataclass(frozen=True, slots=True)
class Scores:
    """The figures over all documents, micro-averaged, and every item on which gold and found differ.

    ``by_rule`` counts what each rule read, right or wrong: a fact that two rules read counts for both; none is missed
    by a rule, and what the gold marks optional counts neither way. ``names`` tells of each entity found its document,
    its names and whether it is right: what gold and found call one thing may differ, and a rule reads names.
    """

    documents: int
    entities: Tally
    facts: Tally
    observations: Tally
    by_type: Mapping[str, Tally] = field(default_factory=dict)
    by_predicate: Mapping[str, Tally] = field(default_factory=dict)
    by_rule: Mapping[str, Tally] = field(default_factory=dict)
    misses: tuple[Miss, ...] = ()
    names: tuple[tuple[str, tuple[str, ...], str], ...] = ()


def score(gold: Mapping[str, GoldDocument], records: Iterable[Record], vocab: Vocab) -> Scores:
    """Compare records with gold annotations. Records of documents without gold are ignored.

    ``vocab`` says which predicates are symmetric, and so right either way round. Raises :class:`DataError` on a record
    that lacks a field.
    """
    found = _by_document(records, gold)
    symmetric = frozenset(name for name, term in vocab.properties.items() if term.symmetric)
    matches = [_Match(document, found[name], symmetric) for name, document in gold.items()]
    judged = [item for match in matches for item in match.judge()]
    scores = _summarise(len(gold), judged, [item for match in matches for item in match.judge_rules()])
    return replace(scores, names=tuple(item for match in matches for item in match.judge_names()))


def render_table(scores: Scores) -> str:
    """The figures as aligned text: by type, by predicate, then the three totals."""
    lines: list[str] = []
    for title, rows in (("type", scores.by_type), ("predicate", scores.by_predicate)):
        lines.append(f"{title:22} {'P':>6} {'R':>6} {'F1':>6}   right wrong missed")
        lines += [_row(name, tally) for name, tally in sorted(rows.items(), key=_most_first)]
        lines.append("")
    totals = (("entities", scores.entities), ("facts", scores.facts), ("observations", scores.observations))
    lines += [_total(name, tally, scores.documents) for name, tally in totals]
    return "\n".join(lines) + "\n"


def squeeze(text: object) -> str:
    """Text without its white space, as names, units and indicators are compared."""
    return "".join(str(text).split())


Judged = tuple[str, Miss]
"""A verdict and the item it is about."""


class _Match:
    """One document's gold beside what was found in it."""

    def __init__(self, gold: GoldDocument, found: Sequence[Record], symmetric: frozenset[str]) -> None:
        self.gold, self.symmetric = gold, symmetric
        # A later record with the same id, or of the same figure, replaces the earlier one: each is judged once.
        entities = {r["id"]: entity_item(r) for r in found if r["kind"] == "entity"}
        self.entities = list(entities.values())
        self.facts = [fact_item(r) for r in found if r["kind"] == "fact"]
        figures = {_figure_key(r): figure_item(r) for r in found if r["kind"] == "observation"}
        self.figures = list(figures.values())
        self.gold_id, self.typed = match_entities(gold.entities, self.entities)
        self.name = {e.id: e.names[0] for e in (*self.entities, *gold.entities)}

    def judge(self) -> Iterator[Judged]:
        yield from self._judge_entities()
        yield from self._judge_facts()
        yield from self._judge_figures()

    def judge_rules(self) -> Iterator[tuple[str, str]]:
        """Rule and verdict of each fact and figure that is right or wrong, once for each rule that read it."""
        optional = {self._fact_key(f, f.subject, f.object): f.optional for f in self.gold.facts}
        read = dict.fromkeys((f.rule, self._found_key(f)) for f in self.facts)
        for rule, key in read:
            if not optional.get(key):
                yield rule, RIGHT if key in optional else WRONG
        for found, gold in self._paired():
            if gold is None or not gold.optional:
                yield found.rule, WRONG if gold is None else RIGHT

    def _item(self, verdict: str, kind: str, key: Iterable[str], quote: str = "", rule: str = "") -> Judged:
        return verdict, Miss(self.gold.document, kind, tuple(key), quote, verdict, rule)

    def judge_names(self) -> Iterator[tuple[str, tuple[str, ...], str]]:
        """Document, names and verdict of each entity found, but those that the gold leaves open."""
        open_ = {gold.id for gold in self.gold.entities if gold.optional}
        for found in self.entities:
            if found.id in self.typed and self.gold_id[found.id] not in open_:
                yield self.gold.document, found.names, RIGHT
        for found in self._wrong_entities():
            yield self.gold.document, found.names, WRONG

    def _judge_entities(self) -> Iterator[Judged]:
        right = {self.gold_id[found] for found in self.typed}
        for gold in self.gold.entities:
            if not gold.optional:
                verdict = RIGHT if gold.id in right else MISSED
                yield self._item(verdict, "entity", (gold.type, gold.names[0]))
        for found in self._wrong_entities():
            yield self._item(WRONG, "entity", (found.type, found.names[0]))

    def _wrong_entities(self) -> Iterator[EntityItem]:
        optional = {name for gold in self.gold.entities if gold.optional for name in _names(gold)}
        return (e for e in self.entities if e.id not in self.typed and not _names(e) & optional)

    def _judge_facts(self) -> Iterator[Judged]:
        gold = {self._fact_key(f, f.subject, f.object): f for f in self.gold.facts}
        optional = {self._fact_key(f, f.subject, f.object) for f in self.gold.facts if f.optional}
        got = {self._found_key(f): f for f in self.facts}
        for key, fact in gold.items():
            if key not in optional:
                yield self._item(RIGHT if key in got else MISSED, "fact", self._readable(key), fact.quote)
        for key, fact in got.items():
            if key not in gold:
                yield self._item(WRONG, "fact", self._readable(key), fact.quote, fact.rule)

    def _judge_figures(self) -> Iterator[Judged]:
        paired = self._paired()
        hit = [gold for _, gold in paired if gold is not None]
        for gold in self.gold.figures:
            if not gold.optional:
                verdict = RIGHT if any(gold is each for each in hit) else MISSED
                yield self._item(verdict, "observation", self._figure(gold), gold.quote)
        for found, stands_for in paired:
            if stands_for is None:
                yield self._item(WRONG, "observation", self._figure(found), found.quote, found.rule)

    def _paired(self) -> list[tuple[FigureItem, FigureItem | None]]:
        """Each figure found with the gold one it is, one to one; what the gold marks optional chooses last."""
        remaining = list(self.figures)
        pairs: list[tuple[FigureItem, FigureItem | None]] = []
        for gold in sorted(self.gold.figures, key=lambda g: g.optional):
            hit = next((found for found in remaining if self._same_figure(gold, found)), None)
            if hit is not None:
                remaining.remove(hit)
                pairs.append((hit, gold))
        return pairs + [(found, None) for found in remaining]

    def _found_key(self, fact: FactItem) -> tuple[str, str, str, str]:
        return self._fact_key(fact, self._stands_for(fact.subject), self._stands_for(fact.object))

    def _stands_for(self, found: str) -> str:
        return self.gold_id.get(found, found)

    def _fact_key(self, fact: FactItem, subject: str, target: str) -> tuple[str, str, str, str]:
        if fact.predicate in self.symmetric:
            subject, target = sorted((subject, target))
        return fact.predicate, subject, target, fact.modality

    def _readable(self, key: tuple[str, str, str, str]) -> tuple[str, ...]:
        predicate, subject, target, modality = key
        return predicate, self.name.get(subject, subject), self.name.get(target, target), modality

    def _figure(self, item: FigureItem) -> tuple[str, ...]:
        about = self.name.get(item.about, item.about)
        return tuple(filter(None, (item.indicator, about, f"{item.value:.15g}", item.unit, item.change, item.modality)))

    def _same_figure(self, gold: FigureItem, found: FigureItem) -> bool:
        return (
            self.gold_id.get(found.about) == gold.about
            and abs(found.value - gold.value) <= SAME_VALUE * abs(gold.value)
            and squeeze(found.unit) == squeeze(gold.unit)
            and (found.change, found.modality) == (gold.change, gold.modality)
            and overlap(found.indicator, gold.indicator) >= SAME_INDICATOR
        )


def match_entities(gold: Sequence[EntityItem], found: Sequence[EntityItem]) -> tuple[dict[str, str], frozenset[str]]:
    """Which gold entity each found one stands for (found id to gold id), and the found ones whose type is right too.

    Matched one to one, the right type first, then by most shared names. A further found entity that shares a name with
    a gold one still stands for it in facts.
    """
    gold_names, found_names = [_names(e) for e in gold], [_names(e) for e in found]
    shared = [(g, f) for g in range(len(gold)) for f in range(len(found)) if gold_names[g] & found_names[f]]
    # Earlier entries win ties, so that the figures do not depend on anything but the files.
    rank = {(g, f): (gold[g].type == found[f].type, len(gold_names[g] & found_names[f]), -g, -f) for g, f in shared}
    pairs: dict[int, int] = {}
    for g, f in sorted(shared, key=rank.__getitem__, reverse=True):
        if f not in pairs and g not in pairs.values():
            pairs[f] = g
    stands_for = {found[f].id: gold[g].id for f, g in pairs.items()}
    for g, f in shared:
        stands_for.setdefault(found[f].id, gold[g].id)
    return stands_for, frozenset(found[f].id for f, g in pairs.items() if gold[g].type == found[f].type)


def overlap(left: str, right: str) -> float:
    """The share of the shorter text's characters that the other has too, white space aside.

    >>> overlap("abc d", "bd")
    1.0
    """
    a, b = Counter(squeeze(left)), Counter(squeeze(right))
    return (a & b).total() / max(1, min(a.total(), b.total()))


def _names(entity: EntityItem) -> frozenset[str]:
    return frozenset(squeeze(name) for name in entity.names)


def _figure_key(record: Record) -> str:
    fields = ("about", "indicator", "value", "unit", "time", "change", "modality")
    return json.dumps([record.get(name) for name in fields])


def _by_document(records: Iterable[Record], gold: Mapping[str, GoldDocument]) -> Mapping[str, list[Record]]:
    found: defaultdict[str, list[Record]] = defaultdict(list)
    for index, record in enumerate(records, 1):
        name = Path(check_record(record, f"record {index}")["document"]).name
        if name in gold:
            found[name].append(record)
    return found


def _summarise(documents: int, judged: Sequence[Judged], read: Sequence[tuple[str, str]]) -> Scores:
    kinds: defaultdict[str, Counter[str]] = defaultdict(Counter)
    types: defaultdict[str, Counter[str]] = defaultdict(Counter)
    predicates: defaultdict[str, Counter[str]] = defaultdict(Counter)
    rules: defaultdict[str, Counter[str]] = defaultdict(Counter)
    groups = {"entity": types, "fact": predicates}
    for verdict, item in judged:
        kinds[item.kind][verdict] += 1
        if item.kind in groups:
            groups[item.kind][item.key[0]][verdict] += 1
    for rule, verdict in read:
        if rule:  # records of another program need not name one
            rules[rule][verdict] += 1
    return Scores(
        documents=documents,
        entities=_tally(kinds["entity"]),
        facts=_tally(kinds["fact"]),
        observations=_tally(kinds["observation"]),
        by_type={name: _tally(types[name]) for name in sorted(types)},
        by_predicate={name: _tally(predicates[name]) for name in sorted(predicates)},
        by_rule={name: _tally(rules[name]) for name in sorted(rules)},
        misses=tuple(item for verdict, item in judged if verdict != RIGHT),
    )


def _tally(counts: Counter[str]) -> Tally:
    return Tally(counts[RIGHT], counts[WRONG], counts[MISSED])


def _most_first(row: tuple[str, Tally]) -> tuple[int, str]:
    name, tally = row
    return -(tally.right + tally.missed), name


def _row(name: str, tally: Tally) -> str:
    figures = f"{tally.precision:6.3f} {tally.recall:6.3f} {tally.f1:6.3f}"
    return f"{name:22} {figures}   {tally.right:5} {tally.wrong:5} {tally.missed:6}"


def _total(name: str, tally: Tally, documents: int) -> str:
    figures = f"P {tally.precision:.3f}  R {tally.recall:.3f}  F1 {tally.f1:.3f}"
    counts = f"{tally.right} right, {tally.wrong} wrong, {tally.missed} missed"
    return f"{name:13} {figures}   ({counts}) over {documents} documents"
