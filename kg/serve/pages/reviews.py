"""``/reviews``: what people decided, and where they decide: on a fact or figure, on a merge in doubt."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any
from urllib.parse import parse_qsl, quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from kg.errors import KgError, Overtaken
from kg.merging import decide_merge
from kg.reviews import CORRECT, Review
from kg.serve.asked import number_of
from kg.serve.consent import NAME, YEAR, Refused
from kg.serve.decisions import desk, merges, pairs, seen
from kg.serve.protocol import FORM
from kg.serve.refs import Ref
from kg.serve.showing import Showing
from kg.serve.site import Site
from kg.view_data import clean

PAGE = 30
MOST_FIELDS = 24
LONGEST = 2000
"""Characters that one field of a form may hold."""


def routes(site: Site) -> list[BaseRoute]:
    """The routes of decisions; nothing can be decided unless the server was told so."""

    def listed(request: Request) -> Response:
        return _list(Showing(site, request))

    async def fact(request: Request) -> Response:
        return await _heed(site, request, _on_fact)

    async def merge(request: Request) -> Response:
        return await _heed(site, request, _on_merge)

    posted = [Route("/reviews/fact", fact, methods=["POST"]), Route("/reviews/merge", merge, methods=["POST"])]
    return [Route("/reviews", listed), *posted]


# ---- what was decided


def _list(showing: Showing) -> Response:
    number = number_of(showing.request.query_params.get("page", ""))
    problem, rows, total = "", [], 0
    try:
        reviewing = desk(showing.opened)
        decisions, stands = reviewing.reviews()[::-1], reviewing.standing()
        total = len(decisions)
        for each in decisions[(number - 1) * PAGE : number * PAGE]:
            address = reviewing.address(each)
            rows.append(_row(showing, each, address, stands.get(address) == each))
        doubts, more = _doubts(showing, number_of(showing.request.query_params.get("doubts", "")))
    except KgError as error:
        problem, doubts, more = str(error), [], 0
    return showing.deciding(
        "reviews.html",
        problem=problem,
        rows=rows,
        total=total,
        number=number,
        pages=max(1, -(-total // PAGE)),
        doubts=doubts,
        more=more,
    )


def _row(showing: Showing, review: Review, address: str, stands: bool) -> dict[str, Any]:
    there = bool(showing.lookup.all(f"<{address}>", showing.lookup.kg("evidence")))
    return {
        "review": review,
        "address": address,
        "href": showing.addresses.path(address) if there else "",
        "stands": stands,
        "followed": bool(showing.lookup.of(f"<{showing.opened.recipe.base}review/{review.id}>")),
        "instead": "; ".join(f"{name} = {value}" for name, value in review.replacement),
    }


def _doubts(showing: Showing, number: int) -> tuple[list[dict[str, Any]], int]:
    """Pairs that may be one, those in doubt first, with what a person decided; and how many pages there are."""
    found, decided = showing.opened.once(pairs), merges(showing.opened)
    base = showing.opened.recipe.base
    shown = [
        {
            "one": _named(showing, f"{base}id/{each.one.id}", each.one.names),
            "other": _named(showing, f"{base}id/{each.other.id}", each.other.names),
            "ids": (each.one.id, each.other.id),
            "judged": each.judged,
            "together": each.together,
            "decided": decided.get(each.judged.pair),
            "seen": seen(decided.get(each.judged.pair)),
        }
        for each in found[(number - 1) * PAGE : number * PAGE]
    ]
    return shown, -(-len(found) // PAGE)


def _named(showing: Showing, iri: str, spoken: Sequence[str]) -> Ref:
    """An entity; one that another stands for has its names in the profiles alone."""
    ref = showing.refs.of(iri)
    return ref if showing.refs.labels(iri) or not spoken else replace(ref, label=clean(spoken[0]))


# ---- to decide


Act = Callable[[Showing, Mapping[str, str]], str]


async def _heed(site: Site, request: Request, act: Act) -> Response:
    """Read a form, check whose it is, and do as it says; then lead back to the page that it came from."""
    form = _fields(request.headers.get("content-type", ""), await request.body())
    return await run_in_threadpool(_decided, site, request, form, act)


def _fields(media: str, body: bytes) -> dict[str, str]:
    """The fields of a form as browsers send it; none of anything else, which then carries no code."""
    if media.partition(";")[0].strip().lower() != FORM:
        return {}
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}
    return {name: value.strip()[:LONGEST] for name, value in pairs}


def _decided(site: Site, request: Request, form: Mapping[str, str], act: Act) -> Response:
    showing = Showing(site, request)
    back = form.get("back", "")
    try:
        if not site.settings.review:
            raise Refused(403, "reviewOff")
        site.consent.check(request, form.get("code", ""), form.get("token", ""))
        if not form.get("by") or not form.get("reason"):
            raise Refused(400, "nameAndReason")
        where = act(showing, form)
    except Refused as error:
        return showing.page(
            "refused.html", status=error.status, message=showing.words[error.word], back=safe_path(back)
        )
    except Overtaken as error:
        return showing.page("refused.html", status=409, message=str(error), back=safe_path(back))
    except KgError as error:
        return showing.page("refused.html", status=400, message=str(error), back=safe_path(back))
    response = RedirectResponse(safe_path(back) or where, 303)
    site.consent.trust(response)
    response.set_cookie(NAME, quote(form["by"]), max_age=YEAR, samesite="strict", httponly=True)
    return response


def _not_done(showing: Showing, status: int, message: str, back: str) -> Response:
    return showing.page("refused.html", status=status, message=message, back=safe_path(back))


def safe_path(path: str) -> str:
    """A path of this server, or nothing: a form must not lead elsewhere."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() else ""


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _on_fact(showing: Showing, form: Mapping[str, str]) -> str:
    address, verdict = form.get("address", ""), form.get("verdict", "")
    given = {name.removeprefix("new-"): value for name, value in form.items() if name.startswith("new-")}
    desk(showing.opened).decide(
        address,
        verdict,
        by=form["by"],
        reason=form["reason"],
        when=_now(),
        replacement=_changed(given, form) if verdict == CORRECT else None,
        expecting=form.get("expecting", ""),
    )
    return showing.addresses.path(address) or "/reviews"


def _changed(given: Mapping[str, str], form: Mapping[str, str]) -> dict[str, str]:
    """The parts that somebody changed in the form."""
    return {name: value for name, value in given.items() if value != form.get(f"old-{name}", "")}


def _on_merge(showing: Showing, form: Mapping[str, str]) -> str:
    one, other = form.get("one", ""), form.get("other", "")
    left, right = sorted((one, other))
    decided = merges(showing.opened).get((left, right))
    if seen(decided) != form.get("expecting", ""):
        raise Overtaken(f"{one}, {other}: {seen(decided) or '-'}")
    recipe = showing.opened.recipe
    decide_merge(recipe, one, other, form.get("verdict", ""), form["by"], form["reason"], _now(), decided)
    return "/reviews"


def parts_of(showing: Showing, address: str) -> list[tuple[str, str, str]]:
    """The parts of a fact or figure that a correction may put right: name, label, and what is said now."""
    try:
        parts = desk(showing.opened).parts(address)
    except KgError:
        return []
    return [(name, showing.refs.term(name), value) for name, value in parts]
