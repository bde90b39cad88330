"""``kg import``: checked first, then all of it in the build at once and in later builds, or nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kg import importing, nquads, resources
from kg.build import build
from kg.cli import run
from kg.errors import DataError, OutputError
from kg.importing import Wanted, import_files, list_imports, remove_import
from kg.importing_graph import is_imported
from kg.init import init

PREFIXES = """@prefix kg: <https://example.org/films/ontology#> .
@prefix id: <https://example.org/films/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
SOUTH = PREFIXES + 'id:south a kg:Film ; rdfs:label "南方的河"@zh ; kg:directedBy id:lin-zhou .\n'
MAPPING = """things:
  影片: {class: Film, name: 片名, new: true}
  导演: {class: Person, name: 导演}
facts:
  - [影片, directedBy, 导演]
  - [影片, releasedOn, 上映]
figures:
  - {about: 影片, indicator: 票房, value: 票房, unit: 亿元}
"""
TABLE = "片名,导演,上映,票房\n北方来信,林舟,2025-10-01,1.2\n西风,苏晚,2024年,3\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The skeleton's domain and a build of it, to be copied."""
    folder = tmp_path_factory.mktemp("project")
    init(folder / "films")
    return folder


@pytest.fixture(autouse=True)
def films(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder to work in, with a recipe ``films/recipe.toml`` and a build ``build``."""
    shutil.copytree(project, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    if not (project / "build").exists():
        build((), "films/recipe.toml", "build")
        shutil.copytree("build", project / "build")
    report = json.loads(Path("build/report.json").read_text())
    report["recipe_file"] = str((tmp_path / "films" / "recipe.toml").resolve())
    Path("build/report.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    for name, content in {"south.ttl": SOUTH, "films.csv": TABLE, "map.yaml": MAPPING}.items():
        Path(name).write_text(content, encoding="utf-8")
    yield tmp_path
    assert [each.name for each in tmp_path.iterdir() if each.name.endswith((".part", ".old"))] == []


def files_of(folder: str | Path) -> dict[str, bytes]:
    """All files of a folder but the store's own and the clock's."""
    found = {str(path.relative_to(folder)): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}
    return {name: content for name, content in found.items() if not name.startswith("store") and name != "report.json"}


def imported() -> set[str]:
    """The lines of the build that imports brought."""
    return {nquads.line(quad) for quad in nquads.read(Path("build/graph.nq")) if is_imported(quad.graph)}


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs ``kg import`` with an exit code, and gives what it told."""

    def told_(*args: str, code: int = 0) -> str:
        assert run(["import", *args]) == code
        heard = capsys.readouterr()
        assert "Traceback" not in heard.err
        return heard.out + heard.err

    return told_


def test_the_build_has_it_at_once_as_building_again_would(told: Callable[..., str]) -> None:
    before = files_of("build")
    heard = told("south.ttl", "--as", "mine", "--source", "我的影片", "--licence", "CC0-1.0")
    assert "graph:imported-mine: 5 triples, 3 of them new: imported" in heard
    renewed, report = files_of("build"), json.loads(Path("build/report.json").read_text())
    assert renewed["graph.nq"] != before["graph.nq"]
    assert "Imported" in renewed["report.md"].decode()
    build((), "films/recipe.toml", "build")
    assert files_of("build") == renewed
    again = json.loads(Path("build/report.json").read_text())
    assert {**again, "seconds": 0} == {**report, "seconds": 0}
    assert len(imported()) == report["imports"]["mine"]
    told("--remove", "mine")
    assert files_of("build") == before
    assert not Path("films/imports/mine.nq").exists()


def test_it_is_seen_by_queries_exports_counts_and_the_network(capsys: pytest.CaptureFixture[str]) -> None:
    import_files(["south.ttl"], wanted=Wanted(name="mine"))
    ask = "SELECT ?name { GRAPH graph:imported-mine { ?film a kg:Film ; rdfs:label ?name FILTER(LANG(?name) = 'zh') } }"
    asked = {"query": [ask], "stats": [], "export": ["--format", "turtle", "--graph", "imported-mine"]}
    heard = {}
    for command, args in asked.items():
        assert run([command, *args]) == 0
        heard[command] = capsys.readouterr().out
    assert "南方的河" in heard["query"]
    assert "imported-mine" in heard["stats"]
    assert "directedBy" in heard["export"]
    assert "南方的河" in Path("build/graph.html").read_text()
    assert run(["export", "--format", "graphml", "--graph", "imported-mine", "--output", "x.graphml"]) == 0
    assert "南方的河" in Path("x.graphml").read_text()


def test_an_import_tells_where_it_is_from(told: Callable[..., str]) -> None:
    assert "name" in told("--list")
    import_files(["films.csv"], wanted=Wanted(mapping=Path("map.yaml"), source="票房榜", licence="CC0-1.0"))
    [one] = list_imports()
    assert (one.name, one.source, one.licence) == ("films", "票房榜", "CC0-1.0")
    assert one.in_build == len(imported())
    assert one.triples > 10
    assert {f'"{name}"' for name in ("films.csv", "map.yaml")} <= {line.split(" ")[2] for line in imported()}
    heard = told("--list")
    assert all(word in heard for word in ("films", "票房榜", "CC0-1.0"))


def test_a_table_joins_what_the_texts_say() -> None:
    done = import_files(["films.csv"], wanted=Wanted(mapping=Path("map.yaml")))
    assert done.problems == ()
    facts = {tuple(nquads.plain(term).rpartition("/")[2] for term in line[:3]) for line in quads()}
    assert ("bei-fang-lai-xin-film-56e2ac1b", "ontology#directedBy", "lin-zhou") not in facts, "the texts say so"
    values = {(p, o) for _, p, o in facts}
    assert {("ontology#value", "120000000"), ("ontology#value", "300000000"), ("ontology#releasedOn", "2024")} <= values


def quads() -> list[nquads.Quad]:
    return [quad for quad in nquads.read(Path("build/graph.nq")) if is_imported(quad.graph)]


def test_what_is_imported_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    import_files(["films.csv"], wanted=Wanted(mapping=Path("map.yaml"), source="票房榜"))
    for said in (("西风", "releasedOn", "?"), ("西风", "票房", "?")):
        assert run(["explain", *said]) == 0
        heard = capsys.readouterr().out
        assert "quoted from no text" in heard
        assert "graph/imported-films: 票房榜" in heard


def test_the_same_name_takes_the_place_of_what_was_there(told: Callable[..., str]) -> None:
    told("south.ttl", "--as", "mine")
    Path("west.ttl").write_text(SOUTH.replace("南方的河", "西风").replace(":south", ":west"), encoding="utf-8")
    assert "takes the place of the import mine" in told("west.ttl", "--as", "mine")
    assert not [line for line in imported() if "南方的河" in line]
    first = files_of("build")
    told("west.ttl", "--as", "mine")
    assert files_of("build") == first


def test_a_trial_writes_nothing(films: Path, told: Callable[..., str]) -> None:
    before = files_of(films)
    assert "nothing was written" in told("south.ttl", "--dry-run")
    assert files_of(films) == before
    told("south.ttl")
    before = files_of(films)
    assert "nothing was written" in told("--remove", "south", "--dry-run")
    assert files_of(films) == before


WRONG = {
    "an error in line 40,000": ("x.ttl", SOUTH + "id:a id:b 1 .\n" * 39995 + "id:a ;; .\n", 2, "x.ttl:40000: "),
    "a breach of a shape": ("x.ttl", SOUTH.replace("id:lin-zhou", "id:qingshan"), 1, "x.ttl:4: directedBy-range: 南方"),
    "no label": ("x.ttl", PREFIXES + "\nid:south a kg:Film .\n", 1, "x.ttl:5: EntityName: "),
    "an unknown term": ("x.ttl", SOUTH.replace("directedBy", "directdBy"), 1, "did you mean 'directedBy'?"),
    "a statement": ("x.ttl", PREFIXES + "id:s a kg:Statement .\n", 1, "x.ttl:4: speaks of statements"),
    "a table without a mapping": ("x.csv", TABLE, 2, "x.csv: a table needs --mapping"),
    "a file that is not there": ("", "", 2, "none.ttl: cannot be read"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_one_message_and_nothing_is_imported(what: str, films: Path, told: Callable[..., str]) -> None:
    name, content, code, message = WRONG[what]
    if name:
        Path(name).write_text(content, encoding="utf-8")
    before = files_of(films)
    heard = told(name or "none.ttl", code=code)
    assert message in heard
    assert heard.count("\n") == (1 if code == 2 else 2)
    assert files_of(films) == before


def test_rows_that_fail_are_listed_and_may_be_left_out(films: Path, told: Callable[..., str]) -> None:
    Path("films.csv").write_text(TABLE + "东风,某人,2024,1\n南风,苏晚,哪天,1\n", encoding="utf-8")
    args = ("films.csv", "--mapping", "map.yaml")
    before = files_of(films)
    heard = told(*args, code=1)
    assert "films.csv:4: 导演: the name '某人' is that of no Person" in heard
    assert "films.csv:5: 上映: '哪天' is no date" in heard
    assert files_of(films) == before
    assert "2 rows left out" in told(*args, "--skip-bad-rows")
    assert not [line for line in imported() if "东风" in line or "南风" in line]


def test_a_row_that_breaks_a_shape_is_named(told: Callable[..., str]) -> None:
    mapping = "things:\n  人: {class: Entity, name: 名}\n  片: {class: Film, name: 片名, new: true, english: 名}\n"
    Path("map.yaml").write_text(mapping, encoding="utf-8")
    Path("films.csv").write_text("片名,名\n北方来信,林舟\n", encoding="utf-8")
    told("films.csv", "--mapping", "map.yaml")
    Path("south.ttl").write_text(SOUTH.replace("lin-zhou", "south"), encoding="utf-8")
    assert "south.ttl:4: directedBy-range" in told("south.ttl", code=1)


def test_two_imports_that_exclude_each_other_are_told(told: Callable[..., str]) -> None:
    told("south.ttl")
    Path("x.ttl").write_text(PREFIXES + "id:south a kg:Person .\n", encoding="utf-8")
    assert "x.ttl:4: EntityClasses: " in told("x.ttl", code=1)


def test_of_many_faults_the_first_are_told(told: Callable[..., str]) -> None:
    Path("x.ttl").write_text(PREFIXES + "id:south a kg:Film .\n" + "".join(f"id:f{n} a kg:Film .\n" for n in range(50)))
    heard = told("x.ttl", code=1)
    assert heard.count("EntityName") == importing.TOLD
    assert "and 31 more of the kind" in heard


def test_what_no_longer_holds_is_told_by_the_next_build(told: Callable[..., str]) -> None:
    told("south.ttl", "--as", "mine")
    path = Path("films/imports/mine.nq")
    path.write_text(
        path.read_text().replace(
            "directedBy> <https://example.org/films/id/lin-zhou", "directedBy> <https://example.org/films/id/qingshan"
        )
    )
    summary = build((), "films/recipe.toml", "build")
    assert not summary.conforms
    [breach] = summary.violations
    assert breach.startswith("violation directedBy-range: ")
    assert breach.endswith("[imported-mine]")
    told("south.ttl", "--as", "mine")
    assert json.loads(Path("build/report.json").read_text())["violations"] == []


def test_what_says_nothing_of_the_domain_is_told(told: Callable[..., str]) -> None:
    Path("x.ttl").write_text("<http://e/a> <http://e/p> 1 .", encoding="utf-8")
    assert "nothing of it is said in terms of the ontology" in told("x.ttl")
    assert len([line for line in imported() if "http://e/a" in line]) == 1


def test_a_build_that_cannot_be_replaced_keeps_both_as_they_were(films: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import_files(["south.ttl"], wanted=Wanted(name="mine"))
    before = files_of(films)

    def broken(*_: object) -> int:
        raise OutputError("full")

    for name in ("render", "write_report"):
        with monkeypatch.context() as patch:
            patch.setattr(importing, name, broken)
            with pytest.raises(OutputError, match="full"):
                import_files(["films.csv"], wanted=Wanted(name="mine", mapping=Path("map.yaml")))
            with pytest.raises(OutputError, match="full"):
                remove_import("mine")
    assert files_of(films) == before


def test_files_of_ones_own_in_a_build_stay() -> None:
    Path("build/notes.txt").write_text("mine")
    import_files(["south.ttl"])
    assert Path("build/notes.txt").read_text() == "mine"


def test_a_file_that_people_broke_stops_the_next_build_with_its_place() -> None:
    import_files(["south.ttl"])
    path = Path("films/imports/south.nq")
    path.write_text(path.read_text().replace("imported-south>", "imported-north>", 1))
    with pytest.raises(DataError, match=r"south\.nq:1: the graph must be"):
        build((), "films/recipe.toml", "build")
    assert run(["check", "--recipe", "films/recipe.toml"]) == 1


def test_an_installed_package_is_not_written_into(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "is_installed", lambda _: True)
    with pytest.raises(OutputError, match="part of the installed package"):
        import_files(["south.ttl"])
    assert import_files(["south.ttl"], wanted=Wanted(dry_run=True)).problems == ()


@pytest.mark.parametrize("args", [(), ("south.ttl", "--list"), ("--list", "--remove", "x")])
def test_one_thing_is_asked_at_a_time(args: tuple[str, ...], told: Callable[..., str]) -> None:
    assert "give FILEs to import, or --list, or --remove NAME" in told(*args, code=2)


def test_an_unknown_import_or_bad_name_is_refused(told: Callable[..., str]) -> None:
    assert "no import is called 'x'; there are: none" in told("--remove", "x", code=2)
    assert "'Mine!' is no name for an import" in told("south.ttl", "--as", "Mine!", code=2)
    assert "no build here" in told("south.ttl", "--in", "nowhere", code=2)


def test_a_chinese_file_gives_its_import_a_name() -> None:
    shutil.copy("south.ttl", "我的影片.ttl")
    assert import_files(["我的影片.ttl"], wanted=Wanted(dry_run=True)).name == "wo-de-ying-pian"


@pytest.mark.slow
def test_the_command_is_there_for_strangers() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kg", "import", "south.ttl"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")
    assert "graph:imported-south: 5 triples" in done.stderr
