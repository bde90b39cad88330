"""How known stores lay out their addresses (``data/stores.csv``), and which of them one is given."""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from kg.errors import DataError, RemoteError
from kg.resources import data
from kg.stores.address import check, shown

ABSENT = "-"
"""In the table: the store has no such address."""
OTHER = "sparql"
"""The layout of stores that are not known."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A row of the table: what comes behind the store's address, and how its kind is recognised.

    ``server`` and ``path`` are regular expressions for the header ``Server`` and for the path of an address. ``union``
    makes a query see all graphs as one: empty where the store does so anyhow, a parameter, or ``list`` where the graphs
    have to be named (or it has graphs of its own, which must not be seen). ``most`` is how many triples an answer has
    at most as the store is delivered, if that is bounded. ``tried`` is the version that it was run with, empty where it
    was only read about.
    """

    store: str
    name: str
    server: str
    path: str
    query: str
    update: str
    graphs: str
    graphs_read: str
    union: str
    most: str
    tried: str
    example: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The addresses of a store: of queries, updates and graphs (to write, to read), empty where it has none.

    For ``union`` see :class:`Layout`; ``most`` is how many triples come at once, 0 where nothing is known.
    """

    store: str
    query: str
    update: str = ""
    graphs: str = ""
    graphs_read: str = ""
    union: str = ""
    most: int = 0

    @property
    def urls(self) -> tuple[str, ...]:
        """Every address that there is."""
        return tuple(url for url in (self.query, self.update, self.graphs, self.graphs_read) if url)


@cache
def layouts() -> Mapping[str, Layout]:
    """The known layouts by the name of the store; :class:`DataError` if the table is damaged."""
    path = data() / "stores.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    wrong = next((number for number, row in enumerate(rows, 1) if len(row) != len(rows[0])), 0)
    if wrong:
        raise DataError(f"{path}:{wrong}: a row has {len(rows[0])} cells")
    return {row[0]: Layout(*row) for row in rows[1:]}


def named(store: str) -> Layout:
    """The layout with this name; :class:`DataError` with those that there are."""
    known = layouts()
    if store not in known:
        close = difflib.get_close_matches(store, known, n=1)
        hint = f"did you mean {close[0]!r}? " if close else ""
        raise DataError(f"no kind of store is called {store!r}: {hint}there are {', '.join(known)}")
    return known[store]


def recognised(url: str, server: str) -> Layout | None:
    """The layout that fits an address and what its server calls itself; ``None`` if none does."""
    path = urlsplit(url).path.rstrip("/")
    return next((each for each in layouts().values() if _fits(each.server, server) or _fits(each.path, path)), None)


def _fits(pattern: str, text: str) -> bool:
    return bool(pattern) and re.search(pattern, text) is not None


def endpoint(url: str, layout: Layout, *, query: str = "", update: str = "", graphs: str = "") -> Endpoint:
    """The addresses of the store at ``url``, less those that are given themselves.

    ``url`` is the store's own address, or that of its queries: ``http://host:8890`` and ``http://host:8890/sparql``.
    """
    base = check(url).rstrip("/")
    if layout.query and urlsplit(base).path.endswith(layout.query):
        base = base.removesuffix(layout.query)
    if urlsplit(base).query and any((layout.query, layout.update, layout.graphs)):
        raise RemoteError(f"{shown(url)}: a store's address ends before the question mark; see --store")
    return Endpoint(
        layout.store,
        query=check(query) if query else base + layout.query,
        update=check(update) if update else _joined(base, layout.update),
        graphs=check(graphs) if graphs else _joined(base, layout.graphs),
        graphs_read=check(graphs) if graphs else _joined(base, layout.graphs_read),
        union=layout.union,
        most=int(layout.most or 0),
    )


def _joined(base: str, part: str) -> str:
    return "" if part == ABSENT else base + part
