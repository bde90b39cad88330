"""Parts of a build for the network, found in the store without reading all of it; each becomes a network of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kg import nquads
from kg import terms as t
from kg.serve.catalogue import names
from kg.serve.lookup import Lookup
from kg.serve.showing import Showing
from kg.types import Quad
from kg.view_model import Model
from kg.view_part import between
from kg.view_time import FIRST, LAST, days

MOST_THINGS, MOST_OF_ONE, MOST_STATEMENTS = 250, 150, 600
"""Things in a part, statements that are followed from one of them, and statements in a part, at most."""
CORE = 600
"""Things of the core that stands for a build that is too large to be shown."""
DATES = frozenset({"date", "gYear", "gYearMonth"})
LONGEST = 300
"""Characters of an end of a triple that is looked for among the statements."""
_BATCH = 100


def near(showing: Showing, iri: str, hops: int) -> Model:
    """What lies within some relations of a thing, the most linked first where there is too much."""
    lookup, reached = showing.lookup, {f"<{iri}>"}
    frontier = set(reached)
    holders: set[str] = set()
    for _ in range(hops):
        found: set[str] = set()
        for node in sorted(frontier):
            for holder, other in _statements_of(lookup, node):
                if other.startswith("<") and other not in reached and len(reached) + len(found) >= MOST_THINGS:
                    continue
                holders.add(holder)
                found |= {other} if other.startswith("<") else set()
        frontier = found - reached
        reached |= found
    figures = [quad.subject for quad in lookup.into(f"<{iri}>", lookup.kg("about"), MOST_OF_ONE)]
    own = [quad for node in reached for quad in lookup.naming(node)]
    own += [
        quad for quad in lookup.of(f"<{iri}>") if lookup.vocab.name(quad.predicate[1:-1]) in lookup.vocab.predicates
    ]
    return lookup.model([*sorted(holders)[: 4 * MOST_STATEMENTS], *figures], own)


def _statements_of(lookup: Lookup, node: str) -> list[tuple[str, str]]:
    """Statements about a thing with their other ends."""
    found: list[tuple[str, str]] = []
    for here, there in ((t.SUBJECT, t.OBJECT), (t.OBJECT, t.SUBJECT)):
        pattern = f"?s {here} {node} ; {there} ?end ; {lookup.kg('evidenceCount')} ?n"
        table = lookup.store.select(f"SELECT ?s ?end WHERE {{ {pattern} }} ORDER BY DESC(?n) ?s LIMIT {MOST_OF_ONE}")
        found += [(s, end) for s, end in table.rows if s and end]
    return found


def of_document(showing: Showing, document: str) -> Model:
    """What one document states."""
    lookup = showing.lookup
    pieces = [quad.subject for quad in lookup.into(f"<{document}>", t.HAS_SOURCE) if "/evidence/" in quad.subject]
    holders = {holder for piece in pieces for holder in lookup.subjects(lookup.kg("evidence"), piece)}
    return lookup.model(sorted(holders)[:MOST_STATEMENTS])


def of_time(showing: Showing, since: str, until: str) -> Model:
    """The facts whose dates touch a time. Raises :class:`QueryError` for what is no date."""
    lookup, vocab = showing.lookup, showing.vocab
    between(Model((), (), (), ()), since, until)
    first, last = (days(since) or (FIRST, ""))[0], (days(until) or ("", LAST))[1]
    dated = [name for name, term in vocab.properties.items() if term.range & DATES]
    holders: set[str] = set()
    for name in sorted(dated):
        pattern = f"?s {t.PREDICATE} {lookup.kg(name)} ; {t.OBJECT} ?day"
        said = lookup.store.select(f"SELECT ?s ?day WHERE {{ {{ {pattern} }} UNION {{ ?s {lookup.kg(name)} ?day }} }}")
        holders |= {s for s, day in said.rows if s and day and _touches(day, first, last)}
    chosen = sorted(holder for each in sorted(holders) for holder in _holding(lookup, each))[:MOST_STATEMENTS]
    return between(lookup.model(chosen), since, until)


def _touches(day: str, first: str, last: str) -> bool:
    found = days(nquads.plain(day))
    return found is not None and found[0] <= last and found[1] >= first


def _holding(lookup: Lookup, node: str) -> list[str]:
    """The statement or figure that a node is, or that it is evidence for; nothing for things of the world."""
    if "/evidence/" in node:
        return lookup.subjects(lookup.kg("evidence"), node)
    return [node] if "/statement/" in node or "/observation/" in node else []


def made_by(showing: Showing, lines: Iterable[str]) -> Model:
    """The triples (lines of N-Triples) that a query made, those that the build states with their quotes."""
    lookup = showing.lookup
    made = list(nquads.parse(lines, "answer"))[:MOST_STATEMENTS]
    ends = {term for quad in made for term in (quad.subject, quad.object) if term.startswith("<")}
    holders = {term for term in ends if "/statement/" in term or "/observation/" in term}
    known = {lookup.kg(name) for name in showing.vocab.predicates}
    stated = [quad for quad in made if quad.predicate in known and len(quad.object) <= LONGEST]
    for start in range(0, len(stated), _BATCH):
        holders |= _stating(lookup, stated[start : start + _BATCH])
    return lookup.model(sorted(holders), [*made, *(quad for each in sorted(ends) for quad in lookup.naming(each))])


def _stating(lookup: Lookup, quads: Sequence[Quad]) -> set[str]:
    rows = " ".join(f"({s} {p} {o})" for s, p, o, _ in quads)
    pattern = f"?x {t.SUBJECT} ?s ; {t.PREDICATE} ?p ; {t.OBJECT} ?o"
    table = lookup.store.select(f"SELECT ?x WHERE {{ VALUES (?s ?p ?o) {{ {rows} }} {pattern} }}")
    return {row[0] for row in table.rows if row[0]}


def core(showing: Showing) -> Model:
    """The most linked things of a build and what is said between them."""
    lookup = showing.lookup
    chosen = {f"<{each.iri}>" for each in showing.opened.once(names)[:CORE]}
    holders: set[str] = set()
    for node in sorted(chosen):
        pattern = f"?s {t.SUBJECT} {node} ; {t.OBJECT} ?end"
        table = lookup.store.select(f"SELECT ?s ?end WHERE {{ {pattern} }} LIMIT {MOST_STATEMENTS}")
        holders |= {s for s, end in table.rows if s and end in chosen}
    return lookup.model(sorted(holders)[: 4 * MOST_STATEMENTS], [q for node in chosen for q in lookup.naming(node)])
