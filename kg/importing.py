"""``kg import`` from Python: RDF and tables of others into a named graph of a build, and of all builds of its recipe.

An import lies beside the recipe (:mod:`kg.importing_graph`), for builds are replaced as a whole; the build at hand is
renewed at once, to the bytes that building again would give. Both are replaced at the end or not at all.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from kg import nquads, resources
from kg import terms as t
from kg.api import recipe_of
from kg.errors import DataError, OutputError, ReadError
from kg.findings import Finding
from kg.importing_check import import_findings, term_problems, told, value_of
from kg.importing_graph import (
    LICENSE,
    MARK,
    TRIPLES,
    Given,
    Import,
    beside,
    check_name,
    counts,
    describe,
    graph_of,
    is_imported,
    load_imports,
)
from kg.importing_known import Known
from kg.importing_mapping import check_columns, load_mapping
from kg.importing_rdf import Rdf, line_with, read_rdf
from kg.importing_rml import is_rml, read_rml
from kg.importing_rows import Rows, read_rows
from kg.importing_table import is_table, read_table
from kg.metadata import slug, stem
from kg.outputs import GRAPH, PAGE, STORE, context_of
from kg.pipeline import load_kit
from kg.report import Summary, from_json, load_report, may_replace, write_report
from kg.shapes import read_shapes
from kg.staging import staged
from kg.trace import Tracer
from kg.types import Quad
from kg.validate import imported_violations
from kg.view import render

Triple = tuple[str, str, str]
T = TypeVar("T")
TOLD = 20
"""Faults of a file of RDF, or breaches of shapes, that are told with their places."""
_RENEWED = (GRAPH, STORE, PAGE, "report.md", "report.json")


@dataclass(frozen=True, slots=True)
class Wanted:
    """How to import. ``name`` is by default the first file's, ``source`` the files' names; ``base`` resolves relative
    IRIs of RDF; ``mapping`` says how tables are read; ``skip_bad_rows`` leaves out rows that cannot be read."""

    name: str = ""
    source: str = ""
    licence: str = ""
    mapping: Path | None = None
    base: str = ""
    skip_bad_rows: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an import. ``triples`` are what the files say, ``added`` what of it the build did not say yet.

    ``problems`` are why nothing was imported, unless they are rows that were to be skipped; ``notes`` what is to know.
    """

    name: str
    graph: str
    triples: int
    added: int
    imported: bool
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """An import that is there; ``in_build`` is how many quads of it the build holds."""

    name: str
    triples: int
    in_build: int
    source: str
    licence: str


def import_files(files: Sequence[str | Path], build: str | Path = "build", wanted: Wanted | None = None) -> Outcome:
    """Import files into a build and, for later builds, beside its recipe; all of it or, with ``problems``, nothing.

    Raises :class:`ReadError` for a file that cannot be read, :class:`DataError` (``file:line:``) for one that is not
    well-formed and for a mapping that is wrong, :class:`OutputError` where nothing can be written.
    """
    how, paths = wanted or Wanted(), [Path(file) for file in files]
    if not paths:
        raise DataError("nothing to import: name a file")
    return _Importing(Path(build)).add(paths, replace(how, name=check_name(how.name or _name_of(paths[0]))))


def remove_import(name: str, build: str | Path = "build", *, dry_run: bool = False) -> Outcome:
    """Take an import out of a build and away from its recipe; :class:`DataError` if there is none of that name."""
    return _Importing(Path(build)).remove(name, dry_run)


def list_imports(build: str | Path = "build") -> tuple[Listed, ...]:
    """The imports of a build's recipe."""
    recipe = recipe_of(build)
    held = counts(nquads.read(Path(build) / GRAPH))
    return tuple(
        Listed(each.name, int(each.told(TRIPLES) or 0), held.get(each.name, 0), each.told(t.SOURCE), each.told(LICENSE))
        for each in load_imports(recipe.imports, recipe.base)
    )


def _name_of(path: Path) -> str:
    return slug(stem(path)).replace("_", "-").strip("-")


