"""``/ontology``: the classes and properties that a build is written with, how often each is used, and examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from kg import terms as t
from kg.serve.catalogue import class_counts, names, predicate_counts
from kg.serve.describe import MEDIA, answer, unacceptable, wanted
from kg.serve.refs import Ref
from kg.serve.showing import Showing
from kg.serve.site import Opened, Site
from kg.types import Quad
from kg.vocab import ClassTerm, Individual, PropertyTerm, ontology_quads
from kg.vocab_context import CONTEXT, make_context

EXAMPLES = 8


@dataclass(frozen=True, slots=True)
class Branch:
    """A class with those right below it; one with several parents stands under each."""

    ref: Ref
    hint: str
    count: int
    below: tuple[Branch, ...]


def routes(site: Site) -> list[BaseRoute]:
    """The routes of the ontology and its terms."""

    def ontology(request: Request) -> Response:
        return _ontology(Showing(site, request))

    def term(request: Request) -> Response:
        return _term(Showing(site, request), request.path_params["name"])

    def context(_: Request) -> Response:
        return _context(site.now())

    return [
        Route("/ontology", ontology),
        Route(f"/ontology/{CONTEXT}", context),
        Route("/ontology/{name}", term),
    ]


def _context(opened: Opened) -> Response:
    """The context of JSON-LD, at the address under the ontology that exports name for it."""
    document = make_context(opened.vocab, opened.store.prefixes()).document
    return JSONResponse({"@context": document}, media_type=MEDIA["jsonld"])


def _ontology(showing: Showing) -> Response:
    form = wanted(showing.request)
    if not form:
        return unacceptable()
    if form == "ttl":  # the file itself, with its comments
        return FileResponse(showing.opened.recipe.ontology, media_type=MEDIA[form], headers={"Vary": "Accept"})
    if form in MEDIA:
        return answer(_quads(showing), form, dict(showing.lookup.store.prefixes()))
    vocab, used = showing.vocab, showing.opened.once(predicate_counts)
    listed = sorted(vocab.predicates, key=lambda name: (-used[name], name))
    qualifiers = sorted(name for name, term in vocab.properties.items() if term.is_qualifier)
    rest = sorted(vocab.properties.keys() - vocab.predicates.keys() - set(qualifiers))
    return showing.page(
        "ontology.html",
        tree=_tree(showing),
        predicates=[
            (showing.predicate(name), _hint(showing, name), used[name], *_ends(showing, name)) for name in listed
        ],
        qualifiers=[(showing.predicate(name), _hint(showing, name)) for name in qualifiers],
        rest=[(showing.predicate(name), _hint(showing, name)) for name in rest],
        values=_values(showing),
        namespace=vocab.namespace,
        prefix=vocab.prefix,
        classes=len(vocab.classes),
    )


def _quads(showing: Showing) -> Iterable[Quad]:
    return ontology_quads(showing.opened.recipe.ontology, f"{showing.opened.recipe.base}ontology")


def _tree(showing: Showing) -> list[Branch]:
    classes, counts = showing.vocab.classes, showing.opened.once(class_counts)
    below: dict[str, list[str]] = {}
    for name, term in classes.items():
        for parent in term.parents:
            below.setdefault(parent, []).append(name)
    return [_branch(showing, name, below, counts) for name in sorted(classes) if not classes[name].parents]


def _branch(showing: Showing, name: str, below: Mapping[str, list[str]], counts: Counter[str]) -> Branch:
    children = sorted(below.get(name, ()), key=lambda child: (-counts[child], child))
    branches = tuple(_branch(showing, child, below, counts) for child in children)
    return Branch(showing.refs.of(showing.vocab.namespace + name), _hint(showing, name), counts[name], branches)


def _hint(showing: Showing, name: str) -> str:
    vocab = showing.vocab
    known = vocab.classes.get(name) or vocab.properties.get(name) or vocab.individuals.get(name)
    if known is None:
        return ""
    return known.comment_en if showing.lang == "en" else known.comment_zh


def _ends(showing: Showing, name: str) -> tuple[list[Ref], list[Ref]]:
    term = showing.vocab.properties[name]
    return _classes(showing, term.domain), _classes(showing, term.range)


def _classes(showing: Showing, names_: Iterable[str]) -> list[Ref]:
    known = showing.vocab.classes
    return [
        showing.refs.of(showing.vocab.namespace + name) if name in known else Ref("", "", name)
        for name in sorted(names_)
    ]


def _values(showing: Showing) -> list[tuple[Ref, list[tuple[Ref, str]]]]:
    found: dict[str, list[tuple[Ref, str]]] = {}
    for name, term in showing.vocab.individuals.items():
        found.setdefault(term.type, []).append((showing.refs.of(term.iri), _hint(showing, name)))
    return [(showing.refs.of(showing.vocab.namespace + type_), each) for type_, each in sorted(found.items())]


def _term(showing: Showing, name: str) -> Response:
    vocab = showing.vocab
    known = vocab.classes.get(name) or vocab.properties.get(name) or vocab.individuals.get(name)
    iri = f"<{vocab.namespace}{name}>"
    own = [quad for quad in showing.lookup.of(iri) if quad.graph.endswith("/ontology>")]
    if known is None and not own:
        raise HTTPException(404)
    form = wanted(showing.request)
    if not form:
        return unacceptable()
    if form in MEDIA:
        own = own or [quad for quad in _quads(showing) if quad.subject == iri]
        return answer(own, form, dict(showing.lookup.store.prefixes()))
    return showing.page(
        "term.html",
        term=showing.refs.of(iri[1:-1]),
        name=name,
        hint=_hint(showing, name),
        known=known,
        rows=list(_rows(showing, known)),
        more=[(showing.refs.of(q.predicate[1:-1]), q.object) for q in own] if known is None else [],
        **_examples(showing, known),
    )


def _rows(showing: Showing, known: object) -> Iterable[tuple[str, list[Ref]]]:
    """What the ontology says of a term, each with the word that names it."""
    vocab = showing.vocab
    if isinstance(known, ClassTerm):
        yield "parents", _classes(showing, known.parents)
        children = [name for name, term in vocab.classes.items() if known.name in term.parents]
        yield "children", _classes(showing, children)
        yield "usedFrom", [showing.predicate(n) for n, p in vocab.properties.items() if known.name in p.domain]
        yield "usedTo", [showing.predicate(n) for n, p in vocab.properties.items() if known.name in p.range]
    elif isinstance(known, PropertyTerm):
        yield "domain", _classes(showing, known.domain)
        yield "range", _classes(showing, known.range)
        yield "inverse", [showing.predicate(known.inverse)] if known.inverse else []
        yield "eventOf", _classes(showing, [known.event] if known.event else [])
    elif isinstance(known, Individual):
        yield "valueOf", _classes(showing, [known.type])
    if isinstance(known, ClassTerm | PropertyTerm | Individual):
        yield "aligned", [Ref(iri, "", iri) for iri in known.aligned]


def _examples(showing: Showing, known: object) -> dict[str, Any]:
    """Things of a class, facts of a predicate."""
    lookup = showing.lookup
    if isinstance(known, ClassTerm):
        below = showing.vocab.narrower(known.name)
        found = [each for each in showing.opened.once(names) if each.type in below]
        things = [showing.refs.of(each.iri) for each in found[:EXAMPLES]]
        return {"things": things, "facts": [], "count": showing.opened.once(class_counts)[known.name]}
    if isinstance(known, PropertyTerm) and known.is_predicate:
        holders = [
            quad.subject
            for quad in lookup.into(f"<{known.iri}>", t.PREDICATE, 5 * EXAMPLES)
            if "/statement/" in quad.subject
        ]
        facts = [showing.told(s) for s in lookup.model(holders[:EXAMPLES]).statements if s.iri]
        return {"things": [], "facts": facts, "count": showing.opened.once(predicate_counts)[known.name]}
    return {"things": [], "facts": [], "count": 0}
