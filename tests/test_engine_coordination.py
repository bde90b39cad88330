"""Names that share their head: before a name that begins with a place, places joined to it take its head."""

from __future__ import annotations

from kit import annotated, at, names, read, spelled

from kg.engines.coordination import COORDINATION, CoordinationEngine
from kg.types import Mention

ENGINE = CoordinationEngine(frozenset({"Zone"}), frozenset({"Province"}), frozenset({"、", "和"}))


def found(text: str, *mentions: Mention) -> list[tuple[str, str]]:
    return [(m.text, m.name) for m in next(iter(ENGINE.mentions([annotated(text, mentions)])))]


def listed(text: str, zone: str, *places: str) -> list[Mention]:
    return [at(text, zone, "Zone"), *(at(text, place, "Province") for place in places)]


def test_places_joined_to_a_name_take_its_head() -> None:
    text = "广东、天津和福建自贸试验区挂牌。"
    mentions = listed(text, "福建自贸试验区", "广东", "天津", "福建")
    assert found(text, *mentions) == [("天津", "天津自贸试验区"), ("广东", "广东自贸试验区")]


def test_the_mention_stands_where_its_place_stands() -> None:
    text = "广东、福建自贸试验区挂牌。"
    (m,) = next(iter(ENGINE.mentions([annotated(text, listed(text, "福建自贸试验区", "广东", "福建"))])))
    assert (m.span.of(text), m.type, m.by) == ("广东", "Zone", COORDINATION)


def test_what_is_not_joined_or_no_place_ends_the_list() -> None:
    text = "广东，天津、福建自贸试验区挂牌。"
    assert found(text, *listed(text, "福建自贸试验区", "广东", "天津", "福建")) == [("天津", "天津自贸试验区")]
    text = "某公司、福建自贸试验区挂牌。"
    assert found(text, *listed(text, "福建自贸试验区", "福建"), at(text, "某公司", "Company")) == []


def test_a_name_that_begins_with_no_place_shares_nothing() -> None:
    text = "广东、临港自贸试验区挂牌。"
    assert found(text, *listed(text, "临港自贸试验区", "广东")) == []


def test_a_name_that_begins_with_the_name_of_something_else_shares_nothing() -> None:
    assert "廊坊大兴国际机场临空经济区" not in names(read("在河北廊坊、北京大兴国际机场临空经济区加快建设。"))


def test_a_comma_begins_another_clause_and_joins_no_names() -> None:
    assert "天津市人民政府" not in names(read("昨天在天津市，北京市人民政府宣布新政。"))


def test_each_of_the_names_is_an_entity_with_facts_of_its_own() -> None:
    facts = spelled(read("广东、福建自贸试验区挂牌。"))
    assert ("广东自贸试验区", "locatedIn", "广东") in facts
    assert ("福建自贸试验区", "locatedIn", "福建") in facts
