"""Judgements on which ids are one thing; those of people stand in a file and win over those of rules.

``data/judgements.csv`` has a line for each decision: ``left,right,verdict,by,when,reason``. An id is what stands behind
``id/`` in an entity's IRI; ids come from content, so decisions hold in every build. Lines are only ever added: the last
on a pair counts, and ``withdraw`` takes back what was decided.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kg import ledger
from kg.errors import DataError, Overtaken, QueryError

SAME, DIFFERENT, UNSURE = VERDICTS = ("same", "different", "unsure")
WITHDRAW = "withdraw"
"""What a line says by which an earlier one on the same pair stands no longer."""
COLUMNS = ("left", "right", "verdict", "by", "when", "reason")
FORM = ledger.Form(COLUMNS)
_ID = re.compile(r"[^\s,\"/<>]+")
_WHEN = re.compile(r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z)?")


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
    """The decisions of people that stand: the last on each pair, unless it was withdrawn.

    A file that is not there holds none. Raises :class:`DataError`, beginning ``file:line:``, for a wrong header, a
    malformed cell, and decisions that contradict each other (A is B and B is C, but A is not C).
    """
    return standing(ledger.read(path, FORM), path)


def standing(lines: ledger.Ledger, path: Path) -> tuple[Judgement, ...]:
    """The decisions that stand by the lines of a file."""
    found: dict[tuple[str, str], tuple[int, Judgement]] = {}
    for line in lines.lines:
        made = _row(line)
        found.pop(made.pair, None)
        if made.verdict != WITHDRAW:
            found[made.pair] = (int(line.where.rpartition(":")[2]), made)
    check_consistent({made: line for line, made in found.values()}, path)
    return tuple(made for _, made in found.values())


def _row(line: ledger.Line) -> Judgement:
    where = line.where
    left, right, verdict, by, when, reason = line.cells
    for id in (left, right):
        if not _ID.fullmatch(id):
            raise DataError(f"{where}: {id!r} is no id; write what stands behind id/ in the entity's IRI")
    if left == right:
        raise DataError(f"{where}: both ids are {left!r}; name two")
    if verdict not in (*VERDICTS, WITHDRAW):
        raise DataError(f"{where}: {verdict!r} is no verdict; it must be one of {', '.join((*VERDICTS, WITHDRAW))}")
    if not by or not reason:
        raise DataError(f"{where}: by and reason must not be empty; say who decided, and why")
    if not _WHEN.fullmatch(when):
        raise DataError(f"{where}: when is {when!r}; write a date as 2026-01-31, or 2026-01-31T09:30:00Z")
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


def append_judgement(path: Path, made: Judgement, expecting: Judgement | Literal["any"] | None = "any") -> None:
    """Add a person's decision to the file; from then on it counts, and not an earlier one on the same pair.

    When this returns, it is on the disk, whoever else decides at the same time. ``expecting`` is what the person saw to
    stand on the pair (``None``: nothing). Raises :class:`Overtaken` if by now another verdict stands there,
    :class:`QueryError` if there is nothing to withdraw, :class:`DataError` if the file is wrong or the decision
    contradicts others, and :class:`OutputError` if it cannot be written.
    """

    def check(lines: ledger.Ledger) -> None:
        stands = standing(lines, path)
        last = next((each for each in stands if each.pair == made.pair), None)
        _check_seen(last, made, expecting)
        if made.verdict == WITHDRAW:
            if last is None:
                raise QueryError(f"nothing is decided on {made.left} and {made.right}; there is nothing to undo")
            return
        kept = [each for each in stands if each is not last]
        check_consistent({each: line for line, each in enumerate([*kept, made], 2)}, path)

    cells = tuple(map(ledger.clean, (made.left, made.right, made.verdict, made.by, made.when, made.reason)))
    made = _row(ledger.Line(cells, str(path)))
    ledger.append(path, FORM, cells, check)


def _check_seen(last: Judgement | None, made: Judgement, expecting: Judgement | str | None) -> None:
    agree = last is not None and last.verdict == made.verdict
    if expecting == "any" or last == expecting or agree:
        return
    told = f"{last.by} decided {last.verdict} on {last.when}: {last.reason}" if last else "the decision was withdrawn"
    raise Overtaken(f"{made.left} and {made.right}: {told}; look at it, and decide again")


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
