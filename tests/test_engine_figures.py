"""Figures: what a number counts or measures, whose it is, when, and whether it is a level or a change."""

from __future__ import annotations

import pytest
from kit import figures, read

from kg.engines.figures import FIGURES
from kg.types import Observation


def only(text: str, published: str = "2021-02") -> Observation:
    (figure,) = read(text, published).observations
    return figure


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("京雄城际铁路全长91公里。", ("京雄城际铁路", "全长", "91", "公里")),
        ("唐山市新增企业3000家。", ("唐山市", "新增企业", "3000", "家")),
        ("2020年，青岛市工业增加值达3200亿元。", ("青岛市", "工业增加值", "320000000000", "元")),
    ],
)
def test_whose_and_of_what_a_figure_is(text: str, told: tuple[str, str, str, str]) -> None:
    assert figures(read(text)) == [told]


def test_a_figure_is_quoted_and_tells_its_rule() -> None:
    text = "2020年，青岛市工业增加值达3200亿元，结构更优。"
    figure = only(text)
    assert figure.evidence.by == FIGURES
    assert figure.evidence.quote == figure.evidence.span.of(text)
    assert "3200亿元" in figure.evidence.quote


def test_a_figure_holds_at_the_date_before_it() -> None:
    assert only("2020年，青岛市工业增加值达3200亿元。").time == "2020"


def test_a_change_is_no_level_and_may_be_compared_with_a_date() -> None:
    level, change = read("青岛市工业增加值达3000亿元，比2019年增长300亿元。", "2021-02").observations
    assert (level.value, level.change) == ("300000000000", "")
    assert (change.value, change.change, change.baseline) == ("30000000000", "increase", "2019")
    assert change.indicator == level.indicator == "工业增加值"
    assert only("青岛市税收下降8%。").change == "decrease"


def test_a_figure_may_be_planned() -> None:
    assert only("2025年，青岛市工业增加值将达3200亿元。").modality == "planned"
    assert read("要推动青岛市工业增加值达到3200亿元。").observations == ()


def test_a_figure_may_be_approximate() -> None:
    assert only("长三角完成投资近3000亿元。").approx == "nearly"
    assert only("唐山市新增企业3000余家。").approx == "over"


def test_figures_handed_out_over_listed_owners() -> None:
    text = "2020年，青岛市、烟台市、潍坊市工业增加值分别达320亿元、180亿元和90亿元，同比分别增长3%、4%和5%。"
    found = read(text, "2021-02")
    assert figures(found) == [
        ("青岛市", "工业增加值", "32000000000", "元"),
        ("烟台市", "工业增加值", "18000000000", "元"),
        ("潍坊市", "工业增加值", "9000000000", "元"),
        ("青岛市", "工业增加值", "3", "%"),
        ("烟台市", "工业增加值", "4", "%"),
        ("潍坊市", "工业增加值", "5", "%"),
    ]
    assert [o.change for o in found.observations] == [*[""] * 3, *["increase"] * 3]


def test_figures_handed_out_over_figures_before_them() -> None:
    found = figures(read("青岛市完成进口总额200亿元、出口总额300亿元，分别增长5%和6%。"))
    assert found == [
        ("青岛市", "完成进口总额", "20000000000", "元"),
        ("青岛市", "出口总额", "30000000000", "元"),
        ("青岛市", "完成进口总额", "5", "%"),
        ("青岛市", "出口总额", "6", "%"),
    ]


def test_a_clause_without_a_subject_speaks_of_the_one_before_it() -> None:
    assert {name for name, *_ in figures(read("青岛市经济向好，新增企业300家，完成投资20亿元。"))} == {"青岛市"}


def test_a_heading_ends_what_is_spoken_of() -> None:
    assert figures(read("完成投资20亿元。")) == []


@pytest.mark.parametrize(
    "text",
    ["青岛市举行第7届展会。", "青岛市打造“1小时”交通圈。", "青岛市迎来建市30周年。", "青岛市规划“十四五”蓝图。"],
)
def test_ranks_ages_and_names_are_no_figures(text: str) -> None:
    assert read(text).observations == ()
