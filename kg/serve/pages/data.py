"""Every other IRI of the data: a statement or figure with all its evidence; for the rest, the triples there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from kg import terms as t
from kg.nquads import split_literal
from kg.serve.addresses import KINDS
from kg.serve.catalogue import texts
from kg.serve.describe import MEDIA, answer, description, unacceptable, wanted
from kg.serve.pages.reviews import parts_of, safe_path
from kg.serve.refs import Ref
from kg.serve.showing import Quoted, Showing
from kg.serve.site import Site
from kg.view_data import clean

OWN = ("id", "event", "doc")
"""Kinds that have pages elsewhere."""
MOST = 200
"""Triples into a thing, or of a graph, that a page lists."""
NEAR = 160
"""Characters of text that are shown on either side of a quote."""


def routes(site: Site) -> list[BaseRoute]:
    """The routes of statements, figures and of all kinds that have no page of their own."""

    def holder(request: Request) -> Response:
        return _page(Showing(site, request), "holder.html", _holder)

    def generic(request: Request) -> Response:
        return _page(Showing(site, request), "resource.html", _resource)

    def graph(request: Request) -> Response:
        return _graph(Showing(site, request))

    special = [
        Route("/statement/{name:path}", holder),
        Route("/observation/{name:path}", holder),
        Route("/graph/{name:path}", graph),
    ]
    rest = [kind for kind in KINDS if kind not in (*OWN, "statement", "observation", "graph")]
    return [*special, *(Route(f"/{kind}/{{name:path}}", generic) for kind in rest)]


@dataclass(frozen=True, slots=True)
class Placed:
    """A quote with the text on either side, the line of the text (0 if unknown), and its place in the source file."""

    said: Quoted
    before: str
    after: str
    line: int
    in_source: tuple[str, str]


Values = Callable[[Showing, str], dict[str, Any]]


def iri_of(showing: Showing) -> str:
    """The IRI that a request asks for."""
    return showing.addresses.iri(showing.request.url.path.split("/")[1], showing.request.path_params["name"])


def _page(showing: Showing, template: str, values: Values) -> Response:
    iri = iri_of(showing)
    subject, lookup = f"<{iri}>", showing.lookup
    if not lookup.knows(subject):
        raise HTTPException(404)
    form = wanted(showing.request)
    if not form:
        return unacceptable()
    if form in MEDIA:
        quads = lookup.whole(subject) if template == "holder.html" else description(lookup, subject)
        return answer(quads, form, dict(lookup.store.prefixes()))
    if template == "holder.html" and not lookup.all(subject, lookup.kg("evidence")):
        template, values = "resource.html", _resource  # what stood here is but spoken of
    return showing.deciding(template, iri=iri, **values(showing, subject))


def _holder(showing: Showing, subject: str) -> dict[str, Any]:
    lookup = showing.lookup
    model = lookup.model([subject])
    iri = subject[1:-1]
    told = next((showing.told(s) for s in model.statements if s.iri == iri), None)
    measured = next((showing.measured(f) for f in model.figures if f.iri == iri), None)
    shown = told or measured
    places = _in_source(showing, lookup.all(subject, lookup.kg("evidence")))
    derived = [showing.refs.of(each[1:-1]) for each in lookup.all(subject, t.DERIVED_FROM)]
    pieces = [(showing.refs.of(each[1:-1]), each) for each in lookup.all(subject, lookup.kg("evidence"))]
    return {
        "told": told,
        "measured": measured,
        "quotes": [
            _placed(showing, each, places.get((each.document.iri, each.start), ("", "")))
            for each in (shown.quotes if shown else ())
        ],
        "derived": derived,
        "evidence": [ref for ref, _ in pieces],
        "sparql": _sparql(showing, iri),
        "parts_said": parts_of(showing, iri),
        "back": safe_path(showing.request.query_params.get("back", "")),
    }


def _placed(showing: Showing, said: Quoted, in_source: tuple[str, str]) -> Placed:
    """A quote with as much of its paragraph as a page can take, and where it stands."""
    kept = showing.opened.once(texts)
    text = kept.get(showing.lookup.one(f"<{said.document.iri}>", t.IDENTIFIER)) if kept else None
    if text is None or not 0 <= said.start < said.end <= len(text):
        return Placed(said, said.before, said.after, 0, in_source)
    before = text[max(0, said.start - NEAR) : said.start].rpartition("\n")[2]
    after = text[said.end : said.end + NEAR].partition("\n")[0]
    return Placed(said, clean(before), clean(after), text.count("\n", 0, said.start) + 1, in_source)


def _in_source(showing: Showing, pieces: Iterable[str]) -> dict[tuple[str, int], tuple[str, str]]:
    """Where the words of each piece of evidence stand in the file they were read from, by document and start."""
    lookup, found = showing.lookup, {}
    for piece in pieces:
        document = lookup.one(piece, t.HAS_SOURCE)
        for selector in lookup.all(piece, t.HAS_SELECTOR):
            start = lookup.one(selector, t.START)
            ends = tuple(lookup.one(selector, lookup.kg(name)) for name in ("sourceStart", "sourceEnd"))
            if start.isdigit() and all(ends):
                found[document, int(start)] = (ends[0], ends[1])
    return found


def _sparql(showing: Showing, iri: str) -> str:
    prefix, namespace = showing.vocab.prefix, showing.vocab.namespace
    return f"""PREFIX {prefix}: <{namespace}>
PREFIX oa: <{t.OA}>
SELECT ?quote ?document ?rule ?confidence WHERE {{
  <{iri}> {prefix}:evidence ?evidence .
  ?evidence oa:hasSource ?document ; {prefix}:rule ?rule ; {prefix}:confidence ?confidence ;
            oa:hasSelector/oa:exact ?quote
}}"""


def _resource(showing: Showing, subject: str) -> dict[str, Any]:
    lookup = showing.lookup
    into = list(lookup.into(subject, most=MOST))
    return {
        "types": [showing.refs.of(each[1:-1]) for each in lookup.all(subject, t.TYPE)],
        "out": [(showing.refs.of(q.predicate[1:-1]), end(showing, q.object)) for q in lookup.of(subject)],
        "into": [(end(showing, q.subject), showing.refs.of(q.predicate[1:-1])) for q in sorted(into)],
        "most": MOST,
    }


def _graph(showing: Showing) -> Response:
    """The first triples of a named graph."""
    iri = iri_of(showing)
    quads = list(showing.lookup.store.of_graph(f"<{iri}>", MOST))
    if not quads:
        raise HTTPException(404)
    form = wanted(showing.request)
    if not form:
        return unacceptable()
    if form in MEDIA:  # all of it, as far as an answer may be long
        query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}"
        return RedirectResponse(f"/sparql?query={quote(query, safe='')}", 303, headers={"Vary": "Accept"})
    rows = [(end(showing, q.subject), showing.refs.of(q.predicate[1:-1]), end(showing, q.object)) for q in quads]
    return showing.page("graph.html", iri=iri, rows=rows, most=MOST)


def end(showing: Showing, term: str) -> Ref | str:
    """An end of a triple: a thing, or the words of a literal."""
    literal = split_literal(term)
    return showing.refs.of(term[1:-1]) if literal is None else clean(literal[0])
