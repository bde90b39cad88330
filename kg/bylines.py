"""Bylines, credits, captions and datelines, as ``data/grammar/layout.yaml`` describes them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from kg.characters import HAN
from kg.errors import DataError
from kg.resources import data

_HAN = re.compile(f"[{HAN}]")
_LONGEST = 80  # a byline is short; longer lines are not looked at
_SHAPES = str.maketrans({"(": "（", ")": "）", ":": "：", "\0": " ", "\n": " "})


@dataclass(frozen=True, slots=True)
class Words:
    """The compiled patterns of one ``layout.yaml``; each is one alternation, so a line is read once."""

    byline: re.Pattern[str]
    unfinished: re.Pattern[str]
    credit: re.Pattern[str]
    trailing: tuple[re.Pattern[str], ...]
    after_role: re.Pattern[str]
    before_credit: re.Pattern[str]
    lone_name: re.Pattern[str]
    caption: re.Pattern[str]
    datelines: tuple[re.Pattern[str], ...]

    def is_byline(self, line: str) -> bool:
        """Whether the whole line names writers, photographers, editors or the source."""
        return len(line) <= _LONGEST and bool(self.byline.fullmatch(_shape(line)))

    def wants_name(self, line: str) -> bool:
        """Whether the line is a byline whose name is still to come (a desk and a role alone)."""
        return len(line) <= _LONGEST and bool(self.unfinished.fullmatch(_shape(line)))

    def is_credit(self, line: str) -> bool:
        """Whether the whole line is the credit of a photograph: then what stands before it is a caption."""
        return len(line) <= _LONGEST and bool(self.credit.fullmatch(_shape(line)))

    def is_lone_name(self, line: str) -> bool:
        """Whether the line is a person's name and nothing else, letter-spaced."""
        return len(line) <= 12 and bool(self.lone_name.fullmatch(_shape(line)))

    def is_caption(self, text: str) -> bool:
        """Whether the text says that it describes a picture."""
        return bool(self.caption.search(text))

    def trailing_byline(self, line: str) -> int:
        """Where a byline begins that ends the line, as an index into it; -1 if none does."""
        tail = _shape(line[-_LONGEST:])
        found = [m.start("byline") for p in self.trailing if (m := p.search(tail))]
        return len(line) - len(tail) + min(found) if found else -1

    def byline_spaces(self, tokens: Sequence[str]) -> list[bool]:
        """Which of the spaces between the tokens of a byline stay: those between names, not those inside one.

        ``["本报记者", "顾", "阳", "刘伟姮"]`` keeps the last alone.
        """
        kept, half = [], False
        for left, right in pairwise(tokens):
            if self.after_role.search(left) or self.before_credit.match(right):
                kept.append(False)
                half = False
            elif len(left) == 1 and not half and _HAN.match(left) and (len(right) == 1 or self.credited(right)):
                kept.append(False)
                half = True
            else:
                kept.append(True)
                half = False
        return kept

    def credited(self, token: str) -> bool:
        """Whether the token is one character of a name with the word of a photo credit (宇摄)."""
        return bool(_HAN.match(token) and self.before_credit.match(token[1:]))

    def dateline(self, line: str) -> str:
        """The date that the line gives for its text, ISO 8601 at the precision given; empty if none."""
        for pattern in self.datelines:
            if (m := pattern.search(line)) and (found := calendar_date(m["year"], m["month"], m["day"])):
                return found
        return ""


def calendar_date(year: str, month: str | None, day: str | None) -> str | None:
    """A year, month and day as ISO 8601 at the precision given; ``None`` if there is no such day.

    >>> calendar_date("2021", "2", None), calendar_date("2021", "2", "30")
    ('2021-02', None)
    """
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return year + (f"-{int(month):02}" if month else "") + (f"-{int(day):02}" if day else "")


def _shape(line: str) -> str:
    return line.translate(_SHAPES).strip()


def _alternatives(patterns: list[re.Pattern[str]]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p.pattern})" for p in patterns))


@lru_cache(maxsize=4)
def words(path: Path | None = None) -> Words:
    """The bundled ``layout.yaml`` (or another), read once.

    Raises ``DataError`` that names the file and the key if it cannot be used.
    """
    path = path or bundled()
    filling, rules = load_rules(path)
    compiled = {key: [re.compile(rule["pattern"]) for rule in rules[key]] for key in rules}
    by_id = {rule["id"]: re.compile(rule["pattern"]) for rule in rules["bylines"]}
    return Words(
        byline=_alternatives(compiled["bylines"]),
        unfinished=by_id["role-alone"],
        credit=_alternatives([p for name, p in by_id.items() if name.endswith("credit")]),
        trailing=tuple(re.compile(f"(?:{p.pattern})$") for p in compiled["trailing"]),
        after_role=re.compile(f"(?:{filling['role']}|{filling['desk_role']}|{filling['source']})[：:]?$"),
        before_credit=re.compile(filling["credit"]),
        lone_name=compiled["lone_name"][0],
        caption=compiled["caption"][0],
        datelines=tuple(compiled["datelines"]),
    )


def bundled() -> Path:
    """The ``layout.yaml`` that the project ships."""
    return data() / "grammar" / "layout.yaml"


_KEYS = ("bylines", "trailing", "lone_name", "caption", "datelines")
Rules = dict[str, list[dict[str, Any]]]


def load_rules(path: Path) -> tuple[Mapping[str, str], Rules]:
    """The words of a ``layout.yaml`` as alternations, and its rules by key with the words filled in.

    Rules keep their examples and counter-examples. Raises ``DataError`` for a file that is no YAML, a missing
    key, an unknown word or a bad regular expression.
    """
    raw = _load(path)
    filling = {key: f"(?:{'|'.join(map(re.escape, values))})" for key, values in raw["words"].items()}
    filling["han"] = f"[{HAN}]"
    filling["names"] = _filled(path, "names", raw["names"], filling)
    rules: Rules = {}
    for key in _KEYS:
        listed = raw[key] if isinstance(raw[key], list) else [{"id": key, **raw[key]}]
        rules[key] = [{**rule, "pattern": _filled(path, key, rule["pattern"], filling)} for rule in listed]
    return filling, rules


def _load(path: Path) -> dict[str, Any]:
    import yaml

    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise DataError(f"{path}: cannot be read as YAML ({error}); mend it or restore the bundled file") from error
    missing = {"words", "names", *_KEYS} - (raw.keys() if isinstance(raw, dict) else set())
    if missing:
        raise DataError(f"{path}: lacks {', '.join(sorted(missing))}; the bundled data/grammar/layout.yaml has them")
    return dict(raw)


def _filled(path: Path, key: str, pattern: str, filling: Mapping[str, str]) -> str:
    try:
        whole = pattern.format(**filling)
        re.compile(whole)
    except (KeyError, IndexError, ValueError, re.error) as error:
        raise DataError(
            f"{path}: {key}: bad pattern {pattern!r} ({error!r}); name words in single braces, double every other brace"
        ) from error
    return whole
