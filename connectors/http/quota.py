"""An account's daily calls: how many are left, and when to leave them to others."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from connectors.errors import SourceUnreachableError
from connectors.http.advice import Answer

Share = Annotated[float, Field(gt=0, le=1)]

#: Calls with which a run gets on at all: it signs in, looks around, and brings something.
_FEW = 10


class Quota(BaseModel):
    """When a pull stops for the sake of others who call the account.

    Attributes:
        day: Share of the account's daily calls that may be used, by everybody.
        run: Share of the daily calls that one run may use.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    day: Share = 0.8
    run: Share = 0.25


@dataclass(frozen=True)
class Usage:
    """What a service tells of an account's daily calls."""

    used: int
    most: int


class Meter:
    """Reads the usage that a service tells with its answers, and stops in time.

    Args:
        quota: What may be used.
        usage: Reads an answer; None where it tells nothing.
        service: Name of the service, for messages.
    """

    def __init__(self, quota: Quota, usage: Callable[[Answer], Usage | None], service: str) -> None:
        self.quota, self._usage, self._service = quota, usage, service
        self.used, self.most, self.calls = 0, 0, 0
        self._lock = threading.Lock()

    def observe(self, answer: Answer) -> None:
        """Count a call, and read what the account has used."""
        found = self._usage(answer)
        with self._lock:
            self.calls += 1
        self.read(found)

    def read(self, usage: Usage | None) -> None:
        """Take over what the service told in another way."""
        if usage is not None and usage.most:
            with self._lock:
                self.used, self.most = usage.used, usage.most

    def permit(self) -> None:
        """Let the next call pass.

        Raises:
            SourceUnreachableError: If it is for others.
        """
        if not self.most:
            return
        if self.used >= self.quota.day * self.most:
            raise SourceUnreachableError(
                "the account has used {used} of its {most} daily calls, and the last {rest} % are"
                " left to others",
                where=self._service,
                next_step="Run again when calls of the last 24 hours have dropped out, within a day"
                " at most; what was pulled is kept. Or raise quota.day in auditor.yaml.",
                used=self.used,
                most=self.most,
                rest=round(100 * (1 - self.quota.day)),
            )
        if self.quota.run * self.most < _FEW:
            raise SourceUnreachableError(
                "this run may make {share} of the {most} calls of a day, too few to get on",
                where=self._service,
                next_step="Raise quota.run in auditor.yaml, or ask for more calls a day.",
                share=int(self.quota.run * self.most),
                most=self.most,
            )
        if self.calls >= self.quota.run * self.most:
            raise SourceUnreachableError(
                "this run has made {calls} calls, its share of the {most} of a day",
                where=self._service,
                next_step="Run again to go on where it stopped, or raise quota.run in"
                " auditor.yaml.",
                calls=self.calls,
                most=self.most,
            )
