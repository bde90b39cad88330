"""A person decides on a build, builds again and sees it; takes it back, builds again, and all is as it was."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import ROOT

from kg.build import build
from kg.check import check
from kg.cli import run
from kg.errors import Overtaken, QueryError
from kg.merging import candidates, decide_merge
from kg.report import load_report
from kg.reviewing import Reviewing

NOW = "2026-01-31T09:30:00Z"
STORIES = {
    "line.txt": "2020年12月27日，京雄城际铁路开通。京雄城际铁路连接北京市和雄安新区。京雄城际铁路全长92公里。"
    "北京市发展改革委发布《北京市规划》。明湖体育中心位于雄安新区。",
    "hall.txt": "济南明湖体育中心位于济南市。北京市发改委发布《河北省规划》。",
}
BYTES = ("graph.nq", "facts.ttl", "records.jsonl", "profiles.jsonl", "graph.html", "report.md")


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recipe of the reader's own, whose decisions stand beside it, and two stories."""
    folder = tmp_path_factory.mktemp("mine")
    text = (ROOT / "data" / "recipe-fast.toml").read_text(encoding="utf-8")
    for old, new in {
        '"../ontology.ttl"': ROOT / "ontology.ttl",
        **{f'"{name}"': ROOT / "data" / name for name in ("lexicon", "grammar", "queries", "gold", "shapes.ttl")},
    }.items():
        text = text.replace(f"= {old}", f'= "{new}"')
    (folder / "recipe.toml").write_text(text.replace('["articles"]', '["news"]'), encoding="utf-8")
    (folder / "news").mkdir()
    for name, story in STORIES.items():
        (folder / "news" / name).write_text(story, encoding="utf-8")
    build([], folder / "recipe.toml", folder / "build")
    return folder / "recipe.toml"


@pytest.fixture
def out(recipe: Path) -> Iterator[Path]:
    """The build of the stories, on which nothing is decided."""
    yield recipe.parent / "build"
    for name in ("reviews.csv", "judgements.csv"):
        (recipe.parent / name).unlink(missing_ok=True)


@pytest.fixture
def desk(out: Path) -> Iterator[Reviewing]:
    with Reviewing(out) as made:
        yield made


def opened(desk: Reviewing) -> str:
    [claim] = desk.find(["京雄城际铁路", "openedOn", "?"])
    return claim.iri


def rebuilt(recipe: Path, to: Path) -> Path:
    build([], recipe, to)
    return to


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in BYTES}


# ---------------------------------------------------------------------- decide


def test_a_decision_is_seen_at_once_and_tells_the_fact_in_words(desk: Reviewing) -> None:
    address = opened(desk)
    assert desk.decision(address) is None
    made = desk.decide(address, "reject", by="Li Hua", reason="a plan", when=NOW, expecting=None)
    assert made.said == "京雄城际铁路 openedOn 2020-12-27"
    assert desk.decision(address) == desk.decision(address.strip("<>")) == made
    assert desk.standing() == {address.strip("<>"): made}
    assert desk.state(made) == "with the next build"


def test_history_keeps_what_was_undone(desk: Reviewing) -> None:
    address = opened(desk)
    for verdict in ("accept", "reject", "withdraw"):
        desk.decide(address, verdict, by="Li Hua", reason="read", when=NOW)
    assert [each.verdict for each in desk.history(address)] == ["accept", "reject", "withdraw"]
    assert desk.decision(address) is None


def test_two_people_who_looked_at_the_same_time_do_not_overrule_each_other(desk: Reviewing) -> None:
    address = opened(desk)
    seen = desk.decision(address)
    desk.decide(address, "accept", by="Li Hua", reason="read", when=NOW, expecting=seen)
    with pytest.raises(Overtaken, match="Li Hua decided accept"):
        desk.decide(address, "reject", by="Wang Wei", reason="read", when=NOW, expecting=seen)


def test_a_correction_may_call_entities_by_name(desk: Reviewing) -> None:
    instead = {"predicate": "connects", "object": "雄安新区"}
    made = desk.decide(opened(desk), "correct", by="Li Hua", reason="read", when=NOW, replacement=instead)
    assert dict(made.replacement) == {"predicate": "connects", "object": "id:xiongan"}


def test_an_entity_that_only_the_lexicon_knows_may_be_named(desk: Reviewing) -> None:
    instead = {"predicate": "connects", "object": "唐山市"}
    made = desk.decide(opened(desk), "correct", by="Li Hua", reason="read", when=NOW, replacement=instead)
    assert dict(made.replacement)["object"] == "id:cn-130200"


