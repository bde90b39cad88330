"""Words of a short window, by the most probable path; what no word covers is unknown."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit import kit

from kg.segment import ADJECTIVE, CHAR, MARK, NAME, NOUN, NUMBER, STOP, UNKNOWN, VERB, Token, make_words

ROWS = {"经济": ("n", 900), "发展": ("v", 800), "经": ("n", 10), "在": ("p", 5000), "美丽": ("a", 50), "展": ("v", 5)}
WORDS = make_words(ROWS, {"n": NOUN, "v": VERB, "p": STOP, "a": ADJECTIVE}, {"海关": NOUN})


def kinds(text: str, names: list[tuple[int, int]] | None = None) -> list[tuple[str, str]]:
    return [(text[t.start : t.end], t.kind) for t in WORDS.segment(text, 0, len(text), names or [])]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("经济发展", [("经济", NOUN), ("发展", VERB)]),
        ("在海关", [("在", STOP), ("海关", NOUN)]),
        ("美丽", [("美丽", ADJECTIVE)]),
        ("经，3", [("经", CHAR), ("，", MARK), ("3", NUMBER)]),
        ("鑫鑫经济", [("鑫", UNKNOWN), ("鑫", UNKNOWN), ("经济", NOUN)]),
        ("展", [("展", CHAR)]),
    ],
)
def test_words_have_kinds(text: str, tokens: list[tuple[str, str]]) -> None:
    assert kinds(text) == tokens


def test_known_names_are_fixed_words() -> None:
    assert kinds("经济发展区", [(1, 3)]) == [("经", CHAR), ("济发", NAME), ("展", CHAR), ("区", UNKNOWN)]


def test_the_own_kind_of_a_word_beats_the_list() -> None:
    words = make_words(ROWS, {"v": VERB}, {"发展": NOUN})
    assert words.kind("发展") == NOUN
    assert words.kind("什么") == UNKNOWN
    assert words.strong == {"发展"}


def test_a_single_verb_may_be_part_of_a_name_unless_it_is_listed() -> None:
    listed = make_words(ROWS, {"v": VERB}, {"展": VERB})
    assert listed.segment("展", 0, 1) == [Token(0, 1, VERB)]


@given(st.text(alphabet="经济发展在海关美丽鑫，3a 。", max_size=16), st.data())
def test_tokens_cover_the_window_without_gaps(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    tokens = WORDS.segment(text, start, len(text))
    assert "".join(text[t.start : t.end] for t in tokens) == text[start:]
    assert all(a.end == b.start for a, b in pairwise(tokens))


def test_the_bundled_words_cut_news() -> None:
    text = "加快建设产业园区"
    words = kit().parts.names.words
    assert [text[t.start : t.end] for t in words.segment(text, 0, 4)] == ["加快", "建设"]
