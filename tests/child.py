"""A program that is asked line by line: stores and parsers that are libraries run in a process of their own.

Each line that it reads is a JSON value, each line that it writes is ``{"body": …}`` or ``{"error": …}``; the first one
says that it has begun. So one that crashes, or has another Java inside, harms nobody, and its memory can be measured.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

Tell = Callable[[object], str]


class Child:
    """A running program."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.pid = process.pid

    def __call__(self, question: object = None) -> str:
        """The answer to a question; without one, what it says of itself. :class:`RuntimeError` if it says an error."""
        assert self._process.stdin
        assert self._process.stdout
        if question is not None:
            self._process.stdin.write(json.dumps(question) + "\n")
            self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the program ended ({self._process.wait()})")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return str(answer["body"])


@contextmanager
def asked(command: Sequence[str], cwd: Path | None = None) -> Iterator[Child]:
    """Start a program, wait until it says that it has begun, and kill it when the block ends."""
    pipe = subprocess.PIPE
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(command, cwd=cwd, stdin=pipe, stdout=pipe, stderr=said, encoding="utf-8") as process,
    ):
        child = Child(process)
        try:
            try:
                child()
            except RuntimeError as error:
                said.seek(0)
                raise RuntimeError(f"{error}: {said.read()[-2000:]}") from error
            yield child
        finally:
            process.kill()


def answer(begin: Callable[[], str], reply: Callable[[object], str]) -> None:
    """The other side, in the program: say that it has begun, then reply to each line."""
    import sys

    print(json.dumps({"body": begin()}), flush=True)
    for line in sys.stdin:
        try:
            said = {"body": reply(json.loads(line))}
        except Exception as error:  # whatever it is, it is an answer
            said = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(said), flush=True)
