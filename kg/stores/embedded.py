"""Oxigraph inside the process: on disk, or in memory where no folder is given."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pyoxigraph as ox

from kg import nquads, terms
from kg.errors import DataError, OutputError
from kg.iri import BASE
from kg.sparql import check_prefixes, refuse, syntax_error
from kg.types import Quad, Table

_N_QUADS = ox.RdfFormat.N_QUADS


def open(path: Path | None = None, *, read_only: bool = False) -> EmbeddedStore:
    """Open the folder ``path``, made if it is absent; ``read_only`` needs a store that nobody is writing."""
    try:
        if path is None:
            return EmbeddedStore(ox.Store())
        if read_only:
            return EmbeddedStore(ox.Store.read_only(str(path)))
        path.parent.mkdir(parents=True, exist_ok=True)
        return EmbeddedStore(ox.Store(str(path)))
    except OSError as error:
        raise OutputError(f"{path}: cannot open the store: {error}") from error


class EmbeddedStore:
    """Quads in Oxigraph. Its folder is released by :meth:`close`; queries that others send run in ``kg.query``."""

    def __init__(self, store: ox.Store, base: str = BASE) -> None:
        self._store, self._base = store, base

    def load(self, quads: Iterable[Quad]) -> int:
        """Add quads; those that are there already stay as they are. The number of new ones is returned."""
        return self._bulk(io.BytesIO("".join(sorted({nquads.line(quad) for quad in quads})).encode()))

    def load_file(self, path: Path) -> int:
        """Add the quads of a file of N-Quads, the fastest way in; the number of new ones is returned."""
        with path.open("rb") as lines:
            return self._bulk(lines, str(path))

    def _bulk(self, lines: io.BufferedIOBase, source: str = "quads") -> int:
        before = len(self._store)
        try:
            self._store.bulk_load(lines, format=_N_QUADS)
        except SyntaxError as error:
            raise DataError(f"{source}:{error.lineno or 1}: not N-Quads: {error}") from error
        self._store.flush()
        return len(self._store) - before

    def select(self, query: str) -> Table:
        """The rows of a SELECT query."""
        solutions = self._ask(query)
        if not isinstance(solutions, ox.QuerySolutions):
            raise syntax_error(query, "error at 1:1: expected a SELECT query")
        columns = tuple(variable.value for variable in solutions.variables)
        rows = (tuple(None if value is None else str(value) for value in solution) for solution in solutions)
        return Table(columns, tuple(rows))

    def ask(self, query: str) -> bool:
        """The answer of an ASK query."""
        answer = self._ask(query)
        if not isinstance(answer, ox.QueryBoolean):
            raise syntax_error(query, "error at 1:1: expected an ASK query")
        return bool(answer)

    def construct(self, query: str) -> Iterator[Quad]:
        """The triples of a CONSTRUCT or DESCRIBE query, sorted, without a graph and without repetition."""
        triples = self._ask(query)
        if not isinstance(triples, ox.QueryTriples):
            raise syntax_error(query, "error at 1:1: expected a CONSTRUCT or DESCRIBE query")
        return iter(sorted({Quad(str(s), str(p), str(o), "") for s, p, o in triples}))

    def _ask(self, query: str) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        refuse(query)
        check_prefixes(query, self.prefixes())
        try:
            return self._store.query(query, prefixes=dict(self.prefixes()), use_default_graph_as_union=True)
        except SyntaxError as error:
            raise syntax_error(query, str(error)) from error

    def quads(self) -> Iterator[Quad]:
        """All quads, in the store's order."""
        for s, p, o, g in self._store:
            yield Quad(str(s), str(p), str(o), "" if isinstance(g, ox.DefaultGraph) else str(g))

    def prefixes(self) -> Mapping[str, str]:
        """The prefixes that a query need not declare."""
        return terms.prefixes(self._base)

    def __len__(self) -> int:
        return len(self._store)

    def close(self) -> None:
        """Let the folder go, so that another process may open it."""
        self._store = ox.Store()
