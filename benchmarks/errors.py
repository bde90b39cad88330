"""What extraction misses and gets wrong on annotated texts, to read and to count.

    python -m benchmarks.errors [FOLDER] [--kind fact] [--only missed]

FOLDER holds ``*.gold.yaml`` files, each with its text beside it (default: the bundled page). Items come grouped by
type or predicate, the most frequent first, each with its quote; the table of figures follows.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

from kg.evaluate import Miss, load_gold, render_table, score
from kg.gold import GoldDocument
from kg.iri import entity_iri
from kg.pipeline import Kit, annotate, batched, load_kit, load_recipe
from kg.read import read
from kg.records import Record, to_records
from kg.resources import data, default_recipe


def main() -> None:
    """Annotate the texts of a gold folder and print every difference."""
    options = _options()
    kit = load_kit(load_recipe(default_recipe()))
    gold = load_gold(options.folder)
    texts = [path for folder in options.texts or [options.folder] for path in _texts(folder, gold)]
    scores = score(gold, extract(texts, kit), kit.parts.vocab)
    wanted = [m for m in scores.misses if options.kind in ("", m.kind) and options.only in ("", m.verdict)]
    print("\n".join(_grouped(wanted, scores.misses)))
    print(render_table(scores), end="")


def extract(texts: Iterable[Path], kit: Kit) -> Iterator[Record]:
    """The records of texts, as a build would write them."""
    iri_of = partial(entity_iri, kit.recipe.base)
    for batch in batched(read(texts)):
        for annotation in annotate(batch, kit):
            yield from to_records(annotation, kit.parts.vocab, iri_of)


def _texts(folder: Path, gold: Mapping[str, GoldDocument]) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.name in gold)


def _grouped(misses: Iterable[Miss], all_misses: Iterable[Miss]) -> Iterator[str]:
    groups: defaultdict[tuple[str, str, str], list[Miss]] = defaultdict(list)
    for miss in misses:
        # An observation has no kind of its own that repeats: its indicator is the text's.
        groups[miss.verdict, miss.kind, "" if miss.kind == "observation" else miss.key[0]].append(miss)
    wrong = [miss for miss in all_misses if miss.verdict != "missed"]
    for (verdict, kind, name), items in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])):
        yield f"{verdict} {kind} {name} ({len(items)})"
        for miss in items:
            yield f"  {miss.document}: {' · '.join(miss.key)}  «{_one_line(miss.quote)}»"
            if verdict == "missed":
                yield from (f"      found instead: {' · '.join(other.key)}" for other in wrong if _is_near(miss, other))
        yield ""


def _is_near(miss: Miss, other: Miss) -> bool:
    """Whether a wrong item may be what was made of a missed one: all is the same but one part, or two of a figure."""
    if (miss.document, miss.kind) != (other.document, other.kind) or len(miss.key) != len(other.key):
        return False
    same = sum(a == b for a, b in zip(miss.key, other.key, strict=True))
    return same >= len(miss.key) - (2 if miss.kind == "observation" else 1)


def _one_line(text: str) -> str:
    return "".join(text.split())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=data() / "gold", help="folder of *.gold.yaml files")
    parser.add_argument("--texts", type=Path, action="append", help="where the texts are, if not beside the gold")
    parser.add_argument("--kind", choices=("entity", "fact", "observation"), default="")
    parser.add_argument("--only", choices=("missed", "wrong"), default="")
    options = parser.parse_args()
    if options.folder == data() / "gold" and not options.texts:
        options.texts = [data() / "articles"]
    return options


if __name__ == "__main__":
    main()
