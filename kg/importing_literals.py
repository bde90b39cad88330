"""Literals of others in the forms that every store keeps as they are (no store may rewrite them)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from kg.nquads import decimal, integer, literal
from kg.terms import RDF, XSD

_WHOLE = ("integer", "long", "int", "short", "byte", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte")
_SIGNED = ("nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger")
_TEXTS = ("string", "normalizedString", "token")
_LONGEST = 60
"""Digits of a number that are written out; a double can have 300."""
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_YEAR = re.compile(r"\d{4}")
_DAYS = ("date", "gYearMonth", "gYear")
_ZONE = re.compile(r"\d(Z|[+-]\d\d:\d\d)$")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?")


def normal(text: str, language: str, datatype: str) -> tuple[str, str]:
    """A literal as a term, and the name of its datatype where that was given up for plain text.

    Whole numbers become ``xsd:integer``, other numbers canonical ``xsd:decimal``; a datatype of XSD that stores rewrite
    or do not know (durations, times of day) is dropped and told; datatypes of others stay. Raises :class:`ValueError`,
    with the reason, for a text that its datatype does not have.
    """
    if language:
        return literal(text, language), ""
    if not datatype.startswith(XSD):
        if datatype in (RDF + "langString", RDF + "dirLangString"):
            raise ValueError("a text with a language must name it")
        return literal(text, datatype=datatype), ""
    name = datatype.removeprefix(XSD)
    if name in _TEXTS:
        return literal(text), ""
    if name not in _READERS:
        return literal(text), name
    if name in _DAYS and _ZONE.search(text):
        return literal(text), f"{name} with a time zone"
    try:
        return _READERS[name](text.strip()), ""
    except (ValueError, InvalidOperation) as error:
        raise ValueError(f"{text!r} is no xsd:{name}") from error


def _integer(text: str) -> str:
    if not re.fullmatch(r"[+-]?[0-9]+", text) or len(text) > _LONGEST:
        raise ValueError
    return integer(int(text))


def _decimal(text: str) -> str:
    number = Decimal(text)
    if not number.is_finite() or abs(number.adjusted()) > _LONGEST or len(text) > _LONGEST or not text.isascii():
        raise ValueError
    return decimal(number)


def _boolean(text: str) -> str:
    value = {"true": "true", "1": "true", "false": "false", "0": "false"}.get(text)
    if value is None:
        raise ValueError
    return literal(value, datatype=XSD + "boolean")


def _date(text: str) -> str:
    if not _DATE.fullmatch(text):
        raise ValueError
    date.fromisoformat(text)
    return literal(text, datatype=XSD + "date")


def _part(form: re.Pattern[str], name: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not form.fullmatch(text):
            raise ValueError
        return literal(text, datatype=XSD + name)

    return read


def _moment(text: str) -> str:
    found = _MOMENT.fullmatch(text)
    if not found:
        raise ValueError
    datetime.fromisoformat(found[1])
    fraction, zone = (found[2] or "").rstrip("0").rstrip("."), found[3] or ""
    return literal(found[1] + fraction + ("Z" if zone in ("+00:00", "-00:00") else zone), datatype=XSD + "dateTime")


_READERS: Mapping[str, Callable[[str], str]] = {
    **dict.fromkeys((*_WHOLE, *_SIGNED), _integer),
    **dict.fromkeys(("decimal", "double", "float"), _decimal),
    "boolean": _boolean,
    "date": _date,
    "gYearMonth": _part(_MONTH, "gYearMonth"),
    "gYear": _part(_YEAR, "gYear"),
    **dict.fromkeys(("dateTime", "dateTimeStamp"), _moment),
}
"""How the text of each datatype of XSD that is kept is read; :class:`ValueError` where it is none."""
