"""SPARQL over a build, safely: each query runs in a process of its own, which is killed when its time is up.

The engine has no timeout and shares a process with nobody: the child has no network where the system allows that,
limited memory, and opens the build's store for reading only (a build is never changed in place, so it is a snapshot).
"""

from __future__ import annotations

import json
import math
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.confined import command, environment, lacked_memory
from kg.errors import QueryError, ReadError
from kg.questions import find_query, list_questions
from kg.sparql import form, refuse, unknown_names
from kg.tables import render, to_table
from kg.types import Table
from kg.vocab_types import Vocab

__all__ = ["Answer", "ask", "list_questions", "query_table", "run_query"]

TIMEOUT = 30.0
"""Seconds after which a query is given up."""
MEMORY = 4 << 30
"""Bytes of address space that a query may use."""
FORMATS: Mapping[str, tuple[str, ...]] = {
    "SELECT": ("table", "csv", "tsv", "json"),
    "ASK": ("table", "csv", "tsv", "json"),
    "CONSTRUCT": ("turtle", "nt", "table"),
    "DESCRIBE": ("turtle", "nt", "table"),
}
"""The formats in which each form of query can be answered, the usual one first."""

_STARTING = 10.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query gave: ``body`` in ``format``, and the prefixes by which its IRIs may be shortened."""

    format: str
    body: bytes
    prefixes: Mapping[str, str]


def run_query(
    build: str | Path, query: str, *, timeout: float = TIMEOUT, fmt: str = "", questions: Path | None = None
) -> str:
    """Ask a build, and answer as text in the format ``fmt`` (see ``FORMATS``; by default the usual one of the query).

    ``query`` is SPARQL, the name of a bundled question, or a file. Raises :class:`ReadError` if there is no build, and
    :class:`QueryError` for a query that is wrong (with line and column), refused, too slow or too large.
    """
    text, where = find_query(query, questions)
    with placed(where):
        chosen = chosen_format(text, fmt)
        answer = ask(Path(build), text, _sent(text) if chosen == "table" else chosen, timeout=timeout)
    return render(answer.body, answer.prefixes) if chosen == "table" else answer.body.decode()


def query_table(build: str | Path, query: str, *, timeout: float = TIMEOUT, questions: Path | None = None) -> Table:
    """Like :func:`run_query`, but as data: the rows of a SELECT, one row for an ASK, triples as rows for a graph."""
    text, where = find_query(query, questions)
    with placed(where):
        chosen_format(text, "table")
        return to_table(ask(Path(build), text, _sent(text), timeout=timeout).body)


def unknown_terms(query: str, vocab: Vocab) -> Iterator[str]:
    """What a query calls by the ontology's prefix and the ontology does not have, each with what may be meant."""
    known = {*vocab.classes, *vocab.properties, *vocab.individuals}
    for name, near in {token.text: near for token, near in unknown_names(query, vocab.prefix, known)}.items():
        hint = f": did you mean {vocab.prefix}:{near}?" if near else ""
        yield f"{name} is no term of the ontology{hint}"


def _sent(query: str) -> str:
    """The format in which the answer travels when rows are wanted."""
    return "json" if form(query) in ("SELECT", "ASK") else "nt"


@contextmanager
def placed(where: str) -> Iterator[None]:
    """Errors that tell a place in the query say in which file that is."""
    try:
        yield
    except QueryError as error:
        message = str(error)
        if not where or not message.startswith("query:"):
            raise
        raise QueryError(where + message.removeprefix("query")) from error


def chosen_format(query: str, wanted: str) -> str:
    """The format of an answer: the one wanted if the form of the query has it, else the usual one; see ``FORMATS``."""
    refuse(query)
    kind = form(query)
    if not kind:
        raise QueryError(f"query:1:1: a query begins with {', '.join(FORMATS)} (behind its prefixes)")
    if wanted and wanted not in FORMATS[kind]:
        raise QueryError(f"the answer to a {kind} query cannot be written as {wanted!r}: {', '.join(FORMATS[kind])}")
    return wanted or FORMATS[kind][0]


def ask(build: Path, query: str, fmt: str, *, timeout: float = TIMEOUT, memory: int = MEMORY) -> Answer:
    """Send a query to a process of its own and wait ``timeout`` seconds; ``fmt`` is json, csv, tsv, turtle or nt."""
    if not (build / "store").is_dir():
        raise ReadError(f"{build}: there is no build here: run `kg build` first, or name one with --in")
    refuse(query)
    task = {"store": str(build / "store"), "query": query, "format": fmt, "memory": memory}
    task |= {"seconds": math.ceil(timeout + _STARTING)}
    body = _work(task, timeout)
    head, _, rest = body.partition(b"\n")
    header: dict[str, Any] = json.loads(head)
    if "error" in header:
        raise (ReadError if header["kind"] == ReadError.__name__ else QueryError)(header["error"])
    return Answer(fmt, rest, header["prefixes"])


def _work(task: Mapping[str, object], timeout: float) -> bytes:
    pipe = subprocess.PIPE
    run = command("kg.query_worker")
    with subprocess.Popen(run, stdin=pipe, stdout=pipe, stderr=pipe, env=environment()) as child:
        try:
            body, trouble = child.communicate(json.dumps(task).encode(), timeout)
        except subprocess.TimeoutExpired:
            raise QueryError(
                f"the query did not end within {timeout:g} s and was stopped: ask for less (LIMIT, fewer open ends), "
                "or allow more with --timeout"
            ) from None
        finally:
            child.kill()
    if child.returncode != 0 or not body:
        raise QueryError(_death(child.returncode, trouble, task))
    return body


def _death(code: int, trouble: bytes, task: Mapping[str, Any]) -> str:
    said = trouble.decode(errors="replace").strip()
    if lacked_memory(said):
        return f"the query needed more than {task['memory'] >> 20} MB of memory and was stopped: ask for less"
    last = said.split("\n")[-1]
    return f"the query was stopped by the system ({code}): {last or 'no reason given'}; ask for less"
