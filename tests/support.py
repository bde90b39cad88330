"""What several test files share: the gold of the bundled page as an annotation, and where things are."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from kg import nquads
from kg.context import Context
from kg.graph import to_quads
from kg.read import read
from kg.stores import embedded
from kg.types import (
    ASSERTED,
    Annotation,
    Document,
    Entity,
    Evidence,
    Fact,
    Link,
    Mention,
    Observation,
    Quad,
    Span,
    Value,
)
from kg.union import finish
from kg.vocab import load_vocab, ontology_quads
from kg.vocab_types import Vocab

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
GOLD = "gold.v1"
"""The engine that the gold's mentions, links and facts name as their origin."""

_DATE = {4: "gYear", 7: "gYearMonth", 10: "date"}


def shared(*parts: str) -> Path:
    """A path of the shared folder beside the repository; skips the test where it is absent (fails in CI)."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        reason = f"{path.relative_to(ROOT.parent)} is not beside this repository"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    return path


@cache
def gold_annotation(name: str = "jingjinji-2021") -> Annotation:
    """The gold of a bundled article as if it had been extracted: all spans stand where the quotes are in the text.

    Entity ids are those of the gold file, none is ``known``; facts and figures marked optional are included.
    """
    gold = yaml.safe_load((ROOT / "data" / "gold" / f"{name}.gold.yaml").read_text(encoding="utf-8"))
    document = _document(name)
    finder = _Finder(document.text)
    entities = tuple(Entity(e["id"], e["type"], tuple(e["names"])) for e in gold["entities"])
    mentions = tuple(sorted(_mentions(document, entities)))
    owner = {name: e.id for e in reversed(entities) for name in e.names}
    return Annotation(
        document=document,
        mentions=mentions,
        entities=entities,
        links=tuple(Link(mention, owner[mention.text], GOLD) for mention in mentions),
        facts=tuple(_fact(document, finder, row, {e.id for e in entities}) for row in gold["facts"]),
        observations=tuple(_observation(document, finder, row) for row in gold["observations"]),
    )


@cache
def vocab() -> Vocab:
    """The bundled ontology."""
    return load_vocab(ROOT / "ontology.ttl")


@cache
def gold_graph(name: str = "jingjinji-2021") -> tuple[Quad, ...]:
    """The finished graph of a gold annotation, with the ontology, as a build would write it."""
    context = Context(vocab())
    ontology = ontology_quads(ROOT / "ontology.ttl", context.ontology.strip("<>"))
    return tuple(finish([*to_quads(gold_annotation(name), context), *ontology], context))


def gold_build(folder: Path) -> Path:
    """A build folder with the graph and the store of the bundled page's gold, as ``kg build`` would lay them."""
    folder.mkdir(parents=True, exist_ok=True)
    nquads.write(gold_graph(), folder / "graph.nq")
    store = embedded.open(folder / "store")
    store.load_file(folder / "graph.nq")
    store.close()
    return folder


def _document(name: str) -> Document:
    path = ROOT / "data" / "articles" / f"{name}.txt"
    (document,) = read([path])
    return replace(document, source=f"data/articles/{name}.txt")


class _Finder:
    """Finds a quote in a text, white space and width aside."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.places = [i for i, character in enumerate(text) if not character.isspace()]
        self.squeezed = "".join(text[i] for i in self.places)

    def __call__(self, quote: str) -> Span:
        squeezed = re.sub(r"\s", "", quote)
        at = self.squeezed.find(squeezed)
        if at < 0:
            raise LookupError(f"the gold quotes what the text does not say: {quote}")
        return Span(self.places[at], self.places[at + len(squeezed) - 1] + 1)

    def evidence(self, document: Document, quote: str) -> Evidence:
        span = self(quote)
        return Evidence(document.id, span, span.of(self.text), GOLD)


def _mentions(document: Document, entities: tuple[Entity, ...]) -> Iterator[Mention]:
    names = {name: entity for entity in reversed(entities) for name in entity.names}
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    for match in re.finditer("|".join(map(re.escape, longest_first)), document.text):
        yield Mention(Span(*match.span()), match[0], names[match[0]].type, GOLD)


def _value(text: str) -> Value:
    return Value(text, _DATE[len(text)]) if re.fullmatch(r"\d{4}(-\d\d){0,2}", text) else Value(text, "term")


def _fact(document: Document, finder: _Finder, row: dict[str, Any], ids: set[str]) -> Fact:
    end = str(row["o"])
    return Fact(
        subject=row["s"],
        predicate=row["p"],
        object=end if end in ids else _value(end),
        modality=row.get("modality", ASSERTED),
        evidence=finder.evidence(document, row["quote"]),
        qualifiers=tuple((key, Value(str(value), "string")) for key, value in row.get("qualifiers", {}).items()),
    )


def _observation(document: Document, finder: _Finder, row: dict[str, Any]) -> Observation:
    return Observation(
        about=row["about"],
        indicator=row["indicator"],
        value=str(row["value"]),
        unit=row["unit"],
        modality=row.get("modality", ASSERTED),
        evidence=finder.evidence(document, row["quote"]),
        approx=row.get("approx", "exact"),
        time=row.get("time", ""),
        change=row.get("change", ""),
        baseline=row.get("baseline", ""),
    )
