"""rdflib's store in memory: for notebooks and for what is written against rdflib; never for queries of strangers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import rdflib
import rdflib.plugins.sparql
from pyparsing.exceptions import ParseBaseException
from rdflib.query import Result, ResultRow
from rdflib.term import BNode, Identifier, Literal, URIRef

from kg import nquads, terms
from kg.sparql import check_prefixes, refuse, syntax_error, wrong_form
from kg.types import Quad, Table

# Otherwise `FROM <file:///…>` reads any file and any address.
rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS = False


def open(path: Path | None = None) -> MemoryStore:
    """An empty store, or one that holds the N-Quads of the file ``path``."""
    store = MemoryStore()
    if path is not None:
        store.load(nquads.read(path))
    return store


class MemoryStore:
    """Quads in an :class:`rdflib.Dataset`, which is at hand as ``dataset``."""

    def __init__(self) -> None:
        self.dataset = rdflib.Dataset(default_union=True)
        self._prefixes: Mapping[str, str] = {}

    def load(self, quads: Iterable[Quad]) -> int:
        """Add quads; those that are there already stay as they are. The number of new ones is returned."""
        before, self._prefixes = len(self), {}
        for s, p, o, g in quads:
            self.dataset.graph(URIRef(g[1:-1])).add((URIRef(s[1:-1]), URIRef(p[1:-1]), _node(o)))
        return len(self) - before

    def select(self, query: str) -> Table:
        """The rows of a SELECT query."""
        result = self._ask(query, "SELECT")
        columns = tuple(str(variable) for variable in result.vars or ())
        rows = (row for row in result if isinstance(row, ResultRow))
        return Table(columns, tuple(tuple(None if value is None else _term(value) for value in row) for row in rows))

    def ask(self, query: str) -> bool:
        """The answer of an ASK query."""
        return bool(self._ask(query, "ASK").askAnswer)

    def construct(self, query: str) -> Iterator[Quad]:
        """The triples of a CONSTRUCT or DESCRIBE query, sorted, without a graph and without repetition."""
        graph = self._ask(query, "CONSTRUCT", "DESCRIBE").graph or rdflib.Graph()
        return iter(sorted({Quad(_term(s), _term(p), _term(o), "") for s, p, o in graph}))

    def _ask(self, query: str, *forms: str) -> Result:
        refuse(query)
        prefixes = dict(self.prefixes())
        check_prefixes(query, prefixes)
        try:
            result = self.dataset.query(query, initNs=prefixes)
        except ParseBaseException as error:
            raise syntax_error(query, f"error at {error.lineno}:{error.col}: {error.msg}") from error
        if result.type not in forms:
            raise wrong_form(query, *forms)
        return result

    def quads(self) -> Iterator[Quad]:
        """All quads, in the store's order."""
        for s, p, o, g in self.dataset.quads():
            yield Quad(_term(s), _term(p), _term(o), "" if g is None else f"<{g}>")

    def prefixes(self) -> Mapping[str, str]:
        """The prefixes that a query need not declare: the usual ones, and those of the data that are held."""
        if not self._prefixes:
            graphs = (str(graph.identifier) for graph in self.dataset.graphs())
            rows = (row for row in self.dataset.query(terms.DECLARED_PREFIXES) if isinstance(row, ResultRow))
            self._prefixes = terms.prefixes_of(graphs, ((str(row[0]), str(row[1])) for row in rows))
        return self._prefixes

    def __len__(self) -> int:
        return sum(1 for _ in self.dataset.quads())

    def close(self) -> None:
        """Forget everything."""
        self.dataset = rdflib.Dataset(default_union=True)


def _node(term: str) -> Identifier:
    parts = nquads.split_literal(term)
    if parts is None:
        return URIRef(term[1:-1])
    text, language, datatype = parts
    return Literal(text, lang=language or None, datatype=URIRef(datatype) if datatype else None)


def _term(node: object) -> str:
    if isinstance(node, Literal):
        return nquads.literal(str(node), node.language or "", str(node.datatype or ""))
    return f"_:{node}" if isinstance(node, BNode) else f"<{node}>"
