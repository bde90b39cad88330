"""What a request asks by the SPARQL 1.1 Protocol, and in which format it wants the answer.

Source: SPARQL 1.1 Protocol (W3C Recommendation, 21 March 2013), sections 2.1 (query) and 2.2 (update); RFC 9110,
section 12.5.1, for Accept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qsl

from kg.serve.settings import Settings

FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
MOST_PARAMETERS = 100
"""Parameters of a request, at most."""

RESULTS: Mapping[str, str] = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/xml": "xml",
}
"""The media types in which rows and yes or no are answered; the first is the usual one."""
GRAPHS: Mapping[str, str] = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/rdf+xml": "rdfxml",
    "application/ld+json": "jsonld",
    "application/json": "jsonld",
    "application/xml": "rdfxml",
    "text/plain": "nt",
}
"""The media types in which triples are answered; the first is the usual one."""


class BadRequest(Exception):
    """A request that the protocol does not allow, with the ``status`` that answers it."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Operation:
    """A query or an update, the graphs (IRIs) that the request, not its text, names for it, and the endpoint."""

    kind: Literal["query", "update"]
    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    base: str = ""


def asked(operation: Operation, settings: Settings) -> dict[str, Any]:
    """What a store is told beside the text of an operation."""
    return {
        "base": operation.base,
        "services": settings.services,
        "default_graphs": operation.default_graphs,
        "named_graphs": operation.named_graphs,
    }


def read_operation(method: str, query_string: bytes, content_type: str, body: bytes) -> Operation | None:
    """The operation of a request; ``None`` for a GET that asks nothing. Raises :class:`BadRequest`."""
    parameters = _parameters(query_string)
    if method != "POST":
        if "update" in parameters:
            raise BadRequest(400, "an update is sent by POST")
        return _of(parameters, "query") if parameters else None
    media, _, rest = content_type.partition(";")
    charset = re.search(r"charset=\"?([\w-]+)", rest, re.IGNORECASE)
    if charset and charset[1].lower() not in ("utf-8", "utf8", "us-ascii"):
        raise BadRequest(415, "a request is sent in UTF-8")
    return _posted(media.strip().lower(), parameters, body)


def _posted(media: str, parameters: dict[str, list[str]], body: bytes) -> Operation:
    if media == FORM:
        if {"query", "update"} & parameters.keys():
            raise BadRequest(400, "query or update stands in the body, not in the address")
        sent = _parameters(body)
        if {"query", "update"} <= sent.keys():
            raise BadRequest(400, "a request is a query or an update, not both")
        return _of(parameters | sent, "update" if "update" in sent else "query")
    if media not in (QUERY, UPDATE):
        raise BadRequest(415, f"a request is sent as {FORM}, {QUERY} or {UPDATE}")
    kind: Literal["query", "update"] = "query" if media == QUERY else "update"
    return _of(parameters | {kind: [_decoded(body)]}, kind)


def _of(parameters: Mapping[str, Sequence[str]], kind: Literal["query", "update"]) -> Operation:
    texts = parameters.get(kind, ())
    if len(texts) != 1:
        raise BadRequest(400, f"a request has one {kind}, not {len(texts)}")
    head = "default-graph-uri" if kind == "query" else "using-graph-uri"
    named = "named-graph-uri" if kind == "query" else "using-named-graph-uri"
    return Operation(kind, texts[0], _iris(parameters.get(head, ())), _iris(parameters.get(named, ())))


def _iris(values: Sequence[str]) -> tuple[str, ...]:
    for value in values:
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>\"{}|^`\\]*", value):
            raise BadRequest(400, "a graph is named by an absolute IRI")
    return tuple(values)


def _parameters(encoded: bytes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    try:
        pairs = parse_qsl(
            encoded.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_PARAMETERS,
        )
    except ValueError as error:
        raise BadRequest(400, "the parameters are not URL-encoded UTF-8, or too many") from error
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def _decoded(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise BadRequest(400, "a request is sent in UTF-8") from error


def negotiate(accept: str, offers: Sequence[str]) -> str:
    """The media type of ``offers`` that an Accept header likes best, earlier offers first; empty if it likes none."""
    if not accept.strip():
        return offers[0]
    liked = [_range(part) for part in accept.split(",")]
    best, quality = "", 0.0
    for offer in offers:
        fitting = [(len(pattern.replace("*", "")), q) for pattern, q in liked if _fits(offer, pattern)]
        if fitting and max(fitting)[1] > quality:
            best, quality = offer, max(fitting)[1]
    return best


def _range(part: str) -> tuple[str, float]:
    media, *parameters = (piece.strip().lower() for piece in part.split(";"))
    weight = next((p[2:] for p in parameters if p.startswith("q=")), "1")
    return media, float(weight) if re.fullmatch(r"[01](\.\d{0,3})?", weight) else 0.0


def _fits(offer: str, pattern: str) -> bool:
    return pattern == "*/*" or offer == pattern or (pattern.endswith("/*") and offer.startswith(pattern[:-1]))
