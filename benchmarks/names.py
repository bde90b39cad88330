"""False merges and missed aliases over ``data/names-test.csv``: name structure beside two measures of likeness.

    .venv/bin/python -m benchmarks.names [--wrong] [--split test]

A false merge is a pair of different things that is called the same; a missed alias is a pair of names of one thing that
is not. ``rapidfuzz`` is in the extra ``bench``; without it its line is left out.
"""

from __future__ import annotations

import argparse
import csv
import difflib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.build import to_recipe
from kg.judgements import SAME
from kg.judging import Judge
from kg.name_parts import load_name_parts
from kg.names import Names
from kg.pipeline import load_kit
from kg.profiles import Profile

PAIRS = Path(__file__).resolve().parent.parent / "data" / "names-test.csv"
SPLITS = ("dev", "test")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two names of a class, whether they are of one thing and why; the places around them where that matters."""

    left: str
    right: str
    type: str
    verdict: str
    reason: str
    left_in: str
    right_in: str
    split: str


@dataclass(frozen=True, slots=True)
class Result:
    """How a way of comparing did on some pairs."""

    different: int
    same: int
    merged: tuple[Pair, ...]
    missed: tuple[Pair, ...]

    @property
    def false_merges(self) -> float:
        return len(self.merged) / self.different

    @property
    def misses(self) -> float:
        return len(self.missed) / self.same


def load_pairs(path: Path = PAIRS) -> tuple[Pair, ...]:
    """The pairs, as they stand in the file."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(Pair(**row) for row in csv.DictReader(file))


def measure(pairs: Iterable[Pair], is_same: Callable[[Pair], bool]) -> Result:
    """Count what a way of comparing gets wrong."""
    judged = [(pair, is_same(pair)) for pair in pairs]
    return Result(
        sum(pair.verdict != SAME for pair, _ in judged),
        sum(pair.verdict == SAME for pair, _ in judged),
        tuple(pair for pair, same in judged if same and pair.verdict != SAME),
        tuple(pair for pair, same in judged if not same and pair.verdict == SAME),
    )


class Structure:
    """Our way: profiles as a build makes them, judged by name structure.

    ``by_lexicon`` says whether a name that the lexicon knows is looked up, as a build does, or treated like any other.
    """

    def __init__(self, by_lexicon: bool = True) -> None:
        recipe = to_recipe(None)
        kit = load_kit(recipe)
        self.lexicon, self.vocab, self.by_lexicon = kit.parts.lexicon, kit.parts.vocab, by_lexicon
        self.names = Names(load_name_parts(recipe.grammar / "name-parts.yaml", self.vocab), self.lexicon)
        self.judge = Judge(self.names, self.vocab)

    def is_same(self, pair: Pair) -> bool:
        left, right = (
            self._profile(*each, pair.type) for each in ((pair.left, pair.left_in), (pair.right, pair.right_in))
        )
        return left.id == right.id or self.judge.compare(left, right).verdict == SAME

    def _profile(self, name: str, place: str, type_: str) -> Profile:
        around = frozenset(self.names.places_of(place)) if place else frozenset[str]()
        ids = [*self._known(name, type_, around)] if self.by_lexicon else []
        if len(ids) == 1:
            return Profile(ids[0], self.lexicon.entries[ids[0]].type, (name,), known=True)
        return Profile(f"{name}@{place}", type_, (name,), around=around)

    def _known(self, name: str, type_: str, around: frozenset[str]) -> Iterator[str]:
        for id in self.lexicon.names.get(name, ()):
            fits = self.vocab.classes[self.lexicon.entries[id].type].counts_as == type_
            if fits and (not around or any(self.lexicon.is_in(id, place) for place in around)):
                yield id


def by_difflib(pair: Pair) -> bool:
    return difflib.SequenceMatcher(None, pair.left, pair.right).ratio() >= 0.8


def ways() -> Iterator[tuple[str, Callable[[Pair], bool]]]:
    """What is compared, by name."""
    yield "kg", Structure().is_same
    yield "kg without its lexicon's ids", Structure(by_lexicon=False).is_same
    yield "difflib ratio 0.8", by_difflib
    try:
        from rapidfuzz import fuzz
    except ImportError:
        return
    yield "rapidfuzz WRatio 80", lambda pair: fuzz.WRatio(pair.left, pair.right) >= 80


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--wrong", action="store_true", help="list what kg gets wrong")
    parser.add_argument("--split", choices=SPLITS, help="only this half")
    wanted = parser.parse_args()
    pairs = load_pairs()
    print(f"{'way':30} {'half':5} {'false merges':>18} {'missed aliases':>18}")
    for way, is_same in ways():
        for split in [wanted.split] if wanted.split else SPLITS:
            result = measure([pair for pair in pairs if pair.split == split], is_same)
            merged = f"{len(result.merged)}/{result.different} {result.false_merges:6.1%}"
            missed = f"{len(result.missed)}/{result.same} {result.misses:6.1%}"
            print(f"{way:30} {split:5} {merged:>18} {missed:>18}")
            if wanted.wrong and way.startswith("kg"):
                for pair in (*result.merged, *result.missed):
                    print(f"    {pair.type}: {pair.left} | {pair.right}: is {pair.verdict} ({pair.reason})")


if __name__ == "__main__":
    main()
