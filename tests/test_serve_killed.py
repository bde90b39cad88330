"""A server that is killed while people decide: whatever it had acknowledged is kept."""

from __future__ import annotations

import http.client
import os
import re
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest
from served_pages import built
from servers import free_port, served

from kg.reviews import load_reviews

REVIEWERS = 4
KILLED_AFTER = 12
"""Decisions that are acknowledged before the server is killed."""


class Reviewer:
    """Somebody with a browser of their own: accepts and withdraws the facts of one thing in turns."""

    def __init__(self, port: int, name: str) -> None:
        self.port, self.name, self.cookie = port, name, ""
        self.acknowledged: list[str] = []

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        headers = {"Cookie": self.cookie, "Sec-Fetch-Site": "same-origin"}
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request("POST" if form else "GET", path, urlencode(form) if form else None, headers)
            answer = connection.getresponse()
            self.cookie = (answer.getheader("set-cookie") or self.cookie).partition(";")[0]
            return answer.status, answer.read().decode()

    def decide(self, path: str, verdict: str, reason: str) -> None:
        """Fill the form on a page in, and note the reason once the server has said that it is kept."""
        text = self.ask(path)[1]
        form = text[text.index("<form method") :].partition("</form>")[0]
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
        given = {name: unescape(value) for name, value in fields.items()}
        status, _ = self.ask("/reviews/fact", given | {"by": self.name, "reason": reason, "verdict": verdict})
        if status == 303:
            self.acknowledged.append(reason)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("killed")
    built(made)
    return made


@pytest.mark.slow
def test_no_acknowledged_decision_is_lost(folder: Path, record_property: Callable[[str, object], None]) -> None:
    port = free_port()
    command = [sys.executable, "-m", "kg", "serve", "--in", str(folder / "build"), "--port", str(port), "--review"]
    with served(command, port, path="/sparql") as process:
        reviewers = [Reviewer(port, f"reviewer{n}") for n in range(REVIEWERS)]
        text = reviewers[0].ask("/id/hsr-jingxiong")[1]
        paths = list(dict.fromkeys(re.findall(r'<a class="sure" href="([^"]+)"', text)))
        enough = threading.Event()

        def review(who: Reviewer, path: str) -> None:
            try:
                for n in range(1000):
                    who.decide(path, ("accept", "withdraw")[n % 2], f"{who.name} says {n}")
                    if sum(len(each.acknowledged) for each in reviewers) >= KILLED_AFTER:
                        enough.set()
            except (OSError, http.client.HTTPException, ValueError):
                return  # the server is gone

        pairs = [(who, paths[n % len(paths)]) for n, who in enumerate(reviewers)]
        threads = [threading.Thread(target=review, args=pair, daemon=True) for pair in pairs]
        for each in threads:
            each.start()
        assert enough.wait(60), "nobody's decisions were kept"
        os.kill(process.pid, signal.SIGKILL)
        for each in threads:
            each.join(60)
    kept = [review.reason for review in load_reviews(folder / "reviews.csv")]
    acknowledged = [reason for who in reviewers for reason in who.acknowledged]
    assert len(acknowledged) >= KILLED_AFTER
    assert set(acknowledged) <= set(kept)
    assert len(kept) == len(set(kept)), "none is there twice"
    record_property("counted", f"{len(acknowledged)} acknowledged, {len(kept)} kept when the server was killed")
