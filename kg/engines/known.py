"""The lexicon as an engine: every known name in the text, longest match from the left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from kg.lexicon import Lexicon
from kg.types import Annotation, Mention, Span

KNOWN = "lexicon.v1"


class KnownEngine:
    """Proposes what the lexicon knows by name; the type is that of the widest candidate."""

    name = KNOWN

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._heads = lru_cache(maxsize=None)(self._name_heads)

    def mentions(self, batch: Sequence[Annotation]) -> Iterator[Sequence[Mention]]:
        return (tuple(self._scan(a.document.text)) for a in batch)

    def _scan(self, text: str) -> Iterator[Mention]:
        entries, names = self._lexicon.entries, self._lexicon.names
        for start, end, surface in self._lexicon.find(text):
            yield Mention(Span(start, end), surface, entries[names[surface][0]].type, self.name, 0.95)
            for inner in self._heads(surface):
                span = Span(start, start + len(inner))
                yield Mention(span, inner, entries[names[inner][0]].type, self.name, 0.95)

    def _name_heads(self, surface: str) -> tuple[str, ...]:
        """The known names with which a longer known name begins (北京|自贸试验区)."""
        whole = self._lexicon.names[surface][0]
        heads = (surface[:length] for length in range(len(surface) - 1, 1, -1))
        return tuple(h for h in heads if h in self._lexicon.names and self._fits(whole, self._lexicon.names[h]))

    def _fits(self, whole: str, candidates: Sequence[str]) -> bool:
        """Whether a name that begins another can be meant: it contains that one, or nothing says where that one is."""
        within = self._lexicon.entries[whole].parent
        return not within or any(self._lexicon.is_in(whole, c) for c in candidates)
