"""Graphs that the tests of the view share: the gold of the bundled page, and a small one with hostile names."""

from __future__ import annotations

from functools import cache

from support import ROOT, gold_annotation

from kg.context import Context
from kg.graph import to_quads
from kg.types import NEGATED, PLANNED, Annotation, Document, Entity, Evidence, Fact, Observation, Quad, Span, Value
from kg.union import finish
from kg.vocab import Vocab, load_vocab

SCRIPT = "<script>window.broken=1</script>"
IMAGE = '"><img src=x onerror="window.broken=2">'
CLOSING = "</script><script>window.broken=3</script>"
TURNED = "\u202e转过来的名字\u202c"
TEXT = f"{SCRIPT}位于{IMAGE}。{CLOSING}拟与{TURNED}合作，没有迁往{SCRIPT}。2020年12月27日开通。<!-- 约500公里。"


@cache
def vocab() -> Vocab:
    return load_vocab(ROOT / "ontology.ttl")


@cache
def gold_quads() -> tuple[Quad, ...]:
    """The bundled page's gold as a graph."""
    context = Context(vocab())
    return tuple(finish(to_quads(gold_annotation(), context), context))


def _evidence(quote: str) -> Evidence:
    start = TEXT.index(quote)
    return Evidence("hostile", Span(start, start + len(quote)), quote, "test.v1", 0.75)


@cache
def hostile_quads() -> tuple[Quad, ...]:
    """Names, quotes, a title and an indicator that would run or break out if they were ever taken for markup."""
    entities = (
        Entity("a", "Company", (SCRIPT, "007")),
        Entity("b", "AdministrativeRegion", (IMAGE,)),
        Entity("c", "Company", (CLOSING,)),
        Entity("d", "Company", (TURNED, "重庆海关")),
        Entity("e", "RailwayLine", ("javascript:window.broken=4",)),
    )
    facts = (
        Fact("a", "locatedIn", "b", "asserted", _evidence(f"{SCRIPT}位于{IMAGE}")),
        Fact("a", "investsIn", "b", "asserted", _evidence(IMAGE)),
        Fact("c", "cooperatesWith", "d", PLANNED, _evidence(f"{CLOSING}拟与{TURNED}合作")),
        Fact("a", "relocatedTo", "b", NEGATED, _evidence(f"没有迁往{SCRIPT}")),
        Fact("e", "openedOn", Value("2020-12-27", "date"), "asserted", _evidence("2020年12月27日开通")),
    )
    figures = (Observation("e", "<b>里程</b>", "500", "公里", "asserted", _evidence("约500公里"), approx="about"),)
    document = Document("hostile", TEXT, "hostile.txt", title=CLOSING, published="2021-02")
    context = Context(vocab())
    annotation = Annotation(document, entities=entities, facts=facts, observations=figures)
    return tuple(finish(to_quads(annotation, context), context))
