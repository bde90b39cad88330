"""Fixtures that several test files share: the bundled build; a Chromium without a network; pages that must stay quiet.

Playwright brings no browser of its own here: the system's Chromium is driven (Debian's package ``chromium``). Where
there is none, browser tests are skipped with that reason; in continuous integration (``CI=true``) they fail instead.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from export_samples import article_build, nasty_build
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
# A machine that is busy with other work is slow, which says nothing about the code.
settings.register_profile("kg", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kg")

LOCAL = ("file:", "data:", "blob:", "about:")

OpenPage = Callable[..., "Page"]

CASE, COUNTED = "case", "counted"
"""Properties that tests record: the suite of which they run a case, and a line that says what they counted."""


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Tell at the end how many cases of public suites passed, and what tests counted."""
    cases, lines = Counter[tuple[str, str]](), []
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, ()):
            for name, value in report.user_properties:
                if name == CASE:
                    cases[value, outcome] += 1
                elif name == COUNTED:
                    lines.append(value)
    for line in (*(f"{suite}: {n} {outcome}" for (suite, outcome), n in sorted(cases.items())), *sorted(lines)):
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, headless, that can reach nothing but this machine."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        reason = "no Chromium on this machine: apt-get install chromium"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def tabs(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """A tab for each kind of screen, made once: opening a new one costs more than most tests."""
    made: dict[str, Page] = {}

    def tab(**options: Any) -> Page:
        key = repr(sorted(options.items()))
        if key not in made:
            made[key] = chromium.new_context(reduced_motion="reduce", **options).new_page()
        return made[key]

    yield tab
    for page in made.values():
        page.context.close()


@pytest.fixture
def open_page(tabs: Callable[..., Page]) -> Iterator[OpenPage]:
    """Opens a file as a page, once it says that it is ready; the test fails on any error or request it made."""
    heard: list[str] = []
    opened: list[Page] = []
    hear = {
        "pageerror": lambda error: heard.append(f"error: {error}"),
        "console": lambda said: heard.append(f"{said.type}: {said.text}"),
        "request": lambda asked: None if asked.url.startswith(LOCAL) else heard.append(f"asked: {asked.url}"),
    }

    def open_(path: Path, *, width: int = 1280, height: int = 800, fragment: str = "", **options: Any) -> Page:
        page = tabs(viewport={"width": width, "height": height}, **options)
        if page not in opened:
            opened.append(page)
            for event, listener in hear.items():
                page.on(event, listener)
        page.goto("about:blank")
        page.goto(path.resolve().as_uri() + fragment)
        page.wait_for_selector("html[data-ready]", state="attached", timeout=15_000)
        return page

    yield open_
    for page in opened:
        for event, listener in hear.items():
            page.remove_listener(event, listener)
    assert heard == []


@pytest.fixture(scope="session")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The build of the bundled article, made as a stranger makes it: ``kg build``. Not to be changed."""
    out = tmp_path_factory.mktemp("bundled") / "build"
    command = [sys.executable, "-m", "kg", "build", "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="session")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of what formats stumble over, for exports. Not to be changed."""
    return nasty_build(tmp_path_factory.mktemp("nasty"))


@pytest.fixture(scope="session")
def article(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of the bundled page's gold, for exports. Not to be changed."""
    return article_build(tmp_path_factory.mktemp("article"))
