"""Which entity each name of a document stands for: known names by what stands around, others by their fullest form."""

from __future__ import annotations

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit import at, document, kit
from support import vocab

from kg.naming import Naming
from kg.types import Mention, Span


def ids(text: str, *mentions: Mention, id: str = "d") -> dict[str, str]:
    """The entity of each name (the last, where a name stands several times)."""
    naming = Naming(kit().linker.data, kit().parts.lexicon, vocab(), kit().parts.structure, sorted(mentions))
    return {f"{m.text}{m.span.start}": entity for m, entity in naming.ids(document(text, id=id)).items()}


def named(text: str, *wanted: tuple[str, str]) -> list[str]:
    """The entities of names, each with its class, in the order given; a repeated name is found at its next place."""
    seen: dict[str, int] = {}
    mentions = []
    for name, type_ in wanted:
        mentions.append(at(text, name, type_, nth=seen.get(name, 0)))
        seen[name] = seen.get(name, 0) + 1
    found = ids(text, *mentions)
    return [found[f"{m.text}{m.span.start}"] for m in mentions]


def test_a_known_name_has_the_lexicons_id() -> None:
    assert named("北京市很大。", ("北京市", "Municipality")) == ["cn-110000"]


def test_a_name_of_several_places_is_the_one_inside_the_name_before_it() -> None:
    text = "吉林省长春市朝阳区和北京市朝阳区。"
    places = [("长春市", "Prefecture"), ("朝阳区", "District"), ("北京市", "Municipality"), ("朝阳区", "District")]
    assert named(text, *places)[1::2] == ["cn-220104", "cn-110105"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("长春市发展。朝阳区增长。", "cn-220104"),
        ("北京市发展。朝阳区增长。", "cn-110105"),
        ("青泽市发展。朝阳区增长。", "AdministrativeRegion/朝阳区"),
    ],
)
def test_a_name_of_several_places_is_the_one_the_text_is_about_or_none(text: str, expected: str) -> None:
    places = [(name, "Prefecture") for name in ("长春市", "北京市") if name in text]
    assert named(text, *places, ("朝阳区", "District"))[-1] == expected


def test_an_unknown_name_makes_an_id_of_its_type_and_fullest_form() -> None:
    text = "长乐海湾临空经济区获批，长乐海湾临空经济区启动。"
    first, second = named(text, ("长乐海湾临空经济区", "Zone"), ("长乐海湾临空经济区", "Zone"))
    assert first == second == "Zone/长乐海湾临空经济区"


@pytest.mark.parametrize(
    ("one", "other", "type"),
    [
        ("长乐海湾自由贸易试验区", "长乐海湾自贸区", "Zone"),
        ("青泽城际铁路", "青泽城际", "RailwayLine"),
        ("《青泽发展规划》", "青泽发展规划", "PolicyDocument"),
    ],
)
def test_usual_short_forms_name_the_same(one: str, other: str, type: str) -> None:
    a, b = named(f"{one}获批。{other}很大。", (one, type), (other, type))
    assert a == b


def test_what_differs_in_one_character_stays_apart() -> None:
    a, b = named("青泽城际铁路和青泺城际铁路。", ("青泽城际铁路", "RailwayLine"), ("青泺城际铁路", "RailwayLine"))
    assert a != b


def test_the_end_of_one_longer_name_is_that_name() -> None:
    text = "京津冀区域通关一体化改革启动，通关一体化改革深入。"
    a, b = named(text, ("京津冀区域通关一体化改革", "PolicyInitiative"), ("通关一体化改革", "PolicyInitiative"))
    assert a == b == "PolicyInitiative/京津冀区域通关一体化改革"


def test_the_end_of_two_longer_names_is_neither() -> None:
    text = "甲州港口物流枢纽改革和乙州港口物流枢纽改革启动，港口物流枢纽改革深入。"
    long, other, short = named(
        text,
        ("甲州港口物流枢纽改革", "PolicyInitiative"),
        ("乙州港口物流枢纽改革", "PolicyInitiative"),
        ("港口物流枢纽改革", "PolicyInitiative"),
    )
    assert len({long, other, short}) == 3


def test_names_of_another_type_are_never_joined() -> None:
    text = "青泽协同创新发展示范区和协同创新发展示范区。"
    a, b = named(text, ("青泽协同创新发展示范区", "Zone"), ("协同创新发展示范区", "Company"))
    assert a != b


def test_a_quoted_short_name_is_the_longer_one_that_quotes_it() -> None:
    text = "“两段准入”信息化监管模式启用，“两段准入”很快。"
    long = ("“两段准入”信息化监管模式", "PolicyInitiative")
    mentions = [at(text, *long), at(text, "“两段准入”", "PolicyInitiative", nth=1)]
    assert set(ids(text, *mentions).values()) == {"PolicyInitiative/两段准入信息化监管模式"}


def test_persons_of_one_name_in_two_documents_are_two() -> None:
    text = "区长李四光说。"
    person = at(text, "李四光", "Person")
    a, b = ids(text, person, id="a"), ids(text, person, id="b")
    assert list(a.values()) == ["Person/李四光@a"]
    assert list(b.values()) == ["Person/李四光@b"]


def test_a_shared_head_is_named_in_full() -> None:
    text = "甲州、乙州自贸试验区挂牌。"
    short = at(text, "甲州", "Zone", full="甲州自贸试验区")
    whole = at(text, "乙州自贸试验区", "Zone")
    assert set(ids(text, short, whole).values()) == {"Zone/甲州自贸区", "Zone/乙州自贸区"}


NAMES = st.lists(st.text(alphabet="青泽城际铁路改革发展区", min_size=2, max_size=8), min_size=1, max_size=6)


@given(NAMES)
def test_every_name_gets_an_id_and_equal_names_the_same(found: list[str]) -> None:
    text = "，".join(found)
    ends = list(accumulate(len(name) + 1 for name in found))
    mentions = [Mention(Span(e - 1 - len(n), e - 1), n, "Zone", "t.v1") for n, e in zip(found, ends, strict=True)]
    given_ids = Naming(kit().linker.data, kit().parts.lexicon, vocab(), kit().parts.structure, mentions).ids(
        document(text)
    )
    assert given_ids.keys() == set(mentions)
    by_name: dict[str, set[str]] = {}
    for m, id in given_ids.items():
        by_name.setdefault(m.text, set()).add(id)
    assert all(len(one) == 1 for one in by_name.values())
