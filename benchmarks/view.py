"""The network page beside plain pyvis, on the same made-up graphs in one run of headless Chromium.

    python -m benchmarks.view [--sizes 200 2000 20000] [--runs N] [--patience S] [--keep FOLDER]

For each size: what writing the page takes, its bytes, the time to its first picture (clock, and CPU of the page's
process), the memory of that process, and frames a second and milliseconds a frame while the picture is moved. The
peers: pyvis with its defaults, and pyvis with physics off and our positions, as the fair comparison. Above the size to
which our page shows everything, it is measured a second time with everything shown at once. The best of several runs
counts, for other work on the machine only ever makes a page slower.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version as version_of
from pathlib import Path
from time import process_time
from typing import Any

from benchmarks import chromium
from benchmarks.chromium import Cost
from benchmarks.machine import describe
from benchmarks.view_graphs import network
from kg.resources import root
from kg.view import ASSETS, page, render_model
from kg.view_data import PageData, page_data
from kg.view_layout import SHOWN
from kg.view_model import Model
from kg.vocab import Vocab, load_vocab

OURS = "kg view"


@dataclass(frozen=True, slots=True)
class Row:
    """One page: bytes of its file, CPU seconds of writing it, and what it costs in the browser."""

    size: int
    made: float
    cost: Cost


def main() -> int:
    """Measure and print; exit code 2 without a browser."""
    options = _options()
    try:
        browser = chromium.version()
    except RuntimeError as missing:
        print(missing, file=sys.stderr)
        return 2
    print(f"{describe()}, {browser}, pyvis {version_of('pyvis')}; best of {options.runs}")
    vocab = load_vocab(root() / "ontology.ttl")
    with tempfile.TemporaryDirectory() as folder:
        keep = options.keep or Path(folder)
        keep.mkdir(parents=True, exist_ok=True)
        for count in options.sizes:
            rows = _measure(count, vocab, keep, options)
            report(rows, options.patience)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[200, 2000, 20_000], help="numbers of nodes")
    parser.add_argument("--runs", type=int, default=3, help="how often each page is opened")
    parser.add_argument("--patience", type=float, default=60.0, help="CPU seconds granted for a first picture")
    parser.add_argument("--panning", type=float, default=3.0, help="seconds to move the picture")
    parser.add_argument("--only", default="", help="measure the page of this name alone")
    parser.add_argument("--keep", type=Path, help="a folder for the pages and their screenshots")
    return parser.parse_args()


def _measure(count: int, vocab: Vocab, folder: Path, options: argparse.Namespace) -> dict[str, Row]:
    """Each page of a graph, opened in turns, so that a busy machine is busy for all."""
    model = network(count, vocab)
    print(f"\n{len(model.things):,} nodes, {len(model.statements):,} relations")
    pages: dict[str, Callable[[Path], object]] = {
        OURS: lambda out: render_model(model, vocab, out),
        "pyvis, defaults": lambda out: out.write_text(_pyvis(model, vocab, {}), encoding="utf-8"),
        "pyvis, our positions": lambda out: out.write_text(
            _pyvis(model, vocab, _spots(model, vocab)), encoding="utf-8"
        ),
    }
    if count > SHOWN:
        pages[f"{OURS}, all at once"] = lambda out: out.write_text(_all_at_once(model, vocab), encoding="utf-8")
    pages = {name: write for name, write in pages.items() if options.only in name}
    files = {name: folder / f"{name.replace(', ', '-').replace(' ', '-')}-{count}.html" for name in pages}
    made = {name: _timed(write, files[name]) for name, write in pages.items()}
    costs: dict[str, list[Cost]] = {name: [] for name in pages}
    for turn in range(options.runs):
        for name, html in files.items():
            if turn and costs[name][0].first is None:
                continue  # what did not come once is not waited for again
            screen = html.with_suffix(".png") if options.keep else None
            costs[name].append(chromium.cost(html, patience=options.patience, panning=options.panning, screen=screen))
    return {name: Row(files[name].stat().st_size, made[name], _best(costs[name])) for name in pages}


def _timed(write: Callable[[Path], object], out: Path) -> float:
    started = process_time()
    write(out)
    return process_time() - started


def _best(costs: Sequence[Cost]) -> Cost:
    firsts = [cost.first for cost in costs if cost.first]
    pannings = [cost.panning for cost in costs if cost.panning]
    return Cost(
        min(firsts, key=lambda first: first.cpu, default=None),
        max(pannings, key=lambda panning: panning.frames, default=None),
    )


def _all_at_once(model: Model, vocab: Vocab) -> str:
    """Our page, made to show at once what it shows on demand."""
    words = json.loads((ASSETS / "words.json").read_text(encoding="utf-8"))
    data = page_data(model, vocab, title=OURS, lang="zh", words=words)
    for node in data.nodes:
        node["core"] = True
    return page(data)


def _spots(model: Model, vocab: Vocab) -> dict[str, Any]:
    data: PageData = page_data(model, vocab, title="", lang="zh", words={})
    return {node["iri"]: {"x": node["x"], "y": node["y"]} for node in data.nodes}


def _pyvis(model: Model, vocab: Vocab, spots: dict[str, Any]) -> str:
    """The graph as pyvis draws it: names, types as colours, relations as arrows with a name on pointing at them."""
    from pyvis.network import Network

    drawn = Network(height="740px", directed=True, cdn_resources="in_line")
    for thing in model.things:
        colour = vocab.classes[thing.type].colour
        node = {"id": thing.iri, "label": thing.labels["zh"], "title": thing.type, "color": colour, "shape": "dot"}
        drawn.nodes.append(node | spots.get(thing.iri, {}))
    drawn.node_ids = [thing.iri for thing in model.things]
    drawn.node_map = {node["id"]: node for node in drawn.nodes}
    drawn.edges = [{"from": s.subject, "to": s.object, "title": s.predicate, "arrows": "to"} for s in model.statements]
    drawn.toggle_physics(not spots)
    return str(drawn.generate_html())


def report(rows: dict[str, Row], patience: float) -> None:
    """Print the table of one graph, and what our page costs beside each of the others."""
    print(
        f"{'':22} {'written':>9} {'size':>9} {'first picture':>17} {'memory':>9} {'frames':>7} {'main':>8} {'all':>8}"
    )
    print(f"{'':22} {'CPU s':>9} {'MiB':>9} {'CPU s   clock s':>17} {'MiB':>9} {'a s':>7} {'ms':>8} {'ms':>8}")
    for name, row in rows.items():
        print(f"{name:22} {row.made:9.2f} {row.size / 2**20:9.2f} {_costs(row.cost, patience)}")
    for name, row in rows.items():
        if name != OURS and OURS in rows:
            print(f"{OURS} / {name}: {_ratios(rows[OURS].cost, row.cost)}")


def _costs(cost: Cost, patience: float) -> str:
    if cost.first is None:
        return f"no picture within {patience:.0f} CPU s"
    first = f"{cost.first.cpu:7.2f} {cost.first.wall:9.2f} {cost.first.memory:9.0f}"
    if cost.panning is None:
        return first
    return f"{first} {cost.panning.frames:7.1f} {cost.panning.main:8.1f} {cost.panning.all:8.1f}"


def _ratios(ours: Cost, other: Cost) -> str:
    if not (ours.first and other.first and ours.panning and other.panning):
        return "no ratio"
    return (
        f"first picture {ours.first.cpu / other.first.cpu:.2f} of the CPU, "
        f"{ours.panning.frames / other.panning.frames:.1f} times the frames, "
        f"{ours.panning.main / other.panning.main:.2f} of the main thread's time a frame"
    )


if __name__ == "__main__":
    sys.exit(main())
