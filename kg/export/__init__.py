"""A build in the formats of others: RDF syntaxes, property graphs, tables.

    export(Path("build"), "graphml", Path("network.graphml"))

Formats are reached by name through :data:`FORMATS`. The same build gives the same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from kg.errors import DataError, OutputError
from kg.export import property_graphs, rdf
from kg.export.destination import folder_replaced, opened
from kg.export.source import ALL, FACTS, GraphFile
from kg.export.written import Written

__all__ = ["ALL", "FORMATS", "ExportSummary", "Format", "export"]

Write = Callable[[GraphFile, Sequence[str], IO[bytes]], Written]
WriteFolder = Callable[[GraphFile, Sequence[str], Path], Written]


@dataclass(frozen=True, slots=True)
class Format:
    """One format: what it is, how its files end, which named graphs it holds unless told otherwise.

    ``write`` fills one file; ``write_folder`` is there where the format is several files, and ``write`` zips them.
    """

    about: str
    suffix: str
    graphs: str
    write: Write
    write_folder: WriteFolder | None = None


@dataclass(frozen=True, slots=True)
class ExportSummary:
    """What was written where; ``output`` is ``-`` for standard output. See :class:`Written` for the counts."""

    format: str
    output: str
    graphs: tuple[str, ...]
    written: Written


FORMATS: Mapping[str, Format] = {
    "turtle": Format("RDF, for people: one graph", ".ttl", FACTS, rdf.turtle),
    "ntriples": Format("RDF, a triple a line: one graph", ".nt", FACTS, rdf.ntriples),
    "rdfxml": Format("RDF as XML: one graph", ".rdf", FACTS, rdf.rdfxml),
    "nquads": Format("RDF, a quad a line", ".nq", ALL, rdf.nquads),
    "trig": Format("RDF, for people: named graphs", ".trig", ALL, rdf.trig),
    "jsonld": Format("RDF as JSON", ".jsonld", ALL, rdf.jsonld),
    "graphml": Format("property graph: yEd, Cytoscape, networkx, igraph", ".graphml", FACTS, property_graphs.graphml),
    "gexf": Format("property graph: Gephi", ".gexf", FACTS, property_graphs.gexf),
    "csv": Format(
        "nodes.csv and edges.csv, in a folder or a .zip",
        ".zip",
        FACTS,
        property_graphs.zipped_tables,
        property_graphs.tables,
    ),
}
"""The formats by name."""


def export(build: Path, fmt: str, output: Path | None = None, *, graphs: Sequence[str] | None = None) -> ExportSummary:
    """Write the graph of the build folder ``build`` in the format named ``fmt``.

    ``output`` is a file, written beside and then renamed; without it, or with ``-``, standard output is written. For
    ``csv`` it is a ``.zip`` file or else a folder, which is replaced. ``graphs`` names the graphs wanted (``facts``,
    ``evidence`` …, or ``all``); without it, syntaxes with named graphs hold all of them, the others the facts.
    Raises :class:`DataError` for a format or graph that there is not, :class:`ReadError` if there is no build, and
    :class:`OutputError` if the output cannot be written.
    """
    if fmt not in FORMATS:
        raise DataError(f"there is no export format {fmt!r}; there are {', '.join(sorted(FORMATS))}")
    chosen, source = FORMATS[fmt], GraphFile(build / "graph.nq")
    wanted = source.select(graphs or [chosen.graphs])
    to_stdout = output is None or str(output) == "-"
    if output is None or to_stdout:
        _refuse_terminal(fmt, chosen)
        written = chosen.write(source, wanted, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    elif chosen.write_folder and output.suffix != chosen.suffix:
        with folder_replaced(output, property_graphs.TABLES) as folder:
            written = chosen.write_folder(source, wanted, folder)
    else:
        with opened(output) as out:
            written = chosen.write(source, wanted, out)
    return ExportSummary(fmt, "-" if to_stdout else str(output), wanted, written)


def _refuse_terminal(name: str, chosen: Format) -> None:
    if chosen.write_folder and sys.stdout.isatty():
        raise OutputError(f"{name} is no text for a terminal; name a folder or a {chosen.suffix} file for it")
