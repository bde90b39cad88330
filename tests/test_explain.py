"""Why: from a fact back to sentence, rule, cue, date and gate; and everything that is read in a sentence."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import ROOT, vocab

from kg import nquads
from kg.cli import run
from kg.commands.explain import STYLES, _coloured
from kg.engines.rules import RuleEngine
from kg.errors import QueryError, ReadError
from kg.explain import explain_fact, explain_text, plain_ink, said_of
from kg.explain_reading import _parts, fate, reach, read_again, tried
from kg.explain_rules import rule_sources
from kg.explain_words import classes, decide, readable
from kg.graph import Context, to_quads
from kg.modality import WISHED
from kg.pipeline import Kit, annotate, load_kit, load_recipe
from kg.read import read
from kg.resources import data, default_recipe
from kg.stores import embedded
from kg.types import ASSERTED, PLANNED, Document, Fact, Rejected

OPENED = "2020年12月27日，京雄城际铁路实现全线开通运营。"
PLANS = "京滨城际铁路将于2025年开通运营。"


@pytest.fixture(scope="module")
def kit() -> Kit:
    return load_kit(load_recipe(default_recipe()))


def told(text: str, kit: Kit, published: str = "2021-02-10") -> str:
    return "\n".join(explain_text(text, kit, published))


def document(text: str, published: str = "2021-02-10") -> Document:
    return Document("d", text, "d", published=published)


# ---------------------------------------------------------------- a text


def test_a_text_is_told_from_names_to_facts(kit: Kit) -> None:
    lines = told(OPENED, kit)
    assert re.search(r"京雄城际铁路  RailwayLine  .*lexicon\.v1 .*→ 京雄城际铁路 <", lines)
    assert "2020年12月27日 = 2020-12-27 (point)" in lines
    assert "⟨date 2020年12月27日=2020-12-27⟩，⟨RailwayLine 京雄城际铁路⟩实现全线开通运营。" in lines
    assert "{date}，{RailwayLine}实现全线开通运营。" in lines
    assert re.search(r"opened\.v1  data/grammar/relations/transport\.yaml:\d+  called by 开通, 运营", lines)
    assert re.search(r"states +京雄城际铁路 <.*> openedOn 2020-12-27  admitted", lines)


def test_each_rule_that_is_called_but_does_not_match_is_followed(kit: Kit) -> None:
    lines = told(OPENED, kit)
    assert re.search(r"rule +building\.v1|building\.v1 \(", lines) is None, "no word of that rule stands here"
    assert re.search(r"follows +⟦.*⟧  by  \{", lines)
    assert re.search(r"fails at +\S", lines)


def test_a_template_that_states_nothing_says_why(kit: Kit) -> None:
    assert "=planned: holds only where planned, and this is asserted" in told(OPENED, kit)
    assert "no date governs the trigger" in told("京雄城际铁路实现全线开通运营。", kit)


def test_a_wish_states_nothing_and_says_so(kit: Kit) -> None:
    lines = told("必须确保京雄城际铁路开通运营。", kit)
    assert "wished: because of ⟦必须⟧ (wished), else asserted" in lines
    assert "a wish or demand states nothing" in lines


def test_a_text_in_which_nothing_is_read_is_told_too(kit: Kit) -> None:
    lines = told("今天天气很好。", kit, published="")
    assert "names: none" in lines
    assert "facts: none" in lines
    assert "published  unknown" in lines


def test_figures_are_told_with_their_parts(kit: Kit) -> None:
    lines = told("雄安新区常住人口120万人，比上年增长3.5%。", kit)
    assert re.search(r"雄安新区 <.*> 常住人口 1200000 人", lines)
    assert re.search(r"3\.5 % increase .*against 2020", lines)


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet="京雄城际铁路开通2020年将已，。、“”《》（河北省天津市\n ab", min_size=1, max_size=40))
def test_any_text_can_be_told(text: str) -> None:
    if text.strip():
        assert told(text, load_kit(load_recipe(default_recipe())))


# ---------------------------------------------------------------- listening changes nothing


def test_listening_changes_nothing_and_ends(kit: Kit) -> None:
    (article,) = read([data() / "articles" / "jingjinji-2021.txt"])
    reading = read_again(article, kit)
    assert (reading.annotation,) == annotate([article], kit)
    assert all(engine.watch is None for engine in kit.fact_engines if isinstance(engine, RuleEngine))
    assert reading.matches


def test_every_proposal_has_a_fate(kit: Kit) -> None:
    (article,) = read([data() / "articles" / "jingjinji-2021.txt"])
    reading = read_again(article, kit)
    verdicts = [fate(reading, item) for item in reading.proposed]
    assert len([1 for kept, _ in verdicts if kept]) >= len(reading.annotation.facts)
    assert all(kept or reason for kept, reason in verdicts)


def test_the_masked_forms_hide_and_show_the_same(kit: Kit) -> None:
    reading = read_again(document(OPENED + PLANS), kit)
    for span, view in reading.sentences:
        shown = re.sub(r"⟨\w+ ([^⟩=]*)(?:=[^⟩]*)?⟩", r"\1", readable(view, OPENED + PLANS))
        assert shown == span.of(OPENED + PLANS)
        assert len(re.findall(r"\{\w+\}", classes(view))) == len(view.placed)


# ---------------------------------------------------------------- cues


@pytest.mark.parametrize(
    ("text", "modality", "cues"),
    [
        ("京滨城际铁路开通运营。", ASSERTED, []),
        ("京滨城际铁路预计开通运营。", PLANNED, ["预计"]),
        ("京滨城际铁路尚未开通运营。", "negated", ["尚未"]),
        ("到2025年京滨城际铁路开通运营。", PLANNED, ["到2025年"]),
        ("要推动京滨城际铁路开通运营。", WISHED, ["要"]),
        (PLANS, PLANNED, ["将", "2025年"]),
    ],
)
def test_the_words_that_decide_are_the_fewest(text: str, modality: str, cues: list[str], kit: Kit) -> None:
    reading = read_again(document(text), kit)
    ((_, view),) = reading.sentences
    decision = decide(view, view.text.index("开通"), "2021-02-10", kit.parts.modality)
    assert decision.modality == modality
    found = [cue.span.of(text) for cue in decision.cues]
    assert len(found) == len(cues)
    assert all(a in b or b in a for a, b in zip(found, cues, strict=True))


def test_the_told_modality_is_the_one_that_is_used(kit: Kit) -> None:
    (article,) = read([data() / "articles" / "jingjinji-2021.txt"])
    for match in read_again(article, kit).matches:
        if not match.rule.raw.get("modality"):
            told_ = decide(match.view, match.trigger, article.published, kit.parts.modality)
            assert told_.modality == match.modality


# ---------------------------------------------------------------- patterns


def test_a_pattern_is_cut_without_loss(kit: Kit) -> None:
    for source in rule_sources(kit).values():
        assert "".join(_parts(source.pattern)) == source.pattern


@given(st.text(alphabet="ab(){}[]|*+?\\<>:.{2,3}", max_size=30))
def test_any_pattern_is_cut_without_loss(pattern: str) -> None:
    assert "".join(_parts(pattern)) == pattern


def test_groups_macros_and_slots_are_cut_whole_with_their_repetitions() -> None:
    assert _parts("{a*:X}(?:b|(c))*?<d>[)]+e{2}") == ["{a*:X}", "(?:b|(c))*?", "<d>", "[)]+", "e{2}"]
    assert _parts("a|b") == ["a|b"]


def test_how_far_a_pattern_goes_is_its_beginning_and_the_rest(kit: Kit) -> None:
    reading = read_again(document(OPENED), kit)
    ((_, view),) = reading.sentences
    idle = [one.rule for one in tried(reading, view) if not one.matches]
    reached = [(rule, found) for rule in idle if (found := reach(rule, view, kit))]
    assert reached
    for rule, found in reached:
        assert found.begun + found.rest == rule.raw["pattern"]
        assert found.rest
        assert found.span.of(OPENED)


def test_every_rule_stands_where_it_says(kit: Kit) -> None:
    for source in rule_sources(kit).values():
        path, _, line = source.where.rpartition(":")
        assert not Path(path).is_absolute()
        assert (
            source.pattern == "" or source.id in (ROOT / path).read_text(encoding="utf-8").splitlines()[int(line) - 1]
        )


# ---------------------------------------------------------------- a fact of a build


def rows(build: Path, query: str) -> list[tuple[str, ...]]:
    store = embedded.open(build / "store", read_only=True)
    try:
        return [tuple(str(cell) for cell in row) for row in store.select(query).rows]
    finally:
        store.close()


@pytest.fixture
def statement(bundled: Path) -> str:
    query = "SELECT ?x { ?x a kg:Statement ; rdf:predicate kg:openedOn ; kg:modality kg:asserted } ORDER BY ?x LIMIT 1"
    return rows(bundled, query)[0][0].strip("<>")


def test_a_fact_is_found_by_address_hash_and_words(bundled: Path, statement: str, kit: Kit) -> None:
    whole = explain_fact([statement], bundled, kit)
    digest = statement.rpartition("/")[2]
    assert explain_fact([digest[:12]], bundled, kit) == whole
    assert explain_fact([f"statement/{digest}"], bundled, kit) == whole
    subject, predicate, object_ = whole[0].partition("  (")[0].split(" ")
    assert explain_fact([subject, predicate, object_], bundled, kit) == whole
    assert set(whole) <= set(explain_fact([subject, "?", "?"], bundled, kit))


def test_a_fact_is_told_with_source_line_rule_and_gates(bundled: Path, statement: str, kit: Kit) -> None:
    lines = "\n".join(explain_fact([statement], bundled, kit))
    found = re.search(r"document +(\S+):(\d+)", lines)
    quote = re.search(r"sentence +.*⟦(.*?)⟧", lines)
    assert found
    assert quote
    line = (ROOT / found[1]).read_text(encoding="utf-8").splitlines()[int(found[2]) - 1]
    assert line.strip()[:4] in quote[1] or quote[1][:4] in line
    for title in (
        "evidence   1 of",
        "masked",
        "classes",
        "rule  ",
        "pattern",
        "slots",
        "modality",
        "gates",
        "examples",
    ):
        assert title in lines
    assert re.search(r"date +\S+ from ⟦", lines)
    assert "takes" in lines
    assert "build again" not in lines


def test_evidence_and_figures_have_reasons_too(bundled: Path, kit: Kit) -> None:
    ((piece,),) = rows(bundled, "SELECT ?e { ?x a kg:Statement ; kg:evidence ?e } ORDER BY ?e LIMIT 1")
    assert "1 of 1" in "\n".join(explain_fact([piece.strip("<>")], bundled, kit))
    ((figure,),) = rows(bundled, "SELECT ?x { ?x a kg:Observation } ORDER BY ?x LIMIT 1")
    lines = "\n".join(explain_fact([figure.strip("<>")], bundled, kit))
    assert "figures.v1" in lines
    assert "observation)" in lines


def test_every_statement_of_the_bundled_build_is_read_again_as_it_was(bundled: Path, kit: Kit) -> None:
    query = "SELECT ?x { ?x a ?c FILTER(?c IN (kg:Statement, kg:Observation)) } ORDER BY ?x"
    every = [row[0].strip("<>") for row in rows(bundled, query)]
    for address in every[::7]:
        assert "build again" not in "\n".join(explain_fact([address], bundled, kit))


@pytest.mark.parametrize("words", [["nonsense"], ["ab"], ["a", "b"], ["?", "?", "?"], ["statement/xyz"]])
def test_what_is_no_request_is_told(words: list[str], bundled: Path, kit: Kit) -> None:
    with pytest.raises(QueryError):
        explain_fact(words, bundled, kit)


def test_what_is_not_said_is_answered_by_what_is(
    bundled: Path, statement: str, kit: Kit, capsys: pytest.CaptureFixture[str]
) -> None:
    subject, predicate, _ = explain_fact([statement], bundled, kit)[0].partition("  (")[0].split(" ")
    assert run(["explain", "--in", str(bundled), subject, predicate, "1949"]) == 1
    heard = capsys.readouterr()
    assert heard.out == ""
    assert f"but: {subject} {predicate} " in heard.err
    assert said_of(["nobody", "openedOn", "?"], bundled, kit) == []


# ---------------------------------------------------------------- what is gone, and what was refused


@pytest.fixture
def own(tmp_path: Path, kit: Kit) -> tuple[Path, Path, Fact]:
    """A build of one text, with its fact refused as well: the build, the text's file, the fact."""
    path = tmp_path / "news" / "a.txt"
    path.parent.mkdir()
    path.write_text("京雄城际的消息\n\n" + OPENED + "\n", encoding="utf-8")
    (article,) = read([path])
    (annotation,) = annotate([article], kit)
    fact = next(f for f in annotation.facts if f.predicate == "openedOn")
    refused = replace(annotation, rejected=(Rejected(fact, "not allowed by domain and range", fact.evidence.by),))
    (tmp_path / "build").mkdir()
    nquads.write(to_quads(refused, Context(vocab())), tmp_path / "build" / "graph.nq")
    store = embedded.open(tmp_path / "build" / "store")
    store.load_file(tmp_path / "build" / "graph.nq")
    store.close()
    return tmp_path / "build", path, fact


