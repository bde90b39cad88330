"""Networks made up for benchmarks of the view: many sizes, one kind, the same each time.

Communities in which things join what is joined already (so that few have many relations and many few), some relations
between communities, names put together from those of the lexicon, one quote a relation, dates on some. There are 2.35
relations a thing, as in graphs of news.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from random import Random

from kg.resources import data
from kg.view_model import Article, Model, Quote, Statement, Thing, Value
from kg.vocab import Vocab

BASE = "https://example.org"
RELATIONS = 2.35
"""Relations a thing."""

_ABROAD, _COMMUNITY = 0.2, 60
_MODALITIES = ("asserted",) * 8 + ("planned", "negated")


def network(count: int, vocab: Vocab) -> Model:
    """``count`` things and 2.35 times as many relations between them; the same for the same ``count``."""
    chance = Random(count)
    names = _names(count)
    types = sorted(name for name, known in vocab.classes.items() if known.counts_as == name)
    things = tuple(_thing(i, names[i], chance.choice(types)) for i in range(count))
    predicates = sorted(name for name, known in vocab.properties.items() if _relates(known.range, vocab))
    articles = tuple(
        Article(f"{BASE}/doc/{i:05}", names[i], f"{i:05}.txt", f"{chance.randint(2005, 2024)}-06")
        for i in range(max(1, count // 10))
    )
    links = _links(count, round(count * RELATIONS), chance)
    statements = [_statement(i, a, b, names, predicates, articles, chance) for i, (a, b) in enumerate(links)]
    return Model(things, tuple(sorted(statements, key=lambda s: (s.subject, s.predicate, str(s.object)))), (), articles)


def _relates(range_: frozenset[str], vocab: Vocab) -> bool:
    return bool(range_) and all(name in vocab.classes for name in range_)


@cache
def _known() -> tuple[str, ...]:
    found: set[str] = set()
    for path in sorted((data() / "lexicon").glob("*.csv")):
        with Path(path).open(encoding="utf-8", newline="") as file:
            found |= {row["label"] for row in csv.DictReader(file) if 2 < len(row.get("label") or "") < 9}
    return tuple(sorted(found))


def _names(count: int) -> list[str]:
    """So many different names: those of the lexicon, then pairs of them run together."""
    known = list(_known())
    Random(1).shuffle(known)
    pairs = (known[i % len(known)] + known[(i * 7 + 3) % len(known)] for i in range(count))
    return [*known, *pairs][:count]


def _thing(i: int, name: str, type_: str) -> Thing:
    return Thing(f"{BASE}/id/{i:06}", type_, {"zh": name}, (), (), 1)


def _links(count: int, wanted: int, chance: Random) -> list[tuple[int, int]]:
    """Pairs of things: each new one joins its community, and what has many relations is met more often."""
    communities = max(1, count // _COMMUNITY)
    met: list[list[int]] = [[i] for i in range(communities)]
    links = []
    for i in range(communities, count):
        home = met[chance.randrange(communities)]
        links.append((i, chance.choice(home)))
        home += links[-1]
    while len(links) < wanted:
        home = chance.randrange(communities)
        a = chance.choice(met[home])
        b = int(count * chance.random() ** 4) if chance.random() < _ABROAD else chance.choice(met[home])
        if a != b:
            links.append((a, b))
            met[home] += [a, b]
    return links


def _statement(
    i: int,
    a: int,
    b: int,
    names: list[str],
    predicates: list[str],
    articles: tuple[Article, ...],
    chance: Random,
) -> Statement:
    predicate = predicates[min(int(chance.expovariate(0.25)), len(predicates) - 1)]
    filler = chance.choice(names) + chance.choice(names)
    exact = f"{names[a]}{filler}{names[b]}"
    start = chance.randrange(4000)
    quote = Quote(chance.choice(articles).iri, exact, filler[::-1], filler, start, start + len(exact), "made.v1", "0.9")
    time = (("time", Value(f"{chance.randint(1995, 2024)}-{chance.randint(1, 12):02}", "gYearMonth")),)
    return Statement(
        f"{BASE}/statement/{i:06}",
        f"{BASE}/id/{a:06}",
        predicate,
        f"{BASE}/id/{b:06}",
        chance.choice(_MODALITIES),
        "0.9",
        time if chance.random() < 0.4 else (),
        (quote,),
    )
