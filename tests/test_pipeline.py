"""The path for a batch: what to load, what was loaded, and ``annotate``: same in, same out, anywhere."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit import document, kit
from support import ROOT

from kg.errors import DataError
from kg.pipeline import annotate, batched, load_kit, load_recipe
from kg.read import read
from kg.resources import find_recipe
from kg.types import ASSERTED, NEGATED, PLANNED

SENTENCES = (
    "2020年12月27日，京雄城际铁路开通，全长91公里。",
    "北京市与河北省签署战略合作协议。",
    "京津冀三地联手打通断头路。",
    "青岛市、烟台市新增企业分别为320家和180家。",
    "该公司将从北京市迁至雄安新区。",
    "广东、福建自贸试验区挂牌。",
    "区长李四光说，天气很好。",
)
TEXTS = st.lists(st.sampled_from(SENTENCES), max_size=5).map("".join)


# ---- the promise of annotate


@settings(max_examples=25, deadline=None)
@given(st.lists(TEXTS, max_size=4))
def test_a_document_is_read_the_same_in_any_batch(texts: list[str]) -> None:
    docs = [document(text, "2021-02", id=f"d{k}") for k, text in enumerate(texts)]
    together = annotate(docs, kit())
    assert together == tuple(annotate([doc], kit())[0] for doc in docs)
    assert tuple(reversed(together)) == annotate(docs[::-1], kit())


@settings(max_examples=50, deadline=None)
@given(st.text(alphabet="京津冀城际铁路北海关公司《》“”（），。；、与和将已未在2021年3月%亿元家 \n", max_size=60))
def test_whatever_the_text_says_all_that_is_read_is_quoted_linked_and_known(text: str) -> None:
    (a,) = annotate([document(text, "2021-02")], kit())
    ids = {e.id for e in a.entities}
    assert all(m.span.of(text) == m.text for m in a.mentions)
    assert all(x.entity in ids and x.mention in a.mentions for x in a.links)
    for item in (*a.facts, *a.observations):
        assert item.evidence.span.of(text) == item.evidence.quote
        assert item.modality in (ASSERTED, PLANNED, NEGATED)
        assert 0 < item.evidence.score <= 1
    assert all(f.subject in ids and (f.object in ids or not isinstance(f.object, str)) for f in a.facts)


def test_no_documents_no_annotations() -> None:
    assert annotate([], kit()) == ()


def test_the_order_of_hashes_does_not_matter() -> None:
    program = (
        "from kit import document, kit\nfrom kg.pipeline import annotate\nfrom pathlib import Path\n"
        "text = Path('data/articles/jingjinji-2021.txt').read_text(encoding='utf-8')[:1500]\n"
        "print(repr(annotate([document(text, '2021-02')], kit())))"
    )
    path = os.pathsep.join((str(ROOT / "tests"), str(ROOT)))
    answers = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
            cwd=ROOT,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(answers) == 1


def test_time_grows_with_the_length_of_the_text() -> None:
    sentence = "2020年12月27日，京雄城际铁路开通，全长91公里，北京市新增企业300家，该公司增长5%。"

    def seconds(times: int) -> float:
        doc = replace(document(sentence * times, "2021-02"), id=f"x{times}")
        best = float("inf")
        for _ in range(3):
            kit().parts.masker.views.cache_clear()
            started = time.process_time()
            annotate([doc], kit())
            best = min(best, time.process_time() - started)
        return best

    seconds(5)
    assert seconds(160) < 8 * seconds(40)


# ---- recipes and kits


def test_the_bundled_recipe_names_what_is_there() -> None:
    recipe = load_recipe(find_recipe("default"))
    for place in (recipe.ontology, recipe.lexicon, recipe.grammar, recipe.shapes, recipe.queries, *recipe.sources):
        assert place.is_absolute()
        assert place.exists()


def test_a_recipe_travels_and_a_kit_is_loaded_once() -> None:
    recipe = load_recipe(find_recipe("fast"))
    assert pickle.loads(pickle.dumps(recipe)) == recipe
    assert load_kit(pickle.loads(pickle.dumps(recipe))) is load_kit(recipe)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("name =", "nom =", r"recipe\.toml:1: missing or unknown: name, nom; keys are base, "),
        ('name = "', "name = ", r"recipe\.toml:1: not TOML"),
        ('["articles"]', '"articles"', r"recipe\.toml:13: sources must be a list of words"),
        ('ontology = "', 'ontology = 3 # "', r"recipe\.toml:5: ontology must be a word"),
        ("https://", "", r"recipe\.toml:3: base must be the beginning of IRIs, like https://example.org/news/; mend"),
        ("regional/", "regional", r"recipe\.toml:3: base must be"),
        ("regional/", "regi onal/", r"recipe\.toml:3: base must be"),
        ('"rules"', '"rule"', r"recipe\.toml:\d+: no engine 'rule'; known: structure, rules, figures"),
        ('"lexicon", ', '"oracle", ', r"recipe\.toml:\d+: no engine 'oracle'; known: lexicon, "),
    ],
)
def test_what_is_wrong_with_a_recipe_is_told(old: str, new: str, told: str, tmp_path: Path) -> None:
    text = (ROOT / "data" / "recipe.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "recipe.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=told):
        load_recipe(tmp_path / "recipe.toml")


def test_a_recipe_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.toml: cannot be read"):
        load_recipe(tmp_path / "none.toml")


@pytest.mark.parametrize(("count", "sizes"), [(0, []), (3, [3]), (4, [4]), (9, [4, 4, 1])])
def test_documents_come_in_batches(count: int, sizes: list[int]) -> None:
    docs = [document(str(k)) for k in range(count)]
    batches = list(batched(iter(docs), 4))
    assert [len(batch) for batch in batches] == sizes
    assert [doc for batch in batches for doc in batch] == docs


def test_the_bundled_article_has_something_of_everything() -> None:
    (a,) = annotate(list(read([ROOT / "data" / "articles"])), kit())
    assert ASSERTED in {f.modality for f in a.facts}
    assert a.mentions
    assert a.links
    assert a.observations


def test_a_recipes_own_file_that_is_never_read_is_refused(tmp_path: Path) -> None:
    recipe = load_recipe(find_recipe("fast"))
    shutil.copytree(recipe.grammar, tmp_path / "grammar")
    own = replace(recipe, grammar=tmp_path / "grammar")
    assert load_kit(own).recipe == own
    with (tmp_path / "grammar" / "time.yaml").open("a", encoding="utf-8") as file:
        file.write("# mine\n")
    load_kit.cache_clear()
    with pytest.raises(DataError, match=r"grammar/time\.yaml:1: every recipe reads with the bundled"):
        load_kit(own)
