"""The life of findings in the run store: a row a spell, and nothing of a finding that stays."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING

from auditor.history.series import series_number
from checks.change.life import Turn
from checks.change.records import Kind

if TYPE_CHECKING:
    import pandas as pd

_RESOLVED, _VANISHED, _UNKNOWN = 1, 2, 3
_ENDINGS = {
    Turn.RESOLVED: _RESOLVED,
    Turn.VANISHED: _VANISHED,
    Turn.UNKNOWN: _UNKNOWN,
}
_SETTLED = {Turn.SETTLED_RESOLVED: _RESOLVED, Turn.SETTLED_VANISHED: _VANISHED}
_UNCHANGED = (Turn.PERSISTING, Turn.STILL_UNKNOWN)
_ONE = "kind_id = ? and record_key = ?"


class KeptFindings:
    """The findings that a history remembers.

    Args:
        connection: The file, as ``opening`` connects to it.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def numbered(self, series: str, kinds: Sequence[Kind]) -> pd.DataFrame:
        """Return the kinds of a series with their numbers, new ones included."""
        import pandas as pd

        series_id = series_number(self._connection, series)
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
        """Return the findings that are open or out of sight, as ``Meeting.alive`` says."""
        import numpy as np
        import pandas as pd

        rows = self._connection.execute(
            "select kind_id, record_key, ending is not null, since from spell "
            "where (valid_to is null or ending = 3 and settled is null) and kind_id in "
            "(select kind_id from kind join series using (series_id) where name = ?) "
            "order by kind_id, record_key",
            (series,),
        )
        names = ["kind", "record_key", "hidden", "since"]
        numbers = np.fromiter(chain.from_iterable(rows), dtype=np.int64)
        return pd.DataFrame(numbers.reshape(-1, len(names)), columns=names)

    def ended(self, found: pd.DataFrame) -> pd.DataFrame:
        """Return those of some findings that were open once and ended."""
        import pandas as pd

        run = self._connection.execute
        if not run("select 1 from spell where ending in (1, 2) limit 1").fetchall():
            found = found.head(0)  # a history's first audit asks for all it has
        run("create temp table if not exists asked (kind_id integer, record_key integer)")
        run("delete from asked")
        self._connection.executemany("insert into asked values (?, ?)", _pairs(found))
        rows = run(
            "select distinct kind_id, record_key from asked join spell using (kind_id, record_key) "
            "where ending in (1, 2) order by kind_id, record_key"
        ).fetchall()
        return pd.DataFrame(rows, columns=["kind", "record_key"], dtype="int64")

    def turn(self, moved: pd.DataFrame, day: date) -> None:
        """Write what an audit changed in the life of findings.

        Args:
            moved: The turns of all findings.
            day: Day of the audit.
        """
        ordinal = day.toordinal()
        changed = moved[~moved["turn"].isin([turn.value for turn in _UNCHANGED])]
        by_turn = dict(list(changed.groupby("turn", observed=True)))
        for turn in (Turn.NEW, Turn.REOPENED, Turn.SEEN_AGAIN):
            if turn in by_turn:
                self._begin(by_turn[turn], ordinal)
        for turn, ending in _ENDINGS.items():
            if turn in by_turn:
                self._connection.executemany(
                    f"update spell set valid_to = ?, ending = ? where {_ONE} and valid_to is null",
                    ((ordinal, ending, *pair) for pair in _pairs(by_turn[turn])),
                )
        for turn, ending in _SETTLED.items():
            if turn in by_turn:
                self._settle(by_turn[turn], ending, ordinal)

    def take_back(self, series: str, day: date) -> None:
        """Undo what the audit of a day, the latest one, changed."""
        mine = "kind_id in (select kind_id from kind where series_id = ?)"
        both = (day.toordinal(), series_number(self._connection, series))
        run = self._connection.execute
        run(f"delete from spell where valid_from = ? and {mine}", both)
        run(f"update spell set ending = 3, settled = null where settled = ? and {mine}", both)
        run(f"update spell set valid_to = null, ending = null where valid_to = ? and {mine}", both)

    def forget(self, before: date) -> None:
        """Forget what ended before a day."""
        self._connection.execute("delete from spell where valid_to < ?", (before.toordinal(),))

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


def _pairs(frame: pd.DataFrame) -> Iterator[tuple[int, int]]:
    return zip(frame["kind"].tolist(), frame["record_key"].tolist(), strict=True)


def _rows(frame: pd.DataFrame) -> Iterator[tuple[int, ...]]:
    return zip(*(frame[column].tolist() for column in frame), strict=True)
