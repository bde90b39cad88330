"""``/ask`` as a person sees it in Chromium: questions, the editor, tables, charts, the map; nothing asked elsewhere.

A test fails on any error of the page, any console error and any request to another server. Pictures of what was seen
are kept under ``build/screens/`` where ``SCREENS`` is set.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from axe import violations
from servers import free_port, served
from serving import lay_build
from test_browser import keep
from view_samples import IMAGE, SCRIPT, hostile_quads

from kg import nquads
from kg.questions import find_query, list_questions

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Route

pytestmark = pytest.mark.slow
WIDE, NARROW = (1280, 800), (390, 844)
REFUSED = re.compile(r"error: Failed to load resource: the server responded with a status of (400|403|422|503) ")
"""What Chromium itself says of an answer that is an error, which the page shows."""

EDITOR = "serious scrollable-region-focusable .CodeMirror-scroll: "
"""What axe-core says of the editor's scrolled part, wrongly: the keyboard scrolls it from the field beside it."""

Ask = Callable[..., "Page"]


@pytest.fixture(scope="module")
def home(bundled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over the bundled build, with some hostile names in it."""
    quads = {*nquads.read(bundled / "graph.nq"), *hostile_quads()}
    build = lay_build(tmp_path_factory.mktemp("asking") / "build", tuple(sorted(quads)))
    port = free_port()
    command = [sys.executable, "-m", "kg", "serve", "--in", str(build), "--port", str(port)]
    with served(command, port, path="/ask"):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def ask(chromium: Browser, home: str) -> Iterator[Ask]:
    """Opens the page in a browser that has never seen it, with what stands behind ``#`` in the address."""
    heard: list[str] = []
    opened: list[BrowserContext] = []

    def open_(fragment: str = "", *, lang: str = "zh", size: tuple[int, int] = WIDE, **options: Any) -> Page:
        width, height = size
        context = chromium.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce", **options)
        opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: heard.append(f"error: {error}"))
        page.on("console", lambda said: heard.append(f"{said.type}: {said.text}"))
        page.on("request", lambda asked: heard.append(f"asked: {asked.url}"))
        page.goto(f"{home}/ask?lang={lang}{'#' if fragment else ''}{fragment}")
        page.wait_for_selector("html[data-ready]", state="attached", timeout=15_000)
        if fragment:
            answered(page)
        return page

    yield open_
    for context in opened:
        context.close()
    local = (f"asked: {home}/", "asked: blob:", "asked: data:")
    assert [each for each in heard if not each.startswith(local) and not REFUSED.match(each)] == []


def answered(page: Page) -> None:
    page.wait_for_selector("#answer[data-done]", timeout=20_000)


def asking(query: str) -> str:
    """The fragment that asks a query."""
    return f"query={quote(query, safe='')}"


def text_of(page: Page) -> str:
    """What stands in the editor."""
    text: str = page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()")
    return text


def write(page: Page, text: str) -> None:
    page.evaluate("text => document.querySelector('.CodeMirror').CodeMirror.setValue(text)", text)


def run(page: Page) -> None:
    page.locator("#run").click()
    answered(page)


def rows(page: Page) -> list[list[str]]:
    return [row.locator("td").all_inner_texts() for row in page.locator("#view tbody tr").all()]


def test_a_question_is_opened_run_and_its_rows_are_links(ask: Ask) -> None:
    page = ask()
    page.locator("#filter").fill("河北")
    assert page.locator("[data-question]:visible").count() == 1
    keep(page, "ask-1-filter")
    page.locator("[data-question]:visible").click()
    answered(page)
    assert text_of(page) == find_query("hebei")[0]
    assert "保定市" in [row[0] for row in rows(page)]
    assert page.locator("#view td a", has_text="保定市").get_attribute("href") == "/id/cn-130600"
    assert re.search(r"\d+ 行", page.locator("#status").inner_text())
    keep(page, "ask-2-table")


