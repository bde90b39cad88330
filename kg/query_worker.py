"""The process in which one query runs: its task comes as JSON on standard input, its answer goes to standard output.

The answer is a line of JSON (``prefixes``, or ``error``) and, behind it, the result in the format asked for.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping
from typing import IO, Any

from kg.confined import confine


def main() -> None:
    """Read a task, shut the doors, answer."""
    task: dict[str, Any] = json.load(sys.stdin)
    confine(task["memory"], task["seconds"])
    out = sys.stdout.buffer
    try:
        header, body = answer(task)
    except Exception as error:
        from kg.errors import QueryError, ReadError

        if not isinstance(error, (QueryError, ReadError, OSError)):
            raise
        header, body = {"error": str(error), "kind": type(error).__name__}, b""
    out.write(json.dumps(header).encode() + b"\n" + body)
    out.flush()
    os._exit(0)  # closing a large store takes longer than asking it


def answer(task: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
    """The header and the body of the answer to a task."""
    import pyoxigraph as ox

    from kg.stores import embedded

    store = embedded.open(task["store"], read_only=True)
    result = store.query(task["query"])
    prefixes = dict(store.prefixes())
    if isinstance(result, ox.QueryTriples):
        return {"prefixes": prefixes}, graph_as(result, task["format"], prefixes)
    formats = {
        "json": ox.QueryResultsFormat.JSON,
        "csv": ox.QueryResultsFormat.CSV,
        "tsv": ox.QueryResultsFormat.TSV,
    }
    return {"prefixes": prefixes}, result.serialize(format=formats[task["format"]]) or b""


def graph_as(triples: Iterable[Any], fmt: str, prefixes: Mapping[str, str], out: IO[bytes] | None = None) -> bytes:
    """Triples in order in a format (``nt``, ``turtle``, ``rdfxml``, ``jsonld``); Turtle with those prefixes in use.

    They are returned, or written to ``out``, and then nothing is returned.
    """
    import pyoxigraph as ox

    kinds = ox.RdfFormat
    formats = {"turtle": kinds.TURTLE, "nt": kinds.N_TRIPLES, "rdfxml": kinds.RDF_XML, "jsonld": kinds.JSON_LD}
    ordered = [each for _, each in sorted({str(each): each for each in triples}.items())]
    used: dict[str, str] | None = None
    if fmt == "turtle":
        text = " ".join(map(str, ordered))
        used = {name: iri for name, iri in prefixes.items() if iri in text}
    return ox.serialize(ordered, out, formats[fmt], prefixes=used) or b""
