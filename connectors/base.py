"""What every source of records offers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Protocol, TypeAlias

from connectors.engines.duckdb import Engine
from connectors.snapshot import Snapshot

#: Encloses one stage of an audit, so that a person can watch and a stopwatch can measure.
Stage: TypeAlias = Callable[[str], AbstractContextManager[None]]

#: Told while a live source is pulled: the kind of record, how many came, how many are expected.
Watch: TypeAlias = Callable[[str, int, int | None], None]


def unseen(name: str, came: int, expected: int | None) -> None:
    """Let records come that nobody watches."""


def unwatched(name: str) -> AbstractContextManager[None]:
    """Enclose a stage that nobody watches."""
    return nullcontext()


class Connector(Protocol):
    """A source that can be read, and only read."""

    def extract(self, engine: Engine, workdir: Path, stage: Stage = unwatched) -> Snapshot:
        """Load every canonical table into ``engine`` and describe what was found.

        Args:
            engine: Empty engine, not locked yet.
            workdir: Folder of this audit for temporary files.
            stage: Told when it begins to ``read`` and to ``type``.

        Raises:
            InputError: If the source holds nothing that can be read.
            QuestionError: If only the user can decide how to read it.
        """
        ...

    def record_url(self, table: str, record_id: str) -> str | None:
        """Return the address of a record in the CRM, or None when it is not known."""
        ...
