"""The lexicon: what the folder says, which names are found, and what is answered to a wrong line."""

from __future__ import annotations

import csv
import importlib.util
import os
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import DataError
from kg.lexicon import Lexicon, load_lexicon
from kg.vocab import load_vocab

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "data" / "lexicon"
REFERENCE = ROOT.parent / "shared" / "reference"
HEADER = "id,type,label,aliases,en,parent,wikidata,code,lon,lat,source\n"
VOCAB: Any = SimpleNamespace(classes={"Country": None, "Province": None, "County": None, "Body": None})


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon(FOLDER, load_vocab(ROOT / "ontology.ttl"))


def found(lexicon: Lexicon, text: str) -> list[str]:
    return [surface for _, _, surface in lexicon.find(text)]


# ---- what is found


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("河北省唐山市曹妃甸区、乐亭县", ["河北省", "唐山市", "曹妃甸区", "乐亭县"]),
        ("国家发展改革委地区经济司", ["国家发展改革委"]),
        ("国家发改委、发改委、国家发展和改革委员会", ["国家发改委", "发改委", "国家发展和改革委员会"]),
        ("中共中央、国务院印发", ["中共中央", "国务院"]),
        ("内蒙古、新疆、广西、延边、恩施州", ["内蒙古", "新疆", "广西", "延边", "恩施州"]),
        ("北京大兴国际机场和首都机场", ["北京大兴国际机场", "首都机场"]),
        ("中国（上海）自由贸易试验区临港新片区", ["中国（上海）自由贸易试验区临港新片区"]),
        ("濒临渤海，背靠太岳，白洋淀", ["渤海", "太岳", "白洋淀"]),
        ("天津滨海新区与河北雄安新区", ["天津滨海新区", "河北雄安新区"]),
        ("雄安新区段", ["雄安新区"]),
        ("平果县今属平果市", ["平果县", "平果市"]),
    ],
)
def test_the_longest_known_name_is_found(lexicon: Lexicon, text: str, names: list[str]) -> None:
    assert found(lexicon, text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("和平与发展", []),
        ("天津和平", ["天津", "和平"]),  # behind what contains it
        ("中国和平发展", ["中国"]),  # a country vouches for nothing
        ("大兴土木", []),
        ("跨越大兴、房山", ["大兴", "房山"]),  # listed before a sibling
        ("房山、大兴", ["房山", "大兴"]),  # and behind one
        ("泸州至永川、开江至梁平、内江至大足", ["泸州", "永川", "开江", "梁平", "内江", "大足"]),
        ("济南市中心", ["济南市"]),  # not 市中区
        ("国际合作、资源共享、振兴发展", []),
    ],
)
def test_a_short_name_that_is_a_word_needs_a_neighbour(lexicon: Lexicon, text: str, names: list[str]) -> None:
    assert found(lexicon, text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("河北区位优势", ["河北"]),
        ("天津河北区", ["天津", "河北区"]),
        ("教育部门", []),
        ("教育部", ["教育部"]),
        ("深圳市场", ["深圳"]),
        ("深圳市民", ["深圳市"]),
        ("北京大学生", ["北京"]),
        ("美国财政部", ["美国"]),
        ("中国财政部", ["中国财政部"]),
        ("黄河入海口", ["黄河"]),
        ("维护长治久安", []),
        ("沿海地区", []),
    ],
)
def test_what_follows_or_surrounds_a_name_can_refuse_it(lexicon: Lexicon, text: str, names: list[str]) -> None:
    assert found(lexicon, text) == names


PIECES = [
    "北京",
    "天津和平",
    "大兴、",
    "河北区位",
    "教育部门",
    "、",
    "至",
    "美国财政部",
    "入海口",
    "😀",
    "\n",
    "x",
    "沧州任丘",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=12).map("".join))
def test_offsets_are_code_points_ascending_and_disjoint(text: str) -> None:
    at = 0
    for start, end, surface in BUNDLED.find(text):
        assert at <= start < end
        assert text[start:end] == surface
        assert BUNDLED.names[surface]
        at = end


BUNDLED = load_lexicon(FOLDER, load_vocab(ROOT / "ontology.ttl"))


