"""Pictures that a reader takes away: SVG and PNG as downloads, and paper."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from conftest import OpenPage
from view_samples import SCRIPT, gold_quads, hostile_quads, vocab

from kg.view import render

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def gold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("picture") / "gold.html"
    render(gold_quads(), vocab(), out)
    return out


def saved(open_page: OpenPage, html: Path, button: str, to: Path) -> bytes:
    page = open_page(html, width=1400, height=900)
    with page.expect_download() as waiting:
        page.locator(button).click()
    waiting.value.save_as(to)
    return to.read_bytes()


def test_a_network_is_saved_as_svg(open_page: OpenPage, gold: Path, tmp_path: Path) -> None:
    root = ET.fromstring(saved(open_page, gold, "#vector", tmp_path / "network.svg"))
    titles = {title.text for title in root.iter(f"{SVG}title")}
    assert "雄安新区" in titles
    assert "北京市" in {text.text for text in root.iter(f"{SVG}text")}
    assert len(list(root.iter(f"{SVG}path"))) > 60


def test_names_in_an_svg_stay_text(open_page: OpenPage, tmp_path: Path) -> None:
    render(hostile_quads(), vocab(), tmp_path / "hostile.html")
    root = ET.fromstring(saved(open_page, tmp_path / "hostile.html", "#vector", tmp_path / "network.svg"))
    assert SCRIPT in {title.text for title in root.iter(f"{SVG}title")}
    assert not list(root.iter(f"{SVG}script"))


def test_a_network_is_saved_as_png(open_page: OpenPage, gold: Path, tmp_path: Path) -> None:
    assert saved(open_page, gold, "#picture", tmp_path / "network.png").startswith(b"\x89PNG")


def test_on_paper_there_are_no_tools(open_page: OpenPage, gold: Path) -> None:
    page = open_page(gold)
    page.emulate_media(media="print")
    try:
        hidden = ("header .search", ".tools", "#legend", "#time")
        assert [place for place in hidden if page.locator(place).is_visible()] == []
        assert page.locator("#network").is_visible()
    finally:
        page.emulate_media(media="screen")
