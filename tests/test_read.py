"""Reading: files, folders, JSON Lines, HTML and standard input become documents, or one clear error."""

from __future__ import annotations

import gzip
import io
import json
import re
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from support import ROOT

from kg.errors import MissingExtra, ReadError
from kg.metadata import iso_date, name_date, slug
from kg.read import files, read
from kg.text import fold, to_source
from kg.types import Document, Span

BODY = "三地协同发展，交通先行，四年来取得明显成效。\n京雄城际铁路全线开通运营，沿线设六座车站。\n"


def one(path: Path | str) -> Document:
    (document,) = read([path])
    return document


def refused(path: Path | str) -> str:
    with pytest.raises(ReadError) as caught:
        list(read([path]))
    return str(caught.value)


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


class TestText:
    def test_the_bundled_page_has_a_date_inferred_from_the_text_and_no_title(self) -> None:
        page = one(ROOT / "data" / "articles" / "jingjinji-2021.txt")
        assert (page.title, page.published, page.dated_by, page.language) == ("", "2021-02", "text", "zh")
        assert re.fullmatch(r"jingjinji-2021-[0-9a-f]{8}", page.id)
        assert page.source.endswith("data/articles/jingjinji-2021.txt")

    def test_the_source_is_the_address_as_given(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write(tmp_path / "news" / "a.txt", BODY)
        monkeypatch.chdir(tmp_path)
        assert one("news/a.txt").source == "news/a.txt"
        assert one("news").source == "news/a.txt"

    def test_the_id_comes_from_name_and_content(self, tmp_path: Path) -> None:
        a, b = write(tmp_path / "a" / "x.txt", BODY), write(tmp_path / "b" / "x.txt", BODY)
        changed = write(tmp_path / "c" / "x.txt", BODY + "完。")
        assert one(a).id == one(b).id != one(changed).id
        assert one(write(tmp_path / "京津冀 2021.txt", BODY)).id.startswith("jing-jin-ji-2021-")

    def test_a_first_line_set_apart_is_the_title(self, tmp_path: Path) -> None:
        document = one(write(tmp_path / "a.txt", "交通打造大格局\n\n" + BODY))
        assert document.title == "交通打造大格局"
        assert document.blocks[0].kind == "title"

    def test_a_title_is_never_invented(self, tmp_path: Path) -> None:
        assert one(write(tmp_path / "a.txt", BODY)).title == ""

    @pytest.mark.parametrize(
        ("name", "text", "published", "dated_by"),
        [
            ("2014-04-19-jjj-002.txt", BODY, "2014-04-19", "name"),
            ("news_20140419.txt", BODY, "2014-04-19", "name"),
            ("2014-04-19.txt", "（2021年2月26日）\n" + BODY, "2021-02-26", "text"),
            ("a.txt", BODY.strip() + "（2021年2月26日）", "2021-02-26", "text"),
            ("a.txt", "新华社北京2021年2月26日电 " + BODY, "2021-02-26", "text"),
            ("a.txt", "2014年2月26日，三地考察。\n" + BODY, "", ""),
            ("plan-2018-2035.txt", BODY, "", ""),
            ("2014-13-19.txt", BODY, "", ""),
        ],
    )
    def test_the_date_is_known_by_text_or_name_in_this_order(
        self, tmp_path: Path, name: str, text: str, published: str, dated_by: str
    ) -> None:
        document = one(write(tmp_path / name, text))
        assert (document.published, document.dated_by) == (published, dated_by)

    def test_gb18030_and_gzip_are_read_alike(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_bytes(BODY.encode("gb18030"))
        (tmp_path / "b.txt.gz").write_bytes(gzip.compress(BODY.encode("utf-16")))
        assert one(tmp_path / "a.txt").text == one(tmp_path / "b.txt.gz").text == BODY.strip()


class TestSidecar:
    def sidecar(self, tmp_path: Path, text: str) -> Path:
        write(tmp_path / "2014-04-19.meta.yaml", text)
        return write(tmp_path / "2014-04-19.txt", "交通打造大格局\n" + BODY)

    def test_comes_before_text_and_name(self, tmp_path: Path) -> None:
        path = self.sidecar(tmp_path, "title: 交通打造大格局\npublished: 2021-02-03\nlanguage: zh-Hant\nlicence: CC0\n")
        document = one(path)
        assert (document.title, document.published, document.dated_by) == ("交通打造大格局", "2021-02-03", "metadata")
        assert document.language == "zh-Hant"
        assert document.blocks[0].kind == "title"

    def test_a_title_that_the_text_does_not_hold_is_kept_beside_it(self, tmp_path: Path) -> None:
        document = one(self.sidecar(tmp_path, "title: 另一标题\n"))
        assert document.title in {"另一标题", "交通打造大格局"}
        assert document.text.startswith("交通打造大格局\n")

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("titel: x\n", "unknown key 'titel'; use title"),
            ("title: x\npublished: gestern\n", "meta.yaml:2: published: 'gestern' is no date"),
            ("published: 2021-02-30\n", "published: '2021-02-30' is no date"),
            ("published: 2021\ndated_by: guess\n", "dated_by: 'guess'"),
            ("title: [a, b]\n", "must hold one 'key: value' a line"),
            ("title: a\n  b: c: d\n", "meta.yaml:2: is no YAML"),
        ],
    )
    def test_a_wrong_one_is_named(self, tmp_path: Path, text: str, said: str) -> None:
        message = refused(self.sidecar(tmp_path, text))
        assert "2014-04-19.meta.yaml:" in message
        assert said in message

    def test_an_empty_one_says_nothing(self, tmp_path: Path) -> None:
        assert one(self.sidecar(tmp_path, "# nothing yet\n")).dated_by == "name"


