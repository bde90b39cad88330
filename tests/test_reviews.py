"""Decisions on facts: what a line says, which one counts, what is refused, and that none is lost."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import ROOT

from kg.errors import DataError, Overtaken, QueryError
from kg.reviews import (
    COLUMNS,
    FACT,
    FIGURE,
    Parts,
    Review,
    append_review,
    corrected,
    load_reviews,
    read_parts,
    standing,
    write_parts,
)

NOW = "2026-01-31T09:30:00Z"
HASH = "0123456789abcdef0123"
OPENED: Parts = tuple(zip(FACT, ("id:line", "openedOn", "2020-12-27", "asserted"), strict=True))
LENGTH: Parts = (
    ("about", "id:line"),
    ("indicator", "全长"),
    ("value", "92"),
    ("unit", "公里"),
    ("approximation", "exact"),
    ("modality", "asserted"),
)
LATER: Parts = (("object", "2020-12-28"),)


def review(verdict: str = "reject", by: str = "Li Hua", fact: Parts = OPENED, **more: object) -> Review:
    return replace(Review(HASH, verdict, fact, by, "a plan", NOW), **more)  # type: ignore[arg-type]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "reviews.csv"


# ---------------------------------------------------------------------- a line


def test_a_decision_is_read_as_it_was_written(path: Path) -> None:
    made = [
        append_review(path, review("accept", said="京雄城际铁路 openedOn 2020-12-27")),
        append_review(path, review("correct", fact=LENGTH, replacement=(("value", "93.5"), ("time", "2020")))),
        append_review(path, review("reject", reason='so says "he"; not,\nthe text')),
    ]
    assert load_reviews(path) == tuple(made)
    assert [each.id for each in load_reviews(path)] == [each.id for each in made]
    assert [each.where for each in load_reviews(path)] == [f"{path}:{k}" for k in (2, 3, 4)]


def test_a_line_can_be_read_by_people(path: Path) -> None:
    append_review(path, review("correct", replacement=LATER, said="京雄城际铁路 openedOn 2020-12-27"))
    assert path.read_text(encoding="utf-8").splitlines() == [
        "statement,verdict,replacement,said,fact,by,reason,when",
        f"{HASH},correct,object=2020-12-28,京雄城际铁路 openedOn 2020-12-27,subject=id:line; predicate=openedOn; "
        f"object=2020-12-27; modality=asserted,Li Hua,a plan,{NOW}",
    ]


@given(st.lists(st.tuples(st.sampled_from(FIGURE), st.text("a;=\\ 甲,\"'")), unique_by=lambda part: part[0]))
def test_parts_survive_being_written(parts: list[tuple[str, str]]) -> None:
    plain = tuple((name, value.strip()) for name, value in parts)
    assert read_parts(write_parts(plain)) == plain


@pytest.mark.parametrize("cell", ["object", "=x", "object=1; object=2", "object=1; x"])
def test_what_is_no_part_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="part"):
        read_parts(cell)


FACT_CELL = "subject=id:l; predicate=p; object=o; modality=asserted"


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (["xyz", "reject", "", "", FACT_CELL, "me", "why", NOW], "'xyz' is no hash"),
        ([HASH, "maybe", "", "", FACT_CELL, "me", "why", NOW], "'maybe' is no verdict"),
        ([HASH, "correct", "", "", FACT_CELL, "me", "why", NOW], "has a replacement"),
        ([HASH, "reject", "object=p", "", FACT_CELL, "me", "why", NOW], "has a replacement"),
        ([HASH, "reject", "", "", FACT_CELL, "", "why", NOW], "by and reason"),
        ([HASH, "reject", "", "", FACT_CELL, "me", "", NOW], "by and reason"),
        ([HASH, "reject", "", "", FACT_CELL, "me", "why", "2026-01-31"], "write a time in UTC"),
        ([HASH, "reject", "", "", FACT_CELL, "me", "why", "2026-13-31T09:30:00Z"], "write a time in UTC"),
        ([HASH, "reject", "", "", "", "me", "why", NOW], "the fact lacks"),
        ([HASH, "reject", "", "", "subject=id:l; predicate=p", "me", "why", NOW], "the fact lacks object, modality"),
        ([HASH, "reject", "", "", FACT_CELL + "; unit=x", "me", "why", NOW], "unknown part 'unit'"),
        ([HASH, "correct", "unit=x", "", FACT_CELL, "me", "why", NOW], "cannot name 'unit'"),
        ([HASH, "correct", "object=", "", FACT_CELL, "me", "why", NOW], "must not be empty"),
        ([HASH, "correct", "object=o", "", FACT_CELL, "me", "why", NOW], "says what is said already"),
    ],
)
def test_a_wrong_line_is_told_with_its_place(path: Path, cells: list[str], message: str) -> None:
    path.write_text(f"{','.join(COLUMNS)}\n{','.join(cells)}\n", encoding="utf-8")
    with pytest.raises(DataError, match=message) as caught:
        load_reviews(path)
    assert str(caught.value).startswith(f"{path}:2:")


def test_a_wrong_decision_is_not_written(path: Path) -> None:
    with pytest.raises(DataError, match="by and reason"):
        append_review(path, review(by=" "))
    assert not path.exists()


# ---------------------------------------------------------------------- which counts


def test_the_last_decision_counts_and_withdrawing_undoes(path: Path) -> None:
    accepted, rejected = append_review(path, review("accept")), append_review(path, review("reject"))
    assert standing([accepted, rejected]) == {OPENED: rejected}
    append_review(path, review("withdraw"))
    assert standing(load_reviews(path)) == {}
    assert len(load_reviews(path)) == 3, "what was decided and undone can be read for ever"
    again = append_review(path, review("accept"))
    assert standing(load_reviews(path)) == {OPENED: again}


def test_decisions_follow_what_is_merged() -> None:
    part: Parts = tuple(zip(FACT, ("id:a", "connects", "id:b", "asserted"), strict=True))
    merged = standing([review(fact=part)], {"a": "x", "b": "b"})
    assert list(merged) == [(("subject", "id:x"), *part[1:])]
    swapped: Parts = tuple(zip(FACT, ("id:b", "connects", "id:a", "asserted"), strict=True))
    both = standing([review("accept", fact=part), review("reject", fact=swapped)], {}, frozenset({"connects"}))
    assert [each.verdict for each in both.values()] == ["reject"]


def test_a_correction_says_the_whole_of_what_is_right() -> None:
    assert dict(corrected(OPENED, LATER)) == dict(OPENED) | dict(LATER)
    figure = corrected(LENGTH, (("value", "93.50"), ("time", "2020")))
    assert (figure[2], figure[5]) == (("value", "93.5"), ("time", "2020"))
    assert corrected(figure, (("time", ""), ("value", "92"))) == LENGTH


# ---------------------------------------------------------------------- what is refused


def test_who_saw_an_older_decision_is_told_and_not_overruled(path: Path) -> None:
    first = append_review(path, review("accept", by="Li Hua"), expecting=None)
    with pytest.raises(Overtaken, match=f"Li Hua decided accept at {NOW}: a plan; look at it"):
        append_review(path, review("reject", by="Wang Wei"), expecting=None)
    assert load_reviews(path) == (first,)
    second = append_review(path, review("reject", by="Wang Wei"), expecting=first.id)
    append_review(path, review("withdraw", by="Li Hua"), expecting=second)
    with pytest.raises(Overtaken, match="the decision was withdrawn"):
        append_review(path, review("accept", by="Wang Wei"), expecting=second)


def test_who_decides_alike_is_let_be(path: Path) -> None:
    append_review(path, review("reject", by="Li Hua"), expecting=None)
    append_review(path, review("reject", by="Wang Wei"), expecting="")
    assert [each.by for each in load_reviews(path)] == ["Li Hua", "Wang Wei"]
    with pytest.raises(Overtaken):
        append_review(path, review("correct", replacement=LATER), expecting="")


def test_errors_travel_between_processes() -> None:
    error = pickle.loads(pickle.dumps(Overtaken("somebody did")))
    assert isinstance(error, Overtaken)
    assert str(error) == "somebody did"


def test_there_is_nothing_to_undo_where_nothing_is_decided(path: Path) -> None:
    with pytest.raises(QueryError, match="nothing to undo"):
        append_review(path, review("withdraw"))


def test_a_correction_may_not_say_what_was_rejected(path: Path) -> None:
    append_review(path, review("reject", fact=corrected(OPENED, LATER), said="the other day"))
    with pytest.raises(QueryError, match="Li Hua decided reject on the other day; withdraw that first"):
        append_review(path, review("correct", replacement=LATER))
    append_review(path, review("accept", fact=corrected(OPENED, LATER)))
    append_review(path, review("correct", replacement=LATER))


# ---------------------------------------------------------------------- nothing is lost


def test_of_many_who_saw_the_same_one_decides_and_the_others_are_told(path: Path) -> None:
    def decide(k: int) -> int:
        try:
            append_review(path, review("correct", by=f"P{k}", replacement=(("object", f"2019-01-{k:02}"),)), None)
        except Overtaken:
            return 0
        return 1

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(decide, range(1, 25))) == 1
    assert len(load_reviews(path)) == 1


SERVER = """
import sys
from pathlib import Path
from kg.reviews import Review, append_review
for k in range(100_000):
    fact = (("subject", f"id:e{k}"), ("predicate", "p"), ("object", "o"), ("modality", "asserted"))
    append_review(Path(sys.argv[1]), Review(sys.argv[2], "reject", fact, "Li Hua", "why", "2026-01-31T09:30:00Z"))
    print(k, flush=True)
"""


def test_killing_a_server_in_the_middle_loses_no_decision_that_it_acknowledged(path: Path) -> None:
    command = [sys.executable, "-c", SERVER, str(path), HASH]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)})
    assert server.stdout is not None
    acknowledged = [server.stdout.readline() for _ in range(30)]
    server.send_signal(signal.SIGKILL)
    acknowledged += server.stdout.read().split("\n")[:-1]
    server.wait()
    append_review(path, review())
    found = [dict(each.fact)["subject"] for each in load_reviews(path)]
    assert {f"id:e{int(k)}" for k in acknowledged} <= set(found)
    assert found[-1] == "id:line"
