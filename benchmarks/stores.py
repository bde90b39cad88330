"""How long stores take to load and to answer, and how much memory: the bundled graph, and one of a million quads.

    python -m benchmarks.stores [--in BUILD] [--million FOLDER] [STORE ...]

Each store of ``docs/stores.md`` that is installed is started, loaded, counted and asked as the tests do, and a row of
the table is printed: CPU seconds of the store's own process, starting it included, and the most memory that it had.
``FOLDER`` is what ``benchmarks.million`` laid; without it, only the build is loaded.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from benchmarks.machine import describe

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "tests"))  # the stores are started there

import graph_stores  # noqa: E402
import real_stores  # noqa: E402

from kg import nquads  # noqa: E402
from kg.export.labelled import read_labelled  # noqa: E402
from kg.export.source import GraphFile  # noqa: E402
from kg.outputs import GRAPH  # noqa: E402
from kg.query import list_questions  # noqa: E402

COUNTS = ("MATCH (n) RETURN count(n)", "MATCH ()-[r]->() RETURN count(r)")


def main() -> None:
    """Measure and print."""
    asked = _options()
    print(f"{describe()}\n\n| store | graph | loaded, CPU s | questions, CPU s | memory, MB |\n|---|---|---|---|---|")
    builds = {"bundled": asked.build, **({"million": asked.million} if asked.million else {})}
    for label, build in builds.items():
        for row in chain(_sparql(build.resolve(), asked.stores), _cypher(build.resolve(), asked.stores)):
            print(f"| {row[0]} | {label} | {row[1]:.1f} | {row[2]} | {row[3]} |", flush=True)


def _sparql(build: Path, wanted: list[str]) -> Iterator[tuple[str, float, str, int]]:
    for store in real_stores.STORES.values():
        if _skipped(store.name, store.absent(), wanted):
            continue
        with tempfile.TemporaryDirectory() as folder, store.load(build, Path(folder)) as there:
            loaded = real_stores.cpu(there.pid)
            _same(store.name, real_stores.counts(store, there), Counter(q.graph for q in nquads.read(build / GRAPH)))
            for question in list_questions():
                there.ask(question.query)
            asked = real_stores.cpu(there.pid) - loaded
            yield store.name, loaded, f"{asked:.1f}", real_stores.peak(there.pid)


def _cypher(build: Path, wanted: list[str]) -> Iterator[tuple[str, float, str, int]]:
    for store in graph_stores.STORES.values():
        if _skipped(store.name, store.absent(), wanted):
            continue
        with tempfile.TemporaryDirectory() as folder, store.fill(build, Path(folder)) as there:
            loaded = real_stores.cpu(there.pid)
            source = GraphFile(build / GRAPH)
            held = read_labelled(source, source.select(["facts"])).written
            _same(store.name, [there.ask(query)[0][0] for query in COUNTS], [held.nodes + held.figures, held.edges])
            yield store.name, loaded, "–", real_stores.peak(there.pid)


def _same(name: str, found: object, wanted: object) -> None:
    if found != wanted:
        raise SystemExit(f"{name}: holds {found}, not {wanted}")


def _skipped(name: str, absent: str, wanted: list[str]) -> bool:
    if absent and (not wanted or name in wanted):
        print(f"{name}: {absent}", file=sys.stderr)
    return bool(absent or (wanted and name not in wanted))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stores", nargs="*", metavar="STORE", help="as docs/stores.md calls it; without one, all")
    parser.add_argument("--in", dest="build", type=Path, default=Path("build"))
    parser.add_argument("--million", type=Path, metavar="FOLDER")
    return parser.parse_args()


if __name__ == "__main__":
    main()
