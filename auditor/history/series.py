"""A series is one CRM that is audited again and again; one file may hold several."""

from __future__ import annotations

import sqlite3


def series_number(connection: sqlite3.Connection, name: str) -> int:
    """Return the number of a series, a new one where it is not known yet."""
    connection.execute("insert or ignore into series (name) values (?)", (name,))
    ((number,),) = connection.execute("select series_id from series where name = ?", (name,))
    return int(number)
