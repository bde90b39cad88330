"""How often each rule reads something in a corpus: what only the texts we develop on need shows itself.

    python -m benchmarks.coverage [--corpus FILE] [--every N] [--rare N]

A rule that reads in fewer than ``--rare`` documents of the sample is listed with the number of its readings: it is
tuned to few texts, or too narrow, and must be justified or removed.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from kg.pipeline import Kit, annotate, batched, load_kit, load_recipe
from kg.read import read
from kg.resources import default_recipe
from kg.types import Annotation, Document

CORPUS = Path("../shared/corpus/xwlb-15k.jsonl.gz")


def main() -> int:
    """Print a line a rule, the rarest first; exit code 2 without a corpus."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--every", type=int, default=5, help="one document in so many")
    parser.add_argument("--rare", type=int, default=3, help="list rules that read in fewer documents")
    options = parser.parse_args()
    if not options.corpus.is_file():
        print(f"{options.corpus}: there is no corpus; name one with --corpus", file=sys.stderr)
        return 2
    kit = load_kit(load_recipe(default_recipe()))
    counts, documents = count(options.corpus, options.every, kit)
    rules = every_rule(kit)
    rare = [(counts[rule], rule) for rule in rules if counts[rule] < options.rare]
    print(f"{documents} documents, {len(rules)} rules, {len(rare)} read in fewer than {options.rare} documents")
    for number, rule in sorted(rare):
        print(f"{number:6} {rule}")
    return 0


def every_rule(kit: Kit) -> list[str]:
    """The ids of all rules of a kit that state names, references or facts."""
    rules = (*kit.parts.patterns, *kit.parts.anaphora, *kit.parts.relations)
    return sorted({rule.id for rule in rules})


def count(corpus: Path, every: int, kit: Kit) -> tuple[Counter[str], int]:
    """Rule -> the number of documents in which something it read was admitted; and the number of documents."""
    found: Counter[str] = Counter()
    documents = 0
    for batch in batched(_sample(corpus, every)):
        for a in annotate(batch, kit):
            documents += 1
            found.update(set(_rules(a)))
    return found, documents


def _sample(corpus: Path, every: int) -> Iterator[Document]:
    for number, document in enumerate(read([corpus])):
        if number % every == 0:
            yield document


def _rules(a: Annotation) -> Iterator[str]:
    yield from (m.by for m in a.mentions)
    yield from (f.evidence.by for f in a.facts)


if __name__ == "__main__":
    sys.exit(main())
