"""The run store: every audit and the life of its findings, in one SQLite file.

Whoever writes holds the file from the first read to the commit, so two audits never mix, and a
process that is killed leaves the last good state: the next one to open the file rolls back.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.history.deals import KeptDeals
from auditor.history.findings import KeptFindings
from auditor.history.opening import asking, connect, prepare
from auditor.history.series import KnownAs, Series, series_number, series_of
from checks.results import AuditResult

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class KeptAudit:
    """One audit of the history.

    Attributes:
        recorded_at: When it was kept, by the clock of the machine; decides nothing.
        trusted: Whether later audits may be measured against it.
        findings: Findings that it left open; 0 where it is not trusted.
    """

    audit_id: int
    series: str
    as_of: date
    recorded_at: str
    trusted: bool
    tool_version: str
    source: str
    profile_hash: str
    findings: int


class Store:
    """An open history.

    Args:
        connection: The file, as ``opening`` connects to it.

    Attributes:
        findings: The life of findings.
        deals: The deals that audits saw changed.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.findings = KeptFindings(connection)
        self.deals = KeptDeals(connection)

    def series_of(self, source: KnownAs) -> Series:
        """Return the series of a source, which keeps it when neighbours come or go."""
        return series_of(self._connection, source)

    def audits(self, series: str | None = None) -> list[KeptAudit]:
        """Return the audits of one series, or of all, the oldest first."""
        rows = self._connection.execute(
            "select audit_id, name, as_of, recorded_at, trusted, tool_version, source, "
            "profile_hash, findings from audit join series using (series_id) "
            "where ?1 is null or name = ?1 order by name, as_of",
            (series,),
        )
        return [
            KeptAudit(one, name, date.fromordinal(day), at, bool(trusted), *others)
            for one, name, day, at, trusted, *others in rows
        ]

    def result(self, audit: KeptAudit) -> AuditResult:
        """Return what an audit found."""
        return AuditResult.from_json(self.result_text(audit))

    def result_text(self, audit: KeptAudit) -> str:
        """Return the ``result.json`` of an audit, byte for byte."""
        ((packed,),) = self._connection.execute(
            "select result from audit where audit_id = ?", (audit.audit_id,)
        )
        return zlib.decompress(packed).decode()

    def last(
        self, series: str, *, trusted: bool = True, before: date = date.max
    ) -> KeptAudit | None:
        """Return the latest audit of a series, of before a day; None where there is none."""
        kept = [
            one
            for one in self.audits(series)
            if one.as_of < before and (one.trusted or not trusted)
        ]
        return kept[-1] if kept else None

    def keep(
        self, series: str, result: AuditResult, moved: pd.DataFrame, *, trusted: bool, at: datetime
    ) -> None:
        """Add an audit, and what it changed in the life of findings.

        Args:
            series: Whose audit it is.
            result: What it found.
            moved: The turns of all findings; without rows where it is not trusted.
            trusted: Whether later audits may be measured against it.
            at: When that is, by the clock of the machine.
        """
        run, day = result.run, result.run.as_of.toordinal()
        self._connection.execute(
            "insert into audit (series_id, as_of, recorded_at, trusted, tool_version, source, "
            "profile_hash, catalogue_hash, findings, result) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                series_number(self._connection, series),
                day,
                at.isoformat(timespec="seconds"),
                int(trusted),
                run.tool_version,
                run.source,
                run.profile_hash,
                run.catalogue_hash,
                result.comparison.life.now if result.comparison else 0,
                zlib.compress(result.to_json().encode()),
            ),
        )
        self.findings.turn(moved, run.as_of)

    def take_back(self, series: str, day: date) -> None:
        """Undo the audit of a day, the latest one, as if it had never been kept."""
        self.findings.take_back(series, day)
        self.deals.take_back(series, day)
        both = (day.toordinal(), series_number(self._connection, series))
        self._connection.execute("delete from audit where as_of = ? and series_id = ?", both)

    def prune(self, before: date) -> int:
        """Forget the audits of before a day and what ended before it; return how many audits.

        The latest audit of a series stays, whatever its day, and the latest that can be trusted:
        the next one is compared with it.
        """
        latest = "select max(as_of) from audit as one where one.series_id = audit.series_id"
        forgotten = self._connection.execute(
            f"delete from audit where as_of < ? and as_of < ({latest}) "
            f"and as_of is not ({latest} and trusted)",
            (before.toordinal(),),
        ).rowcount
        self.findings.forget(before)
        return forgotten


@contextmanager
def writing(file: Path, *, must_exist: bool = False) -> Iterator[Store]:
    """Open a history to change it, alone; all that the block does is kept, or none of it.

    Raises:
        OutputError: If it cannot be written, or another process is at it.
        InputError: If it is no history, or damaged, or of a newer version.
    """
    with asking(file), closing(connect(file, create=not must_exist)) as connection:
        prepare(connection, file)
        try:
            yield Store(connection)
            connection.execute("commit")
        except BaseException:
            if connection.in_transaction:
                connection.execute("rollback")
            raise


@contextmanager
def reading(file: Path) -> Iterator[Store]:
    """Open a history to look at it.

    Raises:
        InputError: If there is none, or it is damaged, or of a newer version.
    """
    with asking(file), closing(connect(file, create=False)) as connection:
        prepare(connection, file, to_write=False)
        yield Store(connection)
