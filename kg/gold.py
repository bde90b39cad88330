"""What a careful reader reads in a text: the same nouns for what ``*.gold.yaml`` files say and what records state.

A gold file names its text (``document``) and lists ``entities``, ``facts`` and ``observations`` by the rules of
``data/gold/GUIDELINES.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml

from kg.errors import DataError, ReadError
from kg.types import ASSERTED

T = TypeVar("T")
Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EntityItem:
    """Somebody or something named: ``type`` is one of the guidelines, ``names`` begins with the fullest."""

    id: str
    type: str
    names: tuple[str, ...]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class FactItem:
    """A statement about the entity ``subject``; ``object`` is an entity's id or a literal; ``rule`` read it, if any."""

    subject: str
    predicate: str
    object: str
    modality: str = ASSERTED
    quote: str = ""
    optional: bool = False
    rule: str = ""


@dataclass(frozen=True, slots=True)
class FigureItem:
    """A figure about the entity ``about``; ``value`` is multiplied out, ``unit`` as in the text without 万/亿."""

    about: str
    indicator: str
    value: float
    unit: str
    modality: str = ASSERTED
    change: str = ""
    quote: str = ""
    optional: bool = False
    rule: str = ""


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """All that is read in one text; ``document`` is the base name of the text's file."""

    document: str
    entities: tuple[EntityItem, ...]
    facts: tuple[FactItem, ...] = ()
    figures: tuple[FigureItem, ...] = ()


def load_gold(folder: Path) -> dict[str, GoldDocument]:
    """Every ``*.gold.yaml`` under ``folder`` (or the one file it is), by the name of its document.

    Raises :class:`ReadError` if there is none or one cannot be read, :class:`DataError` with file and line if one is
    not YAML, lacks a field, or speaks of an entity that it does not list.
    """
    paths = [folder] if folder.is_file() else sorted(folder.rglob("*.gold.yaml"))
    if not paths:
        raise ReadError(f"{folder}: no *.gold.yaml there; name a folder that holds gold annotations")
    documents = [_load(path) for path in paths]
    return {d.document: d for d in documents}


def entity_item(fields: Fields) -> EntityItem:
    """Make the noun of a gold entry or a record; raises KeyError, TypeError or ValueError if it is none."""
    names = tuple(str(n) for n in fields["names"])
    if not names:
        raise ValueError("no names")
    return EntityItem(str(fields["id"]), str(fields["type"]), names, bool(fields.get("optional")))


def fact_item(fields: Fields) -> FactItem:
    """As :func:`entity_item`, for facts."""
    return FactItem(
        subject=str(fields["s"]),
        predicate=str(fields["p"]),
        object=str(fields["o"]),
        modality=fields.get("modality") or ASSERTED,
        quote=str(fields.get("quote", "")),
        optional=bool(fields.get("optional")),
        rule=str(fields.get("rule", "")),
    )


def figure_item(fields: Fields) -> FigureItem:
    """As :func:`entity_item`, for observations."""
    return FigureItem(
        about=str(fields["about"]),
        indicator=str(fields["indicator"]),
        value=float(fields["value"]),
        unit=str(fields["unit"]),
        modality=fields.get("modality") or ASSERTED,
        change=fields.get("change") or "",
        quote=str(fields.get("quote", "")),
        optional=bool(fields.get("optional")),
        rule=str(fields.get("rule", "")),
    )


@dataclass(frozen=True, slots=True)
class _Source:
    """A gold file: its path, its text, and what it says."""

    path: Path
    text: str
    data: Fields

    def items(self, section: str, make: Callable[[Fields], T]) -> Iterator[T]:
        for index, entry in enumerate(self.data.get(section) or ()):
            try:
                yield make(entry)
            except KeyError as error:
                raise self.wrong(section, index, f"it has no {error}") from error
            except (TypeError, ValueError, AttributeError) as error:
                raise self.wrong(section, index, str(error)) from error

    def wrong(self, section: str, index: int, reason: str) -> DataError:
        return DataError(f"{self.path}:{_line(self.text, section, index)}: wrong entry of {section}: {reason}")


def _load(path: Path) -> GoldDocument:
    source = _open(path)
    entities = tuple(source.items("entities", entity_item))
    known = frozenset(e.id for e in entities)
    facts = tuple(source.items("facts", lambda f: _about(fact_item(f), f.get("s"), known)))
    figures = tuple(source.items("observations", lambda f: _about(figure_item(f), f.get("about"), known)))
    return GoldDocument(str(source.data["document"]), entities, facts, figures)


def _about(item: T, entity: object, known: frozenset[str]) -> T:
    if entity not in known:
        raise ValueError(f"no entity of this file has the id {entity!r}")
    return item


def _open(path: Path) -> _Source:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError(f"{path}: cannot read the gold file: {error}") from error
    try:
        data = yaml.load(text, Loader=_loader())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise DataError(f"{path}:{line}: not YAML: {getattr(error, 'problem', None) or error}") from error
    if not isinstance(data, dict) or "document" not in data or not isinstance(data.get("entities"), list):
        raise DataError(f"{path}:1: a gold file has a document (the name of its text) and a list of entities")
    return _Source(path, text, data)


def _line(text: str, section: str, index: int) -> int:
    """The line on which an entry begins; looked up only when it is wrong."""
    root: Any = yaml.compose(text, Loader=_loader())
    entries = next(value for key, value in root.value if key.value == section)
    line: int = entries.value[index].start_mark.line + 1
    return line


def _loader() -> Any:
    """The safe loader, the one in C where PyYAML was built with it (ten times as fast)."""
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)
