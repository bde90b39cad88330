"""How far a rule can be trusted: the confidence of what it reads, measured on annotated texts.

A rule's author gives it a score; what it reads in annotated texts says how often it is right. The measured confidence
is the mean of a Beta distribution: :data:`STRENGTH` imagined items as often right as all rules taken together, and the
rule's own right and wrong ones. So few items move it little, and no rule is ever certain. A rule with fewer than
:data:`LEAST` items keeps its author's score.

``confidence.csv`` in the grammar's folder holds one row for each rule that read something that could be judged.
``python -m benchmarks.reliability --write`` writes it; a build loads it, and puts the confidence on the evidence. That
is done last, when it is settled what is read: confidence never decides which of two readings is kept.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from kg.errors import DataError
from kg.staging import write_whole
from kg.types import Annotation, Fact, Observation

STRENGTH = 4.0
"""How many imagined items the prior weighs."""
LEAST = 3
"""Items below which nothing can be said of a rule."""
NAME = "confidence.csv"
COLUMNS = ("rule", "score", "right", "wrong", "how")
MEASURED, OWN = "measured", "own"
_DECIMALS = 3

Item = TypeVar("Item", Fact, Observation)


@dataclass(frozen=True, slots=True, order=True)
class Confidence:
    """A rule's confidence between 0 and 1, and what it rests on; ``how`` is ``measured`` or ``own``."""

    rule: str
    score: float
    right: int
    wrong: int
    how: str


def measure(counts: Mapping[str, tuple[int, int]], own: Mapping[str, float]) -> tuple[Confidence, ...]:
    """The confidence of each rule from its right and wrong items, by rule; ``own`` are the authors' scores.

    >>> measure({"a.v1": (9, 1), "b.v1": (1, 0)}, {"a.v1": 0.8, "b.v1": 0.75})[0].score
    0.903
    """
    right = sum(r for r, _ in counts.values())
    wrong = sum(w for _, w in counts.values())
    mean = right / (right + wrong) if right + wrong else 0.0
    return tuple(_confidence(rule, *counts[rule], mean, own) for rule in sorted(counts) if sum(counts[rule]))


def _confidence(rule: str, right: int, wrong: int, mean: float, own: Mapping[str, float]) -> Confidence:
    if right + wrong < LEAST and rule in own:
        return Confidence(rule, own[rule], right, wrong, OWN)
    score = (right + STRENGTH * mean) / (right + wrong + STRENGTH)
    return Confidence(rule, round(score, _DECIMALS), right, wrong, MEASURED)


def calibrate(annotation: Annotation, confidence: Mapping[str, float]) -> Annotation:
    """The annotation with measured confidence on its evidence; rules that ``confidence`` lacks keep their score."""
    if not confidence:
        return annotation
    return replace(
        annotation,
        facts=tuple(_with(fact, confidence) for fact in annotation.facts),
        observations=tuple(_with(figure, confidence) for figure in annotation.observations),
    )


def _with(item: Item, confidence: Mapping[str, float]) -> Item:
    score = confidence.get(item.evidence.by)
    if score is None or score == item.evidence.score:
        return item
    return replace(item, evidence=replace(item.evidence, score=score))


def load_confidence(folder: Path) -> dict[str, float]:
    """The measured confidence of the rules of a grammar folder; empty where none was measured.

    Rows that only repeat an author's score are left out: the score in the rule counts, should it change. Raises
    :class:`DataError` with file and line for a row that is none.
    """
    path = folder / NAME
    return {row.rule: row.score for row in read_confidence(path) if row.how == MEASURED} if path.exists() else {}


def read_confidence(path: Path) -> tuple[Confidence, ...]:
    """All rows of a ``confidence.csv``, in its order."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}:1: cannot be read: {error}; write it anew or remove it") from error
    rows = list(csv.reader(io.StringIO(text)))
    if not rows or tuple(rows[0]) != COLUMNS:
        raise DataError(f"{path}:1: the columns are not {','.join(COLUMNS)}; write it anew or remove it")
    return tuple(_row(row, f"{path}:{line}") for line, row in enumerate(rows[1:], 2))


def _row(row: list[str], where: str) -> Confidence:
    try:
        rule, score, right, wrong, how = row
        made = Confidence(rule, float(score), int(right), int(wrong), how)
    except ValueError as error:
        raise DataError(
            f"{where}: not a row of {','.join(COLUMNS)}: {error}; mend it or write the file anew"
        ) from error
    if not 0 <= made.score <= 1 or how not in (MEASURED, OWN):
        raise DataError(f"{where}: a score lies between 0 and 1, and how is {MEASURED} or {OWN}; mend the row")
    return made


def write_confidence(path: Path, rows: Iterable[Confidence]) -> None:
    """Write a ``confidence.csv``, sorted by rule; the same rows give the same bytes."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in sorted(rows):
        writer.writerow((row.rule, f"{row.score:.{_DECIMALS}f}", row.right, row.wrong, row.how))
    write_whole(path, out.getvalue())
