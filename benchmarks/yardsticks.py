"""Public yardsticks: places, organisations and persons, found by recipes and by the bare tagger, on annotated corpora.

    python -m benchmarks.yardsticks msra FILE [--recipe default --recipe fast] [--limit N] [--sha256 HEX]
    python -m benchmarks.yardsticks cluener FILE …

The data are not shipped: FILE is what you got from their publishers (benchmarks/README.md says where). A span counts as
found when both ends and the folded kind are right. Names inside names are not counted, on either side.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks.machine import describe
from kg.engines.lac import ORGANIZATION, PERSON, PLACE, load_lac
from kg.errors import ReadError
from kg.mentions import outer
from kg.pipeline import Kit, annotate, load_kit, load_recipe
from kg.resources import find_recipe
from kg.types import Block, Document, Span

Found = frozenset[tuple[int, int, str]]
"""Spans of one text: start, end (exclusive), kind."""

KINDS = ("place", "organisation", "person")
FOLDED = {
    "LOC": "place",
    "ORG": "organisation",
    "PER": "person",
    "address": "place",
    "scene": "place",
    "company": "organisation",
    "government": "organisation",
    "organization": "organisation",
    "name": "person",
}
"""Labels of MSRA (capitals) and CLUENER to ours; what is not here (books, games, positions, films) is left out."""
CLASSES = {"Place": "place", "Organization": "organisation", "Person": "person"}
TAGS = {PLACE: "place", ORGANIZATION: "organisation", PERSON: "person"}
KNOWN = {
    "msra": ("2be8e580bcb22e9086e4403d82a7ec0f6e18019ebef35b0fd52941724bdf89a3", 3442),
    "cluener": ("0686c0dc82916da3312200a47b6921ccd373b310777edae8b456cda0a7aa20f2", 1343),
}
"""Checksum of the file measured for the table in README.md, and how many sentences it has."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A text and what people found in it."""

    text: str
    found: Found


def read_msra(content: str, where: str) -> Iterator[Sample]:
    """One character and its BIO label a line, a tab or a space between, sentences parted by an empty line."""
    letters: list[str] = []
    labels: list[str] = []
    for number, line in enumerate([*content.splitlines(), ""], 1):
        cells = line.split()
        if not cells:
            if letters:
                yield Sample("".join(letters), frozenset(_spans(labels)))
            letters, labels = [], []
        elif len(cells) == 2 and len(cells[0]) == 1:
            letters.append(cells[0])
            labels.append(cells[1])
        else:
            raise ReadError(f"{where}:{number}: expected a character and a label, found {line!r}; give MSRA in BIO")


