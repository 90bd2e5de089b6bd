"""What is forgotten of a history, and the room that it gives back."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.history.opening import asking, connect
from auditor.history.store import Store, writing
from auditor.workspace import workspace
from connectors.deals_seen import Versions, merge_versions

if TYPE_CHECKING:
    from connectors.snapshot import Snapshot

#: Fewer files stand for themselves.
_FEWEST_MERGED = 2


def prune(file: Path, keep_months: int) -> int:
    """Forget what is older than some months before the last audit; return how many audits.

    Raises:
        ConfigurationError: If there is no history.
        OutputError: If it cannot be written.
        InputError: If it is no history, or damaged.
    """
    forgotten = 0
    with workspace() as workdir, writing(file, must_exist=True) as store:
        audits = store.audits()
        if audits:
            oldest = months_before(max(audit.as_of for audit in audits), keep_months)
            forgotten = store.prune(oldest)
            for series in sorted({audit.series for audit in audits}):
                _merge_deals(store, series, oldest, workdir)
    _compact(file)
    return forgotten


def merged_before(
    earlier: Sequence[Versions], oldest: date, snapshot: Snapshot, workdir: Path
) -> Versions | None:
    """Return one file for what audits before a day saw of deals; None where one is there already.

    Deals that the source no longer holds are left out.
    """
    old = [one for one in earlier if one.day < oldest]
    if len(old) < _FEWEST_MERGED:
        return None
    file = workdir / "merged.parquet"
    return merge_versions(snapshot.engine, old, file, of_live_deals=True)


def months_before(day: date, months: int) -> date:
    """Return the day that many months earlier; the last of its month where there is none."""
    from calendar import monthrange

    year, month = divmod(12 * day.year + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _merge_deals(store: Store, series: str, oldest: date, workdir: Path) -> None:
    from connectors.engines.duckdb import Engine

    old = store.deals.of(series, oldest, workdir)
    if len(old) < _FEWEST_MERGED:
        return
    engine = Engine(workdir)
    try:
        merged = merge_versions(engine, old, workdir / "merged.parquet", of_live_deals=False)
        store.deals.replace(series, merged)
    finally:
        engine.close()


def _compact(file: Path) -> None:
    with asking(file), closing(connect(file, create=False)) as connection:
        connection.execute("vacuum")
