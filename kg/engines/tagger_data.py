"""``data/grammar/tagger.yaml``: what is believed of a tagger's words, loaded and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import DataError
from kg.grammar import Example, read_yaml
from kg.vocab import Vocab


@dataclass(frozen=True, slots=True)
class PersonData:
    """What makes a word tagged as a person one (section ``person``)."""

    type: str
    tags: frozenset[str]
    score: float
    longest: int
    dots: tuple[str, ...]
    foreign: frozenset[str]
    not_starting: tuple[str, ...]
    not_ending: tuple[str, ...]
    never: frozenset[str]
    not_after: tuple[str, ...]
    roles: tuple[str, ...]
    says: tuple[str, ...]
    called: tuple[str, ...]
    joins: frozenset[str]
    not_before: frozenset[str]


@dataclass(frozen=True, slots=True)
class EdgeData:
    """When a word that goes over the edge of a name makes the name doubtful (section ``edges``)."""

    reach: int
    whole: frozenset[str]
    extend: frozenset[str]
    veto: frozenset[str]
    not_over: frozenset[str]
    beyond: frozenset[str]
    beyond_longest: int
    beyond_not: tuple[str, ...]
    beyond_classes_not: frozenset[str]


@dataclass(frozen=True, slots=True)
class HeadedData:
    """Which places and organisations that end in a head noun are names (section ``headed``)."""

    score: float
    longest: int
    types: Mapping[str, Sequence[str]]
    waive: frozenset[str]
    bare: frozenset[str]
    not_ending: tuple[str, ...]
    proper: frozenset[str]


@dataclass(frozen=True, slots=True)
class EndingData:
    """Which places are told by their last character (section ``endings``)."""

    tags: frozenset[str]
    score: float
    least: int
    not_starting: tuple[str, ...]
    not_ending: tuple[str, ...]
    never: frozenset[str]
    types: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TaggerData:
    """All of ``tagger.yaml``."""

    person: PersonData
    edges: EdgeData
    headed: HeadedData
    endings: EndingData
    examples: tuple[Example, ...]


TAGGER = "tagger.yaml"
"""The file, in the folder of the grammar."""

_SECTIONS: Mapping[str, type] = {
    "person": PersonData,
    "edges": EdgeData,
    "headed": HeadedData,
    "endings": EndingData,
}


def load_tagger(path: Path, vocab: Vocab) -> TaggerData:
    """Read ``tagger.yaml``; a missing or unknown section or key, or an unknown class, is a ``DataError``."""
    raw = read_yaml(path)
    if not isinstance(raw, dict) or raw.keys() - {"__line__"} != _SECTIONS.keys():
        raise DataError(f"{path}:1: sections must be {', '.join(_SECTIONS)}; add or rename them")
    parts = {name: _section(raw[name], path, name) for name in _SECTIONS}
    data = TaggerData(**parts, examples=tuple(e for name in _SECTIONS for e in _examples(raw[name])))
    classes = {
        data.person.type,
        *data.edges.whole,
        *data.edges.beyond_classes_not,
        *data.headed.types,
        *data.headed.waive,
        *data.headed.bare,
        *data.endings.types.values(),
    }
    if unknown := sorted(classes - vocab.classes.keys()):
        raise DataError(f"{path}:1: no class {unknown[0]!r} in the ontology; mend the name")
    return data


def _section(raw: Any, path: Path, name: str) -> Any:
    """A section as its dataclass; lists become what the field is made of."""
    kind = _SECTIONS[name]
    fields: Mapping[str, str] = kind.__annotations__
    given = raw.keys() - {"__line__", "examples"} if isinstance(raw, dict) else set()
    if given != fields.keys():
        line = raw.get("__line__", 1) if isinstance(raw, dict) else 1
        odd = ", ".join(sorted(given ^ fields.keys()))
        raise DataError(f"{path}:{line}: {name}: missing or unknown: {odd}; keys are {', '.join(fields)}")
    return kind(**{key: _made(raw[key], how) for key, how in fields.items()})


def _made(value: Any, how: str) -> Any:
    if how.startswith("Mapping"):
        return {k: v for k, v in value.items() if k != "__line__"}
    makers: Mapping[str, Any] = {"frozenset[str]": frozenset, "tuple[str, ...]": tuple, "float": float}
    return makers[how](value) if how in makers else value


def _examples(raw: Any) -> tuple[Example, ...]:
    rows = raw.get("examples", ())
    return tuple(Example(e["text"], tuple((n,) for n in e.get("finds", [])), "") for e in rows)
