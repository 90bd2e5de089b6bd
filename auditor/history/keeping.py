"""One audit and its history: compared with the audit before, then kept; or neither."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.history.retention import merged_before, months_before
from auditor.history.series import KnownAs
from auditor.history.store import Store, writing
from checks.results import AuditResult

if TYPE_CHECKING:
    import pandas as pd

    from checks.context import Context
    from checks.learned_limits import LearnedLimits
    from checks.measuring import Measured
    from checks.spec import CheckSpec
    from connectors.deals_seen import Versions
    from connectors.snapshot import Snapshot


@dataclass(frozen=True)
class HistoryRequest:
    """Where the history of a CRM is kept, and how it is found there.

    Attributes:
        file: The file; several CRMs may share it.
        source: Which of them this audit is of.
        rebaseline: Whether this audit begins a new line.
        keep_months: Months after which an audit is forgotten; None keeps all.
    """

    file: Path
    source: KnownAs
    rebaseline: bool = False
    keep_months: int | None = None


class Keeper:
    """Holds the history of one CRM while it is audited.

    Args:
        store: The history, opened to be written.
        request: What was asked for.
        now: The present moment; it is noted and decides nothing.

    Attributes:
        before: The last audit that may be trusted; known once the audit was compared with it.
    """

    def __init__(self, store: Store, request: HistoryRequest, now: datetime) -> None:
        self._store = store
        self._series = store.series_of(request.source)
        self._request = request
        self._now = now
        self.before: AuditResult | None = None
        self._moved: pd.DataFrame | None = None
        self._trusted = False
        self._versions: Versions | None = None
        self._merged: Versions | None = None
        self._days: list[date] = []

    def remember(
        self, snapshot: Snapshot, as_of: date, workdir: Path, *, told_by_hand: bool
    ) -> None:
        """Add to a source's history what earlier audits of it saw differently.

        Args:
            snapshot: The source, not locked.
            as_of: Day that it shows.
            workdir: Folder for temporary files.
            told_by_hand: Whether earlier exports were named, whose differences are there already.
        """
        from connectors.deals_seen import add_version_changes, keep_versions
        from connectors.snapshot import Note

        if self._series.was:
            snapshot.provenance.notes.append(Note("series_named", {"name": self._series.name}))
        earlier = self._store.deals.of(self._series.name, as_of, workdir)
        self._versions = keep_versions(snapshot, as_of, earlier, workdir / "versions.parquet")
        if self._versions:
            if not told_by_hand:
                add_version_changes(snapshot, earlier, self._versions)
            self._days = [one.day for one in earlier]
        if self._request.keep_months:
            oldest = months_before(as_of, self._request.keep_months)
            self._merged = merged_before(earlier, oldest, snapshot, workdir)

    def baseline(self, snapshot: Snapshot, as_of: date) -> dict[str, LearnedLimits]:
        """Return the limits that earlier audits learned; none where this one begins anew.

        Args:
            snapshot: The source; ``remember`` has noted in it which stages were renamed.
            as_of: Day that it shows.
        """
        kept = self._store.last(self._series.name, before=as_of)
        if kept is None or self._request.rebaseline:
            return {}
        limits = {one.name: one for one in self._store.result(kept).learned}
        for note in snapshot.provenance.notes:
            if note.code == "stage_renamed":
                renamed = {str(note.facts["was"]): str(note.facts["stage"])}
                limits = {name: one.with_stages_renamed(renamed) for name, one in limits.items()}
        return limits

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
        from checks.change.coming import coming
        from checks.change.comparing import compare
        from checks.change.signs import signs
        from checks.change.trust import breaches_since, breaking, older_than_last, spoils_history
        from checks.comparison import Comparison

        series, as_of = self._series.name, context.as_of
        last = self._store.last(series, trusted=False)
        if last is not None and last.as_of > as_of:
            result = breaking(result, [older_than_last(last.as_of, as_of)])
            return result.model_copy(update={"comparison": Comparison(reason="older_than_last")})
        if last is not None and last.as_of == as_of:
            self._store.take_back(series, as_of)
        kept = self._store.last(series)
        before = self.before = self._store.result(kept) if kept else None
        breaches = []
        if before and not self._request.rebaseline:
            breaches = breaches_since(before, result, context.profile.contract)
        self._trusted = result.run.contract.success and not spoils_history(breaches)
        result = breaking(result, breaches)
        if not self._trusted:
            self._moved = _nothing_moved()
            return result.model_copy(update={"comparison": Comparison(reason="not_trusted")})
        self._moved = self._turns(context, specs, measured, redact=redact)
        comparison = compare(
            before,
            result,
            self._moved,
            audits=1 + sum(one.trusted for one in self._store.audits(series)),
            rebaselined=self._request.rebaseline,
            signs=signs(context, specs, self._moved, before.run.as_of) if before else (),
            accepted=result.accepted,
            coming=coming(context, self._days) if self._versions else (),
        )
        return result.model_copy(update={"comparison": comparison})

    def stirred(self) -> frozenset[int] | None:
        """Return the keys of owners with findings that are new or back; None without a before."""
        from checks.change.life import ENTERED

        if self.before is None or self._moved is None or not self._trusted:
            return None
        entered = self._moved["turn"].isin([turn.value for turn in ENTERED])
        return frozenset(self._moved.loc[entered, "owner_key"].tolist())

    def keep(self, result: AuditResult) -> None:
        """Add the audit, and forget old ones; both are done once the history is left."""
        if self._moved is not None:
            if self._trusted and self._versions:
                self._store.deals.keep(self._series.name, self._versions)
            if self._trusted and self._merged:
                self._store.deals.replace(self._series.name, self._merged)
            kept = without_records(result)
            self._store.keep(
                self._series.name, kept, self._moved, trusted=self._trusted, at=self._now
            )
        if self._request.keep_months:
            self._store.prune(months_before(result.run.as_of, self._request.keep_months))

    def _turns(
        self,
        context: Context,
        specs: Sequence[CheckSpec],
        measured: Measured,
        *,
        redact: bool,
    ) -> pd.DataFrame:
        from checks.change.life import meet, turns
        from checks.change.records import findings_by_key, kinds_found, outcomes, with_kinds

        series = self._series.name
        found_kinds = kinds_found(context, specs, measured, without_people=redact)
        kinds = self._store.findings.numbered(series, found_kinds)
        findings = self._store.findings
        meeting = meet(findings_by_key(context, specs, kinds), findings.alive(series))
        ended = findings.ended(meeting.arrived())
        became = outcomes(context, specs, measured, kinds, meeting.missing())
        return with_kinds(turns(meeting, ended, became, context.as_of), kinds)


def without_records(result: AuditResult) -> AuditResult:
    """Return a result as it is kept: without rows of lists, and without names of people."""
    checks = [
        check.model_copy(
            update={
                "sample": [],
                "groups": [
                    g for g in check.groups if not result.run.named or g.dimension != "owner"
                ],
            }
        )
        for check in result.checks
    ]
    return result.model_copy(update={"checks": checks})


def _nothing_moved() -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({"kind": [], "record_key": [], "turn": []})


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
