"""Clocks of tests: what waits on them is done at once."""

from __future__ import annotations

import threading

from connectors.http.limiter import Clock, HaltedError


class Ticking(Clock):
    """Time that passes when somebody waits for it, and not otherwise."""

    def __init__(self) -> None:
        super().__init__()
        self.time = 0.0

    def now(self) -> float:
        """Return seconds since the beginning."""
        return self.time

    def ticks(self) -> float:
        """Return seconds since the beginning."""
        return self.time

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.time += max(0.0, seconds)


class Quick(Clock):
    """Time that passes so many times as fast, for services that keep the same time."""

    def __init__(self, times: float) -> None:
        super().__init__()
        self._times = times

    def ticks(self) -> float:
        """Return seconds since some moment."""
        return super().ticks() * self._times

    def sleep(self, seconds: float) -> None:
        """Wait for a part of the time."""
        super().sleep(seconds / self._times)


class Skipping(Clock):
    """Time as it is, but for waits, which are skipped and remembered."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []
        self._skipped = 0.0
        self._lock = threading.Lock()

    def now(self) -> float:
        """Return seconds since 1970, with what was skipped."""
        return super().now() + self._skipped

    def ticks(self) -> float:
        """Return seconds since some moment, with what was skipped."""
        return super().ticks() + self._skipped

    def sleep(self, seconds: float) -> None:
        """Skip a wait."""
        if self.halted.is_set():
            raise HaltedError
        if seconds > 0:
            with self._lock:
                self.waits.append(seconds)
                self._skipped += seconds
