"""The process in which one query runs: its task comes as JSON on standard input, its answer goes to standard output.

The answer is a line of JSON (``prefixes``, or ``error``) and, behind it, the result in the format asked for.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterable, Mapping
from typing import Any

_CLONE_NEWNET, _CLONE_NEWUSER = 0x40000000, 0x10000000
_PR_SET_PDEATHSIG = 1


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


def confine(memory: int, seconds: int, *, network: bool = False) -> tuple[str, ...]:
    """Limit memory (bytes) and processor time, leave the network, and die with the parent, as far as the system can.

    Without ``seconds`` the parent alone watches the time; with ``network`` it is not left. What the system did not
    grant of ``memory`` and ``network`` is returned.
    """
    refused = [] if _limit(memory, seconds) else ["memory"]
    if not _leave(network):
        refused.append("network")
    return tuple(refused)


def _limit(memory: int, seconds: int) -> bool:
    """Whether memory is limited from now on."""
    try:
        import resource
    except ImportError:  # not on this system: the parent's deadline remains
        return False
    limits = {resource.RLIMIT_CORE: 0, resource.RLIMIT_AS: memory}
    if seconds:
        limits[resource.RLIMIT_CPU] = seconds * (os.cpu_count() or 1)
    for what, limit in limits.items():
        hard = resource.getrlimit(what)[1]
        most = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):
            continue
    return 0 <= resource.getrlimit(resource.RLIMIT_AS)[0] <= memory


def _leave(network: bool) -> bool:
    """Die with the parent, and leave the network unless it is wanted; whether that was done."""
    if sys.platform != "linux":
        return network
    import ctypes

    libc = ctypes.CDLL(None)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    return network or bool(libc.unshare(_CLONE_NEWNET) == 0 or libc.unshare(_CLONE_NEWNET | _CLONE_NEWUSER) == 0)


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


def graph_as(triples: Iterable[Any], fmt: str, prefixes: Mapping[str, str]) -> bytes:
    """Triples in order as N-Triples (``nt``) or Turtle, with those of the prefixes that are of use."""
    import pyoxigraph as ox

    ordered = [each for _, each in sorted({str(each): each for each in triples}.items())]
    if fmt == "nt":
        return ox.serialize(ordered, format=ox.RdfFormat.N_TRIPLES) or b""
    text = " ".join(map(str, ordered))
    used = {name: iri for name, iri in prefixes.items() if iri in text}
    return ox.serialize(ordered, format=ox.RdfFormat.TURTLE, prefixes=used) or b""
