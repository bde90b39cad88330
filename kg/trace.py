"""From a node that breaks a shape back to the fact, the words that state it, and the rule that read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kg import terms as t
from kg.nquads import plain
from kg.types import Quad
from kg.vocab_types import Vocab


class Trace(NamedTuple):
    """A fact as people read it, the quote that states it and the rule that read it; empty where there is none."""

    fact: str = ""
    quote: str = ""
    rule: str = ""


class Tracer:
    """Looks through a graph. Nodes are terms as N-Quads writes them."""

    def __init__(self, quads: Iterable[Quad], vocab: Vocab) -> None:
        self.vocab = vocab
        self.out: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self.into: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for subject, predicate, object_, _ in sorted(quads):
            self.out[subject][predicate].append(object_)
            self.into[object_][predicate].append(subject)
        self.evidence = f"<{vocab.namespace}evidence>"
        self.rule = f"<{vocab.namespace}rule>"

    def trace(self, node: str, path: str = "", value: str = "") -> Iterator[Trace]:
        """What a violation at ``node`` is about, one for each fact concerned; at least one."""
        holders = [*self._holders(node, path, value)]
        for holder in holders:
            yield from self._of_holder(holder)
        if not holders:
            yield Trace(self._triple(node, path, value) if path else self.name(node))

    def _holders(self, node: str, path: str, value: str) -> Iterator[str]:
        """The statements and figures behind a node: itself, its owners, or the statements of a plain triple."""
        if t.SUBJECT in self.out[node] or self.evidence in self.out[node] or self._is_holder(node):
            yield node
        elif owners := self._owners(node):
            yield from owners
        else:
            about = [each for each in self.into[node][t.SUBJECT] if self._states(each, path, value)]
            yield from about or self.into[node][t.DERIVED_FROM] or self._mentioned(node, path)

    def _is_holder(self, node: str) -> bool:
        kinds = self.out[node][t.TYPE]
        return any(f"<{self.vocab.namespace}{name}>" in kinds for name in ("Statement", "Observation"))

    def _owners(self, node: str) -> list[str]:
        """What a piece of evidence, or a selector of one, bears out."""
        pieces = [node, *self.into[node][t.HAS_SELECTOR]]
        return sorted({holder for piece in pieces for holder in self.into[piece][self.evidence]})

    def _states(self, statement: str, path: str, value: str) -> bool:
        said = self.out[statement]
        return bool(path) and path in said[t.PREDICATE] and (not value or value in said[t.OBJECT])

    def _mentioned(self, node: str, path: str) -> list[str]:
        """One statement or figure about an entity, where what is wrong is the entity itself."""
        if self._is_predicate(path):
            return []
        about = self.into[node][f"<{self.vocab.namespace}about>"]
        return (self.into[node][t.SUBJECT] + self.into[node][t.OBJECT] + about)[:1]

    def _is_predicate(self, path: str) -> bool:
        term = self.vocab.properties.get(self.vocab.name(path[1:-1]))
        return term is not None and term.is_predicate

    def _of_holder(self, holder: str) -> Iterator[Trace]:
        fact = self.fact(holder)
        pieces = self.out[holder][self.evidence]
        for piece in pieces:
            rules = ", ".join(sorted(plain(rule) for rule in self.out[piece][self.rule]))
            quotes = (q for selector in self.out[piece][t.HAS_SELECTOR] for q in self.out[selector][t.EXACT])
            yield Trace(fact, plain(next(quotes, '""')), rules)
        if not pieces:
            yield Trace(fact)

    def fact(self, holder: str) -> str:
        """A statement or figure in words: ends by label, predicate by local name, modality unless asserted."""
        said = self.out[holder]
        if t.SUBJECT in said or t.PREDICATE in said:
            ends = [" / ".join(map(self.name, said[term])) or "?" for term in (t.SUBJECT, t.PREDICATE, t.OBJECT)]
        else:
            terms = [f"<{self.vocab.namespace}{name}>" for name in ("about", "indicator", "value", "unit")]
            ends = [" / ".join(map(self.name, said[term])) or "?" for term in terms]
        modality = [self.name(each) for each in said[f"<{self.vocab.namespace}modality>"]]
        marked = [f"({each})" for each in modality if each != "asserted"]
        return " ".join(ends + marked)

    def _triple(self, node: str, path: str, value: str) -> str:
        return " ".join(self.name(each) for each in (node, path, value) if each)

    def name(self, node: str) -> str:
        """A node as people call it: its Chinese label, the code or local name of a term, the text of a literal."""
        if not node.startswith("<"):
            return plain(node)
        local = self.vocab.name(node[1:-1])
        if local:
            return self.vocab.individuals[local].code if local in self.vocab.individuals else local
        labels = [each for each in self.out[node][t.LABEL] if each.endswith('"@zh')] if node in self.out else []
        return plain(labels[0]) if labels else node
