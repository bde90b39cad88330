"""What a gallery of errors is made of: texts, rules, and which rule read which name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from kg import terms as t
from kg.errors import ReadError
from kg.explain_graph import find_source
from kg.explain_rules import rule_sources
from kg.gallery import Material
from kg.nquads import plain
from kg.pipeline import Kit
from kg.read import read
from kg.records import document_name
from kg.stores.embedded import EmbeddedStore
from kg.stores.embedded import open as open_embedded
from kg.types import Document


def gather(build: Path, gold: Path, kit: Kit, documents: Iterable[str]) -> Material:
    """The material for some documents of a build: their texts beside the gold, or where the build read them.

    A document whose text is nowhere at hand is left out: its items are shown with their quotes alone.
    """
    store = open_embedded(build / "store", read_only=True)
    try:
        sources = {document_name(source): source for source in _sources(store)}
        named = dict(sorted(_named(store, f"<{kit.parts.vocab.namespace}")))
    finally:
        store.close()
    beside = {path.name: path for path in sorted((gold if gold.is_dir() else gold.parent).rglob("*"))}
    texts = {}
    for name in sorted(documents):
        path = beside.get(name) or find_source(sources.get(name, name), build, kit.recipe)
        document = _text(path, name) if path else None
        if document is not None:
            texts[name] = document
    return Material(texts, rule_sources(kit), named)


def _sources(store: EmbeddedStore) -> Iterator[str]:
    rows = store.select(f"SELECT ?source {{ ?d a {t.NEWS_ARTICLE} ; {t.SOURCE} ?source }}").rows
    yield from (plain(source) for (source,) in rows if source)


def _named(store: EmbeddedStore, ours: str) -> Iterator[tuple[tuple[str, str], str]]:
    """Document and name with the rule that read it; of several rules the last by name."""
    query = f"""SELECT ?source ?name ?rule {{
        ?m a {ours}Mention> ; {ours}rule> ?rule ;
           {t.HAS_SOURCE}/{t.SOURCE} ?source ; {t.HAS_SELECTOR}/{t.EXACT} ?name }}"""
    for source, name, rule in store.select(query).rows:
        if source and name and rule:
            yield (document_name(plain(source)), plain(name)), plain(rule)


def _text(path: Path, name: str) -> Document | None:
    try:
        return next((d for d in read([path]) if document_name(d.source) in (name, path.name)), None)
    except ReadError:
        return None
