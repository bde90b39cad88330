"""Clients that are slow on purpose: which connections are kept, and which are let go. Time is told, not waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from kg.serve.patience import MOST_LOOKS, PatientProtocol


class Line(asyncio.Transport):
    """A connection that holds so many bytes that were not taken."""

    def __init__(self) -> None:
        super().__init__()
        self.unsent, self.closing, self.hung_up = 0, False, False

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def is_closing(self) -> bool:
        return self.closing

    def close(self) -> None:
        self.closing = True

    def abort(self) -> None:
        self.hung_up = True


class Clock:
    """Keeps what shall happen later until it is told to."""

    def __init__(self) -> None:
        self.coming: list[Callable[[], object]] = []

    def call_later(self, seconds: float, act: Callable[..., object], *given: Any) -> None:
        del seconds
        self.coming.append(lambda: act(*given))

    def strike(self) -> None:
        due, self.coming = self.coming, []
        for each in due:
            each()


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def nobody(scope: object, receive: object, send: object) -> None:
    """An application that is never asked."""


@pytest.fixture
def talk(line: Line, clock: Clock) -> PatientProtocol:
    config = Config(nobody, http=PatientProtocol, ws="none", log_config=None)
    config.load()
    made = PatientProtocol(config, ServerState(), {}, _loop=clock)  # type: ignore[arg-type]
    made.connection_made(line)
    return made


def answering(talk: PatientProtocol, *, complete: bool) -> None:
    talk.cycle = SimpleNamespace(response_complete=complete)  # type: ignore[assignment]


def test_who_asks_nothing_is_let_go(talk: PatientProtocol, line: Line, clock: Clock) -> None:
    assert talk.cycle is None
    clock.strike()
    assert line.hung_up


def test_who_waits_for_an_answer_is_not(talk: PatientProtocol, line: Line, clock: Clock) -> None:
    answering(talk, complete=False)
    for _ in range(3 * MOST_LOOKS):
        clock.strike()
    assert not line.hung_up


@pytest.mark.parametrize("closing", [False, True], ids=["open", "to be closed once all is sent"])
def test_who_never_takes_the_answer_is_let_go(talk: PatientProtocol, line: Line, clock: Clock, closing: bool) -> None:
    answering(talk, complete=True)
    line.unsent, line.closing = 1 << 24, closing
    for _ in range(MOST_LOOKS):
        clock.strike()
    assert not line.hung_up, "some take it slowly"
    clock.strike()
    assert line.hung_up


def test_who_takes_it_slowly_gets_all(talk: PatientProtocol, line: Line, clock: Clock) -> None:
    answering(talk, complete=True)
    line.unsent, line.closing = 1 << 24, True
    for _ in range(5 * MOST_LOOKS):
        line.unsent -= 1000
        clock.strike()
    assert not line.hung_up


def test_a_connection_that_is_gone_is_looked_at_no_more(talk: PatientProtocol, line: Line, clock: Clock) -> None:
    talk.connection_lost(None)
    clock.strike()
    assert not clock.coming
    assert not line.hung_up
