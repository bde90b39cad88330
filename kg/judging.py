"""Whether two entities are one, by the structure of their names and what texts say of them; with the reason.

Regions must agree, heads must be equal in their short forms, suffixes must be of one kind. No measure of how alike
two strings look takes part: names that differ in one character may be one thing or two, and only structure says which.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from kg.judgements import DIFFERENT, SAME, UNSURE, Judgement, judgement
from kg.names import Name, Names
from kg.profiles import Profile
from kg.vocab_types import Vocab

BY = "resolve.v1"
STRONG = 0.9
"""From this score on, a judgement does not depend on there being no other candidate."""

BY_SHORT = 0.75
"""Score at most where the name that two share is a short one, which holds in its own document first of all."""

EQUAL, NESTED, ONE, NONE, APART = "equal", "nested", "one", "none", "apart"


class Finding(NamedTuple):
    """What two names (or profiles) tell: verdict, score and the reason."""

    verdict: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Judge:
    """Compares profiles; pure, the same both ways round."""

    names: Names
    vocab: Vocab

    def compare(self, left: Profile, right: Profile) -> Judgement:
        """The judgement on two profiles."""
        left, right = sorted((left, right), key=lambda profile: profile.id)
        found = self._compare(left, right)
        return judgement(left.id, right.id, found.verdict, found.score, BY, found.reason)

    def _compare(self, left: Profile, right: Profile) -> Finding:
        if left.id == right.id:
            return Finding(SAME, 1.0, "one id")
        if left.known and right.known:
            return Finding(DIFFERENT, 1.0, "the lexicon knows them as two")
        if not self._may_be_one(left.type, right.type):
            return Finding(DIFFERENT, 1.0, f"a {left.type} is no {right.type}")
        if right.id in left.apart or left.id in right.apart:
            return Finding(DIFFERENT, 0.95, "a text states a fact between the two")
        if left.type in self.names.parts.scoped:
            return self._scoped(left, right)
        return self._by_names(left, right)

    def _may_be_one(self, one: str, other: str) -> bool:
        classes = self.vocab.classes
        if one not in classes or other not in classes:
            return one == other
        if self.vocab.is_a(one, other) or self.vocab.is_a(other, one):
            return True
        return (
            bool(classes[one].counts_as)
            and classes[one].counts_as == classes[other].counts_as
            and other not in classes[one].disjoint
        )

    def _scoped(self, left: Profile, right: Profile) -> Finding:
        """Persons and described groups: one only where name, organisation and title agree."""
        name = next((name for name in left.names if name in right.names), "")
        if not name:
            return Finding(DIFFERENT, 0.8, "no name in common")
        if role := min(left.roles & right.roles, default=None):
            return Finding(SAME, 0.92, f"{name}, {role[1]} at {role[0]} in both")
        return Finding(UNSURE, 0.5, f"nothing but the name {name} joins them")

    def _by_names(self, left: Profile, right: Profile) -> Finding:
        found = sorted(self._of_names(left, right), key=lambda f: (-f.score, f.reason))
        same = [each for each in found if each.verdict == SAME]
        if same:
            return self._by_place(left, right, same[0])
        unsure = [each for each in found if each.verdict == UNSURE]
        return (unsure or found)[0]

    def _of_names(self, left: Profile, right: Profile) -> Iterator[Finding]:
        for one in self.spoken(left):
            for other in self.spoken(right):
                found = self._of_two(self.names.parse(one, left.type), self.names.parse(other, right.type), left, right)
                own = all(profile.known or name == profile.names[0] for name, profile in ((one, left), (other, right)))
                yield found if own or found.verdict != SAME else found._replace(score=min(found.score, BY_SHORT))

    def spoken(self, profile: Profile) -> Iterable[str]:
        entry = self.names.lexicon.entries.get(profile.id) if profile.known else None
        return dict.fromkeys((*profile.names, *((entry.label, *entry.aliases) if entry else ())))

    def _by_place(self, left: Profile, right: Profile, found: Finding) -> Finding:
        """A judgement on two of their names, held against all their names and the places of the texts."""
        first, second = (self.names.editions(self.spoken(each)) for each in (left, right))
        if first and second and not first & second:
            return Finding(
                DIFFERENT, 0.96, f"{found.reason}; but their numbers differ, {_list(first)} and {_list(second)}"
            )
        if bool(first) != bool(second):
            return Finding(UNSURE, 0.5, f"{found.reason}; but only one has a number, {_list(first | second)}")
        if self._relation(self._sited(left), self._sited(right)) == APART:
            return Finding(DIFFERENT, 0.96, f"{found.reason}; but their other names belong to different places")
        if found.score < STRONG and self._relation(left.places, right.places) == APART:
            return Finding(DIFFERENT, 0.85, f"{found.reason}; but texts put them in different places")
        return found

    def _sited(self, profile: Profile) -> frozenset[str]:
        """The places in front of an entity's names."""
        names = (self.names.parse(name, profile.type) for name in self.spoken(profile))
        return frozenset(id for name in names if not name.whole for id in name.regions)

    def _of_two(self, one: Name, other: Name, left: Profile, right: Profile) -> Finding:
        if one.whole and other.whole:
            return self._wholes(one, other, left, right)
        if one.ends or other.ends:
            return self._lines(one, other)
        if one.head == other.head:
            return self._heads_agree(one, other, left, right)
        if found := self._trading(one, other, left.type):
            return found
        if one.core == other.core and self._relation(one.regions, other.regions) in (EQUAL, NONE):
            return Finding(SAME, 0.95, f"{one.text} and {other.text} have the same parts")
        return Finding(DIFFERENT, 0.9, f"heads differ: {one.core or one.text} and {other.core or other.text}")

    # ------------------------------------------------------------------ places

    def _wholes(self, one: Name, other: Name, left: Profile, right: Profile) -> Finding:
        first, second = self._narrowed(one.whole, left), self._narrowed(other.whole, right)
        shown = f"{one.text} ({_list(first)}) and {other.text} ({_list(second)})"
        if not first & second:
            return Finding(DIFFERENT, 0.98, f"{shown} are different places")
        if len(first) == len(second) == 1:
            return Finding(SAME, 0.95, f"{shown} are one place")
        return Finding(UNSURE, 0.5, f"{shown} may be several places")

    def _narrowed(self, ids: frozenset[str], profile: Profile) -> frozenset[str]:
        """Of the places that a name may stand for, those that what is around it speaks for."""
        if profile.known and profile.id in ids:
            return frozenset((profile.id,))
        if len(ids) < 2:
            return ids
        for context in (profile.places, profile.around):
            inside = frozenset(
                id
                for id in ids
                if any(p != id and self.names.lexicon.is_in(id, p) for p in context - self.names.parts.whole)
            )
            if inside:
                return inside
        return ids

    def _is_open(self, ids: frozenset[str]) -> bool:
        """Whether a name may stand for several places, none of which contains the others."""
        is_in = self.names.lexicon.is_in
        return len(ids) > 1 and not any(all(is_in(each, widest) for each in ids) for widest in ids)

    def _is_unheard(self, ids: frozenset[str], profile: Profile) -> bool:
        """Whether what is around an entity speaks for none of the places that its name may stand for."""
        return self._is_open(ids) and bool((profile.places | profile.around) - self.names.parts.whole)

    def _relation(self, one: frozenset[str], other: frozenset[str]) -> str:
        """How the places of two names lie to each other."""
        if not one or not other:
            return NONE if not one and not other else ONE
        if one & other:
            return EQUAL
        is_in = self.names.lexicon.is_in
        return NESTED if any(is_in(a, b) or is_in(b, a) for a in one for b in other) else APART

    # ------------------------------------------------------------------ structure

    def _heads_agree(self, one: Name, other: Name, left: Profile, right: Profile) -> Finding:
        shown = f"{one.text} and {other.text}"
        suffixes, weak = self._suffixes(one, other)
        if suffixes != SAME:
            return Finding(
                suffixes,
                0.95 if suffixes == DIFFERENT else 0.5,
                f"{shown}: {one.suffix or 'no suffix'} and {other.suffix or 'no suffix'}",
            )
        first, second = self._narrowed(one.regions, left), self._narrowed(other.regions, right)
        relation = self._relation(first, second)
        unheard = self._is_unheard(first, left) or self._is_unheard(second, right)
        if relation == EQUAL and (unheard or (self._is_open(first & second))):
            return Finding(UNSURE, 0.5, f"{shown} may belong to {_list(first | second)}")
        if relation == APART:
            return Finding(DIFFERENT, 0.97, f"{shown} belong to different places, {one.place} and {other.place}")
        if relation == EQUAL:
            weak = weak or self._is_open(first) or self._is_open(second)
            return Finding(SAME, 0.8 if weak else 0.95, f"{shown} have the same region, head and suffix")
        if one.is_common or other.is_common:
            return self._common(one, other, relation, shown)
        if relation == NONE:
            return Finding(SAME, 0.8 if weak else 0.93, f"{shown} have the same head {one.head}")
        fuller, profile = (one, right) if one.regions else (other, left)
        if relation == ONE and (one.is_national or other.is_national or left.type in self.names.parts.titled):
            return Finding(UNSURE, 0.5, f"{shown}: only a place could tell whose it is")
        if relation == ONE and not self._fits(fuller.regions, profile):
            return Finding(
                UNSURE, 0.5, f"{shown}: no text about {(other if fuller is one else one).text} speaks of {fuller.place}"
            )
        return Finding(
            SAME, 0.75 if weak else 0.85, f"{shown} have the same head {one.head}, one with more of its region"
        )

    def _common(self, one: Name, other: Name, relation: str, shown: str) -> Finding:
        """Heads of common words: only the region tells whose they are."""
        if relation == NESTED:
            return Finding(DIFFERENT, 0.85, f"{shown} belong to different places, {one.place} and {other.place}")
        if relation == NONE and one.core == other.core and one.text == other.text and one.head:
            return Finding(UNSURE, 0.6, f"{shown}: a name of common words without a place")
        return Finding(UNSURE, 0.5, f"{shown}: only a place could tell whose it is")

    def _suffixes(self, one: Name, other: Name) -> tuple[str, bool]:
        """Whether two suffixes may be of one name, and whether one is missing."""
        if self.names.parts.is_near(one.suffix, other.suffix):
            return SAME, False
        if one.suffix and other.suffix:
            return DIFFERENT, False
        longer = one if one.suffix else other
        return (SAME if longer.is_bare and (longer.regions or not longer.is_common) and longer.head else UNSURE), True

    def _fits(self, regions: frozenset[str], profile: Profile) -> bool:
        """Whether what is around an entity leaves room for a region."""
        context = profile.places or profile.around
        return not context - self.names.parts.whole or self._relation(regions, context) != APART

    def _trading(self, one: Name, other: Name, type_: str) -> Finding | None:
        """A company's short name: without the words for its trade at the end."""
        parts = self.names.parts
        if type_ not in parts.trading or (one.suffix and other.suffix):
            return None
        short, long = sorted((one, other), key=lambda name: (bool(name.suffix), len(name.head)))
        head = without_trade(long.head, parts.trade)
        relation = self._relation(one.regions, other.regions)
        if short.suffix or short.head != head or relation == APART or (not short.head):
            return None
        if relation == EQUAL or not short.is_common:
            return Finding(SAME, 0.8, f"{short.text} is {long.text} without the words for its trade")
        return None

    def _lines(self, one: Name, other: Name) -> Finding:
        shown = f"{one.text} and {other.text}"
        if one.ends and other.ends:
            agree = one.rest == other.rest and all(
                self._same_end(a, b) for a, b in zip(one.ends, other.ends, strict=True)
            )
            return (
                Finding(SAME, 0.95, f"{shown} have the same ends")
                if agree
                else Finding(DIFFERENT, 0.95, f"{shown} differ in ends or kind")
            )
        spelled, short = (one, other) if one.ends else (other, one)
        first, second = map(self.names.initials, spelled.ends)
        if spelled.rest and any(
            a + b + spelled.rest in (short.core, short.full) for a in sorted(first) for b in sorted(second)
        ):
            return Finding(SAME, 0.93, f"{spelled.text} writes out the ends of {short.text}")
        return Finding(DIFFERENT, 0.9, f"{shown} differ in ends or kind")

    def _same_end(self, one: str, other: str) -> bool:
        return one == other or bool(self.names.places_of(one) & self.names.places_of(other))


def without_trade(head: str, trade: tuple[str, ...]) -> str:
    """A head without the words for a trade at its end."""
    while word := next((word for word in trade if head.endswith(word) and len(head) > len(word) + 1), ""):
        head = head.removesuffix(word)
    return head


def _list(ids: frozenset[str]) -> str:
    return " or ".join(sorted(ids))
