"""The run store: every audit and the life of its findings, in one SQLite file.

Whoever writes holds the file from the first read to the commit, so two audits never mix, and a
process that is killed leaves the last good state: the next one to open the file rolls back.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.history.opening import asking, connect, prepare
from checks.change.life import Turn
from checks.change.records import Kind
from checks.results import AuditResult
from connectors.deals_seen import Versions

if TYPE_CHECKING:
    import pandas as pd

_RESOLVED, _VANISHED, _UNKNOWN = 1, 2, 3
_ENDINGS = {
    Turn.RESOLVED: _RESOLVED,
    Turn.VANISHED: _VANISHED,
    Turn.UNKNOWN: _UNKNOWN,
}
_SETTLED = {Turn.SETTLED_RESOLVED: _RESOLVED, Turn.SETTLED_VANISHED: _VANISHED}
_ONE = "kind_id = ? and record_key = ?"


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
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

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

    def numbered(self, series: str, kinds: Sequence[Kind]) -> pd.DataFrame:
        """Return the kinds of a series with their numbers, new ones included."""
        import pandas as pd

        series_id = self._series(series)
        self._connection.executemany(
            "insert or ignore into kind (series_id, check_id, version, table_name, spot) "
            "values (?, ?, ?, ?, ?)",
            [(series_id, *kind) for kind in kinds],
        )
        rows = self._connection.execute(
            "select kind_id, check_id, version, table_name, spot from kind "
            "where series_id = ? order by kind_id",
            (series_id,),
        ).fetchall()
        return pd.DataFrame(rows, columns=["kind", *Kind._fields]).rename(
            columns={"table": "table_name"}
        )

    def alive(self, series: str) -> pd.DataFrame:
        """Return the findings that are open or out of sight, as ``Remembered.alive`` says."""
        import pandas as pd

        rows = self._connection.execute(
            "select kind_id, record_key, ending is not null, since from spell "
            "where (valid_to is null or ending = 3 and settled is null) and kind_id in "
            "(select kind_id from kind join series using (series_id) where name = ?) "
            "order by kind_id, record_key",
            (series,),
        ).fetchall()
        columns = list(zip(*rows, strict=True)) or [()] * 4
        names = ("kind", "record_key", "hidden", "since")
        return pd.DataFrame(dict(zip(names, columns, strict=True)), dtype="int64")

    def ended(self, found: pd.DataFrame) -> pd.DataFrame:
        """Return those of some findings that were open once and ended."""
        import pandas as pd

        run = self._connection.execute
        run("create temp table if not exists asked (kind_id integer, record_key integer)")
        run("delete from asked")
        self._connection.executemany("insert into asked values (?, ?)", _pairs(found))
        rows = run(
            "select distinct kind_id, record_key from asked join spell using (kind_id, record_key) "
            "where ending in (1, 2) order by kind_id, record_key"
        ).fetchall()
        return pd.DataFrame(rows, columns=["kind", "record_key"], dtype="int64")

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
                self._series(series),
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
        by_turn = dict(list(moved.groupby("turn")))
        for turn in (Turn.NEW, Turn.REOPENED, Turn.SEEN_AGAIN):
            if turn in by_turn:
                self._begin(by_turn[turn], day)
        for turn, ending in _ENDINGS.items():
            if turn in by_turn:
                self._connection.executemany(
                    f"update spell set valid_to = ?, ending = ? where {_ONE} and valid_to is null",
                    ((day, ending, *pair) for pair in _pairs(by_turn[turn])),
                )
        for turn, ending in _SETTLED.items():
            if turn in by_turn:
                self._settle(by_turn[turn], ending, day)

    def take_back(self, series: str, day: date) -> None:
        """Undo the audit of a day, the latest one, as if it had never been kept."""
        ordinal, series_id = day.toordinal(), self._series(series)
        mine = "kind_id in (select kind_id from kind where series_id = ?)"
        both = (ordinal, series_id)
        run = self._connection.execute
        run(f"delete from spell where valid_from = ? and {mine}", both)
        run(f"update spell set ending = 3, settled = null where settled = ? and {mine}", both)
        run(f"update spell set valid_to = null, ending = null where valid_to = ? and {mine}", both)
        run("delete from version where day = ? and series_id = ?", both)
        run("delete from audit where as_of = ? and series_id = ?", both)

    def prune(self, before: date) -> int:
        """Forget the audits of before a day and what ended before it; return how many audits.

        The latest audit of a series stays, whatever its day.
        """
        ordinal = before.toordinal()
        last = "(select max(as_of) from audit as one where one.series_id = audit.series_id)"
        forgotten = self._connection.execute(
            f"delete from audit where as_of < ? and as_of < {last}", (ordinal,)
        ).rowcount
        self._connection.execute("delete from spell where valid_to < ?", (ordinal,))
        return forgotten

    def versions(self, series: str, before: date, folder: Path) -> list[Versions]:
        """Write the versions of deals that earlier audits kept into a folder.

        Args:
            series: Whose.
            before: Day of this audit; its own versions are left out.
            folder: Where the files go.
        """
        rows = self._connection.execute(
            "select day, fields, deals from version join series using (series_id) "
            "where name = ? and day < ? order by day",
            (series, before.toordinal()),
        )
        found = []
        for ordinal, fields, deals in rows:
            file = folder / f"versions-{ordinal}.parquet"
            file.write_bytes(deals)
            found.append(Versions(date.fromordinal(ordinal), file, tuple(fields.split())))
        return found

    def keep_versions(self, series: str, versions: Versions) -> None:
        """Add the versions of deals that an audit saw."""
        self._connection.execute(
            "insert or replace into version (series_id, day, fields, deals) values (?, ?, ?, ?)",
            (
                self._series(series),
                versions.day.toordinal(),
                " ".join(versions.fields),
                versions.file.read_bytes(),
            ),
        )

    def spells(self, series: str) -> Iterator[tuple[object, ...]]:
        """Yield the spells of a series as days and words, in order."""
        rows = self._connection.execute(
            "select check_id, version, table_name, spot, printf('%015x', record_key), "
            "since, valid_from, valid_to, ending from spell join kind using (kind_id) "
            "join series using (series_id) where name = ? "
            "order by check_id, version, table_name, spot, record_key, valid_from",
            (series,),
        )
        words = {_RESOLVED: "resolved", _VANISHED: "vanished", _UNKNOWN: "unknown"}
        for *what, first, begun, ended, ending in rows:
            days = [date.fromordinal(d).isoformat() if d else "" for d in (first, begun, ended)]
            yield (*what, *days, words.get(ending, ""))

    def _series(self, name: str) -> int:
        self._connection.execute("insert or ignore into series (name) values (?)", (name,))
        ((number,),) = self._connection.execute(
            "select series_id from series where name = ?", (name,)
        )
        return int(number)

    def _begin(self, moved: pd.DataFrame, day: int) -> None:
        self._connection.executemany(
            "insert into spell (kind_id, record_key, valid_from, since) values (?, ?, ?, ?)",
            (
                (kind, key, day, first)
                for kind, key, first in _rows(moved[["kind", "record_key", "since"]])
            ),
        )
        if moved["turn"].iat[0] == Turn.SEEN_AGAIN:
            self._settle(moved, _UNKNOWN, day)

    def _settle(self, moved: pd.DataFrame, ending: int, day: int) -> None:
        self._connection.executemany(
            f"update spell set ending = ?, settled = ? "
            f"where {_ONE} and ending = 3 and settled is null",
            ((ending, day, *pair) for pair in _pairs(moved)),
        )


def compact(file: Path) -> None:
    """Give back the room of what was forgotten."""
    with asking(file), closing(connect(file, create=False)) as connection:
        connection.execute("vacuum")


def months_before(day: date, months: int) -> date:
    """Return the day that many months earlier; the last of its month where there is none."""
    from calendar import monthrange

    year, month = divmod(12 * day.year + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _pairs(frame: pd.DataFrame) -> Iterator[tuple[int, int]]:
    return zip(frame["kind"].tolist(), frame["record_key"].tolist(), strict=True)


def _rows(frame: pd.DataFrame) -> Iterator[tuple[int, ...]]:
    return zip(*(frame[column].tolist() for column in frame), strict=True)


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
