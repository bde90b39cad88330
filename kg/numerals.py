"""Chinese, Arabic and mixed numerals -> exact decimals: 三千二百, 3.74万亿, 1,234.5, 三分之一, 两个半, 三四十.

The words are in ``data/grammar/numbers.yaml``; the arithmetic here knows only their roles: digits, steps
within a group of four (ten, hundred, thousand) and myriads that close a group.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import Any

import yaml

from kg import resources
from kg.errors import DataError

#: Decimal places kept of a fraction that does not end (1/3).
PLACES = 10

_ARABIC = re.compile(r"\d+(?:\.\d+)?")
_PLAIN = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)")
_GROUPED = re.compile(r"(?<=\d)[,，](?=\d{3}(?!\d))")


@dataclass(frozen=True, slots=True)
class Numeral:
    """What a numeral says: ``value``, ``high`` where it names a range (三四十: 30, 40), how exact it is.

    ``approx`` is ``over``, ``about`` or empty; ``vague`` marks 数十 and 十几, which give an order of magnitude only.
    """

    value: Decimal
    high: Decimal | None = None
    approx: str = ""
    vague: bool = False


@dataclass(frozen=True, slots=True)
class _Words:
    digits: Mapping[str, int]
    zero: str
    steps: Mapping[str, int]
    myriads: Mapping[str, int]
    point: str
    half: str
    classifier: str
    over: str
    several: str
    more: Mapping[str, str]
    scales: str = ""  # steps and myriads in one string


@lru_cache(maxsize=4)
def load_table(name: str) -> Mapping[str, Any]:
    """A YAML file of ``data/grammar`` as it stands; raises DataError with file and line where it is no mapping."""
    path = resources.data() / "grammar" / name
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        table = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    except OSError as e:
        raise DataError(f"{path}:1: cannot be read: {e.strerror}: restore the file") from e
    except yaml.MarkedYAMLError as e:
        line = e.problem_mark.line + 1 if e.problem_mark else 1
        raise DataError(f"{path}:{line}: {e.problem}: mend the YAML") from e
    if not isinstance(table, dict):
        raise DataError(f"{path}:1: is no mapping: compare with the bundled file")
    return table


@lru_cache(maxsize=1)
def _words() -> _Words:
    table = load_table("numbers.yaml")
    try:
        scales = "".join(table["steps"]) + "".join(table["myriads"])
        return _Words(**{name: table[name] for name in _Words.__dataclass_fields__ if name != "scales"}, scales=scales)
    except KeyError as e:
        path = resources.data() / "grammar" / "numbers.yaml"
        raise DataError(f"{path}:1: lacks {e}: compare with the bundled file") from e


@lru_cache(maxsize=65536)
def canonical(value: Decimal) -> str:
    """The one way to write a value: no exponent, no trailing zeros, no plus sign, no negative zero.

    >>> canonical(Decimal("229.80")), canonical(Decimal("1E+3")), canonical(Decimal("-0.0"))
    ('229.8', '1000', '0')
    """
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


@lru_cache(maxsize=65536)
def parse_numeral(text: str) -> Decimal | None:
    """The exact value of a whole numeral, or None where ``text`` is none (or is vague, or a range).

    >>> parse_numeral("3.74万亿")
    Decimal('3740000000000')
    """
    w = _words()
    plain = _PLAIN.fullmatch(text)
    if plain:
        return Decimal(plain[1].replace(",", ""))
    text = _GROUPED.sub("", re.sub(r"\s", "", text))
    arabic = _ARABIC.match(text)
    if arabic and arabic.end() < len(text) and text[arabic.end() :].strip(w.scales) == "":
        factor = parse_numeral(text[arabic.end() :])  # 3.74 times 万亿
        return None if factor is None else Decimal(arabic.group()) * factor
    if w.over in text:
        return _fraction(*text.split(w.over, 1))
    if text == w.half:
        return Decimal("0.5")
    if text.endswith(w.classifier + w.half):
        whole = parse_numeral(text[: -len(w.classifier + w.half)])
        return None if whole is None else whole + Decimal("0.5")
    return _compound(text, w)


def _fraction(below: str, above: str) -> Decimal | None:
    denominator, numerator = parse_numeral(below), parse_numeral(above)
    if not denominator or numerator is None:
        return None
    return (numerator / denominator).quantize(Decimal(1).scaleb(-PLACES), ROUND_HALF_EVEN).normalize()


def _compound(text: str, w: _Words) -> Decimal | None:
    if not text:
        return None
    if _ARABIC.fullmatch(text):
        return Decimal(text)
    if all(c in w.digits for c in text):
        ambiguous = len(text) == 2 and text[0] not in w.zero and text[1] not in w.zero
        return None if ambiguous else Decimal("".join(str(w.digits[c]) for c in text))
    tokens = _tokens(text, w)
    return None if tokens is None else _Sum(w).of(tokens)


def _tokens(text: str, w: _Words) -> list[str | Decimal] | None:
    """Words of the numeral, with Arabic and pointed numbers already read as decimals."""
    tokens: list[str | Decimal] = []
    at = 0
    while at < len(text):
        arabic = _ARABIC.match(text, at)
        if arabic:
            tokens.append(Decimal(arabic.group()))
            at = arabic.end()
        elif text[at] == w.point:
            end = at + 1
            while end < len(text) and text[end] in w.digits:
                end += 1
            whole = parse_numeral(text[:at])
            if end == at + 1 or whole is None:
                return None
            tokens = [whole + Decimal("0." + "".join(str(w.digits[c]) for c in text[at + 1 : end]))]
            at = end
        else:
            tokens.append(text[at])
            at += 1
    return tokens


class _Sum:
    """Adds up the words of one numeral; ``of`` is None where their order makes no number."""

    def __init__(self, words: _Words) -> None:
        self.w = words
        self.groups: list[tuple[int, Decimal]] = []  # closed by a myriad, descending
        self.section = Decimal(0)  # the open group of four digits
        self.digit: Decimal | None = None  # not yet given its step
        self.step = 10**9  # smallest scale used since the last myriad
        self.last = 0  # scale of the word just before, 0 after a zero

    def of(self, tokens: list[str | Decimal]) -> Decimal | None:
        for position, token in enumerate(tokens):
            if not self._add(token, first=position == 0):
                return None
        if self.digit is not None:
            spoken = self.last >= 100 and isinstance(tokens[-1], str) and len(tokens) > 1
            self.section += self.digit * (self.last // 10 if spoken else 1)  # 三千二 = 3200
        return self.section + sum((value for _, value in self.groups), Decimal(0))

    def _add(self, token: str | Decimal, first: bool) -> bool:
        w = self.w
        if isinstance(token, Decimal):
            return self._put(token)
        if token in w.zero:
            self.last = 0
            return self.digit is None and not first
        if token in w.digits:
            return self._put(Decimal(w.digits[token]))
        if token in w.steps:
            return self._scale(w.steps[token], first)
        return token in w.myriads and self._close(w.myriads[token], first)

    def _put(self, digit: Decimal) -> bool:
        free = self.digit is None
        self.digit = digit
        return free

    def _scale(self, step: int, first: bool) -> bool:
        if step >= self.step or (self.digit is None and not first and step != 10):
            return False
        self.section += (Decimal(1) if self.digit is None else self.digit) * step
        self.digit, self.step, self.last = None, step, step
        return True

    def _close(self, myriad: int, first: bool) -> bool:
        said = self.digit is not None or bool(self.section)
        value = self.section + (self.digit or Decimal(0))
        while self.groups and self.groups[-1][0] < myriad:
            value, said = value + self.groups.pop()[1], True
        if first:
            value, said = Decimal(1), True
        if not said or (self.groups and self.groups[-1][0] == myriad):
            return False
        self.groups.append((myriad, value * myriad))
        self.section, self.digit, self.step, self.last = Decimal(0), None, 10**9, myriad
        return True


@lru_cache(maxsize=65536)
def read_numeral(text: str) -> Numeral | None:
    """As ``parse_numeral``, and also what is inexact: 8300多, 三十余万, 数百, 十几, 三四十; None where it is none."""
    exact = parse_numeral(text)
    if exact is not None:
        return Numeral(exact)
    return _several(text) or _with_more(text) or _either(text)


def _several(text: str) -> Numeral | None:
    w = _words()
    if len(text) < 2 or text[0] not in w.several:
        return None
    value = parse_numeral(text[1:])
    return None if value is None or text[1] in w.digits else Numeral(value, approx="over", vague=True)


def _with_more(text: str) -> Numeral | None:
    w = _words()
    at = next((i for i, c in enumerate(text) if c in w.more), 0)
    if not at:
        return None
    value = parse_numeral(text[:at] + text[at + 1 :])
    if value is None:
        return None
    return Numeral(value, approx=w.more[text[at]], vague=text[at] in w.several)


def _either(text: str) -> Numeral | None:
    """Two neighbouring digits are a choice: 三四十 is 30 to 40, 十五六 is 15 to 16, 三五 is 3 to 5."""
    w = _words()
    for at in range(len(text) - 1):
        one, two = w.digits.get(text[at]), w.digits.get(text[at + 1])
        if one and two and (two == one + 1 or (one, two) == (3, 5)):
            low, high = parse_numeral(text[: at + 1] + text[at + 2 :]), parse_numeral(text[:at] + text[at + 1 :])
            return None if low is None or high is None else Numeral(low, high)
    return None
