"""Names by structure: what stands before a head noun up to where a name begins; the head gives the class."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from kit import kit, names, read, written
from support import vocab

from kg.engines.names import NAME_V1, line_ends, load_names
from kg.errors import DataError

DATA = kit().parts.names


def by_structure(text: str) -> set[tuple[str, str]]:
    return names(read(text), NAME_V1)


@pytest.mark.parametrize(
    ("text", "name", "type"),
    [
        ("海阳风电设备有限公司投产。", "海阳风电设备有限公司", "Company"),
        ("在曹妃甸区海阳（唐山）风电有限公司，工人在忙。", "海阳（唐山）风电有限公司", "Company"),
        ("记者从南京海关获悉。", "南京海关", "CustomsOffice"),
        ("青泽协同发展示范区建设推进。", "青泽协同发展示范区", "Zone"),
        ("青岛胶东临空经济区挂牌。", "青岛胶东临空经济区", "Zone"),
        ("河北省应急管理厅发布通知。", "河北省应急管理厅", "GovernmentBody"),
    ],
)
def test_a_proper_part_and_a_head_noun_make_a_name(text: str, name: str, type: str) -> None:
    assert (name, type) in by_structure(text)


@pytest.mark.parametrize(
    "text",
    [
        "各地加快建设产业园区和开发区。",
        "许多科技公司在这里落户。",
        "这个示范区的建设成效显著。",
        "海关数据显示，进出口增长。",
        "经济高速增长。",
        "改革进入深水区。",
        "当地政府积极帮助企业。",
    ],
)
def test_a_head_noun_with_nothing_proper_before_it_is_a_common_noun(text: str) -> None:
    assert by_structure(text) == set()


@pytest.mark.parametrize(
    ("text", "name"), [("京雄高速", "京雄高速"), ("津石高速全线通车。", "津石高速"), ("石济客专通车。", "石济客专")]
)
def test_a_line_is_named_by_the_characters_of_its_ends(text: str, name: str) -> None:
    assert name in {m.text for m in read(text).mentions}


def test_the_characters_of_ends_are_those_of_places() -> None:
    ends = line_ends(kit().parts.lexicon, vocab(), DATA.sited)
    assert {"京", "津", "雄", "石", "沪"} <= ends
    assert "，" not in ends


def test_a_department_is_attached_to_the_body_before_it() -> None:
    assert by_structure("国家发展改革委办公厅发布通知。") == {("国家发展改革委办公厅", "GovernmentBody")}
    assert by_structure("公司办公厅在二楼。") == set()


def test_names_inside_names_are_kept() -> None:
    a = read("北京海关综合业务处发布数据。")
    assert {m.text for m in a.mentions} >= {"北京", "北京海关", "北京海关综合业务处"}


def test_the_next_clause_is_no_part_of_a_name() -> None:
    found = by_structure("推动产业发展，海阳风电有限公司投产。")
    assert found == {("海阳风电有限公司", "Company")}


@pytest.mark.parametrize("head", dict.fromkeys(DATA.heads.values()), ids=lambda head: head.id)
def test_every_head_has_examples(head: object) -> None:
    examples = head.examples  # type: ignore[attr-defined]
    assert any(e.found for e in examples) or head.id == "line.other"  # type: ignore[attr-defined]
    assert examples


# ---- the file

BUNDLED = (kit().recipe.grammar / "names.yaml").read_text(encoding="utf-8")
SMALL = """\
admin: [市]
pairs: ["（）"]
words: {stop: [的]}
kinds: {noun: [n]}
heads:
  - id: zone
    type: Zone
    heads: [示范区]
"""


def test_only_heads_are_needed(tmp_path: Path) -> None:
    path = written(tmp_path, "names.yaml", "heads: [{id: z, type: Zone, heads: [示范区, 开发区]}]")
    data = load_names(path, kit().parts.lexicon, vocab())
    assert {surface: head.type for surface, head in data.heads.items()} == {"示范区": "Zone", "开发区": "Zone"}
    assert data.heads["示范区"].left == "name"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("heads:\n", "headz:\n", ":1: lacks heads"),
        ("admin:", "amdin:", ":1: unknown key 'amdin'; known: admin, "),
        ("[市]", "[3]", ":1: admin must be a list of words"),
        ('["（）"]', '["（"]', ":2: pairs must be a list of pairs of marks"),
        ("{stop: [的]}", "{stopp: [的]}", ":3: words: no kind 'stopp'; known: noun, adjective, verb, stop"),
        ("{noun: [n]}", "{noun: n}", ":4: kinds must be a mapping of names to lists of words"),
        ("    type: Zone\n", "", ":6: lacks type; add it"),
        ("    heads: [示范区]", "    head: [示范区]", ":6: lacks heads"),
        ("type: Zone", "type: Spaceship", ":6: unknown class 'Spaceship'; mend the entry"),
        ("type: Zone", "type: Zone\n    within: [Spaceship]", ":6: unknown class 'Spaceship'"),
        ("type: Zone", "type: Zone\n    left: behind", ":6: unknown way 'behind' (of name, line, attached)"),
        ("type: Zone", "type: Zone\n    longest: long", ":6: longest must be a whole number above 0"),
        ("type: Zone", "type: Zone\n    examples: [{finds: []}]", ":6: an example needs 'text'"),
        ("type: Zone", "type: Zone\n    typ: Zone", ":6: unknown key 'typ'"),
        ("[示范区]", "[示范区]\n  - {id: b, type: Zone, heads: [示范区]}", ":9: head '示范区' also in zone; keep one"),
        ("admin: [市]", "admin: [市", ":2: "),
        ("admin: [市]", "leading: [Spaceship]", ":1: no class 'Spaceship' in the ontology"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(old: str, new: str, told: str, tmp_path: Path) -> None:
    assert old in SMALL
    path = written(tmp_path, "names.yaml", SMALL.replace(old, new, 1))
    with pytest.raises(DataError, match="^" + re.escape(f"{path}{told}")):
        load_names(path, kit().parts.lexicon, vocab())


def test_the_bundled_file_needs_no_particular_yaml_library() -> None:
    plain = yaml.load(BUNDLED, Loader=yaml.SafeLoader)
    assert plain == yaml.load(BUNDLED, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
