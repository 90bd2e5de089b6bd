"""What surrounds an audit that runs by itself: files for machines, heartbeat, alerts."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.alerts import (
    AlertNotSentError,
    Alerts,
    alert_of_failure,
    alert_people,
    check_addresses,
)
from auditor.exit_codes import ExitCode, code_of
from auditor.history.series import DEFAULT_SERIES
from auditor.monitoring.files import heartbeat, replace_text
from connectors.errors import AuditorError

if TYPE_CHECKING:
    from auditor.audit import Audit
    from auditor.messages import Translate
    from auditor.request import AuditRequest


@dataclass(frozen=True)
class Job:
    """What is to be done besides the report.

    Attributes:
        language: Language of the test report.
        series: Name of the CRM, in metrics.
        junit: Test report for CI.
        metrics: Metrics for monitoring.
        heartbeat: When and how the last run ended.
        alerts: Whom to tell; None tells nobody.
    """

    language: str = "en"
    series: str = DEFAULT_SERIES
    junit: Path | None = None
    metrics: Path | None = None
    heartbeat: Path | None = None
    alerts: Alerts | None = None

    def of(self, company: str, folder: str) -> Job:
        """Return the job of one of several companies, whose files bear its name as well."""
        return replace(
            self,
            series=company,
            junit=_named(self.junit, folder),
            metrics=_named(self.metrics, folder),
            heartbeat=_named(self.heartbeat, folder),
        )

    @contextmanager
    def watched(self, translate: Translate) -> Iterator[None]:
        """Enclose an audit: what makes it fail is told, then goes on its way.

        Args:
            translate: Language of what the program says.

        Raises:
            ConfigurationError: If an address for alerts is not understood.
        """
        if self.alerts:
            check_addresses(self.alerts.addresses)
        try:
            yield
        except AlertNotSentError:
            raise
        except Exception as error:
            self._failed(error, translate)
            raise

    def succeeded(
        self, done: Audit, code: ExitCode, thresholds: Collection[str], request: AuditRequest
    ) -> None:
        """Write and tell what follows from a finished audit.

        Raises:
            OutputError: If a file cannot be written.
            AlertNotSentError: If an alert could not be sent.
        """
        from auditor.monitoring.junit import junit
        from auditor.monitoring.openmetrics import openmetrics
        from reports.wording import Wording

        if self.junit:
            replace_text(self.junit, junit(Wording(self.language), done.result), "--junit")
        if self.metrics:
            replace_text(self.metrics, openmetrics(done.result, self.series), "--metrics")
        self._beat(code, done)
        if self.alerts:
            alert_people(self.alerts, done.result, done.before, thresholds, request.out)

    def _failed(self, error: Exception, translate: Translate) -> None:
        """Write and tell that there is no audit; what fails here hides nothing."""
        code, said = ExitCode.INTERNAL_ERROR, type(error).__name__
        if isinstance(error, AuditorError):
            code, said = code_of(error), error.render(translate)
        with suppress(AuditorError):
            self._beat(code, None)
        if self.alerts:
            with suppress(AuditorError):
                alert_of_failure(self.alerts, said)

    def _beat(self, code: ExitCode, done: Audit | None) -> None:
        if self.heartbeat:
            text = heartbeat(code, datetime.now(UTC), done.result if done else None)
            replace_text(self.heartbeat, text, "--heartbeat")


def _named(file: Path | None, name: str) -> Path | None:
    return file.with_name(f"{file.stem}.{name}{file.suffix}") if file else None