@pytest.mark.parametrize(
    ("instead", "message"),
    [
        ({}, "say what is right: parts are subject, predicate"),
        ({"objekt": "2020"}, "cannot name 'objekt'"),
        ({"object": "2020-13"}, "takes a date"),
        ({"object": "2020-12-27"}, "says what is said already"),
        ({"predicate": "opendOn"}, "did you mean openedOn"),
        ({"predicate": "connects", "object": "无此地"}, "no entity of this build has this id or name"),
        ({"predicate": "worksFor", "object": "雄安新区"}, "worksFor joins no RailwayLine"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_and_not_written(
    desk: Reviewing, instead: dict[str, str], message: str
) -> None:
    with pytest.raises(QueryError, match=message):
        desk.decide(opened(desk), "correct", by="Li Hua", reason="read", when=NOW, replacement=instead)
    assert desk.reviews() == ()


def test_people_decide_on_facts_and_figures_of_the_build_only(desk: Reviewing) -> None:
    for address, message in {
        desk.recipe.base + "statement/0123456789abcdef0123": "no such statement",
        desk.recipe.base + "id/xiongan": "decide on statements and observations",
        opened(desk)[1:-1] + "> ?p ?o } #": "decide on statements and observations",
        "nonsense": "decide on statements and observations",
    }.items():
        with pytest.raises(QueryError, match=message):
            desk.decide(address, "accept", by="Li Hua", reason="read", when=NOW)


def test_decisions_are_not_written_into_an_installed_package(desk: Reviewing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.resources.is_installed", lambda _: True)
    with pytest.raises(QueryError, match="upgrade would lose the decision"):
        desk.decide(opened(desk), "accept", by="Li Hua", reason="read", when=NOW)


# ---------------------------------------------------------------------- build again


def test_a_decision_survives_builds_and_undoing_it_leaves_no_trace(recipe: Path, out: Path, tmp_path: Path) -> None:
    before = contents(out)
    with Reviewing(out) as desk:
        address = opened(desk)
        [length] = desk.find(["京雄城际铁路", "全长", "?"])
        desk.decide(address, "correct", by="Li Hua", reason="read", when=NOW, replacement={"object": "2020-12-28"})
        desk.decide(length.iri, "reject", by="Wang Wei", reason="read", when=NOW)
    again = rebuilt(recipe, tmp_path / "build")
    assert load_report(again)["decisions"] == {"correct": 1, "reject": 1}
    assert load_report(again)["conforms"]
    assert contents(rebuilt(recipe, tmp_path / "twice")) == contents(again), "the same decisions, the same bytes"
    records = (again / "records.jsonl").read_text(encoding="utf-8")
    assert '"o": "2020-12-28"' in records
    assert '"o": "2020-12-27"' not in records
    assert '"indicator": "全长"' not in records
    assert "corrected by Li Hua: read" in (again / "report.md").read_text(encoding="utf-8")
    with Reviewing(again) as desk:
        assert [
            claim.iri for claim in desk.find(["京雄城际铁路", "openedOn", "2020-12-28"]) if desk.stated_by(claim.iri)
        ]
        assert desk.stated_by(address) == ()
        assert {claim.kind for claim in desk.find(["京雄城际铁路", "openedOn", "?"])} == {"rejection", "statement"}
        assert [desk.state(each) for each in desk.reviews()] == ["carried out", "carried out"]
        for each in (address, length.iri):
            seen = desk.decision(each)
            assert seen is not None
            undone = desk.decide(each, "withdraw", by="Li Hua", reason="misread", when=NOW, expecting=seen)
            assert desk.state(undone) == "with the next build"
    last = rebuilt(recipe, tmp_path / "last")
    assert contents(last) == before
    with Reviewing(last) as desk:
        assert {desk.state(each) for each in desk.reviews()} == {"overtaken", "carried out"}


def test_what_concerns_nothing_here_stays_and_is_counted(recipe: Path, out: Path, tmp_path: Path) -> None:
    with Reviewing(out) as desk:
        made = desk.decide(opened(desk), "reject", by="Li Hua", reason="read", when=NOW)
    (tmp_path / "other.txt").write_text("雄安新区加快建设。北京市加快建设。", encoding="utf-8")
    build([tmp_path / "other.txt"], recipe, tmp_path / "build")
    assert load_report(tmp_path / "build")["decisions"] == {"unmet": 1}
    assert "* 1 concern nothing in this build" in (tmp_path / "build" / "report.md").read_text(encoding="utf-8")
    with Reviewing(tmp_path / "build") as desk:
        assert desk.reviews() == (made,)
        assert desk.state(made) == "does not occur"


# ---------------------------------------------------------------------- merges


def test_merges_in_doubt_come_first_with_what_was_decided(recipe: Path, out: Path, tmp_path: Path) -> None:
    found = candidates(out)
    first = found[0]
    assert first.judged.verdict == "unsure"
    assert {"明湖体育中心"} < {*first.one.names, *first.other.names}
    assert not first.together
    assert any(each.together and each.judged.verdict == "same" for each in found)
    decide_merge(Reviewing(out).recipe, first.one.id, first.other.id, "same", "Li Hua", "the same hall", NOW, None)
    decided = {each.judged.pair: each.decided for each in candidates(out)}[first.judged.pair]
    assert decided is not None
    assert (decided.verdict, decided.by) == ("same", "Li Hua")
    with pytest.raises(Overtaken, match="Li Hua decided same"):
        decide_merge(Reviewing(out).recipe, first.one.id, first.other.id, "different", "Wang Wei", "no", NOW, None)
    again = {each.judged.pair: each for each in candidates(rebuilt(recipe, tmp_path / "build"))}
    assert again[first.judged.pair].together
    decide_merge(Reviewing(out).recipe, first.one.id, first.other.id, "withdraw", "Li Hua", "not so sure", NOW, decided)
    assert contents(rebuilt(recipe, tmp_path / "last")) == contents(out)


# ---------------------------------------------------------------------- the command


def test_review_decides_lists_and_withdraws(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fact = ["京雄城际铁路", "openedOn", "?", "--in", str(out)]
    who = ["--by", "Li Hua", "--reason", "next sentence"]
    assert run(["review", "--in", str(out)]) == 0
    assert capsys.readouterr().out == "nothing is decided\n"
    assert run(["review", *fact, "--correct", "object=2020-12-28", "--correct", "modality=planned", *who]) == 0
    assert "correct 京雄城际铁路 openedOn 2020-12-27; build again" in capsys.readouterr().err
    assert run(["review", "--in", str(out)]) == 0
    assert "object=2020-12-28; modality=planned" in capsys.readouterr().out
    assert run(["review", *fact, "--accept", *who]) == 0
    assert "and no longer correct as Li Hua decided" in capsys.readouterr().err
    assert run(["review", *fact, "--withdraw", *who]) == 0
    assert run(["review", *fact, "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [row["verdict"] for row in listed] == ["correct", "accept", "withdraw"]
    assert len({row["address"] for row in listed}) == 1
    assert run(["review", *fact, "--withdraw", *who]) == 2
    assert "nothing to undo" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (["京雄城际铁路", "openedOn", "?", "--accept", "--by", "me"], 2, "needs --by NAME and --reason"),
        (["--accept", "--by", "me", "--reason", "why"], 2, "name the FACT"),
        (["a", "b", "c", "--accept", "--correct", "object=x"], 2, "say one of"),
        (["京雄城际铁路", "?", "?", "--reject", "--by", "me", "--reason", "why"], 2, "name one by its hash"),
        (
            ["京雄城际铁路", "openedOn", "?", "--correct", "2020", "--by", "me", "--reason", "x"],
            2,
            "write --correct NAME",
        ),
        (["无此线", "openedOn", "?", "--accept", "--by", "me", "--reason", "why"], 1, "says nothing of the kind"),
    ],
)
def test_a_wrong_request_is_one_line(
    out: Path, capsys: pytest.CaptureFixture[str], args: list[str], code: int, message: str
) -> None:
    assert run(["review", "--in", str(out), *args]) == code
    told = capsys.readouterr().err
    assert message in told
    assert "Traceback" not in told
    assert not (out.parent / "reviews.csv").exists()


def test_a_torn_line_is_told_and_cleared_away(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = out.parent / "reviews.csv"
    with Reviewing(out) as desk:
        address = opened(desk)
        desk.decide(address, "accept", by="Li Hua", reason="read", when=NOW)
        with file.open("a", encoding="utf-8") as torn:
            torn.write("0123456789abcdef0123,reject,,x,subj")
        assert run(["review", "--in", str(out)]) == 0
        assert f"{file}:3: the rest of a line" in capsys.readouterr().err
        desk.decide(address, "reject", by="Li Hua", reason="read", when=NOW)
        assert [each.verdict for each in desk.reviews()] == ["accept", "reject"]
        assert not desk.torn()


@pytest.mark.usefixtures("out")
def test_check_reads_the_decisions(recipe: Path) -> None:
    (recipe.parent / "reviews.csv").write_text("statement,verd", encoding="utf-8")
    [told] = [each for each in check(recipe) if "never finished" in each]
    assert told.startswith(f"{recipe.parent / 'reviews.csv'}:1: the rest of a line that was never finished")
    (recipe.parent / "judgements.csv").write_text("left,right\n", encoding="utf-8")
    (recipe.parent / "reviews.csv").write_text("statement,verdict\n", encoding="utf-8")
    wrong = [each for each in check(recipe) if "the header must be" in each]
    assert [Path(each.partition(":")[0]).name for each in wrong] == ["judgements.csv", "reviews.csv"]
