"""What of a push has arrived, kept in a file beside the build, so that a push that broke off can go on.

Each line is written when the store has acknowledged a chunk. It holds for one build, one store, and one size of chunks:
for any other the push begins anew. A store may forget what it acknowledged; that is what the counting is for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Journal:
    """The chunks that have arrived, by graph. Where it cannot be written, ``tell`` is told, and the push goes on."""

    def __init__(self, build: Path, url: str, pushed: str, *, resume: bool, tell: Callable[[str], None]) -> None:
        """``pushed`` tells what is pushed, how: a push with another one does not go on where this one stopped."""
        place = hashlib.sha256(url.encode()).hexdigest()[:8]
        self.path = build.resolve().with_name(f"{build.resolve().name}.push-{place}.jsonl")
        self._head = {"pushed": pushed}
        self._tell = tell
        self._done = self._read() if resume else {}
        self._works = self._write(json.dumps(self._head) + "\n", "w") if not self._done else True

    def done(self, graph: str) -> int:
        """How many chunks of a graph have arrived."""
        return self._done.get(graph, 0)

    def note(self, graph: str, chunks: int) -> None:
        """Keep that so many chunks of a graph have arrived; 0 takes back what was kept of it."""
        self._done[graph] = chunks
        if self._works:
            self._works = self._write(json.dumps({"graph": graph, "chunks": chunks}) + "\n", "a")

    def finish(self) -> None:
        """Everything has arrived."""
        self.path.unlink(missing_ok=True)

    def _read(self) -> dict[str, int]:
        try:
            lines = self.path.read_text(encoding="utf-8").split("\n")
        except (OSError, UnicodeDecodeError):
            return {}
        head, *rest = (_parsed(line) for line in lines if line)
        if head != self._head:
            return {}
        return {each["graph"]: int(each["chunks"]) for each in rest if each.keys() == {"graph", "chunks"}}

    def _write(self, line: str, mode: str) -> bool:
        try:
            with self.path.open(mode, encoding="utf-8") as file:
                file.write(line)
        except OSError as error:
            self._tell(f"{self.path}: cannot be written ({error.strerror}); if the push breaks off, it must begin anew")
            return False
        return True


def _parsed(line: str) -> dict[str, Any]:
    """A line of the journal; nothing for one that was cut off."""
    try:
        value = json.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