class TestJsonLines:
    def lines(self, path: Path, *rows: object) -> Path:
        return write(path, "\n".join(r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in rows))

    def test_a_record_has_title_date_and_id(self, tmp_path: Path) -> None:
        path = self.lines(
            tmp_path / "a.jsonl", {"id": "V7", "date": "2021-2-3", "title": "交通 大格局。", "text": BODY}
        )
        document = one(path)
        assert (document.title, document.published, document.dated_by) == ("交通大格局。", "2021-02-03", "metadata")
        assert document.source == f"{path.as_posix()}#V7"
        assert re.fullmatch(r"v7-[0-9a-f]{8}", document.id)
        source = f"交通 大格局。\n\n{BODY}"
        whole = to_source(document.offsets, Span(0, len(document.text)))
        assert fold(source[whole.start : whole.end]) == fold(document.text)

    def test_records_without_id_are_called_by_their_line(self, tmp_path: Path) -> None:
        path = self.lines(tmp_path / "a.jsonl", {"text": BODY}, "", {"text": "另一条新闻。"})
        assert [d.source.rpartition("#")[2] for d in read([path])] == ["1", "3"]
        assert {d.id.rpartition("-")[0] for d in read([path])} == {"a"}

    def test_packed_and_marked_files_are_read(self, tmp_path: Path) -> None:
        row = json.dumps({"text": BODY}, ensure_ascii=False)
        (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(row.encode()))
        (tmp_path / "b.jsonl").write_bytes(row.encode("utf-8-sig"))
        (tmp_path / "c.ndjson").write_bytes((row + "\n" + row).encode("utf-16"))
        assert [d.text for d in read([tmp_path])] == [BODY.strip()] * 4

    def test_what_no_encoding_can_hold_is_left_out(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.jsonl", '{"text": "京\\ud800津冀。", "title": "\\udfff"}')
        assert one(path).text == "京津冀。"
        assert one(path).title == ""

    @pytest.mark.parametrize(
        ("row", "said"),
        [
            ("{bad", "a.jsonl:2: is no JSON"),
            ("[1]", "a.jsonl:2: is no JSON object"),
            ({"title": "x"}, 'a.jsonl:2: has no "text"'),
            ({"text": "  "}, 'a.jsonl:2: has no "text"'),
            ({"text": 5}, 'a.jsonl:2: has no "text"'),
            ({"text": "好。", "date": "yesterday"}, "a.jsonl:2: \"date\" 'yesterday' is no date"),
            ({"text": "好。", "title": ["x"]}, 'a.jsonl:2: "title" must be a string, not list'),
            ("[" * 100_000, "a.jsonl:2: is"),
            ({"text": "\u200b"}, "a.jsonl#2: holds no readable characters"),
        ],
    )
    def test_a_wrong_line_is_named_after_those_before_it_are_read(self, tmp_path: Path, row: object, said: str) -> None:
        path = self.lines(tmp_path / "a.jsonl", {"text": BODY}, row)
        documents = read([path])
        assert next(documents).text == BODY.strip()
        with pytest.raises(ReadError) as caught:
            next(documents)
        assert said in str(caught.value)

    def test_an_undecodable_byte_is_named_with_line_and_offset(self, tmp_path: Path) -> None:
        (tmp_path / "a.jsonl").write_bytes(b'{"text": "a"}\n{"text": "\xff"}\n')
        assert "a.jsonl:2: byte 0xff at offset 10 of the line is no UTF-8" in refused(tmp_path / "a.jsonl")

    def test_no_record_at_all_is_an_error(self, tmp_path: Path) -> None:
        assert "a.jsonl: is empty" in refused(write(tmp_path / "a.jsonl", "\n\n"))


PAGE = (Path(__file__).parent / "data" / "page.html").read_text(encoding="utf-8")


class TestHtml:
    def test_the_main_text_with_title_and_date_of_the_head(self, tmp_path: Path) -> None:
        pytest.importorskip("trafilatura")
        document = one(write(tmp_path / "page.html", PAGE))
        assert (document.title, document.published, document.dated_by) == (
            "京雄城际铁路全线开通",
            "2020-12-27",
            "metadata",
        )
        assert "首页" not in document.text
        assert "版权所有" not in document.text
        kinds = [b.kind for b in document.blocks]
        assert kinds[0] == "title"
        assert kinds.count("body") == 3

    def test_the_declared_charset_counts(self, tmp_path: Path) -> None:
        pytest.importorskip("trafilatura")
        path = tmp_path / "page.htm"
        path.write_bytes(PAGE.replace("utf-8", "gb2312").encode("gb18030"))
        assert one(path).text == one(write(tmp_path / "page.html", PAGE)).text

    def test_a_page_without_text_is_refused(self, tmp_path: Path) -> None:
        pytest.importorskip("trafilatura")
        assert "no main text found" in refused(write(tmp_path / "a.html", "<html><body></body></html>"))

    def test_without_the_library_the_extra_is_named(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "trafilatura", None)
        with pytest.raises(MissingExtra, match=r"kg\[html\]"):
            one(write(tmp_path / "page.html", PAGE))


class TestFolders:
    def test_are_read_recursively_by_name_without_sidecars_and_other_kinds(self, tmp_path: Path) -> None:
        for name in ("b.txt", "a/c.txt", "a/b.jsonl", "A.txt"):
            write(tmp_path / name, '{"text": "好。"}' if name.endswith("jsonl") else BODY)
        for name in ("b.meta.yaml", "notes.docx", ".hidden.txt", ".git/x.txt", "README"):
            write(tmp_path / name, "title: x")
        assert [p.relative_to(tmp_path).as_posix() for p in files(tmp_path)] == [
            "A.txt",
            "a/b.jsonl",
            "a/c.txt",
            "b.txt",
        ]
        assert len(list(read([tmp_path]))) == 4

    def test_a_folder_with_nothing_readable_is_refused(self, tmp_path: Path) -> None:
        write(tmp_path / "a.docx", "x")
        assert f"{tmp_path.as_posix()}: holds nothing readable; put .htm, .html, .jsonl" in refused(tmp_path)


class TestStandardInput:
    def given(self, monkeypatch: pytest.MonkeyPatch, raw: bytes) -> list[Document]:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
        return list(read(["-"]))

    def test_text_json_lines_and_html_are_told_apart(self, monkeypatch: pytest.MonkeyPatch) -> None:
        (text,) = self.given(monkeypatch, BODY.encode("gb18030"))
        assert (text.source, text.text) == ("stdin", BODY.strip())
        records = self.given(monkeypatch, b'{"text": "a b"}\n{"text": "c", "id": 7}\n')
        assert [d.source for d in records] == ["stdin#1", "stdin#7"]
        pytest.importorskip("trafilatura")
        assert self.given(monkeypatch, PAGE.encode())[0].title == "京雄城际铁路全线开通"

    def test_nothing_is_an_error(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with pytest.raises(ReadError, match="stdin: is empty"):
            self.given(monkeypatch, b"")


class TestBadFiles:
    def test_a_missing_file_is_named(self, tmp_path: Path) -> None:
        assert refused(tmp_path / "no.txt").endswith("no.txt: no such file or folder; check the path")

    def test_a_pdf_is_told_how_to_become_text(self, tmp_path: Path) -> None:
        (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7\n")
        assert "reading PDF comes later" in refused(tmp_path / "a.pdf")
        assert "pdftotext" in refused(tmp_path / "a.pdf")

    def test_a_damaged_archive_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt.gz").write_bytes(gzip.compress(BODY.encode())[:-9])
        (tmp_path / "b.txt.gz").write_bytes(b"no gzip")
        assert "a.txt.gz: is a damaged gzip file" in refused(tmp_path / "a.txt.gz")
        assert "b.txt.gz: is a damaged gzip file" in refused(tmp_path / "b.txt.gz")

    def test_only_invisible_characters_are_no_text(self, tmp_path: Path) -> None:
        assert "a.txt: holds no readable characters" in refused(write(tmp_path / "a.txt", "\u200b\ue000"))

    def test_a_sound_file_before_a_bad_one_is_read(self, tmp_path: Path) -> None:
        documents = read([write(tmp_path / "a.txt", BODY), tmp_path / "no.txt"])
        assert next(documents).text == BODY.strip()


class TestNames:
    @pytest.mark.parametrize(
        ("value", "date"),
        [
            ("2021", "2021"), ("2021-2", "2021-02"), ("2021/02/03", "2021-02-03"), ("20210203", "2021-02-03"),
            ("2021-02-03T10:00:00+08:00", "2021-02-03"), ("2021年2月3日", "2021-02-03"), ("", ""),
            ("2021-13", None), ("20210230", None), ("2021年2月30日", None), ("yesterday", None),
        ],
    )  # fmt: skip
    def test_dates_become_iso(self, value: str, date: str | None) -> None:
        assert iso_date(value) == date

    def test_dates_in_names(self) -> None:
        assert name_date("2019-09-13-phU1190913.txt") == "2019-09-13"
        assert name_date("id-120140419x.txt") == ""

    def test_slugs_are_ascii_and_short(self) -> None:
        assert slug("Page 7_京津冀") == "page-7-jing-jin-ji"
        assert slug("…") == ""
        assert len(slug("京津冀" * 60)) <= 60
