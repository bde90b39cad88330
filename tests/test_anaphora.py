"""What words that refer mean: what the text named last; where nothing fits, nothing."""

from __future__ import annotations

import pytest
from kit import annotated, at, kit, read
from support import vocab

from kg.anaphora import Resolver
from kg.types import Mention

COUNTS = {"三省一市": 4, "三": 3, "两": 2}


def resolved(text: str, word: Mention, how: str, of: str, *named: Mention) -> list[str]:
    """The labels of what a word refers to, beside names given by hand."""
    a = annotated(text, named)
    resolver = Resolver(kit().parts.lexicon, vocab(), COUNTS, a.links, (*a.mentions, word))
    label = {e.id: e.names[0] for e in a.entities}
    return [label.get(id, id) for id in resolver.resolve(word, how, of)]


def companies(text: str, *names: str) -> list[Mention]:
    return [at(text, name, "Company") for name in names]


def test_the_last_name_of_the_class() -> None:
    text = "甲甲公司与乙乙公司签约，青泽市见证。该公司投产。丙丙公司观望。"
    named = [*companies(text, "甲甲公司", "乙乙公司", "丙丙公司"), at(text, "青泽市", "Prefecture")]
    assert resolved(text, at(text, "该公司", "Company"), "last", "Company", *named) == ["乙乙公司"]
    assert resolved(text, at(text, "该公司", "Company"), "last", "Zone", *named) == []


def test_the_last_name_is_a_whole_one() -> None:
    text = "甲甲集团乙乙公司投产。该公司扩大。"
    parts = companies(text, "甲甲集团乙乙公司", "甲甲集团")
    assert resolved(text, at(text, "该公司", "Company"), "last", "Company", *parts) == ["甲甲集团乙乙公司"]


def test_a_collective_is_the_last_list_of_as_many() -> None:
    text = "甲甲市、乙乙市和丙丙市签约，丁丁市与戊戊市观望。三地增长。"
    cities = [at(text, f"{c}{c}市", "Prefecture") for c in "甲乙丙丁戊"]
    three = at(text, "三地", "Region")
    assert resolved(text, three, "members", "Place", *cities) == ["甲甲市", "乙乙市", "丙丙市"]


def test_a_part_of_a_longer_list_is_no_list() -> None:
    text = "甲甲市、乙乙市、丙丙市签约。两地增长。"
    cities = [at(text, f"{c}{c}市", "Prefecture") for c in "甲乙丙"]
    assert resolved(text, at(text, "两地", "Region"), "members", "Place", *cities) == []


def test_a_collective_is_a_region_of_as_many_members() -> None:
    text = "京津冀发展。三地增长，两地观望。"
    region = at(text, "京津冀", "Region")
    assert resolved(text, at(text, "三地", "Region"), "members", "Place", region) == ["京津冀"]
    assert resolved(text, at(text, "两地", "Region"), "members", "Place", region) == []


def test_characters_are_the_places_that_they_abbreviate() -> None:
    text = "京津两地，京某两地。"
    assert resolved(text, at(text, "京津", "Place"), "characters", "Place") == ["cn-110000", "cn-120000"]
    assert resolved(text, at(text, "京某", "Place"), "characters", "Place") == []


def test_a_word_may_stand_for_one_known_name() -> None:
    text = "全国增长。"
    assert resolved(text, at(text, "全国", "Country"), "named", "中国") == list(kit().parts.lexicon.names["中国"][:1])
    assert resolved(text, at(text, "全国", "Country"), "named", "无此国") == []


def test_offices_of_the_places_of_a_collective() -> None:
    text = "北京海关和天津海关协作。京津冀三地海关签约。"
    named = [
        at(text, "京津冀", "Region"),
        *(at(text, f"{city}海关", "CustomsOffice") for city in ("北京", "天津")),
        *(at(text, city, "Municipality") for city in ("北京", "天津")),
    ]
    word = at(text, "三地海关", "CustomsOffice")
    assert resolved(text, word, "sited", "Place", *named) == ["北京海关", "天津海关"]
    assert resolved(text, word, "sited", "Place", *named[:2]) == []


@pytest.mark.parametrize(
    ("text", "word", "meant"),
    [
        ("北京奔驰汽车有限公司投产。该企业为龙头。", "该企业", {"北京奔驰汽车有限公司"}),
        ("上海市、江苏省和浙江省签约。三地携手治污。", "三地", {"上海市", "江苏省", "浙江省"}),
        ("输出到津冀两地的技术合同增长。", "津冀", {"天津市", "河北省"}),
        ("各地都在行动，三地携手治污。", "三地", set()),
    ],
)
def test_the_bundled_rules_resolve(text: str, word: str, meant: set[str]) -> None:
    a = annotated(text, read(text).mentions)
    label = {e.id: e.names[0] for e in a.entities}
    assert {label[x.entity] for x in a.links if x.mention.text == word} == meant
