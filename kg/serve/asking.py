"""``/ask``: the page where people ask, and what it asks the server for while they write and read."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from kg.serve.html import HERE, language, page
from kg.serve.known import called, known, ontology, suggested
from kg.serve.site import Site

MOST_FOUND = 20
"""Things that a completion offers, at most."""
MOST_KNOWN = 1000
"""IRIs and names of which one request may ask."""


def routes(site: Site) -> list[BaseRoute]:
    """The addresses of the page and of its questions to the server."""
    asking = Asking(site)
    return [
        Route("/ask", asking.page),
        Route("/ask/terms", asking.terms),
        Route("/ask/complete", asking.complete),
        Route("/ask/known", asking.known, methods=["POST"]),
    ]


@lru_cache(maxsize=1)
def words() -> dict[str, dict[str, str]]:
    """What the page says, by language."""
    found: dict[str, dict[str, str]] = json.loads((HERE / "words_ask.json").read_text(encoding="utf-8"))
    return found


class Asking:
    """Answers what the page asks."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def page(self, request: Request) -> Response:
        opened, lang = self.site.now(), language(request)
        questions = [
            {"name": each.name, "title": each.zh if lang == "zh" else each.en, "also": each.en, "query": each.query}
            for each in opened.questions
        ]
        told = {
            "lang": lang,
            "ontology": {"prefix": opened.vocab.prefix, "namespace": opened.vocab.namespace},
            "prefixes": dict(opened.store.prefixes()),
            "questions": questions,
            "words": words()[lang],
        }
        return page(request, "ask.html", a=words()[lang], questions=questions, told=told)

    def terms(self, request: Request) -> Response:
        del request
        return JSONResponse(ontology(self.site.now()))

    def complete(self, request: Request) -> Response:
        return JSONResponse(suggested(self.site.now(), request.query_params.get("q", ""), MOST_FOUND))

    async def known(self, request: Request) -> Response:
        """What is known of the ``iris`` and ``names`` of a JSON object."""
        asked = _asked(await request.body())
        if asked is None:
            wanted = f'send {{"iris": […], "names": […]}} with at most {MOST_KNOWN} strings in all'
            return PlainTextResponse(wanted + "\n", 400)
        return JSONResponse(await run_in_threadpool(self._known, *asked))

    def _known(self, iris: list[str], names: list[str]) -> dict[str, Any]:
        opened = self.site.now()
        things = called(opened, names)
        return {"things": known(opened, [*iris, *things.values()]), "names": things}


def _asked(body: bytes) -> tuple[list[str], list[str]] | None:
    """The lists of a request, or nothing if it holds anything else."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(sent, dict):
        return None
    lists = [sent.get("iris", []), sent.get("names", [])]
    if not all(isinstance(each, list) and all(map(_is_text, each)) for each in lists):
        return None
    return (lists[0], lists[1]) if len(lists[0]) + len(lists[1]) <= MOST_KNOWN else None


def _is_text(sent: object) -> bool:
    """Whether something is a text that UTF-8 can hold; JSON can name halves of characters."""
    if not isinstance(sent, str):
        return False
    try:
        sent.encode()
    except UnicodeEncodeError:
        return False
    return True
