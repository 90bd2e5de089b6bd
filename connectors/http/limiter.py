"""How fast and how many at once: one limiter for everything that is sent to an account."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


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
class Sent:
    """A request, and the last moment at which it may have arrived.

    Attributes:
        at: When it was sent; once it was answered, when that was.
    """

    at: float


class Window:
    """A span of time in which only so many requests may arrive.

    A request that left earlier than another one may arrive later. So the span of a request ends
    only so long after its answer, and the service never counts more than it allows.

    Args:
        most: Requests in the span.
        span: Its length in seconds.
        clock: Tells the time.
    """

    def __init__(self, most: int, span: float, clock: Clock) -> None:
        self.most, self.span, self.clock = most, span, clock
        self._sent: deque[Sent] = deque()
        self._free_at = 0.0
        self._lock = threading.Lock()

    def allow(self, most: int) -> None:
        """Take over how many requests the service itself says it allows."""
        with self._lock:
            self.most = max(1, most)

    def pause(self) -> Sent:
        """Wait until a request fits in; whoever comes next waits for the span after it."""
        with self._lock:
            now = self.clock.ticks()
            while len(self._sent) >= self.most:
                self._free_at = max(self._free_at, self._sent.popleft().at + self.span)
            sent = Sent(max(now, self._free_at))
            self._sent.append(sent)
        self.clock.sleep(sent.at - now)
        return sent


class Limiter:
    """A window, and lanes that can be taken away but not given back.

    Args:
        window: How many requests in what time.
        lanes: Requests that may run at the same time.
    """

    def __init__(self, window: Window, lanes: int) -> None:
        self.window, self.lanes, self.clock = window, lanes, window.clock
        self._running = 0
        self._changed = threading.Condition()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until a request may be sent, and hold a lane while it runs."""
        with self._changed:
            while self._running >= self.lanes:
                self._changed.wait()
            self._running += 1
        sent = None
        try:
            sent = self.window.pause()
            yield
        finally:
            if sent is not None:
                sent.at = self.clock.ticks()
            with self._changed:
                self._running -= 1
                self._changed.notify()

    def narrow(self) -> None:
        """Take one lane away; the last one stays."""
        with self._changed:
            self.lanes = max(1, self.lanes - 1)
