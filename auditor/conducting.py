"""One audit from the request to its exit code, with all that a job does besides."""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.exit_codes import ExitCode, code_of, gravest
from auditor.progress import Stopwatch, shown_progress
from auditor.terminal import Terminal

if TYPE_CHECKING:
    from auditor.audit import Audit
    from auditor.job import Job
    from auditor.request import AuditRequest


@dataclass(frozen=True)
class Conduct:
    """How audits are run and what is said of them.

    Attributes:
        thresholds: The conditions of ``--fail-on``.
        json: Whether results are printed in place of summaries.
        timings: File for the seconds of each stage.
    """

    terminal: Terminal
    thresholds: frozenset[str] = frozenset()
    json: bool = False
    timings: Path | None = None

    def one(self, request: AuditRequest, job: Job) -> ExitCode:
        """Audit, print what was found, and do what a job does besides."""
        done, code = self.audited(request, job.series)
        if self.json:
            self.terminal.show(done.result.to_json())
        self.follow_up(request, job, done, code)
        return code

    def audited(self, request: AuditRequest, series: str) -> tuple[Audit, ExitCode]:
        """Audit and say what was found; return it with how it ends."""
        from auditor.audit import run_audit
        from auditor.met_conditions import tell_met
        from auditor.thresholds import exit_code, is_trusted

        stopwatch = self._stopwatch()
        with ExitStack() as stack:
            watched = self.terminal.is_watched and not self.timings
            shown = shown_progress(self.terminal.translate)
            done = run_audit(request, stack.enter_context(shown) if watched else stopwatch)
        if self.timings:
            self.timings.write_text(stopwatch.as_json(), encoding="utf-8")
        if not self.json:
            from auditor.summary import print_summary

            print_summary(self.terminal, done, request.out, width=_width())
        codes = [exit_code(done.result, self.thresholds)]
        if is_trusted(done.result):
            tell_met(self.terminal, done.result, self.thresholds)
        if done.problem is not None:
            self.terminal.fail(done.problem)
            codes.append(code_of(done.problem))
        code = gravest(codes)
        if self.terminal.log:
            self.terminal.log.audited(done.result, series, code)
        return done, code

    def follow_up(self, request: AuditRequest, job: Job, done: Audit, code: ExitCode) -> None:
        """Write the files for machines, and tell people where there is reason to."""
        from auditor.owner_mail import mail_owners
        from auditor.thresholds import is_trusted

        job.succeeded(done, code, self.thresholds, request)
        if request.owner_mail and is_trusted(done.result):
            unreached = mail_owners(request.owner_mail, done.result, done.owners, done.stirred)
            if unreached:
                self.terminal.tell(
                    "{count} owner(s) got no list: no address of theirs is known.", count=unreached
                )

    def _stopwatch(self) -> Stopwatch:
        if self.terminal.log is None:
            return Stopwatch()
        from auditor.structured_log import LoggedStages

        return LoggedStages(self.terminal.log)


def _width() -> int:
    return max(60, int(os.environ.get("COLUMNS") or 100))
