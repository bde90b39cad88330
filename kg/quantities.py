"""Figures in normalised text -> exact value, unit, approximation and whether the figure is itself a change.

``find_quantities`` is the door; it never overlaps a date. Words are in ``data/grammar/numbers.yaml``, units in
``data/grammar/units.csv``. Ordinals, names and fixed words with numerals are no figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from kg.dates import Date
from kg.numerals import canonical
from kg.quantity_grammar import QuantityGrammar, load_quantity_grammar
from kg.quantity_reading import Finder, Quantity
from kg.types import Span

__all__ = ["Quantity", "find_quantities", "runs"]


def find_quantities(text: str, dates: Sequence[Date] = (), ordinals: bool = False) -> tuple[Quantity, ...]:
    """All figures outside ``dates``, ascending, not overlapping; ordinals (第三) only where asked for."""
    finder = Finder(text, load_quantity_grammar())
    found: list[Quantity] = []
    at = 0
    for date in sorted(dates, key=lambda date: date.span):
        finder.between(at, date.span.start, found)
        at = max(at, date.span.end)
    finder.between(at, len(text), found)
    kept = [quantity for quantity in found if ordinals or not quantity.ordinal]
    return tuple(_shared_change(text, _composed(kept, finder.grammar), finder.grammar))


def runs(text: str, quantities: Sequence[Quantity]) -> tuple[tuple[Quantity, ...], ...]:
    """Quantities in groups: those joined by 、 和 与 and the like stand together (分别为3家、5家和8家)."""
    joiners = load_quantity_grammar().joiners
    groups: list[list[Quantity]] = []
    for quantity in quantities:
        if groups and text[groups[-1][-1].span.end : quantity.span.start] in joiners:
            groups[-1].append(quantity)
        else:
            groups.append([quantity])
    return tuple(tuple(group) for group in groups)


def _composed(found: Iterable[Quantity], grammar: QuantityGrammar) -> list[Quantity]:
    """1小时40分 is one figure: 100 分钟."""
    result: list[Quantity] = []
    compose = grammar.compose
    for quantity in found:
        last = result[-1] if result else None
        steps = compose.get(last.unit) if last else None
        step = steps.get(quantity.unit) if steps else None
        if last and step and last.span.end == quantity.span.start:
            unit, factor = step
            value = canonical(Decimal(last.value) * factor + Decimal(quantity.value))
            span, number = Span(last.span.start, quantity.span.end), Span(last.number.start, quantity.number.end)
            approx = last.approx if quantity.approx == "exact" else quantity.approx
            whole = replace(last, span=span, number=number, unit_span=quantity.unit_span)
            result[-1] = replace(whole, value=value, unit=unit, approx=approx)
        else:
            result.append(quantity)
    return result


def _shared_change(text: str, found: Iterable[Quantity], grammar: QuantityGrammar) -> Iterator[Quantity]:
    """分别压缩72.8%和90.6%: the verb governs the second figure too."""
    last: Quantity | None = None
    for quantity in found:
        if last and last.change and not quantity.change and last.kind == quantity.kind:
            gap = text[last.span.end : quantity.span.start]
            if gap in grammar.joiners:
                quantity = replace(quantity, change=last.change)
        last = quantity
        yield quantity
