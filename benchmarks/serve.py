"""Many readers at once: what they wait for, of `kg serve` and, for queries, of Oxigraph's own server on the same graph.

    python -m benchmarks.serve [--in BUILD] [--readers 50] [--requests 20]

Each reader sends its requests one behind the other on one connection, in an order of its own that is the same in every
run: the bundled questions as queries, then pages. Every answer is read to its end; anything but 200 is an error.
"""

from __future__ import annotations

import argparse
import http.client
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import quote

from benchmarks.machine import describe
from kg import nquads, terms
from kg.api import recipe_of
from kg.questions import list_questions
from tests.servers import free_port, served

PATIENCE = 120.0
PEER = Path(sys.executable).with_name("oxigraph")


@dataclass(frozen=True, slots=True)
class Load:
    """What readers met: milliseconds of each request, and how often each status came; ``memory`` in MiB."""

    times: tuple[float, ...]
    statuses: Counter[int]
    seconds: float
    memory: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--in", dest="build", type=Path, default=Path("build"))
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--requests", type=int, default=20)
    given = parser.parse_args()
    queries, pages = list(_queries(given.build)), list(_pages(given.build))
    print(f"machine     {describe()}; {given.readers} readers, {given.requests} requests each, {given.build}")
    print(f"{'':22} {'errors':>6} {'median ms':>10} {'p95 ms':>8} {'p99 ms':>8} {'a second':>9} {'MiB':>6}")
    with kg_serve(given.build) as (port, pid):
        print(f"first page after {_first_page(given.build):.1f} s of starting the command")
        _report("kg serve, queries", run(port, pid, queries, given.readers, given.requests))
        _report("kg serve, pages", run(port, pid, pages, given.readers, given.requests))
    if not PEER.is_file():
        print("Oxigraph's server is not installed: pip install 'kg[stores]'")
        return
    with oxigraph(given.build) as (port, pid):
        theirs = [each.replace("/sparql?", "/query?union-default-graph&") for each in queries]
        _report("Oxigraph, queries", run(port, pid, theirs, given.readers, given.requests))


def _queries(build: Path) -> Iterator[str]:
    from kg.stores.embedded import open as open_embedded

    store = open_embedded(build / "store", read_only=True)
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in sorted(store.prefixes().items()))
    for question in list_questions(recipe_of(build).queries):
        declared = set(re.findall(r"PREFIX\s+(\w+):", question.query))
        wanted = [line for line in prefixes.splitlines() if line.split()[1][:-1] not in declared]
        yield "/sparql?query=" + quote("\n".join([*wanted, question.query]), safe="")


def _pages(build: Path) -> Iterator[str]:
    """Pages of every kind: of entities, documents, terms, lists; those of the first entities and documents."""
    yield from ("/", "/search?q=" + quote("雄安"), "/documents", "/questions", "/ontology", "/rejected")
    base = recipe_of(build).base
    wanted = {f"<{base}id/": 40, f"<{base}doc/": 10, f"<{base}statement/": 10}
    last = ""
    for quad in nquads.read(build / "graph.nq"):
        kind = next((each for each in wanted if quad.subject.startswith(each)), "")
        if kind and quad.predicate == terms.TYPE and quad.subject != last and "#" not in quad.subject and wanted[kind]:
            wanted[kind] -= 1
            last = quad.subject
            yield "/" + quad.subject[1:-1].removeprefix(base)
        if not any(wanted.values()):
            return


def run(port: int, pid: int, addresses: Sequence[str], readers: int, requests: int) -> Load:
    """Let ``readers`` send ``requests`` each."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(readers) as threads:
        found = list(threads.map(lambda n: _reader(port, n, addresses, requests), range(readers)))
    seconds = time.perf_counter() - begun
    pairs = [pair for each in found for pair in each]
    return Load(tuple(ms for ms, _ in pairs), Counter(status for _, status in pairs), seconds, _memory(pid))


def _reader(port: int, number: int, addresses: Sequence[str], requests: int) -> list[tuple[float, int]]:
    order = random.Random(number)
    found = []
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        for _ in range(requests):
            begun = time.perf_counter()
            connection.request("GET", order.choice(addresses))
            answer = connection.getresponse()
            answer.read()
            found.append(((time.perf_counter() - begun) * 1000, answer.status))
    return found


def _memory(pid: int) -> float:
    """The resident memory of a process and of its children, in MiB."""
    total = 0
    for each in (pid, *_children(pid)):
        status = Path(f"/proc/{each}/status")
        text = status.read_text(encoding="utf-8") if status.is_file() else ""
        total += sum(int(kilobytes) for kilobytes in re.findall(r"VmRSS:\s+(\d+)", text))
    return total / 1024


def _children(pid: int) -> list[int]:
    done = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(each) for each in done.stdout.split()]


def _first_page(build: Path) -> float:
    """Seconds from the command to its first page."""
    begun = time.perf_counter()
    with kg_serve(build):
        return time.perf_counter() - begun


@contextmanager
def kg_serve(build: Path) -> Iterator[tuple[int, int]]:
    """`kg serve`: its port, and the number of its process."""
    port = free_port()
    command = [sys.executable, "-m", "kg", "serve", "--in", str(build), "--port", str(port)]
    with served(command, port) as process:
        yield port, process.pid


@contextmanager
def oxigraph(build: Path) -> Iterator[tuple[int, int]]:
    """Oxigraph's server with the same graph."""
    port, program = free_port(), str(PEER)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([program, "load", "-l", folder, "-f", str(build / "graph.nq")], check=True, capture_output=True)
        with served([program, "serve-read-only", "-l", folder, "-b", f"127.0.0.1:{port}"], port) as process:
            yield port, process.pid


def _report(name: str, load: Load) -> None:
    errors = sum(n for status, n in load.statuses.items() if status != 200)
    cut = quantiles(load.times, n=100)
    rate = len(load.times) / load.seconds
    print(
        f"{name:22} {errors:6} {median(load.times):10.0f} {cut[94]:8.0f} {cut[98]:8.0f} {rate:9.0f} {load.memory:6.0f}"
    )


if __name__ == "__main__":
    main()
