"""What is Chinese about figures stands in ``figures.yaml``; whatever is wrong in it is told with its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from kit import kit, written
from support import vocab

from kg.engines.figure_data import FigureData, load_figures
from kg.errors import DataError

BUNDLED = (kit().recipe.grammar / "figures.yaml").read_text(encoding="utf-8")


def load(folder: Path, content: str) -> FigureData:
    return load_figures(written(folder, "figures.yaml", content), kit().parts.compiler, vocab())


def line(key: str) -> int:
    return next(k for k, text in enumerate(BUNDLED.splitlines(), 1) if text.startswith(f"{key}:"))


def replaced(key: str, value: str) -> str:
    return re.sub(rf"(?m)^{key}:.*$", lambda _: f"{key}: {value}", BUNDLED, count=1)


def test_classes_stand_for_all_that_is_narrower_but_those_that_never_count(tmp_path: Path) -> None:
    data = load(tmp_path, replaced("owners", "[Place]"))
    never = {n for c in ("Strategy", "Campaign") for n in vocab().narrower(c)}
    assert data.owners == vocab().narrower("Place") - never


def test_words_of_change_have_their_kind(tmp_path: Path) -> None:
    data = load(tmp_path, BUNDLED)
    assert {kind for _, kind in data.change} == {"increase", "decrease"}
    assert [kind for pattern, kind in data.change if pattern.search("同比下降")] == ["decrease"]


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("owners", "[Spaceship]", "owners: no class 'Spaceship' in the ontology"),
        ("owners", "Place", "owners must be a list of words"),
        ("lead", "'('", "lead: bad regular expression"),
        ("lead", "'{:Spaceship}'", "lead: no class 'Spaceship'"),
        ("lead", "[a]", "lead must be a word"),
        ("skip_units", "[1]", "skip_units must be a list of words"),
        ("defaults", "[1]", "defaults must be a mapping of names to words"),
        ("money_unit", "3", "money_unit must be a word"),
    ],
)
def test_a_bad_value_is_told_with_its_line(key: str, value: str, told: str, tmp_path: Path) -> None:
    where = re.escape(f"{tmp_path / 'figures.yaml'}:{line(key)}: {told}")
    with pytest.raises(DataError, match="^" + where):
        load(tmp_path, replaced(key, value))


def test_a_missing_and_an_unknown_key_are_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"figures\.yaml:1: lacks run; add it"):
        load(tmp_path, re.sub(r"(?m)^run:", "# run:", BUNDLED))
    with pytest.raises(DataError, match=rf"figures\.yaml:{BUNDLED.count(chr(10)) + 1}: unknown key 'rum'"):
        load(tmp_path, BUNDLED + "rum: x\n")


def test_a_change_is_an_increase_or_a_decrease(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="change must be patterns of increase and decrease"):
        load(tmp_path, BUNDLED.replace("  increase:", "  growth:"))


def test_a_bad_pattern_of_a_unit_is_told(tmp_path: Path) -> None:
    bad = re.sub(r"(?m)^  小时: .*$", "  小时: '('", BUNDLED)
    with pytest.raises(DataError, match=rf"figures\.yaml:{line('wanting')}: wanting: bad regular expression"):
        load(tmp_path, bad)
