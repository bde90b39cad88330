"""What a build says of one entity, in an order to read it in: facts by predicate, figures by indicator, documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg import terms as t
from kg.nquads import plain, split_literal
from kg.serve.refs import Ref
from kg.serve.showing import Measured, Showing, Told
from kg.types import ASSERTED, NEGATED, PLANNED
from kg.view_model import BACKGROUND, Statement, Value

OUT, IN = "out", "in"
ALL, FEW = 20, 5
"""Facts of a predicate that are shown at first, where there are few facts and where there are many."""
MANY = 60
MOST_STATEMENTS = 20_000
MOST_FIGURES = 200
MOST_DOCUMENTS = 12
"""Documents that a page lists."""
_RANK = {ASSERTED: 0, PLANNED: 1, NEGATED: 2, BACKGROUND: 3}


@dataclass(frozen=True, slots=True)
class Head:
    """What is known of a statement before it is read: its other end as a term, and how many texts state it."""

    iri: str
    predicate: str
    end: str
    modality: str
    count: int
    side: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Facts with one predicate, seen from one side; ``total`` counts those that are not shown, too.

    ``inverse`` is the property that says the same from the other side, if the ontology has one.
    """

    predicate: Ref
    name: str
    side: str
    told: tuple[Told, ...]
    total: int
    inverse: Ref | None


@dataclass(frozen=True, slots=True)
class Series:
    """Figures of one indicator."""

    indicator: str
    figures: tuple[Measured, ...]


