"""Figures about a graph that is there."""

from __future__ import annotations

from kg import terms as t
from kg.stats import stats, to_json, to_text
from kg.types import Quad

FACTS, EVIDENCE = "<https://example.org/graph/facts>", "<https://example.org/graph/evidence>"
QUADS = [
    Quad("<i:line>", t.TYPE, "<o#RailwayLine>", FACTS),
    Quad("<i:line>", t.LABEL, '"京雄城际铁路"@zh', FACTS),
    Quad("<i:line>", t.LABEL, '"Jīng xióng chéng jì tiě lù"@zh-latn', FACTS),
    Quad("<i:line>", t.ALT_LABEL, '"京雄城际"@zh', FACTS),
    Quad("<i:line>", "<o#connects>", "<i:xiongan>", FACTS),
    Quad("<i:line>", "<o#openedOn>", '"2020"^^<xsd:gYear>', FACTS),
    Quad("<i:xiongan>", t.TYPE, "<o#Zone>", FACTS),
    Quad("<i:xiongan>", t.LABEL, '"雄安新区"@zh', FACTS),
    Quad("<d:1>", t.TYPE, t.NEWS_ARTICLE, EVIDENCE),
    Quad("<d:1>", t.ISSUED, '"2021-02"^^<xsd:gYearMonth>', EVIDENCE),
    Quad("<d:2>", t.TYPE, t.NEWS_ARTICLE, EVIDENCE),
]


def test_counts_by_graph_class_predicate_and_year() -> None:
    assert to_json(stats(QUADS)) == {
        "graphs": {"facts": 8, "evidence": 3},
        "classes": {"RailwayLine": 1, "Zone": 1},
        "predicates": {"connects": 1, "openedOn": 1},
        "documents": {"": 1, "2021": 1},
        "busiest": {"京雄城际铁路": 2, "雄安新区": 1},
    }


def test_the_order_of_quads_does_not_matter() -> None:
    assert stats(reversed(QUADS)) == stats(QUADS)


def test_columns_are_aligned_although_chinese_is_wide() -> None:
    lines = to_text(stats(QUADS)).splitlines()
    assert "  京雄城际铁路      2" not in lines
    assert "  京雄城际铁路        2" in lines
    assert "  雄安新区            1" in lines
    assert "  unknown             1" in lines


def test_an_empty_graph_has_figures_too() -> None:
    assert not any(to_json(stats([])).values())
    assert to_text(stats([]))