def opened(build: Path, kit: Kit) -> str:
    ((address,),) = rows(build, "SELECT ?x { ?x a kg:Statement ; rdf:predicate kg:openedOn }")
    return "\n".join(explain_fact([address.strip("<>")], build, kit))


def test_the_line_of_the_source_is_told(own: tuple[Path, Path, Fact], kit: Kit) -> None:
    assert f"{own[1].as_posix()}:3  (" in opened(own[0], kit)


def test_without_the_source_the_graph_alone_is_told(own: tuple[Path, Path, Fact], kit: Kit) -> None:
    shutil.rmtree(own[1].parent)
    lines = opened(own[0], kit)
    assert "the source is not at hand; what follows is from the graph alone" in lines
    assert f"⟦{own[2].evidence.quote}⟧" in lines
    assert "opened.v1" in lines
    assert "masked" not in lines


def test_a_text_that_has_changed_is_not_taken_for_the_one_read(own: tuple[Path, Path, Fact], kit: Kit) -> None:
    own[1].write_text(PLANS, encoding="utf-8")
    assert "the text has changed since the build; what follows is from the graph alone" in opened(own[0], kit)


def test_a_refusal_names_the_gate(own: tuple[Path, Path, Fact], kit: Kit) -> None:
    ((address,),) = rows(own[0], "SELECT ?x { ?x a kg:Rejection }")
    lines = "\n".join(explain_fact([address.strip("<>")], own[0], kit))
    assert "(rejection)" in lines
    assert re.search(r"refused +not allowed by domain and range", lines)
    assert "⟦" in lines


