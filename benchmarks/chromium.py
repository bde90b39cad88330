"""What a page costs in headless Chromium: time to the first picture, frames while it is moved, memory.

Each page gets a browser of its own (the system's Chromium through playwright, without a graphics processor and without
a network), so that the processor time of its processes is that of the page.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)

BUSY = 5
"""Seconds on the clock for each CPU second that a page is granted, on a machine that has other work."""

# A picture is there with the first frame in which marks were filled on a canvas; a library that is still looking for
# positions draws nothing. The counter takes itself away, so that it costs nothing later.
_WATCH = """
const pen = CanvasRenderingContext2D.prototype, fill = pen.fill;
pen.fill = function (...how) {
  pen.fill = fill;
  requestAnimationFrame(() => setTimeout(() => { document.documentElement.dataset.pictured = 'true'; }));
  return fill.apply(this, how);
};
"""

# One step of the pointer a frame, around a circle, for as long as told; what is dragged is the ground, not a node.
_PAN = """async ([x, y, seconds]) => {
  const canvas = document.querySelector('canvas'), event = (kind, x, y) => new PointerEvent(kind, {
    bubbles: true, cancelable: true, pointerId: 1, pointerType: 'mouse', isPrimary: true, button: 0,
    buttons: kind === 'pointerup' ? 0 : 1, clientX: x, clientY: y });
  const frame = () => new Promise(requestAnimationFrame), start = performance.now();
  canvas.dispatchEvent(event('pointerdown', x, y));
  let frames = 0, turn = 0, draws = 0;
  const pen = CanvasRenderingContext2D.prototype, clear = pen.clearRect;
  pen.clearRect = function (...where) { draws++; return clear.apply(this, where); };
  while (performance.now() - start < seconds * 1000) {
    turn += 0.06;
    canvas.dispatchEvent(event('pointermove', x + 380 * Math.sin(turn), y + 250 - 250 * Math.cos(turn)));
    await frame();
    frames++;
  }
  const took = (performance.now() - start) / 1000;
  canvas.dispatchEvent(event('pointerup', x, y));
  pen.clearRect = clear;
  return { frames, draws, took };
}"""


@dataclass(frozen=True, slots=True)
class First:
    """How long the first picture took: on the clock and in CPU of the page's process; memory (MiB) of that process."""

    wall: float
    cpu: float
    memory: float


@dataclass(frozen=True, slots=True)
class Panning:
    """Frames a second while the picture is moved; milliseconds a frame of the main thread and of all processes."""

    frames: float
    main: float
    all: float


@dataclass(frozen=True, slots=True)
class Cost:
    """What a page costs; nothing where there was no picture in time."""

    first: First | None
    panning: Panning | None


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser of its own; RuntimeError where the machine has no Chromium, or nothing to drive it."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise RuntimeError("this benchmark drives a browser: pip install playwright") from None
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        raise RuntimeError("no Chromium on this machine: apt-get install chromium")
    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=program, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def version() -> str:
    """The browser that is driven."""
    with chromium() as browser:
        return f"Chromium {browser.version}"


def cost(html: Path, *, patience: float, panning: float, screen: Path | None = None) -> Cost:
    """Open a file, grant it ``patience`` CPU seconds for its first picture, move that for ``panning`` seconds."""
    with chromium() as browser:
        page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        page.add_init_script(_WATCH)
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable")
        first = _first(browser, page, html, patience)
        if first is None:
            return Cost(None, None)
        page.wait_for_timeout(500)
        if screen:
            page.screenshot(path=screen, timeout=60_000)
        return Cost(first, _panning(browser, page, session, panning))


def _first(browser: Browser, page: Page, html: Path, patience: float) -> First | None:
    from playwright.sync_api import Error

    started, before = perf_counter(), _cpu(browser, "renderer")
    page.goto(html.resolve().as_uri(), wait_until="commit")
    while True:
        try:
            page.wait_for_selector("html[data-pictured]", state="attached", timeout=1000)
            break
        except Error:
            if _cpu(browser, "renderer") - before > patience or perf_counter() - started > BUSY * patience:
                return None
    wall, cpu = perf_counter() - started, _cpu(browser, "renderer") - before
    return First(wall, cpu, _memory(browser))


def _panning(browser: Browser, page: Page, session: CDPSession, seconds: float) -> Panning | None:
    box = page.locator("canvas").first.bounding_box()
    assert box, "the page shows a canvas"
    before, all_before = _metrics(session), _cpu(browser)
    done: dict[str, Any] = page.evaluate(_PAN, [box["x"] + 12, box["y"] + 60, seconds])
    after, all_after = _metrics(session), _cpu(browser)
    if done["draws"] < 0.5 * done["frames"]:
        raise RuntimeError(f"the picture did not move with the pointer: {done}")
    main = 1000 * (after["TaskDuration"] - before["TaskDuration"]) / done["frames"]
    return Panning(done["frames"] / done["took"], main, 1000 * (all_after - all_before) / done["frames"])


def _metrics(session: CDPSession) -> dict[str, float]:
    return {metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]}


def _processes(browser: Browser) -> list[dict[str, Any]]:
    session = browser.new_browser_cdp_session()
    found: list[dict[str, Any]] = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return found


def _cpu(browser: Browser, kind: str = "") -> float:
    return float(sum(process["cpuTime"] for process in _processes(browser) if kind in ("", process["type"])))


def _memory(browser: Browser) -> float:
    """The largest renderer's resident memory in MiB, as far as the system says it."""
    sizes = [0.0]
    for process in _processes(browser):
        status = Path(f"/proc/{process['id']}/status")
        if process["type"] == "renderer" and status.is_file():
            fields = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines())
            sizes.append(float(fields["VmRSS"].split()[0]) / 1024)
    return max(sizes)
