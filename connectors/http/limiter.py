"""How fast and how many at once: one limiter for everything that is sent to an account."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


class HaltedError(Exception):
    """The pull was told to end while it waited."""


class Clock:
    """Time as far as waiting needs it; whoever waits can be woken to end."""

    def __init__(self) -> None:
        self.halted = threading.Event()

    def now(self) -> float:
        """Return seconds since 1970."""
        return time.time()

    def ticks(self) -> float:
        """Return seconds since some moment, never set back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait.

        Raises:
            HaltedError: If everybody is to end.
        """
        if self.halted.wait(seconds) if seconds > 0 else self.halted.is_set():
            raise HaltedError


@dataclass
class Limiter:
    """A bucket of tokens, and lanes that can be taken away but not given back.

    Args:
        rate: Requests a second in the long run.
        burst: Requests that may be sent at once after a pause.
        lanes: Requests that may run at the same time.
        clock: Tells the time.
    """

    rate: float
    burst: int
    lanes: int
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self._tokens = float(self.burst)
        self._filled = self.clock.ticks()
        self._running = 0
        self._changed = threading.Condition()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until a request may be sent, and hold a lane while it runs."""
        with self._changed:
            while self._running >= self.lanes:
                self._changed.wait()
            self._running += 1
        try:
            self.clock.sleep(self._delay())
            yield
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify()

    def narrow(self) -> None:
        """Take one lane away; the last one stays."""
        with self._changed:
            self.lanes = max(1, self.lanes - 1)

    def _delay(self) -> float:
        """Take a token, lent from the future where there is none, and return how long to wait."""
        with self._changed:
            now = self.clock.ticks()
            self._tokens = min(self.burst, self._tokens + (now - self._filled) * self.rate)
            self._filled = now
            self._tokens -= 1
            return max(0.0, -self._tokens / self.rate)
