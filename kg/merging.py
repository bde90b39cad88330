"""``kg merge`` from Python: look an entity of a build up, explain a judgement, write a person's decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from kg import resources
from kg.api import recipe_of
from kg.errors import QueryError
from kg.judgements import UNSURE, Judgement, append_judgement, judgement, load_judgements
from kg.names import lines
from kg.outputs import GRAPH, PROFILES, STORE
from kg.pipeline import Recipe, load_kit
from kg.profiles import Profile, load_profiles
from kg.resolve import blocks_of

if TYPE_CHECKING:
    from kg.types import Quad
    from kg.vocab_types import Vocab

SHOWN = 8
"""Candidates that are listed where a name has several."""


class Merging:
    """The entities of a build, and what tells whether two of them are one."""

    def __init__(self, build: Path) -> None:
        self.recipe = recipe_of(build)
        self.judge = load_kit(self.recipe).parts.judge
        self.profiles, self.canonical = load_profiles(build / PROFILES)

    def find(self, text: str) -> Profile:
        """The entity with an id, an IRI or a name; :class:`QueryError` if there is none, or several of that name."""
        return find_profile(text, self.profiles, self.recipe.base)

    def explain(self, one: Profile, other: Profile) -> Iterator[str]:
        """How the two are taken apart, what they have in common, the judgement and what a person decided."""
        for profile in (one, other):
            yield from self._profile(profile)
        shared = sorted(" ".join(key) for key in blocks_of(one, self.judge) & blocks_of(other, self.judge))
        yield f"in common: {'; '.join(shared) or 'nothing, so the two are not compared in a build'}"
        made = self.judge.compare(one, other)
        yield f"judged {made.verdict} ({made.score:.2f}, {made.by}): {made.reason}"
        pair = judgement(one.id, other.id, made.verdict, 0, "", "").pair
        for each in load_judgements(self.recipe.judgements):
            if each.pair == pair:
                yield f"decided {each.verdict} by {each.by} on {each.when}: {each.reason}"
        together = self.canonical[one.id] == self.canonical[other.id]
        yield f"in this build: {'one, ' + self.canonical[one.id] if together else 'two'}"

    def _profile(self, profile: Profile) -> Iterator[str]:
        known = ", known to the lexicon" if profile.known else ""
        yield f"{profile.id}: {profile.type}{known}, in {profile.documents} documents"
        for name in self.judge.spoken(profile):
            yield from (f"  {line}" for line in lines(self.judge.names.parse(name, profile.type)))

    def decide(self, one: Profile, other: Profile, verdict: str, by: str, reason: str, when: str) -> Path:
        """Write a person's decision into the recipe's judgements; the path of that file.

        :class:`QueryError` where that file lies inside an installed package.
        """
        return decide_merge(self.recipe, one.id, other.id, verdict, by, reason, when)


def find_profile(text: str, profiles: Iterable[Profile], base: str) -> Profile:
    """The entity with an id, an IRI or a name; :class:`QueryError` if there is none, or several of that name."""
    id = text.strip().strip("<>").removeprefix(f"{base}id/").removeprefix("id:")
    named = []
    for profile in profiles:
        if profile.id == id:
            return profile
        if text in profile.names:
            named.append(profile)
    first = [profile for profile in named if profile.names[0] == text]
    for found in (named, first):
        if len(found) == 1:
            return found[0]
    if not named:
        raise QueryError(f"{text}: no entity of this build has this id or name; kg query finds names")
    ids = ", ".join(profile.id for profile in named[:SHOWN]) + (" …" if len(named) > SHOWN else "")
    raise QueryError(f"{text}: {len(named)} entities have this name; name one by its id: {ids}")


def decide_merge(
    recipe: Recipe,
    one: str,
    other: str,
    verdict: str,
    by: str,
    reason: str,
    when: str,
    expecting: Judgement | Literal["any"] | None = "any",
) -> Path:
    """Write a person's decision on whether two ids are one: ``same``, ``different``, ``unsure``, or ``withdraw``.

    ``when`` is a date or a time in UTC; ``expecting`` is what the person saw decided (``None``: nothing). Returned is
    the file. Raises what :func:`kg.judgements.append_judgement` raises, and :class:`QueryError` where the file lies
    inside an installed package.
    """
    refuse_installed(recipe.judgements)
    append_judgement(recipe.judgements, judgement(one, other, verdict, 1.0, by, reason, when), expecting)
    return recipe.judgements


def refuse_installed(path: Path) -> None:
    """Raise :class:`QueryError` for a file of decisions inside an installed package."""
    if resources.is_installed(path):
        raise QueryError(
            f"{path}: part of the installed package, whose next upgrade would lose the decision; "
            f"copy {resources.root()} to a folder of yours and build with --recipe FOLDER/data/recipe.toml"
        )


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two entities that may be one: what the build made of them, and what a person decided, if anybody did.

    ``one`` and ``other`` are their ids with the names by which texts call them, ``together`` says that the build takes
    them for one.
    """

    one: Profile
    other: Profile
    judged: Judgement
    together: bool
    decided: Judgement | None = None


def candidates(build: Path) -> tuple[Candidate, ...]:
    """The pairs of a build on which a person may want to decide: first those in doubt, then the least certain joined.

    It needs no names and rules, only what the build wrote.
    """
    recipe = recipe_of(build)
    profiles, canonical = load_profiles(build / PROFILES)
    known = {profile.id: profile for profile in profiles}
    decided = {each.pair: each for each in load_judgements(recipe.judgements)}
    judged = {each.pair: each for each in _judged(build, recipe)}
    for pair in decided.keys() - judged.keys():
        judged[pair] = decided[pair]
    found = [
        Candidate(known[left], known[right], each, canonical[left] == canonical[right], decided.get(each.pair))
        for each in judged.values()
        for left, right in [each.pair]
        if {left, right} <= known.keys()
    ]
    return tuple(sorted(found, key=lambda c: (c.judged.verdict != UNSURE, c.judged.score, c.judged.pair)))


def _judged(build: Path, recipe: Recipe) -> Iterator[Judgement]:
    """The judgements in the graph of a build."""
    from kg.nquads import plain
    from kg.stores.embedded import open as open_embedded
    from kg.vocab import load_vocab

    vocab = load_vocab(recipe.ontology)
    head, names = f"{recipe.base}id/", ("left", "right", "verdict", "confidence", "rule", "reason")
    asked = " ; ".join(f"<{vocab.namespace}{name}> ?{name}" for name in names)
    store = open_embedded(build / STORE, read_only=True)
    try:
        rows = store.select(f"SELECT {' '.join(f'?{name}' for name in names)} {{ ?j {asked} }}").rows
    finally:
        store.close()
    codes = {term.iri: code for code, term in vocab.values("verdict").items()}
    for left, right, verdict, score, by, reason in ([plain(cell or "") for cell in row] for row in rows):
        yield judgement(left.removeprefix(head), right.removeprefix(head), codes[verdict], float(score), by, reason)


def quads_of(build: Path) -> tuple[list[Quad], Vocab]:
    """All quads of a build, and the vocabulary that it was made with."""
    from kg import nquads
    from kg.vocab import load_vocab

    return list(nquads.read(build / GRAPH)), load_vocab(recipe_of(build).ontology)
