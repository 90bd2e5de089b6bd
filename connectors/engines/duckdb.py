"""DuckDB as the engine: one connection, our named functions, and a lock.

Loading needs the file system; checking does not. ``Engine.lock`` marks the border: after it,
no query can read or write outside the audit's own temporary folder, and no query can undo that.
"""

from __future__ import annotations

from copy import copy
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

#: Megabytes for the engine: at least, and at most; beyond, it spills to ``directory``.
LEAST_MEMORY, MOST_MEMORY = 1_100, 4_500

#: Times the size of its text that an export takes while it is typed.
_ROOM_PER_TEXT = 3

#: Megabytes while tables of text are made of what needs no more: they go to disk beyond.
_SPARING_MEMORY = 320


class Engine:
    """A DuckDB database of its own, in memory.

    Args:
        directory: Folder for what does not fit in memory; without it everything must.
    """

    def __init__(self, directory: Path | None = None) -> None:
        import duckdb

        self._directory = directory
        self._connection = duckdb.connect()
        self._take(LEAST_MEMORY)
        self.run("set TimeZone = 'UTC'")
        self.use_time_zone("UTC")
        self.run("set enable_progress_bar = false")
        if directory:
            self.run(f"set temp_directory = '{_quoted(directory / 'spill')}'")
        self.run(resources.files(__package__).joinpath("duckdb.sql").read_text("utf-8"))

    def frame(self, query: str, parameters: object = None) -> pd.DataFrame:
        """Run a query and return its rows as a data frame; for small results only."""
        return self._connection.execute(query, parameters).df()

    def rows(self, query: str, parameters: object = None) -> list[tuple[Any, ...]]:
        """Run a query and return its rows; for small results only."""
        return self._connection.execute(query, parameters).fetchall()

    def value(self, query: str, parameters: object = None) -> Any:
        """Return the single value of a query with one row and one column."""
        return self.rows(query, parameters)[0][0]

    def run(self, statement: str, parameters: object = None) -> None:
        """Run one or more statements for their effect."""
        self._connection.execute(statement, parameters)

    def register(self, name: str, frame: pd.DataFrame) -> None:
        """Make a small data frame readable as the relation ``name``."""
        self._connection.register(name, frame)

    def use_time_zone(self, name: str) -> None:
        """Let ``day_of`` and ``local_time`` follow a clock; stamps stay in UTC.

        Args:
            name: Time zone of the organisation's calendar days, IANA name.
        """
        self.run(f"set variable time_zone = {literal(name)}")

    def make_room(self, text_bytes: int) -> None:
        """Take memory in proportion to what is about to be read, within bounds.

        Args:
            text_bytes: Size of the source's files, unpacked.
        """
        wanted = _ROOM_PER_TEXT * text_bytes // 1_000_000
        self._take(min(max(wanted, LEAST_MEMORY), MOST_MEMORY))

    def spare_memory(self) -> None:
        """Take little, until room is made; all of it where there is no folder to spill to."""
        if self._directory:
            self._take(_SPARING_MEMORY)

    def _take(self, megabytes: int) -> None:
        self.run(f"set memory_limit = '{megabytes}MB'")

    def lock(self, output: Path | None = None) -> None:
        """Close the engine to the outside for good, but for files under ``output``."""
        allowed = [path for path in (output, self._directory) if path is not None]
        listed = ", ".join(f"'{_quoted(path)}/'" for path in allowed)
        self.run(f"set allowed_directories = [{listed}]")
        self.run("set enable_external_access = false")
        self.run("set lock_configuration = true")

    def beside(self) -> Engine:
        """Return a second connection for another thread; it sees no temporary relation."""
        other = copy(self)
        other._connection = self._connection.cursor()
        other.use_time_zone(self.value("select getvariable('time_zone')"))
        return other

    def close(self) -> None:
        """Close the connection; the database lets go of all it holds with the last one."""
        self._connection.close()


def identifier(name: str) -> str:
    """Quote a name for SQL, whatever a CRM put into its column labels."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str) -> str:
    """Quote a text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
