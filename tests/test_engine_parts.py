"""What engines are made of is read once, when first asked for; words that refer must know to what."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from kit import kit
from support import vocab

from kg.engines.parts import Parts
from kg.errors import DataError

RULE = """\
- id: refer.x.v1
  type: Company
  resolve: last
  when: [该企业]
  pattern: '(?P<n>该企业)'
  examples:
    - {text: 许多企业来了。, finds: []}
"""


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    shutil.copytree(kit().recipe.grammar, tmp_path / "grammar")
    return Parts(tmp_path / "grammar", vocab(), kit().parts.lexicon)


def test_each_part_is_read_when_first_asked_for_and_kept(parts: Parts) -> None:
    assert parts.relations is parts.relations
    assert parts.compiler is parts.compiler
    shutil.rmtree(parts.grammar)
    assert parts.relations
    with pytest.raises(DataError, match=r"linking\.yaml: cannot be read|anaphora\.yaml: cannot be read"):
        parts.linker  # noqa: B018


def test_patterns_may_use_what_the_lexicon_knows() -> None:
    compiler = kit().parts.compiler
    assert compiler.compile("<surname>", "x").fullmatch("欧阳")
    assert compiler.compile("<title>", "x").fullmatch("主任")
    assert compiler.compile("<line>", "x").fullmatch("京雄")


def test_the_rules_of_all_relation_files_are_read(parts: Parts) -> None:
    files = {Path(rule.where.rpartition(":")[0]).name for rule in parts.relations}
    assert files == {path.name for path in (parts.grammar / "relations").glob("*.yaml")}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("resolve: last", "resolve: first", "resolve is 'first', none of last, "),
        ("  resolve: last\n", "", "resolve is 'None', none of last"),
        ("resolve: last", "resolve: last\n  of: Spaceship", "no class 'Spaceship' in the ontology"),
        ("resolve: last", "resolve: last\n  of: Company|Spaceship", "no class 'Spaceship' in the ontology"),
        ("resolve: last", "resolve: named\n  to: 无此国", "to is '无此国', no name of the lexicon"),
        ("resolve: last", "resolve: named", "to is '', no name of the lexicon"),
        ("type: Company", "type: Spaceship", "type is 'Spaceship', no class of the ontology"),
    ],
)
def test_what_is_wrong_with_words_that_refer_is_told(old: str, new: str, told: str, parts: Parts) -> None:
    path = parts.grammar / "anaphora.yaml"
    path.write_text(RULE.replace(old, new), encoding="utf-8")
    where = re.escape(f"{path}:1: rule 'refer.x.v1': {told}")
    with pytest.raises(DataError, match="^" + where):
        parts.linker  # noqa: B018
