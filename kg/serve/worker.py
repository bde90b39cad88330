"""A process that answers queries one after another: tasks come as lines of JSON on standard input.

The answer to each is a line of JSON (``size``, and perhaps ``error`` with the status ``http``) and as many bytes.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Mapping
from itertools import islice
from typing import Any

import pyoxigraph as ox

from kg.confined import confine
from kg.errors import KgError, QueryError
from kg.query_worker import graph_as
from kg.stores import embedded

MOST_TRIPLES = 200_000
"""Triples of an answer, at most: they are sorted before they are written."""


class TooMuch(Exception):
    """An answer is larger than what is sent."""


class Capped(io.BytesIO):
    """Takes at most ``most`` bytes."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > self.most:
            raise TooMuch
        return super().write(data)


class Reader:
    """Answers queries from a store that is opened for reading, and anew when a task names another."""

    def __init__(self) -> None:
        self.at: tuple[str, int] = ("", -1)
        self.store: Any = None

    def answer(self, task: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
        """The header and the body of the answer to a task."""
        if self.at != (task["store"], task["generation"]):
            self.store = embedded.open(task["store"], read_only=True)
            self.at = task["store"], task["generation"]
        result = self.store.query(task["query"], **task["asked"])
        prefixes = dict(self.store.prefixes())
        return {"prefixes": prefixes}, _body(result, task["formats"], task["largest"], prefixes)


class Writer:
    """Changes a store; after each update what readers shall open is laid beside it."""

    def __init__(self) -> None:
        self.at: list[int] = []
        self.store: Any = None

    def answer(self, task: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Carry an update out, all of it or nothing."""
        if self.at != task["mark"]:
            self.store = None  # lets go of the one that a build replaced
            self.store = embedded.open(task["store"])
            self.at = task["mark"]
        if task["query"]:
            self.store.update(task["query"], **task["asked"])
        self.store.backup(task["snapshot"])
        return {}, b""


def main() -> None:
    """Shut the doors, then answer until nothing more is asked."""
    limits: dict[str, Any] = json.loads(sys.argv[2])
    refused = confine(limits["memory"], 0, network=limits["network"])
    worker = Writer() if limits["writes"] else Reader()
    _send({"refused": refused}, b"")  # everything is loaded: from here on a task's own time counts
    for line in sys.stdin.buffer:
        _send(*_answered(worker, json.loads(line)))
    os._exit(0)  # closing a large store takes longer than asking it


def _answered(worker: Reader | Writer, task: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
    try:
        return worker.answer(task)
    except QueryError as error:
        return {"error": str(error), "http": 400}, b""
    except TooMuch:
        most = f"{task['largest'] >> 20} MB or {MOST_TRIPLES} triples"
        return {"error": f"the answer is larger than {most}: ask for less (LIMIT, fewer columns)", "http": 422}, b""
    except MemoryError:
        return {"error": "the query needed more memory than it may have: ask for less", "http": 503}, b""
    except (KgError, OSError, RuntimeError) as error:
        return {"error": f"the store does not answer: {error}", "http": 503}, b""


def _send(header: Mapping[str, Any], body: bytes) -> None:
    out = sys.stdout.buffer
    out.write(json.dumps({**header, "size": len(body)}).encode() + b"\n" + body)
    out.flush()


def _body(result: Any, formats: Mapping[str, str], largest: int, prefixes: Mapping[str, str]) -> bytes:
    """An answer written in the format that is wanted for its kind."""
    out = Capped(largest)
    if isinstance(result, ox.QueryTriples):
        triples = list(islice(result, MOST_TRIPLES + 1))
        if len(triples) > MOST_TRIPLES:
            raise TooMuch
        graph_as(triples, formats["graph"], prefixes, out)
    else:
        kinds = ox.QueryResultsFormat
        wanted = {"json": kinds.JSON, "xml": kinds.XML, "csv": kinds.CSV, "tsv": kinds.TSV}
        result.serialize(out, format=wanted[formats["rows"]])
    return out.getvalue()
