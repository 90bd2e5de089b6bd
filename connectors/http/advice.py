"""What an answer of a service asks of the one who called it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import StrEnum

from connectors.errors import AuditorError


class Move(StrEnum):
    """What to do next."""

    TAKE = "take"
    WAIT = "wait"
    RENEW = "renew"
    STOP = "stop"


@dataclass(frozen=True)
class Answer:
    """An answer as far as a judge looks at it.

    Attributes:
        status: Status code.
        headers: Headers, whatever their case.
        body: The whole body; empty where the answer was good and went to a file.
        now: Present moment in seconds since 1970, for dates in headers.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    now: float

    @property
    def wait_asked(self) -> float | None:
        """Seconds that ``Retry-After`` asks for, as a number or as a date; None without it."""
        asked = self.headers.get("Retry-After", "").strip()
        if not asked:
            return None
        if asked.isdigit():
            return float(asked)
        try:
            return max(0.0, parsedate_to_datetime(asked).timestamp() - self.now)
        except (TypeError, ValueError):
            return None


@dataclass(frozen=True)
class Advice:
    """What a judge says about an answer.

    Attributes:
        move: What to do.
        seconds: How long to wait, where the answer or the rules of the service tell.
        narrow: Whether fewer requests should run at once from now on.
        error: Why it stops; for ``WAIT``, what is said when waiting did not help.
    """

    move: Move
    seconds: float | None = None
    narrow: bool = False
    error: AuditorError | None = None


Judge = Callable[[Answer], Advice]

TAKE = Advice(Move.TAKE)
