"""``kg.texts``: texts are found again by their document's id, whatever stands in them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import ReadError
from kg.texts import TEXTS, Texts, write_texts

WRITABLE = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.dictionaries(WRITABLE, WRITABLE))
def test_every_text_is_found_again(tmp_path_factory: pytest.TempPathFactory, texts: dict[str, str]) -> None:
    path = tmp_path_factory.mktemp("texts") / TEXTS
    write_texts(texts.items(), path)
    found = Texts(path)
    assert {id: found.get(id) for id in texts} == texts


def test_the_order_in_which_texts_come_changes_nothing(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    write_texts([("b", "乙"), ("a", "甲")], one)
    write_texts([("a", "甲"), ("b", "乙"), ("a", "甲")], other)
    assert one.read_bytes() == other.read_bytes() == '{"id": "a", "text": "甲"}\n{"id": "b", "text": "乙"}\n'.encode()


def test_words_are_found_in_texts_alone(tmp_path: Path) -> None:
    write_texts([("雄安", "甲"), ("b", '他说："雄安"\n')], tmp_path / TEXTS)
    found = Texts(tmp_path / TEXTS)
    assert found.holding("雄安") == found.holding('："雄') == {"b"}
    assert found.holding("text") == found.holding("id") == frozenset()


def test_an_unknown_id_has_no_text(tmp_path: Path) -> None:
    write_texts([("a", "甲")], tmp_path / TEXTS)
    assert Texts(tmp_path / TEXTS).get("b") is None


def test_a_missing_file_says_to_build_again(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="run kg build"):
        Texts(tmp_path / TEXTS)


def test_another_file_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / TEXTS).write_text('{"id": "a", "text": ""}\nnonsense\n', encoding="utf-8")
    with pytest.raises(ReadError, match=r"texts\.jsonl:2: "):
        Texts(tmp_path / TEXTS)


def test_a_build_keeps_the_text_that_its_quotes_stand_in(bundled: Path) -> None:
    texts = Texts(bundled / TEXTS)
    (id,) = texts.places
    assert "京雄城际铁路" in (texts.get(id) or "")
