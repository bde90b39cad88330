"""Reads the tables of a lexicon folder; whatever is wrong with a line is a ``DataError`` that names file and line."""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from kg.errors import DataError

COLUMNS = ("id", "type", "label", "aliases", "en", "parent", "wikidata", "code", "lon", "lat", "source")
"""Columns of the files that hold entries: every ``*.csv`` of the folder that is not one of ``TABLES``."""

TABLES: Mapping[str, tuple[str, ...]] = {
    "abbreviations.csv": ("char", "id"),
    "ambiguous.csv": ("name", "reason", "policy"),
    "endings.csv": ("ending", "next"),
    "joiners.csv": ("mark", "joins"),
    "members.csv": ("region", "member"),
    "nouns.csv": ("word", "pos", "freq"),
    "surnames.csv": ("surname",),
    "titles.csv": ("title", "kind", "part"),
    "words.csv": ("word", "pos", "freq"),
}
"""The side tables and their columns; one that is not there is empty."""

CHAIN, NEVER, APART, WORD = POLICIES = ("chain", "never", "apart", "word")
"""What ``ambiguous.csv`` may say of a name; see ``kg.matching``."""

SIBLING, ANY = JOINS = ("sibling", "any")
"""Whom a mark of ``joiners.csv`` joins: parts of one whole, or any two places of a country."""

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_QID = re.compile(r"Q[1-9][0-9]*")
_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")


class Entry(NamedTuple):
    """A thing the lexicon knows.

    ``aliases`` are true names of it, whether or not they are safe to look for; ``parent`` is the id of what
    contains it; ``lon`` and ``lat`` are decimal degrees as text; what is unknown is empty.
    """

    id: str
    type: str
    label: str
    aliases: tuple[str, ...]
    en: str
    parent: str
    wikidata: str
    code: str
    lon: str
    lat: str
    source: str


class Row(NamedTuple):
    """A line of a table and where it stands (``file:line``)."""

    where: str
    cells: list[str]


def read_entries(folder: Path, classes: Mapping[str, object]) -> dict[str, Entry]:
    """All entries of the folder by id; their types are among ``classes``, their parents among themselves."""
    paths = sorted(path for path in folder.glob("*.csv") if path.name not in TABLES)
    if not paths:
        raise DataError(f"{folder}: no lexicon here; give a folder with CSV files of the columns {','.join(COLUMNS)}")
    places: dict[str, str] = {}
    entries: dict[str, Entry] = {}
    for path in paths:
        for where, cells in read_rows(path, COLUMNS):
            entry = _entry(where, cells, classes)
            if entry.id in entries:
                raise DataError(
                    f"{where}: the id {entry.id!r} is taken by {places[entry.id]}; give one of them another"
                )
            entries[entry.id], places[entry.id] = entry, where
    _check_parents(entries, places)
    return entries


def read_policies(folder: Path, entries: Mapping[str, Entry]) -> dict[str, str]:
    """What ``ambiguous.csv`` says of names; all but ``word`` must be about the name of an entry."""
    known = {name for entry in entries.values() for name in (entry.label, *entry.aliases)}
    policies: dict[str, str] = {}
    for where, (name, _, policy) in read_table(folder / "ambiguous.csv"):
        if policy not in POLICIES:
            raise DataError(f"{where}: {policy!r} is no policy; write {', '.join(POLICIES[:-1])} or {POLICIES[-1]}")
        if name in policies:
            raise DataError(f"{where}: the name {name!r} is in this file twice; keep one line")
        if policy != WORD and name not in known:
            raise DataError(f"{where}: no entry has the name {name!r}; remove the line, or write the policy {WORD}")
        policies[name] = policy
    return policies


def read_joiners(folder: Path) -> dict[str, str]:
    """The marks of ``joiners.csv``, each a single character, and whom they join."""
    joiners: dict[str, str] = {}
    for where, (mark, joins) in read_table(folder / "joiners.csv"):
        if len(mark) != 1 or joins not in JOINS:
            raise DataError(f"{where}: {mark!r},{joins!r} is no joiner; write one character and {' or '.join(JOINS)}")
        joiners[mark] = joins
    return joiners


