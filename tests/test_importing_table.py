"""A table and a mapping make triples; what does not fit is one message with file and line, and nothing is guessed."""

from __future__ import annotations

import csv
import io
import os
import re
import sys
import tempfile
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import ROOT, vocab

from kg import nquads
from kg import terms as t
from kg.context import Context
from kg.errors import KgError, MissingExtra
from kg.importing_known import Known
from kg.importing_mapping import check_columns, load_mapping
from kg.importing_rows import Rows, read_rows
from kg.importing_table import is_table, read_table
from kg.lexicon import Lexicon, load_lexicon

CSV = """省份,机场,三字码,通航日期,旅客吞吐量（万人次）,年份
北京,北京大兴国际机场,PKX,2019年9月25日,"3,941.2",2023
河北,石家庄正定国际机场,SJW,1995年2月,922.4,2023年
河北,白洋淀机场,,-,-,2023
"""
MAPPING = """things:
  机场:
    class: Airport
    name: 机场
    new: true
    identifiers: [三字码]
  省份:
    class: AdministrativeRegion
    name: 省份
facts:
  - [机场, locatedIn, 省份]
  - [机场, 开通日期, 通航日期]
figures:
  - about: 机场
    indicator: 旅客吞吐量
    value: 旅客吞吐量（万人次）
    unit: 万人次
    time: 年份
"""
KG = "https://w3id.org/kg-regional/ontology#"
ID = "https://w3id.org/kg-regional/id/"


@cache
def lexicon() -> Lexicon:
    return load_lexicon(ROOT / "data" / "lexicon", vocab())


@cache
def known() -> Known:
    return Known((), lexicon(), Context(vocab()))


def rows(folder: Path, table: str | bytes = CSV, mapping: str = MAPPING, name: str = "airports.csv") -> Rows:
    """What a table says by a mapping; both are written into a folder first."""
    (folder / name).write_bytes(table if isinstance(table, bytes) else table.encode())
    (folder / "map.yaml").write_text(mapping, encoding="utf-8")
    plan = load_mapping(folder / "map.yaml", vocab())
    read = read_table(folder / name, plan.header, plan.sheet)
    check_columns(plan, read)
    return read_rows(read, plan, known(), Context(vocab()), str)


def said(folder: Path, *args: str | bytes, **kwargs: str) -> set[tuple[str, str, str]]:
    """The triples of a table, with short names."""
    read = rows(folder, *args, **kwargs)  # type: ignore[arg-type]
    assert read.failures == []
    return {tuple(_short(term) for term in triple) for triple in read.triples}  # type: ignore[misc]


def _short(term: str) -> str:
    plain = nquads.plain(term)
    return plain.removeprefix(KG).removeprefix(ID).removeprefix(t.RDF).removeprefix(t.RDFS).removeprefix(t.DCTERMS)


def refused(folder: Path, table: str | bytes = CSV, mapping: str = MAPPING, name: str = "airports.csv") -> str:
    with pytest.raises(KgError) as caught:
        rows(folder, table, mapping, name)
    assert "\n" not in str(caught.value)
    return str(caught.value).removeprefix(f"{folder}/")


def failures(folder: Path, table: str, mapping: str = MAPPING) -> list[str]:
    return [each.removeprefix(f"{folder}/") for each in rows(folder, table, mapping).failures]


