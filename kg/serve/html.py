"""Pages made on the server: templates that escape whatever they are given, in the reader's language."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

HERE = Path(__file__).parent
LANGUAGES = ("zh", "en")
COOKIE = "lang"
YEAR = 365 * 24 * 3600


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates."""
    loader = FileSystemLoader(HERE / "templates")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters["web"] = web
    return made


def web(iri: str) -> str:
    """An IRI as a link leads to it, if it is one of the web: never one that runs something."""
    return iri if iri.startswith(("https://", "http://")) else "#"


def local(path: str) -> str:
    """A path that somebody asked for, as a link may lead to it: one that begins with two strokes is another server."""
    return "/" + path.lstrip("/\\")


@lru_cache(maxsize=1)
def words() -> dict[str, dict[str, str]]:
    """What the pages say, by language."""
    found: dict[str, dict[str, str]] = {}
    for name in ("words.json", "words_pages.json"):
        for lang, said in json.loads((HERE / name).read_text(encoding="utf-8")).items():
            found.setdefault(lang, {}).update(said)
    return found


def language(request: Request) -> str:
    """The language that a reader asked for (``?lang=``), or chose before, or that the browser prefers."""
    for wanted in (request.query_params.get(COOKIE, ""), request.cookies.get(COOKIE, "")):
        if wanted in LANGUAGES:
            return wanted
    first = request.headers.get("accept-language", "").strip().lower()
    return "en" if first.startswith("en") else "zh"


def page(request: Request, template: str, /, *, status: int = 200, **values: Any) -> Response:
    """A template as an answer. It is given ``lang``, ``w`` (the words), ``path`` and ``values``."""
    lang = language(request)
    other = LANGUAGES[lang == "zh"]
    switch = request.url.include_query_params(lang=other)
    text = (
        environment()
        .get_template(template)
        .render(
            lang=lang, w=words()[lang], path=request.url.path, switch=f"{local(switch.path)}?{switch.query}", **values
        )
    )
    response = HTMLResponse(text, status, headers={"Vary": "Accept, Accept-Language, Cookie"})
    if request.query_params.get(COOKIE) in LANGUAGES:
        response.set_cookie(COOKIE, lang, max_age=YEAR, samesite="lax", httponly=True)
    return response


def missing(request: Request, error: Exception) -> Response:
    """The page for an address that stands for nothing."""
    del error
    return page(request, "missing.html", status=404)
