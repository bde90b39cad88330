"""The network under axe-core: no serious and no critical violation, in either language, in either theme."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe import violations
from conftest import OpenPage
from test_browser import click_edge, click_node, panel
from view_samples import gold_quads, hostile_quads, vocab

from kg.view import render


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("axe")
    for lang in ("zh", "en"):
        render(gold_quads(), vocab(), folder / f"{lang}.html", lang=lang)
    render(hostile_quads(), vocab(), folder / "hostile.html")
    return {path.stem: path for path in folder.iterdir()}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_one_sees_can_be_perceived_by_all(
    open_page: OpenPage, pages: dict[str, Path], lang: str, scheme: str
) -> None:
    page = open_page(pages[lang], color_scheme=scheme)
    assert violations(page) == []
    click_node(page, "曹妃甸区")
    page.locator("#panel .fold").first.click()
    assert violations(page) == []
    page.locator("#query").fill("雄安")
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.locator("#table-button").click()
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_statement_and_its_narrow_screen(open_page: OpenPage, pages: dict[str, Path], scheme: str) -> None:
    page = open_page(pages["hostile"], color_scheme=scheme)
    click_edge(page, "e.m === 'planned'")
    assert panel(page).is_visible()
    assert violations(page) == []
    page = open_page(pages["zh"], color_scheme=scheme, width=390, height=844)
    page.locator("#legend-button").click()
    assert violations(page) == []


def test_axe_sees_what_is_wrong(open_page: OpenPage, pages: dict[str, Path]) -> None:
    page = open_page(pages["zh"])
    page.locator("#theme").evaluate("button => ['aria-label', 'title'].forEach(a => button.removeAttribute(a))")
    page.locator("#legend h2").first.evaluate("line => { line.style.color = '#eee'; }")
    found = violations(page)
    assert any(line.startswith("serious color-contrast ") for line in found)
    assert any(line.startswith("critical button-name #theme: ") for line in found)
