"""Whether a thing is so, will be so, or is not so: the words around the trigger decide, once for all rules."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from kit import at, document, kit, read, written

from kg.dates import find_dates
from kg.errors import DataError
from kg.modality import WISHED, later, load_modality
from kg.types import ASSERTED, NEGATED, PLANNED, Value

LINE = "京雄城际铁路"


def decided(text: str, trigger: str, published: str = "2021-02") -> str:
    line = [at(text, LINE, "RailwayLine")] if LINE in text else []
    (view,) = kit().parts.masker.views(document(text, published), tuple(line))
    return kit().parts.modality.decide(view, view.text.index(trigger), published)


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("京雄城际铁路开通。", ASSERTED),
        ("京雄城际铁路已开通。", ASSERTED),
        ("京雄城际铁路正式开通。", ASSERTED),
        ("2020年12月27日，京雄城际铁路开通。", ASSERTED),
        ("京雄城际铁路将开通。", PLANNED),
        ("京雄城际铁路预计明年开通。", PLANNED),
        ("京雄城际铁路有望开通。", PLANNED),
        ("京雄城际铁路即将开通。", PLANNED),
        ("2025年，京雄城际铁路开通。", PLANNED),
        ("到2025年，京雄城际铁路开通。", PLANNED),
        ("京雄城际铁路尚未开通。", NEGATED),
        ("京雄城际铁路没有开通。", NEGATED),
        ("要推动京雄城际铁路开通。", WISHED),
        ("希望京雄城际铁路开通。", WISHED),
    ],
)
def test_cues_before_the_trigger_decide(text: str, modality: str) -> None:
    assert decided(text, "开通") == modality


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("津保铁路将扩建，京雄城际铁路开通。", ASSERTED),
        ("津保铁路尚未建成，京雄城际铁路开通。", ASSERTED),
        ("京雄城际铁路开通，将方便出行。", ASSERTED),
        ("要加快建设，京雄城际铁路开通。", WISHED),
    ],
)
def test_cues_count_inside_the_clause_but_wishes_reach_to_the_end_of_the_sentence(text: str, modality: str) -> None:
    assert decided(text, "开通") == modality


def test_the_last_of_several_cues_counts() -> None:
    assert decided("计划中的京雄城际铁路已开通。", "开通") == ASSERTED
    assert decided("已获批的京雄城际铁路将开通。", "开通") == PLANNED


def test_to_bring_an_object_forward_announces_nothing() -> None:
    assert decided("海关将货物提离时间压缩到1天。", "压缩") == ASSERTED
    assert decided("京雄城际铁路将京津两地连接。", "连接") == PLANNED


@pytest.mark.parametrize(
    ("text", "published", "target"),
    [
        ("2025年", "2021-02", True),
        ("2021年12月", "2021-02", True),
        ("2021年", "2021-02", False),
        ("2021年2月1日", "2021-02", False),
        ("2021年2月1日", "2021-01-31", True),
        ("2020年", "2021", False),
        ("2025年", "", False),
    ],
)
def test_a_date_is_a_target_if_later_than_the_document_at_the_precision_of_both(
    text: str, published: str, target: bool
) -> None:
    (date,) = find_dates(text, published)
    assert later(date, published) is target


def test_an_empty_list_says_that_there_is_no_such_word(tmp_path: Path) -> None:
    keys = ("negated", "planned", "before_verb", "asserted", "wished", "clause", "moved")
    path = written(tmp_path, "modality.yaml", "".join(f"{key}: []\n" for key in keys))
    modality = load_modality(path, kit().parts.names.words, kit().parts.compiler)
    (view,) = kit().parts.masker.views(document("京雄城际铁路尚未开通。"), ())
    assert modality.decide(view, view.text.index("开通"), "") == ASSERTED


BUNDLED = (kit().recipe.grammar / "modality.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("- negated", ":1: not a mapping"),
        ("", ":1: not a mapping"),
        (BUNDLED.replace("wished:", "wishes:"), ":1: lacks wished; add it"),
        (BUNDLED + "hoped: []\n", f":{BUNDLED.count(chr(10)) + 1}: unknown key 'hoped'; known: asserted, "),
        (BUNDLED.replace("negated: [", "negated: ['(', "), ":2: negated: bad regular expression"),
        (BUNDLED.replace("negated: [", "negated: [3, "), ":2: negated must be a list of words"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(content: str, told: str, tmp_path: Path) -> None:
    path = written(tmp_path, "modality.yaml", content)
    with pytest.raises(DataError, match="^" + re.escape(f"{path}{told}")):
        load_modality(path, kit().parts.names.words, kit().parts.compiler)


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("专家表示，京雄城际铁路已于2020年12月27日开通。", "专家"),
        ("据北京海关统计，京雄城际铁路已开通。", "北京海关"),
        ("“很方便。”乘客王立军告诉记者，京雄城际铁路已开通。", "乘客王立军"),
        ("京雄城际铁路已开通，乘客王立军说，很方便。", ""),
        ("京雄城际铁路已开通。", ""),
    ],
)
def test_what_somebody_says_is_attributed(text: str, who: str) -> None:
    (fact,) = [f for f in read(text).facts if f.predicate == "status"]
    assert dict(fact.qualifiers).get("attributedTo", Value("", "string")).text == who


def test_figures_are_attributed_too() -> None:
    (figure,) = read("据北京海关统计，北京市进出口增长5%。").observations
    assert figure.qualifiers == (("attributedTo", Value("北京海关", "string")),)
