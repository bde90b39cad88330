"""The lexicon as an engine: every known name in the text, from the left, longest first, and what it begins with."""

from __future__ import annotations

from kit import document, kit

from kg.engines.known import KNOWN, KnownEngine
from kg.types import Annotation, Mention

ENGINE = KnownEngine(kit().parts.lexicon)


def found(text: str) -> list[Mention]:
    return list(next(iter(ENGINE.mentions([Annotation(document(text))]))))


def test_known_names_are_found_with_their_class_and_origin() -> None:
    (name,) = [m for m in found("京雄城际铁路开通。") if m.text == "京雄城际铁路"]
    assert (name.type, name.by, name.score) == ("RailwayLine", KNOWN, 0.95)


def test_the_longest_name_counts_and_the_known_name_that_it_begins_with() -> None:
    assert [(m.text, m.type) for m in found("吉林省长春市很冷。")] == [
        ("吉林省", "Province"),
        ("吉林", "Province"),
        ("长春市", "Prefecture"),
        ("长春", "Prefecture"),
    ]


def test_a_name_of_several_places_has_the_class_of_the_widest() -> None:
    (name,) = (m for m in found("吉林很冷。") if m.text == "吉林")
    assert name.type == "Province"


def test_a_beginning_that_names_something_elsewhere_is_no_name() -> None:
    assert [m.text for m in found("白塔国际机场很忙。")] == ["白塔国际机场"]
    assert "白塔" in kit().parts.lexicon.names  # in 辽阳, while the airport is in 呼和浩特


def test_a_text_without_known_names_has_none() -> None:
    assert found("天气很好。") == []
    assert found("") == []


def test_each_document_of_a_batch_has_its_own_names() -> None:
    texts = ["北京很大。", "天气很好。", "天津很大。"]
    answers = ENGINE.mentions([Annotation(document(text)) for text in texts])
    assert [[m.text for m in one] for one in answers] == [["北京"], [], ["天津"]]
