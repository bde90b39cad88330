"""``/sparql``: the SPARQL 1.1 Protocol, for programs; browsers are sent to the page where people ask."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from kg.errors import QueryError
from kg.serve.pool import Pool, Unanswered
from kg.serve.protocol import GRAPHS, RESULTS, BadRequest, Operation, asked, negotiate, read_operation
from kg.serve.settings import Settings
from kg.serve.site import Opened, Site
from kg.serve.updates import Updates
from kg.sparql import form, refuse

ASK_PAGE = "/ask"
"""Where people write queries."""


class Endpoint:
    """Answers queries by a pool of processes, and lets updates in where the settings do."""

    def __init__(self, site: Site, pool: Pool, updates: Updates | None) -> None:
        self.site, self.pool, self.updates = site, pool, updates

    async def answer(self, request: Request) -> Response:
        try:
            operation = read_operation(
                request.method,
                request.scope["query_string"],
                request.headers.get("content-type", ""),
                await request.body() if request.method == "POST" else b"",
            )
            if operation is None:
                return self._described(request)
            operation = replace(operation, base=str(request.url.replace(query="")))
            if operation.kind == "update":
                return await self._update(request, operation)
            return await self._query(request, operation)
        except BadRequest as error:
            return _told(error.status, str(error))
        except QueryError as error:
            return _told(403 if " is refused" in str(error) else 400, str(error))
        except Unanswered as error:
            return _told(error.status, str(error))

    async def _query(self, request: Request, operation: Operation) -> Response:
        settings = self.site.settings
        refuse(operation.text, settings.services)
        accept = ",".join(request.headers.getlist("accept"))
        if request.method == "GET" and "text/html" in accept:
            return RedirectResponse(f"{ASK_PAGE}#query={quote(operation.text, safe='')}", 303)
        kind = form(operation.text)
        if not kind:
            raise BadRequest(400, "a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE (behind its prefixes)")
        offers = RESULTS if kind in ("SELECT", "ASK") else GRAPHS
        media = negotiate(accept, tuple(offers))
        if not media:
            raise BadRequest(406, f"this answer can be had as {', '.join(offers)}")
        formats = {"rows": offers[media], "graph": offers[media]}
        opened = await run_in_threadpool(self.site.now)
        body = await ask(self.pool, opened, operation, formats, settings)
        return Response(body, media_type=_with_charset(media), headers={"Vary": "Accept"})

    async def _update(self, request: Request, operation: Operation) -> Response:
        if self.updates is None:
            raise BadRequest(403, "updates are off here; whoever runs the server may start it with --writable")
        sent = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(sent.encode(), self.site.settings.token.encode()):
            challenge = {"WWW-Authenticate": 'Bearer realm="kg"'}
            return PlainTextResponse("an update needs the token: Authorization: Bearer …\n", 401, challenge)
        refuse(operation.text, self.site.settings.services, updates=True)
        await self.updates.run(operation)
        return Response(status_code=204)

    def _described(self, request: Request) -> Response:
        """A GET without a query: a page for people, a description of the service for programs."""
        if "text/html" in request.headers.get("accept", ""):
            return RedirectResponse(ASK_PAGE, 303)
        media = negotiate(request.headers.get("accept", ""), ("text/turtle", "application/n-triples"))
        if not media:
            raise BadRequest(406, "the description of this service can be had as text/turtle")
        return Response(_description(str(request.url.replace(query=""))), media_type=_with_charset("text/turtle"))


async def ask(
    pool: Pool, opened: Opened, operation: Operation, formats: Mapping[str, str], settings: Settings
) -> bytes:
    """The answer to a query, in one of ``formats`` (``rows`` and ``graph``, as its kind is).

    Raises :class:`Unanswered` with the status that tells why there is none.
    """
    task: dict[str, Any] = {
        "store": str(opened.store_path),
        "generation": opened.generation,
        "query": operation.text,
        "asked": asked(operation, settings),
        "formats": dict(formats),
        "largest": settings.largest,
    }
    header, body = await pool.ask(task, settings.timeout)
    if "error" in header:
        raise Unanswered(header["http"], header["error"])
    return body


def _description(address: str) -> str:
    """What the service says of itself (SPARQL 1.1 Service Description)."""
    features = "sd:UnionDefaultGraph"
    names = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "Turtle", "N-Triples", "RDF_XML")
    formats = ", ".join(f"<http://www.w3.org/ns/formats/{name}>" for name in names)
    return (
        "@prefix sd: <http://www.w3.org/ns/sparql-service-description#> .\n"
        f"<{address}> a sd:Service ; sd:endpoint <{address}> ; sd:supportedLanguage sd:SPARQL11Query ;\n"
        f"    sd:feature {features} ; sd:resultFormat {formats} .\n"
    )


def _with_charset(media: str) -> str:
    return f"{media}; charset=utf-8" if media.startswith("text/") else media


def _told(status: int, message: str) -> PlainTextResponse:
    headers = {"Retry-After": "5"} if status == 503 else {}
    return PlainTextResponse(message + "\n", status, headers)
