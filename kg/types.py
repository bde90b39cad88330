"""The nouns of the path: small, frozen, ordered, picklable; four protocols for what may be swapped.

Everything above ``graph.py`` speaks these. Types and predicates are local names of ``ontology.ttl``
(``"Zone"``, ``"openedOn"``); offsets are code points of ``Document.text``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, TypeVar

A = TypeVar("A")
B = TypeVar("B")

ASSERTED, PLANNED, NEGATED = "asserted", "planned", "negated"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points in ``Document.text``.

    >>> Span(2, 4).of("关于雄安的")
    '雄安'
    """

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]

    def covers(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Offsets:
    """Where each character of the text stands in the source: runs that advance in step.

    ``runs`` holds ``(text position, source position)``, ascending; between two runs both advance by one
    a character. ``length`` is the length of the text in code points.
    """

    runs: tuple[tuple[int, int], ...]
    length: int


@dataclass(frozen=True, slots=True, order=True)
class Block:
    """A stretch of the text with one role: ``title``, ``heading``, ``body``, ``byline``, ``caption``."""

    span: Span
    kind: str


@dataclass(frozen=True, slots=True)
class Document:
    """One news item. ``text`` is normalised once, at reading; after that offsets are law.

    ``id`` comes from the content; ``source`` is the address as the reader was given it (a file, or
    ``file#record``); ``published`` is ISO 8601 at the precision known (``2021-02``) or empty, and
    ``dated_by`` says how it is known: ``metadata``, ``text``, ``name`` (of the file) or empty.
    """

    id: str
    text: str
    source: str
    title: str = ""
    published: str = ""
    dated_by: str = ""
    language: str = "zh"
    blocks: tuple[Block, ...] = ()
    offsets: Offsets = Offsets((), 0)


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """A span that an engine says names something of class ``type``; ``by`` is engine and version.

    ``name`` is the full form that a shortened coordination stands for (广东、福建自贸试验区), else empty.
    """

    span: Span
    text: str
    type: str
    by: str
    score: float = 1.0
    name: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Entity:
    """Somebody or something a document speaks of.

    ``id`` is a lexicon's own (``xiongan``, ``cn-130209``) when ``known``, else made of type and fullest
    name, and of the document too where the name describes rather than names (``OrganizationGroup``).
    ``names`` are the surface forms in the text, the fullest first.
    """

    id: str
    type: str
    names: tuple[str, ...]
    known: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """A mention tied to an entity; a collective (津冀两地) has one link for each member."""

    mention: Mention
    entity: str
    by: str
    score: float = 1.0


@dataclass(frozen=True, slots=True, order=True)
class Value:
    """A literal: ``datatype`` is ``date``, ``gYearMonth``, ``gYear``, ``decimal``, ``integer``, ``string``
    or ``term`` (an individual of the ontology, such as ``operational``)."""

    text: str
    datatype: str


UNRESOLVED = Value("", "string")
"""A date that the text gives relative to one that is not known."""


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """Where a fact was read, the words that state it, the rule that read it, and how sure that rule is."""

    document: str
    span: Span
    quote: str
    by: str
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Fact:
    """Subject (an entity's id), predicate, object (an entity's id or a value), and the reason to believe it."""

    subject: str
    predicate: str
    object: str | Value
    modality: str
    evidence: Evidence
    qualifiers: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class Observation:
    """A figure about an entity.

    ``value`` is a canonical decimal, multiplied out; ``unit`` is as in the text without 万/亿; ``time`` and
    ``baseline`` are ISO 8601 or EDTF (``2014/..``) or empty; ``change`` is ``increase``, ``decrease`` or empty;
    ``qualifiers`` are as in a fact.
    """

    about: str
    indicator: str
    value: str
    unit: str
    modality: str
    evidence: Evidence
    approx: str = "exact"
    time: str = ""
    change: str = ""
    baseline: str = ""
    qualifiers: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """What an engine proposed and a gate refused, with the reason (a short stable phrase, counted)."""

    item: Mention | Fact | Observation
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Annotation:
    """One document and everything read in it: the unit of work, cache, golden and evaluation."""

    document: Document
    mentions: tuple[Mention, ...] = ()
    entities: tuple[Entity, ...] = ()
    links: tuple[Link, ...] = ()
    facts: tuple[Fact, ...] = ()
    observations: tuple[Observation, ...] = ()
    rejected: tuple[Rejected, ...] = ()


class Quad(NamedTuple):
    """Four terms as N-Quads writes them (``<iri>``, ``"text"@zh``); no blank nodes anywhere."""

    subject: str
    predicate: str
    object: str
    graph: str


@dataclass(frozen=True, slots=True)
class Table:
    """A SPARQL answer: column names and rows of terms as N-Triples writes them (``None`` where unbound)."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...] = field(default=())


class MentionEngine(Protocol):
    """Proposes mentions, a batch at a time, and sees those that the engines before it found.

    ``name`` carries a version and is provenance.
    """

    @property
    def name(self) -> str: ...

    def mentions(self, batch: Sequence[Annotation]) -> Iterator[Sequence[Mention]]: ...


class FactEngine(Protocol):
    """Proposes facts and figures over linked documents, a batch at a time."""

    @property
    def name(self) -> str: ...

    def facts(self, batch: Sequence[Annotation]) -> Iterator[Sequence[Fact | Observation]]: ...


class Runner(Protocol):
    """Where work happens. ``map`` may return results in any order."""

    def map(self, fn: Callable[[A], B], items: Iterable[A]) -> Iterator[B]: ...


class Store(Protocol):
    """Holds quads and answers SPARQL 1.1; the default graph of a query is the union of the named ones."""

    def load(self, quads: Iterable[Quad]) -> int: ...

    def select(self, query: str) -> Table: ...

    def ask(self, query: str) -> bool: ...

    def construct(self, query: str) -> Iterator[Quad]: ...

    def quads(self) -> Iterator[Quad]: ...

    def prefixes(self) -> Mapping[str, str]: ...
