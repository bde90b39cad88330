"""How a table is to be read, from a small YAML file: which columns name things, and what the others say of them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kg.errors import DataError
from kg.fields import ENTRIES, FLAG, LINE, SCALAR, WHOLE, WORD, WORDS, Shape, checked, checked_file, each
from kg.grammar import read_yaml
from kg.importing_table import Table
from kg.vocab_types import PropertyTerm, Term, Vocab


def _is_fact(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 3 and all(isinstance(word, str) and word for word in value)


_FACTS = each(Shape("", _is_fact), "a list of [thing, predicate, thing or column]")
_THINGS = Shape("a mapping of things, 'thing:' with indented lines below", lambda v: isinstance(v, dict) and len(v) > 1)
_FILE: Mapping[str, Shape] = {
    **{"things": _THINGS, "facts": _FACTS, "figures": ENTRIES, "dates": WORDS, "missing": WORDS, "fill": WORDS},
    **{"split": WORD, "sheet": WORD, "header": WHOLE},
}
_THING: Mapping[str, Shape] = {
    **{"class": WORD, "id": WORD, "code": WORD, "name": WORD, "new": FLAG, "english": WORD},
    **{"aliases": WORDS, "identifiers": WORDS, "same": WORD, "longitude": WORD, "latitude": WORD},
}
_FIGURE: Mapping[str, Shape] = {"about": WORD, "indicator": WORD, "value": WORD, "unit": WORD, "time": SCALAR}
_ONE = ("id", "code", "name", "english", "same", "longitude", "latitude")


@dataclass(frozen=True, slots=True)
class ThingMap:
    """A thing that each row speaks of. ``kind`` is its class; the others are columns, empty where there is none.

    It is found by ``id``, ``code`` or ``name``, the first of these that a row fills; ``new`` says that a name which
    nobody has makes a new one. ``same`` gives IRIs, or Wikidata's numbers, of the same thing.
    """

    key: str
    kind: str
    id: str = ""
    code: str = ""
    name: str = ""
    new: bool = False
    english: str = ""
    aliases: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    same: str = ""
    longitude: str = ""
    latitude: str = ""

    @property
    def columns(self) -> Iterator[str]:
        """The columns that it needs."""
        yield from filter(None, (getattr(self, part) for part in _ONE))
        yield from (*self.aliases, *self.identifiers)


@dataclass(frozen=True, slots=True)
class FactMap:
    """A fact of each row; its object is a ``thing``, or the value in a ``column``."""

    subject: str
    predicate: str
    thing: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class FigureMap:
    """A figure of each row, in the column ``value``; the other words are columns, or stand for themselves."""

    about: str
    indicator: str
    value: str
    unit: str
    time: str = ""


@dataclass(frozen=True, slots=True)
class TableMap:
    """All that a mapping says; ``dates`` are forms of ``strptime``, ``split`` the marks between several in a cell.

    ``fill`` are columns in which an empty cell means the one above it, as where cells of a sheet are merged.
    """

    path: Path
    things: Mapping[str, ThingMap]
    facts: tuple[FactMap, ...] = ()
    figures: tuple[FigureMap, ...] = ()
    dates: tuple[str, ...] = ()
    missing: tuple[str, ...] = ("-",)
    split: str = "|;"
    sheet: str = ""
    header: int = 1
    fill: tuple[str, ...] = ()


def load_mapping(path: Path, vocab: Vocab) -> TableMap:
    """Read a mapping; classes and predicates may be called by their names or their labels.

    Raises :class:`DataError`, beginning ``file:line:``, for anything that is not as it must be.
    """
    return _Reader(path, vocab).mapping()


def check_columns(mapping: TableMap, table: Table) -> None:
    """Raise :class:`DataError` for a column that the mapping names and the table lacks."""
    text = mapping.path.read_text(encoding="utf-8")
    for name in _columns(mapping):
        if name not in table.columns:
            hint = _hint(name, table.columns)
            there = ", ".join(filter(None, table.columns))
            where = f"{mapping.path}:{_line(text, name)}"
            raise DataError(f"{where}: {table.path.name} has no column {name!r}; {hint}there are {there}")


def _columns(mapping: TableMap) -> Iterator[str]:
    for thing in mapping.things.values():
        yield from thing.columns
    yield from (fact.column for fact in mapping.facts if fact.column)
    yield from (figure.value for figure in mapping.figures)
    yield from mapping.fill


class _Reader:
    """One file of a mapping, on its way to a :class:`TableMap`."""

    def __init__(self, path: Path, vocab: Vocab) -> None:
        self.path, self.vocab = path, vocab
        raw = read_yaml(path)
        self.text = path.read_text(encoding="utf-8")
        self.raw = checked_file(path, raw, _FILE, needed=("things",))

    def mapping(self) -> TableMap:
        things = {key: self._thing(key, raw) for key, raw in self.raw["things"].items() if key != LINE}
        facts = tuple(self._fact(raw, things) for raw in self.raw.get("facts", ()))
        figures = tuple(self._figure(raw, things) for raw in self.raw.get("figures", ()))
        options: dict[str, Any] = {key: self.raw[key] for key in ("split", "sheet", "header") if key in self.raw}
        options |= {key: tuple(self.raw[key]) for key in ("dates", "missing", "fill") if key in self.raw}
        for form in options.get("dates", ()):
            self._check_form(form)
        return TableMap(self.path, things, facts, figures, **options)

    def _where(self, *words: str) -> str:
        return f"{self.path}:{_line(self.text, *words)}"

    def _thing(self, key: str, raw: Any) -> ThingMap:
        where = f"{self.path}:{raw.get(LINE, 1)}" if isinstance(raw, dict) else self._where(key)
        said = checked(raw, where, _THING, needed=("class",))
        kind = self._term(said.pop("class"), self._classes(), "class of things", "class")
        if not said.keys() & {"id", "code", "name"}:
            raise DataError(f"{where}: {key} needs a column by which it is found: name, id or code")
        if said.get("new") and "name" not in said:
            raise DataError(f"{where}: {key} can only be new with a name; name the column")
        if said.get("new") and not self.vocab.classes[kind].counts_as:
            raise DataError(f"{where}: nothing is a {kind} and no more; a new {key} needs a narrower class")
        lists: dict[str, Any] = {part: tuple(said.pop(part)) for part in ("aliases", "identifiers") if part in said}
        return ThingMap(key, kind, **said, **lists)

    def _classes(self) -> Mapping[str, Term]:
        """The classes of things, and those above them."""
        above = {name for term in self.vocab.classes.values() if term.counts_as for name in term.ancestors}
        return {name: term for name, term in self.vocab.classes.items() if name in above}

    def _fact(self, raw: list[str], things: Mapping[str, ThingMap]) -> FactMap:
        subject, word, end = raw
        where = self._where(subject, word, end)
        kind = self._known_thing(subject, things, where).kind
        name = self._term(word, self.vocab.predicates, "predicate", subject, end)
        term = self.vocab.properties[name]
        if end not in things:
            if not self._takes_values(term):
                raise DataError(f"{where}: {name} joins two things, and {end!r} is none; describe it under 'things'")
            if self.vocab.classes[kind].ancestors.isdisjoint(term.domain):
                raise DataError(f"{where}: {name} is said of {_list(term.domain)}, not of {kind}")
            return FactMap(subject, name, column=end)
        other = things[end].kind
        if not self.vocab.admits(name, kind, other):
            ends = f"{_list(term.domain)} to {_list(term.range)}"
            raise DataError(f"{where}: {name} joins {ends}, not {kind} to {other}; take another, or a narrower class")
        return FactMap(subject, name, thing=end)

    def _takes_values(self, term: PropertyTerm) -> bool:
        return bool(self.vocab.values(term.name)) or not term.range <= self.vocab.classes.keys()

    def _figure(self, raw: Any, things: Mapping[str, ThingMap]) -> FigureMap:
        where = f"{self.path}:{raw.get(LINE, 1)}"
        said = checked(raw, where, _FIGURE, needed=("about", "indicator", "value", "unit"))
        self._known_thing(said["about"], things, where)
        return FigureMap(**{key: str(value) for key, value in said.items()})

    @staticmethod
    def _known_thing(key: str, things: Mapping[str, ThingMap], where: str) -> ThingMap:
        if key not in things:
            raise DataError(f"{where}: no thing is called {key!r}; {_hint(key, things)}there are {', '.join(things)}")
        return things[key]

    def _term(self, word: str, terms: Mapping[str, Term], what: str, *beside: str) -> str:
        """The local name of a term that is called by its name, with or without prefix, or by a label."""
        name = word.removeprefix(f"{self.vocab.prefix}:")
        if name in terms:
            return name
        labelled = sorted(key for key, term in terms.items() if name in (term.label_zh, term.label_en))
        if len(labelled) == 1:
            return labelled[0]
        names = [*terms, *(label for term in terms.values() for label in (term.label_zh, term.label_en))]
        hint = _hint(name, names)
        raise DataError(
            f"{self._where(word, *beside)}: the ontology has no {what} {word!r}; {hint}see its documentation"
        )

    def _check_form(self, form: str) -> None:
        try:
            same = datetime.strptime(datetime(2021, 2, 3).strftime(form), form).year == 2021
        except ValueError:
            same = False
        if not same:
            raise DataError(f"{self._where(form)}: {form!r} is no form of dates with a year; write it as %d.%m.%Y")


def _hint(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"did you mean {close[0]!r}? " if close else ""


def _list(names: Iterable[str]) -> str:
    return " or ".join(sorted(name.rpartition("#")[2] for name in names))


def _line(text: str, *words: str) -> int:
    """The first line that holds most of some words."""
    held = [len([word for word in words if word in line]) for line in text.splitlines()]
    most = max(held, default=0)
    return held.index(most) + 1 if most else 1
