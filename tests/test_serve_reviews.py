"""``kg.serve.pages.reviews``: people decide in the browser; what they decide is kept, seen, followed and undone."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from served_pages import built, client
from starlette.testclient import TestClient

from kg.build import build

TOKEN = "a-long-enough-token"
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("mine")
    built(made)
    return made


@pytest.fixture
def out(folder: Path) -> Iterator[Path]:
    """A build on which nothing is decided."""
    yield folder / "build"
    for name in ("reviews.csv", "judgements.csv"):
        (folder / name).unlink(missing_ok=True)


@pytest.fixture
def web(out: Path) -> Iterator[TestClient]:
    with client(out, review=True) as made:
        yield made


def opening(web: TestClient) -> str:
    """The path of a statement that a railway opened."""
    text = web.get("/id/hsr-jingxiong?predicate=openedOn").text
    return re.findall(r'<a class="sure" href="([^"]+)"', text)[0]


def form_of(web: TestClient, path: str) -> dict[str, str]:
    """The hidden fields of the form on a page."""
    text = web.get(path).text
    form = text[text.index("<form method") :]
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form.partition("</form>")[0])
    return {**dict(fields), "by": "李华", "reason": "与原文不符"}


def post(web: TestClient, path: str, form: dict[str, str], **headers: str) -> int:
    return web.post(path, data=form, headers=headers).status_code


def decide(web: TestClient, path: str, verdict: str, **more: str) -> int:
    return post(web, "/reviews/fact", form_of(web, path) | {"verdict": verdict} | more)


def decisions(folder: Path) -> str:
    path = folder / "reviews.csv"
    return path.read_text(encoding="utf-8") if path.exists() else ""


# ---------------------------------------------------------------------- decide


def test_a_rejected_fact_is_marked_at_once_and_gone_after_the_next_build(web: TestClient, folder: Path) -> None:
    path = opening(web)
    assert decide(web, path, "reject") == 303
    assert "李华" in decisions(folder)
    assert "已否决" in web.get(path).text
    assert "已否决" in web.get("/id/hsr-jingxiong").text
    assert "下次构建时从图中移除" in web.get("/reviews").text
    build([], folder / "recipe.toml", folder / "build")
    said = web.get("/id/hsr-jingxiong?predicate=openedOn").text
    assert path not in said
    assert "李华" in web.get("/reviews").text
    assert "2020-12-27" in web.get("/rejected").text or "2019-12-27" in web.get("/rejected").text
    (folder / "reviews.csv").unlink()
    build([], folder / "recipe.toml", folder / "build")
    assert web.get(path).status_code == 200


def test_a_decision_is_undone_as_easily(web: TestClient, folder: Path) -> None:
    path = opening(web)
    assert decide(web, path, "accept") == 303
    assert "已采纳" in web.get(path).text
    assert decide(web, path, "withdraw") == 303
    assert "已采纳" not in web.get(path).text
    assert decisions(folder).count("李华") == 2


def test_a_correction_says_what_is_right(web: TestClient, folder: Path) -> None:
    path = opening(web)
    assert decide(web, path, "correct", **{"new-object": "2020-12-28"}) == 303
    assert "object=2020-12-28" in decisions(folder)
    assert "2020-12-28" in web.get("/reviews").text


def test_a_correction_that_the_ontology_forbids_is_told_and_not_kept(web: TestClient, folder: Path) -> None:
    answer = web.post(
        "/reviews/fact",
        data=form_of(web, opening(web)) | {"verdict": "correct", "new-object": "someday"},
    )
    assert answer.status_code == 400
    assert 'class="alert"' in answer.text
    assert decisions(folder) == ""


def test_who_has_not_seen_the_last_decision_is_told_of_it(web: TestClient, folder: Path) -> None:
    path = opening(web)
    stale = form_of(web, path)
    assert decide(web, path, "accept") == 303
    answer = web.post("/reviews/fact", data=stale | {"verdict": "reject", "by": "王明"})
    assert answer.status_code == 409
    assert "李华" in answer.text
    assert "王明" not in decisions(folder)


def test_reviewers_at_the_same_time_lose_nothing(web: TestClient, folder: Path) -> None:
    text = web.get("/id/hsr-jingxiong").text
    paths = list(dict.fromkeys(re.findall(r'<a class="sure" href="([^"]+)"', text)))
    forms = [form_of(web, path) | {"verdict": "accept", "by": f"人{i}"} for i, path in enumerate(paths)]
    threads = [threading.Thread(target=post, args=(web, "/reviews/fact", form)) for form in forms]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(paths) > 2
    assert {f"人{i}" for i in range(len(paths))} == set(re.findall("人\\d+", decisions(folder)))


def test_a_merge_in_doubt_is_decided_and_followed(web: TestClient, folder: Path) -> None:
    text = web.get("/reviews").text
    form = form_of(web, "/reviews")
    assert post(web, "/reviews/merge", form | {"verdict": "different"}) == 303
    assert "different" in (folder / "judgements.csv").read_text(encoding="utf-8")
    assert "不同" in web.get("/reviews").text
    assert post(web, "/reviews/merge", form | {"verdict": "same"}) == 409
    assert text != web.get("/reviews").text
    assert post(web, "/reviews/merge", form_of(web, "/reviews") | {"verdict": "withdraw"}) == 303


# ---------------------------------------------------------------------- who may


def test_without_review_pages_say_how_to_switch_it_on_and_nothing_is_kept(out: Path, folder: Path) -> None:
    with client(out) as web:
        assert "kg serve --review" in web.get("/reviews").text
        assert "<form method" not in web.get(opening(web)).text
        assert post(web, "/reviews/fact", {"verdict": "reject", "by": "a", "reason": "b"}) == 403
    assert decisions(folder) == ""


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
    ],
)
def test_a_form_of_another_site_is_not_heeded(web: TestClient, folder: Path, headers: dict[str, str]) -> None:
    form = form_of(web, opening(web)) | {"verdict": "reject"}
    assert post(web, "/reviews/fact", form, **headers) == 403
    assert decisions(folder) == ""


def test_a_form_without_the_browsers_own_code_is_not_heeded(web: TestClient, folder: Path) -> None:
    form = form_of(web, opening(web)) | {"verdict": "reject"}
    assert post(web, "/reviews/fact", form | {"code": "0" * 64}) == 403
    web.cookies.clear()
    assert post(web, "/reviews/fact", form) == 403
    assert decisions(folder) == ""


def test_another_kind_of_body_is_not_heeded(web: TestClient, folder: Path) -> None:
    form_of(web, opening(web))
    for media, body in (("application/json", b'{"verdict": "reject"}'), ("text/plain", b"verdict=reject")):
        assert web.post("/reviews/fact", content=body, headers={"content-type": media}).status_code == 403
    assert web.post("/reviews/fact", content=b"\xff=%ff&=", headers=FORM).status_code == 403
    assert decisions(folder) == ""


def test_name_and_reason_are_asked_for(web: TestClient, folder: Path) -> None:
    form = form_of(web, opening(web)) | {"verdict": "reject"}
    assert post(web, "/reviews/fact", form | {"by": " "}) == 400
    assert post(web, "/reviews/fact", form | {"reason": ""}) == 400
    assert decisions(folder) == ""


def test_a_form_leads_back_within_the_server_alone(web: TestClient) -> None:
    form = form_of(web, opening(web)) | {"verdict": "accept"}
    for back in ("//evil.example", "https://evil.example/", "/\\evil.example", "javascript:1", "/id/x\r\nA: b"):
        answer = web.post("/reviews/fact", data=form | {"back": back})
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/statement/")


def test_the_token_is_asked_for_once(out: Path, folder: Path) -> None:
    with client(out, review=True, token=TOKEN) as web:
        path = opening(web)
        form = form_of(web, path) | {"verdict": "accept"}
        assert 'name="token"' in web.get(path).text
        assert post(web, "/reviews/fact", form) == 401
        assert post(web, "/reviews/fact", form | {"token": TOKEN + "x"}) == 401
        assert decisions(folder) == ""
        assert post(web, "/reviews/fact", form | {"token": TOKEN}) == 303
        assert 'name="token"' not in web.get(path).text
        assert decide(web, path, "withdraw") == 303


def test_what_people_write_stays_text(web: TestClient) -> None:
    path = opening(web)
    assert decide(web, path, "accept", by="<script>1</script>", reason='"><img src=x onerror=1>') == 303
    for page in (path, "/reviews", "/id/hsr-jingxiong"):
        text = web.get(page).text
        assert "<script>1" not in text
        assert "<img" not in text


@pytest.mark.parametrize(
    "address", ["", "x", "https://w3id.org/kg-regional/statement/0000000000", "<>", "../../etc/passwd"]
)
def test_a_decision_on_nothing_is_told_in_a_line(web: TestClient, folder: Path, address: str) -> None:
    form = form_of(web, opening(web)) | {"verdict": "reject", "address": address}
    assert post(web, "/reviews/fact", form) == 400
    assert decisions(folder) == ""


def test_a_damaged_file_of_decisions_is_told_and_facts_are_shown_all_the_same(web: TestClient, folder: Path) -> None:
    (folder / "reviews.csv").write_text("nonsense\n", encoding="utf-8")
    assert "reviews.csv" in web.get("/reviews").text
    assert web.get("/id/hsr-jingxiong").status_code == 200
