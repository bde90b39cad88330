"""The files of a build: the union of all parts as RDF, records, network, store and report.

``graph.nq``, ``facts.ttl``, ``records.jsonl``, ``texts.jsonl``, ``graph.html`` and ``report.md`` depend on the input
alone; the seconds stand in ``report.json``, and ``store/`` is the embedded store's own business.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kg.report import Counts, count
from kg.types import Annotation, Quad

if TYPE_CHECKING:
    from kg.context import Context
    from kg.pipeline import Kit
    from kg.profiles import Profile
    from kg.progress import Watch
    from kg.records import Record
    from kg.resolve import Identity
    from kg.reviews import Parts
    from kg.validate import Report

GRAPH, FACTS, RECORDS, PAGE, STORE = "graph.nq", "facts.ttl", "records.jsonl", "graph.html", "store"
PROFILES = "profiles.jsonl"


@dataclass(frozen=True, slots=True)
class Reading:
    """One batch of documents, annotated, and the profiles of the entities in it."""

    annotations: tuple[Annotation, ...]
    profiles: tuple[Profile, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What one batch of documents contributes: sets and sums, so that parts may come in any order.

    ``entities`` are the ids of those that the lexicon knows, ``profiles`` what identity is
    judged by, ``rejected`` counts proposals by engine and reason, ``texts`` are those of the documents, by id. ``met``
    are the facts on which decisions of people were carried out, ``unstated`` those whose correction this build cannot
    state.
    """

    documents: int
    characters: int
    entities: frozenset[str]
    profiles: tuple[Profile, ...]
    quads: frozenset[Quad]
    records: tuple[Record, ...]
    rejected: Counter[tuple[str, str]]
    texts: tuple[tuple[str, str], ...] = ()
    met: frozenset[Parts] = frozenset()
    unstated: frozenset[Parts] = frozenset()


@dataclass(frozen=True, slots=True)
class Findings:
    """What the union of a build amounts to."""

    quads: int
    counts: Counts
    shapes: Report
    imports: Mapping[str, int] = field(default_factory=dict)


def context_of(kit: Kit, canonical: Mapping[str, str] | None = None) -> Context:
    """What the kit's recipe says of how to write RDF; ``canonical`` says which ids stand for others."""
    from kg.context import Context

    return Context(kit.parts.vocab, base=kit.recipe.base, recipe=kit.recipe.name, canonical=canonical or {})


def write_build(parts: Sequence[Part], identity: Identity, kit: Kit, folder: Path, watch: Watch) -> Findings:
    """Write all files of a build but its report into ``folder``."""
    from kg.importing_graph import counts
    from kg.profiles import join_profiles, write_profiles
    from kg.texts import TEXTS, write_texts
    from kg.validate import validate
    from kg.view import render

    vocab = kit.parts.vocab
    with watch.stage("join"):
        quads = _union(parts, identity, kit)
    records = [record for part in parts for record in part.records]
    with watch.stage("write"):
        _write_graph(quads, records, folder)
        write_profiles(join_profiles(p for part in parts for p in part.profiles), identity.of, folder / PROFILES)
        write_texts((text for part in parts for text in part.texts), folder / TEXTS)
    with watch.stage("draw"):
        render(quads, vocab, folder / PAGE)
    with watch.stage("validate"):
        report = validate(quads, vocab, kit.recipe.shapes)
    rejected = sum((part.rejected for part in parts), Counter[tuple[str, str]]())
    return Findings(len(quads), count(records, rejected), report, counts(quads))


def _union(parts: Iterable[Part], identity: Identity, kit: Kit) -> list[Quad]:
    """All quads of a build: of documents, of what is known of their entities, of the ontology; imports last."""
    from kg.background import background_quads
    from kg.identity import identity_quads
    from kg.importing_graph import beside, load_imports
    from kg.union import finish
    from kg.vocab import ontology_quads

    context, quads, entities = context_of(kit), set[Quad](), set[str]()
    for part in parts:
        quads |= part.quads
        entities |= part.entities
    quads.update(background_quads(entities, kit.parts.lexicon, context))
    quads.update(identity_quads(identity, context))
    quads.update(ontology_quads(kit.recipe.ontology, context.ontology.strip("<>")))
    built = sorted(finish(quads, context))
    imports = load_imports(kit.recipe.imports, kit.recipe.base)
    return sorted([*built, *beside(imports, built)]) if imports else built


def _write_graph(quads: Sequence[Quad], records: Iterable[Record], folder: Path) -> None:
    from kg import nquads
    from kg.export import export
    from kg.records import to_line
    from kg.stores.embedded import open as open_embedded

    nquads.write(quads, folder / GRAPH)
    export(folder, "turtle", folder / FACTS)
    lines = sorted({to_line(record) for record in records})
    (folder / RECORDS).write_text("".join(lines), encoding="utf-8", newline="\n")
    store = open_embedded(folder / STORE)
    store.load_file(folder / GRAPH)
    store.close()
