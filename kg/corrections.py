"""What a correction may say: whether the ontology has a place for it, and the values that its words stand for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches

from kg.bylines import calendar_date
from kg.reviews import ENTITY, Parts
from kg.types import Value
from kg.vocab_types import PropertyTerm, Vocab

_DATE_OF_LENGTH = {4: "gYear", 7: "gYearMonth", 10: "date"}
_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_DECADE = re.compile(r"\d{3}X")
_OPEN = ".."

TypeOf = Callable[[str], str]
"""The class of the entity with an id; empty if there is none."""


def check_parts(parts: Parts, vocab: Vocab, type_of: TypeOf | None = None) -> None:
    """``ValueError``, with what to do, if a fact or figure is none that the ontology allows.

    With ``type_of`` the ends must be entities, and of classes that the predicate joins.
    """
    said = dict(parts)
    _named("modality", said["modality"], vocab)
    if "about" in said:
        _check_figure(said, vocab)
        if type_of:
            _type(said["about"], type_of)
    else:
        _check_fact(said, vocab, type_of)


def _check_fact(said: dict[str, str], vocab: Vocab, type_of: TypeOf | None) -> None:
    name, end = said["predicate"], said["object"]
    if name not in vocab.predicates:
        near = get_close_matches(name, vocab.predicates, n=1)
        raise ValueError(
            f"{name!r} is no predicate of the ontology; {f'did you mean {near[0]}?' if near else 'see it'}"
        )
    if not said["subject"].startswith(ENTITY):
        raise ValueError(f"{said['subject']!r} is no entity; write {ENTITY} and what stands behind id/ in its address")
    if said["subject"] == end:
        raise ValueError("subject and object are the same entity; name two")
    value = None if end.startswith(ENTITY) else value_of(name, end, vocab)
    if value is None and vocab.properties[name].range.isdisjoint(vocab.classes):
        raise ValueError(f"{name} takes {_takes(vocab.properties[name], vocab)}, no entity")
    if type_of:
        subject = _type(said["subject"], type_of)
        object_ = value.datatype if value else _type(end, type_of)
        if not vocab.admits(name, subject, object_):
            raise ValueError(
                f"{name} joins no {subject} to {object_}: it is said of {_list(vocab.properties[name].domain)}"
                f" and takes {_takes(vocab.properties[name], vocab)}"
            )


def _type(end: str, type_of: TypeOf) -> str:
    found = type_of(end.removeprefix(ENTITY)) if end.startswith(ENTITY) else ""
    if not found:
        raise ValueError(f"{end}: no entity of this build has this id; kg query finds ids by name")
    return found


def value_of(predicate: str, text: str, vocab: Vocab) -> Value:
    """The value that a text stands for as the object of a predicate; ``ValueError`` if it takes no such value."""
    term = vocab.properties[predicate]
    if text in vocab.values(predicate):
        return Value(text, "term")
    kind = _DATE_OF_LENGTH.get(len(text), "")
    if kind in term.range and is_date(text):
        return Value(text, kind)
    for kind in ("integer", "decimal"):
        if kind in term.range and is_number(text) and (kind == "decimal" or re.fullmatch(r"-?\d+", text)):
            return Value(text, kind)
    if "string" in term.range:
        return Value(text, "string")
    raise ValueError(f"{predicate} takes {_takes(term, vocab)}, not {text!r}")


def _takes(term: PropertyTerm, vocab: Vocab) -> str:
    if values := vocab.values(term.name):
        return f"one of {', '.join(sorted(values))}"
    if "date" in term.range:
        return "a date (2020-12-27, 2020-12 or 2020)"
    return _list(term.range)


def _list(names: Iterable[str]) -> str:
    return " or ".join(sorted(names))


def _check_figure(said: dict[str, str], vocab: Vocab) -> None:
    if not is_number(said["value"]):
        raise ValueError(f"{said['value']!r} is no number; write it out with digits, as 480000 or 40.7")
    for name in ("approximation", "change"):
        if name in said:
            _named(name, said[name], vocab)
    for name in ("time", "comparedWith"):
        if name in said and not is_time(said[name]):
            raise ValueError(f"{name} is {said[name]!r}; write 2020-12-27, 2020-12, 2020, 197X or 2014/..")
    if "comparedWith" in said and "change" not in said:
        raise ValueError("comparedWith says with what a change compares; give the change, too")


def _named(name: str, code: str, vocab: Vocab) -> None:
    values = vocab.values(name)
    if code not in values:
        raise ValueError(f"{code!r} is no {name}; it must be one of {', '.join(sorted(values))}")


def is_number(text: str) -> bool:
    """Whether a text is a finite number in plain digits."""
    try:
        return bool(re.fullmatch(r"-?\d+(\.\d+)?", text, re.ASCII)) and Decimal(text).is_finite()
    except InvalidOperation:
        return False


def is_date(text: str) -> bool:
    """Whether a text is a day, month or year that the calendar has.

    >>> is_date("2020-02-29"), is_date("2021-02-29"), is_date("2020")
    (True, False, True)
    """
    found = _ISO.fullmatch(text)
    return found is not None and text.isascii() and calendar_date(found[1], found[2], found[3]) == text


def is_time(text: str) -> bool:
    """Whether a text is a date, a decade, or an interval of these that may be open."""
    ends = text.split("/")
    known = [end for end in ends if end != _OPEN]
    return bool(known) and len(ends) <= 2 and all(is_date(end) or _DECADE.fullmatch(end) for end in known)
