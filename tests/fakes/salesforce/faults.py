"""What goes wrong, and when: a script of faults for the requests that come in.

Each entry names a ``fault`` and says on which request: the ``nth`` (from 1) whose method, path and
query match the pattern ``on``, and how many ``times`` from there on (-1: for ever).
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime


@dataclass
class Fault:
    """One entry of the script."""

    fault: str
    on: str = ""
    nth: int = 1
    times: int = 1
    seen: int = 0

    def strikes(self, request: str) -> bool:
        """Return whether it strikes this request, and count it."""
        if not re.search(self.on, request):
            return False
        self.seen += 1
        return self.seen >= self.nth and (self.times < 0 or self.seen < self.nth + self.times)


class Script:
    """The faults to come."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self.strikes = 0
        self._lock = threading.Lock()

    def read(self, entries: list[dict[str, object]]) -> None:
        """Replace the script."""
        with self._lock:
            self._faults = [Fault(**entry) for entry in entries]  # type: ignore[arg-type]
            self.strikes = 0

    def struck(self, request: str) -> str:
        """Return the fault that strikes a request; empty for none."""
        with self._lock:
            hit = [fault.fault for fault in self._faults if fault.strikes(request)]
            self.strikes += bool(hit)
            return hit[0] if hit else ""


#: Faults that are an answer of their own: status, headers, body.
def answers() -> dict[str, tuple[int, dict[str, str], str]]:
    """Return the faults that are plain answers, by name."""
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=1), usegmt=True)
    html = "<html><head><title>Service unavailable</title></head><body>Please wait</body></html>"
    return {
        "concurrent": (403, {}, _error("REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent"
                       " API Requests) Limit exceeded.")),
        "daily": (403, {}, _error("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")),
        "query_timeout": (400, {}, _error("QUERY_TIMEOUT", "Your query request was running for too"
                          " long.")),
        "locator_gone": (400, {}, _error("INVALID_QUERY_LOCATOR", "invalid query locator")),
        "no_bulk": (400, {}, _error("INVALIDENTITY", "Entity is not supported by the Bulk API.")),
        "unauthorised": (401, {}, _error("INVALID_SESSION_ID", "Session expired or invalid")),
        "wrong_kind_of_session": (401, {}, _error("INVALID_SESSION_ID", "This session is not valid"
                                  " for use with the REST API")),
        "420": (420, {}, ""),
        "429": (429, {}, ""),
        "429_after": (429, {"Retry-After": "1"}, ""),
        "500": (500, {}, _error("UNKNOWN_EXCEPTION", "An unexpected error occurred. Please include"
                " this ErrorId if you contact support: 1-2 (3)")),
        "502_html": (502, {"Content-Type": "text/html"}, html),
        "503_date": (503, {"Retry-After": soon, "Content-Type": "text/html"}, html),
        "html": (200, {"Content-Type": "text/html"}, html),
        "api_disabled": (403, {}, _error("API_DISABLED_FOR_ORG", "API is not enabled for this"
                         " Organization or Partner")),
    }  # fmt: skip


def _error(code: str, message: str) -> str:
    return f'[{{"message": "{message}", "errorCode": "{code}"}}]'
