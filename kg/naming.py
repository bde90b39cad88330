"""Which entity each name of a document stands for.

Known names are told apart by what stands around them (朝阳区 behind 长春, or in a text about 吉林); names that differ
only in the usual short forms of their parts are one (自由贸易试验区 = 自贸试验区); a short name that is the end of one
longer name of its type is that one (临港新片区).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from kg.lexicon import Lexicon
from kg.link_data import LinkData
from kg.mentions import nested
from kg.names import Names
from kg.types import Document, Mention
from kg.vocab import Vocab

Key = tuple[str, str]  # the type as which an entity counts, and its folded name
Groups = Mapping[Key, Sequence[Mention]]


class Naming:
    """The naming mentions of one document, and the id of the entity of each."""

    def __init__(
        self, data: LinkData, lexicon: Lexicon, vocab: Vocab, names: Names, mentions: Sequence[Mention]
    ) -> None:
        self._data, self._lexicon, self._vocab, self._mentions = data, lexicon, vocab, mentions
        self._names = names
        self._ends = {m.span.end: m for m in mentions}
        self._context = self._places()

    def ids(self, doc: Document) -> dict[Mention, str]:
        """Mention -> id: a lexicon's own, or made of type and fullest name (and document, for local names)."""
        found: dict[Mention, str] = {}
        groups: dict[Key, list[Mention]] = {}
        for m in self._mentions:
            known = self._known(m)
            if known:
                found[m] = known
            else:
                counts_as = self._vocab.classes[m.type].counts_as or m.type
                groups.setdefault((counts_as, self._data.fold(m.name or m.text)), []).append(m)
        canonical = self._canonical(groups)
        for key, group in groups.items():
            type_, name = canonical[key]
            fullest = groups[canonical[key]][0]
            scope = f"@{doc.id}" if self._is_local(fullest) else ""
            found.update((m, f"{type_}/{name}{scope}") for m in group)
        return found

    def _is_local(self, m: Mention) -> bool:
        """Whether a name holds in its document only: of a class whose names do, or made of common words (人民医院)."""
        if m.type in self._data.scoped:
            return True
        parsed = self._names.parse(m.name or m.text, m.type)
        return parsed.is_common and not parsed.regions

    # ------------------------------------------------------------------ known names

    def _places(self) -> Counter[str]:
        """How often the text speaks of each place and of all that contain it; ambiguous names count for none."""
        context: Counter[str] = Counter()
        for m in self._mentions:
            candidates = self._lexicon.names.get(m.text, ())
            if len(candidates) == 1:
                context.update((candidates[0], *self._lexicon.ancestors(candidates[0])))
        return context

    def _known(self, m: Mention) -> str:
        """The lexicon's id of a name: inside the name before it, or of the widest kind and where the text is about."""
        candidates = self._lexicon.names.get(m.name or m.text, ())
        if len(candidates) < 2:
            return candidates[0] if candidates else ""
        before = self._ends.get(m.span.start)
        around = self._lexicon.names.get(before.text, ()) if before else ()
        inside = [c for c in candidates if any(c != o and self._lexicon.is_in(c, o) for o in around)]
        if inside:
            return inside[0]
        depth = {c: len(self._lexicon.ancestors(c)) for c in candidates}
        types = {self._lexicon.entries[c].type for c in candidates if depth[c] == min(depth.values())}
        alike = [c for c in candidates if self._lexicon.entries[c].type in types]  # a district of a city or of a town
        support = {c: sum(self._context[a] for a in self._lexicon.ancestors(c)) for c in alike}
        best = [c for c in alike if support[c] == max(support.values())]
        return best[0] if len(best) == 1 else ""

    # ------------------------------------------------------------------ other names

    def _canonical(self, groups: Groups) -> dict[Key, Key]:
        """Each folded name -> the fullest name of the same entity, where exactly one fits."""
        canonical = {key: key for key in groups} | self._same_head(groups)
        for key in groups:
            if canonical[key] == key:
                fuller = {_last(canonical, k) for k in self._fuller(key, groups)}
                if len(fuller) == 1:
                    canonical[key] = fuller.pop()
        return {key: _last(canonical, key) for key in canonical}

    def _fuller(self, key: Key, groups: Groups) -> list[Key]:
        """Longer names of the type that end in a name, behind a known name, or that quote it."""
        type_, name = key
        quoted = {m.text for m in groups[key] if m.text[0] + m.text[-1] in self._data.quotes}
        found = []
        for other, group in groups.items():
            if other[0] != type_ or len(other[1]) <= len(name):
                continue
            ends = len(name) > 2 and other[1].endswith(name) and (len(name) > 5 or self._cut(group, name))
            if ends or any(q in m.text for q in quoted for m in group):
                found.append(other)
        return found

    def _cut(self, group: Sequence[Mention], name: str) -> bool:
        """Whether a name is what stands behind a known name at the start of one of the group."""
        return any(self._data.fold(m.text[n.span.end - m.span.start :]) == name for m in group for n in self._heads(m))

    def _heads(self, m: Mention) -> list[Mention]:
        return [n for n in nested(self._mentions, m) if n.span.start == m.span.start]

    def _same_head(self, groups: Groups) -> dict[Key, Key]:
        """Names of one type that begin with the same known thing, however called, and of which one's rest ends in
        the other's (北京新机场|临空经济区 = 大兴国际机场|临空经济区)."""
        rests = {key: self._parted(key, group[0]) for key, group in groups.items()}
        same: dict[Key, Key] = {}
        for key, (head, rest) in rests.items():
            alike = [k for k, (h, r) in rests.items() if head and (k[0], h) == (key[0], head)]
            fuller = [k for k in alike if _ends(rests[k][1], rest)] or [k for k in alike if rests[k][1] == rest]
            best = max(fuller, key=lambda k: (len(k[1]), k[1]), default=key)
            if len(fuller) == 1 or rests[best][1] == rest:
                same[key] = best
        return same

    def _parted(self, key: Key, m: Mention) -> tuple[str, str]:
        """The known thing with which a name begins (its id, or its name), and the folded rest."""
        for n in self._heads(m):
            rest = self._data.fold(m.text[n.span.end - m.span.start :])
            if rest:
                known = self._lexicon.names.get(n.text, ())
                return (known[0] if len(known) == 1 else n.text), rest
        return "", key[1]


def _ends(longer: str, rest: str) -> bool:
    return len(longer) > len(rest) > 3 and longer.endswith(rest)


def _last(canonical: Mapping[Key, Key], key: Key) -> Key:
    while canonical[key] != key:
        key = canonical[key]
    return key
