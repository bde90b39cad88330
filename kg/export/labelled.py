"""The network as Neo4j and other labelled property graphs have it: nodes with several labels, typed relationships."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.export.network import figure_of, network_of
from kg.export.source import GraphFile
from kg.export.statements import ABOUT, OBSERVATION, read_graph
from kg.export.tidy import Attributes, tidy, tidy_rows
from kg.export.written import Written

RESOURCE = "Resource"
"""The label that every node has, so that one constraint makes all addresses unique."""
LISTS = ("alt_labels", "same_as")
"""The properties that are lists, whether or not they hold anything."""

_DOCUMENT = {"source_file": "document"}


@dataclass(frozen=True, slots=True)
class Node:
    """A node by its address, with its classes and all that are above them."""

    iri: str
    labels: tuple[str, ...]
    properties: Attributes
    lists: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Relationship:
    """A statement between two nodes, or what a figure is about."""

    start: str
    end: str
    type: str
    properties: Attributes


@dataclass(frozen=True, slots=True)
class Labelled:
    """Nodes (entities), figures (nodes too) and relationships, each sorted; all ends exist."""

    nodes: Sequence[Node]
    figures: Sequence[Node]
    relationships: Sequence[Relationship]

    @property
    def written(self) -> Written:
        return Written(nodes=len(self.nodes), edges=len(self.relationships), figures=len(self.figures))


def read_labelled(source: GraphFile, graphs: Sequence[str]) -> Labelled:
    """Read a build; see :func:`kg.export.network.network` for ``graphs``."""
    read = read_graph(source, graphs)
    network, above = network_of(read), source.ancestors
    classes = {node: data.pop("type") for node, data in network.nodes(data=True)}
    lists = {node: {name: tuple(data.pop(name)) for name in LISTS} for node, data in network.nodes(data=True)}
    figures = tidy_rows(figure_of(figure, {}) for figure in read.figures)
    graph = tidy(network)
    nodes = [
        Node(iri, labels(classes[iri], above), _without(data, "iri"), lists[iri])
        for iri, data in graph.nodes(data=True)
    ]
    edges = [
        Relationship(start, end, str(data["predicate"]), {"id": key, **_without(data, "eid", "label", "predicate")})
        for start, end, key, data in graph.edges(data=True, keys=True)
    ]
    about = [Relationship(str(row["id"]), str(row[ABOUT]), ABOUT, {"id": f"{row['id']}#{ABOUT}"}) for row in figures]
    kind = labels([OBSERVATION], above)
    observed = [Node(str(row["id"]), kind, _without(row, "id", ABOUT), {}) for row in figures]
    return Labelled(nodes, observed, [*edges, *about])


def labels(classes: Iterable[str], above: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Classes and all classes above them, sorted, and the label that all nodes have."""
    found = {name for each in classes for name in (each, *above.get(each, ()))}
    return (*sorted(found - {RESOURCE}), RESOURCE)


def _without(data: Mapping[str, object], *names: str) -> Attributes:
    return {_DOCUMENT.get(k, k): v for k, v in data.items() if k not in names}  # type: ignore[misc]
