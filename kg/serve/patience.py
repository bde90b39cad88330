"""HTTP from clients that may be slow on purpose."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE = 10.0
"""Seconds in which a client that has no request running must send a whole head of one."""
MOST_LOOKS = 6
"""Times :data:`PATIENCE` that nothing of an answer may leave: systems take it in large pieces from slow but honest
clients."""


class PatientProtocol(H11Protocol):
    """uvicorn's HTTP, which lets go of connections on which no request comes, however many bytes do.

    It lets go, too, of clients that do not take their answer, which else stays in memory as long as they like.
    """

    _lost = False
    _stuck = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost = True
        super().connection_lost(exc)

    def _watch(self) -> None:
        running = self.cycle is not None and not self.cycle.response_complete
        self.loop.call_later(PATIENCE, self._look, running, self.cycle, self.transport.get_write_buffer_size())

    def _look(self, was_running: bool, seen: object, unsent: int) -> None:
        """Hang up where nothing has begun since the last look, at which nothing was running either."""
        if self._lost:
            return
        left = self.transport.get_write_buffer_size()
        self._stuck = self._stuck + 1 if unsent and left >= unsent else 0
        idle = not was_running and self.cycle is seen and not left
        if idle or self._stuck >= MOST_LOOKS:
            self.transport.abort()
        else:
            self._watch()
