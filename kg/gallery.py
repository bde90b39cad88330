"""What a build missed and got wrong, as one HTML page to read while mending rules.

Wrong items stand under the rule that read them, missed ones under their predicate or type, each in its sentence, with
what was found (or what the gold has) in its place. The page is one file without script, and fetches nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from kg.evaluate import MISSED, RIGHT, WRONG, Miss, Scores, Tally, squeeze
from kg.explain_rules import RuleSource
from kg.policy import still_page
from kg.staging import write_whole
from kg.text import sentences
from kg.types import Document, Span

ASSETS = Path(__file__).with_name("gallery_assets")
FIGURES = "figures"
"""The group of missed figures: their indicators are the text's, so they have no kinds that repeat."""
UNKNOWN = "unknown"
"""The rule of a wrong item whose rule is not told."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item: its parts, where it stands, and what stands in its place in the other of gold and found."""

    parts: tuple[str, ...]
    document: str
    before: str
    marked: str
    after: str
    instead: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Items of one rule, predicate or type; ``figure`` tells its counts, ``source`` is the rule as its file has it."""

    anchor: str
    title: str
    kind: str
    figure: str
    source: RuleSource | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Material:
    """What a gallery is made of beside the scores.

    ``texts`` are the documents by the name that gold and records call them, ``rules`` the rules by id, and ``named``
    says which rules read a name: by document and name.
    """

    texts: Mapping[str, Document]
    rules: Mapping[str, RuleSource]
    named: Mapping[tuple[str, str], str]


def write_gallery(scores: Scores, material: Material, out: Path) -> None:
    """Write the page; the same scores and texts give the same bytes. :class:`OutputError` if that cannot be."""
    write_whole(out, page(scores, material))


def page(scores: Scores, material: Material) -> str:
    """The HTML of the page."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    css = (ASSETS / "page.css").read_text(encoding="utf-8")
    environment = Environment(
        loader=FileSystemLoader(ASSETS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    wrong, missed = groups(scores, material)
    totals = (("entities", scores.entities), ("facts", scores.facts), ("figures", scores.observations))
    return environment.get_template("page.html").render(
        css=Markup(css),
        policy=still_page(css),
        documents=scores.documents,
        totals=totals,
        sections=(("Wrong, by rule", "wrong", wrong), ("Missed, by predicate and type", "missed", missed)),
    )


def groups(scores: Scores, material: Material) -> tuple[list[Group], list[Group]]:
    """The wrong items by rule and the missed ones by predicate or type, the largest group first."""
    misses = [_with_rule(miss, material) for miss in scores.misses]
    finder = _Finder(misses, material)
    tallies = {**scores.by_rule, **_by_name_rule(scores, material)}
    wrong: defaultdict[tuple[str, str], list[Miss]] = defaultdict(list)
    missed: defaultdict[tuple[str, str], list[Miss]] = defaultdict(list)
    for miss in misses:
        if miss.verdict == WRONG:
            wrong[miss.kind, miss.rule].append(miss)
        else:
            missed[miss.kind, FIGURES if miss.kind == "observation" else miss.key[0]].append(miss)
    return (
        [_wrong(*key, some, tallies.get(key[1], Tally()), finder) for key, some in _largest_first(wrong)],
        [_missed(*key, some, scores, finder) for key, some in _largest_first(missed)],
    )


def _largest_first(
    held: Mapping[tuple[str, str], list[Miss]],
) -> list[tuple[tuple[str, str], list[Miss]]]:
    return sorted(held.items(), key=lambda item: (-len(item[1]), item[0]))


def _with_rule(miss: Miss, material: Material) -> Miss:
    """A wrong entity with the rule that read its name."""
    if miss.verdict != WRONG or miss.rule:
        return miss
    return replace(miss, rule=material.named.get((miss.document, miss.key[1]), UNKNOWN))


def _by_name_rule(scores: Scores, material: Material) -> dict[str, Tally]:
    """What the rules that read names got right and wrong."""
    counts: Counter[tuple[str, str]] = Counter()
    for document, names, verdict in scores.names:
        rules = (material.named.get((document, name)) for name in names)
        counts[next(filter(None, rules), UNKNOWN), verdict] += 1
    return {rule: Tally(counts[rule, RIGHT], counts[rule, WRONG]) for rule, _ in sorted(counts)}


def _wrong(kind: str, rule: str, some: Sequence[Miss], tally: Tally, finder: _Finder) -> Group:
    figure = f"{len(some)} wrong"
    if tally.right or tally.wrong:
        # A fact that two rules read counts for both, but is shown once.
        figure = f"{tally.wrong} wrong, {tally.right} right: precision {tally.precision:.2f}"
    source = finder.material.rules.get(rule)
    return Group(f"wrong-{kind}-{rule}", rule, kind, figure, source, tuple(map(finder.entry, sorted(some))))


def _missed(kind: str, name: str, some: Sequence[Miss], scores: Scores, finder: _Finder) -> Group:
    by = {"fact": scores.by_predicate, "entity": scores.by_type}
    tally = by[kind].get(name, Tally()) if kind in by else scores.observations
    figure = f"{tally.missed} missed, {tally.right} right: recall {tally.recall:.2f}"
    return Group(f"missed-{kind}-{name}", name, kind, figure, None, tuple(map(finder.entry, sorted(some))))


class _Finder:
    """Finds the sentence of an item, and what stands in its place."""

    def __init__(self, misses: Iterable[Miss], material: Material) -> None:
        self.material = material
        self._others: defaultdict[tuple[str, str], list[Miss]] = defaultdict(list)
        for miss in sorted(set(misses)):
            self._others[miss.document, miss.kind].append(miss)

    def entry(self, miss: Miss) -> Entry:
        before, marked, after = self._in_text(miss)
        return Entry(miss.key, miss.document, before, marked, after, tuple(self._instead(miss)))

    def _in_text(self, miss: Miss) -> tuple[str, str, str]:
        """The words of an item with the rest of their sentences; the words alone where the text is not at hand."""
        words = miss.quote or miss.key[-1 if miss.kind != "entity" else 1]
        document = self.material.texts.get(miss.document)
        span = _find(document.text, words) if document else None
        if document is None or span is None:
            return "", words if miss.quote else "", ""
        held = [s for s in _sentences(document) if s.overlaps(span)] or [span]
        start, end = min(held[0].start, span.start), max(held[-1].end, span.end)
        text = document.text
        return text[start : span.start].lstrip(), span.of(text), text[span.end : end].rstrip()

    def _instead(self, miss: Miss) -> Iterator[str]:
        """Items of the other verdict that may have been meant, and ends of a missed fact that were not found."""
        said = "found instead" if miss.verdict == MISSED else "the gold has"
        for other in self._others[miss.document, miss.kind]:
            if other.verdict != miss.verdict and is_near(miss, other):
                yield f"{said}: {' · '.join(other.key)}"
        if miss.verdict == MISSED and miss.kind != "entity":
            for other in self._others[miss.document, "entity"]:
                if other.verdict == MISSED and other.key[1] in miss.key[1:]:
                    yield f"not found: {other.key[1]} ({other.key[0]})"


def is_near(left: Miss, right: Miss) -> bool:
    """Whether one item may be what became of another of the same kind and document.

    Names: one holds the other. Facts: all but one part the same. Figures: the same number, or all but two parts.
    """
    if (left.document, left.kind) != (right.document, right.kind):
        return False
    if left.kind == "entity":
        a, b = left.key[1], right.key[1]
        return a in b or b in a
    same = len(set(left.key) & set(right.key))
    most = max(len(left.key), len(right.key))
    if left.kind == "observation":
        return same >= most - 2 or (left.key[2:4] == right.key[2:4])
    return same >= most - 1


def _find(text: str, words: str) -> Span | None:
    """Where words stand in a text, white space aside."""
    at = text.find(words)
    if at >= 0:
        return Span(at, at + len(words))
    squeezed, places = _squeezed(text)
    wanted = squeeze(words)
    at = squeezed.find(wanted) if wanted else -1
    return Span(places[at], places[at + len(wanted) - 1] + 1) if at >= 0 else None


@lru_cache(maxsize=4)
def _squeezed(text: str) -> tuple[str, tuple[int, ...]]:
    places = tuple(k for k, character in enumerate(text) if not character.isspace())
    return "".join(text[k] for k in places), places


@lru_cache(maxsize=4)
def _sentences(document: Document) -> tuple[Span, ...]:
    return sentences(document.text, document.blocks)
