"""Whether a sentence says that a thing is so, will be so, or is not so: decided once, for every rule.

The words around the trigger decide; ``data/grammar/modality.yaml`` lists them. Cues count inside the clause of the
trigger, before it; a target date (到2025年) and a wish (要…) reach to the end of the sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from kg.dates import Date
from kg.errors import DataError
from kg.fields import WORD, WORDS, checked_file, line_of
from kg.grammar import Compiler, read_yaml
from kg.masking import NUMBER, Masked
from kg.segment import ADJECTIVE, NOUN, Words
from kg.types import ASSERTED, NEGATED, PLANNED, Value

WISHED = "wished"
_CUES = ("negated", "planned", "before_verb", "asserted", "wished", "clause", "moved")
_SHAPES = {**dict.fromkeys((*_CUES, "said"), WORDS), "attribution": WORD}
_NOTHING = r"(?!)"  # matches nowhere: an empty list says that there is no such word


@dataclass(frozen=True, slots=True)
class Modality:
    """The cues, compiled. ``before_verb`` are words that announce a plan (将…开通) unless they
    bring forward an object that is ``moved`` somewhere (将货物提离); ``said`` finds who says what
    follows, and the qualifier ``attribution`` names it."""

    negated: re.Pattern[str]
    planned: re.Pattern[str]
    before_verb: re.Pattern[str]
    asserted: re.Pattern[str]
    wished: re.Pattern[str]
    clause: re.Pattern[str]
    moved: re.Pattern[str]
    said: tuple[re.Pattern[str], ...]
    attribution: str
    words: Words

    def decide(self, view: Masked, at: int, published: str) -> str:
        """``asserted``, ``planned``, ``negated`` or ``wished`` for what stands at ``view.text[at]``."""
        start = self.clause_start(view, at)
        before = view.text[start:at]
        if self.wished.search(view.text[:at]):
            return WISHED
        if self.negated.search(before):
            return NEGATED
        return PLANNED if self._planned(view, start, at, published) else ASSERTED

    def speaker(self, view: Masked, at: int, text: str) -> tuple[tuple[str, Value], ...]:
        """The qualifier that names who says what stands at ``view.text[at]``: the last speaker before it, if any."""
        found = [m for said in self.said for m in said.finditer(view.text, 0, at)]
        if not found:
            return ()
        last = max(found, key=lambda m: m.end())
        return ((self.attribution, Value(view.span(*last.span("who")).of(text), "string")),)

    def clause_start(self, view: Masked, at: int) -> int:
        """Where the clause of a position begins."""
        starts = [m.end() for m in self.clause.finditer(view.text, 0, at)]
        return starts[-1] if starts else 0

    def _planned(self, view: Masked, start: int, at: int, published: str) -> bool:
        plans = [m.end() for m in self.planned.finditer(view.text, start, at)]
        plans += [
            m.end() for m in self.before_verb.finditer(view.text, start, at) if self._announces(view, m.end(), at)
        ]
        done = [m.end() for m in self.asserted.finditer(view.text, start, at)]
        done += [k for k, d in self._dates(view, at) if k >= start and self._present(view, k, d, at)]
        if plans:
            return not done or max(plans) > max(done)
        return not done and any(later(d, published) for _, d in self._dates(view, at))

    def _dates(self, view: Masked, at: int) -> list[tuple[int, Date]]:
        placed = zip(view.starts, view.placed, strict=True)
        return [(k, p.item) for k, p in placed if k < at and isinstance(p.item, Date)]

    def _present(self, view: Masked, k: int, date: Date, at: int) -> bool:
        """Whether a date says that what follows it is so now (目前的6个小时); that ends with the next number."""
        return bool(self.asserted.search(date.text)) and NUMBER not in view.text[k:at]

    def _announces(self, view: Masked, at: int, end: int) -> bool:
        """Whether the word before ``at`` announces what comes; else it only brings an object forward (将货物提离…).

        When in doubt it announces: to call a plan done is the worst mistake.
        """
        named = any(not isinstance(item, Date) for item in view.inside(at, at + 1))
        noun = any(self.words.kind(view.text[at : at + n]) in (NOUN, ADJECTIVE) for n in (2, 3, 4))
        stop = self.clause.search(view.text, end)
        return not (named or noun) or not self.moved.search(view.text, at, stop.start() if stop else len(view.text))


def later(date: Date, published: str) -> bool:
    """Whether a date is a target: later than the document's own, at the precision of both."""
    end = date.value.rsplit("/", 1)[-1].strip(".")
    if not published or not end[:4].isdigit():
        return False
    width = min(len(end), len(published))
    return end[:width] > published[:width]


def load_modality(path: Path, words: Words, compiler: Compiler) -> Modality:
    """Read ``modality.yaml``; a missing list or a bad expression is a ``DataError``."""
    raw = checked_file(path, read_yaml(path), _SHAPES, _CUES)
    compiled = {}
    for key in _CUES:
        try:
            compiled[key] = re.compile("|".join(map(str, raw[key])) or _NOTHING)
        except re.error as e:
            raise DataError(f"{path}:{line_of(path, key)}: {key}: bad regular expression ({e}); mend it") from e
    said = tuple(_said(str(each), f"{path}:{line_of(path, 'said')}", compiler) for each in raw.get("said", ()))
    return Modality(words=words, said=said, attribution=str(raw.get("attribution", "")), **compiled)


def _said(pattern: str, where: str, compiler: Compiler) -> re.Pattern[str]:
    compiled = compiler.compile(pattern, where)
    if "who" not in compiled.groupindex:
        raise DataError(f"{where}: said needs a group (?P<who>…) for the speaker; mend {pattern!r}")
    return compiled
