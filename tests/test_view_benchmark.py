"""The networks that the benchmark of the view draws: of the wanted size, alike each time, few with many relations."""

from __future__ import annotations

from collections import Counter

import pytest
from view_samples import vocab

from benchmarks.chromium import Cost, First, Panning
from benchmarks.view import Row, report
from benchmarks.view_graphs import RELATIONS, network


def test_a_made_up_network_has_the_wanted_size_and_is_the_same_each_time() -> None:
    model = network(300, vocab())
    assert (len(model.things), len(model.statements)) == (300, 300 * RELATIONS)
    assert model == network(300, vocab())
    assert len({thing.labels["zh"] for thing in model.things}) == 300
    assert all(s.quotes[0].exact.startswith(model.things[int(s.subject[-6:])].labels["zh"]) for s in model.statements)


def test_few_things_have_many_relations() -> None:
    met = Counter(end for s in network(1000, vocab()).statements for end in (s.subject, str(s.object)))
    counts = sorted(met.values())
    assert counts[len(counts) // 2] <= 4
    assert counts[-1] > 60


def test_what_did_not_come_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    ours = Cost(First(1.0, 0.5, 200.0), Panning(60.0, 5.0, 6.0))
    rows = {"kg view": Row(2**20, 1.0, ours), "slow": Row(2**19, 0.1, Cost(None, None))}
    report(rows, 60)
    told = capsys.readouterr().out
    assert "no picture within 60 CPU s" in told
    assert "kg view / slow: no ratio" in told
    report(rows | {"slow": Row(2**19, 0.1, Cost(First(4.0, 2.0, 100.0), Panning(20.0, 50.0, 60.0)))}, 60)
    assert "first picture 0.25 of the CPU, 3.0 times the frames, 0.10 of the main thread's" in capsys.readouterr().out
