"""Across documents: what is one becomes one, namesakes stay apart, people's decisions win, order does not matter."""

from __future__ import annotations

import gzip
import json
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import ROOT, shared

from kg.build import annotate_batch, build, identify, to_recipe
from kg.cli import run
from kg.errors import DataError, Overtaken, QueryError
from kg.judgements import COLUMNS, Groups, Judgement, append_judgement, judgement, load_judgements
from kg.judging import Judge
from kg.pipeline import batched, load_kit
from kg.profiles import Profile, join_profiles
from kg.read import read
from kg.resolve import Identity, resolve

CHECKED = "2026-01-31"
RECIPE = "data/recipe-fast.toml"


@cache
def judge() -> Judge:
    return load_kit(to_recipe(ROOT / RECIPE)).parts.judge


def profile(id: str, type_: str, *names: str, **more: object) -> Profile:
    return Profile(id, type_, names or (id,), **more)  # type: ignore[arg-type]


def resolved(*profiles: Profile, decided: tuple[object, ...] = ()) -> Identity:
    return resolve(profiles, decided, judge())  # type: ignore[arg-type]


def groups(identity: Identity, *ids: str) -> list[set[str]]:
    found: dict[str, set[str]] = {}
    for id in ids:
        found.setdefault(identity.of(id), set()).add(id)
    return sorted(found.values(), key=sorted)


# ---------------------------------------------------------------------- what is one


def test_short_and_long_forms_of_one_name_become_one() -> None:
    found = resolved(
        profile("a", "GovernmentBody", "北京市发展和改革委员会"),
        profile("b", "GovernmentBody", "北京市发改委"),
        profile("c", "GovernmentBody", "天津市发改委"),
    )
    assert groups(found, "a", "b", "c") == [{"a", "b"}, {"c"}]


def test_the_lexicon_id_stands_for_the_group() -> None:
    known = profile("hsr-jingxiong", "RailwayLine", "京雄城际", known=True)
    found = resolved(known, profile("x", "TransportLine", "北京至雄安新区城际铁路"))
    assert found.canonical == {"x": "hsr-jingxiong"}


def test_without_one_the_fullest_name_does() -> None:
    found = resolved(profile("a", "Zone", "大兴综保区"), profile("b", "Zone", "北京大兴综合保税区"))
    assert found.canonical == {"a": "b"}


def test_every_joining_has_a_reason() -> None:
    found = resolved(profile("a", "Zone", "大兴综保区"), profile("b", "Zone", "北京大兴综合保税区"))
    [made] = found.judgements
    assert (made.left, made.right, made.verdict) == ("a", "b", "same")
    assert "same region, head and suffix" in made.reason


# ---------------------------------------------------------------------- what is two


@pytest.mark.parametrize(("place", "other"), [("cn-110000", "cn-220100"), ("cn-110000", "cn-130000")])
def test_districts_of_one_name_stay_apart_by_what_is_around(place: str, other: str) -> None:
    found = resolved(
        profile("a", "GovernmentBody", "朝阳区政府", around=frozenset([place])),
        profile("b", "GovernmentBody", "朝阳区人民政府", around=frozenset([other])),
    )
    assert groups(found, "a", "b") == [{"a"}, {"b"}]


def test_a_district_that_begins_like_a_province_stays_apart() -> None:
    found = resolved(profile("a", "GovernmentBody", "河北区政府"), profile("b", "GovernmentBody", "河北省政府"))
    assert groups(found, "a", "b") == [{"a"}, {"b"}]


def test_a_name_of_common_words_joins_nothing() -> None:
    found = resolved(profile("a", "Institution", "人民医院"), profile("b", "Institution", "河北省人民医院"))
    assert found.canonical == {}


def test_a_name_without_a_region_that_fits_two_joins_neither() -> None:
    found = resolved(
        profile("a", "Facility", "明湖体育中心"),
        profile("b", "Facility", "济南明湖体育中心"),
        profile("c", "Facility", "杭州明湖体育中心"),
    )
    assert found.canonical == {}
    assert all(made.verdict == "unsure" and "more than one" in made.reason for made in found.judgements)


def test_a_fact_between_two_keeps_them_apart() -> None:
    part = profile("a", "Zone", "天津港保税区", apart=frozenset("b"))
    assert resolved(part, profile("b", "Zone", "天津港保税区")).canonical == {}


def test_other_names_in_another_place_keep_two_apart() -> None:
    found = resolved(
        profile("a", "Institution", "南京科技创新中心", "科技创新中心"),
        profile("b", "Institution", "武汉科技创新中心", "科技创新中心"),
    )
    assert found.canonical == {}


