"""What a build found: counted from its records, written as ``report.json``, ``report.md`` and a printed summary."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from kg.errors import OutputError
from kg.reviews import ACCEPT, CORRECT, REJECT, UNMET, UNSTATED
from kg.types import ASSERTED

SCHEMA = "kg-build/1"
"""Marks a folder as a build of ours: the ``schema`` of its ``report.json``."""

SCREENS = "screens"
"""The folder in ``build/`` into which tests put pictures of the pages that they saw."""

MODALITIES = ("asserted", "planned", "negated")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many different things were found: by type, by predicate and modality, by reason."""

    entities: Mapping[str, int] = field(default_factory=dict)
    facts: Mapping[tuple[str, str], int] = field(default_factory=dict)
    observations: Mapping[str, int] = field(default_factory=dict)
    rejected: Mapping[tuple[str, str], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Summary:
    """One build: where it is, what was read, what was found, what the shapes say; ``seconds`` by stage.

    ``recipe_file`` is where the recipe lies, so that later commands find ontology, shapes and questions.

    ``problems`` has one message for each source that could not be read, ``violations`` one for each breach of a shape,
    mere warnings included; ``conforms`` says whether any of them is more than a warning. ``decisions`` counts those of
    people on facts and figures by verdict, and what became of none of them.
    ``imports`` counts the quads of each import (``kg import``).
    """

    out: Path
    recipe: str
    documents: int
    characters: int
    quads: int
    counts: Counts
    problems: tuple[str, ...] = ()
    violations: tuple[str, ...] = ()
    conforms: bool = True
    seconds: Mapping[str, float] = field(default_factory=dict)
    recipe_file: str = ""
    decisions: Mapping[str, int] = field(default_factory=dict)
    imports: Mapping[str, int] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether everything was read and nothing breaks a shape."""
        return self.conforms and not self.problems


def count(records: Iterable[Mapping[str, Any]], rejected: Mapping[tuple[str, str], int]) -> Counts:
    """Count each entity, fact and figure once, however many sentences state it."""
    entities, facts, figures = set(), set(), set()
    for r in records:
        modality = r.get("modality", ASSERTED)
        if r["kind"] == "entity":
            entities.add((r["id"], r["type"]))
        elif r["kind"] == "fact":
            facts.add((r["s"], r["p"], str(r["o"]), modality))
        else:
            figures.add((r["about"], r["indicator"], r["value"], r["unit"], r.get("time"), r.get("change"), modality))
    return Counts(
        Counter(type_ for _, type_ in entities),
        Counter((predicate, modality) for _, predicate, _, modality in facts),
        Counter(figure[-1] for figure in figures),
        rejected,
    )


def to_json(summary: Summary) -> dict[str, Any]:
    """The report as JSON; the only place where seconds stand, so that the other files are the same in every build."""
    counts = summary.counts
    facts: dict[str, dict[str, int]] = {}
    for (predicate, modality), n in sorted(counts.facts.items()):
        facts.setdefault(predicate, {})[modality] = n
    return {
        "schema": SCHEMA,
        "recipe": summary.recipe,
        "recipe_file": summary.recipe_file,
        "documents": summary.documents,
        "characters": summary.characters,
        "quads": summary.quads,
        "entities": dict(sorted(counts.entities.items())),
        "facts": facts,
        "observations": dict(sorted(counts.observations.items())),
        "rejected": [{"by": by, "reason": reason, "count": n} for (by, reason), n in sorted(counts.rejected.items())],
        "problems": list(summary.problems),
        "conforms": summary.conforms,
        "violations": list(summary.violations),
        **({"decisions": dict(summary.decisions)} if summary.decisions else {}),
        **({"imports": dict(summary.imports)} if summary.imports else {}),
        "seconds": {stage: round(s, 3) for stage, s in summary.seconds.items()},
    }


def from_json(out: Path, report: Mapping[str, Any]) -> Summary:
    """The summary that a report in JSON was made of (:func:`to_json`); ``out`` is where the build lies."""
    counts = Counts(
        report["entities"],
        {(predicate, m): n for predicate, by in report["facts"].items() for m, n in by.items()},
        report["observations"],
        {(each["by"], each["reason"]): each["count"] for each in report["rejected"]},
    )
    said: dict[str, Any] = {each.name: report[each.name] for each in fields(Summary) if each.name in report}
    lists = {name: tuple(value) for name, value in said.items() if isinstance(value, list)}
    return Summary(**{**said, **lists, "out": out, "counts": counts})


def load_report(build: Path) -> dict[str, Any]:
    """The ``report.json`` of a build; :class:`OutputError` if the folder holds no build of ours."""
    if not is_build(build):
        raise OutputError(f"{build}: no build here; make one with: kg build --out {build}")
    report: dict[str, Any] = json.loads((build / "report.json").read_text(encoding="utf-8"))
    return report


def is_build(folder: Path) -> bool:
    """Whether a build of ours lies in a folder, told by the mark in its ``report.json``."""
    try:
        report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(report, dict) and report.get("schema") == SCHEMA


def may_replace(folder: Path) -> bool:
    """Whether a build may take a folder's place: it holds another build, or only the pictures that tests left there."""
    return {each.name for each in folder.iterdir()} == {SCREENS} or is_build(folder)


def write_report(summary: Summary, folder: Path) -> None:
    """Write ``report.md`` and, last of all files of a build, ``report.json``."""
    (folder / "report.md").write_text("\n".join(_markdown(summary)) + "\n", encoding="utf-8")
    text = json.dumps(to_json(summary), ensure_ascii=False, indent=1)
    (folder / "report.json").write_text(text + "\n", encoding="utf-8")


def to_text(summary: Summary, program: str = "kg") -> str:
    """What ``kg build`` prints; ``program`` is how the reader calls us."""
    return "\n".join(_text(summary, program))


def _text(summary: Summary, program: str) -> Iterator[str]:
    counts = summary.counts
    yield _read_line(summary)
    yield from _section("entities", _by_count(counts.entities))
    yield from _section("facts", _fact_rows(counts.facts), MODALITIES)
    yield from _section("figures", _by_count(counts.observations))
    yield from _section("rejected", ((f"{reason} ({by})", str(n)) for (by, reason), n in _most(counts.rejected)))
    yield from (f"decisions: {each}" for each in _decisions(summary.decisions))
    if summary.imports:
        yield from _section("imported", _by_count(summary.imports))
    yield f"SHACL: {_shacl(summary)}"
    yield from (f"  {v}" for v in summary.violations)
    yield f"built {summary.out} in {sum(summary.seconds.values()):.1f} s; look at"
    yield f"  {summary.out / 'graph.html'}   the network, in a browser"
    yield f"  {summary.out / 'report.md'}    what was found and what was refused"
    where = "" if summary.out == Path("build") else f" --in {summary.out}"
    yield f"  {program} questions      what can be asked; {program} query NAME{where} asks it"


def _section(title: str, rows: Iterable[tuple[str, ...]], head: tuple[str, ...] = ()) -> Iterator[str]:
    listed = [(title, *head), *((f"  {name}", *cells) for name, *cells in rows)]
    width = max(len(row[0]) for row in listed)
    for name, *cells in listed:
        yield f"{name:{width}}  {'  '.join(f'{cell:>8}' for cell in cells)}".rstrip()


def _markdown(summary: Summary) -> Iterator[str]:
    counts = summary.counts
    yield "# Build report\n"
    yield _read_line(summary) + "\n"
    yield from _table("Entities", ("type", "entities"), _by_count(counts.entities))
    yield from _table("Facts", ("predicate", *MODALITIES), _fact_rows(counts.facts))
    yield from _table("Figures", ("modality", "figures"), _by_count(counts.observations))
    rejected = ((by, reason, str(n)) for (by, reason), n in _most(counts.rejected))
    yield from _table("Rejected", ("by", "reason", "proposals"), rejected)
    if summary.decisions:
        yield "## Decisions of people\n"
        yield from (f"* {each}" for each in _decisions(summary.decisions))
        yield ""
    if summary.imports:
        yield from _table("Imported", ("import", "quads"), _by_count(summary.imports))
    yield f"## Shapes\n\nSHACL: {_shacl(summary)}\n"
    yield from (f"* {v}" for v in summary.violations)
    if summary.problems:
        yield "## Not read\n"
        yield from (f"* {p}" for p in summary.problems)


def _decisions(counts: Mapping[str, int]) -> Iterator[str]:
    """What became of people's decisions, a line for each kind."""
    told = {
        ACCEPT: "accepted",
        REJECT: "rejected",
        CORRECT: "corrected",
        UNMET: "concern nothing in this build",
        UNSTATED: "left out, for this build lacks the entity that the correction names",
    }
    yield from (f"{counts[kind]} {words}" for kind, words in told.items() if kind in counts)


def _table(title: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"## {title}\n"
    yield f"| {' | '.join(head)} |"
    yield f"|{'|'.join(' --- ' for _ in head)}|"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
    yield ""


def _read_line(summary: Summary) -> str:
    not_read = f", {len(summary.problems)} not read" if summary.problems else ""
    read = f"{summary.documents} document{'' if summary.documents == 1 else 's'}{not_read}"
    return f"{read}, {summary.characters:,} characters, {summary.quads:,} quads"


def _shacl(summary: Summary) -> str:
    told = f", {len(summary.violations)} findings" if summary.violations else ""
    return ("conforms" if summary.conforms else "does not conform") + told


def _by_count(counts: Mapping[str, int]) -> Iterator[tuple[str, ...]]:
    return ((name, str(n)) for name, n in sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _most(counts: Mapping[tuple[str, str], int]) -> list[tuple[tuple[str, str], int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _fact_rows(facts: Mapping[tuple[str, str], int]) -> Iterator[tuple[str, ...]]:
    totals: Counter[str] = Counter()
    for (predicate, _), n in facts.items():
        totals[predicate] += n
    for predicate, _ in sorted(totals.items(), key=lambda item: (-item[1], item[0])):
        yield predicate, *(str(facts.get((predicate, m), 0) or "") for m in MODALITIES)
