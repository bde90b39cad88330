"""``/id/…`` and ``/event/…``: one thing, with everything that the build says of it and who says so."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from kg import terms as t
from kg.nquads import plain
from kg.serve.about import IN, OUT, About
from kg.serve.asked import number_of
from kg.serve.chart import chart
from kg.serve.describe import MEDIA, answer, description, unacceptable, wanted
from kg.serve.showing import Showing
from kg.serve.site import Site
from kg.view_data import clean

PAGE = 50
"""Facts of one predicate on a page of their own."""


def routes(site: Site) -> list[BaseRoute]:
    """The routes of entities and events."""

    def thing(request: Request) -> Response:
        return _thing(Showing(site, request))

    return [Route("/id/{name:path}", thing), Route("/event/{name:path}", thing)]


def _thing(showing: Showing) -> Response:
    request, lookup = showing.request, showing.lookup
    kind = request.url.path.split("/")[1]
    iri = showing.addresses.iri(kind, request.path_params["name"])
    subject = f"<{iri}>"
    if other := lookup.one(subject, t.REPLACED_BY):
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(showing.addresses.path(other) + query, 303, headers={"Vary": "Accept"})
    if not lookup.knows(subject):
        raise HTTPException(404)
    form = wanted(request)
    if not form:
        return unacceptable()
    if form in MEDIA:
        return answer(description(lookup, subject), form, dict(lookup.store.prefixes()))
    return _page(showing, iri)


def _page(showing: Showing, iri: str) -> Response:
    about, params = About(showing, iri), showing.request.query_params
    name, side = params.get("predicate", ""), IN if params.get("side") == IN else OUT
    number = number_of(params.get("page", ""))
    alone = about.group(name, side, (number - 1) * PAGE, PAGE) if name in showing.vocab.properties else None
    series = [] if alone else [(each, chart(each.figures)) for each in about.series()]
    documents, more = ([], 0) if alone else about.documents()
    labels = showing.refs.labels(iri)
    return showing.page(
        "thing.html",
        thing=showing.refs.of(iri),
        labels=labels,
        types=[showing.refs.of(showing.vocab.namespace + each) for each in showing.refs.types(iri)],
        aliases=sorted({clean(plain(each)) for each in showing.lookup.all(f"<{iri}>", t.ALT_LABEL)}),
        groups=[alone] if alone else about.groups(),
        alone=alone,
        number=number,
        pages=-(-alone.total // PAGE) if alone else 1,
        series=series,
        documents=documents,
        more_documents=more,
        details=about.details(),
        short=showing.request.path_params["name"],
        sparql=_sparql(iri, showing),
    )


def _sparql(iri: str, showing: Showing) -> str:
    """The query that returns the facts of a thing with the words that state them."""
    prefix, namespace = showing.vocab.prefix, showing.vocab.namespace
    return f"""PREFIX {prefix}: <{namespace}>
PREFIX oa: <{t.OA}>
PREFIX rdf: <{t.RDF}>
SELECT ?subject ?predicate ?object ?modality ?quote WHERE {{
  VALUES ?thing {{ <{iri}> }}
  {{ ?statement rdf:subject ?thing }} UNION {{ ?statement rdf:object ?thing }}
  ?statement rdf:subject ?subject ; rdf:predicate ?predicate ; rdf:object ?object ;
             {prefix}:modality ?modality ; {prefix}:evidence/oa:hasSelector/oa:exact ?quote
}}"""