def test_every_bundled_question_is_answered(ask: Ask) -> None:
    page = ask(lang="en")
    for question in list_questions():
        page.locator(f'[data-question="{question.name}"]').click()
        answered(page)
        assert page.locator("#answer [role=alert]").count() == 0, question.name
    assert page.locator("#tabs [role=tab]").count() == len(list_questions()) + 1


def test_figures_are_drawn_as_bars_in_one_unit(ask: Ask) -> None:
    page = ask("question=figures")
    page.locator("#view-chart").click()
    names = [box.bounding_box() for box in page.locator("#view g text:first-of-type").all()]
    axis = page.locator("#view .axis").bounding_box()
    assert axis
    assert [name for name in names if name and name["x"] + name["width"] > axis["x"]] == []
    unit = page.locator("#view select").last
    assert unit.evaluate("list => list.options.length") > 3
    first = page.locator("#view rect").count()
    assert first > 1
    unit.select_option("%")
    assert "%" in page.locator("#view figcaption").inner_text()
    assert page.locator("#view rect").count() != first
    page.locator("#view summary").click()
    assert page.locator("#view details tbody tr").count() == page.locator("#view rect").count()
    keep(page, "ask-3-bars")


def test_numbers_over_time_are_drawn_as_a_line(ask: Ask) -> None:
    years = " ".join(f'("{year}-01-01"^^xsd:date {year - 2000})' for year in range(2014, 2021))
    page = ask(asking(f"SELECT ?day ?km {{ VALUES (?day ?km) {{ {years} }} }}"), lang="en")
    page.locator("#view-chart").click()
    assert page.locator("#view path.curve").count() == 1
    assert page.locator("#view svg[role=img]").get_attribute("aria-label") == "km by day"
    assert "PREFIX xsd:" in text_of(page)  # filled in, as the store knows it
    keep(page, "ask-4-line")


def test_places_are_points_on_the_outline_that_lead_to_their_pages(ask: Ask) -> None:
    page = ask("question=hebei")
    page.locator("#view-map").click()
    page.locator(".land[d]").wait_for()
    place = page.locator("a.place", has_text="保定市")
    assert place.get_attribute("href") == "/id/cn-130600"
    assert "Natural Earth" in page.locator("#view figcaption").inner_text()
    keep(page, "ask-5-map")
    before = place.locator("circle").get_attribute("cx")
    page.locator("svg.map").focus()
    page.keyboard.press("+")
    page.keyboard.press("ArrowLeft")
    assert page.locator("a.place", has_text="保定市").locator("circle").get_attribute("cx") != before
    page.get_by_role("button", name="全国").click()
    keep(page, "ask-6-country")
    page.get_by_role("button", name="全部地点").click()
    page.locator("a.place", has_text="保定市").locator("circle").click()
    page.wait_for_url("**/id/cn-130600")
    page.go_back()
    answered(page)
    assert page.locator("#view").get_attribute("data-view") == "map"


def test_labels_on_the_map_do_not_cover_each_other(ask: Ask) -> None:
    points = " ".join(f'("地点{n}号" {37 + n % 9 * 0.3} {113 + n % 7 * 0.5})' for n in range(60))
    page = ask(asking(f"SELECT ?name ?lat ?long {{ VALUES (?name ?lat ?long) {{ {points} }} }}"))
    page.locator("#view-map").click()
    page.locator(".place text").first.wait_for()
    boxes = [box.bounding_box() for box in page.locator(".place text").all()]
    assert page.locator(".place circle").count() == 60
    assert 5 < len(boxes) < 60
    assert [(a, b) for at, a in enumerate(boxes) for b in boxes[:at] if a and b and overlap(a, b)] == []


def overlap(one: Any, other: Any) -> bool:
    """Whether letters meet: the boxes are wider by the halo around each letter, and taller than the letters."""
    across = min(one["x"] + one["width"], other["x"] + other["width"]) - max(one["x"], other["x"])
    down = min(one["y"] + one["height"], other["y"] + other["height"]) - max(one["y"], other["y"])
    return bool(across > 6 and down > 8)


