"""Answers of stores on the network, whatever their dialect, as Oxigraph's solutions, truth values and triples."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

import pyoxigraph as ox

from kg.errors import RemoteError
from kg.stores.refusals import is_page

_VIRTUOSO_ASK = "__ASK_RETVAL"


def answered(body: bytes, headers: Mapping[str, str], kind: str, name: str) -> Any:
    """What a body says in answer to a query of the form ``kind``; ``name`` is the store's, for the errors.

    Raises :class:`RemoteError` for what is no such answer.
    """
    if is_page(body, headers):
        raise no_sparql(name, "a web page")
    try:
        if kind in ("CONSTRUCT", "DESCRIBE"):
            return [quad.triple for quad in ox.parse(body, format=_syntax(headers))]
        results = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
        return _truth(results) if kind == "ASK" else _rows(results)
    except (SyntaxError, ValueError) as error:
        raise no_sparql(name, f"something else ({str(error)[:100]})") from error


def parsed(stream: io.BufferedReader, headers: Mapping[str, str], name: str) -> Iterator[Any]:
    """The triples of a graph as they arrive; :class:`RemoteError` if they are none."""
    if is_page(b"", headers):
        raise no_sparql(name, "a web page")
    return _triples(stream, headers, name)


def _triples(stream: io.BufferedReader, headers: Mapping[str, str], name: str) -> Iterator[Any]:
    try:
        for quad in ox.parse(stream, format=_syntax(headers)):
            yield quad.triple
    except SyntaxError as error:
        raise RemoteError(f"{name}: sends a graph that is malformed or broke off: {error}") from error


def no_sparql(name: str, what: str) -> RemoteError:
    """The error to raise where something answers, but not as SPARQL does."""
    return RemoteError(
        f"{name}: answers with {what}, not with what SPARQL has for it: is this the address of queries? "
        "Name the store with --store, or give the address of its queries"
    )


def _syntax(headers: Mapping[str, str]) -> ox.RdfFormat:
    """The syntax of an answer as it names it; one that names none is taken for what was asked for."""
    media = headers.get("Content-Type", "").partition(";")[0].strip()
    return ox.RdfFormat.from_media_type(media) or ox.RdfFormat.N_TRIPLES


def _rows(results: ox.QuerySolutions | ox.QueryBoolean) -> ox.QuerySolutions:
    if isinstance(results, ox.QueryBoolean):
        raise ValueError("a truth value in the place of rows")
    return results


def _truth(results: ox.QuerySolutions | ox.QueryBoolean) -> ox.QueryBoolean:
    """The answer of an ASK; Virtuoso gives it as a row with a number."""
    if isinstance(results, ox.QueryBoolean):
        return results
    if [variable.value for variable in results.variables] != [_VIRTUOSO_ASK]:
        raise ValueError("rows in the place of a truth value")
    said = "true" if any(row[_VIRTUOSO_ASK].value == "1" for row in results) else "false"
    answer = ox.parse_query_results(f'{{"head":{{}},"boolean":{said}}}', format=ox.QueryResultsFormat.JSON)
    assert isinstance(answer, ox.QueryBoolean)
    return answer
