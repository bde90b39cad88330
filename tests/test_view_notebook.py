"""The network in a notebook: a frame that may only run scripts and save files, over a picture for the untrusting."""

from __future__ import annotations

import base64
import html
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from conftest import OpenPage
from view_samples import CLOSING, SCRIPT, gold_quads, hostile_quads, vocab

from kg import view_notebook
from kg.view import ViewSummary, render

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def gold(tmp_path_factory: pytest.TempPathFactory) -> ViewSummary:
    return render(gold_quads(), vocab(), tmp_path_factory.mktemp("notebook") / "gold.html")


def shown(summary: ViewSummary) -> str:
    return summary._repr_mimebundle_(include=None, exclude=None)["text/html"]


def picture(text: str) -> ET.Element:
    found = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', text)
    assert found
    return ET.fromstring(base64.b64decode(found[1]))


def test_a_summary_shows_its_page_in_a_frame(gold: ViewSummary) -> None:
    found = re.search(r'<iframe srcdoc="([^"]*)" sandbox="([^"]*)"', shown(gold))
    assert found
    assert html.unescape(found[1]) == gold.path.read_text(encoding="utf-8")
    assert found[2].split() == ["allow-scripts", "allow-downloads"]


def test_under_it_lies_a_picture_of_what_is_seen_first(gold: ViewSummary) -> None:
    drawn = picture(shown(gold))
    assert len(list(drawn.iter(f"{SVG}circle"))) == gold.nodes
    assert "北京市" in {text.text for text in drawn.iter(f"{SVG}text")}


def test_names_in_the_picture_stay_text(tmp_path: Path) -> None:
    text = shown(render(hostile_quads(), vocab(), tmp_path / "hostile.html", title=CLOSING))
    assert SCRIPT in {name.text for name in picture(text).iter(f"{SVG}text")}
    assert "<script" not in text


def test_a_page_too_large_for_a_notebook_is_a_picture(gold: ViewSummary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view_notebook, "LARGEST", gold.size - 1)
    assert "<iframe" not in shown(gold)
    assert len(list(picture(shown(gold)).iter(f"{SVG}circle"))) == gold.nodes


def test_a_page_that_is_gone_is_told_in_words(tmp_path: Path) -> None:
    summary = render([], vocab(), tmp_path / "empty.html")
    assert "<iframe" in shown(summary)
    summary.path.unlink()
    assert summary._repr_mimebundle_().keys() == {"text/plain"}


def test_the_frame_works_in_a_browser(open_page: OpenPage, gold: ViewSummary, tmp_path: Path) -> None:
    (tmp_path / "cell.html").write_text(
        f'<!DOCTYPE html><html lang="en" data-ready><meta charset="utf-8"><title>cell</title>{shown(gold)}',
        encoding="utf-8",
    )
    page = open_page(tmp_path / "cell.html")
    frame = page.frame_locator("iframe")
    frame.locator("html[data-ready]").wait_for(state="attached")
    frame.locator("#query").fill("xaxq")
    frame.locator("#query").press("Enter")
    assert frame.locator("#panel h2").inner_text() == "雄安新区"
