"""From exports to the snapshot that is audited, with a history made of earlier exports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.audit_day import LATEST, audit_day, is_day_choice
from auditor.sources import FolderSource, Source
from connectors.errors import InputError

if TYPE_CHECKING:
    from auditor.config import Configuration
    from auditor.imports_ahead import ImportsAhead
    from auditor.progress import Progress
    from connectors.earlier import DatedExport
    from connectors.snapshot import Snapshot


@dataclass(frozen=True)
class EarlierExport:
    """An earlier export of the CRM that is audited.

    Attributes:
        source: Where it lies.
        day: Day that it shows, or ``latest``.
    """

    source: Path
    day: str = LATEST


def parse_earlier(text: str) -> EarlierExport:
    """Read ``EXPORT`` or ``EXPORT@DAY``; an at sign that no day follows belongs to the name."""
    name, at, day = text.rpartition("@")
    if at and is_day_choice(day):
        return EarlierExport(Path(name), day)
    return EarlierExport(Path(text))


def extract(
    source: Source,
    configuration: Configuration,
    workdir: Path,
    progress: Progress,
    ahead: ImportsAhead | None = None,
) -> Snapshot:
    """Load a source into an engine of its own, and let others be imported beside."""
    from connectors.engines.duckdb import Engine

    connector = source.connector(configuration, progress.records)
    stage = ahead.beginning_with("type", progress.stage) if ahead else progress.stage
    engine = Engine(workdir)
    try:
        with configuration.placing_refusals():
            return connector.extract(engine, workdir, stage)
    except BaseException:
        engine.close()
        raise


def set_aside_all(
    earlier: Sequence[EarlierExport],
    configuration: Configuration,
    workdir: Path,
    progress: Progress,
    *,
    now: datetime,
) -> list[DatedExport]:
    """Read earlier exports, one at a time, and keep of each what can be compared.

    Raises:
        InputError: If one cannot be read or compared, or nothing tells its day.
    """
    return [
        _set_aside(each, configuration, workdir / f"earlier-{number}", progress, now=now)
        for number, each in enumerate(earlier, start=1)
    ]


def _set_aside(
    earlier: EarlierExport,
    configuration: Configuration,
    workdir: Path,
    progress: Progress,
    *,
    now: datetime,
) -> DatedExport:
    from connectors.earlier import set_aside

    name = earlier.source.resolve().name
    workdir.mkdir()
    snapshot = extract(FolderSource(earlier.source), configuration, workdir, progress)
    try:
        zone = configuration.profile.time_zone
        day, _ = audit_day(earlier.day, snapshot, now=now, time_zone=zone)
        if not snapshot.count("deals"):
            raise InputError(
                "this earlier export holds no deal to compare",
                where=name,
                next_step="Leave out --earlier, or export the deals too.",
            )
        return set_aside(snapshot, name, day, workdir / "deals.parquet")
    finally:
        snapshot.close()
