"""Figures: value multiplied out, unit as in the text, approximation and change; ordinals and names are none."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.dates import find_dates
from kg.numerals import canonical
from kg.quantities import Quantity, find_quantities, runs


def only(text: str) -> Quantity:
    found = find_quantities(text, find_dates(text, "2021-02-28"))
    assert len(found) == 1, found
    return found[0]


EXACT = [
    ("4802.46亿元", "480246000000", "元"),
    ("1,234.5吨", "1234.5", "吨"),
    ("18.09万户", "180900", "户"),
    ("3.74万亿元", "3740000000000", "元"),
    ("120亿美元", "12000000000", "美元"),
    ("1550亿加元", "155000000000", "加元"),
    ("2.34亿元人民币", "234000000", "元"),
    ("一亿人次", "100000000", "人次"),
    ("4983架次", "4983", "架次"),
    ("1亿人口", "100000000", "人"),
    ("2974人", "2974", "人"),
    ("20名", "20", "名"),
    ("18户", "18", "户"),
    ("9000公里", "9000", "公里"),
    ("5千米", "5", "千米"),
    ("1.08米", "1.08", "米"),
    ("736平方公里", "736", "平方公里"),
    ("5万平方米", "50000", "平方米"),
    ("1500公顷", "1500", "公顷"),
    ("2.6亿立方米", "260000000", "立方米"),
    ("150万吨乙烯", "1500000", "吨"),
    ("300吨标准煤", "300", "吨标准煤"),
    ("60.5公斤", "60.5", "公斤"),
    ("0.92毫克", "0.92", "毫克"),
    ("50兆瓦", "50", "兆瓦"),
    ("100MW", "100", "MW"),
    ("30万千瓦", "300000", "千瓦"),
    ("500万千瓦时", "5000000", "千瓦时"),
    ("1000千伏", "1000", "千伏"),
    ("3000万标箱", "30000000", "标箱"),
    ("750车次", "750", "车次"),
    ("500立方米/秒", "500", "立方米/秒"),
    ("8000元/平方米", "8000", "元/平方米"),
    ("29.31小时", "29.31", "小时"),
    ("6个小时", "6", "小时"),
    ("两个半小时", "2.5", "小时"),
    ("2个半小时", "2.5", "小时"),
    ("半小时", "0.5", "小时"),
    ("一个半月", "1.5", "个月"),
    ("一年半", "1.5", "年"),
    ("7天半", "7.5", "天"),
    ("十分钟", "10", "分钟"),
    ("1小时40分", "100", "分钟"),
    ("三个月", "3", "个月"),
    ("2个工作日", "2", "个工作日"),
    ("100周年", "100", "周年"),
    ("36岁", "36", "岁"),
    ("70.1%", "70.1", "%"),
    ("百分之六十", "60", "%"),
    ("百分之3.5", "3.5", "%"),
    ("千分之6.1", "6.1", "‰"),
    ("四分之一", "0.25", ""),
    ("8个百分点", "8", "个百分点"),
    ("6.99倍", "6.99", "倍"),
    ("两倍", "2", "倍"),
    ("七成", "7", "成"),
    ("零下5℃", "-5", "℃"),
    ("30度", "30", "度"),
    ("6.0级地震", "6", "级"),
    ("十二个重点产业", "12", "个"),
    ("六条高速公路", "6", "条"),
    ("12条", "12", "条"),
    ("148项", "148", "项"),
    ("68场", "68", "场"),
    ("71座", "71", "座"),
    ("双向八车道", "8", "车道"),
    ("4口井", "4", "口井"),
    ("60口", "60", "口"),
    ("3家企业", "3", "家"),
    ("三千二百棵", "3200", "棵"),
    ("三百户", "300", "户"),
    ("五百万千瓦", "5000000", "千瓦"),
    ("二十一个", "21", "个"),
    ("1.28万亿", "1280000000000", ""),
    ("涉及投资1.28万亿", "1280000000000", "元"),
    ("13亿中国人", "1300000000", ""),
]


@pytest.mark.parametrize(("text", "value", "unit"), EXACT)
def test_exact(text: str, value: str, unit: str) -> None:
    found = only(text)
    assert (found.value, found.unit, found.approx, found.change, found.high) == (value, unit, "exact", "", "")


APPROXIMATE = [
    ("超过1200亿元", "120000000000", "over"),
    ("超110亿元", "11000000000", "over"),
    ("突破一亿人次", "100000000", "over"),
    ("突破了3亿吨", "300000000", "over"),
    ("破3000万标箱", "30000000", "over"),
    ("逾500人", "500", "over"),
    ("不少于45天", "45", "over"),
    ("至少33人", "33", "over"),
    ("8300多家", "8300", "over"),
    ("70余个", "70", "over"),
    ("三十多个", "30", "over"),
    ("800多万亩", "8000000", "over"),
    ("2万多家", "20000", "over"),
    ("3万余人", "30000", "over"),
    ("4个多小时", "4", "over"),
    ("三个多月", "3", "over"),
    ("3年多", "3", "over"),
    ("2000亿元以上", "200000000000", "over"),
    ("上百家", "100", "over"),
    ("上千亿元", "100000000000", "over"),
    ("过百家", "100", "over"),
    ("百余家", "100", "over"),
    ("突破万亿元", "1000000000000", "over"),
    ("近3000家", "3000", "nearly"),
    ("近千家", "1000", "nearly"),
    ("将近4亿人", "400000000", "nearly"),
    ("接近30%", "30", "nearly"),
    ("约1000个", "1000", "about"),
    ("大约300米", "300", "about"),
    ("约有150人", "150", "about"),
    ("100分钟左右", "100", "about"),
    ("两个半小时左右", "2.5", "about"),
    ("50公里上下", "50", "about"),
    ("十来个", "10", "about"),
    ("不到2%", "2", "upto"),
    ("不足一周", "1", "upto"),
    ("不超过10%", "10", "upto"),
    ("20毫秒以内", "20", "upto"),
    ("24小时之内", "24", "upto"),
    ("1小时内", "1", "upto"),
    ("30日内", "30", "upto"),
]


@pytest.mark.parametrize(("text", "value", "approx"), APPROXIMATE)
def test_approximation(text: str, value: str, approx: str) -> None:
    found = only(text)
    assert (found.value, found.approx) == (value, approx)
    assert found.span.of(text) == text, "the span takes in the words of approximation"


@pytest.mark.parametrize(
    "text", ["节约200万元", "签约23个", "纽约20人", "附近3公里", "最近5公里", "通过3项", "以上海为中心的5个", "登上3座"]
)
def test_words_that_only_end_like_an_approximation(text: str) -> None:
    assert only(text).approx == "exact"


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("30到50毫米", "30", "50", "毫米"),
        ("3—5年", "3", "5", "年"),
        ("200至400元", "200", "400", "元"),
        ("40%-45%", "40", "45", "%"),
        ("3万到5万元", "30000", "50000", "元"),
        ("3到5万元", "30000", "50000", "元"),
        ("80公里到112公里", "80", "112", "公里"),
        ("三到五家", "3", "5", "家"),
        ("三四十个", "30", "40", "个"),
        ("两三天", "2", "3", "天"),
    ],
)
def test_range(text: str, low: str, high: str, unit: str) -> None:
    found = only(text)
    assert (found.value, found.high, found.unit) == (low, high, unit)


def test_two_figures_with_a_verb_between_are_no_range() -> None:
    found = find_quantities("由2个增至11个")
    assert [(q.value, q.high) for q in found] == [("2", ""), ("11", "")]


def test_a_change_and_its_result_are_no_range() -> None:
    found = find_quantities("储备减少157亿美元至3989亿美元")
    assert [(q.value, q.change) for q in found] == [("15700000000", "decrease"), ("398900000000", "")]


CHANGES = [
    ("增长5.6%", "increase"),
    ("同比增长了229.80%", "increase"),
    ("增速5.6%", "increase"),
    ("增速为5.6%", "increase"),
    ("上升8个百分点", "increase"),
    ("比上半年增加1581.01亿元", "increase"),
    ("比去年多了128%", "increase"),
    ("较2014年增长10.2倍", "increase"),
    ("下降近18.3%", "decrease"),
    ("跌幅达2.64%", "decrease"),
    ("缩减审批时限和环节近70%", "decrease"),
    ("缩减企业提交表单材料55%", "decrease"),
    ("上升至60%", ""),
    ("增至11个", ""),
    ("提高到60%", ""),
    ("压缩至100分钟", ""),
    ("新增市场主体18.09万户", ""),
    ("达到70%", ""),
    ("20多个", ""),
    ("许多3岁的孩子", ""),
]


@pytest.mark.parametrize(("text", "change"), CHANGES)
def test_change(text: str, change: str) -> None:
    assert only(text).change == change


def test_a_verb_governs_all_joined_figures() -> None:
    found = find_quantities("分别压缩72.8%和90.6%")
    assert [(q.value, q.change) for q in found] == [("72.8", "decrease"), ("90.6", "decrease")]


NO_FIGURE = [
    "第三批",
    "第13届",
    "第一百零一个",
    "三期工程",
    "二期",
    "13号线",
    "G20峰会",
    "5G基站",
    "PM2.5",
    "国道107",
    "1+1+1",
    "13800138000",
    "12345热线",
    "“十三五”",
    "“四个全面”",
    "四个全面",
    "“八项规定”",
    "“两个一百年”",
    "一体化",
    "一带一路",
    "一系列",
    "一批企业",
    "二十四节气",
    "三北",
    "三地",
    "两地",
    "三方",
    "双方",
    "两翼",
    "一流",
    "统一",
    "十分重要",
    "万科",
    "百姓",
    "千方百计",
    "成千上万",
    "家家户户",
    "三级",
    "三次会议",
    "两国人民",
    "8时30分",
    "17:30",
    "六点五十分",
    "三年级",
    "80年代",
    "十位",
    "前十名",
    "百家争鸣",
    "几个",
    "半个",
    "0.83∶1",
    "歼-20",
    "A320",
    "2.5D",
]


@pytest.mark.parametrize("text", NO_FIGURE)
def test_no_figure(text: str) -> None:
    assert find_quantities(text, find_dates(text, "2021")) == ()


def test_ordinals_are_given_where_asked_for() -> None:
    found = find_quantities("第五十七颗、五十八颗卫星，3颗", ordinals=True)
    assert [(q.value, q.ordinal) for q in found] == [("57", True), ("58", True), ("3", False)]
    assert [q.value for q in find_quantities("第五十七颗、五十八颗卫星，3颗")] == ["3"]


@pytest.mark.parametrize("text", ["一个项目", "一家企业", "一座桥", "一位老人", "突破一项技术", "上了一个台阶"])
def test_one_as_an_article_is_marked(text: str) -> None:
    assert only(text).article


@pytest.mark.parametrize("text", ["1个项目", "约一个项目", "一小时", "一年", "两个项目", "一公里"])
def test_one_as_a_figure_is_not(text: str) -> None:
    assert not only(text).article


@pytest.mark.parametrize(
    ("text", "value"), [("数百家", "100"), ("几十家", "10"), ("十几个", "10"), ("几百万元", "1000000")]
)
def test_an_order_of_magnitude_is_marked_vague(text: str, value: str) -> None:
    found = only(text)
    assert (found.value, found.approx, found.vague) == (value, "over", True)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("千亿级产业", "100000000000", ""),
        ("千亿元级", "100000000000", "元"),
        ("5万吨级", "50000", "吨"),
        ("百万千瓦级", "1000000", "千瓦"),
    ],
)
def test_a_class_of_size_is_marked(text: str, value: str, unit: str) -> None:
    found = only(text)
    assert (found.value, found.unit, found.grade) == (value, unit, True)


def test_a_count_of_steps_is_not_multiplied() -> None:
    found = find_quantities("连跨两个万亿台阶，2个万亿级产业集群")
    assert [(q.value, q.unit, q.grade) for q in found] == [
        ("2", "个", False),
        ("2", "个", False),
        ("1000000000000", "", True),
    ]


def test_dates_are_left_out() -> None:
    text = "2014年2月26日至今，先后签约3年，2020年的60%"
    dates = find_dates(text, "2021")
    found = find_quantities(text, dates)
    assert [(q.value, q.unit) for q in found] == [("3", "年"), ("60", "%")]
    assert not any(q.span.overlaps(d.span) for q in found for d in dates)


def test_parts_of_the_span() -> None:
    text = "总投资超过110亿元。"
    found = only(text)
    assert (found.span.of(text), found.number.of(text), found.unit_span.of(text)) == ("超过110亿元", "110亿", "元")
    assert found.kind == "money"


def test_runs_of_joined_figures() -> None:
    text = "分别为3家、5家和8家，另有2个"
    assert [[q.value for q in run] for run in runs(text, find_quantities(text))] == [["3", "5", "8"], ["2"]]
    assert runs("", ()) == ()


@given(
    st.integers(min_value=1, max_value=10**7),
    st.sampled_from(["", "万", "亿"]),
    st.sampled_from(["元", "公里", "家", "吨"]),
)
def test_what_is_written_is_read(number: int, scale: str, unit: str) -> None:
    found = only(f"共{number}{scale}{unit}，")
    assert found.value == str(number * {"": 1, "万": 10**4, "亿": 10**8}[scale])
    assert found.unit == unit


@given(
    st.text(
        alphabet="0123456789.,%一二三十百千万亿多余几半个家元小时年第近超约以上到—至分之点“”（）、和级 ", max_size=30
    )
)
def test_any_text_gives_sorted_figures_in_place(text: str) -> None:
    dates = find_dates(text, "2021-02-28")
    end = 0
    for found in find_quantities(text, dates, ordinals=True):
        assert end <= found.span.start < found.span.end <= len(text)
        assert found.span.covers(found.number)
        assert canonical(Decimal(found.value)) == found.value
        assert not any(found.span.overlaps(date.span) for date in dates)
        end = found.span.end
