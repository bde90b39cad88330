"""What words that refer mean (该企业, 三地, 津冀, 三地海关): what the text named last; where nothing fits, nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kg.lexicon import Lexicon
from kg.mentions import outer
from kg.types import Link, Mention
from kg.vocab import Vocab

RESOLVERS = ("last", "pair", "members", "characters", "named", "sited")
_NEAR = 120  # characters: two parties farther back are not the ones meant


class Resolver:
    """Resolves the referring mentions of one document, in the order of the text.

    ``named`` are the links of its names; ``counts`` the number that a collective's first word says.
    """

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
        self._outer = set(outer(mentions))

    def resolve(self, mention: Mention, how: str, of: str) -> tuple[str, ...]:
        """The ids of what a mention refers to: one of ``RESOLVERS``, looking for names of class ``of``.

        For ``named``, ``of`` is the name itself.
        """
        if how == "named":
            return self._lexicon.names.get(of, ())[:1]
        if how == "characters":
            ids = tuple(self._lexicon.abbreviation(c) for c in mention.text)
            return ids if all(ids) else ()
        before = [x for x in self._named if x.mention.span.end <= mention.span.start]
        if how == "last":
            return next(((x.entity,) for x in reversed(before) if self._whole(x, before, of)), ())
        if how == "pair":
            return self._pair(mention, before, of)
        count = next((n for word, n in self._counts.items() if mention.text.startswith(word)), 0)
        if how == "sited":
            return self._sited(mention, self._region(self._named, count, mention) or self._list(before, count, of))
        return self._region(before, count, mention) or self._list(before, count, of)

    def _pair(self, mention: Mention, before: Sequence[Link], of: str) -> tuple[str, ...]:
        """The two last things of a class, if just two were named not far before."""
        near = [x for x in before if mention.span.start - x.mention.span.end < _NEAR and x.mention in self._outer]
        ids = dict.fromkeys(x.entity for x in reversed(near) if self._vocab.is_a(x.mention.type, of))
        return tuple(reversed(ids)) if len(ids) == 2 else ()

    def _whole(self, x: Link, links: Sequence[Link], type_: str) -> bool:
        """Whether a mention of a class is no mere part of a longer name of that class."""
        longer = (y.mention.span for y in links if self._is_any(y.mention.type, type_) and y.mention != x.mention)
        return self._is_any(x.mention.type, type_) and not any(span.covers(x.mention.span) for span in longer)

    def _is_any(self, type_: str, classes: str) -> bool:
        """Whether a type is one of some classes, written ``A|B``."""
        return any(self._vocab.is_a(type_, c) for c in classes.split("|"))

    def _region(self, links: Sequence[Link], count: int, mention: Mention) -> tuple[str, ...]:
        """The last region of ``count`` members (any, for 0) named before, be it inside another name."""
        for x in reversed(links):
            size = len(self._lexicon.members(x.entity))
            if size and size == (count or size) and x.mention.span.end <= mention.span.start:
                return (x.entity,)
        return ()

    def _list(self, before: Sequence[Link], count: int, of: str) -> tuple[str, ...]:
        """The last list of ``count`` names of a class, whole (A、B and nothing listed before A)."""
        named = [x for x in before if x.mention in self._outer and self._vocab.is_a(x.mention.type, of)]
        run: list[Link] = []
        for x in reversed(named):
            if run and run[-1].mention.span.start - x.mention.span.end > 1 and run[-1].mention != x.mention:
                run = []
            run.append(x)
            entities = dict.fromkeys(r.entity for r in reversed(run))
            if len(entities) == count and not self._continues(named, x):
                return tuple(entities)
        return ()

    def _continues(self, before: Sequence[Link], x: Link) -> bool:
        """Whether another listed name stands directly before ``x``."""
        return any(0 <= x.mention.span.start - b.mention.span.end <= 1 for b in before if b.mention != x.mention)

    def _sited(self, mention: Mention, places: Sequence[str]) -> tuple[str, ...]:
        """The offices of the mention's class whose names begin with one of the places or their members."""
        members = {m for p in places for m in (self._lexicon.members(p) or (p,))}
        found: dict[str, None] = {}
        for x in self._named:
            if x.mention in self._outer and self._vocab.is_a(x.mention.type, mention.type):
                start = x.mention.span.start
                heads = [n for n in self._named if n.mention.span.start == start and n.entity in members]
                rest = x.mention.text[len(heads[0].mention.text) :] if heads else ""
                if rest and mention.text.endswith(rest):
                    found.setdefault(x.entity)
        return tuple(found) if len(found) > 1 else ()
