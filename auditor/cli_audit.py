"""``auditor audit`` and ``auditor demo``: from an export to a report."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.companies import (
    Company,
    audit_each,
    companies,
    named_alone,
    refuse_what_is_of_one,
)
from auditor.conducting import Conduct
from auditor.exit_codes import ExitCode
from auditor.options import (
    Alert,
    Answers,
    Config,
    CsvStyleOption,
    FailOn,
    Heartbeat,
    History,
    Json,
    Junit,
    Lang,
    LogFormat,
    Metrics,
    Named,
    Out,
    OwnerMailOption,
    OwnerWorkbooks,
    Pdf,
    Rebaseline,
    Redact,
    Timings,
    WorkbookRows,
)
from auditor.requesting import (
    audit_request,
    history_request,
    job_request,
    owner_mail_request,
)
from auditor.sources import FolderSource, find_source
from auditor.structured_log import FORMATS
from auditor.terminal import Terminal
from auditor.usage import one_of
from connectors.errors import ConfigurationError

if TYPE_CHECKING:
    from auditor.config import Configuration

DEFAULT_OUT = Path("audit-report")


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(epilog="Example: auditor audit export/ --out report --lang en")(audit)
    app.command(epilog="Example: auditor demo --out demo-report")(demo)


def audit(
    *,
    context: typer.Context,
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="SOURCE",
            show_default=False,
            help="Folder, CSV file, workbook or zip, or SYSTEM:NAME of a live source; without it,"
            " the sources of auditor.yaml.",
        ),
    ] = None,
    config: Config = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="DAY|latest|today",
            envvar="AUDITOR_AS_OF",
            show_envvar=False,
            help="Day of the audit; by default the latest day the CRM itself wrote in the export."
            " [AUDITOR_AS_OF]",
        ),
    ] = None,
    earlier: Annotated[
        list[str] | None,
        typer.Option(
            metavar="EXPORT[@DAY]",
            help="An earlier export of the same CRM: what changed since makes a history. Repeat it"
            " for several.",
        ),
    ] = None,
    answers: Answers = None,
    history: History = None,
    rebaseline: Rebaseline = False,
    out: Out = DEFAULT_OUT,
    lang: Lang = None,
    csv_style: CsvStyleOption = None,
    named: Named = False,
    redact: Redact = False,
    workbook_rows: WorkbookRows = 1000,
    owner_workbooks: OwnerWorkbooks = False,
    pdf: Pdf = False,
    fail_on: FailOn = None,
    junit: Junit = None,
    metrics: Metrics = None,
    heartbeat: Heartbeat = None,
    alert: Alert = None,
    owner_mail: OwnerMailOption = None,
    json: Json = False,
    log_format: LogFormat = "text",
    timings: Timings = None,
) -> ExitCode:
    """Audit an export, and write the report, the lists and result.json."""
    from auditor.thresholds import parse_thresholds

    one_of("--log-format", log_format, FORMATS)
    terminal: Terminal = context.obj
    configuration = _configuration(terminal, config, source)
    now = datetime.now(UTC)
    job = job_request(
        terminal, configuration, alert or [], junit=junit, metrics=metrics, heartbeat=heartbeat
    )
    with job.watched(terminal.translate):
        found = _found(configuration, source, now)
        request = audit_request(
            configuration,
            found[0].source,
            as_of or configuration.content.as_of or "latest",
            out=out,
            lang=lang,
            csv_style=csv_style,
            named=named,
            redact=redact,
            earlier=earlier or (),
            answers=answers or (),
            history=history_request(
                configuration, history, found[0].known_as(), rebaseline=rebaseline
            ),
            now=now,
            workbook_rows=workbook_rows,
            owner_workbooks=owner_workbooks,
            owner_mail=owner_mail_request(configuration, owner_mail),
            pdf=pdf,
        )
        thresholds = parse_thresholds(fail_on or [], configuration)
        conduct = Conduct(terminal, thresholds, json=json, timings=timings)
        if len(found) == 1:
            return conduct.one(request, job)
        refuse_what_is_of_one({"--earlier": earlier, "--answers": answers, "--timings": timings})
        return audit_each(conduct, request, job, found)


def demo(
    *,
    context: typer.Context,
    out: Out = DEFAULT_OUT,
    lang: Lang = None,
    csv_style: CsvStyleOption = None,
    named: Named = False,
    redact: Redact = False,
    workbook_rows: WorkbookRows = 1000,
    owner_workbooks: OwnerWorkbooks = False,
    pdf: Pdf = False,
    json: Json = False,
) -> ExitCode:
    """Audit the bundled example: an invented company whose defects are known."""
    from auditor.bundled_example import AS_OF, bundled_export
    from auditor.config import Configuration
    from auditor.job import Job

    terminal: Terminal = context.obj
    spoken = lang if lang in ("en", "fr") else terminal.language
    with bundled_export(spoken) as source:
        request = audit_request(
            Configuration(),
            FolderSource(source),
            AS_OF.isoformat(),
            out=out,
            lang=lang,
            csv_style=csv_style,
            named=named,
            redact=redact,
            workbook_rows=workbook_rows,
            owner_workbooks=owner_workbooks,
            pdf=pdf,
            now=datetime.combine(AS_OF, datetime.max.time(), UTC),
        )
        return Conduct(terminal, json=json).one(request, Job())


def _configuration(terminal: Terminal, file: Path | None, source: str | None) -> Configuration:
    from auditor.config import find_configuration, load_configuration

    if file is None:
        file = find_configuration(Path(source) if source else None)
        if file is not None:
            terminal.tell("Settings: {file}", file=file)
    return load_configuration(file)


def _found(configuration: Configuration, source: str | None, now: datetime) -> list[Company]:
    """Return what is to be audited: the source named, or those of the settings."""
    if source is not None:
        return [named_alone(configuration, source, find_source(source, os.environ, now))]
    found = companies(configuration, lambda word: find_source(word, os.environ, now))
    if not found:
        raise ConfigurationError(
            "there is no export to audit",
            next_step="Name it: auditor audit EXPORT, or list it under sources: in auditor.yaml.",
        )
    return found
