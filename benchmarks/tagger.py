"""What the tagger changes and costs: every name that one recipe finds and another does not, to read and to judge.

    python -m benchmarks.tagger SOURCE... [--with default] [--without fast]

Prints a line for each name added (+) or removed (-), with its class, its engine and the words around it, then counts by
engine, and characters a CPU-second of both recipes and of the bare tagger on the same texts.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import process_time

from benchmarks.machine import describe
from kg.engines.lac import load_lac
from kg.mentions import outer
from kg.page import page_of
from kg.pipeline import annotate, batched, load_kit, load_recipe
from kg.read import read
from kg.resources import find_recipe
from kg.types import Annotation, Document, Mention

_AROUND = 9
"""Characters of context on each side."""


def main() -> None:
    """Annotate the sources with both recipes and print the differences."""
    options = _options()
    documents = list(read(options.sources))
    (without, fast), (having, slow) = (timed(name, documents) for name in (options.less, options.more))
    counts: Counter[str] = Counter()
    for before, after in zip(without, having, strict=True):
        for sign, mention in differences(before, after):
            counts[f"{sign} {mention.by}"] += 1
            print(f"{sign} {mention.type:<16} {mention.by:<24} {context(mention, after.document.text)}")
    print(f"\nmachine  {describe()}\ntexts    {len(documents)}")
    print("\n".join(f"{count:6} {what}" for what, count in sorted(counts.items())))
    print(f"{options.less:<8} {fast:9,.0f} characters a CPU-second\n{options.more:<8} {slow:9,.0f}")
    print(f"tagging  {tagging(documents):9,.0f}")


def timed(name: str, documents: Sequence[Document]) -> tuple[list[Annotation], float]:
    """The documents annotated by a recipe, and how many characters a CPU-second that took, loading apart."""
    kit = load_kit(load_recipe(find_recipe(name)))
    annotate(documents[:1], kit)
    started = process_time()
    done = [a for batch in batched(iter(documents)) for a in annotate(batch, kit)]
    return done, _characters(documents) / (process_time() - started)


def tagging(documents: Sequence[Document]) -> float:
    """Characters a CPU-second of the bare tagger."""
    batches = [[s.of(d.text) for d in b for s in page_of(d).sentences] for b in batched(iter(documents))]
    started = process_time()
    for texts in batches:
        load_lac().tag(texts)
    return _characters(documents) / (process_time() - started)


def differences(before: Annotation, after: Annotation) -> Iterator[tuple[str, Mention]]:
    """The outer mentions that only one of two annotations has, in the order of the text, each surface once."""
    sides = [{(m.span, m.type): m for m in outer(a.mentions)} for a in (before, after)]
    changed = [("-", m) for key, m in sides[0].items() if key not in sides[1]]
    changed += [("+", m) for key, m in sides[1].items() if key not in sides[0]]
    seen: set[tuple[str, str]] = set()
    for sign, m in sorted(changed, key=lambda c: (c[1].span, c[0])):
        if (sign, m.text) not in seen:
            seen.add((sign, m.text))
            yield sign, m


def context(m: Mention, text: str) -> str:
    """The mention in brackets amid the text around it, on one line."""
    before, behind = text[max(0, m.span.start - _AROUND) : m.span.start], text[m.span.end : m.span.end + _AROUND]
    return f"{before}[{m.text}]{behind}".replace("\n", " ")


def _characters(documents: Sequence[Document]) -> int:
    return sum(len(d.text) for d in documents)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", type=Path, nargs="+", help="files or folders of texts")
    parser.add_argument("--with", dest="more", default="default", help="recipe with the tagger, by name or file")
    parser.add_argument("--without", dest="less", default="fast", help="recipe without it")
    return parser.parse_args()


if __name__ == "__main__":
    main()