# ---- what is known


def test_a_surface_keeps_all_its_candidates_the_widest_first(lexicon: Lexicon) -> None:
    assert set(lexicon.names["通州区"]) == {"cn-110112", "cn-320612"}
    assert lexicon.names["大同"] == ("cn-140200", "cn-230606")  # the prefecture before the district
    assert lexicon.names["河北"] == ("cn-130000",)  # not 河北区
    assert lexicon.names["海南"] == ("cn-460000",)


def test_hierarchy(lexicon: Lexicon) -> None:
    assert lexicon.ancestors("cn-130209") == ("cn-130200", "cn-130000", "china")
    assert lexicon.is_in("cn-130209", "cn-130000")
    assert lexicon.is_in("xiongan", "cn-130000")
    assert not lexicon.is_in("cn-130000", "cn-130209")
    assert lexicon.ancestors("china") == ()


def test_members_and_abbreviations(lexicon: Lexicon) -> None:
    assert lexicon.members("jingjinji") == ("cn-110000", "cn-120000", "cn-130000")
    assert lexicon.members("xiongan") == ("cn-130638", "cn-130629", "cn-130632")
    assert lexicon.members("cn-110000") == ()
    assert [lexicon.abbreviation(char) for char in "京津冀沪的"] == [
        *("cn-110000", "cn-120000", "cn-130000", "cn-310000", ""),
    ]


def test_divisions_are_complete_and_typed(lexicon: Lexicon) -> None:
    divisions = [entry for entry in lexicon.entries.values() if re.fullmatch(r"cn-\d{6}", entry.id)]
    provinces = [entry for entry in divisions if entry.parent == "china"]
    assert len(provinces) == 34
    assert all(entry.code == entry.id.removeprefix("cn-") for entry in divisions)
    assert len([entry for entry in divisions if entry.type == "Prefecture"]) == 333
    assert lexicon.entries["cn-130171"].type == "Zone"  # a development zone that is no county
    assert lexicon.entries["cn-120116"].type == "NewArea"
    assert lexicon.entries["cn-130200"].wikidata == "Q58422"


def test_word_lists(lexicon: Lexicon) -> None:
    assert lexicon.words["推进"].pos == "v"
    assert lexicon.words["的"].freq > lexicon.words["推进"].freq
    assert lexicon.nouns["经济"].pos == "n"
    assert "唐山" not in lexicon.nouns
    assert {"王", "欧阳"} <= lexicon.surnames
    assert lexicon.titles["记者"] == ("media", "head")
    assert lexicon.titles["副"].part == "modifier"


