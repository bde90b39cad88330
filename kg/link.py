"""Stage 3: mentions -> entities, inside one document.

Known names are told apart by what stands around them (朝阳区 behind 长春, or in a text about 吉林); names that only differ in the
usual short forms of their parts are one (自由贸易试验区 = 自贸试验区); a short name that is the end of one longer name of its type is that
one (临港新片区). Anaphora and collectives take what the text named last; where nothing fits, they yield nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.errors import DataError
from kg.grammar import read_yaml
from kg.lexicon import Lexicon
from kg.mentions import nested, outer
from kg.types import Document, Entity, Link, Mention
from kg.vocab import Vocab

RESOLVERS = ("last", "members", "characters", "sited")


@dataclass(frozen=True, slots=True)
class LinkData:
    """``data/grammar/linking.yaml``: what is Chinese about linking.

    ``equal``: longer form -> short form of a name's parts; ``initials``: a name that writes out what
    another abbreviates (groups a, b, rest); ``drop``: parts that a fold leaves out; ``scoped``: classes whose names
    hold inside one document only; ``described``: classes that are an entity only where a fact needs them; ``tails``, ``tailed``: see
    ``page.Masker``; ``joining``: classes whose names make chains; ``counts``: numbers in collectives.
    """

    equal: tuple[tuple[str, str], ...]
    initials: re.Pattern[str]
    drop: tuple[str, ...]
    scoped: frozenset[str]
    described: frozenset[str]
    tails: tuple[str, ...]
    tailed: frozenset[str]
    joining: tuple[tuple[str, str], ...]
    counts: Mapping[str, int]
    quotes: tuple[str, ...]


def load_link_data(path: Path, vocab: Vocab) -> LinkData:
    """Read ``linking.yaml``; a class that the ontology lacks is a ``DataError``."""
    raw = read_yaml(path)
    keys = ("equal", "initials", "drop", "scoped", "described", "tails", "tailed", "joining", "counts", "quotes")
    missing = [key for key in keys if not isinstance(raw, dict) or key not in raw]
    if missing:
        raise DataError(f"{path}:1: lacks {', '.join(missing)}; add it")
    classes = [*raw["scoped"], *raw["described"], *raw["tailed"], *(c for pair in raw["joining"] for c in pair)]
    unknown = [c for c in classes if c not in vocab.classes]
    if unknown:
        raise DataError(f"{path}:1: no class {unknown[0]!r} in the ontology; mend the name")
    tailed = frozenset(n for c in raw["tailed"] for n in vocab.narrower(c))
    return LinkData(
        tuple((long, short) for long, short in raw["equal"]),
        re.compile(str(raw["initials"])),
        tuple(raw["drop"]),
        frozenset(n for c in raw["scoped"] for n in vocab.narrower(c)),
        frozenset(n for c in raw["described"] for n in vocab.narrower(c)),
        tuple(raw["tails"]),
        tailed,
        tuple((a, b) for a, b in raw["joining"]),
        {k: int(v) for k, v in raw["counts"].items() if k != "__line__"},
        tuple(raw["quotes"]),
    )


class Linker:
    """Links the mentions of a document; ``referring`` maps the rules of anaphora to their resolver and the class that it looks for."""

    def __init__(
        self, data: LinkData, lexicon: Lexicon, vocab: Vocab, referring: Mapping[str, tuple[str, str]]
    ) -> None:
        self.data, self._lexicon, self._vocab, self._referring = data, lexicon, vocab, referring

    def joins(self, first: Mention, second: Mention) -> bool:
        """Whether ``second``, directly behind ``first``, is inside it: then the two are one chain."""
        pairs = self.data.joining
        if not any(self._vocab.is_a(first.type, a) and self._vocab.is_a(second.type, b) for a, b in pairs):
            return False
        outer_ids = self._lexicon.names.get(first.text, ())
        inner_ids = self._lexicon.names.get(second.text, ())
        if not outer_ids or not inner_ids:
            return not inner_ids
        return any(o != i and self._lexicon.is_in(i, o) for o in outer_ids for i in inner_ids)

    def link(self, doc: Document, mentions: Sequence[Mention]) -> tuple[tuple[Link, ...], tuple[Entity, ...]]:
        """The links of all mentions (nested ones too) and the entities they make, in order of first mention."""
        naming = [m for m in mentions if m.by not in self._referring]
        keys = self._keys(doc, naming)
        entities = self._entities(doc, naming, keys)
        named = [Link(m, keys[m], m.by, m.score) for m in naming]
        resolved = _Resolver(self._lexicon, self._vocab, self.data.counts, named, mentions)
        referring = [m for m in outer(mentions) if m.by in self._referring]
        links = list(named)
        for mention in referring:
            links += (
                Link(mention, entity, mention.by, mention.score)
                for entity in resolved.resolve(mention, *self._referring[mention.by], links)
            )
        known = {e.id for e in entities}
        regions = [m for e in entities for m in self._lexicon.members(e.id)]
        entities += [
            self._silent(id) for id in dict.fromkeys((*(x.entity for x in links), *regions)) if id not in known
        ]
        return tuple(sorted(links)), tuple(entities)

    def _silent(self, id: str) -> Entity:
        """An entity that the text names only by an abbreviation or a collective."""
        entry = self._lexicon.entries[id]
        chars = (c for c, place in self._lexicon.abbreviations.items() if place == id)
        return Entity(id, entry.type, (entry.label, *entry.aliases, *chars), True)

    # ------------------------------------------------------------------ names

    def _keys(self, doc: Document, naming: Sequence[Mention]) -> dict[Mention, str]:
        """Which entity each naming mention stands for."""
        context = self._context(naming)
        keys: dict[Mention, str] = {}
        folded: dict[tuple[str, str], list[Mention]] = {}
        for m in naming:
            known = self._known(m, naming, context)
            if known:
                keys[m] = known
            else:
                folded.setdefault((self._vocab.classes[m.type].counts_as or m.type, self.fold(m.text)), []).append(m)
        canonical = self._shorten(folded, naming)
        for key, group in folded.items():
            for m in group:
                keys[m] = self._id(doc, canonical[key], folded[canonical[key]])
        return keys

    def _id(self, doc: Document, key: tuple[str, str], group: Sequence[Mention]) -> str:
        scope = f"@{doc.id}" if group[0].type in self.data.scoped else ""
        return f"{key[0]}/{key[1]}{scope}"

    def fold(self, name: str) -> str:
        """The form in which names are compared: usual short forms of the parts, no marks."""
        for part in self.data.drop:
            name = name.replace(part, "")
        for long, short in self.data.equal:
            name = name.replace(long, short)
        return self.data.initials.sub(r"\g<a>\g<b>\g<rest>", name)

    def _same_head(
        self, folded: Mapping[tuple[str, str], Sequence[Mention]], naming: Sequence[Mention]
    ) -> dict[tuple[str, str], tuple[str, str]]:
        """Names of one type that begin with the same known name and of which one's rest ends in the other's."""
        rests: dict[tuple[str, str], tuple[str, str]] = {}
        for key, group in folded.items():
            heads = [n for n in nested(naming, group[0]) if n.span.start == group[0].span.start]
            if heads:
                head = heads[-1]
                rests[key] = (head.text, key[1].removeprefix(self.fold(head.text)))
        same: dict[tuple[str, str], tuple[str, str]] = {}
        for key, (head, rest) in rests.items():
            longer = [
                k
                for k, (h, r) in rests.items()
                if k[0] == key[0] and h == head and len(r) > len(rest) > 3 and r.endswith(rest)
            ]
            if len(longer) == 1:
                same[key] = longer[0]
        return same

    def _shorten(
        self, folded: Mapping[tuple[str, str], Sequence[Mention]], naming: Sequence[Mention]
    ) -> dict[tuple[str, str], tuple[str, str]]:
        """Short name -> the one longer name of its type whose end it is, cut where a known name ends."""
        canonical = {key: key for key in folded} | self._same_head(folded, naming)
        for type_, name in folded:
            if canonical[(type_, name)] != (type_, name):
                continue
            longer = [
                key for key in folded if key[0] == type_ and len(key[1]) > len(name) > 2 and key[1].endswith(name)
            ]
            cuts = {_last(canonical, key) for key in longer if len(name) > 5 or self._cut(folded[key], name, naming)}
            cuts |= self._unquoted(folded, (type_, name))
            if len(cuts) == 1:
                canonical[(type_, name)] = cuts.pop()
        return {key: _last(canonical, key) for key in canonical}

    def _unquoted(
        self, folded: Mapping[tuple[str, str], Sequence[Mention]], key: tuple[str, str]
    ) -> set[tuple[str, str]]:
        """The longer names of a type in which a quoted name stands in its quotation marks."""
        quoted = {m.text for m in folded[key] if m.text[0] + m.text[-1] in self.data.quotes}
        return {
            other
            for other, group in folded.items()
            if other != key and other[0] == key[0] and any(q in m.text for q in quoted for m in group)
        }

    def _cut(self, group: Sequence[Mention], name: str, naming: Sequence[Mention]) -> bool:
        for m in group:
            inner = [n for n in nested(naming, m) if n.span.start == m.span.start]
            if any(self.fold(m.text[n.span.end - m.span.start :]) == name for n in inner):
                return True
        return False

    def _context(self, naming: Iterable[Mention]) -> Counter[str]:
        """How often the text speaks of each place, counted for all that contain it; ambiguous names count for none."""
        context: Counter[str] = Counter()
        for m in naming:
            candidates = self._lexicon.names.get(m.text, ())
            if len(candidates) == 1:
                context.update((candidates[0], *self._lexicon.ancestors(candidates[0])))
        return context

    def _known(self, m: Mention, naming: Sequence[Mention], context: Mapping[str, int]) -> str:
        candidates = self._lexicon.names.get(m.text, ())
        if len(candidates) < 2:
            return candidates[0] if candidates else ""
        before = [n for n in naming if n.span.end == m.span.start]
        for n in before:
            inside = [
                c
                for c in candidates
                if any(c != o and self._lexicon.is_in(c, o) for o in self._lexicon.names.get(n.text, ()))
            ]
            if inside:
                return inside[0]
        depth = {c: len(self._lexicon.ancestors(c)) for c in candidates}
        widest = [c for c in candidates if depth[c] == min(depth.values())]
        if len(widest) == 1:
            return widest[0]
        support = {c: sum(context.get(a, 0) for a in self._lexicon.ancestors(c)) for c in widest}
        best = [c for c in widest if support[c] == max(support.values())]
        return best[0] if len(best) == 1 else ""

    def _entities(self, doc: Document, naming: Sequence[Mention], keys: Mapping[Mention, str]) -> list[Entity]:
        groups: dict[str, list[Mention]] = {}
        for m in naming:
            groups.setdefault(keys[m], []).append(m)
        return [self._entity(id, group) for id, group in groups.items()]

    def _entity(self, id: str, group: Sequence[Mention]) -> Entity:
        names = sorted({m.text for m in group}, key=lambda n: (-len(n), n))
        entry = self._lexicon.entries.get(id)
        type_ = entry.type if entry else group[0].type
        return Entity(id, type_, tuple(names), entry is not None)


def _last(canonical: Mapping[tuple[str, str], tuple[str, str]], key: tuple[str, str]) -> tuple[str, str]:
    while canonical[key] != key:
        key = canonical[key]
    return key


class _Resolver:
    """What anaphora and collectives of one document refer to."""

    def __init__(
        self,
        lexicon: Lexicon,
        vocab: Vocab,
        counts: Mapping[str, int],
        named: Sequence[Link],
        mentions: Sequence[Mention],
    ) -> None:
        self._lexicon, self._vocab, self._counts = lexicon, vocab, counts
        self._named = sorted(named)
        self._outer = {m for m in outer(mentions)}

    def _own(self, x: Link, links: Sequence[Link], type_: str) -> bool:
        """Whether a mention of a class is no mere part of a longer name of that class."""
        longer = (y.mention.span for y in links if self._vocab.is_a(y.mention.type, type_) and y.mention != x.mention)
        return self._vocab.is_a(x.mention.type, type_) and not any(span.covers(x.mention.span) for span in longer)

    def resolve(self, mention: Mention, how: str, of: str, links: Sequence[Link]) -> tuple[str, ...]:
        if how == "characters":
            ids = tuple(self._lexicon.abbreviation(c) for c in mention.text)
            return ids if all(ids) else ()
        if how == "last":
            before = [x for x in sorted(links) if x.mention.span.end <= mention.span.start]
            return next(((x.entity,) for x in reversed(before) if self._own(x, before, of)), ())
        before = [x for x in sorted(links) if x.mention.span.end <= mention.span.start and x.mention in self._outer]
        count = next((n for word, n in self._counts.items() if mention.text.startswith(word)), 0)
        if how == "sited":
            return self._sited(mention, before, count, of)
        return self._region(mention, links, count) or self._listed(mention, before, count, of)

    def _region(self, mention: Mention, links: Sequence[Link], count: int) -> tuple[str, ...]:
        """The last region of ``count`` members that was named, be it inside another name."""
        before = [x for x in sorted(links) if x.mention.span.end <= mention.span.start]
        sizes = ((x, len(self._lexicon.members(x.entity))) for x in reversed(before))
        found = next((x for x, size in sizes if size and size == (count or size)), None)
        return (found.entity,) if found else ()

    def _listed(self, mention: Mention, before: Sequence[Link], count: int, of: str) -> tuple[str, ...]:
        return self._collective([x for x in before if self._vocab.is_a(x.mention.type, of)], count)

    def _collective(self, before: Sequence[Link], count: int) -> tuple[str, ...]:
        """The last region of ``count`` members, or the last list of as many, whichever is nearer."""
        run: list[Link] = []
        for x in reversed(before):
            if len(self._lexicon.members(x.entity)) == count:
                return (x.entity,)
            if run and run[-1].mention.span.start - x.mention.span.end > 1 and run[-1].mention != x.mention:
                run = []
            run.append(x)
            entities = dict.fromkeys(r.entity for r in reversed(run))
            starts = not self._continues(before, x)
            if len(entities) == count and starts:
                return tuple(entities)
        return ()

    def _continues(self, before: Sequence[Link], x: Link) -> bool:
        """Whether another listed name stands directly before ``x``."""
        return any(0 <= x.mention.span.start - b.mention.span.end <= 1 for b in before if b.mention != x.mention)

    def _sited(self, mention: Mention, before: Sequence[Link], count: int, of: str) -> tuple[str, ...]:
        """Offices of the mention's class whose names begin with a member of the last collective."""
        places = self._region(mention, self._named, count) or self._listed(mention, before, count, of)
        members = {m for p in places for m in (self._lexicon.members(p) or (p,))}
        found: dict[str, None] = {}
        for x in self._named:
            if not self._vocab.is_a(x.mention.type, mention.type) or x.mention not in self._outer:
                continue
            heads = [n for n in self._named if n.mention.span.start == x.mention.span.start and n.entity in members]
            rest = x.mention.text[len(heads[0].mention.text) :] if heads else ""
            if rest and mention.text.endswith(rest):
                found.setdefault(x.entity)
        return tuple(found) if len(found) > 1 else ()


def entity_names(entities: Iterable[Entity]) -> Iterator[tuple[str, str]]:
    """Pairs of id and name, for look-ups in tests and examples."""
    return ((e.id, name) for e in entities for name in e.names)
