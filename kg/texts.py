"""``texts.jsonl``: the text of each document of a build, which the offsets of evidence count in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from kg.errors import ReadError

TEXTS = "texts.jsonl"
"""The file's name in a build."""

_KEY = b'"text": "'
_ID = re.compile(rb'\{"id": ("(?:[^"\\]|\\.)*")')


def write_texts(texts: Iterable[tuple[str, str]], path: Path) -> None:
    """Write texts by the id of their document, one a line, sorted by it, each id once."""
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for id, text in sorted(dict(texts).items()):
            out.write(json.dumps({"id": id, "text": text}, ensure_ascii=False) + "\n")


class Texts:
    """The texts of a file that :func:`write_texts` wrote, each read when it is asked for; threads may share it.

    Raises :class:`ReadError` if the file is missing or is none of ours.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.places = self._places()

    def _places(self) -> Mapping[str, tuple[int, int]]:
        """Where the line of each id begins, in bytes, and how long it is."""
        places: dict[str, tuple[int, int]] = {}
        start = 0
        try:
            with self.path.open("rb") as lines:
                for number, line in enumerate(lines, 1):
                    found = _ID.match(line)
                    if found is None:
                        raise ReadError(f"{self.path}:{number}: no text of a build; run kg build to make it anew")
                    places[json.loads(found[1])] = start, len(line)
                    start += len(line)
        except OSError as error:
            raise ReadError(f"{self.path}: cannot be read ({error.strerror}); run kg build to make it") from error
        return places

    def holding(self, words: str) -> frozenset[str]:
        """The ids of the documents in whose texts these words stand as they are written; the whole file is read."""
        wanted = json.dumps(words, ensure_ascii=False)[1:-1].encode(errors="replace")
        with self.path.open("rb") as file:
            return frozenset(id for id, line in zip(self.places, file, strict=False) if wanted in _text(line))

    def get(self, id: str) -> str | None:
        """The text of a document, ``None`` if there is no such document."""
        if id not in self.places:
            return None
        start, length = self.places[id]
        with self.path.open("rb") as file:
            file.seek(start)
            text: str = json.loads(file.read(length))["text"]
        return text


def _text(line: bytes) -> bytes:
    """The text of a line as JSON has it."""
    return line[line.find(_KEY) + len(_KEY) : -3]
