"""The org's daily calls: how many are left, and when to leave them to others."""

from __future__ import annotations

import re
import threading
from typing import Any

from connectors.errors import SourceUnreachableError
from connectors.http.advice import Answer
from connectors.salesforce.settings import Quota

_USAGE = re.compile(r"api-usage=(\d+)/(\d+)")


class Meter:
    """Reads the usage that Salesforce tells with every answer, and stops in time.

    Args:
        quota: What may be used.
    """

    def __init__(self, quota: Quota) -> None:
        self.quota = quota
        self.used, self.most, self.calls = 0, 0, 0
        self._lock = threading.Lock()

    def observe(self, answer: Answer) -> None:
        """Count a call, and read what the org has used."""
        usage = _USAGE.search(answer.headers.get("Sforce-Limit-Info", ""))
        with self._lock:
            self.calls += 1
            if usage:
                self.used, self.most = int(usage[1]), int(usage[2])

    def read(self, limits: dict[str, Any]) -> None:
        """Read the answer of ``/limits``."""
        daily = limits.get("DailyApiRequests", {})
        with self._lock:
            if daily.get("Max"):
                self.most = int(daily["Max"])
                self.used = self.most - int(daily["Remaining"])

    def permit(self) -> None:
        """Let the next call pass.

        Raises:
            SourceUnreachableError: If it is for others.
        """
        if not self.most:
            return
        if self.used >= self.quota.day * self.most:
            raise SourceUnreachableError(
                "the org has used {used} of its {most} daily calls, and the last {rest} % are left"
                " to others",
                where="Salesforce",
                next_step="Run again when calls of the last 24 hours have dropped out, within a day"
                " at most; what was pulled is kept. Or raise quota.day in auditor.yaml.",
                used=self.used,
                most=self.most,
                rest=round(100 * (1 - self.quota.day)),
            )
        if self.calls >= self.quota.run * self.most:
            raise SourceUnreachableError(
                "this run has made {calls} calls, its share of the {most} of a day",
                where="Salesforce",
                next_step="Run again to go on where it stopped, or raise quota.run in"
                " auditor.yaml.",
                calls=self.calls,
                most=self.most,
            )
