"""HTTP from clients that may be slow on purpose."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE = 10.0
"""Seconds in which a client that has no request running must send a whole head of one."""


class PatientProtocol(H11Protocol):
    """uvicorn's HTTP, which lets go of connections on which no request comes, however many bytes do."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()

    def _watch(self) -> None:
        running = self.cycle is not None and not self.cycle.response_complete
        self.loop.call_later(PATIENCE, self._look, running, self.cycle)

    def _look(self, was_running: bool, seen: object) -> None:
        """Hang up where nothing has begun since the last look, at which nothing was running either."""
        if self.transport.is_closing():
            return
        if not was_running and self.cycle is seen:
            self.transport.abort()
        else:
            self._watch()