def test_the_example_of_the_document_says_what_it_says_there(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "import.md").read_text(encoding="utf-8")
    table, mapping = (
        re.findall(rf"^```{kind}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)[0] for kind in ("csv", "yaml")
    )
    assert said(tmp_path, table, mapping) == said(tmp_path)


def test_rows_state_facts_of_things_that_are_known_by_name(tmp_path: Path) -> None:
    facts = said(tmp_path)
    assert ("airport-pkx", "locatedIn", "cn-110000") in facts
    assert ("airport-pkx", "openedOn", "2019-09-25") in facts
    assert ("airport-sjw", "openedOn", "1995-02") in facts
    assert ("airport-pkx", "identifier", "PKX") in facts


def test_figures_are_multiplied_out_and_have_unit_and_time(tmp_path: Path) -> None:
    facts = said(tmp_path)
    [figure] = [s for s, p, o in facts if (p, o) == ("about", "airport-pkx")]
    told = {p: o for s, p, o in facts if s == figure}
    assert told["value"] == "39412000"
    assert (told["indicator"], told["unit"], told["time"], told["type"]) == (
        *("旅客吞吐量", "人次", "2023"),
        "Observation",
    )
    assert len([1 for _, p, _ in facts if p == "about"]) == 2


def test_a_year_with_a_column_of_its_own_is_the_time_of_its_figures(tmp_path: Path) -> None:
    mapping = (
        "things:\n  市: {class: Municipality, name: 市}\nfigures:\n"
        '  - {about: 市, indicator: 人口, value: "2022", unit: 万人, time: 2022}\n'
        '  - {about: 市, indicator: 指标, value: "2023", unit: 单位, time: 2023}\n'
    )
    facts = said(tmp_path, "市,指标,单位,2022,2023\n北京,户数,万户,2184,-1.5\n", mapping)
    told = {s: {p: o for t, p, o in facts if t == s} for s, p, _ in facts if p == "about"}
    assert {(each["indicator"], each["value"], each["unit"], each["time"]) for each in told.values()} == {
        ("人口", "21840000", "人", "2022"),
        ("户数", "-15000", "户", "2023"),
    }


def test_an_empty_cell_means_the_one_above_it_where_that_is_said(tmp_path: Path) -> None:
    merged = CSV.replace("河北,白洋淀", ",白洋淀")
    lacking, filled = said(tmp_path, merged), said(tmp_path, merged, f"fill: [省份]\n{MAPPING}")
    assert filled == said(tmp_path)
    assert len(filled - lacking) == 1


def test_the_names_of_columns_may_stand_lower(tmp_path: Path) -> None:
    lower = "一览表\n\n" + CSV.replace('"3,941.2"', "3941.2").replace(",", "\t")
    assert said(tmp_path, lower, f"header: 3\n{MAPPING}") == said(tmp_path)


def test_a_name_that_nobody_has_makes_a_new_thing_only_where_that_is_allowed(tmp_path: Path) -> None:
    facts = said(tmp_path)
    [new] = [s for s, p, o in facts if (p, o) == ("label", "白洋淀机场")]
    assert new.startswith("bai-yang-dian-ji-chang-airport-")
    assert (new, "type", "Airport") in facts
    [told] = failures(tmp_path, CSV, MAPPING.replace("    new: true\n", ""))
    assert told.startswith("airports.csv:4: 机场: the name '白洋淀机场' is that of no Airport; ")
    assert "'new: true'" in told


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16"])
def test_tables_of_chinese_excel_are_read_in_their_encodings(encoding: str, tmp_path: Path) -> None:
    assert rows(tmp_path, CSV.encode(encoding)).triples == rows(tmp_path).triples


def test_tabs_and_semicolons_separate_too(tmp_path: Path) -> None:
    plain = CSV.replace('"3,941.2"', "3941.2")
    assert rows(tmp_path, plain.replace(",", "\t")).triples == rows(tmp_path, plain.replace(",", ";")).triples
    assert len(rows(tmp_path, plain.replace(",", "\t")).triples) > 20


def test_a_workbook_says_what_its_csv_says(tmp_path: Path) -> None:
    try:
        from openpyxl import Workbook
    except ImportError:
        reason = "openpyxl is not installed (the extra excel)"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    book = Workbook()
    sheet = book.create_sheet("机场", 0)
    sheet.append(["说明", None, None])
    sheet.append(CSV.splitlines()[0].split(","))
    sheet.append(["北京", "北京大兴国际机场", "PKX", datetime(2019, 9, 25), 3941.2, 2023])
    book.save(tmp_path / "book.xlsx")
    content = (tmp_path / "book.xlsx").read_bytes()
    mapping = f"sheet: 机场\nheader: 2\n{MAPPING}"
    made = rows(tmp_path, content, mapping, "book.xlsx")
    assert made.failures == []
    assert made.triples.keys() == rows(tmp_path, "".join(CSV.splitlines(keepends=True)[:2])).triples.keys()
    assert set(made.triples.values()) == {3}
    assert "no sheet is called '港口'; there are 机场, Sheet" in refused(
        tmp_path, content, f"sheet: 港口\n{MAPPING}", "book.xlsx"
    )


def test_a_workbook_without_its_library_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    (tmp_path / "x.xlsx").write_bytes(b"PK\x03\x04")
    with pytest.raises(MissingExtra, match=r"pip install 'kg\[excel\]'"):
        read_table(tmp_path / "x.xlsx")


def test_what_calls_itself_a_workbook_and_is_none_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl", reason="openpyxl is not installed")
    assert "no workbook that can be read" in refused(tmp_path, b"PK\x03\x04 nothing", name="x.xlsx")


def test_a_missing_column_is_one_message_with_the_columns_there_are(tmp_path: Path) -> None:
    assert refused(tmp_path, CSV.replace("三字码", "代码")) == (
        "map.yaml:6: airports.csv has no column '三字码'; there are 省份, 机场, 代码, 通航日期, "
        "旅客吞吐量（万人次）, 年份"
    )
    wrong = refused(
        tmp_path, mapping=MAPPING.replace("    value: 旅客吞吐量（万人次）", "    value: 旅客吞吐量（万人）")
    )
    assert wrong.startswith("map.yaml:16: ")
    assert "did you mean '旅客吞吐量（万人次）'?" in wrong


MISTAKES = {
    "an unknown class": ("class: Airport", "class: Airprot", r"map.yaml:3: .*class of things 'Airprot'; did you mean"),
    "a class that is no thing": ("class: Airport", "class: Statement", r"map.yaml:3: .*'Statement'"),
    "an unknown predicate": (
        "locatedIn",
        "locatdIn",
        r"map.yaml:11: .*predicate 'locatdIn'; did you mean 'locatedIn'?",
    ),
    "a predicate for other things": ("locatedIn", "subsidiaryOf", r"map.yaml:11: subsidiaryOf joins "),
    "a value where a thing must be": (", 省份]", ", 三字码]", r"map.yaml:11: locatedIn joins two things, and '三字码'"),
    "an unknown thing": ("about: 机场", "about: 港口", r"map.yaml:14: no thing is called '港口'; there are 机场, 省份"),
    "an unknown key": ("identifiers:", "identifier:", r"map.yaml:3: unknown key 'identifier'; known: "),
    "a thing without a name": ("    name: 省份\n", "", r"map.yaml:8: 省份 needs a column by which it is found"),
    "a fact of two words": ("[机场, locatedIn, 省份]", "[机场, locatedIn]", r"map.yaml:10: facts must be a list of"),
    "a figure without a unit": ("    unit: 万人次\n", "", r"map.yaml:14: lacks unit; add it"),
    "a form of dates without a year": ("facts:", "dates: ['%d.%m.']\nfacts:", r"map.yaml:10: '%d.%m.' is no form"),
    "no YAML": ("things:", "things: [", r"map.yaml:\d+: .*mend the YAML"),
    "no things": ("things:", "thing:", r"map.yaml:1: lacks things"),
}


@pytest.mark.parametrize("what", MISTAKES)
def test_a_mapping_is_checked_before_a_row_is_read(what: str, tmp_path: Path) -> None:
    old, new, told = MISTAKES[what]
    assert old in MAPPING
    message = refused(tmp_path, mapping=MAPPING.replace(old, new, 1))
    assert re.match(told.replace("?", r"\?"), message), message


BAD_ROWS = {
    "北京市,北京大兴国际机场,PKX,当年,1,2023": "通航日期: '当年' is no date that is known",
    "北京,北京大兴国际机场,PKX,,多,2023": "旅客吞吐量（万人次）: '多' is no number",
    "北京,北京大兴国际机场,PKX,,1,某年": "年份: '某年' is no date",
    "雄安新区,北京大兴国际机场,PKX,,1,2023": "the name '雄安新区' is that of xiongan (NewArea ",
}


@pytest.mark.parametrize("row", BAD_ROWS)
def test_a_row_that_cannot_be_read_is_named_with_its_line_and_gives_nothing(row: str, tmp_path: Path) -> None:
    table = f"{CSV.splitlines()[0]}\n\n{row}\n"
    read = rows(tmp_path, table)
    [told] = read.failures
    assert told.startswith(f"{tmp_path}/airports.csv:3: ")
    assert BAD_ROWS[row] in told
    assert (read.triples, read.bad) == ({}, 1)


def test_a_name_that_several_have_is_listed_and_not_guessed(tmp_path: Path) -> None:
    mapping = "things:\n  区:\n    class: AdministrativeRegion\n    id: 编号\n    name: 区\n    english: 英文\n"
    [told] = failures(tmp_path, "编号,区,英文\n,桥西区,Qiaoxi\n", mapping)
    assert "区: the name '桥西区' is that of 2: cn-130104 (" in told
    assert "cn-130703 (" in told
    assert told.endswith("give their ids in a column")
    assert said(tmp_path, "编号,区,英文\ncn-130104,桥西区,Qiaoxi\n", mapping) == {("cn-130104", "label", "Qiaoxi")}


def test_things_are_found_by_code_and_by_id(tmp_path: Path) -> None:
    mapping = "things:\n  市:\n    class: AdministrativeRegion\n    code: 代码\n    id: 编号\n    english: 英文\n"
    table = "代码,编号,英文\n130100,,One\n,id:cn-130200,Two\n"
    assert said(tmp_path, table, mapping) == {("cn-130100", "label", "One"), ("cn-130200", "label", "Two")}
    assert (
        "the code '999999' is that of no AdministrativeRegion"
        in failures(tmp_path, "代码,编号,英文\n999999,,x\n", mapping)[0]
    )
    assert "no entity has the id 'cn-0'" in failures(tmp_path, "代码,编号,英文\n,cn-0,x\n", mapping)[0]
    assert (
        "airport-pek (Airport 北京首都国际机场) is no AdministrativeRegion"
        in (failures(tmp_path, "代码,编号,英文\n,airport-pek,x\n", mapping)[0])
    )


def test_aliases_coordinates_and_equals_are_read(tmp_path: Path) -> None:
    mapping = (
        "split: 、\nthings:\n  机场:\n    class: Airport\n    name: 名\n    aliases: [别名]\n"
        "    longitude: 经度\n    latitude: 纬度\n    same: 维基数据\n"
    )
    facts = said(tmp_path, "名,别名,经度,纬度,维基数据\n北京首都国际机场,甲、乙,116.50,-3,Q1\n", mapping)
    named = {"甲", "乙", "116.5", "-3", "http://www.wikidata.org/entity/Q1"}
    assert {o for _, _, o in facts} == named
    assert "is no IRI" in failures(tmp_path, "名,别名,经度,纬度,维基数据\n北京首都国际机场,,,,甲\n", mapping)[0]


def test_values_have_names_in_either_language_or_codes(tmp_path: Path) -> None:
    mapping = "things:\n  路:\n    class: Infrastructure\n    name: 路\nfacts:\n  - [路, status, 状态]\n"
    facts = said(tmp_path, "路,状态\n京雄城际铁路,operational\n", mapping)
    [value] = [o for _, p, o in facts if p == "status"]
    label = vocab().individual("Status", "operational").label_zh
    assert said(tmp_path, f"路,状态\n京雄城际铁路,{label}\n", mapping) == facts
    assert value.startswith("status")
    assert "status has no value '好'; there are " in failures(tmp_path, "路,状态\n京雄城际铁路,好\n", mapping)[0]


def test_forms_of_dates_may_be_given(tmp_path: Path) -> None:
    table = CSV.splitlines()[0] + "\n北京,北京大兴国际机场,PKX,25.09.2019,1,2023\n"
    assert failures(tmp_path, table)
    assert ("airport-pkx", "openedOn", "2019-09-25") in said(tmp_path, table, f"dates: ['%d.%m.%Y']\n{MAPPING}")


BROKEN = {
    "two columns of one name": ("a,b,a\n1,2,3\n", "x.csv:1: two columns are called 'a'"),
    "more cells than columns": ("a,b\n1,2,3\n", "x.csv:2: 3 cells where there are 2 columns"),
    "quotes without end": ('a,b\n1,"2\n3,4\n', "x.csv:3: not CSV: "),
    "no header": ("\n\na,b\n", "x.csv:1: no names of columns in this row"),
    "an empty file": ("", "x.csv: is empty"),
    "an old workbook": (b"\xd0\xcf\x11\xe0", "x.csv: is an old office document, not CSV; save it as .xlsx"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_table_is_one_message(what: str, tmp_path: Path) -> None:
    table, told = BROKEN[what]
    assert refused(tmp_path, table, name="x.csv").startswith(told)


def test_rows_know_their_lines_behind_cells_of_several_lines(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text('a,b\n"1\n2",3\n\n4,5\n', encoding="utf-8")
    assert [(row.line, dict(row.cells)) for row in read_table(tmp_path / "x.csv").rows] == [
        (2, {"a": "1\n2", "b": "3"}),
        (5, {"a": "4", "b": "5"}),
    ]


def test_tables_are_told_by_their_names() -> None:
    assert [is_table(Path(name)) for name in ("a.CSV", "a.xlsx", "a.ttl", "a")] == [True, True, False, False]


cells = st.text(
    st.characters(codec="gb18030", exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=6
)


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=6))
def test_any_table_of_chinese_excel_comes_back(rows_: list[tuple[str, str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([("省份", "中文说明"), *rows_])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        # Enough ordinary Chinese that the encoding can be told at all.
        path.write_bytes((text.getvalue() + "这是一张普通的表，" * 20 + ",x\r\n").encode("gb18030"))
        read = read_table(path)
    assert [tuple(row.cells.values()) for row in read.rows[:-1]] == [tuple(map(str.strip, each)) for each in rows_]
