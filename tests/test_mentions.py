"""Engines propose mentions, the gate admits: in the text, typed, none crossing another; what is refused is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st
from kit import at, document, reasons
from support import vocab

from kg.mentions import find_mentions, nested, outer
from kg.types import Annotation, Mention, Rejected, Span

TEXT = "北京大兴国际机场临空经济区位于北京市。"
TYPES = ("Place", "Zone", "Airport", "Company", "Spaceship")


class Engine:
    """Proposes what it is told, whatever the text says."""

    def __init__(self, *proposed: Mention, name: str = "test.v1") -> None:
        self.name, self.proposed, self.seen = name, proposed, [()]

    def mentions(self, batch: Sequence[Annotation]) -> Iterator[Sequence[Mention]]:
        self.seen = [a.mentions for a in batch]  # type: ignore[misc]
        return (self.proposed for _ in batch)


class Reviewing(Engine):
    """Takes back everything found before it."""

    def objections(self, batch: Sequence[Annotation]) -> Iterator[Sequence[Rejected]]:
        return ([Rejected(m, "doubted", self.name) for m in a.mentions] for a in batch)


def found(*engines: Engine, text: str = TEXT) -> Annotation:
    return find_mentions([Annotation(document(text))], engines, vocab())[0]


ZONE, AIRPORT = at(TEXT, "北京大兴国际机场临空经济区", "Zone"), at(TEXT, "北京大兴国际机场", "Airport")


def test_names_inside_names_are_kept_in_the_order_of_the_text() -> None:
    a = found(Engine(at(TEXT, "北京市", "Municipality"), AIRPORT, ZONE))
    assert [m.text for m in a.mentions] == ["北京大兴国际机场", "北京大兴国际机场临空经济区", "北京市"]
    assert [m.text for m in outer(a.mentions)] == ["北京大兴国际机场临空经济区", "北京市"]
    assert nested(a.mentions, ZONE) == (AIRPORT,)
    assert a.rejected == ()


def test_of_names_that_cross_the_longer_wins_whoever_comes_first() -> None:
    short, long = at(TEXT, "机场临空", "Facility"), at(TEXT, "大兴国际机场", "Airport")
    for engines in ([Engine(short), Engine(long)], [Engine(long), Engine(short)], [Engine(short, long)]):
        a = found(*engines)
        assert a.mentions == (long,)
        assert reasons(a) == [(short, "crosses a longer mention")]


def test_of_equal_names_the_earlier_engine_wins() -> None:
    first, second = at(TEXT, "北京市", "Municipality", by="a.v1"), at(TEXT, "北京市", "Company", by="b.v1")
    assert found(Engine(first), Engine(second)).mentions == (first,)
    assert found(Engine(second), Engine(first)).mentions == (second,)


def test_a_shared_head_may_stand_where_its_place_stands() -> None:
    place, short = at(TEXT, "北京", "Municipality"), at(TEXT, "北京", "Zone", full="北京自贸试验区")
    a = found(Engine(place), Engine(short))
    assert set(a.mentions) == {place, short}
    assert outer(a.mentions) == (short,)
    assert nested(a.mentions, short) == (place,)


def test_a_name_cut_before_its_last_characters_is_no_name() -> None:
    park, district = at(TEXT, "临空经济", "Zone"), at(TEXT, "临空经济区", "Zone")
    a = found(Engine(district, park))
    assert a.mentions == (district,)
    assert reasons(a) == [(park, "part of a head noun")]


def test_what_the_text_does_not_say_is_refused() -> None:
    lies = [
        Mention(Span(0, 2), "天津", "Place", "test.v1"),
        Mention(Span(3, 3), "", "Place", "test.v1"),
        Mention(Span(-2, 1), "北", "Place", "test.v1"),
        Mention(Span(15, 99), TEXT[15:], "Place", "test.v1"),
    ]
    a = found(Engine(*lies))
    assert a.mentions == ()
    assert {reason for _, reason in reasons(a)} == {"not in the text"}
    assert len(a.rejected) == len(lies)


def test_a_class_that_the_ontology_lacks_is_refused() -> None:
    assert reasons(found(Engine(at(TEXT, "北京", "Spaceship"))))[0][1] == "unknown class"


def test_each_engine_sees_what_was_found_before_it() -> None:
    second = Engine()
    found(Engine(ZONE), second)
    assert second.seen == [(ZONE,)]


def test_a_reviewer_may_take_back_what_was_found() -> None:
    a = found(Engine(ZONE), Reviewing(AIRPORT, name="review.v1"))
    assert a.mentions == (AIRPORT,)
    assert a.rejected == (Rejected(ZONE, "doubted", "review.v1"),)


@st.composite
def proposals(draw: st.DrawFn) -> list[Mention]:
    """Mentions as a lying engine makes them: often outside the text, misquoted or of no class."""
    start, length = draw(st.integers(-2, len(TEXT))), draw(st.integers(0, 8))
    span = Span(start, start + length)
    quote = draw(st.sampled_from((span.of(TEXT), "北京")))
    name = draw(st.sampled_from(("", "", "", "北京某区")))
    score = draw(st.sampled_from((0.5, 0.9, 0.95)))
    return [Mention(span, quote, draw(st.sampled_from(TYPES)), draw(st.sampled_from(("a.v1", "b.v1"))), score, name)]


LIES = st.lists(proposals().map(lambda one: one[0]), max_size=12)


@given(st.lists(LIES, max_size=3))
def test_whatever_engines_say_the_admitted_are_quoted_typed_and_do_not_cross(all_lies: list[list[Mention]]) -> None:
    a = found(*(Engine(*lies) for lies in all_lies))
    for m in a.mentions:
        assert m.text
        assert m.span.of(TEXT) == m.text
        assert m.type in vocab().classes
    for m, n in combinations(a.mentions, 2):
        apart = not m.span.overlaps(n.span)
        assert apart or m.span.covers(n.span) or n.span.covers(m.span)
        assert m.span != n.span or bool(m.name) != bool(n.name)
    assert list(a.mentions) == sorted(a.mentions)
    assert {*a.mentions, *(r.item for r in a.rejected)} == {m for lies in all_lies for m in lies}


@given(LIES)
def test_the_order_of_an_engines_proposals_does_not_matter_but_for_ties(lies: list[Mention]) -> None:
    unique = list({(m.span, bool(m.name)): m for m in lies}.values())
    assert found(Engine(*unique)).mentions == found(Engine(*reversed(unique))).mentions


def test_a_batch_is_read_document_by_document() -> None:
    other = "天津很大。"
    engine = Engine(at(other, "天津", "Municipality"))
    a, b = find_mentions([Annotation(document(TEXT)), Annotation(document(other))], [engine], vocab())
    assert (a.mentions, [m.text for m in b.mentions]) == ((), ["天津"])
    assert replace(b, mentions=()) == Annotation(document(other))
