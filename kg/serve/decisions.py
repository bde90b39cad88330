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
    """Where decisions on the facts of a build are read and written."""
    return Reviewing(opened.folder)


def pairs(opened: Opened) -> tuple[Candidate, ...]:
    """The pairs of entities of a build that may be one."""
    return candidates(opened.folder)


def standing(opened: Opened) -> Mapping[str, Standing]:
    """The decisions that stand now, by the address of the fact; none where the file is missing or wrong."""
    try:
        found = opened.once(desk).standing()
    except KgError:
        return {}
    return {address: to_standing(review) for address, review in found.items()}


def to_standing(review: Review) -> Standing:
    """A decision as a page shows it."""
    return Standing(review.verdict, review.by, review.reason, review.when, review.id)


def merges(opened: Opened) -> dict[tuple[str, str], Judgement]:
    """What people decided on pairs of entities, read anew."""
    return {each.pair: each for each in load_judgements(opened.recipe.judgements)}


def seen(decided: Judgement | None) -> str:
    """A name for a decision on a merge, so that a form can say which one its reader saw."""
    return f"{decided.verdict}|{decided.by}|{decided.when}" if decided else ""
