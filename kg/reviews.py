"""Decisions of people on facts and figures: accepted, rejected, corrected; in a file to which lines are only added.

``data/reviews.csv`` has a line for each: ``statement,verdict,replacement,said,fact,by,reason,when``. ``statement`` is
the hash in the address of the statement or observation, ``said`` what it says in words, for people. What counts is
``fact``: the parts of it with the ids of its ends, so that a decision holds in every build, whatever is merged::

    subject=id:hsr-jingxiong; predicate=openedOn; object=2020-12-27; modality=asserted

``replacement`` has the parts that a correction puts right (``object=2020-12-28``). The last line on a fact counts;
``withdraw`` takes back what was decided. For builds as a whole, with names and merges, see :mod:`kg.reviewing`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from kg import ledger
from kg.errors import DataError, Overtaken, QueryError
from kg.iri import digest
from kg.nquads import decimal, plain

ACCEPT, REJECT, CORRECT, WITHDRAW = VERDICTS = ("accept", "reject", "correct", "withdraw")
UNMET, UNSTATED = "unmet", "unstated"
"""Counted beside verdicts in a build: decisions on what does not occur, corrections that could not be stated."""
COLUMNS = ("statement", "verdict", "replacement", "said", "fact", "by", "reason", "when")
ANY = "any"
"""In the place of the decision that somebody saw: whatever was decided since."""
FACT = ("subject", "predicate", "object", "modality")
FIGURE = ("about", "indicator", "value", "unit", "approximation", "time", "change", "comparedWith", "modality")
OPTIONAL = frozenset({"time", "change", "comparedWith"})
"""The parts of facts and of figures, by the names that the ontology has for them; and those that may be missing."""
ENTITY = "id:"
"""What stands before the id of an entity in a part."""

_STATEMENT = re.compile(r"[0-9a-f]{8,64}")
_WHEN = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?Z"
_PART = re.compile(r"\s*([^=;\\]+?)=((?:[^;\\]|\\.)*)(?:;|$)")
_SPECIAL, _ESCAPED = re.compile(r"[;\\]"), r"\\\g<0>"
FORM = ledger.Form(COLUMNS, last=_WHEN)

Parts: TypeAlias = tuple[tuple[str, str], ...]
"""The parts of a fact or figure by name, in the order of ``FACT`` or ``FIGURE``; missing ones are left out."""


@dataclass(frozen=True, slots=True)
class Review:
    """One decision: what on, what it is, and who made it, when (UTC, ``2026-01-31T09:30:00Z``) and why.

    ``where`` is the line of the file that it was read from.
    """

    statement: str
    verdict: str
    fact: Parts
    by: str
    reason: str
    when: str
    replacement: Parts = ()
    said: str = ""
    where: str = field(default="", compare=False)

    @property
    def id(self) -> str:
        """A name for the decision, made of all that it says."""
        return digest(*self.cells())

    def cells(self) -> tuple[str, ...]:
        """The decision as a line of the file."""
        parts = (write_parts(self.replacement), self.said, write_parts(self.fact))
        return (self.statement, self.verdict, *parts, self.by, self.reason, self.when)


def load_reviews(path: Path) -> tuple[Review, ...]:
    """All decisions of a file in the order in which they were made; a file that is not there holds none.

    Raises :class:`DataError`, beginning ``file:line:``, for a wrong header or a malformed cell.
    """
    return tuple(map(_review, ledger.read(path, FORM).lines))


def standing(
    reviews: Iterable[Review], canonical: Mapping[str, str] | None = None, symmetric: frozenset[str] = frozenset()
) -> dict[Parts, Review]:
    """The decision that stands on each fact: the last one, unless it is withdrawn.

    ``canonical`` maps ids to those that stand for them in a build, ``symmetric`` names predicates whose ends may be
    swapped: facts that are one by these are decided together.
    """
    found: dict[Parts, Review] = {}
    for each in reviews:
        fact = normal(each.fact, canonical or {}, symmetric)
        found.pop(fact, None)
        if each.verdict != WITHDRAW:
            found[fact] = each
    return found


def normal(fact: Parts, canonical: Mapping[str, str], symmetric: frozenset[str]) -> Parts:
    """A fact as ``canonical`` and ``symmetric`` have it, so that equal facts are equal."""
    said = {name: _canonical(value, canonical) for name, value in fact}
    if said.get("predicate") in symmetric:
        said["subject"], said["object"] = sorted((said["subject"], said["object"]))
    return tuple(said.items())


def _canonical(value: str, canonical: Mapping[str, str]) -> str:
    id = value.removeprefix(ENTITY)
    return value if id == value else ENTITY + canonical.get(id, id)


def corrected(fact: Parts, replacement: Parts) -> Parts:
    """What a correction says instead of a fact: an empty part is left out, a number has no trailing zeros."""
    said = dict(fact) | dict(replacement)
    if re.fullmatch(r"-?\d+(\.\d+)?", said.get("value", ""), re.ASCII):
        said["value"] = plain(decimal(said["value"]))
    return tuple((name, said[name]) for name in (FACT if "subject" in said else FIGURE) if said.get(name))


def append_review(
    path: Path,
    made: Review,
    expecting: Review | str | None = ANY,
    canonical: Mapping[str, str] | None = None,
    symmetric: frozenset[str] = frozenset(),
) -> Review:
    """Add a decision to the file; when this returns, it is on the disk, whoever else decides at the same time.

    Returned is the decision as it is written, white space made plain.

    ``expecting`` is the decision that the person saw to stand on this fact, or its ``id``; ``None`` or an empty text
    stands for none. Raises :class:`Overtaken` if by now another stands there that says something else,
    :class:`QueryError` if nothing is there to be withdrawn or what a correction says instead is itself rejected or
    corrected, :class:`DataError` if the file is wrong, :class:`OutputError` if it cannot be written.
    """

    def check(lines: ledger.Ledger) -> None:
        stands = standing(map(_review, lines.lines), canonical, symmetric)
        last = stands.get(normal(made.fact, canonical or {}, symmetric))
        _check_seen(last, made, expecting)
        if made.verdict == WITHDRAW and last is None:
            raise QueryError(f"nothing is decided on {made.said or made.statement}; there is nothing to undo")
        instead = stands.get(normal(corrected(made.fact, made.replacement), canonical or {}, symmetric))
        if made.verdict == CORRECT and instead and instead.verdict != ACCEPT:
            told = f"{instead.by} decided {instead.verdict} on {instead.said or instead.statement}"
            raise QueryError(f"this correction says what does not stand: {told}; withdraw that first")

    made = _review(ledger.Line(tuple(map(ledger.clean, made.cells())), str(path)))
    ledger.append(path, FORM, made.cells(), check)
    return made


def _check_seen(last: Review | None, made: Review, expecting: Review | str | None) -> None:
    seen = expecting.id if isinstance(expecting, Review) else expecting or ""
    agree = last is not None and (last.verdict, last.replacement) == (made.verdict, made.replacement)
    if seen == ANY or agree or seen == (last.id if last else ""):
        return
    told = f"{last.by} decided {last.verdict} at {last.when}: {last.reason}" if last else "the decision was withdrawn"
    raise Overtaken(f"{made.said or made.statement}: {told}; look at it, and decide again")


# ---------------------------------------------------------------------- cells


def write_parts(parts: Parts) -> str:
    """Parts as one cell has them.

    >>> write_parts((("object", "2020-12-28"), ("modality", "planned")))
    'object=2020-12-28; modality=planned'
    """
    return "; ".join(f"{name}={_SPECIAL.sub(_ESCAPED, value)}" for name, value in parts)


def read_parts(cell: str) -> Parts:
    """The parts that :func:`write_parts` wrote; ``ValueError`` for anything else."""
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(cell):
        part = _PART.match(cell, at)
        if part is None:
            raise ValueError(f"{cell[at:]!r} is no part: write name=value; name=value")
        found.append((part[1], re.sub(r"\\(.)", r"\1", part[2]).strip()))
        at = part.end()
    if len(dict(found)) < len(found):
        raise ValueError("a part is named twice")
    return tuple(found)


def _review(line: ledger.Line) -> Review:
    where = line.where
    statement, verdict, replacement, said, fact, by, reason, when = line.cells
    if not _STATEMENT.fullmatch(statement):
        raise DataError(f"{where}: {statement!r} is no hash; write what ends the address of the statement or figure")
    if verdict not in VERDICTS:
        raise DataError(f"{where}: {verdict!r} is no verdict; it must be one of {', '.join(VERDICTS)}")
    if bool(replacement) != (verdict == CORRECT):
        raise DataError(f"{where}: a correction, and nothing else, has a replacement: name=value; name=value")
    if not by or not reason:
        raise DataError(f"{where}: by and reason must not be empty; say who decided, and why")
    if not re.fullmatch(_WHEN, when):
        raise DataError(f"{where}: when is {when!r}; write a time in UTC as 2026-01-31T09:30:00Z")
    try:
        parts = complete(read_parts(fact))
        instead = read_parts(replacement)
        names_fit(parts, instead)
    except ValueError as error:
        raise DataError(f"{where}: {error}") from error
    return Review(statement, verdict, parts, by, reason, when, instead, said, where)


def complete(parts: Parts) -> Parts:
    """The parts in their order; ``ValueError`` if they make no fact or figure."""
    said = dict(parts)
    names = FACT if "subject" in said else FIGURE
    missing = [name for name in names if name not in OPTIONAL and not said.get(name)]
    unknown = sorted(said.keys() - set(names))
    if missing or unknown:
        told = f"lacks {', '.join(missing)}" if missing else f"has the unknown part {unknown[0]!r}"
        raise ValueError(f"the fact {told}; its parts are {', '.join(FACT)}, or {', '.join(FIGURE)}")
    return corrected(parts, ())


def names_fit(fact: Parts, replacement: Parts) -> None:
    """``ValueError`` if a correction names parts that the fact cannot have, or changes nothing."""
    names = FACT if "subject" in dict(fact) else FIGURE
    for name, value in replacement:
        if name not in names:
            raise ValueError(f"a correction cannot name {name!r} here; parts are {', '.join(names)}")
        if not value and name not in OPTIONAL:
            raise ValueError(f"{name} must not be empty")
    if replacement and corrected(fact, replacement) == fact:
        raise ValueError("the correction says what is said already; accept it instead")