def test_an_answer_that_is_a_graph_is_shown_as_a_network(ask: Ask) -> None:
    page = ask("question=network")
    address = page.locator("iframe.network").get_attribute("src") or ""
    assert parse_qs(urlsplit(address).query)["construct"] == [find_query("network")[0]]
    page.frame_locator("iframe.network").locator("html[data-ready]").wait_for(state="attached")
    keep(page, "ask-9-network")
    page.locator("header #theme").click()
    page.frame_locator("iframe.network").locator("html[data-theme=dark]").wait_for(state="attached")
    page.locator("#view-table").click()
    assert "北京市" in page.locator("#view tbody").inner_text()


def test_yes_and_nothing_are_said_in_words(ask: Ask) -> None:
    page = ask(asking("ASK { ?x a kg:Zone }"))
    assert page.locator("#answer").inner_text() == "是"
    write(page, "SELECT * { ?x a kg:NoSuchClass }")
    run(page)
    assert "没有结果" in page.locator("#answer").inner_text()


def test_an_error_is_shown_where_it_is(ask: Ask) -> None:
    page = ask()
    write(page, "SELECT ?x\nWHERE { ?x kgg:openedOn ?y }")
    run(page)
    assert "第 2 行第 12 列" in page.locator("[role=alert]").inner_text()
    assert page.locator(".wrong-here").inner_text() == "kgg:openedOn"
    keep(page, "ask-7-error")
    page.get_by_role("button", name="跳到该处").click()
    cursor = page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getCursor()")
    assert (cursor["line"], cursor["ch"]) == (1, 11)
    page.keyboard.type("x")
    assert page.locator(".wrong-here").count() == 0


def test_what_is_refused_too_large_or_too_slow_is_told_as_such(ask: Ask) -> None:
    page = ask()
    write(page, "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }")
    run(page)
    assert "不允许" in page.locator("[role=alert]").inner_text()
    late = "the query did not end within 20 s and was stopped"
    for status, reason, words in ((422, "why", "结果太大"), (503, late, "用时太久"), (503, "busy", "没有得到结果")):
        page.route("**/sparql", partial(refuse, status=status, reason=reason))
        write(page, "SELECT * { ?s ?p ?o }")
        run(page)
        said = page.locator("[role=alert]").inner_text()
        assert words in said
        assert reason in said
        page.unroute("**/sparql")


def refuse(route: Route, status: int, reason: str) -> None:
    route.fulfill(status=status, body=f"{reason}\n")


def test_a_query_can_be_stopped(ask: Ask) -> None:
    page = ask()
    page.route("**/sparql", lambda _: None)  # no answer ever comes
    page.locator("#run").click()
    assert page.locator("#run").inner_text() == "停止"
    page.locator("#run").click()
    assert page.locator("#run").inner_text() == "运行"
    assert page.locator("#status").inner_text() == "已停止"


def test_terms_and_names_are_completed(ask: Ask) -> None:
    page = ask()
    write(page, "")
    page.locator(".CodeMirror").click()
    page.keyboard.type("SELECT * { ?x kg:opened")
    page.locator(".CodeMirror-hint", has_text="开通日期").click()
    assert text_of(page).endswith("?x kg:openedOn")
    assert "PREFIX kg: <https://w3id.org/kg-regional/ontology#>" in text_of(page)
    page.locator(".CodeMirror-focused").wait_for()  # a click takes the keyboard away for a moment
    page.keyboard.press("Control+End")
    page.keyboard.type(" ?day . ?x kg:partOf ")
    page.keyboard.insert_text("雄安")
    page.keyboard.press("Control+Space")
    page.locator(".CodeMirror-hint", has_text="雄安新区").first.wait_for()
    keep(page, "ask-8-completion")
    page.keyboard.press("Enter")
    assert "kg:partOf id:xiongan" in text_of(page)


def test_the_keyboard_runs_a_query_and_leaves_the_editor(ask: Ask) -> None:
    page = ask()
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+Enter")
    answered(page)
    assert len(rows(page)) == 20
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "run"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.closest('.CodeMirror') !== null")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.closest('.CodeMirror') === null")


