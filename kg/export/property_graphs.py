"""GraphML, GEXF and tables of nodes and edges, all from the same tidied network."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from kg.export.network import network
from kg.export.source import GraphFile
from kg.export.tidy import tidy
from kg.export.written import Written

if TYPE_CHECKING:
    from networkx import MultiDiGraph

NODE_COLUMNS = ("id", "label", "label_zh", "label_en", "pinyin", "type", "lat", "lon")
EDGE_COLUMNS = ("id", "source", "target", "predicate", "modality", "confidence", "evidence_count", "quote", "rule")
"""The columns that tables begin with, whether or not anything fills them; the others follow by name."""

_ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say: archives of the same graph are the same bytes


def graphml(source: GraphFile, graphs: Sequence[str], out: IO[bytes]) -> Written:
    """Write GraphML in which every key has the name of its attribute and every edge an id of its own."""
    from networkx import write_graphml_xml

    graph = tidy(network(source, graphs))
    write_graphml_xml(graph, out, named_key_ids=True, edge_id_from_attribute="eid")
    return _written(graph)


def gexf(source: GraphFile, graphs: Sequence[str], out: IO[bytes]) -> Written:
    """Write GEXF 1.2, without the clock that its header would have."""
    graph = tidy(network(source, graphs))
    for _, _, data in graph.edges(data=True):
        data["id"] = data.pop("eid")
    writer = _gexf_writer()(graph, version="1.2draft")
    meta = writer.xml.find("meta")
    meta.attrib.clear()
    meta.find("creator").text = "kg"
    writer.write(out)
    return _written(graph)


def _gexf_writer() -> Any:
    from networkx.readwrite.gexf import GEXFWriter

    class Writer(GEXFWriter):  # type: ignore[misc]
        """networkx' own, less the attribute in which it repeats the identifier of every edge."""

        def add_attributes(self, kind: str, element: Any, data: dict[str, Any], default: Any) -> Any:
            data.pop("key", None)
            return super().add_attributes(kind, element, data, default)

    return Writer


def zipped_tables(source: GraphFile, graphs: Sequence[str], out: IO[bytes]) -> Written:
    """Write ``nodes.csv`` and ``edges.csv`` into one zip archive."""
    graph = tidy(network(source, graphs))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _tables(graph):
            archive.writestr(zipfile.ZipInfo(name, _ZIP_DATE), text, zipfile.ZIP_DEFLATED)
    return _written(graph)


def tables(source: GraphFile, graphs: Sequence[str], folder: Path) -> Written:
    """Write ``nodes.csv`` and ``edges.csv`` into a folder that exists."""
    graph = tidy(network(source, graphs))
    for name, text in _tables(graph):
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return _written(graph)


TABLES = ("nodes.csv", "edges.csv")


def _tables(graph: MultiDiGraph[str]) -> Iterator[tuple[str, str]]:
    nodes = [{"id": node, **data} for node, data in graph.nodes(data=True)]
    edges = [{"id": key, "source": u, "target": v, **data} for u, v, key, data in graph.edges(data=True, keys=True)]
    for name, columns, rows, besides in zip(
        TABLES, (NODE_COLUMNS, EDGE_COLUMNS), (nodes, edges), ({"iri"}, {"eid", "label"}), strict=True
    ):
        yield name, _csv(columns, rows, besides)


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]], besides: set[str]) -> str:
    rows = list(rows)
    others = sorted({name for row in rows for name in row} - set(columns) - besides)
    out = io.StringIO()
    writer = csv.DictWriter(out, [*columns, *others], restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _written(graph: MultiDiGraph[str]) -> Written:
    return Written(nodes=graph.number_of_nodes(), edges=graph.number_of_edges())
