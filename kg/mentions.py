"""Stage 2: text -> mentions. Engines propose, one after the other; this module admits.

A mention must stand in the text, be typed by the ontology, and not cross another. Where two cross, the
longer wins, then the earlier engine. A mention inside a longer one is kept as nested: it is no mention of
the sentence, but the longer name may state a fact about it.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol, runtime_checkable

from kg.types import Annotation, Mention, MentionEngine, Rejected, Span
from kg.vocab import Vocab

_CROSSES = "crosses a longer mention"
_KNOWN = 0.95  # the score of a lexicon's name: 北京 beside 北京市 stays


@runtime_checkable
class Reviewer(Protocol):
    """An engine with evidence against what was found before it, which it gives before it proposes anything itself."""

    def objections(self, batch: Sequence[Annotation]) -> Iterator[Sequence[Rejected]]: ...


def find_mentions(batch: Sequence[Annotation], engines: Sequence[MentionEngine], vocab: Vocab) -> list[Annotation]:
    """Ask every engine in turn; each sees what was admitted before it, and a reviewer may take some of it back."""
    done = list(batch)
    for engine in engines:
        if isinstance(engine, Reviewer):
            done = [_withdraw(a, refused) for a, refused in zip(done, engine.objections(done), strict=True)]
        proposals = engine.mentions(done)
        done = [_admit(a, proposed, vocab) for a, proposed in zip(done, proposals, strict=True)]
    return done


def outer(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """The mentions that stand in no other, in the order of the text."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=_widest_first):
        if not kept or mention.span.start >= kept[-1].span.end:
            kept.append(mention)
    return tuple(kept)


def nested(mentions: Sequence[Mention], whole: Mention) -> tuple[Mention, ...]:
    """The mentions inside ``whole``, the widest first at each place; ``mentions`` are in the order of the text."""
    first = bisect_left(mentions, whole.span.start, key=_start)
    last = bisect_left(mentions, whole.span.end, key=_start)
    inside = (m for m in mentions[first:last] if m != whole and m.span.end <= whole.span.end)
    return tuple(sorted((m for m in inside if m.span != whole.span or whole.name), key=_widest_first))


def _start(m: Mention) -> int:
    return m.span.start


def _widest_first(m: Mention) -> tuple[int, int, bool]:
    return (m.span.start, -m.span.end, not m.name)


def _withdraw(a: Annotation, refused: Sequence[Rejected]) -> Annotation:
    if not refused:
        return a
    items = {r.item for r in refused}
    return replace(a, mentions=tuple(m for m in a.mentions if m not in items), rejected=(*a.rejected, *refused))


def _admit(a: Annotation, proposed: Sequence[Mention], vocab: Vocab) -> Annotation:
    if not proposed:
        return a
    kept, refused = list(a.mentions), list(a.rejected)
    reach = max((m.span.end - m.span.start for m in kept), default=0)
    for m in sorted(proposed, key=lambda m: (m.span.start - m.span.end, m.span.start)):
        reach = max(reach, m.span.end - m.span.start)
        around = _around(kept, m.span, reach)
        reason = _objection(m, a.document.text, vocab) or _cut_short(m, around)
        crossed = [] if reason else [k for k in around if _cross(k, m)]
        if any(len(k.text) >= len(m.text) for k in crossed):
            reason = _CROSSES
        if reason:
            refused.append(Rejected(m, reason, m.by))
            continue
        for k in crossed:
            kept.remove(k)
            refused.append(Rejected(k, _CROSSES, k.by))
        insort(kept, m)
    return replace(a, mentions=tuple(kept), rejected=tuple(refused))


def _around(kept: Sequence[Mention], span: Span, reach: int) -> Sequence[Mention]:
    """The mentions that may overlap a span: no mention is longer than ``reach``."""
    first = bisect_left(kept, span.start - reach, key=_start)
    return kept[first : bisect_left(kept, span.end, key=_start)]


def _objection(m: Mention, text: str, vocab: Vocab) -> str:
    if not 0 <= m.span.start < m.span.end <= len(text) or m.span.of(text) != m.text:
        return "not in the text"
    return "" if m.type in vocab.classes else "unknown class"


def _cut_short(m: Mention, kept: Sequence[Mention]) -> str:
    """Why a name is not worth keeping beside one by the same engine that only adds a character (产业园|区)."""
    longer = (k for k in kept if k.by == m.by and k.type == m.type and k.span.start == m.span.start)
    return "part of a head noun" if any(0 < k.span.end - m.span.end < 3 and m.score < _KNOWN for k in longer) else ""


def _cross(a: Mention, b: Mention) -> bool:
    """Overlap without one inside the other, or the very same span."""
    if not a.span.overlaps(b.span):
        return False
    if a.span == b.span:
        return bool(a.name) == bool(b.name)
    return not (a.span.covers(b.span) or b.span.covers(a.span))
