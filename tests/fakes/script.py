"""What goes wrong, and when: a script of faults for the requests that come in.

Each entry names a ``fault`` and says on which request: the ``nth`` (from 1) whose method, path and
query match the pattern ``on``, and how many ``times`` from there on (-1: for ever). An entry with
``do`` tells the back door something at that moment: people work while records are pulled.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass
class Fault:
    """One entry of the script."""

    fault: str = ""
    on: str = ""
    nth: int = 1
    times: int = 1
    seen: int = 0
    do: dict[str, Any] | None = None

    def strikes(self, request: str) -> bool:
        """Return whether it strikes this request, and count it."""
        if not re.search(self.on, request):
            return False
        self.seen += 1
        return self.seen >= self.nth and (self.times < 0 or self.seen < self.nth + self.times)


class Script:
    """The faults to come.

    Args:
        act: Does what an entry tells to do.
    """

    def __init__(self, act: Callable[[dict[str, Any]], object] = lambda asked: None) -> None:
        self._act = act
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
            hit = [fault for fault in self._faults if fault.strikes(request)]
            self.strikes += bool(hit)
            for fault in hit:
                if fault.do:
                    self._act(fault.do)
            return next((fault.fault for fault in hit if fault.fault), "")
