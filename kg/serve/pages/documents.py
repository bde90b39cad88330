"""``/documents`` and ``/doc/…``: what was read, and the text with what was read out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from kg import terms as t
from kg.nquads import plain
from kg.serve.asked import number_of
from kg.serve.catalogue import Article, articles, texts
from kg.serve.describe import MEDIA, answer, unacceptable, wanted
from kg.serve.refs import Ref
from kg.serve.showing import Measured, Showing, Told
from kg.serve.site import Site
from kg.serve.spans import Mark, lines
from kg.view_data import clean

PAGE = 50
SORTS = ("newest", "oldest", "title", "facts")


@dataclass(frozen=True, slots=True)
class Place:
    """A mention in a text: what it names."""

    mark: Mark
    ref: Ref


def routes(site: Site) -> list[BaseRoute]:
    """The routes of documents."""

    def listed(request: Request) -> Response:
        return _list(Showing(site, request))

    def document(request: Request) -> Response:
        return _document(Showing(site, request))

    return [Route("/documents", listed), Route("/doc/{name:path}", document)]


def _list(showing: Showing) -> Response:
    params = showing.request.query_params
    sort = params.get("sort", "") if params.get("sort") in SORTS else SORTS[0]
    asked = params.get("text", "").strip()[:100]
    found = _sorted(_fitting(showing, asked), sort)
    number, pages = number_of(params.get("page", "")), max(1, -(-len(found) // PAGE))
    return showing.page(
        "documents.html",
        documents=[(showing.addresses.path(each.iri), each) for each in found[(number - 1) * PAGE : number * PAGE]],
        total=len(found),
        number=number,
        pages=pages,
        sort=sort,
        sorts=SORTS,
        asked=asked,
    )


def _fitting(showing: Showing, asked: str) -> list[Article]:
    """The documents whose title, source or date holds these words, or whose text does."""
    words = asked.casefold()
    kept = showing.opened.once(texts) if asked else None
    ids = kept.holding(asked) if kept else frozenset[str]()
    return [
        each
        for each in showing.opened.once(articles)
        if words in f"{each.title}\n{each.source}\n{each.published}".casefold() or each.iri.rpartition("/")[2] in ids
    ]


def _sorted(found: list[Article], sort: str) -> list[Article]:
    """The documents as they come are the newest first; those without a date stay last."""
    if sort == "oldest":
        return sorted(found, key=lambda each: (not each.published, each.published))
    if sort == "title":
        return sorted(found, key=lambda each: each.title)
    return sorted(found, key=lambda each: -each.facts) if sort == "facts" else found


def _document(showing: Showing) -> Response:
    lookup = showing.lookup
    iri = showing.addresses.iri("doc", showing.request.path_params["name"])
    subject = f"<{iri}>"
    if not lookup.of(subject):
        raise HTTPException(404)
    form = wanted(showing.request)
    if not form:
        return unacceptable()
    if form in MEDIA:
        return answer(lookup.of(subject), form, dict(lookup.store.prefixes()))
    kept = showing.opened.once(texts)
    text = kept.get(lookup.one(subject, t.IDENTIFIER)) if kept else None
    mentions, holders = _places(showing, subject)
    facts, figures = _stated(showing, holders)
    stated: tuple[Told | Measured, ...] = (*facts, *figures)
    marks = [
        Mark(quote.start, quote.end, i)
        for i, fact in enumerate(stated)
        for quote in fact.quotes
        if quote.document.iri == iri
    ]
    return showing.page(
        "document.html",
        document=showing.refs.of(iri),
        published=lookup.one(subject, t.ISSUED),
        dated_by=lookup.one(subject, lookup.kg("datedBy")),
        source=clean(lookup.one(subject, t.SOURCE)),
        lines=lines(text, [place.mark for place in mentions], marks) if text is not None else None,
        old=kept is None,
        mentions=mentions,
        facts=facts,
        figures=figures,
        shown=iri.rpartition("/")[2],
    )


def _places(showing: Showing, document: str) -> tuple[list[Place], list[str]]:
    """The mentions in a document, and the statements and figures that it is evidence for."""
    store, lookup = showing.lookup.store, showing.lookup
    found = store.select(
        f"SELECT ?e ?start ?end WHERE {{ ?m {t.HAS_SOURCE} {document} ; {lookup.kg('refersTo')} ?e ; "
        f"{t.HAS_SELECTOR} ?s . ?s {t.START} ?start ; {t.END} ?end }} ORDER BY ?start ?end ?e"
    )
    rows = [(e, int(plain(start)), int(plain(end))) for e, start, end in found.rows if e and start and end]
    places = [Place(Mark(start, end, i), showing.refs.of(e[1:-1])) for i, (e, start, end) in enumerate(rows)]
    table = store.select(f"SELECT DISTINCT ?h WHERE {{ ?e {t.HAS_SOURCE} {document} . ?h {lookup.kg('evidence')} ?e }}")
    return places, sorted(row[0] for row in table.rows if row[0])


def _stated(showing: Showing, holders: Sequence[str]) -> tuple[list[Told], list[Measured]]:
    """Statements and figures in the order in which their words stand."""
    model = showing.lookup.model(holders)
    facts = [showing.told(s) for s in model.statements if s.iri]
    figures = [showing.measured(f) for f in model.figures]
    facts.sort(key=lambda fact: (_first(fact), fact.iri))
    figures.sort(key=lambda figure: (_first(figure), figure.iri))
    return facts, figures


def _first(fact: Told | Measured) -> int:
    return min((quote.start for quote in fact.quotes), default=0)