def test_persons_are_one_only_by_organisation_and_title() -> None:
    def person(id: str, *roles: tuple[str, str]) -> Profile:
        return profile(id, "Person", "王伟", roles=frozenset(roles))

    found = resolved(
        person("a", ("xinhua", "记者")), person("b", ("xinhua", "记者")), person("c", ("ndrc", "主任")), person("d")
    )
    assert groups(found, *"abcd") == [{"a", "b"}, {"c"}, {"d"}]


def test_organisations_are_joined_before_the_persons_that_they_tell() -> None:
    found = resolved(
        profile("o", "GovernmentBody", "北京市发展改革委"),
        profile("p", "GovernmentBody", "北京市发改委"),
        profile("a", "Person", "王伟", roles=frozenset([("o", "主任")])),
        profile("b", "Person", "王伟", roles=frozenset([("p", "主任")])),
    )
    assert groups(found, "a", "b") == [{"a", "b"}]


# ---------------------------------------------------------------------- people


def test_a_person_joins_what_rules_do_not() -> None:
    made = judgement("a", "b", "same", 1.0, "Li Hua", "renamed in 2021", CHECKED)
    found = resolved(profile("a", "Company", "甲集团"), profile("b", "Company", "乙公司"), decided=(made,))
    assert groups(found, "a", "b") == [{"a", "b"}]
    assert found.judgements == (made,)


def test_a_person_parts_what_rules_join() -> None:
    made = judgement("a", "b", "different", 1.0, "Li Hua", "two offices", CHECKED)
    profiles = (
        profile("a", "GovernmentBody", "北京市发展和改革委员会"),
        profile("b", "GovernmentBody", "北京市发改委"),
    )
    assert resolved(*profiles, decided=(made,)).canonical == {}
    third = profile("c", "GovernmentBody", "北京市发展改革委")
    assert len(groups(resolved(*profiles, third, decided=(made,)), "a", "b", "c")) == 2


