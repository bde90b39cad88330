"""Names by pattern: a rule over masked sentences names with its group ``n`` what it found."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from kit import annotated, at, kit, names, read, written
from support import vocab

from kg.engines.patterns import PatternEngine, load_patterns
from kg.errors import DataError
from kg.types import Block, Document, Mention, Span

PARTS = kit().parts


def engine(tmp_path: Path, **keys: object) -> PatternEngine:
    """An engine of one rule, given as ``key=value``."""
    raw = {"id": "x.v1", "type": "Project", "when": "['*']", "examples": "[{text: 无, finds: []}]", **keys}
    content = "- " + "\n  ".join(f"{key}: {value}" for key, value in raw.items())
    rules = load_patterns(written(tmp_path, "patterns.yaml", content), PARTS.compiler, vocab())
    return PatternEngine("patterns.v1", rules, PARTS.masker, PARTS.names.words)


def found(patterns: PatternEngine, text: str, *mentions: Mention, kind: str = "body") -> list[str]:
    a = annotated(text, mentions)
    document = Document("d", text, "d", blocks=(Block(Span(0, len(text)), kind),))
    from dataclasses import replace

    return [m.text for m in next(iter(patterns.mentions([replace(a, document=document)])))]


def test_the_group_n_is_the_name(tmp_path: Path) -> None:
    rule = engine(tmp_path, pattern="'“(?P<n>[^“”]+)”项目'", score=0.75)
    (mention,) = next(iter(rule.mentions([annotated("近日，“蓝海”项目和“大城市病”。")])))
    assert (mention.text, mention.type, mention.by, mention.score) == ("蓝海", "Project", "x.v1", 0.75)


def test_the_group_that_took_part_counts(tmp_path: Path) -> None:
    rule = engine(tmp_path, pattern="'甲(?P<n>.)|乙(?P<n2>.)'")
    assert found(rule, "甲一乙二。") == ["一", "二"]


def test_a_match_that_names_nothing_is_passed_over(tmp_path: Path) -> None:
    assert found(engine(tmp_path, pattern="'甲(?P<n>一)?'"), "甲二甲一。") == ["一"]


def test_a_name_may_hold_names(tmp_path: Path) -> None:
    text = "北京市到天津市高铁开通。"
    rule = engine(tmp_path, pattern="'(?P<n>{:Place}到{:Place}高铁)'", type="TransportLine")
    places = at(text, "北京市", "Municipality"), at(text, "天津市", "Municipality")
    assert found(rule, text, *places) == ["北京市到天津市高铁"]


def test_a_list_is_split_into_its_members(tmp_path: Path) -> None:
    rule = engine(tmp_path, pattern="'推进(?P<n>.+)等工程'", split="'、'")
    assert found(rule, "推进甲渠、乙坝、丙桥等工程。") == ["甲渠", "乙坝", "丙桥"]


def test_what_is_too_long_is_no_name(tmp_path: Path) -> None:
    rule = engine(tmp_path, pattern="'“(?P<n>[^”]+)”'", longest=3)
    assert found(rule, "“一二三”“一二三四”。") == ["一二三"]


def test_a_rule_may_refuse_names_begun_by_ordinary_words(tmp_path: Path) -> None:
    rule = engine(tmp_path, pattern="'书记(?P<n>..)'", type="Person", words="false")
    assert found(rule, "书记刘伟，书记表示。") == ["刘伟"]


def test_a_rule_may_hold_in_blocks_of_one_kind_only(tmp_path: Path) -> None:
    rule = engine(tmp_path, pattern="'^(?P<n>..)$'", type="Person", block="byline")
    assert found(rule, "刘伟", kind="byline") == ["刘伟"]
    assert found(rule, "刘伟", kind="body") == []


@pytest.mark.parametrize(
    ("text", "name", "type"),
    [
        ("双方签署《青泽战略合作框架协议》。", "青泽战略合作框架协议", "Agreement"),
        ("国务院批复《青泽新区总体规划（2020—2035年）》。", "青泽新区总体规划（2020—2035年）", "PolicyDocument"),
        ("京雄高速河北段通车。", "京雄高速河北段", "TransportLine"),
        ("本报记者王小明", "王小明", "Person"),
    ],
)
def test_the_bundled_rules_find(text: str, name: str, type: str) -> None:
    assert (name, type) in names(read(text))


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"pattern": "'(?P<n>.)'", "type": "Spaceship"}, "type is 'Spaceship', no class of the ontology"),
        ({"pattern": "'.'"}, "the pattern names nothing; put the name into a group"),
        ({"pattern": "'(?P<n>.)'", "split": "'('"}, "split: bad regular expression"),
        ({"pattern": "'(?P<n>.)'", "longest": "many"}, "longest must be a whole number"),
        ({"pattern": "'(?P<n>.)'", "words": "maybe"}, "words must be true or false"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(keys: dict[str, object], told: str, tmp_path: Path) -> None:
    path = re.escape(str(tmp_path / "patterns.yaml"))
    with pytest.raises(DataError, match=rf"^{path}:1: rule 'x\.v1': {re.escape(told)}"):
        engine(tmp_path, **keys)
