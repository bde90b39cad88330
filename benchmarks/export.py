"""Exports of a large build: processor time and memory of each format, beside Oxigraph's own dump of the same graph.

    python -m benchmarks.export BUILD [--formats NAMES] [--rounds N]

BUILD is a folder with graph.nq (`python -m benchmarks.million OUT` makes one of a million quads). Each export and each
dump is a process of its own, in turns; what starting Python and reading its modules takes is measured and left out. The
dump is that of a store in memory, which has to be loaded first: that is not counted, though an export has no such help.
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
        return _one(options.build, options.only, dump=options.dump)
    path = options.build / "graph.nq"
    if not path.is_file():
        print(f"{path}: there is no graph; make one: python -m benchmarks.million {options.build}", file=sys.stderr)
        return 2
    print(f"machine  {describe()}")
    print(f"graph    {path.stat().st_size / 1e6:,.0f} MB; the best of {options.rounds} rounds\n")
    print("| format | CPU s | memory, MiB | Oxigraph's dump, CPU s | speed beside it |\n|---|---|---|---|---|")
    for fmt in options.formats.split(","):
        _row(options.build, fmt, options.rounds)
    return 0


def _row(build: Path, fmt: str, rounds: int) -> None:
    exported, dumped = [], []
    for _ in range(rounds):
        exported.append(_measured(build, fmt))
        if fmt in SYNTAX:
            dumped.append(_measured(build, fmt, "--dump"))
    seconds, memory = min(each.seconds for each in exported), max(each.memory for each in exported)
    peer = min((each.seconds for each in dumped), default=0.0)
    beside = f"{peer:.2f} | {peer / seconds:.2f}" if peer else " | "
    print(f"| `{fmt}` | {seconds:.2f} | {memory:.0f} | {beside} |", flush=True)


def _measured(build: Path, fmt: str, *more: str) -> Cost:
    command = [sys.executable, "-m", "benchmarks.export", str(build), "--only", fmt, *more]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Cost(*map(float, done.stdout.split()))


def _one(build: Path, fmt: str, *, dump: bool) -> int:
    """What a process of its own does: write one format, and print what it took."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / f"g{FORMATS[fmt].suffix}"
        seconds = _dump(build, fmt, out) if dump else _export(build, fmt, out)
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return 0


def _export(build: Path, fmt: str, out: Path) -> float:
    started = process_time()
    export(build, fmt, out, graphs=_graphs(fmt), choice=Choice())
    return process_time() - started


def _dump(build: Path, fmt: str, out: Path) -> float:
    source, store = GraphFile(build / "graph.nq"), ox.Store()
    store.bulk_load(path=str(source.path), format=ox.RdfFormat.N_QUADS)
    wanted = source.select(_graphs(fmt))
    one = ox.NamedNode(wanted[0]) if _graphs(fmt) == [LARGEST] else None
    prefixes = source.prefixes(wanted) if fmt not in ("nquads", "ntriples") else None
    started = process_time()
    store.dump(str(out), SYNTAX[fmt], from_graph=one, prefixes=prefixes)
    return process_time() - started


def _graphs(fmt: str) -> Sequence[str]:
    return ["all"] if FORMATS[fmt].graphs == "all" else [LARGEST]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=Path, help="a folder with graph.nq")
    parser.add_argument("--formats", default=",".join(STREAMED), help="names of formats, with commas between")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", help=argparse.SUPPRESS)
    parser.add_argument("--dump", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