def test_a_decision_on_what_no_document_names_changes_nothing() -> None:
    made = judgement("x", "y", "same", 1.0, "Li Hua", "gone", CHECKED)
    assert resolved(profile("a", "Company", "甲集团"), decided=(made,)) == Identity({})


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("a,b,same,me,2026-01-31", "5 cells"),
        ("a,b,equal,me,2026-01-31,why", "'equal' is no verdict"),
        ("a,a,same,me,2026-01-31,why", "name two"),
        ("a b,c,same,me,2026-01-31,why", "is no id"),
        ("a,b,same,,2026-01-31,why", "by and reason"),
        ("a,b,same,me,yesterday,why", "write a date"),
        ("a,b,same,me,2026-01-31,why\nb,c,same,me,2026-01-31,why\na,c,different,me,2026-01-31,why", "strike one"),
    ],
)
def test_a_wrong_line_is_told_with_its_place(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "judgements.csv"
    path.write_text(f"{','.join(COLUMNS)}\n{line}\n", encoding="utf-8")
    with pytest.raises(DataError, match=message) as caught:
        load_judgements(path)
    assert str(caught.value).startswith(f"{path}:{1 + len(line.splitlines())}:")


def test_decisions_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "judgements.csv"
    for left, right, verdict in (("a", "b", "same"), ("b", "c", "same")):
        append_judgement(path, judgement(left, right, verdict, 1.0, "me", "why", CHECKED))
    before = path.read_bytes()
    with pytest.raises(DataError, match="by way of other lines"):
        append_judgement(path, judgement("a", "c", "different", 1.0, "me", "why", CHECKED))
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["judgements.csv"]


def test_a_new_decision_takes_the_place_of_the_old(tmp_path: Path) -> None:
    path = tmp_path / "judgements.csv"
    for verdict in ("same", "different"):
        append_judgement(path, judgement("b", "a", verdict, 1.0, "me", 'a "reason", with marks', CHECKED))
    assert [(each.pair, each.verdict, each.reason) for each in load_judgements(path)] == [
        (("a", "b"), "different", 'a "reason", with marks')
    ]


def test_withdrawing_a_decision_undoes_it(tmp_path: Path) -> None:
    path = tmp_path / "judgements.csv"
    made = judgement("a", "b", "same", 1.0, "me", "why", "2026-01-31T09:30:00Z")
    append_judgement(path, made)
    append_judgement(path, replace(made, verdict="withdraw"), expecting=made)
    assert load_judgements(path) == ()
    with pytest.raises(QueryError, match="nothing to undo"):
        append_judgement(path, replace(made, verdict="withdraw"))
    append_judgement(path, made, expecting=None)
    assert load_judgements(path) == (made,)
    assert len(path.read_text(encoding="utf-8").splitlines()) == 4, "what was decided and undone can be read for ever"


def test_who_saw_an_older_decision_is_told(tmp_path: Path) -> None:
    path = tmp_path / "judgements.csv"
    append_judgement(path, judgement("a", "b", "same", 1.0, "Li Hua", "why", CHECKED), expecting=None)
    append_judgement(path, judgement("a", "b", "same", 1.0, "Wang Wei", "why", CHECKED), expecting=None)
    with pytest.raises(Overtaken, match="Wang Wei decided same on 2026-01-31: why; look at it"):
        append_judgement(path, judgement("a", "b", "different", 1.0, "Zhao", "why", CHECKED), expecting=None)


def test_people_who_decide_at_once_lose_nothing_and_contradict_nothing(tmp_path: Path) -> None:
    path = tmp_path / "judgements.csv"
    chance = random.Random(5)
    made = [
        judgement(*chance.sample("abcdef", 2), chance.choice(["same", "different"]), 1.0, f"P{k}", "why", CHECKED)
        for k in range(60)
    ]

    def decide(each: Judgement) -> int:
        try:
            append_judgement(path, each)
        except DataError:  # it contradicts what stands
            return 0
        return 1

    with ThreadPoolExecutor(6) as pool:
        kept = sum(pool.map(decide, made))
    assert 0 < kept < len(made)
    assert len(path.read_text(encoding="utf-8").splitlines()) == kept + 1
    assert load_judgements(path)


def test_the_bundled_file_is_in_order() -> None:
    assert load_judgements(ROOT / "data" / "judgements.csv") == ()


# ---------------------------------------------------------------------- order

NAMES = [
    "北京市发展改革委",
    "北京市发改委",
    "天津市发改委",
    "发改委",
    "北京市朝阳区发改委",
    "国家发展改革委",
    "北京发展和改革委员会",
]


@given(st.lists(st.sampled_from(NAMES), unique=True, max_size=7), st.randoms(use_true_random=False))
def test_order_does_not_matter(names: list[str], chance: random.Random) -> None:
    profiles = [profile(f"p{NAMES.index(name)}", "GovernmentBody", name) for name in names]
    shuffled = chance.sample(profiles, len(profiles))
    assert resolved(*profiles) == resolved(*shuffled)


def test_profiles_of_one_id_are_joined_whatever_their_order() -> None:
    one = profile("a", "Zone", "大兴综保区", places=frozenset("x"))
    other = replace(one, names=("北京大兴综保区",), places=frozenset("y"), documents=2)
    [joined] = join_profiles([one, other])
    assert join_profiles([other, one]) == (joined,)
    assert (joined.names, joined.places, joined.documents) == (("北京大兴综保区", "大兴综保区"), frozenset("xy"), 3)


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef"))))
def test_groups_are_the_same_in_every_order(pairs: list[tuple[str, str]]) -> None:
    def joined(order: list[tuple[str, str]]) -> set[frozenset[str]]:
        made = Groups()
        for one, other in order:
            made.join(one, other)
        return {frozenset(group) for group in made.all()}

    assert joined(pairs) == joined(pairs[::-1])


# ---------------------------------------------------------------------- builds

STORIES = {
    "beijing.txt": "北京市朝阳区加快建设。北京市通州区加快建设。京雄城际铁路通车。\n"
    "国家发展改革委发布消息，雄安新区加快建设。",
    "changchun.txt": "吉林省长春市朝阳区加快建设。江苏省南通市通州区加快建设。\n"
    "北京至雄安新区城际铁路通车。国家发展和改革委员会发布消息。",
    "tianjin.txt": "天津市河北区加快建设。河北省加快建设。河北雄安新区加快建设。国家发改委批准京雄城际项目。",
}


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stories")
    for name, text in STORIES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def named(out: Path, name: str) -> set[str]:
    rows = map(json.loads, (out / "profiles.jsonl").read_text(encoding="utf-8").splitlines())
    return {row["canonical"] for row in rows if name in row["names"]}


@pytest.mark.slow
def test_a_build_has_one_entity_of_each_and_both_namesakes(stories: Path, tmp_path: Path) -> None:
    out = tmp_path / "build"
    build([stories], ROOT / RECIPE, out)
    for name in ("雄安新区", "京雄城际铁路", "国家发展改革委"):
        assert len(named(out, name)) == 1, name
    assert named(out, "河北雄安新区") == named(out, "雄安新区") == {"xiongan"}
    assert named(out, "国家发展和改革委员会") == named(out, "国家发改委") == {"ndrc"}
    assert named(out, "北京至雄安新区城际铁路") == named(out, "京雄城际铁路") == {"hsr-jingxiong"}
    assert named(out, "朝阳区") == {"cn-110105", "cn-220104"}
    assert named(out, "通州区") == {"cn-110112", "cn-320612"}
    assert named(out, "河北区") == {"cn-120105"}
    assert named(out, "河北省") == {"cn-130000"}


@pytest.mark.slow
def test_the_same_bytes_with_every_runner(stories: Path, tmp_path: Path) -> None:
    for runner in ("serial", "processes:2"):
        build([stories], ROOT / RECIPE, tmp_path / runner.partition(":")[0], runner=runner)
    for name in ("graph.nq", "records.jsonl", "profiles.jsonl"):
        assert (tmp_path / "serial" / name).read_bytes() == (tmp_path / "processes" / name).read_bytes()


@pytest.mark.slow
def test_merge_explains_and_decides(
    stories: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = tmp_path / "recipe.toml"
    text = (ROOT / RECIPE).read_text(encoding="utf-8").replace('"../ontology.ttl"', f'"{ROOT / "ontology.ttl"}"')
    for key in ("lexicon", "grammar", "queries", "gold"):
        text = text.replace(f'{key} = "{key}"', f'{key} = "{ROOT / "data" / key}"')
    recipe.write_text(text.replace('"shapes.ttl"', f'"{ROOT / "data" / "shapes.ttl"}"'), encoding="utf-8")
    out = ["--in", str(tmp_path / "build")]
    assert run(["build", str(stories), "--recipe", str(recipe), "--out", out[1], "-q"]) == 0
    assert run(["merge", "--explain", "cn-110105", "id:cn-220104", *out]) == 0
    assert "judged different" in capsys.readouterr().out
    assert run(["merge", "雄安新区", "京雄城际", *out]) == 2
    assert run(["merge", "朝阳区", "京雄城际", "--explain", *out]) == 2
    assert "2 entities have this name" in capsys.readouterr().err
    decide = ["--same", "--by", "me", "--reason", "a test"]
    with monkeypatch.context() as installed:
        installed.setattr("kg.resources.is_installed", lambda _: True)
        assert run(["merge", "cn-110105", "cn-220104", *decide, *out]) == 2
    assert "upgrade would lose the decision" in capsys.readouterr().err
    assert run(["merge", "cn-110105", "cn-220104", *decide, *out]) == 0
    assert run(["build", str(stories), "--recipe", str(recipe), "--out", out[1], "-q"]) == 0
    assert named(tmp_path / "build", "朝阳区") == {"cn-110105"}
    graph = (tmp_path / "build" / "graph.nq").read_text(encoding="utf-8")
    assert "id/cn-220104> <http://purl.org/dc/terms/isReplacedBy>" in graph
    (tmp_path / "judgements.csv").unlink()
    assert run(["build", str(stories), "--recipe", str(recipe), "--out", out[1], "-q"]) == 0
    assert named(tmp_path / "build", "朝阳区") == {"cn-110105", "cn-220104"}


@pytest.mark.slow
def test_the_shared_texts_have_one_of_each(tmp_path: Path) -> None:
    build([shared("gold", "dev"), shared("gold", "seed")], ROOT / RECIPE, tmp_path / "build")
    for name, id in {"雄安新区": "xiongan", "京雄城际铁路": "hsr-jingxiong", "国家发展改革委": "ndrc"}.items():
        assert named(tmp_path / "build", name) == {id}


@pytest.mark.slow
def test_five_hundred_stories_of_the_corpus_have_one_of_each(tmp_path: Path) -> None:
    with gzip.open(shared("corpus", "xwlb-15k.jsonl.gz"), "rt", encoding="utf-8") as lines:
        stories = list(lines)[::29][:500]
    (tmp_path / "stories.jsonl").write_text("".join(stories), encoding="utf-8")
    recipe = to_recipe(ROOT / RECIPE)
    sources = [tmp_path / "stories.jsonl", shared("gold", "dev"), shared("gold", "seed")]
    readings = [annotate_batch(batch, recipe) for batch in batched(read(sources), 32)]
    identity = identify(readings, load_kit(recipe))
    profiles = [profile for reading in readings for profile in reading.profiles]
    for name, id in {"雄安新区": "xiongan", "京雄城际铁路": "hsr-jingxiong", "国家发展改革委": "ndrc"}.items():
        assert {identity.of(profile.id) for profile in profiles if name in profile.names} == {id}
    assert all(identity.of(profile.id) == profile.id for profile in profiles if profile.known)
