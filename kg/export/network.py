"""The graph as a property graph: entities are nodes, every statement between two of them is an edge.

A statement keeps its modality, confidence, quote and rule as attributes of its edge, so planned and denied ones are
there and told apart. What is said of an entity with a date or a status for object is an attribute of its node:
``openedOn``, or ``planned_openedOn`` where it is not asserted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kg import terms as t
from kg.export.source import FACTS, GraphFile, short
from kg.export.statements import Backing, Figure, Graph, Statement, Value, local, read_graph
from kg.importing_graph import is_imported
from kg.nquads import plain, split_literal
from kg.types import ASSERTED, Quad

if TYPE_CHECKING:
    from networkx import MultiDiGraph

Attributes = dict[str, Any]

_COORDINATES = {"latitude": "lat", "longitude": "lon"}
_LABELS = {"zh": "label_zh", "en": "label_en", "zh-latn": "pinyin"}


def network(source: GraphFile, graphs: Sequence[str]) -> MultiDiGraph[str]:
    """Read the entities and statements of a build.

    The facts graph and all statements are always in it; ``graphs`` (full IRIs) adds the plain triples of others
    (background, inferred) between the same entities, as edges that say which graph they are of.
    """
    return network_of(read_graph(source, graphs))


def network_of(graph: Graph) -> MultiDiGraph[str]:
    """The entities and statements of a graph that was read; nodes and edges are named by their IRIs."""
    from networkx import MultiDiGraph

    literal_facts = _literal_facts(graph)
    result: MultiDiGraph[str] = MultiDiGraph()
    for node in sorted(_nodes(graph)):
        result.add_node(node[1:-1], **_node(graph, node), **literal_facts[node])
    for start, end, key, attributes in _edges(graph):
        result.add_edge(start[1:-1], end[1:-1], key, **attributes)
    return result


def _nodes(graph: Graph) -> set[str]:
    """What the facts graph gives a class, both ends of every statement, what figures and imports are about."""
    ends = {end for s in graph.statements for end in (s.subject, s.object) if graph.is_node(end)}
    ends.update(figure.about for figure in graph.figures)
    ends.update(end for quad in _imported(graph) for end in (quad.subject, quad.object) if graph.is_node(end))
    return ends.union(graph.facts.with_predicate(t.TYPE))


def _imported(graph: Graph) -> list[Quad]:
    """The plain triples of imports that were asked for; figures have tables of their own."""
    figures = {figure.iri for figure in graph.figures}
    return [quad for quad in graph.further if is_imported(quad.graph) and quad.subject[1:-1] not in figures]


def _node(graph: Graph, node: str) -> Attributes:
    row: Attributes = {
        "iri": plain(node),
        "type": sorted({local(c) for table in (graph.facts, graph.rest) for c in table.get(node, t.TYPE)}),
    }
    for table in (graph.rest, graph.facts):  # a name that the facts prefer wins over the background's
        row |= _names(table.get(node, t.LABEL))
        row |= {
            _COORDINATES[local(p)]: graph.value(v[0]) for p, v in table.row(node).items() if local(p) in _COORDINATES
        }
    row["label"] = row.get("label_zh") or row.get("label_en") or local(node)
    row["alt_labels"], row["same_as"] = graph.texts(node, t.ALT_LABEL), graph.texts(node, t.SAME_AS)
    return row


def _names(labels: Sequence[str]) -> Attributes:
    parts = [literal for label in labels if (literal := split_literal(label))]
    return {_LABELS[language]: text for text, language, _ in reversed(parts) if language in _LABELS}


def _literal_facts(graph: Graph) -> defaultdict[str, dict[str, list[Value]]]:
    """What is said of each node with a value for object, by predicate; what is not asserted has its modality before."""
    found: defaultdict[str, dict[str, list[Value]]] = defaultdict(dict)
    plain_triples = (*graph.facts.quads(), *(quad[:3] for quad in _imported(graph)))
    for subject, predicate, target in plain_triples:
        if graph.is_ours(predicate) and not graph.is_node(target):
            found[subject].setdefault(local(predicate), []).append(graph.value(target))
    for s in graph.statements:
        if s.modality != ASSERTED and not graph.is_node(s.object):
            found[s.subject].setdefault(f"{s.modality}_{s.predicate}", []).append(graph.value(s.object))
    return found


def _edges(graph: Graph) -> Iterator[tuple[str, str, str, Attributes]]:
    """One edge for each statement between nodes, then one for each plain triple that no statement makes."""
    made = set()
    for s in graph.statements:
        if graph.is_node(s.object):
            made.add((s.subject, s.predicate, s.object))
            yield s.subject, s.object, s.iri, _edge(s)
    nodes = _nodes(graph)
    for start, predicate, end, name in _plain(graph):
        if start in nodes and end in nodes and (start, predicate, end) not in made:
            key = f"{start[1:-1]} {predicate} {end[1:-1]} {name}"
            yield start, end, key, {"label": predicate, "predicate": predicate, "modality": ASSERTED, "graph": name}


def _plain(graph: Graph) -> Iterator[tuple[str, str, str, str]]:
    for subject, predicate, target in graph.facts.quads():
        if graph.is_ours(predicate):
            yield subject, local(predicate), target, FACTS
    for quad in graph.further:
        yield quad.subject, local(quad.predicate), quad.object, short(plain(quad.graph))


def _edge(statement: Statement) -> Attributes:
    return {
        **statement.qualifiers,
        "label": statement.predicate,
        "predicate": statement.predicate,
        "graph": FACTS if statement.modality == ASSERTED else "evidence",
        **_backing(statement.backing),
    }


def figure_of(figure: Figure, labels: Mapping[str, Any]) -> Attributes:
    """An observation as a row; ``labels`` names what it is about, by IRI."""
    about = figure.about[1:-1]
    row = {**figure.values, "id": figure.iri, "about": about, "about_label": labels.get(about)}
    return row | {"qudt_unit": figure.units, **_backing(figure.backing)}


def _backing(backing: Backing) -> Attributes:
    return {
        "modality": backing.modality,
        "confidence": backing.confidence,
        "evidence_count": backing.places,
        "quote": backing.quotes,
        "rule": backing.rules,
        "source_file": backing.sources,
        "published": backing.published,
    }
