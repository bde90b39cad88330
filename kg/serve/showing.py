"""Statements and figures as pages show them: everything named in the reader's language, each with its quotes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response

from kg import terms as t
from kg.graph import CONTEXT
from kg.serve.addresses import Addresses
from kg.serve.consent import NAME
from kg.serve.decisions import Standing, standing
from kg.serve.html import language, page, words
from kg.serve.lookup import Lookup
from kg.serve.refs import Ref, Refs
from kg.serve.site import Opened, Site
from kg.view_data import clean
from kg.view_model import Figure, Quote, Statement, Value

INDICATOR = frozenset({"indicator", "value", "unit", "time"})
"""What stands in columns of its own."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """The words that state something, with those around them; ``href`` leads to their place in the text."""

    before: str
    exact: str
    after: str
    document: Ref
    published: str
    href: str
    rule: str
    confidence: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Told:
    """A statement: ``object`` is a thing, or else ``value`` is its words. Without ``iri`` no text states it."""

    iri: str
    href: str
    subject: Ref
    predicate: Ref
    object: Ref | None
    value: str
    modality: str
    confidence: str
    qualifiers: tuple[tuple[str, str], ...]
    quotes: tuple[Quoted, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure: ``number`` is its value, ``value`` the same as people write it, ``amount`` with the unit, ``short``
    rounded; ``notes`` is the rest of it.
    """

    iri: str
    href: str
    about: Ref
    indicator: str
    number: Decimal
    value: str
    amount: str
    short: str
    unit: str
    time: str
    modality: str
    confidence: str
    notes: tuple[tuple[str, str], ...]
    quotes: tuple[Quoted, ...]


class Showing:
    """One answer in the making: the build as it is now, and the reader's language."""

    def __init__(self, site: Site, request: Request) -> None:
        self.site, self.request, self.settings = site, request, site.settings
        self.opened: Opened = site.now()
        self.lang = language(request)
        self.words = words()[self.lang]
        self.vocab = self.opened.vocab
        self.addresses = addresses_of(self.opened)
        self.lookup = Lookup(self.opened)
        self.refs = Refs(self.lookup, self.addresses, self.lang, self.words)

    def page(self, template: str, /, *, status: int = 200, **values: Any) -> Response:
        """A template; it is given ``reviewing``, whether people may decide, and ``decided``, what they did."""
        given = {"reviewing": self.settings.review, "decided": self.decided} | values
        return page(self.request, template, status=status, **given)

    def deciding(self, template: str, /, *, status: int = 200, **values: Any) -> Response:
        """A template with forms by which people decide: their code is for the reader's browser alone."""
        consent = self.site.consent
        browser = consent.browser(self.request)
        by = unquote(self.request.cookies.get(NAME, ""))
        values |= {"code": consent.code(browser), "by": by, "ask_token": not consent.knows(self.request)}
        response = self.page(template, status=status, **values)
        if self.settings.review:
            consent.remember(response, browser)
        return response

    @cached_property
    def decided(self) -> Mapping[str, Standing]:
        """The decisions that stand, by the address of what they are on."""
        return standing(self.opened)

    def told(self, s: Statement) -> Told:
        ref, value = (self.refs.of(s.object), "") if isinstance(s.object, str) else (None, self.refs.value(s.object))
        return Told(
            s.iri,
            self.addresses.path(s.iri),
            self.refs.of(s.subject),
            self.predicate(s.predicate),
            ref,
            value,
            s.modality,
            percent(s.confidence),
            tuple((self.refs.term(name), self.refs.value(said)) for name, said in s.qualifiers),
            tuple(map(self.quoted, s.quotes)),
        )

    def measured(self, f: Figure) -> Measured:
        said = dict(f.details)
        number = Decimal(said.get("value", Value("0", "decimal")).text)
        notes = (
            (self.refs.term(n), self.refs.value(v)) for n, v in said.items() if n not in INDICATOR and _tells(n, v)
        )
        return Measured(
            f.iri,
            self.addresses.path(f.iri),
            self.refs.of(f.about),
            clean(_text(said, "indicator")),
            number,
            self.refs.number(str(number)),
            self.refs.amount(str(number), clean(_text(said, "unit"))),
            self.refs.short(number),
            clean(_text(said, "unit")),
            _text(said, "time"),
            f.modality,
            percent(self.lookup.one(f"<{f.iri}>", self.lookup.kg("confidence"))),
            tuple(notes),
            tuple(map(self.quoted, f.quotes)),
        )

    def predicate(self, name: str) -> Ref:
        """A property by its local name."""
        return self.refs.of(self.vocab.namespace + name)

    def quoted(self, q: Quote) -> Quoted:
        document = self.refs.of(q.document)
        return Quoted(
            ("…" if q.start > len(q.before) else "") + clean(q.before),
            clean(q.exact),
            clean(q.after) + ("…" if len(q.after) >= CONTEXT else ""),
            document,
            self.lookup.one(f"<{q.document}>", t.ISSUED),
            f"{document.href}#at-{q.start}" if document.href else "",
            q.rule,
            percent(q.confidence),
            q.start,
            q.end,
        )


def addresses_of(opened: Opened) -> Addresses:
    """The addresses of a build."""
    return Addresses(opened.recipe.base, opened.vocab.namespace)


def percent(confidence: str) -> str:
    """A confidence between 0 and 1 in per cent; empty if there is none."""
    return f"{float(confidence) * 100:.0f} %" if confidence else ""


def _text(said: dict[str, Value], name: str) -> str:
    return said[name].text if name in said else ""


def _tells(name: str, value: Value) -> bool:
    """Whether a detail says more than that nothing special is so."""
    return not (name == "approximation" and value.text.lower().endswith("exact"))
