"""Records: one line of JSON for each entity, fact and figure of a document, in the terms of the guidelines.

They are what people diff and what is scored against gold annotations::

    {"kind": "entity", "document": "a.txt", "id": IRI, "type": "Zone", "names": [...]}
    {"kind": "fact", "document": "a.txt", "s": IRI, "p": "openedOn", "o": IRI or literal, "quote": "...", "rule": "..."}
    {"kind": "observation", "document": "a.txt", "about": IRI, "indicator": "...", "value": 371, "unit": "...", ...}

A ``modality`` is written only where it is not asserted; other empty fields are left out likewise.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from kg.errors import DataError, ReadError
from kg.types import ASSERTED, Annotation, Entity, Fact, Observation, Value
from kg.vocab import Vocab

Record = dict[str, Any]

NEEDED: Mapping[str, Mapping[str, type | tuple[type, ...]]] = {
    "entity": {"document": str, "id": str, "type": str, "names": list},
    "fact": {"document": str, "s": str, "p": str, "o": (str, int, float)},
    "observation": {"document": str, "about": str, "indicator": str, "value": (int, float, str), "unit": str},
}
"""The fields that each kind of record must have, and the JSON types they may be of."""


def to_records(annotation: Annotation, vocab: Vocab, iri_of: Callable[[Entity], str]) -> Iterator[Record]:
    """The records of one document: its entities, then its facts, then its figures, in the annotation's order.

    ``iri_of`` gives the IRI under which the graph knows an entity. An entity whose class counts as no type of the
    guidelines (``ClassTerm.counts_as`` is empty: derived events, statements) is left out, and what is said of it too.
    """
    document = document_name(annotation.document.source)
    scored = {e.id: vocab.classes[e.type].counts_as for e in annotation.entities if e.type in vocab.classes}
    iris = {e.id: iri_of(e) for e in annotation.entities if scored.get(e.id)}
    for entity in annotation.entities:
        if entity.id in iris:
            yield _entity(document, iris[entity.id], scored[entity.id], entity)
    for fact in annotation.facts:
        if fact.subject in iris and (isinstance(fact.object, Value) or fact.object in iris):
            yield _fact(document, iris, fact)
    for observation in annotation.observations:
        if observation.about in iris:
            yield _observation(document, iris[observation.about], observation)


def document_name(source: str) -> str:
    """The name by which records call a document: the base name of its file, with the record's id if it has one.

    >>> document_name("news/2021/a.jsonl#17")
    'a.jsonl#17'
    """
    path, mark, record = source.partition("#")
    return Path(path).name + mark + record


def number(text: str) -> int | float:
    """A canonical decimal as a JSON number: an integer where it is one.

    >>> number("480246000000"), number("40.7")
    (480246000000, 40.7)
    """
    value = Decimal(text)
    return int(value) if value == value.to_integral_value() else float(value)


def to_line(record: Mapping[str, Any]) -> str:
    """One record as one line of JSON, its end included; the order of the keys is the record's own."""
    return json.dumps(record, ensure_ascii=False) + "\n"


def load_records(path: Path) -> list[Record]:
    """Read a file of records and check each line.

    Raises :class:`ReadError` if the file cannot be read, :class:`DataError` with file and line if a line is not JSON
    or lacks a field.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError(f"{path}: cannot read the records: {error}") from error
    numbered = ((f"{path}:{i}", line) for i, line in enumerate(lines, 1) if line.strip())
    return [_parse(where, line) for where, line in numbered]


def check_record(record: object, where: str) -> Record:
    """The record itself if it has all that its kind needs; else :class:`DataError` beginning with ``where``."""
    if not isinstance(record, dict) or record.get("kind") not in NEEDED:
        raise DataError(f'{where}: a record is an object whose "kind" is one of {", ".join(NEEDED)}')
    for field, kinds in NEEDED[record["kind"]].items():
        if field not in record:
            raise DataError(f'{where}: this {record["kind"]} has no "{field}"; give it one')
        if not isinstance(record[field], kinds) or isinstance(record[field], bool):
            raise DataError(
                f'{where}: "{field}" of this {record["kind"]} has the wrong type, {type(record[field]).__name__}'
            )
    return record


def _parse(where: str, line: str) -> Record:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise DataError(f"{where}: not JSON: {error.msg} at column {error.colno}") from error
    return check_record(record, where)


def _entity(document: str, iri: str, counts_as: str, entity: Entity) -> Record:
    return {"kind": "entity", "document": document, "id": iri, "type": counts_as, "names": list(entity.names)}


def _fact(document: str, iris: Mapping[str, str], fact: Fact) -> Record:
    target = fact.object.text if isinstance(fact.object, Value) else iris[fact.object]
    record: Record = {"kind": "fact", "document": document, "s": iris[fact.subject], "p": fact.predicate, "o": target}
    return record | _told(fact)


def _observation(document: str, iri: str, figure: Observation) -> Record:
    record: Record = {"kind": "observation", "document": document, "about": iri, "indicator": figure.indicator}
    record |= {"value": number(figure.value), "unit": figure.unit, "approx": figure.approx}
    optional = {"time": figure.time, "change": figure.change, "baseline": figure.baseline}
    record |= {name: text for name, text in optional.items() if text}
    return record | _told(figure)


def _told(item: Fact | Observation) -> Record:
    """How a fact or figure is said, and where."""
    record: Record = {} if item.modality == ASSERTED else {"modality": item.modality}
    if item.qualifiers:
        record["qualifiers"] = {name: value.text for name, value in item.qualifiers}
    return record | {"quote": item.evidence.quote, "rule": item.evidence.by}
