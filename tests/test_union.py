"""What several documents say together, and the background of what they name."""

from __future__ import annotations

from collections import Counter

from support import vocab
from test_graph import LINE, annotation, evidence, opened, select

from kg import terms as t
from kg.background import background_quads
from kg.context import Context
from kg.graph import to_quads
from kg.lexicon import Entry
from kg.types import (
    ASSERTED,
    Entity,
    Fact,
    Quad,
)
from kg.union import finish


def test_the_union_does_not_depend_on_order_or_repetition() -> None:
    context = Context(vocab())
    one, two = (
        set(to_quads(annotation(opened(document=d), document=d, entities=(LINE,)), context)) for d in ("d", "d2")
    )
    whole = list(finish([*one, *two], context))
    assert list(finish([*two, *one, *two], context)) == whole
    assert list(finish(whole, context)) == whole
    assert list(finish([*finish(one, context), *two], context)) == whole
    assert whole == sorted(whole)


ENTRIES = {
    entry.id: entry
    for entry in (
        Entry("cn-13", "Province", "河北省", ("冀",), "Hebei", "", "Q21208", "130000", "114.51", "38.04", "GB/T 2260"),
        Entry("xiongan", "NewArea", "雄安新区", (), "Xiong'an", "cn-13", "", "", "", "", "decree"),
        Entry("port", "Port", "黄骅港", (), "", "cn-13", "", "", "", "", "list"),
        Entry("other", "Port", "他港", (), "", "", "", "", "", "", "list"),
    )
}


class _Lexicon:
    """As much of a lexicon as the background needs."""

    entries = ENTRIES

    def ancestors(self, id: str) -> tuple[str, ...]:
        parent = self.entries[id].parent
        return (parent,) if parent else ()


def background(*ids: str) -> list[Quad]:
    return list(background_quads(ids, _Lexicon(), Context(vocab())))  # type: ignore[arg-type]


def test_background_says_what_the_lexicon_knows_of_what_occurs() -> None:
    graph = background("xiongan", "port", "unheard-of")
    assert {quad.graph for quad in graph} == {Context(vocab()).graph("background")}
    assert select(graph, "SELECT ?l { id:other rdfs:label ?l }") == []
    (row,) = select(
        graph,
        """SELECT ?label ?code ?lat ?same ?source { id:xiongan kg:partOf ?p . ?p rdfs:label ?label ;
             dcterms:identifier ?code ; schema:latitude ?lat ; owl:sameAs ?same ; dcterms:source ?source
             FILTER(LANG(?label) = "en") }""",
    )
    assert row == ("Hebei", "130000", "38.04", t.WIKIDATA + "Q21208", "GB/T 2260")
    assert select(graph, "SELECT ?p { id:port kg:locatedIn ?p }"), "a port is no part of a province, but lies in it"


def test_what_text_and_background_both_say_stands_among_the_facts() -> None:
    known = (
        Entity("xiongan", "Zone", ("河北雄安新区", "雄安"), known=True),
        Entity("cn-13", "Province", ("冀",), True),
    )
    part = Fact("xiongan", "partOf", "cn-13", ASSERTED, evidence("天津港"))
    context = Context(vocab())
    graph = list(finish([*to_quads(annotation(part, entities=known), context), *background("xiongan")], context))
    assert max(Counter(quad[:3] for quad in graph).values()) == 1
    facts = [quad for quad in graph if quad.graph == context.graph("facts")]
    assert len(select(facts, "SELECT ?p { id:xiongan kg:partOf ?p }")) == 1
    assert select(graph, 'SELECT ?l { id:xiongan rdfs:label ?l FILTER(LANG(?l) = "zh") }') == [("雄安新区",)]
    assert select(facts, 'SELECT ?l { id:xiongan rdfs:label ?l FILTER(LANG(?l) = "en") }') == [("Xiong'an",)]
    assert select(graph, "SELECT ?c { id:xiongan a ?c }") == [(t.KG + "NewArea",)], "the narrowest class"
