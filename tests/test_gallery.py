"""The page of misses and wrong items: what stands where, that nothing in it can act, and that it is always the same."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from pathlib import Path

import pytest
from conftest import OpenPage

from kg import api
from kg.cli import run
from kg.errors import OutputError
from kg.evaluate import Miss, Scores, Tally
from kg.explain_rules import RuleSource
from kg.gallery import Material, groups, is_near, page, write_gallery
from kg.grammar import Example
from kg.types import Block, Document, Span

TEXT = "某区有三条线路。甲线连接\n东站与西站，乙线也开通。其他不论。"
DOCUMENT = Document("d", TEXT, "d.txt", blocks=(Block(Span(0, len(TEXT)), "body"),))
EXAMPLE = Example("甲连接乙。", (("甲", "p", "乙"),))
RULE = RuleSource("links.v1", "links.yaml:3", "{a:Line}连接{b:Station}", ("连接",), (EXAMPLE,))

MISSED_FACT = Miss("d.txt", "fact", ("connects", "甲线", "西站", "asserted"), "甲线连接东站与西站", "missed")
WRONG_FACT = Miss("d.txt", "fact", ("connects", "甲线", "东区", "asserted"), "甲线连接东站", "wrong", "links.v1")
MISSED_NAME = Miss("d.txt", "entity", ("Station", "西站"), "", "missed")
WRONG_NAME = Miss("d.txt", "entity", ("Line", "乙线"), "", "wrong")
MISSED_FIGURE = Miss("d.txt", "observation", ("线路", "某区", "3", "条", "asserted"), "三条线路", "missed")

SCORES = Scores(
    documents=1,
    entities=Tally(3, 1, 1),
    facts=Tally(2, 1, 1),
    observations=Tally(0, 0, 1),
    by_type={"Station": Tally(1, 0, 1), "Line": Tally(2, 1, 0)},
    by_predicate={"connects": Tally(2, 1, 1)},
    by_rule={"links.v1": Tally(2, 1, 0)},
    misses=(MISSED_FACT, WRONG_FACT, MISSED_NAME, WRONG_NAME, MISSED_FIGURE),
    names=(("d.txt", ("乙线路", "乙线"), "wrong"), ("d.txt", ("东站",), "right"), ("d.txt", ("甲线",), "right")),
)
MATERIAL = Material(
    {"d.txt": DOCUMENT}, {"links.v1": RULE}, {("d.txt", "乙线"): "names.v1", ("d.txt", "东站"): "names.v1"}
)


def test_wrong_items_stand_under_their_rule_with_its_counts() -> None:
    wrong, _ = groups(SCORES, MATERIAL)
    told = [(group.title, group.kind, group.figure, group.source) for group in wrong]
    assert told == [
        ("names.v1", "entity", "1 wrong, 1 right: precision 0.50", None),
        ("links.v1", "fact", "1 wrong, 2 right: precision 0.67", RULE),
    ]


def test_missed_items_stand_under_their_predicate_or_type() -> None:
    _, missed = groups(SCORES, MATERIAL)
    assert [(group.title, group.figure) for group in missed] == [
        ("Station", "1 missed, 1 right: recall 0.50"),
        ("connects", "1 missed, 2 right: recall 0.67"),
        ("figures", "1 missed, 0 right: recall 0.00"),
    ]


def test_the_words_are_marked_in_their_whole_sentence_whatever_the_white_space() -> None:
    _, missed = groups(SCORES, MATERIAL)
    entry = next(group for group in missed if group.title == "connects").entries[0]
    assert (entry.before, entry.marked, entry.after) == ("", "甲线连接\n东站与西站", "，乙线也开通。")


def test_a_name_is_shown_where_it_first_stands() -> None:
    wrong, _ = groups(SCORES, MATERIAL)
    entry = wrong[0].entries[0]
    assert entry.marked == "乙线"
    assert entry.after == "也开通。"


def test_what_was_found_instead_and_what_was_not_found_is_told() -> None:
    wrong, missed = groups(SCORES, MATERIAL)
    fact = next(group for group in missed if group.title == "connects").entries[0]
    assert fact.instead == ("found instead: connects · 甲线 · 东区 · asserted", "not found: 西站 (Station)")
    assert wrong[1].entries[0].instead == ("the gold has: connects · 甲线 · 西站 · asserted",)


def test_without_the_text_the_quote_is_shown_alone() -> None:
    _, missed = groups(SCORES, Material({}, {}, {}))
    entry = next(group for group in missed if group.title == "connects").entries[0]
    assert (entry.before, entry.marked, entry.after) == ("", "甲线连接东站与西站", "")


@pytest.mark.parametrize(
    ("left", "right", "near"),
    [
        (MISSED_FACT, WRONG_FACT, True),
        (MISSED_FACT, Miss("e.txt", "fact", WRONG_FACT.key), False),
        (MISSED_FACT, Miss("d.txt", "fact", ("partOf", "甲线", "南站", "asserted")), False),
        (MISSED_NAME, Miss("d.txt", "entity", ("Zone", "西站区")), True),
        (MISSED_NAME, WRONG_NAME, False),
        (MISSED_FIGURE, Miss("d.txt", "observation", ("线", "别区", "3", "条", "planned")), True),
        (MISSED_FIGURE, Miss("d.txt", "observation", ("面积", "别区", "4", "亩", "asserted")), False),
    ],
)
def test_near_is_what_differs_in_little(left: Miss, right: Miss, near: bool) -> None:
    assert is_near(left, right) is near


def test_the_page_tells_rules_with_pattern_and_examples() -> None:
    text = html.unescape(page(SCORES, MATERIAL))
    for words in ("links.yaml:3", RULE.pattern, "甲连接乙。", "precision 0.67", "<mark>乙线</mark>"):
        assert words in text


def test_a_page_without_errors_says_so() -> None:
    assert page(Scores(0, Tally(), Tally(), Tally()), MATERIAL).count(">none<") == 4


def test_the_page_depends_on_nothing_but_what_is_given() -> None:
    turned = Scores(**{**{n: getattr(SCORES, n) for n in SCORES.__slots__}, "misses": SCORES.misses[::-1]})
    assert page(SCORES, MATERIAL) == page(turned, MATERIAL)


def test_nothing_in_a_text_becomes_markup() -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    miss = Miss(evil, "fact", (evil, evil, evil, "asserted"), evil, "wrong", evil)
    rule = RuleSource(evil, evil, evil, (), (Example(evil, ((evil,),)),))
    text = page(
        Scores(1, Tally(), Tally(), Tally(), misses=(miss,)),
        Material({evil: Document("d", f"“{evil}”", evil)}, {evil: rule}, {}),
    )
    assert "<script" not in text
    assert "<img" not in text


def test_the_policy_lets_only_the_pages_own_style_in() -> None:
    text = page(SCORES, MATERIAL)
    css = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    policy = re.search(r'Content-Security-Policy" content="(.*?)"', text)
    assert css
    assert policy
    digest = base64.b64encode(hashlib.sha256(css[1].encode()).digest()).decode()
    assert html.unescape(policy[1]).startswith(f"default-src 'none'; style-src 'sha256-{digest}'; ")
    assert "http" not in text.replace("http-equiv", "")
    assert "style=" not in text


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="choose another place"):
        write_gallery(SCORES, MATERIAL, tmp_path / "file" / "errors.html")


def test_the_command_writes_the_page(bundled: Path, tmp_path: Path) -> None:
    out = tmp_path / "errors.html"
    assert run(["score", "--in", str(bundled), "--errors", str(out)]) == 0
    text = html.unescape(out.read_text(encoding="utf-8"))
    scores = api.score(bundled)
    assert text.count("<article") == len(scores.misses)
    first = out.read_bytes()
    assert run(["score", "--in", str(bundled), "--errors", str(out)]) == 0
    assert out.read_bytes() == first


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_opens_alone_and_can_be_read(scheme: str, tmp_path: Path, open_page: OpenPage) -> None:
    out = tmp_path / "errors.html"
    write_gallery(SCORES, MATERIAL, out)
    tab = open_page(out, color_scheme=scheme)
    assert tab.locator("mark").first.is_visible()
    ground, ink = (tab.evaluate(f"getComputedStyle(document.body).{name}") for name in ("backgroundColor", "color"))
    assert ground != ink
    assert (ground == "rgb(16, 21, 27)") == (scheme == "dark")
    width = tab.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1]
