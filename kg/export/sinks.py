"""Sinks between a serialiser and its output, which mend what it writes as it goes by.

Oxigraph declares prefixes in an order of its own, another in every process, and writes carriage returns raw into XML.
"""

from __future__ import annotations

import io
import re
from typing import IO, Any

_END = b" .\n"  # of all that is said of a subject


class _Sink(io.RawIOBase):
    """Holds the head of what is written until it is whole, mends it, and passes the rest on."""

    def __init__(self, out: IO[bytes]) -> None:
        self.out, self._head, self._in_head = out, b"", True

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        raw = bytes(data)
        if self._in_head:
            self._head += raw
            self._pass_head(last=False)
        else:
            self.out.write(self.body(raw))
        return len(raw)

    def close(self) -> None:
        if not self.closed:
            self._pass_head(last=True)
        super().close()

    def _pass_head(self, *, last: bool) -> None:
        end = len(self._head) if last else self.head_end(self._head)
        if self._in_head and end >= 0:
            self.out.write(self.head(self._head[:end]) + self.body(self._head[end:]))
            self._head, self._in_head = b"", False

    def head_end(self, head: bytes) -> int:
        """Where the head ends, or -1 while it is not whole."""
        raise NotImplementedError

    def head(self, head: bytes) -> bytes:
        raise NotImplementedError

    def body(self, data: bytes) -> bytes:
        return data


class SortedHead(_Sink):
    """Sorts the lines that declare ``prefixes`` prefixes: the first ones."""

    def __init__(self, out: IO[bytes], prefixes: int) -> None:
        super().__init__(out)
        self._prefixes = prefixes

    def head_end(self, head: bytes) -> int:
        lines = head.split(b"\n", self._prefixes)
        return len(head) - len(lines[-1]) if len(lines) > self._prefixes else -1

    def head(self, head: bytes) -> bytes:
        return b"".join(sorted(head.splitlines(keepends=True)))


class TurtleSink(SortedHead):
    """Puts a blank line before each subject besides. Line ends stand nowhere in a term: they are escaped there."""

    def __init__(self, out: IO[bytes], prefixes: int) -> None:
        super().__init__(out, prefixes)
        self._rest, self._blank = b"", b"\n"

    def body(self, data: bytes) -> bytes:
        lines, end, self._rest = (self._rest + data).rpartition(b"\n")
        if not end:
            return b""
        apart = self._blank + lines.replace(_END, _END + b"\n") + end
        self._blank = b"\n" if apart.endswith(_END) else b""
        return apart

    def close(self) -> None:
        super().close()
        self.out.write(self._rest)
        self._rest = b""


class XmlSink(_Sink):
    """Sorts the namespaces of the root element, and escapes carriage returns, which parsers read as line feeds.

    They stand raw nowhere but in literals.
    """

    def head_end(self, head: bytes) -> int:
        root = head.find(b"<rdf:RDF")
        return head.find(b">", root) if root >= 0 else -1

    def head(self, head: bytes) -> bytes:
        before, root, attributes = head.partition(b"<rdf:RDF")
        return before + root + b"".join(sorted(re.findall(rb' [\w:-]+="[^"]*"', attributes)))

    def body(self, data: bytes) -> bytes:
        return data.replace(b"\r", b"&#13;")
