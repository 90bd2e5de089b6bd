"""Pages of a bulk job: counted while they come, so that a cut one is not believed."""

from __future__ import annotations

from connectors.http.session import BrokenAnswerError

#: How a record begins: every cell is quoted, the first one is an id, and ids begin with a zero.
#: Within a cell a quote is written twice, and after the end of one comes a comma or a line break,
#: so this is found nowhere else.
_BEGINNING = b'\n"0'


class RecordCounter:
    """Counts the records of CSV text that comes in pieces, below one line of headers."""

    def __init__(self) -> None:
        self._records = self._quotes = 0
        self._end = b""

    def feed(self, chunk: bytes) -> None:
        """Read on."""
        joined = self._end + chunk
        self._records += joined.count(_BEGINNING)
        self._quotes += chunk.count(b'"')
        self._end = joined[1 - len(_BEGINNING) :]

    def records(self) -> int:
        """Return how many records came.

        Raises:
            BrokenAnswerError: If the text ends within a record.
        """
        if self._quotes % 2 or not self._end.endswith(b"\n"):
            raise BrokenAnswerError("ends within a record")
        return self._records
