"""Layout: paragraphs out of wrapped lines, and blocks told apart, on the bundled page and on made-up ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import ROOT, shared

from kg.bylines import Words, bundled, load_rules, words
from kg.errors import DataError
from kg.text import normalise

PAGE = ROOT / "data" / "articles" / "jingjinji-2021.txt"
PARAGRAPHS = [
    "京津冀协同发展战略实施七年来，三地积极作为，交通一体化建设加快推进，生态治理成效显著，产业升级转移工作扎实开展。",
    "京雄城际铁路全线开通运营，京唐城际、京滨城际等重大项目建设提速，跨区域公路项目取得积极进展，区域公路网更趋完善。天津港智能化码头项目加快实施。",
    "2020年，京津冀地区平均优良天数比例达70.1%，比上年上升8个百分点，三省市共完成植树造林800多万亩。",
]
HEADING = "携手迈向更高水平"


def blocks(source: str) -> list[tuple[str, str]]:
    done = normalise(source)
    return [(b.kind, b.span.of(done.text)) for b in done.blocks]


def texts(source: str) -> list[str]:
    return [text for _, text in blocks(source)]


def wrapped(paragraph: str, cells: int, indent: int = 0) -> list[str]:
    """A paragraph broken at a column's width; a mark that would begin a line hangs over the margin instead."""
    lines, line, used = [], "", indent
    for char in paragraph:
        wide = 1 if char.isascii() else 2
        if used + wide > cells and char not in "，。、；：”）%":
            lines.append(line)
            line, used = "", 0
        line, used = line + char, used + wide
    return [*lines, line]


def page(cells: int, *, between: str = "\n", apart: str = "\n", spaces: str = "", indent: int = 4) -> str:
    """Two paragraphs, a heading and a third, set in a column."""
    set_ = ["\n".join(spaces + between.join(wrapped(p, cells, indent)) for p in [text]) for text in PARAGRAPHS]
    return apart.join([set_[0], set_[1], HEADING, set_[2]]) + "\n"


WANTED = [PARAGRAPHS[0], PARAGRAPHS[1], HEADING, PARAGRAPHS[2]]


class TestWraps:
    @pytest.mark.parametrize("cells", [26, 30, 36, 40, 44, 50, 56])
    def test_wraps_at_any_width_without_blank_lines(self, cells: int) -> None:
        assert texts(page(cells)) == WANTED

    @pytest.mark.parametrize("cells", [26, 30, 36, 40, 44, 50, 56])
    def test_wraps_with_a_blank_line_after_every_line(self, cells: int) -> None:
        assert texts(page(cells, between="\n\n", apart="\n\n")) == WANTED

    @pytest.mark.parametrize("cells", [20, 26, 30, 36, 40, 44, 50, 56, 70])
    def test_wraps_with_blank_lines_between_paragraphs(self, cells: int) -> None:
        assert texts(page(cells, apart="\n\n", indent=0)) == WANTED

    @pytest.mark.parametrize("cells", [20, 26, 30, 36, 40, 44, 50, 56, 70])
    def test_wraps_with_indented_paragraphs(self, cells: int) -> None:
        assert texts(page(cells, spaces="　　")) == WANTED

    def test_columns_of_different_widths_follow_each_other(self) -> None:
        source = "\n\n".join(
            line for p, cells in zip(PARAGRAPHS, (44, 30, 56), strict=True) for line in wrapped(p, cells, 4)
        )
        assert texts(source) == PARAGRAPHS

    def test_a_paragraph_a_line_stays_as_it_is(self) -> None:
        source = "\n".join(WANTED)
        assert texts(source) == WANTED
        assert texts(source.replace("\n", "\n\n")) == WANTED

    @pytest.mark.parametrize(
        "source",
        [
            "中国民主同盟委员会\n中国民主建国会委员会\n中国民主促进会委员会\n中国农工民主党委员会\n中国致公党委员会",
            "1976—1979年 党校教员、副主任\n1979—1980年 干部班学习\n1980—1981年 党校教员\n1981—1982年 地委副书记",
            "一、停止新建楼堂馆所\n二、严格控制维修改造\n三、全面清理办公用房\n四、严格规范办公用房管理\n五、切实加强领导",
        ],
    )
    def test_a_list_is_no_wrapped_text(self, source: str) -> None:
        assert len(texts(source)) == source.count("\n") + 1


