"""The network as tables, one row a node, an edge or a figure, and tables as files in a folder or an archive."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from kg.export.network import figure_of, network_of
from kg.export.source import GraphFile
from kg.export.statements import read_graph
from kg.export.tidy import Attributes, tidy, tidy_rows
from kg.export.written import Written

Make = Callable[[GraphFile, Sequence[str]], "Files"]

_BACKING = ("modality", "confidence", "evidence_count", "quote", "rule", "source_file", "published")
NODE_COLUMNS = ("id", "label", "label_zh", "label_en", "pinyin", "type", "lat", "lon")
EDGE_COLUMNS = ("id", "source", "target", "predicate", *_BACKING)
FIGURE_COLUMNS = ("id", "about", "about_label", "indicator", "value", "unit", "qudt_unit", *_BACKING)
"""The columns that tables begin with, whether or not anything fills them; the others follow by name."""
TYPES: Mapping[str, type] = {"confidence": float, "evidence_count": int, "lat": float, "lon": float, "value": float}
"""The columns that are numbers where nothing fills them."""
CSV_FILES = ("nodes.csv", "edges.csv", "figures.csv")

_ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say: archives of the same graph are the same bytes


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of plain values; a value that is empty is absent from its row."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Attributes]

    def type_of(self, column: str) -> type:
        """The one type of a column's values; text if it has none."""
        return next((type(row[column]) for row in self.rows if column in row), TYPES.get(column, str))


@dataclass(frozen=True, slots=True)
class Files:
    """The files of an export by name, and what is in them."""

    contents: Mapping[str, bytes]
    written: Written


def read_tables(source: GraphFile, graphs: Sequence[str]) -> tuple[Sheet, Sheet, Sheet]:
    """Nodes, edges and figures of a build; see :func:`kg.export.network.network` for ``graphs``."""
    read = read_graph(source, graphs)
    network = network_of(read)
    figures = tidy_rows(figure_of(figure, dict(network.nodes(data="label"))) for figure in read.figures)
    graph = tidy(network)
    nodes = [{**data, "id": node} for node, data in graph.nodes(data=True)]
    edges = [{**data, "id": key, "source": u, "target": v} for u, v, key, data in graph.edges(data=True, keys=True)]
    return (
        _sheet("nodes", NODE_COLUMNS, nodes, {"iri"}),
        _sheet("edges", EDGE_COLUMNS, edges, {"eid", "label"}),
        _sheet("figures", FIGURE_COLUMNS, figures, set()),
    )


def _sheet(name: str, columns: Sequence[str], rows: Sequence[Attributes], besides: set[str]) -> Sheet:
    others = sorted({name for row in rows for name in row} - set(columns) - besides)
    return Sheet(name, (*columns, *others), rows)


def written(tables: Sequence[Sheet]) -> Written:
    """The counts of :func:`read_tables`."""
    nodes, edges, figures = (len(table.rows) for table in tables)
    return Written(nodes=nodes, edges=edges, figures=figures)


def as_csv(source: GraphFile, graphs: Sequence[str]) -> Files:
    """``nodes.csv``, ``edges.csv`` and ``figures.csv``."""
    tables = read_tables(source, graphs)
    contents = {f"{table.name}.csv": csv_bytes(table.columns, table.columns, table.rows) for table in tables}
    return Files(contents, written(tables))


def csv_bytes(header: Iterable[str], columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Rows as CSV (RFC 4180, but lines end in line feeds) under a header; what a row lacks is left empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    return out.getvalue().encode()


def in_zip(make: Make) -> Callable[[GraphFile, Sequence[str], IO[bytes]], Written]:
    """A writer of one zip archive."""

    def write(source: GraphFile, graphs: Sequence[str], out: IO[bytes]) -> Written:
        files = make(source, graphs)
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.contents.items():
                archive.writestr(zipfile.ZipInfo(name, _ZIP_DATE), content, zipfile.ZIP_DEFLATED)
        return files.written

    return write


def in_folder(make: Make) -> Callable[[GraphFile, Sequence[str], Path], Written]:
    """A writer into a folder that exists."""

    def write(source: GraphFile, graphs: Sequence[str], folder: Path) -> Written:
        files = make(source, graphs)
        for name, content in files.contents.items():
            (folder / name).write_bytes(content)
        return files.written

    return write
