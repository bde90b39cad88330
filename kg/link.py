"""Stage 3: mentions -> entities, inside one document.

Names go to the entity that they name (``naming.py``); words that refer and collectives take what the text named last
(``anaphora.py``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kg.anaphora import Resolver
from kg.lexicon import Lexicon
from kg.link_data import LinkData
from kg.mentions import outer
from kg.names import Names
from kg.naming import Naming
from kg.types import Document, Entity, Link, Mention
from kg.vocab import Vocab


class Linker:
    """Links the mentions of documents.

    ``referring`` maps the rules of anaphora to their resolver and the class that it looks for.
    """

    def __init__(
        self,
        data: LinkData,
        lexicon: Lexicon,
        vocab: Vocab,
        names: Names,
        referring: Mapping[str, tuple[str, str]],
    ) -> None:
        self.data, self._lexicon, self._vocab, self._names = data, lexicon, vocab, names
        self._referring = referring

    def joins(self, first: Mention, second: Mention) -> bool:
        """Whether ``second``, directly behind ``first``, is inside it: then the two are one chain."""
        pairs = self.data.joining
        if not any(self._vocab.is_a(first.type, a) and self._vocab.is_a(second.type, b) for a, b in pairs):
            return False
        outside = self._lexicon.names.get(first.text, ())
        inside = self._lexicon.names.get(second.text, ())
        if not outside or not inside:
            return not inside
        return any(o != i and self._lexicon.is_in(i, o) for o in outside for i in inside)

    def link(self, doc: Document, mentions: Sequence[Mention]) -> tuple[tuple[Link, ...], tuple[Entity, ...]]:
        """The links of all mentions (nested ones too) and the entities they make, in order of first mention."""
        naming = [m for m in mentions if m.by not in self._referring]
        ids = Naming(self.data, self._lexicon, self._vocab, self._names, naming).ids(doc)
        named = [Link(m, ids[m], m.by, m.score) for m in naming]
        resolver = Resolver(self._lexicon, self._vocab, self.data.counts, named, mentions)
        referring = [m for m in outer(mentions) if m.by in self._referring]
        links = named + [
            Link(m, id, m.by, m.score) for m in referring for id in resolver.resolve(m, *self._referring[m.by])
        ]
        return tuple(sorted(links)), tuple(self._entities(ids, links))

    def _entities(self, ids: Mapping[Mention, str], links: Sequence[Link]) -> list[Entity]:
        groups: dict[str, list[Mention]] = {}
        for mention, id in ids.items():
            groups.setdefault(id, []).append(mention)
        entities = [self._named(id, group) for id, group in groups.items()]
        members = [m for id in groups for m in self._lexicon.members(id)]
        silent = dict.fromkeys(id for id in (*(x.entity for x in links), *members) if id not in groups)
        return entities + [self._silent(id) for id in silent]

    def _named(self, id: str, group: Sequence[Mention]) -> Entity:
        texts = {m.text for m in group if not m.name or m.text not in self._lexicon.names}
        names = sorted(texts | {m.name for m in group if m.name}, key=lambda n: (-len(n), n))
        entry = self._lexicon.entries.get(id)
        return Entity(id, entry.type if entry else group[0].type, tuple(names), entry is not None)

    def _silent(self, id: str) -> Entity:
        """An entity that the text names only by an abbreviation or a collective."""
        entry = self._lexicon.entries[id]
        chars = (c for c, place in self._lexicon.abbreviations.items() if place == id)
        return Entity(id, entry.type, (entry.label, *entry.aliases, *chars), True)
