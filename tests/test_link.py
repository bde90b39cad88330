"""Mentions become entities inside one document: names by what they name, words that refer by what was named last."""

from __future__ import annotations

from kit import annotated, at, document, kit, read
from support import vocab

from kg.types import Annotation

LINKER = kit().linker


def linked(a: Annotation, name: str) -> list[str]:
    """The labels of what a name or a word that refers stands for."""
    label = {e.id: e.names[0] for e in a.entities}
    return [label[x.entity] for x in a.links if x.mention.text == name]


def test_one_entity_has_all_the_names_that_the_text_gives_it() -> None:
    a = read("北京奔驰汽车有限公司投产。北京奔驰扩大产能，该企业是龙头。")
    (company,) = (e for e in a.entities if e.type == "Company")
    assert company.known
    assert company.names == ("北京奔驰汽车有限公司", "北京奔驰")
    assert linked(a, "该企业") == ["北京奔驰汽车有限公司"]


def test_an_entity_that_the_lexicon_lacks_is_not_known() -> None:
    text = "长乐海湾临空经济区获批。"
    (zone,) = annotated(text, [at(text, "长乐海湾临空经济区", "Zone")]).entities
    assert (zone.id, zone.type, zone.known) == ("Zone/长乐海湾临空经济区", "Zone", False)


def test_the_lexicons_type_counts_for_what_it_knows() -> None:
    text = "北京市很大。"
    (city,) = annotated(text, [at(text, "北京市", "Place")]).entities
    assert (city.id, city.type) == ("cn-110000", "Municipality")


def test_an_entity_named_only_by_a_character_has_its_lexicons_names() -> None:
    a = read("输出到津冀两地的技术合同增长。天津市与河北省签署战略合作协议。")
    assert linked(a, "津冀") == ["天津市", "河北省"]
    text = "津冀很近。"
    silent = annotated(text, [at(text, "津冀", "AdministrativeRegion", by="refer.pair.v1")])
    names = {e.id: e.names for e in silent.entities}
    assert names.keys() == {"cn-120000", "cn-130000"}
    assert {"天津市", "津"} <= set(names["cn-120000"])


def test_a_region_brings_its_members_along() -> None:
    text = "京津冀增长。"
    entities = annotated(text, [at(text, "京津冀", "Region")]).entities
    assert [e.names[0] for e in entities] == ["京津冀", "北京市", "天津市", "河北省"]


def test_links_are_in_the_order_of_the_text() -> None:
    a = read("上海市、江苏省和浙江省签约。三地携手治污。")
    assert list(a.links) == sorted(a.links)
    assert linked(a, "三地") == ["上海市", "江苏省", "浙江省"]


def test_where_nothing_fits_a_word_that_refers_stands_for_nothing() -> None:
    text = "该企业投产。"
    a = annotated(text, [at(text, "该企业", "Company", by="refer.company.v1")])
    assert (a.links, a.entities) == ((), ())


def test_names_directly_behind_one_another_are_one_chain_if_the_second_is_inside_the_first() -> None:
    text = "河北省唐山市，河北省济南市，河北省某某市，唐山市海港公司"
    hebei = at(text, "河北省", "Province")
    assert LINKER.joins(hebei, at(text, "唐山市", "Prefecture"))
    assert not LINKER.joins(hebei, at(text, "济南市", "Prefecture"))
    assert LINKER.joins(hebei, at(text, "某某市", "Prefecture"))
    assert not LINKER.joins(at(text, "唐山市", "Prefecture"), at(text, "海港公司", "Company"))


def test_linking_is_the_same_every_time() -> None:
    a = read("京津冀三地海关签约。北京海关和天津海关协作。")
    assert LINKER.link(a.document, a.mentions) == LINKER.link(document(a.document.text), a.mentions)
    assert {e.type for e in a.entities} <= vocab().classes.keys()