def _spans(labels: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """The spans that BIO labels mark; an I without its B begins one, as evaluation scripts have it."""
    start, kind = 0, ""
    for at, label in enumerate([*labels, "O"]):
        prefix, _, name = label.partition("-")
        if kind and (prefix != "I" or name != kind):
            if kind in FOLDED:
                yield start, at, FOLDED[kind]
            kind = ""
        if prefix in ("B", "I") and not kind:
            start, kind = at, name


def read_cluener(content: str, where: str) -> Iterator[Sample]:
    """JSON objects one after another: ``text`` and ``label``, kind -> name -> pairs of first and last character."""
    decoder, at = json.JSONDecoder(), 0
    while content[at:].strip():
        at += len(content[at:]) - len(content[at:].lstrip())
        try:
            row, at = decoder.raw_decode(content, at)
            yield Sample(row["text"], frozenset(_labelled(row["label"])))
        except (ValueError, KeyError, TypeError, AttributeError) as e:
            line = content.count("\n", 0, at) + 1
            raise ReadError(f"{where}:{line}: not an object with text and label ({e}); give CLUENER's JSON") from e


def _labelled(label: Mapping[str, Any]) -> Iterator[tuple[int, int, str]]:
    for kind in label.keys() & FOLDED.keys():
        for places in label[kind].values():
            for first, last in places:
                yield first, last + 1, FOLDED[kind]


FORMATS: Mapping[str, Callable[[str, str], Iterator[Sample]]] = {"msra": read_msra, "cluener": read_cluener}


def load(form: str, path: Path, checksum: str = "") -> list[Sample]:
    """The samples of a file; :class:`ReadError` if it cannot be read, or is not the file of that checksum."""
    try:
        raw = path.read_bytes()
    except OSError as e:
        raise ReadError(f"{path}: cannot be read ({e.strerror}); give the file of the corpus") from e
    digest = sha256(raw).hexdigest()
    if checksum and digest != checksum.lower():
        raise ReadError(f"{path}: its sha256 is {digest}, not {checksum}; get the file again or mend the checksum")
    return list(FORMATS[form](raw.decode("utf-8-sig"), str(path)))


def by_recipe(kit: Kit) -> Callable[[Sequence[str]], Iterator[Found]]:
    """What a recipe finds: the outer mentions, folded by class."""
    vocab = kit.parts.vocab
    folded = {c: kind for c in vocab.classes for top, kind in CLASSES.items() if vocab.is_a(c, top)}

    def find(texts: Sequence[str]) -> Iterator[Found]:
        for k in range(0, len(texts), 64):
            for a in annotate([_document(n, text) for n, text in enumerate(texts[k : k + 64], k)], kit):
                kinds = ((m.span, folded.get(m.type)) for m in outer(a.mentions))
                yield frozenset((span.start, span.end, kind) for span, kind in kinds if kind)

    return find


def _document(number: int, text: str) -> Document:
    return Document(str(number), text, str(number), blocks=(Block(Span(0, len(text)), "body"),))


def by_tagger(texts: Sequence[str]) -> Iterator[Found]:
    """What the tagger alone says."""
    return (frozenset((w.start, w.end, TAGS[w.tag]) for w in words if w.tag in TAGS) for words in load_lac().tag(texts))


def table(samples: Sequence[Sample], systems: Mapping[str, Iterable[Found]]) -> Iterator[str]:
    """A line for each system and kind: precision, recall, F1 and how many there are."""
    yield f"{'system':<10} {'kind':<13} {'P':>6} {'R':>6} {'F1':>6} {'gold':>6} {'found':>6}"
    for name, answers in systems.items():
        pairs = [(sample.found, answer) for sample, answer in zip(samples, answers, strict=True)]
        for kind in (*KINDS, "all"):
            wanted = sum(1 for gold, _ in pairs for s in gold if kind in (s[2], "all"))
            found = sum(1 for _, got in pairs for s in got if kind in (s[2], "all"))
            right = sum(1 for gold, got in pairs for s in gold & got if kind in (s[2], "all"))
            p, r = right / (found or 1), right / (wanted or 1)
            f1 = 2 * p * r / (p + r or 1)
            yield f"{name:<10} {kind:<13} {p:6.3f} {r:6.3f} {f1:6.3f} {wanted:6} {found:6}"


def main() -> int:
    """Measure and print; exit code 2 for a file that cannot be read."""
    options = _options()
    checksum, count = KNOWN[options.format]
    try:
        samples = load(options.format, options.file, options.sha256)
    except ReadError as error:
        print(error, file=sys.stderr)
        return 2
    whole = len(samples)
    samples = samples[: options.limit or None]
    texts = [sample.text for sample in samples]
    systems = {name: by_recipe(load_kit(load_recipe(find_recipe(name))))(texts) for name in options.recipe}
    digest = sha256(options.file.read_bytes()).hexdigest()
    same = "as in README.md" if digest == checksum else f"not that of README.md, which has {count} sentences"
    print(f"machine   {describe()}\nsentences {len(samples)} of {whole}\nsha256    {digest} ({same})\n")
    print("\n".join(table(samples, {**systems, "tagger": by_tagger(texts)})))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("format", choices=sorted(FORMATS))
    parser.add_argument("file", type=Path)
    parser.add_argument("--recipe", action="append", help="name or file; may be repeated (default: default and fast)")
    parser.add_argument("--limit", type=int, default=0, help="only so many sentences")
    parser.add_argument("--sha256", default="", help="refuse any other file")
    options = parser.parse_args()
    options.recipe = options.recipe or ["default", "fast"]
    return options


if __name__ == "__main__":
    sys.exit(main())
