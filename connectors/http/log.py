"""What was asked of a service and how it answered, without a word of the data."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO


class RequestLog:
    """One line a request: when, what for, status, duration, size, the service's own id of it.

    Queries, bodies, tokens and record ids stay out: only the first steps of a path are written.

    Args:
        file: Where the lines go; nothing is written without it.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._out: TextIO | None = None
        if file is not None:
            descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            self._out = os.fdopen(descriptor, "a", encoding="utf-8")
        self._lock = threading.Lock()
        self.requests = 0

    def line(
        self,
        moment: float,
        method: str,
        path: str,
        outcome: object,
        *,
        seconds: float,
        size: int = 0,
        request_id: str = "",
    ) -> None:
        """Add a line."""
        with self._lock:
            self.requests += 1
            if self._out is None:
                return
            stamp = datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
            steps = "/".join(path.split("?", maxsplit=1)[0].split("/")[:7])
            number = self.requests
            self._out.write(
                f"{stamp} {number} {method} {steps} {outcome} {seconds * 1000:.0f}ms {size}B"
                f" {request_id or '-'}\n"
            )
            self._out.flush()

    def note(self, moment: float, text: str) -> None:
        """Add a line about something else than a request."""
        with self._lock:
            if self._out is not None:
                stamp = datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]
                self._out.write(f"{stamp}Z {text}\n")
                self._out.flush()

    def close(self) -> None:
        """Close the file."""
        if self._out is not None:
            self._out.close()
            self._out = None
