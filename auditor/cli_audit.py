"""``auditor audit`` and ``auditor demo``: from an export to a report."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from auditor.exit_codes import ExitCode, code_of, gravest
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
    Metrics,
    Named,
    Out,
    OwnerWorkbooks,
    Pdf,
    Rebaseline,
    Redact,
    Timings,
    WorkbookRows,
    chosen_languages,
)
from auditor.sources import FolderSource, Source, find_source
from auditor.terminal import Terminal
from auditor.usage import one_of
from connectors.errors import ConfigurationError

if TYPE_CHECKING:
    from auditor.audit import Audit
    from auditor.config import Configuration
    from auditor.history.keeping import HistoryRequest
    from auditor.job import Job
    from auditor.request import AuditRequest

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
    json: Json = False,
    timings: Timings = None,
) -> ExitCode:
    """Audit an export, and write the report, the lists and result.json."""
    terminal: Terminal = context.obj
    configuration = _configuration(terminal, config, source)
    now = datetime.now(UTC)
    job = _job(
        terminal, configuration, alert or [], junit=junit, metrics=metrics, heartbeat=heartbeat
    )
    with job.watched(terminal.translate):
        request = _request(
            configuration,
            find_source(source or _only_source(configuration), os.environ, now),
            as_of or configuration.content.as_of or "latest",
            out=out,
            lang=lang,
            csv_style=csv_style,
            named=named,
            redact=redact,
            earlier=earlier or (),
            answers=answers or (),
            history=_history(configuration, history, rebaseline=rebaseline),
            now=now,
            workbook_rows=workbook_rows,
            owner_workbooks=owner_workbooks,
            pdf=pdf,
        )
        return _conduct(terminal, request, fail_on or [], job, json=json, timings=timings)


def demo(
    *,
    context: typer.Context,
    out: Out = DEFAULT_OUT,
    lang: Lang = None,
    csv_style: CsvStyleOption = None,
    named: Named = False,
    redact: Redact = False,
    json: Json = False,
) -> ExitCode:
    """Audit the bundled example: an invented company whose defects are known."""
    from auditor.bundled_example import AS_OF, bundled_export
    from auditor.config import Configuration
    from auditor.job import Job

    terminal: Terminal = context.obj
    spoken = lang if lang in ("en", "fr") else terminal.language
    with bundled_export(spoken) as source:
        request = _request(
            Configuration(),
            FolderSource(source),
            AS_OF.isoformat(),
            out=out,
            lang=lang,
            csv_style=csv_style,
            named=named,
            redact=redact,
            now=datetime.combine(AS_OF, datetime.max.time(), UTC),
        )
        return _conduct(terminal, request, [], Job(), json=json)


def _configuration(terminal: Terminal, file: Path | None, source: str | None) -> Configuration:
    from auditor.config import find_configuration, load_configuration

    if file is None:
        file = find_configuration(Path(source) if source else None)
        if file is not None:
            terminal.tell("Settings: {file}", file=file)
    return load_configuration(file)


def _only_source(configuration: Configuration) -> str:
    sources = configuration.sources
    if len(sources) == 1:
        return sources[0]
    if sources:
        raise ConfigurationError(
            "auditing several sources at once is not in this version",
            where=str(configuration.file),
            next_step="Name one of them: auditor audit {source}",
            source=sources[0],
        )
    raise ConfigurationError(
        "there is no export to audit",
        next_step="Name it: auditor audit EXPORT, or list it under sources: in auditor.yaml.",
    )


def _request(
    configuration: Configuration,
    source: Source,
    as_of: str,
    *,
    out: Path,
    lang: str | None,
    csv_style: str | None,
    named: bool,
    redact: bool,
    earlier: Sequence[str] = (),
    answers: Sequence[Path] = (),
    history: HistoryRequest | None = None,
    workbook_rows: int = 1000,
    owner_workbooks: bool = False,
    pdf: bool = False,
    now: datetime,
) -> AuditRequest:
    from auditor.extraction import parse_earlier
    from auditor.identity import settled_identity
    from auditor.request import AuditRequest

    if named and redact:
        raise ConfigurationError(
            "--named and --redact contradict each other", next_step="Leave one of them out."
        )
    if owner_workbooks and redact:
        raise ConfigurationError(
            "--owner-workbooks and --redact contradict each other",
            next_step="Leave one of them out.",
        )
    languages = chosen_languages(lang, configuration.content.report.languages)
    style: Literal["us", "eu"] = "eu" if "fr" in languages else "us"
    style = configuration.content.report.csv_style or style
    if csv_style is not None:
        style = "eu" if one_of("--csv-style", csv_style, ("us", "eu")) == "eu" else "us"
    return AuditRequest(
        source=source,
        configuration=configuration,
        as_of=as_of,
        now=now,
        out=out,
        languages=languages,
        csv_style=style,
        named=named,
        redact=redact,
        earlier=tuple(parse_earlier(text) for text in earlier),
        answers=tuple(answers),
        history=history,
        workbook_rows=workbook_rows,
        owner_workbooks=owner_workbooks,
        pdf=pdf,
        signature=settled_identity(configuration).parameters(),
    )


def _history(
    configuration: Configuration, file: Path | None, *, rebaseline: bool
) -> HistoryRequest | None:
    from auditor.history.keeping import HistoryRequest

    file = file or configuration.history
    if file is not None:
        section = configuration.content.history
        return HistoryRequest(
            file,
            rebaseline=rebaseline,
            accepted=configuration.content.accepted,
            keep_months=section.keep_months if section else None,
        )
    if rebaseline:
        raise ConfigurationError(
            "--rebaseline needs a history", next_step="Name its file: --history FILE."
        )
    return None


def _conduct(
    terminal: Terminal,
    request: AuditRequest,
    fail_on: list[str],
    job: Job,
    *,
    json: bool,
    timings: Path | None = None,
) -> ExitCode:
    from auditor.audit import run_audit
    from auditor.progress import Stopwatch, shown_progress
    from auditor.thresholds import exit_code, parse_thresholds

    thresholds = parse_thresholds(fail_on, request.configuration)
    stopwatch = Stopwatch()
    with ExitStack() as stack:
        watched = terminal.is_watched and not timings
        progress = stack.enter_context(shown_progress(terminal.translate)) if watched else stopwatch
        done = run_audit(request, progress)
    if timings:
        timings.write_text(stopwatch.as_json(), encoding="utf-8")
    _print(terminal, request, done, json=json)
    codes = [exit_code(done.result, thresholds)]
    if done.problem is not None:
        terminal.fail(done.problem)
        codes.append(code_of(done.problem))
    code = gravest(codes)
    job.succeeded(done, code, thresholds, request.out)
    return code


def _job(
    terminal: Terminal,
    configuration: Configuration,
    addresses: list[str],
    *,
    junit: Path | None,
    metrics: Path | None,
    heartbeat: Path | None,
) -> Job:
    from auditor.alerts import Alerts
    from auditor.job import Job

    section = configuration.content.alerts
    to = (*section.to, *addresses)
    return Job(
        language=terminal.language,
        junit=junit,
        metrics=metrics,
        heartbeat=heartbeat,
        alerts=Alerts(to, section.language, section.link, section.attach) if to else None,
    )


def _print(terminal: Terminal, request: AuditRequest, done: Audit, *, json: bool) -> None:
    if json:
        terminal.show(done.result.to_json())
        return
    from auditor.summary import print_summary

    print_summary(terminal, done, request.out, width=_width())


def _width() -> int:
    return max(60, int(os.environ.get("COLUMNS") or 100))