def read_endings(folder: Path) -> dict[str, tuple[str, ...]]:
    """Ends of names and what must not follow them, from ``endings.csv``."""
    rows = read_table(folder / "endings.csv")
    return {ending: tuple(filter(None, next.split("|"))) for _, (ending, next) in rows}


def read_ids(path: Path, entries: Mapping[str, Entry], *columns: int) -> Iterator[Row]:
    """The rows of a side table whose cells in ``columns`` must be ids of entries."""
    for row in read_table(path):
        for column in columns:
            if row.cells[column] not in entries:
                raise DataError(
                    f"{row.where}: no entry has the id {row.cells[column]!r}; {_near(row.cells[column], entries)}"
                )
        yield row


def read_table(path: Path) -> Iterator[Row]:
    """The rows of a side table; of one that is not there, none."""
    return read_rows(path, TABLES[path.name]) if path.exists() else iter(())


def read_rows(path: Path, columns: tuple[str, ...]) -> Iterator[Row]:
    """The rows of a CSV file in UTF-8 with exactly these columns."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise DataError(f"{path}:1: not UTF-8 at byte {error.start}; save the file as UTF-8") from error
    reader = csv.reader(lines, strict=True)
    try:
        header = next(reader, [])
        if tuple(header) != columns:
            raise DataError(f"{path}:1: the header is {','.join(header)!r}; it must be {','.join(columns)!r}")
        for cells in reader:
            if len(cells) != len(columns):
                expected = f"expected {len(columns)} cells ({','.join(columns)})"
                raise DataError(f"{path}:{reader.line_num}: {expected}, found {len(cells)}; mend the commas")
            yield Row(f"{path}:{reader.line_num}", cells)
    except csv.Error as error:
        raise DataError(f"{path}:{reader.line_num}: malformed CSV ({error}); mend the quotes") from error


def _entry(where: str, cells: list[str], classes: Mapping[str, object]) -> Entry:
    id, type, label, aliases, en, parent, wikidata, code, lon, lat, source = cells
    names = tuple(aliases.split("|")) if aliases else ()
    if type not in classes:
        raise DataError(f"{where}: {type!r} is no class of the ontology; {_near(type, classes)}")
    if not _SLUG.fullmatch(id):
        raise DataError(f"{where}: the id {id!r} is no slug; use lower-case letters, digits and single hyphens")
    for name in (label, *names):
        if len(name) < 2 or name != name.strip():
            raise DataError(
                f"{where}: the name {name!r} is shorter than two characters or has blanks around it; "
                "a single character belongs into abbreviations.csv"
            )
    if wikidata and not _QID.fullmatch(wikidata):
        raise DataError(f"{where}: {wikidata!r} is no Wikidata identifier; write it as Q956 or leave it empty")
    for degrees in (lon, lat):
        if degrees and not _DECIMAL.fullmatch(degrees):
            raise DataError(f"{where}: the coordinate {degrees!r} is no decimal number; write 116.4 or leave it empty")
    return Entry(id, type, label, names, en, parent, wikidata, code, lon, lat, source)


def _check_parents(entries: Mapping[str, Entry], places: Mapping[str, str]) -> None:
    for entry in entries.values():
        if entry.parent and entry.parent not in entries:
            near = _near(entry.parent, entries)
            raise DataError(f"{places[entry.id]}: no entry has the id {entry.parent!r}, named as parent; {near}")
    sound: set[str] = set()
    for id in entries:
        path = []
        while id and id not in sound:
            if id in path:
                raise DataError(f"{places[id]}: {id!r} contains itself by way of its parents; correct the parent")
            path.append(id)
            id = entries[id].parent
        sound.update(path)


def _near(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=3, cutoff=0.5)
    return f"did you mean {' or '.join(near)}?" if near else "add it first, or correct the spelling"
