"""Slices of time: an object that is too wide for one query is asked for in parts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

_FORM = "%Y-%m-%dT%H:%M:%SZ"

#: A slice that is not cut any further.
SHORTEST = timedelta(minutes=1)


@dataclass(frozen=True)
class Slice:
    """A part of an object: all of it, or what was stamped in a span of time.

    Attributes:
        name: Name of the part in the page store.
        since: First moment, empty for everything before.
        until: First moment that is no more in it, empty for everything after.
    """

    name: str = "all"
    since: str = ""
    until: str = ""

    def condition(self, stamp: str) -> str:
        """Return the condition in SOQL; empty for everything."""
        bounds = [
            f"{stamp} {sign} {moment}"
            for sign, moment in ((">=", self.since), ("<", self.until))
            if moment
        ]
        return " AND ".join(bounds)

    def halves(self, first: datetime, last: datetime) -> tuple[Slice, Slice] | None:
        """Return two slices that make up this one; None when it is too short.

        Args:
            first: Earliest stamp in the object.
            last: Latest one.
        """
        begin = _read(self.since) if self.since else first
        end = _read(self.until) if self.until else last + timedelta(seconds=1)
        if end - begin < 2 * SHORTEST:
            return None
        middle = write_stamp(begin + (end - begin) / 2)
        return (
            Slice(f"{self.name}.0", self.since, middle),
            Slice(f"{self.name}.1", middle, self.until),
        )

    def as_note(self) -> dict[str, Any]:
        """Return the slice as plain data."""
        return asdict(self)


EVERYTHING = Slice()


def read_stamp(text: str) -> datetime:
    """Return a moment as Salesforce writes it."""
    return datetime.fromisoformat(text).astimezone(UTC)


def _read(text: str) -> datetime:
    return datetime.strptime(text, _FORM).replace(tzinfo=UTC)


def write_stamp(moment: datetime) -> str:
    """Return a moment as SOQL takes it."""
    return moment.astimezone(UTC).strftime(_FORM)
