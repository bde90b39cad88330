"""Facts by rule: what a pattern over a masked sentence states, with the time and the modality of its trigger."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from kit import annotated, at, kit, spelled, written
from support import vocab

from kg.engines.rules import RULES, Match, RuleEngine, linked
from kg.errors import DataError
from kg.grammar import load_rules
from kg.types import Fact, Mention, Value

PARTS = kit().parts
LINE = "京雄城际铁路"


def engine(folder: Path, **keys: object) -> RuleEngine:
    """An engine of one rule, given as ``key=value``."""
    raw = {"id": "x.v1", "when": "['*']", "examples": "[{text: 无, finds: []}]", **keys}
    content = "- " + "\n  ".join(f"{key}: {value}" for key, value in raw.items())
    rules = load_rules((written(folder, "rules.yaml", content),), PARTS.compiler)
    return RuleEngine(rules, PARTS.masker, PARTS.modality, PARTS.lexicon, vocab())


def stated(rules: RuleEngine, text: str, *mentions: Mention, published: str = "2021-02") -> list[Fact]:
    return [f for f in next(iter(rules.facts([annotated(text, mentions, published)]))) if isinstance(f, Fact)]


def told(rules: RuleEngine, text: str, *mentions: Mention, published: str = "2021-02") -> set[tuple[str, ...]]:
    return spelled(annotated(text, mentions, published), stated(rules, text, *mentions, published=published))


def opened(folder: Path, **keys: object) -> RuleEngine:
    keys = {"facts": "[[s, openedOn, time]]", **keys}
    return engine(folder, pattern="'{s:TransportLine}(?:[^。]{0,14})(?P<t>开通)'", **keys)


def test_a_rule_states_a_fact_with_its_quote_rule_and_score(tmp_path: Path) -> None:
    text = "据悉，2020年12月27日，京雄城际铁路正式开通。"
    (fact,) = stated(opened(tmp_path, score=0.7), text, at(text, LINE, "RailwayLine"))
    assert (fact.subject, fact.predicate, fact.object) == ("hsr-jingxiong", "openedOn", Value("2020-12-27", "date"))
    assert (fact.evidence.by, fact.evidence.score, fact.evidence.document) == ("x.v1", 0.7, "d")
    assert fact.evidence.quote == fact.evidence.span.of(text) == "2020年12月27日，京雄城际铁路正式开通"


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("2019年获批，京雄城际铁路2020年开通。", {(LINE, "openedOn", "2020")}),
        ("2020年12月，京雄城际铁路已开通。", {(LINE, "openedOn", "2020-12")}),
        ("京雄城际铁路将于2025年开通。", {(LINE, "openedOn", "2025", "planned")}),
        ("京雄城际铁路2020年尚未开通。", {(LINE, "openedOn", "2020", "negated")}),
        ("要推动京雄城际铁路2025年开通。", set()),
        ("京雄城际铁路开通。", set()),
    ],
)
def test_the_date_that_governs_the_trigger_and_its_modality(
    text: str, facts: set[tuple[str, ...]], tmp_path: Path
) -> None:
    assert told(opened(tmp_path), text, at(text, LINE, "RailwayLine")) == facts


def test_a_list_states_a_fact_of_each_member(tmp_path: Path) -> None:
    text = "京雄城际铁路、京张高铁开通。"
    rules = engine(tmp_path, pattern="'{s*:TransportLine}(?P<t>开通)'", facts="[[s, status, =operational]]")
    lines = at(text, LINE, "RailwayLine"), at(text, "京张高铁", "RailwayLine")
    assert told(rules, text, *lines) == {(LINE, "status", "operational"), ("京张高铁", "status", "operational")}


def test_the_same_slot_at_both_ends_gives_every_pair(tmp_path: Path) -> None:
    text = "北京市、天津市、河北省合作。"
    places = [at(text, n, "AdministrativeRegion") for n in ("北京市", "天津市", "河北省")]
    rules = engine(tmp_path, pattern="'{a*:Place}(?P<t>合作)'", facts="[[a, cooperatesWith, a]]")
    assert told(rules, text, *places) == {
        ("北京市", "cooperatesWith", "天津市"),
        ("北京市", "cooperatesWith", "河北省"),
        ("天津市", "cooperatesWith", "河北省"),
    }


def test_a_region_stands_for_its_members_where_the_rule_says_so(tmp_path: Path) -> None:
    text = "京津冀合作。"
    region = at(text, "京津冀", "Region")
    keys = {"pattern": "'{a*:Place}(?P<t>合作)'", "facts": "[[a, cooperatesWith, a]]"}
    assert told(engine(tmp_path, **keys), text, region) == set()
    assert len(told(engine(tmp_path, **keys, expand="[a]"), text, region)) == 3


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ("[{fact: [s, status, =operational], only: asserted}]", set()),
        ("[{fact: [s, status, =operational], only: asserted|planned}]", {(LINE, "status", "operational", "planned")}),
        ("[{fact: [s, status, =operational], as: asserted}]", {(LINE, "status", "operational")}),
        (
            "[{fact: [s, status, =operational], unless: underConstruction}, [s, status, =underConstruction]]",
            {(LINE, "status", "underConstruction", "planned")},
        ),
    ],
)
def test_when_a_fact_of_a_rule_holds(facts: str, found: set[tuple[str, ...]], tmp_path: Path) -> None:
    text = "京雄城际铁路将开通。"
    assert told(opened(tmp_path, facts=facts), text, at(text, LINE, "RailwayLine")) == found


def test_a_rule_may_have_a_modality_of_its_own(tmp_path: Path) -> None:
    text = "2020年，京雄城际铁路开通。"
    assert told(opened(tmp_path, modality="planned"), text, at(text, LINE, "RailwayLine")) == {
        (LINE, "openedOn", "2020", "planned")
    }


def test_a_rule_fills_qualifiers_from_its_groups(tmp_path: Path) -> None:
    text = "北京海关副处长刘伟说。"
    rules = engine(
        tmp_path,
        pattern="'{o:Organization}(?P<w>副处长)?(?P<t>){p:Person}'",
        facts="[[p, worksFor, o]]",
        qualifiers="{title: w}",
    )
    mentions = at(text, "北京海关", "CustomsOffice"), at(text, "刘伟", "Person")
    (fact,) = stated(rules, text, *mentions)
    assert fact.qualifiers == (("title", Value("副处长", "string")),)
    text = "北京海关刘伟说。"
    (fact,) = stated(rules, text, at(text, "北京海关", "CustomsOffice"), at(text, "刘伟", "Person"))
    assert fact.qualifiers == ()


def test_a_match_can_be_watched(tmp_path: Path) -> None:
    text = "要推动京雄城际铁路开通。"
    rules, seen = opened(tmp_path), []
    rules.watch = seen.append
    assert stated(rules, text, at(text, LINE, "RailwayLine")) == []
    (match,) = seen
    assert isinstance(match, Match)
    assert (match.rule.id, match.modality) == ("x.v1", "wished")


def test_a_collective_has_several_entities() -> None:
    text = "津冀两地合作。"
    pair = at(text, "津冀", "AdministrativeRegion", by="refer.pair.v1")
    assert linked(annotated(text, [pair])) == {pair: ("cn-120000", "cn-130000")}
    assert RULES == "rules.v1"


@pytest.mark.parametrize(
    ("keys", "wrong"),
    [
        ({"facts": "[]"}, "lacks facts"),
        ({"facts": "[[s, flownOn, time]]"}, "no predicate 'flownOn' in the ontology"),
        ({"facts": "[[x, openedOn, time]]"}, "no slot 'x' in the pattern"),
        ({"facts": "[[s, connects, x]]"}, "no slot 'x' in the pattern"),
        ({"facts": "[[s, openedOn]]"}, "a fact has three parts, not ['s', 'openedOn']"),
        ({"facts": "[s]"}, "fact must be a list of words"),
        ({"facts": "[{facts: [s, openedOn, time]}]"}, "lacks fact"),
        ({"facts": "[{fact: [s, openedOn, time], onyl: asserted}]"}, "unknown key 'onyl'"),
        ({"facts": "[{fact: [s, openedOn, time], only: maybe}]"}, "only must be of asserted, planned, negated"),
        ({"facts": "[{fact: [s, openedOn, time], as: maybe}]"}, "as must be one of asserted, planned, negated"),
        ({"facts": "[[s, status, =splendid]]"}, "'splendid' is no value of 'status'; known: "),
        ({"facts": "[{fact: [s, status, =planned], unless: splendid}]"}, "'splendid' is no value of 'status'"),
        ({"qualifiers": "{colour: s}"}, "no qualifier 'colour' in the ontology"),
        ({"qualifiers": "{title: x}"}, "no slot 'x' in the pattern"),
        ({"expand": "[x]"}, "no slot 'x' in the pattern"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(keys: dict[str, object], wrong: str, tmp_path: Path) -> None:
    path = re.escape(str(tmp_path / "rules.yaml"))
    with pytest.raises(DataError, match=rf"^{path}:1: rule 'x\.v1': {re.escape(wrong)}"):
        opened(tmp_path, **keys)
