"""The rows of a table as triples, as a mapping says; a row of which anything cannot be read gives none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from kg import terms as t
from kg.context import Context
from kg.dates import find_dates
from kg.graph import date, figure_quads
from kg.importing_known import Known
from kg.importing_mapping import FactMap, FigureMap, TableMap, ThingMap
from kg.importing_table import Row, Table
from kg.iri import entity_iri
from kg.metadata import iso_date
from kg.nquads import decimal, integer, iri, literal
from kg.numerals import canonical, parse_numeral
from kg.types import ASSERTED, Entity, Evidence, Observation, Span
from kg.units import load_units

Triple = tuple[str, str, str]

_NOBODYS_WORDS = Evidence("", Span(0, 0), "", "imported")
_ISO = re.compile(r"\d{4}(-\d\d){0,2}")
_YEAR = re.compile(r"\d{4}")
_WIKIDATA = re.compile(r"Q[1-9]\d*")
_DATES = {4: "gYear", 7: "gYearMonth", 10: "date"}


@dataclass(slots=True)
class Rows:
    """What a table says: its triples, each with the line that says it first; ``failures`` has a message for each cell
    that could not be read, ``bad`` counts the rows left out for that."""

    triples: dict[Triple, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    bad: int = 0


class _Unread(Exception):
    """A cell that cannot be read, and why."""


def read_rows(table: Table, mapping: TableMap, known: Known, context: Context, fold: Callable[[str], str]) -> Rows:
    """The triples of a table, and what could not be read; ``fold`` makes names alike that texts write differently."""
    reader, rows = _Reader(table, mapping, known, context, fold), Rows()
    for row in _filled(table.rows, mapping.fill):
        failures: list[str] = []
        triples = [*reader.triples(row, failures)]
        rows.failures += [f"{table.path}:{row.line}: {each}" for each in failures]
        if failures:
            rows.bad += 1
            continue
        for triple in triples:
            rows.triples.setdefault(triple, row.line)
    return rows


def _filled(rows: Iterable[Row], columns: Sequence[str]) -> Iterator[Row]:
    """The rows, with what stands above in place of what is empty in some columns."""
    above: dict[str, str] = {}
    for row in rows:
        above |= {column: row.cells[column] for column in columns if row.cells.get(column)}
        yield Row(row.line, {**row.cells, **above}) if above else row


class _Reader:
    def __init__(
        self, table: Table, mapping: TableMap, known: Known, context: Context, fold: Callable[[str], str]
    ) -> None:
        self.columns, self.mapping, self.known, self.context, self.fold = (
            *(frozenset(table.columns), mapping, known, context),
            fold,
        )
        self.vocab = context.vocab

    def triples(self, row: Row, failures: list[str]) -> Iterator[Triple]:
        """What a row says; what cannot be read goes to ``failures``."""
        ends: dict[str, str] = {}
        for thing in self.mapping.things.values():
            with _Noting(failures):
                if entity := self._entity(thing, row):
                    ends[thing.key] = entity
                    yield from self._described(thing, entity, row)
        for fact in self.mapping.facts:
            with _Noting(failures):
                yield from self._fact(fact, ends, row)
        for figure in self.mapping.figures:
            with _Noting(failures):
                yield from self._figure(figure, ends, row)

    # ------------------------------------------------------------------ things

    def _cell(self, row: Row, column: str) -> str:
        text = row.cells.get(column, "") if column else ""
        return "" if text in self.mapping.missing else text

    def _several(self, row: Row, column: str) -> Iterator[str]:
        parts = re.split(f"[{re.escape(self.mapping.split)}\n]", self._cell(row, column))
        yield from filter(None, map(str.strip, parts))

    def _entity(self, thing: ThingMap, row: Row) -> str:
        """The entity that a row names, empty where its cells are."""
        if id := self._cell(row, thing.id):
            return self._of_id(id, thing)
        if code := self._cell(row, thing.code):
            return self._only(self.known.coded(code, thing.kind), f"{thing.code}: the code {code!r}", thing)
        name = self._cell(row, thing.name)
        found = self.known.named(name, thing.kind) if name else ()
        if name and not found and thing.new:
            kind = self.vocab.classes[thing.kind].counts_as
            return iri(entity_iri(self.context.base, Entity(f"{kind}/{self.fold(name)}", thing.kind, (name,))))
        return self._only(found, f"{thing.name}: the name {name!r}", thing, name) if name else ""

    def _of_id(self, id: str, thing: ThingMap) -> str:
        entity = self.known.of_id(id)
        if not self.known.has(entity):
            raise _Unread(f"{thing.id}: no entity has the id {id!r}; write what stands behind id/ in its IRI")
        if not self.known.is_a(entity, thing.kind):
            raise _Unread(f"{thing.id}: {self.known.show([entity])} is no {thing.kind}")
        return entity

    def _only(self, found: tuple[str, ...], what: str, thing: ThingMap, name: str = "") -> str:
        if len(found) == 1:
            return found[0]
        if found:
            raise _Unread(f"{what} is that of {len(found)}: {self.known.show(found)}; give their ids in a column")
        if others := self.known.others(name):
            raise _Unread(f"{what} is that of {self.known.show(others)}, which is no {thing.kind}")
        close = self.known.close(name, thing.kind) if name else ""
        hint = f"did you mean {close!r}? " if close else ""
        raise _Unread(f"{what} is that of no {thing.kind}; {hint}mend it, or allow new ones: 'new: true'")

    def _described(self, thing: ThingMap, entity: str, row: Row) -> Iterator[Triple]:
        if not self.known.has(entity):
            yield entity, t.TYPE, self.context.term(thing.kind)
            yield entity, t.LABEL, literal(self._cell(row, thing.name), "zh")
        if english := self._cell(row, thing.english):
            yield entity, t.LABEL, literal(english, "en")
        for column in thing.aliases:
            yield from ((entity, t.ALT_LABEL, literal(alias, "zh")) for alias in self._several(row, column))
        for column in thing.identifiers:
            yield from ((entity, t.IDENTIFIER, literal(each)) for each in self._several(row, column))
        for same in self._several(row, thing.same):
            yield entity, t.SAME_AS, self._same(same, thing.same)
        for column, predicate in ((thing.longitude, t.LONGITUDE), (thing.latitude, t.LATITUDE)):
            if degrees := self._cell(row, column):
                yield entity, predicate, self._decimal(degrees, column)

    @staticmethod
    def _same(text: str, column: str) -> str:
        if _WIKIDATA.fullmatch(text):
            return iri(t.WIKIDATA + text)
        if not text.startswith(("http://", "https://")):
            raise _Unread(f"{column}: {text!r} is no IRI and no number of Wikidata")
        return iri(text)

    # ------------------------------------------------------------------ facts and figures

    def _fact(self, fact: FactMap, ends: dict[str, str], row: Row) -> Iterator[Triple]:
        subject = ends.get(fact.subject, "")
        end = ends.get(fact.thing, "") if fact.thing else self._cell(row, fact.column)
        if not (subject and end):
            return
        if fact.column:
            end = self._value(fact.predicate, end, fact.column)
        elif subject == end:
            raise _Unread(f"{self.known.show([end])} cannot be joined to itself by {fact.predicate}")
        if fact.predicate in self.context.symmetric and end < subject:
            subject, end = end, subject
        yield subject, self.context.term(fact.predicate), end

    def _value(self, predicate: str, text: str, column: str) -> str:
        kinds = self.vocab.properties[predicate].range
        if values := self.vocab.values(predicate):
            found = [v.iri for v in values.values() if text in (v.code, v.label_zh, v.label_en)]
            if len(found) != 1:
                known = ", ".join(f"{value.code} ({value.label_zh})" for value in values.values())
                raise _Unread(f"{column}: {predicate} has no value {text!r}; there are {known}")
            return iri(found[0])
        if kinds & set(_DATES.values()):
            read = self._date(text, column)
            if _DATES[len(read)] not in kinds:
                raise _Unread(f"{column}: {text!r} is not as precise as {predicate} wants: {', '.join(sorted(kinds))}")
            return date(read)
        if "integer" in kinds and re.fullmatch(r"[+-]?\d+", text):
            return integer(int(text))
        return self._decimal(text, column) if "decimal" in kinds else literal(text)

    def _date(self, text: str, column: str) -> str:
        """A day, month or year as ISO 8601, in one of the mapping's forms, in ISO's, or as news write it."""
        for form in self.mapping.dates:
            try:
                read = datetime.strptime(text, form).date().isoformat()
            except ValueError:
                continue
            return read if "%d" in form or "%j" in form else read[:7] if "%m" in form or "%b" in form else read[:4]
        found = find_dates(text, "")
        if len(found) == 1 and found[0].span == Span(0, len(text)) and _ISO.fullmatch(found[0].value):
            return found[0].value
        if plain := iso_date(text):
            return plain
        raise _Unread(f"{column}: {text!r} is no date that is known; give its form under 'dates', such as %d.%m.%Y")

    def _decimal(self, text: str, column: str) -> str:
        return decimal(self._number(text, column))

    def _number(self, text: str, column: str) -> Decimal:
        bare = text.replace(" ", "")
        number = parse_numeral(bare.lstrip("+-")) if bare else None
        if number is None:
            raise _Unread(f"{column}: {text!r} is no number")
        return -number if bare.startswith("-") else number

    def _figure(self, figure: FigureMap, ends: dict[str, str], row: Row) -> Iterator[Triple]:
        about, text = ends.get(figure.about, ""), self._cell(row, figure.value)
        if not (about and text):
            return
        indicator, unit, time = (self._said(w, figure, row) for w in (figure.indicator, figure.unit, figure.time))
        if not (indicator and unit):
            raise _Unread(f"{figure.value}: a figure without {'unit' if indicator else 'indicator'}")
        scale, bare = _scale(unit)
        value = canonical(self._number(text.removesuffix(unit).removesuffix(bare), figure.value) * scale)
        when = self._date(time, figure.time if figure.time in self.columns else "time") if time else ""
        said = Observation(about, indicator, value, bare, ASSERTED, _NOBODYS_WORDS, time=when)
        for quad in figure_quads(said, about, self.context, ""):
            yield quad.subject, quad.predicate, quad.object

    def _said(self, word: str, figure: FigureMap, row: Row) -> str:
        """What a word of the mapping stands for: the cell of another column so called, or itself."""
        return self._cell(row, word) if word in self.columns and word != figure.value else word


class _Noting:
    """Notes what cannot be read, and goes on."""

    def __init__(self, failures: list[str]) -> None:
        self._failures = failures

    def __enter__(self) -> None:
        return None

    def __exit__(self, _: object, error: BaseException | None, __: object) -> bool:
        if isinstance(error, _Unread):
            self._failures.append(str(error))
            return True
        return False


def _scale(unit: str) -> tuple[Decimal, str]:
    """A unit without the numeral at its head, by which figures in it are multiplied out."""
    for length in (2, 1):
        head, rest = unit[:length], unit[length:]
        if rest and unit not in load_units() and not head[0].isdigit():
            factor = parse_numeral(f"1{head}")
            if factor is not None and factor > 1:
                return factor, rest
    return Decimal(1), unit
