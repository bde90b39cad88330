"""Text: what normalising changes, what it never changes, the way back to the source, sentences and clauses."""

from __future__ import annotations

import gzip
import json
import re
import time
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import ROOT, shared

from kg.text import clauses, fold, normalise, sentences, to_source
from kg.types import Offsets, Span

PAGE = (ROOT / "data" / "articles" / "jingjinji-2021.txt").read_text(encoding="utf-8")


def normal(source: str) -> str:
    return normalise(source).text


class TestCharacters:
    @pytest.mark.parametrize(
        ("source", "text"),
        [
            ("２０１４年ＧＤＰ增长５．６％", "2014年GDP增长5.6%"),
            ("央视网消息(新闻联播):北京,天津;河北?", "央视网消息（新闻联播）：北京，天津；河北？"),
            ("总投资1,200亿元,比分3:2", "总投资1,200亿元，比分3:2"),
            ('采取"以奖促治"措施', "采取“以奖促治”措施"),
            ('屏幕有55"大小', '屏幕有55"大小'),
            ("say (hello), world: ok?", "say (hello), world: ok?"),
            ("30~50毫米，5月~6月", "30~50毫米，5月～6月"),
            ("！（），：；？。、", "！（），：；？。、"),
            ("⼈⼝与豈﹐", "人口与豈，"),
            ("㎡、Ⅲ、①、m²", "㎡、Ⅲ、①、m²"),
            ("京\u200b津\ufeff冀\ue000协\x07同\ud800", "京津冀协同"),
        ],
    )
    def test_have_one_width_and_none_is_invisible(self, source: str, text: str) -> None:
        assert normal(source) == text

    @pytest.mark.parametrize(
        ("source", "text"),
        [
            ("2014年 2月 26日，比上年上升 8 个百分点", "2014年2月26日，比上年上升8个百分点"),
            ("甸 区 抢 抓 发 展 机 遇 ，2014 年 至 今 ，", "甸区抢抓发展机遇，2014年至今，"),
            ("投资 4802.46 亿 元 。", "投资4802.46亿元。"),
            ("降至15. 8%，增长１ 8日", "降至15.8%，增长18日"),
            ("转发11 000次", "转发11000次"),
            ("Made in China 的 GDP 增长", "Made in China的GDP增长"),
            ("陇德 王其江 王国生。", "陇德 王其江 王国生。"),
            ("　　今天，\u00a0\t北京", "今天，北京"),
        ],
    )
    def test_spaces_stay_between_words_alone(self, source: str, text: str) -> None:
        assert normal(source) == text

    def test_a_space_between_the_phrases_of_a_headline_stays(self) -> None:
        assert normal("谋篇大格局 协同发展擘画新蓝图\n\n三地协同发展，交通先行，四年来取得明显成效。").startswith(
            "谋篇大格局 协同发展擘画新蓝图\n"
        )

    def test_line_breaks_of_all_kinds_are_one(self) -> None:
        assert normal("甲。\r\n乙。\r丙。\u2028丁。") == "甲。\n乙。\n丙。\n丁。"


HOSTILE = st.text(st.one_of(st.characters(), st.characters(categories=["Cs", "Co", "Cf", "Cc", "Zs", "Mn"])))
PIECES = st.lists(
    st.sampled_from(
        [
            *(
                "京津冀协同发展 2014年",
                "2 月",
                "，",
                "。",
                "；",
                "“",
                "”",
                "(",
                ")",
                '"',
                "'",
                ":",
                "~",
                "ＡＢ",
                "１２",
            ),
            *("\n", "\n\n", "\r\n", "\u3000\u3000", " ", "  ", "\u200b", "\ue001", "\ud800", "GDP ", "\xe9", "e\u0301"),
            *(
                "本报记者 顾 阳",
                "新华社记者\n\n杨世尧摄",
                "。 孙立君摄（中经视觉）",
                "图为工人。",
                "掀开新篇章",
                "15. 8%",
            ),
            "北京、天津、河北三地积极作为，圆满完成了京津冀",
        ]
    ),
    max_size=60,
).map("".join)


