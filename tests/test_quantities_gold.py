"""Figures of annotated texts are found."""

from __future__ import annotations

import os
import re
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from kg.dates import find_dates
from kg.numerals import canonical
from kg.quantities import find_quantities

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


def gold_observations() -> list[tuple[str, dict[str, object]]]:
    """(text without white space, observation) for each figure of the gold."""
    rows = []
    for path in sorted(SHARED.glob("gold/*/*.gold.yaml")):
        text = re.sub(r"\s", "", path.with_name(path.name.replace(".gold.yaml", ".txt")).read_text(encoding="utf-8"))
        for row in yaml.safe_load(path.read_text(encoding="utf-8")).get("observations") or []:
            rows.append((text, row))
    return rows


@pytest.mark.skipif(not SHARED.is_dir() and os.environ.get("CI") != "true", reason="the gold texts are not here")
def test_the_figures_of_the_gold_are_found() -> None:
    rows = gold_observations()
    assert rows
    missed = [row["quote"] for text, row in rows if not row.get("optional") and not _found(text, row)]
    assert missed == []


def _found(text: str, row: dict[str, object]) -> bool:
    quote = re.sub(r"\s", "", str(row["quote"]))
    start = text.find(quote)
    wanted = (canonical(Decimal(str(row["value"]))), str(row["unit"]), str(row.get("approx", "exact")))
    figures = find_quantities(text, find_dates(text, "2021-02"))
    inside = (q for q in figures if q.span.start < start + len(quote) and start < q.span.end)
    return any((q.value, q.unit, q.approx) == wanted for q in inside)
