"""One pass over a sentence tells which rules it calls."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kg.triggers import Triggers

CHARS = st.text(alphabet="开通运营", min_size=1, max_size=3)


def test_words_call_their_rules() -> None:
    triggers = Triggers([("开通", "通车"), ("签署",), ("*",), ("通车",)])
    assert triggers.called("京雄城际铁路通车") == [0, 2, 3]
    assert triggers.called("双方签署协议") == [1, 2]
    assert triggers.called("") == [2]


def test_a_word_inside_another_calls_too() -> None:
    assert Triggers([("运营",), ("开通运营",), ("通运",)]).called("开通运营") == [0, 1, 2]


def test_no_rules_are_no_trouble() -> None:
    assert Triggers([]).called("开通") == []


@given(st.lists(st.lists(CHARS, max_size=3), max_size=6), st.text(alphabet="开通运营，", max_size=12))
def test_a_rule_is_called_if_one_of_its_words_stands_there(words: list[list[str]], text: str) -> None:
    assert Triggers(words).called(text) == [k for k, on in enumerate(words) if any(word in text for word in on)]
