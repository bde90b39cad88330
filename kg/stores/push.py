"""Sends the graphs of a build to a store on the network, and counts there what has arrived."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kg.errors import DataError, RemoteError
from kg.export.source import short
from kg.progress import Progress
from kg.stores.journal import Journal
from kg.stores.parcel import Parcel, Survey, chunks, survey
from kg.stores.remote import RemoteStore
from kg.stores.writing import WAYS, Writer, writer

_ELSEWHERE = frozenset({404, 405, 415, 501})


@dataclass(frozen=True, slots=True)
class How:
    """How a build is pushed: ``via`` gsp, update or auto; ``chunk`` triples at once (0: what suits the way).

    With ``replace`` each graph takes the place of the one of its name; without, it is added to it. ``resume`` goes on
    where a push of the same build broke off.
    """

    via: str = "auto"
    chunk: int = 0
    replace: bool = True
    resume: bool = False


@dataclass(frozen=True, slots=True)
class Arrived:
    """A graph after the push: triples that were sent and that are there now; ``problem`` is empty if they agree."""

    graph: str
    sent: int
    found: int
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """A graph before the push: its triples, the chunks they make, and the triples that the store has of it."""

    graph: str
    triples: int
    chunks: int
    there: int


@dataclass
class Push:
    """One push: the store, what goes there, and how. ``progress`` is told graph and triples sent of it.

    ``so_far`` says, for people, what has arrived if the push is broken off.
    """

    store: RemoteStore
    build: Path
    graphs: Sequence[str] = ()
    how: How = field(default_factory=How)
    progress: Progress | None = None
    tell: Callable[[str], None] = lambda _: None

    def __post_init__(self) -> None:
        if self.how.via not in WAYS:
            raise DataError(f"there is no way {self.how.via!r} into a store; there are {', '.join(WAYS)}")
        self.survey: Survey = survey(self.build / "graph.nq")
        self.parcels = self.survey.select(self.graphs)
        self.writer: Writer = writer(self.store.endpoint, self.store.client, self.how.via)
        self.chunk = self.how.chunk or self.writer.chunk
        self.so_far = "nothing has been sent yet"

    def plan(self) -> list[Planned]:
        """What :meth:`run` would do; nothing is written."""
        return [
            Planned(each.graph, each.triples, self._number(each), sum(self.store.predicates(each.graph).values()))
            for each in self.parcels
        ]

    def _number(self, parcel: Parcel) -> int:
        return sum(1 for _ in chunks(self.survey.path, parcel.graph, self.chunk))

    def run(self) -> list[Arrived]:
        """Send every graph and count it there.

        Raises :class:`RemoteError` where the store fails for good: the message says what has arrived by then, and that
        the same command with ``--resume`` goes on from there.
        """
        what = f"{self.survey.digest} {self.chunk} {'replace' if self.how.replace else 'add'}"
        journal = Journal(self.build, self.writer.url, what, resume=self.how.resume, tell=self.tell)
        arrived = [self._push(parcel, journal) for parcel in self.parcels]
        if not any(each.problem for each in arrived):
            journal.finish()
        return arrived

    def _push(self, parcel: Parcel, journal: Journal) -> Arrived:
        sent = self._skip(parcel, journal)
        self._note(parcel, sent)
        try:
            for number, (lines, size) in enumerate(chunks(self.survey.path, parcel.graph, self.chunk), 1):
                if number > journal.done(parcel.graph):
                    self._send(parcel.graph, lines, first=number == 1)
                    journal.note(parcel.graph, number)
                    sent += size
                    self._note(parcel, sent)
            return self._counted(parcel, journal)
        except RemoteError as error:
            raise RemoteError(f"{error}\n{self.so_far}", error.status) from error

    def _skip(self, parcel: Parcel, journal: Journal) -> int:
        """The triples of a graph that need not be sent again, for they have arrived before and are still there."""
        done = journal.done(parcel.graph)
        sizes = (size for _, size in chunks(self.survey.path, parcel.graph, self.chunk))
        sent = sum(size for size, _ in zip(sizes, range(done), strict=False))
        if done and sum(self.store.predicates(parcel.graph).values()) < sent:
            self.tell(f"{parcel.graph}: the store has lost what it had taken; sending all of it again")
            journal.note(parcel.graph, 0)
            return 0
        return sent

    def _send(self, graph: str, lines: bytes, *, first: bool) -> None:
        try:
            self._write(graph, lines, first=first)
        except RemoteError as error:
            if not (first and self.how.via == "auto" and self.writer.name == "gsp" and self.store.endpoint.update):
                raise
            if error.status not in _ELSEWHERE:
                raise
            self.tell(f"{error}\ngoing on by SPARQL Update")
            self.writer = writer(self.store.endpoint, self.store.client, "update")
            self._write(graph, lines, first=first)

    def _write(self, graph: str, lines: bytes, *, first: bool) -> None:
        if first and self.how.replace:
            self.writer.replace(graph, lines)
        else:
            self.writer.add(graph, lines)

    def _counted(self, parcel: Parcel, journal: Journal) -> Arrived:
        found = self.store.predicates(parcel.graph)
        problem = difference(parcel, found, exact=self.how.replace) or self._missing(parcel)
        if problem:
            journal.note(parcel.graph, 0)
            problem = f"{self.store.name}: {parcel.graph}: {problem}; push again, and see that nobody else writes there"
        return Arrived(parcel.graph, parcel.triples, sum(found.values()), problem)

    def _missing(self, parcel: Parcel) -> str:
        held = self.store.holds(parcel.graph, parcel.sample) if parcel.sample else 0
        if held == len(parcel.sample):
            return ""
        return f"of {len(parcel.sample)} triples that were looked for, {held} are there as they were sent"

    def _note(self, parcel: Parcel, sent: int) -> None:
        self.so_far = (
            f"the push is incomplete: of {parcel.graph}, {sent} of {parcel.triples} triples have arrived; "
            "the same command with --resume goes on from there"
        )
        if self.progress is not None:
            self.progress(short(parcel.graph), sent)


def difference(parcel: Parcel, found: Mapping[str, int], *, exact: bool) -> str:
    """How a graph, counted by predicate, differs from what was sent; empty if it does not.

    Where triples were added to a graph (not ``exact``), it may hold more than was sent.
    """
    there = sum(found.values())
    each = sorted(
        predicate
        for predicate in {*parcel.predicates, *found}
        if found.get(predicate, 0) < parcel.predicates.get(predicate, 0)
        or (exact and found.get(predicate, 0) > parcel.predicates.get(predicate, 0))
    )
    if not each:
        return ""
    first = each[0]
    return (
        f"{parcel.triples} triples were sent, {there} are found; "
        f"with {first}, {parcel.predicates.get(first, 0)} were sent, {found.get(first, 0)} are found"
    )