class _Importing:
    """A build with its recipe, and what was imported before."""

    def __init__(self, build: Path) -> None:
        self.build, self.recipe = build, recipe_of(build)
        self.kit = load_kit(self.recipe)
        self.vocab, self.context = self.kit.parts.vocab, context_of(self.kit)
        self.built = [quad for quad in nquads.read(build / GRAPH) if not is_imported(quad.graph)]
        self.imports = load_imports(self.recipe.imports, self.recipe.base)

    def add(self, paths: Sequence[Path], how: Wanted) -> Outcome:
        others = tuple(each for each in self.imports if each.name != how.name)
        graph = graph_of(how.name, self.recipe.base)
        given = [_given(path) for path in (*paths, *([how.mapping] if how.mapping else []))]
        by_rml = how.mapping is not None and is_rml(how.mapping)
        rdf = [path for path in paths if by_rml or not is_table(path)]
        read = self._rdf(rdf, how, graph) if rdf else Rdf(())
        known = Known([*self.built, *beside(others, self.built)], self.kit.parts.lexicon, self.context)
        tables = self._tables([path for path in paths if path not in rdf], how, known)
        triples = {*read.triples, *(triple for rows in tables.values() for triple in rows.triples)}
        ends = {end for s, _, o in triples for end in (s, o) if known.has(end)}
        said = triples.union(*(known.described(end) for end in sorted(ends)))
        source = how.source or ", ".join(path.name for path in paths)
        described = describe(graph, given, source, how.licence, len(said))
        made = Import(how.name, tuple(sorted({*(Quad(s, p, o, graph) for s, p, o in said), *described})))
        placed = beside((*others, made), self.built)
        notes = [*read.notes, *self._replaced(how.name), *self._foreign(said, ends)]
        problems = self._unread(tables, how, notes)
        problems += self._problems(made, placed, _Finder(rdf, tables), notes)
        if not triples and not problems:
            problems.append(f"{paths[0]}: nothing to import: no row says anything")
        if not (problems or how.dry_run):
            self._write(made.name, made, placed)
        added = len(said - {(s, p, o) for s, p, o, _ in self.built})
        imported = not (problems or how.dry_run)
        return Outcome(how.name, graph, len(said), added, imported, tuple(problems), tuple(notes))

    def remove(self, name: str, dry_run: bool) -> Outcome:
        kept = tuple(each for each in self.imports if each.name != name)
        gone = next((each for each in self.imports if each.name == name), None)
        if gone is None:
            there = ", ".join(each.name for each in self.imports) or "none"
            raise DataError(f"no import is called {name!r}; there are: {there}")
        if not dry_run:
            self._write(name, None, beside(kept, self.built))
        return Outcome(name, gone.graph, int(gone.told(TRIPLES) or 0), 0, False)

    # ------------------------------------------------------------------ reading

    @staticmethod
    def _rdf(paths: Sequence[Path], how: Wanted, graph: str) -> Rdf:
        if how.mapping is not None and is_rml(how.mapping):
            return read_rml(paths, how.mapping, how.base, graph)
        return read_rdf(paths, how.base, graph)

    def _tables(self, paths: Sequence[Path], how: Wanted, known: Known) -> dict[Path, Rows]:
        if paths and how.mapping is None:
            raise DataError(f"{paths[0]}: a table needs --mapping, a file that says what its columns mean")
        if how.mapping is None or is_rml(how.mapping):
            return {}
        mapping = load_mapping(how.mapping, self.vocab)
        if not paths:
            raise DataError(f"{how.mapping}: a mapping is for tables, and none is given; name a .csv or .xlsx")
        tables = [read_table(path, mapping.header, mapping.sheet) for path in paths]
        for table in tables:
            check_columns(mapping, table)
        fold = self.kit.linker.data.fold
        return {table.path: read_rows(table, mapping, known, self.context, fold) for table in tables}

    def _replaced(self, name: str) -> Iterator[str]:
        if any(each.name == name for each in self.imports):
            yield f"takes the place of the import {name} that was there"

    def _foreign(self, said: Iterable[Triple], ends: Collection[str]) -> Iterator[str]:
        head = f"<{self.vocab.namespace}"
        if not ends and not any(p.startswith(head) or o.startswith(head) for _, p, o in said):
            yield (
                f"nothing of it is said in terms of the ontology ({self.vocab.namespace}) or of a thing that the build "
                "or its lexicon knows, so nothing was checked but its form"
            )

    @staticmethod
    def _unread(tables: dict[Path, Rows], how: Wanted, notes: list[str]) -> list[str]:
        failures = [failure for rows in tables.values() for failure in rows.failures]
        if not how.skip_bad_rows:
            return failures
        notes += failures
        if bad := sum(rows.bad for rows in tables.values()):
            notes.append(f"{bad} {'row' if bad == 1 else 'rows'} left out")
        return []

    def _problems(self, made: Import, placed: Sequence[Quad], finder: _Finder, notes: list[str]) -> list[str]:
        """What is wrong with an import: terms first, then shapes; what shapes only warn of goes to ``notes``."""
        own = (f"{made.graph[:-1]}>", f"{made.graph[:-1]}#file-")
        triples = ((q.subject, q.predicate, q.object) for q in made.quads if not q.subject.startswith(own))
        refused = term_problems(triples, self.vocab, self.recipe.base)
        if wrong := _first([*refused], lambda each: f"{finder.place(each[0])}: {each[1]}"):
            return wrong
        every = [*self.built, *placed]
        findings = [*import_findings(every, self.vocab, read_shapes(self.recipe.shapes))]
        tracer = Tracer(every if findings else (), self.vocab)
        mine = {end for quad in placed if quad.graph == made.graph for end in (quad.subject, quad.object)}

        def say(finding: Finding) -> str:
            place = finder.place((finding.focus, finding.path, finding.value), value_of(finding))
            return f"{place}: {finding.shape}: {told(finding, tracer)}: {finding.message}"

        ours = [each for each in findings if each.focus in mine or each.value in mine]
        notes += _first([each for each in ours if each.severity != "violation"], say)
        return _first([each for each in ours if each.severity == "violation"], say)

    # ------------------------------------------------------------------ writing

    def _write(self, name: str, made: Import | None, placed: Sequence[Quad]) -> None:
        """Put the file beside the recipe and renew the build; if either fails, both are as they were."""
        if resources.is_installed(self.recipe.imports):
            raise OutputError(
                f"{self.recipe.imports}: part of the installed package, whose next upgrade would lose the import; "
                f"copy {resources.root()} to a folder of yours and build with --recipe FOLDER/data/recipe.toml"
            )
        path = self.recipe.imports / f"{name}.nq"
        with _as_it_was(path), staged(self.build, may_replace) as fresh:
            self._renew(fresh, placed)
            if made is None:
                path.unlink()
            else:
                nquads.write(made.quads, path)

    def _renew(self, fresh: Path, placed: Sequence[Quad]) -> None:
        from kg.stores.embedded import open as open_embedded

        shutil.copytree(self.build, fresh, dirs_exist_ok=True, ignore=_renewed_of(self.build))
        quads = sorted([*self.built, *placed])
        nquads.write(quads, fresh / GRAPH)
        store = open_embedded(fresh / STORE)
        store.load_file(fresh / GRAPH)
        store.close()
        render(quads, self.vocab, fresh / PAGE)
        write_report(self._summary(quads), fresh)

    def _summary(self, quads: Sequence[Quad]) -> Summary:
        """The report of the build, as it is with these imports."""
        old = from_json(self.build, load_report(self.build))
        texts = [each for each in old.violations if not each.rpartition(" [")[2].startswith(MARK)]
        found = imported_violations(quads, self.vocab, self.recipe.shapes)
        ours = [str(each) for each in found]
        conforms = not any(each.startswith("violation ") for each in (*texts, *ours))
        violations = (*texts, *ours)
        return replace(old, quads=len(quads), violations=violations, conforms=conforms, imports=counts(quads))


