"""``kg serve`` as a person uses it, in Chromium: search, read, filter, ask, decide, build again, see it done.

With SCREENS set, a picture of each step is kept under ``build/screens/``.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from axe import violations
from served_pages import built
from servers import free_port, served
from support import ROOT

from kg.build import build

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCREENS = ROOT / "build" / "screens"
WIDE, NARROW = (1280, 800), (390, 844)
WAYS = [(WIDE, "zh-CN", "light"), (WIDE, "en", "dark"), (NARROW, "zh-CN", "dark"), (NARROW, "en", "light")]
PAGES = (
    *("/", "/search?q=北京", "/documents", "/doc", "/id/hsr-jingxiong", "/id/cn-110000", "/statement"),
    *("/ontology", "/ontology/openedOn", "/questions", "/question/agreements", "/conflicts", "/rejected"),
    *("/reviews", "/graph/facts", "/id/nobody"),
)

Visit = Callable[..., "Page"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recipe of the reader's own and a build of it."""
    made = tmp_path_factory.mktemp("served")
    built(made)
    return made


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """A server over that build, on which people may decide."""
    port = free_port()
    command = [sys.executable, "-m", "kg", "serve", "--in", str(folder / "build"), "--port", str(port), "--review"]
    with served(command, port, cwd=ROOT):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def visit(tabs: Callable[..., Page], address: str) -> Iterator[Visit]:
    """Opens a page of the server; the test fails on any error it tells and any request to elsewhere."""
    heard: list[str] = []
    opened: list[Page] = []

    def asked(url: str) -> None:
        if not url.startswith((address, "data:", "blob:", "about:")):
            heard.append(f"asked: {url}")

    def said(kind: str, text: str) -> None:
        if kind in ("error", "warning") and "404" not in text:
            heard.append(f"{kind}: {text}")

    hear = {
        "pageerror": lambda error: heard.append(f"error: {error}"),
        "console": lambda message: said(message.type, message.text),
        "request": lambda request: asked(request.url),
    }

    def open_(path: str, size: tuple[int, int] = WIDE, locale: str = "zh-CN", theme: str = "light") -> Page:
        page = tabs(viewport={"width": size[0], "height": size[1]}, locale=locale, color_scheme=theme)
        if page not in opened:
            opened.append(page)
            page.context.clear_cookies()
            for event, listener in hear.items():
                page.on(event, listener)
        page.goto(address + path)
        page.wait_for_selector("html[data-pages=ready]", state="attached")
        return page

    yield open_
    for page in opened:
        for event, listener in hear.items():
            page.remove_listener(event, listener)
        page.goto("about:blank")
    assert heard == []


def keep(page: Page, name: str) -> None:
    """A picture of what is seen now."""
    if os.environ.get("SCREENS"):
        SCREENS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(SCREENS / f"serve-{name}.png"))


