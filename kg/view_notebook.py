"""A network page inside a notebook: the page in a frame, and a picture of it where a notebook is not trusted.

A notebook that somebody else ran is shown without frames and scripts until its reader trusts it; pictures are shown.
The frame may run scripts and save files, and nothing else: it reaches neither the notebook nor the network.
"""

from __future__ import annotations

import json
import math
import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

LARGEST = 8 * 2**20
"""Bytes of a page beyond which a notebook shows the picture alone, for it would carry the page inside itself."""

_DATA = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.DOTALL)
_NAMED, _WIDE, _HIGH = 60, 960, 600

Json = dict[str, Any]


def framed(page: str) -> str:
    """HTML that shows a page (its text) in a notebook: the page in a frame over a picture of it."""
    data = json.loads(_found(page))
    title = escape(data["page"]["title"])
    picture = b64encode(drawing(data).encode()).decode()
    place = f'style="position:absolute;inset:0;width:100%;height:{_HIGH}px;border:0"'
    below = f'<img src="data:image/svg+xml;base64,{picture}" alt="{title}" width="100%" height="{_HIGH}">'
    if len(page.encode()) > LARGEST:
        return below
    inside = f'srcdoc="{escape(page)}" sandbox="allow-scripts allow-downloads" title="{title}"'
    return f'<div style="position:relative;height:{_HIGH}px"><iframe {inside} {place}></iframe>{below}</div>'


def _found(page: str) -> str:
    found = _DATA.search(page)
    return found[1] if found else '{"nodes": [], "edges": [], "page": {"title": ""}}'


def drawing(data: Json) -> str:
    """The nodes that a page shows first, as SVG: their relations as lines, the most important ones by name."""
    nodes = {node["id"]: node for node in data["nodes"] if node["core"]}
    xs, ys = [node["x"] for node in nodes.values()] or [0], [node["y"] for node in nodes.values()] or [0]
    room = max(xs) - min(xs) + 260, max(ys) - min(ys) + 160
    scale = max(room[0] / _WIDE, room[1] / _HIGH)
    box = f"{min(xs) - 130} {min(ys) - 60} {room[0]} {room[1]}"
    hidden = data["page"].get("hiddenModality")
    lines = "".join(
        f"M{nodes[edge['from']]['x']} {nodes[edge['from']]['y']}L{nodes[edge['to']]['x']} {nodes[edge['to']]['y']}"
        for edge in data["edges"]
        if edge["from"] in nodes and edge["to"] in nodes and edge["m"] != hidden
    )
    ranked = sorted(nodes.values(), key=lambda node: int(node["rank"]))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" width="{_WIDE}" height="{_HIGH}">'
        f'<path d="{lines}" fill="none" stroke="#97a3b1" stroke-width="{1.1 * scale:.2f}" '
        f'opacity="{min(1.0, 30 / math.sqrt(len(lines) or 1)):.2f}"/>'
        f"{''.join(_mark(node, scale) for node in reversed(ranked))}"
        f'<g font-family="sans-serif" font-size="{12 * scale:.1f}" text-anchor="middle" fill="#16202c" '
        f'stroke="#fff" stroke-width="{3 * scale:.1f}" paint-order="stroke">'
        f"{''.join(_names(ranked, scale, data['page'].get('lang', '')))}</g></svg>"
    )


def _mark(node: Json, scale: float) -> str:
    radius = max(float(node["size"]), 2 * scale)
    return f'<circle cx="{node["x"]}" cy="{node["y"]}" r="{radius:.1f}" fill="{node["color"]}"/>'


def _names(ranked: Sequence[Json], scale: float, lang: str) -> Iterator[str]:
    """The names that have room, the most important first."""
    taken: list[tuple[float, float, float, float]] = []
    for node in ranked:
        name = (node["en"] or node["py"] or node["zh"]) if lang == "en" else (node["zh"] or node["en"])
        half = sum(12.0 if ord(letter) > 0x2E7F else 7.0 for letter in name) * scale / 2
        under = node["y"] + max(node["size"], 2 * scale) + 13 * scale
        box = node["x"] - half, under - 12 * scale, node["x"] + half, under + 4 * scale
        if not any(box[0] < x1 and box[2] > x0 and box[1] < y1 and box[3] > y0 for x0, y0, x1, y1 in taken):
            taken.append(box)
            yield f'<text x="{node["x"]}" y="{under:.0f}">{escape(name)}</text>'
        if len(taken) == _NAMED:
            return
