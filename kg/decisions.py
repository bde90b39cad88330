"""The decisions of people as one build takes them: by fact, with the ids of the build, and with what they may name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kg.corrections import check_parts
from kg.errors import DataError
from kg.profiles import join_profiles
from kg.reviews import CORRECT, UNMET, UNSTATED, Parts, Review, corrected, load_reviews, normal, standing
from kg.types import Entity
from kg.vocab_types import Vocab

if TYPE_CHECKING:
    from kg.lexicon import Entry
    from kg.profiles import Profile


@dataclass(frozen=True)
class Decisions:
    """The decisions that stand in a build, by fact, and the entities that corrections may name, by id.

    ``canonical`` says which ids stand for others. Not slotted: what is derived is kept.
    """

    reviews: Sequence[Review] = ()
    vocab: Vocab | None = None
    canonical: Mapping[str, str] = field(default_factory=dict)
    entity: Callable[[str], Entity | None] = lambda _: None

    @cached_property
    def symmetric(self) -> frozenset[str]:
        """Predicates whose ends may be swapped."""
        names = self.vocab.properties if self.vocab else {}
        return frozenset(name for name, term in names.items() if term.symmetric)

    @cached_property
    def standing(self) -> Mapping[Parts, Review]:
        """The decision on each fact."""
        return standing(self.reviews, self.canonical, self.symmetric)

    def normal(self, parts: Parts) -> Parts:
        """A fact as this build has it."""
        return normal(parts, self.canonical, self.symmetric)

    def instead(self, review: Review) -> Parts:
        """What a correction says in the place of what it is on."""
        return self.normal(corrected(review.fact, review.replacement))

    def path(self, fact: Parts) -> Iterator[tuple[Parts, Review]]:
        """The decision on a fact; where it is a correction, the one on what it says instead, and so on.

        A correction that says what is said already, since the two turned out to be one, decides nothing.
        """
        seen: dict[Parts, Review] = {}
        while review := self.standing.get(fact):
            if review.verdict == CORRECT and self.instead(review) == fact:
                return
            if fact in seen:
                raise DataError(
                    f"{review.where}: this correction and that of {seen[fact].by} lead back to each other; withdraw one"
                )
            seen[fact] = review
            yield fact, review
            if review.verdict != CORRECT:
                return
            fact = self.instead(review)

    def check(self) -> None:
        """Raise :class:`DataError`, with ``file:line``, for a decision that the ontology has no words or place for."""
        for fact, review in self.standing.items():
            if self.vocab is None or review.verdict not in self.vocab.values("verdict"):
                raise DataError(
                    f"{review.where}: the ontology declares no verdict {review.verdict!r}; take over class Review and "
                    "the values of Verdict from the bundled one"
                )
            list(self.path(fact))
            if review.verdict == CORRECT:
                try:
                    check_parts(self.instead(review), self.vocab)
                except ValueError as error:
                    raise DataError(f"{review.where}: {error}") from error

    def type_of(self, id: str) -> str:
        """The class of an entity; empty if there is none."""
        found = self.entity(id)
        return found.type if found else ""


def load_decisions(
    path: Path,
    vocab: Vocab,
    canonical: Mapping[str, str],
    profiles: Iterable[Profile],
    lexicon: Mapping[str, Entry],
) -> Decisions:
    """The decisions of a file, for a build with these entities; a correction may name them and what the lexicon knows.

    Raises :class:`DataError`, beginning ``file:line:``, where the file or a decision in it is wrong.
    """
    reviews = load_reviews(path)
    known = {each.id: each for each in join_profiles(profiles)} if reviews else {}
    made = Decisions(reviews, vocab, canonical, lambda id: to_entity(id, known, lexicon))
    made.check()
    return made


def to_entity(id: str, profiles: Mapping[str, Profile], lexicon: Mapping[str, Entry]) -> Entity | None:
    """An entity that some document names, or that the lexicon knows, as another document can speak of it."""
    if id in profiles:
        return Entity(id, profiles[id].type, profiles[id].names, known=True)
    entry = lexicon.get(id)
    return Entity(id, entry.type, (entry.label,), known=True) if entry else None


def count_decisions(decisions: Decisions, met: Collection[Parts], unstated: Collection[Parts]) -> Mapping[str, int]:
    """The decisions that were carried out, by verdict, and what became of the others."""
    counts = Counter(review.verdict for fact, review in decisions.standing.items() if fact in met)
    others = {UNMET: len(decisions.standing) - counts.total(), UNSTATED: len(unstated)}
    return {**dict(sorted(counts.items())), **{kind: n for kind, n in others.items() if n}}
