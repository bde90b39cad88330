"""The stores that exports are loaded into, for real: how each is started, given a graph and asked.

Each listens to this machine alone or runs in a process of its own, writes into a temporary folder, and is gone when
its block ends. What is run is what ``docs/stores.md`` gives.
"""

from __future__ import annotations

import os
import shutil
import sys
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyoxigraph as ox
import store_jena
from child import asked
from documented import block, run, with_ports
from servers import free_port
from support import ROOT

from kg import nquads
from kg.sparql import form
from kg.tables import to_table
from kg.types import Table

HERE = Path(__file__).parent
NODE_MODULES = ROOT / "node_modules"
ROWS, TRIPLES = "application/sparql-results+json", "application/n-triples"

Query = Callable[[str], str]
Sorts = Literal["all", "strings", "nothing"]
"""Texts with a language too, whose order SPARQL leaves open; texts without one, as STR() gives; several keys not."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A store that holds a graph: ``query`` takes SPARQL and gives JSON or N-Triples; ``pid`` is its process."""

    query: Query
    pid: int

    def ask(self, query: str) -> Table:
        """The rows of a SELECT, or the graph of a CONSTRUCT, sorted."""
        body = self.query(query).strip()
        if form(query) == "SELECT":
            return to_table(body.encode())
        triples = ox.parse(body, format=ox.RdfFormat.N_TRIPLES)
        return Table(("subject", "predicate", "object"), tuple(sorted({tuple(map(str, t.triple)) for t in triples})))


def peak(pid: int) -> int:
    """The most memory that a process has had, in megabytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) // 1000 for line in status.splitlines() if line.startswith("VmHWM"))


def cpu(pid: int) -> float:
    """The seconds that a process has computed so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


Load = Callable[[Path, Path], AbstractContextManager[Loaded]]


@dataclass(frozen=True, slots=True)
class RealStore:
    """A store by the name of its section in the document.

    ``absent`` says why it cannot run here, ``load`` takes a build and a folder to work in, as does ``pushed`` where
    ``kg push`` reaches it. ``always`` tells whether
    continuous integration must have it, ``union`` whether a query without GRAPH sees every graph, ``own`` how the
    graphs begin that the store brings itself, ``sorts`` what ORDER BY is good for there.
    """

    name: str
    absent: Callable[[], str]
    load: Load
    pushed: Load | None = None
    always: bool = True
    union: bool = False
    own: tuple[str, ...] = ()
    sorts: Sorts = "all"


COUNTS = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"


def counts(store: RealStore, there: Loaded) -> Counter[str]:
    """Triples by named graph, less the graphs that the store has of its own."""
    found = {str(graph): nquads.split_literal(str(number)) for graph, number in there.ask(COUNTS).rows}
    return Counter({g: int(n[0]) for g, n in found.items() if n and not g[1:].startswith(store.own)})


def programs(package: str, *names: str) -> Callable[[], str]:
    """Asks whether programs are on the path, the one of this Python included."""

    def absent() -> str:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        missing = [name for name in names if shutil.which(name, path=path) is None]
        return f"no {', '.join(missing)}: {package}" if missing else ""

    return absent


def server(section: str, port: int, path: str, *others: int, number: int = 0) -> Load:
    """A store that is started and filled by a block of its section, and answers at ``path`` of its port."""

    @contextmanager
    def load(build: Path, folder: Path) -> Iterator[Loaded]:
        ports = {each: free_port() for each in (port, *others)}
        (folder / "build").symlink_to(build)
        if section == "Virtuoso":
            (folder / "virtuoso.ini").write_text(with_ports(block(section, "ini"), ports), encoding="utf-8")
        with ExitStack() as stack:
            pid = run(with_ports(block(section, number=number), ports), folder, ports[port], stack)
            yield Loaded(over_http(f"http://127.0.0.1:{ports[port]}{path}"), pid)

    return load


def over_http(address: str) -> Query:
    """Queries by the SPARQL 1.1 Protocol."""

    def query(text: str) -> str:
        body = urllib.parse.urlencode({"query": text}).encode()
        wanted = {"Accept": ROWS if form(text) == "SELECT" else TRIPLES}
        with urllib.request.urlopen(urllib.request.Request(address, body, wanted), timeout=300) as answer:
            return str(answer.read().decode())

    return query


def library(*command: str) -> Load:
    """A store that is a program of ``child.py``, which reads the file itself."""

    @contextmanager
    def load(build: Path, folder: Path) -> Iterator[Loaded]:
        with asked([*command, str(build / "graph.nq")], folder) as child:
            yield Loaded(child, child.pid)

    return load


def no_comunica() -> str:
    found = (NODE_MODULES / "@comunica" / "query-sparql-file").is_dir() and shutil.which("node")
    return "" if found else "no Comunica: npm install --no-save @comunica/query-sparql-file@4"


STORES: Mapping[str, RealStore] = {
    store.name: store
    for store in (
        RealStore(
            "Oxigraph",
            programs("pip install 'kg[stores]'", "oxigraph", "curl"),
            server("Oxigraph", 7878, "/query"),
            server("Oxigraph", 7878, "/query", number=1),
        ),
        RealStore(
            "Virtuoso",
            programs("apt-get install virtuoso-opensource-7-bin virtuoso-opensource-7-common", "virtuoso-t", "isql-vt"),
            server("Virtuoso", 8890, "/sparql", 1111),
            server("Virtuoso", 8890, "/sparql", 1111, number=1),
            union=True,
            own=("http://www.openlinksw.com/", "http://www.w3.org/ns/ldp#", "http://localuriqaserver/"),
            sorts="strings",
        ),
        RealStore("Apache Jena", store_jena.absent, library(sys.executable, str(HERE / "store_jena.py"))),
        RealStore(
            "Comunica",
            no_comunica,
            library("node", str(HERE / "store_comunica.mjs"), str(NODE_MODULES)),
            always=False,
            sorts="nothing",
        ),
    )
}
"""The stores that speak SPARQL, by name."""
