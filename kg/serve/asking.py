"""``/ask``: the page where people ask, and what it asks the server for while they write and read."""

from __future__ import annotations

import json
import threading
from functools import lru_cache
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from kg.serve.html import HERE, language, page
from kg.serve.known import Known, ontology
from kg.serve.site import Opened, Site

MOST_FOUND = 20
"""Things that a completion offers, at most."""
MOST_KNOWN = 1000
"""IRIs and names of which one request may ask."""
LONGEST_NAME = 200
"""Characters of a name that is looked up, at most."""


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
    found: dict[str, dict[str, str]] = json.loads((HERE / "words-ask.json").read_text(encoding="utf-8"))
    return found


class Asking:
    """Answers what the page asks. The names of a build are read once, when somebody first looks for one."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._lock = threading.Lock()
        self._known_now: Known | None = None

    def page(self, request: Request) -> Response:
        opened, lang = self.site.now(), language(request)
        questions = [
            {"name": each.name, "title": each.zh if lang == "zh" else each.en, "also": each.en, "query": each.query}
            for each in opened.questions
        ]
        told = {
            "lang": lang,
            "base": opened.recipe.base,
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
        asked = request.query_params.get("q", "")
        if len(asked) > LONGEST_NAME:
            return PlainTextResponse(f"a name has at most {LONGEST_NAME} characters\n", 400)
        return JSONResponse(self._now().complete(asked, MOST_FOUND))

    async def known(self, request: Request) -> Response:
        """What is known of the ``iris`` and ``names`` of a JSON object."""
        asked = _asked(await request.body())
        if asked is None:
            wanted = f'send {{"iris": […], "names": […]}} with at most {MOST_KNOWN} strings in all'
            return PlainTextResponse(wanted + "\n", 400)
        return JSONResponse(await run_in_threadpool(self._known, *asked))

    def _known(self, iris: list[str], names: list[str]) -> dict[str, Any]:
        known = self._now()
        called = known.called(name for name in names if len(name) <= LONGEST_NAME)
        return {"things": known.known([*iris, *called.values()]), "names": called}

    def _now(self) -> Known:
        opened: Opened = self.site.now()
        with self._lock:
            if self._known_now is None or self._known_now.opened is not opened:
                self._known_now = Known(opened)
            return self._known_now


def _asked(body: bytes) -> tuple[list[str], list[str]] | None:
    """The lists of a request, or nothing if it holds anything else."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(sent, dict):
        return None
    lists = [sent.get("iris", []), sent.get("names", [])]
    if not all(isinstance(each, list) and all(isinstance(text, str) for text in each) for each in lists):
        return None
    return (lists[0], lists[1]) if len(lists[0]) + len(lists[1]) <= MOST_KNOWN else None