class TestBlocks:
    def test_the_bundled_page_is_read_like_an_editor(self) -> None:
        """Every paragraph whole; headings, bylines and captions apart; all in the order of the file."""
        golden = (Path(__file__).parent / "data" / "jingjinji-2021.blocks.tsv").read_text(encoding="utf-8").splitlines()
        found = blocks(PAGE.read_text(encoding="utf-8"))
        assert [line.split("\t")[:2] for line in golden] == [[kind, str(len(text))] for kind, text in found]
        for line, (_, text) in zip(golden, found, strict=True):
            begin, _, end = line.split("\t")[2].partition(" … ")
            assert text == begin if not end else (text.startswith(begin) and text.endswith(end))

    def test_bylines_lose_the_space_inside_a_name_but_not_between_names(self) -> None:
        source = "掀开新篇章\n本报记者 顾 阳 柏 洋 刘伟姮\n\n三地协同发展，交通先行，四年来取得明显成效。"
        assert blocks(source)[1] == ("byline", "本报记者顾阳 柏洋 刘伟姮")

    def test_a_photo_credit_stands_apart_and_makes_a_caption(self) -> None:
        source = (
            "三地协同发展，交通先行。\n京津中关村科技城协同发展中心。 孙凡越摄（新华社发）\n三地携手治理，成效显著。"
        )
        assert blocks(source)[1:3] == [
            ("caption", "京津中关村科技城协同发展中心。"),
            ("byline", "孙凡越摄（新华社发）"),
        ]

    def test_a_byline_on_two_lines_is_one(self) -> None:
        assert ("byline", "新华社记者杨世尧摄") in blocks(PAGE.read_text(encoding="utf-8"))

    def test_a_digest_has_a_heading_before_each_story(self) -> None:
        source = (
            "国内联播快讯\n\n央视网消息（新闻联播）：\n大张高铁今天开始联调联试\n大同到张家口高铁今天开始联调联试，全长134.4公里。\n"
            "自贸区新片区签约\n上海自贸区新片区首批重点项目集中签约，总投资超过110亿元。"
        )
        assert [kind for kind, _ in blocks(source)] == ["title", "body", "heading", "body", "heading", "body"]

    def test_a_first_line_that_is_a_sentence_is_no_title(self) -> None:
        assert [kind for kind, _ in blocks("三地协同发展。\n\n交通先行，四年来取得明显成效。")] == ["body", "body"]

    def test_the_dev_texts_have_a_title_and_whole_lines(self) -> None:
        paths = sorted(shared("gold", "dev").glob("*.txt"))
        assert len(paths) == 16
        for path in paths:
            source = path.read_text(encoding="utf-8")
            found = blocks(source)
            assert [kind for kind, _ in found].count("title") == 1, path.name
            assert found[0][0] == "title", path.name
            assert len(found) == len([line for line in source.split("\n") if line.strip()]), path.name
            assert {kind for kind, _ in found[1:]} <= {"heading", "body"}, path.name


class TestRules:
    def test_each_has_examples(self) -> None:
        assert all(rule["examples"] for rules in load_rules(bundled())[1].values() for rule in rules)

    @pytest.mark.parametrize(
        ("line", "date"),
        [("（2021年2月）", "2021-02"), ("2021-2-6 09:30 来源：某社", "2021-02-06"), ("2014年2月26日，三地考察", "")],
    )
    def test_datelines_give_iso_dates(self, line: str, date: str) -> None:
        assert words().dateline(line) == date

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("{desk} *{role}'", "{desk} *{roll}'", "bylines: bad pattern"),
            ("pattern: '{desk} *{role}'", "pattern: '{desk} *({role}'", "bylines: bad pattern"),
            ("datelines:", "dates:", "lacks datelines"),
            ("words:", "words: [", "cannot be read as YAML"),
        ],
    )
    def test_a_broken_file_is_named_with_its_key(self, tmp_path: Path, old: str, new: str, said: str) -> None:
        text = bundled().read_text(encoding="utf-8")
        assert old in text
        broken = tmp_path / "layout.yaml"
        broken.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(DataError, match=r"layout\.yaml") as caught:
            words(broken)
        assert said in str(caught.value)

    def test_are_read_once(self) -> None:
        assert words() is words()
        assert isinstance(words(), Words)
