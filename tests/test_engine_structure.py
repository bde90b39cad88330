"""Facts that names state by their structure, as ``structure.yaml`` lists them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from kit import annotated, at, kit, read, spelled, written
from support import vocab

from kg.engines.structure import StructureEngine, load_structure
from kg.errors import DataError
from kg.types import Fact, Mention


def told(folder: Path, entries: str, text: str, *mentions: Mention) -> set[tuple[str, ...]]:
    loaded = load_structure(written(folder, "structure.yaml", entries), vocab())
    a = annotated(text, mentions)
    engine = StructureEngine(loaded, kit().linker.joins, vocab())
    return spelled(a, [f for f in next(iter(engine.facts([a]))) if isinstance(f, Fact)])


def test_a_chain_says_what_is_inside_what(tmp_path: Path) -> None:
    entry = "- {id: x.v1, kind: chain, outer: AdministrativeRegion, inner: Place, predicate: partOf, score: 0.5}"
    text = "河北省唐山市增长。"
    named = at(text, "河北省", "Province"), at(text, "唐山市", "Prefecture")
    assert told(tmp_path, entry, text, *named) == {("唐山市", "partOf", "河北省")}
    text = "天津市唐山市增长。"
    named = at(text, "天津市", "Municipality"), at(text, "唐山市", "Prefecture")
    assert told(tmp_path, entry, text, *named) == set()


def test_a_name_directly_behind_another(tmp_path: Path) -> None:
    entry = "- {id: x.v1, kind: before, outer: Company, inner: Place, predicate: locatedIn}"
    text = "曹妃甸区海阳公司投产，唐山市，青泽公司观望。"
    named = [at(text, n, "Company") for n in ("海阳公司", "青泽公司")]
    named += [at(text, "曹妃甸区", "District"), at(text, "唐山市", "Prefecture")]
    assert told(tmp_path, entry, text, *named) == {("海阳公司", "locatedIn", "曹妃甸区")}


ZONE = "北京青泽综合保税区大兴片区"


@pytest.mark.parametrize(
    ("entries", "facts"),
    [
        (["outer: Zone, inner: Zone, predicate: partOf"], {(ZONE, "partOf", "北京青泽综合保税区")}),
        (["outer: Zone, inner: AdministrativeRegion, predicate: locatedIn, widest: true"], set()),
        (["outer: Zone, inner: District, predicate: locatedIn"], set()),
        (["outer: Zone, inner: District, predicate: locatedIn, anywhere: true"], {(ZONE, "locatedIn", "大兴")}),
        (["outer: Zone, inner: Zone, predicate: partOf, shortest: 20"], set()),
        (["outer: Zone, inner: Zone, predicate: partOf, besides: [Zone]"], set()),
        (["outer: Zone, inner: Zone, predicate: partOf, ends_with: [园区]"], set()),
        (["outer: Zone, inner: Zone, predicate: partOf, ends_with: [片区]"], {(ZONE, "partOf", "北京青泽综合保税区")}),
        (
            ["outer: Zone, inner: Zone, predicate: partOf", "outer: Zone, inner: Municipality, predicate: locatedIn"],
            {(ZONE, "partOf", "北京青泽综合保税区")},
        ),
        (
            [
                "outer: Zone, inner: Zone, predicate: partOf",
                "outer: Zone, inner: Municipality, predicate: locatedIn, also: true",
            ],
            {(ZONE, "partOf", "北京青泽综合保税区"), (ZONE, "locatedIn", "北京")},
        ),
    ],
)
def test_a_name_inside_another(entries: list[str], facts: set[tuple[str, ...]], tmp_path: Path) -> None:
    text = f"{ZONE}挂牌。"
    named = [at(text, ZONE, "Zone"), at(text, ZONE[:9], "Zone")]
    named += [at(text, "北京", "Municipality"), at(text, "大兴", "District")]
    listed = "\n".join(f"- {{id: x{k}.v1, kind: nested, {entry}}}" for k, entry in enumerate(entries))
    found = told(tmp_path, listed, text, *named)
    assert {f for f in found if f[0] == ZONE} == facts


def test_a_fact_may_be_turned_round(tmp_path: Path) -> None:
    entry = "- {id: x.v1, kind: nested, outer: Facility, inner: Company, predicate: operates, reverse: true}"
    text = "海阳公司生产线开工。"
    named = at(text, "海阳公司生产线", "Facility"), at(text, "海阳公司", "Company")
    assert told(tmp_path, entry, text, *named) == {("海阳公司", "operates", "海阳公司生产线")}


def test_ends_written_out_hold_for_the_line_and_its_section(tmp_path: Path) -> None:
    entry = "- {id: x.v1, kind: ends, outer: TransportLine, inner: Place, predicate: connects, between: [至]}"
    text = "北京至天津铁路通州段开通。"
    named = [at(text, "北京至天津铁路通州段", "TransportLine"), at(text, "北京至天津铁路", "TransportLine")]
    named += [at(text, "北京", "Municipality"), at(text, "天津", "Municipality")]
    facts = told(tmp_path, entry, text, *named)
    assert facts == {(n, "connects", c) for n in ("北京至天津铁路通州段", "北京至天津铁路") for c in ("北京", "天津")}


def test_joined_names_share_what_the_first_begins_with(tmp_path: Path) -> None:
    entry = "- {id: x.v1, kind: shared, outer: Project, inner: Airport, predicate: concerns, between: [及]}"
    text = "天津机场规划及三期工程实施。"
    named = [
        at(text, "天津机场规划", "PolicyDocument"),
        at(text, "天津机场", "Airport"),
        at(text, "三期工程", "Project"),
    ]
    ((subject, *fact),) = told(tmp_path, entry, text, *named)
    assert (subject, fact[0]) == ("三期工程", "concerns")


def test_names_state_as_long_as_they_stand_there() -> None:
    a = read("河北省唐山市曹妃甸区的企业增加。")
    proofs = {f.evidence.quote: f.evidence.by for f in a.facts}
    assert proofs == {"河北省唐山市": "chain.place.v1", "唐山市曹妃甸区": "chain.place.v1"}
    assert all(f.modality == "asserted" for f in a.facts)


def test_every_bundled_entry_is_allowed_by_the_ontology() -> None:
    for entry in load_structure(kit().recipe.grammar / "structure.yaml", vocab()):
        ends = (entry.inner, entry.outer) if entry.reverse else (entry.outer, entry.inner)
        below = [(s, o) for s in vocab().narrower(ends[0]) for o in vocab().narrower(ends[1])]
        assert any(vocab().admits(entry.predicate, s, o) for s, o in below), entry.id


GOOD = "- {id: a.v1, kind: chain, outer: Zone, inner: Place, predicate: partOf}\n"


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        ("id: a.v1", ":1: not a list of entries"),
        ("- a.v1", ":1: not a list of entries"),
        (GOOD.replace("kind: chain, ", ""), ":1: lacks kind; add it"),
        (GOOD + GOOD.replace("Place", "Spaceship").replace("a.v1", "b.v1"), ":2: 'Spaceship' is not in the ontology"),
        (GOOD.replace("partOf", "flownBy"), ":1: 'flownBy' is not in the ontology"),
        (GOOD.replace("chain", "beside"), ":1: kind 'beside' is none of chain, before, nested, ends, shared"),
        (GOOD.replace("}", ", besides: [Spaceship]}"), ":1: 'Spaceship' is not in the ontology"),
        (GOOD.replace("}", ", revers: true}"), ":1: unknown key 'revers'"),
        (GOOD.replace("}", ", score: high}"), ":1: score must be a number between 0 and 1"),
        (GOOD.replace("}", ", between: 至}"), ":1: between must be a list of words"),
        (GOOD + "\n" + GOOD, ":3: 'a.v1' stands there twice; rename one"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(content: str, wrong: str, tmp_path: Path) -> None:
    path = written(tmp_path, "structure.yaml", content)
    with pytest.raises(DataError, match="^" + re.escape(f"{path}{wrong}")):
        load_structure(path, vocab())
