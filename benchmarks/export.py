"""Exports of a large build: processor time and memory of each format, beside Oxigraph with the same graph.

    python -m benchmarks.export BUILD [--formats NAMES] [--rounds N]

BUILD is a folder with graph.nq and store/ (`python -m benchmarks.million OUT` makes one of a million quads). Each
figure is of a process of its own, in turns; what starting Python and loading modules takes is left out. The peers:

* disk: what else one could do with a build, the dump of its store;
* memory: the dump of a store in memory, which holds the whole graph. That it has to be loaded first is not counted;
* stream: Oxigraph's parser and serialiser one behind the other, which only rewrite graph.nq as it is.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import pyoxigraph as ox

from benchmarks.machine import describe
from kg.export import FORMATS, Choice, export
from kg.export.source import GraphFile

STREAMED = ("nquads", "ntriples", "turtle", "trig", "rdfxml", "jsonld-expanded", "jsonld", "jelly", "quads", "void")
SYNTAX = {
    "nquads": ox.RdfFormat.N_QUADS,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "turtle": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld-expanded": ox.RdfFormat.JSON_LD,
}
"""The formats that Oxigraph dumps itself."""
PEERS = ("disk", "memory", "stream")
LARGEST = "evidence"
"""The graph that is measured where a format holds only one."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of the processor, and the most memory in MiB."""

    seconds: float
    memory: float


def main() -> int:
    """Measure and print; exit code 2 without a graph."""
    options = _options()
    if options.only:
        return _one(options.build, options.only, options.peer)
    path = options.build / "graph.nq"
    if not path.is_file():
        print(f"{path}: there is no graph; make one: python -m benchmarks.million {options.build}", file=sys.stderr)
        return 2
    print(f"machine  {describe()}")
    print(f"graph    {path.stat().st_size / 1e6:,.0f} MB; the best of {options.rounds} rounds\n")
    print(f"| format | CPU s | memory, MiB | {' | '.join(PEERS)} |\n|{'---|' * (3 + len(PEERS))}")
    for fmt in options.formats.split(","):
        _row(options.build, fmt, options.rounds)
    return 0


def _row(build: Path, fmt: str, rounds: int) -> None:
    exported: list[Cost] = []
    peers: dict[str, list[Cost]] = {name: [] for name in PEERS if fmt in SYNTAX and _can(build, name)}
    for _ in range(rounds):
        exported.append(_measured(build, fmt))
        for name, costs in peers.items():
            costs.append(_measured(build, fmt, "--peer", name))
    mine, memory = min(each.seconds for each in exported), max(each.memory for each in exported)
    beside = [_beside(mine, peers.get(name, ())) for name in PEERS]
    print(f"| `{fmt}` | {mine:.2f} | {memory:.0f} | {' | '.join(beside)} |", flush=True)


def _can(build: Path, peer: str) -> bool:
    return peer != "disk" or (build / "store").is_dir()


def _beside(mine: float, costs: Sequence[Cost]) -> str:
    """What a peer took, and how many times as fast we are."""
    if not costs:
        return ""
    best, memory = min(each.seconds for each in costs), max(each.memory for each in costs)
    return f"{best:.2f} s, {memory:.0f} MiB: {best / mine:.2f}"


def _measured(build: Path, fmt: str, *more: str) -> Cost:
    command = [sys.executable, "-m", "benchmarks.export", str(build), "--only", fmt, *more]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Cost(*map(float, done.stdout.split()))


def _one(build: Path, fmt: str, peer: str | None) -> int:
    """What a process of its own does: write one format, and print what it took."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / f"g{FORMATS[fmt].suffix}"
        seconds = _theirs(build, fmt, out, peer) if peer else _export(build, fmt, out)
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return 0


def _export(build: Path, fmt: str, out: Path) -> float:
    started = process_time()
    export(build, fmt, out, graphs=_graphs(fmt), choice=Choice())
    return process_time() - started


def _theirs(build: Path, fmt: str, out: Path, peer: str) -> float:
    source = GraphFile(build / "graph.nq")
    wanted = source.select(_graphs(fmt))
    one = ox.NamedNode(wanted[0]) if _graphs(fmt) == [LARGEST] else None
    prefixes = source.prefixes(wanted) if fmt not in ("nquads", "ntriples") else None
    if peer == "stream":
        return _stream(source.path, fmt, out, prefixes, only_triples=one is not None)
    store = ox.Store.read_only(str(build / "store")) if peer == "disk" else ox.Store()
    if peer == "memory":
        store.bulk_load(path=str(source.path), format=ox.RdfFormat.N_QUADS)
    started = process_time()
    store.dump(str(out), SYNTAX[fmt], from_graph=one, prefixes=prefixes)
    return process_time() - started


def _stream(path: Path, fmt: str, out: Path, prefixes: dict[str, str] | None, *, only_triples: bool) -> float:
    started = process_time()
    quads = ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS)
    statements = (quad.triple for quad in quads) if only_triples else quads
    ox.serialize(statements, str(out), SYNTAX[fmt], prefixes=prefixes)
    return process_time() - started


def _graphs(fmt: str) -> Sequence[str]:
    return ["all"] if FORMATS[fmt].graphs == "all" else [LARGEST]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=Path, help="a folder with graph.nq")
    parser.add_argument("--formats", default=",".join(STREAMED), help="names of formats, with commas between")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", help=argparse.SUPPRESS)
    parser.add_argument("--peer", choices=PEERS, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
