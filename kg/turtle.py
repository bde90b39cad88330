"""A small Turtle file of ours as an index, with the line on which each thing is declared.

For files that people edit (ontology, shapes): a few thousand triples, read in milliseconds, errors with their place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse

from kg.errors import DataError

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

Node: TypeAlias = NamedNode | BlankNode
Object: TypeAlias = NamedNode | BlankNode | Literal


@dataclass(frozen=True, slots=True)
class TurtleFile:
    """The triples of one file by subject and predicate, in the order of the file."""

    path: Path
    text: str
    index: dict[Node, dict[str, list[Object]]] = field(default_factory=dict)

    def of(self, subject: Node, predicate: str) -> list[Object]:
        """The objects of a subject and predicate (an IRI), in the order of the file."""
        return self.index.get(subject, {}).get(predicate, [])

    def nodes(self, subject: Node, predicate: str) -> list[Node]:
        """Those objects that are no literals."""
        return [o for o in self.of(subject, predicate) if not isinstance(o, Literal)]

    def typed(self, *types: str) -> Iterator[NamedNode]:
        """The named subjects that have one of the types (IRIs)."""
        wanted = {NamedNode(t) for t in types}
        for subject in self.index:
            if isinstance(subject, NamedNode) and not wanted.isdisjoint(self.of(subject, RDF + "type")):
                yield subject

    def members(self, head: Node) -> Iterator[Object]:
        """The members of an RDF list."""
        while head != NamedNode(RDF + "nil"):
            yield from self.of(head, RDF + "first")
            rest = self.nodes(head, RDF + "rest")
            if not rest:
                return
            head = rest[0]

    def line(self, iri: str) -> int:
        """The line that begins with the term, 1 where none does; terms end their IRI after the last ``#`` or ``/``."""
        local = re.escape(re.split(r"[#/]", iri)[-1])
        found = re.search(rf"^(?:<{re.escape(iri)}>|[\w.-]*:{local})(?=[\s;.]|$)", self.text, re.MULTILINE)
        return self.text.count("\n", 0, found.start()) + 1 if found else 1

    def where(self, iri: str) -> str:
        """``file:line`` of a term, as error messages begin."""
        return f"{self.path}:{self.line(iri)}"


def read_turtle(path: Path) -> TurtleFile:
    """Read a Turtle file; a syntax error is a ``DataError`` with file, line and column."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}:1: cannot be read: {error}") from error
    return parse_turtle(path, text)


def parse_turtle(path: Path, text: str) -> TurtleFile:
    """The same of a text that ``path`` names in errors."""
    read = TurtleFile(path, text)
    for triple in _triples(path, text):
        read.index.setdefault(_node(triple.subject), {}).setdefault(triple.predicate.value, []).append(
            _object(triple.object)
        )
    return read


def _triples(path: Path, text: str) -> Iterator[Quad]:
    try:
        yield from parse(text, RdfFormat.TURTLE)
    except SyntaxError as error:
        reason = re.sub(r"^Parser error at line \d+ column \d+: ", "", str(error.msg))
        place = f"{path}:{error.lineno or 1}:{error.offset or 1}"
        raise DataError(f"{place}: not valid Turtle: {reason}") from error


def _node(term: object) -> Node:
    if isinstance(term, NamedNode | BlankNode):
        return term
    raise DataError(f"not RDF 1.1: {term}")


def _object(term: object) -> Object:
    return term if isinstance(term, Literal) else _node(term)
