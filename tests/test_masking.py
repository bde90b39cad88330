"""A sentence as rules see it: each name, date and number is one mark; every position leads back into the document."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from kit import at
from support import vocab

from kg.dates import find_dates
from kg.masking import DATE, NUMBER, Masked, Placed, make_marks, mark_of, mask
from kg.quantities import find_quantities
from kg.types import Mention, Span

MARKS = make_marks(vocab())


def masked(text: str, spans: list[Span], whole: Span) -> Masked:
    placed = [Placed(s, Mention(s, s.of(text), "Place", "test.v1")) for s in spans]
    return mask(text, whole, placed, MARKS)


@st.composite
def layouts(draw: st.DrawFn) -> tuple[str, Span, list[Span]]:
    """A text, a stretch of it, and spans inside the stretch that do not overlap (they may touch)."""
    cuts = sorted(draw(st.lists(st.integers(0, 40), min_size=2, max_size=14)))
    text = draw(st.text(alphabet="京津冀，。年1 a", min_size=cuts[-1], max_size=cuts[-1] + 5))
    pairs = [Span(a, b) for a, b in zip(cuts[1:-1:2], cuts[2:-1:2], strict=False) if a < b]
    return text, Span(cuts[0], cuts[-1]), pairs


def test_each_class_has_a_mark_of_its_own() -> None:
    marks = [*MARKS.values(), DATE, NUMBER]
    assert MARKS.keys() == vocab().classes.keys()
    assert len(set(marks)) == len(marks)
    assert all(0xE000 <= ord(mark) <= 0xF8FF for mark in marks)


def test_names_dates_and_numbers_become_marks() -> None:
    text = "2020年12月27日，京雄城际铁路开通，全长91公里。"
    (date,) = find_dates(text, "")
    (length,) = find_quantities(text, [date])
    line = at(text, "京雄城际铁路", "RailwayLine")
    placed = [Placed(i.span, i) for i in (date, line, length)]
    view = mask(text, Span(0, len(text)), placed, MARKS)
    assert view.text == f"{DATE}，{MARKS['RailwayLine']}开通，全长{NUMBER}。"
    assert view.inside(0, len(view.text)) == (date, line, length)
    assert view.inside(2, 3) == (line,)
    assert view.inside(3, 5) == ()
    assert [mark_of(i, MARKS) for i in (date, line, length)] == [DATE, MARKS["RailwayLine"], NUMBER]


def test_a_mark_may_hide_more_than_its_item() -> None:
    text = "河北省唐山市的企业"
    city = at(text, "唐山市", "Prefecture")
    view = mask(text, Span(0, len(text)), [Placed(Span(0, 6), city)], MARKS)
    assert view.text == f"{MARKS['Prefecture']}的企业"
    assert view.span(0, 1).of(text) == "河北省唐山市"
    assert view.inside(0, 1) == (city,)


def test_a_stretch_in_the_middle_of_the_document_keeps_its_place() -> None:
    text = "前文。北京很大。后文。"
    view = mask(text, Span(3, 8), [Placed(Span(3, 5), at(text, "北京", "Municipality"))], MARKS)
    assert view.base == 3
    assert view.span(1, 4).of(text) == "很大。"


@given(layouts())
def test_every_stretch_leads_back_to_what_it_masks(layout: tuple[str, Span, list[Span]]) -> None:
    text, whole, spans = layout
    view = masked(text, spans, whole)
    pieces = [view.span(k, k + 1) for k in range(len(view.text))]
    assert "".join(p.of(text) for p in pieces) == whole.of(text)
    assert [pieces[k] for k in view.starts] == spans
    for k, piece in enumerate(pieces):
        assert k in view.starts or piece.of(text) == view.text[k]


@given(layouts(), st.integers(0, 40), st.integers(0, 40))
def test_spans_are_made_of_positions(layout: tuple[str, Span, list[Span]], a: int, b: int) -> None:
    text, whole, spans = layout
    view = masked(text, spans, whole)
    start, end = sorted((min(a, len(view.text)), min(b, len(view.text))))
    assert view.span(start, end) == Span(view.to_document(start), view.to_document(end))
    assert view.span(0, len(view.text)) == whole
    hidden = [s for k, s in zip(view.starts, spans, strict=True) if start <= k < end]
    assert [i.span for i in view.inside(start, end)] == hidden
