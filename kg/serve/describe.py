"""What the data says of one thing, for programs: Turtle, N-Triples or JSON-LD, as they ask for it.

A description is the thing's own triples, the plain triples that lead to it, and the statements and figures about it.
Their evidence is one address further.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from kg import terms as t
from kg.serve.lookup import Lookup
from kg.serve.protocol import negotiate
from kg.types import Quad

HTML = "text/html"
MEDIA = {"ttl": "text/turtle", "nt": "application/n-triples", "jsonld": "application/ld+json"}
"""The media type of each format; ``?format=`` takes these names."""
_BOOKKEEPING = ("/graph/evidence>", "/graph/identity>", "/graph/rejected>", "/graph/reviews>")


def wanted(request: Request) -> str:
    """The format that a request wants: a name of :data:`MEDIA`, ``html``, or empty for one that there is not."""
    named = request.query_params.get("format", "")
    if named:
        return named if named in (*MEDIA, "html") else ""
    media = negotiate(",".join(request.headers.getlist("accept")), (HTML, "application/xhtml+xml", *MEDIA.values()))
    return next((name for name, each in MEDIA.items() if each == media), "html" if media else "")


def unacceptable() -> Response:
    """The answer to those who want another format."""
    return PlainTextResponse(f"this can be had as {HTML}, {', '.join(MEDIA.values())}\n", 406)


def description(lookup: Lookup, subject: str) -> Iterator[Quad]:
    """The quads that describe a subject (a term)."""
    yield from lookup.of(subject)
    for predicate in (t.SUBJECT, t.OBJECT, lookup.kg("about")):
        for holder in lookup.subjects(predicate, subject):
            yield from lookup.of(holder)
    yield from (quad for quad in lookup.into(subject) if not quad.graph.endswith(_BOOKKEEPING))


def answer(quads: Iterable[Quad], name: str, prefixes: dict[str, str]) -> Response:
    """Quads without their graphs in a format of :data:`MEDIA`, sorted."""
    media = MEDIA[name]
    charset = "" if name == "jsonld" else "; charset=utf-8"
    headers = {"Vary": "Accept", "Content-Type": media + charset}
    return Response(_written(quads, name, prefixes), headers=headers)


def _written(quads: Iterable[Quad], name: str, prefixes: dict[str, str]) -> bytes:
    import pyoxigraph as ox

    from kg.query_worker import graph_as

    lines = "".join(sorted({f"{s} {p} {o} .\n" for s, p, o, _ in quads})).encode()
    if name == "nt":
        return lines
    triples = (quad.triple for quad in ox.parse(lines, ox.RdfFormat.N_TRIPLES))
    return graph_as(triples, "turtle" if name == "ttl" else name, prefixes)
