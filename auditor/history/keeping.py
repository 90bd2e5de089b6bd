"""One audit and its history: compared with the audit before, then kept; or neither."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.history.store import Store, writing
from checks.results import AuditResult

if TYPE_CHECKING:
    import pandas as pd

    from checks.context import Context
    from checks.measuring import Measured
    from checks.spec import CheckSpec

DEFAULT_SERIES = "default"


@dataclass(frozen=True)
class HistoryRequest:
    """Where the history of a CRM is kept, and under which name.

    Attributes:
        file: The file; several CRMs may share it.
        series: Which of them this audit is of.
        rebaseline: Whether this audit begins a new line.
    """

    file: Path
    series: str = DEFAULT_SERIES
    rebaseline: bool = False


class Keeper:
    """Holds the history of one CRM while it is audited.

    Args:
        store: The history, opened to be written.
        request: What was asked for.
        now: The present moment; it is noted and decides nothing.
    """

    def __init__(self, store: Store, request: HistoryRequest, now: datetime) -> None:
        self._store = store
        self._request = request
        self._now = now
        self._moved: pd.DataFrame | None = None

    def compare(
        self,
        context: Context,
        specs: Sequence[CheckSpec],
        measured: Measured,
        result: AuditResult,
        *,
        redact: bool,
    ) -> AuditResult:
        """Return the result with what changed since the audit before.

        An audit of the day of the last one takes its place.
        """
        from checks.change.comparing import compare

        series, as_of = self._request.series, context.as_of
        last = self._store.last(series, trusted=False)
        if last is not None and last.as_of == as_of:
            self._store.take_back(series, as_of)
        before = self._store.last(series)
        self._moved = self._turns(context, specs, measured, redact=redact)
        comparison = compare(
            self._store.result(before) if before else None,
            result,
            self._moved,
            audits=1 + sum(one.trusted for one in self._store.audits(series)),
            rebaselined=self._request.rebaseline,
        )
        return result.model_copy(update={"comparison": comparison})

    def keep(self, result: AuditResult) -> None:
        """Add the audit to the history; it is there once the history is left."""
        if self._moved is not None:
            self._store.keep(self._request.series, result, self._moved, trusted=True, at=self._now)

    def _turns(
        self,
        context: Context,
        specs: Sequence[CheckSpec],
        measured: Measured,
        *,
        redact: bool,
    ) -> pd.DataFrame:
        from checks.change.life import missing, turns
        from checks.change.records import findings_by_key, kinds_found, outcomes

        series = self._request.series
        found_kinds = kinds_found(context, specs, measured, without_people=redact)
        kinds = self._store.numbered(series, found_kinds)
        found = findings_by_key(context, kinds)
        remembered = self._store.remembered(series, found)
        asked = missing(remembered.alive, found)
        became = outcomes(context, specs, measured, kinds, asked)
        moved = turns(remembered, found, became, context.as_of)
        return moved.merge(kinds[["kind", "check_id"]], on="kind", how="left")


@contextmanager
def keeping(request: HistoryRequest | None, now: datetime) -> Iterator[Keeper | None]:
    """Hold a history during an audit; None where none is kept.

    What was kept stays only if the block ends well.
    """
    if request is None:
        yield None
        return
    with writing(request.file) as store:
        yield Keeper(store, request, now)
