"""What is Chinese about linking stands in ``linking.yaml``; a key left out says that there is none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit import kit, written
from support import vocab

from kg.errors import DataError
from kg.link_data import load_link_data

DATA = kit().linker.data


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("北京自由贸易试验区", "北京自贸试验区"),
        ("京雄城际铁路", "京雄城际"),
        ("《京津冀协同发展规划纲要》", "京津冀协同发展规划纲要"),
        ("大同到张家口高铁", "大张高铁"),
        ("河北雄安新区总体规划（2018—2035年）", "河北雄安新区总体规划"),
        ("国家发展和改革委员会", "国家发改委"),
    ],
)
def test_names_are_compared_in_their_shortest_form(one: str, other: str) -> None:
    assert DATA.fold(one) == DATA.fold(other)


@pytest.mark.parametrize(("one", "other"), [("京雄城际铁路", "京唐城际铁路"), ("京雄高速", "京雄高铁")])
def test_other_names_stay_others(one: str, other: str) -> None:
    assert DATA.fold(one) != DATA.fold(other)


@given(st.text(alphabet="京雄城际铁路自由贸易试验区发展改革委“”（）2035年", max_size=14))
def test_a_folded_name_never_grows(name: str) -> None:
    assert len(DATA.fold(name)) <= len(name)


def test_an_empty_file_says_that_there_is_nothing(tmp_path: Path) -> None:
    data = load_link_data(written(tmp_path, "linking.yaml", ""), vocab())
    assert data.fold("“京雄”城际铁路 2018—2035年") == "“京雄”城际铁路 2018—2035年"
    assert (data.tails, data.joining, data.counts, data.described) == ((), (), {}, frozenset())


def test_classes_stand_for_all_that_is_narrower(tmp_path: Path) -> None:
    data = load_link_data(written(tmp_path, "linking.yaml", "tailed: [Place]"), vocab())
    assert data.tailed == vocab().narrower("Place")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("- equal", ":1: not a mapping"),
        ("drop: []\nequals: []", ":2: unknown key 'equals'; known: coordinated, "),
        ("drop: []\ntailed: [Spaceship]", ":2: tailed: no class 'Spaceship' in the ontology"),
        ("joining:\n  - [Place, Spaceship]", ":1: joining: no class 'Spaceship'"),
        ("equal: [[a, b, c]]", ":1: equal must be a list of pairs of words"),
        ("tails: 三地", ":1: tails must be a list of words"),
        ("counts: {两: zwei}", ":1: counts must be a mapping of words to whole numbers above 0"),
        ("quotes: [“]", ":1: quotes must be a list of pairs of marks"),
        ("drop: []\nyears: '('", ":2: years: bad regular expression"),
        ("initials: '^(?P<a>.)(?P<b>.)$'", ":1: initials has no group 'rest'"),
        ("equal: [", ":2: "),
    ],
)
def test_what_is_wrong_is_told_with_its_line(content: str, told: str, tmp_path: Path) -> None:
    path = written(tmp_path, "linking.yaml", content)
    with pytest.raises(DataError, match="^" + re.escape(f"{path}{told}")):
        load_link_data(path, vocab())