def test_tabs_are_kept_and_moved_between_by_the_keyboard(ask: Ask) -> None:
    page = ask("question=lines")
    page.locator("#new").click()
    write(page, "ASK {}")
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    assert text_of(page) == "ASK {}"
    tabs = page.locator("#tabs [role=tab]")
    assert tabs.count() == 2
    tabs.nth(1).focus()
    page.keyboard.press("ArrowLeft")
    assert text_of(page) == find_query("lines")[0]
    answered(page)
    assert len(rows(page)) > 1  # it had been answered before the page was left
    page.locator("#close").click()
    assert text_of(page) == "ASK {}"


def test_a_browser_that_keeps_nothing_can_ask_all_the_same(ask: Ask) -> None:
    page = ask()
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('refused') } })")
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    run(page)
    assert len(rows(page)) == 20


def test_link_and_commands_are_copied(ask: Ask, home: str) -> None:
    page = ask("question=lines", permissions=["clipboard-read", "clipboard-write"])
    copied = {}
    for kind in ("link", "curl", "command"):
        page.locator("#copy").click()
        page.locator(f'[data-as="{kind}"]').click()
        page.locator("#status", has_text="已复制").wait_for()
        copied[kind] = page.evaluate("navigator.clipboard.readText()")
        page.evaluate("document.getElementById('status').textContent = ''")
    assert copied["command"] == "kg query lines"
    assert copied["link"].startswith(f"{home}/ask#query=%23%20")
    assert copied["curl"].startswith(f"curl {home}/sparql --data-urlencode 'query=# ")
    page.goto(copied["link"])
    page.reload()
    answered(page)
    assert text_of(page) == find_query("lines")[0]


def test_answers_are_saved_as_csv_and_json(ask: Ask) -> None:
    page = ask("question=hebei")
    for name, start in (("CSV", b"\xef\xbb\xbfplace,kind\r\n"), ("JSON", b'{\n "head"')):
        with page.expect_download() as saved:
            page.get_by_role("button", name=name, exact=True).click()
        assert Path(saved.value.path()).read_bytes().startswith(start)


def test_hostile_names_stay_text(ask: Ask) -> None:
    values = f'("{SCRIPT}"@zh 39.9 116.4 1) (\'{IMAGE}\'@zh 39 117 2) ("javascript:window.broken=4"@zh 38 115 3)'
    query = f"SELECT ?name ?lat ?long ?n {{ VALUES (?name ?lat ?long ?n) {{ {values} }} }}"
    page = ask(asking(query))
    assert SCRIPT in page.locator("#view").inner_text()
    page.locator("#view-chart").click()
    assert SCRIPT[:6] in page.locator("#view svg").inner_html().replace("&lt;", "<")
    page.locator("#view-map").click()
    page.locator(".place text").first.wait_for()
    page.locator("#new").click()
    write(page, "")
    page.locator(".CodeMirror").click()
    page.keyboard.type('ASK { ?x rdfs:label "<scr')
    page.keyboard.press("Control+Space")
    page.locator(".CodeMirror-hint", has_text="window.broken=1").first.wait_for()
    hrefs = page.eval_on_selector_all("a[href]", "links => links.map(link => link.protocol)")
    assert set(hrefs) == {"http:"}
    assert page.evaluate("window.broken") is None


def faults(page: Page) -> list[str]:
    return [each for each in violations(page) if not each.startswith(EDITOR)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_what_one_sees_can_be_perceived_by_all(ask: Ask, lang: str, scheme: str, size: tuple[int, int]) -> None:
    page = ask("question=figures", lang=lang, size=size, color_scheme=scheme)
    name = f"ask-{lang}-{scheme}-{size[0]}"
    for view in ("table", "chart", "map"):
        page.locator(f"#view-{view}").click()
        if view == "map":
            page.locator(".land[d]").wait_for()
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        keep(page, f"{name}-{view}")
    write(page, "SELECT * { ?x a kgg:Zone }")
    run(page)
    assert faults(page) == []
    page.locator("#copy").click()
    assert faults(page) == []