def _first(items: Sequence[T], say: Callable[[T], str]) -> list[str]:
    """What is to be told of the first items, and how many more there are: a place is looked up for each."""
    told = list(dict.fromkeys(map(say, items[:TOLD])))
    return [*told, f"and {len(items) - TOLD} more of the kind"] if len(items) > TOLD else told


class _Finder:
    """Tells where in the files something is said."""

    def __init__(self, rdf: Sequence[Path], tables: dict[Path, Rows]) -> None:
        self._rdf, self._tables = rdf, tables

    def place(self, triple: Triple, value: str = "") -> str:
        """``file:line`` of a triple, of its subject where there is no such triple, as well as can be told."""
        for path, rows in self._tables.items():
            if triple in rows.triples:
                return f"{path}:{rows.triples[triple]}"
        for path, rows in self._tables.items():
            if said := [line for (s, _, _), line in rows.triples.items() if s == triple[0]]:
                return f"{path}:{min(said)}"
        words = [nquads.plain(triple[0]), value or nquads.plain(triple[2] or '""')]
        lines = {path: line_with(path, *words) for path in self._rdf}
        path, line = next(((p, n) for p, n in lines.items() if n > 1), (self._rdf[0], 1)) if lines else (Path("?"), 1)
        return f"{path}:{line}"


def _given(path: Path) -> Given:
    try:
        with path.open("rb") as file:
            whole = hashlib.sha256()
            while chunk := file.read(1 << 20):
                whole.update(chunk)
    except OSError as error:
        raise ReadError(f"{path}: cannot be read: {error.strerror or error}; name a file") from error
    return Given(path.name, whole.hexdigest())


def _renewed_of(build: Path) -> Callable[[str, list[str]], list[str]]:
    return lambda folder, names: [name for name in names if Path(folder) == build and name in _RENEWED]


@contextmanager
def _as_it_was(path: Path) -> Iterator[None]:
    """Gives a file back what it held if what is done meanwhile fails."""
    try:
        before = path.read_bytes() if path.exists() else None
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{path}: cannot write the import: {error.strerror or error}") from error
    try:
        yield
    except BaseException:
        if before is None:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(before)
        raise
