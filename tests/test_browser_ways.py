"""Ways through the network: shortest paths, pinned nodes, and time."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import OpenPage
from view_samples import gold_quads, vocab

from kg.view import render

if TYPE_CHECKING:
    from playwright.sync_api import Page
from test_browser import click_node, keep, node_id, panel


@pytest.fixture(scope="module")
def gold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("ways") / "gold.html"
    render(gold_quads(), vocab(), out)
    return out


# ---- ways and pins


def ask_path(page: Page, start: str, end: str) -> None:
    page.locator("#query").fill(start)
    page.keyboard.press("Enter")
    panel(page).get_by_text("查路径").press("Enter")
    page.keyboard.insert_text(end)
    page.keyboard.press("Enter")


def test_a_path_between_two_entities_by_keyboard_alone(open_page: OpenPage, gold: Path) -> None:
    page = open_page(gold)
    ask_path(page, "雄安站", "天津市")
    ends = panel(page).locator(".end").all_inner_texts()
    assert (ends[0], ends[-1]) == ("雄安站", "天津市")
    assert panel(page).locator("h2").inner_text() == f"最短路径：{len(ends) - 1} 步"
    keep(page, "path")
    fragment = page.evaluate("location.hash")
    panel(page).locator(".by .link").first.click()
    assert panel(page).locator("mark").count()  # each step is a quotation
    page.go_back()
    assert panel(page).locator(".end").all_inner_texts() == ends
    again = open_page(gold, fragment=fragment)
    assert panel(again).locator(".end").all_inner_texts() == ends


def test_a_path_goes_over_visible_relations_only(open_page: OpenPage, gold: Path) -> None:
    page = open_page(gold)
    ask_path(page, "雄安站", "天津市")
    page.locator("#legend li:has(input[data-key=cooperatesWith]) .only").click()
    assert "不相连" in panel(page).inner_text()
    page.keyboard.press("Escape")
    assert panel(page).is_hidden()
    assert "path" not in page.evaluate("location.hash")


def test_a_search_given_up_is_a_search_again(open_page: OpenPage, gold: Path) -> None:
    page = open_page(gold)
    click_node(page, "雄安新区")
    panel(page).get_by_text("查路径").click()
    assert "雄安新区" in (page.locator("#query").get_attribute("placeholder") or "")
    page.keyboard.press("Escape")
    assert "搜索名称" in (page.locator("#query").get_attribute("placeholder") or "")


def test_a_pinned_node_stays_in_sight_and_in_its_place(open_page: OpenPage, gold: Path) -> None:
    page = open_page(gold)
    click_node(page, "雄安新区")
    panel(page).get_by_role("button", name="固定").click()
    assert panel(page).get_by_role("button", name="固定").get_attribute("aria-pressed") == "true"
    page.locator("#legend input[data-key=Zone]").dispatch_event("click")
    id_ = node_id(page, "雄安新区")
    assert page.evaluate("id => networkPage.shown.nodes.has(id)", id_)
    fragment = re.sub(r"@-?\d+_", "@900_", page.evaluate("location.hash"))
    again = open_page(gold, fragment=fragment)
    assert again.evaluate("id => networkPage.shown.nodes.has(id)", id_)
    assert again.evaluate("id => networkPage.nodes[id].x", id_) == 900


def test_what_is_hidden_is_so_for_whom_the_view_is_sent_to_and_comes_back(open_page: OpenPage, gold: Path) -> None:
    page = open_page(gold)
    everything = page.evaluate("networkPage.shown.nodes.size")
    for name in ("雄安新区", "北京市"):
        click_node(page, name)
        panel(page).get_by_role("button", name="隐藏").click()
    fragment = page.evaluate("location.hash")
    again = open_page(gold, fragment=fragment)
    seen = "id => networkPage.shown.nodes.has(id)"
    assert not any(again.evaluate(seen, node_id(page, name)) for name in ("雄安新区", "北京市"))
    again.locator("#legend").get_by_text("恢复隐藏的 2 个实体").click()
    assert again.evaluate("networkPage.shown.nodes.size") == everything
    assert "hide" not in again.evaluate("location.hash")
    again.go_back()
    assert not again.evaluate(seen, node_id(page, "雄安新区"))


def test_a_neighbourhood_can_be_sent(open_page: OpenPage, gold: Path) -> None:
    page = open_page(gold)
    click_node(page, "雄安新区")
    panel(page).get_by_text("只看邻域").click()
    few = page.evaluate("networkPage.shown.nodes.size")
    again = open_page(gold, fragment=page.evaluate("location.hash"))
    assert again.evaluate("networkPage.shown.nodes.size") == few
    panel(again).get_by_text("恢复全部").click()
    assert "near" not in again.evaluate("location.hash")


def test_a_finger_selects_what_it_taps(open_page: OpenPage, gold: Path) -> None:
    page = open_page(gold, width=390, height=844, has_touch=True)
    spot = page.evaluate("id => networkPage.nodeAt(id)", node_id(page, "北京市"))
    box = page.locator("#network").bounding_box()
    assert box
    page.touchscreen.tap(box["x"] + spot["x"], box["y"] + spot["y"])
    assert panel(page).locator("h2").inner_text() == "北京市"
    assert page.locator("#network").evaluate("field => field.style.cursor") == ""  # nothing is pointed at
    keep(page, "tapped")


# ---- time


def move(page: Page, slider: str, to: str) -> None:
    """Put a thumb of the time slider where the address would have the month ``to``."""
    page.evaluate(
        """([id, at]) => { const field = document.getElementById(id);
        field.value = at; field.dispatchEvent(new Event('input', { bubbles: true })); }""",
        [slider, page.evaluate("to => networkPage.steps.findIndex(step => step >= to)", to)],
    )


def test_the_time_slider_hides_what_is_dated_otherwise(open_page: OpenPage, gold: Path) -> None:
    page = open_page(gold)
    click_node(page, "京雄城际铁路")
    move(page, "time-to", "2019-01")
    assert "2020年12月27日" not in panel(page).inner_text()
    assert "to=2019-01" in page.evaluate("location.hash")
    assert "2019年1月" in page.locator("#time-said").inner_text()
    keep(page, "time")
    move(page, "time-to", "2020-12")
    assert "2020年12月27日" in panel(page).inner_text()


def test_undated_facts_can_go_too_and_the_address_says_so(open_page: OpenPage, gold: Path) -> None:
    page = open_page(gold)
    everything = page.evaluate("networkPage.shown.nodes.size")
    page.locator("#undated").uncheck()
    some = page.evaluate("networkPage.shown.nodes.size")
    assert 0 < some < everything
    fragment = page.evaluate("location.hash")
    again = open_page(gold, fragment=fragment)
    assert again.evaluate("networkPage.shown.nodes.size") == some
    again.locator("#query").fill("雄安新区")
    again.keyboard.press("Enter")  # what is searched for is seen, whatever was filtered away
    assert "undated" not in again.evaluate("location.hash")


def test_time_runs_to_its_end(open_page: OpenPage, gold: Path) -> None:
    page = open_page(gold)
    move(page, "time-from", "2020-06")
    page.locator("#play").press("Enter")
    assert page.locator("#play").get_attribute("aria-label") == "暂停"
    page.locator("#play[aria-label=播放]").wait_for(timeout=20_000)
    assert "to=" not in page.evaluate("location.hash")


def test_the_thumbs_of_time_obey_the_keyboard(open_page: OpenPage, gold: Path) -> None:
    page = open_page(gold)
    page.locator("#time-from").press("ArrowRight")
    assert re.search(r"from=\d{4}-\d\d", page.evaluate("location.hash"))
    assert page.locator("#time-from").get_attribute("aria-valuetext")


def test_without_dates_there_is_no_slider(open_page: OpenPage, tmp_path: Path) -> None:
    render([], vocab(), tmp_path / "empty.html")
    assert open_page(tmp_path / "empty.html").locator("#time").is_hidden()
