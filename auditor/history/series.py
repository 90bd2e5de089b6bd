"""A series is one CRM that is audited again and again; one file may hold several.

The series of a source that is alone is called ``default``, whatever its file is called that month.
A source beside others has one of its own name. Neighbours may come and go: the history stays with
its source.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

DEFAULT_SERIES = "default"


@dataclass(frozen=True)
class KnownAs:
    """How a source is known.

    Attributes:
        name: To the settings; empty where they do not name it.
        label: To results: its file or folder, or its account.
        neighbours: The other sources of the job.
    """

    name: str = ""
    label: str = ""
    neighbours: tuple[KnownAs, ...] = ()


@dataclass(frozen=True)
class Series:
    """The series of a source.

    Attributes:
        name: What it is called.
        was: What it was called until this audit, where the source got neighbours since.
    """

    name: str
    was: str | None = None


def series_of(connection: sqlite3.Connection, source: KnownAs) -> Series:
    """Return the series of a source; one that it kept while it was alone takes its name."""
    if source.name and _has_audits(connection, source.name):
        return Series(source.name)
    if source.neighbours:
        if not _was_alone(connection, source):
            return Series(source.name)
        connection.execute("delete from series where name = ?", (source.name,))
        connection.execute(
            "update series set name = ? where name = ?", (source.name, DEFAULT_SERIES)
        )
        return Series(source.name, was=DEFAULT_SERIES)
    if source.name:
        number = series_number(connection, DEFAULT_SERIES)
        connection.execute(
            "update series set known_as = ? where series_id = ?", (source.name, number)
        )
    return Series(DEFAULT_SERIES)


def series_number(connection: sqlite3.Connection, name: str) -> int:
    """Return the number of a series, a new one where it is not known yet."""
    connection.execute("insert or ignore into series (name) values (?)", (name,))
    ((number,),) = connection.execute("select series_id from series where name = ?", (name,))
    return int(number)


def _has_audits(connection: sqlite3.Connection, name: str) -> bool:
    found = connection.execute(
        "select 1 from audit join series using (series_id) where name = ?", (name,)
    )
    return found.fetchone() is not None


def _was_alone(connection: sqlite3.Connection, source: KnownAs) -> bool:
    """Return whether the series without a name is that of one of several sources.

    The name that the settings gave it tells; else the file or account that it was read from, where
    no neighbour is read from one of the same name.
    """
    last = connection.execute(
        "select known_as, source from series join audit using (series_id) where name = ? "
        "order by as_of desc limit 1",
        (DEFAULT_SERIES,),
    ).fetchone()
    if last is None:
        return False
    known_as, label = last
    if known_as == source.name:
        return True
    others = source.neighbours
    if any(known_as == other.name for other in others):
        return False
    return bool(label == source.label and all(label != other.label for other in others))