def test_a_store_that_is_none_is_told(tmp_path: Path, kit: Kit) -> None:
    with pytest.raises(ReadError):
        explain_fact(["abcd"], tmp_path, kit)


# ---------------------------------------------------------------- the command


@pytest.mark.parametrize(
    "args",
    [[], ["abcd", "--text", OPENED], ["--text", " "], ["--text", OPENED, "--published", "soon"]],
)
def test_a_wrong_request_is_2(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", *args]) == 2
    assert capsys.readouterr().out == ""


def test_the_command_explains_a_text_without_colours_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "--text", PLANS, "--published", "2021-02"]) == 0
    out = capsys.readouterr().out
    assert "(planned)" in out
    assert "\x1b" not in out


def test_colours_on_a_terminal_and_brackets_elsewhere() -> None:
    for style in STYLES:
        assert _coloured(style, "words").startswith("\x1b[")
    assert plain_ink("mark", "words") == "⟦words⟧"
    assert all(plain_ink(style, "words") == "words" for style in STYLES if style != "mark")


def test_the_reading_of_each_example_is_told(kit: Kit) -> None:
    """The first example of each relation rule shows that rule matching: the page on which rules are written."""
    tell = partial(told, kit=kit)
    for rule in kit.parts.relations[::9]:
        example = rule.examples[0]
        assert f"rule       {rule.id}  " in tell(example.text, published=example.published)
