"""``/conflicts`` and ``/rejected``: what contradicts itself, and what was proposed and refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from kg import terms as t
from kg.conflicts import FIGURE, Located, locate_conflicts
from kg.serve.asked import number_of
from kg.serve.catalogue import Refusal, refusals
from kg.serve.lookup import Lookup
from kg.serve.pages.data import end
from kg.serve.refs import Ref
from kg.serve.showing import Measured, Showing, Told
from kg.serve.site import Opened, Site
from kg.types import Quad

PAGE = 30


def routes(site: Site) -> list[BaseRoute]:
    """The routes of what is in doubt."""

    def conflicting(request: Request) -> Response:
        return _conflicts(Showing(site, request))

    def rejected(request: Request) -> Response:
        return _rejected(Showing(site, request))

    return [Route("/conflicts", conflicting), Route("/rejected", rejected)]


# ---- contradictions


def conflicts(opened: Opened) -> tuple[Located, ...]:
    """The contradictions of a build."""
    return locate_conflicts(set(_candidates(opened)), opened.vocab)


def _candidates(opened: Opened) -> Iterator[Quad]:
    """The quads among which contradictions are: statements and figures of which others say what they say."""
    lookup = Lookup(opened)
    for holder in (*_statements(opened), *_figures(opened)):
        yield from lookup.whole(holder)
        for named in (*lookup.all(holder, t.SUBJECT), *lookup.all(holder, lookup.kg("about"))):
            yield from lookup.naming(named)


def _statements(opened: Opened) -> list[str]:
    """Statements whose subject has the same predicate twice, where one value alone can be."""
    found: list[str] = []
    for name, term in opened.vocab.predicates.items():
        if not (term.functional or term.range & {"date", "gYear", "gYearMonth"}):
            continue
        holders = [quad.subject for quad in opened.store.match("", t.PREDICATE, f"<{opened.vocab.namespace}{name}>")]
        subjects = {
            holder: quad.object
            for holder in holders
            for quad in opened.store.match(holder, t.SUBJECT)
            if "/statement/" in holder
        }
        often = Counter(subjects.values())
        found += [holder for holder, subject in subjects.items() if often[subject] > 1]
    return found


def _figures(opened: Opened) -> list[str]:
    """Figures that agree with another one in what they are of."""
    keys: dict[str, tuple[str, ...]] = {}
    for quad in opened.store.match("", t.TYPE, f"<{opened.vocab.namespace}Observation>"):
        said = {each.predicate: each.object for each in opened.store.match(quad.subject)}
        keys[quad.subject] = tuple(said.get(f"<{opened.vocab.namespace}{name}>", "") for name in FIGURE)
    often = Counter(keys.values())
    return [holder for holder, key in keys.items() if often[key] > 1]


def _conflicts(showing: Showing) -> Response:
    found = showing.opened.once(conflicts)
    number, pages = number_of(showing.request.query_params.get("page", "")), max(1, -(-len(found) // PAGE))
    shown = found[(number - 1) * PAGE : number * PAGE]
    sides = _sides(showing, {holder for each in shown for holder in (each.left, each.right)})
    pairs = [(showing.refs.of(each.about[1:-1]), [sides.get(each.left), sides.get(each.right)]) for each in shown]
    return showing.page("conflicts.html", pairs=pairs, total=len(found), number=number, pages=pages)


def _sides(showing: Showing, holders: set[str]) -> dict[str, Told | Measured]:
    model = showing.lookup.model(sorted(holders))
    told: list[Told | Measured] = [showing.told(s) for s in model.statements if s.iri]
    told += [showing.measured(f) for f in model.figures]
    return {f"<{each.iri}>": each for each in told}


# ---- refusals


def _rejected(showing: Showing) -> Response:
    params, everything = showing.request.query_params, showing.opened.once(refusals)
    reason, rule = params.get("reason", ""), params.get("rule", "")
    fitting = [each for each in everything if reason in ("", each.reason) and rule in ("", each.rule)]
    number, pages = number_of(params.get("page", "")), max(1, -(-len(fitting) // PAGE))
    return showing.page(
        "rejected.html",
        rows=[(each, *_proposed(showing, each)) for each in fitting[(number - 1) * PAGE : number * PAGE]],
        total=len(fitting),
        reasons=Counter(each.reason for each in everything).most_common(),
        rules=Counter(each.rule for each in everything if reason in ("", each.reason)).most_common(),
        reason=reason,
        rule=rule,
        number=number,
        pages=pages,
        path_of=showing.addresses.path,
    )


def _proposed(showing: Showing, refusal: Refusal) -> tuple[list[Ref | str], str, str, Ref | None]:
    """What was proposed (subject, predicate, object), the words, where they stand, and in which document."""
    lookup, subject = showing.lookup, f"<{refusal.iri}>"
    parts = [end(showing, each) for p in (t.SUBJECT, t.PREDICATE, t.OBJECT) for each in lookup.all(subject, p)[:1]]
    selector = next(iter(lookup.all(subject, t.HAS_SELECTOR)), "")
    document = showing.refs.of(refusal.document) if refusal.document else None
    return parts, lookup.one(selector, t.EXACT), lookup.one(selector, t.START), document
