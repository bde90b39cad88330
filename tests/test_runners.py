"""Every runner does the same: what ``map`` yields is the same set of results."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from kg.errors import DataError, KgError
from kg.runners import open_runner
from kg.types import Runner


def square(n: int) -> int:
    if n < 0:
        raise ValueError(n)
    return n * n


def process(_: int) -> int:
    return os.getpid()


def die_once(marker: Path) -> str:
    """Kill the worker on the first item that gets here, as a system short of memory would."""
    try:
        (marker.parent / "died").touch(exist_ok=False)
    except FileExistsError:
        return marker.name
    os.kill(os.getpid(), signal.SIGKILL)
    return "never"


def die(_: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def interrupt(n: int) -> int:
    """What Ctrl-C does to a worker, since a terminal sends it to all processes."""
    os.kill(os.getpid(), signal.SIGINT)
    return n


@pytest.fixture(params=["serial", "processes:2"])
def runner(request: pytest.FixtureRequest) -> Runner:
    return open_runner(request.param)


def test_maps_each_item_once(runner: Runner) -> None:
    assert sorted(runner.map(square, range(20))) == [n * n for n in range(20)]


def test_takes_no_items(runner: Runner) -> None:
    assert list(runner.map(square, [])) == []


def test_passes_a_failure_on(runner: Runner) -> None:
    with pytest.raises(ValueError, match="-1"):
        list(runner.map(square, [1, -1, 2]))


def test_reads_items_only_as_fast_as_it_works(runner: Runner) -> None:
    drawn: list[int] = []

    def items() -> object:
        for n in range(1000):
            drawn.append(n)
            yield n

    next(iter(runner.map(square, items())))  # type: ignore[arg-type]
    assert len(drawn) < 20


def test_a_worker_that_dies_loses_nothing(tmp_path: Path) -> None:
    items = [tmp_path / str(n) for n in range(12)]
    assert sorted(open_runner("processes:2").map(die_once, items)) == sorted(item.name for item in items)


def test_work_that_kills_every_worker_is_given_up() -> None:
    with pytest.raises(KgError, match="died 3 times on the same work"):
        list(open_runner("processes:1").map(die, [1]))


def test_workers_leave_interrupts_to_their_parent() -> None:
    assert list(open_runner("processes:2").map(interrupt, range(4))) == [0, 1, 2, 3]
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_processes_are_others() -> None:
    assert os.getpid() not in set(open_runner("processes:2").map(process, range(4)))


@pytest.mark.parametrize("address", ["ray", "processes:many", "processes:0"])
def test_a_wrong_address_is_answered_with_the_right_ones(address: str) -> None:
    with pytest.raises(DataError, match=r"serial|processes:4"):
        open_runner(address)
