"""Stage 6: across documents, over profiles only: candidate pairs, judgements with reasons, canonical ids.

Facts are never rewritten. A build chooses the canonical id of each entity before quads are made (:class:`Identity`),
and keeps the judgements: strike a line of ``data/judgements.csv`` or a rule, build again, and things are as they were.

The result depends on the set of profiles alone, not on their order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from kg.judgements import DIFFERENT, SAME, UNSURE, Groups, Judgement
from kg.judging import STRONG, Judge, without_trade
from kg.names import Name
from kg.profiles import Profile, join_profiles

CROWD = 40
"""Entities that a judgement which is not certain may join at most; more alike than that is no identity."""

CONTRADICTS = 0.95
"""From this score on, a judgement that two ids are different keeps others from joining them."""

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Identity:
    """Which ids are one thing.

    ``canonical`` maps an id to the one that stands for it, where that is another; ``judgements`` are those that joined
    ids, those that could not be made, and all of people, in order.
    """

    canonical: Mapping[str, str]
    judgements: tuple[Judgement, ...] = ()

    def of(self, id: str) -> str:
        """The id that stands for an id."""
        return self.canonical.get(id, id)


def resolve(profiles: Iterable[Profile], decided: Sequence[Judgement], judge: Judge) -> Identity:
    """Find what is one among the profiles of a build; ``decided`` are the judgements of people, which win."""
    joined = join_profiles(profiles)
    scoped = [each for each in joined if each.type in judge.names.parts.scoped]
    named = [each for each in joined if each.type not in judge.names.parts.scoped]
    first = _Resolution(named, decided, judge)
    # A person is told by an organisation: which organisations are one must be known before.
    roles = {each.id: frozenset((first.of(org), title) for org, title in each.roles) for each in scoped}
    second = _Resolution([replace(each, roles=roles[each.id]) for each in scoped], decided, judge)
    across = [each for each in decided if {each.left, each.right} <= {p.id for p in joined}]
    kept = {*first.telling(), *(each for each in second.telling() if each.verdict == SAME), *across}
    return Identity(first.canonical | second.canonical, tuple(sorted(kept)))


def blocks_of(profile: Profile, judge: Judge) -> frozenset[Key]:
    """What a profile's candidates have in common with it: folded parts of its names."""
    kind = judge.vocab.classes[profile.type].counts_as or profile.type
    if profile.type in judge.names.parts.scoped:
        return frozenset((kind, name) for name in profile.names)
    names = (judge.names.parse(name, profile.type) for name in judge.spoken(profile))
    return frozenset((kind, *key) for name in names for key in _keys(name, profile.type, judge))


def _keys(name: Name, type_: str, judge: Judge) -> Iterator[Key]:
    parts = judge.names.parts
    for id in name.whole:
        yield ("place", id)
    if name.ends:
        first, second = map(judge.names.initials, name.ends)
        yield from (("name", a + b + name.rest) for a in first for b in second)
        return
    yield ("name", name.full)
    if name.is_common:
        group = min((other for pair in parts.near if name.suffix in pair for other in pair), default=name.suffix)
        yield from (("sited", name.head, "" if name.is_bare else group, id) for id in name.regions)
    else:
        yield ("head", name.head)
    if type_ in parts.trading and name.head:
        yield from (("trade", without_trade(name.head, parts.trade), id) for id in (name.regions or ("",)))


def candidate_pairs(profiles: Iterable[Profile], judge: Judge) -> list[tuple[Profile, Profile]]:
    """Pairs that share a block and that the lexicon does not know as two, in order."""
    blocks: dict[Key, list[Profile]] = defaultdict(list)
    for profile in profiles:
        for key in blocks_of(profile, judge):
            blocks[key].append(profile)
    pairs = {
        (one.id, other.id): (one, other)
        for block in blocks.values()
        for one, other in combinations(sorted(block), 2)
        if not (one.known and other.known)
    }
    return [pairs[key] for key in sorted(pairs)]


class _Resolution:
    """One run over profiles of which each id occurs once."""

    def __init__(self, profiles: Sequence[Profile], decided: Sequence[Judgement], judge: Judge) -> None:
        self._judge = judge
        self._profiles = {each.id: each for each in profiles}
        self._judged = {(a.id, b.id): judge.compare(a, b) for a, b in candidate_pairs(profiles, judge)}
        self._judged |= {each.pair: each for each in decided if set(each.pair) <= self._profiles.keys()}
        self._groups = Groups()
        self._join_certain()
        self._join_others()
        self.canonical = dict(self._chosen())

    def of(self, id: str) -> str:
        return self.canonical.get(id, id)

    def telling(self) -> Iterator[Judgement]:
        """The judgements worth keeping: what joined, and what could not be decided."""
        return (each for each in self._judged.values() if each.verdict != DIFFERENT or each.is_persons)

    def _join_certain(self) -> None:
        certain = [each for each in self._judged.values() if each.verdict == SAME and each.score >= STRONG]
        for each in sorted(certain, key=lambda j: (not j.is_persons, -j.score, j)):
            if each.is_persons or not self._clash(each.left, each.right):
                self._groups.join(*each.pair)
            else:
                self._doubt(each, "but what each is one with is not")

    def _join_others(self) -> None:
        """Join what a weaker judgement joins, if all that hangs together by such judgements may be one."""
        weak = [each for each in self._judged.values() if each.verdict == SAME and each.score < STRONG]
        hanging = Groups()
        for each in weak:
            hanging.join(self._groups.root(each.left), self._groups.root(each.right))
        of = {each: hanging.root(self._groups.root(each.left)) for each in weak}
        several = {root for root in set(of.values()) if self._is_several(hanging.of(root))}
        for each in sorted(weak):
            if of[each] in several:
                self._doubt(each, "but more than one could be meant")
        for each in sorted(each for each in weak if of[each] not in several):
            self._groups.join(*each.pair)

    def _is_several(self, roots: Sequence[str]) -> bool:
        members = sorted(id for root in roots for id in self._groups.of(root))
        return len(members) > CROWD or any(
            self._groups.root(a) != self._groups.root(b) and self._differ(a, b, 0.0)
            for a, b in combinations(members, 2)
        )

    def _clash(self, one: str, other: str) -> bool:
        """Whether anything in the groups of two ids is known to be two things."""
        first, second = (self._groups.of(self._groups.root(id)) for id in (one, other))
        return first is not second and any(self._differ(a, b, CONTRADICTS) for a in first for b in second)

    def _differ(self, one: str, other: str, score: float) -> bool:
        pair = (min(one, other), max(one, other))
        found = self._judged.get(pair) or self._judge.compare(self._profiles[one], self._profiles[other])
        return found.verdict == DIFFERENT and found.score >= score

    def _doubt(self, each: Judgement, why: str) -> None:
        self._judged[each.pair] = replace(each, verdict=UNSURE, score=0.5, reason=f"{each.reason}; {why}")

    def _chosen(self) -> Iterator[tuple[str, str]]:
        """For each id that another stands for, that other: the lexicon's, or the one with the fullest name."""
        for group in self._groups.all():
            profiles = [self._profiles[id] for id in group]
            best = min(profiles, key=lambda p: (not p.known, -len(p.names[0]), p.id)).id
            yield from ((id, best) for id in group if id != best)
