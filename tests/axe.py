"""What axe-core says against a page: the accessibility violations of it as it is seen now.

axe-core is under ``tests/vendor/axe-core/`` with its version and licence. It goes into the page over the debugger, so
a Content-Security-Policy that forbids foreign scripts does not stop it, and it asks the network for nothing.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

PROGRAM = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
GRAVE = ("serious", "critical")
"""The impacts that count."""

_RUN = "() => axe.run(document, { resultTypes: ['violations'] }).then(found => found.violations)"


@cache
def _program() -> str:
    return PROGRAM.read_text(encoding="utf-8")


def violations(page: Page, impacts: tuple[str, ...] = GRAVE) -> list[str]:
    """The violations of these impacts on the page as it is now, one line for each element; empty is good.

    A line names the impact, the rule, the element and what is wrong with it: ``serious color-contrast #status: …``.
    """
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(_program())
    found: list[dict[str, Any]] = page.evaluate(_RUN)
    return [
        f"{violation['impact']} {violation['id']} {' '.join(map(str, node['target']))}: {_why(node)}"
        for violation in found
        if violation["impact"] in impacts
        for node in violation["nodes"]
    ]


def _why(node: dict[str, Any]) -> str:
    return "; ".join(check["message"] for way in ("any", "all", "none") for check in node[way])
