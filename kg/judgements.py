"""Judgements on which ids are one thing; those of people stand in a file and win over those of rules.

``data/judgements.csv`` has a line for each decision: ``left,right,verdict,by,when,reason``. An id is what stands behind
``id/`` in an entity's IRI; ids come from content, so decisions hold in every build.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.errors import DataError
from kg.staging import write_whole

SAME, DIFFERENT, UNSURE = VERDICTS = ("same", "different", "unsure")
COLUMNS = ("left", "right", "verdict", "by", "when", "reason")
_ID = re.compile(r"[^\s,\"/<>]+")
_WHEN = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True, order=True)
class Judgement:
    """Whether two ids are one thing: ``verdict`` is same, different or unsure; ``by`` a rule with version, or a person.

    ``when`` (an ISO date) says that a person decided. The lesser id is ``left``: see :func:`judgement`.
    """

    left: str
    right: str
    verdict: str
    score: float
    by: str
    reason: str
    when: str = ""

    @property
    def pair(self) -> tuple[str, str]:
        return self.left, self.right

    @property
    def is_persons(self) -> bool:
        return bool(self.when)


def judgement(one: str, other: str, verdict: str, score: float, by: str, reason: str, when: str = "") -> Judgement:
    """A judgement on two ids in either order."""
    left, right = sorted((one, other))
    return Judgement(left, right, verdict, score, by, reason, when)


def load_judgements(path: Path) -> tuple[Judgement, ...]:
    """The decisions of people; a file that is not there holds none.

    Raises :class:`DataError`, beginning ``file:line:``, for a wrong header, a malformed cell, a pair decided twice, and
    decisions that contradict each other (A is B and B is C, but A is not C).
    """
    if not path.exists():
        return ()
    try:
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path}:1: cannot be read as CSV in UTF-8 ({error}); mend it") from error
    if not rows or tuple(rows[0]) != COLUMNS:
        raise DataError(f"{path}:1: the header must be {','.join(COLUMNS)}")
    found: dict[tuple[str, str], tuple[int, Judgement]] = {}
    for line, row in enumerate(rows[1:], 2):
        if row:
            made = _row(row, f"{path}:{line}")
            if made.pair in found:
                raise DataError(f"{path}:{line}: this pair is also decided in line {found[made.pair][0]}; keep one")
            found[made.pair] = (line, made)
    check_consistent({made: line for line, made in found.values()}, path)
    return tuple(made for _, made in found.values())


def _row(row: list[str], where: str) -> Judgement:
    if len(row) != len(COLUMNS):
        raise DataError(f"{where}: {len(row)} cells where there must be {len(COLUMNS)}: {','.join(COLUMNS)}")
    left, right, verdict, by, when, reason = (cell.strip() for cell in row)
    for id in (left, right):
        if not _ID.fullmatch(id):
            raise DataError(f"{where}: {id!r} is no id; write what stands behind id/ in the entity's IRI")
    if left == right:
        raise DataError(f"{where}: both ids are {left!r}; name two")
    if verdict not in VERDICTS:
        raise DataError(f"{where}: {verdict!r} is no verdict; it must be one of {', '.join(VERDICTS)}")
    if not by or not reason:
        raise DataError(f"{where}: by and reason must not be empty; say who decided, and why")
    if not _WHEN.fullmatch(when):
        raise DataError(f"{where}: when is {when!r}; write a date as 2026-01-31")
    return judgement(left, right, verdict, 1.0, by, reason, when)


def check_consistent(lines: Mapping[Judgement, int], path: Path) -> None:
    """No pair that is called different may be one by way of pairs that are called the same."""
    groups = Groups()
    for each in lines:
        if each.verdict == SAME:
            groups.join(*each.pair)
    for each, line in lines.items():
        if each.verdict == DIFFERENT and groups.root(each.left) == groups.root(each.right):
            raise DataError(
                f"{path}:{line}: {each.left} and {each.right} are one by way of other lines; strike one of them"
            )


def append_judgement(path: Path, made: Judgement) -> None:
    """Write a person's decision into the file, in the place of an earlier one on the same pair; all or nothing.

    Raises :class:`DataError` if it contradicts other decisions or the file is wrong, :class:`OutputError` if it cannot
    be written.
    """
    kept = [each for each in load_judgements(path) if each.pair != made.pair]
    check_consistent({each: line for line, each in enumerate([*kept, made], 2)}, path)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((j.left, j.right, j.verdict, j.by, j.when, j.reason) for j in (*kept, made))
    write_whole(path, text.getvalue())


class Groups:
    """Ids that are one thing, by union-find; the root of a group is its least id."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}
        self.members: dict[str, list[str]] = {}

    def root(self, id: str) -> str:
        while (parent := self._parent.get(id, id)) != id:
            self._parent[id] = self._parent.get(parent, parent)
            id = parent
        return id

    def of(self, root: str) -> list[str]:
        """The members of the group with this root."""
        return self.members.get(root, [root])

    def join(self, one: str, other: str) -> None:
        low, high = sorted((self.root(one), self.root(other)))
        if low != high:
            self._parent[high] = low
            self.members[low] = self.of(low) + self.members.pop(high, [high])

    def all(self) -> Iterable[list[str]]:
        """The groups of more than one."""
        return self.members.values()
