"""A small made-up article and all that is written of it: whatever changes in the graph of a page is seen here first.

The article (``golden/page.txt``) speaks of invented things at real places: a line that opens, an agreement, a
relocation, a project that is planned, a line that is not open, numbers handed out, a collective. After a change that is
meant::

    KG_UPDATE_GOLDEN=1 pytest tests/test_golden_page.py

and read the difference of ``golden/page.nq`` before you commit it. What was measured of rules plays no part.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from kit import document, figures, kit, spelled
from support import vocab

from kg.context import Context
from kg.graph import to_quads
from kg.nquads import line
from kg.pipeline import annotate
from kg.types import Annotation
from kg.union import finish

GOLDEN = Path(__file__).parent / "golden"


def page() -> Annotation:
    text = (GOLDEN / "page.txt").read_text(encoding="utf-8").rstrip("\n")
    (a,) = annotate([document(text, "2021-04-02", id="page")], replace(kit(), confidence={}))
    return a


def test_the_graph_of_the_page() -> None:
    context = Context(vocab())
    found = "".join(map(line, sorted(finish(to_quads(page(), context), context))))
    path = GOLDEN / "page.nq"
    if os.environ.get("KG_UPDATE_GOLDEN"):
        path.write_text(found, encoding="utf-8", newline="\n")
    assert found == path.read_text(encoding="utf-8"), (
        "if that is meant: KG_UPDATE_GOLDEN=1 pytest tests/test_golden_page.py"
    )


def test_what_the_page_says_is_read() -> None:
    a = page()
    said = spelled(a)
    section = "青岛至烟台城际铁路胶东段"
    assert said >= {
        (section, "openedOn", "2021-03-15"),
        (section, "partOf", "青岛至烟台城际铁路"),
        ("青岛至烟台城际铁路", "connects", "青岛市"),
        ("济南市", "agreementWith", "烟台市"),
        ("海阳风电设备有限公司", "relocatedFrom", "青岛市"),
        ("海阳风电设备有限公司", "relocatedTo", "烟台高新技术产业开发区"),
        ("青岛港智能化码头项目", "startedOn", "2023-10", "planned"),
        ("潍烟高铁", "status", "operational", "negated"),
    }
    together = {frozenset((s, o)) for s, p, o, *_ in said if p == "cooperatesWith"}
    assert {frozenset(pair) for pair in (("山东省", "江苏省"), ("山东省", "浙江省"), ("江苏省", "浙江省"))} <= together
    assert {
        (section, "全长", "86.5", "公里"),
        ("海阳风电设备有限公司", "总投资", "1260000000", "元"),
        ("青岛市", "新增外资企业", "320", "家"),
        ("烟台市", "新增外资企业", "180", "家"),
    } <= set(figures(a))


def test_what_the_page_does_not_say_is_not_read() -> None:
    a = page()
    assert ("潍烟高铁", "status", "operational") not in spelled(a)
    assert ("青岛港智能化码头项目", "startedOn", "2023-10") not in spelled(a)
    assert not {("青岛市", "新增外资企业", "180", "家"), ("烟台市", "新增外资企业", "320", "家")} & set(figures(a))
