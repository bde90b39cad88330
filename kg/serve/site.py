"""The build that a server shows: opened once, and anew when `kg build` has put another in its place."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from kg.api import recipe_of
from kg.errors import KgError, OutputError
from kg.report import load_report
from kg.serve.consent import Consent
from kg.serve.settings import Settings

if TYPE_CHECKING:
    from kg.pipeline import Recipe
    from kg.questions import Question
    from kg.stores.embedded import EmbeddedStore
    from kg.vocab import Vocab

STORE = "store"
T = TypeVar("T")


@dataclass(frozen=True)
class Opened:
    """A build as it was when it was opened; what is costly is made on first use, and kept."""

    generation: int
    folder: Path
    store_path: Path
    report: dict[str, Any]
    recipe: Recipe

    @cached_property
    def vocab(self) -> Vocab:
        """The ontology that the build was made with."""
        from kg.vocab import load_vocab

        return load_vocab(self.recipe.ontology)

    @cached_property
    def store(self) -> EmbeddedStore:
        """The store, for questions of our own only: those that people send run in processes of their own."""
        from kg.stores.embedded import open as open_embedded

        return open_embedded(self.store_path, read_only=True)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The questions that can be asked by name."""
        from kg.questions import list_questions

        return list_questions(self.recipe.queries)

    @cached_property
    def _made(self) -> dict[object, Any]:
        return {}

    @cached_property
    def _locks(self) -> dict[object, threading.Lock]:
        return {}

    def once(self, make: Callable[[Opened], T]) -> T:
        """What a function makes of this build, made once, by whichever thread asks for it first."""
        if make not in self._made:
            with self._locks.setdefault(make, threading.Lock()):
                if make not in self._made:
                    self._made[make] = make(self)
        made: T = self._made[make]
        return made


class Site:
    """Gives the build as it is now. Threads may share it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.consent = Consent(settings.token)
        self._lock = threading.Lock()
        self.mark: tuple[int, ...] = ()
        """Tells one build from the next."""
        self._snapshot: Path | None = None
        self._opened = self._open(settings.build, 0)

    def now(self) -> Opened:
        """The build; while another is being put into its place, the one that was."""
        with self._lock:
            if self._marked() != self.mark:
                self._snapshot = None
                self._reopen()
            return self._opened

    def show(self, snapshot: Path) -> None:
        """From now on ask this copy of the store: what an update left."""
        with self._lock:
            self._snapshot = snapshot
            self._reopen()

    def _reopen(self) -> None:
        try:
            self._opened = self._open(self.settings.build, self._opened.generation + 1)
        except (KgError, OSError):  # half of a build is there: the next request looks again
            self.mark = ()

    def _open(self, build: Path, generation: int) -> Opened:
        mark = self._marked()
        report = load_report(build)
        if not (build / STORE).is_dir():
            raise OutputError(f"{build}: the store is missing; run kg build to make it anew")
        opened = Opened(generation, build, self._snapshot or build / STORE, report, recipe_of(build))
        self.mark = mark
        return opened

    def _marked(self) -> tuple[int, ...]:
        """What changes when a build is replaced."""
        try:
            found = (self.settings.build / "report.json").stat()
        except OSError:
            return ()
        return found.st_ino, found.st_mtime_ns, found.st_size
