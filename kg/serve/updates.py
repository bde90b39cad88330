"""Updates of what a server shows, in a store beside the build's own: the build stays what `kg build` made.

``live/`` in the build's folder is a copy of its store that updates change, and that the next build replaces. Readers
ask a snapshot of it, made anew after each update.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import Any

from kg.serve.pool import Pool, Unanswered
from kg.serve.protocol import Operation, asked
from kg.serve.site import Site

LIVE = "live"


class Updates:
    """Carries updates out one after another. ``pool`` has one process, which writes."""

    def __init__(self, site: Site, pool: Pool) -> None:
        self.site, self.pool = site, pool
        self._folder = Path(tempfile.mkdtemp(prefix="kg-serve-"))
        self._turn: asyncio.Lock | None = None
        self._made = 0

    async def begin(self) -> None:
        """Show what earlier updates left, if there are any."""
        if (self.site.settings.build / LIVE).is_dir():
            await self._write(Operation("update", ""))

    async def run(self, operation: Operation) -> None:
        """Carry an update out; when this returns, it is on disk and seen by readers. Raises :class:`Unanswered`."""
        self._turn = self._turn or asyncio.Lock()
        async with self._turn:
            await self._write(operation)

    async def _write(self, operation: Operation) -> None:
        live = self.site.settings.build / LIVE
        if not live.is_dir():
            await asyncio.to_thread(self.site.now().store.backup, live)
        self._made += 1
        snapshot = self._folder / str(self._made)
        task: dict[str, Any] = {
            "store": str(live),
            "snapshot": str(snapshot),
            "mark": self.site.mark,
            "query": operation.text,
            "asked": asked(operation, self.site.settings),
        }
        header, _ = await self.pool.ask(task, self.site.settings.timeout)
        if "error" in header:
            raise Unanswered(header["http"], header["error"])
        self.site.show(snapshot)
        shutil.rmtree(self._folder / str(self._made - 2), ignore_errors=True)  # nobody asks the last but one any more

    async def close(self) -> None:
        """End the process that writes, and clear the snapshots away."""
        await self.pool.close()
        shutil.rmtree(self._folder, ignore_errors=True)
