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
from kg.grammar import read_yaml
from kg.masking import Masked
from kg.segment import STOP, VERB, Words
from kg.types import ASSERTED, NEGATED, PLANNED

WISHED = "wished"
_KEYS = ("negated", "planned", "before_verb", "asserted", "wished", "clause")


@dataclass(frozen=True, slots=True)
class Modality:
    """The cues, compiled. ``before_verb`` are words that announce a plan only where a verb or adverb follows (将)."""

    negated: re.Pattern[str]
    planned: re.Pattern[str]
    before_verb: re.Pattern[str]
    asserted: re.Pattern[str]
    wished: re.Pattern[str]
    clause: re.Pattern[str]
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

    def clause_start(self, view: Masked, at: int) -> int:
        """Where the clause of a position begins."""
        starts = [m.end() for m in self.clause.finditer(view.text, 0, at)]
        return starts[-1] if starts else 0

    def _planned(self, view: Masked, start: int, at: int, published: str) -> bool:
        plans = [m.end() for m in self.planned.finditer(view.text, start, at)]
        plans += [m.end() for m in self.before_verb.finditer(view.text, start, at) if self._verb_at(view.text, m.end())]
        done = [m.end() for m in self.asserted.finditer(view.text, start, at)]
        done += [k for k, d in self._dates(view, at) if k >= start and d.kind == "asof"]
        if plans:
            return not done or max(plans) > max(done)
        return not done and any(later(d, published) for _, d in self._dates(view, at))

    def _dates(self, view: Masked, at: int) -> list[tuple[int, Date]]:
        placed = zip(view.starts, view.placed, strict=True)
        return [(k, p.item) for k, p in placed if k < at and isinstance(p.item, Date)]

    def _verb_at(self, text: str, at: int) -> bool:
        for length in (4, 3, 2, 1):
            entry = self.words.table.get(text[at : at + length]) if at + length <= len(text) else None
            if entry and (length > 1 or entry[0] == STOP or entry[0] == VERB):
                return entry[0] in (VERB, STOP)
        return False


def later(date: Date, published: str) -> bool:
    """Whether a date is a target: later than the document's own, at the precision of both."""
    end = date.value.rsplit("/", 1)[-1].strip(".")
    if not published or not end[:4].isdigit():
        return False
    width = min(len(end), len(published))
    return end[:width] > published[:width]


def load_modality(path: Path, words: Words) -> Modality:
    """Read ``modality.yaml``; a missing list or a bad expression is a ``DataError``."""
    raw = read_yaml(path)
    missing = [key for key in _KEYS if not isinstance(raw, dict) or key not in raw]
    if missing:
        raise DataError(f"{path}:1: lacks {', '.join(missing)}; add it")
    compiled = {}
    for key in _KEYS:
        try:
            compiled[key] = re.compile("|".join(raw[key]))
        except re.error as e:
            raise DataError(f"{path}:1: {key}: bad regular expression ({e}); mend it") from e
    return Modality(words=words, **compiled)
