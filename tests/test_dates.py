"""Dates: ISO 8601 / EDTF as precise as the text, resolved from publication or the sentence, never guessed."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.date_reading import when_of
from kg.dates import Date, find_dates, resolve
from kg.numerals import load_table
from kg.periods import Moment, parse_moment, shift_days, shift_months, shift_years
from kg.time_grammar import load_time
from kg.types import Span

DAY = "2021-02-28"


def only(text: str, published: str = DAY) -> Date:
    found = find_dates(text, published)
    assert len(found) == 1, found
    return found[0]


def values(text: str, published: str = DAY) -> list[str]:
    return [found.value for found in find_dates(text, published)]


ABSOLUTE = [
    ("2014年2月26日", "2014-02-26", "day"),
    ("2014年02月06日", "2014-02-06", "day"),
    ("2012年7月9号", "2012-07-09", "day"),
    ("二〇二〇年十月一日", "2020-10-01", "day"),
    ("一九四九年十月", "1949-10", "month"),
    ("2020年12月", "2020-12", "month"),
    ("2020年12月份", "2020-12", "month"),
    ("2020年12月底", "2020-12", "month"),
    ("2020年4月中旬", "2020-04", "month"),
    ("2015年", "2015", "year"),
    ("2025年度", "2025", "year"),
    ("2021年底", "2021", "year"),
    ("2021年年底", "2021", "year"),
    ("2021年初", "2021", "year"),
    ("2021年末", "2021", "year"),
    ("2014年春，", "2014", "year"),
    ("2020-12-27", "2020-12-27", "day"),
    ("2020.12.27", "2020-12-27", "day"),
    ("2020/12/27", "2020-12-27", "day"),
    ("2020-12", "2020-12", "month"),
    ("20世纪90年代", "199X", "decade"),
    ("二十世纪九十年代初", "199X", "decade"),
]


@pytest.mark.parametrize(("text", "value", "precision"), ABSOLUTE)
def test_written_out(text: str, value: str, precision: str) -> None:
    found = only(text, "")
    assert (found.value, found.precision, found.kind, found.relative) == (value, precision, "point", False)


RELATIVE = [
    ("今年", "2021", "year"),
    ("去年", "2020", "year"),
    ("前年", "2019", "year"),
    ("明年", "2022", "year"),
    ("后年", "2023", "year"),
    ("上年", "2020", "year"),
    ("今年9月", "2021-09", "month"),
    ("去年12月", "2020-12", "month"),
    ("去年12月31日", "2020-12-31", "day"),
    ("今年1月份", "2021-01", "month"),
    ("今年底", "2021", "year"),
    ("今年年底", "2021", "year"),
    ("今年年中", "2021", "year"),
    ("去年年底", "2020", "year"),
    ("年底", "2021", "year"),
    ("年初", "2021", "year"),
    ("年内", "2021", "year"),
    ("今天", "2021-02-28", "day"),
    ("今日", "2021-02-28", "day"),
    ("今晨", "2021-02-28", "day"),
    ("昨天", "2021-02-27", "day"),
    ("前天", "2021-02-26", "day"),
    ("明天", "2021-03-01", "day"),
    ("今天（2月28日）", "2021-02-28", "day"),
    ("昨天（27日）", "2021-02-27", "day"),
    ("今天（2月28日，星期日）", "2021-02-28", "day"),
    ("本月", "2021-02", "month"),
    ("上月", "2021-01", "month"),
    ("上个月", "2021-01", "month"),
    ("下月", "2021-03", "month"),
    ("本月5日", "2021-02-05", "day"),
    ("3月", "2021-03", "month"),
    ("3月5日", "2021-03-05", "day"),
    ("12月28日", "2020-12-28", "day"),
    ("14日，", "2021-02-14", "day"),
    ("27号在", "2021-02-27", "day"),
    ("十年前的今天", "2011-02-28", "day"),
]


@pytest.mark.parametrize(("text", "value", "precision"), RELATIVE)
def test_counted_from_publication(text: str, value: str, precision: str) -> None:
    found = only(text)
    assert (found.value, found.precision, found.kind, found.relative) == (value, precision, "point", True)


@pytest.mark.parametrize("text", [row[0] for row in RELATIVE])
def test_without_publication_it_stays_unknown(text: str) -> None:
    assert only(text, "").value == ""
    assert only(text, "").precision == ""


HONEST = [
    ("今天", "2021-02", "2021-02"),
    ("今天", "2021", "2021"),
    ("昨天", "2021-02", "2021"),
    ("昨天", "2021-01", ""),
    ("上月", "2021", ""),
    ("本月", "2021", "2021"),
    ("去年", "2021-02", "2020"),
    ("去年", "2021", "2020"),
    ("3月", "2021", "2021-03"),
    ("5日，", "2021-02", "2021-02-05"),
    ("5日，", "2021", ""),
    ("半年来", "2021", ""),
    ("三年前", "2021", "2018"),
]


@pytest.mark.parametrize(("text", "published", "value"), HONEST)
def test_no_more_is_said_than_publication_allows(text: str, published: str, value: str) -> None:
    assert only(text, published).value == value


KINDS = [
    ("2014年至今", "2014/..", "since"),
    ("2014年以来", "2014/..", "since"),
    ("自2017年以来", "2017/..", "since"),
    ("自2017年4月1日起", "2017-04-01/..", "since"),
    ("2017年5月起", "2017-05/..", "since"),
    ("从2017年开始", "2017/..", "since"),
    ("今年以来", "2021/..", "since"),
    ("1月以来", "2021-01/..", "since"),
    ("7月以来", "2020-07/..", "since"),
    ("7月起", "2021-07/..", "since"),
    ("截至10月底", "2020-10", "asof"),
    ("今年年初以来", "2021/..", "since"),
    ("“十三五”以来", "2016/..", "since"),
    ("到2025年", "2025", "until"),
    ("到2020年底", "2020", "until"),
    ("至2025年，", "2025", "until"),
    ("2025年前", "2025", "until"),
    ("今年9月1日前", "2021-09-01", "until"),
    ("年底前", "2021", "until"),
    ("截至2020年底", "2020", "asof"),
    ("截至1月31日", "2021-01-31", "asof"),
    ("到现在", "2021-02", "asof"),
    ("2018—2035年", "2018/2035", "span"),
    ("2018-2035年", "2018/2035", "span"),
    ("2013年至2020年", "2013/2020", "span"),
    ("从2013年到2020年", "2013/2020", "span"),
    ("（2024—2025）", "2024/2025", "span"),
    ("2019年3月至2020年5月", "2019-03/2020-05", "span"),
    ("9月12日至14日", "2021-09-12/2021-09-14", "span"),
    ("9月28日至10月3日", "2021-09-28/2021-10-03", "span"),
    ("11日—12日在", "2021-02-11/2021-02-12", "span"),
    ("1月至9月", "2021-01/2021-09", "span"),
    ("1—9月", "2021-01/2021-09", "span"),
    ("今年1月到9月", "2021-01/2021-09", "span"),
    ("2020年1-9月", "2020-01/2020-09", "span"),
    ("2020年11月至2月", "2020-11/2021-02", "span"),
    ("9月到9月15日", "2021-09/2021-09-15", "span"),
    ("今年到7月15日", "2021/2021-07-15", "span"),
    ("前三季度", "2021-01/2021-09", "span"),
    ("今年前三季度", "2021-01/2021-09", "span"),
    ("一季度", "2021-01/2021-03", "span"),
    ("2020年第四季度", "2020-10/2020-12", "span"),
    ("上半年", "2021-01/2021-06", "span"),
    ("去年下半年", "2020-07/2020-12", "span"),
    ("前五个月", "2021-01/2021-05", "span"),
    ("2020年前11个月", "2020-01/2020-11", "span"),
    ("“十三五”期间", "2016/2020", "span"),
    ("“十三五”时期", "2016/2020", "span"),
    ("十四五期间", "2021/2025", "span"),
    ("“十三五”末", "2020", "point"),
    ("“十四五”开局之年", "2021", "point"),
    ("2013年的40.7%", "2013", "point"),
    ("至2020年的60%", "2020", "point"),
    ("回到2014年", "2014", "point"),
    ("9月13日开始联调联试", "2021-09-13", "point"),
]


@pytest.mark.parametrize(("text", "value", "kind"), KINDS)
def test_kind(text: str, value: str, kind: str) -> None:
    found = only(text)
    assert (found.value, found.kind) == (value, kind)


ROUGH = [
    ("七年来", "2014/..", "since"),
    ("五年多来", "2016/..", "since"),
    ("一年来", "2020-02/..", "since"),
    ("半年来", "2020-08/..", "since"),
    ("三个月来", "2020-11/..", "since"),
    ("三年前", "2018", "point"),
    ("两个月前", "2020-12", "point"),
    ("近日", "2021", "point"),
    ("日前", "2021", "point"),
    ("几天前", "2021", "point"),
    ("目前", "2021-02", "point"),
    ("近三年", "2018/2021", "span"),
    ("过去五年", "2016/2021", "span"),
    ("未来五年", "2021/2026", "span"),
    ("近年来", "", "point"),
    ("多年来", "", "point"),
    ("当年", "", "point"),
]


@pytest.mark.parametrize(("text", "value", "kind"), ROUGH)
def test_what_is_said_roughly_is_marked(text: str, value: str, kind: str) -> None:
    found = only(text)
    assert (found.value, found.kind, found.vague) == (value, kind, True)


IN_CONTEXT = [
    ("2020年，平均比例达70.1%，比上年上升8个百分点", ["2020", "2019"]),
    ("2015年6月、7月", ["2015-06", "2015-07"]),
    ("2014年签约，同年9月开工，次年投产", ["2014", "2014-09", "2015"]),
    ("2019年5月8日，他说；当天，他又说", ["2019-05-08", "2019-05-08"]),
    ("3日，他说。当天，他又说", ["2021-02-03", "2021-02-03"]),
    ("2018年底开工。3月投产", ["2018", "2021-03"]),
    ("2018年开工，3月投产", ["2018", "2018-03"]),
    ("2020年前三季度增长，比去年同期", ["2020-01/2020-09", "2019-01/2019-09"]),
    ("今年1月份，同比", ["2021-01"]),
    ("2014年以来，3月5日", ["2014/..", "2021-03-05"]),
    ("从2013年的40.7%上升至2020年的60%", ["2013", "2020"]),
]


@pytest.mark.parametrize(("text", "expected"), IN_CONTEXT)
def test_words_that_lean_on_the_date_before(text: str, expected: list[str]) -> None:
    assert values(text) == expected


NONE = [
    "13月",
    "2月30日",
    "2021年2月29日",
    "2021年13月",
    "2021年4月31日",
    "“十三五”规划",
    "三年行动计划",
    "五年规划",
    "2000多家",
    "1949家",
    "12345热线",
    "30日内",
    "十五日内",
    "5年内",
    "3个月内",
    "一个月",
    "今日头条",
    "神舟12号",
    "13号线",
    "10.2.3",
    "192.168.1.1",
    "一起",
    "上百家",
    "十几年前",
    "每年3月",
    "光明日报",
    "历史同期",
]


@pytest.mark.parametrize("text", NONE)
def test_no_date(text: str) -> None:
    assert find_dates(text, DAY) == ()


TRAPS = [("2020年中国经济", "2020年"), ("今年中央一号文件", "今年"), ("今年初步建成", "今年"), ("2014年春节", "2014年")]


@pytest.mark.parametrize(("text", "covered"), TRAPS)
def test_the_next_word_is_left_alone(text: str, covered: str) -> None:
    assert only(text).text == covered


def test_the_span_takes_in_the_words_that_make_the_kind() -> None:
    text = "他说，自2017年以来持续下降，到2025年"
    assert [d.span.of(text) for d in find_dates(text, DAY)] == ["自2017年以来", "到2025年"]


def test_ends_and_year_of_an_interval() -> None:
    found = only("2014年以来")
    assert (found.begin, found.end, found.year) == ("2014", "", "2014")
    found = only("前三季度")
    assert (found.begin, found.end, found.year) == ("2021-01", "2021-09", "2021")
    assert only("近年来").year == ""


@pytest.mark.parametrize(
    ("text", "anchor", "value"),
    [
        ("上年", "2020", "2019"),
        ("上年同期", "2020-01/2020-09", "2019-01/2019-09"),
        ("同期", "2020-06", "2019-06"),
        ("当年", "2014-02-26", "2014"),
        ("3月5日", "2014", "2014-03-05"),
        ("2018年", "2014", "2018"),
        ("近年来", "2014", ""),
    ],
)
def test_resolve_beside_another_date(text: str, anchor: str, value: str) -> None:
    found = only(text, "")
    assert resolve(found, anchor).value == value
    assert resolve(found, "").value == found.value


def test_resolve_leaves_what_counts_from_publication() -> None:
    assert resolve(only("今年"), "2014").value == "2021"


def test_a_day_shifted_from_a_month_is_known_only_as_far_as_both_ends_agree() -> None:
    assert shift_days(Moment(2021, 2), -1) == Moment(2021)
    assert shift_days(Moment(2021, 2), 0) == Moment(2021, 2)
    assert shift_days(Moment(2021, 1), -1) is None
    assert shift_months(Moment(2021), -1) is None
    assert shift_months(Moment(2021, 1), -1) == Moment(2020, 12)
    assert shift_years(Moment(2020, 2, 29), -1) == Moment(2019, 2)


@pytest.mark.parametrize("text", ["2021-13", "2021-02-30", "21", "today", "", "2021-2"])
def test_published_that_is_no_date_is_not_taken_for_one(text: str) -> None:
    assert parse_moment(text) is None
    assert only("今年", text).value == ""


@given(st.dates(min_value=date(1600, 1, 1), max_value=date(2199, 12, 31)))
def test_every_day_is_read_back(day: date) -> None:
    year, month, number = str(day).split("-")
    assert values(f"于{year}年{int(month)}月{int(number)}日举行", "") == [str(day)]


@given(
    st.text(
        alphabet="今去昨明上下前年月日天号来至到今底初—“”（）十三五二〇一0123456789.-/近多个半季度第，。", max_size=30
    )
)
def test_any_text_gives_sorted_dates_in_place(text: str) -> None:
    end = 0
    for found in find_dates(text, DAY):
        assert end <= found.span.start < found.span.end <= len(text)
        assert found.text == found.span.of(text)
        assert found.value == "" or when_of(found.value) or found.value.endswith("X")
        end = found.span.end


def test_the_search_knows_how_every_word_begins() -> None:
    table, scan = load_table("time.yaml"), load_time().scan
    words = [*table["vague"], *table["now"], *table["unknown"], *table["halves"], *table["century"]]
    words += [word for name in ("year", "month", "day") for part in table[name].values() for word in part]
    for word in words:
        text = word + "八十年代" if word in table["century"] else word
        assert scan.match(text), word


def test_the_span_is_right_inside_a_long_text() -> None:
    text = "，" * 1000 + "2014年" + "，" * 1000
    assert find_dates(text, "")[0].span == Span(1000, 1005)
    assert re.fullmatch(r"\d{4}", find_dates(text, "")[0].value)
