"""Decisions on a build's facts, figures and merges: for ``kg review``, and for pages on which people decide.

::

    with Reviewing(Path("build")) as desk:
        for claim in desk.find(["SUBJECT", "openedOn", "?"]):
            seen = desk.decision(claim.iri)
            desk.decide(claim.iri, "reject", by="Li Hua", reason="a plan", when=now, expecting=seen)

A decision is in the file at once, and in the graph with the next build. An address may be given with ``<>`` or without.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType

from kg import ledger
from kg import terms as t
from kg.api import recipe_of
from kg.context import Context
from kg.corrections import check_parts, value_of
from kg.errors import QueryError
from kg.explain_graph import Claim, Claims
from kg.iri import known_iri
from kg.lexicon import Lexicon, load_lexicon
from kg.merging import find_profile, refuse_installed
from kg.outputs import PROFILES
from kg.profiles import load_profiles
from kg.reviews import (
    ANY,
    CORRECT,
    ENTITY,
    FACT,
    FIGURE,
    FORM,
    WITHDRAW,
    Parts,
    Review,
    append_review,
    corrected,
    load_reviews,
    names_fit,
    normal,
    standing,
)
from kg.revision import address_of
from kg.vocab import load_vocab

CARRIED_OUT, OVERTAKEN, NEXT, ABSENT = STATES = ("carried out", "overtaken", "with the next build", "does not occur")
"""What a build can have made of a decision; ``overtaken`` is it by a later one."""
_KINDS, _GONE = ("statement", "observation"), "statement"
"""What people decide on; and what a fact is called of which the ontology knows nothing any more."""
ENDS = ("subject", "object", "about")
"""The parts that may be entities."""


class Reviewing:
    """The facts and figures of a build, and what people decided on them. Close it after use, or use it in ``with``.

    Threads may share it. Decisions are read from the file each time; what the build says is as it was when opened.
    """

    def __init__(self, build: Path) -> None:
        self.recipe = recipe_of(build)
        self.vocab = load_vocab(self.recipe.ontology)
        self.profiles, self.canonical = load_profiles(build / PROFILES)
        self.context = Context(self.vocab, base=self.recipe.base, canonical=self.canonical)
        self.claims = Claims(build, self.recipe, self.vocab)
        self._seen: tuple[tuple[int, ...], tuple[Review, ...]] = ((), ())
        self._addresses: dict[Parts, str] = {}

    def __enter__(self) -> Reviewing:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let the store go."""
        self.claims.close()

    # ------------------------------------------------------------------ what is decided

    def find(self, words: Sequence[str]) -> tuple[Claim, ...]:
        """The facts and figures that an address, a hash's beginning, or subject, predicate and object name.

        What people rejected is among them. Raises :class:`QueryError` as :meth:`kg.explain_graph.Claims.find`.
        """
        return tuple(claim for claim in self.claims.find(words) if _kind(claim.iri) in _KINDS)

    def reviews(self) -> tuple[Review, ...]:
        """All decisions in the file, the latest last; it is read again whenever it has changed."""
        path = self.recipe.reviews
        at = path.stat() if path.exists() else None
        mark = (at.st_ino, at.st_size, at.st_mtime_ns) if at else ()
        if mark != self._seen[0]:
            self._seen = (mark, load_reviews(path))
        return self._seen[1]

    def standing(self) -> dict[str, Review]:
        """The decision that stands on each fact, by the address that the fact has in this build."""
        found = standing(self.reviews(), *self._one)
        return {
            self._address(fact) or f"{self.recipe.base}{_GONE}/{each.statement}": each for fact, each in found.items()
        }

    def decision(self, address: str) -> Review | None:
        """The decision that stands on a fact or figure now, whether or not the build knows of it yet."""
        return self.standing().get(address.strip("<>"))

    def history(self, address: str) -> tuple[Review, ...]:
        """All decisions on a fact or figure, the latest last; withdrawals are among them."""
        wanted = address.strip("<>")
        return tuple(each for each in self.reviews() if self.address(each) == wanted)

    def stated_by(self, address: str) -> tuple[Review, ...]:
        """The corrections that say what a fact or figure says: what to withdraw so that it is stated no more."""
        wanted = address.strip("<>")
        found = (each for each in self.standing().values() if each.verdict == CORRECT)
        return tuple(each for each in found if self.instead(each) == wanted)

    def instead(self, review: Review) -> str:
        """The address of what a correction says instead."""
        return self._address(normal(corrected(review.fact, review.replacement), *self._one))

    def address(self, review: Review) -> str:
        """The address that what a decision is on has in this build."""
        return self._address(normal(review.fact, *self._one))

    @property
    def _one(self) -> tuple[Mapping[str, str], frozenset[str]]:
        """By what facts are one in this build."""
        return self.canonical, self.context.symmetric

    def _address(self, fact: Parts) -> str:
        if fact not in self._addresses:
            self._addresses[fact] = address_of(fact, self.context)
        return self._addresses[fact]

    def state(self, review: Review) -> str:
        """What this build has made of a decision, one of ``STATES``."""
        if self._is_carried_out(review):
            return CARRIED_OUT
        address = self.address(review)
        if review.verdict == WITHDRAW and not any(map(self._is_carried_out, self.history(address))):
            return CARRIED_OUT
        if review.verdict == WITHDRAW and self.history(address)[-1] == review:
            return NEXT
        if self.standing().get(address) != review:
            return OVERTAKEN
        return NEXT if self.claims.about(f"<{address}>") else ABSENT

    def _is_carried_out(self, review: Review) -> bool:
        return bool(self.claims.about(f"<{self.recipe.base}review/{review.id}>"))

    def torn(self) -> str:
        """Where the file of decisions ends in a line that a killed writer never finished; empty if it does not."""
        return ledger.read(self.recipe.reviews, FORM).torn

    # ------------------------------------------------------------------ decide

    def decide(
        self,
        address: str,
        verdict: str,
        *,
        by: str,
        reason: str,
        when: str,
        replacement: Mapping[str, str] | None = None,
        expecting: Review | str | None = ANY,
    ) -> Review:
        """Write a decision: ``accept``, ``reject``, ``correct`` (with a ``replacement`` of parts) or ``withdraw``.

        A replacement names parts of the fact (``kg.reviews.FACT``, ``FIGURE``) and what is right; entities by id or
        name. ``when`` is a time in UTC (``2026-01-31T09:30:00Z``); ``expecting`` the decision, or its id, that the
        person saw to stand (``None`` or empty: none). When this returns, the decision is on the disk.

        Raises :class:`QueryError` for an address that the build does not have and for a replacement that the ontology
        does not allow, :class:`kg.errors.Overtaken` if another decided meanwhile, and what
        :func:`kg.reviews.append_review` raises.
        """
        refuse_installed(self.recipe.reviews)
        fact = self.parts(address)
        instead = self._replacement(fact, replacement or {}) if verdict == CORRECT else ()
        if replacement and verdict != CORRECT:
            raise QueryError(f"only a correction has a replacement; {verdict} has none")
        made = Review(_key(address), verdict, fact, by, reason, when, instead, self.words(fact))
        return append_review(self.recipe.reviews, made, expecting, *self._one)

    def parts(self, address: str) -> Parts:
        """The parts of a fact or figure, by its address; :class:`QueryError` if neither build nor decisions have it."""
        node = f"<{address.strip('<>')}>"
        if not re.fullmatch(rf"<{re.escape(self.recipe.base)}({'|'.join(_KINDS)})/[0-9a-f]+>", node):
            raise QueryError(f"{node}: people decide on statements and observations; name one by its address")
        out = self.claims.about(node)
        if out[self.context.term("modality")]:
            keys = zip(FACT, (t.SUBJECT, t.PREDICATE, t.OBJECT, self.context.term("modality")), strict=True)
            named = dict(keys) if out[t.SUBJECT] else {name: self.context.term(name) for name in FIGURE}
            return tuple((name, self._part(min(out[key]))) for name, key in named.items() if out[key])
        for each in reversed(self.reviews()):
            if self.address(each) == node.strip("<>"):
                return each.fact
        raise QueryError(f"{node}: this build has no such statement or observation")

    def _part(self, term: str) -> str:
        """A term as decisions name it: an entity by id, a term of the ontology by code or local name."""
        head = "<" + known_iri(self.recipe.base, "")
        return ENTITY + term[len(head) : -1] if term.startswith(head) else self.claims.name(term)

    def words(self, fact: Parts) -> str:
        """A fact or figure for people: names of entities, values; modality unless it is asserted."""
        said = dict(fact)
        names = ("subject", "predicate", "object") if "subject" in said else ("about", "indicator", "value", "unit")
        modality = f" ({said['modality']})" if said["modality"] != "asserted" else ""
        return " ".join(self._name(said[name]) for name in names) + modality

    def _name(self, part: str) -> str:
        id = part.removeprefix(ENTITY)
        return self.claims.name(f"<{known_iri(self.recipe.base, id)}>") if id != part else part

    # ------------------------------------------------------------------ corrections

    def _replacement(self, fact: Parts, given: Mapping[str, str]) -> Parts:
        try:
            names_fit(fact, tuple(given.items()))
            predicate = given.get("predicate") or dict(fact).get("predicate", "")
            parts = tuple((name, self._named(name, value.strip(), predicate)) for name, value in given.items())
            names_fit(fact, parts)
            if not parts:
                raise ValueError(f"say what is right: parts are {', '.join(FACT if predicate else FIGURE)}")
            check_parts(corrected(fact, parts), self.vocab, self._type)
        except ValueError as error:
            raise QueryError(f"{self.words(fact)}: {error}") from error
        return parts

    def _named(self, name: str, text: str, predicate: str) -> str:
        """What stands in a part: an entity that is given by its name becomes its id."""
        if name not in ENDS or text.startswith(ENTITY):
            return text
        if name == "object":
            if predicate not in self.vocab.predicates or not self._takes_entities(predicate):
                return text
            try:
                value_of(predicate, text, self.vocab)
                return text
            except ValueError:
                pass
        return ENTITY + self._find(text)

    def _takes_entities(self, predicate: str) -> bool:
        kinds = self.vocab.properties[predicate].range
        return any(kind in self.vocab.classes and not self._is_value(kind) for kind in kinds)

    def _is_value(self, kind: str) -> bool:
        return any(each.type == kind for each in self.vocab.individuals.values())

    def _find(self, text: str) -> str:
        """The id of an entity of the build, or of the lexicon, by id, address or name."""
        try:
            return find_profile(text, self.profiles, self.recipe.base).id
        except QueryError as error:
            known = [e.id for e in self._lexicon.entries.values() if text in (e.id, e.label)]
            if len(known) == 1:
                return known[0]
            raise ValueError(str(error)) from error

    def _type(self, id: str) -> str:
        found = next((profile.type for profile in self.profiles if profile.id == self.canonical.get(id, id)), "")
        entry = self._lexicon.entries.get(id) if not found else None
        return entry.type if entry else found

    @cached_property
    def _lexicon(self) -> Lexicon:
        return load_lexicon(self.recipe.lexicon, self.vocab)


def _kind(address: str) -> str:
    return address.strip("<>").rpartition("/")[0].rpartition("/")[2]


def _key(address: str) -> str:
    return address.strip("<>").rpartition("/")[2]
