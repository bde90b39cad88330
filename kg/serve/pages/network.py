"""``/network``: the network of a build, or of a part of it, as the page that ``kg view`` writes.

The page brings its own policy, which names its scripts by their hashes; it is sent as a header, too.
"""

from __future__ import annotations

import html
import json
import re
from collections import OrderedDict
from hashlib import sha256
from threading import Lock
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from kg.errors import KgError, QueryError
from kg.outputs import PAGE
from kg.serve.asked import number_of
from kg.serve.endpoint import ask
from kg.serve.finding import EXACT, find
from kg.serve.parts_shown import core, made_by, near, of_document, of_time
from kg.serve.pool import Pool, Unanswered
from kg.serve.protocol import Operation
from kg.serve.showing import Showing
from kg.serve.site import Opened, Site
from kg.sparql import form, refuse
from kg.view import ASSETS, page
from kg.view_data import page_data
from kg.view_model import Model

LARGEST = 12 << 20
"""Bytes of a build's network beyond which only its core is shown: browsers are slow with more."""
MOST_HOPS = 3
HEEDED = ("around", "hops", "document", "from", "to", "embed")
"""What an address may ask for; whatever else it holds makes no other page."""
KEPT = 12
"""Pages that are kept for those who ask again."""
_POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]*)"')


def routes(site: Site, pool: Pool) -> list[BaseRoute]:
    """The route of the network; ``pool`` answers the queries that make one."""
    pages = _Pages()

    async def network(request: Request) -> Response:
        showing = await run_in_threadpool(Showing, site, request)
        try:
            lines = await _constructed(showing, pool)
            return await run_in_threadpool(_network, showing, pages, lines)
        except Unanswered as error:
            return PlainTextResponse(f"{error}\n", error.status)
        except KgError as error:
            return PlainTextResponse(f"{error}\n", 400)

    return [Route("/network", network)]


class _Pages:
    """The pages that were asked for last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[object, ...], str] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[object, ...]) -> str:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key, "")

    def put(self, key: tuple[object, ...], text: str) -> None:
        with self._lock:
            self._kept[key] = text
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)


async def _constructed(showing: Showing, pool: Pool) -> list[str] | None:
    """The triples of the query in the address, if there is one."""
    query = showing.request.query_params.get("construct", "")
    if not query:
        return None
    refuse(query)
    if form(query) not in ("CONSTRUCT", "DESCRIBE"):
        raise QueryError("a network is made of a query whose answer is a graph: CONSTRUCT, DESCRIBE")
    formats = {"rows": "json", "graph": "nt"}
    answer = await ask(pool, showing.opened, Operation("query", query), formats, showing.settings)
    return answer.decode().splitlines()


def _network(showing: Showing, pages: _Pages, lines: list[str] | None) -> Response:
    wanted = sorted((k, v) for k, v in showing.request.query_params.items() if k in HEEDED)
    # An answer may have 16 MB, too much for a key; one without triples is another page than that of no query.
    made = None if lines is None else sha256("\n".join(lines).encode()).digest()
    key = (showing.opened.generation, showing.lang, *wanted, made)
    text = pages.get(key)
    if not text:
        text = _text(showing, lines)
        pages.put(key, text)
    policy = _POLICY.search(text)
    rules = html.unescape(policy[1]) if policy else "default-src 'none'"
    headers = {"Content-Security-Policy": f"{rules}; frame-ancestors 'self'", "Vary": "Accept-Language, Cookie"}
    return Response(text, media_type="text/html; charset=utf-8", headers=headers)


def _text(showing: Showing, lines: list[str] | None) -> str:
    model = _part(showing, lines)
    base = html.escape(showing.opened.recipe.base)
    text = _whole(showing.opened) if model is None and showing.lang == "zh" else ""
    if not text:
        model = core(showing) if model is None else model
        words = json.loads((ASSETS / "words.json").read_text(encoding="utf-8"))
        lang: Any = showing.lang
        text = page(page_data(model, showing.vocab, title=_title(showing), lang=lang, words=words))
    embedded = " data-embedded" if "embed" in showing.request.query_params else ""
    return text.replace("<html ", f'<html data-base="{base}"{embedded} ', 1)


def _whole(opened: Opened) -> str:
    """The network that the build holds, if browsers can bear it."""
    try:
        path = opened.folder / PAGE
        return path.read_text(encoding="utf-8") if path.stat().st_size <= LARGEST else ""
    except OSError:
        return ""


def _title(showing: Showing) -> str:
    asked = showing.request.query_params
    if name := asked.get("around", ""):
        iri = _thing(showing, name)
        return showing.refs.of(iri).label
    if name := asked.get("document", ""):
        return showing.refs.of(_document(showing, name)).label
    if asked.get("from") or asked.get("to"):
        return f"{asked.get('from', '')} – {asked.get('to', '')}"
    return showing.words["site"]


def _part(showing: Showing, lines: list[str] | None) -> Model | None:
    """The part that the address asks for; ``None`` for the whole. Raises :class:`QueryError`."""
    asked = showing.request.query_params
    if lines is not None:
        return made_by(showing, lines)
    if name := asked.get("around", ""):
        return near(showing, _thing(showing, name), min(number_of(asked.get("hops", "1")), MOST_HOPS))
    if name := asked.get("document", ""):
        return of_document(showing, _document(showing, name))
    if asked.get("from") or asked.get("to"):
        return of_time(showing, asked.get("from", ""), asked.get("to", ""))
    return None


def _thing(showing: Showing, name: str) -> str:
    """The IRI of the thing that is called so: by IRI, by the end of it, or by a name."""
    candidates = [name, *(showing.addresses.iri(kind, name) for kind in ("id", "event"))]
    for iri in candidates:
        if ":" in iri and showing.lookup.of(f"<{iri}>"):
            return iri
    hits, _ = find(showing.opened, name, 1)
    if hits and hits[0].rank == EXACT:
        return hits[0].named.iri
    raise QueryError(f"around={name}: nothing has that name; search for it first")


def _document(showing: Showing, name: str) -> str:
    for iri in (name, showing.addresses.iri("doc", name)):
        if ":" in iri and showing.lookup.of(f"<{iri}>"):
            return iri
    raise QueryError(f"document={name}: there is no such document; /documents lists them")
