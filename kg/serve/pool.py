"""Processes that answer queries: as many as are allowed, started when needed, killed when a query's time is up.

The engine has no timeout, and some queries end the process that runs them: so none runs in the server's own.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from kg.confined import command, environment, lacked_memory
from kg.serve.settings import TOKEN

_RECYCLED = 500
"""Tasks after which a process is replaced."""
_WAITING = 200
"""Tasks that may wait for a process, at most."""
_STARTING = 60.0
"""Seconds that a process may take to start; a query's own time begins only then."""
_PATIENCE = 60.0
"""Seconds that a task waits for a process, at most; its own time begins only then."""


class Unanswered(Exception):
    """A query that gave no answer, with the ``status`` that tells why."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Limits:
    """What a process may use: ``memory`` in bytes; the ``network``, to call other servers; ``writes``, for updates."""

    memory: int
    network: bool = False
    writes: bool = False


@dataclass(slots=True)
class _Worker:
    process: asyncio.subprocess.Process
    done: int = 0


@dataclass(slots=True)
class Pool:
    """At most ``size`` processes; :meth:`ask` may be called by as many tasks as like."""

    size: int
    limits: Limits
    _idle: list[_Worker] = field(default_factory=list)
    _all: list[_Worker] = field(default_factory=list)
    _free: asyncio.Semaphore | None = None
    _waiting: int = 0
    _warned: bool = False

    async def ask(self, task: Mapping[str, Any], timeout: float) -> tuple[dict[str, Any], bytes]:
        """The header and body that a process answers; :class:`Unanswered` if it does not in ``timeout`` seconds."""
        self._free = self._free or asyncio.Semaphore(self.size)
        if self._waiting >= _WAITING:
            raise Unanswered(503, "too many queries are waiting; ask again later")
        self._waiting += 1
        try:
            await asyncio.wait_for(self._free.acquire(), _PATIENCE)
        except asyncio.TimeoutError as error:
            raise Unanswered(503, f"no process was free within {_PATIENCE:g} s; ask again later") from error
        finally:
            self._waiting -= 1
        try:
            return await self._ask(task, timeout)
        finally:
            self._free.release()

    async def _ask(self, task: Mapping[str, Any], timeout: float) -> tuple[dict[str, Any], bytes]:
        worker = self._idle.pop() if self._idle else await self._start()
        fine = False
        try:
            answer = await asyncio.wait_for(_exchange(worker.process, task), timeout)
            worker.done += 1
            fine = worker.done < _RECYCLED
            return answer
        except asyncio.TimeoutError as error:
            late = f"the query did not end within {timeout:g} s and was stopped"
            raise Unanswered(503, f"{late}: ask for less (LIMIT, fewer open ends)") from error
        except (asyncio.IncompleteReadError, ConnectionError, ValueError) as error:
            raise Unanswered(503, await self._death(worker)) from error
        finally:
            if fine:
                self._idle.append(worker)
            else:
                await self._end(worker)

    async def _start(self) -> _Worker:
        pipe = asyncio.subprocess.PIPE
        run = command("kg.serve.worker", json.dumps(asdict(self.limits)))
        surroundings = {name: value for name, value in environment().items() if name != TOKEN}
        process = await asyncio.create_subprocess_exec(
            *run, stdin=pipe, stdout=pipe, stderr=pipe, env=surroundings, start_new_session=True
        )
        worker = _Worker(process)
        self._all.append(worker)
        try:
            self._warn(await asyncio.wait_for(_readiness(process), _STARTING))
        except BaseException as error:
            await self._end(worker)
            if isinstance(error, asyncio.TimeoutError | asyncio.IncompleteReadError):
                raise Unanswered(503, "no process could be started; ask again later") from error
            raise
        return worker

    def _warn(self, refused: tuple[str, ...]) -> None:
        """Tell once what whoever runs the server would wrongly rely on."""
        if refused and not self._warned:
            self._warned = True
            print(f"this system sets queries no bounds of {' and '.join(refused)}; see docs/serve.md", file=sys.stderr)

    async def _death(self, worker: _Worker) -> str:
        stderr = worker.process.stderr
        said = ""
        if stderr is not None:
            with suppress(asyncio.TimeoutError):
                said = (await asyncio.wait_for(stderr.read(1 << 16), 1)).decode(errors="replace")
        if "Traceback" in said:
            print(said, file=sys.stderr)
        if lacked_memory(said):
            return f"the query needed more than {self.limits.memory >> 20} MB of memory and was stopped: ask for less"
        return "the query ended the process that ran it: ask for less, with fewer nested brackets"

    async def _end(self, worker: _Worker) -> None:
        with suppress(ProcessLookupError):
            worker.process.kill()
        await worker.process.wait()
        with suppress(ValueError):
            self._all.remove(worker)

    async def warm(self) -> None:
        """Start a first process, before anybody asks."""
        if not self._idle:
            self._idle.append(await self._start())

    async def close(self) -> None:
        """End all processes, whatever they do."""
        self._idle.clear()
        for worker in list(self._all):
            await self._end(worker)


async def _readiness(process: asyncio.subprocess.Process) -> tuple[str, ...]:
    """Wait until a process is ready; what the system did not let it give up."""
    assert process.stdout is not None
    return tuple(json.loads(await process.stdout.readuntil(b"\n"))["refused"])


async def _exchange(process: asyncio.subprocess.Process, task: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(task).encode() + b"\n")
    await process.stdin.drain()
    line = await process.stdout.readuntil(b"\n")
    header: dict[str, Any] = json.loads(line)
    return header, await process.stdout.readexactly(header.pop("size"))
