"""Which stage an audit is in: a bar for a person who watches, seconds for a measurement."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Protocol

from auditor.messages import Translate

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

#: The stages in their order, with what a person reads while they run.
STAGES = {
    "imports": "Starting",
    "pull": "Pulling from the CRM",
    "read": "Reading the export",
    "type": "Reading dates and amounts",
    "checks": "Running the checks",
    "duplicates": "Looking for duplicates",
    "contract": "Judging the intake",
    "statistics": "Telling chance from habit",
    "judgement": "Judging the signals",
    "history": "Comparing with the audit before",
    "lists": "Writing the lists",
    "workbook": "Writing the workbook",
    "page": "Writing the page",
}


class Progress(Protocol):
    """What the pipeline tells about itself."""

    def stage(self, name: str) -> AbstractContextManager[None]:
        """Enclose one of ``STAGES``."""
        ...

    def records(self, name: str, came: int, expected: int | None) -> None:
        """Show how many records of a kind have come from a live source."""
        ...


class Stopwatch:
    """Measures each stage, without the stages within it; ``seconds`` holds them by name.

    Args:
        clock: Tells seconds since some moment.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.seconds: dict[str, float] = {}
        self._clock = clock
        self._within = 0.0

    def as_json(self) -> str:
        """Return the seconds by stage as a JSON object."""
        return json.dumps(self.seconds, indent=1)

    def records(self, name: str, came: int, expected: int | None) -> None:
        """Take no notice: only stages are measured."""

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the duration of the block to the stage."""
        start, before = self._clock(), self._within
        self._within = 0.0
        try:
            yield
        finally:
            spent = self._clock() - start
            self.seconds[name] = self.seconds.get(name, 0.0) + spent - self._within
            self._within = before + spent


@contextmanager
def shown_progress(translate: Translate) -> Iterator[Progress]:
    """Show a bar on stderr for a person, which vanishes at the end."""
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (BarColumn(bar_width=20), TextColumn("{task.description}"), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        yield _Shown(bar, translate)


class _Shown:
    def __init__(self, bar: Bar, translate: Translate) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=len(STAGES))
        self._translate = translate
        self._done: set[str] = set()
        self._begun: dict[str, tuple[float, int]] = {}

    def records(self, name: str, came: int, expected: int | None) -> None:
        now = time.perf_counter()
        began, first = self._begun.setdefault(name, (now, came))
        numbers = _spaced(came) if expected is None else f"{_spaced(came)} / {_spaced(expected)}"
        rate = f", {_spaced((came - first) / (now - began))}/s" if now > began else ""
        stage = self._translate(STAGES["pull"])
        self._bar.update(self._task, description=f"{stage} · {name} {numbers}{rate}")

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        self._bar.update(self._task, description=self._translate(STAGES[name]))
        yield
        self._done.add(name)
        self._bar.update(self._task, completed=len(self._done))


def _spaced(number: float) -> str:
    """Return a number as people of both languages read it."""
    return f"{number:,.0f}".replace(",", "\N{NARROW NO-BREAK SPACE}")
