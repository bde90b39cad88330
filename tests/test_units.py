"""Units: their terms in QUDT."""

from __future__ import annotations

from kg.units import load_units


def test_units_know_their_qudt_term() -> None:
    units = load_units()
    assert (units["公里"].qudt, units["元"].qudt) == ("unit:KiloM", "unit:CCY_CNY")
    assert units["亩"].qudt == units["家"].qudt == ""


KNOWN_QUDT = {
    *("KiloM", "M", "CentiM", "MilliM", "KiloM2", "M2", "HA", "HR", "MIN", "SEC", "DAY", "YR", "PERCENT", "TONNE"),
    *("KiloGM", "DEG_C", "KiloW", "MegaW", "KiloW-HR", "CCY_CNY", "CCY_USD", "CCY_EUR"),
}


def test_only_qudt_terms_that_exist() -> None:
    assert {unit.qudt.removeprefix("unit:") for unit in load_units().values() if unit.qudt} <= KNOWN_QUDT