def test_derived_files_are_what_the_script_makes() -> None:
    if not REFERENCE.exists() and os.environ.get("CI") != "true":
        pytest.skip("the reference data are not beside the repository")
    pytest.importorskip("jieba", reason="the word lists come from its dictionary")
    spec = importlib.util.spec_from_file_location("lexicon_build", FOLDER / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, text in module.build(REFERENCE).items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, f"{name}: run data/lexicon/build.py"


def test_identifiers_are_only_those_that_a_source_verifies(lexicon: Lexicon) -> None:
    if not REFERENCE.exists() and os.environ.get("CI") != "true":
        pytest.skip("the reference data are not beside the repository")
    verified: set[str] = set()
    for file in ("divisions_qid_verified.csv", "seed_entities_qid.csv", "nsi_cn_brands_operators_qid.csv"):
        with (REFERENCE / file).open(encoding="utf-8") as lines:
            verified |= {row["qid"] for row in csv.DictReader(lines)}
    assert {entry.wikidata for entry in lexicon.entries.values()} <= verified


# ---- what is answered to a wrong line


def write(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def small(folder: Path) -> Path:
    rows = "home,Country,甲国,,,,,,,,\nnorth,Province,北省,北方,,home,,,,,\ntown,County,平安县,平安,,north,,,,,\n"
    return write(folder, "places.csv", HEADER + rows + "away,Country,乙国,,,,,,,,\nmint,Body,财部,,,,,,,,\n")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("x,Province,南省,,,home,,,,", r"places.csv:7: expected 11 cells .*found 10"),
        ("x,Provinse,南省,,,home,,,,,", r"places.csv:7: 'Provinse' is no class.*Province"),
        ("x,Province,南省,,,hom,,,,,", r"places.csv:7: no entry has the id 'hom'.*home"),
        ("north,Province,南省,,,home,,,,,", r"places.csv:7: the id 'north' is taken by .*places.csv:3"),
        ("X Y,Province,南省,,,home,,,,,", r"places.csv:7: the id 'X Y' is no slug"),
        ("x,Province,南,,,home,,,,,", r"places.csv:7: the name '南' is shorter.*abbreviations.csv"),
        ("x,Province,南省,南方| 南,,home,,,,,", r"places.csv:7: the name ' 南'"),
        ("x,Province,南省,,,home,q1,,,,", r"places.csv:7: 'q1' is no Wikidata identifier"),
        ("x,Province,南省,,,home,,,1e3,,", r"places.csv:7: the coordinate '1e3'"),
        ("x,Province,南省,,,x,,,,,", r"places.csv:7: 'x' contains itself"),
        ('x,Province,"南省,,,home,,,,,', r"places.csv:\d+: malformed CSV"),
    ],
)
def test_a_wrong_row_is_named_with_file_and_line(tmp_path: Path, row: str, message: str) -> None:
    path = small(tmp_path) / "places.csv"
    path.write_text(path.read_text(encoding="utf-8") + row + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=message):
        load_lexicon(tmp_path, VOCAB)


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("places.csv", "id,label\n", r"places.csv:1: the header is 'id,label'"),
        ("ambiguous.csv", "name,reason,policy\n平安,,sometimes\n", r"ambiguous.csv:2: 'sometimes' is no policy"),
        ("ambiguous.csv", "name,reason,policy\n平原,,chain\n", r"ambiguous.csv:2: no entry has the name '平原'"),
        ("ambiguous.csv", "name,reason,policy\n平安,,chain\n平安,,never\n", r"ambiguous.csv:3: .*twice"),
        ("members.csv", "region,member\nhome,nort\n", r"members.csv:2: no entry has the id 'nort'.*north"),
        ("abbreviations.csv", "char,id\n北,nort\n", r"abbreviations.csv:2: no entry has the id 'nort'"),
        ("joiners.csv", "mark,joins\n、,friend\n", r"joiners.csv:2: .*no joiner"),
    ],
)
def test_a_wrong_side_table_is_named_too(tmp_path: Path, file: str, text: str, message: str) -> None:
    write(small(tmp_path), file, text)
    with pytest.raises(DataError, match=message):
        load_lexicon(tmp_path, VOCAB)


def test_an_empty_folder_and_a_wrong_encoding(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no lexicon here"):
        load_lexicon(tmp_path, VOCAB)
    (tmp_path / "places.csv").write_bytes(HEADER.encode() + "x,Province,南省".encode("gb18030"))
    with pytest.raises(DataError, match=r"places.csv:1: not UTF-8"):
        load_lexicon(tmp_path, VOCAB)


def test_policies_of_a_folder(tmp_path: Path) -> None:
    write(small(tmp_path), "ambiguous.csv", "name,reason,policy\n平安,,chain\n财部,,apart\n北方人,,word\n")
    write(tmp_path, "joiners.csv", "mark,joins\n、,sibling\n至,any\n")
    write(tmp_path, "endings.csv", "ending,next\n县,城|里\n")
    lexicon = load_lexicon(tmp_path, VOCAB)
    assert found(lexicon, "平安") == []
    assert found(lexicon, "北省平安") == ["北省", "平安"]
    assert found(lexicon, "甲国平安") == ["甲国"]
    assert found(lexicon, "北方至平安") == ["北方", "平安"]
    assert found(lexicon, "平安县") == ["平安县"]
    assert found(lexicon, "平安县城") == []  # refused, and the shorter name needs a neighbour
    assert found(lexicon, "北方人") == []
    assert found(lexicon, "乙国财部") == ["乙国"]
    assert found(lexicon, "财部") == ["财部"]
