"""Fetches named graphs from a store on the network into sorted N-Quads, whole or not at all."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, TypeVar

import pyoxigraph as ox

from kg.errors import DataError, OutputError, RemoteError
from kg.export.destination import opened
from kg.export.source import ALL, short
from kg.progress import Progress
from kg.stores.asking import full_names
from kg.stores.refusals import Broken
from kg.stores.remote import RemoteStore
from kg.stores.requests import Page
from kg.stores.sorting import merged, sort_parts

T = TypeVar("T")

PAGE = 10_000
"""Triples that are asked for at once from a store that cuts longer answers short."""
TRIES = 3
"""Times that a graph, or a page of it, is fetched if the answer breaks off."""
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Pulled:
    """A graph (full IRI) that was fetched, and its triples."""

    graph: str
    triples: int


@dataclass
class Pull:
    """One pull: the store, and the graphs wanted. ``progress`` is told graph and triples fetched of it."""

    store: RemoteStore
    graphs: Sequence[str] = ()
    progress: Progress | None = None
    tell: Callable[[str], None] = field(default=lambda _: None)

    def run(self, out: Path | None = None) -> list[Pulled]:
        """Fetch the graphs, count them against the store, and write ``out`` (``.gz``, ``.zst`` compress) or stdout.

        Nothing is written before all has arrived. Raises :class:`RemoteError` where the store fails, sends blank nodes
        or fewer triples than it counts itself, :class:`OutputError` where the file cannot be written.
        """
        place = out.resolve().parent if out is not None else None
        try:
            if place is not None:
                place.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=".kg-pull-", dir=place) as folder:
                return self._run(out, Path(folder))
        except OSError as error:
            raise OutputError(
                f"{out or 'standard output'}: cannot write what was pulled: {error.strerror or error}; "
                "choose another place"
            ) from error

    def _run(self, out: Path | None, folder: Path) -> list[Pulled]:
        files: list[Path] = []
        pulled: list[Pulled] = []
        for number, graph in enumerate(self.select()):
            parts, triples = self._fetch(graph, folder, f"{number:04}")
            files += parts
            pulled.append(Pulled(graph, triples))
        if out is None:
            _write(files, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        else:
            with opened(out) as target:
                _write(files, target)
        return pulled

    def select(self) -> Sequence[str]:
        """The graphs meant: those named, by their last part or in full, or ``all``; else those of the build there.

        Raises :class:`DataError` if there is none, or more than one, or a name
        that the store has not.
        """
        there = self.store.graphs()
        if ALL in self.graphs:
            return there
        if self.graphs:
            return full_names(self.store, self.graphs)
        builds = self.store.builds()
        if len(builds) != 1:
            what = f"{len(builds)} builds" if builds else "no build"
            raise DataError(f"{self.store.name}: {what} there; name graphs with --graph, or all: {_listed(there)}")
        return builds[0]

    def _fetch(self, graph: str, folder: Path, name: str) -> tuple[list[Path], int]:
        """The sorted parts of a graph; fetched again if the answer breaks off, in pages if it is cut short."""
        counts = self.store.predicates(graph)
        wanted, most = sum(counts.values()), self.store.endpoint.most
        parts, found = ([], 0) if 0 < most < wanted else self._whole(graph, folder, name)
        if found < wanted:
            self.tell(f"{graph}: {found or most} of {wanted} triples come at once; asking for them in pages")
            parts, found = sort_parts(self._pages(graph, counts), folder, name)
        if found != wanted:
            raise RemoteError(
                f"{self.store.name}: {graph}: {found} triples came of the {wanted} that the store counts; "
                "nothing was written: try again when nobody writes there"
            )
        return parts, found

    def _whole(self, graph: str, folder: Path, name: str) -> tuple[list[Path], int]:
        def fetch() -> tuple[list[Path], int]:
            with self.store.triples(graph) as triples:
                return sort_parts(self._lines(graph, triples), folder, name)

        return self._again(fetch)

    def _pages(self, graph: str, counts: Mapping[str, int]) -> Iterator[bytes]:
        before = 0
        for predicate, number in sorted(counts.items()):
            for page in range(-(-number // PAGE)):
                yield from self._page(graph, Page(predicate, PAGE, page), before)
            before += number

    def _page(self, graph: str, page: Page, before: int) -> Sequence[bytes]:
        def fetch() -> Sequence[bytes]:
            with self.store.triples(graph, page) as triples:
                return list(self._lines(graph, triples, before + page.size * page.number))

        return self._again(fetch)

    def _again(self, fetch: Callable[[], T]) -> T:
        """What ``fetch`` fetches; it is called again where an answer breaks off."""
        for tried in range(1, TRIES):
            try:
                return fetch()
            except Broken as error:
                self.tell(f"{error}; asking again ({tried} of {TRIES - 1})")
        return fetch()

    def _lines(self, graph: str, triples: Iterator[Any], before: int = 0) -> Iterator[bytes]:
        end = f" <{graph}> .\n"
        for number, triple in enumerate(triples, before + 1):
            if isinstance(triple.subject, ox.BlankNode) or not isinstance(triple.object, (ox.NamedNode, ox.Literal)):
                raise self._unnameable(graph, triple)
            if self.progress is not None and number % 1000 == 0:
                self.progress(short(graph), number)
            yield f"{triple}{end}".encode()

    def _unnameable(self, graph: str, triple: Any) -> RemoteError:
        return RemoteError(
            f"{self.store.name}: {graph} holds a blank node or a triple term, which has no name outside of it "
            f"({str(triple)[:120]}); nothing was written: leave the graph out with --graph, or give those nodes IRIs"
        )


def _write(files: Sequence[Path], out: IO[bytes]) -> None:
    out.writelines(merged(files))


def _listed(graphs: Sequence[str]) -> str:
    more = f" and {len(graphs) - _SHOWN} more" if len(graphs) > _SHOWN else ""
    return ", ".join(graphs[:_SHOWN]) + more if graphs else "none"
