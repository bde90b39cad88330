"""A build in the formats of others: RDF syntaxes, property graphs, tables.

    export(Path("build"), "graphml", Path("network.graphml"))
    export(Path("build"), "turtle", Path("facts.ttl.gz"), choice=Choice(style="plain", languages=("zh",)))

Formats are reached by name through :data:`FORMATS`. The same build gives the same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from kg.errors import DataError, OutputError
from kg.export import cypher, jelly, jsonld, neo4j, ontology, parquet, property_graphs, rdf, tables, void
from kg.export.choice import Choice, Chosen, choose
from kg.export.destination import folder_replaced, opened
from kg.export.packing import unpacked_name
from kg.export.source import ALL, FACTS, ONTOLOGY, GraphFile
from kg.export.styles import NAMED_GRAPHS, RDF12, STYLES
from kg.export.void import About
from kg.export.written import Written

__all__ = ["ALL", "FORMATS", "STYLES", "About", "Choice", "ExportSummary", "Format", "export"]

Write = Callable[[GraphFile, Sequence[str], IO[bytes]], Written]
WriteFolder = Callable[[GraphFile, Sequence[str], Path], Written]


@dataclass(frozen=True, slots=True)
class Format:
    """One format: what it is, how its files end, which named graphs it holds unless told otherwise.

    ``write`` fills one file; ``write_folder`` is there where the format is several ``files``, and ``write`` zips them.
    ``triple_terms`` tells whether it can hold RDF 1.2, ``binary`` that it is no text.
    """

    about: str
    suffix: str
    graphs: str
    write: Write
    write_folder: WriteFolder | None = None
    files: tuple[str, ...] = ()
    triple_terms: bool = False
    binary: bool = False


@dataclass(frozen=True, slots=True)
class ExportSummary:
    """What was written where; ``output`` is ``-`` for standard output. See :class:`Written` for the counts."""

    format: str
    output: str
    graphs: tuple[str, ...]
    written: Written


def _files(about: str, make: tables.Make, names: tuple[str, ...]) -> Format:
    return Format(about, ".zip", FACTS, tables.in_zip(make), tables.in_folder(make), names)


FORMATS: Mapping[str, Format] = {
    "turtle": Format("RDF, for people: one graph", ".ttl", FACTS, rdf.turtle, triple_terms=True),
    "ntriples": Format("RDF, a triple a line: one graph", ".nt", FACTS, rdf.ntriples, triple_terms=True),
    "rdfxml": Format("RDF as XML: one graph", ".rdf", FACTS, rdf.rdfxml),
    "nquads": Format("RDF, a quad a line", ".nq", ALL, rdf.nquads, triple_terms=True),
    "trig": Format("RDF, for people: named graphs", ".trig", ALL, rdf.trig, triple_terms=True),
    "jsonld": Format("RDF as JSON with a context", ".jsonld", ALL, jsonld.compact),
    "jsonld-framed": Format("entities as JSON, their evidence in them", ".framed.jsonld", FACTS, jsonld.framed),
    "jsonld-expanded": Format("RDF as JSON without a context", ".expanded.jsonld", ALL, jsonld.expanded),
    "context": Format("the context of the JSON alone, to be published", ".context.jsonld", ONTOLOGY, jsonld.context),
    "jelly": Format("RDF in binary frames: streams", ".jelly", ALL, jelly.jelly, triple_terms=True, binary=True),
    "graphml": Format("property graph: yEd, Cytoscape, networkx, igraph", ".graphml", FACTS, property_graphs.graphml),
    "gexf": Format("property graph: Gephi", ".gexf", FACTS, property_graphs.gexf),
    "cytoscape": Format("property graph: Cytoscape, Cytoscape.js", ".cyjs", FACTS, property_graphs.cytoscape),
    "csv": _files("tables of nodes, edges and figures", tables.as_csv, tables.CSV_FILES),
    "parquet": _files("tables with types: pandas, DuckDB, Spark", parquet.as_parquet, parquet.FILES),
    "neo4j": _files("CSV for neo4j-admin database import full", neo4j.as_import, neo4j.FILES),
    "cypher": Format("a script for cypher-shell", ".cypher", FACTS, cypher.script),
    "quads": Format("RDF as one table in Parquet: streams", ".parquet", ALL, parquet.quads, binary=True),
    "void": Format("the dataset described: VoID and DCAT", ".void.ttl", ALL, void.void),
    "ontology": Format("the ontology as a page, in Chinese and English", ".html", ONTOLOGY, ontology.ontology),
}
"""The formats by name."""


def export(
    build: Path,
    fmt: str,
    output: Path | None = None,
    *,
    graphs: Sequence[str] | None = None,
    choice: Choice | None = None,
) -> ExportSummary:
    """Write the graph of the build folder ``build`` in the format named ``fmt``.

    ``output`` is a file, written beside and then renamed, compressed if it ends in ``.gz`` or ``.zst``; without it, or
    with ``-``, standard output is written. For a format of several files it is a ``.zip`` file or else a folder, which
    is replaced. ``graphs`` names the graphs wanted (``facts``, ``evidence`` …, or ``all``); without it, syntaxes with
    named graphs hold all of them, the others the facts. ``choice`` tells style, languages, or a query.
    Raises :class:`DataError` for a format, graph, style or language that there is not, :class:`ReadError` if there is
    no build, :class:`OutputError` if the output cannot be written, and :class:`QueryError` for a query that fails.
    """
    if fmt not in FORMATS:
        raise DataError(f"there is no export format {fmt!r}; there are {', '.join(sorted(FORMATS))}")
    chosen, how = FORMATS[fmt], choice or Choice()
    _check(fmt, chosen, output, graphs, how)
    source = choose(build, how)
    wanted = source.select(graphs or [chosen.graphs])
    to_stdout = output is None or str(output) == "-"
    written = (
        _write_out(chosen, source, wanted) if output is None or to_stdout else _write(chosen, source, wanted, output)
    )
    return ExportSummary(fmt, "-" if to_stdout else str(output), wanted, written)


def _check(fmt: str, chosen: Format, output: Path | None, graphs: Sequence[str] | None, choice: Choice) -> None:
    """Refuse what cannot be had together, before any work."""
    if choice.style == RDF12 and not chosen.triple_terms:
        able = ", ".join(sorted(name for name, each in FORMATS.items() if each.triple_terms))
        raise DataError(f"{fmt} cannot hold the triple terms of RDF 1.2; these can: {able}")
    if choice.style == NAMED_GRAPHS and chosen.graphs != ALL:
        able = ", ".join(sorted(name for name, each in FORMATS.items() if each.graphs == ALL))
        raise DataError(f"{fmt} holds no named graphs; these do: {able}")
    if choice.where and graphs:
        raise DataError("a query says itself which graphs it asks: GRAPH <…> { … }; leave out the names of graphs")
    if chosen.write_folder and output is not None and unpacked_name(output) != output:
        raise DataError(f"{output}: {fmt} is several files; name a folder or a {chosen.suffix} file")
    is_text = not (chosen.write_folder or chosen.binary)
    if not is_text and (output is None or str(output) == "-") and sys.stdout.isatty():
        raise OutputError(f"{fmt} is no text for a terminal; name a {chosen.suffix} file for it with --output")


def _write_out(chosen: Format, source: Chosen, graphs: Sequence[str]) -> Written:
    written = chosen.write(source, graphs, sys.stdout.buffer)
    sys.stdout.buffer.flush()
    return written


def _write(chosen: Format, source: Chosen, graphs: Sequence[str], output: Path) -> Written:
    if chosen.write_folder and output.suffix != chosen.suffix:
        with folder_replaced(output, chosen.files) as folder:
            return chosen.write_folder(source, graphs, folder)
    with opened(output) as out:
        return chosen.write(source, graphs, out)
