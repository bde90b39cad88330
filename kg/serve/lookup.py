"""Fixed look-ups in the store of a build, for one answer: what was read once is kept until it is sent.

Terms are strings as N-Quads writes them (``<iri>``, ``"text"@zh``). Nothing here reads the whole graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from kg import terms as t
from kg.nquads import plain
from kg.types import ASSERTED, Quad
from kg.view_model import Model, read_model

if TYPE_CHECKING:
    from kg.serve.site import Opened

NAMING = frozenset({t.TYPE, t.LABEL, t.ALT_LABEL, t.SAME_AS})
"""What the network needs to know of a thing."""


class Lookup:
    """Reads a build's store. Not to be shared by threads."""

    def __init__(self, opened: Opened) -> None:
        self.store, self.vocab = opened.store, opened.vocab
        self._of: dict[str, list[Quad]] = {}

    def kg(self, name: str) -> str:
        """The term of the ontology with this local name."""
        return f"<{self.vocab.namespace}{name}>"

    def of(self, subject: str) -> list[Quad]:
        """All quads of a subject, sorted."""
        if subject not in self._of:
            self._of[subject] = sorted(self.store.match(subject)) if subject.startswith("<") else []
        return self._of[subject]

    def all(self, subject: str, predicate: str) -> list[str]:
        """The objects of a subject's predicate, each once."""
        return list(dict.fromkeys(quad.object for quad in self.of(subject) if quad.predicate == predicate))

    def one(self, subject: str, predicate: str) -> str:
        """The first object in plain text, or nothing."""
        return next((plain(quad.object) for quad in self.of(subject) if quad.predicate == predicate), "")

    def into(self, object: str, predicate: str = "", most: int | None = None) -> Iterator[Quad]:
        """The quads that lead to an object, at most ``most`` of them, in the store's order."""
        return islice(self.store.match("", predicate, object), most)

    def subjects(self, predicate: str, object: str, most: int | None = None) -> list[str]:
        """The subjects of these quads, sorted."""
        return sorted({quad.subject for quad in self.into(object, predicate, most)})

    def knows(self, subject: str) -> bool:
        """Whether the graph speaks of a term at all, if only as the object of something."""
        return bool(self.of(subject)) or any(True for _ in self.into(subject, most=1))

    def modality(self, holder: str) -> str:
        """The modality of a statement or figure, by local name."""
        return self.vocab.name(self.one(holder, self.kg("modality"))) or ASSERTED

    def whole(self, holder: str) -> list[Quad]:
        """A statement or figure with its evidence, where that stands, and the documents it is from."""
        found = list(self.of(holder))
        for evidence in self.all(holder, self.kg("evidence")):
            found += self.of(evidence)
            for node in (*self.all(evidence, t.HAS_SELECTOR), *self.all(evidence, t.HAS_SOURCE)):
                found += self.of(node)
        return found

    def naming(self, subject: str) -> list[Quad]:
        """What a subject is and is called."""
        return [quad for quad in self.of(subject) if quad.predicate in NAMING]

    def model(self, holders: Iterable[str], more: Iterable[Quad] = ()) -> Model:
        """Statements and figures, with ``more`` quads, as the network has them: with their ends and their quotes."""
        quads = set(more)
        for holder in holders:
            quads.update(self.whole(holder))
        ends = {q.object for q in quads if q.predicate in (t.SUBJECT, t.OBJECT, self.kg("about"))}
        for end in ends:
            quads.update(self.naming(end))
        return read_model(sorted(quads), self.vocab)
