"""Stage 2: text -> mentions. Engines propose, one after the other; this module admits.

A mention must stand in the text, be typed by the ontology, and not cross another. Where two cross, the
longer wins, then the earlier engine. A mention inside a longer one is kept as nested: it is no mention of
the sentence, but the longer name may state a fact about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol, runtime_checkable

from kg.types import Annotation, Mention, MentionEngine, Rejected
from kg.vocab import Vocab

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
    """The mentions inside ``whole``, the widest first at each place."""
    inside = (m for m in mentions if m != whole and whole.span.covers(m.span) and m.span != whole.span)
    return tuple(sorted(inside, key=_widest_first))


def _widest_first(m: Mention) -> tuple[int, int]:
    return (m.span.start, -m.span.end)


def _admit(a: Annotation, proposed: Sequence[Mention], vocab: Vocab) -> Annotation:
    if not proposed:
        return a
    kept, refused = list(a.mentions), list(a.rejected)
    for m in sorted(proposed, key=lambda m: (m.span.start - m.span.end, m.span.start)):
        reason = _objection(m, a.document.text, vocab) or _cut_short(m, kept)
        crossed = [] if reason else [k for k in kept if _cross(k, m)]
        if any(len(k.text) >= len(m.text) for k in crossed):
            reason = "crosses a longer mention"
        if reason:
            refused.append(Rejected(m, reason, m.by))
            continue
        for k in crossed:
            kept.remove(k)
            refused.append(Rejected(k, "crosses a longer mention", k.by))
        kept.append(m)
    return replace(a, mentions=tuple(sorted(kept)), rejected=tuple(refused))


def _withdraw(a: Annotation, refused: Sequence[Rejected]) -> Annotation:
    if not refused:
        return a
    items = {r.item for r in refused}
    return replace(a, mentions=tuple(m for m in a.mentions if m not in items), rejected=(*a.rejected, *refused))


def _objection(m: Mention, text: str, vocab: Vocab) -> str:
    if not 0 <= m.span.start < m.span.end <= len(text) or m.span.of(text) != m.text:
        return "not in the text"
    return "" if m.type in vocab.classes else "unknown class"


def _cut_short(m: Mention, kept: Sequence[Mention]) -> str:
    """Why a name is not worth keeping beside one by the same engine that only adds a character (产业园|区)."""
    longer = (k for k in kept if k.by == m.by and k.type == m.type and k.span.start == m.span.start)
    return "part of a head noun" if any(k.span.end - m.span.end == 1 and m.score < _KNOWN for k in longer) else ""


def _cross(a: Mention, b: Mention) -> bool:
    """Overlap without one inside the other, or the very same span."""
    if not a.span.overlaps(b.span):
        return False
    return a.span == b.span or not (a.span.covers(b.span) or b.span.covers(a.span))
