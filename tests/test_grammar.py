"""The pattern language, and rules read from YAML: what is wrong is told with file and line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from kit import kit, written
from support import vocab

from kg.errors import DataError
from kg.fields import LINE
from kg.grammar import Compiler, Example, load_macros, load_rules, read_yaml
from kg.masking import DATE, NUMBER, make_marks

MARKS = make_marks(vocab())
CITY, LINE_MARK, POLICY = MARKS["Municipality"], MARKS["RailwayLine"], MARKS["PolicyDocument"]
COMPILER = Compiler(vocab(), MARKS, {"and": "、|和", "beside": "、", "open": "开通|通车", "opens": "<open>了?"})

RULE = """
- id: opened.v1
  when: [开通]
  pattern: '{s:TransportLine}(?P<t><open>)'
  facts:
    - [s, openedOn, time]
  examples:
    - {text: 京雄城际铁路2020年开通。, finds: [[京雄城际铁路, openedOn, "2020"]]}
    - {text: 京雄城际铁路很长。, finds: []}
"""


def compiled(pattern: str) -> re.Pattern[str]:
    return COMPILER.compile(pattern, "rules.yaml:1")


def found(pattern: str, text: str) -> list[str]:
    return [m.group() for m in compiled(pattern).finditer(text)]


# ---- the pattern language


def test_a_slot_takes_its_class_and_all_that_is_narrower() -> None:
    assert compiled("{s:Place}").fullmatch(CITY)
    assert compiled("{s:TransportLine}").fullmatch(LINE_MARK)
    assert not compiled("{s:Place}").fullmatch(POLICY)
    assert not compiled("{s:RailwayLine}").fullmatch(MARKS["TransportLine"])


def test_a_slot_takes_any_of_several_classes_and_has_a_name() -> None:
    m = compiled("{s:Place|PolicyDocument}和{:Place}").fullmatch(f"{POLICY}和{CITY}")
    assert m is not None
    assert m.groupdict() == {"s": POLICY}
    assert COMPILER.slots("{s:Municipality}和{:Place}{n:num}", "x").keys() == {"s", "n"}
    assert COMPILER.slots("{s:Municipality}", "x")["s"] == vocab().narrower("Municipality")


def test_a_list_slot_takes_all_members_and_passes_over_others() -> None:
    m = compiled("{s*:Place}很大").fullmatch(f"{CITY}、{CITY}和{CITY}很大")
    assert m is not None
    assert m["s"] == f"{CITY}、{CITY}和{CITY}"
    assert found("{s*:Place}很大", f"{CITY}、{POLICY}、{CITY}很大") == [f"{CITY}、{POLICY}、{CITY}很大"]


def test_dates_and_numbers_have_slots() -> None:
    assert found("{date}，{n:num}", f"{DATE}，{NUMBER}") == [f"{DATE}，{NUMBER}"]


def test_macros_stand_in_one_another() -> None:
    assert found("{s:TransportLine}<opens>", f"{LINE_MARK}通车了。") == [f"{LINE_MARK}通车了"]


def test_gaps_stay_in_the_clause_or_in_the_sentence() -> None:
    assert found("甲~乙", "甲在今天乙") == ["甲在今天乙"]
    assert found("甲~乙", "甲，乙") == []
    assert found("甲…乙", "甲，然后乙") == ["甲，然后乙"]
    assert found("甲…乙", "甲。乙") == []


def test_counts_of_ordinary_expressions_are_no_slots() -> None:
    assert found("[一二]{1,2}个", "二一个") == ["二一个"]


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("{s:Spaceship}", "no class 'Spaceship' in the ontology; known: "),
        ("{s:Place2}", "'{s:Place2}' is no slot"),
        ("{s Place}", "is no slot"),
        ("(开通", r"bad regular expression (missing ), unterminated subpattern"),
        ("{s:Place}{s:Place}", "bad regular expression (redefinition of group name 's'"),
        ("<shut>", "no macro <shut>; known: and, beside, open, opens"),
    ],
)
def test_a_bad_pattern_is_told(pattern: str, told: str) -> None:
    with pytest.raises(DataError) as raised:
        compiled(pattern)
    assert str(raised.value).startswith("rules.yaml:1: ")
    assert told in str(raised.value)


def test_macros_that_refer_to_one_another_in_a_circle() -> None:
    circle = Compiler(vocab(), MARKS, {"a": "<b>", "b": "<a>"})
    with pytest.raises(DataError, match=r"^rules\.yaml:1: macros refer to one another in a circle"):
        circle.compile("<a>", "rules.yaml:1")


# ---- files


def test_rules_are_read_with_their_examples(tmp_path: Path) -> None:
    path = written(tmp_path, "rules.yaml", RULE)
    (rule,) = load_rules((path,), COMPILER)
    assert (rule.id, rule.where, rule.when) == ("opened.v1", f"{path}:2", ("开通",))
    assert rule.regex.search(f"{LINE_MARK}开通")
    assert rule.examples == (
        Example("京雄城际铁路2020年开通。", (("京雄城际铁路", "openedOn", "2020"),)),
        Example("京雄城际铁路很长。", ()),
    )


def test_each_mapping_knows_its_line(tmp_path: Path) -> None:
    first, second = read_yaml(written(tmp_path, "x.yaml", "- a: 1\n\n- b: {c: 2}\n"))
    assert (first[LINE], second[LINE], second["b"][LINE]) == (1, 3, 3)


WRONG = {
    "no list": ("rules: []", r":1: not a list of rules"),
    "no YAML": ("- id: [", r":\d+: .*mend the YAML"),
    "no such day": ("- {id: x, published: 2021-13-45}", r":1: holds a value that is none"),
    "without id": (RULE.replace("id: opened.v1", "at: x"), r":2: rule '\?': lacks id"),
    "without pattern": (RULE.replace("pattern:", "patern:"), r":2: rule 'opened\.v1': lacks pattern; add it"),
    "without words that call it": (RULE.replace("[开通]", "[]"), r":2: .*lacks when"),
    "without examples": (RULE[: RULE.index("  examples")], r":2: .*lacks examples"),
    "an unknown key": (RULE.replace("  facts", "  scroe: 1\n  facts"), r":2: .*unknown key 'scroe'; known: block, "),
    "a score above 1": (
        RULE.replace("  facts", "  score: 9\n  facts"),
        r":2: .*score must be a number between 0",
    ),
    "an unknown modality": (
        RULE.replace("  facts", "  modality: maybe\n  facts"),
        r":2: .*must be asserted, plan",
    ),
    "an example without text": (RULE.replace("{text: 京雄城际铁路很", "{tex: 京"), r":2: .*an example needs 'text'"),
    "an example with one thing found": (RULE.replace("finds: []", "finds: 京雄"), r":2: .*a list 'finds'"),
    "an example with an unknown key": (RULE.replace("finds: []", "found: []"), r":2: .*unknown key 'found'"),
    "an unknown class": (RULE.replace("TransportLine", "Spaceship"), r":2: rule 'opened\.v1': no class 'Spaceship'"),
    "a bad expression": (RULE.replace("(?P<t>", "((?P<t>"), r":2: rule 'opened\.v1': bad regular expression"),
    "two rules of one id": (RULE + RULE, r":\d+: rule 'opened\.v1' stands at .*rules\.yaml:2 too; rename one"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_with_rules_is_told_with_its_line(case: str, tmp_path: Path) -> None:
    content, told = WRONG[case]
    path = written(tmp_path, "rules.yaml", content)
    with pytest.raises(DataError, match=re.escape(str(path)) + told):
        load_rules((path,), COMPILER)


def test_ids_are_unique_over_all_files(tmp_path: Path) -> None:
    paths = written(tmp_path, "a.yaml", RULE), written(tmp_path, "b.yaml", RULE)
    with pytest.raises(DataError, match=r"^.*b\.yaml:2: rule 'opened\.v1' stands at .*a\.yaml:2 too"):
        load_rules(paths, COMPILER)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nowhere\.yaml: cannot be read"):
        load_rules((tmp_path / "nowhere.yaml",), COMPILER)
    (tmp_path / "gb.yaml").write_bytes("- id: 京雄".encode("gb18030"))
    with pytest.raises(DataError, match=r"gb\.yaml:1: not UTF-8 \(byte 6\); save it as UTF-8"):
        load_rules((tmp_path / "gb.yaml",), COMPILER)


def test_macros_are_pieces_of_expressions(tmp_path: Path) -> None:
    path = written(tmp_path, "macros.yaml", "and: '、|和'\nlist: '{:Place}(?:<and>{:Place})*'\n")
    assert load_macros(path) == {"and": "、|和", "list": "{:Place}(?:<and>{:Place})*"}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("- and", ":1: not a mapping of macro names"),
        ("and: 、\nbad: '(和'\n", ":2: macro <bad>: bad regular expression"),
        ("and: [、]", ":1: not a mapping"),
    ],
)
def test_what_is_wrong_with_macros_is_told(content: str, told: str, tmp_path: Path) -> None:
    path = written(tmp_path, "macros.yaml", content)
    with pytest.raises(DataError, match="^" + re.escape(f"{path}{told}")):
        load_macros(path)


def test_every_bundled_rule_has_positive_and_negative_examples() -> None:
    parts = kit().parts
    for rule in (*parts.patterns, *parts.anaphora, *parts.relations):
        assert any(not e.found for e in rule.examples), f"{rule.id} has no negative example"
