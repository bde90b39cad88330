"""What was imported, as a build has it: a file for each import beside the recipe, a named graph for each in the build.

An import is a file ``NAME.nq`` of the recipe's folder of imports: the quads of one named graph, its description among
them. A build adds them last. They change no quad of another graph: what the build says already is left out of the
import's graph, and a second label stands there as an alias. So a build without an import is the build as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg import nquads
from kg import terms as t
from kg.errors import DataError
from kg.iri import pinyin
from kg.nquads import integer, iri, literal, plain, split_literal
from kg.types import Quad

MARK = "imported-"
"""The last part of the IRI of an import's named graph begins so; its name follows."""
_IN_IRI = f"/graph/{MARK}"
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

ENTITY = f"<{t.PROV}Entity>"
LICENSE = f"<{t.DCTERMS}license>"
TRIPLES = "<http://rdfs.org/ns/void#triples>"
_APART = ("rejected", "identity", "inferred")
_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


@dataclass(frozen=True, slots=True)
class Given:
    """A file that an import was made from: its name without folders, and the SHA-256 of its bytes."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Import:
    """One import: its ``quads`` are sorted, all of one named graph, those of its description included."""

    name: str
    quads: tuple[Quad, ...]

    @property
    def graph(self) -> str:
        """The named graph, as a term."""
        return self.quads[0].graph if self.quads else ""

    def told(self, predicate: str) -> str:
        """What the description says by a predicate, in plain text; empty if nothing."""
        return next((plain(q.object) for q in self.quads if q.subject == q.graph and q.predicate == predicate), "")


def graph_of(name: str, base: str) -> str:
    """The named graph of an import, as a term."""
    return f"<{base}graph/{MARK}{name}>"


def is_imported(graph: str) -> bool:
    """Whether a named graph (a term) is one of an import."""
    return _IN_IRI in graph


def check_name(name: str) -> str:
    """The name, if it is one; :class:`DataError` if not."""
    if not _NAME.fullmatch(name):
        raise DataError(f"{name!r} is no name for an import; use lower-case letters, digits and hyphens: --as airports")
    return name


def describe(graph: str, files: Sequence[Given], source: str, licence: str, triples: int) -> Iterator[Quad]:
    """The description of an import, in its own graph: source, licence, number of triples, files by SHA-256."""
    yield Quad(graph, t.TYPE, ENTITY, graph)
    yield Quad(graph, t.SOURCE, literal(source), graph)
    yield Quad(graph, TRIPLES, integer(triples), graph)
    if licence:
        yield Quad(graph, LICENSE, iri(licence) if _IRI.fullmatch(licence) else literal(licence), graph)
    for number, file in enumerate(files, 1):
        node = f"{graph[:-1]}#file-{number}>"
        yield Quad(graph, t.DERIVED_FROM, node, graph)
        yield Quad(node, t.TYPE, ENTITY, graph)
        yield Quad(node, t.TITLE, literal(file.name), graph)
        yield Quad(node, t.IDENTIFIER, literal(f"sha256:{file.sha256}"), graph)


def load_imports(folder: Path, base: str) -> tuple[Import, ...]:
    """The imports of a recipe's folder by name; a folder that is not there holds none.

    Raises :class:`DataError`, beginning ``file:line:``, for what ``kg import`` does not write.
    """
    return tuple(_load(path, base) for path in sorted(folder.glob("*.nq")))


def _load(path: Path, base: str) -> Import:
    graph = graph_of(check_name(path.stem), base)
    quads = tuple(nquads.read(path))
    for line, quad in enumerate(quads, 1):
        if quad.graph != graph:
            raise DataError(f"{path}:{line}: the graph must be {graph}; import it again, or mend the recipe's base")
    return Import(path.stem, quads)


def beside(imports: Iterable[Import], built: Sequence[Quad]) -> list[Quad]:
    """The quads of imports as they stand beside those of a build, sorted.

    What the build says, or an import before (by name), is said once. An entity that was merged has the id that stands
    for it. Where an entity has a label in a language, another is its alias; one that only imports name gets its pinyin.
    """
    joiner = _Joiner(built)
    placed = [quad for each in sorted(imports, key=lambda each: each.name) for quad in joiner.placed(each.quads)]
    return sorted(placed)


class _Joiner:
    """What is said so far: the triples, and who has a label in which language."""

    def __init__(self, built: Iterable[Quad]) -> None:
        self.said: set[tuple[str, str, str]] = set()
        self.moved: dict[str, str] = {}
        self.labels: set[tuple[str, str]] = set()
        for s, p, o, g in built:
            self.said.add((s, p, o))
            if p == t.REPLACED_BY:
                self.moved[s] = o
            elif p == t.LABEL and not g.endswith("/ontology>"):
                self.labels.add((s, language(o)))

    def placed(self, quads: Iterable[Quad]) -> Iterator[Quad]:
        for quad in sorted((self._moved(quad) for quad in quads), key=_fullest_first):
            for each in self._named(quad) if quad.predicate == t.LABEL else (quad,):
                if each[:3] not in self.said:
                    self.said.add(each[:3])
                    yield each

    def _moved(self, quad: Quad) -> Quad:
        s, p, o, g = quad
        return Quad(self.moved.get(s, s), p, self.moved.get(o, o), g)

    def _named(self, quad: Quad) -> Iterator[Quad]:
        tag = language(quad.object)
        if (quad.subject, tag) not in self.labels:
            self.labels.add((quad.subject, tag))
            yield quad
            spoken = pinyin(plain(quad.object)) if tag == "zh" else ""
            if spoken and (quad.subject, "zh-latn") not in self.labels:
                self.labels.add((quad.subject, "zh-latn"))
                yield quad._replace(object=literal(spoken, "zh-latn"))
        elif quad[:3] not in self.said:
            yield quad._replace(predicate=t.ALT_LABEL)


def _fullest_first(quad: Quad) -> tuple[str, str, int, str]:
    return quad.subject, quad.predicate, -len(quad.object), quad.object


def language(term: str) -> str:
    """The language of a literal, empty for any other term."""
    return (split_literal(term) or ("", "", ""))[1]


def counts(quads: Iterable[Quad]) -> dict[str, int]:
    """The number of quads of each import in a build, by name."""
    found: dict[str, int] = {}
    for quad in quads:
        if is_imported(quad.graph):
            name = quad.graph[:-1].rpartition(_IN_IRI)[2]
            found[name] = found.get(name, 0) + 1
    return dict(sorted(found.items()))


def near(quads: Iterable[Quad], about: str) -> Iterable[Quad]:
    """The quads without what imports say of things that nothing joins to the things of the texts.

    A network would drown in a table of ten thousand rows. ``about`` is the predicate (a term) that joins a figure to
    its thing. Kept are an import's things that the texts speak of, too, those one step away, and the figures of both.
    """
    every = list(quads)
    imported = [quad for quad in every if is_imported(quad.graph)]
    if not imported:
        return every
    told = {q.subject for q in every if q.predicate == t.TYPE and not is_imported(q.graph) and not _is_apart(q.graph)}
    steps: Mapping[str, bool] = {q.subject: True for q in imported if q.object in told and q.predicate != t.TYPE}
    kept = told | set(steps) | {q.object for q in imported if q.subject in told and q.predicate != t.TYPE}
    kept |= {q.subject for q in imported if q.predicate == about and q.object in kept}
    return [quad for quad in every if not is_imported(quad.graph) or quad.subject in kept]


def _is_apart(graph: str) -> bool:
    return graph.endswith("/ontology>") or graph[:-1].rpartition("/")[2] in _APART
