"""The bundled questions: SPARQL files whose first line asks, in Chinese and English, what the query answers."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from kg.errors import DataError, QueryError
from kg.resources import data
from kg.sparql import form


@dataclass(frozen=True, slots=True, order=True)
class Question:
    """A question under its name, as people ask it (``zh``, ``en``) and as SPARQL has it."""

    name: str
    zh: str
    en: str
    query: str


def list_questions(folder: Path | None = None) -> tuple[Question, ...]:
    """The questions in ``folder`` (``*.rq``), by default the bundled ones, by name.

    Raises :class:`DataError`, beginning ``file:line:``, for a file whose first line is not ``# 问题? | Question?``.
    """
    return tuple(map(_question, sorted((folder or data() / "queries").glob("*.rq"))))


def _question(path: Path) -> Question:
    text = _read(path)
    first = text.partition("\n")[0]
    zh, bar, en = first.removeprefix("#").partition("|")
    if not (first.startswith("#") and bar and zh.strip() and en.strip()):
        raise DataError(f"{path}:1: the first line asks in two languages: # <Chinese>? | <English>?")
    return Question(path.stem, zh.strip(), en.strip(), text)


def find_query(asked: str, folder: Path | None = None) -> tuple[str, str]:
    """The text of a query given as itself, as the name of a bundled question, or as a file; and where it stands.

    Raises :class:`QueryError` if it is none of these, with the questions that there are.
    """
    if "{" in asked or form(asked) or len(asked.split()) > 1:
        return asked, ""
    questions = {question.name: question.query for question in list_questions(folder)}
    if asked in questions:
        return questions[asked], f"{asked}.rq"
    if Path(asked).is_file():
        return _read(Path(asked)), asked
    close = difflib.get_close_matches(asked, questions, n=1, cutoff=0.5)
    hint = f"did you mean {close[0]!r}? " if close else ""
    raise QueryError(
        f"{asked!r} is no query, no file and no question: {hint}the questions are {', '.join(sorted(questions))}"
    )


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise QueryError(f"{path}: cannot read the query: {error}; it must be a text file in UTF-8") from error