class About:
    """Reads what is said of the thing with this IRI."""

    def __init__(self, showing: Showing, iri: str) -> None:
        self.showing, self.lookup, self.vocab = showing, showing.lookup, showing.vocab
        self.iri, self.term = iri, f"<{iri}>"

    def groups(self) -> list[Group]:
        """All facts by predicate and side, as many of each as a page can take."""
        heads = self.heads()
        most = ALL if sum(map(len, heads.values())) <= MANY else FEW
        shown = {key: found[:most] for key, found in heads.items()}
        told = self._told([head for found in shown.values() for head in found])
        return [
            self._group(key, [told[h] for h in shown[key] if h in told], len(heads[key])) for key in _in_order(heads)
        ]

    def group(self, name: str, side: str, first: int, most: int) -> Group:
        """Some of the facts of one predicate."""
        heads = self.heads().get((side, name), [])
        told = self._told(heads[first : first + most])
        return self._group((side, name), list(told.values()), len(heads))

    def _group(self, key: tuple[str, str], told: list[Told], total: int) -> Group:
        side, name = key
        known = self.vocab.properties.get(name)
        inverse = self.showing.predicate(known.inverse) if known and known.inverse else None
        return Group(self.showing.predicate(name), name, side, tuple(told), total, inverse)

    def heads(self) -> dict[tuple[str, str], list[Head]]:
        """The statements about the thing by side and predicate; what nobody is quoted for comes last."""
        found: dict[tuple[str, str], list[Head]] = defaultdict(list)
        for side, here, there in ((OUT, t.SUBJECT, t.OBJECT), (IN, t.OBJECT, t.SUBJECT)):
            for head in self._stated(here, there):
                found[self._side(side, head.predicate), head.predicate].append(head)
        covered = {(key[0], head.predicate, head.end) for key, heads in found.items() for head in heads}
        for side, head in self._plain():
            side = self._side(side, head.predicate)
            if (side, head.predicate, head.end) not in covered:
                found[side, head.predicate].append(head)
        for heads in found.values():
            heads.sort(key=lambda head: (_RANK.get(head.modality, 9), -head.count, head.end, head.iri))
        return found

    def _side(self, side: str, predicate: str) -> str:
        """A symmetric relation has but one side."""
        known = self.vocab.properties.get(predicate)
        return OUT if known is not None and known.symmetric else side

    def _stated(self, here: str, there: str) -> Iterator[Head]:
        modality, count = self.lookup.kg("modality"), self.lookup.kg("evidenceCount")
        table = self.lookup.store.select(
            f"SELECT ?s ?p ?end ?m ?n WHERE {{ ?s {here} {self.term} ; {t.PREDICATE} ?p ; {there} ?end ; "
            f"{modality} ?m ; {count} ?n }} LIMIT {MOST_STATEMENTS}"
        )
        for s, p, end, m, n in table.rows:
            name = self.vocab.name((p or "")[1:-1])
            if name and s and end and m and n:
                yield Head(s[1:-1], name, end, self.vocab.name(m[1:-1]) or ASSERTED, _integer(n))

    def _plain(self) -> Iterator[tuple[str, Head]]:
        """Plain triples between things, which may have no statement: background, the roles in events."""
        names = self._linking()
        for quad in self.lookup.of(self.term):
            name = self.vocab.name(quad.predicate[1:-1])
            if name in names:
                yield OUT, Head("", name, quad.object, self._standing(self.iri), 0, OUT)
        for name in sorted(names):
            for quad in self.lookup.into(self.term, self.lookup.kg(name), MOST_STATEMENTS):
                yield IN, Head("", name, quad.subject, self._standing(quad.subject), 0, IN)

    def _standing(self, subject: str) -> str:
        """Roles in an event abbreviate what a text states; other triples without a statement are background."""
        return ASSERTED if "/event/" in subject else BACKGROUND

    def _linking(self) -> set[str]:
        roles = {role for term in self.vocab.properties.values() for role in (term.subject_role, term.object_role)}
        return (set(self.vocab.predicates) | roles) - {""}

    def _told(self, heads: Sequence[Head]) -> dict[Head, Told]:
        model = self.lookup.model(f"<{head.iri}>" for head in heads if head.iri)
        stated = {s.iri: self.showing.told(s) for s in model.statements if s.iri}
        found = {head: stated.get(head.iri) if head.iri else self._of_plain(head) for head in heads}
        return {head: told for head, told in found.items() if told is not None}

    def _of_plain(self, head: Head) -> Told:
        subject, end = (head.end, self.term) if head.side == IN else (self.term, head.end)
        said: str | Value = end[1:-1]
        if not end.startswith("<"):
            said = _value(end)
        elif (name := self.vocab.name(end[1:-1])) in self.vocab.individuals:
            said = Value(name, "term")
        return self.showing.told(Statement("", subject[1:-1], head.predicate, said, head.modality))

    # ---- figures and documents

    def series(self) -> list[Series]:
        """The figures about the thing by indicator, each in the order of their times."""
        holders = [quad.subject for quad in self.lookup.into(self.term, self.lookup.kg("about"), MOST_FIGURES)]
        figures = [self.showing.measured(figure) for figure in self.lookup.model(sorted(holders)).figures]
        return [Series(name, tuple(each)) for name, each in _by_indicator(figures)]

    def documents(self) -> tuple[list[tuple[Ref, str, int]], int]:
        """Documents that mention the thing, with their dates and how often, most mentions first; and how many more."""
        refers = self.lookup.kg("refersTo")
        table = self.lookup.store.select(
            f"SELECT ?d (COUNT(*) AS ?n) WHERE {{ ?m {refers} {self.term} ; {t.HAS_SOURCE} ?d }} "
            "GROUP BY ?d ORDER BY DESC(?n) ?d"
        )
        rows = [(d, _integer(n)) for d, n in table.rows if d and n]
        listed = [(self.showing.refs.of(d[1:-1]), self.lookup.one(d, t.ISSUED), n) for d, n in rows[:MOST_DOCUMENTS]]
        return listed, len(rows) - len(listed)

    def details(self) -> list[tuple[Ref, list[Ref | str]]]:
        """What else is said of the thing itself: identifiers, coordinates, whence it is known."""
        names, linking = {t.TYPE, t.LABEL, t.ALT_LABEL}, {self.lookup.kg(name) for name in self._linking()}
        found: dict[str, list[Ref | str]] = defaultdict(list)
        for quad in self.lookup.of(self.term):
            if quad.predicate not in names | linking:
                found[quad.predicate[1:-1]].append(self._end(quad.object))
        return [(self.showing.refs.of(predicate), ends) for predicate, ends in sorted(found.items())]

    def _end(self, term: str) -> Ref | str:
        return self.showing.refs.of(term[1:-1]) if term.startswith("<") else self.showing.refs.value(_value(term))


def _integer(term: str) -> int:
    return int(plain(term))


def _value(term: str) -> Value:
    text, _, datatype = split_literal(term) or (term, "", "")
    return Value(text, datatype.rpartition("#")[2] or "string")


def _by_indicator(figures: Iterable[Measured]) -> list[tuple[str, list[Measured]]]:
    found: dict[str, list[Measured]] = defaultdict(list)
    for figure in figures:
        found[figure.indicator].append(figure)
    for each in found.values():
        each.sort(key=lambda figure: (figure.time, figure.modality, figure.number, figure.iri))
    return sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))


def _in_order(heads: Mapping[tuple[str, str], Sequence[Head]]) -> list[tuple[str, str]]:
    """Sides and predicates: what the thing itself does first, then by how much there is."""
    return sorted(heads, key=lambda key: (key[0] != OUT, -len(heads[key]), key[1]))
