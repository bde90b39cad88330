"""Loads ``data/grammar/numbers.yaml`` with ``units.csv`` and compiles them: one pattern that finds every figure.

Word lists become tables from word to role, so that what stands before or after a figure is looked up, longest first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from kg import resources
from kg.errors import DataError
from kg.numerals import load_table
from kg.time_grammar import any_of, expand
from kg.units import load_units


@dataclass(frozen=True, slots=True)
class Words:
    """Words with a role each, to be found right before or right after a place in a text."""

    roles: Mapping[str, str]
    longest: int
    firsts: frozenset[str]
    lasts: frozenset[str]

    def before(self, text: str, at: int, least: int) -> tuple[str, int]:
        """The role of the longest word that ends at ``at`` and begins at ``least`` or later, and its beginning."""
        if at <= least or text[at - 1] not in self.lasts:
            return "", at
        for length in range(min(self.longest, at - least), 0, -1):
            role = self.roles.get(text[at - length : at])
            if role is not None:
                return role, at - length
        return "", at

    def after(self, text: str, at: int, most: int) -> tuple[str, int]:
        """The role of the longest word that begins at ``at`` and ends at ``most`` or earlier, and its end."""
        if at >= most or text[at] not in self.firsts:
            return "", at
        for length in range(min(self.longest, most - at), 0, -1):
            role = self.roles.get(text[at : at + length])
            if role is not None:
                return role, at + length
        return "", at


@dataclass(frozen=True, slots=True)
class Half:
    """The word for a half: the dimensions it counts by itself, those it follows, and what it begins that is no half."""

    word: str
    of: frozenset[str]
    after: frozenset[str]
    unless: frozenset[str]


@dataclass(frozen=True, slots=True)
class QuantityGrammar:
    """The compiled grammar of figures; the fields are the sections of the data file."""

    scan: re.Pattern[str]
    fixed: re.Pattern[str]
    before: Words
    fill: Words
    after: Words
    after_only: Mapping[str, frozenset[str]]
    change: Words
    change_fill: Words
    than: re.Pattern[str]
    distant: re.Pattern[str]
    distant_dimensions: frozenset[str]
    implied: re.Pattern[str]
    implied_unit: str
    magnitude_only: frozenset[str]
    large_only: frozenset[str]
    verbs_too: frozenset[str]
    ranked: Mapping[str, frozenset[str]]
    ratio: tuple[str, ...]
    minus: Words
    minus_of: frozenset[str]
    percent: Mapping[str, str]
    compose: Mapping[str, Mapping[str, tuple[str, int]]]
    arabic_only: frozenset[str]
    joiners: frozenset[str]
    names: frozenset[str]
    opening: str
    article: str
    grade: tuple[str, ...]
    grade_not: frozenset[str]
    several: str
    multipliers: str
    myriads: str
    large: frozenset[str]
    over: str
    half: Half


def _words(roles: Mapping[str, Iterable[str]]) -> Words:
    table = {word: role for role, words in roles.items() for word in words}
    return Words(table, max(map(len, table)), frozenset(w[0] for w in table), frozenset(w[-1] for w in table))


def _unit_heads() -> str:
    return "".join(sorted({re.escape(word[0]) for word in load_units()}))


def _unit_pattern(not_before: Mapping[str, Iterable[str]]) -> str:
    """All unit words, the longest first, each with what may not follow it."""

    def one(word: str) -> str:
        guard = f"(?!{any_of(not_before[word])})" if not_before.get(word) else ""
        return re.escape(word) + guard + ("(?![A-Za-z])" if word[-1].isascii() and word[-1].isalpha() else "")

    words = sorted(load_units(), key=lambda w: (-len(w), w))
    # The look-ahead refuses at once what cannot begin a unit; the alternation is long.
    alternatives = "|".join(one(word) for word in words)
    return f"(?=[{_unit_heads()}])(?:{alternatives})"


def _fragments(table: Mapping[str, Any]) -> dict[str, str]:
    unit = _unit_pattern(table["not_before"])
    lists = {
        "digit": "".join(table["digits"]),
        "step": "".join(table["steps"]),
        "myriad": "".join(table["myriads"]),
        "more": "".join(table["more"]),
        "unit": f"{unit}(?:/{unit})?",
        "unit_head": _unit_heads(),
    }
    singles = {name: table[name] for name in ("over", "several", "point", "half", "classifier", "ordinal")}
    return {**table["shape"], **lists, **singles}


_NUMBER = "(?:{arabic}{marked}?|{chinese}|{half})"
_SECOND = "(?:{digits}{marked}?|{chinese}|{half})"
_BODY = (
    "(?P<clock>{clock})|(?P<rank>{ordinal}(?P<rn>[0-9]+|[{digit}{step}{myriad}]+)(?P<ru>{unit})?)|(?P<fraction>{fraction})|"
    "(?P<n>" + _NUMBER + ")(?:{classifier}(?P<mid>{half}|[{more}])(?P<midunit>{unit})|"
    "(?P<u1>{unit})?{join}(?P<n2>" + _SECOND + ")(?P<u2>{unit})?|(?P<u>{unit}))?"
)


def _compile(table: Mapping[str, Any]) -> re.Pattern[str]:
    fragments = _fragments(table)
    lead = f"[0-9{expand('{digit}{step}{myriad}{several}{half}{ordinal}', fragments)}]"
    # The search skips quickly to a character of `lead`; only there the forms are tried, by a look-behind, because a
    # pattern that begins with a look-ahead is tried at every character.
    return re.compile(f"{lead}(?<=(?=(?P<body>{expand(_BODY, fragments)})){lead})")


def _change(table: Mapping[str, Any]) -> tuple[Words, Words]:
    ways = ("increase", "decrease")
    roles = ("none", *(prefix + way for prefix in ("", "noun_", "compared_") for way in ways))
    fill = {"noun": table["noun_fill"], "verb": table["verb_fill"]}
    return _words({role: table[role] for role in roles}), _words(fill)


@lru_cache(maxsize=1)
def load_quantity_grammar() -> QuantityGrammar:
    """The bundled grammar of figures, compiled once; raises DataError with the file and the reason."""
    path = resources.data() / "grammar" / "numbers.yaml"
    try:
        return _build(load_table("numbers.yaml"))
    except (KeyError, TypeError, AttributeError) as e:
        raise DataError(f"{path}:1: lacks or misuses {e}: compare with the bundled file") from e
    except re.error as e:
        raise DataError(f"{path}:1: a pattern is no regular expression: {e}") from e


def _build(table: Mapping[str, Any]) -> QuantityGrammar:
    change, change_fill = _change(table["change"])
    return QuantityGrammar(
        scan=_compile(table),
        fixed=re.compile(any_of(table["fixed"])),
        before=_words(table["before"]),
        fill=_words({"fill": table["fill"]}),
        after=_words(table["after"]),
        after_only={word: frozenset(dimensions) for word, dimensions in table["after_only"].items()},
        change=change,
        change_fill=change_fill,
        than=re.compile(table["change"]["than"]),
        distant=re.compile(table["change"]["distant"]),
        distant_dimensions=frozenset(table["change"]["distant_dimensions"]),
        implied=re.compile(table["implied"]["pattern"]),
        implied_unit=table["implied"]["unit"],
        magnitude_only=frozenset(table["magnitude_only"]),
        large_only=frozenset(table["large_only"]),
        verbs_too=frozenset(table["verbs_too"]),
        ranked={word: frozenset(units) for word, units in table["ranked"].items()},
        ratio=tuple(table["ratio"]),
        minus=_words({"minus": table["minus"]}),
        minus_of=frozenset(table["minus_of"]),
        percent=table["percent"],
        compose=_compositions(table["compose"]),
        arabic_only=frozenset(table["arabic_only"]),
        joiners=frozenset(table["joiners"]),
        names=frozenset(table["names"]),
        opening=table["opening"],
        article=table["article"],
        grade=tuple(table["grade"]),
        grade_not=frozenset(table["grade_not"]),
        several=table["several"],
        multipliers="".join(table["steps"]) + "".join(table["myriads"]),
        myriads="".join(table["myriads"]),
        large=frozenset(table["myriads"]),
        over=table["over"],
        half=_half(table),
    )


def _half(table: Mapping[str, Any]) -> Half:
    return Half(
        word=table["half"],
        of=frozenset(table["half_of"]),
        after=frozenset(table["half_after"]),
        unless=frozenset(table["half_not"]),
    )


def _compositions(table: Mapping[str, Any]) -> dict[str, dict[str, tuple[str, int]]]:
    return {big: {small: (to, by) for small, (to, by) in row.items()} for big, row in table.items()}
