"""Pages of a bulk job: counted while they come, so that a cut one is not believed."""

from __future__ import annotations

from connectors.http.session import BrokenAnswerError


class RecordCounter:
    """Counts the records of CSV text that comes in pieces; line breaks in quotes do not count."""

    def __init__(self) -> None:
        self._lines = 0
        self._in_quotes = False
        self._last = b"\n"

    def feed(self, chunk: bytes) -> None:
        """Read on."""
        if not chunk:
            return
        pieces = chunk.split(b'"')
        outside = pieces[1::2] if self._in_quotes else pieces[::2]
        # Joined with what is no line break: the pieces were apart.
        self._lines += b"".join(outside).count(b"\n")
        self._in_quotes ^= len(pieces) % 2 == 0
        self._last = chunk[-1:]

    def records(self) -> int:
        """Return how many records came below the header.

        Raises:
            BrokenAnswerError: If the text ends within a record.
        """
        if self._in_quotes or self._last != b"\n":
            raise BrokenAnswerError("ends within a record")
        return max(0, self._lines - 1)
