"""Numerals: Arabic, Chinese and mixed, exact; what is no number is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import DataError
from kg.numerals import canonical, load_table, parse_numeral, read_numeral

EXACT = [
    ("0", "0"),
    ("128", "128"),
    ("1,234.5", "1234.5"),
    ("12,345,678", "12345678"),
    ("229.80", "229.8"),
    ("3.74万亿", "3740000000000"),
    ("4802.46亿", "480246000000"),
    ("18.09万", "180900"),
    ("800万", "8000000"),
    ("2千", "2000"),
    ("1亿2千万", "120000000"),
    ("2万5千", "25000"),
    ("12万3456", "123456"),
    ("零", "0"),
    ("两", "2"),
    ("十", "10"),
    ("十二", "12"),
    ("二十", "20"),
    ("三十五", "35"),
    ("一百零五", "105"),
    ("一百一十", "110"),
    ("一百一", "110"),
    ("二百五", "250"),
    ("三千二", "3200"),
    ("三千二百", "3200"),
    ("两千零二十", "2020"),
    ("一万二", "12000"),
    ("一万零二", "10002"),
    ("一百二十五万", "1250000"),
    ("一亿", "100000000"),
    ("一亿三千万", "130000000"),
    ("一亿零三", "100000003"),
    ("十四亿", "1400000000"),
    ("三万亿", "3000000000000"),
    ("百", "100"),
    ("百万", "1000000"),
    ("千万", "10000000"),
    ("万亿", "1000000000000"),
    ("二〇二〇", "2020"),
    ("一九四九", "1949"),
    ("二○一四", "2014"),
    ("三点五", "3.5"),
    ("三点一四", "3.14"),
    ("三点五万", "35000"),
    ("半", "0.5"),
    ("两个半", "2.5"),
    ("三分之一", "0.3333333333"),
    ("四分之一", "0.25"),
    ("四分之三", "0.75"),
    ("百分之六十", "0.6"),
    ("千分之6.1", "0.0061"),
]


@pytest.mark.parametrize(("text", "value"), EXACT)
def test_value(text: str, value: str) -> None:
    found = parse_numeral(text)
    assert found is not None
    assert canonical(found) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "家",
        "十十",
        "一百一千",
        "万百",
        "一二",
        "三四十",
        "数十",
        "百余",
        "亿一亿一亿",
        "点五",
        "1.2.3",
        "分之一",
        "十分之",
    ],
)
def test_no_exact_value(text: str) -> None:
    assert parse_numeral(text) is None


INEXACT = [
    ("8300多", "8300", "", "over", False),
    ("800多万", "8000000", "", "over", False),
    ("70余", "70", "", "over", False),
    ("三十多", "30", "", "over", False),
    ("百余", "100", "", "over", False),
    ("十来", "10", "", "about", False),
    ("数十", "10", "", "over", True),
    ("数百", "100", "", "over", True),
    ("几十万", "100000", "", "over", True),
    ("十几", "10", "", "over", True),
    ("二十几", "20", "", "over", True),
    ("三四", "3", "4", "", False),
    ("三四十", "30", "40", "", False),
    ("七八百", "700", "800", "", False),
    ("十五六", "15", "16", "", False),
    ("三五", "3", "5", "", False),
    ("十二", "12", "", "", False),
]


@pytest.mark.parametrize(("text", "low", "high", "approx", "vague"), INEXACT)
def test_inexact(text: str, low: str, high: str, approx: str, vague: bool) -> None:
    found = read_numeral(text)
    assert found is not None
    assert canonical(found.value) == low
    assert (canonical(found.high) if found.high is not None else "") == high
    assert (found.approx, found.vague) == (approx, vague)


@pytest.mark.parametrize("text", ["几", "数", "多", "三一", "六一", "几个"])
def test_no_numeral(text: str) -> None:
    assert read_numeral(text) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [("1E+3", "1000"), ("-0", "0"), ("0.10", "0.1"), ("-2.50", "-2.5"), ("1000", "1000"), ("1E-7", "0.0000001")],
)
def test_canonical_decimals_have_one_form(value: str, text: str) -> None:
    assert canonical(Decimal(value)) == text


DIGITS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """A writer made for the test, by the rules of the language: one gap, one zero."""
    if number < 10:
        return DIGITS[number]
    for scale, word in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if number >= scale:
            head, rest = divmod(number, scale)
            zero = "零" if 0 < rest < scale // 10 else ""
            return chinese(head) + word + (zero + chinese(rest) if rest else "")
    raise AssertionError(number)


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_what_is_written_in_chinese_is_read_back(number: int) -> None:
    assert parse_numeral(chinese(number)) == number


@given(st.integers(min_value=1000, max_value=10**6))
def test_a_year_in_single_digits_is_read_back(number: int) -> None:
    assert parse_numeral("".join(DIGITS[int(d)] for d in str(number))) == number


@given(st.decimals(min_value=0, max_value=10**9, places=2), st.sampled_from([("", 1), ("万", 10**4), ("亿", 10**8)]))
def test_arabic_with_a_multiplier_is_exact(value: Decimal, scale: tuple[str, int]) -> None:
    word, factor = scale
    assert parse_numeral(f"{value}{word}") == value * factor


@given(st.integers(min_value=0, max_value=10**15))
def test_thousands_separators_change_nothing(number: int) -> None:
    assert parse_numeral(f"{number:,}") == number


@given(st.text(alphabet="零〇一二两三十百千万亿点分之数几多余半个0123456789.,", max_size=12))
def test_any_string_is_read_or_refused_without_an_error(text: str) -> None:
    read_numeral(text)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=6))
def test_canonical_keeps_the_value(value: Decimal) -> None:
    text = canonical(value)
    assert Decimal(text) == value
    assert not text.endswith(".")
    assert "E" not in text
    assert "." not in text or not text.endswith("0")


def test_a_missing_data_file_says_what_to_do() -> None:
    with pytest.raises(DataError, match=r"nowhere\.yaml:1: cannot be read"):
        load_table("nowhere.yaml")
