"""``kg merge`` from Python: look an entity of a build up, explain a judgement, write a person's decision."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kg import resources
from kg.api import recipe_of
from kg.errors import QueryError
from kg.judgements import append_judgement, judgement, load_judgements
from kg.names import lines
from kg.outputs import GRAPH, PROFILES
from kg.pipeline import load_kit
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
        self._by_id = {profile.id: profile for profile in self.profiles}

    def find(self, text: str) -> Profile:
        """The entity with an id, an IRI or a name; :class:`QueryError` if there is none, or several of that name."""
        id = text.strip().strip("<>").removeprefix(f"{self.recipe.base}id/").removeprefix("id:")
        if id in self._by_id:
            return self._by_id[id]
        named = [profile for profile in self.profiles if text in profile.names]
        first = [profile for profile in named if profile.names[0] == text]
        for found in (named, first):
            if len(found) == 1:
                return found[0]
        if not named:
            raise QueryError(f"{text}: no entity of this build has this id or name; kg query finds names")
        ids = ", ".join(profile.id for profile in named[:SHOWN]) + (" …" if len(named) > SHOWN else "")
        raise QueryError(f"{text}: {len(named)} entities have this name; name one by its id: {ids}")

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
        if resources.is_installed(self.recipe.judgements):
            raise QueryError(
                f"{self.recipe.judgements}: part of the installed package, whose next upgrade would lose the decision; "
                f"copy {resources.root()} to a folder of yours and build with --recipe FOLDER/data/recipe.toml"
            )
        made = judgement(one.id, other.id, verdict, 1.0, by.strip(), reason.strip(), when)
        append_judgement(self.recipe.judgements, made)
        return self.recipe.judgements


def quads_of(build: Path) -> tuple[list[Quad], Vocab]:
    """All quads of a build, and the vocabulary that it was made with."""
    from kg import nquads
    from kg.vocab import load_vocab

    return list(nquads.read(build / GRAPH)), load_vocab(recipe_of(build).ontology)
