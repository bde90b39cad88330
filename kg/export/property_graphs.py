"""GraphML, GEXF and Cytoscape's JSON, all from the same tidied network."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any

from kg.export import dynamics
from kg.export.network import network, network_of
from kg.export.source import GraphFile
from kg.export.statements import read_graph
from kg.export.tidy import tidy
from kg.export.written import Written

if TYPE_CHECKING:
    from networkx import MultiDiGraph


def graphml(source: GraphFile, graphs: Sequence[str], out: IO[bytes]) -> Written:
    """Write GraphML in which every key has the name of its attribute and every edge an id of its own."""
    from networkx import write_graphml_xml

    graph = tidy(network(source, graphs))
    write_graphml_xml(graph, out, named_key_ids=True, edge_id_from_attribute="eid")
    return _written(graph)


def gexf(source: GraphFile, graphs: Sequence[str], out: IO[bytes]) -> Written:
    """Write GEXF 1.2 with a timeline where anything is dated, without the clock that its header would have."""
    read = read_graph(source, graphs)
    graph, edges = tidy(network_of(read)), dynamics.of_edges(read)
    nodes = dynamics.of_nodes(read, edges)
    for node, data in graph.nodes(data=True):
        _live(data, nodes.get(node))
    for _, _, data in graph.edges(data=True):
        data["id"] = data.pop("eid")
        _live(data, edges.get(data["id"]))
    writer = _gexf_writer()(graph, version="1.2draft")
    writer.xml.find("graph").attrib.pop("name")  # which the format's schema does not know
    meta = writer.xml.find("meta")
    meta.attrib.clear()
    meta.find("creator").text = "kg"
    writer.write(out)
    return _written(graph)


def _live(data: dict[str, Any], life: dynamics.Life | None) -> None:
    """Tell the writer when a node or an edge is there; a tidied graph uses these names for nothing else."""
    if life:
        data |= {name: day for name, day in (("start", life.start), ("end", life.end)) if day}


def _gexf_writer() -> Any:
    from networkx.readwrite.gexf import GEXFWriter

    class Writer(GEXFWriter):  # type: ignore[misc]
        """networkx' own, less the attribute in which it repeats the identifier of every edge."""

        def add_attributes(self, kind: str, element: Any, data: dict[str, Any], default: Any) -> Any:
            data.pop("key", None)
            return super().add_attributes(kind, element, data, default)

    return Writer


def cytoscape(source: GraphFile, graphs: Sequence[str], out: IO[bytes]) -> Written:
    """Write Cytoscape's JSON: an object a line; ``name`` is what it shows, ``interaction`` what an edge means."""
    graph = tidy(network(source, graphs))
    nodes = [{**data, "id": node, "name": data.get("label", node)} for node, data in graph.nodes(data=True)]
    edges = [
        {**data, "id": data["eid"], "source": u, "target": v, "interaction": data["label"], "name": data["label"]}
        for u, v, data in graph.edges(data=True)
    ]
    elements = (f'"{kind}": [\n{_elements(rows)}\n]' for kind, rows in (("nodes", nodes), ("edges", edges)))
    out.write(f'{{"data": {{"name": "kg"}}, "elements": {{{", ".join(elements)}}}}}\n'.encode())
    return _written(graph)


def _elements(rows: Sequence[Mapping[str, Any]]) -> str:
    kept = ({name: value for name, value in row.items() if name != "eid"} for row in rows)
    return ",\n".join(json.dumps({"data": row}, ensure_ascii=False, sort_keys=True) for row in kept)


def _written(graph: MultiDiGraph[str]) -> Written:
    return Written(nodes=graph.number_of_nodes(), edges=graph.number_of_edges())
