"""What a name, an id or a code in a table may stand for: the entities of a build and of its recipe's lexicon."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator

from kg import terms as t
from kg.context import Context
from kg.iri import known_iri
from kg.lexicon import Lexicon
from kg.nquads import iri, literal, plain
from kg.types import Quad

_HINTS = 20
"""Names for which a close one is sought: among all names that takes long, and who has a thousand has another fault."""
_APART = ("/ontology>", "/graph/rejected>", "/graph/identity>", "/graph/inferred>")


class Known:
    """Entities by name, by code and by id. An entity is its IRI as a term; classes are local names."""

    def __init__(self, quads: Iterable[Quad], lexicon: Lexicon, context: Context) -> None:
        self._context, self._vocab = context, context.vocab
        self._classes: dict[str, set[str]] = defaultdict(set)
        self._names: dict[str, set[str]] = defaultdict(set)
        self._codes: dict[str, set[str]] = defaultdict(set)
        self._labels: dict[str, str] = {}
        self._moved: dict[str, str] = {}
        self._hints = 0
        for quad in quads:
            self._add(quad)
        for id, entry in lexicon.entries.items():
            entity = self.of_id(id)
            self._classes[entity].add(entry.type)
            self._labels.setdefault(entity, entry.label)
            for name in (entry.label, *entry.aliases):
                self._names[name].add(entity)
            if entry.code:
                self._codes[entry.code].add(entity)

    def _add(self, quad: Quad) -> None:
        s, p, o, g = quad
        if p == t.REPLACED_BY:
            self._moved[s] = o
        elif g.endswith(_APART):
            return
        elif p == t.TYPE:
            name = self._vocab.name(o[1:-1])
            if name in self._vocab.classes and self._vocab.classes[name].counts_as:
                self._classes[s].add(name)
        elif p in (t.LABEL, t.ALT_LABEL):
            self._names[plain(o)].add(s)
            if p == t.LABEL and o.endswith('"@zh'):
                self._labels[s] = plain(o)
        elif p == t.IDENTIFIER:
            self._codes[plain(o)].add(s)

    def of_id(self, id: str) -> str:
        """The entity with an id, an IRI, or the id of one that is now part of it; it need not be there."""
        text = id.strip().strip("<>").removeprefix("id:")
        entity = iri(text) if "://" in text else iri(known_iri(self._context.base, text))
        return self._moved.get(entity, entity)

    def has(self, entity: str) -> bool:
        """Whether an entity is known."""
        return entity in self._classes

    def is_a(self, entity: str, kind: str) -> bool:
        """Whether an entity is of a class."""
        return any(self._vocab.is_a(each, kind) for each in self._classes.get(entity, ()))

    def described(self, entity: str) -> Iterator[tuple[str, str, str]]:
        """The classes and the label of a known entity, for builds in which nothing else tells of it."""
        classes = self._classes.get(entity, set())
        for kind in sorted(classes):
            if not any(other != kind and self._vocab.is_a(other, kind) for other in classes):
                yield entity, t.TYPE, self._context.term(kind)
        if entity in self._labels:
            yield entity, t.LABEL, literal(self._labels[entity], "zh")

    def named(self, name: str, kind: str) -> tuple[str, ...]:
        """The entities of a class that have a name, sorted."""
        return self._among(self._names.get(name, ()), kind)

    def coded(self, code: str, kind: str) -> tuple[str, ...]:
        """The entities of a class that have a code, such as a division's, sorted."""
        return self._among(self._codes.get(code, ()), kind)

    def others(self, name: str) -> tuple[str, ...]:
        """All entities that have a name, whatever their class, sorted."""
        return tuple(sorted(entity for entity in self._names.get(name, ()) if entity in self._classes))

    def close(self, name: str, kind: str) -> str:
        """A known name of the class that looks like one that is not; empty if none does."""
        if self._hints >= _HINTS:
            return ""
        self._hints += 1
        near = difflib.get_close_matches(name, self._names, n=5, cutoff=0.6)
        return next((other for other in near if self.named(other, kind)), "")

    def show(self, entities: Iterable[str]) -> str:
        """Entities for people: id, class, label."""
        return ", ".join(self._shown(entities))

    def _shown(self, entities: Iterable[str]) -> Iterator[str]:
        base = known_iri(self._context.base, "")
        for entity in entities:
            classes = "/".join(sorted(self._classes.get(entity, ())))
            yield f"{entity[1:-1].removeprefix(base)} ({classes} {self._labels.get(entity, '')})".replace(" )", ")")

    def _among(self, entities: Iterable[str], kind: str) -> tuple[str, ...]:
        found = {self._moved.get(entity, entity) for entity in entities}
        return tuple(sorted(entity for entity in found if self.is_a(entity, kind)))
