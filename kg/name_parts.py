"""``data/grammar/name-parts.yaml``: what is known of how names are made, for comparing names of different documents."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.errors import DataError
from kg.grammar import read_yaml
from kg.vocab import Vocab


@dataclass(frozen=True, slots=True)
class Suffix:
    """A type suffix in its short form: those of one ``kind`` contradict each other; ``bare`` says it may be missing."""

    text: str
    kind: str
    bare: bool


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A pattern that is replaced in the names of some classes (of all, without ``classes``)."""

    classes: frozenset[str]
    pattern: re.Pattern[str]
    to: str


@dataclass(frozen=True, slots=True)
class NameParts:
    """The file, checked; its comments say what each part is for. Without a file, all of it is empty."""

    places: frozenset[str] = frozenset()
    scoped: frozenset[str] = frozenset()
    by: str = ""
    qualifier: str = ""
    containment: frozenset[str] = frozenset()
    whole: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    national: tuple[str, ...] = ()
    proper: frozenset[str] = frozenset()
    quotes: frozenset[str] = frozenset()
    titled: frozenset[str] = frozenset()
    numbered: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    edition: re.Pattern[str] | None = None
    joined: frozenset[str] = frozenset()
    marks: re.Pattern[str] | None = None
    brackets: re.Pattern[str] | None = None
    joins: re.Pattern[str] | None = None
    initials: Mapping[str, str] = field(default_factory=dict)
    rewrites: tuple[Rewrite, ...] = ()
    ordinal: re.Pattern[str] | None = None
    equal: Mapping[str, str] = field(default_factory=dict)
    shorts: frozenset[str] = frozenset()
    folds: re.Pattern[str] | None = None
    suffixes: Mapping[str, Suffix] = field(default_factory=dict)
    longest: int = 0
    near: frozenset[frozenset[str]] = frozenset()
    trade: tuple[str, ...] = ()
    trading: frozenset[str] = frozenset()
    common: frozenset[str] = frozenset()
    parts_of_speech: frozenset[str] = frozenset()

    def is_near(self, one: str, other: str) -> bool:
        """Whether one suffix may stand for the other."""
        return one == other or frozenset((one, other)) in self.near


def load_name_parts(path: Path, vocab: Vocab) -> NameParts:
    """Read the file; one that is not there is empty. A class or pattern that is wrong is a ``DataError``."""
    if not path.exists():
        return NameParts()
    raw = read_yaml(path)
    if not isinstance(raw, dict):
        raise DataError(f"{path}:1: not a mapping; see the comments at the top of the bundled file")
    try:
        return _parts(raw, _Reader(path, vocab))
    except (KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{path}:1: {error} is missing or malformed; compare with the bundled file") from error


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads pieces of the file and checks them."""

    path: Path
    vocab: Vocab

    def classes(self, names: list[str], line: int = 1) -> frozenset[str]:
        """The classes and all below them."""
        for name in names:
            if name not in self.vocab.classes:
                raise DataError(f"{self.path}:{line}: no class {name!r} in the ontology; mend the name")
        return frozenset(narrow for name in names for narrow in self.vocab.narrower(name))

    def pattern(self, text: str, line: int = 1) -> re.Pattern[str]:
        try:
            return re.compile(text)
        except re.error as error:
            raise DataError(f"{self.path}:{line}: {text!r} is no regular expression ({error}); mend it") from error

    def rewrite(self, raw: Mapping[str, Any]) -> Rewrite:
        line = int(raw.get("__line__", 1))
        return Rewrite(self.classes(raw.get("for", []), line), self.pattern(raw["pattern"], line), str(raw["to"]))

    def predicates(self, names: list[str]) -> frozenset[str]:
        for name in names:
            if name not in self.vocab.properties:
                raise DataError(f"{self.path}:1: no property {name!r} in the ontology; mend the name")
        return frozenset(names)


def _parts(raw: Mapping[str, Any], reader: _Reader) -> NameParts:
    equal = {each: short for short, forms in raw["equal"].items() if short != "__line__" for each in (short, *forms)}
    suffixes = _suffixes(raw["suffixes"])
    scoped = raw["scoped"]
    reader.predicates([scoped["by"], scoped["with"]])
    return NameParts(
        places=reader.classes(raw["places"]),
        scoped=reader.classes(scoped["classes"]),
        by=scoped["by"],
        qualifier=scoped["with"],
        containment=reader.predicates(raw["containment"]),
        whole=frozenset(raw["whole"]),
        prefixes=tuple(raw["prefixes"]),
        national=tuple(raw["national"]),
        proper=frozenset(raw["proper"]),
        quotes=frozenset(raw["quotes"]),
        titled=reader.classes(raw["titled"]),
        numbered=frozenset(raw["numbered"]),
        shared=reader.classes(raw["shared"]),
        edition=reader.pattern(raw["edition"]),
        joined=reader.classes(raw["joined"]),
        marks=_any(raw["marks"]),
        brackets=re.compile("|".join(map(_bracketed, raw["brackets"]))),
        joins=_any(raw["joins"]),
        initials={place: char for place, char in raw["initials"].items() if place != "__line__"},
        rewrites=tuple(reader.rewrite(each) for each in raw["rewrite"]),
        ordinal=reader.pattern(raw["ordinal"]),
        equal=equal,
        shorts=frozenset(equal.values()),
        folds=_any(equal),
        suffixes=suffixes,
        longest=max(map(len, suffixes)),
        near=frozenset(frozenset(pair) for pair in raw["near"]),
        trade=tuple(raw["trade"]),
        trading=reader.classes(raw["trading"]),
        common=frozenset(raw["common"]),
        parts_of_speech=frozenset(raw["parts_of_speech"]),
    )


def _suffixes(entries: Sequence[Mapping[str, Any]]) -> dict[str, Suffix]:
    return {
        form: Suffix(form, str(entry["kind"]), bool(entry.get("bare"))) for entry in entries for form in entry["forms"]
    }


def _bracketed(pair: str) -> str:
    return f"{re.escape(pair[0])}([^{re.escape(pair)}]*){re.escape(pair[1])}"


def _any(words: Mapping[str, str] | list[str]) -> re.Pattern[str]:
    """One pattern for all the words, the longest first."""
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w))))