def fits(page: Page) -> bool:
    """Whether nothing is wider than the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def real(page: Page, path: str) -> str:
    """The path of an example for a kind of page."""
    if path == "/doc":
        page.goto(re.sub(r"(https?://[^/]+).*", r"\1/documents", page.url))
        return str(page.get_attribute("td a", "href"))
    if path == "/statement":
        page.goto(re.sub(r"(https?://[^/]+).*", r"\1/id/hsr-jingxiong", page.url))
        return str(page.get_attribute("a.sure", "href"))
    return path


# ---------------------------------------------------------------------- a visit


@pytest.mark.parametrize(("size", "locale", "theme"), WAYS)
def test_from_a_search_to_the_words_that_state_a_fact(
    visit: Visit, size: tuple[int, int], locale: str, theme: str
) -> None:
    name = f"{size[0]}-{locale[:2]}-{theme}"
    page = visit("/", size, locale, theme)
    keep(page, f"{name}-1-home")
    box = page.locator(".top input[name=q]")
    box.fill("雄安")
    page.wait_for_selector(".top .suggestions li")
    keep(page, f"{name}-2-suggestions")
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url("**/id/xiongan")
    page.wait_for_selector("html[data-pages=ready]", state="attached")
    keep(page, f"{name}-3-entity")
    assert "雄安新区" in page.inner_text("main")
    mark = page.locator(".quote mark").first
    assert "雄安新区" in mark.inner_text()
    page.locator(".quote figcaption a").first.click()
    page.wait_for_url("**/doc/**")
    page.wait_for_selector(".text[data-ready]")
    keep(page, f"{name}-4-document")
    assert page.locator(".text :target, .text li:has(:target)").count() >= 1
    assert fits(page)


def test_facts_are_filtered_by_words_and_by_modality(visit: Visit) -> None:
    page = visit("/id/hsr-jingxiong")
    everything = page.locator(".facts .fact:visible").count()
    page.fill(".filters [type=search]", "2020-12")
    assert page.locator(".facts .fact:visible").count() == 1
    page.fill(".filters [type=search]", "没有这样的事实")
    assert page.is_visible("[data-none]")
    page.fill(".filters [type=search]", "")
    page.locator(".filters [type=checkbox]:visible").first.uncheck()
    assert page.locator(".facts .fact:visible").count() < everything
    keep(page, "filtered")


def test_suggestions_are_used_by_keyboard_and_wait_for_input_methods(visit: Visit) -> None:
    page = visit("/documents")
    box = page.locator(".top input[name=q]")
    box.fill("jing")
    page.wait_for_selector(".suggestions li")
    assert box.get_attribute("aria-expanded") == "true"
    box.press("ArrowUp")
    chosen = str(box.get_attribute("aria-activedescendant"))
    assert page.locator(f"#{chosen}").get_attribute("aria-selected") == "true"
    box.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    box.evaluate(
        "box => { box.dispatchEvent(new CompositionEvent('compositionstart')); box.value = '雄';"
        "box.dispatchEvent(new InputEvent('input', {isComposing: true})); }"
    )
    box.dispatch_event("keydown", {"key": "Enter", "keyCode": 229})
    assert urlsplit(page.url).path == "/documents"
    box.dispatch_event("compositionend")
    page.wait_for_selector(".suggestions li:has-text('雄安')")


def test_a_text_tells_on_hover_and_on_focus_and_lights_the_words_of_a_fact(visit: Visit) -> None:
    page = visit("/documents?text=line")
    page.click("td a")
    page.wait_for_selector(".text[data-ready]")
    name = page.locator(".text a[data-tip]").first
    name.hover()
    assert "京雄城际铁路" in page.inner_text(".tip")
    page.mouse.move(0, 0)
    name.focus()
    assert page.is_visible(".tip")
    page.keyboard.press("Escape")
    assert not page.is_visible(".tip")
    page.locator(".beside li[data-f]").first.hover()
    assert page.locator(".text .f.on").count() >= 1
    keep(page, "lit")


def test_a_question_is_asked_and_an_answer_opened(visit: Visit) -> None:
    page = visit("/questions")
    page.click("a[href='/question/lines']" if page.locator("a[href='/question/lines']").count() else "main a.card")
    page.wait_for_selector("table")
    keep(page, "question")
    assert page.locator("tbody tr").count() >= 1


def test_a_citation_is_copied_or_laid_out_to_be_copied(visit: Visit) -> None:
    page = visit("/id/hsr-jingxiong")
    page.click("aside details summary")
    button = page.locator(".copy button").first
    button.click()
    page.wait_for_function(
        "button => button.textContent === document.documentElement.dataset.copied || getSelection().toString() !== ''",
        arg=button.element_handle(),
    )


def test_the_network_opens_framed_and_leads_to_pages(visit: Visit) -> None:
    page = visit("/id/hsr-jingxiong")
    page.locator("iframe.around").scroll_into_view_if_needed()
    frame = page.frame_locator("iframe.around")
    frame.locator("html[data-ready]").wait_for(state="attached")
    keep(page, "framed")
    page = visit("/", WIDE, "en", "dark")
    page.goto(re.sub(r"(https?://[^/]+).*", r"\1/network?lang=zh", page.url))
    page.wait_for_selector("html[data-ready]", state="attached")
    page.fill("#query", "雄安")
    page.press("#query", "Enter")
    page.wait_for_selector("#panel a[href='/id/xiongan']")
    keep(page, "network")
    assert violations(page) == []
    page.click("#panel a[href='/id/xiongan']")
    page.wait_for_url("**/id/xiongan")


def test_a_fact_is_rejected_and_gone_with_the_next_build(visit: Visit, folder: Path) -> None:
    page = visit("/id/hsr-jingxiong")
    fact = page.locator(".fact:has-text('2019-12-27')").first
    fact.locator("a[href*='#decide']").click()
    page.wait_for_selector("#decide")
    page.fill("#decide [name=by]", "李华")
    page.fill("#decide [name=reason]", "年份有误")
    keep(page, "decide")
    page.click("#decide [value=reject]")
    page.wait_for_url("**/id/hsr-jingxiong")
    assert page.locator(".fact:has-text('2019-12-27') .badge.reject").count() == 1
    keep(page, "decided")
    build([], folder / "recipe.toml", folder / "build")
    page.reload()
    assert page.locator(".fact:has-text('2019-12-27')").count() == 0
    assert page.locator(".fact:has-text('2020-12-27')").count() >= 1
    page.goto(re.sub(r"(https?://[^/]+).*", r"\1/reviews", page.url))
    assert "李华" in page.inner_text("main")
    keep(page, "reviews")


# ---------------------------------------------------------------------- every page


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_fit_for_everybody(visit: Visit, path: str) -> None:
    """axe-core finds nothing grave, light or dark; nothing is wider than the screen; the language is switched."""
    for size, locale, theme in (WAYS[0], (NARROW, "en", "dark")):
        page = visit("/", size, locale, theme)
        where = real(page, path)
        page = visit(where, size, locale, theme)
        keep(page, f"{size[0]}-{locale[:2]}-{theme}-page{path.replace('/', '-').split('?')[0]}")
        assert violations(page) == [], (size, locale, theme)
        assert fits(page), (size, locale, theme)
        assert page.get_attribute("html", "lang") == locale
