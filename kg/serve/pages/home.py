"""``/``: what this graph is, and the ways into it. ``/search``: names."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from kg.serve.catalogue import articles, names
from kg.serve.finding import Hit, find
from kg.serve.protocol import negotiate
from kg.serve.refs import Named, Ref
from kg.serve.showing import Showing
from kg.serve.site import Opened, Site
from kg.types import ASSERTED

TYPES, OF_TYPE, LATEST = 8, 6, 6
"""How many types, entities of each, and documents stand on the first page."""
SUGGESTED, FOUND = 10, 200
"""How many names are suggested while somebody types, and found when they search."""


def routes(site: Site) -> list[BaseRoute]:
    """The routes of the first page and of the search."""

    def home(request: Request) -> Response:
        return _home(Showing(site, request))

    def search(request: Request) -> Response:
        return _search(Showing(site, request))

    return [Route("/", home), Route("/search", search)]


def _home(showing: Showing) -> Response:
    report, documents = showing.opened.report, showing.opened.once(articles)
    days = sorted(each.published for each in documents if each.published)
    facts = sum(counts.get(ASSERTED, 0) for counts in report.get("facts", {}).values())
    return showing.page(
        "home.html",
        documents=report.get("documents", len(documents)),
        quads=report.get("quads", 0),
        entities=sum(report.get("entities", {}).values()),
        facts=facts,
        other_facts=sum(sum(counts.values()) for counts in report.get("facts", {}).values()) - facts,
        figures=sum(report.get("observations", {}).values()),
        first=days[0] if days else "",
        last=days[-1] if days else "",
        most=_most_linked(showing),
        latest=documents[:LATEST],
        path_of=showing.addresses.path,
        questions=showing.opened.questions,
        base=showing.opened.recipe.base,
        endpoint=str(showing.request.base_url) + "sparql",
        recipe=report.get("recipe", ""),
    )


def _most_linked(showing: Showing) -> list[tuple[Ref, list[Ref]]]:
    """The types with the most entities, each with those about which the most is said."""
    of = showing.refs
    return [
        (of.of(showing.vocab.namespace + name), [of.named(each) for each in found])
        for name, found in showing.opened.once(most_linked)
    ]


def most_linked(opened: Opened) -> list[tuple[str, list[Named]]]:
    """The types as which entities count, those with the most said of them first, each with its most linked entities."""
    by_type: dict[str, list[Named]] = defaultdict(list)
    for named in opened.once(names):
        known = opened.vocab.classes.get(named.type)
        if known is not None and known.counts_as:
            by_type[known.counts_as].append(named)
    largest = sorted(by_type, key=lambda name: (-sum(each.links for each in by_type[name]), name))[:TYPES]
    return [(name, by_type[name][:OF_TYPE]) for name in largest]


def _search(showing: Showing) -> Response:
    request = showing.request
    asked = request.query_params.get("q", "").strip()
    accept = ",".join(request.headers.getlist("accept"))
    if negotiate(accept, ("text/html", "application/json")) == "application/json":
        hits, total = find(showing.opened, asked, SUGGESTED)
        found = [_as_json(hit, showing) for hit in hits]
        return JSONResponse({"query": asked, "total": total, "results": found}, headers={"Vary": "Accept"})
    hits, total = find(showing.opened, asked, FOUND)
    groups: dict[str, list[tuple[Ref, Hit]]] = defaultdict(list)
    for hit in hits:
        known = showing.vocab.classes.get(hit.named.type)
        groups[known.counts_as or known.name if known else ""].append((showing.refs.named(hit.named), hit))
    shown = [(showing.refs.term(name) if name else showing.words["entity"], found) for name, found in groups.items()]
    return showing.page("search.html", query=asked, groups=shown, total=total, most=FOUND)


def _as_json(hit: Hit, showing: Showing) -> dict[str, Any]:
    named = hit.named
    label = (named.en if showing.lang == "en" else "") or named.zh
    kind = showing.refs.term(named.type) if named.type else ""
    return {"iri": named.iri, "path": showing.addresses.path(named.iri), "label": label, "by": hit.by, "type": kind}
