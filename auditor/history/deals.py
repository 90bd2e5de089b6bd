"""The deals that audits saw changed, as they lie in the run store: one Parquet file an audit."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

from auditor.history.series import series_number
from connectors.deals_seen import Versions


class KeptDeals:
    """The versions of deals that a history holds.

    Args:
        connection: The file, as ``opening`` connects to it.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def of(self, series: str, before: date, folder: Path) -> list[Versions]:
        """Write the versions that earlier audits of a series kept into a folder.

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

    def keep(self, series: str, versions: Versions) -> None:
        """Add the versions of deals that an audit saw."""
        self._connection.execute(
            "insert or replace into version (series_id, day, fields, deals) values (?, ?, ?, ?)",
            (
                series_number(self._connection, series),
                versions.day.toordinal(),
                " ".join(versions.fields),
                versions.file.read_bytes(),
            ),
        )

    def take_back(self, series: str, day: date) -> None:
        """Forget what the audit of a day kept."""
        number = series_number(self._connection, series)
        self._connection.execute(
            "delete from version where day = ? and series_id = ?", (day.toordinal(), number)
        )

    def replace(self, series: str, merged: Versions) -> None:
        """Let one file stand for all that were kept up to its day."""
        number = series_number(self._connection, series)
        self._connection.execute(
            "delete from version where day <= ? and series_id = ?", (merged.day.toordinal(), number)
        )
        self.keep(series, merged)
