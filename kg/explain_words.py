"""Words of a sentence for people: the cues that decide its modality, and its masked form spelled out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace

from kg.dates import Date
from kg.masking import Masked, Placed
from kg.modality import Modality
from kg.types import Mention, Span

BLANK = "\u25a1"
"""Stands for words taken out, to see whether they decide anything; no rule and no cue speaks of it."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that help to decide a modality; ``list`` is theirs in the data, or ``date``."""

    span: Span
    list: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A modality, and the fewest words without which it would be ``otherwise``; none where no word decides."""

    modality: str
    cues: tuple[Cue, ...] = ()
    otherwise: str = ""


def decide(view: Masked, at: int, published: str, modality: Modality) -> Decision:
    """The modality at a place of a masked sentence, and the words that decide it.

    Cues are taken out, and put back one by one as long as the modality does not return. So this needs to know nothing
    of how modality is decided.
    """
    decided = modality.decide(view, at, published)
    places = sorted(set(_candidates(view, modality)), key=lambda c: (c[1], c[2], c[0]))
    alone = [c for c in places if modality.decide(_without(view, [c]), at, published) != decided]
    out = alone[:1] or places
    for place in out[:] if not alone else ():
        fewer = [c for c in out if c != place]
        if modality.decide(_without(view, fewer), at, published) != decided:
            out = fewer
    otherwise = modality.decide(_without(view, out), at, published)
    if otherwise == decided:
        return Decision(decided)
    return Decision(decided, tuple(Cue(view.span(start, end), name) for name, start, end in out), otherwise)


def _candidates(view: Masked, modality: Modality) -> Iterator[tuple[str, int, int]]:
    for field in fields(modality):
        pattern = getattr(modality, field.name)
        if isinstance(pattern, re.Pattern) and field.name != "clause":
            yield from ((field.name, *found.span()) for found in pattern.finditer(view.text) if found[0])
    for start, placed in zip(view.starts, view.placed, strict=True):
        if isinstance(placed.item, Date):
            yield "date", start, start + 1


def _without(view: Masked, places: Sequence[tuple[str, int, int]]) -> Masked:
    """The sentence with some stretches blanked; a date in them is none."""
    text = view.text
    for _, start, end in places:
        text = text[:start] + BLANK * (end - start) + text[end:]
    marks = zip(view.starts, view.placed, strict=True)
    kept = [(at, placed) for at, placed in marks if text[at] == view.text[at]]
    return replace(view, text=text, starts=tuple(at for at, _ in kept), placed=tuple(p for _, p in kept))


def readable(view: Masked, text: str) -> str:
    """A masked sentence of ``text`` with its marks spelled out: ``⟨class words⟩``, values behind ``=``."""
    return _spelled(view, lambda placed, kind: f"\u27e8{kind} {placed.span.of(text)}{_value(placed)}\u27e9")


def classes(view: Masked) -> str:
    """A masked sentence as patterns see it: ``{class}``."""
    return _spelled(view, lambda _, kind: "{" + kind + "}")


def _spelled(view: Masked, spell: Callable[[Placed, str], str]) -> str:
    marks = dict(zip(view.starts, view.placed, strict=True))
    return "".join(spell(marks[k], kind_of(marks[k])) if k in marks else c for k, c in enumerate(view.text))


def kind_of(placed: Placed) -> str:
    """The class of a mark: that of the mention, or ``date`` or ``num`` as patterns call them."""
    item = placed.item
    return item.type if isinstance(item, Mention) else "date" if isinstance(item, Date) else "num"


def _value(placed: Placed) -> str:
    item = placed.item
    if isinstance(item, Mention):
        return ""
    return f"={item.value}" if isinstance(item, Date) else f"={item.value} {item.unit}".rstrip()
