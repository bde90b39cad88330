"""Oxigraph inside the process: on disk, or in memory where no folder is given."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Any

import pyoxigraph as ox

from kg import nquads, terms
from kg.errors import DataError, OutputError, ReadError
from kg.sparql import check_prefixes, names_graphs, refuse, syntax_error, using, wrong_form
from kg.stores.calls import check_calls
from kg.types import Quad, Table

_N_QUADS = ox.RdfFormat.N_QUADS


def open(path: Path | str | None = None, *, read_only: bool = False) -> EmbeddedStore:
    """Open the folder ``path``, made if it is absent; without one the store is in memory.

    ``read_only`` needs a store that nobody is writing, and raises :class:`ReadError` if it is no store or is damaged;
    else :class:`OutputError` if it cannot be opened, for instance because another process has it open.
    """
    if path is None:
        return EmbeddedStore(ox.Store())
    try:
        if read_only:
            return EmbeddedStore(ox.Store.read_only(str(path)))
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        return EmbeddedStore(ox.Store(str(path)))
    except (OSError, RuntimeError) as error:  # RuntimeError: what is damaged
        if read_only:
            raise ReadError(f"{path}: the store cannot be read: {error}; run `kg build` to make it anew") from error
        raise OutputError(f"{path}: the store cannot be opened: {error}") from error


class EmbeddedStore:
    """Quads in Oxigraph. Its folder is released by :meth:`close`; queries that others send run in ``kg.query``."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self._prefixes: Mapping[str, str] = {}

    def load(self, quads: Iterable[Quad]) -> int:
        """Add quads; those that are there already stay as they are. The number of new ones is returned."""
        return self._bulk(io.BytesIO("".join(sorted({nquads.line(quad) for quad in quads})).encode()))

    def load_file(self, path: Path) -> int:
        """Add the quads of a file of N-Quads, the fastest way in; the number of new ones is returned."""
        try:
            lines = path.open("rb")
        except OSError as error:
            raise ReadError(f"{path}: cannot read the graph: {error.strerror}") from error
        with lines:
            return self._bulk(lines, str(path))

    def _bulk(self, lines: IO[bytes], source: str = "quads") -> int:
        before, self._prefixes = len(self._store), {}
        try:
            self._store.bulk_load(lines, format=_N_QUADS)
        except SyntaxError as error:
            raise DataError(f"{source}:{error.lineno or 1}: not N-Quads: {error}") from error
        self._store.flush()
        return len(self._store) - before

    def select(self, query: str) -> Table:
        """The rows of a SELECT query."""
        solutions = self.query(query)
        if not isinstance(solutions, ox.QuerySolutions):
            raise wrong_form(query, "SELECT")
        columns = tuple(variable.value for variable in solutions.variables)
        rows = (tuple(None if value is None else str(value) for value in solution) for solution in solutions)
        return Table(columns, tuple(rows))

    def ask(self, query: str) -> bool:
        """The answer of an ASK query."""
        answer = self.query(query)
        if not isinstance(answer, ox.QueryBoolean):
            raise wrong_form(query, "ASK")
        return bool(answer)

    def construct(self, query: str) -> Iterator[Quad]:
        """The triples of a CONSTRUCT or DESCRIBE query, sorted, without a graph and without repetition."""
        triples = self.query(query)
        if not isinstance(triples, ox.QueryTriples):
            raise wrong_form(query, "CONSTRUCT", "DESCRIBE")
        return iter(sorted({Quad(str(s), str(p), str(o), "") for s, p, o in triples}))

    def query(
        self,
        query: str,
        *,
        base: str = "",
        services: Collection[str] = (),
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        """Oxigraph's own answer to a query of any form.

        Relative IRIs are relative to ``base``; ``services`` are servers that it may call; ``default_graphs`` and
        ``named_graphs`` (IRIs) are what it is asked of, whatever it says itself (SPARQL 1.1 Protocol, section 2.1.4).
        """
        refuse(query, services)
        prefixes = dict(self.prefixes())
        check_prefixes(query, prefixes)
        dataset: dict[str, Any] = {}
        if default_graphs or named_graphs:
            dataset["default_graph"] = [ox.NamedNode(iri) for iri in default_graphs]
            dataset["named_graphs"] = [ox.NamedNode(iri) for iri in named_graphs]
        elif not names_graphs(query):  # told to take the union, Oxigraph does not heed FROM
            dataset["use_default_graph_as_union"] = True
        try:
            check_calls(query, services, prefixes, base)
            return self._store.query(query, base_iri=base or None, prefixes=prefixes, **dataset)
        except SyntaxError as error:
            raise syntax_error(query, str(error)) from error

    def update(
        self,
        update: str,
        *,
        base: str = "",
        services: Collection[str] = (),
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
    ) -> None:
        """Carry an update out, all of it or nothing; the graphs are those that its WHERE is asked of."""
        refuse(update, services, updates=True)
        prefixes = dict(self.prefixes())
        check_prefixes(update, prefixes)
        try:
            check_calls(update, services, prefixes, base, updates=True)
            text = using(update, default_graphs, named_graphs)
            self._store.update(text, base_iri=base or None, prefixes=prefixes)
        except SyntaxError as error:
            raise syntax_error(update, str(error)) from error
        self._store.flush()
        self._prefixes = {}

    def backup(self, path: Path | str) -> None:
        """Lay what is held now into the folder ``path``, which must not be there; cheap, by links where that can be."""
        self._store.backup(str(path))

    def match(self, subject: str = "", predicate: str = "", object: str = "") -> Iterator[Quad]:
        """The quads with these terms (as N-Quads writes them; an empty one is any), in the store's order."""
        try:
            s_, p_, o_ = _node(subject), _node(predicate), _term(object)
        except ValueError:  # what is no IRI stands in no quad
            return
        for s, p, o, g in self._store.quads_for_pattern(s_, p_, o_):
            yield Quad(str(s), str(p), str(o), "" if isinstance(g, ox.DefaultGraph) else str(g))

    def of_graph(self, graph: str, most: int) -> Iterator[Quad]:
        """The first quads of a named graph (a term), at most ``most``."""
        for s, p, o, g in islice(self._store.quads_for_pattern(None, None, None, _node(graph)), most):
            yield Quad(str(s), str(p), str(o), str(g))

    def quads(self) -> Iterator[Quad]:
        """All quads, in the store's order."""
        for s, p, o, g in self._store:
            yield Quad(str(s), str(p), str(o), "" if isinstance(g, ox.DefaultGraph) else str(g))

    def prefixes(self) -> Mapping[str, str]:
        """The prefixes that a query need not declare: the usual ones, and those of the data that are held."""
        if not self._prefixes:
            graphs = (graph.value for graph in self._store.named_graphs() if isinstance(graph, ox.NamedNode))
            declared = self._store.query(terms.DECLARED_PREFIXES, use_default_graph_as_union=True)
            rows = ((row[0].value, row[1].value) for row in declared) if isinstance(declared, ox.QuerySolutions) else ()
            self._prefixes = terms.prefixes_of(graphs, rows)
        return self._prefixes

    def __len__(self) -> int:
        return len(self._store)

    def close(self) -> None:
        """Let the folder go, so that another process may open it."""
        self._store = ox.Store()


def _node(term: str) -> ox.NamedNode | None:
    return ox.NamedNode(term[1:-1]) if term else None


def _term(term: str) -> ox.NamedNode | ox.Literal | None:
    literal = nquads.split_literal(term)
    if literal is None:
        return _node(term)
    text, language, datatype = literal
    return ox.Literal(text, language=language or None, datatype=ox.NamedNode(datatype) if datatype else None)
