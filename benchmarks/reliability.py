"""How far the confidence of rules can be believed: measured on annotated texts, and written for builds to use.

    python -m benchmarks.reliability [FOLDER ...] [--write] [--svg FILE]

FOLDER holds ``*.gold.yaml`` files, each with its text beside it; by default the bundled page, and the development texts
where they lie beside the repository. Prints for each bin of confidence what was expected and what was observed, for
three confidences: the authors' own, the measured one, and the measured one of a document's rules as the *other*
documents have it (what to expect of a text that was not counted; the rules were still written with these texts at
hand). Then come the rules whose precision is below 0.7, and rows of the committed table whose rule is gone.

``--write`` writes ``confidence.csv`` beside the rules; ``--svg`` draws the curve. What the gold marks optional counts
neither way.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.errors import extract
from benchmarks.reliability_curve import draw
from kg.calibration import LEAST, NAME, measure, read_confidence, write_confidence
from kg.evaluate import load_gold, score
from kg.explain_rules import RuleSource, rule_sources
from kg.pipeline import Kit, load_kit, load_recipe
from kg.resources import data, default_recipe, root

LOW = 0.7
"""Precision below which a rule is to be mended or removed."""
EDGES = (0.0, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0)
"""Bins of confidence: from one edge up to, but without, the next; the last takes 1 in."""

Counts = Mapping[str, tuple[int, int]]
"""Rule -> right and wrong items."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a rule read: how sure it was, and whether it is right."""

    expected: float
    right: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """Items of like confidence: their number, mean confidence and share of right ones."""

    start: float
    end: float
    count: int
    expected: float
    observed: float


def main() -> None:
    """Measure, print, and write what is asked for."""
    options = _options()
    kit = load_kit(load_recipe(default_recipe()))
    sources = rule_sources(kit)
    documents = {name: counts for folder in options.folders for name, counts in count(folder, kit).items()}
    own = {rule: source.score for rule, source in sources.items()}
    curves = {
        "own": list(items(documents, lambda _: own)),
        "measured": list(items(documents, lambda _: scores(total(documents.values()), own))),
        "left out": list(items(documents, lambda name: scores(total(_others(documents, name)), own))),
    }
    print("\n".join(report(documents, curves, sources, kit.recipe.grammar / NAME)))
    if options.svg:
        options.svg.write_text(draw({name: bins(found) for name, found in curves.items()}), encoding="utf-8")
    if options.write:
        write_confidence(kit.recipe.grammar / NAME, measure(total(documents.values()), own))


def count(folder: Path, kit: Kit) -> dict[str, Counts]:
    """What each rule got right and wrong, by document."""
    gold = load_gold(folder)
    texts = sorted(path for path in (folder, folder.parent / "articles") for path in path.rglob("*"))
    records = list(extract([path for path in texts if path.name in gold], kit))
    each = {name: score({name: document}, records, kit.parts.vocab) for name, document in sorted(gold.items())}
    return {name: {rule: (t.right, t.wrong) for rule, t in s.by_rule.items()} for name, s in each.items()}


def total(documents: Iterable[Counts]) -> Counts:
    """The counts of several documents, added up."""
    right, wrong = Counter[str](), Counter[str]()
    for counts in documents:
        for rule, (r, w) in counts.items():
            right[rule] += r
            wrong[rule] += w
    return {rule: (right[rule], wrong[rule]) for rule in sorted(right)}


def scores(counts: Counts, own: Mapping[str, float]) -> Mapping[str, float]:
    """The confidence that a build would use, for every rule."""
    return {**own, **{row.rule: row.score for row in measure(counts, own)}}


def items(documents: Mapping[str, Counts], confidence: Callable[[str], Mapping[str, float]]) -> Iterator[Item]:
    """Every item with the confidence that its rule has for its document."""
    for name, counts in documents.items():
        known = confidence(name)
        for rule, (right, wrong) in counts.items():
            expected = known.get(rule, 1.0)
            yield from (Item(expected, True) for _ in range(right))
            yield from (Item(expected, False) for _ in range(wrong))


def _others(documents: Mapping[str, Counts], name: str) -> Iterator[Counts]:
    return (counts for other, counts in documents.items() if other != name)


def bins(found: Sequence[Item]) -> list[Bin]:
    """The items by confidence; empty bins are left out."""
    held: defaultdict[int, list[Item]] = defaultdict(list)
    for item in found:
        held[max(k for k, edge in enumerate(EDGES[:-1]) if item.expected >= edge)].append(item)
    return [
        Bin(
            EDGES[k],
            EDGES[k + 1],
            len(some),
            sum(i.expected for i in some) / len(some),
            sum(i.right for i in some) / len(some),
        )
        for k, some in sorted(held.items())
    ]


def brier(found: Sequence[Item]) -> float:
    """The mean squared difference between confidence and truth: 0 is perfect, a constant 0.5 gives 0.25."""
    return sum((i.expected - i.right) ** 2 for i in found) / max(1, len(found))


def calibration_error(found: Sequence[Item]) -> float:
    """The mean difference between expected and observed over the bins, weighed by their items."""
    return sum(b.count * abs(b.expected - b.observed) for b in bins(found)) / max(1, len(found))


def report(
    documents: Mapping[str, Counts],
    curves: Mapping[str, Sequence[Item]],
    sources: Mapping[str, RuleSource],
    table: Path,
) -> Iterator[str]:
    """What is printed, line by line."""
    counts = total(documents.values())
    right, wrong = (sum(pair[k] for pair in counts.values()) for k in (0, 1))
    yield f"{len(documents)} documents, {len(counts)} rules, {right} right and {wrong} wrong items\n"
    for name, found in curves.items():
        yield f"{name:10} Brier {brier(found):.4f}   calibration error {calibration_error(found):.4f}"
        yield f"{'confidence':>14} {'items':>6} {'expected':>9} {'observed':>9}"
        yield from (
            f"  {b.start:.2f} to {b.end:.2f} {b.count:6} {b.expected:9.3f} {b.observed:9.3f}" for b in bins(found)
        )
        yield ""
    yield from _low(counts, sources)
    gone = [row.rule for row in (read_confidence(table) if table.exists() else ()) if row.rule not in sources]
    yield from (f"{table.name}: no rule {rule!r} any more: run with --write" for rule in gone)


def _low(counts: Counts, sources: Mapping[str, RuleSource]) -> Iterator[str]:
    low = {rule: (r / (r + w), r, w) for rule, (r, w) in counts.items() if r + w and r / (r + w) < LOW}
    yield f"rules with a precision below {LOW}: {len(low) or 'none'}"
    for rule, (precision, right, wrong) in sorted(low.items(), key=lambda row: (-row[1][2], row[0])):
        few = "" if right + wrong >= LEAST else f"  (fewer than {LEAST} items)"
        where = sources[rule].where if rule in sources else "no rule of the grammar"
        yield f"  {rule:32} {precision:.2f}  {right} right, {wrong} wrong  {where}{few}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*", help="folders of *.gold.yaml files with their texts")
    parser.add_argument("--write", action="store_true", help=f"write {NAME} beside the rules")
    parser.add_argument("--svg", type=Path, help="draw the curve into this file")
    options = parser.parse_args()
    development = root().parent / "shared" / "gold" / "dev"
    options.folders = options.folders or [data() / "gold", *([development] if development.is_dir() else [])]
    if options.write and development.resolve() not in [folder.resolve() for folder in options.folders]:
        parser.error("--write needs the development texts beside the repository: the committed table stays as it is")
    return options


if __name__ == "__main__":
    main()
