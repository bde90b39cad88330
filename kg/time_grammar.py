"""Loads ``data/grammar/time.yaml`` and compiles it: one pattern that finds every date expression in a text.

The patterns' group names say what a part means (``y`` year, ``ry`` a relative year word, ``m`` month …) and are the
contract between the data file and ``dates.py``; the words are the data file's own.
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

#: What may follow a date: since then until now; from then on; begun then; before then; around then.
SUFFIXES = ("past", "since", "begun", "until", "about")

Shifts = Mapping[str, tuple[str, int]]
_PLACE = re.compile(r"\{([a-z_][a-z_0-9]*)\}")
_GROUP = re.compile(r"\(\?P(<|=)(\w+)([>)])")


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a date within the pattern: the number of its own group, and of its parts with their names."""

    group: int
    parts: tuple[int, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TimeGrammar:
    """The compiled grammar. ``years``, ``months``, ``days`` map a word to what it counts from and how far.

    ``forms`` describes the groups of ``scan`` for a date, ``range_forms`` those for the end of a range.
    """

    scan: re.Pattern[str]
    forms: tuple[Form, ...]
    range_forms: tuple[Form, ...]
    years: Shifts
    months: Shifts
    days: Shifts
    units: Mapping[str, str]
    quarter: Mapping[str, int]
    halves: Mapping[str, tuple[int, int]]
    plans: Mapping[str, tuple[int, int]]
    centuries: Mapping[str, int]
    prefixes: Mapping[str, str]
    prefix_lengths: tuple[int, ...]
    prefix_ends: frozenset[str]
    of: str


def any_of(words: Iterable[str]) -> str:
    """An alternation of literal words, the longest first."""
    return "(?:" + "|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w))) + ")"


def expand(pattern: str, fragments: Mapping[str, str]) -> str:
    """Replace each ``{name}`` by its fragment, and so on inside; an unknown name is a DataError."""

    def put(found: re.Match[str]) -> str:
        if found[1] not in fragments:
            raise DataError(f"time.yaml: no fragment {{{found[1]}}}: define it under fragments or correct the name")
        return expand(fragments[found[1]], fragments)

    return _PLACE.sub(put, pattern)


def _shifts(table: Mapping[str, Mapping[str, int]]) -> Shifts:
    return {word: (source, shift) for source, words in table.items() for word, shift in words.items()}


def _fragments(table: Mapping[str, Any]) -> dict[str, str]:
    lists: dict[str, Iterable[str]] = {
        "year_words": _shifts(table["year"]),
        "month_words": _shifts(table["month"]),
        "day_words": _shifts(table["day"]),
        "units": table["units"],
        "halves": table["halves"],
        "centuries": table["century"],
        "plans": table["plans"],
    }
    for name in ("plan_first", "plan_last", "vague", "now", "unknown", "recent", "coming"):
        lists[name] = table[name]
    return {**table["fragments"], "today": table["today"], **{name: any_of(words) for name, words in lists.items()}}


def _rename(pattern: str, suffix: str) -> str:
    return _GROUP.sub(lambda m: f"(?P{m[1]}{m[2]}{suffix}{m[3]}", pattern)


def _unique(groups: list[Mapping[str, Any]], side: str, fragments: Mapping[str, str]) -> str:
    """One alternation of all forms, each in a group; the names get a running number, as ``re`` wants them unique."""
    number, parts = 0, []
    for group in groups:
        forms = []
        for form in group["forms"]:
            forms.append(_rename(f"(?P<form>{expand(form, fragments)})", f"_{number}_{side}"))
            number += 1
        parts.append(f"{expand(group['guard'], fragments)}(?:{'|'.join(forms)})")
    return "|".join(parts)


def _forms(scan: re.Pattern[str], side: str) -> tuple[Form, ...]:
    parts: dict[int, dict[str, int]] = {}
    for name, index in scan.groupindex.items():
        part, _, place = name.partition("_")
        if place.endswith("_" + side):
            parts.setdefault(int(place.removesuffix("_" + side)), {})[part] = index
    rows = (parts[number] for number in sorted(parts))
    return tuple(Form(row.pop("form"), tuple(row.values()), tuple(row)) for row in rows)


def _compile(table: Mapping[str, Any]) -> re.Pattern[str]:
    fragments = _fragments(table)
    first, last = (_unique(table["point"], side, fragments) for side in "ab")
    tail = "|".join(f"(?P<{name}>{table['suffix'][name]})" for name in SUFFIXES)
    never = any_of(table["never"])
    body = f"(?!{never})(?:{first})(?:{fragments['join']}(?P<range>{last}))?(?:{tail})?"
    # The search skips quickly to a character of `lead` with one of `second` behind it; only there the forms are tried,
    # by a look-behind, because a pattern that begins with a look-ahead is tried at every character.
    lead, second = f"[{table['lead']}]", f"[{table['second']}]"
    return re.compile(f"{lead}(?={second})(?<=(?=(?P<body>{body})){lead})")


@lru_cache(maxsize=1)
def load_time() -> TimeGrammar:
    """The bundled grammar of dates, compiled once; raises DataError with file and reason."""
    path = resources.data() / "grammar" / "time.yaml"
    try:
        return _build(load_table("time.yaml"))
    except (KeyError, TypeError) as e:
        raise DataError(f"{path}:1: lacks or misuses {e}: compare with the bundled file") from e
    except re.error as e:
        raise DataError(f"{path}:1: a pattern is no regular expression: {e}") from e


def _build(table: Mapping[str, Any]) -> TimeGrammar:
    prefixes = {word: role for role, words in table["prefix"].items() for word in words}
    scan = _compile(table)
    return TimeGrammar(
        scan=scan,
        forms=_forms(scan, "a"),
        range_forms=_forms(scan, "b"),
        years=_shifts(table["year"]),
        months=_shifts(table["month"]),
        days=_shifts(table["day"]),
        units=table["units"],
        quarter=table["quarter"],
        halves={word: (first, last) for word, (first, last) in table["halves"].items()},
        plans={word: (first, last) for word, (first, last) in table["plans"].items()},
        centuries=table["century"],
        prefixes=prefixes,
        prefix_lengths=tuple(sorted({len(word) for word in prefixes}, reverse=True)),
        prefix_ends=frozenset(word[-1] for word in prefixes),
        of=table["of"],
    )