class TestOffsets:
    @settings(max_examples=400, deadline=None)
    @given(st.one_of(HOSTILE, PIECES), st.data())
    def test_every_span_leads_to_the_same_characters_of_the_source(self, source: str, data: st.DataObject) -> None:
        done = normalise(source)
        start = data.draw(st.integers(0, len(done.text)))
        end = data.draw(st.integers(start, len(done.text)))
        back = to_source(done.offsets, Span(start, end))
        assert 0 <= back.start <= back.end <= len(source)
        assert fold(source[back.start : back.end]) == fold(done.text[start:end])

    @settings(max_examples=300, deadline=None)
    @given(st.one_of(HOSTILE, PIECES))
    def test_nothing_visible_is_added_lost_or_moved(self, source: str) -> None:
        assert fold(normal(source)) == fold(source)

    @settings(max_examples=300, deadline=None)
    @given(st.one_of(HOSTILE, PIECES))
    def test_the_text_is_clean_and_made_of_its_blocks(self, source: str) -> None:
        done = normalise(source)
        assert not any(unicodedata.category(c) in {"Co", "Cs", "Cf"} for c in done.text)
        assert not any(unicodedata.category(c) == "Cc" and c != "\n" for c in done.text)
        assert "\n".join(b.span.of(done.text) for b in done.blocks) == done.text
        assert all("\n" not in (line := b.span.of(done.text)) and line.strip(" ") == line for b in done.blocks)
        runs = done.offsets.runs
        assert done.offsets.length == len(done.text)
        assert all(a[0] < b[0] and a[1] <= b[1] for a, b in pairwise(runs))

    def test_white_space_is_all_that_a_comparison_forgets_of_the_page(self) -> None:
        """On the bundled page nothing but spaces and line breaks differs, for every sentence."""
        done = normalise(PAGE)
        for span in sentences(done.text, done.blocks):
            back = to_source(done.offsets, span)
            assert re.sub(r"\s", "", PAGE[back.start : back.end]) == span.of(done.text).replace(" ", "")

    def test_a_byline_cut_off_its_line_takes_no_character_of_the_source_for_the_break(self) -> None:
        source = "图为雄安站。孙立君摄（中经视觉）"
        done = normalise(source)
        cut = done.text.index("\n")
        assert to_source(done.offsets, Span(cut, cut + 1)) == Span(cut, cut)
        assert to_source(done.offsets, Span(0, len(done.text))) == Span(0, len(source))

    def test_no_text_leads_nowhere(self) -> None:
        assert normalise(" \n\u200b") == normalise("")
        assert to_source(Offsets((), 0), Span(0, 0)) == Span(0, 0)


class TestSentences:
    def parts(self, text: str) -> list[str]:
        done = normalise(text)
        return [s.of(done.text) for s in sentences(done.text, done.blocks)]

    def test_end_at_stops_with_the_quotes_that_close_there(self) -> None:
        assert self.parts("“重大意义。”负责人说。一是疏解；二是统筹！好吗？？《规划》（试行。）出台") == [
            "“重大意义。”", "负责人说。", "一是疏解；二是统筹！", "好吗？？", "《规划》（试行。）", "出台",
        ]  # fmt: skip

    def test_never_run_across_blocks(self) -> None:
        assert self.parts("京津冀打造交通大格局\n\n打通断头路，完善交通网。\n全长940公里") == [
            "京津冀打造交通大格局", "打通断头路，完善交通网。", "全长940公里",
        ]  # fmt: skip

    def test_cover_the_text_in_order_without_overlap(self) -> None:
        done = normalise(PAGE)
        spans = sentences(done.text, done.blocks)
        assert list(spans) == sorted(spans)
        assert "".join(s.of(done.text) for s in spans) == done.text.replace("\n", "")

    def test_without_blocks_are_cut_at_line_ends(self) -> None:
        assert sentences("甲\n乙。丙") == (Span(0, 1), Span(2, 4), Span(4, 5))

    def test_clauses_end_at_commas_and_colons_too(self) -> None:
        text = "数据显示：出口1.44小时，与2017年相比，压缩90.6%。另一句。"
        whole = Span(0, text.index("另"))
        assert [c.of(text) for c in clauses(text, whole)] == [
            "数据显示：", "出口1.44小时，", "与2017年相比，", "压缩90.6%。",
        ]  # fmt: skip


class TestTime:
    """Linear in the length of the text, whatever it is made of."""

    @pytest.mark.parametrize(
        "unit",
        [
            "京津冀三地积极作为",
            "京津冀三地。",
            "甸 区 抢 ",
            '"京"',
            "(京",
            "京\u200b津 ",
            "1 2 34 ",
            "顾 阳 摄",
            " ",
            "。”",
        ],
    )
    def test_one_long_line_costs_time_in_proportion(self, unit: str) -> None:
        def cost(size: int) -> float:
            source = "甲。\n" + unit * (size // len(unit)) + "\n乙。"
            start = time.process_time()
            done = normalise(source)
            sentences(done.text, done.blocks)
            return time.process_time() - start

        cost(20_000)
        assert min(cost(400_000) for _ in range(3)) < 64 * max(min(cost(25_000) for _ in range(3)), 0.01)

    @pytest.mark.parametrize("line", ["京津冀协同发展，圆满完成了\n", "京津冀协同发展圆满完成了\n\n", "甲。\r\n", "\n"])
    def test_many_lines_cost_time_in_proportion(self, line: str) -> None:
        def cost(times: int) -> float:
            start = time.process_time()
            normalise(line * times)
            return time.process_time() - start

        cost(1_000)
        assert min(cost(40_000) for _ in range(3)) < 64 * max(min(cost(2_500) for _ in range(3)), 0.01)


def test_real_items_lead_back_to_their_source_and_keep_their_lines() -> None:
    """200 items of television news: one paragraph a line already, so every line is a block."""
    with gzip.open(shared("corpus", "xwlb-15k.jsonl.gz"), "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for _, line in zip(range(6000), lines, strict=False)][::30]
    for row in rows:
        source = f"{row['title']}\n\n{row['text']}"
        done = normalise(source, titled=True)
        assert done.blocks[0].kind == "title"
        bylines = sum(b.kind == "byline" for b in done.blocks)
        assert 0 <= len(done.blocks) - len([x for x in source.split("\n") if x.strip()]) <= bylines
        for span in sentences(done.text, done.blocks):
            back = to_source(done.offsets, span)
            assert fold(source[back.start : back.end]) == fold(span.of(done.text))
