"""Short names: the end of a longer name that the text has given, where it stands on its own."""

from __future__ import annotations

from kit import annotated, at, kit
from support import vocab

from kg.engines.short import SHORT, ShortNameEngine
from kg.types import Mention

ENGINE = ShortNameEngine(kit().parts.names.words, frozenset({"Policy"}), vocab())
LONG = "京津冀区域通关一体化改革"


def found(text: str, *mentions: Mention) -> list[Mention]:
    return list(next(iter(ENGINE.mentions([annotated(text, mentions)]))))


def rests(text: str, type: str = "PolicyInitiative") -> list[tuple[str, int]]:
    return [(m.text, m.span.start) for m in found(text, at(text, LONG, type))]


def test_the_rest_of_a_name_behind_a_mark_is_a_short_name() -> None:
    text = f"{LONG}启动。通关一体化改革深入。"
    (short,) = found(text, at(text, LONG, "PolicyInitiative"))
    assert (short.text, short.type, short.by) == ("通关一体化改革", "PolicyInitiative", SHORT)
    assert short.span.of(text) == short.text


def test_the_longest_rest_counts() -> None:
    assert rests(f"{LONG}启动。区域通关一体化改革深入。") == [("区域通关一体化改革", 15)]


def test_inside_another_word_it_is_no_name() -> None:
    assert rests(f"{LONG}启动。鑫鑫通关一体化改革深入。") == []


def test_what_is_too_short_says_nothing() -> None:
    assert rests(f"{LONG}启动。一体化改革深入。") == []


def test_names_of_other_classes_are_not_shortened() -> None:
    assert rests(f"{LONG}启动。通关一体化改革深入。", "Company") == []


def test_what_another_mention_covers_stays() -> None:
    text = f"{LONG}启动。通关一体化改革办公室成立。"
    covered = at(text, "通关一体化改革办公室", "GovernmentBody")
    assert found(text, at(text, LONG, "PolicyInitiative"), covered) == []


def test_each_place_counts_once() -> None:
    text = f"{LONG}启动。通关一体化改革深入，通关一体化改革见效。"
    assert len(rests(text)) == 2
