"""Queries over a store on the network, answered as ``kg query`` answers them over a build."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyoxigraph as ox

from kg import terms
from kg.errors import DataError, RemoteError
from kg.export.source import ALL, short
from kg.query import chosen_format, placed
from kg.query_worker import graph_as
from kg.questions import find_query
from kg.sparql import form
from kg.stores.remote import RemoteStore
from kg.tables import render

_RESULTS = {
    "table": ox.QueryResultsFormat.JSON,
    "json": ox.QueryResultsFormat.JSON,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}


def run_query(
    store: RemoteStore, query: str, *, fmt: str = "", graphs: Sequence[str] = (), questions: Path | None = None
) -> str:
    """Ask a store, and answer as text in the format ``fmt``, as :func:`kg.query.run_query` does with a build.

    ``query`` is SPARQL, the name of a bundled question, or a file; ``graphs`` are those that it sees, by their last
    part or in full, by default all. Raises :class:`QueryError` for a query that is wrong or refused,
    :class:`DataError` for a graph that is not there, :class:`RemoteError` for a store that fails.
    """
    text, where = find_query(query, questions)
    with placed(where):
        chosen = chosen_format(text, fmt)
        result = store.query(text, graphs=full_names(store, graphs))
    if form(text) in ("SELECT", "ASK"):
        body = result.serialize(format=_RESULTS[chosen])
        return render(body, _known_prefixes(store)) if chosen == "table" else body.decode()
    prefixes = {} if chosen == "nt" else _known_prefixes(store)
    body = graph_as(result, "nt" if chosen == "table" else chosen, prefixes)
    return render(body, prefixes) if chosen == "table" else body.decode()


def full_names(store: RemoteStore, graphs: Sequence[str]) -> Sequence[str]:
    """The IRIs of the graphs so called in a store; none if all are meant."""
    if ALL in graphs or not graphs:
        return ()
    there = store.graphs()
    found = {name: [graph for graph in there if name in (graph, short(graph))] for name in graphs}
    missing = next((name for name, them in found.items() if not them), "")
    if missing:
        raise DataError(f"{store.name}: there is no graph {missing!r}; there are {', '.join(there) or 'none'}")
    return sorted({graph for them in found.values() for graph in them})


def _known_prefixes(store: RemoteStore) -> Mapping[str, str]:
    """The prefixes by which IRIs are shortened; the usual ones where the store is too slow or large to tell its own."""
    try:
        return store.prefixes()
    except RemoteError:
        return terms.prefixes()
