"""Figures of one indicator as a small chart in the panel, where there are three or more of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import OpenPage
from view_samples import vocab

from kg.context import Context
from kg.graph import to_quads
from kg.types import Annotation, Document, Entity, Evidence, Observation, Span
from kg.union import finish
from kg.view import render

TEXT = "甲公司的产值和人数。"
OUTPUT = (("2018", "120000000"), ("2019", "90000000"), ("2020", "150000000"))


def _figure(indicator: str, value: str, unit: str, time: str = "") -> Observation:
    evidence = Evidence("doc", Span(0, len(TEXT)), TEXT, "test.v1", 0.9)
    return Observation("a", indicator, value, unit, "asserted", evidence, time=time)


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("chart") / "figures.html"
    told = [_figure("产值", value, "元", time) for time, value in OUTPUT]
    told += [_figure("人数", value, "人") for value in ("30", "20", "10")]
    told += [_figure("面积", value, "亩", "2020") for value in ("1", "2")]
    document = Document("doc", TEXT, "doc.txt", title="甲", published="2021-02")
    context = Context(vocab())
    entities = (Entity("a", "Company", ("甲公司",)),)
    annotation = Annotation(document, entities=entities, observations=tuple(told))
    render(finish(to_quads(annotation, context), context), vocab(), out)
    return out


def test_three_figures_are_a_chart(open_page: OpenPage, figures: Path) -> None:
    page = open_page(figures)
    page.locator("#query").fill("甲公司")
    page.keyboard.press("Enter")
    charts = page.locator("#panel .chart")
    assert set(charts.locator("figcaption").all_inner_texts()) == {"人数", "产值"}  # two of 面积 are too few
    line = charts.filter(has_text="产值").get_by_role("img")
    assert line.get_attribute("aria-label") == "产值: 2018年 1.2 亿元; 2019年 9000 万元; 2020年 1.5 亿元"
    assert (line.locator("polyline").count(), line.locator("circle").count()) == (1, 3)
    assert charts.filter(has_text="人数").locator("rect").count() == 3


def test_a_chart_follows_the_time_slider(open_page: OpenPage, figures: Path) -> None:
    page = open_page(figures, fragment="#from=2019-01")
    page.locator("#query").fill("甲公司")
    page.keyboard.press("Enter")
    assert page.locator("#panel .chart figcaption").all_inner_texts() == ["人数"]
    assert page.locator("#panel .figure.fact").count() == 2 + 3 + 2
