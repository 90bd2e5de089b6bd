"""``--log-format json``: what happens as one JSON object a line, for whoever collects logs.

A log travels further than a report. It holds sentences of the program without their facts, codes,
counts and days: no name, no file of an export, and nothing that stands in a CRM.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from auditor.messages import catalogue
from auditor.progress import Stopwatch
from connectors.errors import AuditorError, ConfigurationError, OutputError

if TYPE_CHECKING:
    from auditor.exit_codes import ExitCode
    from checks.results import AuditResult

FORMATS = ("text", "json")

#: Errors whose place is a file that the operator named.
_PLACED = (ConfigurationError, OutputError)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class StructuredLog:
    """Writes events to stderr.

    Attributes:
        clock: Tells the present moment.
    """

    clock: Callable[[], datetime] = _now

    def write(self, event: str, *, level: str = "info", **facts: object) -> None:
        """Write one event; facts that are None are left out."""
        known = {name: value for name, value in facts.items() if value is not None}
        at = self.clock().isoformat(timespec="milliseconds")
        line = json.dumps({"at": at, "level": level, "event": event, **known})
        sys.stderr.write(line + "\n")

    def told(self, template: str, facts: Mapping[str, object]) -> None:
        """Write what the program says beside its product."""
        self.write("said", message=_own(template), counts=_counts(facts))

    def failed(self, error: AuditorError) -> None:
        """Write that something went wrong; the next step is a sentence of ours too."""
        self.write(
            "error",
            level="error",
            kind=type(error).__name__,
            message=_own(error.what),
            next_step=_own(error.next_step),
            where=error.where if isinstance(error, _PLACED) and error.where else None,
            counts=_counts(error.facts),
        )

    def met(self, condition: str, values: Mapping[str, float | str]) -> None:
        """Write that a condition of ``--fail-on`` is met, and by which figures or states."""
        self.write("condition_met", level="warning", condition=condition, values=dict(values))

    def audited(self, result: AuditResult, series: str, code: ExitCode) -> None:
        """Write what an audit came to, in codes and counts."""
        comparison = result.comparison
        self.write(
            "audited",
            series=series,
            exit_code=int(code),
            as_of=result.run.as_of.isoformat(),
            trusted=result.run.contract.success,
            verdict=str(result.verdict.state),
            signals={signal.id: str(signal.state) for signal in result.signals},
            records=sum(table.rows for table in result.run.tables.values()),
            findings=comparison.life.now if comparison else None,
        )


class LoggedStages(Stopwatch):
    """Measures the stages of an audit, and logs each when it ends.

    Args:
        log: Where to.
    """

    def __init__(self, log: StructuredLog) -> None:
        super().__init__()
        self._log = log

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Enclose a stage; what is logged is its share of the time, without stages within it."""
        before = self.seconds.get(name, 0.0)
        with super().stage(name):
            yield
        self._log.write("stage", name=name, seconds=round(self.seconds[name] - before, 3))


def _own(template: str) -> str | None:
    """Return a sentence that is the program's own, without its facts; None for any other."""
    return template if template in catalogue("fr") else None


def _counts(facts: Mapping[str, object]) -> dict[str, int | float] | None:
    found = {name: value for name, value in facts.items() if isinstance(value, int | float)}
    return found or None
