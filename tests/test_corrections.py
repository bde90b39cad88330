"""What a correction may say: what the ontology has a place for, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import vocab

from kg.corrections import check_parts, is_date, is_number, is_time, value_of
from kg.reviews import FACT, Parts
from kg.types import Value

TYPES = {"line": "RailwayLine", "city": "Prefecture", "person": "Person", "firm": "Company"}


def fact(subject: str, predicate: str, object_: str, modality: str = "asserted") -> Parts:
    return tuple(zip(FACT, (subject, predicate, object_, modality), strict=True))


def figure(**more: str) -> Parts:
    said = {"about": "id:line", "indicator": "全长", "value": "92", "unit": "公里", "approximation": "exact"}
    return tuple((said | {"modality": "asserted"} | more).items())


def check(parts: Parts) -> None:
    check_parts(parts, vocab(), lambda id: TYPES.get(id, ""))


@pytest.mark.parametrize(
    "parts",
    [
        fact("id:line", "openedOn", "2020-02-29"),
        fact("id:line", "openedOn", "2020-12", "planned"),
        fact("id:line", "status", "operational"),
        fact("id:line", "connects", "id:city", "negated"),
        fact("id:person", "worksFor", "id:firm"),
        figure(value="-40.7", time="2014/..", change="decrease", comparedWith="2013"),
        figure(approximation="over", time="197X"),
    ],
)
def test_what_the_ontology_allows_is_allowed(parts: Parts) -> None:
    check(parts)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (fact("id:line", "openedOn", "2021-02-29"), "openedOn takes a date .*, not '2021-02-29'"),
        (fact("id:line", "openedOn", "yesterday"), "takes a date"),
        (fact("id:line", "openedOn", "id:city"), "takes a date .*, no entity"),
        (fact("id:line", "opendOn", "2020"), "'opendOn' is no predicate of the ontology; did you mean openedOn"),
        (fact("id:line", "evidence", "id:city"), "'evidence' is no predicate"),
        (fact("id:line", "status", "open"), "status takes one of completed, inEffect"),
        (fact("id:line", "status", "id:city"), "joins no RailwayLine to Prefecture"),
        (fact("id:line", "openedOn", "2020", "likely"), "'likely' is no modality; it must be one of asserted, negated"),
        (fact("line", "openedOn", "2020"), "'line' is no entity"),
        (fact("id:line", "connects", "id:line"), "the same entity"),
        (fact("id:line", "connects", "id:nowhere"), "id:nowhere: no entity of this build"),
        (fact("id:nobody", "openedOn", "2020"), "id:nobody: no entity"),
        (fact("id:person", "openedOn", "2020"), "openedOn joins no Person to gYear: it is said of Infra"),
        (fact("id:person", "worksFor", "id:line"), "worksFor joins no Person to RailwayLine"),
        (figure(value="many"), "'many' is no number"),
        (figure(value="1e5"), "is no number"),
        (figure(value="12万"), "is no number"),
        (figure(about="id:nobody"), "id:nobody: no entity"),
        (figure(approximation="roughly"), "'roughly' is no approximation"),
        (figure(change="more"), "'more' is no change"),
        (figure(time="2021-02-30"), "time is '2021-02-30'"),
        (figure(time="../.."), "time is"),
        (figure(comparedWith="2019"), "give the change, too"),
        (figure(modality="perhaps"), "is no modality"),
    ],
)
def test_anything_else_is_refused_with_what_to_do(parts: Parts, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check(parts)


def test_without_a_build_the_classes_of_ends_are_not_asked_for() -> None:
    check_parts(fact("id:person", "worksFor", "id:anything"), vocab())


@pytest.mark.parametrize(
    ("predicate", "text", "value"),
    [
        ("openedOn", "2020", Value("2020", "gYear")),
        ("openedOn", "2020-12", Value("2020-12", "gYearMonth")),
        ("openedOn", "2020-12-27", Value("2020-12-27", "date")),
        ("status", "planned", Value("planned", "term")),
        ("share", "51.5", Value("51.5", "decimal")),
        ("share", "全资", Value("全资", "string")),
    ],
)
def test_words_stand_for_the_values_that_engines_find(predicate: str, text: str, value: Value) -> None:
    assert value_of(predicate, text, vocab()) == value


@given(st.text(max_size=12) | st.from_regex(r"\d{4}(-\d\d(-\d\d)?)?", fullmatch=True))
def test_whatever_the_text_an_answer_is_given(text: str) -> None:
    assert is_time(text) or not is_date(text)
    assert not (is_number(text) and not text.lstrip("-")[:1].isdigit())
