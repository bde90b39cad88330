"""Servers that tests start on this machine's loopback for their own time, and stop."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

PATIENCE = 30.0
"""Seconds in which a server must answer."""


def free_port() -> int:
    """A port of the loopback that nobody listens to now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(
    command: Sequence[str], port: int, *, path: str = "/", cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run ``command`` until the block ends; it begins once ``path`` is answered on the port, whatever the answer."""
    quiet = subprocess.DEVNULL
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, cwd=cwd, env=env, stdin=quiet, stdout=quiet, stderr=said) as process,
    ):
        try:
            _wait(process, port, path, said)
            yield process
        finally:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait(process: subprocess.Popen[bytes], port: int, path: str, said: IO[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not _answers(port, path):
        if process.poll() is not None:
            said.seek(0)
            raise RuntimeError(
                f"the server ended ({process.returncode}): {said.read()[-2000:].decode(errors='replace')}"
            )
        if time.monotonic() > deadline:
            raise TimeoutError(f"no answer within {PATIENCE:g} s")
        time.sleep(0.05)


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


@contextmanager
def oxigraph() -> Iterator[str]:
    """The address of an empty Oxigraph server that keeps its data in memory; the test is skipped where it is not.

    Its package is in the extra ``stores``, so continuous integration has it and fails without.
    """
    program = Path(sys.executable).with_name("oxigraph")
    if not program.is_file():
        reason = "Oxigraph's server is not installed: pip install 'kg[stores]'"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    port = free_port()
    with served([str(program), "serve", "-b", f"127.0.0.1:{port}"], port):
        yield f"http://127.0.0.1:{port}"
