"""What is known about a text besides its words: title, date and language, from a sidecar, a record or a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from kg.bylines import calendar_date, words
from kg.errors import ReadError

SIDECAR = ".meta.yaml"
_KEYS = frozenset(
    {"title", "published", "dated_by", "language", "url", "licence", "rights", "publisher", "creator", "edition"}
    | {"page", "retrieved", "source", "note"}
)
_DATED_BY = ("metadata", "text", "name")
_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?:[T ]+\d{1,2}:\d\d.*)?")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:\d{6})?")
_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.]?)(\d\d)\2(\d\d)(?!\d)")
_LONGEST_SLUG = 60


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a sidecar, a record or a page's head says of a text; empty where it says nothing."""

    title: str = ""
    published: str = ""
    dated_by: str = ""
    language: str = "zh"


def sidecar(article: Path) -> Metadata:
    """The metadata in ``STEM.meta.yaml`` beside an article; empty metadata if there is no such file.

    Raises ``ReadError`` for a sidecar that is no YAML mapping, or has an unknown key or a wrong value.
    """
    path = article.with_name(stem(article) + SIDECAR)
    if not path.is_file():
        return Metadata()
    values = _load(path)
    for key in values:
        if key not in _KEYS:
            near = get_close_matches(key, sorted(_KEYS), n=1) or sorted(_KEYS)
            raise ReadError(f"{_place(path, key)}: unknown key {key!r}; use {', '.join(near)}")
    published = iso_date(values.get("published", ""))
    if published is None:
        where = _place(path, "published")
        raise ReadError(f"{where}: published: {values['published']!r} is no date; write YYYY, YYYY-MM or YYYY-MM-DD")
    dated_by = values.get("dated_by", "") or ("metadata" if published else "")
    if dated_by and (dated_by not in _DATED_BY or not published):
        where = _place(path, "dated_by")
        raise ReadError(f"{where}: dated_by: {dated_by!r}; give published, and dated_by one of {', '.join(_DATED_BY)}")
    return Metadata(" ".join(values.get("title", "").split()), published, dated_by, values.get("language", "") or "zh")


def _place(path: Path, key: str) -> str:
    """File and line of a key."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return f"{path}:{next((k for k, line in enumerate(lines, 1) if line.startswith(key)), 1)}"


def _load(path: Path) -> dict[str, str]:
    import yaml

    try:
        # The base loader keeps every scalar as written: 2021-02 and 2021-02-03 stay strings.
        values = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ReadError(f"{path}:{line}: is no YAML ({error.problem}); write one 'key: value' a line") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ReadError(f"{path}: cannot be read ({error}); write it as UTF-8 YAML") from error
    if values is None or values == "":
        return {}
    if not isinstance(values, dict) or not all(isinstance(v, str) for v in values.values()):
        raise ReadError(f"{path}: must hold one 'key: value' a line, without lists or nested keys")
    return values


def stem(path: Path) -> str:
    """The name of a file without its suffix, and without ``.gz`` before that."""
    name = path.name.removesuffix(".gz")
    return Path(name).stem or name


def iso_date(value: str) -> str | None:
    """A date as ISO 8601 at the precision given, from ``2021-2-3``, ``2021/02``, ``20210203``, a time stamp or a
    dateline; ``""`` for an empty value and ``None`` for one that is no date.

    >>> iso_date("2021/2/3 09:30"), iso_date("2021"), iso_date("2021-13")
    ('2021-02-03', '2021', None)
    """
    value = value.strip()
    if not value:
        return ""
    if m := _COMPACT.fullmatch(value) or _ISO.fullmatch(value):
        return calendar_date(m[1], m[2], m[3])
    return words().dateline(value) or None


def name_date(name: str) -> str:
    """The date in a file's name (``2014-04-19-…``, ``…20140419…``), ISO 8601; empty if there is none."""
    for m in _IN_NAME.finditer(name):
        if found := calendar_date(m[1], m[3], m[4]):
            return found
    return ""


def slug(name: str) -> str:
    """An ASCII, lower-case name for identifiers; Chinese by its pinyin.

    >>> slug("Page 7_京津冀")
    'page-7-jing-jin-ji'
    """
    if not name.isascii():
        from pypinyin import lazy_pinyin

        name = " ".join(lazy_pinyin(name, errors=lambda part: part.encode("ascii", "ignore").decode() or " "))
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:_LONGEST_SLUG].rstrip("-")
