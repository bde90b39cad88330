"""Text to quads: characters a CPU-second, beside jieba.posseg on the same texts in the same run.

    python -m benchmarks.throughput [--recipe NAME] [--corpus FILE] [--characters N] [--rounds N]

The whole path is timed (reading, annotating, quads as lines); loading the kit is told apart. jieba only cuts and tags
words: it is a yardstick that anybody can have, as figures of different machines cannot be compared and ratios can.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from gzip import GzipFile
from io import TextIOWrapper
from pathlib import Path
from statistics import median
from time import process_time
from typing import BinaryIO, TextIO

from benchmarks.machine import describe
from kg.context import Context
from kg.graph import to_quads
from kg.nquads import line
from kg.pipeline import Kit, annotate, batched, load_kit, load_recipe
from kg.read import read
from kg.resources import find_recipe

CORPUS = Path("../shared/corpus/xwlb-15k.jsonl.gz")
ONE_IN = 4
"""The yardstick, being slower, tags one in so many documents of a round."""


@dataclass(slots=True)
class Speeds:
    """Characters a CPU-second, one figure a round."""

    ours: list[float] = field(default_factory=list)
    yardstick: list[float] = field(default_factory=list)


def main() -> int:
    """Measure and print; exit code 2 without a corpus."""
    options = _options()
    if not options.corpus.is_file():
        print(f"{options.corpus}: there is no corpus; name one with --corpus (JSON Lines with text)", file=sys.stderr)
        return 2
    started = process_time()
    kit = load_kit(load_recipe(find_recipe(options.recipe)))
    loading = process_time() - started
    stretches = list(rounds(options.corpus, options.characters, options.rounds + 1))
    _report(options.characters, loading, measure(stretches, kit, tagger()))
    return 0


def rounds(corpus: Path, characters: int, number: int) -> Iterator[list[str]]:
    """``number`` stretches of a corpus, each of about so many characters of text, no line twice."""
    with _open(corpus) as lines:
        for _ in range(number):
            taken: list[str] = []
            missing = characters
            while missing > 0 and (row := lines.readline()):
                taken.append(row)
                missing -= len(_text(row))
            if taken:
                yield taken


def _open(corpus: Path) -> TextIO:
    raw: BinaryIO = corpus.open("rb")
    return TextIOWrapper(GzipFile(fileobj=raw) if corpus.suffix == ".gz" else raw, encoding="utf-8")


def measure(stretches: Sequence[Sequence[str]], kit: Kit, tag: Callable[[Iterable[str]], None] | None) -> Speeds:
    """Both on each stretch, in turns, so that a busy machine is busy for both; the first only warms them up."""
    speeds = Speeds()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "round.jsonl"
        for number, rows in enumerate(stretches):
            path.write_text("".join(rows), encoding="utf-8")
            texts = [_text(row) for row in rows]
            ours = _speed(texts, partial(text_to_quads, path, kit))
            yardstick = _speed(texts[::ONE_IN], partial(tag, texts[::ONE_IN])) if tag else 0.0
            if number:
                speeds.ours.append(ours)
                speeds.yardstick.append(yardstick)
    return speeds


def text_to_quads(path: Path, kit: Kit) -> None:
    """Read and annotate documents and make the lines that a build would write of them."""
    context = Context(kit.parts.vocab, base=kit.recipe.base, recipe=kit.recipe.name)
    for batch in batched(read([path])):
        for annotation in annotate(batch, kit):
            for quad in set(to_quads(annotation, context)):
                line(quad)


def tagger() -> Callable[[Iterable[str]], None] | None:
    """jieba's part-of-speech tagger, if it is installed (extra ``bench``)."""
    try:
        import jieba  # type: ignore[import-untyped]
        from jieba import posseg
    except ImportError:
        return None
    jieba.setLogLevel("ERROR")
    posseg.lcut("")

    def tag(texts: Iterable[str]) -> None:
        for text in texts:
            posseg.lcut(text)

    return tag


def _speed(texts: Iterable[str], work: Callable[[], None]) -> float:
    started = process_time()
    work()
    return sum(map(len, texts)) / (process_time() - started)


def _text(row: str) -> str:
    return str(json.loads(row)["text"])


def _report(characters: int, loading: float, speeds: Speeds) -> None:
    print(f"machine          {describe()}")
    print(f"rounds           {len(speeds.ours)} of about {characters:,} characters, after one to warm up")
    print(f"kit loaded in    {loading:.2f} CPU s")
    print(f"text to quads    {_spread(speeds.ours)} characters a CPU-second")
    if any(speeds.yardstick):
        ratios = [ours / theirs for ours, theirs in zip(speeds.ours, speeds.yardstick, strict=True)]
        print(f"jieba.posseg     {_spread(speeds.yardstick)} characters a CPU-second (tags only)")
        print(f"ratio            {median(ratios):.2f} (from {min(ratios):.2f} to {max(ratios):.2f})")
    else:
        print("jieba.posseg     not installed: pip install jieba")


def _spread(figures: Sequence[float]) -> str:
    return f"{median(figures):>9,.0f} (from {min(figures):,.0f} to {max(figures):,.0f})"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipe", default="fast", help="a recipe's name or file; fast is lexicon and rules alone")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="JSON Lines with text, .gz or not")
    parser.add_argument("--characters", type=int, default=300_000, help="characters of text in a round")
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
