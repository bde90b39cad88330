"""What people decided, as pages show it: on facts, figures and merges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kg.errors import KgError
from kg.judgements import Judgement, load_judgements
from kg.merging import Candidate, candidates
from kg.reviewing import Reviewing
from kg.reviews import Review
from kg.serve.site import Opened

FACT_VERDICTS = ("accept", "reject", "correct")
MERGE_VERDICTS = ("same", "different")


@dataclass(frozen=True, slots=True)
class Standing:
    """The decision that stands on a fact: ``id`` names it, ``done`` says that this build follows it already."""

    verdict: str
    by: str
    reason: str
    when: str
    id: str


def desk(opened: Opened) -> Reviewing:
    """Where decisions on the facts of a build are read and written. Raises :class:`KgError` where that cannot be."""
    made = opened.once(_desk)
    if isinstance(made, KgError):
        raise made
    return made


def _desk(opened: Opened) -> Reviewing | KgError:
    try:
        return Reviewing(opened.folder)
    except KgError as error:
        return error


def pairs(opened: Opened) -> tuple[Candidate, ...]:
    """The pairs of entities of a build that may be one."""
    return candidates(opened.folder)


class _Read:
    """The decisions as they were read last, and the mark of the file then."""

    def __init__(self, _: Opened) -> None:
        self.last: tuple[tuple[int, ...], Mapping[str, Standing]] = ((), {})


def standing(opened: Opened) -> Mapping[str, Standing]:
    """The decisions that stand now, by the address of the fact; none where the file is missing or wrong."""
    kept, mark = opened.once(_Read), _mark(opened)
    if not mark:
        return {}
    if kept.last[0] != mark:
        try:
            found = {address: to_standing(review) for address, review in desk(opened).standing().items()}
        except KgError:
            found = {}
        kept.last = mark, found
    return kept.last[1]


def _mark(opened: Opened) -> tuple[int, ...]:
    """What changes when a decision is written; nothing where none ever was."""
    try:
        found = opened.recipe.reviews.stat()
    except OSError:
        return ()
    return found.st_ino, found.st_mtime_ns, found.st_size


def to_standing(review: Review) -> Standing:
    """A decision as a page shows it."""
    return Standing(review.verdict, review.by, review.reason, review.when, review.id)


def merges(opened: Opened) -> dict[tuple[str, str], Judgement]:
    """What people decided on pairs of entities, read anew."""
    return {each.pair: each for each in load_judgements(opened.recipe.judgements)}


def seen(decided: Judgement | None) -> str:
    """A name for a decision on a merge, so that a form can say which one its reader saw."""
    return f"{decided.verdict}|{decided.by}|{decided.when}" if decided else ""
